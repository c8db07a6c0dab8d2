//! The screen that services use.

use std::{
    fmt,
    ops::Range,
    sync::{Arc, PoisonError, RwLock},
};

use unicode_normalization::UnicodeNormalization as _;

use super::{
    Action, AllowList, CityPolicy, Confidence, Context, DefaultPolicy, Finding, Mark, OwnWords, PiiKind,
    RuleDetector, ScreeningPolicy,
    mask::{Masked, Places, Taken, on_boundaries, placeholders},
};

/// Finds personal information in a text. Synchronous and pure: the same text gives the same findings.
///
/// Findings may come in any order and may overlap; spans off a character boundary are widened and spans beyond
/// the text are cut by [`Screen`].
pub trait PersonalInfoDetector: fmt::Debug + Send + Sync + 'static {
    /// What `text`, written in `context`, holds. A [`Screen`] asks for [`Context::Post`] and [`Context::Consultation`] alone: what
    /// staff answer is read in both ways.
    fn detect(&self, text: &str, context: Context) -> Vec<Finding>;
}

/// A detector, a policy and what is known not to be personal: what every text passes before it is stored, submitted, approved
/// or answered. Clones share what is accepted and decided later on.
#[derive(Clone, Debug)]
pub struct Screen {
    detector: Arc<dyn PersonalInfoDetector>,
    policy: Arc<dyn ScreeningPolicy>,
    allowed: AllowList,
    accepted: Arc<RwLock<AllowList>>,
    decided: Arc<RwLock<Arc<CityPolicy>>>,
}

impl Default for Screen {
    /// The [`RuleDetector`] under the [`DefaultPolicy`].
    fn default() -> Self {
        Self::new(Arc::new(RuleDetector::new()), Arc::new(DefaultPolicy))
    }
}

impl Screen {
    /// How often masked text is looked at again; what is still found then blocks the whole text.
    const MAX_ROUNDS: usize = 4;

    /// A screen of these two.
    pub fn new(detector: Arc<dyn PersonalInfoDetector>, policy: Arc<dyn ScreeningPolicy>) -> Self {
        Self {
            detector,
            policy,
            allowed: AllowList::default(),
            accepted: Arc::default(),
            decided: Arc::default(),
        }
    }

    /// The same with a list of what is never personal: the city's own, from its settings.
    pub fn allowing(self, allowed: AllowList) -> Self {
        Self { allowed, ..self }
    }

    /// Replaces what was accepted as never personal while the city works with it. Counts from now on, for all clones.
    pub fn accept(&self, accepted: AllowList) {
        *self.accepted.write().unwrap_or_else(PoisonError::into_inner) = accepted;
    }

    /// Replaces what the city decides otherwise than this screen's policy. Counts from now on, for all clones.
    pub fn decide(&self, decided: CityPolicy) {
        *self.decided.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(decided);
    }

    /// What follows from a finding of this kind that is certain.
    pub fn action(&self, kind: PiiKind, context: Context) -> Action {
        self.decided().own(context, kind).unwrap_or_else(|| self.action_undecided(kind, context))
    }

    /// What would follow if the city decided nothing.
    pub fn action_undecided(&self, kind: PiiKind, context: Context) -> Action {
        self.policy.action(kind, Confidence::CERTAIN, context)
    }

    fn decided(&self) -> Arc<CityPolicy> {
        self.decided.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks `text` and masks what is blocked.
    ///
    /// The masked text is checked again until nothing more is blocked, so that screening it once more, at
    /// the next gate, changes nothing.
    pub fn check(&self, text: &str, context: Context) -> Screened {
        self.check_within(text, context, &OwnWords::default())
    }

    /// Checks a part of something that names its organisers, venue and lecturers itself. Otherwise as [`Screen::check`].
    pub fn check_within(&self, text: &str, context: Context, own: &OwnWords) -> Screened {
        let accepted = self.accepted.read().unwrap_or_else(PoisonError::into_inner).clone();
        Look { screen: self, context, accepted, decided: self.decided(), own }.check(text)
    }
}

/// One look at a text and what is left of it.
struct Look<'a> {
    screen: &'a Screen,
    context: Context,
    accepted: AllowList,
    decided: Arc<CityPolicy>,
    own: &'a OwnWords,
}

