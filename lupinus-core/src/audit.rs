//! The trail of every change: append-only, one chain of hashes for each subject.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    actor::{Actor, Origin, Who},
    hash::Sha256Hash,
    ids::StaffId,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// What an entry is about: a kind and an id of ours, as in `post/0192…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// The subject `id` of kind `kind`.
    pub fn new(kind: &Kind, id: impl std::fmt::Display) -> Self {
        Self(format!("{kind}/{id}"))
    }

    /// As it stands in the record.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a subject of this kind; `None` for one of another.
    pub fn id_of(&self, kind: &Kind) -> Option<&str> {
        self.0.strip_prefix(kind.as_str())?.strip_prefix('/')
    }
}

/// What somebody did, before it has its place in a chain. Holds no person's words: those stay with the subject, where they can
/// be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What was done, a verb of ours: `post.approved`.
    pub action: &'static str,
    /// Which revision of the subject it was about.
    pub revision: Option<u32>,
    /// Figures, states and ids that say more. No text that a person wrote.
    pub detail: Value,
}

impl Act {
    /// An act with nothing more to say.
    pub fn new(action: &'static str) -> Self {
        Self { action, revision: None, detail: Value::Null }
    }

    /// With the revision it was about.
    pub fn revision(mut self, revision: u32) -> Self {
        self.revision = Some(revision);
        self
    }

    /// With more to say.
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// One link of a subject's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// What it is about.
    pub subject: Subject,
    /// Its place in the subject's chain, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// In whose stead (代決).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<StaffId>,
    /// Where from.
    pub origin: Origin,
    /// What was done.
    pub action: String,
    /// Which revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// What more there is to say.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub detail: Value,
    /// The hash of the entry before it, all zero for the first.
    pub previous: Sha256Hash,
    /// The hash of all of the above.
    pub hash: Sha256Hash,
}

impl AuditEntry {
    /// The entry that `actor` adds to the chain that ends in `tip`.
    pub fn after(tip: &AuditTip, actor: &Actor, act: Act, now: Timestamp) -> Self {
        let mut entry = Self {
            subject: tip.subject.clone(),
            number: tip.number + 1,
            at: now,
            who: actor.who,
            on_behalf_of: actor.on_behalf_of.as_ref().map(|(id, _)| *id),
            origin: actor.origin,
            action: act.action.to_owned(),
            revision: act.revision,
            detail: act.detail,
            previous: tip.hash,
            hash: Sha256Hash::ZERO,
        };
        entry.hash = entry.computed_hash();
        entry
    }

    /// What its hash must be: SHA-256 over its JSON with a hash of zero.
    pub fn computed_hash(&self) -> Sha256Hash {
        let unsealed = Self { hash: Sha256Hash::ZERO, ..self.clone() };
        Sha256Hash::of_json(&unsealed)
    }
}

impl Entity for AuditEntry {
    const KIND: Kind = Kind::new("audit");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Audit;

    fn key(&self) -> String {
        Self::key_of(&self.subject, self.number)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("at", format!("{:015}", self.at.as_millisecond()))]
    }
}

impl AuditEntry {
    /// The key of a subject's entry: subjects together, in order.
    pub fn key_of(subject: &Subject, number: u64) -> String {
        format!("{}#{number:010}", subject.as_str())
    }
}

/// Where a subject's chain ends: without it, cutting the last entries off would go unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditTip {
    /// The subject.
    pub subject: Subject,
    /// The number of its last entry; 0 for none.
    pub number: u64,
    /// The hash of its last entry.
    pub hash: Sha256Hash,
}

impl AuditTip {
    /// The tip of a chain that has not begun.
    pub const fn unborn(subject: Subject) -> Self {
        Self { subject, number: 0, hash: Sha256Hash::ZERO }
    }
}

impl Entity for AuditTip {
    const KIND: Kind = Kind::new("audit_tip");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Audit;

