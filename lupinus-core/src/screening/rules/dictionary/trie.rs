//! Words by their letters: a double array as `crawdad` writes it, read where it lies.

use std::ops::Range;

/// No letter of any word.
const NO_CODE: u32 = u32::MAX;
/// In a node's base: it is a word's end and nothing goes on. In its check: a word ends here and longer ones go on.
const MARK: u32 = 0x8000_0000;

/// The words of a dictionary, each with a number.
pub(super) struct Trie {
    /// For each letter its code.
    codes: Vec<u32>,
    /// Base and check of each node.
    nodes: Vec<(u32, u32)>,
}

/// Words found in a sentence. Buffers are kept between sentences.
#[derive(Default)]
pub(in super::super) struct Prefixes {
    codes: Vec<u32>,
    /// Where words may still go on: the place they begin, the node and its base.
    open: Vec<(u32, u32, u32)>,
    /// Place, length and number, by length.
    found: Vec<(u32, u32, u32)>,
    /// For each place, its first one in `sorted`.
    starts: Vec<usize>,
    /// Length and number, by place.
    sorted: Vec<(u32, u32)>,
    /// What is kept under each number, by place.
    values: Vec<u32>,
}

impl Prefixes {
    /// Length and number of the words that begin at `place`, shortest first.
    pub(super) fn at(&self, place: usize) -> &[(u32, u32)] {
        self.sorted.get(self.indices(place)).unwrap_or_default()
    }

    /// What is kept under the numbers of the words that begin at `place`, as far as it was looked up.
    pub(super) fn values_at(&self, place: usize) -> &[u32] {
        self.values.get(self.indices(place)).unwrap_or_default()
    }

    /// Looks up what `kept` has under the number of each word: for all of them at once, since each waits for memory.
    pub(super) fn look_up(&mut self, kept: &[u32]) {
        self.values.clear();
        let value = |(_, number): &(u32, u32)| kept.get(index(*number)).copied().unwrap_or(0);
        self.values.extend(self.sorted.iter().map(value));
    }

    fn indices(&self, place: usize) -> Range<usize> {
        let start = self.starts.get(place).copied().unwrap_or(0);
        start..self.starts.get(place + 1).copied().unwrap_or(start)
    }

    fn sort(&mut self, places: usize) {
        self.starts.clear();
        self.starts.resize(places + 2, 0);
        for (place, ..) in &self.found {
            if let Some(count) = self.starts.get_mut(index(*place) + 2) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut self.starts {
            sum += *count;
            *count = sum;
        }
        self.sorted.clear();
        self.sorted.resize(self.found.len(), (0, 0));
        for (place, length, number) in &self.found {
            let Some(next) = self.starts.get_mut(index(*place) + 1) else { continue };
            if let Some(slot) = self.sorted.get_mut(*next) {
                *slot = (*length, *number);
            }
            *next += 1;
        }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Trie {
    /// Reads what `crawdad::Trie::serialize_to_vec` wrote; what is no such thing is `None`.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = number(bytes)?;
        let (codes, rest) = rest.split_at_checked(index(count).checked_mul(4)?)?;
        let (_, rest) = number(rest)?;
        let (count, rest) = number(rest)?;
        let nodes = rest.get(..index(count).checked_mul(8)?)?;
        let codes = codes.as_chunks::<4>().0.iter().map(|code| u32::from_le_bytes(*code)).collect();
        let node = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h]))
        };
        Some(Self { codes, nodes: nodes.as_chunks::<8>().0.iter().map(node).collect() })
    }

    fn code(&self, c: char) -> u32 {
        self.codes.get(index(u32::from(c))).copied().unwrap_or(NO_CODE)
    }

    fn node(&self, at: u32) -> (u32, u32) {
        self.nodes.get(index(at)).copied().unwrap_or((MARK, MARK))
    }

    /// The number of `word`.
    pub(super) fn word(&self, word: &str) -> Option<u32> {
        let (mut at, (mut base, mut check)) = (0, self.node(0));
        for c in word.chars() {
            let code = self.code(c);
            if code == NO_CODE || base & MARK != 0 {
                return None;
            }
            let next = base ^ code;
            (base, check) = self.node(next);
            if check & !MARK != at {
                return None;
            }
            at = next;
        }
        self.number_at(base, check)
    }

    /// The number of the word that ends at a node.
    fn number_at(&self, base: u32, check: u32) -> Option<u32> {
        if base & MARK != 0 {
            Some(base & !MARK)
        } else {
            (check & MARK != 0).then(|| self.node(base).0 & !MARK)
        }
    }

    /// Finds the words that begin at each place of `sentence`: letter by letter for all places at once, since each step waits for
    /// memory, and the steps of one word wait for each other.
    pub(super) fn prefixes(&self, sentence: &[char], into: &mut Prefixes) {
        let Prefixes { codes, open, found, .. } = into;
        codes.clear();
        codes.extend(sentence.iter().map(|c| self.code(*c)));
        found.clear();
        open.clear();
        let root = self.node(0).0;
        open.extend((0..).zip(sentence).map(|(place, _)| (place, 0, root)));
        let mut length = 0;
        while !open.is_empty() {
            length += 1;
            open.retain_mut(|(place, at, base)| {
                let code = codes.get(index(*place + length - 1)).copied().unwrap_or(NO_CODE);
                if code == NO_CODE {
                    return false;
                }
                let next = *base ^ code;
                let (next_base, check) = self.node(next);
                if check & !MARK != *at {
                    return false;
                }
                if let Some(number) = self.number_at(next_base, check) {
                    found.push((*place, length, number));
                }
                (*at, *base) = (next, next_base);
                next_base & MARK == 0
            });
        }
        into.sort(sentence.len());
    }
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 6] = ["世", "世界", "世界中", "世論調査", "統計", "統計調査"];

    fn trie() -> Trie {
        Trie::read(&crawdad::Trie::from_keys(WORDS).unwrap().serialize_to_vec()).unwrap()
    }

    #[test]
    fn every_word_is_found_and_no_part_of_one() {
        let trie = trie();
        for (number, word) in (0..).zip(WORDS) {
            assert_eq!(trie.word(word), Some(number), "{word}");
        }
        for word in ["", "世論", "世界中で", "日本", "界"] {
            assert_eq!(trie.word(word), None, "{word}");
        }
    }

    #[test]
    fn the_words_at_each_place_come_shortest_first() {
        let mut found = Prefixes::default();
        let sentence: Vec<char> = "世界中の統計調査世".chars().collect();
        for _ in 0..2 {
            trie().prefixes(&sentence, &mut found);
            assert_eq!(found.at(0), [(1, 0), (2, 1), (3, 2)]);
            assert_eq!(found.at(4), [(2, 4), (4, 5)]);
            assert_eq!(found.at(8), [(1, 0)]);
            assert!(found.at(1).is_empty() && found.at(3).is_empty() && found.at(9).is_empty());
        }
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let bytes = crawdad::Trie::from_keys(WORDS).unwrap().serialize_to_vec();
        for length in [0, 3, 100, bytes.len() - 1] {
            assert!(Trie::read(&bytes[..length]).is_none(), "{length}");
        }
    }
}
