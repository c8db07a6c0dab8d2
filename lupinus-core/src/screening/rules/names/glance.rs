//! A first look at the letters alone: where a name may be at all. Only what is around such places is read as words and judged.

use std::ops::Range;

use super::super::learned::{GLANCE, ONE, WEIGHTS};
use super::chars::{Chars, Script};
use super::judge::letter;

/// From these odds on (in units of the table) a letter may be one of a name: so low that of hands left out of the training two in
/// a thousand of the names that are found with all letters marked have no such letter.
const NEEDED: i32 = -23 * ONE / 4;
/// For how many letters a run counts: three before it, the one it begins with, and four behind that.
const REACH: usize = 8;
const BEFORE: usize = 3;
/// How far around such a letter words are read, at the least.
const AROUND: usize = 5;
/// How much further, until something begins that is not in hiragana.
const FURTHER: usize = 6;

/// Which letters of a text may be of names.
pub(super) struct Glance {
    /// For each place how many there are before it.
    marked: Vec<u32>,
}

impl Glance {
    pub(super) fn of(chars: &Chars<'_>) -> Self {
        let mut sums = vec![0_i16; chars.len() + 1 + REACH];
        runs(chars, |at, run| {
            let weights = GLANCE.row::<REACH>(run);
            if let (Some(weights), Some(sums)) =
                (weights, sums.get_mut(at..).and_then(<[i16]>::first_chunk_mut::<REACH>))
            {
                sums.iter_mut()
                    .zip(weights)
                    .for_each(|(sum, weight)| *sum += i16::from(weight.cast_signed()));
            }
        });
        let odds = sums.get(BEFORE + 1..BEFORE + 1 + chars.len()).unwrap_or_default();
        let mut count = 0;
        let counts = odds.iter().map(|odds| {
            count += u32::from(i32::from(*odds) >= NEEDED);
            count
        });
        Self { marked: std::iter::once(0).chain(counts).collect() }
    }

    /// As if a name might be anywhere.
    #[cfg(feature = "training")]
    pub(super) fn everything(chars: &Chars<'_>) -> Self {
        Self { marked: (0..).take(chars.len() + 1).collect() }
    }

    /// Whether a name may lie in `range`.
    pub(super) fn marks(&self, range: &Range<usize>) -> bool {
        self.marked.get(range.start) != self.marked.get(range.end)
    }

    /// Calls `each` with the parts of `sentence` that have to be read, in order.
    pub(super) fn parts(
        &self,
        chars: &Chars<'_>,
        sentence: &Range<usize>,
        mut each: impl FnMut(Range<usize>),
    ) {
        let mut marked = sentence.clone().filter(|at| self.marks(&(*at..at + 1))).peekable();
        let mut read = sentence.start;
        while let Some(first) = marked.next() {
            let mut last = first;
            while let Some(next) = marked.next_if(|next| next - last <= 2 * AROUND + FURTHER) {
                last = next;
            }
            let nearest = first.saturating_sub(AROUND).max(read);
            let furthest = nearest.saturating_sub(FURTHER).max(read);
            let start = (furthest..=nearest).rev().find(|at| is_edge(chars, *at)).unwrap_or(furthest);
            let nearest = (last + 1 + AROUND).min(sentence.end);
            let furthest = (nearest + FURTHER).min(sentence.end);
            let end = (nearest..furthest).find(|at| is_edge(chars, *at)).unwrap_or(furthest);
            each(start..end);
            read = end;
        }
    }
}

/// Whether a phrase may begin at `at`: behind hiragana or a mark, with something else.
fn is_edge(chars: &Chars<'_>, at: usize) -> bool {
    let begins = !matches!(chars.script(at), Script::Hiragana | Script::Other);
    begins && matches!(chars.script_before(at), Script::Hiragana | Script::Other)
}

/// Calls `each` for every run that begins at a place, the end of the line before the text included, with the number of the place
/// and where the run's [`REACH`] weights stand in the table.
fn runs(chars: &Chars<'_>, mut each: impl FnMut(usize, usize)) {
    let mix =
        |hash: u64, part: u32| (hash.rotate_left(23) ^ u64::from(part)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let row = |hash: u64| usize::try_from(hash >> 32).unwrap_or(0) % (WEIGHTS / REACH) * REACH;
    let letter = |at: usize| at.checked_sub(1).map_or(0, |at| letter(chars, at));
    let script = |at: usize| match at.checked_sub(1).and_then(|at| chars.at(at)) {
        None | Some('\n') => 9,
        Some(_) => chars.script(at - 1) as u32,
    };
    let mut scripts = (1..6).fold(9, |scripts, at| scripts << 4 | script(at));
    for at in 0..=chars.len() {
        let one = mix(1, letter(at));
        let two = mix(one, letter(at + 1));
        let three = mix(two, letter(at + 2));
        // Six scripts from here on, and the first four of them.
        if at > 0 {
            scripts = (scripts << 4 | script(at + 5)) & 0xff_ffff;
        }
        for run in [one, two, three, mix(2, scripts >> 8), mix(3, scripts)] {
            each(at, row(run));
        }
    }
}

/// The features of each letter.
#[cfg(feature = "training")]
pub(super) fn features(chars: &Chars<'_>) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); chars.len() + 1 + REACH];
    runs(chars, |at, run| {
        for (feature, list) in (run..).zip(all.iter_mut().skip(at).take(REACH)) {
            list.push(u32::try_from(feature).unwrap_or(0));
        }
    });
    all.drain(..=BEFORE);
    all.truncate(chars.len());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(glance: &Glance, chars: &Chars<'_>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        glance.parts(chars, &(0..chars.len()), |part| parts.push(part));
        parts
    }

    #[test]
    fn what_stands_around_a_name_is_read_and_not_all() {
        let clean = "要介護認定の更新申請はいつから受け付けていますか".repeat(4);
        let text = format!("{clean}、山田花子さんの件で、{clean}");
        let chars = Chars::new(&text);
        let parts = parts(&Glance::of(&chars), &chars);
        assert!(
            parts.iter().any(|part| chars.slice(part.clone()).contains("、山田花子さんの件")),
            "{parts:?}"
        );
        assert!(parts.iter().map(Range::len).sum::<usize>() < chars.len() / 2, "{parts:?}");
    }

    #[test]
    fn parts_lie_apart_and_reach_around_every_marked_letter() {
        let text = "明日は訪問の日で、".repeat(12);
        let chars = Chars::new(&text);
        for marks in [&[0][..], &[107], &[3, 19, 20, 37, 60, 77], &[0, 23, 46, 69, 92]] {
            let marked = (0..=chars.len()).map(|at| marks.iter().filter(|mark| **mark < at).count());
            let marked = marked.map(|count| u32::try_from(count).unwrap()).collect();
            let parts = parts(&Glance { marked }, &chars);
            assert!(parts.windows(2).all(|two| two[0].end <= two[1].start), "{parts:?}");
            for mark in marks {
                let around = mark.saturating_sub(AROUND)..(mark + 1 + AROUND).min(chars.len());
                let read = parts.iter().any(|part| part.start <= around.start && around.end <= part.end);
                assert!(read, "{mark} in {parts:?}");
            }
            assert!(parts.iter().all(|part| part.len() <= 60), "{parts:?}");
        }
    }
}
