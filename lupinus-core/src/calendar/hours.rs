//! The weekly opening hours of the centre and the days on which it is closed.

use std::{collections::BTreeSet, time::Duration};

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{holiday_name, hours_settings::HoursSettings};

/// The time zone the hours are in when none is named.
pub const TOKYO: &str = "Asia/Tokyo";

/// How many days ahead (or back) an opening is looked for.
pub const MAX_SEARCH_DAYS: usize = 400;

/// When the centre is open: weekly hours, less public holidays, the New-Year closure and the city's own closing days.
///
/// Every opening is half-open: at 17:15 sharp the centre is closed. The `Default` is Monday to Friday 08:30–17:15 in
/// Tokyo, closed on public holidays and from 29 December to 3 January.
///
/// From TOML, everything optional; when some weekdays are named the others are closed:
///
/// ```
/// use lupinus_core::calendar::OfficeHours;
///
/// # // The same keys, in the format at hand.
/// let hours: OfficeHours = serde_json::from_str(
///     r#"{
///         "time_zone": "Asia/Tokyo",
///         "mon": ["08:30-12:00", "13:00-17:15"],
///         "sat": ["09:00-12:00"],
///         "open_on_holidays": false,
///         "new_year": "12-29/01-03",
///         "closing_days": ["2026-11-02"]
///     }"#,
/// )?;
/// assert!(hours.is_open("2026-10-05T09:00:00+09:00".parse()?));
/// assert!(!hours.is_open("2026-10-05T12:30:00+09:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "HoursSettings", into = "HoursSettings")]
pub struct OfficeHours {
    pub(super) zone_name: String,
    pub(super) zone: TimeZone,
    /// Monday first; each day's ranges in order, apart from each other.
    pub(super) week: [Vec<DailyRange>; 7],
    pub(super) open_on_holidays: bool,
    pub(super) new_year: Option<YearlyClosure>,
    pub(super) closing_days: BTreeSet<Date>,
}

/// A part of a day in civil time, `from` before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DailyRange {
    pub(super) from: Time,
    /// `None` is the end of the day, 24:00.
    pub(super) until: Option<Time>,
}

/// The same days each year, both ends included; may run over the turn of the year. Pairs of month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct YearlyClosure {
    pub(super) first: (i8, i8),
    pub(super) last: (i8, i8),
}

impl YearlyClosure {
    pub(super) const NEW_YEAR: Self = Self { first: (12, 29), last: (1, 3) };

    fn contains(self, date: Date) -> bool {
        let day = (date.month(), date.day());
        if self.first <= self.last {
            self.first <= day && day <= self.last
        } else {
            self.first <= day || day <= self.last
        }
    }
}

/// Whether the centre is open at all on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// There are opening hours.
    Open,
    /// There are none, for the reason given.
    Closed(Closure),
}

/// Why the centre is closed on a day. Where there are several reasons the first in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closure {
    /// A public holiday, by name.
    PublicHoliday(&'static str),
    /// The New-Year closure.
    NewYear,
    /// A closing day of the city's own.
    City,
    /// A weekday without opening hours.
    Weekly,
}

impl Closure {
    /// What to call it before members and staff.
    pub fn label_ja(self) -> &'static str {
        match self {
            Self::PublicHoliday(name) => name,
            Self::NewYear => "年末年始",
            Self::City => "閉庁日",
            Self::Weekly => "休業日",
        }
    }
}

/// A stretch of time without opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClosedPeriod {
    /// When the last opening ended. Two instants lie in the same closed period when this is the same for both.
    /// [`Timestamp::MIN`] when there was no opening within [`MAX_SEARCH_DAYS`].
    pub from: Timestamp,
    /// When the next opening begins, if within [`MAX_SEARCH_DAYS`].
    pub until: Option<Timestamp>,
}

/// An opening without a break.
#[derive(Clone, Copy, Debug)]
struct Opening {
    from: Timestamp,
    until: Timestamp,
}

impl Default for OfficeHours {
    fn default() -> Self {
        let (from, until) = (Time::constant(8, 30, 0, 0), Time::constant(17, 15, 0, 0));
        let working = || vec![DailyRange { from, until: Some(until) }];
        Self {
            zone_name: TOKYO.to_owned(),
            zone: tokyo(),
            week: [working(), working(), working(), working(), working(), Vec::new(), Vec::new()],
            open_on_holidays: false,
            new_year: Some(YearlyClosure::NEW_YEAR),
            closing_days: BTreeSet::new(),
        }
    }
}

/// Tokyo, also where the machine has no time zone database: the offset has been the same since 1951.
pub(super) fn tokyo() -> TimeZone {
    TimeZone::get(TOKYO).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9)))
}

impl OfficeHours {
    /// The same hours where `other` are.
    pub(crate) fn in_zone_of(&self, other: &Self) -> Self {
        Self { zone_name: other.zone_name.clone(), zone: other.zone.clone(), ..self.clone() }
    }

    /// The time zone of the centre, in which people read and write times.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day it is at the centre.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// Whether there are opening hours on a day, and why not.
    pub fn day_kind(&self, date: Date) -> DayKind {
        let holiday = if self.open_on_holidays { None } else { holiday_name(date) };
        if let Some(name) = holiday {
            DayKind::Closed(Closure::PublicHoliday(name))
        } else if self.new_year.is_some_and(|closure| closure.contains(date)) {
            DayKind::Closed(Closure::NewYear)
        } else if self.closing_days.contains(&date) {
            DayKind::Closed(Closure::City)
        } else if self.ranges_on(date.weekday()).is_empty() {
            DayKind::Closed(Closure::Weekly)
        } else {
            DayKind::Open
        }
    }

