use std::{str::FromStr as _, time::Duration};

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use url::Url;

use crate::{DatabaseError, PostgresStore};

/// What an address may carry behind the `?`: libpq's names for what is read here, and the store's schema.
const SETTINGS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    SCHEMA,
];
const SCHEMA: &str = "schema";

/// How a store is opened.
///
/// # Examples
/// ```no_run
/// use std::time::Duration;
///
/// use lupinus_store_postgres::PostgresStore;
///
/// # async fn open() -> Result<(), lupinus_store_postgres::DatabaseError> {
/// let store = PostgresStore::options()
///     .readers(4)
///     .patience(Duration::from_secs(5))
///     .connect("postgres://lupinus@db.example.jp/lupinus?sslmode=verify-full")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(crate) readers: usize,
    pub(crate) writers: usize,
    pub(crate) patience: Duration,
    pub(crate) erase_within: Duration,
    pub(crate) rewrite_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 8,
            writers: 2,
            patience: Duration::from_secs(10),
            erase_within: Duration::from_mins(1),
            rewrite_bytes: 256 * 1024 * 1024,
        }
    }
}

impl Options {
    /// Most connections for reading; 8 unless told, at least 1. They are made when they are needed.
    pub fn readers(mut self, connections: usize) -> Self {
        self.readers = connections.max(1);
        self
    }

    /// Connections for writing; 2 unless told, at least 1. Each takes all the commits that wait, and writes them as one.
    pub fn writers(mut self, connections: usize) -> Self {
        self.writers = connections.max(1);
        self
    }

    /// How long the server may take for a connection or a statement; 10 seconds unless told.
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// How long erased content may stay in the tables' files before they are rewritten; a minute unless told.
    pub fn erase_within(mut self, time: Duration) -> Self {
        self.erase_within = time;
        self
    }

    /// How large the tables may be, in bytes, and still be rewritten in passing after an erasure, which keeps everybody out
    /// of them meanwhile; 256 MiB unless told. Larger ones are vacuumed, and [`PostgresStore::compact`] rewrites them.
    pub fn rewrite_bytes(mut self, bytes: u64) -> Self {
        self.rewrite_bytes = bytes;
        self
    }

    /// Connects to the database at `address`, `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…&schema=…`, makes the
    /// tables where there are none and brings older ones up to date.
    ///
    /// # Errors
    /// [`DatabaseError`]; its messages say what to do.
    pub async fn connect(self, address: &str) -> Result<PostgresStore, DatabaseError> {
        PostgresStore::open(Address::parse(address)?, self).await
    }
}

/// What an address says.
pub(crate) struct Address {
    pub(crate) options: PgConnectOptions,
    pub(crate) schema: String,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, DatabaseError> {
        let mut url = Url::parse(text).map_err(|_| DatabaseError::Address)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(DatabaseError::Address);
        }
        let settings: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let mut schema = "lupinus".to_owned();
        url.set_query(None);
        for (name, value) in settings {
            // A misspelt sslmode must not pass for none.
            if !SETTINGS.contains(&name.as_str()) {
                return Err(DatabaseError::Setting(name));
            }
            if name == SCHEMA {
                schema = value;
            } else {
                url.query_pairs_mut().append_pair(&name, &value);
            }
        }
        if !is_schema(&schema) {
            return Err(DatabaseError::Schema(schema));
        }
        let options = PgConnectOptions::from_str(url.as_str()).map_err(|_| DatabaseError::Address)?;
        let named = options.get_application_name().is_some();
        let options = if named { options } else { options.application_name("lupinus") };
        Ok(Self { options: options.disable_statement_logging(), schema })
    }
}

/// Whether it can stand in a statement as it is.
fn is_schema(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_');
    let rest = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    first && rest && name.len() <= 63 && !name.starts_with("pg_")
}
