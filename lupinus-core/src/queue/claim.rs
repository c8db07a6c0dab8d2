use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    audit::Subject,
    ids::StaffId,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// How long it is said of somebody that they are on something: what was claimed yesterday and is still there is nobody's again.
pub const CLAIM_LIFE: Duration = Duration::from_hours(12);

/// One of the staff is on something that waits (担当), where the workflow itself does not say who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What waits: a post, or an item of the outbox.
    pub subject: Subject,
    /// Who is on it.
    pub by: StaffId,
    /// Since when.
    pub at: Timestamp,
}

/// Somebody else is on it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colleague is on it already")]
pub struct HeldBy(pub StaffId);

impl Claim {
    /// Whether it still counts at `now`.
    pub fn counts(&self, now: Timestamp) -> bool {
        Duration::try_from(now.duration_since(self.at)).unwrap_or_default() < CLAIM_LIFE
    }

    /// The claim of `by`, when `present` stands. A colleague's is taken over by naming them, so that nobody takes one that
    /// they have not seen.
    ///
    /// # Errors
    /// [`HeldBy`] when it is somebody else's whom `instead_of` does not name.
    pub fn taken(
        subject: Subject,
        present: Option<&Self>,
        by: StaffId,
        instead_of: Option<StaffId>,
        now: Timestamp,
    ) -> Result<Self, HeldBy> {
        match present.filter(|claim| claim.counts(now)) {
            Some(claim) if claim.by != by && instead_of != Some(claim.by) => Err(HeldBy(claim.by)),
            _ => Ok(Self { subject, by, at: now }),
        }
    }

    /// The value of an instant in the `at` index.
    pub(crate) fn stamp(at: Timestamp) -> String {
        format!("{:015}", at.as_millisecond())
    }
}

impl Entity for Claim {
    const KIND: Kind = Kind::new("claim");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.subject.as_str().to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("at", Self::stamp(self.at))]
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::post::Post;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str =
        r#"{"subject":"post/1","by":"00000000-0000-0000-0000-000000000001","at":"2026-10-05T01:00:00Z"}"#;

    #[test]
    fn a_stored_claim_keeps_its_form() {
        let read: Claim = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
    }

    #[test]
    fn a_colleagues_claim_is_taken_over_by_name_alone_and_until_it_lapses() {
        let staff = |n: u128| StaffId::from_uuid(Uuid::from_u128(n));
        let (a, b, c) = (staff(1), staff(2), staff(3));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let morning = at("2026-10-05T00:00:00Z");
        let subject = || Subject::new(&Post::KIND, 1);
        let present = Claim { subject: subject(), by: a, at: morning };
        for (name, by, instead_of, now, outcome) in [
            ("nobody named", b, None, morning, Err(HeldBy(a))),
            ("somebody else named", b, Some(c), morning, Err(HeldBy(a))),
            ("the holder named", b, Some(a), morning, Ok(b)),
            ("their own once more", a, None, morning, Ok(a)),
            ("just before it lapses", b, None, at("2026-10-05T11:59:59Z"), Err(HeldBy(a))),
            ("lapsed", b, None, at("2026-10-05T12:00:00Z"), Ok(b)),
        ] {
            let taken = Claim::taken(subject(), Some(&present), by, instead_of, now);
            assert_eq!(taken.map(|claim| claim.by), outcome, "{name}");
        }
        assert_eq!(Claim::taken(subject(), None, b, None, morning).unwrap().by, b);
    }
}
