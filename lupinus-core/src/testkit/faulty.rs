use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::store::{Batch, Kind, Page, Record, RecordKey, Scan, Size, Store, StoreError};

/// How a call of a [`Faulty`] store fails. The caller sees [`StoreError::Unavailable`] either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing happened.
    Before,
    /// It happened, and the answer was lost.
    After,
}

/// A store that fails when it is told to: for tests of what stands above a store. Clones share the plan.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use lupinus_core::{
///     store::{Batch, MemoryStore, Store},
///     testkit::{Fault, Faulty},
/// };
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = Faulty::new(Arc::new(MemoryStore::new()));
/// store.fail_commit(2, Fault::After);
/// assert!(store.commit(Batch::new()).await.is_ok());
/// assert!(store.commit(Batch::new()).await.is_err());
/// assert!(store.commit(Batch::new()).await.is_ok());
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Faulty {
    inner: Arc<dyn Store>,
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug, Default)]
struct Plan {
    calls: u64,
    commits: u64,
    at_call: Vec<(u64, Fault)>,
    at_commit: Vec<(u64, Fault)>,
    down: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("a fault of the test")]
struct Planned;

impl Faulty {
    /// Passes everything on to `inner` until it is told otherwise.
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, plan: Arc::default() }
    }

    /// Lets the `nth` call from now on fail, whatever it is; 1 is the next.
    pub fn fail_call(&self, nth: u64, fault: Fault) {
        let mut plan = self.plan();
        let at = plan.calls + nth;
        plan.at_call.push((at, fault));
    }

    /// Lets the `nth` commit or restore from now on fail; 1 is the next.
    pub fn fail_commit(&self, nth: u64, fault: Fault) {
        let mut plan = self.plan();
        let at = plan.commits + nth;
        plan.at_commit.push((at, fault));
    }

    /// Lets every call fail, nothing happening, until it is called with `false`.
    pub fn set_down(&self, down: bool) {
        self.plan().down = down;
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.plan().calls
    }

    /// How many commits and restores there were.
    pub fn commits(&self) -> u64 {
        self.plan().commits
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, is_commit: bool) -> Option<Fault> {
        let mut plan = self.plan();
        plan.calls += 1;
        plan.commits += u64::from(is_commit);
        let (call, commit) = (plan.calls, plan.commits);
        let planned = plan.at_call.iter().find(|(at, _)| *at == call).map(|(_, fault)| *fault);
        let of_commit =
            || plan.at_commit.iter().find(|(at, _)| is_commit && *at == commit).map(|(_, fault)| *fault);
        plan.down.then_some(Fault::Before).or(planned).or_else(of_commit)
    }

    async fn call<T>(
        &self,
        is_commit: bool,
        doing: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let fault = self.next(is_commit);
        if fault == Some(Fault::Before) {
            return Err(StoreError::Unavailable(doing, Box::new(Planned)));
        }
        let answer = call.await?;
        match fault {
            None => Ok(answer),
            Some(_) => Err(StoreError::Unavailable(doing, Box::new(Planned))),
        }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Store for Faulty {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.call(false, "reading a record", self.inner.get(key)).await
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.call(false, "reading records", self.inner.get_many(keys)).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.call(false, "reading a page", self.inner.scan(scan)).await
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        self.call(false, "counting records", self.inner.count(scan)).await
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        self.call(false, "listing kinds", self.inner.kinds()).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.call(true, "committing a batch", self.inner.commit(batch)).await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.call(true, "restoring records", self.inner.restore(records)).await
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.inner.changed_elsewhere(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.call(false, "closing", self.inner.close()).await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.call(false, "looking after the store", self.inner.health()).await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        self.call(false, "measuring the store", self.inner.size()).await
    }
}
