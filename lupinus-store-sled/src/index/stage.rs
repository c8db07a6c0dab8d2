use std::collections::{BTreeMap, HashMap, HashSet};

use lupinus_core::store::{Batch, Op, Record, RecordKey, StoreError, Version};
use sled::IVec;

use super::{Index, IndexError, Meta, Refused, keys};
use crate::change::{self, Change, Head};

/// Where an index entry says that it is unique.
const UNIQUE: &[u8] = &[1];
const SHARED: &[u8] = &[];

/// A group in the making: what its batches will have changed, over what is stored.
pub(crate) struct Stage<'a> {
    index: &'a Index,
    writes: BTreeMap<Vec<u8>, Option<IVec>>,
    meta: Meta,
}

/// A group that is ready to be applied.
#[derive(Clone)]
pub(crate) struct Staged {
    pub(super) batch: sled::Batch,
    pub(super) meta: Meta,
}

/// A record as it is before the change.
struct Old {
    value: IVec,
    head: Head,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(index: &'a Index) -> Self {
        Self { index, writes: BTreeMap::new(), meta: index.meta }
    }

    /// Turns into what sled applies as one, once it is group `sequence` of the journal.
    pub(crate) fn finish(self, sequence: u64) -> Staged {
        let meta = Meta { sequence, ..self.meta };
        let mut batch = sled::Batch::default();
        for (key, value) in self.writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        batch.insert(keys::META, meta.encode());
        Staged { batch, meta }
    }

    /// Adds a batch if it fits, and its changes to `payload`. Changes nothing otherwise.
    pub(crate) fn commit(&mut self, batch: &Batch, payload: &mut Vec<u8>) -> Result<(), Refused> {
        let mut puts = Vec::with_capacity(batch.ops.len());
        let mut olds = Vec::with_capacity(batch.ops.len());
        for op in &batch.ops {
            let (expected, put) = match op {
                Op::Insert(record) => (None, Some((record, Version::FIRST))),
                Op::Update { record, expected } => (Some(*expected), Some((record, expected.next()))),
                Op::Delete { expected, .. } => (Some(*expected), None),
            };
            let old = self.old(op.key())?;
            let fits = old.as_ref().map(|old| old.head.version) == expected;
            puts.push((op.key(), put, fits));
            olds.push(old);
        }
        self.write(puts, olds, payload)
    }

    /// Adds records as they are, whatever is there.
    pub(crate) fn restore(&mut self, records: &[Record], payload: &mut Vec<u8>) -> Result<(), Refused> {
        let puts = records.iter().map(|record| (&record.key, Some((record, record.version)), true)).collect();
        let olds = records.iter().map(|record| self.old(&record.key)).collect::<Result<_, _>>()?;
        self.write(puts, olds, payload)
    }

    #[expect(clippy::type_complexity, reason = "used in the two functions above alone")]
    fn write(
        &mut self,
        puts: Vec<(&RecordKey, Option<(&Record, Version)>, bool)>,
        olds: Vec<Option<Old>>,
        payload: &mut Vec<u8>,
    ) -> Result<(), Refused> {
        let freed: HashSet<Vec<u8>> = olds
            .iter()
            .flatten()
            .flat_map(|old| {
                let key = old.head.record_key();
                old.head.indexes.iter().map(move |entry| keys::entry(&key, entry))
            })
            .collect();
        let mut taken = HashMap::new();
        for (key, put, fits) in &puts {
            let free = match put {
                Some((record, _)) => self.takes(record, &freed, &mut taken)?,
                None => true,
            };
            if !(*fits && free) {
                return Err(Refused::Store(StoreError::Conflict((*key).clone())));
            }
        }
        let start = payload.len();
        let mut values = Vec::with_capacity(puts.len());
        for (key, put, _) in &puts {
            let written = match put {
                Some((record, version)) => change::encode(record, *version).and_then(|value| {
                    change::push_put(payload, &value)?;
                    Ok(Some(value))
                }),
                None => change::push_delete(payload, key).map(|()| None),
            };
            let Ok(value) = written else {
                payload.truncate(start);
                return Err(Refused::Store(StoreError::Invalid("a record that does not encode")));
            };
            values.push(value);
        }
        for (((key, put, _), old), value) in puts.into_iter().zip(olds).zip(values) {
            let new = put.zip(value).map(|((record, _), value)| (&*record.indexes, value));
            self.change(key, old, new);
        }
        Ok(())
    }

