//! What a dispatcher makes of an item, step by step: found, asked for at the gate, handed over, recorded. Pure, so that all
//! interleavings of several dispatchers can be walked.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::{HoldReason, OutboxItem, OutboxState, PauseReason, Recipient, RetryPolicy, SendOutcome, Sort};
use crate::{
    delivery::Verdict,
    ids::{MemberId, RetryKey},
};

/// How long an item that waits for its next attempt keeps what was made later for the same person behind it.
const LANE_PATIENCE: SignedDuration = SignedDuration::from_secs(10);

/// What comes of an item that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The gate is asked about it.
    Ready(OutboxItem),
    /// Nothing is tried: that is how it stands from now on.
    Over(OutboxItem),
}

/// What is to be recorded of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The item as it is to be stored; `None` when it stays as it is.
    pub next: Option<OutboxItem>,
    /// Whether all sending should pause: the token is refused, or the month is used up.
    pub pause_all: Option<PauseReason>,
}

impl OutboxItem {
    /// Whether `other`, of the same lane, goes first: what one person reads stays in order. One that waits long for its next
    /// attempt holds nothing up.
    pub fn waits_for(&self, other: &Self, now: Timestamp) -> bool {
        let soon = now.saturating_add(LANE_PATIENCE).unwrap_or(Timestamp::MAX);
        match other.state {
            OutboxState::Waiting { at } => other.id < self.id && at <= soon,
            OutboxState::Leased { .. } => other.id < self.id,
            _ => false,
        }
    }

    /// What comes of this item, which is due. `unwanted`: whether it is for one person, who has left, or of a sending that was called off.
    /// `fresh_key` serves when a reply
    /// becomes a push.
    pub fn found(&self, unwanted: bool, now: Timestamp, policy: &RetryPolicy, fresh_key: RetryKey) -> Found {
        let item = self.taken_back(now);
        let over = |item: Self, state| {
            let next = Self { state, ..item };
            Found::Over(if next.is_settled() { next.stripped() } else { next })
        };
        if unwanted {
            return over(item, OutboxState::Dropped { at: now });
        }
        if let Some(state) = item.before_repeat(now, policy) {
            return over(item, state);
        }
        if item.names_one_who_left() {
            return over(item, OutboxState::Held { at: now, reason: HoldReason::RecipientLeft });
        }
        Found::Ready(item.without_stale_token(now, fresh_key))
    }

    /// A chunk that was never tried, for those alone who follow; over when nobody does. What was tried stays as it is: the same
    /// retry key names the same people.
    pub fn only_to(mut self, following: &HashSet<MemberId>, now: Timestamp) -> Found {
        if self.first_tried_at.is_none()
            && let Recipient::People(people) = &mut self.recipient
        {
            people.retain(|to| following.contains(&to.member));
            if people.is_empty() {
                return Found::Over(Self { state: OutboxState::Done { at: now, request_id: None }, ..self });
            }
        }
        Found::Ready(self)
    }

    /// This item once the gate has spoken: leased to whoever asked, or kept back.
    pub fn after(self, verdict: Verdict, now: Timestamp, policy: &RetryPolicy) -> Self {
        match verdict {
            Verdict::Go => self.leased(now, policy),
            Verdict::Wait(until) => Self { state: OutboxState::Waiting { at: until }, ..self },
            Verdict::Hold(reason) => Self { state: OutboxState::Held { at: now, reason }, ..self },
            Verdict::Drop => self.dropped(now),
        }
    }

    /// This item when nothing more of it is sent.
    pub fn dropped(self, now: Timestamp) -> Self {
        Self { state: OutboxState::Dropped { at: now }, ..self }.stripped()
    }

    /// Whether whoever leased it as this may hand it over at `now`. Once the lease has run out it is somebody else's, who may have
    /// held it or sent it: a program that was stopped in between, or a machine that slept, goes on where it was. Nor is it handed
    /// over when it has expired since it passed the gate.
    pub fn may_be_handed_over(&self, now: Timestamp) -> bool {
        let held = matches!(self.state, OutboxState::Leased { until } if now < until);
        held && self.expires_at.is_none_or(|at| now < at)
    }

    /// What is recorded of an attempt with `leased`, this being the record as it stands by now: the lease may have run out and
    /// another dispatcher taken it over, or somebody left meanwhile.
    pub fn recorded(
        &self,
        leased: &Self,
        outcome: SendOutcome,
        now: Timestamp,
        policy: &RetryPolicy,
        jitter: u16,
        fresh_key: RetryKey,
    ) -> Recorded {
        if self.is_settled() {
            return Recorded { next: None, pause_all: None };
        }
        let settled = leased.settle(outcome, now, policy, jitter, fresh_key);
        let (mut next, pause_all) = (settled.next, settled.pause_all);
        // Our lease ran out, and somebody else has it or had it. Of us nothing but an acceptance counts.
        if self.state != leased.state && !matches!(next.state, OutboxState::Done { .. }) {
            return Recorded { next: None, pause_all };
        }
        // They left while it was on its way; or it was our last word to them.
        if !next.is_settled() && (self.is_for_nobody() || self.sort == Sort::Farewell) {
            next = Self { state: OutboxState::Dropped { at: now }, ..next }.stripped();
        }
        if let (Recipient::People(next), Recipient::People(kept)) = (&mut next.recipient, &self.recipient) {
            let gone: HashSet<_> =
                kept.iter().filter(|to| to.contact.is_none()).map(|to| to.member).collect();
            next.iter_mut().filter(|to| gone.contains(&to.member)).for_each(|to| to.contact = None);
        }
        Recorded { next: Some(next), pause_all }
    }

    /// This item stopped by a person (配信停止); `None` when it is not waiting to be handed over.
    pub fn stopped(&self, now: Timestamp) -> Option<Self> {
        matches!(self.state, OutboxState::Waiting { .. } | OutboxState::Paused { .. }).then(|| Self {
            state: OutboxState::Held { at: now, reason: HoldReason::ByHand },
            ..self.clone()
        })
    }

    /// This item, which is held for `reason`, let go: the person answers for what the gate asked, and for nothing else. `None`
    /// when it must not go at all.
    pub fn let_go(&self, reason: HoldReason, now: Timestamp, fresh_key: RetryKey) -> Option<Self> {
        let mut next = Self { state: OutboxState::Waiting { at: now }, ..self.clone() };
        match reason {
            HoldReason::Expired | HoldReason::ContentChanged | HoldReason::WrongKind => return None,
            // What was stopped was not asked for anything else yet. A trial that lasts holds it again.
            HoldReason::ByHand | HoldReason::Trial => {}
            HoldReason::KeyExpired | HoldReason::RecipientLeft => {
                next.retry_key = fresh_key;
                next.first_tried_at = None;
                next.unanswered = false;
            }
            // A person has decided this one question; the others, and expiry and content, are asked as ever.
            HoldReason::Repeated | HoldReason::AccountCeiling | HoldReason::PersonCeiling => {
                next.released.insert(reason);
            }
        }
        Some(next)
    }
}
