//! What the console says, in the language of whoever reads it.
//!
//! A sentence stands where it is said, in Japanese: `"保存する"|t` in a template, `say!("第{n}版", n)` in Rust. It is made without
//! knowing who will read it; [`crate::shell::page`] gives the language when a page is drawn. The English of it is in
//! `texts/en.toml` under the Japanese words, and a test knows of each that is missing, left over or has other places to fill.

mod catalogue;
pub(crate) mod filters;
mod say;

use std::{borrow::Cow, fmt};

use askama::{FastWritable, Values};
use jiff::civil::{Date, DateTime, Weekday};
use lupinus_core::{
    calendar::{date_ja, date_year_ja, time_ja, weekday_ja},
    figures::Period,
};

use self::catalogue::translated;
pub(crate) use self::say::{Say, say};
use crate::language::Language;

/// Something that staff read. [`fmt::Display`] says it in Japanese, as records and files have it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// What people wrote, or what is the same in every language.
    Given(String),
    /// Words of the console's, and what is put into their places `{name}`.
    Said(Cow<'static, str>, Vec<(&'static str, Text)>),
    /// A number. As `{n}` it decides between one and many.
    Number(u64),
    /// A number with its commas.
    Figure(u64),
    /// 「10月5日(月)」
    Day(Date),
    /// 「2026年10月5日(月)」
    DayOfYear(Date),
    /// 「10月5日(月) 8:30」
    Moment(DateTime),
    /// 「2026年10月5日(月) 8:30」
    MomentOfYear(DateTime),
    /// 「10月5日」
    MonthDay(Date),
    /// 「2026年10月」
    Month(Date),
    /// 「令和8年10月」, 「令和8年度」
    Period(Period),
    /// 「月」
    Weekday(Weekday),
    /// Several, and the words between them.
    List(&'static str, Vec<Text>),
}

impl Text {
    /// What people wrote.
    pub(crate) fn given(words: &str) -> Self {
        Self::Given(words.to_owned())
    }

    /// A whole sentence of core's.
    pub(crate) fn whole(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Said(words.into(), Vec::new())
    }

    /// With this in the place of that name.
    pub(crate) fn with(self, name: &'static str, value: impl Say) -> Self {
        match self {
            Self::Said(words, mut values) => {
                values.push((name, value.said()));
                Self::Said(words, values)
            }
            other => other,
        }
    }

    /// Several, with these words between them.
    pub(crate) fn list<T: Say>(between: &'static str, parts: impl IntoIterator<Item = T>) -> Self {
        Self::List(between, parts.into_iter().map(|part| part.said()).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Given(words) => words.is_empty(),
            Self::Said(words, _) => words.is_empty(),
            Self::List(_, parts) => parts.iter().all(Self::is_empty),
            _ => false,
        }
    }

    /// In a language.
    pub(crate) fn within(&self, language: Language) -> String {
        let mut said = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut said, language);
        said
    }

    fn write(&self, out: &mut dyn fmt::Write, language: Language) -> fmt::Result {
        let english = language == Language::English;
        match self {
            Self::Given(words) => out.write_str(words),
            Self::Said(words, values) => fill(out, language, translated(words, values, language), values),
            Self::Number(number) => write!(out, "{number}"),
            Self::Figure(number) => out.write_str(&with_commas(*number)),
            Self::Day(day) if english => write!(out, "{}", day.strftime("%a %-d %b")),
            Self::Day(day) => out.write_str(&date_ja(*day)),
            Self::DayOfYear(day) if english => write!(out, "{}", day.strftime("%a %-d %b %Y")),
            Self::DayOfYear(day) => out.write_str(&date_year_ja(*day)),
            Self::Moment(at) if english => write!(out, "{}", at.strftime("%a %-d %b, %-H:%M")),
            Self::Moment(at) => write!(out, "{} {}", date_ja(at.date()), time_ja(at.time())),
            Self::MomentOfYear(at) if english => write!(out, "{}", at.strftime("%a %-d %b %Y, %-H:%M")),
            Self::MomentOfYear(at) => write!(out, "{} {}", date_year_ja(at.date()), time_ja(at.time())),
            Self::MonthDay(day) if english => write!(out, "{}", day.strftime("%-d %b")),
            Self::MonthDay(day) => write!(out, "{}月{}日", day.month(), day.day()),
            Self::Month(day) if english => write!(out, "{}", day.strftime("%B %Y")),
            Self::Month(day) => write!(out, "{}年{}月", day.year(), day.month()),
            Self::Period(year) if english && year.is_year() => {
                write!(out, "Fiscal year {}", year.first_day().year())
            }
            Self::Period(month) if english => write!(out, "{}", month.first_day().strftime("%B %Y")),
            Self::Period(period) => out.write_str(&period.label_ja()),
            Self::Weekday(day) if english => out.write_str(short(*day)),
            Self::Weekday(day) => out.write_str(weekday_ja(*day)),
            Self::List(between, parts) => {
                for (place, part) in parts.iter().enumerate() {
                    if place > 0 {
                        out.write_str(translated(between, &[], language))?;
                    }
                    part.write(out, language)?;
                }
                Ok(())
            }
        }
    }
}

/// Words with their places filled; a brace that is no place of theirs stays.
fn fill(
    out: &mut dyn fmt::Write,
    language: Language,
    mut words: &str,
    values: &[(&'static str, Text)],
) -> fmt::Result {
    while let Some((before, rest)) = words.split_once('{') {
        out.write_str(before)?;
        let place = rest.split_once('}');
        if let Some((name, value)) =
            place.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name))
        {
            value.write(out, language)?;
            words = &rest[name.len() + 1..];
        } else {
            out.write_char('{')?;
            words = rest;
        }
    }
    out.write_str(words)
}

/// A day of the week in English, as it stands in dates.
const fn short(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// A number as people read it: 「4,588」.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

impl Default for Text {
    fn default() -> Self {
        Self::Given(String::new())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Language::Japanese)
    }
}

/// Without what people wrote.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(words, _) => write!(f, "Text({words})"),
            _ => f.write_str("Text"),
        }
    }
}

/// The name under which a page is handed its language.
pub(crate) const LANGUAGE: &str = "language";

fn language(values: &dyn Values) -> Language {
    askama::get_value(values, LANGUAGE).copied().unwrap_or_default()
}

impl FastWritable for Text {
    fn write_into(&self, out: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        Ok(self.write(out, language(values))?)
    }
}

impl From<&'static str> for Text {
    fn from(words: &'static str) -> Self {
        Self::whole(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::Given(words)
    }
}
