//! LINE, as it must be counted on: it keeps a retry key for a day, serves a reply token once, and may not be heard.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    hash::Sha256Hash,
    ids::{MemberId, OutboxId, RetryKey},
    outbox::{OutboxItem, Recipient, SendOutcome, Sort},
};

/// What LINE does with one request, and what the dispatcher hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Accepts,
    AcceptsUnheard,
    IsNotReached,
    Refuses,
    Limits,
    HasNoQuotaLeft,
}

impl Answer {
    pub(crate) const FAULTS: [Self; 5] =
        [Self::AcceptsUnheard, Self::IsNotReached, Self::Refuses, Self::Limits, Self::HasNoQuotaLeft];
}

/// What a person cares about who gets something twice: a post's words, or what was said to them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Words {
    Post(Sha256Hash),
    Personal(OutboxId),
}

#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub(crate) struct Line {
    keys: BTreeMap<RetryKey, Timestamp>,
    tokens: BTreeSet<String>,
    pub(crate) copies: BTreeMap<(MemberId, Words), u32>,
    /// Who had something, when, and whether the gate had been asked how much they had had: what is repeated passes with its key,
    /// and what a person let go with their word.
    pub(crate) deliveries: Vec<(MemberId, Timestamp, bool)>,
}

impl Line {
    /// What the dispatcher hears, and whether phones ring.
    pub(crate) fn handles(
        &mut self,
        item: &OutboxItem,
        answer: Answer,
        now: Timestamp,
    ) -> (SendOutcome, bool) {
        let day = SignedDuration::from_hours(24);
        let known = match &item.recipient {
            Recipient::Reply { .. } => false,
            _ => self.keys.get(&item.retry_key).is_some_and(|at| now.duration_since(*at) < day),
        };
        match answer {
            Answer::Limits => return (SendOutcome::RateLimited, false),
            Answer::HasNoQuotaLeft => return (SendOutcome::QuotaExhausted, false),
            Answer::IsNotReached => return (SendOutcome::Ambiguous, false),
            // A key that was accepted is answered 409, whatever else is wrong.
            Answer::Refuses if !known => {
                return (SendOutcome::Refused { status: 400, message: String::new(), property: None }, false);
            }
            Answer::Refuses | Answer::Accepts | Answer::AcceptsUnheard => {}
        }
        let unheard = answer == Answer::AcceptsUnheard;
        if known {
            let heard = SendOutcome::AlreadyAccepted { request_id: None };
            return (if unheard { SendOutcome::Ambiguous } else { heard }, false);
        }
        if let Recipient::Reply { token, until, .. } = &item.recipient
            && (!self.tokens.insert(token.expose().to_owned()) || now >= *until)
        {
            let heard = SendOutcome::InvalidReplyToken;
            return (if unheard { SendOutcome::Ambiguous } else { heard }, false);
        }
        self.keys.insert(item.retry_key, now);
        let words = match item.sort {
            Sort::Delivery { content, .. } => Words::Post(content),
            Sort::Personal | Sort::Farewell => Words::Personal(item.id),
        };
        for to in item.addressees().iter().filter(|to| to.contact.is_some()) {
            *self.copies.entry((to.member, words)).or_default() += 1;
            self.deliveries.push((to.member, now, item.attempts == 1 && item.released.is_empty()));
        }
        let heard = SendOutcome::Accepted { request_id: None };
        (if unheard { SendOutcome::Ambiguous } else { heard }, true)
    }
}
