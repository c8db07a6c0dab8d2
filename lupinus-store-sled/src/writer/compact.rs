//! A compaction copies every record, a slice at a time between two groups, into a snapshot and into a new index. Groups that
//! commit meanwhile go into both indexes. Then snapshot and new index take the place of the segments and the old index,
//! which are removed: what had been overwritten or deleted before it began is then in no file.

use std::{io, time::Instant};

use lupinus_core::store::StoreError;

use super::{Answer, RETRY, Writer};
use crate::{
    folder::{Current, Folder},
    index::{Copied, Index, IndexError, Staged},
    journal::{Journal, SnapshotWriter},
    shared::State,
};

/// A compaction under way.
#[derive(Debug)]
pub(super) struct Compaction {
    /// The last group that the snapshot stands for.
    through: u64,
    from: Option<Vec<u8>>,
    snapshot: SnapshotWriter,
    index: Index,
    generation: u64,
    /// A batch asked for an erasure since it began: what it erases may have been copied before.
    erases_since: bool,
    answers: Vec<Answer>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum CompactionError {
    #[error("a file could not be written")]
    Io(#[from] io::Error),
    #[error("an index could not be used")]
    Index(#[from] IndexError),
    #[error("the index is not open")]
    Down,
}

impl Compaction {
    fn begin(writer: &mut Writer) -> Result<Self, CompactionError> {
        let through = writer.journal.rotate()?;
        let generation = writer.folder.next_generation()?;
        let snapshot = writer.journal.snapshot()?;
        let path = writer.folder.index(generation);
        let mut index = Index::open(&path, writer.options.cache_bytes, writer.folder.pulse())?;
        if let State::Open(old) = &*writer.shared.read() {
            index.expect(old.meta().records);
        }
        let answers = std::mem::take(&mut writer.waiting);
        Ok(Self { through, from: None, snapshot, index, generation, erases_since: false, answers })
    }

    /// Takes over a group that was committed meanwhile.
    pub(super) fn follow(&mut self, staged: Staged, erases: bool) -> Result<(), CompactionError> {
        self.erases_since |= erases;
        Ok(self.index.apply(staged)?)
    }

    /// Copies some. Returns whether that was all.
    fn step(&mut self, state: &State, bytes: usize) -> Result<bool, CompactionError> {
        let State::Open(index) = state else { return Err(CompactionError::Down) };
        let Copied { records, staged, next } = index.copy(self.from.take(), bytes)?;
        for record in &records {
            self.snapshot.push(record)?;
        }
        self.index.apply(staged)?;
        self.from = next;
        Ok(self.from.is_none())
    }

    /// Removes what was made so far.
    pub(super) fn abandon(self, folder: &Folder, journal: &Journal) {
        let Self { snapshot, index, generation, answers, .. } = self;
        drop(snapshot);
        journal.abandon_snapshot();
        drop(index);
        if let Err(error) = folder.remove_index(generation) {
            tracing::warn!(%error, "an unfinished index is left behind until the next opening");
        }
        for answer in answers {
            let why = "it did not come to its end".into();
            let _ = answer.send(Err(StoreError::Unavailable("compacting the store", why)));
        }
    }
}

impl Writer {
    /// Begins a compaction when one is due, or goes on with the one under way.
    pub(super) fn look_after_space(&mut self) {
        if self.compaction.is_some() {
            self.continue_compaction();
            return;
        }
        let now = Instant::now();
        let is_open = matches!(*self.shared.read(), State::Open(_));
        if !is_open || self.retry_at.is_some_and(|at| now < at) {
            return;
        }
        let (snapshot, segments) = self.journal.bytes();
        let has_grown = segments > self.options.compact_bytes.max(snapshot);
        if has_grown || !self.waiting.is_empty() || self.erase_due.is_some_and(|due| due <= now) {
            self.begin_compaction();
        }
    }

    pub(super) fn begin_compaction(&mut self) {
        match Compaction::begin(self) {
            Ok(compaction) => {
                self.retry_at = None;
                self.compaction = Some(compaction);
            }
            Err(error) => {
                self.journal.abandon_snapshot();
                self.compaction_failed(&error);
            }
        }
    }

    fn continue_compaction(&mut self) {
        let Some(mut compaction) = self.compaction.take() else { return };
        let stepped = compaction.step(&self.shared.read(), self.options.slice_bytes);
        match stepped {
            Ok(false) => self.compaction = Some(compaction),
            Ok(true) => self.complete(compaction),
            Err(error) => {
                compaction.abandon(&self.folder, &self.journal);
                self.compaction_failed(&error);
            }
        }
    }

    /// Runs one to its end that covers everything up to now, or leaves the erasure due.
    pub(super) fn finish_compaction_now(&mut self) {
        // One that has begun before the erasure is not enough: a second one follows it.
        for _ in 0..2 {
            if self.compaction.is_none() && (self.erase_due.is_some() || !self.waiting.is_empty()) {
                self.begin_compaction();
            }
            while self.compaction.is_some() {
                self.shared.pulse.beats();
                self.continue_compaction();
            }
        }
    }

    pub(super) fn give_up_compaction(&mut self, error: &CompactionError) {
        if let Some(compaction) = self.compaction.take() {
            compaction.abandon(&self.folder, &self.journal);
        }
        self.compaction_failed(error);
    }

    fn compaction_failed(&mut self, error: &CompactionError) {
        tracing::warn!(%error, "a compaction failed; it is tried again");
        self.retry_at = Some(Instant::now() + RETRY);
        for answer in self.waiting.drain(..) {
            let why = error.to_string().into();
            let _ = answer.send(Err(StoreError::Unavailable("compacting the store", why)));
        }
    }

    /// Puts snapshot and new index in their places: the index first, so that no crash leaves an old index behind a journal
    /// that has forgotten what was to be erased from it.
    fn complete(&mut self, compaction: Compaction) {
        let Compaction { through, snapshot, index, generation, erases_since, answers, .. } = compaction;
        let sequence = self.journal.last();
        let adopted = self
            .folder
            .set_current(Current { generation, sequence, snapshot: through })
            .and_then(|()| self.journal.adopt(snapshot, through, erases_since));
        if let Err(error) = adopted.as_ref()
            && self.journal.base() < through
        {
            drop(index);
            // Where this fails as well, the next opening finds no such index and builds one.
            let _ = self.folder.set_current(self.current());
            let _ = self.folder.remove_others(Some(self.generation));
            self.journal.abandon_snapshot();
            self.not_completed(answers, error);
            return;
        }
        self.generation = generation;
        self.snapshot = through;
        // Let go of without the lock: reads go on.
        let old = std::mem::replace(&mut *self.shared.write(), State::Open(index));
        drop(old);
        let removed = adopted
            .and_then(|()| self.folder.remove_others(Some(generation)))
            .and_then(|()| self.folder.remove_broken());
        if let Err(error) = &removed {
            self.not_completed(answers, error);
            return;
        }
        self.erase_due = erases_since.then(|| Instant::now() + self.options.erase_within);
        for answer in answers {
            let _ = answer.send(Ok(()));
        }
        let (snapshot_bytes, segment_bytes) = self.journal.bytes();
        tracing::info!(through, snapshot_bytes, segment_bytes, "the journal was replaced by a snapshot");
    }

    fn not_completed(&mut self, answers: Vec<Answer>, error: &io::Error) {
        self.waiting.extend(answers);
        let error = io::Error::new(error.kind(), error.to_string());
        self.compaction_failed(&error.into());
    }
}
