//! Names of persons: what a sentence costs with and without them, and what stands around.

mod around;
mod beside;
mod candidates;
mod chars;
mod cues;
mod group;
mod latin;
mod lattice;
mod places;
mod role;
mod stop;
mod unlisted;

#[cfg(test)]
mod tests;

use std::{cell::Cell, ops::Range};

use super::super::PiiKind;
use super::dictionary::dictionary;
use super::text::{Claims, Text};
use candidates::Weigher;
use chars::{Chars, Script};
use lattice::Lattice;
use unlisted::Unlisted;

/// Longest stretch that is read as one sentence, in characters.
const LONGEST_SENTENCE: usize = 300;
/// From this score on a candidate is a name.
const SURE: i32 = 0;
/// From this score on a candidate in a professional role is a name.
const ROLE_NEEDS: i32 = -4_000;
/// From this score on a candidate is pointed out.
const UNSURE: i32 = -1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Surname and given name.
    Full,
    Surname,
    Given,
}

/// A candidate; its range counts characters of the plain reading.
#[derive(Clone, Debug)]
struct Name {
    range: Range<usize>,
    /// How much speaks for a name, in the dictionary's unit of cost; zero is even.
    score: i32,
    form: Form,
    reason: &'static str,
}

impl Name {
    fn new(range: Range<usize>, score: i32, form: Form, reason: &'static str) -> Self {
        Self { range, score, form, reason }
    }

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
    let view = &text.plain;
    let words = dictionary();
    let chars = Chars::new(view.text());
    let mut names = Vec::new();
    let mut lattice = LATTICE.take();
    for sentence in sentences(&chars) {
        let letters = chars.letters(sentence.clone());
        lattice.read(words, &letters);
        let weigher = Weigher {
            words,
            chars: &chars,
            base: sentence.start,
            post: text.is_post(),
            best: lattice.best(words),
        };
        weigher.find(&mut lattice, &mut names);
    }
    LATTICE.set(lattice);
    Unlisted { words, chars: &chars }.find(&mut names);
    latin::find(words, &chars, &mut names);
    group::promote(words, &chars, text.is_post(), &mut names);
    if text.is_post() {
        // A name in a role is only pointed out, so that less is needed.
        for name in names.iter_mut().filter(|name| (ROLE_NEEDS..SURE).contains(&name.score)) {
            let Range { start, end } = name.range;
            if chars.script(start) == Script::Han
                && chars.script(end) != Script::Han
                && role::is_professional(&chars, start, end, true)
            {
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
            professional: role::is_professional(&chars, name.range.start, name.range.end, text.is_post()),
            age: group::age_beside(&chars, name.range.end).map(|range| view.origin(&chars.bytes(&range))),
            percent: name.percent(),
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
