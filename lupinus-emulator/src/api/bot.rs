//! The account itself and its webhook address.

use http::StatusCode;
use serde_json::json;

use super::{
    Call, Outcome,
    call::Expects,
    operation::{Operation, Work, get, post, put},
};
use crate::{
    answer::{Answer, Refusal},
    settings::ChatMode,
    state::{Rate, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("getBotInfo", "/v2/bot/info", info),
        get("getWebhookEndpoint", "/v2/bot/channel/webhook/endpoint", webhook_endpoint)
            .rate(Rate::per_minute(1_000)),
        put("setWebhookEndpoint", "/v2/bot/channel/webhook/endpoint", set_webhook_endpoint)
            .rate(Rate::per_minute(1_000)),
        Operation {
            work: Work::WebhookTest,
            ..post("testWebhookEndpoint", "/v2/bot/channel/webhook/test", info)
        }
        .expects(Expects::OptionalJson)
        .rate(Rate::per_hour(60)),
    ]
}

/// The longest webhook address, in characters.
const MAX_ENDPOINT: usize = 500;

/// The id people search the account by.
pub(super) const fn basic_id() -> &'static str {
    "@000emulr"
}

/// `GET /v2/bot/info`
fn info(state: &mut State, _: &Call<'_>) -> Outcome {
    let settings = &state.settings;
    let mark_as_read = match settings.chat_mode {
        ChatMode::Chat => "manual",
        ChatMode::Bot => "auto",
    };
    Ok(Answer::json(json!({
        "userId": state.bot_user_id,
        "basicId": basic_id(),
        "displayName": settings.bot_name,
        "chatMode": settings.chat_mode,
        "markAsReadMode": mark_as_read,
    })))
}

/// `GET /v2/bot/channel/webhook/endpoint`
fn webhook_endpoint(state: &mut State, _: &Call<'_>) -> Outcome {
    match &state.webhook_url {
        Some(url) => Ok(Answer::json(json!({"endpoint": url, "active": true}))),
        None => Err(Refusal::new(StatusCode::NOT_FOUND, "Webhook endpoint not found")),
    }
}

/// `PUT /v2/bot/channel/webhook/endpoint`
fn set_webhook_endpoint(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["endpoint"])?;
    let endpoint = body["endpoint"].as_str().unwrap_or_default();
    check_endpoint(endpoint)?;
    state.webhook_url = Some(endpoint.to_owned());
    Ok(Answer::empty())
}

/// 400 unless it is an address a webhook can go to. LINE takes https alone; here http is taken too, since bots under
/// test have no certificate.
pub(super) fn check_endpoint(endpoint: &str) -> Result<(), Refusal> {
    let right = endpoint.chars().count() <= MAX_ENDPOINT
        && url::Url::parse(endpoint)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if right { Ok(()) } else { Err(Refusal::bad("Invalid webhook endpoint URL")) }
}
