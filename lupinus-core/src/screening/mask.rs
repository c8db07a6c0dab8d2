//! Spans, placeholders, and putting one in place of the other.

use std::ops::Range;

use super::{Mark, PiiKind};

/// `range` clamped to `text` and widened to character boundaries; `None` if nothing is left.
pub(super) fn on_boundaries(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let end = text.ceil_char_boundary(range.end.min(text.len()));
    let start = text.floor_char_boundary(range.start.min(text.len()));
    (range.start < range.end && start < end).then_some(start..end)
}

/// Where `text` holds placeholders of earlier masking.
pub(super) fn placeholders(text: &str) -> Vec<Range<usize>> {
    let forms = |kind: &PiiKind| [kind.placeholder(), kind.former_placeholder()];
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(['█', '〔']) {
        let taken = found.last().map_or(0, |last| last.end);
        let rest = text.get(at..).filter(|_| taken <= at).unwrap_or_default();
        if let Some(form) = PiiKind::ALL.iter().flat_map(forms).find(|form| rest.starts_with(form)) {
            found.push(at..at + form.len());
        }
    }
    found
}

/// The parts of a masked text in order, with whether each is a placeholder: for whoever shows where something was masked.
pub fn masked_parts(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for span in placeholders(text) {
        parts.extend(text.get(at..span.start).map(|before| (before, false)));
        at = span.end;
        parts.extend(text.get(span).map(|placeholder| (placeholder, true)));
    }
    parts.extend(text.get(at..).map(|rest| (rest, false)));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// What is left of `range` outside of `taken`, in order.
pub(super) fn outside(range: Range<usize>, taken: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut left = vec![range];
    for hole in taken {
        left = left
            .into_iter()
            .flat_map(|piece| {
                let before = piece.start..piece.end.min(hole.start);
                let after = piece.start.max(hole.end)..piece.end;
                [before, after]
            })
            .filter(|piece| piece.start < piece.end)
            .collect();
    }
    left
}

/// A text in which spans were replaced, and where its parts stood in the original.
pub(super) struct Masked {
    pub(super) text: String,
    /// Kept parts: where they start here, and their range in the original.
    kept: Vec<(usize, Range<usize>)>,
}

impl Masked {
    /// Replaces each of `spans` (sorted, not overlapping, on boundaries) by its kind's placeholder.
    pub(super) fn new(original: &str, spans: &[Mark]) -> Self {
        let mut masked = Self { text: String::with_capacity(original.len()), kept: Vec::new() };
        let mut at = 0;
        for span in spans {
            masked.keep(original, at..span.start);
            masked.text.push_str(span.kind.placeholder());
            at = span.end;
        }
        masked.keep(original, at..original.len());
        masked
    }

    fn keep(&mut self, original: &str, range: Range<usize>) {
        if let Some(part) = original.get(range.clone()).filter(|part| !part.is_empty()) {
            self.kept.push((self.text.len(), range));
            self.text.push_str(part);
        }
    }

    /// The parts of the original that `range` of the masked text covers.
    pub(super) fn in_original(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        self.kept
            .iter()
            .filter_map(|(here, origin)| {
                let start = range.start.max(*here);
                let end = range.end.min(here + origin.len());
                (start < end).then(|| origin.start + start - here..origin.start + end - here)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_outside_of_holes() {
        assert_eq!(outside(0..10, &[2..4, 8..12]), [0..2, 4..8]);
        assert!(outside(3..4, &[0..1, 2..5]).is_empty());
    }

    #[test]
    fn only_our_own_placeholders_count() {
        let text = "██氏名████住所██と██山田██と███電話番号██と〔氏名〕";
        let found: Vec<&str> = placeholders(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, ["██氏名██", "██住所██", "██電話番号██", "〔氏名〕"]);
        let parts = masked_parts("██氏名██さん");
        assert_eq!(parts, [("██氏名██", true), ("さん", false)]);
    }
}
