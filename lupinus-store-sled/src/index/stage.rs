use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use lupinus_core::store::{RecordKey, StoreError};
use sled::IVec;

use super::{
    Index, IndexError, Meta, Refused, keys,
    prepared::{Entry, Prepared, Put, UNIQUE, entries},
    weight,
};
use crate::change::{self, Change, Head};

/// A group in the making: what its batches will have changed, over what is stored.
pub(crate) struct Stage<'a> {
    index: &'a Index,
    writes: BTreeMap<IVec, Option<IVec>>,
    meta: Meta,
}

/// A group that is ready to be applied.
#[derive(Clone)]
pub(crate) struct Staged {
    pub(super) batch: sled::Batch,
    pub(super) meta: Meta,
    /// What [`Known`](super::known::Known) is to be told.
    pub(super) new: Vec<IVec>,
}

impl Staged {
    pub(super) fn nothing(meta: Meta) -> Self {
        Self { batch: sled::Batch::default(), meta, new: Vec::new() }
    }

    pub(super) fn put(&mut self, key: IVec, value: IVec) {
        self.new.extend(to_know(&key, &value).map(IVec::from));
        self.batch.insert(key, value);
    }
}

/// What must be known of a key and its value: the place of a record, and what a unique entry begins with.
pub(super) fn to_know<'k>(key: &'k [u8], value: &[u8]) -> Option<&'k [u8]> {
    if keys::is_record(key) {
        return Some(key);
    }
    if value == UNIQUE { keys::without_record(key) } else { None }
}

/// A record as it is before the change.
struct Old {
    value: IVec,
    head: Head,
    entries: BTreeMap<IVec, Entry>,
}

impl Old {
    fn of(value: IVec) -> Result<Self, change::DecodeError> {
        let head = change::decode_head(&value)?;
        Ok(Self { entries: entries(&head.record_key(), &head.indexes), value, head })
    }
}

impl<'a> Stage<'a> {
    pub(crate) fn new(index: &'a Index) -> Self {
        Self { index, writes: BTreeMap::new(), meta: index.meta }
    }

    /// Turns into what sled applies as one, once it is group `sequence` of the journal.
    pub(crate) fn finish(self, sequence: u64) -> Staged {
        let mut staged = Staged::nothing(Meta { sequence, ..self.meta });
        for (key, value) in self.writes {
            match value {
                Some(value) => staged.put(key, value),
                None => staged.batch.remove(key),
            }
        }
        staged.batch.insert(keys::META, staged.meta.encode());
        staged
    }

    /// Adds changes if all of them fit, also to `payload`. Changes nothing otherwise.
    pub(crate) fn commit(&mut self, changes: Vec<Prepared>, payload: &mut Vec<u8>) -> Result<(), Refused> {
        let mut olds = Vec::with_capacity(changes.len());
        for Prepared { key, place, .. } in &changes {
            let old = self.stored(place)?.map(Old::of).transpose();
            olds.push(old.map_err(|error| Refused::corrupt(key.clone(), error))?);
        }
        let mut taken = HashMap::new();
        for (change, old) in changes.iter().zip(&olds) {
            let fits = change.expected.fits(old.as_ref().map(|old| old.head.version));
            if !fits || !self.takes(change, &olds, &mut taken)? {
                return Err(Refused::Store(StoreError::Conflict(change.key.clone())));
            }
        }
        let start = payload.len();
        for Prepared { key, put, .. } in &changes {
            let written = match put {
                Some(put) => change::push_put(payload, &put.value),
                None => change::push_delete(payload, key),
            };
            if written.is_err() {
                payload.truncate(start);
                return Err(Refused::Store(StoreError::Invalid("a record that does not encode")));
            }
        }
        for (Prepared { place, put, .. }, old) in changes.into_iter().zip(olds) {
            self.change(place, old, put);
        }
        Ok(())
    }

    /// Adds a change of the journal, which needs no check.
    pub(crate) fn replay(&mut self, change: Change<'_>) -> Result<(), IndexError> {
        let (place, put) = match change {
            Change::Put(value) => {
                let head = change::decode_head(value).map_err(IndexError::Decode)?;
                let key = head.record_key();
                let place = IVec::from(keys::record(&key));
                let put = Put::new(&place, value.into(), &key, &head.indexes);
                (place, Some(put))
            }
            Change::Delete(key) => (IVec::from(keys::record(&key)), None),
        };
        let old = self.stored(&place)?.map(Old::of).transpose().map_err(IndexError::Decode)?;
        self.change(place, old, put);
        Ok(())
    }

    /// Whether the record may have its unique values, which it then holds for the rest of the batch. `olds` give theirs free.
    fn takes<'c>(
        &self,
        change: &'c Prepared,
        olds: &[Option<Old>],
        taken: &mut HashMap<&'c [u8], &'c RecordKey>,
    ) -> Result<bool, IndexError> {
        let entries = change.put.iter().flat_map(|put| &put.entries);
        for (own, _) in entries.filter(|(_, entry)| entry.flag == UNIQUE) {
            let at = keys::without_record(own).ok_or(IndexError::Untrue)?;
            let is_freed = |held: &IVec| olds.iter().flatten().any(|old| old.entries.contains_key(held));
            if self.held(at)?.iter().any(|held| held != own && !is_freed(held)) {
                return Ok(false);
            }
            if *taken.entry(at).or_insert(&change.key) != &change.key {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The unique entries at one value of an index.
    fn held(&self, at: &[u8]) -> Result<Vec<IVec>, IndexError> {
        let mut held = Vec::new();
        if self.index.known.may_have(at) {
            for pair in self.index.db.scan_prefix(at) {
                let (key, value) = pair?;
                if *value == *UNIQUE && !self.writes.contains_key(&key) {
                    held.push(key);
                }
            }
        }
        let until = keys::after(at.to_vec());
        let ours = self.writes.range::<[u8], _>((Bound::Included(at), Bound::Excluded(&*until)));
        held.extend(ours.filter(|(_, value)| value.as_deref() == Some(UNIQUE)).map(|(key, _)| key.clone()));
        Ok(held)
    }

    /// What stands at the place of a record.
    fn stored(&self, place: &[u8]) -> Result<Option<IVec>, IndexError> {
        match self.writes.get(place) {
            Some(written) => Ok(written.clone()),
            None if self.index.known.may_have(place) => Ok(self.index.db.get(place)?),
            None => Ok(None),
        }
    }

    fn change(&mut self, place: IVec, old: Option<Old>, new: Option<Put>) {
        let none = BTreeMap::new();
        let before = old.as_ref().map_or(&none, |old| &old.entries);
        let after = new.as_ref().map_or(&none, |new| &new.entries);
        for (at, entry) in before {
            let now = after.get(at);
            if now != Some(entry) {
                self.meta.take(entry.weight);
                if now.is_none() {
                    self.writes.insert(at.clone(), None);
                }
            }
        }
        for (at, entry) in after {
            if before.get(at) != Some(entry) {
                self.meta.add(entry.weight);
                self.writes.insert(at.clone(), Some(entry.flag.into()));
            }
        }
        if let Some(old) = old {
            self.meta.take(weight(&place, &old.value));
            self.meta.records = self.meta.records.saturating_sub(1);
        }
        if let Some(new) = &new {
            self.meta.add(new.weight);
            self.meta.records += 1;
        }
        self.writes.insert(place, new.map(|new| new.value));
    }
}
