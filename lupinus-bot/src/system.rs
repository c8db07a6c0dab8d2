//! The real clock and the real source of ids: what core is told, and must not find out by itself.

use std::sync::Arc;

use jiff::Timestamp;
use lupinus_core::{
    clock::{Clock, to_millis},
    ids::IdSource,
    policy::Policy,
    screening::Screen,
    service::Centre,
    store::Store,
};
use uuid::Uuid;

/// The machine's clock, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_millis(Timestamp::now())
    }
}

/// Ids and secrets from the operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let nanos = u32::try_from(now.as_millisecond().rem_euclid(1_000)).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, millis / 1_000, nanos))
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        // Two version 4 UUIDs hold 122 random bits each; their hash spreads them over all bytes.
        let mut seed = Vec::with_capacity(48);
        for _ in 0..3 {
            seed.extend_from_slice(Uuid::new_v4().as_bytes());
        }
        secret.copy_from_slice(&<sha2::Sha256 as sha2::Digest>::digest(&seed));
        secret
    }
}

/// A centre over `store` with the real clock, random ids and the shipped screening.
pub fn system_centre(store: Arc<dyn Store>, policy: Policy) -> Centre {
    Centre::new(store, Arc::new(SystemClock), Arc::new(RandomIds), Screen::default(), policy)
}
