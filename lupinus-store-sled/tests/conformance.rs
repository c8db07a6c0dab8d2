//! The suite that every backend runs, on sled.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod files;

use std::sync::Arc;

use async_trait::async_trait;
use lupinus_core::{store::Store, testkit::Backend};
use lupinus_store_sled::SledStore;

struct OnDisk {
    folder: tempfile::TempDir,
    store: Option<SledStore>,
}

impl OnDisk {
    fn reopen(&mut self) {
        // The last handle stops the writer; the folder is free afterwards.
        self.store = None;
        self.store = Some(SledStore::open(self.folder.path()).unwrap());
    }
}

#[async_trait]
impl Backend for OnDisk {
    async fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone().unwrap())
    }

    async fn restart(&mut self) {
        self.reopen();
    }

    async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        // Closing erases at once.
        self.store.take().unwrap().close().await.unwrap();
        let found = files::holding(self.folder.path(), bytes);
        self.reopen();
        !found.is_empty()
    }
}

async fn on_disk() -> OnDisk {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    OnDisk { folder, store: Some(store) }
}

lupinus_core::store_conformance!(on_disk);
