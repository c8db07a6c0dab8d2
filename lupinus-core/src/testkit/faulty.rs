use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use crate::store::{Batch, Kind, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally};

/// How a call of a [`Faulty`] store fails. The caller sees [`StoreError::Unavailable`] either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing happened.
    Before,
    /// It happened, and the answer was lost.
    After,
}

/// How many calls of a [`Faulty`] store go wrong by lot, in a thousand, and how many are late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Odds {
    /// Commits that do not happen.
    pub before: u32,
    /// Commits that happen and lose their answer.
    pub after: u32,
    /// Other calls that fail.
    pub read: u32,
    /// Calls that wait: some before they do anything, some with their answer.
    pub late: u32,
    /// The longest that one of these waits.
    pub longest: Duration,
}

/// What a [`Faulty`] store did by lot so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Commits that did not happen.
    pub before: u64,
    /// Commits that happened and lost their answer.
    pub after: u64,
    /// Other calls that failed.
    pub read: u64,
    /// Calls that waited.
    pub late: u64,
}

/// A store that fails when it is told to, or by lot: for tests of what stands above a store. Clones share the plan.
///
/// One seed draws the same lots for the same calls in the same order.
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
    erasures: u64,
    records: u64,
    at_call: Vec<(u64, Fault)>,
    at_commit: Vec<(u64, Fault)>,
    down: bool,
    silent: bool,
    lots: Option<Lots>,
    drawn: Drawn,
}

/// What is to become of one call.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    fault: Option<Fault>,
    silent: bool,
    wait_before: Duration,
    wait_after: Duration,
}

/// Draws by the generator SplitMix64.
#[derive(Debug)]
struct Lots {
    odds: Odds,
    state: u64,
}

impl Lots {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Always four lots a call, so that other odds change nothing about the calls that follow.
    fn draw(&mut self, is_commit: bool, drawn: &mut Drawn) -> Fate {
        let [fault, late, which, long] = [(); 4].map(|()| self.next());
        let Odds { before, after, read, late: odds_late, longest } = self.odds;
        let lot = u32::try_from(fault % 1_000).unwrap_or(u32::MAX);
        let fault = match is_commit {
            true if lot < before => Some(Fault::Before),
            true if lot < before.saturating_add(after) => Some(Fault::After),
            false if lot < read => Some(Fault::Before),
            _ => None,
        };
        match (is_commit, fault) {
            (true, Some(Fault::Before)) => drawn.before += 1,
            (true, Some(Fault::After)) => drawn.after += 1,
            (false, Some(_)) => drawn.read += 1,
            (_, None) => {}
        }
        let mut fate = Fate { fault, ..Fate::default() };
        if late % 1_000 < u64::from(odds_late) {
            drawn.late += 1;
            let nanos = long % u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX).max(1);
            let wait = Duration::from_nanos(nanos);
            if which % 2 == 0 { fate.wait_before = wait } else { fate.wait_after = wait }
        }
        fate
    }
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

    /// Lets every call from now on wait for ever, nothing happening, until this is called with `false`: those that wait then, wait on.
    pub fn set_silent(&self, silent: bool) {
        self.plan().silent = silent;
    }

    /// From now on what fails is drawn by lot, beside what is planned.
    pub fn by_lot(&self, seed: u64, odds: Odds) {
        self.plan().lots = Some(Lots { odds, state: seed });
    }

    /// Ends what is done by lot, and says how much there was.
    pub fn calm(&self) -> Drawn {
        let mut plan = self.plan();
        plan.lots = None;
        std::mem::take(&mut plan.drawn)
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.plan().calls
    }

    /// How many commits and restores there were.
    pub fn commits(&self) -> u64 {
        self.plan().commits
    }

    /// How many commits were to erase what they overwrite.
    pub fn erasures(&self) -> u64 {
        self.plan().erasures
    }

    /// How many records were read.
    pub fn records(&self) -> u64 {
        self.plan().records
    }

    fn read<T>(
        &self,
        answer: Result<T, StoreError>,
        records: impl FnOnce(&T) -> usize,
    ) -> Result<T, StoreError> {
        if let Ok(answer) = &answer {
            self.plan().records += records(answer) as u64;
        }
        answer
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, is_commit: bool) -> Fate {
        let mut plan = self.plan();
        plan.calls += 1;
        plan.commits += u64::from(is_commit);
        let (call, commit) = (plan.calls, plan.commits);
        let planned = plan.at_call.iter().find(|(at, _)| *at == call).map(|(_, fault)| *fault);
        let of_commit =
            || plan.at_commit.iter().find(|(at, _)| is_commit && *at == commit).map(|(_, fault)| *fault);
        let planned = plan.down.then_some(Fault::Before).or(planned).or_else(of_commit);
        let Plan { lots, drawn, .. } = &mut *plan;
        let fate = lots.as_mut().map_or_else(Fate::default, |lots| lots.draw(is_commit, drawn));
        Fate { fault: planned.or(fate.fault), silent: plan.silent, ..fate }
    }

    async fn call<T>(
        &self,
        is_commit: bool,
        doing: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let fate = self.next(is_commit);
        if fate.silent {
            std::future::pending::<()>().await;
        }
        wait(fate.wait_before).await;
        if fate.fault == Some(Fault::Before) {
            return Err(StoreError::Unavailable(doing, Box::new(Planned)));
        }
        let answer = call.await?;
        wait(fate.wait_after).await;
        match fate.fault {
            None => Ok(answer),
            Some(_) => Err(StoreError::Unavailable(doing, Box::new(Planned))),
        }
    }
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Store for Faulty {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.read(self.call(false, "reading a record", self.inner.get(key)).await, |read| read.iter().count())
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.read(self.call(false, "reading records", self.inner.get_many(keys)).await, |read| {
            read.iter().flatten().count()
        })
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.read(self.call(false, "reading a page", self.inner.scan(scan)).await, |page| page.records.len())
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        self.call(false, "counting records", self.inner.count(scan)).await
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        self.call(false, "counting values", self.inner.tally(scan)).await
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        self.call(false, "listing kinds", self.inner.kinds()).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.plan().erasures += u64::from(batch.erases);
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
