//! Which patterns need to run at all: one search for a word of each.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Patterns, each with words of which its matches hold at least one, in small letters or in capitals.
pub(super) struct Gate {
    search: Option<AhoCorasick>,
    /// For each word, the patterns it opens.
    opens: Vec<u64>,
    always: u64,
}

impl Gate {
    /// A gate for patterns with these words, at most 64; a pattern without words is always open.
    pub(super) fn new<'w>(patterns: impl Iterator<Item = &'w [&'static str]>) -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut opens: Vec<u64> = Vec::new();
        let mut always = 0;
        for (at, pattern) in patterns.enumerate() {
            let bit = 1_u64 << at;
            if pattern.is_empty() {
                always |= bit;
            }
            for word in pattern {
                let known = words.iter().position(|known| known == word);
                if let Some(bits) = known.and_then(|known| opens.get_mut(known)) {
                    *bits |= bit;
                } else {
                    words.push(word);
                    opens.push(bit);
                }
            }
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .ok();
        Self { search, opens, always }
    }

    /// The patterns without words, as bits.
    pub(super) fn always(&self) -> u64 {
        self.always
    }

    /// The patterns that may match in `text`, as bits.
    pub(super) fn open(&self, text: &str) -> u64 {
        let Some(search) = &self.search else { return u64::MAX };
        let found =
            search.find_overlapping_iter(text).map(|word| self.opens.get(word.pattern().as_usize()).copied());
        found.fold(self.always, |bits, opened| bits | opened.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_open_where_one_of_its_words_stands() {
        let gate = Gate::new([&["年金"][..], &["免許", "年金"], &[], &["Zoom"]].into_iter());
        for (text, open) in [("年金手帳", 0b0111), ("免許証", 0b0110), ("何もない", 0b0100), ("zoom", 0b1100)]
        {
            assert_eq!(gate.open(text), open, "{text}");
        }
    }
}
