//! The centre's staff and their accounts.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Roles,
    hash::Sha256Hash,
    ids::StaffId,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// A password as the hashing library wrote it (a PHC string). `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash in this PHC string.
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC string, for the hashing library alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What somebody's authenticator shares with us, in base 32. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactorSecret(String);

impl FactorSecret {
    /// The secret in this base 32 text.
    pub fn new(base32: impl Into<String>) -> Self {
        Self(base32.into())
    }

    /// The base 32 text, for the library that checks codes, and to be shown once to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorSecret(…)")
    }
}

/// A second factor: an authenticator that shows a code for each half minute, and codes for the day it is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// What the authenticator shares with us.
    pub secret: FactorSecret,
    /// The step of the last code that served: each serves once, and none from before it.
    pub last_step: u64,
    /// The hashes of the recovery codes that have not served.
    pub recovery: BTreeSet<Sha256Hash>,
    /// Since when.
    pub since: Timestamp,
    /// Wrong codes since the last right one.
    #[serde(default)]
    pub failures: u32,
    /// Until when no code is taken, after too many wrong ones.
    #[serde(default)]
    pub locked_until: Option<Timestamp>,
}

/// What somebody shows beside their password. Whether the code was right is known to whoever has checked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorProof {
    /// A code of the authenticator, of this step.
    Code {
        /// The half minute that it is of, counted from 1970.
        step: u64,
    },
    /// A recovery code with this hash.
    Recovery {
        /// SHA-256 of the code.
        hash: Sha256Hash,
    },
}

impl SecondFactor {
    /// The factor once this proof has served; `None` when it has served before, or never could.
    pub fn after(&self, proof: FactorProof) -> Option<Self> {
        let mut next = Self { failures: 0, locked_until: None, ..self.clone() };
        match proof {
            FactorProof::Code { step } if step > self.last_step => next.last_step = step,
            FactorProof::Recovery { hash } if next.recovery.remove(&hash) => {}
            FactorProof::Code { .. } | FactorProof::Recovery { .. } => return None,
        }
        Some(next)
    }
}

/// Who somebody is at the city's provider of identities: its name for itself, and its name for them, which stays the same whatever
/// they are called. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderIdentity {
    /// The provider's address (`iss`).
    pub issuer: String,
    /// Its name for them (`sub`).
    pub subject: String,
}

impl ProviderIdentity {
    /// What the index knows it by.
    pub(crate) fn index_value(&self) -> String {
        Sha256Hash::of_json(&(&self.issuer, &self.subject)).to_hex()
    }
}

impl std::fmt::Debug for ProviderIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProviderIdentity(…)")
    }
}

/// That an account is somebody's at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderLink {
    /// Whose.
    pub identity: ProviderIdentity,
    /// Since when.
    pub since: Timestamp,
}

/// One of the staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Ours.
    pub id: StaffId,
    /// What they sign in with: lower case, unique.
    pub login: String,
    /// Their name as colleagues read it.
    pub name: String,
    /// Their roles.
    pub roles: Roles,
    /// Whether they may sign in.
    pub active: bool,
    /// Their password.
    pub password: PasswordHash,
    /// What they show beside the password, if they have set it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<SecondFactor>,
    /// Who they are at the city's provider of identities, if they have said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderLink>,
    /// Wrong passwords since the last right one.
    #[serde(default)]
    pub failures: u32,
    /// Until when no attempt counts.
    #[serde(default)]
    pub locked_until: Option<Timestamp>,
    /// Who may decide in their stead (代決).
    #[serde(default)]
    pub deputies: BTreeSet<StaffId>,
    /// Since when.
    pub created_at: Timestamp,
}

impl Staff {
    /// Who somebody is at the provider.
    pub(crate) const PROVIDER_INDEX: &str = "provider";

    /// Whether this is their account who are `identity` at the provider.
    pub fn is_of(&self, identity: &ProviderIdentity) -> bool {
        self.provider.as_ref().is_some_and(|link| link.identity == *identity)
    }
}

impl Entity for Staff {
    const KIND: Kind = Kind::new("staff");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let provider = self.provider.as_ref().map(|link| link.identity.index_value());
        let provider = provider.map(|value| IndexEntry::unique(Self::PROVIDER_INDEX, value));
        std::iter::once(IndexEntry::unique("login", self.login.as_str())).chain(provider).collect()
    }
}

/// The failed attempts to sign in of a span of time, whoever made them and whatever the login: one record for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFailures {
    /// When the first of them was.
    pub began: Timestamp,
    /// How many.
    pub count: u32,
}

impl SignInFailures {
    /// The key of the one record.
    pub const KEY: &'static str = "all";

    /// With one more. A span of the ceiling's length begins with its first failure; what follows it begins another.
    pub fn after(known: Option<&Self>, (_, span): (u32, Duration), now: Timestamp) -> Self {
        match known {
            Some(known) if ends(known.began, span) > now => {
                Self { began: known.began, count: known.count.saturating_add(1) }
            }
            _ => Self { began: now, count: 1 },
        }
    }

    /// Until when nobody can sign in: the span's end, once the ceiling is reached.
    pub fn paused_until(&self, (most, span): (u32, Duration), now: Timestamp) -> Option<Timestamp> {
        let until = ends(self.began, span);
        (self.count >= most && until > now).then_some(until)
    }
}

fn ends(began: Timestamp, span: Duration) -> Timestamp {
    began.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl Entity for SignInFailures {
    const KIND: Kind = Kind::new("sign_in_failures");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CEILING: (u32, Duration) = (3, Duration::from_mins(15));

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn after(minutes: &[i64]) -> SignInFailures {
        let counted = minutes.iter().fold(None, |known, minute| {
            Some(SignInFailures::after(Option::as_ref(&known), CEILING, at(*minute)))
        });
        counted.unwrap()
    }

    #[test]
    fn failures_of_one_span_pause_what_follows_until_its_end() {
        assert_eq!(after(&[0, 1]).paused_until(CEILING, at(1)), None);
        assert_eq!(after(&[0, 1, 2]).paused_until(CEILING, at(2)), Some(at(15)));
        assert_eq!(after(&[0, 1, 2]).paused_until(CEILING, at(15)), None);
        assert_eq!(after(&[0, 1, 15]).count, 1, "another span has begun");
        assert_eq!(after(&[0, 14, 14, 14]).paused_until(CEILING, at(14)), Some(at(15)));
    }

    #[test]
    fn failures_are_stored_as_they_were_when_they_were_new() {
        let json = r#"{"began":"1970-01-01T00:00:00Z","count":3}"#;
        assert_eq!(serde_json::to_string(&after(&[0, 1, 2])).unwrap(), json);
        assert_eq!(serde_json::from_str::<SignInFailures>(json).unwrap(), after(&[0, 1, 2]));
    }
}
