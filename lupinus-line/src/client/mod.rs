//! Calling LINE.
//!
//! A [`Client`] is cheap to clone and knows one channel. Every success carries LINE's request id; every failure is an
//! [`ApiError`], cut by what the caller does next. The client repeats nothing by itself: a send takes the
//! [`RetryKey`](crate::RetryKey) that makes repeating safe, and whoever keeps that key decides when.

mod account;
mod answer;
mod builder;
mod classify;
mod content;
mod error;
mod error_answer;
mod people;
mod request;
mod rich_menus;
mod send;
mod transport;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use url::Url;

use crate::ChannelToken;

pub use account::{BotInfo, ChatMode, Quota, WebhookEndpoint, WebhookTest};
pub use answer::{Answer, Delivery, RawAnswer, SentMessage};
pub use builder::{ACCESS_BASE, API_BASE, BuildError, ClientBuilder, DATA_BASE, MANAGER_BASE};
pub use content::{Content, ContentStream, Transcoding};
pub use error::{Ambiguity, ApiError, BoxError};
pub use error_answer::{Detail, ErrorAnswer};
pub use people::{
    FOLLOWERS_PAGE, Followers, GroupSummary, LinkToken, LoadingSeconds, MAX_FOLLOWERS_PAGE, MemberProfile,
    PageToken, Profile,
};
pub use request::Request;
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
    timeout: Duration,
}

impl Client {
    /// A client for LINE itself, with default time limits.
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
            .field("timeout", &self.inner.timeout)
            .finish_non_exhaustive()
    }
}
