//! A month as people look at it: whole weeks, with closing days and quiet hours.

use jiff::{
    ToSpan as _,
    civil::{Date, Time},
};

use super::{Closure, DayKind, OfficeHours, QuietHours};

/// When on a day nothing that can wait is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuietOnDay {
    /// At no hour.
    Never,
    /// From and until; over midnight when the second is the earlier.
    Hours(Time, Time),
    /// The whole day: the centre is closed.
    AllDay,
}

/// One day of a month's weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    /// Which.
    pub date: Date,
    /// Whether it is of the month, and not of a week that begins before or ends after it.
    pub in_month: bool,
    /// Why the centre is closed on it, if it is.
    pub closure: Option<Closure>,
    /// When nothing that can wait is sent.
    pub quiet: QuietOnDay,
}

/// The weeks of the month that `day` is in, Monday to Sunday.
pub fn month_weeks(day: Date, hours: &OfficeHours, quiet: Option<&QuietHours>) -> Vec<[MonthDay; 7]> {
    let (first, last) = (day.first_of_month(), day.last_of_month());
    let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    let weeks = std::iter::successors(Some(monday), |monday| monday.checked_add(1.week()).ok());
    let kind_of = |date: Date| {
        let closure = match hours.day_kind(date) {
            DayKind::Closed(closure) => Some(closure),
            DayKind::Open => None,
        };
        MonthDay {
            date,
            in_month: first <= date && date <= last,
            closure,
            quiet: quiet.map_or(QuietOnDay::Never, |quiet| quiet.on_day(closure.is_some())),
        }
    };
    let week = |monday: Date| {
        std::array::from_fn(|n| {
            let days = i64::try_from(n).unwrap_or_default();
            kind_of(monday.saturating_add(days.days()))
        })
    };
    weeks.take_while(|monday| *monday <= last).map(week).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_whole_weeks_with_its_holidays_and_its_quiet_hours() {
        let (hours, quiet) = (OfficeHours::default(), QuietHours::default());
        let weeks = month_weeks(date(2026, 10, 5), &hours, Some(&quiet));
        let days: Vec<MonthDay> = weeks.iter().flatten().copied().collect();
        assert_eq!((days.len(), days[0].date, days[34].date), (35, date(2026, 9, 28), date(2026, 11, 1)));
        let on = |day| days.iter().find(|known| known.date == date(2026, 10, day)).unwrap();
        assert_eq!(on(12).closure, Some(Closure::PublicHoliday("スポーツの日")));
        assert_eq!((on(12).quiet, on(10).quiet), (QuietOnDay::AllDay, QuietOnDay::AllDay));
        let night = QuietOnDay::Hours(Time::constant(18, 0, 0, 0), Time::constant(8, 0, 0, 0));
        assert_eq!((on(13).closure, on(13).quiet), (None, night));
        assert_eq!(days.iter().filter(|day| day.in_month).count(), 31);
        let february = month_weeks(date(2027, 2, 14), &hours, None);
        assert_eq!((february.len(), february[0][0].date), (4, date(2027, 2, 1)));
        assert!(february.iter().flatten().all(|day| day.quiet == QuietOnDay::Never));
    }
}
