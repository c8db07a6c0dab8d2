//! The one thread that writes. It takes whatever is waiting, checks it, appends it to the journal as one group, syncs once,
//! moves the index on, and answers.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use lupinus_core::store::{Batch, BoxError, Op, Record, StoreError};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::{
    Options,
    folder::{Current, Folder},
    index::{IndexError, Refused, Stage, guarded},
    journal::{Journal, MAX_PAYLOAD},
    shared::{Shared, State, closed},
};

mod compact;
mod open;

use self::compact::Compaction;

/// Most requests in one group.
const GROUP_REQUESTS: usize = 1_024;
/// Bytes of a group after which no further request is taken into it.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// How long a rebuild or a compaction that failed is left alone.
const RETRY: Duration = Duration::from_secs(5);

type Answer = oneshot::Sender<Result<(), StoreError>>;

/// What is asked of the writer.
#[derive(Debug)]
pub(crate) enum Request {
    Write(Write),
    Compact { answer: Answer },
    Health { answer: Answer },
    Close { answer: Answer },
}

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
    fn bytes(&self) -> usize {
        match self {
            Self::Batch(batch) => batch.ops.iter().map(op_bytes).sum(),
            Self::Restore(records) => records.iter().map(|record| record.body.len()).sum(),
        }
    }

    fn doing(&self) -> &'static str {
        match self {
            Self::Batch(_) => "committing a batch",
            Self::Restore(_) => "restoring records",
        }
    }
}

fn op_bytes(op: &Op) -> usize {
    match op {
        Op::Insert(record) | Op::Update { record, .. } => record.body.len() + 256,
        Op::Delete { .. } => 64,
    }
}

/// The writer's own side of a store.
#[derive(Debug)]
pub(crate) struct Writer {
    shared: Arc<Shared>,
    folder: Folder,
    options: Options,
    requests: mpsc::Receiver<Request>,
    journal: Journal,
    generation: u64,
    compaction: Option<Compaction>,
    /// Who waits for the next compaction, and for the running one.
    waiting: Vec<Answer>,
    /// When erased content must begin to go.
    erase_due: Option<Instant>,
    /// Nothing that failed is tried again before.
    retry_at: Option<Instant>,
}

/// What a turn of the loop found to do.
enum Turn {
    Write(Vec<Write>, Option<Request>),
    Other(Request),
    Idle,
    Stop,
}

impl Writer {
    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Works until the store is closed or the last handle is gone.
    pub(crate) fn run(mut self) {
        loop {
            match self.next_turn() {
                Turn::Write(writes, then) => {
                    self.group(writes);
                    if let Some(request) = then
                        && self.serve(request)
                    {
                        return;
                    }
                }
                Turn::Other(request) => {
                    if self.serve(request) {
                        return;
                    }
                }
                Turn::Idle => {}
                Turn::Stop => {
                    if let Err(error) = self.stop(false) {
                        tracing::warn!(%error, "the store was not closed in order");
                    }
                    return;
                }
            }
            self.look_after_index();
            self.look_after_space();
        }
    }

    /// Waits for something to do, no longer than until something is due.
    fn next_turn(&mut self) -> Turn {
        let first = match self.requests.try_recv() {
            Ok(request) => request,
            Err(mpsc::TryRecvError::Disconnected) => return Turn::Stop,
            Err(mpsc::TryRecvError::Empty) => {
                self.journal.seal();
                if self.compaction.is_some() {
                    return Turn::Idle;
                }
                let received = match self.due() {
                    Some(due) => self.requests.recv_timeout(due.saturating_duration_since(Instant::now())),
                    None => self.requests.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                };
                match received {
                    Ok(request) => request,
                    Err(mpsc::RecvTimeoutError::Timeout) => return Turn::Idle,
                    Err(mpsc::RecvTimeoutError::Disconnected) => return Turn::Stop,
                }
            }
        };
        let Request::Write(first) = first else { return Turn::Other(first) };
        let mut bytes = first.change.bytes();
        let mut writes = vec![first];
        while writes.len() < GROUP_REQUESTS && bytes < GROUP_BYTES {
            match self.requests.try_recv() {
                Ok(Request::Write(write)) => {
                    bytes += write.change.bytes();
                    writes.push(write);
                }
                Ok(other) => return Turn::Write(writes, Some(other)),
                Err(_) => break,
            }
        }
        Turn::Write(writes, None)
    }

