//! The embedded dictionary: words with their classes and costs, and what two classes cost side by side.
//!
//! It is made by `examples/dictionary` out of IPADIC and UniDic, whose notices stand beside it in `NOTICE.md`.

pub(super) mod format;
pub(super) mod trie;

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

impl Entry {
    #[inline]
    fn read(entry: u32) -> Self {
        let class = Class(u16::try_from(entry >> 16).unwrap_or(0));
        let steps = i32::try_from(entry >> 1 & 0xfff).unwrap_or(0);
        Self { class, cost: (steps - 2048) * STEP }
    }
}

/// Words, and the costs of their classes side by side.
pub(super) struct Dictionary {
    trie: Trie,
    /// Class and cost of each reading, the last of a word marked. What the trie keeps for a word is its reading, if there is only
    /// one, and else [`MANY`] and where the first of them stands.
    entries: Vec<u32>,
    /// For each class how many are more usual.
    ranks: Vec<Rank>,
    /// For each class what each other one costs before it. The most usual ones come first, so that little memory is touched.
    costs: Vec<Before>,
}

/// Marks in the trie a word of many readings. No reading has it: their classes are fewer than [`MOST_CLASSES`].
const MANY: u32 = 1 << 30;

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
        let entries: Vec<u32> = entries.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let ranks = ranks(classes, &entries);
        let place = |class: usize| ranks.get(class).map(|rank| usize::from(rank.0));
        let mut costs = vec![Before::NOTHING; classes];
        for (at, cost) in table.as_chunks::<2>().0.iter().enumerate() {
            let row = costs.get_mut(place(at % classes)?)?;
            *row.costs.get_mut(place(at / classes)?)? = i16::from_le_bytes(*cost);
        }
        for row in &mut costs {
            row.least = row.costs.iter().take(classes).min().map_or(0, |cost| i32::from(*cost));
        }
        let trie = Trie::read(rest, |number| {
            let first = usize::try_from(number).ok().and_then(|number| entries.get(number));
            first.copied().filter(|first| first & 1 == 1).unwrap_or(MANY | number)
        })?;
        Some(Self { trie, entries, ranks, costs })
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
        let length = |length: u32| usize::try_from(length).unwrap_or(usize::MAX);
        words.at(place).map(move |(letters, value)| (length(letters), self.readings(value)))
    }

    /// The readings of `word`.
    pub(super) fn word(&self, word: &str) -> Readings<'_> {
        match self.trie.word(word) {
            Some(value) => self.readings(value),
            None => Readings { next: None, behind: &[] },
        }
    }

    /// The cost of `word` as one of `classes`.
    pub(super) fn cost_as(&self, word: &str, classes: &[Class]) -> Option<i32> {
        self.word(word).filter(|entry| classes.contains(&entry.class)).map(|entry| entry.cost).min()
    }

    #[inline]
    fn readings(&self, value: u32) -> Readings<'_> {
        if value & MANY == 0 {
            return Readings { next: Some(value), behind: &[] };
        }
        let number = usize::try_from(value & !MANY).unwrap_or(usize::MAX);
        let entries = self.entries.get(number..).and_then(<[u32]>::split_first);
        entries.map_or(Readings { next: None, behind: &[] }, |(first, behind)| Readings {
            next: Some(*first),
            behind,
        })
    }

    /// Where the costs of a class stand.
    #[inline]
    pub(super) fn rank(&self, class: Class) -> Rank {
        self.ranks.get(usize::from(class.0)).copied().unwrap_or(Rank(0))
    }

    /// What classes cost before the one of this rank.
    #[inline]
    pub(super) fn before(&self, right: Rank) -> &Before {
        self.costs.get(usize::from(right.0)).unwrap_or(&Before::NOTHING)
    }
}

/// The place of a class among all, the most usual one first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rank(u16);

/// The ranks of so many classes, by how many words each has, and how cheap they are.
fn ranks(classes: usize, entries: &[u32]) -> Vec<Rank> {
    let mut usual: Vec<(u64, usize)> = (0..classes).map(|class| (0, class)).collect();
    for Entry { class, cost } in entries.iter().map(|entry| Entry::read(*entry)) {
        if let Some((weight, _)) = usual.get_mut(usize::from(class.0)) {
            *weight += 1 << ((20_000 - cost) / 500).clamp(0, 40);
        }
    }
    usual.sort_unstable_by_key(|(weight, class)| (std::cmp::Reverse(*weight), *class));
    let mut ranks = vec![Rank(0); classes];
    for (rank, (_, class)) in (0..).zip(usual) {
        if let Some(slot) = ranks.get_mut(class) {
            *slot = Rank(rank);
        }
    }
    ranks
}

/// What classes cost before a certain one.
#[derive(Clone, Copy)]
pub(super) struct Before {
    costs: [i16; MOST_CLASSES],
    least: i32,
}

impl Before {
    const NOTHING: Self = Self { costs: [0; MOST_CLASSES], least: 0 };

    #[inline]
    pub(super) fn cost(&self, left: Rank) -> i32 {
        self.costs.get(usize::from(left.0) % MOST_CLASSES).map_or(0, |cost| i32::from(*cost))
    }

    /// What any class costs at the least.
    #[inline]
    pub(super) fn least(&self) -> i32 {
        self.least
    }
}

/// The readings of one word.
#[derive(Clone)]
pub(super) struct Readings<'d> {
    next: Option<u32>,
    /// Where those after it are.
    behind: &'d [u32],
}

impl Readings<'_> {
    /// Calls `each` with all of them: sooner done than one by one.
    #[inline]
    pub(super) fn each(self, mut each: impl FnMut(Entry)) {
        let (mut next, mut behind) = (self.next, self.behind.iter());
        while let Some(entry) = next {
            each(Entry::read(entry));
            next = if entry & 1 == 1 { None } else { behind.next().copied() };
        }
    }
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
        Some(Entry::read(entry))
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
