use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Class, Kept, Retention};
use crate::{
    audit::Subject,
    figures::Period,
    hash::Sha256Hash,
    ids::{DisposalId, StaffId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Most records of one disposal; the rest is for the next.
pub const MAX_ITEMS: usize = 1_000;
/// Longest reason, in `char`s.
pub const MAX_REASON_CHARS: usize = 400;

/// One record of a list. It names it by our own id, and says nothing of what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Which.
    pub subject: Subject,
    /// How long such records are kept.
    pub class: Class,
    /// The day on which it was closed.
    pub closed_on: Date,
    /// The first day on which it may go.
    pub due_on: Date,
}

/// Where a disposal is. `Debug` prints no reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// 提案: another administrator decides.
    Proposed,
    /// 不承認
    Refused {
        /// By whom.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 取下げ, also when every record of it is kept longer.
    Withdrawn {
        /// By whom.
        by: StaffId,
        /// When.
        at: Timestamp,
    },
    /// 決定: the records are going.
    Decided {
        /// By whom.
        by: StaffId,
        /// When.
        at: Timestamp,
    },
    /// 廃棄済み: the certificate.
    Done {
        /// Who decided.
        by: StaffId,
        /// When they did.
        decided_at: Timestamp,
        /// When the last record was gone.
        at: Timestamp,
        /// What stayed, and why.
        #[serde(deserialize_with = "spared")]
        spared: BTreeMap<Subject, Kept>,
    },
}

impl State {
    /// Its name in refusals and forms.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused { .. } => "refused",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Decided { .. } => "decided",
            Self::Done { .. } => "done",
        }
    }

    /// What staff read.
    pub const fn label_ja(&self) -> &'static str {
        match self {
            Self::Proposed => "決定待ち",
            Self::Refused { .. } => "不承認",
            Self::Withdrawn { .. } => "取下げ",
            Self::Decided { .. } => "廃棄中",
            Self::Done { .. } => "廃棄済み",
        }
    }
}

/// Schema 1 said what stayed, and not why.
fn spared<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Subject, Kept>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Spared {
        Because(BTreeMap<Subject, Kept>),
        Listed(BTreeSet<Subject>),
    }
    Ok(match Spared::deserialize(from)? {
        Spared::Because(spared) => spared,
        Spared::Listed(spared) => spared.into_iter().map(|subject| (subject, Kept::Touched)).collect(),
    })
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A list of records that go, with who proposed and decided it; once they are gone, the certificate (廃棄簿), which is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// Ours.
    pub id: DisposalId,
    /// The rule that the list was made by.
    pub retention: Retention,
    /// The day that it was made for.
    pub day: Date,
    /// The list, in order; at most [`MAX_ITEMS`].
    pub items: Vec<Item>,
    /// Who proposed it.
    pub proposed_by: StaffId,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it is.
    pub state: State,
}

impl Disposal {
    /// What somebody decides on: the hash of rule, day and list.
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of_json(&(self.retention, self.day, &self.items))
    }

    /// Whether everything on the list is due on its day, if records are kept that long.
    pub fn is_due_by(&self, retention: &Retention) -> bool {
        self.items.iter().all(|item| {
            let due_on = retention.due_on(item.class, item.closed_on);
            due_on.is_some_and(|due_on| due_on <= self.day)
        })
    }

    /// Whether it waits for somebody, or for records to go.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Proposed | State::Decided { .. })
    }

    /// Whether this record may be gone by it.
    pub fn covers(&self, subject: &Subject) -> bool {
        let decided = match &self.state {
            State::Decided { .. } => true,
            State::Done { spared, .. } => !spared.contains_key(subject),
            State::Proposed | State::Refused { .. } | State::Withdrawn { .. } => false,
        };
        decided && self.items.iter().any(|item| item.subject == *subject)
    }

    /// How many records of each class are on the list and went or are to go.
    pub fn counts(&self) -> BTreeMap<Class, usize> {
        let spared = match &self.state {
            State::Done { spared, .. } => Some(spared),
            _ => None,
        };
        let mut counts = BTreeMap::new();
        for item in &self.items {
            if spared.is_none_or(|spared| !spared.contains_key(&item.subject)) {
                *counts.entry(item.class).or_default() += 1;
            }
        }
        counts
    }

    /// How many records are on the list, by class and by the fiscal year in which they were closed.
    pub fn listed(&self) -> BTreeMap<(Class, Period), usize> {
        let mut counts = BTreeMap::new();
        for item in &self.items {
            if let Ok(year) = Period::fiscal_year_of(item.closed_on) {
                *counts.entry((item.class, year)).or_default() += 1;
            }
        }
        counts
    }

    /// The fiscal years in which what is on the list was closed. Figures count some of it by when it began, and count it no more: the
    /// sheets of these years and of those before them are to be kept.
    pub fn years(&self) -> BTreeSet<Period> {
        self.listed().into_keys().map(|(_, year)| year).collect()
    }
}

