//! The real clock and the real source of ids: what core is told, and must not find out by itself.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use lupinus_core::{
    clock::{Clock, to_millis},
    ids::{IdSource, ordered_uuid},
    policy::Policy,
    screening::Screen,
    service::Centre,
    store::Store,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The machine's clock, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_millis(Timestamp::now())
    }
}

/// Ids and secrets from the operating system's random source. Ids made later are larger, also within a millisecond.
#[derive(Debug, Default)]
pub struct RandomIds {
    count: AtomicU64,
}

impl RandomIds {
    /// A source of its own.
    pub const fn new() -> Self {
        Self { count: AtomicU64::new(0) }
    }
}

impl IdSource for RandomIds {
    fn uuid(&self, now: Timestamp) -> Uuid {
        ordered_uuid(now, self.count.fetch_add(1, Ordering::Relaxed), self.secret())
    }

    fn secret(&self) -> [u8; 32] {
        // Three version 4 UUIDs hold 366 random bits; their hash spreads them over all bytes.
        let mut hasher = Sha256::new();
        for _ in 0..3 {
            hasher.update(Uuid::new_v4().as_bytes());
        }
        hasher.finalize().into()
    }
}

/// A centre over `store` with the real clock, random ids and the shipped screening.
pub fn system_centre(store: Arc<dyn Store>, policy: Policy) -> Centre {
    Centre::new(store, Arc::new(SystemClock), Arc::new(RandomIds::new()), Screen::default(), policy)
}
