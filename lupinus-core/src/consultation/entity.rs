use std::{collections::BTreeSet, fmt, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Media, Rated, Topic};
use crate::{
    calendar::OfficeHours,
    ids::{BodyId, ConsultationId, EntryId, MemberId, StaffId},
    screening::PiiKind,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Most messages and answers in one consultation.
pub const MAX_ENTRIES: usize = 200;
/// Most text in one thread, in bytes of UTF-8: with the notes it fits a record.
pub const MAX_THREAD_BYTES: usize = 1_500_000;
/// Longest message of a member as it is stored, in `char`s: LINE's longest text, and room for what masking adds, should it be a
/// list of short names.
pub const MAX_MESSAGE_CHARS: usize = 20_000;
/// Longest answer, in `char`s.
pub const MAX_ANSWER_CHARS: usize = 2_000;
/// Most notes in one consultation.
pub const MAX_NOTES: usize = 50;
/// Longest note, in `char`s.
pub const MAX_NOTE_CHARS: usize = 1_000;
/// Most tags of one consultation.
pub const MAX_TAGS: usize = 10;
/// Longest tag, in `char`s.
pub const MAX_TAG_CHARS: usize = 20;

/// Where a consultation is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// 受付: nobody has it in hand yet.
    Open,
    /// 対応中: the member waits for an answer.
    Assigned {
        /// Whose it is.
        to: StaffId,
    },
    /// 返信待ち: answered; the member may say more.
    AwaitingMember {
        /// Whose it is.
        to: StaffId,
    },
    /// 解決
    Resolved {
        /// When.
        at: Timestamp,
        /// Whether by the member's silence, and not by a person.
        by_silence: bool,
    },
}

impl State {
    /// Its name in indexes, tables and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned { .. } => "assigned",
            Self::AwaitingMember { .. } => "awaiting_member",
            Self::Resolved { .. } => "resolved",
        }
    }

    /// The word that staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Open => "受付",
            Self::Assigned { .. } => "対応中",
            Self::AwaitingMember { .. } => "返信待ち",
            Self::Resolved { .. } => "解決",
        }
    }
}

/// Who speaks in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// The member.
    Member,
    /// One of the staff, for the centre.
    Staff(StaffId),
}

/// What a member said, screened. `Debug` prints none of the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The text, masked.
    pub text: String,
    /// What was masked in it.
    pub masked: Vec<PiiKind>,
    /// The channel's id of the message, by which an `unsend` names it.
    pub channel_message: Option<String>,
    /// What it is about, if they chose.
    pub topic: Option<Topic>,
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Said({} bytes, masked {:?}, {:?})", self.text.len(), self.masked, self.topic)
    }
}

/// One message or answer. `Debug` prints none of the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Ours.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// Who said it.
    pub from: Voice,
    /// What they said, masked; `None` once it was erased.
    pub text: Option<String>,
    /// What was masked in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<PiiKind>,
    /// The picture or file that it is; gone with the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// The channel's id of the message; gone with the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_message: Option<String>,
}

impl Entry {
    /// The same entry without what was said.
    pub(super) fn erased(&self) -> Self {
        Self { text: None, media: None, channel_message: None, ..self.clone() }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} from {:?}, erased: {})", self.id, self.from, self.text.is_none())
    }
}

/// Whose desk something is handed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Desk {
    /// A colleague's (引継ぎ).
    Staff(StaffId),
    /// A professional body's (取次ぎ).
    Body(BodyId),
}

/// A note among staff, never seen by the member. `Debug` prints none of the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: StaffId,
    /// What it says; `None` once it was erased.
    pub text: Option<String>,
    /// To whose desk the consultation was handed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<Desk>,
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Note(by {}, erased: {})", self.by, self.text.is_none())
    }
}

/// A consultation with its whole thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Ours.
    pub id: ConsultationId,
    /// Who asks.
    pub member: MemberId,
    /// Where it is on its way.
    pub state: State,
    /// Who has it in hand, had it last, or is to have it next. In [`State::Assigned`] and [`State::AwaitingMember`] the
    /// one whom the state names.
    pub handler: Option<StaffId>,
    /// What it is about, if the member chose.
    pub topic: Option<Topic>,
    /// What was said, oldest first: at most [`MAX_ENTRIES`].
    pub thread: Vec<Entry>,
    /// Notes among staff, oldest first: at most [`MAX_NOTES`].
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Words by which staff find it again: at most [`MAX_TAGS`].
    #[serde(default)]
    pub tags: BTreeSet<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Since when the member waits for the centre; `None` when they do not.
    pub waiting_since: Option<Timestamp>,
    /// When the member last said something.
    pub last_member_at: Timestamp,
    /// When the centre first answered.
    pub first_answer_at: Option<Timestamp>,
    /// When the centre last answered.
    pub last_answer_at: Option<Timestamp>,
    /// When it was resolved; `None` when it is not.
    pub resolved_at: Option<Timestamp>,
    /// How often it was taken up again.
    #[serde(default)]
    pub reopened: u32,
    /// The closed period (its beginning) in which the member had the automatic answer last.
    pub auto_answered: Option<Timestamp>,
    /// What its member said of it when it was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated: Option<Rated>,
    /// The earlier consultation of the same member in which this one goes on (統合).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ConsultationId>,
}

