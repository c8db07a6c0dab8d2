//! Words of a list in a text, each place looked at once.

use std::{collections::BTreeMap, ops::Range};

use super::dictionary::trie::Trie;

/// A list of words, each with what it means.
pub(super) struct Wordlist<T> {
    trie: Trie,
    /// For each word, in the order of the trie, its length in bytes and what it means.
    meanings: Vec<(usize, T)>,
}

impl<T: Copy> Wordlist<T> {
    /// Of a word that is listed twice the first meaning counts. `None` without words.
    pub(super) fn new<'w>(words: impl Iterator<Item = (&'w str, T)>) -> Option<Self> {
        let mut sorted: BTreeMap<&str, T> = BTreeMap::new();
        for (word, meaning) in words {
            sorted.entry(word).or_insert(meaning);
        }
        let meanings = sorted.iter().map(|(word, meaning)| (word.len(), *meaning)).collect();
        Some(Self { trie: Trie::of(sorted.keys())?, meanings })
    }

    /// The words in `text`, in order: of those that overlap the first one, and of those that begin at one place the longest.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Range<usize>, T)> + 't {
        let mut rest = text;
        std::iter::from_fn(move || {
            while let Some(c) = rest.chars().next() {
                let at = text.len() - rest.len();
                let word = self.trie.longest(rest.chars()).and_then(|word| usize::try_from(word).ok());
                if let Some((length, meaning)) = word.and_then(|word| self.meanings.get(word)) {
                    rest = rest.get(*length..).unwrap_or_default();
                    return Some((at..at + length, *meaning));
                }
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_counts_and_of_those_at_one_place_the_longest() {
        let words =
            Wordlist::new([("病院", 1), ("病院長", 2), ("院長", 3), ("長", 4), ("長", 5)].into_iter())
                .unwrap();
        let found =
            |text| words.find(text).map(|(range, meaning)| (&text[range], meaning)).collect::<Vec<_>>();
        assert_eq!(found("病院の院長"), [("病院", 1), ("院長", 3)]);
        assert_eq!(found("a病院長長"), [("病院長", 2), ("長", 4)]);
        assert_eq!(found(""), []);
        assert!(Wordlist::<i32>::new(std::iter::empty()).is_none());
    }
}
