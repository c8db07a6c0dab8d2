//! Where a city's records are kept, and what is around the store.

use std::{sync::Arc, time::Duration};

use lupinus_core::{
    sealing::HIDDEN_INDEXES,
    store::{MemoryStore, Store},
    testkit::{Faulty, Odds},
};
use lupinus_store_postgres::testkit::Schema;
use lupinus_store_sled::SledStore;
use lupinus_store_wrappers::{Encrypted, Keys, Metered};
use tempfile::TempDir;

/// Where the records are kept.
///
/// `LUPINUS_TESTS_KEPT` puts what would be in memory elsewhere, or something around it, so that all of the suite runs there: words
/// with `+` between them, one of `memory`, `disk`, `database`, and any of `encrypted`, `metered` and `late` (calls wait by
/// lot, before they do anything or with their answer), from the inside out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In memory.
    InMemory,
    /// In the embedded store, in a folder of its own that is removed with the city.
    OnDisk,
    /// In PostgreSQL, in a schema of its own that is removed with the city; in memory where there is no server.
    InDatabase,
}

/// A store, and what is removed with it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: Option<TempDir>,
    pub(crate) schema: Option<Schema>,
}

impl Place {
    /// The store that is meant, or the one that `LUPINUS_TESTS_KEPT` puts in its stead.
    pub(crate) async fn of(kept: Kept) -> Self {
        let words = std::env::var("LUPINUS_TESTS_KEPT").unwrap_or_default();
        if kept != Kept::InMemory || words.is_empty() {
            return Self::plain(kept).await;
        }
        let mut place = None;
        let mut around = Vec::new();
        for word in words.split('+') {
            match word {
                "memory" => place = Some(Kept::InMemory),
                "disk" => place = Some(Kept::OnDisk),
                "database" => place = Some(Kept::InDatabase),
                word => around.push(word),
            }
        }
        let mut place = Self::plain(place.unwrap_or(kept)).await;
        for word in around {
            place.store = wrapped(place.store, word).await;
        }
        place
    }

    async fn plain(kept: Kept) -> Self {
        let folder = (kept == Kept::OnDisk).then(|| tempfile::tempdir().unwrap());
        let schema = if kept == Kept::InDatabase { Schema::new() } else { None };
        let store: Arc<dyn Store> = match (&folder, &schema) {
            (Some(folder), _) => Arc::new(SledStore::open(folder.path().join("data")).unwrap()),
            (None, Some(schema)) => Arc::new(schema.store().await),
            (None, None) => Arc::new(MemoryStore::new()),
        };
        Self { store, folder, schema }
    }
}

async fn wrapped(store: Arc<dyn Store>, around: &str) -> Arc<dyn Store> {
    match around {
        "encrypted" => Arc::new(Encrypted::open(store, keys(), &HIDDEN_INDEXES).await.unwrap()),
        "metered" => Arc::new(Metered::new(store)),
        "late" => {
            let late = Faulty::new(store);
            late.by_lot(7, Odds { late: 200, longest: Duration::from_millis(2), ..Odds::default() });
            Arc::new(late)
        }
        word => panic!("LUPINUS_TESTS_KEPT does not know the word {word:?}"),
    }
}

/// Two keys that are nobody's.
pub fn keys() -> Keys {
    let key = |byte: u8| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, [byte; 32]);
    format!("newer:{}\nolder:{}\n", key(1), key(2)).parse().unwrap()
}
