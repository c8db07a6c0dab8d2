//! The time, as a port: core is told it.

use std::{fmt, sync::Mutex, time::Duration};

use jiff::Timestamp;

/// Tells the time, cut to milliseconds.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Now, in whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// Cuts an instant to the milliseconds that every store keeps.
pub fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// A clock that stands still until it is moved: for tests and for playing months in a minute.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(to_millis(at)))
    }

    /// Moves it to `at`, forwards or back.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = to_millis(at);
    }

    /// Moves it forwards.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = to_millis(now.saturating_add(by).unwrap_or(Timestamp::MAX));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