impl Look<'_> {
    fn check(&self, text: &str) -> Screened {
        let mut marks = self.marks(text);
        let mut masked = mask(text, &marks);
        for _ in 0..Screen::MAX_ROUNDS {
            let more: Vec<Mark> = self.blocked(&masked.text).collect();
            if more.is_empty() {
                return Screened { marks, masked: masked.text };
            }
            add(&mut marks, &more, &masked);
            masked = mask(text, &marks);
        }
        if let Some(last) = self.blocked(&masked.text).next() {
            marks = vec![Mark { start: 0, end: text.len(), ..last }];
            masked = mask(text, &marks);
        }
        Screened { marks, masked: masked.text }
    }

    fn blocked(&self, text: &str) -> impl Iterator<Item = Mark> + use<> {
        self.marks(text).into_iter().filter(|mark| mark.action == Action::Block)
    }

    /// What the detector finds. An answer names suppliers and offices, so that whose something is, is judged as in a post; whose a
    /// mobile number is, as in a chat.
    fn findings(&self, text: &str) -> Vec<Finding> {
        let detect = |context| self.screen.detector.detect(text, context);
        if self.context != Context::StaffAnswer {
            return detect(self.context);
        }
        let mut found = detect(Context::Post);
        found.extend(detect(Context::Consultation).into_iter().filter(|finding| {
            finding.kind == PiiKind::Phone
                && text.get(finding.start..finding.end).is_some_and(is_mobile_number)
        }));
        found
    }

    /// Findings with their actions, sorted, not overlapping; the stricter and the surer finding wins, and no
    /// blocked byte is lost to another finding.
    fn marks(&self, text: &str) -> Vec<Mark> {
        let lists = [&self.screen.allowed, &self.accepted, &self.own.allowed];
        let allowed = Places::new(lists.into_iter().flat_map(|list| list.places(text)).collect());
        let professionals = Places::new(self.own.professionals.places(text));
        let mut found: Vec<Mark> = self
            .findings(text)
            .into_iter()
            .filter_map(|finding| {
                let span = on_boundaries(text, finding.start..finding.end)?;
                let Finding { mut kind, confidence, .. } = finding;
                if kind == PiiKind::PersonName
                    && (professionals.hold(&span)
                        || text.get(span.clone()).is_some_and(|name| self.own.is_professional(name)))
                {
                    kind = PiiKind::ProfessionalName;
                }
                let action = if kind.can_be_allowed() && allowed.hold(&span) {
                    Action::Allow
                } else {
                    let decided = self.decided.decided(kind, confidence, self.context);
                    decided.unwrap_or_else(|| self.screen.policy.action(kind, confidence, self.context))
                };
                Some(Mark { start: span.start, end: span.end, kind, confidence, action })
            })
            .collect();
        found.sort_by_key(|mark| {
            (std::cmp::Reverse((mark.action, mark.confidence, mark.end - mark.start)), mark.start, mark.kind)
        });
        let mut taken = Taken::default();
        for placeholder in placeholders(text) {
            taken.take(placeholder);
        }
        let mut marks = Vec::with_capacity(found.len());
        for mark in found {
            for piece in taken.take(mark.start..mark.end) {
                if text.get(piece.clone()).is_some_and(|part| !part.trim().is_empty()) {
                    marks.push(Mark { start: piece.start, end: piece.end, ..mark });
                }
            }
        }
        marks.sort_by_key(|mark| mark.start);
        marks
    }
}

/// Whether a telephone number, however it is written, is a mobile one: 0[5-9]0, or +81 and [5-9]0.
fn is_mobile_number(number: &str) -> bool {
    const KANJI: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| match KANJI.iter().position(|kanji| *kanji == c) {
        Some(value) => u32::try_from(value).ok(),
        None => c.to_digit(10),
    };
    let digits: Vec<u32> = number.nfkc().filter_map(digit).collect();
    matches!(digits[..], [0, 5..=9, 0, ..] | [8, 1, 5..=9, 0, ..])
}

/// `text` with the blocked ones of `marks` replaced.
fn mask(text: &str, marks: &[Mark]) -> Masked {
    let blocked: Vec<Mark> = marks.iter().filter(|mark| mark.action == Action::Block).copied().collect();
    Masked::new(text, &blocked)
}

