//! Words that a city knows: those that are always personal, and those that never are.

use std::{fmt, ops::Range, sync::Arc};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Confidence, Context, Finding, PersonalInfoDetector, PiiKind, fold::Folded};

/// Shortest word of a list, in `char`s as compared: one letter stands in too many words.
const MIN_WORD_CHARS: usize = 2;
/// Longest word of a list, in `char`s as compared.
pub const MAX_WORD_CHARS: usize = 100;

/// Why something is no word of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWord {
    /// It is too short.
    #[error("a word of fewer than {MIN_WORD_CHARS} characters stands in too many others")]
    TooShort,
    /// It is too long.
    #[error("a word of more than {MAX_WORD_CHARS} characters is no word")]
    TooLong,
    /// There are too many of them.
    #[error("there are too many words to look for at once")]
    TooMany,
}

/// A word as it is compared.
fn folded(word: &str) -> Result<String, InvalidWord> {
    let text = Folded::new(word).text;
    match text.chars().count() {
        0..MIN_WORD_CHARS => Err(InvalidWord::TooShort),
        MIN_WORD_CHARS..=MAX_WORD_CHARS => Ok(text),
        _ => Err(InvalidWord::TooLong),
    }
}

/// Words, and one pass that finds them all. `Debug` says how many there are.
#[derive(Clone, Default)]
struct Words {
    folded: Arc<[String]>,
    finder: Option<Arc<AhoCorasick>>,
}

impl Words {
    fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Result<Self, InvalidWord> {
        let folded: Vec<String> =
            words.into_iter().map(|word| folded(word.as_ref())).collect::<Result<_, _>>()?;
        if folded.is_empty() {
            return Ok(Self::default());
        }
        let finder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&folded);
        let finder = finder.map_err(|_| InvalidWord::TooMany)?;
        Ok(Self { folded: folded.into(), finder: Some(Arc::new(finder)) })
    }

    /// Where `text` holds one of them. Places that overlap are all there.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let text = Folded::new(text);
        finder.find_overlapping_iter(&text.text).filter_map(|found| text.in_original(found.range())).collect()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} words", self.folded.len())
    }
}

/// A detector that finds the words which a city wants kept out: a house whose name says who lives there, a nickname in use.
/// However they are written: width, case, spaces and the dashes of numbers make no difference.
#[derive(Clone, Debug, Default)]
pub struct CityWords(Words);

impl CityWords {
    /// These words.
    ///
    /// # Errors
    /// [`InvalidWord`].
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Result<Self, InvalidWord> {
        Words::new(words).map(Self)
    }
}

impl PersonalInfoDetector for CityWords {
    fn detect(&self, text: &str, _: Context) -> Vec<Finding> {
        let found = |place: Range<usize>| Finding {
            start: place.start,
            end: place.end,
            kind: PiiKind::CityWord,
            confidence: Confidence::CERTAIN,
            reason: "a word of the city",
        };
        self.0.places(text).into_iter().map(found).collect()
    }
}

/// What is never personal: names of organisations and venues, lecturers and others who are published, their contacts. A
/// finding passes when all of it lies within such a word: 山田 in 山田病院 does, 山田花子 beside it does not.
#[derive(Clone, Debug, Default)]
pub struct AllowList(Words);

impl AllowList {
    /// These words.
    ///
    /// # Errors
    /// [`InvalidWord`].
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Result<Self, InvalidWord> {
        Words::new(words).map(Self)
    }

    /// Whether this can be a word of a list; how it is compared, so that the same word is kept once.
    ///
    /// # Errors
    /// [`InvalidWord`].
    pub fn check(word: &str) -> Result<String, InvalidWord> {
        folded(word)
    }

    /// Where `text` holds one of its words.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        self.0.places(text)
    }
}

/// What the text around says: a post names its organisers, venue and lecturers itself.
#[derive(Clone, Debug, Default)]
pub struct OwnWords {
    /// Never personal in this text.
    pub allowed: AllowList,
    /// Names of people in a professional role: wherever else they stand, they are in that role, too. Also their surnames alone.
    pub professionals: AllowList,
}

