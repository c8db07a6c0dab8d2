//! Which member one of the staff is: the LINE account at which tests and reminders reach them.
//!
//! A link gives nobody a command by LINE (R26): the chat of one who is linked is any member's chat.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    body::InvitationCode,
    hash::Sha256Hash,
    ids::{MemberId, StaffId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// How long a code to link with serves.
pub const LINK_LIFE: Duration = Duration::from_mins(15);

/// That a member is one of the staff. Kept under the member's id, so that what is held about them shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffLink {
    /// The member.
    pub member: MemberId,
    /// Who of the staff they are.
    pub staff: StaffId,
    /// Since when.
    pub since: Timestamp,
    /// Whether they are reminded on LINE, too, when a post waits for them too long (督促).
    #[serde(default = "reminds")]
    pub reminds: bool,
}

const fn reminds() -> bool {
    true
}

impl Entity for StaffLink {
    const KIND: Kind = Kind::new("staff_link");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Membership;

    fn key(&self) -> String {
        self.member.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::unique("staff", self.staff.to_string())]
    }
}

/// A code by which one of the staff links a member, for one use within [`LINK_LIFE`]. There is one of each staff at most, so that
/// those at hand are found by reading them all, and no index holds a hash that is short enough to be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkOffer {
    /// Who of the staff.
    pub staff: StaffId,
    /// The hash of its code.
    pub code_hash: Sha256Hash,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

impl LinkOffer {
    /// An offer that `code` answers, made at `now`.
    pub fn new(staff: StaffId, code: &InvitationCode, now: Timestamp) -> Self {
        let expires_at = now.checked_add(LINK_LIFE).unwrap_or(Timestamp::MAX);
        Self { staff, code_hash: Self::hash(code), expires_at }
    }

    /// Whether this code answers it, in time or not.
    pub fn is_answered_by(&self, code: &InvitationCode) -> bool {
        self.code_hash == Self::hash(code)
    }

    /// Whether it still serves.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// The link that `member` makes of it.
    ///
    /// # Errors
    /// [`LinkRefusal`], which says why not.
    pub fn taken_by(
        &self,
        member: MemberId,
        linked: Option<&StaffLink>,
        now: Timestamp,
    ) -> Result<StaffLink, LinkRefusal> {
        if !self.is_open(now) {
            return Err(LinkRefusal::Expired);
        }
        if linked.is_some() {
            return Err(LinkRefusal::MemberLinked);
        }
        Ok(StaffLink { member, staff: self.staff, since: now, reminds: true })
    }

    /// What is kept of a code: another hash than an invitation's of the same form.
    fn hash(code: &InvitationCode) -> Sha256Hash {
        Sha256Hash::of(format!("lupinus staff link {}", code.reveal()).as_bytes())
    }
}

impl Entity for LinkOffer {
    const KIND: Kind = Kind::new("link_offer");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.staff.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// Why a member and one of the staff are not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// Too late.
    #[error("the code to link with has expired")]
    Expired,
    /// The member is linked to an account already.
    #[error("the member is linked already")]
    MemberLinked,
    /// The account is linked to a member already.
    #[error("the account is linked already")]
    StaffLinked,
    /// The account is not in use.
    #[error("the account is not active")]
    Inactive,
}

impl LinkRefusal {
    /// What to tell the one of the staff who asked.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::Expired => "コードの期限が切れています。新しいコードを発行してください。",
            Self::MemberLinked => "このLINEは、すでに職員アカウントに結び付いています。",
            Self::StaffLinked => {
                "この職員アカウントには、すでにLINEが結び付いています。替えるときは、先に解除してください。"
            }
            Self::Inactive => "この職員アカウントは停止中です。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_taken_in_time_by_a_member_who_is_linked_to_nobody() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let id = uuid::Uuid::from_u128(1);
        let (staff, member) = (StaffId::from_uuid(id), MemberId::from_uuid(id));
        let code = InvitationCode::from_random(&[7; 32]);
        let offer = LinkOffer::new(staff, &code, at(0));
        assert!(offer.is_answered_by(&code));
        assert!(!offer.is_answered_by(&InvitationCode::from_random(&[8; 32])));
        assert_ne!(offer.code_hash, code.hash(), "no invitation has this hash");
        let link = offer.taken_by(member, None, at(899)).unwrap();
        assert_eq!(link, StaffLink { member, staff, since: at(899), reminds: true });
        assert_eq!(offer.taken_by(member, None, at(900)), Err(LinkRefusal::Expired));
        assert_eq!(offer.taken_by(member, Some(&link), at(1)), Err(LinkRefusal::MemberLinked));
    }
}
