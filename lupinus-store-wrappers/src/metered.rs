use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use lupinus_core::store::{Batch, Kind, Op, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

/// How often each operation was asked for, by how it ended.
const CALLS: &str = "lupinus_store_calls_total";
/// How long each operation took.
const TIME: &str = "lupinus_store_seconds";
/// Records that were read or written.
const RECORDS: &str = "lupinus_store_records_total";
/// Bytes of their keys, index values and bodies.
const BYTES: &str = "lupinus_store_bytes_total";

/// The name of the histogram of times, and bounds for its buckets in seconds: for an exporter that must be told.
pub const STORE_SECONDS: (&str, [f64; 13]) =
    (TIME, [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]);

/// A store that counts and times what is asked of the one beneath it, through the `metrics` facade.
///
/// | figure | labels | is |
/// |---|---|---|
/// | `lupinus_store_calls_total` | `operation`, `outcome` | calls, by how they ended: ok, conflict, unavailable, corrupt, invalid |
/// | `lupinus_store_seconds` | `operation` | a histogram of how long they took, failed ones too |
/// | `lupinus_store_records_total` | `operation` | records that were read, or written by a commit that went well |
/// | `lupinus_store_bytes_total` | `operation` | bytes of their keys, index values and bodies |
///
/// Labels are words of this program: no kind, key or value of a record. A call that its caller gives up is not counted, nor is
/// waiting for other programs.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use lupinus_core::store::{MemoryStore, Store};
/// use lupinus_store_wrappers::Metered;
///
/// let store: Arc<dyn Store> = Arc::new(Metered::new(Arc::new(MemoryStore::new())));
/// # let _ = store;
/// ```
#[derive(Clone, Debug)]
pub struct Metered {
    inner: Arc<dyn Store>,
}

impl Metered {
    /// Around `inner`.
    pub fn new(inner: Arc<dyn Store>) -> Self {
        describe_counter!(CALLS, "Calls of the store, by operation and outcome.");
        describe_histogram!(TIME, Unit::Seconds, "How long calls of the store took.");
        describe_counter!(RECORDS, "Records read and written.");
        describe_counter!(BYTES, Unit::Bytes, "Bytes of the records read and written.");
        Self { inner }
    }

    async fn timed<T>(
        operation: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let answer = call.await;
        histogram!(TIME, "operation" => operation).record(began.elapsed());
        counter!(CALLS, "operation" => operation, "outcome" => outcome(&answer)).increment(1);
        answer
    }
}

fn outcome<T>(answer: &Result<T, StoreError>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(StoreError::Conflict(_)) => "conflict",
        Err(StoreError::Unavailable(..)) => "unavailable",
        Err(StoreError::Corrupt(..)) => "corrupt",
        Err(StoreError::Invalid(_)) => "invalid",
        Err(_) => "other",
    }
}

/// Records and their bytes.
#[derive(Clone, Copy, Default)]
struct Load {
    records: u64,
    bytes: u64,
}

impl Load {
    fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        records.into_iter().fold(Self::default(), |load, record| {
            let indexes = record.indexes.iter().map(|entry| entry.value.len()).sum::<usize>();
            let bytes = record.key.key.len() + indexes + record.body.len();
            Self { records: load.records + 1, bytes: load.bytes + bytes as u64 }
        })
    }

    fn count(self, operation: &'static str) {
        counter!(RECORDS, "operation" => operation).increment(self.records);
        counter!(BYTES, "operation" => operation).increment(self.bytes);
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Store for Metered {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let found = Self::timed("get", self.inner.get(key)).await?;
        Load::of(&found).count("get");
        Ok(found)
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let found = Self::timed("get_many", self.inner.get_many(keys)).await?;
        Load::of(found.iter().flatten()).count("get_many");
        Ok(found)
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let page = Self::timed("scan", self.inner.scan(scan)).await?;
        Load::of(&page.records).count("scan");
        Ok(page)
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        Self::timed("count", self.inner.count(scan)).await
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        Self::timed("tally", self.inner.tally(scan)).await
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        Self::timed("kinds", self.inner.kinds()).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let written = batch.ops.iter().filter_map(|op| match op {
            Op::Insert(record) | Op::Update { record, .. } => Some(record),
            Op::Delete { .. } => None,
        });
        let load = Load::of(written);
        Self::timed("commit", self.inner.commit(batch)).await?;
        load.count("commit");
        Ok(())
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        let load = Load::of(&records);
        Self::timed("restore", self.inner.restore(records)).await?;
        load.count("restore");
        Ok(())
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.inner.changed_elsewhere(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        Self::timed("close", self.inner.close()).await
    }

    async fn health(&self) -> Result<(), StoreError> {
        Self::timed("health", self.inner.health()).await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        Self::timed("size", self.inner.size()).await
    }
}
