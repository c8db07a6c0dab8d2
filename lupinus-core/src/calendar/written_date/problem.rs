//! What does not fit in a date as written.

use std::fmt;

use jiff::civil::{Date, Weekday};

use super::super::people::{date_year_ja, month_day_ja, weekday_ja};

/// Something that does not fit in a date as written. `Display` is the sentence for the person who wrote it, in Japanese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// The date falls on another weekday.
    WeekdayDoesNotFit {
        /// The date.
        date: Date,
        /// The weekday as written.
        written: Weekday,
        /// The weekday of the date.
        actual: Weekday,
    },
    /// The era has no such year, or it is not the western year written beside it.
    EraDoesNotFit {
        /// The year of the era as written: `平成38年`.
        written: String,
        /// The year of the era it should be: `令和8年`.
        actual: String,
    },
    /// There is no date that could be read.
    NotADate,
    /// The month has no such day.
    NoSuchDay {
        /// The month as written.
        month: u8,
        /// The day as written.
        day: u8,
    },
    /// There is a time, and no clock shows it.
    NoSuchTime,
    /// The time ends when it begins, or before.
    EndsBeforeStart,
    /// The date is before today.
    InThePast {
        /// The date.
        date: Date,
    },
}

impl DateProblem {
    /// The sentence for the person who wrote the date.
    pub fn sentence_ja(&self) -> String {
        match self {
            Self::WeekdayDoesNotFit { date, written, actual } => format!(
                "{}は{}曜日ではなく{}曜日です",
                month_day_ja(*date),
                weekday_ja(*written),
                weekday_ja(*actual)
            ),
            Self::EraDoesNotFit { written, actual } => format!("{written}ではなく{actual}です"),
            Self::NotADate => "日付として読み取れません。「10月5日」のように書いてください".to_owned(),
            Self::NoSuchDay { month, day } => format!("{month}月{day}日という日はありません"),
            Self::NoSuchTime => "時刻として読み取れません。「14:00」のように書いてください".to_owned(),
            Self::EndsBeforeStart => "終了時刻が開始時刻より後になっていません".to_owned(),
            Self::InThePast { date } => format!("{}はすでに過ぎています", date_year_ja(*date)),
        }
    }
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence_ja())
    }
}