    /// Whether the centre stays closed all day.
    pub fn closes_on(&self, date: Date) -> bool {
        self.day_kind(date) != DayKind::Open
    }

    /// Whether the centre is open.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.openings_around(at, 1).any(|opening| opening.from <= at && at < opening.until)
    }

    /// The first moment from `at` on when the centre is open: `at` itself if it is open then. `None` if there is none
    /// within [`MAX_SEARCH_DAYS`].
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        let opening = self.openings_around(at, MAX_SEARCH_DAYS).find(|opening| at < opening.until)?;
        Some(opening.from.max(at))
    }

    /// When the opening that `at` falls into ends, or else the next one. `None` if there is none within
    /// [`MAX_SEARCH_DAYS`], or if it does not end within them.
    pub fn current_or_next_closing(&self, at: Timestamp) -> Option<Timestamp> {
        let mut openings = self.openings_around(at, MAX_SEARCH_DAYS);
        let opening = openings.find(|opening| at < opening.until)?;
        let last_day = self.zone.to_datetime(opening.until).date();
        (last_day <= openings.last_day).then_some(opening.until)
    }

    /// The closed period that `at` falls into; `None` exactly when the centre is open.
    pub fn closed_period(&self, at: Timestamp) -> Option<ClosedPeriod> {
        if self.is_open(at) {
            return None;
        }
        Some(ClosedPeriod {
            from: self.last_closing(at).unwrap_or(Timestamp::MIN),
            until: self.next_opening(at),
        })
    }

    /// How much opening time lies between two instants; zero when `to` is not after `from`.
    ///
    /// The work grows with the number of days: a few microseconds each, without optimisation.
    pub fn open_duration(&self, from: Timestamp, to: Timestamp) -> Duration {
        if to <= from {
            return Duration::ZERO;
        }
        self.openings_between(before(self.date_of(from)), after(self.date_of(to)))
            .filter_map(|opening| {
                let (from, until) = (opening.from.max(from), opening.until.min(to));
                Duration::try_from(from.duration_until(until)).ok()
            })
            .sum()
    }

    fn ranges_on(&self, weekday: Weekday) -> &[DailyRange] {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        self.week.get(index).map_or(&[], Vec::as_slice)
    }

    /// The end of the last opening that ended at `at` or before.
    fn last_closing(&self, at: Timestamp) -> Option<Timestamp> {
        let mut date = after(self.date_of(at));
        for _ in 0..MAX_SEARCH_DAYS {
            // Days alone suffice: where openings touch at midnight the later day has the later end.
            let ended = |until: &Timestamp| *until <= at;
            if let Some(until) = self.openings_on(date).map(|opening| opening.until).filter(ended).max() {
                return Some(until);
            }
            date = date.yesterday().ok()?;
        }
        None
    }

    /// The openings from the day before `at` up to so many days after it.
    fn openings_around(&self, at: Timestamp, days_ahead: usize) -> Openings<'_> {
        let date = self.date_of(at);
        let days_ahead = i64::try_from(days_ahead).unwrap_or(i64::MAX);
        let span = jiff::SignedDuration::from_hours(days_ahead.saturating_mul(24));
        self.openings_between(before(date), date.saturating_add(span))
    }

    fn openings_between(&self, first: Date, last: Date) -> Openings<'_> {
        Openings {
            hours: self,
            date: Some(first),
            last_day: last,
            today: Vec::new().into_iter(),
            pending: None,
        }
    }

    /// The openings of one day, in order, not joined with those of its neighbours.
    fn openings_on(&self, date: Date) -> impl Iterator<Item = Opening> {
        let ranges = if self.closes_on(date) { &[] } else { self.ranges_on(date.weekday()) };
        ranges.iter().filter_map(move |range| {
            let until = match range.until {
                Some(time) => date.to_datetime(time),
                None => date.tomorrow().ok()?.to_datetime(Time::midnight()),
            };
            let from = self.zone.to_timestamp(date.to_datetime(range.from)).ok()?;
            let until = self.zone.to_timestamp(until).ok()?;
            // A range that falls into the hour left out in spring has no duration.
            (from < until).then_some(Opening { from, until })
        })
    }
}

fn before(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

fn after(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

/// The openings from one day to another, those that touch joined.
struct Openings<'a> {
    hours: &'a OfficeHours,
    /// The next day to look at.
    date: Option<Date>,
    last_day: Date,
    today: std::vec::IntoIter<Opening>,
    pending: Option<Opening>,
}

impl Openings<'_> {
    fn next_unjoined(&mut self) -> Option<Opening> {
        loop {
            if let Some(opening) = self.today.next() {
                return Some(opening);
            }
            let date = self.date.filter(|date| *date <= self.last_day)?;
            self.date = date.tomorrow().ok();
            self.today = self.hours.openings_on(date).collect::<Vec<_>>().into_iter();
        }
    }
}

impl Iterator for Openings<'_> {
    type Item = Opening;

    fn next(&mut self) -> Option<Opening> {
        let mut opening = self.pending.take().or_else(|| self.next_unjoined())?;
        while let Some(next) = self.next_unjoined() {
            if next.from > opening.until {
                self.pending = Some(next);
                break;
            }
            opening.until = opening.until.max(next.until);
        }
        Some(opening)
    }
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
