use std::{
    sync::{Arc, mpsc},
    time::Instant,
};

use super::{Request, Writer};
use crate::{
    OpenError, Options,
    disk::Disk,
    folder::{Current, Folder},
    index::{self, Index},
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
        let journal = Journal::open(disk, options.segment_bytes)?;
        let (generation, index) = open_index(&folder, &journal, &options)?;
        let set = folder.set_current(Current { generation, sequence: journal.last() });
        set.and_then(|()| folder.remove_others(Some(generation)))
            .map_err(OpenError::io("ordering the folder", folder.path()))?;
        let erase_due = journal.erases().then(Instant::now);
        Ok(Self {
            shared: Arc::new(Shared::new(index, folder.path().to_owned())),
            folder,
            options,
            requests,
            journal,
            generation,
            compaction: None,
            waiting: Vec::new(),
            erase_due,
            retry_at: None,
        })
    }
}

fn open_index(folder: &Folder, journal: &Journal, options: &Options) -> Result<(u64, Index), OpenError> {
    let Some(current) = folder.current() else {
        // A new store, a restored journal, or one whose index was removed.
        return rebuild(folder, journal, options, None);
    };
    let behind = |known| OpenError::Behind { journal: journal.last(), known };
    if current.sequence > journal.last() {
        return Err(behind(current.sequence));
    }
    if !folder.index(current.generation).exists() {
        return rebuild(folder, journal, options, None);
    }
    let opened = Index::open(&folder.index(current.generation), options.cache_bytes);
    let why = match opened.and_then(|index| index.verify().map(|()| index)) {
        Ok(index) if index.meta().sequence > journal.last() => return Err(behind(index.meta().sequence)),
        Ok(index) if index.meta().sequence < journal.base() => "it is older than the snapshot".to_owned(),
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
    rebuild(folder, journal, options, Some(current.generation))
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
        if let Some(report) = &options.on_rebuild {
            report(progress);
        }
        let Progress { done_bytes, total_bytes } = progress;
        tracing::debug!(done_bytes, total_bytes, "building the index");
    };
    let index = index::build(&folder.index(generation), options.cache_bytes, journal, &report)?;
    let current = Current { generation, sequence: journal.last() };
    folder.set_current(current).map_err(failed("making the new index current"))?;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(records = index.meta().records, duration_ms, "the index was built from the journal");
    Ok((generation, index))
}
