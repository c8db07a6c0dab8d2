//! The emulator's own time: real time plus an offset, or standing still.

use std::time::Duration;

use jiff::{Timestamp, civil, tz};
use serde::{Deserialize, Serialize};

/// A point of the emulator's time in Unix milliseconds.
pub(crate) type Millis = i64;

/// The latest time a clock can show, the beginning of the year 9000: whatever lives for a while after it can still be
/// said in dates.
pub(crate) const LATEST: Millis = 221_845_392_000_000;

/// An adjustable clock. Everything the platform stamps or lets expire is read from it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Clock {
    offset_ms: i64,
    frozen_at: Option<Millis>,
}

impl Clock {
    /// What time it is.
    pub(crate) fn now(&self) -> Millis {
        self.frozen_at.unwrap_or_else(|| real_now().saturating_add(self.offset_ms)).clamp(0, LATEST)
    }

    /// Whether the clock stands still.
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// How far it is ahead of real time, or where it stands: what a change of it changes.
    pub(crate) fn setting(&self) -> (i64, Option<Millis>) {
        (self.offset_ms, self.frozen_at)
    }

    /// Moves the clock forward.
    pub(crate) fn advance_ms(&mut self, by: i64) {
        match &mut self.frozen_at {
            Some(at) => *at = at.saturating_add(by),
            None => self.offset_ms = self.offset_ms.saturating_add(by),
        }
    }

    /// Moves the clock forward by a span.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.advance_ms(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Sets the time; the clock goes on from there unless it stands still.
    pub(crate) fn set(&mut self, now: Millis) {
        match &mut self.frozen_at {
            Some(at) => *at = now,
            None => self.offset_ms = now.saturating_sub(real_now()),
        }
    }

    /// Stops the clock, or lets it go on from where it stands.
    pub(crate) fn set_frozen(&mut self, frozen: bool) {
        let now = self.now();
        self.frozen_at = frozen.then_some(now);
        if !frozen {
            self.set(now);
        }
    }
}

fn real_now() -> Millis {
    Timestamp::now().as_millisecond()
}

/// The calendar date in Japan (UTC+9), by which LINE counts days and months.
pub(crate) fn date_in_japan(at: Millis) -> civil::Date {
    tz::offset(9).to_datetime(timestamp(at)).date()
}

/// Milliseconds as a timestamp; what lies outside its range becomes the nearest end of it.
pub(crate) fn timestamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = Clock::default();
        clock.set_frozen(true);
        clock.set(1_000);
        assert_eq!(clock.now(), 1_000);
        clock.advance(Duration::from_secs(2));
        assert_eq!(clock.now(), 3_000);
        clock.advance_ms(i64::MAX);
        assert_eq!(clock.now(), LATEST);
        clock.set(3_000);
        clock.set_frozen(false);
        assert!(clock.now() >= 3_000 && clock.now() < 60_000);
    }

    #[test]
    fn a_month_begins_at_midnight_in_japan() {
        assert_eq!(date_in_japan(1_785_509_999_000).to_string(), "2026-07-31");
        assert_eq!(date_in_japan(1_785_510_000_000).to_string(), "2026-08-01");
    }
}
