//! Those who write: each takes every change that waits and writes them in one transaction.
//!
//! A change that is alone waits for nobody: group and alone are the same road. While one group is on its way to the disk the
//! next one gathers.

mod group;
mod stage;
mod statement;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use lupinus_core::store::{MAX_KEY_BYTES, StoreError};
use sqlx::PgConnection;
use tokio::{
    sync::{Mutex as AsyncMutex, mpsc, oneshot},
    task::JoinHandle,
};

use self::group::Writer;
pub(crate) use self::stage::Change;
use crate::{DatabaseError, Options, erase::Eraser, news::News, server::Server};

/// Changes that may wait; more wait to be let in.
const MAX_WAITING: usize = 4_096;
/// Most changes in one group.
const MAX_GROUP: usize = 256;
/// Bytes from which a group is closed.
const MAX_GROUP_BYTES: usize = 4 * 1024 * 1024;
/// Most bytes of one change: what a message to the server may hold, by far.
const MAX_CHANGE_BYTES: usize = 128 * 1024 * 1024;

type Answer = oneshot::Sender<Result<(), StoreError>>;

/// A change, and who waits for it.
#[derive(Debug)]
struct Write {
    doing: &'static str,
    change: Change,
    answer: Answer,
}

/// Where the changes wait.
#[derive(Debug)]
struct Queue {
    waiting: AsyncMutex<(mpsc::Receiver<Write>, Option<Write>)>,
}

impl Queue {
    /// What waits, as soon as something does; nothing when the store is closed.
    async fn next(&self) -> VecDeque<Write> {
        let mut waiting = self.waiting.lock().await;
        let (queue, kept) = &mut *waiting;
        let mut group = VecDeque::new();
        let first = match kept.take() {
            Some(write) => Some(write),
            None => queue.recv().await,
        };
        let Some(first) = first else { return group };
        let mut bytes = bytes(&first.change);
        group.push_back(first);
        while group.len() < MAX_GROUP {
            let Ok(write) = queue.try_recv() else { break };
            bytes += self::bytes(&write.change);
            if bytes > MAX_GROUP_BYTES {
                *kept = Some(write);
                break;
            }
            group.push_back(write);
        }
        group
    }
}

/// About how long it will be.
fn bytes(change: &Change) -> usize {
    change.records().map(|record| record.body.len()).sum::<usize>() + change.keys().count() * MAX_KEY_BYTES
}

/// The way to the writers.
#[derive(Debug)]
pub(crate) struct Writers {
    queue: Mutex<Option<mpsc::Sender<Write>>>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Writers {
    /// Starts them, the first with a connection that is there already.
    pub(crate) fn start(server: &Server, first: PgConnection, options: &Options, news: &Arc<News>) -> Self {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        let queue = Arc::new(Queue { waiting: AsyncMutex::new((receiver, None)) });
        let eraser = Eraser::start(server.clone(), options.erase_within, options.rewrite_bytes);
        let mut connection = Some(first);
        let running = (0..options.writers).map(|_| {
            let writer = Writer::new(server.clone(), connection.take(), eraser.clone(), Arc::clone(news));
            tokio::spawn(writer.run(Arc::clone(&queue)))
        });
        let running = Mutex::new(running.collect());
        Self { queue: Mutex::new(Some(sender)), running }
    }

    /// Writes the change; durable when it returns.
    pub(crate) async fn write(&self, doing: &'static str, change: Change) -> Result<(), StoreError> {
        check(&change)?;
        let closed = || StoreError::Unavailable(doing, DatabaseError::Closed.into());
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(closed)?;
        let (answer, answered) = oneshot::channel();
        queue.send(Write { doing, change, answer }).await.map_err(|_| closed())?;
        // A writer that ends without a word has been stopped with its runtime.
        answered.await.map_err(|_| closed())?
    }

    /// Lets them finish what waits.
    pub(crate) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for writer in running {
            let _ = writer.await;
        }
    }
}

/// Refuses what the tables cannot hold, before it reaches a group and takes the others with it.
fn check(change: &Change) -> Result<(), StoreError> {
    let mut bytes = 0;
    for record in change.records() {
        if record.body.contains('\0') {
            return Err(StoreError::Invalid("a body with a zero byte, which no JSON has"));
        }
        bytes += record.body.len();
    }
    if bytes > MAX_CHANGE_BYTES {
        return Err(StoreError::Invalid("a batch that is too long as a whole"));
    }
    if let Change::Restore(records) = change
        && records.iter().any(|record| i64::try_from(record.version.number()).is_err())
    {
        return Err(StoreError::Invalid("a version that is too large"));
    }
    Ok(())
}