    fn key(&self) -> String {
        self.subject.as_str().to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The numbers leave one out.
    #[error("{} number {number} is missing", .subject.as_str())]
    Missing {
        /// The chain.
        subject: Subject,
        /// The number that should stand there.
        number: u64,
    },
    /// An entry is not what it was when it was written.
    #[error("{} number {number} was altered", .subject.as_str())]
    Altered {
        /// The chain.
        subject: Subject,
        /// The entry.
        number: u64,
    },
    /// An entry does not follow from the one before.
    #[error("{} number {number} does not follow from the entry before it", .subject.as_str())]
    Unlinked {
        /// The chain.
        subject: Subject,
        /// The entry.
        number: u64,
    },
    /// The chain does not end where its tip says.
    #[error("{} should end at number {expected} and ends at {found}", .subject.as_str())]
    Cut {
        /// The chain.
        subject: Subject,
        /// The number that the tip names.
        expected: u64,
        /// The last number found.
        found: u64,
    },
    /// A record whose every change has an entry, and that has none.
    #[error("{} has no trail", .subject.as_str())]
    Absent {
        /// What it is about.
        subject: Subject,
    },
    /// What a trail tells of is gone, and no certificate of a disposal says so.
    #[error("{} is gone and no certificate says so", .subject.as_str())]
    Uncertified {
        /// What it was about.
        subject: Subject,
    },
    /// A revision of a post is not what its trail says.
    #[error("{} is not what its trail says of revision {revision}", .subject.as_str())]
    Differs {
        /// The post.
        subject: Subject,
        /// The revision.
        revision: u32,
    },
    /// Entries whose chain has no tip.
    #[error("{entries} entries belong to no chain")]
    Ownerless {
        /// How many.
        entries: u64,
    },
}

/// Checks one subject's chain, in order, against its tip.
///
/// # Errors
/// The first [`ChainFault`].
pub fn verify_chain(tip: &AuditTip, entries: &[AuditEntry]) -> Result<(), ChainFault> {
    let mut previous = AuditTip::unborn(tip.subject.clone());
    for entry in entries {
        let subject = tip.subject.clone();
        let number = previous.number + 1;
        if entry.number != number || entry.subject != subject {
            return Err(ChainFault::Missing { subject, number });
        }
        if entry.hash != entry.computed_hash() {
            return Err(ChainFault::Altered { subject, number });
        }
        if entry.previous != previous.hash {
            return Err(ChainFault::Unlinked { subject, number });
        }
        previous = AuditTip { subject, number, hash: entry.hash };
    }
    if previous == *tip {
        Ok(())
    } else {
        Err(ChainFault::Cut { subject: tip.subject.clone(), expected: tip.number, found: previous.number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u64) -> (AuditTip, Vec<AuditEntry>) {
        let mut tip = AuditTip::unborn(Subject::new(&Kind::new("post"), "p1"));
        let mut entries = Vec::new();
        for step in 0..length {
            let now = Timestamp::from_second(i64::try_from(step).unwrap()).unwrap();
            let entry = AuditEntry::after(&tip, &Actor::system(), Act::new("post.sent"), now);
            tip = AuditTip { number: entry.number, hash: entry.hash, ..tip };
            entries.push(entry);
        }
        (tip, entries)
    }

    #[test]
    fn a_chain_as_it_was_written_verifies() {
        let (tip, entries) = chain(5);
        assert_eq!(verify_chain(&tip, &entries), Ok(()));
    }

    // R19
    #[test]
    fn the_loss_of_any_entry_is_found() {
        for gone in 0..5 {
            let (tip, mut entries) = chain(5);
            entries.remove(gone);
            assert!(verify_chain(&tip, &entries).is_err(), "entry {gone}");
        }
    }

    // R19
    #[test]
    fn a_change_to_any_field_is_found() {
        let changes: [fn(&mut AuditEntry); 5] = [
            |e| e.action.push('x'),
            |e| e.at = Timestamp::from_second(99).unwrap(),
            |e| e.revision = Some(3),
            |e| e.origin = Origin::Console,
            |e| e.previous = Sha256Hash::of(b"other"),
        ];
        for change in changes {
            let (tip, mut entries) = chain(3);
            change(&mut entries[1]);
            assert!(verify_chain(&tip, &entries).is_err());
        }
    }
}
