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
mod audience_ids;
mod audiences;
mod authority;
mod builder;
mod classify;
mod content;
mod counts;
mod coupons;
mod error;
mod error_answer;
mod flow;
mod groups;
mod insight;
mod liff;
mod login;
mod many;
mod memberships;
mod modules;
mod narrowcast;
mod pacing;
mod people;
mod phone;
mod ready;
mod request;
mod retry;
mod rich_menu_batch;
mod rich_menus;
mod send;
mod tokens;
mod transport;

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::token::{Source, TokenSource};
use authority::Authority;
use flow::Flow;

pub use account::{BotInfo, ChatMode, Quota, WebhookEndpoint, WebhookTest};
pub use answer::{Answer, Delivery, RawAnswer, SentMessage};
pub use audience_ids::{
    AudienceIds, AudienceName, IdFile, MAX_AUDIENCE_FILE_IDS, MAX_AUDIENCE_IDS, MAX_AUDIENCE_NAME_UTF16,
    MAX_UPLOAD_NAME_UTF16, UploadName,
};
pub use audiences::{
    Audience, AudienceDetail, AudienceJob, AudienceQuery, AudienceStatus, Audiences, CreateRoute, JobStatus,
    MAX_AUDIENCES_PAGE, MAX_CLICK_URL_UTF16, Owner,
};
pub use builder::{ACCESS_BASE, API_BASE, BuildError, CONCURRENCY, ClientBuilder, DATA_BASE, MANAGER_BASE};
pub use content::{Content, ContentStream, Transcoding};
pub use counts::{CountStatus, Counted, MAX_UNITS_PAGE, SentCount, UnitNames};
pub use coupons::{
    Acquisition, CashBack, Coupon, CouponDetail, CouponStatus, CouponSummary, CouponVisibility, CouponZone,
    Coupons, Discount, MAX_COUPON_CODE_UTF16, MAX_COUPON_CONDITION_UTF16, MAX_COUPON_DESCRIPTION_UTF16,
    MAX_COUPON_TITLE_UTF16, MAX_COUPONS_PAGE, Reward,
};
pub use error::{Ambiguity, ApiError, BoxError, Brake};
pub use error_answer::{Detail, ErrorAnswer};
pub use groups::MemberIds;
pub use insight::{
    AgeShare, AppShare, AreaShare, BubbleEvents, ClickEvents, Demographics, EventOverview, FollowerCount,
    GenderShare, MessageDeliveries, MessageEvents, Metrics, PeriodShare, RichMenuFigures, Seen, Tapped,
};
pub use liff::{
    LiffApp, LiffBotPrompt, LiffFeatures, LiffScope, LiffSettings, LiffView, LiffViewType, NewLiffApp,
};
pub use many::{
    CHUNKS_AT_ONCE, Chunk, ChunkIndex, ChunkReport, ChunkStream, InvalidPlan, MulticastPlan, MulticastRun,
    OnError, PlanId, Progress, Summary,
};
pub use memberships::{Membership, MembershipUsers, Subscriber, Subscription};
pub use modules::{
    Attached, Attachment, ChatId, ControlFor, MAX_CONTROL_SECONDS, MAX_MODULES_PAGE, MissionSticker,
    ModuleBot, ModuleBots, ModuleCredentials,
};
pub use narrowcast::{
    Age, AppType, AreaCode, Filter, FriendFor, Gender, InvalidCondition, Limit, MAX_CONDITIONS, Narrowcast,
    NarrowcastPhase, NarrowcastProgress, Target,
};
pub use pacing::Pacing;
pub use people::{
    FOLLOWERS_PAGE, Followers, GroupSummary, LinkToken, LoadingSeconds, MAX_FOLLOWERS_PAGE, MemberProfile,
    PageToken, Profile,
};
pub use phone::{DeliveryTag, PhoneHash, PhonePush, TemplatedPhonePush};
pub use ready::{ContentOutcome, ContentWait};
pub use request::Request;
pub(crate) use retry::luck;
pub use retry::{RETRY_KEY_LIFE, Retry};
pub use rich_menu_batch::{
    BatchPhase, BatchProgress, InvalidBatch, MAX_BATCH_OPERATIONS, ResumeKey, RichMenuBatch, RichMenuChange,
};
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
    authority: Authority,
    api: Url,
    data: Url,
    access: Url,
    manager: Url,
    flow: Flow,
}

impl Client {
    /// A client for LINE itself, with the time limits, [`Retry`] and [`Pacing`] that the builder begins with. Its tokens are
    /// one [`ChannelToken`](crate::ChannelToken), or come from a [`TokenProvider`](crate::token::TokenProvider).
    ///
    /// # Errors
    /// [`BuildError`] when the token cannot stand in a header or the system offers no TLS.
    pub fn new(tokens: impl Into<TokenSource>) -> Result<Self, BuildError> {
        Self::builder(tokens).build()
    }

    /// A client with settings of one's own, the addresses of an emulator for instance.
    pub fn builder(tokens: impl Into<TokenSource>) -> ClientBuilder {
        ClientBuilder::new(tokens.into())
    }

    /// A client without channel access token: for the calls that carry their own credentials, as those that issue tokens
    /// and those of LINE Login do. Any other is [`ApiError::Invalid`].
    ///
    /// # Errors
    /// [`BuildError`] when the system offers no TLS.
    pub fn without_token() -> Result<Self, BuildError> {
        Self::builder_without_token().build()
    }

    /// Like [`without_token`](Self::without_token), with settings of one's own.
    pub fn builder_without_token() -> ClientBuilder {
        ClientBuilder::new(TokenSource(Source::None))
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
