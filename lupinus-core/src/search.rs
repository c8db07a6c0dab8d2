//! Words that somebody looks for, as they are compared: width, case, kana and spaces make no difference.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// Longest question, in `char`s; what is beyond is not looked for.
pub const MAX_QUERY_CHARS: usize = 100;
/// Most words of one question.
const MAX_WORDS: usize = 8;

/// What somebody looks for: every word must occur. `Debug` prints none of them.
///
/// # Examples
/// ```
/// use lupinus_core::search::Words;
/// let words = Words::new("ｶﾌｪ　たしょくしゅ").unwrap();
/// assert!(words.occur_in(["タショクシュ", "かふぇ「秋の回」"]));
/// assert!(!words.occur_in(["かふぇ「秋の回」"]));
/// assert!(Words::new(" 　").is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.0.len())
    }
}

impl Words {
    /// The words of this question, at most eight; `None` when there are none.
    pub fn new(question: &str) -> Option<Self> {
        let question: String = question.chars().take(MAX_QUERY_CHARS).collect();
        let words = question.split_whitespace().map(folded).filter(|word| !word.is_empty());
        let words: Vec<String> = words.take(MAX_WORDS).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// Whether each of them occurs in one of these texts.
    pub fn occur_in<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let mut missing: Vec<&String> = self.0.iter().collect();
        for text in texts {
            if missing.is_empty() {
                break;
            }
            let text = folded(text);
            missing.retain(|word| !text.contains(word.as_str()));
        }
        missing.is_empty()
    }
}

/// A text as it is compared: NFKC, lower case, katakana as hiragana, without what nobody sees.
pub(crate) fn folded(text: &str) -> String {
    let seen =
        |c: &char| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.nfkc().flat_map(char::to_lowercase).filter(seen).map(hiragana).collect()
}

/// Katakana that have a hiragana (U+30A1–U+30F6, less the few above ヴ that hiragana lack in use) as that.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヴ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_kana_and_spaces_make_no_difference() {
        for (question, text, occurs) in [
            ("ｶﾌｪ", "多職種カフェ", true),
            ("かふぇ", "多職種カフェ", true),
            ("ガイド", "ｶﾞｲﾄﾞﾌﾞｯｸ", true),
            ("acp", "ＡＣＰ研修", true),
            ("１０月", "10月20日", true),
            ("口腔ケア", "口腔\nケア", true),
            ("ヴァージョン", "ゔぁーじょん", true),
            ("研修 嚥下", "嚥下の研修", true),
            ("研修　看取り", "嚥下の研修", false),
            ("カフエ", "カフェ", false),
        ] {
            assert_eq!(Words::new(question).unwrap().occur_in([text]), occurs, "{question} in {text}");
        }
    }

    #[test]
    fn words_are_found_across_fields_and_no_word_across_two() {
        let both = Words::new("嚥下 会館").unwrap();
        assert!(both.occur_in(["嚥下の研修", "市民会館"]));
        assert!(!Words::new("研修市民").unwrap().occur_in(["嚥下の研修", "市民会館"]));
    }

    #[test]
    fn what_somebody_looks_for_is_not_in_debug_output() {
        assert_eq!(format!("{:?}", Words::new("山田太郎").unwrap()), "Words(1)");
    }
}
