//! Calling LINE.
//!
//! A [`Client`] is cheap to clone and knows one channel. Every success carries LINE's request id; every failure is an
//! [`ApiError`], cut by what the caller does next. A send takes the [`RetryKey`](crate::RetryKey) that makes repeating safe.
//!
//! By itself the client makes a call again where that cannot do anything twice ([`Retry`]), keeps to the rates that LINE
//! publishes ([`Pacing`]) and makes a bounded number of calls at once ([`ClientBuilder::concurrency`]). Each can be set and
//! switched off.

mod account;
mod answer;
mod builder;
mod classify;
mod content;
mod error;
mod error_answer;
mod flow;
mod many;
mod pacing;
mod people;
mod request;
mod retry;
mod rich_menus;
mod send;
mod transport;

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use url::Url;

use crate::ChannelToken;
use flow::Flow;

pub use account::{BotInfo, ChatMode, Quota, WebhookEndpoint, WebhookTest};
pub use answer::{Answer, Delivery, RawAnswer, SentMessage};
pub use builder::{ACCESS_BASE, API_BASE, BuildError, CONCURRENCY, ClientBuilder, DATA_BASE, MANAGER_BASE};
pub use content::{Content, ContentStream, Transcoding};
pub use error::{Ambiguity, ApiError, BoxError, Brake};
pub use error_answer::{Detail, ErrorAnswer};
pub use many::{
    CHUNKS_AT_ONCE, Chunk, ChunkIndex, ChunkReport, ChunkStream, InvalidPlan, MulticastPlan, MulticastRun,
    OnError, PlanId, Progress, Summary,
};
pub use pacing::Pacing;
pub use people::{
    FOLLOWERS_PAGE, Followers, GroupSummary, LinkToken, LoadingSeconds, MAX_FOLLOWERS_PAGE, MemberProfile,
    PageToken, Profile,
};
pub use request::Request;
pub use retry::{RETRY_KEY_LIFE, Retry};
pub use send::{
    AggregationUnit, Broadcast, MAX_RECIPIENTS, Multicast, Push, Recipient, Recipients, Reply, SendKind,
    TooManyRecipients,
};

/// Calls LINE for one channel. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    authorization: HeaderValue,
    api: Url,
    data: Url,
    access: Url,
    manager: Url,
    flow: Flow,
}

impl Client {
    /// A client for LINE itself, with the time limits, [`Retry`] and [`Pacing`] that the builder begins with.
    ///
    /// # Errors
    /// [`BuildError`] when the token cannot stand in a header or the system offers no TLS.
    pub fn new(token: ChannelToken) -> Result<Self, BuildError> {
        Self::builder(token).build()
    }

    /// A client with settings of one's own, the addresses of an emulator for instance.
    pub fn builder(token: ChannelToken) -> ClientBuilder {
        ClientBuilder::new(token)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.inner.api.as_str())
            .field("data", &self.inner.data.as_str())
            .field("access", &self.inner.access.as_str())
            .field("manager", &self.inner.manager.as_str())
            .field("timeout", &self.inner.flow.timeout)
            .field("retry", &self.inner.flow.retry)
            .field("pacing", self.inner.flow.pacer.pacing())
            .finish_non_exhaustive()
    }
}
