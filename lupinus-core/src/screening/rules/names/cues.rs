//! Words around a name, and how far each speaks for a person; in the dictionary's unit of cost.

use std::{collections::BTreeMap, iter::once, sync::LazyLock};

use super::super::dictionary::trie::Trie;
use super::{role, stop};

/// A list of words with their weights, found by how they begin or by how they end.
pub(super) struct Table {
    /// What stands before its words in [`Cues`].
    mark: char,
}

/// The words of all lists in one place, so that little memory is touched to look for them.
struct Cues {
    trie: Trie,
    /// For each word its length in bytes and its weight.
    words: Vec<(usize, i32)>,
}

impl Cues {
    /// Of a word that is listed twice the first weight counts.
    #[expect(clippy::expect_used, reason = "the lists are constants, and every one is read by the tests")]
    fn new(marked: impl Iterator<Item = (String, i32)>) -> Self {
        let mut sorted: BTreeMap<String, i32> = BTreeMap::new();
        for (word, weight) in marked {
            sorted.entry(word).or_insert(weight);
        }
        let words = sorted.iter().map(|(word, weight)| (word.len() - 1, *weight)).collect();
        Self { trie: Trie::of(sorted.keys()).expect("lists of words"), words }
    }
}

impl Table {
    fn longest(&self, text: impl Iterator<Item = char>) -> Option<(usize, i32)> {
        let index = CUES.trie.longest(once(self.mark).chain(text))?;
        CUES.words.get(usize::try_from(index).ok()?).copied()
    }

    /// The longest word that `text` begins with: its length in bytes and its weight.
    pub(super) fn prefix(&self, text: &str) -> Option<(usize, i32)> {
        self.longest(text.chars())
    }

    /// The longest word that `text` ends with: its length in bytes and its weight.
    pub(super) fn suffix(&self, text: &str) -> Option<(usize, i32)> {
        self.longest(text.chars().rev())
    }
}

fn by_first(mark: char, word: &str) -> String {
    once(mark).chain(word.chars()).collect()
}

fn by_last(mark: char, word: &str) -> String {
    once(mark).chain(word.chars().rev()).collect()
}

macro_rules! tables {
    ($( $(#[$doc:meta])* $name:ident, $mark:literal, $by:ident, $words:expr; )+) => {
        $( $(#[$doc])* pub(super) static $name: Table = Table { mark: $mark }; )+

        static CUES: LazyLock<Cues> = LazyLock::new(|| {
            let words = std::iter::empty();
            $( let words = words.chain($words.map(|(word, weight)| ($by($mark, &word), weight))); )+
            Cues::new(words)
        });
    };
}

tables! {
    /// Honorifics, and what serves as one.
    HONORIFIC, 'a', by_first, weights(include_str!("../data/cues/honorifics.txt"));
    /// Titles and belongings directly behind a name.
    BELONGS, 'b', by_first, weights(include_str!("../data/cues/belonging.txt"));
    /// What else follows a name directly.
    FOLLOWS, 'c', by_first, weights(include_str!("../data/cues/after.txt"));
    /// What follows of a place, an office, an event or a thing.
    PLACES, 'd', by_first, weights(include_str!("../data/cues/places.txt"));
    /// Ends of what stands before a name.
    LEADS, 'e', by_last, weights(include_str!("../data/cues/before.txt"));
    /// Kinds of offices.
    OFFICE, 'f', by_last, weights(include_str!("../data/cues/offices.txt"));
    /// Words that are no names.
    STOP, 'g', by_first, stop::words();
    /// Who is no professional.
    PRIVATE_WORDS, 'h', by_first, role::private_words();
}

#[expect(clippy::expect_used, reason = "the lists are constants, and every one is read by the tests")]
fn weight(written: &str) -> i32 {
    written.parse().expect("a line begins with its weight")
}

/// The words of a list, each with the weight at the beginning of its line. `[はが]` before the words of a line stands for each of
/// these letters before each of the words.
fn weights(list: &'static str) -> impl Iterator<Item = (String, i32)> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let mut words = line.split(' ');
        let weight = weight(words.next().unwrap_or_default());
        let particles = words.clone().next().and_then(|first| first.strip_prefix('[')?.strip_suffix(']'));
        let words: Vec<String> = match particles {
            Some(particles) => {
                let words: Vec<&str> = words.skip(1).collect();
                particles.chars().flat_map(|c| words.iter().map(move |word| format!("{c}{word}"))).collect()
            }
            None => words.map(str::to_owned).collect(),
        };
        words.into_iter().map(move |word| (word, weight))
    })
}

/// What may follow an honorific's letters so that they are none.
pub(super) fn is_part_of_a_word(honorific: &str, next: Option<char>) -> bool {
    let Some(next) = next else { return false };
    match honorific {
        "様" => "子式々態相".contains(next),
        "氏" => "名子神".contains(next),
        "殿" => "町堂様下".contains(next),
        // さんぽ道, さんさん通り, ちゃんぽん, ちゃんこ鍋
        "さん" => "ぽさ".contains(next),
        "ちゃん" => "とぽこ".contains(next),
        "君" => "津島塚田".contains(next),
        "-san" | "-sama" | "san" => next.is_ascii_alphanumeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_counts() {
        assert_eq!(FOLLOWS.prefix("の件です"), Some(("の件".len(), 3500)));
        assert_eq!(FOLLOWS.prefix("のほう"), Some(("の".len(), 300)));
        assert_eq!(
            OFFICE.suffix("社会福祉法人デイサービスセンター").map(|found| found.0),
            Some("デイサービスセンター".len())
        );
        assert_eq!(LEADS.suffix(""), None);
    }
}
