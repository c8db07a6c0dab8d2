use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// Tokyo time.
fn at(text: &str) -> Timestamp {
    format!("{text}+09:00").parse().unwrap()
}

fn hours(json: &str) -> OfficeHours {
    serde_json::from_str(json).unwrap()
}

// R31
#[test]
fn the_next_opening_passes_over_every_kind_of_closed_day() {
    let cases = [
        ("a working morning", "2026-10-05T08:29:59", "2026-10-05T08:30:00"),
        ("while open", "2026-10-05T10:00:00", "2026-10-05T10:00:00"),
        ("the moment of closing", "2026-10-05T17:15:00", "2026-10-06T08:30:00"),
        ("a Saturday 10:40", "2026-10-03T10:40:00", "2026-10-05T08:30:00"),
        ("before a Sports Day weekend", "2026-10-09T17:15:00", "2026-10-13T08:30:00"),
        ("Golden Week of 2026", "2026-05-01T18:00:00", "2026-05-07T08:30:00"),
        ("Golden Week of 2025", "2025-05-02T18:00:00", "2025-05-07T08:30:00"),
        ("the citizens' holiday", "2026-09-18T18:00:00", "2026-09-24T08:30:00"),
        ("a substitute for an equinox", "2027-03-22T09:00:00", "2027-03-23T08:30:00"),
        ("the last evening at work", "2026-12-28T17:15:00", "2027-01-04T08:30:00"),
        ("29 December", "2026-12-29T10:00:00", "2027-01-04T08:30:00"),
        ("New Year into a weekend", "2025-12-27T10:00:00", "2026-01-05T08:30:00"),
        ("3 January", "2028-01-03T10:00:00", "2028-01-04T08:30:00"),
    ];
    let hours = OfficeHours::default();
    for (name, now, opening) in cases {
        assert_eq!(hours.next_opening(at(now)), Some(at(opening)), "{name}");
    }
}

#[test]
fn the_centre_is_open_from_the_first_moment_and_not_at_the_last() {
    let hours = OfficeHours::default();
    assert!(hours.is_open(at("2026-10-05T08:30:00")));
    assert!(hours.is_open(at("2026-10-05T17:14:59.999")));
    assert!(!hours.is_open(at("2026-10-05T17:15:00")));
    assert!(!hours.is_open(at("2026-10-05T08:29:59.999")));
}

