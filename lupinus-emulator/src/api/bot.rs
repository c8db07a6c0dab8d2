//! The account itself and its webhook address.

use http::StatusCode;
use serde_json::json;

use super::{Call, Outcome};
use crate::{
    answer::{Answer, Refusal},
    settings::ChatMode,
    state::State,
    validate,
};

/// The longest webhook address, in characters.
const MAX_ENDPOINT: usize = 500;

/// `GET /v2/bot/info`
pub(super) fn info(state: &mut State, _: &Call<'_>) -> Outcome {
    let settings = &state.settings;
    let mark_as_read = match settings.chat_mode {
        ChatMode::Chat => "manual",
        ChatMode::Bot => "auto",
    };
    Ok(Answer::json(json!({
        "userId": state.bot_user_id,
        "basicId": "@000emulr",
        "displayName": settings.bot_name,
        "chatMode": settings.chat_mode,
        "markAsReadMode": mark_as_read,
    })))
}

/// `GET /v2/bot/channel/webhook/endpoint`
pub(super) fn webhook_endpoint(state: &mut State, _: &Call<'_>) -> Outcome {
    match &state.webhook_url {
        Some(url) => Ok(Answer::json(json!({"endpoint": url, "active": true}))),
        None => Err(Refusal::new(StatusCode::NOT_FOUND, "Webhook endpoint not found")),
    }
}

/// `PUT /v2/bot/channel/webhook/endpoint`
pub(super) fn set_webhook_endpoint(state: &mut State, call: &Call<'_>) -> Outcome {
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
