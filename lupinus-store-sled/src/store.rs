use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use lupinus_core::store::{
    Batch, Kind, MAX_PAGE, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally, validate_restore,
};
use tokio::sync::{Semaphore, oneshot};

use crate::{
    OpenError, Options,
    disk::{Disk, FolderDisk},
    folder::Folder,
    index::{Index, Refused},
    shared::{Shared, closed, lost, slow},
    watch,
    writer::{Change, Request, Write, Writer},
};

/// Commits that may wait for the writer; more wait to be let in.
const MAX_WAITING: usize = 4_096;

/// A store in one folder. Clones are handles on the same store; the last one to go stops it.
///
/// See the [crate documentation](crate) for how it keeps what it promises.
#[derive(Clone)]
pub struct SledStore {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    waiting: Arc<Semaphore>,
    requests: Option<mpsc::Sender<Request>>,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    patience: Duration,
    /// Ends the watch when it goes.
    _watched: mpsc::Sender<()>,
}

impl fmt::Debug for SledStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SledStore").field(&self.inner.shared.path).finish()
    }
}

impl Drop for Inner {
    /// Stops the writer and waits for it, so that the folder is free afterwards. Does not erase what is due to be erased:
    /// that is for [`Store::close`], or for the next opening.
    fn drop(&mut self) {
        self.requests = None;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            while !writer.is_finished() {
                // One that does not come back is not waited for.
                if self.shared.pulse.is_lost() {
                    return;
                }
                thread::sleep(Duration::from_millis(1));
            }
            let _ = writer.join();
        }
    }
}

impl SledStore {
    /// Opens the store in the folder `path`, or makes an empty one in an empty or missing folder, with the usual
    /// [`Options`]. Blocks while it reads the journal.
    ///
    /// # Errors
    /// [`OpenError`]; its messages say what to do.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::options().open(path)
    }

    /// The usual settings, to be changed before opening.
    pub fn options() -> Options {
        Options::default()
    }

    pub(crate) fn open_with(path: &Path, options: Options) -> Result<Self, OpenError> {
        let folder = Folder::take(path)?;
        let disk = FolderDisk::new(folder.journal());
        let disk = disk.map_err(OpenError::io("opening the folder", folder.journal()))?;
        Self::open_on(folder, Arc::new(disk), options)
    }

    /// What reads ask of, for tests that break it.
    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Shared {
        &self.inner.shared
    }

    /// As [`SledStore::open_with`], with a journal that is elsewhere.
    pub(crate) fn open_on(folder: Folder, disk: Arc<dyn Disk>, options: Options) -> Result<Self, OpenError> {
        let path = folder.path().to_owned();
        let (sender, requests) = mpsc::channel();
        let (patience, on_lost) = (options.patience, options.on_lost.clone());
        let writer = Writer::open(folder, disk, options, requests)?;
        let shared = writer.shared();
        let (watched, stop) = mpsc::channel();
        watch::begins(&shared, patience, on_lost, stop)
            .map_err(OpenError::io("starting the watch", &path))?;
        let failed = OpenError::io("starting the writer", path);
        let looked_at = Arc::clone(&shared);
        let runs = move || {
            if catch_unwind(AssertUnwindSafe(|| writer.run())).is_err() {
                looked_at.pulse.lose("the writer broke off");
            }
            looked_at.pulse.rests();
        };
        let writer = thread::Builder::new().name("lupinus-store".to_owned()).spawn(runs);
        Ok(Self {
            inner: Arc::new(Inner {
                shared,
                waiting: Arc::new(Semaphore::new(MAX_WAITING)),
                requests: Some(sender),
                writer: Mutex::new(Some(writer.map_err(failed)?)),
                patience,
                _watched: watched,
            }),
        })
    }

    /// Replaces the journal by a snapshot and the index by a new one, without a byte of what was overwritten or deleted.
    /// Commits go on meanwhile. Happens by itself when the journal has grown, and after an erasure.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the store is as it was.
    pub async fn compact(&self) -> Result<(), StoreError> {
        let doing = "compacting the store";
        self.request(doing, |answer| Request::Compact { answer }).await
    }

    async fn write(&self, change: Change) -> Result<(), StoreError> {
        let doing = change.doing;
        let permit = self.unless_lost(doing, Arc::clone(&self.inner.waiting).acquire_owned()).await?;
        let permit = permit.map_err(|error| StoreError::Unavailable(doing, error.into()))?;
        self.request(doing, |answer| Request::Write(Write { change, answer, permit })).await
    }

    async fn request(
        &self,
        doing: &'static str,
        request: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> Request,
    ) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let gone = || StoreError::Unavailable(doing, closed());
        let requests = self.inner.requests.as_ref().ok_or_else(gone)?;
        requests.send(request(answer)).map_err(|_| gone())?;
        self.unless_lost(doing, answered).await?.map_err(|_| gone())?
    }

    /// What comes of `awaited`, or that the store is lost. Nothing of a store is waited for but by this.
    async fn unless_lost<T>(
        &self,
        doing: &'static str,
        awaited: impl Future<Output = T>,
    ) -> Result<T, StoreError> {
        let pulse = &self.inner.shared.pulse;
        tokio::select! {
            biased;
            done = awaited => Ok(done),
            () = pulse.until_lost() => {
                Err(StoreError::Unavailable(doing, lost(pulse.why_lost().unwrap_or_default())))
            }
        }
    }

    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        ask: impl FnOnce(&Index) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.inner.shared);
        let asked = self.read(doing, move || shared.ask(doing, ask)).await;
        if self.inner.shared.is_suspect()
            && let Some(requests) = &self.inner.requests
        {
            let _ = requests.send(Request::Look);
        }
        asked
    }

    /// What blocks, for as long as there is patience with it. It goes on behind the answer that it takes too long; whether it
    /// ever ends is the watch's to find out, once the writer waits for it.
    async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(why) = self.inner.shared.pulse.why_lost() {
            return Err(StoreError::Unavailable(doing, lost(why)));
        }
        let done = tokio::time::timeout(self.inner.patience, tokio::task::spawn_blocking(read));
        let Ok(done) = self.unless_lost(doing, done).await? else {
            return Err(StoreError::Unavailable(doing, slow()));
        };
        done.map_err(|error| StoreError::Unavailable(doing, error.into()))?
    }
}

