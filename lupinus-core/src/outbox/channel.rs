use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::OutboxItem;
use crate::post::Post;

/// What came of one attempt to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// Accepted now (200).
    Accepted {
        /// The channel's name for the request.
        request_id: Option<String>,
    },
    /// Accepted by an earlier attempt with the same retry key (409).
    AlreadyAccepted {
        /// The channel's name for the request that was accepted.
        request_id: Option<String>,
    },
    /// Too fast (429), or for another reason certainly not accepted: wait, same key.
    RateLimited,
    /// The month's messages are used up (429): pause, drop nothing.
    QuotaExhausted,
    /// Refused for certain (400, 403, 404, …).
    Refused {
        /// The HTTP status.
        status: u16,
        /// The channel's own words.
        message: String,
        /// The property that they name.
        property: Option<String>,
    },
    /// The reply token was used, expired or never known.
    InvalidReplyToken,
    /// The access token is not accepted (401): all sending pauses.
    Unauthorised,
    /// No answer, or one that says nothing (5xx, time-out, broken connection): it may have been accepted.
    Ambiguous,
    /// It cannot be turned into messages: a fault of ours, never repeated.
    Unrenderable {
        /// What is wrong.
        message: String,
    },
}

/// How much of the month's messages is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Messages of the month; `None` for no limit.
    pub limit: Option<u64>,
    /// Messages used so far, approximately.
    pub used: u64,
}

impl Quota {
    /// What remains; `None` for no limit.
    pub fn remaining(self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_sub(self.used))
    }
}

/// The way out: turns an item into the channel's messages and sends it, once.
#[async_trait]
pub trait Channel: fmt::Debug + Send + Sync + 'static {
    /// Sends `item`; `post` is the post it carries, if it carries one. Never repeats by itself.
    async fn send(&self, item: &OutboxItem, post: Option<&Post>, now: Timestamp) -> SendOutcome;

    /// The month's quota, or `None` when the channel does not answer.
    async fn quota(&self) -> Option<Quota>;
}
