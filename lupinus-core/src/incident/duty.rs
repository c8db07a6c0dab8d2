//! Whether the law asks for a report, and by when.
//!
//! Two sets of rules ask for the same reports by the same clocks, with the same nine items:
//!
//! | | a public body (a city; whoever runs the centre for it) | a private operator |
//! |---|---|---|
//! | [Act on the Protection of Personal Information][act] | article 68 | article 26 |
//! | its [enforcement rules][rules]: what is reported | article 43 | article 7 |
//! | its enforcement rules: when, and the nine items | article 44 | article 8 |
//! | special-care information, loss of money, a wrongful purpose | from one person | from one person |
//! | anything else | [above 100 persons][city] | [above 1,000 persons][guide] |
//!
//! The channel is a city's, so that the stricter number counts here. What a city's by-law names as special care (条例要配慮個人情報)
//! belongs to the special-care information.
//!
//! The preliminary report (速報) is due speedily, which the Commission's guidelines call [about three to five days][guide]; the final
//! one (確報) within 30 days, or 60 where it may have been done on purpose. By the guidelines the day of learning is the first day;
//! Saturdays, Sundays and holidays count, but a final report whose last day is none of the authorities' working days is due on
//! the next that is.
//!
//! None of this is legal advice; a city's own rules may ask for more.
//!
//! [act]: https://laws.e-gov.go.jp/law/415AC0000000057
//! [rules]: https://laws.e-gov.go.jp/law/428M60020000003
//! [guide]: https://www.businesslawyers.jp/practices/1433
//! [city]: https://www.city.nagasaki.lg.jp/page/65955.html

use std::collections::BTreeSet;

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{Facts, Incident};
use crate::calendar::holiday_name;

/// Above how many persons a public body reports in any case.
pub const MANY_PERSONS: u32 = 100;

/// The preliminary report: on which day it should be made, and on which at the latest.
const PRELIMINARY_DAYS: (i64, i64) = (3, 5);
/// The final report: the last day.
const FINAL_DAYS: i64 = 30;
/// The same, where it may have been done on purpose.
const FINAL_DAYS_MALICIOUS: i64 = 60;

/// Why the law asks for a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 要配慮個人情報: from one person on.
    SpecialCare,
    /// 財産的被害のおそれ: from one person on.
    Financial,
    /// 不正の目的のおそれ: from one person on.
    Malicious,
    /// More than [`MANY_PERSONS`] persons.
    ManyPersons,
}

impl Ground {
    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::SpecialCare => "要配慮個人情報が含まれる(1人から)",
            Self::Financial => "財産的被害のおそれがある(1人から)",
            Self::Malicious => "不正の目的で行われたおそれがある(1人から)",
            Self::ManyPersons => "本人の数が100人を超える",
        }
    }
}

/// One of the two reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// 速報
    Preliminary,
    /// 確報
    Final,
}

impl Report {
    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Preliminary => "速報",
            Self::Final => "確報",
        }
    }
}

/// By when the reports are due, as days of the centre's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// When the preliminary report should be made.
    pub preliminary_from: Date,
    /// The last day for it.
    pub preliminary_by: Date,
    /// The last day for the final report.
    pub final_by: Date,
}

/// The report that is due next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub report: Report,
    /// The last day for it.
    pub by: Date,
    /// How many days are left after today: 0 on the last day, below that afterwards.
    pub days_left: i64,
}

impl Facts {
    /// Why the law asks for a report; nothing when it does not, as far as is known. A number of persons that is not known yet is one
    /// at least.
    pub fn grounds(&self) -> BTreeSet<Ground> {
        let somebody = self.persons != Some(0);
        let all = [
            (Ground::SpecialCare, self.special_care && somebody),
            (Ground::Financial, self.financial && somebody),
            (Ground::Malicious, self.malicious && somebody),
            (Ground::ManyPersons, self.persons.is_some_and(|persons| persons > MANY_PERSONS)),
        ];
        all.into_iter().filter(|(_, holds)| *holds).map(|(ground, _)| ground).collect()
    }

