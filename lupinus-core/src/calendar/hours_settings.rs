//! Opening hours as a city writes them in its settings.

use std::fmt;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::hours::{DailyRange, OfficeHours, TOKYO, YearlyClosure, tokyo};

/// How many closing days of its own a city may list.
pub const MAX_CLOSING_DAYS: usize = 1_000;

/// Written for "no such thing".
const NONE: &str = "none";

/// Why settings do not describe opening hours.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHours {
    /// No such time zone in the database of this machine.
    #[error("time_zone: no time zone is named {0:?}")]
    UnknownTimeZone(String),
    /// Not two times with a hyphen between.
    #[error("{day}: {written:?} is not a time range like \"08:30-17:15\"")]
    NotARange {
        /// The key of the day, `mon` to `sun`, or of the setting.
        day: &'static str,
        /// What was written.
        written: String,
    },
    /// The range ends where it begins, or before.
    #[error("{day}: {written:?} ends before it begins; write two ranges to go over midnight")]
    Backwards {
        /// The key of the day, `mon` to `sun`.
        day: &'static str,
        /// What was written.
        written: String,
    },
    /// Two ranges of one day have time in common.
    #[error("{day}: two opening hours overlap")]
    Overlap {
        /// The key of the day, `mon` to `sun`.
        day: &'static str,
    },
    /// No weekday has opening hours.
    #[error("no weekday has opening hours")]
    NeverOpen,
    /// Not two days of the year with a slash between.
    #[error("new_year: {0:?} is not like \"12-29/01-03\" or \"none\"")]
    NotAYearlyClosure(String),
    /// Not a date.
    #[error("closing_days: {0:?} is not a date like \"2026-11-02\"")]
    NotADate(String),
    /// More than [`MAX_CLOSING_DAYS`].
    #[error("closing_days: {0} days, more than {MAX_CLOSING_DAYS}")]
    TooManyClosingDays(usize),
    /// Quiet hours of no duration.
    #[error("hours: {0:?} begins and ends at the same time; write \"none\" for no quiet hours")]
    EmptyQuietHours(String),
}

/// The settings, key by key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HoursSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mon: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tue: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wed: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thu: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fri: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sat: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sun: Option<Vec<String>>,
    open_on_holidays: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_year: Option<String>,
    closing_days: Vec<Quoted>,
}

/// A date as a string. TOML has dates of its own, which are something else to serde: the error says so.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
struct Quoted(String);

impl<'de> Deserialize<'de> for Quoted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(QuotedVisitor)
    }
}

struct QuotedVisitor;

impl de::Visitor<'_> for QuotedVisitor {
    type Value = Quoted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date in quotes like \"2026-11-02\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Quoted, E> {
        Ok(Quoted(text.to_owned()))
    }
}

impl TryFrom<HoursSettings> for OfficeHours {
    type Error = InvalidHours;

    fn try_from(settings: HoursSettings) -> Result<Self, InvalidHours> {
        let default = Self::default();
        let (zone_name, zone) = match settings.time_zone.as_deref() {
            None | Some(TOKYO) => (TOKYO.to_owned(), tokyo()),
            Some(name) => {
                let unknown = |_| InvalidHours::UnknownTimeZone(name.to_owned());
                (name.to_owned(), jiff::tz::TimeZone::get(name).map_err(unknown)?)
            }
        };
        let HoursSettings { mon, tue, wed, thu, fri, sat, sun, .. } = settings;
        let week = if [&mon, &tue, &wed, &thu, &fri, &sat, &sun].iter().all(|day| day.is_none()) {
            default.week
        } else {
            [
                ranges("mon", mon)?,
                ranges("tue", tue)?,
                ranges("wed", wed)?,
                ranges("thu", thu)?,
                ranges("fri", fri)?,
                ranges("sat", sat)?,
                ranges("sun", sun)?,
            ]
        };
        if week.iter().all(Vec::is_empty) {
            return Err(InvalidHours::NeverOpen);
        }
        let new_year = match settings.new_year.as_deref() {
            None => default.new_year,
            Some(NONE) => None,
            Some(text) => Some(yearly(text).ok_or_else(|| InvalidHours::NotAYearlyClosure(text.to_owned()))?),
        };
        if settings.closing_days.len() > MAX_CLOSING_DAYS {
            return Err(InvalidHours::TooManyClosingDays(settings.closing_days.len()));
        }
        let closing_days = settings
            .closing_days
            .into_iter()
            .map(|Quoted(text)| text.parse::<Date>().map_err(|_| InvalidHours::NotADate(text)))
            .collect::<Result<_, _>>()?;
        let open_on_holidays = settings.open_on_holidays;
        Ok(Self { zone_name, zone, week, open_on_holidays, new_year, closing_days })
    }
}

impl From<OfficeHours> for HoursSettings {
    fn from(hours: OfficeHours) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] =
            hours.week.map(|day| Some(day.into_iter().map(write_range).collect()));
        let new_year = hours.new_year.map_or_else(
            || NONE.to_owned(),
            |YearlyClosure { first, last }| {
                format!("{:02}-{:02}/{:02}-{:02}", first.0, first.1, last.0, last.1)
            },
        );
        Self {
            time_zone: Some(hours.zone_name),
            mon,
            tue,
            wed,
            thu,
            fri,
            sat,
            sun,
            open_on_holidays: hours.open_on_holidays,
            new_year: Some(new_year),
            closing_days: hours.closing_days.iter().map(|date| Quoted(date.to_string())).collect(),
        }
    }
}

