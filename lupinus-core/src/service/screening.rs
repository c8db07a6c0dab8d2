//! What screening says of a post: its fields together, since a post names its organisers, venue and lecturers itself.

use bytes::Bytes;

use super::{Centre, ServiceError};
use crate::{
    post::{Content, Field, FieldMark, Look, PostAllowance},
    screening::{self, Action, AllowList, Mark, OwnWords, PiiKind},
};

/// What came of looking into a picture or file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedInto {
    /// It may be kept.
    Taken(Look),
    /// Its text holds these: it is not to be kept.
    Refused(Vec<PiiKind>),
}

/// Where a list of organisers or rooms is cut.
const CUTS: [char; 14] = ['、', '，', ',', '・', '/', '／', ';', '；', ':', '：', '\n', ' ', '　', '|'];

/// Shortest part of such a list that says something: a shorter one might be a surname.
const MIN_PART_CHARS: usize = 3;

impl Centre {
    /// What screening found in a content that somebody should know of.
    pub(super) fn marks_of(&self, content: &Content) -> Vec<FieldMark> {
        self.marks_within(content, &[])
    }

    /// The same; what was let pass in this post before passes, and keeps its mark.
    pub(super) fn marks_within(&self, content: &Content, allowed: &[PostAllowance]) -> Vec<FieldMark> {
        let texts = numbered(content);
        let words: Vec<&str> = allowed.iter().map(|given| given.allowance.text.as_str()).collect();
        let own = self.own_words(content, &texts, &words);
        let mut marks = Vec::new();
        for (field, nth, text) in texts {
            let screened = self.screen.check_within(text, screening::Context::Post, &own);
            let let_pass = |mark: &Mark| {
                text.get(mark.start..mark.end)
                    .is_some_and(|words| allowed.iter().any(|given| given.allowance.covers(words)))
            };
            let found = screened.marks.iter().filter(|mark| mark.action != Action::Allow || let_pass(mark));
            marks.extend(found.map(|mark| FieldMark { field, nth, mark: *mark }));
        }
        marks
    }

    /// What a post says of itself: the names of its organisers and venue and their contacts are nobody's, and whom it names as a
    /// lecturer is one wherever else it names them. A part in which something is found says nothing.
    fn own_words(&self, content: &Content, texts: &[(Field, usize, &str)], before: &[&str]) -> OwnWords {
        let mut allowed: Vec<&str> =
            content.sender.as_deref().into_iter().chain(before.iter().copied()).collect();
        let mut professionals = Vec::new();
        for (field, _, text) in texts {
            let marks = self.screen.check(text, screening::Context::Post).marks;
            let span = |mark: &Mark| text.get(mark.start..mark.end);
            let lecturers = marks.iter().filter(|mark| mark.kind == PiiKind::ProfessionalName);
            professionals.extend(lecturers.filter_map(span));
            if !matches!(field, Field::Venue | Field::Hosts | Field::Contact) {
                continue;
            }
            let open = marks.iter().filter(|mark| mark.action == Action::Allow);
            allowed.extend(open.filter_map(span));
            if *field != Field::Contact {
                allowed.extend(clean_parts(text, &marks));
            }
        }
        OwnWords { allowed: list(allowed), professionals: list(professionals) }
    }
}

/// The texts of a content with their numbers within their fields.
fn numbered(content: &Content) -> Vec<(Field, usize, &str)> {
    let mut texts: Vec<(Field, usize, &str)> = Vec::new();
    for (field, text) in content.texts() {
        let nth = texts.iter().filter(|(known, ..)| *known == field).count();
        texts.push((field, nth, text));
    }
    texts
}

/// The parts of a list in which nothing was found.
fn clean_parts<'a>(text: &'a str, marks: &[Mark]) -> Vec<&'a str> {
    let mut at = 0;
    let mut parts = Vec::new();
    for part in text.split(CUTS) {
        let (start, end) = (at, at + part.len());
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let found = |mark: &Mark| mark.action != Action::Allow && mark.start < end && start < mark.end;
        if part.chars().count() >= MIN_PART_CHARS && !marks.iter().any(found) {
            parts.push(part);
        }
    }
    parts
}

/// A list of what can be one.
fn list(words: Vec<&str>) -> AllowList {
    let words = words.into_iter().filter(|word| AllowList::check(word).is_ok());
    AllowList::new(words).unwrap_or_default()
}

impl Centre {
    /// Refuses a text in which screening blocks something.
    pub(super) fn refuse_personal(
        &self,
        text: &str,
        context: screening::Context,
    ) -> Result<(), ServiceError> {
        let screened = self.screen.check(text, context);
        if screened.blocks() { Err(ServiceError::PersonalInformation(screened.marks)) } else { Ok(()) }
    }

    /// Looks into a picture or file before it is kept: what can be read of its text is screened as whatever else is written in
    /// `context` (R11).
    pub async fn look_into(&self, media_type: &str, bytes: Bytes, context: screening::Context) -> LookedInto {
        let Some(text) = self.reader.text(media_type, bytes).await else {
            return LookedInto::Taken(Look::Blind);
        };
        let kinds = |action: Action, marks: &[Mark]| {
            let mut kinds: Vec<PiiKind> =
                marks.iter().filter(|mark| mark.action >= action).map(|mark| mark.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        };
        let marks = self.screen.check(&text.words, context).marks;
        let blocked = kinds(Action::Block, &marks);
        let confirms = context == screening::Context::Post && self.policy().posts.confirm_instead_of_block;
        if !blocked.is_empty() && !confirms {
            return LookedInto::Refused(blocked);
        }
        LookedInto::Taken(if text.whole {
            Look::Read { found: kinds(Action::Warn, &marks) }
        } else {
            Look::Blind
        })
    }
}