    fn due(&self) -> Option<Instant> {
        if !self.waiting.is_empty() {
            return Some(Instant::now());
        }
        let is_down = matches!(*self.shared.read(), State::Down(_));
        if is_down { self.retry_at } else { self.erase_due.max(self.erase_due.and(self.retry_at)) }
    }

    /// Serves what is not a write. Returns whether that was the end.
    fn serve(&mut self, request: Request) -> bool {
        match request {
            Request::Write(write) => self.group(vec![write]),
            Request::Compact { answer } => {
                self.waiting.push(answer);
                // One that is under way may have passed what was overwritten since.
                self.retry_at = None;
                if self.compaction.is_none() {
                    self.begin_compaction();
                }
            }
            Request::Health { answer } => {
                let health = self.health();
                let _ = answer.send(health);
            }
            Request::Close { answer } => {
                let stopped = self.stop(true);
                // The folder is free when the answer is there.
                drop(self.requests.try_iter());
                let _ = answer.send(stopped);
                return true;
            }
        }
        false
    }

    fn health(&self) -> Result<(), StoreError> {
        let doing = "looking after the store";
        self.shared.read().index(doing)?;
        // An empty group would grow the journal; a write of a small file shows a full or read-only disk as well.
        let current = Current { generation: self.generation, sequence: self.journal.last() };
        self.folder.set_current(current).map_err(|error| StoreError::Unavailable(doing, error.into()))
    }

    /// Commits what fits of these, as one group.
    fn group(&mut self, writes: Vec<Write>) {
        let mut permits = Vec::with_capacity(writes.len());
        let mut accepted = Vec::with_capacity(writes.len());
        let mut refused = Vec::new();
        let mut payload = Vec::new();
        let mut erases = false;
        let staged = {
            let state = self.shared.read();
            let index = match state.index("committing a batch") {
                Ok(index) => index,
                Err(_) => {
                    for write in writes {
                        let down = state.index(write.change.doing()).map(drop);
                        let _ = write.answer.send(down);
                    }
                    return;
                }
            };
            let mut stage = Stage::new(index);
            let mut broken: Option<String> = None;
            for write in writes {
                let doing = write.change.doing();
                permits.push(write.permit);
                let outcome = match &broken {
                    Some(why) => Err(unavailable(doing, why)),
                    None => stage_one(&mut stage, &write.change, &mut payload).map_err(|error| match error {
                        Refused::Store(error) => error,
                        Refused::Index(error) => {
                            let why = error.to_string();
                            let answer = StoreError::Unavailable(doing, error.into());
                            broken = Some(why);
                            answer
                        }
                    }),
                };
                match outcome {
                    Ok(()) => {
                        erases |= matches!(&write.change, Change::Batch(batch) if batch.erases);
                        accepted.push((doing, write.answer));
                    }
                    Err(error) => refused.push((write.answer, error)),
                }
            }
            match broken {
                Some(why) => Err(why),
                None => Ok(stage),
            }
            .map(|stage| if accepted.is_empty() { None } else { Some(stage.finish(self.journal.last() + 1)) })
        };
        match staged {
            Err(why) => {
                answer_all(accepted, &why);
                self.index_is_down(why);
            }
            Ok(None) => {}
            Ok(Some(staged)) => match self.journal.append(&payload, erases) {
                Err(error) => {
                    tracing::error!(%error, "the journal could not be written; nothing was committed");
                    answer_all(accepted, &format!("the journal could not be written: {error}"));
                }
                Ok(_) => {
                    if erases && self.erase_due.is_none() {
                        self.erase_due = Some(Instant::now() + self.options.erase_within);
                    }
                    let copied = self
                        .compaction
                        .as_mut()
                        .map_or(Ok(()), |compaction| compaction.follow(staged.clone(), erases));
                    if let Err(error) = copied {
                        self.give_up_compaction(&error);
                    }
                    let applied = match &mut *self.shared.write() {
                        State::Open(index) => index.apply(staged),
                        _ => Err(IndexError::Untrue),
                    };
                    match applied {
                        Ok(()) => {
                            for (_, answer) in accepted {
                                let _ = answer.send(Ok(()));
                            }
                        }
                        Err(error) => {
                            // It is in the journal, so it will be there; it cannot be read before the index is.
                            answer_all(accepted, &error.to_string());
                            self.index_is_down(error.to_string());
                        }
                    }
                }
            },
        }
        for (answer, error) in refused {
            let _ = answer.send(Err(error));
        }
        drop(permits);
    }

