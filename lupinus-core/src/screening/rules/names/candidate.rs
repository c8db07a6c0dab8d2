//! Where a name may stand: what the dictionary has for one, and letters that it does not have.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary, dictionary, format::shorten};
use super::around::honorific;
use super::chars::{Chars, Script};
use super::cues::LEADS;
use super::glance::Glance;
use super::lattice::{Lattice, Node};
use super::stop::is_stop_word;

/// A reading that costs so much more than the best is none.
const UNLIKELY: i32 = 10_000;

/// A stretch that may be a name, and what the dictionary says of it; its range counts characters of the plain reading.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) range: Range<usize>,
    /// What its parts are, where the dictionary has them.
    pub(super) first: Option<Class>,
    pub(super) second: Option<Class>,
    /// How much dearer the sentence's best reading with it is than the best of all.
    pub(super) extra: i32,
    /// How much dearer the best reading without a name is.
    pub(super) margin: i32,
    /// What its first part costs.
    pub(super) cost: i32,
}

impl Candidate {
    fn unlisted(range: Range<usize>, first: Option<Class>, second: Option<Class>) -> Self {
        Self { range, first, second, extra: UNLIKELY, margin: -UNLIKELY, cost: UNLIKELY }
    }
}

/// The names that the dictionary has in one sentence, which begins at character `base` of the text.
pub(super) fn listed(
    words: &Dictionary,
    chars: &Chars<'_>,
    glance: &Glance,
    lattice: &mut Lattice,
    base: usize,
    into: &mut Vec<Candidate>,
) {
    let best = lattice.best();
    // Of the stretch that was looked at last: the best reading without a name there, if it may be one.
    let (mut last, mut nameless) = (0..0, None);
    for index in 0..lattice.nodes().len() {
        let Some(node) = lattice.nodes().get(index).copied().filter(Node::is_name) else { continue };
        let with = node.with();
        if with.saturating_sub(best) > UNLIKELY {
            continue;
        }
        let mut candidate = |lattice: &mut Lattice, second: Option<&Node>, with: i32| {
            let extra = with.saturating_sub(best);
            if extra > UNLIKELY {
                return;
            }
            let local = node.start()..second.map_or(node.end(), Node::end);
            let range = local.start + base..local.end + base;
            if last != local {
                nameless = may_be_a_name(chars, glance, &range).then(|| lattice.without_names(words, &local));
                last = local;
            }
            let Some(nameless) = nameless else { return };
            into.push(Candidate {
                range,
                first: Some(node.class),
                second: second.map(|second| second.class),
                extra,
                margin: nameless.saturating_sub(with),
                cost: node.cost(),
            });
        };
        let surname = matches!(node.class, Class::SURNAME | Class::KANA_SURNAME);
        for second in if surname { lattice.indices(node.next()) } else { 0..0 } {
            if let Some(given) = lattice.nodes().get(second).copied().filter(|second| is_given(&node, second))
            {
                let with = node.with_next(words, &given);
                candidate(lattice, Some(&given), with);
            }
        }
        candidate(lattice, None, with);
    }
}

/// Whether a stretch is marked, and neither a word that is no name nor a part of one, nor such a word and more: 「長男 秀樹」.
fn may_be_a_name(chars: &Chars<'_>, glance: &Glance, range: &Range<usize>) -> bool {
    if !glance.marks(range) || is_within_a_word(chars, range) {
        return false;
    }
    let written = chars.slice(range.clone());
    let surname = |word: &str| dictionary().cost_as(word, &[Class::SURNAME, Class::KANA_SURNAME]).is_some();
    let begins =
        |(first, _): (&str, &str)| first.chars().count() >= 2 && is_stop_word(first) && !surname(first);
    !is_stop_word(written) && !written.split_once(' ').is_some_and(begins)
}

