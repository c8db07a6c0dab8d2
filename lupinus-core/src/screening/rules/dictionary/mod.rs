//! The embedded dictionary: words with their classes and costs, and what two classes cost side by side.
//!
//! It is made by `examples/dictionary` out of IPADIC and UniDic, whose notices stand beside it in `NOTICE.md`.

pub(super) mod format;
mod trie;

use std::sync::LazyLock;

pub(super) use format::Class;
use format::{MAGIC, STEP};
pub(super) use trie::Prefixes;
use trie::Trie;

static BYTES: &[u8] = include_bytes!("dictionary.bin");
static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(embedded);

/// The dictionary, unpacked once per process.
pub(super) fn dictionary() -> &'static Dictionary {
    &DICTIONARY
}

#[expect(clippy::expect_used, reason = "without it names would pass unseen; the tests read the same bytes")]
fn embedded() -> Dictionary {
    Dictionary::read(BYTES).expect("the embedded dictionary")
}

/// One reading of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) class: Class,
    pub(super) cost: i32,
}

/// Words, and the costs of their classes side by side.
pub(super) struct Dictionary {
    trie: Trie,
    /// Class and cost of each reading, the last of a word marked.
    entries: Vec<u32>,
    classes: usize,
    /// What a class costs before each other one.
    costs: Vec<i16>,
    /// What a class costs behind each other one: the same, by the right one of the two.
    costs_behind: Vec<i16>,
}

impl Dictionary {
    fn read(file: &[u8]) -> Option<Self> {
        let bytes = lz4_flex::block::decompress_size_prepended(file.strip_prefix(MAGIC)?).ok()?;
        let (classes, rest) = bytes.split_first_chunk::<4>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let classes = usize::try_from(u32::from_le_bytes(*classes)).ok()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (costs, rest) = rest.split_at_checked(classes * classes * 2)?;
        let (entries, rest) = rest.split_at_checked(count * 4)?;
        let costs: Vec<i16> = costs.as_chunks::<2>().0.iter().map(|b| i16::from_le_bytes(*b)).collect();
        let behind = |right| costs.iter().skip(right).step_by(classes.max(1));
        let costs_behind = (0..classes).flat_map(behind).copied().collect();
        let entries = entries.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let trie = Trie::read(rest)?;
        Some(Self { trie, entries, classes, costs, costs_behind })
    }

    /// Finds the words of `sentence`.
    pub(super) fn find(&self, sentence: &[char], into: &mut Prefixes) {
        self.trie.prefixes(sentence, into);
    }

    /// The words found at `place`, shortest first: their length in characters and their readings.
    pub(super) fn found<'d>(
        &'d self,
        words: &'d Prefixes,
        place: usize,
    ) -> impl Iterator<Item = (usize, Readings<'d>)> + use<'d> {
        let found = words.at(place).iter();
        found.map(|(length, first)| (usize::try_from(*length).unwrap_or(usize::MAX), self.readings(*first)))
    }

    /// The readings of `word`.
    pub(super) fn word(&self, word: &str) -> Readings<'_> {
        match self.trie.word(word) {
            Some(first) => self.readings(first),
            None => Readings { entries: &[] },
        }
    }

    /// The cost of `word` as one of `classes`.
    pub(super) fn cost_as(&self, word: &str, classes: &[Class]) -> Option<i32> {
        self.word(word).filter(|entry| classes.contains(&entry.class)).map(|entry| entry.cost).min()
    }

    fn readings(&self, first: u32) -> Readings<'_> {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        Readings { entries: self.entries.get(first..).unwrap_or_default() }
    }

    /// The least of `costs` (each of what ends with a class) and what it costs to go on with `right`.
    #[inline]
    pub(super) fn least_behind(&self, costs: &[(Class, i32)], right: Class, least: i32) -> i32 {
        let at = usize::from(right.0) * self.classes;
        let row = self.costs_behind.get(at..at + self.classes).unwrap_or_default();
        let joint = |left: Class| row.get(usize::from(left.0)).map_or(0, |cost| i32::from(*cost));
        costs.iter().map(|(left, to)| to + joint(*left)).fold(least, i32::min)
    }

    /// The least of `costs` (each of what goes on with a class) and what it costs to come to it from `left`.
    #[inline]
    pub(super) fn least_before(&self, left: Class, costs: &[(Class, i32)], least: i32) -> i32 {
        let at = usize::from(left.0) * self.classes;
        let row = self.costs.get(at..at + self.classes).unwrap_or_default();
        let joint = |right: Class| row.get(usize::from(right.0)).map_or(0, |cost| i32::from(*cost));
        costs.iter().map(|(right, from)| from + joint(*right)).fold(least, i32::min)
    }

    /// What a word of class `left` costs before one of class `right`.
    #[inline]
    pub(super) fn between(&self, left: Class, right: Class) -> i32 {
        let at = usize::from(left.0) * self.classes + usize::from(right.0);
        self.costs.get(at).map_or(0, |cost| i32::from(*cost))
    }
}

/// The readings of one word.
#[derive(Clone)]
pub(super) struct Readings<'d> {
    entries: &'d [u32],
}

impl Iterator for Readings<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (&entry, rest) = self.entries.split_first()?;
        self.entries = if entry & 1 == 1 { &[] } else { rest };
        let class = Class(u16::try_from(entry >> 16).unwrap_or(0));
        let steps = i32::try_from(entry >> 1 & 0xfff).unwrap_or(0);
        Some(Entry { class, cost: (steps - 2048) * STEP })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_dictionary_is_whole_and_knows_names() {
        let words = dictionary();
        assert!(words.entries.len() > 500_000 && words.classes > 300);
        for (word, class) in [
            ("山田", Class::SURNAME),
            ("花子", Class::GIVEN),
            ("ヤマダ", Class::KANA_SURNAME),
            ("はなこ", Class::KANA_GIVEN),
            ("yamada", Class::LATIN_SURNAME),
            ("出雲", Class::PLACE),
            ("さん", Class::PERSON_SUFFIX),
            ("町", Class::PLACE_SUFFIX),
        ] {
            assert!(words.cost_as(word, &[class]).is_some(), "{word}");
        }
        assert_eq!(words.word("ぬぬぬ").count(), 0);
    }

    #[test]
    fn what_is_no_dictionary_is_refused() {
        assert!(Dictionary::read(b"").is_none());
        assert!(Dictionary::read(b"LUPDIC01").is_none());
        assert!(Dictionary::read(b"something else entirely").is_none());
    }
}
