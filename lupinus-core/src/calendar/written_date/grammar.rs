//! The grammar of written dates. Text is in NFKC: digits, brackets and colons of full width have become plain ones.
//!
//! ```text
//! date     = [year] (n 月 n 日 | n sep n) [weekday]        sep = / . -    (without a year only /)
//! year     = (era n 年 | n n n n 年) ["(" the other ")"] | letter n sep | n n n n sep
//! weekday  = bracket kanji … bracket | kanji 曜 [日]
//! time     = clock [まで] | clock (〜 | から | -) clock
//! clock    = [午前|午後] h ":" mm | [午前|午後] h 時 [mm 分 | 半] | 正午
//! ```

use jiff::civil::{Time, Weekday};

use super::super::people::{Era, weekday_ja};

/// A date as it stands there, nothing checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawDate {
    pub(super) western: Option<i16>,
    pub(super) era: Option<(Era, i16)>,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) weekday: Option<Weekday>,
    /// Written with 月 and 日, and so a date for sure.
    pub(super) in_words: bool,
}

/// A time as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawTime {
    pub(super) start: Clock,
    pub(super) end: Option<Clock>,
}

/// A time of day as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Shows(Time),
    /// Written like a time, but no clock shows it.
    Never,
}

impl From<Option<Time>> for Clock {
    fn from(time: Option<Time>) -> Self {
        time.map_or(Self::Never, Self::Shows)
    }
}

/// What of the text is still to be read. A copy is a place to return to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

