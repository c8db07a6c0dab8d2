//! Spans, placeholders, and putting one in place of the other.

use std::{collections::BTreeMap, ops::Range};

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

/// Places of a text that are spoken for: apart from each other, the start of each with its end.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<usize, usize>);

impl Taken {
    /// Takes `range`; gives what of it was free, in order. Each place is joined with others once, so that many of them take time
    /// in proportion.
    pub(super) fn take(&mut self, range: Range<usize>) -> Vec<Range<usize>> {
        let (mut from, mut to) = (range.start, range.end);
        let mut holes = Vec::new();
        while let Some((start, end)) =
            self.0.range(..range.end).next_back().map(|(start, end)| (*start, *end))
            && end > range.start
        {
            self.0.remove(&start);
            (from, to) = (from.min(start), to.max(end));
            holes.push(start..end);
        }
        self.0.insert(from, to);
        let (mut free, mut at) = (Vec::new(), range.start);
        for hole in holes.into_iter().rev() {
            if at < hole.start {
                free.push(at..hole.start);
            }
            at = at.max(hole.end);
        }
        if at < range.end {
            free.push(at..range.end);
        }
        free
    }
}

/// Places of which it is asked whether one of them holds a span: sorted by start, each with the furthest end so far.
pub(super) struct Places(Vec<(usize, usize)>);

impl Places {
    pub(super) fn new(mut places: Vec<Range<usize>>) -> Self {
        places.sort_by_key(|place| place.start);
        let mut furthest = 0;
        let with_end = |place: Range<usize>| {
            furthest = furthest.max(place.end);
            (place.start, furthest)
        };
        Self(places.into_iter().map(with_end).collect())
    }

    /// Whether all of `span` lies in one place.
    pub(super) fn hold(&self, span: &Range<usize>) -> bool {
        let before = self.0.partition_point(|(start, _)| *start <= span.start);
        before.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| span.end <= *end)
    }
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
    fn what_is_taken_once_is_not_free_again() {
        let mut taken = Taken::default();
        let mut take = |range: Range<usize>| -> Vec<(usize, usize)> {
            taken.take(range).into_iter().map(|free| (free.start, free.end)).collect()
        };
        assert_eq!(take(2..4), [(2, 4)]);
        assert_eq!(take(8..12), [(8, 12)]);
        assert_eq!(take(0..10), [(0, 2), (4, 8)]);
        assert_eq!(take(3..11), []);
        assert_eq!(take(11..14), [(12, 14)]);
        assert_eq!(take(14..15), [(14, 15)]);
        assert_eq!(taken.0, BTreeMap::from([(0, 14), (14, 15)]));
    }

    #[test]
    fn a_span_lies_in_one_place_or_in_none() {
        let places = Places::new(vec![6..8, 0..5, 1..2]);
        assert!(places.hold(&(0..5)) && places.hold(&(3..4)) && places.hold(&(6..8)));
        assert!(!places.hold(&(4..7)) && !places.hold(&(8..9)) && !places.hold(&(5..6)));
        assert!(!Places::new(Vec::new()).hold(&(0..1)));
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
