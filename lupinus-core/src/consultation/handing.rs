//! Handing a consultation on, and saying what it is about.

use serde_json::json;

use super::{
    Consultation, Context, Decision, Desk, MAX_NOTE_CHARS, MAX_NOTES, Note, Refusal, State as S, Topic,
    decide::written,
};
use crate::{
    ids::{BodyId, StaffId},
    outbox::Message,
};

impl Consultation {
    pub(super) fn transfer(
        &self,
        by: StaffId,
        to: StaffId,
        summary: Option<&str>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let state = match self.state {
            S::Assigned { .. } => S::Assigned { to },
            S::AwaitingMember { .. } => S::AwaitingMember { to },
            S::Open | S::Resolved { .. } => self.state,
        };
        let mut next = Self { state, handler: Some(to), ..self.clone() };
        if let Some(summary) = summary.filter(|summary| !summary.trim().is_empty()) {
            next.note_for(by, summary, Desk::Staff(to), cx)?;
        }
        let summed_up = next.notes.len() > self.notes.len();
        let more = json!({ "from": self.handler, "to": to, "summary": summed_up });
        Ok(Decision { act: next.act("consultation.transferred", more), next, tell: Vec::new() })
    }

    pub(super) fn refer(
        &self,
        by: StaffId,
        to: BodyId,
        summary: &str,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        if self.is_resolved() {
            return Err(self.not_now());
        }
        let mut next = self.clone();
        next.note_for(by, summary, Desk::Body(to), cx)?;
        let act = next.act("consultation.referred", json!({ "body": to }));
        Ok(Decision { act, tell: vec![Message::ConsultationReferredOn { consultation: self.id }], next })
    }

    fn note_for(&mut self, by: StaffId, text: &str, to: Desk, cx: &Context<'_>) -> Result<(), Refusal> {
        let text = written(text, MAX_NOTE_CHARS)?;
        if self.notes.len() >= MAX_NOTES {
            return Err(Refusal::Full);
        }
        self.notes.push(Note { at: cx.now, by, text: Some(text), handed_to: Some(to) });
        Ok(())
    }

    pub(super) fn classify(&self, topic: Option<Topic>) -> Decision {
        let next = Self { topic, ..self.clone() };
        let act = next.act("consultation.classified", json!({ "topic": topic }));
        Decision { act, next, tell: Vec::new() }
    }
}
