use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// Longest body of a record, in bytes of JSON.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Longest body that a backend takes, in bytes of JSON: what a wrapper may make of one of [`MAX_BODY_BYTES`]. Encryption adds
/// a third.
pub const MAX_STORED_BYTES: usize = 6 * 1024 * 1024;

/// Longest record key or index value, in bytes of UTF-8.
pub const MAX_KEY_BYTES: usize = 512;

/// What sort of thing a record is: `post`, `member`, `outbox`, …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// A kind known when the program was written.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A kind read from outside, such as an export.
    pub fn from_name(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one record. Made of ids of ours (or of LINE's event ids) alone, so it is safe to log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// The sort of record.
    pub kind: Kind,
    /// Its key within the kind, at most [`MAX_KEY_BYTES`]. Ordered bytewise.
    pub key: String,
}

impl RecordKey {
    /// The key `key` of kind `kind`.
    pub fn new(kind: Kind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into() }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.key)
    }
}

/// How often a record was written: 1 after its insert, one more after each update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// The version of a record just inserted.
    pub const FIRST: Self = Self(1);

    /// The version with this number, as a backend read it.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The version that the next update makes.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What retention, disposal and a person's bundle go by. Every record has one from its first schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordClass {
    /// Posts and the decisions on them: administrative documents.
    Publication,
    /// Consultations and their threads.
    Consultation,
    /// What is held about a member.
    Membership,
    /// Staff, bodies, invitations, settings.
    Administration,
    /// The audit trail.
    Audit,
    /// Inbox, outbox, sessions, dialogues: gone when their work is done.
    Operation,
}

/// One entry of an index of the record's kind. The same entry twice in a record counts once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The index, named within the record's kind.
    pub index: Cow<'static, str>,
    /// What it is found by, at most [`MAX_KEY_BYTES`]. Ordered bytewise.
    pub value: String,
    /// Whether no other record of the kind may hold this value in this index as a unique one. An index is either unique in
    /// all its entries or in none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
}

impl IndexEntry {
    /// An entry that other records may share.
    pub fn new(index: &'static str, value: impl Into<String>) -> Self {
        Self { index: Cow::Borrowed(index), value: value.into(), unique: false }
    }

    /// An entry that only this record may hold.
    pub fn unique(index: &'static str, value: impl Into<String>) -> Self {
        Self { index: Cow::Borrowed(index), value: value.into(), unique: true }
    }
}

/// What a backend stores. `Debug` prints neither body nor index values: they may be personal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name.
    #[serde(flatten)]
    pub key: RecordKey,
    /// How often it was written. A backend sets it; [`Version::FIRST`] before the insert.
    pub version: Version,
    /// The number of the form its body is in.
    pub schema: u16,
    /// What retention goes by.
    pub class: RecordClass,
    /// What it is found by beside its key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexEntry>,
    /// JSON, at most [`MAX_BODY_BYTES`]; beneath a wrapper [`MAX_STORED_BYTES`].
    pub body: Box<str>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} v{}, {} bytes)", self.key, self.version, self.body.len())
    }
}
