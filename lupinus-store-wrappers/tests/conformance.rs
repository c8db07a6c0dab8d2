//! The suite that every store runs, on each wrapper over each store.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod beneath;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lupinus_core::{
    sealing::HIDDEN_INDEXES,
    store::Store,
    testkit::{Backend, Faulty, Odds},
};
use lupinus_store_wrappers::{Encrypted, Keys, Metered};

use self::beneath::{Beneath, drawn};

/// What is around a store.
enum Around {
    /// The suite has no index that is hidden; `encrypted.rs` looks at those.
    Encrypted(Keys),
    Metered,
    /// Calls wait by lot, before they do anything or with their answer.
    Late,
}

struct Wrapped {
    around: Around,
    beneath: Beneath,
}

impl Wrapped {
    fn encrypted(beneath: Beneath) -> Self {
        Self { around: Around::Encrypted(drawn(&["newer", "older"])), beneath }
    }

    fn metered(beneath: Beneath) -> Self {
        Self { around: Around::Metered, beneath }
    }

    fn late(beneath: Beneath) -> Self {
        Self { around: Around::Late, beneath }
    }
}

#[async_trait]
impl Backend for Wrapped {
    async fn handle(&self) -> Arc<dyn Store> {
        let beneath = self.beneath.handle();
        match &self.around {
            Around::Encrypted(keys) => {
                Arc::new(Encrypted::open(beneath, keys.clone(), &HIDDEN_INDEXES).await.unwrap())
            }
            Around::Metered => Arc::new(Metered::new(beneath)),
            Around::Late => {
                let late = Faulty::new(beneath);
                late.by_lot(7, Odds { late: 300, longest: Duration::from_millis(3), ..Odds::default() });
                Arc::new(late)
            }
        }
    }

    async fn restart(&mut self) {
        self.beneath.restart().await;
    }

    async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        self.beneath.still_holds(bytes).await
    }
}

macro_rules! conformance {
    ($($name:ident: $wrapped:ident($beneath:expr);)+) => { $(
        mod $name {
            use super::{Beneath, Wrapped};

            async fn store() -> Wrapped {
                Wrapped::$wrapped($beneath)
            }

            lupinus_core::store_conformance!(store);
        }
    )+ };
}

conformance! {
    encrypted_in_memory: encrypted(Beneath::memory());
    encrypted_on_sled: encrypted(Beneath::sled());
    encrypted_on_postgres: encrypted(Beneath::postgres().await);
    metered_in_memory: metered(Beneath::memory());
    metered_on_sled: metered(Beneath::sled());
    metered_on_postgres: metered(Beneath::postgres().await);
    late_in_memory: late(Beneath::memory());
    late_on_sled: late(Beneath::sled());
    late_on_postgres: late(Beneath::postgres().await);
}
