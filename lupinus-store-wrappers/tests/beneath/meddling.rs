use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use futures::future::BoxFuture;
use lupinus_core::store::{Batch, Kind, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally};

/// What somebody else does before a batch is committed.
pub(crate) type Meddler = Box<dyn Fn(&Batch) -> Option<BoxFuture<'static, ()>> + Send + Sync>;

/// A store in which somebody else is always a little faster.
pub(crate) struct Meddling {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) before: Meddler,
    pub(crate) meddled: AtomicUsize,
}

impl std::fmt::Debug for Meddling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meddling")
    }
}

#[async_trait]
impl Store for Meddling {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.inner.get_many(keys).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.inner.scan(scan).await
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        self.inner.count(scan).await
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        self.inner.tally(scan).await
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        self.inner.kinds().await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        if let Some(meddling) = (self.before)(&batch) {
            self.meddled.fetch_add(1, Ordering::Relaxed);
            meddling.await;
        }
        self.inner.commit(batch).await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.inner.restore(records).await
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.inner.changed_elsewhere(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.inner.health().await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        self.inner.size().await
    }
}
