use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::text::{Say, Text, say};

/// Instants as staff read them, in the centre's time zone.
pub(crate) struct When<'a> {
    pub(crate) zone: &'a TimeZone,
    pub(crate) now: Timestamp,
}

/// A span in words: 「14分」, 「2時間5分」, 「3日」.
pub(crate) fn spent(span: Duration) -> Text {
    let minutes = span.as_secs() / 60;
    match minutes {
        0 => Text::from("1分未満"),
        1..60 => say!("{n}分", n = minutes),
        60..1_440 if minutes.is_multiple_of(60) => say!("{n}時間", n = minutes / 60),
        60..1_440 => say!("{hours}時間{minutes}分", hours = minutes / 60, minutes = minutes % 60),
        _ => say!("{n}時間", n = minutes / 60),
    }
}

impl When<'_> {
    /// 「10月5日(月) 8:30」; with its year when that is another one.
    pub(crate) fn at(&self, at: Timestamp) -> Text {
        let at = self.zone.to_datetime(at);
        if at.year() == self.today().year() { Text::Moment(at) } else { Text::MomentOfYear(at) }
    }

    /// 「2026年10月5日(月) 8:30」: for paper, which is read in other years.
    pub(crate) fn on_paper(&self, at: Timestamp) -> Text {
        Text::MomentOfYear(self.zone.to_datetime(at))
    }

    pub(crate) fn today(&self) -> Date {
        self.zone.to_datetime(self.now).date()
    }

    /// How near a day is: its words and the style that goes with them.
    pub(crate) fn until(&self, what: impl Say, date: Date) -> (Text, &'static str) {
        let days = self.today().until(date).map_or(0, |span| span.get_days());
        let day = Text::Day(date);
        match days {
            ..0 => (say!("{what}を過ぎました({day})", what, day), "near-over"),
            0 => (say!("{what}は本日", what), "near-today"),
            1..=3 => (say!("{what}まで{n}日", what, n = days), "near-soon"),
            _ => (say!("{what} {day}", what, day), "near-later"),
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
            assert_eq!(spent(Duration::from_mins(minutes)).to_string(), said);
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
