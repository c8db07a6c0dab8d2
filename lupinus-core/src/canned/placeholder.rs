use jiff::Timestamp;

use crate::calendar::{OfficeHours, date_ja, date_time_ja};

/// What a canned answer leaves open: it is written as `{職種}` and put in when the answer is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The profession of whoever asks.
    Profession,
    /// The centre's weekly opening hours.
    Hours,
    /// When the centre opens next.
    NextOpening,
    /// Today's date.
    Today,
    /// Who answers.
    Answerer,
}

impl Placeholder {
    /// Every placeholder, in the order of forms.
    pub const ALL: [Self; 5] =
        [Self::Profession, Self::Hours, Self::NextOpening, Self::Today, Self::Answerer];

    /// How it is written between its braces.
    pub const fn name_ja(self) -> &'static str {
        match self {
            Self::Profession => "職種",
            Self::Hours => "受付時間",
            Self::NextOpening => "次の受付",
            Self::Today => "今日",
            Self::Answerer => "担当",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.name_ja() == name.trim())
    }
}

/// What the placeholders stand for here and now. What nobody knows is `None`, and stays as it is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Values {
    /// The profession of whoever asks, if they said it.
    pub profession: Option<String>,
    /// The centre's weekly opening hours.
    pub hours: String,
    /// When the centre opens next, after it has closed today.
    pub next_opening: Option<String>,
    /// Today's date.
    pub today: String,
    /// Who answers.
    pub answerer: String,
}

impl Values {
    /// What the calendar says at `now`, with the words for two people.
    pub fn at(now: Timestamp, hours: &OfficeHours, profession: Option<String>, answerer: String) -> Self {
        let closes = hours.current_or_next_closing(now).filter(|_| hours.is_open(now));
        let next = hours.next_opening(closes.unwrap_or(now));
        Self {
            profession: profession.filter(|profession| !profession.is_empty()),
            hours: hours.week_ja(),
            next_opening: next.map(|at| date_time_ja(at, hours.time_zone())),
            today: date_ja(hours.date_of(now)),
            answerer,
        }
    }

    fn of(&self, placeholder: Placeholder) -> Option<&str> {
        match placeholder {
            Placeholder::Profession => self.profession.as_deref(),
            Placeholder::Hours => Some(&self.hours),
            Placeholder::NextOpening => self.next_opening.as_deref(),
            Placeholder::Today => Some(&self.today),
            Placeholder::Answerer => Some(&self.answerer),
        }
    }
}

/// A part of a text.
enum Part<'a> {
    /// Words, and braces that hold nothing of ours.
    Words(&'a str),
    /// A placeholder as it is written, and which.
    Open(&'a str, Placeholder),
}

/// A text cut at its placeholders. Braces of either width count.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, name, whole, after)) = next_braces(rest) {
        if let Some(placeholder) = Placeholder::from_name(name) {
            parts.push(Part::Words(before));
            parts.push(Part::Open(whole, placeholder));
        } else {
            parts.push(Part::Words(rest.get(..rest.len() - after.len()).unwrap_or(rest)));
        }
        rest = after;
    }
    parts.push(Part::Words(rest));
    parts
}

/// What stands before the first pair of braces, in it, with it, and behind it. Of nested ones the inner pair.
fn next_braces(text: &str) -> Option<(&str, &str, &str, &str)> {
    let end = text.find(['}', '｝'])?;
    let start = text.get(..end)?.rfind(['{', '｛']);
    let width = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    let after = end + width(end);
    let start = start.unwrap_or(end);
    let inner = (start + width(start)).min(end);
    Some((text.get(..start)?, text.get(inner..end)?, text.get(start..after)?, text.get(after..)?))
}

/// The text with what its placeholders stand for. What is not known stays as it is written.
pub fn fill(text: &str, values: &Values) -> String {
    parts(text)
        .into_iter()
        .map(|part| match part {
            Part::Words(words) => words,
            Part::Open(written, placeholder) => values.of(placeholder).unwrap_or(written),
        })
        .collect()
}

/// Whether a placeholder of ours is still open in this text.
pub fn has_placeholder(text: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Open(..)))
}

/// Whether the text has braces around what is no placeholder of ours.
pub(super) fn has_unknown(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, name, _, after)) = next_braces(rest) {
        if Placeholder::from_name(name).is_none() {
            return true;
        }
        rest = after;
    }
    rest.contains(['{', '｛'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(profession: Option<&str>) -> Values {
        // A Saturday.
        let now = "2026-10-10T10:00:00+09:00".parse().unwrap();
        Values::at(now, &OfficeHours::default(), profession.map(str::to_owned), "相談 員子".to_owned())
    }

    #[test]
    fn a_placeholder_becomes_what_it_stands_for_and_what_nobody_knows_stays() {
        for (text, known, unknown) in [
            ("{職種}の方へ", "訪問看護師の方へ", "{職種}の方へ"),
            ("｛ 職種 ｝の方へ", "訪問看護師の方へ", "｛ 職種 ｝の方へ"),
            ("今日は{今日}です。", "今日は10月10日(土)です。", "今日は10月10日(土)です。"),
            // Monday is a holiday.
            ("次は{次の受付}から", "次は10月13日(火) 8:30から", "次は10月13日(火) 8:30から"),
            ("{担当}が{天気}を", "相談 員子が{天気}を", "相談 員子が{天気}を"),
            ("}{{今日}{", "}{10月10日(土){", "}{10月10日(土){"),
            ("そのまま", "そのまま", "そのまま"),
            ("", "", ""),
        ] {
            assert_eq!(fill(text, &values(Some("訪問看護師"))), known, "{text}");
            assert_eq!(fill(text, &values(None)), unknown, "{text}");
        }
    }

    #[test]
    fn what_is_put_in_is_not_read_again() {
        let filled = fill("{職種}", &values(Some("{今日}")));
        assert_eq!(filled, "{今日}");
    }

    #[test]
    fn while_the_centre_is_open_the_next_opening_is_the_one_after() {
        let now = "2026-10-05T10:00:00+09:00".parse().unwrap();
        let values = Values::at(now, &OfficeHours::default(), None, String::new());
        assert_eq!(values.next_opening.as_deref(), Some("10月6日(火) 8:30"));
    }

    #[test]
    fn open_placeholders_and_unknown_ones_are_told_apart() {
        for (text, open, unknown) in [
            ("{職種}の方へ", true, false),
            ("{天気}", false, true),
            ("{職種", false, true),
            ("職種}", false, true),
            ("a{天気}{今日}", true, true),
            ("なし", false, false),
        ] {
            assert_eq!((has_placeholder(text), has_unknown(text)), (open, unknown), "{text}");
        }
    }
}