#[async_trait]
impl Store for SledStore {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let key = key.clone();
        self.ask("reading a record", move |index| index.get(&key)).await
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let keys = keys.to_vec();
        self.ask("reading records", move |index| keys.iter().map(|key| index.get(key)).collect()).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        if scan.limit == 0 || scan.limit > MAX_PAGE {
            return Err(StoreError::Invalid("a page of no or too many records"));
        }
        let scan = scan.clone();
        self.ask("reading a page", move |index| index.page(&scan)).await
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        let scan = scan.clone();
        self.ask("counting records", move |index| index.count(&scan)).await
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        let (_, left) = scan.of_values()?;
        let counts = self.ask("counting values", move |index| index.tally(&left)).await?;
        Ok(Tally::new(counts, scan.limit))
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        self.ask("listing kinds", Index::kinds).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        batch.validate()?;
        self.write(Change::batch(&batch)?).await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        validate_restore(&records)?;
        self.write(Change::restore(&records)?).await
    }

    /// Waits for ever: nobody else can have the folder open.
    async fn changed_elsewhere(&self, _seen: u64) -> u64 {
        std::future::pending().await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.request("closing the store", |answer| Request::Close { answer }).await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.request("looking after the store", |answer| Request::Health { answer }).await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let path = self.inner.shared.path.clone();
        let doing = "measuring the store";
        let records = self.ask(doing, |index| Ok(index.meta().records)).await?;
        let measure =
            move || Folder::bytes(&path).map_err(|error| StoreError::Unavailable(doing, error.into()));
        Ok(Size { records, disk_bytes: self.read(doing, measure).await? })
    }
}
