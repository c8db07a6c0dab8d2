//! Hours in which a post that is not urgent waits.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{
    OfficeHours, QuietOnDay,
    hours::MAX_SEARCH_DAYS,
    hours_settings::{InvalidHours, TimeOfDay, read_range, write_time},
};

/// When people are left in peace: daily hours, usually over night, and optionally the whole of each closing day.
///
/// From settings: `hours = "18:00-08:00"` (or `"none"`) and `closing_days = true`, which is also the `Default`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "QuietSettings", into = "QuietSettings")]
pub struct QuietHours {
    /// From and until; over midnight when the second is the earlier.
    hours: Option<(Time, Time)>,
    closing_days: bool,
}

impl Default for QuietHours {
    fn default() -> Self {
        let (from, until) = (Time::constant(18, 0, 0, 0), Time::constant(8, 0, 0, 0));
        Self { hours: Some((from, until)), closing_days: true }
    }
}

impl QuietHours {
    /// No quiet hours at all.
    pub fn never() -> Self {
        Self { hours: None, closing_days: false }
    }

    /// When it is quiet on a day on which the centre is open, or closed.
    pub fn on_day(&self, closed: bool) -> QuietOnDay {
        match self.hours {
            _ if closed && self.closing_days => QuietOnDay::AllDay,
            Some((from, until)) => QuietOnDay::Hours(from, until),
            None => QuietOnDay::Never,
        }
    }

    /// Until when something that is not urgent waits, in the time zone and with the closing days of `calendar`.
    /// `None`: it need not wait.
    ///
    /// The search ends after [`MAX_SEARCH_DAYS`]; the instant reached is then the answer.
    pub fn holds_until(&self, at: Timestamp, calendar: &OfficeHours) -> Option<Timestamp> {
        let zone = calendar.time_zone();
        let mut until = at;
        for _ in 0..MAX_SEARCH_DAYS.saturating_mul(2) {
            let local = zone.to_datetime(until);
            let end = if self.closing_days && calendar.closes_on(local.date()) {
                next_after(zone, until, local.date(), Time::midnight())
            } else if let Some((_, end)) = self.hours.filter(|hours| covers(*hours, local)) {
                next_after(zone, until, local.date(), end)
            } else {
                break;
            };
            until = end?;
        }
        (until > at).then_some(until)
    }
}

fn covers((from, until): (Time, Time), local: DateTime) -> bool {
    let time = local.time();
    if from < until { from <= time && time < until } else { from <= time || time < until }
}

/// The first instant after `at` when clocks show `time`, on the local day `date` of `at` or one of the next two.
fn next_after(zone: &TimeZone, at: Timestamp, date: Date, time: Time) -> Option<Timestamp> {
    let days = std::iter::successors(Some(date), |day| day.tomorrow().ok()).take(3);
    days.filter_map(|day| {
        let shown = zone.to_ambiguous_timestamp(day.to_datetime(time));
        // In autumn a time is shown twice.
        let twice = [shown.earlier().ok(), shown.later().ok()];
        twice.into_iter().flatten().filter(|instant| *instant > at).min()
    })
    .min()
}

/// The settings, key by key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct QuietSettings {
    hours: String,
    closing_days: bool,
}

impl Default for QuietSettings {
    fn default() -> Self {
        QuietHours::default().into()
    }
}

impl From<QuietHours> for QuietSettings {
    fn from(quiet: QuietHours) -> Self {
        let hours = quiet.hours.map_or_else(
            || "none".to_owned(),
            |(from, until)| format!("{}-{}", write_time(from), write_time(until)),
        );
        Self { hours, closing_days: quiet.closing_days }
    }
}

impl TryFrom<QuietSettings> for QuietHours {
    type Error = InvalidHours;