    /// By when reports are due, if the law asks for them.
    pub fn deadlines(&self, zone: &TimeZone) -> Deadlines {
        let first = zone.to_datetime(self.learned_at).date();
        let day = |number: i64| {
            first.checked_add(jiff::Span::new().days(number.saturating_sub(1))).unwrap_or(Date::MAX)
        };
        let last = if self.malicious { FINAL_DAYS_MALICIOUS } else { FINAL_DAYS };
        Deadlines {
            preliminary_from: day(PRELIMINARY_DAYS.0),
            preliminary_by: day(PRELIMINARY_DAYS.1),
            final_by: working_day(day(last)),
        }
    }
}

impl Incident {
    /// The report that is due next; `None` when the law asks for none, or all are made.
    pub fn due(&self, now: Timestamp, zone: &TimeZone) -> Option<Due> {
        if self.is_closed() || self.facts.grounds().is_empty() {
            return None;
        }
        let deadlines = self.facts.deadlines(zone);
        let (report, by) = match (self.preliminary, self.final_report) {
            (_, Some(_)) => return None,
            (None, None) => (Report::Preliminary, deadlines.preliminary_by),
            (Some(_), None) => (Report::Final, deadlines.final_by),
        };
        let today = zone.to_datetime(now).date();
        let days_left = today.until(by).map_or(0, |span| i64::from(span.get_days()));
        Some(Due { report, by, days_left })
    }
}

/// This day, or the next on which the authorities work (行政機関の休日に関する法律).
fn working_day(mut day: Date) -> Date {
    let rests = |day: Date| {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            || holiday_name(day).is_some()
            || matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3))
    };
    while rests(day) {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokyo() -> TimeZone {
        TimeZone::get("Asia/Tokyo").unwrap()
    }

    fn facts(learned_at: &str) -> Facts {
        Facts { special_care: true, ..Facts::new(learned_at.parse().unwrap()) }
    }

    // R13
    #[test]
    fn the_day_of_learning_is_the_first_and_a_final_report_is_due_on_a_working_day() {
        for (learned, malicious, from, by, last) in [
            // A Monday. The 30th day is a holiday (文化の日), the day after is none.
            ("2026-10-05T10:00:00+09:00", false, "2026-10-07", "2026-10-09", "2026-11-04"),
            // The same, late in the evening: still that day in Japan.
            ("2026-10-05T14:59:59Z", false, "2026-10-07", "2026-10-09", "2026-11-04"),
            ("2026-10-05T15:00:00Z", false, "2026-10-08", "2026-10-10", "2026-11-04"),
            // On purpose: 60 days, the last of which is a Thursday.
            ("2026-10-05T10:00:00+09:00", true, "2026-10-07", "2026-10-09", "2026-12-03"),
            // A Saturday and a Sunday at the end.
            ("2026-10-09T10:00:00+09:00", false, "2026-10-11", "2026-10-13", "2026-11-09"),
            // Over the turn of the year: the 30th day is 30 December, 2 and 3 January are a weekend.
            ("2026-12-01T10:00:00+09:00", false, "2026-12-03", "2026-12-05", "2027-01-04"),
        ] {
            let facts = Facts { malicious, ..facts(learned) };
            let expected = Deadlines {
                preliminary_from: from.parse().unwrap(),
                preliminary_by: by.parse().unwrap(),
                final_by: last.parse().unwrap(),
            };
            assert_eq!(facts.deadlines(&tokyo()), expected, "learned {learned}, malicious {malicious}");
        }
    }

    // R13
    #[test]
    fn the_law_asks_from_one_person_for_what_is_grave_and_above_a_hundred_for_the_rest() {
        let none = Facts::new("2026-10-05T10:00:00+09:00".parse().unwrap());
        let grounds = |facts: Facts| facts.grounds().into_iter().collect::<Vec<_>>();
        assert!(grounds(none.clone()).is_empty());
        assert!(grounds(Facts { persons: Some(100), ..none.clone() }).is_empty());
        assert_eq!(grounds(Facts { persons: Some(101), ..none.clone() }), [Ground::ManyPersons]);
        assert_eq!(
            grounds(Facts { persons: Some(1), special_care: true, ..none.clone() }),
            [Ground::SpecialCare]
        );
        assert_eq!(grounds(Facts { financial: true, ..none.clone() }), [Ground::Financial]);
        assert_eq!(grounds(Facts { malicious: true, ..none.clone() }), [Ground::Malicious]);
        assert!(grounds(Facts { persons: Some(0), special_care: true, ..none }).is_empty());
    }
}
