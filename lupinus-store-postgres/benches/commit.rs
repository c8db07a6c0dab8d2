//! Commits through the store against a bare loop of one transaction a commit: the same rows, the same number in flight.
//!
//! Run with `LUPINUS_POSTGRES_URL=postgres://… cargo bench -p lupinus-store-postgres`. Makes and removes schemas of its own.
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::time::Duration;

use lupinus_core::{
    store::{Batch, Op, Store},
    testkit::{Pace, event, message},
};
use lupinus_store_postgres::PostgresStore;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

const ROUND: Duration = Duration::from_secs(4);
const SCHEMA: &str = "lupinus_bench";

async fn through_the_store(
    address: &str,
    in_flight: usize,
    what: fn(usize, u64) -> Batch,
    name: &str,
) -> f64 {
    let store = PostgresStore::connect(address).await.unwrap();
    let used = store.clone();
    let pace = Pace::of(in_flight, ROUND, move |task, n| {
        let store = used.clone();
        async move { store.commit(what(task, n)).await.unwrap() }
    });
    let pace = pace.await;
    println!("{name:<22} {in_flight:>4} in flight: {pace}");
    store.close().await.unwrap();
    pace.per_second
}

/// The same rows into the same tables, as one writes it by hand: begin, a statement a table, commit. A connection for each in
/// flight, as many as a server has.
async fn bare(address: &str, in_flight: usize) -> f64 {
    let mut connections = Vec::new();
    for _ in 0..in_flight.min(64) {
        let mut connection = PgConnection::connect(address).await.unwrap();
        let path = AssertSqlSafe(format!("SET search_path TO {SCHEMA}"));
        sqlx::raw_sql(path).execute(&mut connection).await.unwrap();
        connections.push(tokio::sync::Mutex::new(connection));
    }
    let connections = std::sync::Arc::new(connections);
    let pace = Pace::of(in_flight, ROUND, move |task, n| {
        let connections = std::sync::Arc::clone(&connections);
        async move {
            let mut connection = connections[task % connections.len()].lock().await;
            bare_commit(&mut connection, &message(task, n), n).await;
        }
    });
    let pace = pace.await;
    println!("{:<22} {in_flight:>4} in flight: {pace}", "bare transactions");
    pace.per_second
}

async fn bare_commit(connection: &mut PgConnection, batch: &Batch, n: u64) {
    let mut work = connection.begin().await.unwrap();
    for op in &batch.ops {
        let (Op::Insert(record) | Op::Update { record, .. }) = op else { continue };
        let (kind, key) = (record.key.kind.as_str().as_bytes(), record.key.key.as_bytes());
        let indexes = serde_json::to_string(&record.indexes).unwrap();
        if matches!(op, Op::Update { .. }) {
            let done = sqlx::query(
                "UPDATE record SET version = version + 1, indexes = $4, body = $5 WHERE kind = $1 AND key = $2 AND version = $3",
            )
            .bind(kind)
            .bind(key)
            .bind(i64::try_from(n).unwrap())
            .bind(indexes)
            .bind(&*record.body)
            .execute(&mut *work)
            .await
            .unwrap();
            assert_eq!(done.rows_affected(), 1);
            continue;
        }
        sqlx::query(
            "INSERT INTO record (kind, key, version, schema, class, indexes, body) VALUES ($1, $2, 1, 1, 'operation', $3, $4)",
        )
        .bind(kind)
        .bind(key)
        .bind(indexes)
        .bind(&*record.body)
        .execute(&mut *work)
        .await
        .unwrap();
        for entry in &record.indexes {
            let into = if entry.unique { "claim" } else { "entry" };
            let insert = format!("INSERT INTO {into} (kind, index, value, key) VALUES ($1, $2, $3, $4)");
            sqlx::query(AssertSqlSafe(insert))
                .bind(kind)
                .bind(entry.index.as_bytes())
                .bind(entry.value.as_bytes())
                .bind(key)
                .execute(&mut *work)
                .await
                .unwrap();
        }
    }
    work.commit().await.unwrap();
}

async fn anew(address: &str) -> String {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let gone = AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"));
    sqlx::raw_sql(gone).execute(&mut connection).await.unwrap();
    let joint = if address.contains('?') { '&' } else { '?' };
    let named = format!("{address}{joint}schema={SCHEMA}");
    PostgresStore::connect(&named).await.unwrap().close().await.unwrap();
    named
}

fn main() {
    // `cargo test` runs benches too, and asks for their list of tests.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let Ok(address) = std::env::var("LUPINUS_POSTGRES_URL") else {
        println!("no PostgreSQL: name a server in LUPINUS_POSTGRES_URL");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for in_flight in [1, 64, 256] {
            anew(&address).await;
            let bare = bare(&address, in_flight).await;
            let named = anew(&address).await;
            let store = through_the_store(&named, in_flight, message, "store").await;
            println!("{:<22} {in_flight:>4} in flight: {:.2} of the bare loop", "ratio", store / bare);
            let named = anew(&address).await;
            through_the_store(&named, in_flight, event, "store, an event").await;
        }
        let mut connection = PgConnection::connect(&address).await.unwrap();
        let gone = AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"));
        sqlx::raw_sql(gone).execute(&mut connection).await.unwrap();
    });
}