impl Entity for Disposal {
    const KIND: Kind = Kind::new("disposal");
    const SCHEMA: u16 = 2;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let proposed = format!("{:015}", self.proposed_at.as_millisecond());
        let mut indexes = vec![IndexEntry::new("proposed", proposed)];
        if self.is_open() {
            // One at a time: what two lists name would be counted twice.
            indexes.push(IndexEntry::unique("open", "open"));
        }
        indexes
    }
}

/// That a record is kept longer than its years say (延長). `Debug` prints no reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Which.
    pub subject: Subject,
    /// Up to and including this day it is on no list.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extension({} until {})", self.subject.as_str(), self.until)
    }
}

impl Entity for Extension {
    const KIND: Kind = Kind::new("disposal_extension");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.subject.as_str().to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 2. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","retention":{"sent_posts":{"of":5},"unsent_posts":{"of":1},"consultations":{"of":5},"incidents":{"of":10},"canned_answers":"permanent"},"day":"2032-04-05","items":[{"subject":"consultation/1","class":"consultations","closed_on":"2026-10-05","due_on":"2032-04-01"}],"proposed_by":"00000000-0000-0000-0000-000000000002","proposed_at":"2032-04-05T01:00:00Z","state":{"is":"done","by":"00000000-0000-0000-0000-000000000003","decided_at":"2032-04-06T01:00:00Z","at":"2032-04-06T01:05:00Z","spared":{"consultation/2":"touched"}}}"#;

    // Schema 1 said of what stayed nothing more than which.
    #[test]
    fn a_certificate_of_schema_1_is_read() {
        let told = r#""spared":{"consultation/2":"touched"}"#;
        let before: Disposal =
            serde_json::from_str(&STORED.replace(told, r#""spared":["consultation/2"]"#)).unwrap();
        assert_eq!(before, serde_json::from_str(STORED).unwrap());
    }

    #[test]
    fn a_stored_certificate_keeps_its_form_and_knows_what_it_covers() {
        let read: Disposal = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        let of = |id: &str| Subject::new(&Kind::new("consultation"), id);
        assert!(read.covers(&of("1")) && !read.covers(&of("2")) && !read.covers(&of("3")));
        let proposed = Disposal { state: State::Proposed, ..read.clone() };
        assert!(!proposed.covers(&of("1")) && proposed.is_open() && !read.is_open());
        assert_eq!(proposed.hash(), read.hash());
    }

    #[test]
    fn no_reason_is_printed() {
        let by = StaffId::from_uuid(uuid::Uuid::from_u128(1));
        let (reason, at) = ("係争中".to_owned(), Timestamp::UNIX_EPOCH);
        let state = State::Refused { by, at, reason: reason.clone() };
        let subject = Subject::new(&Kind::new("post"), 1);
        let extension = Extension { subject, until: jiff::civil::date(2033, 4, 1), reason, by, at };
        assert!(!format!("{state:?} {extension:?}").contains("係争中"));
    }
}
