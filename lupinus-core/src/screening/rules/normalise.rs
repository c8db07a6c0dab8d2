//! One spelling for many: width, dashes, spaces and kanji numerals, with the way back to the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A rewritten text that knows where each of its bytes came from.
pub(super) struct View {
    text: String,
    /// The stretches of `text`, in order.
    pieces: Vec<Piece>,
}

/// A stretch of a rewritten text.
#[derive(Clone, Copy)]
struct Piece {
    /// Where it begins.
    at: usize,
    /// What it stands for in the original, in bytes.
    start: usize,
    end: usize,
    /// Whether it is written as in the original.
    copied: bool,
}

impl View {
    /// `original` in compatibility form: full-width and half-width folded, every dash `-`, every space ` `,
    /// invisible characters dropped.
    pub(super) fn normalised(original: &str) -> Self {
        let mut view = Self { text: String::with_capacity(original.len()), pieces: Vec::with_capacity(16) };
        // What stands behind `copied` is not in the view yet, and will be as it is.
        let (mut copied, mut last) = (0, None);
        let mut chars = original.char_indices();
        while let Some((at, c)) = chars.next() {
            let after_a_number = || last.is_some_and(|last| is_digit_like(last) || last == ')');
            if is_plain(c) || (c == 'ー' && !after_a_number()) {
                last = Some(c);
                continue;
            }
            view.copy(original, copied..at);
            let mut end = at + c.len_utf8();
            let marked =
                chars.clone().next().filter(|(_, mark)| is_half_width_kana(c) && matches!(mark, 'ﾞ' | 'ﾟ'));
            if let Some((mark_at, mark)) = marked {
                chars.next();
                end = mark_at + mark.len_utf8();
                last = view.fold([c, mark], at..end).or(last);
            } else if !is_invisible(c) {
                let written = match c {
                    '\t' | '\r' => Some(' '),
                    'ー' | 'ｰ' => Some(if after_a_number() { '-' } else { 'ー' }),
                    // A numbered item: its number belongs to nothing beside it.
                    _ if is_circled(c) && !in_a_number(original, at, end) => Some(' '),
                    _ if is_dash(c) => Some('-'),
                    '･' | '·' | '•' => Some('・'),
                    _ if c.is_whitespace() => Some(' '),
                    _ => half_width(c),
                };
                last = match written {
                    Some(written) => {
                        view.push(written, at..end);
                        Some(written)
                    }
                    None => view.fold([c], at..end).or(last),
                };
            }
            copied = end;
        }
        view.copy(original, copied..original.len());
        view
    }

    /// The same with kanji numerals written as digits where they count or number something; `None` if there are no such numerals.
    pub(super) fn numerals(&self) -> Option<Self> {
        let mut view: Option<Self> = None;
        let (mut copied, mut at) = (0, 0);
        while let Some(begin) = self.text.get(at..).and_then(|rest| rest.find(is_kanji_numeral)) {
            let begin = at + begin;
            let rest = self.text.get(begin..).unwrap_or_default();
            let end = begin + rest.find(|c| !is_kanji_numeral(c)).unwrap_or(rest.len());
            let numeral: Vec<(usize, char)> =
                rest.char_indices().map(|(at, c)| (begin + at, c)).take_while(|(at, _)| *at < end).collect();
            let before = self.text.get(..begin).and_then(|before| before.chars().next_back());
            let after = self.text.get(end..).and_then(|after| after.chars().next());
            if numbers_something(&numeral, before, after) {
                let view = view.get_or_insert_with(|| Self {
                    text: String::with_capacity(self.text.len()),
                    pieces: Vec::with_capacity(self.pieces.len() + 8),
                });
                view.copy_view(self, copied..begin);
                self.push_numeral(view, &numeral);
                copied = end;
            }
            at = end;
        }
        let mut view = view?;
        view.copy_view(self, copied..self.text.len());
        Some(view)
    }

