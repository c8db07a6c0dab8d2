//! Words by their letters: a double array as `crawdad` writes it, read where it lies.

/// No letter of any word.
const NO_CODE: u16 = u16::MAX;
/// In a node's base: it is a word's end and nothing goes on. In its check: a word ends here and longer ones go on.
const MARK: u32 = 0x8000_0000;

/// The words of a dictionary, each with a value.
pub(in super::super) struct Trie {
    /// For each letter its code.
    codes: Vec<u16>,
    /// Base and check of each node.
    nodes: Vec<(u32, u32)>,
}

/// Words found in a sentence. Buffers are kept between sentences.
#[derive(Default)]
pub(in super::super) struct Prefixes {
    codes: Vec<u16>,
    /// Where words may still go on: the place they begin, the node and its base.
    open: Vec<(u32, u32, u32)>,
    /// Length and value of what was found, and where the next one of the same place stands.
    found: Vec<(u32, u32, u32)>,
    /// For each place, where its first one stands, and its last one.
    ends: Vec<(u32, u32)>,
}

impl Prefixes {
    /// Length and value of the words that begin at `place`, shortest first.
    pub(super) fn at(&self, place: usize) -> impl Iterator<Item = (u32, u32)> {
        let mut next = self.ends.get(place).map_or(u32::MAX, |(first, _)| *first);
        std::iter::from_fn(move || {
            let (length, value, behind) = *self.found.get(index(next))?;
            next = behind;
            Some((length, value))
        })
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Trie {
    /// Reads what `crawdad::Trie::serialize_to_vec` wrote; what is no such thing is `None`. Of each word's number `value` makes what
    /// is kept for it, less than 2³¹.
    pub(super) fn read(bytes: &[u8], value: impl Fn(u32) -> u32) -> Option<Self> {
        let (count, rest) = number(bytes)?;
        let (codes, rest) = rest.split_at_checked(index(count).checked_mul(4)?)?;
        let (_, rest) = number(rest)?;
        let (count, rest) = number(rest)?;
        let nodes = rest.get(..index(count).checked_mul(8)?)?;
        let code = |code: &[u8; 4]| u16::try_from(u32::from_le_bytes(*code)).unwrap_or(NO_CODE);
        let node = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            let base = u32::from_le_bytes([*a, *b, *c, *d]);
            let base = if base & MARK == 0 { base } else { MARK | value(base & !MARK) };
            (base, u32::from_le_bytes([*e, *f, *g, *h]))
        };
        Some(Self {
            codes: codes.as_chunks::<4>().0.iter().map(code).collect(),
            nodes: nodes.as_chunks::<8>().0.iter().map(node).collect(),
        })
    }

    #[inline]
    fn code(&self, c: char) -> u16 {
        self.codes.get(index(u32::from(c))).copied().unwrap_or(NO_CODE)
    }

    #[inline]
    fn node(&self, at: u32) -> (u32, u32) {
        self.nodes.get(index(at)).copied().unwrap_or((MARK, MARK))
    }

    /// The node that `code` leads to from the one at `at`: its place, its base and its check.
    #[inline]
    fn child(&self, at: u32, base: u32, code: u16) -> Option<(u32, u32, u32)> {
        let next = base ^ u32::from(code);
        let (base, check) = self.node(next);
        (code != NO_CODE && check & !MARK == at).then_some((next, base, check))
    }

    /// The words `sorted`, each with its place among them.
    pub(in super::super) fn of(sorted: impl Iterator<Item = impl AsRef<str>>) -> Option<Self> {
        Self::read(&crawdad::Trie::from_keys(sorted).ok()?.serialize_to_vec(), |number| number)
    }

    /// The value of `word`.
    pub(super) fn word(&self, word: &str) -> Option<u32> {
        let (mut at, (mut base, mut check)) = (0, self.node(0));
        for c in word.chars() {
            if base & MARK != 0 {
                return None;
            }
            (at, base, check) = self.child(at, base, self.code(c))?;
        }
        self.value_at(base, check)
    }

    /// The value of the longest word that `letters` begin with.
    #[inline]
    pub(in super::super) fn longest(&self, letters: impl Iterator<Item = char>) -> Option<u32> {
        let (mut at, mut base, mut longest) = (0, self.node(0).0, None);
        for c in letters {
            let Some((next, next_base, check)) = self.child(at, base, self.code(c)) else { break };
            longest = self.value_at(next_base, check).or(longest);
            if next_base & MARK != 0 {
                break;
            }
            (at, base) = (next, next_base);
        }
        longest
    }

    /// The value of the word that ends at a node.
    #[inline]
    fn value_at(&self, base: u32, check: u32) -> Option<u32> {
        if base & MARK != 0 {
            Some(base & !MARK)
        } else {
            (check & MARK != 0).then(|| self.node(base).0 & !MARK)
        }
    }

    /// Finds the words that begin at each place of `sentence`: letter by letter for all places at once, since each step waits for
    /// memory, and the steps of one word wait for each other.
    pub(super) fn prefixes(&self, sentence: &[char], into: &mut Prefixes) {
        let Prefixes { codes, open, found, ends } = into;
        codes.clear();
        codes.extend(sentence.iter().map(|c| self.code(*c)));
        found.clear();
        ends.clear();
        ends.resize(sentence.len(), (u32::MAX, u32::MAX));
        open.clear();
        let root = self.node(0).0;
        open.extend((0..).zip(sentence).map(|(place, _)| (place, 0, root)));
        let (mut length, mut count) = (0, 0);
        while !open.is_empty() {
            let ahead = codes.get(index(length)..).unwrap_or_default();
            length += 1;
            open.retain_mut(|(place, at, base)| {
                let Some(code) = ahead.get(index(*place)) else { return false };
                let Some((next, next_base, check)) = self.child(*at, *base, *code) else { return false };
                if let Some(value) = self.value_at(next_base, check)
                    && let Some((first, last)) = ends.get_mut(index(*place))
                {
                    match found.get_mut(index(*last)) {
                        Some((.., behind)) => *behind = count,
                        None => *first = count,
                    }
                    *last = count;
                    found.push((length, value, u32::MAX));
                    count += 1;
                }
                (*at, *base) = (next, next_base);
                next_base & MARK == 0
            });
        }
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
        Trie::read(&crawdad::Trie::from_keys(WORDS).unwrap().serialize_to_vec(), |number| number).unwrap()
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
            let at = |place| found.at(place).collect::<Vec<_>>();
            assert_eq!(at(0), [(1, 0), (2, 1), (3, 2)]);
            assert_eq!(at(4), [(2, 4), (4, 5)]);
            assert_eq!(at(8), [(1, 0)]);
            assert!(at(1).is_empty() && at(3).is_empty() && at(9).is_empty());
        }
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let bytes = crawdad::Trie::from_keys(WORDS).unwrap().serialize_to_vec();
        for length in [0, 3, 100, bytes.len() - 1] {
            assert!(Trie::read(&bytes[..length], |number| number).is_none(), "{length}");
        }
    }
}
