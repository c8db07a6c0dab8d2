//! What a group of changes makes of what was read: pure, so that it can be done again when somebody else was quicker.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lupinus_core::store::{Batch, IndexEntry, Kind, Op, Record, RecordKey, StoreError, Version};

/// A unique value: kind, index, value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Claim {
    pub(crate) kind: Kind,
    pub(crate) index: String,
    pub(crate) value: String,
}

/// The transaction that wrote a row (`xmin`). Each of ours writes a row once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowId(pub(crate) String);

/// A record as far as a change must know it.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    pub(crate) version: Version,
    /// Which writing of its row was read. Versions alone do not say: a record that was deleted and inserted again is at the
    /// same one.
    pub(crate) row: RowId,
    pub(crate) indexes: Vec<IndexEntry>,
}

/// What was read of the records and unique values that the group touches.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) records: HashMap<RecordKey, Before>,
    /// Who holds a unique value.
    pub(crate) claims: HashMap<Claim, String>,
}

/// A change that waits to be written.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Batch(Batch),
    Restore(Vec<Record>),
}

impl Change {
    pub(crate) fn erases(&self) -> bool {
        matches!(self, Self::Batch(batch) if batch.erases)
    }

    /// The records that it writes.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        let (ops, records) = match self {
            Self::Batch(batch) => (batch.ops.as_slice(), &[][..]),
            Self::Restore(records) => (&[][..], records.as_slice()),
        };
        let of_op = |op| match op {
            &Op::Insert(ref record) | &Op::Update { ref record, .. } => Some(record),
            &Op::Delete { .. } => None,
        };
        ops.iter().filter_map(of_op).chain(records)
    }

    /// The records that it touches.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &RecordKey> {
        let (ops, records) = match self {
            Self::Batch(batch) => (batch.ops.as_slice(), &[][..]),
            Self::Restore(records) => (&[][..], records.as_slice()),
        };
        ops.iter().map(Op::key).chain(records.iter().map(|record| &record.key))
    }

    /// Whether it only adds records, so that nothing need be read before: the tables' own keys refuse what exists.
    pub(crate) fn only_inserts(&self) -> bool {
        matches!(self, Self::Batch(batch) if batch.ops.iter().all(|op| matches!(op, Op::Insert(_))))
    }
}

/// The unique values of a record.
pub(crate) fn claims<'a>(key: &'a RecordKey, indexes: &'a [IndexEntry]) -> impl Iterator<Item = Claim> + 'a {
    let unique = indexes.iter().filter(|entry| entry.unique);
    unique.map(|entry| Claim {
        kind: key.kind.clone(),
        index: entry.index.to_string(),
        value: entry.value.clone(),
    })
}

/// The state after the changes accepted so far.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    known: &'a Known,
    records: BTreeMap<RecordKey, Option<Record>>,
    claims: BTreeMap<Claim, Option<String>>,
}

/// What is to be written, each row once.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) inserts: Vec<Record>,
    /// With the row that is replaced.
    pub(crate) updates: Vec<(Record, RowId)>,
    pub(crate) deletes: Vec<(RecordKey, RowId)>,
    pub(crate) new_entries: Vec<(RecordKey, Entry)>,
    pub(crate) old_entries: Vec<(RecordKey, Entry)>,
    /// Taken, with the holder.
    pub(crate) taken: Vec<(Claim, String)>,
    /// Handed from one record to another, with the new holder.
    pub(crate) moved: Vec<(Claim, String)>,
    pub(crate) freed: Vec<Claim>,
    /// Whether the tables are to be rewritten, so that what is overwritten or deleted here leaves their files.
    pub(crate) erases: bool,
}

/// Index and value.
pub(crate) type Entry = (String, String);

impl<'a> Stage<'a> {
    pub(crate) fn new(known: &'a Known) -> Self {
        Self { known, records: BTreeMap::new(), claims: BTreeMap::new() }
    }

