//! The server that the tests find by `LUPINUS_POSTGRES_URL`, as a user who may do everything there. Without it they say
//! `skipped:` and pass, unless `LUPINUS_REQUIRE_POSTGRES` is set.
#![allow(dead_code, reason = "each test uses its part")]

use std::{
    env,
    io::Write as _,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use lupinus_store_postgres::{Options, PostgresStore};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// A schema of its own for one test; gone with it.
pub(crate) struct Schema {
    base: String,
    name: String,
}

impl Schema {
    /// `None` without a server.
    pub(crate) fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(base) = env::var("LUPINUS_POSTGRES_URL") else {
            assert!(env::var_os("LUPINUS_REQUIRE_POSTGRES").is_none(), "LUPINUS_POSTGRES_URL is not set");
            // Not by `println!`, which a test that passes does not show.
            let _ =
                writeln!(std::io::stderr(), "skipped: no PostgreSQL; name a server in LUPINUS_POSTGRES_URL");
            return None;
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Some(Self { base, name: format!("test_{now}_{}_{number}", std::process::id()) })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The address of the store in it.
    pub(crate) fn address(&self) -> String {
        let joint = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{joint}schema={}", self.base, self.name)
    }

    pub(crate) async fn store(&self) -> PostgresStore {
        self.store_with(PostgresStore::options()).await
    }

    pub(crate) async fn store_with(&self, options: Options) -> PostgresStore {
        options.connect(&self.address()).await.unwrap()
    }

    /// A plain connection whose names are looked up in the schema.
    pub(crate) async fn plain(&self) -> PgConnection {
        let mut connection = PgConnection::connect(&self.base).await.unwrap();
        let found = AssertSqlSafe(format!("SET search_path TO {}", self.name));
        sqlx::raw_sql(found).execute(&mut connection).await.unwrap();
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
