//! Frequently asked questions (よくある質問): what somebody asked and the centre answered, for every member to read once two people
//! have seen to it that nobody can be recognised.
//!
//! [`Faq::decide`] is the whole workflow, a pure function: whoever answers consultations drafts, somebody else looks and publishes,
//! anyone of them withdraws. Members read what is published and nothing else; each change of the words takes an entry from them until
//! somebody else has looked again.

mod decide;
mod query;

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    decide::{Command, Context, Decision, Refusal, Seen},
    query::FaqQuery,
};
use crate::{
    consultation::{Consultation, Entry, Topic, Voice},
    hash::Sha256Hash,
    ids::{ConsultationId, FaqId, StaffId},
    screening::Allowance,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Longest question, in `char`s: a card on a telephone shows it whole.
pub const MAX_QUESTION_CHARS: usize = 200;
/// Longest answer, in `char`s.
pub const MAX_ANSWER_CHARS: usize = 1_500;
/// Most wordings of one entry that are kept; the oldest goes first.
pub const MAX_WORDINGS: usize = 30;
/// Most entries of a city.
pub const MAX_FAQS: usize = 500;

/// What somebody writes. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// What is asked: at most [`MAX_QUESTION_CHARS`].
    pub question: String,
    /// What the centre answers: at most [`MAX_ANSWER_CHARS`].
    pub answer: String,
    /// Under what members find it.
    pub topic: Topic,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.topic.name())
    }
}

impl Words {
    /// What a consultation suggests, as it stands there: what its member said before the first answer, and all that was answered.
    /// `None` before there is an answer, and when its words are gone.
    pub fn suggested_by(consultation: &Consultation) -> Option<Self> {
        let is_asked = |entry: &&Entry| entry.from == Voice::Member;
        let words = |entry: &'_ Entry| entry.text.clone();
        let thread = consultation.thread.iter();
        let question: Vec<String> = thread.clone().take_while(is_asked).filter_map(words).collect();
        let answer: Vec<String> = thread.filter(|entry| !is_asked(entry)).filter_map(words).collect();
        if question.is_empty() || answer.is_empty() {
            return None;
        }
        let topic = consultation.topic.unwrap_or(Topic::Other);
        Some(Self { question: question.join("\n"), answer: answer.join("\n\n"), topic })
    }

    /// By what it is told that somebody has read these words and no others.
    pub fn fingerprint(&self) -> Sha256Hash {
        Sha256Hash::of_json(&(&self.question, &self.answer))
    }
}

/// How an entry read from some moment on. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The first is 1; never used twice.
    pub number: u32,
    /// What is asked.
    pub question: String,
    /// What the centre answers.
    pub answer: String,
    /// Under what members find it.
    pub topic: Topic,
    /// What screening found in it and whoever wrote it let pass, with reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Allowance>,
    /// Who wrote it, or took it up again.
    pub by: StaffId,
    /// Whoever once wrote these words or took them up again, whatever other wordings are still kept.
    pub authors: BTreeSet<StaffId>,
    /// When.
    pub at: Timestamp,
    /// Who saw that nobody can be recognised by it, and let members read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<StaffId>,
}

impl Wording {
    /// Whether two say the same to whoever reads them.
    fn says_as(&self, other: &Self) -> bool {
        self.question == other.question && self.answer == other.answer
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wording({} by {})", self.number, self.by)
    }
}

/// Why an entry is withdrawn. A closed list: the trail holds no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Somebody might be recognised by it.
    Recognisable,
    /// It is not true.
    Wrong,
    /// It is true no more.
    Outdated,
    /// It is not needed.
    NotNeeded,
}

impl Why {
    /// Every reason, in the order of forms.
    pub const ALL: [Self; 4] = [Self::Recognisable, Self::Wrong, Self::Outdated, Self::NotNeeded];

    /// Its name in forms and in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recognisable => "recognisable",
            Self::Wrong => "wrong",
            Self::Outdated => "outdated",
            Self::NotNeeded => "not_needed",
        }
    }

    /// The reason with this [`Why::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Recognisable => "個人が分かるおそれがある",
            Self::Wrong => "内容に誤りがある",
            Self::Outdated => "内容が古くなった",
            Self::NotNeeded => "必要がなくなった",
        }
    }
}

/// Where an entry is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// 下書き: it waits for somebody else to look at it.
    Draft,
    /// 公開: members read it.
    Published {
        /// Since when.
        at: Timestamp,
    },
    /// 取下げ: members read it no more.
    Withdrawn {
        /// By whom.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// Why.
        why: Why,
    },
}

impl State {
    /// The names of all states, in the order of lists.
    pub const NAMES: [&'static str; 3] = ["draft", "published", "withdrawn"];

    /// Its name in indexes and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The word that staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Draft => "下書き",
            Self::Published { .. } => "公開中",
            Self::Withdrawn { .. } => "取下げ",
        }
    }
}

