//! The suite that every store runs, on each wrapper over each store.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod beneath;

use std::sync::Arc;

use async_trait::async_trait;
use lupinus_core::{sealing::PERSONAL_INDEXES, store::Store, testkit::Backend};
use lupinus_store_wrappers::{Encrypted, Keys};

use self::beneath::{Beneath, drawn};

/// An encrypted store over another one. The suite has no index that is hidden; `encrypted.rs` looks at those.
struct OverIt {
    beneath: Beneath,
    keys: Keys,
}

impl OverIt {
    fn new(beneath: Beneath) -> Self {
        Self { beneath, keys: drawn(&["newer", "older"]) }
    }
}

#[async_trait]
impl Backend for OverIt {
    async fn handle(&self) -> Arc<dyn Store> {
        let store = Encrypted::open(self.beneath.handle(), self.keys.clone(), &PERSONAL_INDEXES);
        Arc::new(store.await.unwrap())
    }

    async fn restart(&mut self) {
        self.beneath.restart().await;
    }

    async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        self.beneath.still_holds(bytes).await
    }
}

mod encrypted_in_memory {
    async fn store() -> super::OverIt {
        super::OverIt::new(super::Beneath::memory())
    }
    lupinus_core::store_conformance!(store);
}

mod encrypted_on_sled {
    async fn store() -> super::OverIt {
        super::OverIt::new(super::Beneath::sled())
    }
    lupinus_core::store_conformance!(store);
}

mod encrypted_on_postgres {
    async fn store() -> super::OverIt {
        super::OverIt::new(super::Beneath::postgres().await)
    }
    lupinus_core::store_conformance!(store);
}