    /// Takes the change in, or refuses it and stays as it was.
    pub(crate) fn take(&mut self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Batch(batch) => self.commit(batch),
            Change::Restore(records) => self.restore(records),
        }
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let freed = self.freed(batch.ops.iter().map(Op::key));
        let mut taken = HashMap::new();
        for op in &batch.ops {
            let (expected, record) = match op {
                Op::Insert(record) => (None, Some(record)),
                Op::Update { record, expected } => (Some(*expected), Some(record)),
                Op::Delete { expected, .. } => (Some(*expected), None),
            };
            if self.version(op.key()) != expected {
                return Err(StoreError::Conflict(op.key().clone()));
            }
            if let Some(record) = record {
                self.check_unique(record, &freed, &mut taken)?;
            }
        }
        let written = batch.ops.iter().map(|op| match op {
            Op::Insert(record) => {
                (op.key().clone(), Some(Record { version: Version::FIRST, ..record.clone() }))
            }
            Op::Update { record, expected } => {
                (op.key().clone(), Some(Record { version: expected.next(), ..record.clone() }))
            }
            Op::Delete { key, .. } => (key.clone(), None),
        });
        self.replace(written.collect());
        Ok(())
    }

    fn restore(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let freed = self.freed(records.iter().map(|record| &record.key));
        let mut taken = HashMap::new();
        for record in records {
            self.check_unique(record, &freed, &mut taken)?;
        }
        self.replace(records.iter().map(|record| (record.key.clone(), Some(record.clone()))).collect());
        Ok(())
    }

    fn version(&self, key: &RecordKey) -> Option<Version> {
        match self.records.get(key) {
            Some(staged) => staged.as_ref().map(|record| record.version),
            None => self.known.records.get(key).map(|before| before.version),
        }
    }

    fn indexes(&self, key: &RecordKey) -> &[IndexEntry] {
        match self.records.get(key) {
            Some(staged) => staged.as_ref().map_or(&[], |record| &record.indexes),
            None => self.known.records.get(key).map_or(&[], |before| &before.indexes),
        }
    }

    fn holder(&self, claim: &Claim) -> Option<&String> {
        match self.claims.get(claim) {
            Some(staged) => staged.as_ref(),
            None => self.known.claims.get(claim),
        }
    }

    /// The unique values that are free once these records are written anew.
    fn freed<'k>(&self, keys: impl Iterator<Item = &'k RecordKey>) -> HashSet<Claim> {
        keys.flat_map(|key| claims(key, self.indexes(key))).collect()
    }

    /// Refuses a record whose unique value is held by one that keeps it, or was taken earlier in the same change.
    fn check_unique(
        &self,
        record: &Record,
        freed: &HashSet<Claim>,
        taken: &mut HashMap<Claim, String>,
    ) -> Result<(), StoreError> {
        for claim in claims(&record.key, &record.indexes) {
            let held = self.holder(&claim).filter(|_| !freed.contains(&claim));
            let holder = taken.get(&claim).or(held);
            if holder.is_some_and(|holder| *holder != record.key.key) {
                return Err(StoreError::Conflict(record.key.clone()));
            }
            taken.insert(claim, record.key.key.clone());
        }
        Ok(())
    }

    fn replace(&mut self, written: Vec<(RecordKey, Option<Record>)>) {
        for (key, _) in &written {
            let old: Vec<Claim> = claims(key, self.indexes(key)).collect();
            self.claims.extend(old.into_iter().map(|claim| (claim, None)));
        }
        for (key, record) in written {
            let new = record.iter().flat_map(|record| claims(&record.key, &record.indexes));
            let new: Vec<Claim> = new.collect();
            self.claims.extend(new.into_iter().map(|claim| (claim, Some(key.key.clone()))));
            self.records.insert(key, record);
        }
    }

    /// What is to be written so that what was read becomes what was staged.
    pub(crate) fn plan(self) -> Plan {
        let mut plan = Plan::default();
        for (key, after) in self.records {
            let before = self.known.records.get(&key);
            let old = before.map_or_else(BTreeSet::new, |before| shared(&before.indexes));
            let new = after.as_ref().map_or_else(BTreeSet::new, |record| shared(&record.indexes));
            plan.old_entries.extend(old.difference(&new).map(|entry| (key.clone(), entry.clone())));
            plan.new_entries.extend(new.difference(&old).map(|entry| (key.clone(), entry.clone())));
            match (before, after) {
                (None, None) => {}
                (None, Some(record)) => plan.inserts.push(record),
                (Some(before), Some(record)) => plan.updates.push((record, before.row.clone())),
                (Some(before), None) => plan.deletes.push((key, before.row.clone())),
            }
        }
        for (claim, after) in self.claims {
            match (self.known.claims.get(&claim), after) {
                (None, None) => {}
                (None, Some(holder)) => plan.taken.push((claim, holder)),
                (Some(_), None) => plan.freed.push(claim),
                (Some(before), Some(holder)) if *before == holder => {}
                (Some(_), Some(holder)) => plan.moved.push((claim, holder)),
            }
        }
        plan
    }
}

/// The entries that other records may share; each once, and none that the record holds alone as well.
fn shared(indexes: &[IndexEntry]) -> BTreeSet<Entry> {
    let entry = |entry: &IndexEntry| (entry.index.to_string(), entry.value.clone());
    let mut shared: BTreeSet<Entry> = indexes.iter().filter(|entry| !entry.unique).map(entry).collect();
    for unique in indexes.iter().filter(|entry| entry.unique) {
        shared.remove(&entry(unique));
    }
    shared
}