/// An entry of the frequently asked questions with its wordings. Nothing in it leads to a member but the id of the consultation, for as
/// long as there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faq {
    /// Ours.
    pub id: FaqId,
    /// From which consultation it came; that may be gone.
    pub consultation: ConsultationId,
    /// Who drafted it.
    pub drafted_by: StaffId,
    /// Where it is on its way.
    pub state: State,
    /// How it reads, and how it read before: the last one counts.
    pub wordings: Vec<Wording>,
}

impl Faq {
    /// How it reads now; `None` of one without a wording, which is never stored.
    pub fn wording(&self) -> Option<&Wording> {
        self.wordings.last()
    }

    /// The number of how it reads now.
    pub fn number(&self) -> u32 {
        self.wording().map_or(0, |wording| wording.number)
    }

    /// What members read; `None` while they read nothing of it.
    pub fn published(&self) -> Option<&Wording> {
        self.wording().filter(|_| matches!(self.state, State::Published { .. }))
    }

    /// Whether this one of the staff drafted it, or once wrote or took up again what it says now: their word is not a second pair of eyes.
    pub fn is_by(&self, staff: StaffId) -> bool {
        staff == self.drafted_by || self.wording().is_none_or(|now| now.authors.contains(&staff))
    }

    /// What is left when its member's words are erased: the wordings that somebody confirmed, as a draft where a later one went. `None`
    /// when nobody confirmed any.
    #[must_use]
    pub fn without_unconfirmed(&self) -> Option<Self> {
        let mut left = self.clone();
        left.wordings.retain(|wording| wording.confirmed_by.is_some());
        let last = left.wordings.last_mut()?;
        if last.number != self.number() {
            // Whoever has read the wording that went has not read this one.
            last.number = self.number().saturating_add(1);
        }
        Some(left)
    }

    /// Whether it can be withdrawn for this reason: what was withdrawn can be once more when somebody sees that one may be recognised.
    pub fn may_be_withdrawn(&self, why: Why) -> bool {
        match self.state {
            State::Withdrawn { why: was, .. } => why == Why::Recognisable && was != why,
            State::Draft | State::Published { .. } => true,
        }
    }

    /// When it came to where it is.
    pub fn since(&self) -> Timestamp {
        match self.state {
            State::Draft => self.wording().map_or(Timestamp::UNIX_EPOCH, |wording| wording.at),
            State::Published { at, .. } | State::Withdrawn { at, .. } => at,
        }
    }
}

impl Entity for Faq {
    const KIND: Kind = Kind::new("faq");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Publication;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let since = Consultation::stamp(self.since());
        let mut indexes = vec![
            IndexEntry::new("state", format!("{} {since}", self.state.name())),
            IndexEntry::new("consultation", self.consultation.to_string()),
        ];
        if !matches!(self.state, State::Withdrawn { .. }) {
            // Two who press the button at once draft one entry.
            indexes.push(IndexEntry::unique("offered_of", self.consultation.to_string()));
        }
        if let Some(wording) = self.published() {
            indexes.push(IndexEntry::new("topic", format!("{} {since}", wording.topic.name())));
        }
        indexes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","consultation":"00000000-0000-0000-0000-000000000002","drafted_by":"00000000-0000-0000-0000-000000000003","state":{"is":"published","at":"2026-10-05T02:00:00Z"},"wordings":[{"number":1,"question":"週末に吸引器を借りられますか。","answer":"地域包括支援センターへどうぞ。","topic":"rehab_equipment","allowed":[{"kind":"org_phone","text":"0577-00-0000","reason":"organisation"}],"by":"00000000-0000-0000-0000-000000000003","authors":["00000000-0000-0000-0000-000000000003"],"at":"2026-10-05T01:00:00Z","confirmed_by":"00000000-0000-0000-0000-000000000004"}]}"#;

    #[test]
    fn a_stored_entry_keeps_its_form_and_shows_none_of_its_words() {
        let read: Faq = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        assert!(!format!("{read:?}").contains("吸引器"));
    }

    #[test]
    fn an_entry_is_found_by_its_topic_only_while_members_read_it() {
        let mut entry: Faq = serde_json::from_str(STORED).unwrap();
        let names = |entry: &Faq| -> Vec<String> {
            entry.indexes().into_iter().map(|entry| entry.index.into_owned()).collect()
        };
        assert_eq!(names(&entry), ["state", "consultation", "offered_of", "topic"]);
        entry.state = State::Draft;
        assert_eq!(names(&entry), ["state", "consultation", "offered_of"]);
        entry.state = State::Withdrawn { by: entry.drafted_by, at: entry.since(), why: Why::Outdated };
        assert_eq!(names(&entry), ["state", "consultation"]);
    }

    #[test]
    fn a_reason_is_stored_by_its_name() {
        for why in Why::ALL {
            assert_eq!(serde_json::to_value(why).unwrap(), why.name());
            assert_eq!(Why::from_name(why.name()), Some(why));
        }
    }
}
