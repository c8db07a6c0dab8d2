//! Names of persons: where one may stand, how much speaks for it, and whose it is.

mod around;
mod beside;
mod calling;
mod candidate;
mod chars;
mod cues;
mod glance;
mod group;
mod judge;
mod lattice;
mod role;
mod stop;
mod themes;

#[cfg(test)]
mod tests;

use std::{cell::Cell, ops::Range};

use super::super::PiiKind;
use super::dictionary::dictionary;
use super::learned;
use super::text::{Claims, Text};
use calling::Calling;
use candidate::Candidate;
use chars::{Chars, Script};
use glance::Glance;
use judge::Judge;
use lattice::Lattice;
use themes::Themes;

/// Longest stretch that is read as one sentence, in characters.
const LONGEST_SENTENCE: usize = 300;
/// From this score on a candidate is a name.
const SURE: i32 = 0;
/// From this score on a candidate in a professional role is a name.
const ROLE_NEEDS: i32 = -1_000;
/// From this score on a candidate is pointed out.
const UNSURE: i32 = -500;
/// A candidate below this score becomes no name, whatever stands beside it.
const NEVER: i32 = -2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Surname and given name.
    Full,
    /// One of them.
    Part,
}

/// A candidate; its range counts characters of the plain reading.
#[derive(Clone, Debug)]
struct Name {
    range: Range<usize>,
    /// How much speaks for a name, in thousandths of the logarithm of the odds; from [`SURE`] on it is taken for one.
    score: i32,
    form: Form,
    reason: &'static str,
}

impl Name {
    fn percent(&self) -> u8 {
        u8::try_from((50 + self.score / 100).clamp(10, 97)).unwrap_or(50)
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

thread_local! {
    /// Buffers for the longest sentence read so far; never more than [`LONGEST_SENTENCE`] needs.
    static LATTICE: Cell<Lattice> = Cell::default();
}

/// Finds the names in a text, sorted, not overlapping.
pub(super) fn find(text: &Text) -> Vec<Found> {
    let (view, words) = (&text.plain, dictionary());
    let chars = Chars::new(view.text());
    let glance = Glance::of(&chars);
    if !glance.marks(&(0..chars.len())) {
        return Vec::new();
    }
    let themes = Themes::of(&chars);
    let mut names = Vec::new();
    let sum = |sum: &mut i32, feature: u32| *sum += learned::NAME.of(feature);
    judge_all(text, &chars, &glance, &themes, sum, |candidate, odds| {
        let score = odds * 1_000 / learned::ONE - judge::NEEDED;
        if score >= NEVER {
            let form = if candidate.second.is_some() || candidate.range.len() >= 4 {
                Form::Full
            } else {
                Form::Part
            };
            names.push(Name {
                range: candidate.range.clone(),
                score,
                form,
                reason: "a name by what stands around it",
            });
        }
    });
    if names.is_empty() {
        return Vec::new();
    }
    group::promote(words, &chars, text.is_post(), &mut names);
    group::complete(&chars, &mut names);
    let calling = Calling::of(&chars, &themes, text.is_post());
    if text.is_post() {
        // A name in a role is only pointed out, so that less is needed.
        for name in names.iter_mut().filter(|name| (ROLE_NEEDS..SURE).contains(&name.score)) {
            if calling.is_in_a_role(&name.range) {
                name.score = SURE;
            }
        }
    }
    names.retain(|name| name.score >= UNSURE);
    let mut names = group::without_overlaps(&chars, names);
    group::propagate(words, &chars, &mut names);
    let names = group::without_overlaps(&chars, names);
    names
        .into_iter()
        .map(|name| Found {
            span: view.origin(&chars.bytes(&name.range)),
            professional: calling.is_professional(&name.range),
            age: group::age_beside(&chars, name.range.end).map(|range| view.origin(&chars.bytes(&range))),
            percent: name.percent(),
            reason: name.reason,
        })
        .collect()
}

/// Calls `each` with every stretch that may be a name and with what `gather` makes of its features.
fn judge_all<S: Default>(
    text: &Text,
    chars: &Chars<'_>,
    glance: &Glance,
    themes: &Themes,
    gather: impl Fn(&mut S, u32),
    mut each: impl FnMut(&Candidate, S),
) {
    let words = dictionary();
    let (mut all, mut path) = (Vec::with_capacity(32), Vec::with_capacity(chars.len()));
    let mut lattice = LATTICE.take();
    for sentence in sentences(chars) {
        glance.parts(chars, &sentence, |part| {
            lattice.read(words, chars.letters(part.clone()));
            lattice.path(words, part.start, &mut path);
            candidate::listed(words, chars, glance, &mut lattice, part.start, &mut all);
        });
    }
    LATTICE.set(lattice);
    candidate::unlisted(words, chars, glance, &mut all);
    all.sort_by_key(|candidate| (candidate.range.start, candidate.range.end));
    let judge = Judge { words, chars, post: text.is_post(), path: &path, themes };
    for readings in all.chunk_by(|one, other| one.range == other.range) {
        let mut gathered = S::default();
        if let Some(best) = judge.features(readings, |feature| gather(&mut gathered, feature)) {
            each(best, gathered);
        }
    }
}

/// The stretches of a text that may be names, in bytes of the original, each with its features.
#[cfg(feature = "training")]
pub(super) fn candidates(text: &Text) -> Vec<(Range<usize>, Vec<u32>)> {
    let chars = Chars::new(text.plain.text());
    let mut found = Vec::new();
    // What is judged later must not depend on what is marked now.
    judge_all(
        text,
        &chars,
        &Glance::everything(&chars),
        &Themes::of(&chars),
        Vec::push,
        |candidate, features| {
            found.push((text.plain.origin(&chars.bytes(&candidate.range)), features));
        },
    );
    found
}

/// The letters of a text, in bytes of the original, each with its features.
#[cfg(feature = "training")]
pub(super) fn letters(text: &Text) -> Vec<(Range<usize>, Vec<u32>)> {
    let chars = Chars::new(text.plain.text());
    let origin = |at: usize| text.plain.origin(&chars.bytes(&(at..at + 1)));
    glance::features(&chars).into_iter().enumerate().map(|(at, features)| (origin(at), features)).collect()
}

/// The features by which the names at `ranges`, bytes of the original, are told to be a professional's or not.
#[cfg(feature = "training")]
pub(super) fn roles(text: &Text, ranges: &[Range<usize>]) -> Vec<Vec<u32>> {
    let view = &text.plain;
    let chars = Chars::new(view.text());
    let themes = Themes::of(&chars);
    let at = |byte: usize| view.text().get(..byte).map_or(0, |before| before.chars().count());
    let gather = |range: &Range<usize>| {
        let mut features = Vec::new();
        let range = view.standing_for(range);
        let range = at(range.start)..at(range.end);
        calling::gather_text(&chars, text.is_post(), |feature| features.push(feature));
        calling::gather(&chars, &themes, &range, text.is_post(), |feature| {
            features.push(feature);
        });
        features
    };
    ranges.iter().map(gather).collect()
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

/// The sentences that hold letters of names, each short enough to be read whole.
fn sentences(chars: &Chars<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        let ends = match chars.at(at) {
            None => true,
            Some(c) => matches!(c, '\n' | '。' | '!' | '?') || at - start >= LONGEST_SENTENCE,
        };
        if ends {
            let named = |at| matches!(chars.script(at), Script::Han | Script::Katakana | Script::Hiragana);
            if (start..at).any(named) {
                found.push(start..at);
            }
            start = if at - start >= LONGEST_SENTENCE { at } else { at + 1 };
        }
    }
    found
}
