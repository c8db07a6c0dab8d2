//! Connections, set up alike, and the pool of those that read.

use std::{fmt, time::Duration};

use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleResult, Timeouts};
use lupinus_core::store::{BoxError, StoreError};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Postgres, QueryBuilder, Row as _,
    postgres::{PgConnectOptions, PgRow},
};

use crate::{
    Address, DatabaseError, Options,
    error::{Fate, Place, fate},
};

/// `PostgreSQL` 14.
const MIN_VERSION: u32 = 140_000;

/// Where the database is, and how one speaks to it.
#[derive(Clone)]
pub(crate) struct Server {
    options: PgConnectOptions,
    pub(crate) place: Place,
    pub(crate) patience: Duration,
}

impl Server {
    pub(crate) fn new(address: &Address, options: &Options) -> Self {
        let place = Place::new(address, options.patience);
        Self { options: address.options.clone(), place, patience: options.patience }
    }

    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// One more connection.
    pub(crate) async fn connect(&self) -> Result<PgConnection, DatabaseError> {
        let connecting = tokio::time::timeout(self.patience, self.set_up());
        connecting.await.unwrap_or_else(|_| Err(self.place.slow()))
    }

    async fn set_up(&self) -> Result<PgConnection, DatabaseError> {
        let place = &self.place;
        let connected = PgConnection::connect_with(&self.options).await;
        let mut connection = connected.map_err(|error| place.explain_connecting(error))?;
        if let Some(found) = connection.server_version_num().filter(|found| *found < MIN_VERSION) {
            let found = format!("{}.{}", found / 10_000, found % 10_000);
            return Err(DatabaseError::TooOld { place: place.to_string(), found });
        }
        // Every statement of the store goes by an index. With plans that may do nothing else, no statistics of an empty
        // or a just imported table can make one slow; and no plan is worth compiling.
        let settings = format!(
            "SET search_path TO \"{}\"; SET statement_timeout TO {}; SET plan_cache_mode TO force_generic_plan; \
             SET enable_seqscan TO off; SET enable_bitmapscan TO off; SET enable_hashjoin TO off; \
             SET enable_mergejoin TO off; SET jit TO off; \
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';",
            place.schema(),
            self.patience.as_millis().max(1),
        );
        sqlx::raw_sql(AssertSqlSafe(settings))
            .execute(&mut connection)
            .await
            .map_err(|error| place.explain(error))?;
        let facts = sqlx::query(
            "SELECT current_setting('server_encoding'), current_setting('transaction_read_only') = 'on', \
             current_setting('fsync') = 'on'",
        )
        .fetch_one(&mut connection)
        .await
        .map_err(|error| place.explain(error))?;
        let told = (facts.try_get::<String, _>(0), facts.try_get::<bool, _>(1), facts.try_get::<bool, _>(2));
        let (Ok(encoding), Ok(read_only), Ok(syncs)) = told else { return Err(place.driver()) };
        if encoding != "UTF8" {
            return Err(DatabaseError::Encoding { place: place.to_string(), found: encoding });
        }
        if read_only {
            return Err(place.read_only());
        }
        if !syncs {
            tracing::warn!(
                "the database server has fsync off: a power cut there loses what was acknowledged"
            );
        }
        Ok(connection)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({:?})", self.place)
    }
}

impl Manager for Server {
    type Type = PgConnection;
    type Error = DatabaseError;

    async fn create(&self) -> Result<PgConnection, DatabaseError> {
        self.connect().await
    }

    /// A connection that broke is not given back, so those that are here are taken to be good: a read finds out, and
    /// repeats itself.
    async fn recycle(&self, _: &mut PgConnection, _: &Metrics) -> RecycleResult<DatabaseError> {
        Ok(())
    }
}

/// The connections that read.
#[derive(Clone)]
pub(crate) struct Readers {
    server: Server,
    pool: Pool<Server>,
}

impl Readers {
    pub(crate) fn new(server: Server, most: usize) -> Result<Self, DatabaseError> {
        let timeouts = Timeouts { wait: Some(server.patience), create: Some(server.patience), recycle: None };
        let pool = Pool::builder(server.clone())
            .max_size(most)
            .timeouts(timeouts)
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|_| server.place.driver())?;
        Ok(Self { server, pool })
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    /// The rows that `ask` asks for, asked once more when the connection turns out to be broken: the server may have been
    /// started anew since it was used last.
    pub(crate) async fn rows(
        &self,
        doing: &'static str,
        ask: impl Fn() -> QueryBuilder<Postgres>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let unavailable = |error: DatabaseError| StoreError::Unavailable(doing, BoxError::from(error));
        let mut is_repeated = false;
        loop {
            let mut connection = self.connection().await.map_err(unavailable)?;
            let mut query = ask();
            let asked = query.build().fetch_all(&mut *connection);
            let asked = tokio::time::timeout(self.server.patience, asked).await;
            let error = match asked {
                Ok(Ok(rows)) => return Ok(rows),
                Ok(Err(error)) => error,
                Err(_) => {
                    drop(Object::take(connection));
                    return Err(unavailable(self.server.place.slow()));
                }
            };
            if fate(&error) == Fate::Lost {
                drop(Object::take(connection));
                // The others were made before the same end.
                self.pool.retain(|_, _| false);
                if !is_repeated {
                    is_repeated = true;
                    continue;
                }
            }
            return Err(unavailable(self.server.place.explain(error)));
        }
    }

    async fn connection(&self) -> Result<Object<Server>, DatabaseError> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => DatabaseError::Closed,
            PoolError::Timeout(_) => self.server.place.slow(),
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => self.server.place.driver(),
        })
    }
}