#[test]
fn a_closed_day_has_a_reason() {
    let hours = hours(r#"{"closing_days":["2026-11-02"]}"#);
    let cases = [
        (date(2026, 11, 2), DayKind::Closed(Closure::City)),
        (date(2026, 11, 3), DayKind::Closed(Closure::PublicHoliday("文化の日"))),
        (date(2026, 11, 4), DayKind::Open),
        (date(2026, 11, 7), DayKind::Closed(Closure::Weekly)),
        (date(2026, 12, 28), DayKind::Open),
        (date(2026, 12, 29), DayKind::Closed(Closure::NewYear)),
        (date(2027, 1, 1), DayKind::Closed(Closure::PublicHoliday("元日"))),
        (date(2027, 1, 3), DayKind::Closed(Closure::NewYear)),
        (date(2027, 1, 4), DayKind::Open),
        (date(2026, 5, 3), DayKind::Closed(Closure::PublicHoliday("憲法記念日"))),
    ];
    for (date, kind) in cases {
        assert_eq!(hours.day_kind(date), kind, "{date}");
    }
}

#[test]
fn a_city_may_open_on_holidays_and_move_its_new_year() {
    let hours = hours(r#"{"open_on_holidays":true,"new_year":"12-31/01-04"}"#);
    assert!(hours.is_open(at("2026-11-03T10:00:00")));
    assert!(hours.is_open(at("2026-12-30T10:00:00")));
    assert!(!hours.is_open(at("2026-12-31T10:00:00")));
    assert!(!hours.is_open(at("2027-01-04T10:00:00")));
    assert!(hours.is_open(at("2027-01-05T10:00:00")));
}

#[test]
fn the_whole_of_a_weekend_is_one_closed_period() {
    let hours = OfficeHours::default();
    let weekend = ClosedPeriod { from: at("2026-10-02T17:15:00"), until: Some(at("2026-10-05T08:30:00")) };
    for now in ["2026-10-02T17:15:00", "2026-10-03T10:40:00", "2026-10-05T08:29:59"] {
        assert_eq!(hours.closed_period(at(now)), Some(weekend), "{now}");
    }
    assert_eq!(hours.closed_period(at("2026-10-05T08:30:00")), None);
    let next = hours.closed_period(at("2026-10-05T20:00:00")).unwrap();
    assert_ne!(next.from, weekend.from);
}

#[test]
fn a_lunch_break_is_a_closed_period_of_its_own() {
    let hours = hours(r#"{"mon":["08:30-12:00","13:00-17:15"],"tue":["08:30-17:15"]}"#);
    let lunch = hours.closed_period(at("2026-10-05T12:15:00")).unwrap();
    assert_eq!(lunch.from, at("2026-10-05T12:00:00"));
    assert_eq!(lunch.until, Some(at("2026-10-05T13:00:00")));
}

#[test]
fn openings_that_touch_at_midnight_are_one() {
    let hours = hours(r#"{"mon":["20:00-24:00"],"tue":["00:00-06:00"],"open_on_holidays":true}"#);
    let closing = Some(at("2026-10-06T06:00:00"));
    assert_eq!(hours.current_or_next_closing(at("2026-10-05T21:00:00")), closing);
    assert_eq!(hours.current_or_next_closing(at("2026-10-06T01:00:00")), closing);
    assert!(hours.is_open(at("2026-10-06T00:00:00")));
    assert_eq!(hours.closed_period(at("2026-10-06T07:00:00")).map(|period| period.from), closing);
}

#[test]
fn a_centre_that_never_closes_has_no_closing() {
    let day = r#"["00:00-24:00"]"#;
    let hours = hours(&format!(
        r#"{{"mon":{day},"tue":{day},"wed":{day},"thu":{day},"fri":{day},"sat":{day},"sun":{day},
            "open_on_holidays":true,"new_year":"none"}}"#
    ));
    let now = at("2026-10-05T12:00:00");
    assert!(hours.is_open(now));
    assert_eq!(hours.current_or_next_closing(now), None);
    assert_eq!(hours.open_duration(now, at("2027-10-05T12:00:00")), Duration::from_hours(365 * 24));
}

#[test]
fn only_opening_time_counts_across_a_long_weekend() {
    let hours = OfficeHours::default();
    // Friday 16:45 to Tuesday 09:00, with Sports Day on the Monday: 30 minutes and 30 minutes.
    let asked = at("2026-10-09T16:45:00");
    let answered = at("2026-10-13T09:00:00");
    assert_eq!(hours.open_duration(asked, answered), Duration::from_hours(1));
    // A question of Saturday, answered on Tuesday.
    assert_eq!(hours.open_duration(at("2026-10-10T10:40:00"), answered), Duration::from_mins(30));
    assert_eq!(hours.open_duration(answered, asked), Duration::ZERO);
    // A whole working week: five days of 8 h 45 min.
    let week = hours.open_duration(at("2026-10-05T00:00:00"), at("2026-10-12T00:00:00"));
    assert_eq!(week, Duration::from_mins(5 * (8 * 60 + 45)));
}

#[test]
fn opening_hours_follow_the_clocks_of_another_zone() {
    // In Paris on 29 March 2026 the hour from 02:00 to 03:00 is left out, on 25 October it comes twice.
    let hours = hours(r#"{"time_zone":"Europe/Paris","sun":["01:00-04:00"],"open_on_holidays":true}"#);
    let day = |from: &str, to: &str| hours.open_duration(from.parse().unwrap(), to.parse().unwrap());
    assert_eq!(day("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), Duration::from_hours(2));
    assert_eq!(day("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), Duration::from_hours(4));
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let hours = OfficeHours::default();
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(hours.is_open(end), hours.closed_period(end).is_none());
        let _ = hours.current_or_next_closing(end);
        assert_eq!(hours.open_duration(end, end), Duration::ZERO);
    }
    assert_eq!(hours.next_opening(Timestamp::MAX), None);
}

/// Any whole second of 2024 to 2029.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    (1_704_034_800_i64..1_893_423_600).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn any_hours() -> impl Strategy<Value = OfficeHours> {
    prop_oneof![
        Just(OfficeHours::default()),
        Just(hours(r#"{"mon":["08:30-12:00","13:00-17:15"],"thu":["20:00-24:00"],"fri":["00:00-05:00"]}"#)),
        Just(hours(r#"{"time_zone":"America/New_York","sat":["22:00-24:00"],"sun":["00:00-03:30"]}"#)),
    ]
}

proptest! {
    #[test]
    fn the_next_opening_is_open_and_nothing_before_it(
        hours in any_hours(), at in any_instant(), part in 0.0..1.0_f64,
    ) {
        let opening = hours.next_opening(at).unwrap();
        prop_assert!(opening >= at && hours.is_open(opening));
        if opening > at {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let within = (at.duration_until(opening).as_secs() as f64 * part) as i64;
            let between = at + jiff::SignedDuration::from_secs(within);
            prop_assert!(!hours.is_open(between));
            prop_assert_eq!(hours.closed_period(between), hours.closed_period(at));
            prop_assert_eq!(hours.open_duration(at, opening), Duration::ZERO);
        }
    }

    #[test]
    fn a_closed_period_lies_between_two_openings(hours in any_hours(), at in any_instant()) {
        let tick = jiff::SignedDuration::from_nanos(1);
        if let Some(period) = hours.closed_period(at) {
            let until = period.until.unwrap();
            prop_assert!(period.from <= at && at < until);
            prop_assert!(hours.is_open(period.from - tick) && !hours.is_open(period.from));
            prop_assert!(!hours.is_open(until - tick) && hours.is_open(until));
        } else {
            let closing = hours.current_or_next_closing(at).unwrap();
            prop_assert!(hours.is_open(closing - tick) && !hours.is_open(closing));
        }
    }

    #[test]
    fn open_duration_is_additive(
        hours in any_hours(), first in any_instant(), days in 0_i64..90, more in 0_i64..90, second in 0_i64..86_400,
    ) {
        let middle = first + jiff::SignedDuration::from_secs(days * 86_400 + second);
        let last = middle + jiff::SignedDuration::from_secs(more * 86_400 + second / 2);
        let sum = hours.open_duration(first, middle) + hours.open_duration(middle, last);
        prop_assert_eq!(hours.open_duration(first, last), sum);
    }
}