/// Adds to `marks` what was found in `masked`, moved to where it stands in the original.
fn add(marks: &mut Vec<Mark>, more: &[Mark], masked: &Masked) {
    for mark in more {
        for Range { start, end } in masked.in_original(&(mark.start..mark.end)) {
            marks.retain(|known| known.end <= start || end <= known.start);
            marks.push(Mark { start, end, ..*mark });
        }
    }
    marks.sort_by_key(|mark| mark.start);
}

/// What came of checking a text. It does not hold the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Screened {
    /// What was found, sorted, not overlapping; offsets are bytes of the text that was checked.
    pub marks: Vec<Mark>,
    masked: String,
}

impl Screened {
    /// Whether anything must not go on.
    pub fn blocks(&self) -> bool {
        self.strictest() == Action::Block
    }

    /// Whether nothing blocks but a human has to confirm something.
    pub fn warns(&self) -> bool {
        self.strictest() == Action::Warn
    }

    /// The strictest action of all marks; [`Action::Allow`] if there are none.
    pub fn strictest(&self) -> Action {
        self.marks.iter().map(|mark| mark.action).max().unwrap_or(Action::Allow)
    }

    /// The text with each blocked span replaced by its label, such as `██氏名██`.
    pub fn masked(&self) -> &str {
        &self.masked
    }

    /// The masked text, by value.
    pub fn into_masked(self) -> String {
        self.masked
    }
}

