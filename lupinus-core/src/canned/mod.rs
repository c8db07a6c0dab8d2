//! Canned answers (定型文): texts with placeholders that staff put into an answer and change there before it goes.
//!
//! [`CannedAnswer::decide`] is the whole workflow, a pure function. Every wording is kept, so that an earlier one can be taken up again;
//! [`fill`] puts in what the placeholders stand for.

mod decide;
mod placeholder;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    decide::{Command, Context, Decision, Refusal},
    placeholder::{Placeholder, Values, fill, has_placeholder},
};
use crate::{
    ids::{CannedId, StaffId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Longest title, in `char`s.
pub const MAX_TITLE_CHARS: usize = 60;
/// Longest text, in `char`s: with what is put in it is to fit an answer.
pub const MAX_TEXT_CHARS: usize = 1_500;
/// Most wordings of one answer that are kept; the oldest goes first.
pub const MAX_WORDINGS: usize = 30;
/// Most canned answers of a city.
pub const MAX_CANNED: usize = 200;

/// How a canned answer read from some moment on. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The first is 1; never used twice.
    pub number: u32,
    /// By which staff find it: at most [`MAX_TITLE_CHARS`].
    pub title: String,
    /// What it says, placeholders as they are written: at most [`MAX_TEXT_CHARS`].
    pub text: String,
    /// Who wrote it, or took it up again.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wording({} by {})", self.number, self.by)
    }
}

/// A canned answer with its wordings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedAnswer {
    /// Ours.
    pub id: CannedId,
    /// How it reads, and how it read before: the last one counts.
    pub wordings: Vec<Wording>,
    /// Whether it is offered no more.
    #[serde(default)]
    pub retired: bool,
}

impl CannedAnswer {
    /// How it reads now; `None` of one without a wording, which is never stored.
    pub fn wording(&self) -> Option<&Wording> {
        self.wordings.last()
    }

    /// The number of how it reads now.
    pub fn number(&self) -> u32 {
        self.wording().map_or(0, |wording| wording.number)
    }
}

impl Entity for CannedAnswer {
    const KIND: Kind = Kind::new("canned_answer");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let state = if self.retired { "retired" } else { "current" };
        let title = self.wording().map_or("", |wording| wording.title.as_str());
        vec![IndexEntry::new("state", format!("{state} {title}"))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","wordings":[{"number":1,"title":"受付時間","text":"受付は{受付時間}です。","by":"00000000-0000-0000-0000-000000000002","at":"2026-10-05T01:00:00Z"}],"retired":false}"#;

    #[test]
    fn a_stored_canned_answer_keeps_its_form_and_shows_none_of_its_words() {
        let read: CannedAnswer = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        assert!(!format!("{read:?}").contains("受付"));
    }
}
