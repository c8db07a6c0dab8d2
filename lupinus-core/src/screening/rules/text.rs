//! A text under examination: its readings, its context, and the spans already explained.

use std::ops::Range;

use regex::Regex;

use super::super::{Confidence, Context, Finding, PiiKind};
use super::normalise::View;

/// A text in the readings that the rules work on.
pub(super) struct Text<'t> {
    original: &'t str,
    /// Normalised: for words and names.
    pub(super) plain: View,
    /// Normalised, with kanji numerals as digits: for numbers.
    pub(super) numeric: View,
    pub(super) context: Context,
}

impl<'t> Text<'t> {
    pub(super) fn new(original: &'t str, context: Context) -> Self {
        let plain = View::normalised(original);
        let numeric = plain.numerals();
        Self { original, plain, numeric, context }
    }

    /// The line of the original up to byte `at`.
    pub(super) fn line_before(&self, at: usize) -> &'t str {
        self.original.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default()
    }

    /// Whether no line ends between two bytes of the original.
    pub(super) fn same_line(&self, start: usize, end: usize) -> bool {
        self.original.get(start..end).is_some_and(|between| !between.contains('\n'))
    }

    pub(super) fn is_post(&self) -> bool {
        self.context == Context::Post
    }
}

/// What has been found so far. Who comes first explains a span; later rules leave it alone.
#[derive(Default)]
pub(super) struct Claims {
    found: Vec<Finding>,
    explained: Vec<Range<usize>>,
}

impl Claims {
    /// `span` (of the original) is known to be nobody's: nothing is found in it from now on.
    pub(super) fn explain(&mut self, span: Range<usize>) {
        self.explained.push(span);
    }

    /// Claims `span` (of the original) unless part of it is taken.
    pub(super) fn claim(&mut self, span: Range<usize>, kind: PiiKind, percent: u8, reason: &'static str) {
        if span.start < span.end && self.is_free(&span) {
            let Range { start, end } = span;
            self.found.push(Finding { start, end, kind, confidence: Confidence::percent(percent), reason });
        }
    }

    /// Whether nothing has been found or explained in `span` (of the original).
    pub(super) fn is_free(&self, span: &Range<usize>) -> bool {
        let found = self.found.iter().map(|f| (f.start, f.end));
        let explained = self.explained.iter().map(|e| (e.start, e.end));
        found.chain(explained).all(|(start, end)| end <= span.start || span.end <= start)
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.found
    }
}

/// Compiles a pattern of ours.
#[expect(clippy::expect_used, reason = "patterns are constants, and every one is compiled by the tests")]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}
