use std::{
    sync::{Arc, mpsc},
    time::Instant,
};

use super::{Request, Writer};
use crate::{
    OpenError, Options,
    disk::{Disk, Unwatched},
    folder::{Current, Folder},
    index::{self, Index, IndexError},
    journal::Journal,
    options::Progress,
    shared::Shared,
};

impl Writer {
    /// Opens the journal, and over it the index, or a new index when the old one is not to be trusted.
    pub(crate) fn open(
        folder: Folder,
        disk: Arc<dyn Disk>,
        options: Options,
        requests: mpsc::Receiver<Request>,
    ) -> Result<Self, OpenError> {
        // The index first: what it knows of, the journal must hold, before anything of the journal is changed.
        let found = FoundIndex::in_folder(&folder, &options);
        let disk = Arc::new(Unwatched::new(disk, Arc::clone(folder.pulse())));
        let journal = Journal::open(disk, options.segment_bytes, found.known())?;
        if let Some(current) = found.current {
            // What an earlier index left behind may hold what has been erased since.
            let removed = folder.remove_broken_before(current.generation);
            removed.map_err(OpenError::io("removing old indexes", folder.path()))?;
        }
        let (generation, index) = found.brought_up(&folder, &journal, &options)?;
        // What it was made from is known, or it was made just now.
        let snapshot = journal.base();
        let set = folder.set_current(Current { generation, sequence: journal.last(), snapshot });
        set.and_then(|()| folder.remove_others(Some(generation)))
            .map_err(OpenError::io("ordering the folder", folder.path()))?;
        let erase_due = journal.erases().then(Instant::now);
        Ok(Self {
            shared: Arc::new(Shared::new(index, folder.path().to_owned(), Arc::clone(folder.pulse()))),
            folder,
            options,
            requests,
            journal,
            generation,
            snapshot,
            compaction: None,
            waiting: Vec::new(),
            erase_due,
            retry_at: None,
        })
    }
}

/// What the folder says of its index, and the index as it opened.
struct FoundIndex {
    current: Option<Current>,
    opened: Option<Result<Index, IndexError>>,
}

impl FoundIndex {
    fn in_folder(folder: &Folder, options: &Options) -> Self {
        let current = folder.current();
        let path = current.map(|current| folder.index(current.generation)).filter(|path| path.exists());
        let opened = path.map(|path| {
            let mut index = Index::open(&path, options.cache_bytes, folder.pulse())?;
            index.verify().map(|()| index)
        });
        Self { current, opened }
    }

    /// A group that had been committed.
    fn known(&self) -> u64 {
        let index = self.opened.as_ref().and_then(|opened| opened.as_ref().ok());
        let named = self.current.map_or(0, |current| current.sequence);
        named.max(index.map_or(0, |index| index.meta().sequence))
    }

    /// The index with everything that the journal holds, or a new one.
    fn brought_up(
        self,
        folder: &Folder,
        journal: &Journal,
        options: &Options,
    ) -> Result<(u64, Index), OpenError> {
        let (Some(current), Some(opened)) = (self.current, self.opened) else {
            // A new store, a restored journal, or one whose index was removed.
            return built(folder, journal, options, None);
        };
        if current.snapshot < journal.base() {
            // It may hold what was erased with the snapshot: it is not kept for anybody to look at.
            tracing::warn!("the index is older than the snapshot; it is built anew from the journal");
            drop(opened);
            return built(folder, journal, options, None);
        }
        if let Err(IndexError::Sled(sled::Error::Unsupported(_))) = opened {
            // Of another version, and in order: nobody wants to know why, and there may be no room for two.
            tracing::warn!("the index is another version's; it is built anew from the journal");
            return built(folder, journal, options, None);
        }
        let why = match opened {
            Ok(index) if index.meta().sequence < journal.base() => {
                "it lacks what the snapshot stands for".to_owned()
            }
            Ok(mut index) => match index::catch_up(&mut index, journal) {
                Ok(lacked) => {
                    tracing::debug!(lacked, "the index is up to date");
                    return Ok((current.generation, index));
                }
                Err(error) => error.to_string(),
            },
            Err(error) => error.to_string(),
        };
        tracing::warn!(why, "the index cannot be used; it is built anew from the journal");
        built(folder, journal, options, Some(current.generation))
    }
}

/// As [`rebuild`], and once more without what is kept for a look, which may be what there is no room beside.
fn built(
    folder: &Folder,
    journal: &Journal,
    options: &Options,
    broken: Option<u64>,
) -> Result<(u64, Index), OpenError> {
    match rebuild(folder, journal, options, broken) {
        Err(error @ (OpenError::Index(_) | OpenError::Io { .. })) => {
            tracing::warn!(%error, "it is tried once more without what was moved aside");
            folder.remove_broken().map_err(OpenError::io("removing old indexes", folder.path()))?;
            rebuild(folder, journal, options, None)
        }
        other => other,
    }
}

/// Builds a new index from the journal, makes it current, and moves the index `broken` aside.
pub(super) fn rebuild(
    folder: &Folder,
    journal: &Journal,
    options: &Options,
    broken: Option<u64>,
) -> Result<(u64, Index), OpenError> {
    let failed = |doing| OpenError::io(doing, folder.path());
    let started = Instant::now();
    let generation = folder.next_generation().map_err(failed("listing the folder"))?;
    if let Some(broken) = broken {
        folder.set_aside(broken).map_err(failed("moving the broken index aside"))?;
    }
    folder.remove_others(None).map_err(failed("removing old indexes"))?;
    let report = |progress: Progress| {
        folder.pulse().beats();
        if let Some(report) = &options.on_rebuild {
            report(progress);
        }
        let Progress { done_bytes, total_bytes } = progress;
        tracing::debug!(done_bytes, total_bytes, "building the index");
    };
    let path = folder.index(generation);
    let index = index::build(&path, options.cache_bytes, journal, &report, folder.pulse())?;
    let current = Current { generation, sequence: journal.last(), snapshot: journal.base() };
    folder.set_current(current).map_err(failed("making the new index current"))?;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(records = index.meta().records, duration_ms, "the index was built from the journal");
    Ok((generation, index))
}
