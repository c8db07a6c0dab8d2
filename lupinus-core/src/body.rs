//! Professional bodies (職能団体) and the invitations by which their submitters prove themselves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    hash::Sha256Hash,
    ids::{BodyId, InvitationId, MemberId, StaffId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// A professional body that hands in posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Ours.
    pub id: BodyId,
    /// Its name as members read it.
    pub name: String,
    /// Whether it may hand in posts.
    pub active: bool,
}

impl Entity for Body {
    const KIND: Kind = Kind::new("body");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::unique("name", self.name.as_str())]
    }
}

/// How many characters an invitation code has, without its hyphen.
pub const CODE_CHARS: usize = 10;

/// No digit or letter that is taken for another when read aloud or from paper.
const CODE_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";

/// A code that makes one member a submitter of one body, or tells which of the staff they are
/// ([`LinkOffer`](crate::linking::LinkOffer)). Shown once, kept as a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(String);

impl InvitationCode {
    /// The code that 32 random bytes make: about 49 bits, for one use within days.
    pub fn from_random(random: &[u8; 32]) -> Self {
        let letters = random.chunks(3).take(CODE_CHARS).map(|chunk| {
            let number = chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
            char::from(CODE_ALPHABET[number % CODE_ALPHABET.len()])
        });
        Self(letters.collect())
    }

    /// The code in what somebody typed: case, width, spaces and hyphens do not matter. `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        use unicode_normalization::UnicodeNormalization;
        let code: String = text
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '−' | 'ー' | '―'))
            .flat_map(char::to_uppercase)
            .collect();
        let fits = code.len() == CODE_CHARS && code.bytes().all(|byte| CODE_ALPHABET.contains(&byte));
        fits.then_some(Self(code))
    }

    /// As it is handed over: `ABCDE-FGHJK`.
    pub fn reveal(&self) -> String {
        let (left, right) = self.0.split_at(CODE_CHARS / 2);
        format!("{left}-{right}")
    }

    /// What is kept of it.
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of(format!("lupinus invitation {}", self.0).as_bytes())
    }
}

impl std::fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

/// An invitation to submit for a body: one use, one time limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Ours.
    pub id: InvitationId,
    /// For which body.
    pub body: BodyId,
    /// The hash of its code.
    pub code_hash: Sha256Hash,
    /// Who made it.
    pub created_by: StaffId,
    /// When.
    pub created_at: Timestamp,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
    /// Who used it, and when.
    pub used: Option<(MemberId, Timestamp)>,
    /// When it was called back.
    pub revoked_at: Option<Timestamp>,
}

/// Why an invitation cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRefusal {
    /// Somebody used it.
    #[error("the invitation was used before")]
    Used,
    /// Too late.
    #[error("the invitation has expired")]
    Expired,
    /// Called back.
    #[error("the invitation was revoked")]
    Revoked,
}

impl Invitation {
    /// The invitation once `member` has used it.
    ///
    /// # Errors
    /// [`InvitationRefusal`], which says why not.
    pub fn redeem(&self, member: MemberId, now: Timestamp) -> Result<Self, InvitationRefusal> {
        if self.used.is_some() {
            return Err(InvitationRefusal::Used);
        }
        if self.revoked_at.is_some() {
            return Err(InvitationRefusal::Revoked);
        }
        if now >= self.expires_at {
            return Err(InvitationRefusal::Expired);
        }
        Ok(Self { used: Some((member, now)), ..self.clone() })
    }

    /// Whether it could still be used at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

impl Entity for Invitation {
    const KIND: Kind = Kind::new("invitation");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![
            IndexEntry::unique("code", self.code_hash.to_hex()),
            IndexEntry::new("body", self.body.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = InvitationCode::from_random(&[7; 32]);
        let shown = code.reveal();
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), format!(" {shown}\n")] {
            assert_eq!(InvitationCode::parse(&typed), Some(code.clone()), "{typed:?}");
        }
        let full_width: String = shown
            .chars()
            .map(|c| if c == '-' { 'ー' } else { char::from_u32(c as u32 + 0xFEE0).unwrap() })
            .collect();
        assert_eq!(InvitationCode::parse(&full_width), Some(code));
        for other in ["", "ABC", "ABCDE-FGHJ0", "ABCDE-FGHJKL"] {
            assert_eq!(InvitationCode::parse(other), None, "{other:?}");
        }
    }

    #[test]
    fn an_invitation_serves_once_and_in_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let id = uuid::Uuid::from_u128(1);
        let open = Invitation {
            id: InvitationId::from_uuid(id),
            body: BodyId::from_uuid(id),
            code_hash: Sha256Hash::ZERO,
            created_by: StaffId::from_uuid(id),
            created_at: at(0),
            expires_at: at(100),
            used: None,
            revoked_at: None,
        };
        let member = MemberId::from_uuid(id);
        let used = open.redeem(member, at(99)).unwrap();
        assert_eq!(used.redeem(member, at(99)), Err(InvitationRefusal::Used));
        assert_eq!(open.redeem(member, at(100)), Err(InvitationRefusal::Expired));
        let revoked = Invitation { revoked_at: Some(at(1)), ..open };
        assert_eq!(revoked.redeem(member, at(2)), Err(InvitationRefusal::Revoked));
    }
}