    /// Adds a change of the journal, which needs no check.
    pub(crate) fn replay(&mut self, change: Change<'_>) -> Result<(), IndexError> {
        let value = match change {
            Change::Put(value) => value,
            Change::Delete(key) => {
                let old = self.old_or_broken(&key)?;
                self.change(&key, old, None);
                return Ok(());
            }
        };
        let head = change::decode_head(value).map_err(IndexError::Decode)?;
        let key = head.record_key();
        let old = self.old_or_broken(&key)?;
        self.change(&key, old, Some((&head.indexes, value.to_vec())));
        Ok(())
    }

    /// Whether the record may have its unique values, which it then holds for the rest of the batch.
    fn takes(
        &self,
        record: &Record,
        freed: &HashSet<Vec<u8>>,
        taken: &mut HashMap<Vec<u8>, RecordKey>,
    ) -> Result<bool, IndexError> {
        for entry in record.indexes.iter().filter(|entry| entry.unique) {
            let at = keys::entries_at(record.key.kind.as_str(), &entry.index, &entry.value);
            let own = keys::entry(&record.key, entry);
            for held in self.held(&at)? {
                if held != own && !freed.contains(&held) {
                    return Ok(false);
                }
            }
            let holder = taken.entry(at).or_insert_with(|| record.key.clone());
            if *holder != record.key {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The unique entries at one value of an index.
    fn held(&self, at: &[u8]) -> Result<Vec<Vec<u8>>, IndexError> {
        let mut held = Vec::new();
        for pair in self.index.db.scan_prefix(at) {
            let (key, value) = pair?;
            if *value == *UNIQUE && !self.writes.contains_key(&*key) {
                held.push(key.to_vec());
            }
        }
        let ours = self.writes.range(at.to_vec()..keys::after(at.to_vec()));
        held.extend(ours.filter(|(_, value)| value.as_deref() == Some(UNIQUE)).map(|(key, _)| key.clone()));
        Ok(held)
    }

    fn old(&self, key: &RecordKey) -> Result<Option<Old>, Refused> {
        let stored = self.stored(&keys::record(key))?;
        let decoded = stored.map(|value| Ok(Old { head: change::decode_head(&value)?, value })).transpose();
        decoded.map_err(|error| Refused::corrupt(key.clone(), error))
    }

    fn old_or_broken(&self, key: &RecordKey) -> Result<Option<Old>, IndexError> {
        let stored = self.stored(&keys::record(key))?;
        let decoded = stored.map(|value| Ok(Old { head: change::decode_head(&value)?, value })).transpose();
        decoded.map_err(IndexError::Decode)
    }

    fn stored(&self, key: &[u8]) -> Result<Option<IVec>, IndexError> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => Ok(self.index.db.get(key)?),
        }
    }

    fn change(
        &mut self,
        key: &RecordKey,
        old: Option<Old>,
        new: Option<(&[lupinus_core::store::IndexEntry], Vec<u8>)>,
    ) {
        let place = keys::record(key);
        let before = old.as_ref().map_or_else(BTreeMap::new, |old| entries(key, &old.head.indexes));
        let after = new.as_ref().map_or_else(BTreeMap::new, |(indexes, _)| entries(key, indexes));
        for (entry, flag) in &before {
            if after.get(entry) != Some(flag) {
                self.meta.take(entry, flag);
                if !after.contains_key(entry) {
                    self.writes.insert(entry.clone(), None);
                }
            }
        }
        for (entry, flag) in after {
            if before.get(&entry) != Some(&flag) {
                self.meta.add(&entry, flag);
                self.writes.insert(entry, Some(IVec::from(flag)));
            }
        }
        if let Some(old) = old {
            self.meta.take(&place, &old.value);
            self.meta.records = self.meta.records.saturating_sub(1);
        }
        match new {
            Some((_, value)) => {
                self.meta.add(&place, &value);
                self.meta.records += 1;
                self.writes.insert(place, Some(IVec::from(value)));
            }
            None => {
                self.writes.insert(place, None);
            }
        }
    }
}

/// The entries of a record with their flags; the same entry twice counts once.
pub(super) fn entries(
    key: &RecordKey,
    indexes: &[lupinus_core::store::IndexEntry],
) -> BTreeMap<Vec<u8>, &'static [u8]> {
    let mut entries = BTreeMap::new();
    for entry in indexes {
        let flag = entries.entry(keys::entry(key, entry)).or_insert(SHARED);
        if entry.unique {
            *flag = UNIQUE;
        }
    }
    entries
}
