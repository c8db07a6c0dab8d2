//! What comes after the end: what its member says of it, taking it up again, and two threads that are one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Consultation, Context, Decision, Refusal, State as S, decide::elapsed};
use crate::{audit::Act, ids::StaffId};

/// Whether it helped, as its member said with one tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// 役に立った
    Good,
    /// どちらともいえない
    Fair,
    /// 役に立たなかった
    Poor,
}

impl Rating {
    /// Every rating, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Good, Self::Fair, Self::Poor];

    /// The words that staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Good => "役に立った",
            Self::Fair => "どちらともいえない",
            Self::Poor => "役に立たなかった",
        }
    }

    /// Its name in stored records and postbacks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
        }
    }

    /// The rating with this [`Rating::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rating| rating.name() == name)
    }
}

/// A rating, and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// What was tapped.
    pub rating: Rating,
    /// When.
    pub at: Timestamp,
}

/// What becomes of two consultations of one member that are one matter (統合).
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The earlier one, in which it goes on.
    pub earlier: Consultation,
    /// What the trail of the earlier one says.
    pub earlier_act: Act,
    /// The later one: over, with its thread, and pointing to the earlier one.
    pub later: Consultation,
    /// What the trail of the later one says.
    pub later_act: Act,
}

impl Consultation {
    /// What its member taps while it can still be taken up again; a second tap puts the first one right.
    pub(super) fn rate(&self, rating: Rating, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match self.state {
            S::Resolved { at, .. } if elapsed(at, cx.now) >= cx.policy.reopen_window => {
                Err(Refusal::WindowOver)
            }
            S::Resolved { .. } => {
                let next = Self { rated: Some(Rated { rating, at: cx.now }), ..self.clone() };
                let act = next.act("consultation.rated", json!({ "rating": rating }));
                Ok(Decision { act, next, tell: Vec::new() })
            }
            S::Open | S::Assigned { .. } | S::AwaitingMember { .. } => Err(self.not_now()),
        }
    }

    /// Whoever takes it up again has it from now on.
    pub(super) fn reopen(&self, by: StaffId, cx: &Context<'_>) -> Result<Decision, Refusal> {
        if self.merged_into.is_some() {
            return Err(Refusal::Merged);
        }
        if !self.is_resolved() {
            return Err(self.not_now());
        }
        let next = Self {
            state: S::Assigned { to: by },
            handler: Some(by),
            waiting_since: Some(cx.now),
            resolved_at: None,
            reopened: self.reopened.saturating_add(1),
            ..self.clone()
        };
        let act = next.act("consultation.reopened_by_staff", Value::Null);
        Ok(Decision { act, next, tell: Vec::new() })
    }

    /// Two threads of one member are one matter: it goes on in `self`, the earlier one. Both keep what was said in them, and nobody is
    /// told anything. Reads nothing, sends nothing.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`]; [`Refusal::NotMergeable`] for two members, or in the wrong order; [`Refusal::Merged`] when one of
    /// them goes on elsewhere already.
    pub fn merge(&self, later: &Self, cx: &Context<'_>) -> Result<Merged, Refusal> {
        cx.consultant()?;
        if self.member != later.member || self.id == later.id || self.opened_at > later.opened_at {
            return Err(Refusal::NotMergeable);
        }
        if self.merged_into.is_some() || later.merged_into.is_some() {
            return Err(Refusal::Merged);
        }
        if !self.is_resolved() && !later.is_resolved() {
            // A member has one unresolved consultation at most.
            return Err(Refusal::NotMergeable);
        }
        let earlier = self.going_on_from(later);
        let mut over = later.clone();
        if !later.is_resolved() {
            over.state = S::Resolved { at: cx.now, by_silence: false };
            over.resolved_at = Some(cx.now);
            over.waiting_since = None;
        }
        over.merged_into = Some(self.id);
        Ok(Merged {
            earlier_act: earlier.act("consultation.merged_from", json!({ "later": later.id })),
            later_act: over.act("consultation.merged_into", json!({ "earlier": self.id })),
            earlier,
            later: over,
        })
    }

    /// The earlier one as it goes on: as open as the two were, in the hands of whoever had the later one.
    fn going_on_from(&self, later: &Self) -> Self {
        if later.is_resolved() {
            return self.clone();
        }
        let handler = later.handler.or(self.handler);
        let waiting_since = match (self.waiting_since, later.waiting_since) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        let state = match (waiting_since, handler) {
            (Some(_), Some(to)) => S::Assigned { to },
            (None, Some(to)) => S::AwaitingMember { to },
            (_, None) => S::Open,
        };
        Self {
            state,
            handler,
            waiting_since,
            topic: self.topic.or(later.topic),
            last_member_at: self.last_member_at.max(later.last_member_at),
            first_answer_at: self.first_answer_at.or(later.first_answer_at),
            last_answer_at: self.last_answer_at.max(later.last_answer_at),
            resolved_at: None,
            reopened: self.reopened.saturating_add(u32::from(self.is_resolved())),
            auto_answered: self.auto_answered.max(later.auto_answered),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_stored_by_its_name() {
        for rating in Rating::ALL {
            assert_eq!(serde_json::to_value(rating).unwrap(), rating.name());
            assert_eq!(Rating::from_name(rating.name()), Some(rating));
        }
        assert_eq!(Rating::from_name("stars"), None);
    }
}
