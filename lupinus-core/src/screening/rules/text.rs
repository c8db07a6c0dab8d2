//! A text under examination: its readings, its context, and the spans already explained.

use std::{ops::Range, rc::Rc};

use regex::{Match, Regex};

use super::super::{Confidence, Context, Finding, Owner, PiiKind};
use super::digit_run::Digits;
use super::normalise::View;

/// A text in the readings that the rules work on.
pub(super) struct Text<'t> {
    original: &'t str,
    /// Normalised: for words and names.
    pub(super) plain: Rc<View>,
    /// Normalised, with kanji numerals as digits: for numbers.
    pub(super) numeric: Rc<View>,
    /// The digits of its numbers, in the numeric reading.
    pub(super) digits: Digits,
    pub(super) context: Context,
    /// What is known to be a person's, in the original, sorted by where it begins.
    pub(super) persons: Vec<Range<usize>>,
    /// Where professionals are named, in the original, sorted.
    pub(super) colleagues: Vec<Range<usize>>,
}

impl<'t> Text<'t> {
    pub(super) fn new(original: &'t str, context: Context) -> Self {
        let plain = Rc::new(View::normalised(original));
        let numeric = plain.numerals().map_or_else(|| plain.clone(), Rc::new);
        let digits = Digits::of(numeric.text());
        Self { original, plain, numeric, digits, context, persons: Vec::new(), colleagues: Vec::new() }
    }

    /// The line of the original up to byte `at`, as far as it matters.
    pub(super) fn line_before(&self, at: usize) -> &'t str {
        let near = self.original.floor_char_boundary(at.saturating_sub(200));
        self.original.get(near..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default()
    }

    /// What stands between two bytes of the original.
    pub(super) fn between(&self, start: usize, end: usize) -> &'t str {
        self.original.get(start..end).unwrap_or_default()
    }

    /// Whether no line ends between two bytes of the original.
    pub(super) fn same_line(&self, start: usize, end: usize) -> bool {
        self.original.get(start..end).is_some_and(|between| !between.contains('\n'))
    }

    /// Whether something of a person stands before `span` (of the original): in its line, or near its end in the line above.
    pub(super) fn is_beside_a_person(&self, span: &Range<usize>) -> bool {
        let after = self.persons.partition_point(|person| person.start < span.start);
        let before = after.checked_sub(1).and_then(|at| self.persons.get(at)).map(|person| person.end);
        let gap = before.filter(|end| *end <= span.start && span.start - end <= 120);
        gap.and_then(|end| self.original.get(end..span.start))
            .is_some_and(|gap| gap.matches('\n').count() <= 1)
    }

    pub(super) fn is_post(&self) -> bool {
        self.context == Context::Post
    }
}

/// What has been found so far. Who comes first explains a span; later rules leave it alone.
pub(super) struct Claims {
    found: Vec<Finding>,
    /// For each byte of the original, whether something explains it.
    taken: Vec<bool>,
}

impl Claims {
    /// Nothing found yet in a text of so many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self { found: Vec::new(), taken: vec![false; length] }
    }

    /// `span` (of the original) is known to be nobody's: nothing is found in it from now on.
    pub(super) fn explain(&mut self, span: Range<usize>) {
        if let Some(taken) = self.taken.get_mut(span) {
            taken.fill(true);
        }
    }

    /// Claims `span` (of the original) unless part of it is taken.
    pub(super) fn claim(&mut self, span: Range<usize>, kind: PiiKind, percent: u8, reason: &'static str) {
        if span.start < span.end && self.is_free(&span) {
            self.explain(span.clone());
            let Range { start, end } = span;
            self.found.push(Finding { start, end, kind, confidence: Confidence::percent(percent), reason });
        }
    }

    /// Whether nothing has been found or explained in `span` (of the original).
    pub(super) fn is_free(&self, span: &Range<usize>) -> bool {
        self.taken.get(span.clone()).is_some_and(|taken| !taken.contains(&true))
    }

    /// The spans of what is a person's, `names` and what has been found so far, sorted by where they begin.
    pub(super) fn persons(&self, names: &[Range<usize>]) -> Vec<Range<usize>> {
        let found = self.found.iter().filter(|finding| finding.kind.owner() == Owner::Person);
        let mut persons: Vec<_> = found.map(|finding| finding.start..finding.end).collect();
        persons.extend_from_slice(names);
        persons.sort_unstable_by_key(|span| span.start);
        persons
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.found
    }
}

/// Those of `names` (sorted, apart) that end at most `far` bytes before `start`, nearest first.
pub(super) fn names_before<N>(
    names: &[N],
    start: usize,
    far: usize,
    range: impl Fn(&N) -> &Range<usize>,
) -> impl Iterator<Item = &N> {
    let behind = names.partition_point(|name| range(name).end <= start);
    let near = names.get(..behind).unwrap_or_default().iter().rev();
    near.take_while(move |name| start - range(name).end <= far)
}

/// What `pattern` finds within `stretches` of `text`, which are in order and hold all that it finds.
pub(super) fn find_within<'t>(
    pattern: &'t Regex,
    text: &'t str,
    stretches: impl Iterator<Item = Range<usize>>,
) -> impl Iterator<Item = Match<'t>> {
    stretches.flat_map(move |stretch| {
        let text = text.get(..stretch.end).unwrap_or_default();
        let mut at = stretch.start;
        std::iter::from_fn(move || {
            let found = pattern.find_at(text, at)?;
            at = found.end();
            Some(found)
        })
    })
}

/// Compiles a pattern of ours.
#[expect(clippy::expect_used, reason = "patterns are constants, and every one is compiled by the tests")]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}
