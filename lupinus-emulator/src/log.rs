//! The logs of requests that came in and webhooks that went out.

use serde::{Deserialize, Serialize};

/// How many requests are remembered.
pub(crate) const MAX_REQUESTS: usize = 100_000;
/// Of how many of the newest requests the JSON is remembered, if they were refused.
pub(crate) const MAX_BODIES: usize = 1_000;
/// How many webhooks are remembered.
pub(crate) const MAX_WEBHOOKS: usize = 50_000;

/// One request to the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestEntry {
    /// Its place in the log.
    pub seq: u64,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The status answered; `None` when the connection was cut before the request was looked at.
    pub status: Option<u16>,
    /// The `x-line-request-id` answered.
    pub request_id: String,
    /// The retry key the request came with.
    pub retry_key: Option<String>,
    /// What was wrong with it, in LINE's words.
    pub wrong: Option<String>,
    /// Its JSON, when it was refused and is one of the newest 1,000; at most 4,000 characters.
    #[serde(default)]
    pub body: Option<String>,
    /// The fault that hit it.
    pub fault: Option<String>,
    /// When it was answered, in Unix milliseconds of the emulator's clock.
    pub at: i64,
}

/// One webhook body and every try to deliver it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEntry {
    /// Its place in the log.
    pub seq: u64,
    /// The `webhookEventId`s in it.
    pub event_ids: Vec<String>,
    /// The body as first sent.
    pub body: String,
    /// The tries, the first one first.
    pub attempts: Vec<WebhookAttempt>,
}

/// One try to deliver a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookAttempt {
    /// When it was sent, in Unix milliseconds of the emulator's clock.
    pub at: i64,
    /// The status answered, if there was an answer.
    pub status: Option<u16>,
    /// How it ended.
    pub verdict: Verdict,
    /// How long the answer took, in milliseconds of real time.
    pub duration_ms: u64,
    /// Whether its events said `isRedelivery: true`.
    pub redelivery: bool,
}

/// How a try to deliver a webhook ended, in the words of LINE's statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// Answered with 2xx in time.
    Ok,
    /// Nobody listens at the address.
    CouldNotConnect,
    /// No answer in time.
    RequestTimeout,
    /// Answered with something other than 2xx.
    ErrorStatusCode,
    /// Another failure, such as a broken connection.
    Unclassified,
    /// No webhook address is set.
    NoWebhookUrl,
}

impl Verdict {
    /// The `reason` of the webhook test.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::CouldNotConnect => "COULD_NOT_CONNECT",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::ErrorStatusCode => "ERROR_STATUS_CODE",
            Self::Unclassified | Self::NoWebhookUrl => "UNCLASSIFIED",
        }
    }
}
