use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use async_trait::async_trait;
use lupinus_core::store::{
    Batch, BoxError, Cursor, Kind, MAX_PAGE, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally,
    validate_restore,
};
use sqlx::{QueryBuilder, Row as _, postgres::PgRow};

use crate::{
    Address, DatabaseError, Options, erase, migrate,
    news::News,
    read,
    row::{record, text},
    server::{Readers, Server},
    writer::{Change, Writers},
};

/// A store in one schema of a database. Clones are handles on the same connections.
///
/// See the [crate documentation](crate) for how it keeps what it promises.
#[derive(Clone)]
pub struct PostgresStore {
    inner: Arc<Inner>,
}

struct Inner {
    server: Server,
    readers: Readers,
    writers: Writers,
    news: Arc<News>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresStore({:?})", self.inner.server.place)
    }
}

impl PostgresStore {
    /// Connects with the usual [`Options`], as [`Options::connect`] says.
    ///
    /// # Errors
    /// [`DatabaseError`]; its messages say what to do.
    pub async fn connect(address: &str) -> Result<Self, DatabaseError> {
        Self::options().connect(address).await
    }

    /// The usual settings, to be changed before connecting.
    pub fn options() -> Options {
        Options::default()
    }

    pub(crate) async fn open(address: &Address, options: Options) -> Result<Self, DatabaseError> {
        let server = Server::new(address, &options);
        let mut first = server.connect().await?;
        migrate::up_to_date(&server, &mut first).await?;
        let readers = Readers::new(server.clone(), options.readers)?;
        let news = Arc::new(News::new(server.clone()));
        let writers = Writers::start(&server, first, &options, &news);
        Ok(Self { inner: Arc::new(Inner { server, readers, writers, news }) })
    }

    /// Rewrites the tables without a byte of what was overwritten or deleted. Nobody can use them meanwhile: for a quiet hour.
    /// Happens by itself after an erasure, as long as the tables are small ([`Options::rewrite_bytes`]).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the store is as it was.
    pub async fn compact(&self) -> Result<(), StoreError> {
        erase::compact(&self.inner.server).await
    }

    async fn rows(
        &self,
        doing: &'static str,
        ask: impl Fn() -> QueryBuilder<sqlx::Postgres>,
    ) -> Result<Vec<PgRow>, StoreError> {
        self.inner.readers.rows(doing, ask).await
    }

    /// The one value of a statement that has one row.
    async fn value<T>(
        &self,
        doing: &'static str,
        ask: impl Fn() -> QueryBuilder<sqlx::Postgres>,
        read: impl FnOnce(&PgRow) -> sqlx::Result<T>,
    ) -> Result<T, StoreError> {
        let rows = self.rows(doing, ask).await?;
        let value = rows.first().map(read).and_then(Result::ok);
        value.ok_or_else(|| unavailable(doing, self.inner.server.place.driver()))
    }
}

fn unavailable(doing: &'static str, error: DatabaseError) -> StoreError {
    StoreError::Unavailable(doing, BoxError::from(error))
}

#[async_trait]
impl Store for PostgresStore {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let rows = self.rows("reading a record", || read::one(key)).await?;
        rows.first().map(record).transpose()
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let asked: HashSet<&RecordKey> = keys.iter().collect();
        let rows = self.rows("reading records", || read::several(&asked)).await?;
        let found: HashMap<RecordKey, Record> = rows
            .iter()
            .map(|row| record(row).map(|record| (record.key.clone(), record)))
            .collect::<Result<_, _>>()?;
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        if scan.limit == 0 || scan.limit > MAX_PAGE {
            return Err(StoreError::Invalid("a page of no or too many records"));
        }
        let doing = "reading a page";
        let rows = self
            .rows(doing, || match &scan.index {
                None => read::page_by_key(scan),
                Some(index) => read::page_by_index(scan, index),
            })
            .await?;
        let records: Vec<Record> = rows.iter().take(scan.limit).map(record).collect::<Result<_, _>>()?;
        let next = match (rows.len() > scan.limit, records.last(), rows.get(scan.limit - 1)) {
            (true, Some(last), Some(row)) => {
                let value = match scan.index {
                    Some(_) => text(row, "value", &self.inner.server.place, doing)?,
                    None => String::new(),
                };
                Some(Cursor { value, key: last.key.key.clone() })
            }
            _ => None,
        };
        Ok(Page { records, next })
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        let count =
            self.value("counting records", || read::count(scan), |row| row.try_get::<i64, _>(0)).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        let (index, left) = scan.of_values()?;
        let doing = "counting values";
        let rows = self.rows(doing, || read::tally(&left, index)).await?;
        let count = |row: &PgRow| {
            let count = row.try_get::<i64, _>(1).ok().and_then(|count| u64::try_from(count).ok());
            let count = count.ok_or_else(|| unavailable(doing, self.inner.server.place.driver()))?;
            Ok((text(row, "value", &self.inner.server.place, doing)?, count))
        };
        Ok(Tally::new(rows.iter().map(count).collect::<Result<_, StoreError>>()?, scan.limit))
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        let doing = "listing kinds";
        let rows = self.rows(doing, || QueryBuilder::new(read::KINDS)).await?;
        let name = |row| text(row, "kind", &self.inner.server.place, doing).map(Kind::from_name);
        rows.iter().map(name).collect()
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        batch.validate()?;
        self.inner.writers.write("committing a batch", Change::Batch(batch)).await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        validate_restore(&records)?;
        self.inner.writers.write("restoring records", Change::Restore(records)).await
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.inner.news.heard(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.readers.close();
        self.inner.writers.close().await;
        self.inner.news.close();
        Ok(())
    }

    async fn health(&self) -> Result<(), StoreError> {
        let doing = "looking after the store";
        let may: bool = self.value(doing, || QueryBuilder::new(read::HEALTH), |row| row.try_get(0)).await?;
        if may { Ok(()) } else { Err(unavailable(doing, self.inner.server.place.read_only())) }
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let read = |row: &PgRow| Ok((row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?));
        let (records, bytes) =
            self.value("measuring the store", || QueryBuilder::new(read::SIZE), read).await?;
        let number = |found: i64| u64::try_from(found).unwrap_or(0);
        Ok(Size { records: number(records), disk_bytes: number(bytes) })
    }
}
