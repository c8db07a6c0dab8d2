//! The suite that every backend runs, on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

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
        match self {
            Self::Postgres { schema, .. } => schema.still_holds(bytes).await,
            Self::Nowhere(_) => false,
        }
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
