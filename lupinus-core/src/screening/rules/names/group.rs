//! Names among names: lists, and names that come again.

use std::{cmp::Reverse, ops::Range};

use super::super::dictionary::{Class, Dictionary};
use super::chars::{Chars, Script};
use super::cues::LEADS;
use super::{Form, NEVER, Name, SURE};

/// Items of a list are names if a name stands beside them.
pub(super) fn promote(words: &Dictionary, chars: &Chars<'_>, post: bool, names: &mut [Name]) {
    names.sort_by_key(|name| name.range.start);
    for name in names.iter_mut().filter(|name| name.form == Form::Part && name.score < 5_000) {
        if is_among_places(words, chars, &name.range) {
            name.score -= 6_000;
        }
    }
    if !post {
        promote_lists(chars, names);
    }
    // In a chat two that are nearly names make each other sure.
    let nearly: Vec<Range<usize>> = names
        .iter()
        .filter(|name| (-800..SURE).contains(&name.score))
        .map(|name| name.range.clone())
        .collect();
    for name in names.iter_mut().filter(|name| !post && (-800..SURE).contains(&name.score)) {
        if near(&nearly, &name.range).any(|other| are_items(chars, &name.range, other)) {
            name.score = SURE;
        }
    }
    for _ in 0..3 {
        let known: Vec<Range<usize>> =
            names.iter().filter(|name| name.score >= SURE).map(|name| name.range.clone()).collect();
        for name in names.iter_mut().filter(|name| (NEVER..SURE).contains(&name.score)) {
            let han = chars.script(name.range.start) == Script::Han
                && chars.script_before(name.range.start) != Script::Han
                && chars.script(name.range.end) != Script::Han;
            let beside = near(&known, &name.range).any(|other| are_items(chars, &name.range, other));
            if beside && name.score >= if han { -2_000 } else { -1_500 } {
                name.score = SURE;
                name.reason = "item of a list of names";
            }
        }
    }
}

/// A surname and a given name with a space between are one name where one of them is.
pub(super) fn complete(chars: &Chars<'_>, names: &mut [Name]) {
    let sure: Vec<(Range<usize>, i32)> =
        names.iter().filter(|name| name.score >= SURE).map(|name| (name.range.clone(), name.score)).collect();
    for name in names.iter_mut().filter(|name| (NEVER..SURE).contains(&name.score)) {
        let Range { start, end } = name.range;
        let Some(space) = (start..end).find(|at| chars.at(*at) == Some(' ')) else { continue };
        let known = |part: Range<usize>| {
            let first = sure.partition_point(|(other, _)| other.start < part.start);
            let starting = sure.get(first..).unwrap_or_default().iter();
            starting.take_while(|(other, _)| other.start == part.start).find(|(other, _)| *other == part)
        };
        let part = known(start..space).or_else(|| known(space + 1..end));
        let role = LEADS.suffix(chars.slice(start..space)).is_some() || chars.script(start) != Script::Han;
        if let Some((_, score)) = part.filter(|_| !role) {
            name.score = *score;
        }
    }
}

/// Whether the list that `range` is an item of is rather one of places.
fn is_among_places(words: &Dictionary, chars: &Chars<'_>, range: &Range<usize>) -> bool {
    const MARKS: &str = "、,・→";
    let place = |item: Range<usize>| {
        let word = chars.slice(item.clone());
        let place = words.cost_as(word, &[Class::PLACE]);
        let surname = words.cost_as(word, &[Class::SURNAME]);
        let weight = match (place, surname) {
            (Some(_), None) => 2,
            (Some(place), Some(surname)) if surname - place >= 1_200 => 1,
            (Some(place), Some(surname)) if place - surname < 1_000 => 0,
            (_, Some(_)) => -1,
            (None, None) => i32::from(item.len() >= 3 && word.ends_with(['市', '町', '村', '区', '郡'])) * 2,
        };
        let more = match super::around::right(chars, item.end, Script::Han) {
            right if right.honoured => -3,
            right if right.place => 4,
            _ => 0,
        };
        weight + more
    };
    if chars.script(range.start) != Script::Han {
        return false;
    }
    let (mut score, mut items) = (place(range.clone()), 1);
    let mut end = range.end;
    while items < 6
        && chars.at(end).is_some_and(|c| MARKS.contains(c))
        && chars.script(end + 1) == Script::Han
    {
        let item = end + 1..chars.run_end(end + 1, Script::Han);
        let right = super::around::right(chars, item.end, Script::Han);
        if item.len() < 2 || !(right.closed || right.honoured || right.place) {
            break;
        }
        end = item.end;
        items += 1;
        score += place(item);
    }
    let mut start = range.start;
    while items < 6 && start >= 2 && chars.before(start).is_some_and(|c| MARKS.contains(c)) {
        let end = start - 1;
        let run = (end.saturating_sub(6)..end).rev().take_while(|at| chars.script(*at) == Script::Han);
        let Some(begin) = run.last() else { break };
        start = begin;
        items += 1;
        score += place(begin..end);
    }
    items > 1 && score > 0
}

/// Three or more side by side that may all be surnames are names.
fn promote_lists(chars: &Chars<'_>, names: &mut [Name]) {
    let bare = |range: &Range<usize>| {
        chars.script(range.start) == Script::Han
            && chars.script_before(range.start) != Script::Han
            && chars.script(range.end) != Script::Han
    };
    let mut chain: Vec<usize> = Vec::new();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if name.score < -1_500 || !bare(&name.range) {
            continue;
        }
        let last = chain.last().and_then(|last| names.get(*last));
        if last.is_some_and(|last| last.range == name.range || last.range.end > name.range.start) {
            continue;
        }
        if last.is_none_or(|last| !are_items(chars, &last.range, &name.range)) {
            chains.push(std::mem::take(&mut chain));
        }
        chain.push(at);
    }
    chains.push(chain);
    for at in chains.into_iter().filter(|chain| chain.len() >= 3).flatten() {
        if let Some(name) = names.get_mut(at).filter(|name| name.score < SURE) {
            name.score = SURE;
            name.reason = "item of a list of what may be names";
        }
    }
}

