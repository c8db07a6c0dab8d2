//! The suite that every backend runs, on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lupinus_core::{
    store::{MemoryStore, Store},
    testkit::Backend,
};
use lupinus_store_postgres::{PostgresStore, testkit::Schema};

enum Place {
    Postgres {
        schema: Schema,
        store: Option<PostgresStore>,
    },
    /// Without a server, and after it was said so: the cases have to have something.
    Nowhere(MemoryStore),
}

impl Place {
    async fn reopen(&mut self) {
        match self {
            Self::Postgres { schema, store } => {
                *store = None;
                *store = Some(schema.store().await);
            }
            Self::Nowhere(memory) => *memory = memory.reopen(),
        }
    }
}

#[async_trait]
impl Backend for Place {
    async fn handle(&self) -> Arc<dyn Store> {
        match self {
            Self::Postgres { store, .. } => Arc::new(store.clone().unwrap()),
            Self::Nowhere(memory) => Arc::new(memory.clone()),
        }
    }

    async fn restart(&mut self) {
        self.reopen().await;
    }

    async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        let Self::Postgres { schema, .. } = self else { return false };
        let store = schema.store().await;
        let mut plain = schema.plain().await;
        // Other tests may look at the whole server meanwhile, and what somebody could still see is kept.
        for _ in 0..100 {
            store.compact().await.unwrap();
            sqlx::raw_sql("CHECKPOINT").execute(&mut plain).await.unwrap();
            let found: bool = sqlx::query_scalar(
                "SELECT bool_or(position($1 IN pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1000000000, true)) > 0) \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE (n.nspname = $2 AND c.relkind IN ('r', 'i')) \
                    OR c.oid IN (SELECT t.reltoastrelid FROM pg_class t WHERE t.relnamespace = $2::regnamespace)",
            )
            .bind(bytes)
            .bind(schema.name())
            .fetch_one(&mut plain)
            .await
            .unwrap();
            if !found {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        true
    }
}

async fn on_postgres() -> Place {
    match Schema::new() {
        Some(schema) => {
            let store = Some(schema.store().await);
            Place::Postgres { schema, store }
        }
        None => Place::Nowhere(MemoryStore::new()),
    }
}

lupinus_core::store_conformance!(on_postgres);
