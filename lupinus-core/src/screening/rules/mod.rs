//! The shipped detector: rules and embedded word lists.

mod address;
mod contact;
mod date;
mod dictionary;
mod digit_run;
mod digits;
mod dwelling;
mod gate;
mod labels;
mod learned;
mod loose;
mod names;
mod normalise;
mod number;
mod owner;
mod phone;
mod places;
mod text;
mod unexplained;
mod wordlist;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod writings;

use std::ops::Range;

use super::{Context, Finding, PersonalInfoDetector};
use text::{Claims, Text};

/// Finds Japanese personal information by rules: no network, no model, no state.
///
/// It reads a text in two normalised forms (width, dashes and kana folded; kanji numerals as digits), and lets the
/// rules claim spans in order: web and mail, registered numbers, dates of birth, telephone numbers, addresses,
/// names. Whose a contact is and whether a name is a professional's is told from the words around it. A name in
/// unclear surroundings comes with a confidence below one half. Method, figures and what it does not find:
/// `docs/screening.md` in this crate's folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleDetector {
    _private: (),
}

impl RuleDetector {
    /// A detector; the word lists are built once per process, at the first text.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What the detector learns from: for those who make its weights anew.
#[cfg(feature = "training")]
pub mod training {
    use std::ops::Range;

    use super::super::Context;
    use super::{learned, text::Text};

    /// How many weights a table has.
    pub const WEIGHTS: usize = learned::WEIGHTS;
    /// What counts as one in a table: the odds of a thing are `e` to the sum of its weights over this.
    pub const ONE: i32 = learned::ONE;

    /// The stretches of `text` that may be names, in its bytes, each with the places of its weights.
    pub fn candidates(text: &str, context: Context) -> Vec<(Range<usize>, Vec<u32>)> {
        super::names::candidates(&Text::new(text, context))
    }

    /// The letters of `text`, in its bytes, each with the places of the weights that make one of a name of it.
    pub fn letters(text: &str, context: Context) -> Vec<(Range<usize>, Vec<u32>)> {
        super::names::letters(&Text::new(text, context))
    }

    /// For each of the contacts at `ranges` the places of the weights that make a person's of it.
    pub fn owners(text: &str, context: Context, ranges: &[Range<usize>]) -> Vec<Vec<u32>> {
        let mut text = Text::new(text, context);
        let names = super::names::find(&text);
        text.persons = super::persons(&names);
        text.colleagues = super::colleagues(&names);
        super::owner::features(&text, ranges)
    }

    /// For each of the names at `ranges` the places of the weights that make a professional of it.
    pub fn roles(text: &str, context: Context, ranges: &[Range<usize>]) -> Vec<Vec<u32>> {
        super::names::roles(&Text::new(text, context), ranges)
    }
}

/// Where private persons are named for sure.
fn persons(names: &[names::Found]) -> Vec<Range<usize>> {
    let sure = names.iter().filter(|name| !name.professional && name.percent >= 50);
    sure.map(|name| name.span.clone()).collect()
}

/// Where professionals are named.
fn colleagues(names: &[names::Found]) -> Vec<Range<usize>> {
    names.iter().filter(|name| name.professional).map(|name| name.span.clone()).collect()
}

impl PersonalInfoDetector for RuleDetector {
    fn detect(&self, text: &str, context: Context) -> Vec<Finding> {
        let mut claims = Claims::new(text.len());
        let mut text = Text::new(text, context);
        let names = names::find(&text);
        let private: Vec<_> = names.iter().filter(|n| !n.professional).map(|n| n.span.clone()).collect();
        text.persons = persons(&names);
        text.colleagues = colleagues(&names);
        // No address, page or account is written without one of these.
        if text.plain.text().bytes().any(|b| b.is_ascii_alphabetic() || matches!(b, b'@' | b'_')) {
            contact::find(&text, &mut claims);
        }
        // Without a digit there is no number, no date, no telephone and no house.
        if text.digits.count > 0 {
            let all: Vec<_> = names.iter().map(|n| (n.span.clone(), n.professional)).collect();
            number::find(&text, &mut claims);
            date::find(&text, &private, &mut claims);
            text.persons = claims.persons(&text.persons);
            phone::find(&text, &all, &mut claims);
            address::find(&text, &private, &mut claims);
            text.persons = claims.persons(&text.persons);
            unexplained::find(&text, &mut claims);
        }
        names::claim(&names, &mut claims);
        claims.into_findings()
    }
}