/// Whether one letter is the end of a word and nobody's name: 「さくら|荘」.
fn is_within_a_word(chars: &Chars<'_>, range: &Range<usize>) -> bool {
    if range.len() != 1 {
        return false;
    }
    let glued = match chars.script_before(range.start) {
        Script::Han | Script::Katakana => true,
        Script::Hiragana => !chars.before(range.start).is_some_and(|c| "はがをにのとでもや".contains(c)),
        _ => false,
    };
    glued && honorific(chars, range.end) == 0
}

/// Whether `second` can be the given name to the surname `first`.
fn is_given(first: &Node, second: &Node) -> bool {
    matches!(second.class, Class::GIVEN | Class::KANA_GIVEN) && second.start() - first.end() <= 1
}

/// Letters that the dictionary does not have whole.
pub(super) fn unlisted(words: &Dictionary, chars: &Chars<'_>, glance: &Glance, into: &mut Vec<Candidate>) {
    let mut into = |candidate: Candidate| {
        if may_be_a_name(chars, glance, &candidate.range) {
            into.push(candidate);
        }
    };
    let mut at = 0;
    while at < chars.len() {
        let script = chars.script(at);
        let end = chars.run_end(at, script);
        match script {
            Script::Han => {
                let start = behind_a_role(chars, &(at..end));
                // 「利用者|高村」 is not one name, 「妻木」 is.
                let surname = |start: usize| {
                    let is = |length: usize| {
                        words
                            .cost_as(chars.slice(start..(start + length).min(end)), &[Class::SURNAME])
                            .is_some()
                    };
                    is(2) || is(3)
                };
                if !start.is_some_and(surname) || surname(at) {
                    han(words, chars, at..end, &mut into);
                }
                if let Some(start) = start {
                    han(words, chars, start..end, &mut into);
                }
            }
            Script::Katakana => joined(words, chars, at..end, script, &mut into),
            Script::Latin if chars.at(at).is_some_and(|c| c.is_ascii_uppercase()) => {
                joined(words, chars, at..end, script, &mut into);
            }
            _ => {}
        }
        at = end.max(at + 1);
    }
}

/// Where a name may begin behind the role that is glued to it: 「利用者|小宮」, 「妻|渡辺」.
fn behind_a_role(chars: &Chars<'_>, run: &Range<usize>) -> Option<usize> {
    (run.start + 1..(run.start + 5).min(run.end.saturating_sub(1))).rev().find(|split| {
        let role = chars.slice(run.start..*split);
        LEADS.suffix(role).is_some_and(|(length, points)| length == role.len() && points >= 2_500)
    })
}

/// A run of kanji: as a whole, as a surname and more, and with the run behind a space.
fn han(words: &Dictionary, chars: &Chars<'_>, run: Range<usize>, into: &mut impl FnMut(Candidate)) {
    let is = |range: Range<usize>, class| words.cost_as(chars.slice(range), &[class]).is_some();
    let cut = |end: usize, least: usize| {
        (end.saturating_sub(2).max(least)..end).find(|at| honorific(chars, *at) > 0).unwrap_or(end)
    };
    let end = cut(run.end, run.start + 1);
    for end in [end, run.end].into_iter().take(if end == run.end { 1 } else { 2 }) {
        if (2..=5).contains(&(end - run.start)) {
            into(Candidate::unlisted(run.start..end, None, None));
        }
        for middle in run.start + 1..=(run.start + 3).min(end.saturating_sub(1)) {
            if end - middle <= 3 && is(run.start..middle, Class::SURNAME) {
                into(Candidate::unlisted(run.start..end, Some(Class::SURNAME), None));
            }
        }
    }
    let second = run.end + 1;
    if run.len() <= 4 && chars.at(run.end) == Some(' ') && chars.script(second) == Script::Han {
        let end = cut(chars.run_end(second, Script::Han), second + 1);
        if end - second <= 3 {
            let first = is(run.clone(), Class::SURNAME).then_some(Class::SURNAME);
            let given = is(second..end, Class::GIVEN).then_some(Class::GIVEN);
            if first.is_some() || given.is_some() {
                into(Candidate::unlisted(run.start..end, first, given));
            }
        }
    }
    behind_a_space(words, chars, &run, into);
}

