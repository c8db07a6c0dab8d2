use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::calendar::era_year_ja;

/// The month in which a fiscal year (年度) begins.
pub const FIRST_MONTH: i8 = 4;

/// The years that a period may be of.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// A month, or a fiscal year from April to March. Written `2026-10` and `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Date,
    whole_year: bool,
}

/// What is written is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a month (2026-10) nor a fiscal year (2026) from 2000 to 2199")]
pub struct InvalidPeriod;

impl Period {
    /// The month of this day.
    ///
    /// # Errors
    /// [`InvalidPeriod`] outside of the years 2000 to 2199.
    pub fn month_of(day: Date) -> Result<Self, InvalidPeriod> {
        if !YEARS.contains(&day.year()) {
            return Err(InvalidPeriod);
        }
        Ok(Self { first: day.first_of_month(), whole_year: false })
    }

    /// The fiscal year of this day.
    ///
    /// # Errors
    /// [`InvalidPeriod`] outside of the years 2000 to 2199.
    pub fn fiscal_year_of(day: Date) -> Result<Self, InvalidPeriod> {
        let year = if day.month() < FIRST_MONTH { day.year() - 1 } else { day.year() };
        if !YEARS.contains(&year) {
            return Err(InvalidPeriod);
        }
        let first = Date::new(year, FIRST_MONTH, 1).map_err(|_| InvalidPeriod)?;
        Ok(Self { first, whole_year: true })
    }

    /// Its first day.
    pub const fn first_day(self) -> Date {
        self.first
    }

    /// The first day after it.
    pub fn next_first_day(self) -> Date {
        self.shifted(1)
    }

    /// Whether it is a fiscal year.
    pub const fn is_year(self) -> bool {
        self.whole_year
    }

    /// The one before; `None` before the year 2000.
    pub fn before(self) -> Option<Self> {
        self.moved(-1)
    }

    /// The one after; `None` after the year 2199.
    pub fn after(self) -> Option<Self> {
        self.moved(1)
    }

    fn moved(self, by: i16) -> Option<Self> {
        let first = self.shifted(by);
        YEARS.contains(&first.year()).then_some(Self { first, ..self })
    }

    fn shifted(self, by: i16) -> Date {
        let months = if self.whole_year { by * 12 } else { by };
        let count = self.first.year() * 12 + i16::from(self.first.month()) - 1 + months;
        let month = i8::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
        // The years are bounded: there is such a day.
        Date::new(count.div_euclid(12), month, 1).unwrap_or(self.first)
    }

    /// From its beginning to the next one's, as clocks show it in `zone`.
    pub fn bounds(self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let at = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
        (at(self.first), at(self.next_first_day()))
    }

    /// Its months, in order.
    pub fn months(self) -> Vec<Self> {
        let count = if self.whole_year { 12 } else { 1 };
        let mut month = Self { whole_year: false, ..self };
        let mut months = Vec::with_capacity(count);
        for _ in 0..count {
            months.push(month);
            month = Self { first: month.next_first_day(), ..month };
        }
        months
    }

    /// 「令和8年10月」, 「令和8年度」
    pub fn label_ja(self) -> String {
        let year = era_year_ja(self.first);
        if self.whole_year { format!("{year}度") } else { format!("{year}{}月", self.first.month()) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole_year {
            write!(f, "{:04}", self.first.year())
        } else {
            write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
        }
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match (text.len(), text.split_once('-')) {
            (4, None) if digits(text) => {
                let year = text.parse().map_err(|_| InvalidPeriod)?;
                Self::fiscal_year_of(Date::new(year, FIRST_MONTH, 1).map_err(|_| InvalidPeriod)?)
            }
            (7, Some((year, month))) if year.len() == 4 && digits(year) && digits(month) => {
                let (year, month) = (year.parse(), month.parse());
                let (Ok(year), Ok(month)) = (year, month) else { return Err(InvalidPeriod) };
                Self::month_of(Date::new(year, month, 1).map_err(|_| InvalidPeriod)?)
            }
            _ => Err(InvalidPeriod),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_read_as_it_is_written() {
        for text in ["2026-10", "2026-01", "2000", "2199-12"] {
            assert_eq!(period(text).to_string(), text);
        }
        for text in [
            "",
            "26-10",
            "2026-13",
            "2026-1",
            "2026-00",
            "1999",
            "2200",
            "+026",
            "2026-+1",
            "２０２６",
            "2026-10-1",
        ] {
            assert_eq!(text.parse::<Period>(), Err(InvalidPeriod), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_begins_in_april_and_has_twelve_months() {
        let year = period("2026");
        assert_eq!(year.first_day().to_string(), "2026-04-01");
        assert_eq!(year.next_first_day().to_string(), "2027-04-01");
        let months: Vec<String> = year.months().iter().map(ToString::to_string).collect();
        assert_eq!((months.len(), months[0].as_str(), months[11].as_str()), (12, "2026-04", "2027-03"));
        assert_eq!(Period::fiscal_year_of("2027-03-31".parse().unwrap()), Ok(year));
        assert_eq!(Period::month_of("2027-03-31".parse().unwrap()), Ok(period("2027-03")));
    }

    #[test]
    fn before_and_after_go_over_the_turn_of_the_year_and_end() {
        assert_eq!(period("2026-01").before(), Some(period("2025-12")));
        assert_eq!(period("2026-12").after(), Some(period("2027-01")));
        assert_eq!(period("2026").after(), Some(period("2027")));
        assert_eq!(period("2000-01").before(), None);
        assert_eq!(period("2199").after(), None);
        assert_eq!(period("2199-12").after(), None);
    }

    #[test]
    fn bounds_are_by_the_clocks_of_the_city() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let (from, to) = period("2026-10").bounds(&zone);
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-09-30T15:00:00Z".to_owned(), "2026-10-31T15:00:00Z".to_owned())
        );
    }

    #[test]
    fn people_read_the_era() {
        assert_eq!(period("2026-10").label_ja(), "令和8年10月");
        assert_eq!(period("2026").label_ja(), "令和8年度");
        assert_eq!(period("2019-05").label_ja(), "令和元年5月");
        assert_eq!(period("2019").label_ja(), "平成31年度");
    }
}
