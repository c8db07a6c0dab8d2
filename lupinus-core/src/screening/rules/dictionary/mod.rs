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
    /// For each class what each other one costs before it.
    costs: Vec<[i16; MOST_CLASSES]>,
    /// For each class the least of that.
    least: Vec<i32>,
}

/// How many classes a dictionary has at most; a power of two, so that a class masked by it needs no check.
const MOST_CLASSES: usize = 512;

impl Dictionary {
    fn read(file: &[u8]) -> Option<Self> {
        let bytes = lz4_flex::block::decompress_size_prepended(file.strip_prefix(MAGIC)?).ok()?;
        let (classes, rest) = bytes.split_first_chunk::<4>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let classes = usize::try_from(u32::from_le_bytes(*classes)).ok()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (table, rest) = rest.split_at_checked(classes.checked_mul(classes)?.checked_mul(2)?)?;
        let (entries, rest) = rest.split_at_checked(count * 4)?;
        let mut costs = vec![[0; MOST_CLASSES]; classes];
        for (at, cost) in table.as_chunks::<2>().0.iter().enumerate() {
            let row = costs.get_mut(at % classes)?;
            *row.get_mut(at / classes)? = i16::from_le_bytes(*cost);
        }
        let least =
            |row: &[i16; MOST_CLASSES]| row.iter().take(classes).min().map_or(0, |cost| i32::from(*cost));
        let least = costs.iter().map(least).collect();
        let entries = entries.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let trie = Trie::read(rest)?;
        Some(Self { trie, entries, costs, least })
    }

    /// Finds the words of `sentence`.
    pub(super) fn find(&self, sentence: &[char], into: &mut Prefixes) {
        self.trie.prefixes(sentence, into);
        into.look_up(&self.entries);
    }

    /// The words found at `place`, shortest first: their length in characters and their readings.
    pub(super) fn found<'d>(
        &'d self,
        words: &'d Prefixes,
        place: usize,
    ) -> impl Iterator<Item = (usize, Readings<'d>)> + use<'d> {
        let found = words.at(place).iter().zip(words.values_at(place));
        found.map(|((length, number), first)| {
            let length = usize::try_from(*length).unwrap_or(usize::MAX);
            (length, Readings { next: Some(*first), behind: self.entries_from(number.saturating_add(1)) })
        })
    }

    /// The readings of `word`.
    pub(super) fn word(&self, word: &str) -> Readings<'_> {
        match self.trie.word(word) {
            Some(number) => self.readings(number),
            None => Readings { next: None, behind: &[] },
        }
    }

    /// The cost of `word` as one of `classes`.
    pub(super) fn cost_as(&self, word: &str, classes: &[Class]) -> Option<i32> {
        self.word(word).filter(|entry| classes.contains(&entry.class)).map(|entry| entry.cost).min()
    }

    fn readings(&self, number: u32) -> Readings<'_> {
        let entries = self.entries_from(number).split_first();
        entries.map_or(Readings { next: None, behind: &[] }, |(first, behind)| Readings {
            next: Some(*first),
            behind,
        })
    }

    fn entries_from(&self, number: u32) -> &[u32] {
        usize::try_from(number).ok().and_then(|number| self.entries.get(number..)).unwrap_or_default()
    }

    /// What classes cost before `right`.
    #[inline]
    pub(super) fn before(&self, right: Class) -> Before<'_> {
        Before(self.costs.get(usize::from(right.0)).unwrap_or(&[0; MOST_CLASSES]))
    }

    /// What a class costs before `right` at the least.
    #[inline]
    pub(super) fn least_before(&self, right: Class) -> i32 {
        self.least.get(usize::from(right.0)).copied().unwrap_or(0)
    }

    /// What a word of class `left` costs before one of class `right`.
    #[inline]
    pub(super) fn between(&self, left: Class, right: Class) -> i32 {
        self.before(right).cost(left)
    }
}

/// What classes cost before a certain one.
#[derive(Clone, Copy)]
pub(super) struct Before<'d>(&'d [i16; MOST_CLASSES]);

impl Before<'_> {
    #[inline]
    pub(super) fn cost(self, left: Class) -> i32 {
        self.0.get(usize::from(left.0) % MOST_CLASSES).map_or(0, |cost| i32::from(*cost))
    }
}

/// The readings of one word.
#[derive(Clone)]
pub(super) struct Readings<'d> {
    next: Option<u32>,
    /// Where those after it are.
    behind: &'d [u32],
}

impl Iterator for Readings<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let entry = self.next?;
        self.next = None;
        if entry & 1 == 0
            && let Some((next, behind)) = self.behind.split_first()
        {
            (self.next, self.behind) = (Some(*next), behind);
        }
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
        assert!(words.entries.len() > 500_000 && words.costs.len() > 300);
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