impl Consultation {
    /// Whether nothing more is to be done.
    pub fn is_resolved(&self) -> bool {
        matches!(self.state, State::Resolved { .. })
    }

    /// How long the member has been waiting at `now`, in opening hours; `None` when they do not wait.
    pub fn waiting_time(&self, hours: &OfficeHours, now: Timestamp) -> Option<Duration> {
        self.waiting_since.map(|since| hours.open_duration(since, now))
    }

    /// From the question to the centre's first answer, in opening hours.
    pub fn time_to_first_answer(&self, hours: &OfficeHours) -> Option<Duration> {
        self.first_answer_at.map(|at| hours.open_duration(self.opened_at, at))
    }

    /// From the question to its (last) end, in opening hours.
    pub fn time_to_resolution(&self, hours: &OfficeHours) -> Option<Duration> {
        self.resolved_at.map(|at| hours.open_duration(self.opened_at, at))
    }

    /// The value of an instant in the time-ordered indexes.
    pub(crate) fn stamp(at: Timestamp) -> String {
        format!("{:015}", at.as_millisecond())
    }

    pub(super) fn thread_bytes(&self) -> usize {
        self.thread.iter().filter_map(|entry| entry.text.as_ref()).map(String::len).sum()
    }
}

impl Entity for Consultation {
    const KIND: Kind = Kind::new("consultation");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Consultation;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let opened = Self::stamp(self.opened_at);
        let mut indexes = vec![
            IndexEntry::new("member", format!("{} {opened}", self.member)),
            IndexEntry::new("opened", opened.as_str()),
        ];
        match self.state {
            State::Resolved { at, .. } => indexes.push(IndexEntry::new("resolved", Self::stamp(at))),
            State::Open | State::Assigned { .. } | State::AwaitingMember { .. } => {
                // Two messages at once open one consultation: the second conflicts, and joins.
                indexes.push(IndexEntry::unique("unresolved_of", self.member.to_string()));
                indexes.push(IndexEntry::new("unresolved", opened));
                if let Some(handler) = self.handler {
                    let since = Self::stamp(self.waiting_since.unwrap_or(self.last_member_at));
                    indexes.push(IndexEntry::new("handler", format!("{handler} {since}")));
                }
            }
        }
        if let Some(earlier) = self.merged_into {
            indexes.push(IndexEntry::new("merged_into", earlier.to_string()));
        }
        if let Some(since) = self.waiting_since {
            indexes.push(IndexEntry::new("waiting", Self::stamp(since)));
        }
        if let (State::AwaitingMember { .. }, Some(answered)) = (self.state, self.last_answer_at) {
            indexes.push(IndexEntry::new("silent", Self::stamp(answered)));
        }
        for file in self.files() {
            indexes.push(IndexEntry::new("file", file.to_hex()));
        }
        for message in self.thread.iter().filter_map(|entry| entry.channel_message.as_deref()) {
            indexes.push(IndexEntry::new("channel_message", message));
        }
        indexes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","member":"00000000-0000-0000-0000-000000000002","state":{"is":"assigned","to":"00000000-0000-0000-0000-000000000003"},"handler":"00000000-0000-0000-0000-000000000003","topic":"end_of_life","thread":[{"id":"00000000-0000-0000-0000-000000000004","at":"2026-10-05T01:00:00Z","from":"member","text":"〔氏名〕の件です","masked":["person_name"],"channel_message":"m1"},{"id":"00000000-0000-0000-0000-000000000005","at":"2026-10-05T01:05:00Z","from":{"staff":"00000000-0000-0000-0000-000000000003"},"text":null}],"notes":[{"at":"2026-10-05T01:06:00Z","by":"00000000-0000-0000-0000-000000000003","text":"確認中"}],"tags":["急ぎ"],"opened_at":"2026-10-05T01:00:00Z","waiting_since":"2026-10-05T01:10:00Z","last_member_at":"2026-10-05T01:10:00Z","first_answer_at":"2026-10-05T01:05:00Z","last_answer_at":"2026-10-05T01:05:00Z","resolved_at":null,"reopened":0,"auto_answered":null}"#;

    #[test]
    fn a_stored_consultation_keeps_its_form() {
        let read: Consultation = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        assert!(matches!(read.state, State::Assigned { .. }));
        assert_eq!(read.thread.len(), 2);
    }

    #[test]
    fn a_consultation_is_found_by_what_it_waits_for() {
        let mut consultation: Consultation = serde_json::from_str(STORED).unwrap();
        let names = |consultation: &Consultation| -> Vec<String> {
            consultation.indexes().into_iter().map(|entry| entry.index.into_owned()).collect()
        };
        assert_eq!(
            names(&consultation),
            ["member", "opened", "unresolved_of", "unresolved", "handler", "waiting", "channel_message"]
        );
        let (to, at) = (consultation.thread[1].from, consultation.opened_at);
        let Voice::Staff(to) = to else { panic!("{to:?}") };
        consultation.state = State::AwaitingMember { to };
        consultation.waiting_since = None;
        assert_eq!(
            names(&consultation),
            ["member", "opened", "unresolved_of", "unresolved", "handler", "silent", "channel_message"]
        );
        consultation.state = State::Resolved { at, by_silence: true };
        assert_eq!(names(&consultation), ["member", "opened", "resolved", "channel_message"]);
    }
}
