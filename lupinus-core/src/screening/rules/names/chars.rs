//! A text by characters and their scripts.

use std::{cell::Cell, ops::Range};

use super::around::{Left, Right};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Han,
    Hiragana,
    Katakana,
    Latin,
    Digit,
    Other,
}

/// No run of one script is read further than this, in characters.
const LONGEST_RUN: usize = 40;

/// Characters with their byte offsets; ranges here count characters.
pub(super) struct Chars<'a> {
    text: &'a str,
    letters: Vec<char>,
    /// One for each of them, and one for their end.
    places: Vec<Place>,
    /// Where the lines end.
    lines: Vec<usize>,
    /// What stands around each place, where that was asked before.
    around: Vec<Cell<Around>>,
}

/// A place between characters.
#[derive(Clone, Copy)]
struct Place {
    /// Where it is, in bytes.
    start: usize,
    /// How many lines and sentences end before it.
    ended: u32,
    /// What is written behind it.
    script: Script,
}

/// What stands to the left and to the right of a place, for a candidate of a script, and the length of an honorific there.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) left: Option<(Script, Left)>,
    pub(super) right: Option<(Script, Right)>,
    pub(super) honorific: Option<u8>,
}

impl<'a> Chars<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let count = text.chars().count();
        let (mut letters, mut places) = (Vec::with_capacity(count), Vec::with_capacity(count + 1));
        let (mut lines, mut ended) = (Vec::new(), 0);
        for (start, c) in text.char_indices() {
            places.push(Place { start, ended, script: script(c) });
            match c {
                '\n' => {
                    lines.push(letters.len());
                    ended += 1;
                }
                '。' => ended += 1,
                _ => {}
            }
            letters.push(c);
        }
        places.push(Place { start: text.len(), ended, script: Script::Other });
        // ノ and ヶ join kanji: 一ノ瀬, 鶴ヶ岡.
        for (place, around) in places.iter_mut().skip(1).zip(letters.windows(3)) {
            if let [before, 'ノ' | 'ヶ' | 'ケ', behind] = around
                && is_han(*before)
                && is_han(*behind)
            {
                place.script = Script::Han;
            }
        }
        let around = vec![Cell::default(); count + 1];
        Self { text, letters, places, lines, around }
    }

    /// What is known of the surroundings of `index`.
    pub(super) fn around(&self, index: usize) -> Around {
        self.around.get(index).map(Cell::get).unwrap_or_default()
    }

    /// Notes what stands around `index`.
    pub(super) fn note(&self, index: usize, note: impl FnOnce(&mut Around)) {
        if let Some(cell) = self.around.get(index) {
            let mut around = cell.get();
            note(&mut around);
            cell.set(around);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.letters.get(index).copied()
    }

    pub(super) fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).and_then(|before| self.at(before))
    }

    pub(super) fn script(&self, index: usize) -> Script {
        self.places.get(index).map_or(Script::Other, |place| place.script)
    }

    pub(super) fn script_before(&self, index: usize) -> Script {
        index.checked_sub(1).map_or(Script::Other, |before| self.script(before))
    }

    /// Where the run of `script` from `start` on ends; a run longer than any word is cut.
    pub(super) fn run_end(&self, start: usize, script: Script) -> usize {
        let limit = self.len().min(start.saturating_add(LONGEST_RUN));
        (start..limit).find(|&i| self.script(i) != script).unwrap_or(limit)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        let bytes = self.bytes(&range);
        self.text.get(bytes).unwrap_or_default()
    }

    /// Byte range of a range of characters.
    pub(super) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let at = |index: usize| self.places.get(index).map_or(self.text.len(), |place| place.start);
        at(range.start)..at(range.end)
    }

    /// The characters of a range.
    pub(super) fn letters(&self, range: Range<usize>) -> &[char] {
        self.letters.get(range).unwrap_or_default()
    }

    /// Where `word` stands, as indices of characters.
    pub(super) fn occurrences(&self, word: &str) -> impl Iterator<Item = usize> {
        let found = self.text.match_indices(word).map(|(at, _)| at);
        found.filter_map(|at| self.places.binary_search_by_key(&at, |place| place.start).ok())
    }

    /// Whether a line or a sentence ends in a range.
    pub(super) fn ends_between(&self, range: &Range<usize>) -> bool {
        let ended = |index: usize| self.places.get(index).map(|place| place.ended);
        ended(range.start) != ended(range.end)
    }

    /// The text from `index` on, up to `count` characters and never past the line.
    pub(super) fn ahead(&self, index: usize, count: usize) -> &'a str {
        let end = self.lines.get(self.lines.partition_point(|line| *line < index)).copied();
        self.slice(index..end.unwrap_or(self.len()).min(index + count).max(index))
    }

    /// Up to `count` characters before `index`, never past the line.
    pub(super) fn back(&self, index: usize, count: usize) -> &'a str {
        let ended = self.lines.partition_point(|line| *line < index).checked_sub(1);
        let begin = ended.and_then(|line| self.lines.get(line)).map_or(0, |line| line + 1);
        self.slice(begin.max(index.saturating_sub(count))..index)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}' | '々' | '〇')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

pub(super) fn script(c: char) -> Script {
    match c {
        '\u{3041}'..='\u{3096}' => Script::Hiragana,
        '0'..='9' => Script::Digit,
        'A'..='Z' | 'a'..='z' => Script::Latin,
        _ if is_han(c) => Script::Han,
        _ if is_katakana(c) => Script::Katakana,
        _ => Script::Other,
    }
}
