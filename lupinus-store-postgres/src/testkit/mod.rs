//! For tests on a PostgreSQL server: a [`Schema`] of its own for each test, and a [`Cluster`] that a test may stop and kill.
//!
//! A schema is made on the server that `LUPINUS_POSTGRES_URL` names, as a user who may do everything there. Where there is
//! none, `None` comes back, and a line that begins with `skipped:` says so; with `LUPINUS_REQUIRE_POSTGRES` set that is a
//! panic. Everything here panics when it fails, as tests do.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "for tests, where a panic is the report")]

mod cluster;

use std::{
    env,
    io::Write as _,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

pub use self::cluster::Cluster;
use crate::{Options, PostgresStore};

/// Says that there is nothing to test on.
fn skip(what: &str) {
    assert!(env::var_os("LUPINUS_REQUIRE_POSTGRES").is_none(), "{what}");
    // Not by `println!`, which a test that passes does not show.
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

/// A schema of its own for one test; gone with it.
#[derive(Debug)]
pub struct Schema {
    base: String,
    name: String,
}

impl Schema {
    /// A name that nobody else has. `None` without a server.
    pub fn new() -> Option<Self> {
        let Ok(base) = env::var("LUPINUS_POSTGRES_URL") else {
            skip("no PostgreSQL; name a server in LUPINUS_POSTGRES_URL");
            return None;
        };
        Some(Self::on(base))
    }

    /// The same on another server.
    pub fn on(base: impl Into<String>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self { base: base.into(), name: format!("test_{now}_{}_{number}", std::process::id()) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of the store in it.
    pub fn address(&self) -> String {
        let joint = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{joint}schema={}", self.base, self.name)
    }

    /// A store in it, as one more program has it.
    pub async fn store(&self) -> PostgresStore {
        self.store_with(PostgresStore::options()).await
    }

    /// The same with settings.
    pub async fn store_with(&self, options: Options) -> PostgresStore {
        options.connect(&self.address()).await.expect("a store in a schema of its own")
    }

    /// Whether the bytes are found in the files of its tables and their indexes, after they were rewritten without what was erased.
    pub async fn still_holds(&self, bytes: &[u8]) -> bool {
        let store = self.store().await;
        let mut plain = self.plain().await;
        // Other tests may look at the whole server meanwhile, and what somebody could still see is kept.
        for _ in 0..100 {
            store.compact().await.expect("tables that can be rewritten");
            sqlx::raw_sql("CHECKPOINT").execute(&mut plain).await.expect("a checkpoint");
            let found: bool = sqlx::query_scalar(
                "SELECT bool_or(position($1 IN pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1000000000, true)) > 0) \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE (n.nspname = $2 AND c.relkind IN ('r', 'i')) \
                    OR c.oid IN (SELECT t.reltoastrelid FROM pg_class t WHERE t.relnamespace = $2::regnamespace)",
            )
            .bind(bytes)
            .bind(&self.name)
            .fetch_one(&mut plain)
            .await
            .expect("the files of the tables");
            if !found {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        true
    }

    /// A plain connection whose names are looked up in the schema.
    pub async fn plain(&self) -> PgConnection {
        let mut connection = PgConnection::connect(&self.base).await.expect("the tests' server");
        let path = AssertSqlSafe(format!("SET search_path TO {}", self.name));
        sqlx::raw_sql(path).execute(&mut connection).await.expect("a search path");
        connection
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (base, gone) = (self.base.clone(), format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
        // In a thread, since the test's own runtime is busy with this.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&base).await?;
                sqlx::raw_sql(AssertSqlSafe(gone)).execute(&mut connection).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
            })
        });
        let _ = dropped.join();
    }
}
