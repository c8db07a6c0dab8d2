//! Everything the platform remembers, behind one mutex that is never held over an await.

mod account;
mod audience;
mod chat;
mod content;
mod group;
mod login;
mod narrowcast;
mod page;
mod quota;
mod rate;
mod remembered;
mod sending;
mod token;

use std::collections::{HashMap, VecDeque};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use self::{
    account::{Account, Click, Coupon, Figure, Figures, Membership, MenuFigures, Sending},
    audience::{Audience, AudienceKind, Job, MAX_AUDIENCES, MAX_JOBS},
    chat::{Attributes, ChatEntry, Friendship, Person, Profile},
    content::{Content, ContentKind},
    group::{Group, GroupKind},
    login::{ACCESS_LIFE_MS, APP_LIFE_MS, Code, Grant, Login},
    narrowcast::{Narrowcast, NarrowcastError, PROGRESS_LIFE_MS, Places},
    quota::{Ledger, SendKind},
    rate::{Buckets, Rate},
    remembered::{Expiring, Newest},
    sending::{Accepted, Outgoing},
    token::{AssertionKey, Channel, ChannelToken, ChannelTokens, TokenKind},
};
pub use self::{chat::Author, quota::Quota};
use crate::{
    clock::Clock,
    fault::Fault,
    log::{RequestEntry, WebhookEntry},
    richmenu::RichMenus,
    settings::Settings,
};

/// The state of the platform and of its one account. It is also what is kept in a folder and exported, so that every
/// new field is either stored or skipped on purpose.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// Follows from the channel secret.
    #[serde(skip)]
    pub(crate) bot_user_id: String,
    pub(crate) webhook_url: Option<String>,
    pub(crate) clock: Clock,
    pub(crate) people: IndexMap<String, Person>,
    pub(crate) groups: IndexMap<String, Group>,
    pub(crate) contents: HashMap<String, Content>,
    pub(crate) reply_tokens: Expiring<sending::ReplyToken>,
    pub(crate) retry_keys: Expiring<Accepted>,
    pub(crate) quote_tokens: Newest<sending::Quoted>,
    /// Mark-as-read tokens with the chat and the number of messages in the chat they cover.
    pub(crate) read_tokens: Newest<(String, usize)>,
    #[serde(skip)]
    pub(crate) page_tokens: Expiring<(usize, i64)>,
    pub(crate) ledger: Ledger,
    #[serde(skip)]
    pub(crate) buckets: Buckets,
    pub(crate) rich_menus: RichMenus,
    pub(crate) audiences: IndexMap<i64, Audience>,
    pub(crate) narrowcasts: IndexMap<String, Narrowcast>,
    /// Broadcasts and narrowcasts that went out, by request id.
    pub(crate) sendings: IndexMap<String, Sending>,
    pub(crate) account: Account,
    pub(crate) channel_tokens: ChannelTokens,
    pub(crate) login: Login,
    /// Request ids of narrowcasts and rich menu batches that are still under way.
    pub(crate) unsettled: Vec<String>,
    /// Events that an operation has caused; they are sent when it has answered.
    #[serde(skip)]
    pub(crate) to_send: Vec<Value>,
    pub(crate) faults: Vec<Fault>,
    #[serde(serialize_with = "newest")]
    pub(crate) requests: VecDeque<RequestEntry>,
    #[serde(serialize_with = "newest")]
    pub(crate) webhooks: VecDeque<WebhookEntry>,
    /// The events of the webhooks, by id.
    #[serde(skip)]
    pub(crate) events: HashMap<String, Value>,
    /// Counts resets, so that what was under way before one does not touch what came after.
    #[serde(skip)]
    pub(crate) generation: u64,
    next_message: u64,
    next_audience: i64,
    next_seq: u64,
    initial_quota: Quota,
}

/// How many entries of a log are stored.
const STORED_ENTRIES: usize = 1_000;

fn newest<T: Serialize, S: serde::Serializer>(log: &VecDeque<T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(log.iter().skip(log.len().saturating_sub(STORED_ENTRIES)))
}

impl Default for State {
    fn default() -> Self {
        Self::new(Settings::default(), String::new(), None, Quota::none())
    }
}

impl State {
    pub(crate) fn new(
        settings: Settings,
        bot_user_id: String,
        webhook_url: Option<String>,
        quota: Quota,
    ) -> Self {
        Self {
            settings,
            bot_user_id,
            webhook_url,
            clock: Clock::default(),
            people: IndexMap::new(),
            groups: IndexMap::new(),
            contents: HashMap::new(),
            reply_tokens: Expiring::default(),
            retry_keys: Expiring::default(),
            quote_tokens: Newest::default(),
            read_tokens: Newest::default(),
            page_tokens: Expiring::default(),
            ledger: Ledger::new(quota),
            buckets: Buckets::default(),
            rich_menus: RichMenus::default(),
            audiences: IndexMap::new(),
            narrowcasts: IndexMap::new(),
            sendings: IndexMap::new(),
            account: Account::default(),
            channel_tokens: ChannelTokens::default(),
            login: Login::default(),
            unsettled: Vec::new(),
            to_send: Vec::new(),
            faults: Vec::new(),
            requests: VecDeque::new(),
            webhooks: VecDeque::new(),
            events: HashMap::new(),
            generation: 0,
            next_message: 571_900_000_000_000_000,
            next_audience: 4_389_303_728_000,
            next_seq: 0,
            initial_quota: quota,
        }
    }

    /// Forgets everything but the settings, the tokens of channels and the webhook address.
    pub(crate) fn reset(&mut self) {
        let fresh = Self::new(
            self.settings.clone(),
            self.bot_user_id.clone(),
            self.webhook_url.clone(),
            self.initial_quota,
        );
        let (generation, next_message, next_seq) = (self.generation + 1, self.next_message, self.next_seq);
        let mut channel_tokens = std::mem::take(&mut self.channel_tokens);
        channel_tokens.long_lived_revoked = false;
        *self = Self { channel_tokens, generation, next_message, next_seq, ..fresh };
    }

    /// Takes the place of `former` as what was stored or imported: what is not stored follows from the rest.
    pub(crate) fn in_place_of(mut self, former: &Self) -> Self {
        self.bot_user_id.clone_from(&former.bot_user_id);
        self.generation = former.generation + 1;
        self.next_message = self.next_message.max(former.next_message);
        self.next_seq = self.next_seq.max(former.next_seq);
        for webhook in &self.webhooks {
            let body: Value = serde_json::from_str(&webhook.body).unwrap_or_default();
            for event in body["events"].as_array().into_iter().flatten() {
                if let Some(id) = event["webhookEventId"].as_str() {
                    self.events.insert(id.to_owned(), event.clone());
                }
            }
        }
        self
    }

    /// A message id that was never used before.
    pub(crate) fn new_message_id(&mut self) -> String {
        self.next_message += 1;
        self.next_message.to_string()
    }

    /// An id for an audience, or for an addition to one.
    pub(crate) fn new_audience_id(&mut self) -> i64 {
        self.next_audience += 1;
        self.next_audience
    }

    /// The next number of the logs.
    pub(crate) fn new_seq(&mut self) -> u64 {
        self.next_seq += 1;
        self.next_seq
    }
}
