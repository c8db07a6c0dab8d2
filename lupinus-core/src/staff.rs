//! The centre's staff and their accounts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Roles,
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
    /// Failed attempts since the last success.
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

impl Entity for Staff {
    const KIND: Kind = Kind::new("staff");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::unique("login", self.login.as_str())]
    }
}