    fn push_numeral(&self, view: &mut Self, numeral: &[(usize, char)]) {
        let positional = numeral.iter().all(|(_, c)| digit(*c).is_some());
        if positional {
            for &(at, c) in numeral {
                let value = digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c);
                view.push(value, self.origin(&(at..at + c.len_utf8())));
            }
            return;
        }
        let start = numeral.first().map_or(0, |(at, _)| *at);
        let end = numeral.last().map_or(start, |(at, c)| at + c.len_utf8());
        for c in value(numeral).to_string().chars() {
            view.push(c, self.origin(&(start..end)));
        }
    }

    /// The rewritten text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The range of the original that `range` of the rewritten text stands for.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let holding = |byte: usize| {
            let behind = self.pieces.partition_point(|piece| piece.at <= byte);
            behind.checked_sub(1).and_then(|at| self.pieces.get(at)).filter(|_| byte < self.text.len())
        };
        let start = holding(range.start).map_or(0, |piece| {
            let inner = self.text.floor_char_boundary(range.start) - piece.at;
            piece.start + if piece.copied { inner } else { 0 }
        });
        let end = range.end.checked_sub(1).and_then(holding).map_or(start, |piece| {
            let inner = self.text.ceil_char_boundary(range.end) - piece.at;
            if piece.copied { piece.start + inner } else { piece.end }
        });
        start..end.max(start)
    }

    /// The range of the rewritten text that stands for `range` of the original.
    #[cfg(feature = "training")]
    pub(super) fn standing_for(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| {
            let found = self.pieces.iter().find_map(|piece| match piece {
                piece if byte <= piece.start => Some(piece.at),
                piece if piece.copied && byte < piece.end => Some(piece.at + byte - piece.start),
                _ => None,
            });
            found.map_or(self.text.len(), |at| self.text.ceil_char_boundary(at))
        };
        at(range.start)..at(range.end)
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

    /// Adds `c`, which stands for `origin`.
    fn push(&mut self, c: char, origin: Range<usize>) {
        self.pieces.push(Piece { at: self.text.len(), start: origin.start, end: origin.end, copied: false });
        self.text.push(c);
    }

    /// Adds `letters`, which stand for `origin`, in compatibility form; the last of those added.
    fn fold<const N: usize>(&mut self, letters: [char; N], origin: Range<usize>) -> Option<char> {
        letters.into_iter().nfkc().inspect(|folded| self.push(*folded, origin.clone())).last()
    }

    /// Adds `range` of the original as it is.
    fn copy(&mut self, original: &str, range: Range<usize>) {
        let Some(copied) = original.get(range.clone()).filter(|copied| !copied.is_empty()) else { return };
        self.pieces.push(Piece { at: self.text.len(), start: range.start, end: range.end, copied: true });
        self.text.push_str(copied);
    }

    /// Adds `range` of another view.
    fn copy_view(&mut self, view: &Self, range: Range<usize>) {
        let first = view.pieces.partition_point(|piece| piece.at <= range.start).saturating_sub(1);
        let pieces = view.pieces.get(first..).filter(|_| !range.is_empty()).unwrap_or_default();
        for piece in pieces.iter().take_while(|piece| piece.at < range.end) {
            let from = piece.at.max(range.start);
            let mut part = Piece { at: self.text.len() + from - range.start, ..*piece };
            if piece.copied {
                part.start += from - piece.at;
                part.end = piece.end.min(piece.start + range.end - piece.at);
            }
            self.pieces.push(part);
        }
        self.text.push_str(view.text.get(range).unwrap_or_default());
    }
}

/// Most letters: those that are written in one way.
fn is_plain(c: char) -> bool {
    match c {
        '\t' | '\r' => false,
        // Marks and brackets, kana, kanji.
        '\0'..='\u{7f}' | '\u{3001}'..='\u{3020}' | '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' => {
            c != 'ー'
        }
        _ => false,
    }
}

/// What a letter or a mark of full width is in half of it.
fn half_width(c: char) -> Option<char> {
    let wide = matches!(c, '\u{ff01}'..='\u{ff5e}');
    wide.then(|| char::from_u32(u32::from(c) - 0xfee0)).flatten()
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
    // Most letters are kana.
    (c >= '一' || c == '〇') && (digit(c).is_some() || matches!(c, '十' | '百' | '千'))
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
            let view = View::normalised(written);
            assert_eq!(view.numerals().as_ref().unwrap_or(&view).text(), expected, "{written}");
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