/// Those of `others` (sorted by their start) that may stand side by side with `range`.
fn near<'o>(
    others: &'o [Range<usize>],
    range: &Range<usize>,
) -> impl Iterator<Item = &'o Range<usize>> + use<'o> {
    let first = others.partition_point(|other| other.start + 30 < range.start);
    let last = others.partition_point(|other| other.start <= range.end + 12);
    others.get(first..last).unwrap_or_default().iter()
}

/// Whether two spans are items side by side.
fn are_items(chars: &Chars<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    if second.start <= first.end || second.start - first.end > 10 {
        return false;
    }
    let between = chars.slice(first.end..second.start);
    let bare = ["さん", "さま", "様", "氏", "先生"]
        .iter()
        .find_map(|word| between.strip_prefix(word))
        .unwrap_or(between);
    let bare = match (bare.starts_with('('), bare.find(')')) {
        (true, Some(end)) => bare.get(end + 1..).unwrap_or_default(),
        _ => bare,
    };
    // 「2L 」, 「42.5kg、」, 「全量、」, 「○ 」: what is said of the first; 「 2. 」: the number of the second.
    let said = ["全量", "半量", "少量", "完食", "拒否", "○", "×", "△"]
        .iter()
        .find_map(|word| bare.strip_prefix(word))
        .unwrap_or(bare);
    let said = said.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | '℃'));
    let said = said.trim_end_matches([' ', '.', ')']).trim_end_matches(|c: char| c.is_ascii_digit());
    let mark =
        |c: char| matches!(c, '、' | ',' | '・' | 'と' | 'や' | '→' | '/' | ' ' | '\n' | '-' | '●' | '◎');
    !said.is_empty() && said.chars().all(mark) && said.chars().count() <= 4
}

/// How many surnames of one text are looked for again.
const MOST_SURNAMES: usize = 100;

/// A surname once found is a name wherever it stands alone, a given name wherever it stands between words.
pub(super) fn propagate(words: &Dictionary, chars: &Chars<'_>, names: &mut Vec<Name>) {
    let mut known: Vec<&str> = Vec::new();
    for name in names.iter().filter(|name| name.score >= 1_500) {
        for length in (2..=4.min(name.range.len())).rev() {
            let surname = chars.slice(name.range.start..name.range.start + length);
            let listed = words.cost_as(surname, &[Class::SURNAME, Class::KANA_SURNAME]).is_some();
            if listed && (length < name.range.len() || name.form == Form::Part) {
                known.push(surname);
                break;
            }
        }
    }
    known.sort_unstable();
    known.dedup();
    let mut taken = vec![false; chars.len()];
    for name in names.iter().filter(|name| name.score >= 0) {
        taken.get_mut(name.range.clone()).into_iter().for_each(|taken| taken.fill(true));
    }
    for surname in known.into_iter().take(MOST_SURNAMES) {
        let length = surname.chars().count();
        for range in chars.occurrences(surname).map(|at| at..at + length) {
            let script = chars.script(range.start);
            let alone = chars.script_before(range.start) != script && chars.script(range.end) != script;
            let taken = taken.get(range.start..range.end).is_none_or(|taken| !taken.contains(&false));
            let place = super::around::right(chars, range.end, script).place;
            let office = super::around::left(chars, range.start, script) == super::around::Left::Office;
            if alone && !taken && !place && !office {
                names.push(Name {
                    range,
                    score: 1_200,
                    form: Form::Part,
                    reason: "surname of a name found before",
                });
            }
        }
    }
}

/// Of names that overlap the likelier and longer one.
pub(super) fn without_overlaps(chars: &Chars<'_>, mut names: Vec<Name>) -> Vec<Name> {
    names.sort_by_key(|name| {
        let length = i32::try_from(name.range.len()).unwrap_or(0);
        (Reverse(name.score.min(4_000) + 700 * length), name.range.start)
    });
    let mut taken = vec![false; chars.len()];
    let mut kept: Vec<Name> = Vec::new();
    for name in names {
        if let Some(taken) = taken.get_mut(name.range.clone()).filter(|taken| !taken.contains(&true)) {
            taken.fill(true);
            kept.push(name);
        }
    }
    kept.sort_by_key(|name| name.range.start);
    kept
}

/// The age within a few characters after a name.
pub(super) fn age_beside(chars: &Chars<'_>, end: usize) -> Option<Range<usize>> {
    let mut at = end + super::around::honorific(chars, end);
    let bracket = chars.at(at) == Some('(');
    let limit = at + 4;
    while at < limit && chars.at(at).is_some_and(|c| " 、(,/".contains(c)) {
        at += 1;
    }
    let start = at;
    while at < start + 4
        && chars.at(at).is_some_and(|c| c.is_ascii_digit() || "〇一二三四五六七八九十百".contains(c))
    {
        at += 1;
    }
    let counted = (1..=4).contains(&(at - start));
    if counted && matches!(chars.at(at), Some('歳' | '才')) {
        return Some(start..at + 1);
    }
    let in_brackets = counted && bracket && at - start <= 3 && chars.script(start) == Script::Digit;
    (in_brackets && chars.at(at) == Some(')')).then_some(start..at)
}
