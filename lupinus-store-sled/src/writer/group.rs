//! One group of commits: staged over the index, made durable as one frame, applied as one batch, then answered.

use std::time::Instant;

use lupinus_core::store::{Batch, BoxError, Op, Record, StoreError};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Writer;
use crate::{
    index::{IndexError, Refused, Stage, Staged, guarded},
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
pub(crate) enum Change {
    Batch(Batch),
    Restore(Vec<Record>),
}

impl Change {
    /// About how long it will be.
    pub(super) fn bytes(&self) -> usize {
        let of_record = |record: &Record| record.body.len() + 256;
        match self {
            Self::Batch(batch) => batch
                .ops
                .iter()
                .map(|op| match op {
                    Op::Insert(record) | Op::Update { record, .. } => of_record(record),
                    Op::Delete { .. } => 256,
                })
                .sum(),
            Self::Restore(records) => records.iter().map(of_record).sum(),
        }
    }

    fn doing(&self) -> &'static str {
        match self {
            Self::Batch(_) => "committing a batch",
            Self::Restore(_) => "restoring records",
        }
    }

    fn erases(&self) -> bool {
        matches!(self, Self::Batch(batch) if batch.erases)
    }

    fn stage(&self, stage: &mut Stage<'_>, payload: &mut Vec<u8>) -> Result<(), Refused> {
        if self.bytes() > MAX_PAYLOAD / 2 {
            return Err(Refused::Store(StoreError::Invalid("a batch that is too long as a whole")));
        }
        guarded(|| match self {
            Self::Batch(batch) => stage.commit(batch, payload),
            Self::Restore(records) => stage.restore(records, payload),
        })
    }
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
        for Write { change, answer, permit } in writes {
            self.permits.push(permit);
            let staged = match (&failure, &mut stage) {
                (None, Some(stage)) => change.stage(stage, &mut self.payload),
                _ => Ok(()),
            };
            match staged {
                Ok(()) => {
                    self.erases |= change.erases();
                    self.accepted.push((change.doing(), answer));
                }
                Err(Refused::Store(error)) => self.refused.push((answer, error)),
                Err(Refused::Index(error)) => {
                    failure = Some(Failure::Index(error.to_string()));
                    self.accepted.push((change.doing(), answer));
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
