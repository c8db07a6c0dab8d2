//! How a record is written down, in the journal and in the index alike: a head of JSON, then the body as it is.

use lupinus_core::store::{IndexEntry, Kind, Record, RecordClass, RecordKey, Version};
use serde::{Deserialize, Serialize};

/// Everything of a record but its body.
#[derive(Deserialize)]
pub(crate) struct Head {
    kind: Kind,
    key: String,
    pub(crate) version: Version,
    schema: u16,
    class: RecordClass,
    #[serde(default)]
    pub(crate) indexes: Vec<IndexEntry>,
}

impl Head {
    pub(crate) fn record_key(&self) -> RecordKey {
        RecordKey { kind: self.kind.clone(), key: self.key.clone() }
    }
}

#[derive(Serialize)]
struct HeadRef<'a> {
    kind: &'a Kind,
    key: &'a str,
    version: Version,
    schema: u16,
    class: RecordClass,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    indexes: &'a [IndexEntry],
}

/// Stored bytes are not a record. Says where, never what: bodies hold people's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("{0} bytes are too few for a record")]
    Short(usize),
    #[error("the head of a record is not JSON of its form: {category:?} error at column {column}")]
    Head { category: serde_json::error::Category, column: usize },
    #[error("the body of a record is not UTF-8")]
    Body,
    #[error("a change of unknown sort {0}")]
    Sort(u8),
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Head { category: error.classify(), column: error.column() }
    }
}

/// The stored form of `record` at `version`.
pub(crate) fn encode(record: &Record, version: Version) -> Result<Vec<u8>, DecodeError> {
    let head = HeadRef {
        kind: &record.key.kind,
        key: &record.key.key,
        version,
        schema: record.schema,
        class: record.class,
        indexes: &record.indexes,
    };
    let mut out = Vec::with_capacity(192 + record.body.len());
    out.extend([0; 4]);
    serde_json::to_writer(&mut out, &head)?;
    let head_len = u32::try_from(out.len() - 4).map_err(|_| DecodeError::Short(out.len()))?;
    if let Some(place) = out.first_chunk_mut() {
        *place = head_len.to_le_bytes();
    }
    out.extend(record.body.as_bytes());
    Ok(out)
}

fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), DecodeError> {
    let short = || DecodeError::Short(bytes.len());
    let (len, rest) = bytes.split_first_chunk().ok_or_else(short)?;
    let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| short())?;
    rest.split_at_checked(len).ok_or_else(short)
}

/// The head alone, without a look at the body.
pub(crate) fn decode_head(bytes: &[u8]) -> Result<Head, DecodeError> {
    Ok(serde_json::from_slice(split(bytes)?.0)?)
}

/// The whole record.
pub(crate) fn decode(bytes: &[u8]) -> Result<Record, DecodeError> {
    let (head, body) = split(bytes)?;
    let head: Head = serde_json::from_slice(head)?;
    let body = std::str::from_utf8(body).map_err(|_| DecodeError::Body)?;
    Ok(Record {
        key: RecordKey { kind: head.kind, key: head.key },
        version: head.version,
        schema: head.schema,
        class: head.class,
        indexes: head.indexes,
        body: body.into(),
    })
}

const PUT: u8 = 1;
const DELETE: u8 = 2;

/// One change as the journal holds it. Every change is whole: it does not depend on what was there before.
pub(crate) enum Change<'a> {
    /// The stored form of a record.
    Put(&'a [u8]),
    Delete(RecordKey),
}

fn push(payload: &mut Vec<u8>, sort: u8, bytes: &[u8]) -> Result<(), DecodeError> {
    let len = u32::try_from(bytes.len()).map_err(|_| DecodeError::Short(bytes.len()))?;
    payload.push(sort);
    payload.extend(len.to_le_bytes());
    payload.extend(bytes);
    Ok(())
}

/// Adds a put of a record's stored form to a frame's payload.
pub(crate) fn push_put(payload: &mut Vec<u8>, value: &[u8]) -> Result<(), DecodeError> {
    push(payload, PUT, value)
}

/// Adds a delete to a frame's payload.
pub(crate) fn push_delete(payload: &mut Vec<u8>, key: &RecordKey) -> Result<(), DecodeError> {
    push(payload, DELETE, &serde_json::to_vec(key)?)
}

/// The changes of a frame's payload, in order.
pub(crate) fn changes(payload: &[u8]) -> Result<Vec<Change<'_>>, DecodeError> {
    let mut found = Vec::new();
    let mut rest = payload;
    while let Some((sort, after)) = rest.split_first() {
        let (bytes, after) = split(after)?;
        found.push(match *sort {
            PUT => Change::Put(bytes),
            DELETE => Change::Delete(serde_json::from_slice(bytes)?),
            other => return Err(DecodeError::Sort(other)),
        });
        rest = after;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_record() -> impl Strategy<Value = Record> {
        let entries = prop::collection::vec((".{1,9}", ".{0,9}", any::<bool>()), 0..4);
        (".{1,9}", ".{1,9}", any::<u64>(), any::<u16>(), entries, ".{0,99}").prop_map(
            |(kind, key, version, schema, entries, body)| Record {
                key: RecordKey::new(Kind::from_name(kind), key),
                version: Version::from_number(version),
                schema,
                class: RecordClass::Audit,
                indexes: entries
                    .into_iter()
                    .map(|(index, value, unique)| IndexEntry { index: index.into(), value, unique })
                    .collect(),
                body: body.into(),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(records in prop::collection::vec(any_record(), 0..5)) {
            let mut payload = Vec::new();
            for record in &records {
                push_put(&mut payload, &encode(record, record.version).unwrap()).unwrap();
                push_delete(&mut payload, &record.key).unwrap();
            }
            let found = changes(&payload).unwrap();
            prop_assert_eq!(found.len(), records.len() * 2);
            for (pair, record) in found.chunks(2).zip(&records) {
                let [Change::Put(value), Change::Delete(key)] = pair else { panic!("not in order") };
                prop_assert_eq!(&decode(value).unwrap(), record);
                prop_assert_eq!(decode_head(value).unwrap().record_key(), record.key.clone());
                prop_assert_eq!(key, &record.key);
            }
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = (decode(&bytes), decode_head(&bytes), changes(&bytes));
        }
    }
}
