//! One spelling for many: width, dashes, spaces and kanji numerals, with the way back to the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A rewritten text that knows where each of its bytes came from.
pub(super) struct View {
    text: String,
    /// For each byte of `text`, the range of the original it stands for.
    origin: Vec<(usize, usize)>,
}

impl View {
    /// `original` in compatibility form: full-width and half-width folded, every dash `-`, every space ` `,
    /// invisible characters dropped.
    pub(super) fn normalised(original: &str) -> Self {
        let mut view = Self { text: String::with_capacity(original.len()), origin: Vec::new() };
        view.origin.reserve(original.len());
        let mut chars = original.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let mut end = at + c.len_utf8();
            if c.is_ascii() {
                view.push(if c == '\t' || c == '\r' { ' ' } else { c }, (at, end));
                continue;
            }
            if is_plain(c) {
                view.push(c, (at, end));
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            if is_half_width_kana(c)
                && let Some(&(mark_at, mark)) = chars.peek()
                && matches!(mark, 'ﾞ' | 'ﾟ')
            {
                chars.next();
                end = mark_at + mark.len_utf8();
                for folded in [c, mark].into_iter().nfkc() {
                    view.push(folded, (at, end));
                }
                continue;
            }
            match c {
                'ー' | 'ｰ' => {
                    let after_digit =
                        view.text.chars().next_back().is_some_and(|p| is_digit_like(p) || p == ')');
                    view.push(if after_digit { '-' } else { 'ー' }, (at, end));
                }
                // A numbered item: its number belongs to nothing beside it.
                _ if is_circled(c) && !in_a_number(original, at, end) => view.push(' ', (at, end)),
                _ if is_dash(c) => view.push('-', (at, end)),
                '･' | '·' | '•' => view.push('・', (at, end)),
                _ if c.is_whitespace() => view.push(' ', (at, end)),
                _ => std::iter::once(c).nfkc().for_each(|folded| view.push(folded, (at, end))),
            }
        }
        view
    }

    /// The same with kanji numerals written as digits where they count or number something; `None` if there are no numerals.
    pub(super) fn numerals(&self) -> Option<Self> {
        if !self.text.contains(is_kanji_numeral) {
            return None;
        }
        let chars: Vec<(usize, char)> = self.text.char_indices().collect();
        let mut view = Self {
            text: String::with_capacity(self.text.len()),
            origin: Vec::with_capacity(self.origin.len()),
        };
        let mut i = 0;
        while let Some(&(at, c)) = chars.get(i) {
            if !is_kanji_numeral(c) {
                view.push(c, self.origin_of(at..at + c.len_utf8()));
                i += 1;
                continue;
            }
            let run = chars.iter().skip(i).take_while(|(_, c)| is_kanji_numeral(*c)).count();
            let numeral: Vec<(usize, char)> = chars.iter().skip(i).take(run).copied().collect();
            let before = i.checked_sub(1).and_then(|b| chars.get(b)).map(|(_, c)| *c);
            let after = chars.get(i + run).map(|(_, c)| *c);
            if numbers_something(&numeral, before, after) {
                self.push_numeral(&mut view, &numeral);
            } else {
                for &(at, c) in &numeral {
                    view.push(c, self.origin_of(at..at + c.len_utf8()));
                }
            }
            i += run;
        }
        Some(view)
    }

    fn push_numeral(&self, view: &mut Self, numeral: &[(usize, char)]) {
        let positional = numeral.iter().all(|(_, c)| digit(*c).is_some());
        if positional {
            for &(at, c) in numeral {
                let value = digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c);
                view.push(value, self.origin_of(at..at + c.len_utf8()));
            }
            return;
        }
        let start = numeral.first().map_or(0, |(at, _)| *at);
        let end = numeral.last().map_or(start, |(at, c)| at + c.len_utf8());
        for c in value(numeral).to_string().chars() {
            view.push(c, self.origin_of(start..end));
        }
    }

    /// The rewritten text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The range of the original that `range` of the rewritten text stands for.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let (start, end) = self.origin_of(range.clone());
        start..end
    }

    /// The range of the rewritten text that stands for `range` of the original.
    #[cfg(feature = "training")]
    pub(super) fn standing_for(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.origin.partition_point(|(start, _)| *start < byte);
        at(range.start)..at(range.end)
    }

    fn origin_of(&self, range: Range<usize>) -> (usize, usize) {
        let start = self.origin.get(range.start).map_or(0, |o| o.0);
        let end = range.end.checked_sub(1).and_then(|last| self.origin.get(last)).map_or(start, |o| o.1);
        (start, end.max(start))
    }

    /// Up to `chars` characters of the same line before `at`.
    pub(super) fn before(&self, at: usize, chars: usize) -> &str {
        let near = self.text.floor_char_boundary(at.saturating_sub(4 * chars));
        let near = self.text.get(near..at).unwrap_or_default();
        let line = near.rsplit('\n').next().unwrap_or_default();
        let start = line.char_indices().rev().take(chars).last().map_or(line.len(), |(at, _)| at);
        line.get(start..).unwrap_or_default()
    }

    /// Up to `chars` characters of the same line from `at` on.
    pub(super) fn after(&self, at: usize, chars: usize) -> &str {
        let near = self.text.ceil_char_boundary((at + 4 * chars).min(self.text.len()));
        let near = self.text.get(at..near).unwrap_or_default();
        let line = near.split('\n').next().unwrap_or_default();
        let end = line.char_indices().nth(chars).map_or(line.len(), |(at, _)| at);
        line.get(..end).unwrap_or_default()
    }

    fn push(&mut self, c: char, origin: (usize, usize)) {
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(origin, c.len_utf8()));
    }
}

