//! Names of persons.

mod chars;
mod honorific;
mod kana;
mod lexicon;
mod plain;
mod role;
mod surroundings;

use std::{cmp::Reverse, ops::Range};

use super::super::PiiKind;
use super::text::{Claims, Text};
use chars::{Chars, Script};

/// How far a candidate stands on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Only beside other names.
    Unknown,
    /// A listed surname in unclear surroundings: a name if others stand beside it.
    Weak,
    /// On its own.
    Strong,
}

/// A candidate; its range counts characters of the plain reading.
#[derive(Clone, Debug)]
struct Name {
    range: Range<usize>,
    percent: u8,
    strength: Strength,
    reason: &'static str,
}

impl Name {
    fn new(range: Range<usize>, percent: u8, strength: Strength, reason: &'static str) -> Self {
        Self { range, percent, strength, reason }
    }
}

/// A name found, in the original's bytes.
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) percent: u8,
    pub(super) professional: bool,
    pub(super) reason: &'static str,
    /// The age beside it.
    pub(super) age: Option<Range<usize>>,
}

/// Finds the names in a text, sorted, not overlapping.
pub(super) fn find(text: &Text) -> Vec<Found> {
    let view = &text.plain;
    let chars = Chars::new(view.text());
    let mut names = Vec::new();
    honorific::find(&chars, &mut names);
    plain::find(&chars, text.is_post(), &mut names);
    promote(&chars, &mut names);
    propagate(&chars, &mut names);
    let post = text.is_post();
    let professional = |name: &Name| role::is_professional(&chars, name.range.start, name.range.end, post);
    // A listed surname in unclear surroundings: pointed out in a chat, and in a post where a role stands beside it.
    names.retain(|name| match name.strength {
        Strength::Strong => true,
        Strength::Weak if post => name.percent >= 30 && professional(name),
        Strength::Weak => name.percent >= 40,
        Strength::Unknown => false,
    });
    let mut names = without_overlaps(names);
    names.sort_by_key(|name| name.range.start);
    names
        .into_iter()
        .map(|name| Found {
            span: view.origin(&chars.bytes(&name.range)),
            professional: professional(&name),
            age: age_beside(&chars, name.range.end).map(|range| view.origin(&chars.bytes(&range))),
            percent: name.percent,
            reason: name.reason,
        })
        .collect()
}

/// Claims what of `names` nothing else explains.
pub(super) fn claim(names: &[Found], claims: &mut Claims) {
    for name in names {
        let free = claims.is_free(&name.span);
        let kind = if name.professional { PiiKind::ProfessionalName } else { PiiKind::PersonName };
        claims.claim(name.span.clone(), kind, name.percent, name.reason);
        if let Some(age) = name.age.clone().filter(|_| free && !name.professional) {
            claims.claim(age, PiiKind::Age, 80, "age beside a name");
        }
    }
}

/// Items of a list are names if names stand beside them.
fn promote(chars: &Chars<'_>, names: &mut [Name]) {
    for _ in 0..2 {
        let known: Vec<Range<usize>> =
            names.iter().filter(|name| counts(chars, name)).map(|name| name.range.clone()).collect();
        for name in names.iter_mut().filter(|name| name.strength < Strength::Strong) {
            let beside = known
                .iter()
                .filter(|other| **other != name.range && are_items(chars, &name.range, other))
                .count();
            let enough = if name.strength == Strength::Weak { 1 } else { 2 };
            let listed = name.percent >= 40;
            if beside >= enough
                || (listed && beside >= 1)
                || (beside >= 1 && joined_by_to(chars, &name.range))
            {
                name.strength = Strength::Strong;
                name.percent = name.percent.max(62);
                name.reason = "item of a list of names";
            }
        }
    }
}

/// Whether a candidate is name enough to make names of its neighbours: two places do not make each other persons.
fn counts(chars: &Chars<'_>, name: &Name) -> bool {
    let word = chars.slice(name.range.clone());
    let place = lexicon::lexicon().is_ambiguous(word) || PREFECTURES.contains(&word);
    name.strength == Strength::Strong || (name.strength == Strength::Weak && !place)
}

/// Surnames that are prefectures too, however frequent.
const PREFECTURES: &[&str] =
    &["石川", "山口", "福井", "富山", "千葉", "宮崎", "長崎", "福島", "山梨", "岡山", "福岡"];

fn joined_by_to(chars: &Chars<'_>, range: &Range<usize>) -> bool {
    chars.before(range.start) == Some('と') || chars.at(range.end) == Some('と')
}

/// Whether two spans are near items of one list in one line.
fn are_items(chars: &Chars<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    if second.start <= first.end || second.start - first.end > 24 {
        return false;
    }
    let between = chars.slice(first.end..second.start);
    !between.contains(['\n', '。', '?', '!'])
        && between.ends_with(['、', ',', '・', 'と', '/', ' '])
        && between.matches(['、', ',', '・', 'と', '/']).count() >= 1
}

/// A surname once found is a name wherever it stands alone.
fn propagate(chars: &Chars<'_>, names: &mut Vec<Name>) {
    let words = lexicon::lexicon();
    let mut surnames: Vec<&str> = Vec::new();
    for name in names.iter().filter(|name| name.strength == Strength::Strong && name.percent >= 70) {
        for length in (2..=4.min(name.range.len())).rev() {
            let surname = chars.slice(name.range.start..name.range.start + length);
            if words.is_surname(surname) && !words.is_ambiguous(surname) {
                surnames.push(surname);
                break;
            }
        }
    }
    surnames.sort_unstable();
    surnames.dedup();
    for surname in surnames {
        let length = surname.chars().count();
        for at in 0..chars.len().saturating_sub(length - 1) {
            let range = at..at + length;
            let alone = chars.script_before(at) != Script::Han && chars.script(range.end) != Script::Han;
            if alone
                && chars.script(range.end) != Script::Katakana
                && chars.slice(range.clone()) == surname
                && !names.iter().any(|name| name.range.start <= at && range.end <= name.range.end)
            {
                names.push(Name::new(range, 65, Strength::Strong, "surname of a name found before"));
            }
        }
    }
}

fn without_overlaps(mut names: Vec<Name>) -> Vec<Name> {
    names.sort_by_key(|name| (Reverse(name.strength), Reverse(name.range.len()), Reverse(name.percent)));
    let mut kept: Vec<Name> = Vec::new();
    for name in names {
        if kept.iter().all(|other| other.range.end <= name.range.start || name.range.end <= other.range.start)
        {
            kept.push(name);
        }
    }
    kept
}

/// The age within a few characters after a name.
fn age_beside(chars: &Chars<'_>, end: usize) -> Option<Range<usize>> {
    let mut at = end;
    for honorific in ["さん", "さま", "様", "氏"] {
        if chars.ahead(at, 2).starts_with(honorific) {
            at += honorific.chars().count();
            break;
        }
    }
    let bracket = chars.at(at) == Some('(');
    while at < end + 6 && chars.at(at).is_some_and(|c| " 、(,/".contains(c)) {
        at += 1;
    }
    let start = at;
    while at < start + 4
        && chars.at(at).is_some_and(|c| c.is_ascii_digit() || "〇一二三四五六七八九十百".contains(c))
    {
        at += 1;
    }
    let counted = (1..=4).contains(&(at - start));
    let unit = chars.at(at).is_some_and(|c| matches!(c, '歳' | '才'));
    if counted && unit {
        Some(start..at + 1)
    } else {
        (counted && bracket && at - start <= 3 && chars.at(at) == Some(')')).then_some(start..at)
    }
}
