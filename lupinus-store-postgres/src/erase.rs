//! What was erased leaves the tables' files.
//!
//! PostgreSQL keeps the old version of a row until it is vacuumed, and its bytes in the page even then, until something else is
//! written over them. So the tables are rewritten, which takes a moment in which nobody else can use them.

use std::{sync::Arc, time::Duration};

use lupinus_core::store::{BoxError, StoreError};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::Notify;

use crate::{DatabaseError, error::Place, server::Server};

/// Where records, or parts of them, are.
const TABLES: [&str; 3] = ["record", "entry", "claim"];
/// How long a rewriting may make others wait before it begins.
const LOCK_TIMEOUT: &str = "SET statement_timeout TO 0; SET lock_timeout TO '2s'";

/// Rewrites some time after it was told that something is due. Clones speak to the same one; it ends with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Eraser {
    due: Arc<Notify>,
    _ends: Arc<Ends>,
}

/// Stops the task when nobody is left to tell it anything.
#[derive(Debug)]
struct Ends(tokio::task::AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Eraser {
    /// Looks once whether a program before this one left something, and then whenever it is told.
    pub(crate) fn start(server: Server, within: Duration, most_bytes: u64) -> Self {
        let due = Arc::new(Notify::new());
        due.notify_one();
        let told = Arc::clone(&due);
        let task = tokio::spawn(async move {
            loop {
                told.notified().await;
                tokio::time::sleep(within).await;
                while let Err(error) = erase(&server, Some(most_bytes)).await {
                    tracing::warn!(%error, "what was erased is still in the tables' files; trying again");
                    tokio::time::sleep(within.max(Duration::from_secs(1))).await;
                }
            }
        });
        Self { due, _ends: Arc::new(Ends(task.abort_handle())) }
    }

    pub(crate) fn is_due(&self) {
        self.due.notify_one();
    }
}

/// Rewrites the tables, whether or not something is due.
pub(crate) async fn compact(server: &Server) -> Result<(), StoreError> {
    let unavailable = |error| StoreError::Unavailable("rewriting the tables", BoxError::from(error));
    erase(server, None).await.map_err(unavailable)
}

/// Rewrites the tables: with a bound only if something is due, and only if they are not larger than that.
async fn erase(server: &Server, most_bytes: Option<u64>) -> Result<(), DatabaseError> {
    let place = &server.place;
    let explain = |error| place.explain(error);
    let mut connection = server.connect().await?;
    sqlx::raw_sql(LOCK_TIMEOUT).execute(&mut connection).await.map_err(explain)?;
    let due: Option<i64> = sqlx::query_scalar("SELECT max(number) FROM erasure")
        .fetch_one(&mut connection)
        .await
        .map_err(explain)?;
    if due.is_none() && most_bytes.is_some() {
        return Ok(());
    }
    // One program at a time; it ends with the connection.
    let mine: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
        .bind(format!("lupinus-store-postgres erasing in {}", place.schema()))
        .fetch_one(&mut connection)
        .await
        .map_err(explain)?;
    if !mine {
        return Err(place.contended());
    }
    let is_small = match most_bytes {
        None => true,
        Some(most) => bytes(&mut connection, place).await? <= most,
    };
    let how = if is_small { "VACUUM (FULL)" } else { "VACUUM" };
    for table in TABLES {
        let statement = AssertSqlSafe(format!("{how} {table}"));
        sqlx::raw_sql(statement).execute(&mut connection).await.map_err(explain)?;
    }
    if !is_small {
        tracing::warn!(
            "what was erased can be read no more, but bytes of it may stay in the files: the tables are too large to be rewritten \
             in passing. Run VACUUM FULL at a quiet hour"
        );
    }
    sqlx::query("DELETE FROM erasure WHERE number <= $1")
        .bind(due)
        .execute(&mut connection)
        .await
        .map_err(explain)?;
    Ok(())
}

async fn bytes(connection: &mut PgConnection, place: &Place) -> Result<u64, DatabaseError> {
    let bytes: i64 = sqlx::query_scalar(
        "SELECT (pg_total_relation_size('record') + pg_total_relation_size('entry') + pg_total_relation_size('claim'))::bigint",
    )
    .fetch_one(connection)
    .await
    .map_err(|error| place.explain(error))?;
    Ok(u64::try_from(bytes).unwrap_or(u64::MAX))
}