impl fmt::Debug for Screened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screened").field("marks", &self.marks).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fragments that are found, with the joints that may change what they mean.
    fn texts() -> impl Strategy<Value = String> {
        let fragment = prop::sample::select(vec![
            "山田花子さん",
            "山本",
            "様",
            "さん",
            "先生",
            "講師：",
            "、",
            "。",
            " ",
            "\n",
            "██氏名██",
            "██",
            "〔電話番号〕",
            "090-1234-5678",
            "０８５３",
            "-21-0000",
            "昭和十二年三月四日",
            "S12.3.4",
            "出雲市今市町1-2-3",
            "コーポ大津101号室",
            "〒693-0001",
            "123456789018",
            "被保険者番号",
            "0000123456",
            "taro@gmail.com",
            "ﾔﾏﾀﾞ ﾊﾅｺ",
            "（82）",
            "と",
            "の件",
            "小川",
            "TEL",
            "娘の携帯",
            "🏠",
            "\u{200b}",
            "𠮷田",
        ]);
        prop_oneof![
            prop::collection::vec(fragment, 0..12).prop_map(|parts| parts.concat()),
            any::<String>(),
            "[0-9０-９〇一二三四五六七八九十百年月日丁目番号ー－ ()+山田花子さ様ァ-ヴｦ-ﾟ@.]{0,60}",
        ]
    }

    fn contexts() -> impl Strategy<Value = Context> {
        prop::sample::select(Context::ALL.to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn marks_lie_on_characters_in_order_and_apart(text in texts(), context in contexts()) {
            let screened = Screen::default().check(&text, context);
            let mut end = 0;
            for mark in &screened.marks {
                prop_assert!(end <= mark.start && mark.start < mark.end, "{screened:?}");
                prop_assert!(text.get(mark.start..mark.end).is_some(), "{screened:?}");
                end = mark.end;
            }
        }

        // R8
        #[test]
        fn masking_masked_text_finds_nothing_more(text in texts(), context in contexts()) {
            let screen = Screen::default();
            let once = screen.check(&text, context);
            let twice = screen.check(once.masked(), context);
            prop_assert!(!twice.blocks(), "{:?}", twice.marks);
            prop_assert_eq!(twice.masked(), once.masked());
        }

        // R8
        #[test]
        fn masked_text_is_the_text_with_every_blocked_span_replaced(text in texts(), context in contexts()) {
            let screened = Screen::default().check(&text, context);
            let mut expected = text.clone();
            for mark in screened.marks.iter().rev().filter(|mark| mark.action == Action::Block) {
                expected.replace_range(mark.start..mark.end, mark.kind.placeholder());
            }
            prop_assert_eq!(screened.masked(), expected);
        }
    }

    /// Finds whatever it was told to.
    #[derive(Debug)]
    struct Told(Vec<Finding>);

    impl PersonalInfoDetector for Told {
        fn detect(&self, _: &str, _: Context) -> Vec<Finding> {
            self.0.clone()
        }
    }

    fn finding(start: usize, end: usize, kind: PiiKind) -> Finding {
        Finding { start, end, kind, confidence: Confidence::percent(90), reason: "told" }
    }

    fn check(text: &str, findings: Vec<Finding>) -> Screened {
        Screen::new(Arc::new(Told(findings)), Arc::new(DefaultPolicy)).check(text, Context::Consultation)
    }

    #[test]
    fn a_detectors_spans_are_widened_to_characters_and_cut_at_the_end() {
        let screened = check("山田花子", vec![finding(4, 5, PiiKind::PersonName)]);
        assert_eq!((screened.marks[0].start, screened.marks[0].end), (3, 6));
        let screened =
            check("山田", vec![finding(0, 600, PiiKind::PersonName), finding(900, 901, PiiKind::Phone)]);
        assert_eq!(screened.masked(), "██氏名██");
    }

    #[test]
    fn of_two_findings_that_overlap_no_blocked_byte_is_lost() {
        let both = vec![finding(0, 4, PiiKind::OrgPhone), finding(2, 6, PiiKind::Phone)];
        assert_eq!(check("012345", both).masked(), "01██電話番号██");
        let both = vec![finding(0, 4, PiiKind::Phone), finding(2, 6, PiiKind::Email)];
        let screened = check("012345", both);
        assert!(!screened.masked().contains(|c: char| c.is_ascii_digit()), "{}", screened.masked());
    }

    #[test]
    fn a_text_that_cannot_be_freed_of_findings_is_masked_whole() {
        #[derive(Debug)]
        struct Insatiable;
        impl PersonalInfoDetector for Insatiable {
            fn detect(&self, text: &str, _: Context) -> Vec<Finding> {
                let at = text.char_indices().find(|(_, c)| c.is_ascii_digit());
                at.map(|(at, _)| finding(at, at + 1, PiiKind::Phone)).into_iter().collect()
            }
        }
        let screen = Screen::new(Arc::new(Insatiable), Arc::new(DefaultPolicy));
        assert_eq!(screen.check("a0123456789b", Context::Consultation).masked(), "██電話番号██");
    }

    #[test]
    fn a_mobile_number_is_one_however_it_is_written() {
        for mobile in [
            "090-1234-5678",
            "０８０　１２３４５６７８",
            "〇七〇−一二三四−五六七八",
            "+81 90-1234-5678",
            "⓪⑨⓪12345678",
        ] {
            assert!(is_mobile_number(mobile), "{mobile}");
        }
        for other in ["03-1234-5678", "0853-21-0000", "+81 3-1234-5678", "0120-000-000", ""] {
            assert!(!is_mobile_number(other), "{other}");
        }
    }

    // R7
    #[test]
    fn an_answer_may_give_an_offices_number_and_nobodys_mobile() {
        let answer = |text: &str| Screen::default().check(text, Context::StaffAnswer);
        assert!(!answer("お問い合わせ：地域連携室 TEL 0853-21-0000").blocks());
        let screened = answer("地域連携室は0853-21-0000、患者の連絡先は090-1234-5678です");
        assert!(screened.blocks(), "{screened:?}");
        assert!(screened.masked().contains("0853-21-0000") && !screened.masked().contains("090-1234"));
    }

    // R8
    #[test]
    fn what_was_screened_is_not_in_its_debug_form() {
        let screened = Screen::default().check("山本さんの電話は090-1234-5678、秘密", Context::Consultation);
        let debug = format!("{screened:?}");
        assert!(!debug.contains("山本") && !debug.contains("5678") && !debug.contains("秘密"), "{debug}");
    }

    #[test]
    fn what_the_demonstration_shows_is_decided_as_it_should_be() {
        use Context::{Consultation, Post};
        for (text, context, action) in [
            ("山本さん(82)の退院が決まりました", Consultation, Action::Block),
            ("連絡は090-1234-5678へ", Consultation, Action::Block),
            ("被保険者番号は0000123456です", Consultation, Action::Block),
            ("123456789018で申請しました", Consultation, Action::Block),
            ("お問い合わせ：〇〇事務局 TEL 0853-21-0000", Post, Action::Allow),
            ("講師：佐々木健一先生", Post, Action::Warn),
            ("訪問看護の指示書はいつまでに要りますか", Consultation, Action::Allow),
        ] {
            assert_eq!(Screen::default().check(text, context).strictest(), action, "{text}");
        }
    }
}
