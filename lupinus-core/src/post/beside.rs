//! What a post stands beside: others that say nearly the same, and others at the same time.

use std::collections::HashSet;

use jiff::civil::Time;

use super::{Content, EventDetails};
use crate::search::folded;

/// From how much on, of 100, two posts are called similar.
pub const SIMILAR_PERCENT: u8 = 50;
/// How much of a body is compared, in `char`s: what a post is about stands at its beginning.
const COMPARED_CHARS: usize = 300;

/// How near two events are. In the order in which it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clash {
    /// At the same hours.
    SameHours,
    /// In the same morning, afternoon or evening.
    SamePart,
    /// On the same day, and of one of them no hour is known or it is another part.
    SameDay,
}

impl Clash {
    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::SameHours => "同じ時間帯の催し",
            Self::SamePart => "同じ日の近い時間の催し",
            Self::SameDay => "同じ日の催し",
        }
    }
}

/// The pairs of letters that a content is compared by: those of the title, and those of the beginning of the body.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    title: HashSet<(char, char)>,
    body: HashSet<(char, char)>,
}

impl Fingerprint {
    /// The fingerprint of this content.
    pub fn of(content: &Content) -> Self {
        let beginning: String = content.body.chars().take(COMPARED_CHARS).collect();
        Self { title: pairs(&content.title), body: pairs(&beginning) }
    }

    /// How much the other says the same, of 100: the title counts as much as the body.
    pub fn likeness(&self, other: &Self) -> u8 {
        let whole = share(&self.title, &other.title) + share(&self.body, &other.body);
        u8::try_from(whole / 2).unwrap_or(100)
    }
}

fn pairs(text: &str) -> HashSet<(char, char)> {
    let letters: Vec<char> = folded(text).chars().filter(|c| c.is_alphanumeric()).collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}

/// How much two sets have in common, of 100 (Dice).
fn share(one: &HashSet<(char, char)>, other: &HashSet<(char, char)>) -> usize {
    let common = 200 * one.intersection(other).count();
    common.checked_div(one.len() + other.len()).unwrap_or(0)
}

/// How near two events are; `None` on different days.
pub fn clash(one: &EventDetails, other: &EventDetails) -> Option<Clash> {
    if one.date != other.date {
        return None;
    }
    let (Some(begins), Some(others)) = (one.starts, other.starts) else { return Some(Clash::SameDay) };
    // Without an end an event fills its part of the day.
    let overlap = match (one.ends, other.ends) {
        (Some(ends), Some(other_ends)) => begins < other_ends && others < ends,
        (Some(ends), None) => begins <= others && others < ends,
        (None, Some(other_ends)) => others <= begins && begins < other_ends,
        (None, None) => begins == others,
    };
    Some(match (overlap, part(begins) == part(others)) {
        (true, _) => Clash::SameHours,
        (false, true) => Clash::SamePart,
        (false, false) => Clash::SameDay,
    })
}

/// Morning, afternoon, evening.
fn part(time: Time) -> u8 {
    match time.hour() {
        ..12 => 0,
        12..17 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Category;

    fn event(starts: Option<&str>, ends: Option<&str>) -> EventDetails {
        EventDetails {
            date: "2026-10-20".parse().unwrap(),
            starts: starts.map(|time| time.parse().unwrap()),
            ends: ends.map(|time| time.parse().unwrap()),
            venue: None,
            capacity: None,
            apply_by: None,
            fee: None,
            contact: None,
            hosts: None,
        }
    }

    #[test]
    fn events_clash_by_hours_then_by_part_of_the_day_then_by_day() {
        let evening = event(Some("18:30"), Some("20:00"));
        for (name, other, expected) in [
            ("in the middle", event(Some("19:00"), Some("19:30")), Clash::SameHours),
            ("one after the other", event(Some("20:00"), Some("21:00")), Clash::SamePart),
            ("the same evening", event(Some("17:00"), Some("18:30")), Clash::SamePart),
            ("the afternoon", event(Some("14:00"), Some("16:00")), Clash::SameDay),
            ("at no known hour", event(None, None), Clash::SameDay),
            ("without an end", event(Some("19:00"), None), Clash::SameHours),
        ] {
            assert_eq!(clash(&evening, &other), Some(expected), "{name}");
            assert_eq!(clash(&other, &evening), Some(expected), "{name}, the other way round");
        }
        let next_day = EventDetails { date: "2026-10-21".parse().unwrap(), ..evening.clone() };
        assert_eq!(clash(&evening, &next_day), None);
    }

    #[test]
    fn last_years_training_is_like_this_years_and_another_is_not() {
        let content = |title: &str, body: &str| Content {
            category: Category::Training,
            title: title.to_owned(),
            body: body.to_owned(),
            event: None,
            attachments: Vec::new(),
            link: None,
            expires_at: None,
            sender: None,
        };
        let this = Fingerprint::of(&content(
            "口腔ケア実技研修会",
            "在宅での口腔ケアについて、実技を交えて学びます。定員30名。",
        ));
        for (name, other, similar) in [
            (
                "the same, written otherwise",
                content(
                    "口腔ｹｱ 実技研修会 2025",
                    "在宅での口腔ケアについて実技を交えて学びます。定員は40名です。",
                ),
                true,
            ),
            (
                "another subject",
                content("看取りの勉強会", "人生の最終段階の意思決定支援について、事例を通して考えます。"),
                false,
            ),
            (
                "a notice",
                content("退院時連携シートの様式が変わります", "11月から新しい様式を使います。"),
                false,
            ),
            ("nothing yet", content("", ""), false),
        ] {
            let likeness = this.likeness(&Fingerprint::of(&other));
            assert_eq!(likeness >= SIMILAR_PERCENT, similar, "{name}: {likeness}");
        }
        assert_eq!(this.likeness(&this), 100);
    }
}
