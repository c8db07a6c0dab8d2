use std::fmt;

use async_trait::async_trait;

use super::{Batch, Page, Record, RecordKey, Scan, StoreError, Tally};

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Records alive.
    pub records: u64,
    /// Bytes on disk; 0 for a store in memory.
    pub disk_bytes: u64,
}

/// A backend of records. It does not change when the domain grows.
///
/// Every method sees each commit that returned before the call began. Every method may be repeated, `commit` as
/// [`StoreError::Unavailable`] says. None blocks the async runtime.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// The record under `key`, or `None`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; [`StoreError::Corrupt`] if it does not decode.
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError>;

    /// The records under `keys`, in their order, each as of one moment of its own.
    ///
    /// # Errors
    /// As [`Store::get`].
    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError>;

    /// One page of a range, ordered by (value, key).
    ///
    /// # Errors
    /// As [`Store::get`]; [`StoreError::Invalid`] for a limit of 0 or above [`MAX_PAGE`](super::MAX_PAGE).
    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError>;

    /// How many entries the range holds, whatever the scan's cursor and limit.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn count(&self, scan: &Scan) -> Result<u64, StoreError>;

    /// One page of the values in a range of an index, each with how many entries have it, without reading a record. The limit
    /// counts values, and the page goes on behind the cursor's value, whatever its key.
    ///
    /// # Errors
    /// As [`Store::scan`]; [`StoreError::Invalid`] also for a scan by key.
    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError>;

    /// Every kind that holds a record, in order.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn kinds(&self) -> Result<Vec<super::Kind>, StoreError>;

    /// Applies the whole batch or none of it; durable on return.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], naming the first record of the batch that could not be written;
    /// [`StoreError::Invalid`] as [`Batch::validate`] says; [`StoreError::Unavailable`].
    async fn commit(&self, batch: Batch) -> Result<(), StoreError>;

    /// Puts a record back as an export holds it, version and all, replacing what is there. For imports into an empty store.
    ///
    /// # Errors
    /// As [`Store::commit`].
    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError>;

    /// Waits until another program may have committed something, and answers with a number for the next call: whoever passes
    /// what the call before answered, and 0 at first, misses nothing that was announced in between. A hint and no more: it may
    /// come for nothing, or be lost with a connection, so whoever waits looks now and then all the same. A store that only one
    /// program can have open waits for ever.
    async fn changed_elsewhere(&self, seen: u64) -> u64;

    /// Brings everything in order for a stop; later calls answer [`StoreError::Unavailable`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn close(&self) -> Result<(), StoreError>;

    /// Whether it can be read and written now.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], with what is wrong as its source.
    async fn health(&self) -> Result<(), StoreError>;

    /// How much it holds.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn size(&self) -> Result<Size, StoreError>;
}