/// A surname and a given name in kana behind a space: 「見付 ひろ子」, 「中川 ひめの」.
fn behind_a_space(
    words: &Dictionary,
    chars: &Chars<'_>,
    run: &Range<usize>,
    into: &mut impl FnMut(Candidate),
) {
    let second = run.end + 1;
    let kana = matches!(chars.script(second), Script::Hiragana | Script::Katakana);
    if run.len() > 4 || chars.at(run.end) != Some(' ') || !kana {
        return;
    }
    let is = |range: Range<usize>, class| words.cost_as(chars.slice(range), &[class]).is_some();
    let first = is(run.clone(), Class::SURNAME).then_some(Class::SURNAME);
    let given =
        |end: usize| [Class::GIVEN, Class::KANA_GIVEN].into_iter().find(|class| is(second..end, *class));
    let longest = (second + 2..=(second + 4).min(chars.len()))
        .rev()
        .find_map(|end| given(end).map(|given| (end, given)));
    if let Some((end, given)) = longest {
        into(Candidate::unlisted(run.start..end, first, Some(given)));
    }
    // One that no list holds ends with its letters, or before an honorific.
    let whole = chars.run_end(second, chars.script(second));
    let end = (second + 2..whole).find(|end| honorific(chars, *end) > 0).unwrap_or(whole);
    if first.is_some()
        && longest.is_none_or(|(longest, _)| longest != end)
        && (2..=4).contains(&(end - second))
    {
        into(Candidate::unlisted(run.start..end, first, None));
    }
}

/// A run of katakana or Latin letters, alone and with up to three more behind a space or a dot.
fn joined(
    words: &Dictionary,
    chars: &Chars<'_>,
    run: Range<usize>,
    script: Script,
    into: &mut impl FnMut(Candidate),
) {
    let lengths = if script == Script::Latin { 3..=16 } else { 2..=10 };
    if !lengths.contains(&run.len()) || chars.script_before(run.start) == Script::Digit {
        return;
    }
    let known = |range: Range<usize>| {
        if script != Script::Latin {
            return None;
        }
        let word = shorten(&chars.slice(range).to_ascii_lowercase());
        let is = |class: &Class| words.cost_as(&word, &[*class]).is_some();
        [Class::LATIN_SURNAME, Class::LATIN_GIVEN].into_iter().find(is)
    };
    let first = known(run.clone());
    // A word in Latin letters that no list holds is a word, until somebody honours it.
    if script != Script::Latin || first.is_some() || honorific(chars, run.end) > 0 {
        into(Candidate::unlisted(run.clone(), first, None));
    }
    let mut end = run.end;
    for _ in 0..3 {
        let gap = usize::from(matches!(chars.at(end), Some(' ' | '・' | ',' | '=')));
        let gap = gap + usize::from(chars.at(end) == Some(',') && chars.at(end + 1) == Some(' '));
        let next = end + gap;
        let capital = script != Script::Latin || chars.at(next).is_some_and(|c| c.is_ascii_uppercase());
        if gap == 0 || chars.script(next) != script || !capital {
            break;
        }
        end = chars.run_end(next, script);
        if end - next > 16 {
            break;
        }
        into(Candidate::unlisted(run.start..end, first, known(next..end)));
    }
    // 「オルセン 彩」
    let second = end + 1;
    if script == Script::Katakana && chars.at(end) == Some(' ') && chars.script(second) == Script::Han {
        let whole = chars.run_end(second, Script::Han);
        let end = (second + 1..whole).find(|end| honorific(chars, *end) > 0).unwrap_or(whole);
        let given = words.cost_as(chars.slice(second..end), &[Class::GIVEN]).map(|_| Class::GIVEN);
        if end - second <= 3 && given.is_some() {
            into(Candidate::unlisted(run.start..end, first, given));
        }
    }
}