/// Most letters: kanji and kana, which are written in one way.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}') && c != 'ー'
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_half_width_kana(c: char) -> bool {
    matches!(c, '\u{ff66}'..='\u{ff9d}')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207b}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '➖'
    )
}

fn is_digit_like(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some()
}

fn is_kanji_numeral(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百' | '千')
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// What a numeral with 十, 百 or 千 is worth; far too long ones saturate.
fn value(numeral: &[(usize, char)]) -> u64 {
    let (mut total, mut pending) = (0_u64, None::<u64>);
    for &(_, c) in numeral {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let d = u64::from(digit(c).unwrap_or(0));
                pending = Some(pending.unwrap_or(0).saturating_mul(10).saturating_add(d));
                continue;
            }
        };
        total = total.saturating_add(pending.take().unwrap_or(1).saturating_mul(unit));
    }
    total.saturating_add(pending.unwrap_or(0))
}

/// Whether a kanji numeral stands where a number stands and not in a name such as 三浦 or 一郎.
fn numbers_something(numeral: &[(usize, char)], before: Option<char>, after: Option<char>) -> bool {
    let unit = |c: char| {
        matches!(c, '年' | '月' | '日' | '丁' | '番' | '号' | '歳' | '才' | '-' | '室' | '階' | '代')
    };
    let word = after.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let joined = before.is_some_and(|c| c == '-' || c.is_ascii_digit() || (matches!(c, ')' | '(') && !word));
    let long = numeral.len() >= 3 && numeral.iter().all(|(_, c)| digit(*c).is_some());
    after.is_some_and(unit) || joined || long
}

/// Numbers that lists are counted with; nobody counts from zero.
fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '❶'..='❿')
}

/// Whether the circled number between these bytes is a digit like others, since another one stands beside it.
fn in_a_number(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    [before, after].into_iter().flatten().any(|c| c == '⓪' || is_circled(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_spellings_become_one() {
        for (written, expected) in [
            ("０９０－１２３４", "090-1234"),
            ("ﾀﾞﾃﾞﾊﾟ ｶｰﾄﾞ", "ダデパ カード"),
            ("センター３ー２", "センター3-2"),
            ("（株）\u{3000}㈱", "(株) (株)"),
            ("山\u{200b}田\u{fe0f}", "山田"),
            ("①‐②", " - "),
            ("①山‐②", " 山- "),
            ("①0853②山", " 0853 山"),
            ("2222①0853", "2222 0853"),
            ("⓪⑨⓪④⑧", "09048"),
            ("09⓪-4827", "090-4827"),
        ] {
            assert_eq!(View::normalised(written).text(), expected, "{written}");
        }
    }

    #[test]
    fn kanji_numerals_become_digits_only_where_they_number() {
        for (written, expected) in [
            ("昭和十二年三月四日", "昭和12年3月4日"),
            ("〇九〇ー一二三四", "090-1234"),
            ("一丁目二十五番二十二号", "1丁目25番22号"),
            ("三浦一郎さん", "三浦一郎さん"),
            ("百二歳", "102歳"),
        ] {
            assert_eq!(View::normalised(written).numerals().unwrap().text(), expected, "{written}");
        }
    }

    #[test]
    fn the_way_back_leads_to_what_was_written() {
        let written = "あﾀﾞ十二年";
        let view = View::normalised(written).numerals().unwrap();
        let at = view.text().find("12").unwrap();
        assert_eq!(&written[view.origin(&(at..at + 2))], "十二");
        let at = view.text().find('ダ').unwrap();
        assert_eq!(&written[view.origin(&(at..at + 3))], "ﾀﾞ");
    }
}
