//! Letting pass what screening found in a post, with a reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Context, Decision, Field, FieldMark, Post, Refusal};
use crate::{
    ids::StaffId,
    screening::{Action, Allowance},
};

/// Most findings that are let pass in one post.
const MAX_ALLOWED: usize = 50;

/// A finding in a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingAt {
    /// The revision that somebody looked at.
    pub revision: u32,
    /// In which field.
    pub field: Field,
    /// Which of the field's texts, from 0.
    pub nth: usize,
    /// Its first byte there.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Something that one of the staff let pass in a post: there, and wherever else the post says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostAllowance {
    /// In which field it was found.
    pub field: Field,
    /// What, and why.
    pub allowance: Allowance,
    /// Whose decision it is: never an author's.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl Post {
    /// What stands where a mark of the present revision is.
    pub fn marked_text(&self, found: &FieldMark) -> Option<&str> {
        let texts = self.revision()?.content.texts();
        let (_, text) = texts.into_iter().filter(|(field, _)| *field == found.field).nth(found.nth)?;
        text.get(found.mark.start..found.mark.end)
    }

    /// Whose word lets this mark of the present revision pass, if somebody's does.
    pub fn allowance_for(&self, found: &FieldMark) -> Option<&PostAllowance> {
        let text = self.marked_text(found)?;
        let same =
            |given: &&PostAllowance| given.allowance.kind == found.mark.kind && given.allowance.text == text;
        // In a later revision it may be written otherwise, or be taken for something else.
        let passes = found.mark.action == Action::Allow;
        let earlier = || self.allowed.iter().find(|given| passes && given.allowance.covers(text));
        self.allowed.iter().find(same).or_else(earlier)
    }

    /// Whether something in the present revision is to be confirmed by a person: what screening found and nobody let pass, and
    /// pictures and files (R11).
    pub fn needs_confirmation(&self) -> bool {
        let Some(revision) = self.revision() else { return true };
        let open =
            |found: &FieldMark| found.mark.action != Action::Allow && self.allowance_for(found).is_none();
        revision.marks.iter().any(open) || !revision.content.attachments.is_empty()
    }

    /// One of the staff lets a finding pass. Nobody does for their own post.
    pub(super) fn finding_allowed(
        &self,
        at: &FindingAt,
        allowance: Allowance,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let (by, _) = self.signatory(cx)?;
        let revision = self.revision().ok_or(Refusal::Edited)?;
        let found = revision.marks.iter().find(|found| {
            let mark = &found.mark;
            (found.field, found.nth, mark.start, mark.end) == (at.field, at.nth, at.start, at.end)
        });
        let says = found.is_some_and(|found| {
            found.mark.kind == allowance.kind && self.marked_text(found) == Some(allowance.text.as_str())
        });
        if revision.number != at.revision || !says {
            return Err(Refusal::Edited);
        }
        if !allowance.kind.can_be_allowed() || self.allowed.len() >= MAX_ALLOWED {
            return Err(Refusal::NotAllowable);
        }
        if !allowance.is_complete() {
            return Err(Refusal::ReasonNeeded);
        }
        let mut decision = self.moved(self.state.clone(), "post.finding_allowed", cx);
        let detail = json!({
            "content": revision.hash.to_hex(), "field": at.field, "kind": allowance.kind, "reason": allowance.reason,
        });
        decision.next.allowed.push(PostAllowance { field: at.field, allowance, by, at: cx.now });
        decision.act.detail = detail;
        Ok(decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"field":"body","allowance":{"kind":"person_name","text":"佐々木健一","reason":"published"},"by":"00000000-0000-0000-0000-000000000002","at":"2026-10-05T01:00:00Z"}"#;

    #[test]
    fn a_stored_allowance_of_a_post_keeps_its_form_and_shows_none_of_its_words() {
        let read: PostAllowance = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        assert_eq!((read.field, read.allowance.text.as_str()), (Field::Body, "佐々木健一"));
        assert!(!format!("{read:?}").contains("佐々木"));
    }
}
