use std::time::Duration;

use crate::{Address, DatabaseError, PostgresStore};

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

    /// Connects to the database at `address`, makes the tables where there are none and brings older ones up to date.
    ///
    /// # Errors
    /// [`DatabaseError`]; its messages say what to do.
    pub async fn open(self, address: &Address) -> Result<PostgresStore, DatabaseError> {
        PostgresStore::open(address, self).await
    }

    /// As [`Options::open`], with an address that is still to be read.
    ///
    /// # Errors
    /// [`DatabaseError`]; its messages say what to do.
    pub async fn connect(self, address: &str) -> Result<PostgresStore, DatabaseError> {
        self.open(&address.parse()?).await
    }
}
