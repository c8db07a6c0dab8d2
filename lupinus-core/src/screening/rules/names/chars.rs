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
    /// Where each of them begins, in bytes.
    starts: Vec<usize>,
    scripts: Vec<Script>,
    /// What stands around each place, where that was asked before.
    around: Vec<Cell<Around>>,
}

/// What stands to the left and to the right of a place, for a candidate of a script, and the length of an honorific there.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) left: Option<(Script, Left)>,
    pub(super) right: Option<(Script, Right)>,
    pub(super) honorific: Option<usize>,
}

impl<'a> Chars<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let count = text.chars().count();
        let (mut chars, mut starts) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (at, c) in text.char_indices() {
            chars.push(c);
            starts.push(at);
        }
        let mut scripts: Vec<Script> = chars.iter().map(|c| script(*c)).collect();
        // ノ and ヶ join kanji: 一ノ瀬, 鶴ヶ岡.
        for at in 1..chars.len().saturating_sub(1) {
            let joins = matches!(chars.get(at), Some('ノ' | 'ヶ' | 'ケ'));
            let neighbour = |at: usize| chars.get(at).is_some_and(|c| is_han(*c));
            if joins
                && neighbour(at - 1)
                && neighbour(at + 1)
                && let Some(slot) = scripts.get_mut(at)
            {
                *slot = Script::Han;
            }
        }
        let around = vec![Cell::default(); chars.len() + 1];
        Self { text, letters: chars, starts, scripts, around }
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
        self.scripts.get(index).copied().unwrap_or(Script::Other)
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
        let at = |index: usize| self.starts.get(index).copied().unwrap_or(self.text.len());
        at(range.start)..at(range.end)
    }

    /// The characters of a range.
    pub(super) fn letters(&self, range: Range<usize>) -> &[char] {
        self.letters.get(range).unwrap_or_default()
    }

    /// Where `word` stands, as indices of characters.
    pub(super) fn occurrences(&self, word: &str) -> impl Iterator<Item = usize> {
        let found = self.text.match_indices(word).map(|(at, _)| at);
        found.filter_map(|at| self.starts.binary_search(&at).ok())
    }

    /// The text from `index` on, up to `count` characters and never past the line.
    pub(super) fn ahead(&self, index: usize, count: usize) -> &'a str {
        let text = self.slice(index..(index + count).min(self.len()).max(index));
        text.split('\n').next().unwrap_or_default()
    }

    /// Up to `count` characters before `index`, never past the line.
    pub(super) fn back(&self, index: usize, count: usize) -> &'a str {
        let text = self.slice(index.saturating_sub(count)..index);
        text.rsplit('\n').next().unwrap_or_default()
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
        _ if is_han(c) => Script::Han,
        '\u{3041}'..='\u{3096}' => Script::Hiragana,
        _ if is_katakana(c) => Script::Katakana,
        '0'..='9' => Script::Digit,
        'A'..='Z' | 'a'..='z' => Script::Latin,
        _ => Script::Other,
    }
}