    fn try_from(settings: QuietSettings) -> Result<Self, InvalidHours> {
        let QuietSettings { hours: written, closing_days } = settings;
        if written == "none" {
            return Ok(Self { hours: None, closing_days });
        }
        let Some((TimeOfDay::Clock(from), until)) = read_range(&written) else {
            return Err(InvalidHours::NotARange { day: "hours", written });
        };
        let until = match until {
            TimeOfDay::Clock(until) => until,
            TimeOfDay::End => Time::midnight(),
        };
        if from == until {
            return Err(InvalidHours::EmptyQuietHours(written));
        }
        Ok(Self { hours: Some((from, until)), closing_days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokyo time.
    fn at(text: &str) -> Timestamp {
        format!("{text}+09:00").parse().unwrap()
    }

    // R31
    #[test]
    fn a_post_that_is_not_urgent_waits_for_the_morning_of_an_open_day() {
        let cases = [
            ("a working afternoon", "2026-10-05T14:00:00", None),
            ("the moment quiet begins", "2026-10-05T18:00:00", Some("2026-10-06T08:00:00")),
            ("the moment quiet ends", "2026-10-06T08:00:00", None),
            ("small hours", "2026-10-06T02:00:00", Some("2026-10-06T08:00:00")),
            ("Friday evening", "2026-10-02T18:30:00", Some("2026-10-05T08:00:00")),
            ("Saturday noon", "2026-10-03T12:00:00", Some("2026-10-05T08:00:00")),
            ("into Golden Week", "2026-05-01T19:00:00", Some("2026-05-07T08:00:00")),
            ("a substitute holiday", "2026-05-06T10:00:00", Some("2026-05-07T08:00:00")),
            ("the citizens' holiday", "2026-09-22T10:00:00", Some("2026-09-24T08:00:00")),
            ("the year's last evening at work", "2026-12-28T18:00:00", Some("2027-01-04T08:00:00")),
            ("New Year's Day", "2027-01-01T09:00:00", Some("2027-01-04T08:00:00")),
        ];
        let (quiet, calendar) = (QuietHours::default(), OfficeHours::default());
        for (name, now, until) in cases {
            assert_eq!(quiet.holds_until(at(now), &calendar), until.map(at), "{name}");
        }
    }

    #[test]
    fn closing_days_can_be_left_out() {
        let quiet: QuietHours = serde_json::from_str(r#"{"closing_days":false}"#).unwrap();
        let calendar = OfficeHours::default();
        assert_eq!(quiet.holds_until(at("2026-05-04T12:00:00"), &calendar), None);
        assert_eq!(quiet.holds_until(at("2026-05-04T19:00:00"), &calendar), Some(at("2026-05-05T08:00:00")));
    }

    #[test]
    fn without_quiet_hours_nothing_waits() {
        let calendar = OfficeHours::default();
        assert_eq!(QuietHours::never().holds_until(at("2026-05-04T03:00:00"), &calendar), None);
    }

    #[test]
    fn quiet_hours_by_day_do_not_run_over_midnight() {
        let quiet: QuietHours =
            serde_json::from_str(r#"{"hours":"12:00-13:00","closing_days":false}"#).unwrap();
        let calendar = OfficeHours::default();
        assert_eq!(quiet.holds_until(at("2026-10-05T12:30:00"), &calendar), Some(at("2026-10-05T13:00:00")));
        assert_eq!(quiet.holds_until(at("2026-10-05T23:00:00"), &calendar), None);
    }

    #[test]
    fn quiet_hours_end_in_the_second_of_two_equal_hours_too() {
        // In Paris on 25 October 2026 clocks go from 03:00 back to 02:00 (01:00 UTC).
        let calendar: OfficeHours = serde_json::from_str(r#"{"time_zone":"Europe/Paris"}"#).unwrap();
        let quiet: QuietHours =
            serde_json::from_str(r#"{"hours":"01:00-02:30","closing_days":false}"#).unwrap();
        let second_0210: Timestamp = "2026-10-25T01:10:00Z".parse().unwrap();
        let second_0230: Timestamp = "2026-10-25T01:30:00Z".parse().unwrap();
        assert_eq!(quiet.holds_until(second_0210, &calendar), Some(second_0230));
    }

    #[test]
    fn settings_survive_writing_and_reading() {
        for json in
            [r#"{"hours":"18:00-08:00","closing_days":true}"#, r#"{"hours":"none","closing_days":true}"#]
        {
            let quiet: QuietHours = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&quiet).unwrap(), json);
        }
        assert_eq!(serde_json::from_str::<QuietHours>("{}").unwrap(), QuietHours::default());
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        for json in [r#"{"hours":"18:00-18:00"}"#, r#"{"hours":"evening"}"#, r#"{"from":"18:00"}"#] {
            assert!(serde_json::from_str::<QuietHours>(json).is_err(), "{json}");
        }
    }
}
