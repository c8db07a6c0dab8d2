use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use lupinus_core::calendar::{date_ja, date_time_ja};

/// Instants as staff read them, in the centre's time zone.
pub(crate) struct When<'a> {
    pub(crate) zone: &'a TimeZone,
    pub(crate) now: Timestamp,
}

/// A span in words: 「14分」, 「2時間5分」, 「3日」.
pub(crate) fn spent(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match minutes {
        0 => "1分未満".to_owned(),
        1..60 => format!("{minutes}分"),
        60..1_440 if minutes.is_multiple_of(60) => format!("{}時間", minutes / 60),
        60..1_440 => format!("{}時間{}分", minutes / 60, minutes % 60),
        _ => format!("{}時間", minutes / 60),
    }
}

impl When<'_> {
    /// 「10月5日(月) 8:30」
    pub(crate) fn at(&self, at: Timestamp) -> String {
        let time = date_time_ja(at, self.zone);
        let (then, now) = (self.zone.to_datetime(at).year(), self.zone.to_datetime(self.now).year());
        if then == now { time } else { format!("{then}年{time}") }
    }

    /// 「2026年10月5日(月) 8:30」: for paper, which is read in other years.
    pub(crate) fn on_paper(&self, at: Timestamp) -> String {
        format!("{}年{}", self.zone.to_datetime(at).year(), date_time_ja(at, self.zone))
    }

    pub(crate) fn today(&self) -> Date {
        self.zone.to_datetime(self.now).date()
    }

    /// How near a day is: its words and the style that goes with them.
    pub(crate) fn until(&self, what: &str, day: Date) -> (String, &'static str) {
        let days = self.today().until(day).map_or(0, |span| span.get_days());
        match days {
            ..0 => (format!("{what}を過ぎました({})", date_ja(day)), "near-over"),
            0 => (format!("{what}は本日"), "near-today"),
            1..=3 => (format!("{what}まで{days}日"), "near-soon"),
            _ => (format!("{what} {}", date_ja(day)), "near-later"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_as_people_say_it() {
        for (minutes, said) in
            [(0, "1分未満"), (14, "14分"), (60, "1時間"), (125, "2時間5分"), (3_000, "50時間")]
        {
            assert_eq!(spent(Duration::from_mins(minutes)), said);
        }
    }

    #[test]
    fn a_deadline_comes_nearer() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let now: Timestamp = "2026-10-01T15:30:00Z".parse().unwrap(); // 2 October there
        let when = When { zone: &zone, now };
        for (day, style) in [
            ("2026-10-01", "near-over"),
            ("2026-10-02", "near-today"),
            ("2026-10-05", "near-soon"),
            ("2026-11-06", "near-later"),
        ] {
            assert_eq!(when.until("締切", day.parse().unwrap()).1, style, "{day}");
        }
    }
}
