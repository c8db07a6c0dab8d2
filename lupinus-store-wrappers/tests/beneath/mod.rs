//! The stores beneath, each of its own for a test, and keys.
#![allow(dead_code, reason = "each test uses some of it")]

pub(crate) mod meddling;

use std::{fs, path::Path, sync::Arc};

use lupinus_core::{
    store::{MemoryStore, Store},
    testkit::everything,
};
use lupinus_store_postgres::{PostgresStore, testkit::Schema};
use lupinus_store_sled::SledStore;
use lupinus_store_wrappers::Keys;
use secrecy::ExposeSecret as _;

/// A store that is empty at first.
pub(crate) enum Beneath {
    Memory(MemoryStore),
    Sled { folder: tempfile::TempDir, store: Option<SledStore> },
    Postgres { schema: Schema, store: Option<PostgresStore> },
}

impl Beneath {
    pub(crate) fn memory() -> Self {
        Self::Memory(MemoryStore::new())
    }

    pub(crate) fn sled() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Some(SledStore::open(folder.path()).unwrap());
        Self::Sled { folder, store }
    }

    /// In memory where there is no server, after it was said so.
    pub(crate) async fn postgres() -> Self {
        match Schema::new() {
            Some(schema) => {
                let store = Some(schema.store().await);
                Self::Postgres { schema, store }
            }
            None => Self::memory(),
        }
    }

    pub(crate) fn handle(&self) -> Arc<dyn Store> {
        match self {
            Self::Memory(store) => Arc::new(store.clone()),
            Self::Sled { store, .. } => Arc::new(store.clone().unwrap()),
            Self::Postgres { store, .. } => Arc::new(store.clone().unwrap()),
        }
    }

    pub(crate) async fn restart(&mut self) {
        match self {
            Self::Memory(store) => *store = store.reopen(),
            Self::Sled { folder, store } => {
                *store = None;
                *store = Some(SledStore::open(folder.path()).unwrap());
            }
            Self::Postgres { schema, store } => {
                *store = None;
                *store = Some(schema.store().await);
            }
        }
    }

    /// Whether the bytes are in anything that is kept, once what was erased is gone.
    pub(crate) async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        match self {
            Self::Memory(store) => {
                let lines = everything(store, 3).await;
                let mut lines = lines.iter().map(|record| serde_json::to_vec(record).unwrap());
                lines.any(|line| line.windows(bytes.len()).any(|window| window == bytes))
            }
            Self::Postgres { schema, .. } => schema.still_holds(bytes).await,
            Self::Sled { folder, store } => {
                // Closing erases at once.
                store.take().unwrap().close().await.unwrap();
                let found = holds(folder.path(), bytes);
                *store = Some(SledStore::open(folder.path()).unwrap());
                found
            }
        }
    }
}

/// Whether a file below `folder` holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

/// The lines of new keys with these names.
pub(crate) fn lines(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| Keys::draw(name).unwrap().expose_secret().to_owned()).collect()
}

/// New keys with these names.
pub(crate) fn drawn(names: &[&str]) -> Keys {
    lines(names).join("\n").parse().unwrap()
}
