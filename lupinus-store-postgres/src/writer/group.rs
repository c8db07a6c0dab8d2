//! One group of changes: read what it must know, decide, write, answer.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use lupinus_core::store::{BoxError, StoreError};
use sqlx::PgConnection;

use super::{
    Queue, Write,
    stage::{Change, Known, Plan, Stage},
    statement,
};
use crate::{
    DatabaseError,
    erase::Eraser,
    error::{Fate, fate},
    news::News,
    server::Server,
};

/// How often a group is decided anew because others were quicker. Each time somebody's change went in.
const MAX_ATTEMPTS: u32 = 40;
/// How long a connection may be idle and still be trusted with a write that nothing was read for.
const IDLE: Duration = Duration::from_secs(1);

/// One connection that writes.
pub(super) struct Writer {
    server: Server,
    connection: Option<PgConnection>,
    /// When the connection was last known to be good.
    used: Instant,
    eraser: Eraser,
    news: Arc<News>,
}

/// Why a group was not written.
enum Failure {
    /// A statement failed on its own account.
    Refused(DatabaseError),
    /// The connection failed; whether it was written is not known.
    Lost(DatabaseError),
}

impl Writer {
    pub(super) fn new(
        server: Server,
        connection: Option<PgConnection>,
        eraser: Eraser,
        news: Arc<News>,
    ) -> Self {
        Self { server, connection, used: Instant::now(), eraser, news }
    }

    pub(super) async fn run(mut self, queue: Arc<Queue>) {
        loop {
            let mut group = queue.next().await;
            if group.is_empty() {
                return;
            }
            let mut outcome = self.group(&group).await;
            if matches!(outcome, Err(Failure::Refused(_))) && group.len() > 1 {
                // One of them is at fault: it shall not take the others with it.
                while let Some(write) = group.pop_front() {
                    let alone = VecDeque::from([write]);
                    let outcome = self.group(&alone).await;
                    self.answer(alone, outcome);
                }
                outcome = Ok(Vec::new());
            }
            self.answer(group, outcome);
        }
    }

    fn answer(&self, group: VecDeque<Write>, outcome: Result<Vec<Result<(), StoreError>>, Failure>) {
        match outcome {
            Ok(outcomes) => {
                let mut is_told = false;
                for (write, outcome) in group.into_iter().zip(outcomes) {
                    if outcome.is_ok() && write.change.erases() {
                        self.eraser.is_due();
                    }
                    is_told |= outcome.is_ok();
                    let _ = write.answer.send(outcome);
                }
                if is_told {
                    self.news.tell();
                }
            }
            Err(Failure::Refused(error) | Failure::Lost(error)) => {
                tracing::warn!(error = %error, changes = group.len(), "changes could not be written");
                let error = Arc::new(error);
                for write in group {
                    let source = BoxError::from(Arc::clone(&error));
                    let _ = write.answer.send(Err(StoreError::Unavailable(write.doing, source)));
                }
            }
        }
    }

    /// Writes what fits of the group, and says of each change what became of it.
    async fn group(&mut self, group: &VecDeque<Write>) -> Result<Vec<Result<(), StoreError>>, Failure> {
        let changes = || group.iter().map(|write| &write.change);
        // Where all is new nothing need be read: the tables' own keys refuse what exists. But a connection that was idle may
        // be broken, and a read that finds out can be repeated.
        let mut reads = !changes().all(Change::only_inserts) || self.used.elapsed() > IDLE;
        let mut may_reconnect = self.connection.is_some();
        let mut attempt = 0;
        while attempt < MAX_ATTEMPTS {
            attempt += 1;
            if attempt > 3 {
                tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
            }
            let known = if reads {
                match self.read(changes()).await {
                    Ok(known) => known,
                    // Nothing is written yet, and the server may have been started anew since the last group.
                    Err((Fate::Lost, _)) if may_reconnect => {
                        may_reconnect = false;
                        continue;
                    }
                    Err((Fate::Retry, _)) => continue,
                    Err((Fate::Lost, error)) => return Err(Failure::Lost(error)),
                    Err((Fate::Refused, error)) => return Err(Failure::Refused(error)),
                }
            } else {
                Known::default()
            };
            let mut stage = Stage::new(&known);
            let outcomes: Vec<_> = changes().map(|change| stage.take(change)).collect();
            if !reads && outcomes.iter().any(Result::is_err) {
                // Two of the group want the same. Which record is named as the first that does not fit must be looked up.
                reads = true;
                continue;
            }
            let mut plan = stage.plan();
            plan.erases = changes().zip(&outcomes).any(|(change, taken)| taken.is_ok() && change.erases());
            match self.write(&plan).await {
                Ok(()) => return Ok(outcomes),
                Err((Fate::Retry, _)) => reads = true,
                Err((Fate::Lost, error)) => return Err(Failure::Lost(error)),
                Err((Fate::Refused, error)) => return Err(Failure::Refused(error)),
            }
        }
        Err(Failure::Refused(self.server.place.contended()))
    }

    async fn read<'a>(
        &mut self,
        changes: impl Iterator<Item = &'a Change> + Clone,
    ) -> Result<Known, (Fate, DatabaseError)> {
        let patience = self.server.patience;
        let connection = self.connected().await?;
        let read = tokio::time::timeout(patience, statement::read(connection, changes)).await;
        self.settle(read)
    }

    async fn write(&mut self, plan: &Plan) -> Result<(), (Fate, DatabaseError)> {
        let patience = self.server.patience;
        let connection = self.connected().await?;
        let written = tokio::time::timeout(patience, statement::write(connection, plan)).await;
        self.settle(written)
    }

    async fn connected(&mut self) -> Result<&mut PgConnection, (Fate, DatabaseError)> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(|error| (Fate::Lost, error))?,
        };
        Ok(self.connection.insert(connection))
    }

    /// What a statement's end means; lets go of a connection that is of no use any more.
    fn settle<T>(
        &mut self,
        ended: Result<sqlx::Result<T>, tokio::time::error::Elapsed>,
    ) -> Result<T, (Fate, DatabaseError)> {
        let error = match ended {
            Ok(Ok(answer)) => {
                self.used = Instant::now();
                return Ok(answer);
            }
            Ok(Err(error)) => error,
            Err(_) => {
                self.connection = None;
                return Err((Fate::Lost, self.server.place.slow()));
            }
        };
        let fate = fate(&error);
        if fate == Fate::Lost {
            self.connection = None;
        }
        Err((fate, self.server.place.explain(error)))
    }
}
