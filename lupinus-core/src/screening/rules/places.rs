//! Where a text may hold places with numbers behind them: there alone the patterns of addresses run.

use std::ops::Range;

use super::address::NOT_PLACES;

/// How far a place reaches back from its number at the most, in bytes, and the number on from its digits: an address has some 40
/// letters before and 35 behind.
const LONGEST: usize = 200;

/// A stretch that may hold a place with a number behind it.
pub(super) struct Stretch {
    pub(super) range: Range<usize>,
    /// Whether one of its numbers stands behind what may be a place, and may go on as a house's.
    pub(super) house: bool,
    /// Whether one of them stands behind such a place, and counts or dates nothing.
    pub(super) single: bool,
}

/// Where a text may hold places with numbers behind them; `digits` are where digits stand.
pub(super) fn may_hold(text: &str, digits: &[Range<usize>]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for run in digits {
        let from = text.floor_char_boundary(run.start.saturating_sub(LONGEST));
        let to = text.floor_char_boundary(run.end + LONGEST);
        let before = text.get(from..run.start).unwrap_or_default();
        let behind = text.get(run.end..to).unwrap_or_default();
        let place = before.strip_suffix(' ').unwrap_or(before);
        if !place.ends_with(|c: char| is_of_a_place(c) && !c.is_ascii_digit()) {
            continue;
        }
        let house = behind.starts_with(['丁', '番', '-', 'の', ' ', '地']);
        let single = !behind.starts_with(['年', '月', '日', '時', '分', '回', '名', '人', '歳', '円', '件']);
        let named = (house || single) && !NOT_PLACES.iter().any(|word| place.ends_with(word));
        let (house, single) = (house && named, single && named);
        let start = from + beginning_at_most(place);
        let end = run.end + behind.len() - behind.trim_start_matches(is_of_a_house).len();
        match stretches.last_mut().filter(|last| start <= last.range.end) {
            Some(last) => {
                last.range.end = last.range.end.max(end);
                last.house |= house;
                last.single |= single;
            }
            None => stretches.push(Stretch { range: start..end, house, single }),
        }
    }
    stretches
}

/// Where the place at the end of `text` begins at the earliest. Hiragana are in towns alone, which end with 市 or 町.
fn beginning_at_most(text: &str) -> usize {
    let hiragana = |c: char| ('\u{3041}'..='\u{309f}').contains(&c);
    let (before, place) = text.split_at(text.trim_end_matches(is_of_a_place).len());
    if before.ends_with(hiragana) && place.contains(['市', '町']) {
        before.trim_end_matches(|c| hiragana(c) || is_of_a_place(c)).len()
    } else {
        before.len()
    }
}

/// Whether a place may be written with `c`: no hiragana, and none of the marks between words.
fn is_of_a_place(c: char) -> bool {
    let other =
        matches!(c, '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3041}'..='\u{309f}' | '・');
    c.is_ascii_digit() || (c >= '\u{2e80}' && !other)
}

/// Whether the number of a house may go on with `c`.
fn is_of_a_house(c: char) -> bool {
    c.is_ascii_digit() || " -の丁目番地号室割棟".contains(c)
}

#[cfg(test)]
mod tests {
    use super::super::digit_run::Digits;
    use super::*;

    #[test]
    fn a_stretch_reaches_from_the_greatest_place_over_the_whole_number() {
        for (text, stretch, house, single) in [
            ("住所は、出雲市今市町1-2-3です", "出雲市今市町1-2-3", true, true),
            ("訪問先はさいたま市緑区中尾12番地", "訪問先はさいたま市緑区中尾12番地", true, true),
            ("家は久村 177で", "久村 177", false, true),
            ("、市10月に", "市10", false, false),
        ] {
            let found = may_hold(text, &Digits::of(text).runs);
            let found: Vec<_> =
                found.iter().map(|found| (&text[found.range.clone()], found.house, found.single)).collect();
            assert_eq!(found, [(stretch, house, single)], "{text}");
        }
        assert!(may_hold("に12", &Digits::of("に12").runs).is_empty());
    }
}
