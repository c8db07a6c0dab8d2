//! The public holidays of Japan, by rule.
//!
//! Computed from the Act on National Holidays (国民の祝日に関する法律) as in force since 2020, with the moves made for the
//! Olympic Games of 2020 and 2021. No crate serves: `jpholiday` asks for a newer compiler than ours, `holiday_jp` fetches
//! its days over the network with an HTTP client of 2017, and the package of `koyomi` names no licence. A table would
//! have to be renewed every February; the rules only when Parliament changes them.
//!
//! The equinoxes follow the usual approximation for 1980 to 2099; the official gazette has announced no other day yet.
//! Outside [`FIRST_YEAR`]..=[`LAST_YEAR`] no day counts as a holiday.

use jiff::civil::{Date, Weekday};

/// The first year whose holidays are known here.
const FIRST_YEAR: i16 = 2020;
/// The last year for which the equinox approximation holds.
const LAST_YEAR: i16 = 2099;

const SUBSTITUTE: &str = "振替休日";
const CITIZENS: &str = "国民の休日";

/// The Japanese name of the public holiday on `date`, if it is one; known for 2020 to 2099.
///
/// Substitute holidays (振替休日) and the days between two holidays (国民の休日) are included.
///
/// ```
/// use jiff::civil::date;
/// use lupinus_core::calendar::holiday_name;
///
/// assert_eq!(holiday_name(date(2026, 9, 21)), Some("敬老の日"));
/// assert_eq!(holiday_name(date(2026, 9, 22)), Some("国民の休日"));
/// assert_eq!(holiday_name(date(2026, 9, 24)), None);
/// ```
pub fn holiday_name(date: Date) -> Option<&'static str> {
    national(date)
        .or_else(|| is_substitute(date).then_some(SUBSTITUTE))
        .or_else(|| is_between(date).then_some(CITIZENS))
}

/// Article 3 (2): a holiday on a Sunday moves on to the first day after it that is not a holiday itself.
fn is_substitute(date: Date) -> bool {
    let mut before = date;
    while let Ok(day) = before.yesterday() {
        if national(day).is_none() {
            return false;
        }
        if day.weekday() == Weekday::Sunday {
            return true;
        }
        before = day;
    }
    false
}

/// Article 3 (3): a day whose neighbours are both national holidays is a day off.
fn is_between(date: Date) -> bool {
    let holiday = |day: Result<Date, jiff::Error>| day.is_ok_and(|day| national(day).is_some());
    holiday(date.yesterday()) && holiday(date.tomorrow())
}

/// Article 2: the national holidays proper.
fn national(date: Date) -> Option<&'static str> {
    let (year, day) = (date.year(), date.day());
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return None;
    }
    let nth_monday = |nth: i8| date.weekday() == Weekday::Monday && (day - 1) / 7 + 1 == nth;
    match (date.month(), day) {
        (1, 1) => Some("元日"),
        (1, _) if nth_monday(2) => Some("成人の日"),
        (2, 11) => Some("建国記念の日"),
        (2, 23) => Some("天皇誕生日"),
        (3, _) if day == equinox(year, 20_843_100) => Some("春分の日"),
        (4, 29) => Some("昭和の日"),
        (5, 3) => Some("憲法記念日"),
        (5, 4) => Some("みどりの日"),
        (5, 5) => Some("こどもの日"),
        (7 | 8 | 10, _) if year <= 2021 => moved_for_the_games(date),
        (7, _) if nth_monday(3) => Some("海の日"),
        (8, 11) => Some("山の日"),
        (9, _) if nth_monday(3) => Some("敬老の日"),
        (9, _) if day == equinox(year, 23_248_800) => Some("秋分の日"),
        (10, _) if nth_monday(2) => Some("スポーツの日"),
        (11, 3) => Some("文化の日"),
        (11, 23) => Some("勤労感謝の日"),
        _ => None,
    }
}

/// The three holidays that the act on the Olympic Games moved in 2020 and 2021.
fn moved_for_the_games(date: Date) -> Option<&'static str> {
    match (date.year(), date.month(), date.day()) {
        (2020, 7, 23) | (2021, 7, 22) => Some("海の日"),
        (2020, 7, 24) | (2021, 7, 23) => Some("スポーツの日"),
        (2020, 8, 10) | (2021, 8, 8) => Some("山の日"),
        _ => None,
    }
}

