//! Dates as people write them in Japanese, read and checked.

mod grammar;
mod problem;

use std::borrow::Cow;

use jiff::civil::{Date, Time};
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use self::grammar::{Clock, Cursor, RawDate, RawTime};
pub use self::problem::DateProblem;
use super::people::Era;

/// How long ago a date without a year may lie, when its weekday shows that it is not the coming one that is meant.
const MAX_DAYS_BACK: i64 = 60;

/// What a written date says, and what does not fit in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenDate {
    /// The date, also when something about it does not fit; `None` when there is no such date.
    pub date: Option<Date>,
    /// The time written after it, if there is a sensible one.
    pub time: Option<WrittenTime>,
    /// What does not fit. Empty when all is well.
    pub problems: Vec<DateProblem>,
    /// Whether the whole text was understood. False when something stands before or after the date.
    pub complete: bool,
}

/// A time as written: when it begins, and when it ends if that is written too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenTime {
    /// When it begins.
    pub start: Time,
    /// When it ends; after `start`.
    pub end: Option<Time>,
}

/// Reads the first date of a text, with the time after it. `today` completes a year that is not written: the date is
/// then the next such day, today included, unless its weekday shows that one just past is meant.
///
/// ```
/// use jiff::civil::date;
/// use lupinus_core::calendar::read_date;
///
/// let read = read_date("10月5日（土）午後2時〜4時", date(2026, 9, 1));
/// assert_eq!(read.date, Some(date(2026, 10, 5)));
/// assert_eq!(read.problems[0].sentence_ja(), "10月5日は土曜日ではなく月曜日です");
/// ```
pub fn read_date(text: &str, today: Date) -> WrittenDate {
    let text = normalised(text);
    for (index, place) in places(&text) {
        let mut cursor = place;
        if let Some(raw) = cursor.date() {
            let before = text.get(..index).unwrap_or_default();
            let mut read = check(&raw, cursor.time(), today);
            read.complete = is_label(before) && is_tail(cursor);
            return read;
        }
    }
    WrittenDate { problems: vec![DateProblem::NotADate], ..WrittenDate::default() }
}

/// Reads a time alone: `14:00〜16:00`, `午後2時`, `14時30分から`.
///
/// # Errors
/// [`DateProblem::NoSuchTime`] when the text is no time, [`DateProblem::EndsBeforeStart`] when its end does not follow
/// its beginning.
pub fn read_time(text: &str) -> Result<WrittenTime, DateProblem> {
    let text = normalised(text);
    let mut cursor = Cursor::new(&text);
    let raw = cursor.time().ok_or(DateProblem::NoSuchTime)?;
    if is_tail(cursor) { check_time(raw) } else { Err(DateProblem::NoSuchTime) }
}

/// Reads every date in a longer text, in order. Figures such as `10/5` count only with a year or a weekday, since they
/// may be anything. Nothing is said of dates in the past: a text may speak of them.
pub fn find_dates(text: &str, today: Date) -> Vec<WrittenDate> {
    let text = normalised(text);
    let mut found = Vec::new();
    let mut read_up_to = 0;
    for (index, place) in places(&text) {
        let mut cursor = place;
        if index < read_up_to {
            continue;
        }
        let Some(raw) = cursor.date() else { continue };
        let sure = raw.in_words || raw.western.is_some() || raw.era.is_some() || raw.weekday.is_some();
        if sure {
            let mut read = check(&raw, cursor.time(), today);
            read.problems.retain(|problem| !matches!(problem, DateProblem::InThePast { .. }));
            found.push(read);
        }
        read_up_to = text.len() - cursor.rest().len();
    }
    found
}

fn normalised(text: &str) -> Cow<'_, str> {
    if is_nfkc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// Where a date may begin: at each character that is not inside a number or a word of Latin letters.
fn places(text: &str) -> impl Iterator<Item = (usize, Cursor<'_>)> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(index, char)| {
        let inside = before.is_ascii_alphanumeric() || (char.is_ascii_digit() && "/.-".contains(before));
        before = char;
        let begins = !inside && (char.is_ascii_alphanumeric() || "令平昭".contains(char));
        begins.then(|| (index, Cursor::new(text.get(index..).unwrap_or_default())))
    })
}

