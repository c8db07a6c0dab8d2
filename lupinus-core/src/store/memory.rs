use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt,
    ops::Bound,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;

use super::{
    Batch, Cursor, Direction, Kind, MAX_PAGE, Op, Page, Record, RecordKey, Scan, Size, Store, StoreError,
    Tally, Version, batch::validate_restore,
};

/// A store in memory: the reference implementation, and what tests use.
///
/// Clones share their data, so that several handles on one store exist. Nothing outlives the last of them.
///
/// # Examples
/// ```
/// use lupinus_core::store::{Kind, MemoryStore, RecordKey, Store};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let key = RecordKey::new(Kind::new("post"), "1");
/// assert!(store.get(&key).await.unwrap().is_none());
/// # });
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    data: Arc<RwLock<Data>>,
    closed: Arc<AtomicBool>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// An open store over the same data, as after a restart: what was committed is there, whether or not this handle
    /// was closed.
    pub fn reopen(&self) -> Self {
        Self { data: Arc::clone(&self.data), closed: Arc::default() }
    }

    fn read(&self, doing: &'static str) -> Result<RwLockReadGuard<'_, Data>, StoreError> {
        self.check_open(doing)?;
        Ok(self.data.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, doing: &'static str) -> Result<RwLockWriteGuard<'_, Data>, StoreError> {
        self.check_open(doing)?;
        Ok(self.data.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn check_open(&self, doing: &'static str) -> Result<(), StoreError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreError::Unavailable(doing, "the store is closed".into()));
        }
        Ok(())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = self.data.read().unwrap_or_else(PoisonError::into_inner).records.len();
        write!(f, "MemoryStore({records} records)")
    }
}

/// Where a unique value lives: kind, index, value.
type UniqueValue = (Kind, String, String);

#[derive(Default)]
struct Data {
    records: BTreeMap<RecordKey, Record>,
    /// (value, key) by (kind, index).
    entries: HashMap<(Kind, String), BTreeSet<(String, String)>>,
    /// Who holds a unique value.
    unique: HashMap<UniqueValue, RecordKey>,
}

impl Data {
    /// Refuses the batch, naming the first operation that does not fit, or leaves everything as it is.
    fn check(&self, batch: &Batch) -> Result<(), StoreError> {
        let freed = batch.ops.iter().filter_map(|op| self.records.get(op.key())).flat_map(unique_values);
        let freed = freed.collect();
        let mut taken = HashMap::new();
        for op in &batch.ops {
            let stored = self.records.get(op.key()).map(|record| record.version);
            let (expected, record) = match op {
                Op::Insert(record) => (None, Some(record)),
                Op::Update { record, expected } => (Some(*expected), Some(record)),
                Op::Delete { expected, .. } => (Some(*expected), None),
            };
            if stored != expected {
                return Err(StoreError::Conflict(op.key().clone()));
            }
            if let Some(record) = record {
                self.check_unique(record, &freed, &mut taken)?;
            }
        }
        Ok(())
    }

    /// Refuses a record whose unique value is held by one that keeps it, or was taken earlier in the same batch.
    fn check_unique(
        &self,
        record: &Record,
        freed: &HashSet<UniqueValue>,
        taken: &mut HashMap<UniqueValue, RecordKey>,
    ) -> Result<(), StoreError> {
        for value in unique_values(record) {
            let held = self.unique.get(&value).filter(|_| !freed.contains(&value));
            let holder = taken.get(&value).or(held);
            if holder.is_some_and(|holder| *holder != record.key) {
                return Err(StoreError::Conflict(record.key.clone()));
            }
            taken.insert(value, record.key.clone());
        }
        Ok(())
    }

    fn remove(&mut self, key: &RecordKey) {
        let Some(record) = self.records.remove(key) else { return };
        for entry in &record.indexes {
            if let Some(entries) = self.entries.get_mut(&(key.kind.clone(), entry.index.to_string())) {
                entries.remove(&(entry.value.clone(), key.key.clone()));
            }
        }
        for value in unique_values(&record) {
            self.unique.remove(&value);
        }
    }

    fn put(&mut self, record: Record) {
        for entry in &record.indexes {
            self.entries
                .entry((record.key.kind.clone(), entry.index.to_string()))
                .or_default()
                .insert((entry.value.clone(), record.key.key.clone()));
        }
        for value in unique_values(&record) {
            self.unique.insert(value, record.key.clone());
        }
        self.records.insert(record.key.clone(), record);
    }

    /// Replaces what lives under the records' keys, all at once: what one of them frees, another may take.
    fn replace(&mut self, records: Vec<Record>) {
        for record in &records {
            self.remove(&record.key);
        }
        for record in records {
            self.put(record);
        }
    }

    /// The (value, key) pairs of a scan's range, whatever its cursor, from small to large.
    fn range<'a>(&'a self, scan: &'a Scan) -> Box<dyn DoubleEndedIterator<Item = Cursor> + 'a> {
        if scan.to.as_deref().is_some_and(|to| to <= scan.from.as_str()) {
            return Box::new(std::iter::empty());
        }
        match &scan.index {
            None => {
                let bound = |key: &str| RecordKey::new(scan.kind.clone(), key);
                let range = self.records.range(bound(&scan.from)..);
                let keys = range.map(|(key, _)| key).take_while(|key| key.kind == scan.kind);
                let inside = keys.take_while(|key| scan.to.as_deref().is_none_or(|to| key.key.as_str() < to));
                // `take_while` does not run backwards; a reference implementation may collect.
                let found: Vec<_> =
                    inside.map(|key| Cursor { value: String::new(), key: key.key.clone() }).collect();
                Box::new(found.into_iter())
            }
            Some(index) => {
                let Some(entries) = self.entries.get(&(scan.kind.clone(), index.to_string())) else {
                    return Box::new(std::iter::empty());
                };
                let from = Bound::Included((scan.from.clone(), String::new()));
                let to = scan.to.clone().map_or(Bound::Unbounded, |to| Bound::Excluded((to, String::new())));
                let range = entries.range((from, to));
                Box::new(range.map(|(value, key)| Cursor { value: value.clone(), key: key.clone() }))
            }
        }
    }

    fn page(&self, scan: &Scan) -> Page {
        let range = self.range(scan);
        let ordered: Box<dyn Iterator<Item = Cursor>> = match scan.direction {
            Direction::Forwards => {
                Box::new(range.filter(|at| scan.after.as_ref().is_none_or(|after| at > after)))
            }
            Direction::Backwards => {
                Box::new(range.rev().filter(|at| scan.after.as_ref().is_none_or(|after| at < after)))
            }
        };
        let mut ordered = ordered.peekable();
        let mut page = Page::default();
        while let Some(at) = ordered.next() {
            let key = RecordKey::new(scan.kind.clone(), at.key.as_str());
            page.records.extend(self.records.get(&key).cloned());
            if page.records.len() >= scan.limit {
                page.next = ordered.peek().is_some().then_some(at);
                break;
            }
        }
        page
    }
}

fn unique_values(record: &Record) -> impl Iterator<Item = UniqueValue> + '_ {
    let entries = record.indexes.iter().filter(|entry| entry.unique);
    entries.map(|entry| (record.key.kind.clone(), entry.index.to_string(), entry.value.clone()))
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        Ok(self.read("reading a record")?.records.get(key).cloned())
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let data = self.read("reading records")?;
        Ok(keys.iter().map(|key| data.records.get(key).cloned()).collect())
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        if scan.limit == 0 || scan.limit > MAX_PAGE {
            return Err(StoreError::Invalid("a page of no or too many records"));
        }
        Ok(self.read("reading a page")?.page(scan))
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        Ok(self.read("counting records")?.range(scan).count() as u64)
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        let (_, left) = scan.of_values()?;
        let data = self.read("counting values")?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for at in data.range(&left) {
            *counts.entry(at.value).or_default() += 1;
        }
        let counts = counts.into_iter();
        let ordered: Vec<_> = match scan.direction {
            Direction::Forwards => counts.take(scan.limit + 1).collect(),
            Direction::Backwards => counts.rev().take(scan.limit + 1).collect(),
        };
        Ok(Tally::new(ordered, scan.limit))
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        let data = self.read("listing kinds")?;
        let kinds: BTreeSet<_> = data.records.keys().map(|key| &key.kind).collect();
        Ok(kinds.into_iter().cloned().collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        batch.validate()?;
        let mut data = self.write("committing a batch")?;
        data.check(&batch)?;
        let mut records = Vec::with_capacity(batch.ops.len());
        for op in batch.ops {
            match op {
                Op::Insert(record) => records.push(Record { version: Version::FIRST, ..record }),
                Op::Update { record, expected } => {
                    records.push(Record { version: expected.next(), ..record });
                }
                Op::Delete { key, .. } => data.remove(&key),
            }
        }
        data.replace(records);
        Ok(())
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        validate_restore(&records)?;
        let mut data = self.write("restoring records")?;
        let freed = records.iter().filter_map(|record| data.records.get(&record.key)).flat_map(unique_values);
        let freed = freed.collect();
        let mut taken = HashMap::new();
        for record in &records {
            data.check_unique(record, &freed, &mut taken)?;
        }
        data.replace(records);
        Ok(())
    }

    async fn changed_elsewhere(&self, _seen: u64) -> u64 {
        std::future::pending().await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.closed.store(true, Ordering::Release);
        Ok(())
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.check_open("looking after the store")
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let data = self.read("measuring the store")?;
        Ok(Size { records: data.records.len() as u64, disk_bytes: 0 })
    }
}