const OPENING: [char; 7] = ['(', '[', '【', '〔', '〈', '<', '「'];
const CLOSING: [char; 7] = [')', ']', '】', '〕', '〉', '>', '」'];
const RANGE: [&str; 9] = ["から", "より", "〜", "~", "-", "–", "—", "ー", "→"];
const SEPARATORS: [char; 3] = ['/', '.', '-'];

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn rest(self) -> &'a str {
        self.rest
    }

    pub(super) fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(unwanted);
    }

    fn spaces(&mut self) {
        self.skip(char::is_whitespace);
    }

    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest.strip_prefix(wanted);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn take_one_of(&mut self, wanted: &[char]) -> Option<char> {
        let mut chars = self.rest.chars();
        let found = chars.next().filter(|first| wanted.contains(first))?;
        self.rest = chars.as_str();
        Some(found)
    }

    /// A number of at most so many digits; a longer one is none.
    fn number(&mut self, max_digits: usize) -> Option<i16> {
        let end = self.rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end).filter(|_| (1..=max_digits).contains(&end))?;
        self.rest = rest;
        digits.parse().ok()
    }

    fn small(&mut self) -> Option<u8> {
        u8::try_from(self.number(2)?).ok()
    }

    /// Reads with `read` or stays where it is.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    pub(super) fn date(&mut self) -> Option<RawDate> {
        let mut date = self
            .attempt(Self::date_in_words)
            .or_else(|| self.attempt(Self::date_in_figures))
            .or_else(|| self.attempt(Self::month_and_day_in_figures))?;
        date.weekday = self.attempt(Self::weekday);
        Some(date)
    }

    /// `2026年10月5日`, `令和8年(2026年)10月5日`, `10月5日`
    fn date_in_words(&mut self) -> Option<RawDate> {
        let mut date = RawDate { in_words: true, ..RawDate::default() };
        if let Some(era) = self.attempt(Self::era_year) {
            date.era = Some(era);
            date.western = self.attempt(|text| text.bracketed(Self::western_year));
            self.year_sign();
        } else if let Some(western) = self.attempt(Self::western_year) {
            date.western = Some(western);
            date.era = self.attempt(|text| text.bracketed(Self::era_year));
            self.year_sign();
        }
        self.spaces();
        date.month = self.small()?;
        self.spaces();
        if !self.take("月") {
            return None;
        }
        self.spaces();
        date.day = self.small()?;
        self.spaces();
        self.take("日").then_some(date)
    }

    /// `2026/10/5`, `2026-10-05`, `R8.10.5`
    fn date_in_figures(&mut self) -> Option<RawDate> {
        let mut date = RawDate::default();
        let letter = |era: &Era| self.rest.starts_with([era.letter(), era.letter().to_ascii_lowercase()]);
        if let Some(era) = Era::ALL.into_iter().find(letter) {
            self.skip_one();
            date.era = Some((era, self.number(2)?));
        } else {
            date.western = Some(self.number(4).filter(|year| *year >= 1000)?);
        }
        let separator = self.take_one_of(&SEPARATORS)?;
        date.month = self.small()?;
        self.take_one_of(&[separator])?;
        date.day = self.small()?;
        self.ends_number().then_some(date)
    }

    /// `10/5`
    fn month_and_day_in_figures(&mut self) -> Option<RawDate> {
        let month = self.small()?;
        self.take_one_of(&['/'])?;
        let day = self.small()?;
        let ends = self.ends_number() && !self.rest.starts_with(SEPARATORS);
        ends.then(|| RawDate { month, day, ..RawDate::default() })
    }

    fn skip_one(&mut self) {
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }

    fn ends_number(self) -> bool {
        !self.rest.starts_with(|char: char| char.is_ascii_digit())
    }

    /// `2026年`, or `2026` before a bracket.
    fn western_year(&mut self) -> Option<i16> {
        let year = self.number(4).filter(|year| *year >= 1000)?;
        self.spaces();
        (self.year_sign() || self.rest.starts_with(OPENING) || self.rest.starts_with(CLOSING)).then_some(year)
    }

    /// `令和8年`, `令和元年`, or `令和8` before a bracket.
    fn era_year(&mut self) -> Option<(Era, i16)> {
        let era = Era::ALL.into_iter().find(|era| self.take(era.name()))?;
        self.spaces();
        let year = if self.take("元") { 1 } else { self.number(2)? };
        self.spaces();
        let ends = self.year_sign() || self.rest.starts_with(OPENING) || self.rest.starts_with(CLOSING);
        ends.then_some((era, year))
    }

    fn year_sign(&mut self) -> bool {
        self.take("年")
    }

    fn bracketed<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.spaces();
        self.take_one_of(&OPENING)?;
        let found = read(self)?;
        self.spaces();
        self.take_one_of(&CLOSING)?;
        Some(found)
    }

    /// `(月)`, `【月・祝】`, `(月曜日)`, `月曜日`, `月曜`
    fn weekday(&mut self) -> Option<Weekday> {
        self.spaces();
        let bracket = self.take_one_of(&OPENING).is_some();
        self.spaces();
        let weekday = weekday_of(self.rest.chars().next()?)?;
        self.skip_one();
        let spelt_out = self.take("曜");
        if spelt_out {
            self.take("日");
        }
        if !bracket {
            return spelt_out.then_some(weekday);
        }
        self.skip(|char| "・、,/ 祝休日".contains(char));
        self.take_one_of(&CLOSING)?;
        Some(weekday)
    }

    pub(super) fn time(&mut self) -> Option<RawTime> {
        self.attempt(|text| {
            text.skip(|char| char.is_whitespace() || "、,・:".contains(char));
            let (half, start) = text.clock()?;
            let end = text.attempt(Self::end);
            text.spaces();
            text.take("まで");
            let end = end.map(|(own, time)| match (own, time, start) {
                // 午後2時〜4時 ends in the afternoon too.
                (None, Clock::Shows(end), Clock::Shows(start))
                    if half == Some(Half::Afternoon) && end < start =>
                {
                    Time::new(end.hour().saturating_add(12), end.minute(), 0, 0).ok().into()
                }
                _ => time,
            });
            Some(RawTime { start, end })
        })
    }

    fn end(&mut self) -> Option<(Option<Half>, Clock)> {
        self.spaces();
        let ranged = RANGE.iter().any(|sign| self.take(sign));
        self.spaces();
        if ranged { self.clock() } else { None }
    }

    /// A time of day, and its half of the day if that is written.
    fn clock(&mut self) -> Option<(Option<Half>, Clock)> {
        if self.take("正午") {
            return Some((None, Time::new(12, 0, 0, 0).ok().into()));
        }
        let half = if self.take("午前") || self.take("AM") || self.take("am") {
            Some(Half::Morning)
        } else if self.take("午後") || self.take("PM") || self.take("pm") {
            Some(Half::Afternoon)
        } else {
            None
        };
        self.spaces();
        let hour = self.number(2)?;
        self.spaces();
        let minute = if self.take(":") {
            self.number(2)?
        } else if self.take("時") {
            self.attempt(Self::minutes).unwrap_or(0)
        } else {
            return None;
        };
        let hour = match half {
            None => Some(hour),
            Some(Half::Morning) => Some(hour).filter(|hour| *hour < 12),
            // 午後12時半 is half past noon to everybody; 午後14時 means 14:00.
            Some(Half::Afternoon) if hour < 12 => Some(hour.saturating_add(12)),
            Some(Half::Afternoon) => Some(hour),
        };
        let narrow = |number: i16| i8::try_from(number).ok();
        let time = hour.and_then(|hour| Time::new(narrow(hour)?, narrow(minute)?, 0, 0).ok());
        Some((half, time.into()))
    }

    /// `30分`, `半`
    fn minutes(&mut self) -> Option<i16> {
        if self.take("半") {
            return Some(30);
        }
        self.spaces();
        let minutes = self.number(2)?;
        self.take("分").then_some(minutes)
    }
}

fn weekday_of(kanji: char) -> Option<Weekday> {
    let mut week = Weekday::Monday.cycle_forward().take(7);
    week.find(|weekday| weekday_ja(*weekday).starts_with(kanji))
}
