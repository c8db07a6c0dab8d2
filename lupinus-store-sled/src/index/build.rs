use std::{path::Path, sync::Arc};

use super::{Index, IndexError, Stage};
use crate::{
    change::{self, Change},
    error::OpenError,
    journal::Journal,
    options::Progress,
    watch::Pulse,
};

/// Keys in one step of building: enough to be quick, few enough to be small.
const STEP: usize = 4_096;

#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<BuildError> for OpenError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Open(error) => error,
            BuildError::Index(error) => Self::Index(error.into()),
        }
    }
}

/// Makes an index at `path`, where there is none, from the journal alone.
pub(crate) fn build(
    path: &Path,
    cache_bytes: u64,
    journal: &Journal,
    progress: &dyn Fn(Progress),
    pulse: &Arc<Pulse>,
) -> Result<Index, BuildError> {
    let mut index = Index::open(path, cache_bytes, pulse)?;
    let (snapshot, segments) = journal.bytes();
    let report = |done_bytes| progress(Progress { done_bytes, total_bytes: snapshot + segments });
    report(0);
    let mut waiting = Vec::new();
    journal.read_snapshot(|record, done| {
        waiting.push(change::encode(&record, record.version).map_err(IndexError::Decode)?);
        if waiting.len() >= STEP / 4 {
            put(&mut index, &std::mem::take(&mut waiting), 0)?;
            report(done);
        }
        Ok::<_, BuildError>(())
    })?;
    put(&mut index, &waiting, journal.base())?;
    let mut done = snapshot;
    replay(&mut index, journal, &mut |bytes| {
        done += bytes;
        report(done);
    })?;
    report(snapshot + segments);
    Ok(index)
}

fn put(index: &mut Index, values: &[Vec<u8>], sequence: u64) -> Result<(), IndexError> {
    let staged = super::guarded(|| {
        let mut stage = Stage::new(index);
        for value in values {
            stage.replay(Change::Put(value))?;
        }
        Ok::<_, IndexError>(stage.finish(sequence))
    })?;
    index.apply(staged)
}

/// Brings an index up to the journal's last group. Returns how many groups it lacked.
pub(crate) fn catch_up(index: &mut Index, journal: &Journal) -> Result<u64, BuildError> {
    let lacked = journal.last().saturating_sub(index.meta().sequence);
    replay(index, journal, &mut |_| {})?;
    Ok(lacked)
}

fn replay(index: &mut Index, journal: &Journal, report: &mut dyn FnMut(u64)) -> Result<(), BuildError> {
    let mut waiting: Vec<Vec<u8>> = Vec::new();
    let (mut last, mut bytes) = (index.meta().sequence, 0);
    let mut step = |waiting: &mut Vec<Vec<u8>>, last: u64| {
        let payloads = std::mem::take(waiting);
        let staged = super::guarded(|| {
            let mut stage = Stage::new(index);
            for payload in &payloads {
                for change in change::changes(payload).map_err(IndexError::Decode)? {
                    stage.replay(change)?;
                }
            }
            Ok::<_, IndexError>(stage.finish(last))
        })?;
        index.apply(staged)
    };
    journal.read_groups(last, |sequence, payload, len| {
        waiting.push(payload.to_vec());
        last = sequence;
        bytes += len;
        if waiting.len() >= 256 || bytes >= 1024 * 1024 {
            step(&mut waiting, last)?;
            report(std::mem::take(&mut bytes));
        }
        Ok::<_, BuildError>(())
    })?;
    if !waiting.is_empty() {
        step(&mut waiting, last)?;
        report(bytes);
    }
    Ok(())
}