    fn index_is_down(&mut self, why: String) {
        tracing::error!(why, "the index broke; it is built anew from the journal");
        let broken = std::mem::replace(&mut *self.shared.write(), State::Down(why));
        let _ = guarded(|| {
            drop(broken);
            Ok::<_, IndexError>(())
        });
        self.retry_at = None;
    }

    /// Builds the index anew when it is broken and it is time to.
    fn look_after_index(&mut self) {
        if self.shared.take_suspicion() && matches!(*self.shared.read(), State::Open(_)) {
            self.index_is_down("a read failed".to_owned());
        }
        let is_down = matches!(*self.shared.read(), State::Down(_));
        if !is_down || self.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        if let Some(compaction) = self.compaction.take() {
            compaction.abandon(&self.folder, &self.journal);
        }
        match open::rebuild(&self.folder, &self.journal, &self.options, Some(self.generation)) {
            Ok((generation, index)) => {
                self.generation = generation;
                self.retry_at = None;
                *self.shared.write() = State::Open(index);
                tracing::info!("the index was built anew");
            }
            Err(error) => {
                tracing::error!(%error, "the index could not be built; it is tried again");
                let _ = self.folder.remove_broken();
                self.retry_at = Some(Instant::now() + RETRY);
            }
        }
    }

    /// Ends everything in order. With `erase`, what is due to be erased goes first.
    fn stop(&mut self, erase: bool) -> Result<(), StoreError> {
        let doing = "closing the store";
        if erase && (self.erase_due.is_some() || !self.waiting.is_empty()) {
            self.finish_compaction_now();
        } else if let Some(compaction) = self.compaction.take() {
            compaction.abandon(&self.folder, &self.journal);
        }
        for answer in self.waiting.drain(..) {
            let _ = answer.send(Err(StoreError::Unavailable("compacting the store", closed())));
        }
        let closed_journal = self.journal.close();
        let state = std::mem::replace(&mut *self.shared.write(), State::Closed);
        let flushed = guarded(|| {
            if let State::Open(index) = &state {
                index.flush()?;
            }
            drop(state);
            Ok::<_, IndexError>(())
        });
        if let Err(error) = flushed {
            tracing::warn!(%error, "the index was not closed in order; it is checked at the next opening");
        }
        let current = Current { generation: self.generation, sequence: self.journal.last() };
        let named = self.folder.set_current(current);
        let outcome = closed_journal.and(named).map_err(|error| StoreError::Unavailable(doing, error.into()));
        if let Err(error) = self.folder.unlock() {
            tracing::warn!(%error, "the folder stays locked until the program ends");
        }
        if erase && self.erase_due.is_some() {
            let why =
                "erased content could not be removed from the files; it is tried again at the next opening";
            return outcome.and(Err(StoreError::Unavailable(doing, why.into())));
        }
        outcome
    }
}

fn stage_one(stage: &mut Stage<'_>, change: &Change, payload: &mut Vec<u8>) -> Result<(), Refused> {
    let before = payload.len();
    if change.bytes() > MAX_PAYLOAD / 2 {
        return Err(Refused::Store(StoreError::Invalid("a batch that is too long as a whole")));
    }
    let staged = guarded(|| match change {
        Change::Batch(batch) => stage.commit(batch, payload),
        Change::Restore(records) => stage.restore(records, payload),
    });
    if staged.is_err() {
        payload.truncate(before);
    }
    staged
}

fn unavailable(doing: &'static str, why: &str) -> StoreError {
    StoreError::Unavailable(doing, BoxError::from(why.to_owned()))
}

fn answer_all(answers: Vec<(&'static str, Answer)>, why: &str) {
    for (doing, answer) in answers {
        let _ = answer.send(Err(unavailable(doing, why)));
    }
}
