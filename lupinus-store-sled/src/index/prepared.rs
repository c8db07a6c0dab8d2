use std::collections::BTreeMap;

use lupinus_core::store::{Batch, IndexEntry, Op, Record, RecordKey, Version};
use sled::IVec;

use super::{keys, weight};
use crate::change::{self, DecodeError};

/// Where an index entry says that it is unique.
pub(super) const UNIQUE: &[u8] = &[1];
const SHARED: &[u8] = &[];

/// A change of one record, with all that can be made of it without a look at the index: whoever asks does that, so that the one
/// writer need not.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(super) key: RecordKey,
    pub(super) place: IVec,
    pub(super) expected: Expected,
    /// What is there afterwards.
    pub(super) put: Option<Put>,
}

/// What must be there before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    Anything,
    Nothing,
    At(Version),
}

impl Expected {
    pub(super) fn fits(self, found: Option<Version>) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => found.is_none(),
            Self::At(version) => found == Some(version),
        }
    }
}

/// A record in its stored form.
#[derive(Debug)]
pub(super) struct Put {
    pub(super) value: IVec,
    pub(super) weight: u64,
    pub(super) entries: BTreeMap<IVec, Entry>,
}

/// What stands under the key of an index entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) flag: &'static [u8],
    pub(super) weight: u64,
}

impl Put {
    pub(super) fn new(place: &[u8], value: IVec, key: &RecordKey, indexes: &[IndexEntry]) -> Self {
        Self { weight: weight(place, &value), value, entries: entries(key, indexes) }
    }
}

impl Prepared {
    fn put(record: &Record, expected: Expected, version: Version) -> Result<Self, DecodeError> {
        let place = IVec::from(keys::record(&record.key));
        let value = change::encode(record, version)?.into();
        let put = Put::new(&place, value, &record.key, &record.indexes);
        Ok(Self { key: record.key.clone(), place, expected, put: Some(put) })
    }

    /// The changes of a batch, in its order.
    pub(crate) fn batch(batch: &Batch) -> Result<Vec<Self>, DecodeError> {
        let of = |op: &Op| match op {
            Op::Insert(record) => Self::put(record, Expected::Nothing, Version::FIRST),
            Op::Update { record, expected } => Self::put(record, Expected::At(*expected), expected.next()),
            Op::Delete { key, expected } => Ok(Self {
                key: key.clone(),
                place: keys::record(key).into(),
                expected: Expected::At(*expected),
                put: None,
            }),
        };
        batch.ops.iter().map(of).collect()
    }

    /// Records as they are, whatever is there.
    pub(crate) fn restore(records: &[Record]) -> Result<Vec<Self>, DecodeError> {
        records.iter().map(|record| Self::put(record, Expected::Anything, record.version)).collect()
    }
}

/// The entries of a record; the same entry twice counts once.
pub(super) fn entries(key: &RecordKey, indexes: &[IndexEntry]) -> BTreeMap<IVec, Entry> {
    let mut entries = BTreeMap::new();
    for entry in indexes {
        let at = IVec::from(keys::entry(key, entry));
        let flag = if entry.unique { UNIQUE } else { SHARED };
        if entry.unique || !entries.contains_key(&at) {
            let weight = weight(&at, flag);
            entries.insert(at, Entry { flag, weight });
        }
    }
    entries
}