/// The ranges of a day in order, those that touch joined.
fn ranges(day: &'static str, written: Option<Vec<String>>) -> Result<Vec<DailyRange>, InvalidHours> {
    let mut ranges = Vec::new();
    for written in written.unwrap_or_default() {
        let Some((TimeOfDay::Clock(from), until)) = read_range(&written) else {
            return Err(InvalidHours::NotARange { day, written });
        };
        let until = match until {
            TimeOfDay::Clock(until) => Some(until),
            TimeOfDay::End => None,
        };
        if until.is_some_and(|until| until <= from) {
            return Err(InvalidHours::Backwards { day, written });
        }
        ranges.push(DailyRange { from, until });
    }
    ranges.sort_by_key(|range| range.from);
    let mut joined: Vec<DailyRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.until.is_none_or(|until| range.from < until) => {
                return Err(InvalidHours::Overlap { day });
            }
            Some(last) if last.until == Some(range.from) => last.until = range.until,
            _ => joined.push(range),
        }
    }
    Ok(joined)
}

/// A time of day as an end may be written.
#[derive(Clone, Copy)]
pub(super) enum TimeOfDay {
    Clock(Time),
    /// 24:00
    End,
}

/// `08:30-17:15`
pub(super) fn read_range(written: &str) -> Option<(TimeOfDay, TimeOfDay)> {
    let (from, until) = written.split_once(['-', '–', '〜', '～'])?;
    Some((read_time_of_day(from)?, read_time_of_day(until)?))
}

fn read_time_of_day(written: &str) -> Option<TimeOfDay> {
    let (hour, minute) = written.trim().split_once(':')?;
    let two_digits = |part: &str| -> Option<i8> {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    match (two_digits(hour)?, two_digits(minute)?) {
        (24, 0) => Some(TimeOfDay::End),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok().map(TimeOfDay::Clock),
    }
}

fn write_range(range: DailyRange) -> String {
    let until = range.until.map_or_else(|| "24:00".to_owned(), write_time);
    format!("{}-{until}", write_time(range.from))
}

pub(super) fn write_time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn yearly(text: &str) -> Option<YearlyClosure> {
    let (first, last) = text.split_once('/')?;
    Some(YearlyClosure { first: day_of_year(first)?, last: day_of_year(last)? })
}

/// A month and a day, 29 February included.
fn day_of_year(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.trim().split_once('-')?;
    let date = Date::new(2024, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((date.month(), date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<OfficeHours, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn empty_settings_are_the_default() {
        assert_eq!(read("{}"), Ok(OfficeHours::default()));
    }

    #[test]
    fn settings_survive_writing_and_reading() {
        let hours = read(
            r#"{"time_zone":"Europe/Paris","tue":["13:00-24:00","08:30-12:00"],"open_on_holidays":true,
                "new_year":"none","closing_days":["2026-11-02","2026-08-13"]}"#,
        )
        .unwrap();
        let written = serde_json::to_string(&hours).unwrap();
        assert!(written.contains(r#""tue":["08:30-12:00","13:00-24:00"]"#), "{written}");
        assert_eq!(read(&written), Ok(hours));
        let default = serde_json::to_string(&OfficeHours::default()).unwrap();
        assert_eq!(read(&default), Ok(OfficeHours::default()));
    }

    #[test]
    fn what_does_not_describe_opening_hours_is_named_in_the_error() {
        let cases = [
            (r#"{"mon":["0830-1715"]}"#, r#"mon: "0830-1715" is not a time range like "08:30-17:15""#),
            (r#"{"mon":["08:30-25:00"]}"#, r#"mon: "08:30-25:00" is not a time range"#),
            (r#"{"mon":["24:00-24:00"]}"#, r#"mon: "24:00-24:00" is not a time range"#),
            (r#"{"fri":["22:00-06:00"]}"#, r#"fri: "22:00-06:00" ends before it begins"#),
            (r#"{"sat":["09:00-12:00","11:00-13:00"]}"#, "sat: two opening hours overlap"),
            (r#"{"mon":[]}"#, "no weekday has opening hours"),
            (r#"{"time_zone":"Asia/Edo"}"#, r#"no time zone is named "Asia/Edo""#),
            (r#"{"new_year":"12-32/01-03"}"#, r#"new_year: "12-32/01-03""#),
            (r#"{"closing_days":["2026-02-30"]}"#, r#"closing_days: "2026-02-30" is not a date"#),
            (r#"{"closing_days":[20261102]}"#, r#"expected a date in quotes like "2026-11-02""#),
            (r#"{"monday":["08:30-17:15"]}"#, "unknown field `monday`"),
        ];
        for (json, expected) in cases {
            let error = read(json).expect_err(json);
            assert!(error.contains(expected), "{json}: {error}");
        }
    }

    #[test]
    fn hours_that_touch_are_one_opening() {
        let touching = read(r#"{"mon":["12:00-17:15","08:30-12:00"]}"#).unwrap();
        assert_eq!(touching, read(r#"{"mon":["08:30-17:15"]}"#).unwrap());
    }
}