/// The day of the month of an equinox, from its position in 1980 (millionths of a day) and the length of the year.
fn equinox(year: i16, in_1980: i32) -> i8 {
    let years = i32::from(year) - 1980;
    let day = (in_1980 + 242_194 * years) / 1_000_000 - years / 4;
    i8::try_from(day).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Month, day, name.
    type Holiday = (i8, i8, &'static str);

    /// As published by the Cabinet Office (内閣府「国民の祝日」について), which writes 休日 for both kinds of extra day.
    const PUBLISHED: &[(i16, &[Holiday])] = &[
        (
            2024,
            &[
                (1, 1, "元日"),
                (1, 8, "成人の日"),
                (2, 11, "建国記念の日"),
                (2, 12, SUBSTITUTE),
                (2, 23, "天皇誕生日"),
                (3, 20, "春分の日"),
                (4, 29, "昭和の日"),
                (5, 3, "憲法記念日"),
                (5, 4, "みどりの日"),
                (5, 5, "こどもの日"),
                (5, 6, SUBSTITUTE),
                (7, 15, "海の日"),
                (8, 11, "山の日"),
                (8, 12, SUBSTITUTE),
                (9, 16, "敬老の日"),
                (9, 22, "秋分の日"),
                (9, 23, SUBSTITUTE),
                (10, 14, "スポーツの日"),
                (11, 3, "文化の日"),
                (11, 4, SUBSTITUTE),
                (11, 23, "勤労感謝の日"),
            ],
        ),
        (
            2025,
            &[
                (1, 1, "元日"),
                (1, 13, "成人の日"),
                (2, 11, "建国記念の日"),
                (2, 23, "天皇誕生日"),
                (2, 24, SUBSTITUTE),
                (3, 20, "春分の日"),
                (4, 29, "昭和の日"),
                (5, 3, "憲法記念日"),
                (5, 4, "みどりの日"),
                (5, 5, "こどもの日"),
                (5, 6, SUBSTITUTE),
                (7, 21, "海の日"),
                (8, 11, "山の日"),
                (9, 15, "敬老の日"),
                (9, 23, "秋分の日"),
                (10, 13, "スポーツの日"),
                (11, 3, "文化の日"),
                (11, 23, "勤労感謝の日"),
                (11, 24, SUBSTITUTE),
            ],
        ),
        (
            2026,
            &[
                (1, 1, "元日"),
                (1, 12, "成人の日"),
                (2, 11, "建国記念の日"),
                (2, 23, "天皇誕生日"),
                (3, 20, "春分の日"),
                (4, 29, "昭和の日"),
                (5, 3, "憲法記念日"),
                (5, 4, "みどりの日"),
                (5, 5, "こどもの日"),
                (5, 6, SUBSTITUTE),
                (7, 20, "海の日"),
                (8, 11, "山の日"),
                (9, 21, "敬老の日"),
                (9, 22, CITIZENS),
                (9, 23, "秋分の日"),
                (10, 12, "スポーツの日"),
                (11, 3, "文化の日"),
                (11, 23, "勤労感謝の日"),
            ],
        ),
        (
            2027,
            &[
                (1, 1, "元日"),
                (1, 11, "成人の日"),
                (2, 11, "建国記念の日"),
                (2, 23, "天皇誕生日"),
                (3, 21, "春分の日"),
                (3, 22, SUBSTITUTE),
                (4, 29, "昭和の日"),
                (5, 3, "憲法記念日"),
                (5, 4, "みどりの日"),
                (5, 5, "こどもの日"),
                (7, 19, "海の日"),
                (8, 11, "山の日"),
                (9, 20, "敬老の日"),
                (9, 23, "秋分の日"),
                (10, 11, "スポーツの日"),
                (11, 3, "文化の日"),
                (11, 23, "勤労感謝の日"),
            ],
        ),
    ];

    fn holidays_of(year: i16) -> Vec<Holiday> {
        std::iter::successors(Some(date(year, 1, 1)), |day| day.tomorrow().ok())
            .take_while(|day| day.year() == year)
            .filter_map(|day| holiday_name(day).map(|name| (day.month(), day.day(), name)))
            .collect()
    }

    // R31
    #[test]
    fn the_holidays_of_2024_to_2027_are_those_published() {
        for (year, published) in PUBLISHED {
            assert_eq!(holidays_of(*year), *published, "{year}");
        }
    }

    #[test]
    fn the_holidays_of_the_olympic_years_are_where_they_were_moved() {
        let summer_of = |year| -> Vec<_> {
            holidays_of(year).into_iter().filter(|(month, ..)| (7..=10).contains(month)).collect()
        };
        assert_eq!(
            summer_of(2020),
            [
                (7, 23, "海の日"),
                (7, 24, "スポーツの日"),
                (8, 10, "山の日"),
                (9, 21, "敬老の日"),
                (9, 22, "秋分の日"),
            ]
        );
        assert_eq!(
            summer_of(2021),
            [
                (7, 22, "海の日"),
                (7, 23, "スポーツの日"),
                (8, 8, "山の日"),
                (8, 9, SUBSTITUTE),
                (9, 20, "敬老の日"),
                (9, 23, "秋分の日"),
            ]
        );
    }

    #[test]
    fn a_substitute_passes_over_the_holidays_that_follow() {
        // 3 May 2026 is a Sunday, 4 and 5 May are holidays: the day off is the 6th.
        assert_eq!(holiday_name(date(2026, 5, 6)), Some(SUBSTITUTE));
        assert_eq!(holiday_name(date(2026, 5, 7)), None);
    }

    #[test]
    fn outside_the_known_years_nothing_is_a_holiday() {
        assert_eq!(holiday_name(date(2019, 1, 1)), None);
        assert_eq!(holiday_name(date(2100, 1, 1)), None);
        assert_eq!(holiday_name(Date::MIN), None);
        assert_eq!(holiday_name(Date::MAX), None);
    }
}
