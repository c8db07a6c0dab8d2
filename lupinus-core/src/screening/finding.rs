//! What a detector found, and what stays of it.

use serde::{Deserialize, Serialize};

use super::{Action, PiiKind};

/// How sure a detector is, in percent from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub struct Confidence(u8);

impl Confidence {
    /// Beyond doubt.
    pub const CERTAIN: Self = Self(100);

    /// `percent`, at most 100.
    pub const fn percent(percent: u8) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// In percent.
    pub const fn as_percent(self) -> u8 {
        self.0
    }

    /// From 0 to 1.
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl From<u8> for Confidence {
    fn from(percent: u8) -> Self {
        Self::percent(percent)
    }
}

impl From<Confidence> for u8 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

/// A span of text that a detector holds to be of a kind. It carries no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// First byte of the span, on a character boundary.
    pub start: usize,
    /// One past the last byte of the span, on a character boundary.
    pub end: usize,
    /// What it is, owner included.
    pub kind: PiiKind,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// The rule that found it: for staff and developers, never text of the message.
    pub reason: &'static str,
}

/// A finding with the action that followed: what is stored with a post. Offsets and kinds, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// First byte of the span in the text that was checked, on a character boundary.
    pub start: usize,
    /// One past the last byte of the span, on a character boundary.
    pub end: usize,
    /// What it is, owner included.
    pub kind: PiiKind,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// What follows.
    pub action: Action,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_stored_as_offsets_and_names() {
        let mark = Mark {
            start: 0,
            end: 6,
            kind: PiiKind::PersonName,
            confidence: Confidence::percent(93),
            action: Action::Block,
        };
        let stored = serde_json::to_string(&mark).unwrap();
        assert_eq!(stored, r#"{"start":0,"end":6,"kind":"person_name","confidence":93,"action":"block"}"#);
        assert_eq!(serde_json::from_str::<Mark>(&stored).unwrap(), mark);
    }

    #[test]
    fn confidence_never_passes_one_hundred_percent() {
        assert_eq!(Confidence::percent(250), Confidence::CERTAIN);
        assert_eq!(serde_json::from_str::<Confidence>("200").unwrap(), Confidence::CERTAIN);
    }
}
