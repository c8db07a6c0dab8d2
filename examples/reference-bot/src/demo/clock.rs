//! The time and the ids of the demonstration: played first, lived on afterwards.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use lupinus_bot::RandomIds;
use lupinus_core::{
    clock::{Clock, to_millis},
    ids::{IdSource, SeededIds},
};

#[derive(Clone, Copy, Debug)]
enum Hand {
    /// Stands where it was put.
    At(Timestamp),
    /// Goes on, this many milliseconds away from the machine's clock.
    Apart(i64),
}

/// A clock that is moved by hand while the months are played, and ticks on from there afterwards.
#[derive(Debug)]
pub(crate) struct StageClock(Mutex<Hand>);

impl StageClock {
    /// A clock that stands at `at`.
    pub(crate) fn standing(at: Timestamp) -> Self {
        Self(Mutex::new(Hand::At(at)))
    }

    /// A clock that ticks `apart_ms` milliseconds away from the machine's.
    pub(crate) fn ticking(apart_ms: i64) -> Self {
        Self(Mutex::new(Hand::Apart(apart_ms)))
    }

    /// Puts it to `at`, where it stands.
    pub(crate) fn set(&self, at: Timestamp) {
        *self.hand() = Hand::At(at);
    }

    /// Lets it tick on from where it stands. Answers how many milliseconds it is away from the machine's.
    pub(crate) fn let_go(&self) -> i64 {
        let now = self.now();
        let apart = now.as_millisecond() - Timestamp::now().as_millisecond();
        *self.hand() = Hand::Apart(apart);
        apart
    }

    fn hand(&self) -> std::sync::MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        match *self.hand() {
            Hand::At(at) => to_millis(at),
            Hand::Apart(apart) => {
                let now = Timestamp::now().as_millisecond().saturating_add(apart);
                Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// Ids that the seed decides while the months are played, and nobody can guess afterwards: then people sign in.
#[derive(Debug)]
pub(crate) struct StageIds {
    seeded: SeededIds,
    random: RandomIds,
    played: AtomicBool,
}

impl StageIds {
    /// The ids of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seeded: SeededIds::new(seed), random: RandomIds::new(), played: AtomicBool::new(false) }
    }

    /// From now on, ids from the machine's random source.
    pub(crate) fn let_go(&self) {
        self.played.store(true, Ordering::Release);
    }
}

impl IdSource for StageIds {
    fn uuid(&self, now: Timestamp) -> uuid::Uuid {
        if self.played.load(Ordering::Acquire) { self.random.uuid(now) } else { self.seeded.uuid(now) }
    }

    fn secret(&self) -> [u8; 32] {
        if self.played.load(Ordering::Acquire) { self.random.secret() } else { self.seeded.secret() }
    }
}
