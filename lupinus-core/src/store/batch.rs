use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{MAX_KEY_BYTES, MAX_STORED_BYTES, Record, RecordKey, StoreError, Version};

/// Most operations in one batch.
pub const MAX_OPS: usize = 4_096;

/// One change of a [`Batch`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Adds a record that must not exist. It gets [`Version::FIRST`].
    Insert(Record),
    /// Replaces body, schema, class and index entries of a record that is still at `expected`.
    Update {
        /// What is to be stored; its own `version` is ignored.
        record: Record,
        /// The version that was read.
        expected: Version,
    },
    /// Removes a record that is still at `expected`.
    Delete {
        /// Which.
        key: RecordKey,
        /// The version that was read.
        expected: Version,
    },
}

impl Op {
    /// The record that it changes.
    pub fn key(&self) -> &RecordKey {
        match self {
            Self::Insert(record) | Self::Update { record, .. } => &record.key,
            Self::Delete { key, .. } => key,
        }
    }
}

/// Changes that commit whole or not at all.
///
/// Each record appears once at most. A unique value freed by one operation may be taken by another of the same batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The changes. Their order says nothing.
    pub ops: Vec<Op>,
    /// Whether what is overwritten or deleted here must also leave the backend's files (an `unsend`, an erasure), within
    /// the time that the backend documents.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erases: bool,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one change.
    pub fn push(&mut self, op: Op) {
        self.ops.push(op);
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Checks what holds for every backend. A backend calls it first.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when a record appears twice, or a bound is broken: [`MAX_OPS`], [`MAX_STORED_BYTES`],
    /// [`MAX_KEY_BYTES`], an empty key.
    pub fn validate(&self) -> Result<(), StoreError> {
        if self.ops.len() > MAX_OPS {
            return Err(StoreError::Invalid("too many operations"));
        }
        let mut seen = HashSet::with_capacity(self.ops.len());
        for op in &self.ops {
            validate_key(op.key())?;
            if !seen.insert(op.key()) {
                return Err(StoreError::Invalid("one record twice"));
            }
            if let Op::Insert(record) | Op::Update { record, .. } = op {
                validate_content(record)?;
            }
        }
        Ok(())
    }
}

/// Checks what holds for every backend's [`restore`](super::Store::restore), as [`Batch::validate`] does for a commit.
///
/// # Errors
/// [`StoreError::Invalid`] as [`Batch::validate`].
pub fn validate_restore(records: &[Record]) -> Result<(), StoreError> {
    if records.len() > MAX_OPS {
        return Err(StoreError::Invalid("too many records"));
    }
    let mut seen = HashSet::with_capacity(records.len());
    for record in records {
        validate_key(&record.key)?;
        if !seen.insert(&record.key) {
            return Err(StoreError::Invalid("one record twice"));
        }
        validate_content(record)?;
    }
    Ok(())
}

fn validate_key(key: &RecordKey) -> Result<(), StoreError> {
    if key.key.is_empty() || key.kind.as_str().is_empty() {
        return Err(StoreError::Invalid("an empty key"));
    }
    if key.key.len() > MAX_KEY_BYTES || key.kind.as_str().len() > MAX_KEY_BYTES {
        return Err(StoreError::Invalid("a key that is too long"));
    }
    Ok(())
}

fn validate_content(record: &Record) -> Result<(), StoreError> {
    if record.body.len() > MAX_STORED_BYTES {
        return Err(StoreError::Invalid("a body that is too long"));
    }
    if record.indexes.iter().any(|entry| entry.index.is_empty()) {
        return Err(StoreError::Invalid("an index without a name"));
    }
    if record.indexes.iter().any(|entry| entry.index.len().max(entry.value.len()) > MAX_KEY_BYTES) {
        return Err(StoreError::Invalid("an index value that is too long"));
    }
    Ok(())
}
