//! Module channels and mission stickers: for partners of LINE's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, PageToken, Request};
use crate::{ChannelSecret, UserId, endpoint};

/// Most accounts in one page
/// ([source](https://developers.line.biz/en/reference/partner-docs/#get-multiple-bot-info-api)).
pub const MAX_MODULES_PAGE: u16 = 100;
/// Longest time for which control of a chat can be taken, in seconds: a year
/// ([source](https://developers.line.biz/en/reference/partner-docs/#acquire-control-api)).
pub const MAX_CONTROL_SECONDS: u32 = 31_536_000;

/// Which chat control is taken of or given back in: the id of a user, group or room.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ChatId {
    /// A chat with a user.
    User(UserId),
    /// A group.
    Group(crate::GroupId),
    /// A room.
    Room(crate::RoomId),
}

impl ChatId {
    fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
            Self::Room(id) => id.as_str(),
        }
    }
}

impl std::fmt::Debug for ChatId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChatId(…)")
    }
}

/// For how long control of a chat is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ControlFor {
    /// As long as LINE takes it for: an hour.
    #[default]
    AnHour,
    /// For so many seconds; more than [`MAX_CONTROL_SECONDS`] are taken for that.
    Seconds(u32),
    /// Until it is given back.
    Good,
}

/// An account that a module channel is attached to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ModuleBot {
    /// The account's user id.
    pub user_id: UserId,
    /// The id by which people find it, with `@`.
    pub basic_id: String,
    /// A bought id by which people find it.
    pub premium_id: Option<String>,
    /// Its name.
    pub display_name: String,
    /// Address of its picture.
    pub picture_url: Option<String>,
}

/// A page of accounts. Only an absent `next` is the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ModuleBots {
    /// The accounts of this page.
    pub bots: Vec<ModuleBot>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

/// What attaches a module channel: what came back from the page on which the account's owner agreed.
#[derive(Clone)]
pub struct Attachment {
    code: String,
    redirect_uri: String,
    extra: Vec<(&'static str, String)>,
}

impl Attachment {
    /// The code that came back, and the address that it came back to.
    pub fn new(code: impl Into<String>, redirect_uri: impl Into<String>) -> Self {
        Self { code: code.into(), redirect_uri: redirect_uri.into(), extra: Vec::new() }
    }

    /// The verifier of the PKCE challenge with which the page was opened.
    pub fn code_verifier(self, verifier: impl Into<String>) -> Self {
        self.with("code_verifier", verifier)
    }

    /// The region with which the page was opened.
    pub fn region(self, region: impl Into<String>) -> Self {
        self.with("region", region)
    }

    /// The account's basic search id with which the page was opened.
    pub fn basic_search_id(self, id: impl Into<String>) -> Self {
        self.with("basic_search_id", id)
    }

    /// The scopes with which the page was opened.
    pub fn scope(self, scope: impl Into<String>) -> Self {
        self.with("scope", scope)
    }

    /// The brand type with which the page was opened.
    pub fn brand_type(self, brand_type: impl Into<String>) -> Self {
        self.with("brand_type", brand_type)
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.extra.push((name, value.into()));
        self
    }
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attachment(…)")
    }
}

/// A module channel is attached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Attached {
    /// The account.
    #[serde(alias = "botId")]
    pub bot_id: UserId,
    /// What the module may do. LINE's pages call it both ways.
    #[serde(default, alias = "scope")]
    pub scopes: Vec<String>,
}

/// Who asks for the call that attaches a module channel, and how that is shown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ModuleCredentials<'a> {
    /// Channel id and secret in the `Authorization` header.
    Basic(&'a str, &'a ChannelSecret),
    /// Channel id and secret in the form.
    Form(&'a str, &'a ChannelSecret),
}

/// A set of stickers as the reward of a mission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MissionSticker {
    to: UserId,
    product_type: &'static str,
    product_id: String,
    send_present_message: bool,
}

impl MissionSticker {
    /// A set of stickers for a user.
    pub fn new(to: UserId, product_id: impl Into<String>) -> Self {
        Self { to, product_type: "STICKER", product_id: product_id.into(), send_present_message: false }
    }
}

impl Client {
    /// Attaches a module channel to an account, after its owner agreed.
    /// See [LINE docs/Attach by operation of the module channel provider](https://developers.line.biz/en/reference/partner-docs/#link-attach-by-operation-module-channel-provider).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when the code was used or is none, or any other.
    pub async fn attach_module(
        &self,
        attachment: &Attachment,
        credentials: ModuleCredentials<'_>,
    ) -> Result<Answer<Attached>, ApiError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", attachment.code.as_str()),
            ("redirect_uri", attachment.redirect_uri.as_str()),
        ];
        let mut request = Request::new(endpoint::ATTACH_MODULE);
        match credentials {
            ModuleCredentials::Basic(id, secret) => {
                let both = STANDARD.encode(format!("{id}:{}", secret.expose()));
                request = request.header(AUTHORIZATION, &format!("Basic {both}"));
            }
            ModuleCredentials::Form(id, secret) => {
                fields.extend([("client_id", id), ("client_secret", secret.expose())]);
            }
        }
        fields.extend(attachment.extra.iter().map(|(name, value)| (*name, value.as_str())));
        self.fetch(request.form(&fields)).await
    }

    /// Detaches this module channel from an account.
    /// See [LINE docs/Detach the module channel](https://developers.line.biz/en/reference/partner-docs/#detach-module-channel).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn detach_module(&self, bot: &UserId) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            bot_id: &'a UserId,
        }
        self.call(Request::new(endpoint::DETACH_MODULE).json(&Body { bot_id: bot })).await
    }

    /// Takes control of a chat from the other channels.
    /// See [LINE docs/Acquire Chat Control](https://developers.line.biz/en/reference/partner-docs/#acquire-control-api).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 423 when another channel has just taken it, or any other.
    pub async fn acquire_chat(&self, chat: &ChatId, how_long: ControlFor) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        struct Body {
            expired: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            ttl: Option<u32>,
        }
        let body = match how_long {
            ControlFor::AnHour => Body { expired: true, ttl: None },
            ControlFor::Seconds(seconds) => {
                Body { expired: true, ttl: Some(seconds.min(MAX_CONTROL_SECONDS)) }
            }
            ControlFor::Good => Body { expired: false, ttl: None },
        };
        self.call(Request::new(endpoint::ACQUIRE_CHAT_CONTROL).segment(chat.as_str()).json(&body)).await
    }

    /// Gives control of a chat back.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn release_chat(&self, chat: &ChatId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::RELEASE_CHAT_CONTROL).segment(chat.as_str())).await
    }

    /// A page of the accounts that this module channel is attached to.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn module_bots(
        &self,
        limit: u16,
        start: Option<&PageToken>,
    ) -> Result<Answer<ModuleBots>, ApiError> {
        let limit = limit.clamp(1, MAX_MODULES_PAGE);
        self.fetch(Request::new(endpoint::MODULES).query("limit", limit).page(start)).await
    }

    /// Gives a user a set of stickers as the reward of a mission.
    /// See [LINE docs/Mission Stickers API](https://developers.line.biz/en/reference/partner-docs/#send-mission-stickers-v3).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn give_mission_sticker(&self, sticker: &MissionSticker) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::MISSION_STICKER).json(sticker)).await
    }
}
