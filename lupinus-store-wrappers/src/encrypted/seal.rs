//! A record as it is kept: its body is the JSON string `lupinus1:KEY:` and, in base64, a nonce and what is sealed: the body, the
//! values that are hidden in the index entries, and how long these are. All else of the record is associated data.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use lupinus_core::store::{IndexEntry, MAX_BODY_BYTES, Record, StoreError, Version};

use super::hiding::Hiding;
use crate::{
    Keys,
    envelope::{self, NONCE_BYTES, Sealed},
    error::Unreadable,
};

const BEGIN: &str = "\"lupinus1:";
/// A nonce in base64: no padding, so that what follows begins anew.
const NONCE_CHARS: usize = NONCE_BYTES / 3 * 4;

/// How records are sealed.
#[derive(Clone)]
pub(super) struct Sealing {
    pub(super) keys: Keys,
    pub(super) hiding: Hiding,
}

/// The name of the key that a body is sealed with, and what follows it.
fn parts(body: &str) -> Option<(&str, &str)> {
    body.strip_prefix(BEGIN)?.strip_suffix('"')?.split_once(':')
}

/// The name of the key that a body is sealed with.
pub(super) fn key_of(body: &str) -> Option<&str> {
    parts(body).map(|(name, _)| name)
}

/// Binds a record to its place: it is found nowhere else, in no other version, and under no other index values.
fn place(record: &Record, version: Version) -> Vec<u8> {
    let mut place = Vec::with_capacity(512);
    place.extend(b"lupinus record 1\0");
    let mut add = |part: &[u8]| {
        place.extend((part.len() as u64).to_le_bytes());
        place.extend(part);
    };
    add(record.key.kind.as_str().as_bytes());
    add(record.key.key.as_bytes());
    add(&version.number().to_le_bytes());
    add(&record.schema.to_le_bytes());
    add(&serde_json::to_vec(&record.class).unwrap_or_default());
    // A store may keep them in another order, and the same one once.
    let mut entries: Vec<&IndexEntry> = record.indexes.iter().collect();
    entries.sort_unstable();
    entries.dedup();
    for entry in entries {
        add(entry.index.as_bytes());
        add(entry.value.as_bytes());
        add(&[u8::from(entry.unique)]);
    }
    place
}

impl Sealing {
    /// The record as it is kept at `version`.
    pub(super) fn seal(&self, mut record: Record, version: Version) -> Result<Record, StoreError> {
        if record.body.len() > MAX_BODY_BYTES {
            return Err(StoreError::Invalid("a body that is too long"));
        }
        let mut hidden = Vec::new();
        for entry in &mut record.indexes {
            if self.hiding.hides(&record.key.kind, &entry.index) {
                let value = self.hiding.hidden(&record.key.kind, &entry.index, &entry.value);
                let value = std::mem::replace(&mut entry.value, value);
                // Bounded by `MAX_KEY_BYTES`.
                let length = u16::try_from(value.len())
                    .map_err(|_| StoreError::Invalid("an index value that is too long"))?;
                hidden.extend(length.to_le_bytes());
                hidden.extend(value.as_bytes());
            }
        }
        let place = place(&record, version);
        let mut bytes = Vec::with_capacity(record.body.len() + hidden.len() + 4 + 16);
        bytes.extend(record.body.as_bytes());
        bytes.extend(&hidden);
        let length =
            u32::try_from(hidden.len()).map_err(|_| StoreError::Invalid("too many index entries"))?;
        bytes.extend(length.to_le_bytes());
        let sealed = envelope::seal(&self.keys, &place, bytes)
            .map_err(|error| StoreError::Unavailable("encrypting a record", error.into()))?;
        let name = self.keys.newest();
        let mut body =
            String::with_capacity(BEGIN.len() + name.len() + NONCE_CHARS + sealed.bytes.len() / 3 * 4 + 8);
        body.push_str(BEGIN);
        body.push_str(name);
        body.push(':');
        STANDARD_NO_PAD.encode_string(sealed.nonce, &mut body);
        STANDARD_NO_PAD.encode_string(&sealed.bytes, &mut body);
        body.push('"');
        record.body = body.into_boxed_str();
        Ok(record)
    }

    /// The record as it was given to be kept.
    pub(super) fn open(&self, mut record: Record) -> Result<Record, StoreError> {
        match self.read(&record) {
            Ok((body, indexes)) => {
                (record.body, record.indexes) = (body, indexes);
                Ok(record)
            }
            Err(why) => Err(StoreError::Corrupt(record.key, why.into())),
        }
    }

    /// The body and the index entries as they were given.
    pub(super) fn read(&self, record: &Record) -> Result<(Box<str>, Vec<IndexEntry>), Unreadable> {
        let (name, sealed) = parts(&record.body).ok_or(Unreadable::Plain)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_CHARS).ok_or(Unreadable::Form)?;
        let decoded = |text: &str| STANDARD_NO_PAD.decode(text).map_err(|_| Unreadable::Form);
        let nonce = decoded(nonce)?.try_into().map_err(|_| Unreadable::Form)?;
        let sealed = Sealed { nonce, bytes: decoded(sealed)? };
        let mut bytes = envelope::open(&self.keys, name, &place(record, record.version), sealed)?;
        let hidden = trailer(&mut bytes).ok_or(Unreadable::Form)?;
        let indexes = self.shown(record, &hidden).ok_or(Unreadable::Form)?;
        let body = String::from_utf8(bytes).map_err(|_| Unreadable::Form)?;
        Ok((body.into_boxed_str(), indexes))
    }

    /// The index entries with the values that are hidden in them.
    fn shown(&self, record: &Record, mut hidden: &[u8]) -> Option<Vec<IndexEntry>> {
        let mut indexes = record.indexes.clone();
        for entry in indexes.iter_mut().filter(|entry| self.hiding.hides(&record.key.kind, &entry.index)) {
            let (length, rest) = hidden.split_first_chunk::<2>()?;
            let (value, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            let value = std::str::from_utf8(value).ok()?;
            if self.hiding.hidden(&record.key.kind, &entry.index, value) != entry.value {
                return None;
            }
            value.clone_into(&mut entry.value);
            hidden = rest;
        }
        hidden.is_empty().then_some(indexes)
    }
}

/// Takes what follows the body off its end.
fn trailer(bytes: &mut Vec<u8>) -> Option<Vec<u8>> {
    let (_, length) = bytes.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    bytes.truncate(bytes.len() - 4);
    Some(bytes.split_off(bytes.len().checked_sub(length)?))
}