impl OwnWords {
    /// Whether a name is one of the professionals', or the beginning of one.
    pub(super) fn is_professional(&self, name: &str) -> bool {
        let name = Folded::new(name).text;
        let names = &self.professionals.0.folded;
        name.chars().count() >= MIN_WORD_CHARS && names.iter().any(|known| known.starts_with(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::{Action, CityPolicy, DefaultPolicy, Detectors, RuleDetector, Screen};

    fn city() -> Screen {
        let words = CityWords::new(["さくら荘", "ﾌﾟﾘﾝｽ"]).unwrap();
        let all = Detectors::new(vec![Arc::new(RuleDetector::new()), Arc::new(words)]);
        Screen::new(Arc::new(all), Arc::new(DefaultPolicy))
    }

    #[test]
    fn a_word_of_the_city_is_found_however_it_is_written_and_no_list_lets_it_pass() {
        let screen = city().allowing(AllowList::new(["さくら荘"]).unwrap());
        for text in ["さくら荘に伺います", "さ く ら荘に伺います", "プリンスの件"] {
            for context in Context::ALL {
                assert!(screen.check(text, context).blocks(), "{text} in {context:?}");
            }
        }
        assert!(!screen.check("桜の季節です", Context::Post).blocks());
    }

    // R10
    #[test]
    fn what_stands_on_the_list_passes_and_what_is_longer_does_not() {
        let text = "山田花子さんの携帯は090-1234-5678";
        assert!(Screen::default().check(text, Context::Consultation).blocks(), "the premise");
        let list = AllowList::new(["山田花子", "０９０−１２３４−５６７８"]).unwrap();
        let screen = Screen::default().allowing(list);
        let screened = screen.check(text, Context::Consultation);
        assert!(!screened.blocks(), "{screened:?}");
        assert!(screened.marks.iter().all(|mark| mark.action == Action::Allow), "{screened:?}");
        assert!(screen.check("山田花子郎さんが転倒しました", Context::Consultation).blocks());
        assert!(screen.check("090-1234-56789は090-1234-5679です", Context::Consultation).blocks());
    }

    #[test]
    fn an_individual_number_passes_by_no_list() {
        let screen = Screen::default().allowing(AllowList::new(["123456789018"]).unwrap());
        assert!(screen.check("番号は123456789018です", Context::Post).blocks());
    }

    #[test]
    fn what_an_administrator_accepts_counts_at_once_for_every_clone() {
        let screen = Screen::default();
        let other = screen.clone();
        let text = "山田花子さんの件";
        assert!(other.check(text, Context::Post).blocks(), "the premise");
        screen.accept(AllowList::new(["山田花子"]).unwrap());
        assert!(!other.check(text, Context::Post).blocks());
    }

    #[test]
    fn a_name_that_the_post_gives_as_a_lecturers_is_one_everywhere_in_it() {
        let professionals = AllowList::new(["佐々木健一"]).unwrap();
        let own = OwnWords { professionals, ..OwnWords::default() };
        let screen = Screen::new(Arc::new(RuleDetector::new()), Arc::new(CityPolicy::default()));
        let text = "佐々木健一さんとの交流会";
        assert!(screen.check(text, Context::Post).blocks(), "the premise");
        assert_eq!(screen.check_within(text, Context::Post, &own).strictest(), Action::Warn);
        assert!(screen.check_within("鈴木一郎さんとの交流会", Context::Post, &own).blocks());
    }

    #[test]
    fn what_is_no_word_is_refused() {
        assert_eq!(AllowList::new(["原"]).unwrap_err(), InvalidWord::TooShort);
        assert_eq!(AllowList::new([" - "]).unwrap_err(), InvalidWord::TooShort);
        assert_eq!(CityWords::new(["あ".repeat(101)]).unwrap_err(), InvalidWord::TooLong);
    }

    #[test]
    fn no_word_is_in_a_debug_form() {
        let shown = format!("{:?} {:?}", city(), AllowList::new(["秘密の家"]).unwrap());
        assert!(!shown.contains("さくら荘") && !shown.contains("秘密"), "{shown}");
    }
}
