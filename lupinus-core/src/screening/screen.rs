//! The screen that services use.

use std::{fmt, ops::Range, sync::Arc};

use super::{
    Action, Context, DefaultPolicy, Finding, Mark, RuleDetector, ScreeningPolicy,
    mask::{Masked, on_boundaries, outside, placeholders},
};

/// Finds personal information in a text. Synchronous and pure: the same text gives the same findings.
///
/// Findings may come in any order and may overlap; spans off a character boundary are widened and spans beyond
/// the text are cut by [`Screen`].
pub trait PersonalInfoDetector: fmt::Debug + Send + Sync + 'static {
    /// What `text`, written in `context`, holds.
    fn detect(&self, text: &str, context: Context) -> Vec<Finding>;
}

/// A detector and a policy: what every text passes before it is stored, submitted, approved or answered.
#[derive(Clone, Debug)]
pub struct Screen {
    detector: Arc<dyn PersonalInfoDetector>,
    policy: Arc<dyn ScreeningPolicy>,
}

impl Default for Screen {
    /// The [`RuleDetector`] under the [`DefaultPolicy`].
    fn default() -> Self {
        Self::new(Arc::new(RuleDetector::new()), Arc::new(DefaultPolicy))
    }
}

impl Screen {
    /// How often masked text is looked at again; what is still found then blocks the whole text.
    const MAX_ROUNDS: usize = 4;

    /// A screen of these two.
    pub fn new(detector: Arc<dyn PersonalInfoDetector>, policy: Arc<dyn ScreeningPolicy>) -> Self {
        Self { detector, policy }
    }

    /// Checks `text` and masks what is blocked.
    ///
    /// The masked text is checked again until nothing more is blocked, so that screening it once more, at
    /// the next gate, changes nothing.
    pub fn check(&self, text: &str, context: Context) -> Screened {
        let mut marks = self.marks(text, context);
        let mut masked = mask(text, &marks);
        for _ in 0..Self::MAX_ROUNDS {
            let more: Vec<Mark> = self.blocked(&masked.text, context).collect();
            if more.is_empty() {
                return Screened { marks, masked: masked.text };
            }
            add(&mut marks, &more, &masked);
            masked = mask(text, &marks);
        }
        if let Some(last) = self.blocked(&masked.text, context).next() {
            marks = vec![Mark { start: 0, end: text.len(), ..last }];
            masked = mask(text, &marks);
        }
        Screened { marks, masked: masked.text }
    }

    fn blocked(&self, text: &str, context: Context) -> impl Iterator<Item = Mark> + use<> {
        self.marks(text, context).into_iter().filter(|mark| mark.action == Action::Block)
    }

    /// Findings with their actions, sorted, not overlapping; the stricter and the surer finding wins, and no
    /// blocked byte is lost to another finding.
    fn marks(&self, text: &str, context: Context) -> Vec<Mark> {
        let mut found: Vec<Mark> = self
            .detector
            .detect(text, context)
            .into_iter()
            .filter_map(|finding| {
                let span = on_boundaries(text, finding.start..finding.end)?;
                let Finding { kind, confidence, .. } = finding;
                let action = self.policy.action(kind, confidence, context);
                Some(Mark { start: span.start, end: span.end, kind, confidence, action })
            })
            .collect();
        found.sort_by_key(|mark| {
            (std::cmp::Reverse((mark.action, mark.confidence, mark.end - mark.start)), mark.start, mark.kind)
        });
        let mut taken: Vec<Range<usize>> = placeholders(text);
        let mut marks = Vec::with_capacity(found.len());
        for mark in found {
            for piece in outside(mark.start..mark.end, &taken) {
                if text.get(piece.clone()).is_some_and(|part| !part.trim().is_empty()) {
                    marks.push(Mark { start: piece.start, end: piece.end, ..mark });
                    taken.push(piece);
                }
            }
        }
        marks.sort_by_key(|mark| mark.start);
        marks
    }
}

/// `text` with the blocked ones of `marks` replaced.
fn mask(text: &str, marks: &[Mark]) -> Masked {
    let blocked: Vec<Mark> = marks.iter().filter(|mark| mark.action == Action::Block).copied().collect();
    Masked::new(text, &blocked)
}

/// Adds to `marks` what was found in `masked`, moved to where it stands in the original.
fn add(marks: &mut Vec<Mark>, more: &[Mark], masked: &Masked) {
    for mark in more {
        for Range { start, end } in masked.in_original(&(mark.start..mark.end)) {
            marks.retain(|known| known.end <= start || end <= known.start);
            marks.push(Mark { start, end, ..*mark });
        }
    }
    marks.sort_by_key(|mark| mark.start);
}

/// What came of checking a text. It does not hold the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Screened {
    /// What was found, sorted, not overlapping; offsets are bytes of the text that was checked.
    pub marks: Vec<Mark>,
    masked: String,
}

impl Screened {
    /// Whether anything must not go on.
    pub fn blocks(&self) -> bool {
        self.strictest() == Action::Block
    }

    /// Whether nothing blocks but a human has to confirm something.
    pub fn warns(&self) -> bool {
        self.strictest() == Action::Warn
    }

    /// The strictest action of all marks; [`Action::Allow`] if there are none.
    pub fn strictest(&self) -> Action {
        self.marks.iter().map(|mark| mark.action).max().unwrap_or(Action::Allow)
    }

    /// The text with each blocked span replaced by its label, such as `〔氏名〕`.
    pub fn masked(&self) -> &str {
        &self.masked
    }

    /// The masked text, by value.
    pub fn into_masked(self) -> String {
        self.masked
    }
}

impl fmt::Debug for Screened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screened").field("marks", &self.marks).finish_non_exhaustive()
    }
}