/// Nothing, or what a form has before a date.
fn is_label(before: &str) -> bool {
    let before =
        before.trim_end_matches(|char: char| char.is_whitespace() || ":・".contains(char)).trim_start();
    ["", "日時", "日付", "日", "日程", "開催日", "開催日時", "期限", "締切", "申込期限", "締め切り"]
        .contains(&before)
}

/// Nothing, or what people add to a date.
fn is_tail(mut cursor: Cursor<'_>) -> bool {
    let filling = |char: char| char.is_whitespace() || "。、,.〜~-".contains(char);
    cursor.skip(filling);
    for word in ["から", "より", "まで", "開始", "開催", "開会", "スタート", "です", "必着", "締切"]
    {
        cursor.take(word);
        cursor.skip(filling);
    }
    cursor.rest().is_empty()
}

fn check(raw: &RawDate, time: Option<RawTime>, today: Date) -> WrittenDate {
    let mut read = WrittenDate::default();
    let date = match (raw.western, raw.era) {
        (None, None) => complete_year(raw, today),
        (Some(western), _) => day_of(western, raw),
        (None, Some((era, year))) => day_of(era.western(year), raw),
    };
    if let Some(date) = date {
        read.problems.extend(era_problem(raw, date));
        let actual = date.weekday();
        if let Some(written) = raw.weekday.filter(|written| *written != actual) {
            read.problems.push(DateProblem::WeekdayDoesNotFit { date, written, actual });
        }
        if date < today {
            read.problems.push(DateProblem::InThePast { date });
        }
    } else {
        read.problems.push(DateProblem::NoSuchDay { month: raw.month, day: raw.day });
    }
    match time.map(check_time) {
        Some(Ok(time)) => read.time = Some(time),
        Some(Err(problem)) => read.problems.push(problem),
        None => {}
    }
    read.date = date;
    read
}

fn check_time(raw: RawTime) -> Result<WrittenTime, DateProblem> {
    let shown = |clock| match clock {
        Clock::Shows(time) => Ok(time),
        Clock::Never => Err(DateProblem::NoSuchTime),
    };
    let start = shown(raw.start)?;
    let end = raw.end.map(shown).transpose()?;
    if end.is_some_and(|end| end <= start) {
        return Err(DateProblem::EndsBeforeStart);
    }
    Ok(WrittenTime { start, end })
}

fn day_of(year: i16, raw: &RawDate) -> Option<Date> {
    Date::new(year, i8::try_from(raw.month).ok()?, i8::try_from(raw.day).ok()?).ok()
}

/// The next such day from today on, in this year or the next.
fn complete_year(raw: &RawDate, today: Date) -> Option<Date> {
    let year = today.year();
    let coming = [year, year.saturating_add(1)]
        .into_iter()
        .filter_map(|year| day_of(year, raw))
        .find(|date| *date >= today);
    let Some(weekday) = raw.weekday.filter(|weekday| coming.is_none_or(|date| date.weekday() != *weekday))
    else {
        return coming;
    };
    let just_past =
        [year, year.saturating_sub(1)].into_iter().filter_map(|year| day_of(year, raw)).find(|date| {
            let days = date.duration_until(today).as_hours() / 24;
            (1..=MAX_DAYS_BACK).contains(&days) && date.weekday() == weekday
        });
    just_past.or(coming)
}

fn era_problem(raw: &RawDate, date: Date) -> Option<DateProblem> {
    let (era, year) = raw.era?;
    // The day decides: 平成31年 ended on 30 April. But a year past its era's end is often meant well, and named anew.
    let actual = Era::of(date)?;
    let fits = actual == era && era.western(year) == date.year() && year > 0;
    let written =
        if year == 1 { format!("{}元年", era.name()) } else { format!("{}{year}年", era.name()) };
    (!fits).then(|| DateProblem::EraDoesNotFit { written, actual: actual.year_ja(date.year()) })
}

#[cfg(test)]
mod tests;
