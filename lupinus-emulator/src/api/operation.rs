//! What an operation is: its place, its limits, its work.

use axum::routing::MethodFilter;

use super::{Call, Outcome, call::Expects};
use crate::state::{Rate, State};

/// The work of an operation, on the state alone.
pub(super) type OnState = fn(&mut State, &Call<'_>) -> Outcome;

/// How an operation is carried out.
#[derive(Clone, Copy)]
pub(super) enum Work {
    Now(OnState),
    /// The webhook test, which has to wait for the bot.
    WebhookTest,
}

/// Which token lets a caller in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admits {
    /// A channel access token of the account's channel.
    Channel,
    /// A channel access token of the LINE Login channel.
    LoginChannel,
    /// Whoever comes: the operation looks for itself.
    Anyone,
}

/// One operation of the API.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    /// Names it in the rate limits.
    pub(super) name: &'static str,
    pub(super) method: MethodFilter,
    pub(super) path: &'static str,
    pub(super) admits: Admits,
    pub(super) rate: Rate,
    /// Whether it takes `X-Line-Retry-Key`.
    pub(super) retry_key: bool,
    pub(super) expects: Expects,
    /// Whether pages of other origins may call it.
    pub(super) cross_origin: bool,
    /// The largest body, in bytes.
    pub(super) max_body: usize,
    pub(super) work: Work,
}

/// The limit of operations that LINE lists under none.
const OTHER: Rate = Rate::per_second(2_000);

/// The largest request body: 2 MB.
const MAX_BODY: usize = 2 * 1024 * 1024;

pub(super) const fn get(name: &'static str, path: &'static str, work: OnState) -> Operation {
    Operation {
        name,
        method: MethodFilter::GET,
        path,
        admits: Admits::Channel,
        rate: OTHER,
        retry_key: false,
        expects: Expects::Nothing,
        cross_origin: false,
        max_body: MAX_BODY,
        work: Work::Now(work),
    }
}

pub(super) const fn post(name: &'static str, path: &'static str, work: OnState) -> Operation {
    Operation { method: MethodFilter::POST, expects: Expects::Json, ..get(name, path, work) }
}

pub(super) const fn put(name: &'static str, path: &'static str, work: OnState) -> Operation {
    Operation { method: MethodFilter::PUT, ..post(name, path, work) }
}

pub(super) const fn delete(name: &'static str, path: &'static str, work: OnState) -> Operation {
    Operation { method: MethodFilter::DELETE, ..get(name, path, work) }
}

impl Operation {
    pub(super) const fn rate(self, rate: Rate) -> Self {
        Self { rate, ..self }
    }

    pub(super) const fn with_retry_key(self) -> Self {
        Self { retry_key: true, ..self }
    }

    pub(super) const fn expects(self, expects: Expects) -> Self {
        Self { expects, ..self }
    }

    pub(super) const fn admits(self, admits: Admits) -> Self {
        Self { admits, ..self }
    }
}
