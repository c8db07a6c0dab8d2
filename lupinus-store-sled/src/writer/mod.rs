//! The one thread that writes. It takes whatever is waiting, checks it, appends it to the journal as one group, syncs once,
//! moves the index on, and answers.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use lupinus_core::store::StoreError;

use crate::{
    Options,
    folder::{Current, Folder},
    journal::Journal,
    shared::{Shared, State, closed},
};

mod compact;
mod group;
mod open;

use self::compact::Compaction;
pub(crate) use self::group::{Answer, Change, Write};

/// Most requests in one group.
const GROUP_REQUESTS: usize = 1_024;
/// Bytes of a group after which no further request is taken into it.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// How long a rebuild or a compaction that failed is left alone.
const RETRY: Duration = Duration::from_secs(5);

/// What is asked of the writer.
#[derive(Debug)]
pub(crate) enum Request {
    Write(Write),
    Compact {
        answer: Answer,
    },
    Health {
        answer: Answer,
    },
    /// A read found the index broken.
    Look,
    Close {
        answer: Answer,
    },
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
    /// The snapshot with which the index was made.
    snapshot: u64,
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
        self.shared.pulse.beats();
        let first = match self.requests.try_recv() {
            Ok(request) => request,
            Err(mpsc::TryRecvError::Disconnected) => return Turn::Stop,
            Err(mpsc::TryRecvError::Empty) => {
                self.journal.seal();
                if self.compaction.is_some() {
                    return Turn::Idle;
                }
                self.shared.pulse.rests();
                let received = match self.due() {
                    Some(due) => self.requests.recv_timeout(due.saturating_duration_since(Instant::now())),
                    None => self.requests.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                };
                self.shared.pulse.beats();
                match received {
                    Ok(request) => request,
                    Err(mpsc::RecvTimeoutError::Timeout) => return Turn::Idle,
                    Err(mpsc::RecvTimeoutError::Disconnected) => return Turn::Stop,
                }
            }
        };
        let Request::Write(first) = first else { return Turn::Other(first) };
        let mut bytes = first.change.bytes;
        let mut writes = vec![first];
        while writes.len() < GROUP_REQUESTS && bytes < GROUP_BYTES {
            match self.requests.try_recv() {
                Ok(Request::Write(write)) => {
                    bytes += write.change.bytes;
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
            Request::Look => {}
            Request::Health { answer } => {
                let health = self.health();
                let _ = answer.send(health);
            }
            Request::Close { answer } => {
                let stopped = self.stop(true);
                // The folder is free when the answer is there. Who still waits is told when the queue is dropped.
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
        let current = self.current();
        self.folder.set_current(current).map_err(|error| StoreError::Unavailable(doing, error.into()))
    }

    fn current(&self) -> Current {
        Current { generation: self.generation, sequence: self.journal.last(), snapshot: self.snapshot }
    }

    fn index_is_down(&mut self, why: String) {
        tracing::error!(why, "the index broke; it is built anew from the journal");
        let broken = std::mem::replace(&mut *self.shared.write(), State::Down(why));
        drop(broken);
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
                self.snapshot = self.journal.base();
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
        // sled writes out what it holds back. What it cannot write, the journal has.
        drop(state);
        let current = self.current();
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
