//! Dates and times as people read them in Japanese.

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// One kanji for a weekday: `月`.
pub fn weekday_ja(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

/// `10月5日(月)`
pub fn date_ja(date: Date) -> String {
    format!("{}({})", month_day_ja(date), weekday_ja(date.weekday()))
}

/// `2026年10月5日(月)`
pub fn date_year_ja(date: Date) -> String {
    format!("{}年{}", date.year(), date_ja(date))
}

/// `令和8年10月5日(月)`; a date before Showa has its western year.
pub fn era_ja(date: Date) -> String {
    format!("{}{}", era_year_ja(date), date_ja(date))
}

/// `令和8年`; a date before Showa has its western year.
pub fn era_year_ja(date: Date) -> String {
    Era::of(date).map_or_else(|| format!("{}年", date.year()), |era| era.year_ja(date.year()))
}

/// `8:30`
pub fn time_ja(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// `10月5日(月) 8:30`, as clocks show it in `zone`.
pub fn date_time_ja(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    format!("{} {}", date_ja(local.date()), time_ja(local.time()))
}

/// `10月5日`
pub(super) fn month_day_ja(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// The eras in which a date of today is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    Showa,
    Heisei,
    Reiwa,
}

impl Era {
    pub(super) const ALL: [Self; 3] = [Self::Reiwa, Self::Heisei, Self::Showa];

    pub(super) fn of(date: Date) -> Option<Self> {
        Self::ALL.into_iter().find(|era| era.first_day() <= date)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    pub(super) fn letter(self) -> char {
        match self {
            Self::Showa => 'S',
            Self::Heisei => 'H',
            Self::Reiwa => 'R',
        }
    }

    fn first_day(self) -> Date {
        match self {
            Self::Showa => Date::constant(1926, 12, 25),
            Self::Heisei => Date::constant(1989, 1, 8),
            Self::Reiwa => Date::constant(2019, 5, 1),
        }
    }

    /// The western year of a year of the era, counted from 1.
    pub(super) fn western(self, year: i16) -> i16 {
        self.first_day().year().saturating_add(year).saturating_sub(1)
    }

    /// `令和8年`, `令和元年`
    pub(super) fn year_ja(self, western: i16) -> String {
        match western.saturating_sub(self.first_day().year()).saturating_add(1) {
            1 => format!("{}元年", self.name()),
            year => format!("{}{year}年", self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn dates_are_written_as_people_read_them() {
        let day = date(2026, 10, 5);
        assert_eq!(date_ja(day), "10月5日(月)");
        assert_eq!(date_year_ja(day), "2026年10月5日(月)");
        assert_eq!(era_ja(day), "令和8年10月5日(月)");
        assert_eq!(time_ja(time(8, 5, 0, 0)), "8:05");
        let at: Timestamp = "2026-10-04T23:30:00Z".parse().unwrap();
        assert_eq!(date_time_ja(at, &crate::calendar::hours::tokyo()), "10月5日(月) 8:30");
    }

    #[test]
    fn an_era_begins_on_its_day() {
        assert_eq!(era_ja(date(2019, 5, 1)), "令和元年5月1日(水)");
        assert_eq!(era_ja(date(2019, 4, 30)), "平成31年4月30日(火)");
        assert_eq!(era_ja(date(1989, 1, 8)), "平成元年1月8日(日)");
        assert_eq!(era_ja(date(1989, 1, 7)), "昭和64年1月7日(土)");
        assert_eq!(era_ja(date(1926, 12, 24)), "1926年12月24日(金)");
    }
}
