use std::time::Duration;

use jiff::Timestamp;

use super::{HoldReason, OutboxItem, OutboxState, PauseReason, Recipient, SendOutcome};
use crate::ids::RetryKey;

/// How patient the dispatcher is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How long a dispatcher may keep an item before another takes it over.
    pub lease: Duration,
    /// The first wait after an ambiguous answer; doubled after each.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
    /// How long a retry key protects, counted from the first attempt: LINE's 24 hours, less a margin for clocks.
    pub key_life: Duration,
    /// How long sending pauses when the quota is used up or the token refused, before it is tried again.
    pub pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(1),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(10),
            key_life: Duration::from_hours(23),
            pause: Duration::from_mins(5),
        }
    }
}

/// What an outcome makes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The item as it is to be stored.
    pub next: OutboxItem,
    /// Whether all sending should pause: the token is refused, or the month is used up.
    pub pause_all: Option<PauseReason>,
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

impl OutboxItem {
    /// The wait before the attempt after next, with `jitter` (0 to 999) spreading it over its upper half.
    fn wait(&self, policy: &RetryPolicy, jitter: u16) -> Duration {
        let doubled = policy.first_wait.saturating_mul(1 << self.attempts.min(20));
        let longest = doubled.min(policy.longest_wait);
        longest / 2 + longest / 2 * u32::from(jitter.min(999)) / 999
    }

    /// The item as it comes back from a dispatcher that died with it: nobody can say what became of the attempt. Any other as
    /// it is.
    pub fn taken_back(&self, now: Timestamp) -> Self {
        match self.state {
            OutboxState::Leased { .. } => {
                Self { unanswered: true, maybe_accepted_at: Some(now), ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    /// The item as a dispatcher takes it: leased, counted as tried.
    pub fn leased(&self, now: Timestamp, policy: &RetryPolicy) -> Self {
        Self {
            state: OutboxState::Leased { until: later(now, policy.lease) },
            attempts: self.attempts + 1,
            first_tried_at: self.first_tried_at.or(Some(now)),
            ..self.taken_back(now)
        }
    }

    /// What stands in the way of trying it again with the same key or token at `now`, after an attempt without an answer.
    ///
    /// Covers a dispatcher that died between sending and recording, too: its item comes back as leased and overdue.
    pub fn before_repeat(&self, now: Timestamp, policy: &RetryPolicy) -> Option<OutboxState> {
        let first = self.first_tried_at?;
        match &self.recipient {
            Recipient::Reply { until, .. } if now >= *until => Some(OutboxState::Unknown { at: now }),
            Recipient::Reply { .. } => None,
            _ if now >= later(first, policy.key_life) => {
                Some(OutboxState::Held { at: now, reason: HoldReason::KeyExpired })
            }
            _ => None,
        }
    }

    /// What `outcome` makes of this item, which was leased and tried. The one place that decides what follows an answer, or
    /// none. `fresh_key` serves when a reply becomes a push.
    pub fn settle(
        &self,
        outcome: SendOutcome,
        now: Timestamp,
        policy: &RetryPolicy,
        jitter: u16,
        fresh_key: RetryKey,
    ) -> Settled {
        let with = |state| {
            let next = Self { state, ..self.clone() };
            let next = if next.is_settled() { next.stripped() } else { next };
            Settled { next, pause_all: None }
        };
        let unanswered = |state| Settled {
            next: Self { state, unanswered: true, maybe_accepted_at: Some(now), ..self.clone() },
            pause_all: None,
        };
        let wait = OutboxState::Waiting { at: later(now, self.wait(policy, jitter)) };
        match outcome {
            SendOutcome::Accepted { request_id } | SendOutcome::AlreadyAccepted { request_id } => {
                with(OutboxState::Done { at: now, request_id })
            }
            // A token serves once: when an earlier attempt had no answer, "invalid" says that it was accepted.
            SendOutcome::InvalidReplyToken if self.is_reply() && self.unanswered => {
                with(OutboxState::Done { at: now, request_id: None })
            }
            SendOutcome::InvalidReplyToken if self.is_reply() => self.as_push(now, fresh_key),
            SendOutcome::InvalidReplyToken => with(OutboxState::Failed {
                at: now,
                status: 400,
                message: "Invalid reply token".to_owned(),
                property: None,
            }),
            SendOutcome::Refused { status, message, property } => {
                with(OutboxState::Failed { at: now, status, message, property })
            }
            SendOutcome::Unrenderable { message } => {
                with(OutboxState::Failed { at: now, status: 0, message, property: None })
            }
            // For certain nothing was accepted, so a late reply may still become a push.
            SendOutcome::RateLimited => {
                let mut settled = with(wait);
                if !self.unanswered {
                    settled.next.first_tried_at = None;
                }
                settled
            }
            SendOutcome::QuotaExhausted => self.paused(PauseReason::Quota, now, policy),
            SendOutcome::Unauthorised => self.paused(PauseReason::Unauthorised, now, policy),
            SendOutcome::Ambiguous => match &self.recipient {
                Recipient::Reply { until, .. } => {
                    let at = later(now, self.wait(policy, jitter).min(Duration::from_secs(10)));
                    if at >= *until {
                        with(OutboxState::Unknown { at: now })
                    } else {
                        unanswered(OutboxState::Waiting { at })
                    }
                }
                _ => unanswered(wait),
            },
        }
    }

    fn is_reply(&self) -> bool {
        matches!(self.recipient, Recipient::Reply { .. })
    }

    fn paused(&self, reason: PauseReason, now: Timestamp, policy: &RetryPolicy) -> Settled {
        let mut next =
            Self { state: OutboxState::Paused { reason, until: later(now, policy.pause) }, ..self.clone() };
        // Refused for certain: this attempt sent nothing. If no earlier one was left without an answer, nothing was sent yet.
        if !self.unanswered {
            next.attempts = 0;
            next.first_tried_at = None;
        }
        Settled { next, pause_all: Some(reason) }
    }

    /// A reply that was certainly not accepted, as a push to the same person.
    fn as_push(&self, now: Timestamp, fresh_key: RetryKey) -> Settled {
        let mut next = self.clone();
        if let Recipient::Reply { to, .. } = &self.recipient {
            next.recipient = Recipient::Person(to.clone());
        }
        next.retry_key = fresh_key;
        next.attempts = 0;
        next.first_tried_at = None;
        next.unanswered = false;
        next.state = OutboxState::Waiting { at: now };
        Settled { next, pause_all: None }
    }

    /// An item never tried whose reply token has run out, as a push; any other as it is.
    pub fn without_stale_token(&self, now: Timestamp, fresh_key: RetryKey) -> Self {
        match &self.recipient {
            Recipient::Reply { until, .. } if now >= *until && self.first_tried_at.is_none() => {
                self.as_push(now, fresh_key).next
            }
            _ => self.clone(),
        }
    }
}
