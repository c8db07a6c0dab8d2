//! The account itself: quota, profile, webhook address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, Request};
use crate::{UserId, endpoint};

/// How many messages the account may send this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quota {
    /// No limit.
    Unlimited,
    /// At most this many, counted in recipients.
    Limited(u64),
}

/// The bot's profile and settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BotInfo {
    /// The bot's user id: the `destination` of its webhooks.
    pub user_id: UserId,
    /// The id by which people find it, with `@`.
    pub basic_id: String,
    /// A bought id by which people find it.
    pub premium_id: Option<String>,
    /// Its name.
    pub display_name: String,
    /// Address of its picture.
    pub picture_url: Option<String>,
    /// Whether people on LINE's side can chat in its place.
    pub chat_mode: ChatMode,
    /// `auto` or `manual`.
    pub mark_as_read_mode: Option<String>,
}

/// Whether people can chat on LINE's side in the bot's place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum ChatMode {
    /// They can.
    Chat,
    /// Only the bot answers.
    Bot,
    /// A mode this crate does not know.
    Unknown(String),
}

impl From<String> for ChatMode {
    fn from(mode: String) -> Self {
        match mode.as_str() {
            "chat" => Self::Chat,
            "bot" => Self::Bot,
            _ => Self::Unknown(mode),
        }
    }
}

/// Where webhooks go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The address.
    pub endpoint: String,
    /// Whether "Use webhook" is on in the console; it cannot be set from here.
    pub active: bool,
}

/// How a test of the webhook address went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookTest {
    /// Whether the address answered as it should.
    #[serde(default)]
    pub success: bool,
    /// When it was.
    pub timestamp: Option<Timestamp>,
    /// The status it answered; 0 or less when it did not.
    pub status_code: i32,
    /// `OK`, `COULD_NOT_CONNECT`, `REQUEST_TIMEOUT`, `ERROR_STATUS_CODE`, `UNCLASSIFIED`, or newer.
    pub reason: String,
    /// More about it.
    pub detail: String,
}

impl Client {
    /// How many messages the account may send this month, free ones and those bought ahead.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn quota(&self) -> Result<Answer<Quota>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            r#type: String,
            value: Option<u64>,
        }
        let raw = self.request(&Request::new(endpoint::QUOTA)).await?;
        let answer = raw.clone().json::<Body>()?;
        match (answer.value.r#type.as_str(), answer.value.value) {
            ("none", _) => Ok(answer.map(|_| Quota::Unlimited)),
            (_, Some(value)) => Ok(answer.map(|_| Quota::Limited(value))),
            _ => Err(raw.undecodable(crate::DecodeError::SHAPE)),
        }
    }

    /// How many messages were sent this month, about: counted in recipients, those sent by hand on LINE's side included.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn quota_consumption(&self) -> Result<Answer<u64>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            total_usage: u64,
        }
        let answer = self.fetch::<Body>(Request::new(endpoint::QUOTA_CONSUMPTION)).await?;
        Ok(answer.map(|body| body.total_usage))
    }

    /// The bot's profile and settings.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn bot_info(&self) -> Result<Answer<BotInfo>, ApiError> {
        self.fetch(Request::new(endpoint::BOT_INFO)).await
    }

    /// Where webhooks go.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when no address is set, or any other.
    pub async fn webhook_endpoint(&self) -> Result<Answer<WebhookEndpoint>, ApiError> {
        self.fetch(Request::new(endpoint::WEBHOOK_ENDPOINT)).await
    }

    /// Sets where webhooks go: HTTPS, at most 500 characters. Takes up to a minute to have effect.
    ///
    /// # Errors
    /// [`ApiError::Refused`] when LINE does not take the address, or any other.
    pub async fn set_webhook_endpoint(&self, endpoint: &str) -> Result<Answer<()>, ApiError> {
        self.call(
            Request::new(endpoint::SET_WEBHOOK_ENDPOINT).json(&EndpointBody { endpoint: Some(endpoint) }),
        )
        .await
    }

    /// Makes LINE send a webhook without events, to the address given or the one that is set. Whether that worked is
    /// in the answer. At most 60 calls an hour.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn test_webhook_endpoint(
        &self,
        endpoint: Option<&str>,
    ) -> Result<Answer<WebhookTest>, ApiError> {
        self.fetch(Request::new(endpoint::TEST_WEBHOOK_ENDPOINT).json(&EndpointBody { endpoint })).await
    }
}

#[derive(Serialize)]
struct EndpointBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'a str>,
}
