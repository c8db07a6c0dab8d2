//! Words as they are compared: width, case, spaces and the dashes of numbers make no difference.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

const DASHES: [char; 12] = ['-', '‐', '‑', '‒', '–', '—', '―', '−', 'ー', '－', 'ｰ', '〜'];

/// A text folded, and where each of its bytes came from.
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of the folded text, the bytes of the original that it stands for.
    from: Vec<(usize, usize)>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(original.len()), from: Vec::new() };
        let mut after_digit = false;
        // By what people see as one letter: ﾌﾟ is two characters, and プ one.
        for (at, whole) in original.grapheme_indices(true) {
            for c in whole.nfkc().flat_map(char::to_lowercase) {
                // Between the digits of a number a dash says nothing; in カー it is a letter.
                if c.is_whitespace() || is_unseen(c) || (after_digit && DASHES.contains(&c)) {
                    continue;
                }
                after_digit = c.is_ascii_digit();
                folded.text.push(c);
                folded.from.resize(folded.text.len(), (at, at + whole.len()));
            }
        }
        folded
    }

    /// Where `range` of the folded text stood in the original.
    pub(super) fn in_original(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = self.from.get(range.start)?;
        let last = self.from.get(range.end.checked_sub(1)?)?;
        Some(first.0..last.1)
    }
}

/// Characters that nobody sees.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_folded_text_is_found_in_the_original() {
        let original = "TEL　０８５３－２１−00 00 カー";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "tel0853210000カー");
        let at = folded.text.find("0853210000").unwrap();
        let place = folded.in_original(at..at + 10).unwrap();
        assert_eq!(&original[place], "０８５３－２１−00 00");
    }
}
