//! One group of commits: staged over the index, made durable as one frame, applied as one batch, then answered.

use std::time::Instant;

use lupinus_core::store::{Batch, BoxError, Op, Record, StoreError};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Writer;
use crate::{
    change::DecodeError,
    index::{IndexError, Prepared, Refused, Stage, Staged, guarded},
    journal::MAX_PAYLOAD,
    shared::State,
};

pub(crate) type Answer = oneshot::Sender<Result<(), StoreError>>;

/// A change that waits for its group.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) change: Change,
    pub(crate) answer: Answer,
    pub(crate) permit: OwnedSemaphorePermit,
}

#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) doing: &'static str,
    erases: bool,
    /// About how long it will be.
    pub(super) bytes: usize,
    records: Vec<Prepared>,
}

impl Change {
    pub(crate) fn batch(batch: &Batch) -> Result<Self, StoreError> {
        let bytes = batch.ops.iter().map(|op| match op {
            Op::Insert(record) | Op::Update { record, .. } => bytes_of(record),
            Op::Delete { .. } => 256,
        });
        Self::new("committing a batch", batch.erases, bytes.sum(), || Prepared::batch(batch))
    }

    pub(crate) fn restore(records: &[Record]) -> Result<Self, StoreError> {
        let bytes = records.iter().map(bytes_of).sum();
        Self::new("restoring records", false, bytes, || Prepared::restore(records))
    }

    fn new(
        doing: &'static str,
        erases: bool,
        bytes: usize,
        prepare: impl FnOnce() -> Result<Vec<Prepared>, DecodeError>,
    ) -> Result<Self, StoreError> {
        if bytes > MAX_PAYLOAD / 2 {
            return Err(StoreError::Invalid("a batch that is too long as a whole"));
        }
        let records = prepare().map_err(|_| StoreError::Invalid("a record that does not encode"))?;
        Ok(Self { doing, erases, bytes, records })
    }
}

fn bytes_of(record: &Record) -> usize {
    record.body.len() + 256
}

/// Why a group as a whole did not succeed.
enum Failure {
    /// There is no index just now, or no store any more.
    NotOpen,
    /// Nothing was committed.
    Journal(String),
    /// The index broke, before or after the journal had the group.
    Index(String),
}

/// The answers that a group owes.
#[derive(Default)]
struct Group {
    payload: Vec<u8>,
    erases: bool,
    accepted: Vec<(&'static str, Answer)>,
    refused: Vec<(Answer, StoreError)>,
    /// Let go with the group.
    permits: Vec<OwnedSemaphorePermit>,
}

impl Group {
    /// Checks each change against the index and against those before it.
    fn stage(&mut self, writes: Vec<Write>, state: &State, sequence: u64) -> Result<Option<Staged>, Failure> {
        let mut stage = match state {
            State::Open(index) => Some(Stage::new(index)),
            _ => None,
        };
        let mut failure = stage.is_none().then_some(Failure::NotOpen);
        for Write { change: Change { doing, erases, records, .. }, answer, permit } in writes {
            self.permits.push(permit);
            let staged = match (&failure, &mut stage) {
                (None, Some(stage)) => guarded(|| stage.commit(records, &mut self.payload)),
                _ => Ok(()),
            };
            match staged {
                Ok(()) => {
                    self.erases |= erases;
                    self.accepted.push((doing, answer));
                }
                Err(Refused::Store(error)) => self.refused.push((answer, error)),
                Err(Refused::Index(error)) => {
                    failure = Some(Failure::Index(error.to_string()));
                    self.accepted.push((doing, answer));
                }
            }
        }
        match (failure, stage) {
            (Some(failure), _) => Err(failure),
            (None, Some(stage)) if !self.accepted.is_empty() => Ok(Some(stage.finish(sequence))),
            (None, _) => Ok(None),
        }
    }

    fn answer(self, outcome: &Result<(), Failure>, state: &State) {
        for (doing, answer) in self.accepted {
            let outcome = match outcome {
                Ok(()) => Ok(()),
                Err(Failure::NotOpen) => state.index(doing).map(drop),
                Err(Failure::Journal(why) | Failure::Index(why)) => {
                    Err(StoreError::Unavailable(doing, BoxError::from(why.clone())))
                }
            };
            let _ = answer.send(outcome);
        }
        // After the others: what they conflict with can be read now.
        for (answer, error) in self.refused {
            let _ = answer.send(Err(error));
        }
    }
}

impl Writer {
    /// Commits what fits of these, as one group.
    pub(super) fn group(&mut self, writes: Vec<Write>) {
        let mut group = Group::default();
        let staged = group.stage(writes, &self.shared.read(), self.journal.last() + 1);
        let outcome = match staged {
            Ok(Some(staged)) => self.commit(&group, staged),
            Ok(None) => Ok(()),
            Err(failure) => Err(failure),
        };
        if let Err(Failure::Index(why)) = &outcome {
            // Before the answers, so that nobody reads what is behind the journal.
            self.index_is_down(why.clone());
        }
        group.answer(&outcome, &self.shared.read());
    }

    fn commit(&mut self, group: &Group, staged: Staged) -> Result<(), Failure> {
        if let Err(error) = self.journal.append(&group.payload, group.erases) {
            tracing::error!(%error, "the journal could not be written; nothing was committed");
            return Err(Failure::Journal(format!("the journal could not be written: {error}")));
        }
        if group.erases && self.erase_due.is_none() {
            self.erase_due = Some(Instant::now() + self.options.erase_within);
        }
        if let Some(compaction) = &mut self.compaction
            && let Err(error) = compaction.follow(staged.clone(), group.erases)
        {
            self.give_up_compaction(&error);
        }
        let applied = match &mut *self.shared.write() {
            State::Open(index) => index.apply(staged),
            _ => Err(IndexError::Untrue),
        };
        applied.map_err(|error| Failure::Index(error.to_string()))
    }
}
