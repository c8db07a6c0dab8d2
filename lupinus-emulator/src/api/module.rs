//! Module channels: being attached to accounts, and taking control of chats. The account's own channel plays the module.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::json;

use super::{
    Call, Outcome,
    bot::basic_id,
    call::{Expects, invalid_parameter},
    operation::{Admits, Operation, get, post},
};
use crate::{
    answer::{Answer, Refusal},
    ids, people,
    state::State,
    validate, webhook,
};

/// The longest control of a chat: a year, in seconds.
const MAX_TTL: i64 = 31_536_000;
/// How long a control lasts when nothing is said: an hour, in seconds.
const DEFAULT_TTL: i64 = 3_600;
/// How long a control that another channel has taken cannot be taken back, in milliseconds.
const JUST_TAKEN_MS: i64 = 1_000;

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("attachModule", "/module/auth/v1/token", attach).expects(Expects::Form).admits(Admits::Anyone),
        post("detachModule", "/v2/bot/channel/detach", detach),
        post("acquireChatControl", "/v2/bot/chat/{chatId}/control/acquire", acquire)
            .expects(Expects::OptionalJson),
        post("releaseChatControl", "/v2/bot/chat/{chatId}/control/release", release)
            .expects(Expects::Nothing),
        get("getModules", "/v2/bot/list", bots),
    ]
}

fn tell(state: &mut State, event: serde_json::Value) {
    let event = webhook::complete(state, people::object(event));
    state.to_send.push(event);
}

/// Id and secret out of the header or the form. SDKs that send a channel access token with every call send it here, too.
fn credentials(call: &Call<'_>) -> Option<(String, String)> {
    let header = call.header("authorization").and_then(|header| header.split_once(' '));
    if let Some((_, encoded)) = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")) {
        let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        return decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()));
    }
    Some((call.form("client_id")?, call.form("client_secret")?))
}

/// `POST /module/auth/v1/token`: exchanges the code of the authorisation page.
fn attach(state: &mut State, call: &Call<'_>) -> Outcome {
    for name in ["grant_type", "code", "redirect_uri"] {
        if call.form(name).is_none_or(|value| value.is_empty()) {
            return Err(Refusal::oauth("invalid_request", &format!("{name} is required")));
        }
    }
    if call.form("grant_type").as_deref() != Some("authorization_code") {
        return Err(Refusal::oauth("invalid_request", "unsupported grant_type"));
    }
    let keys = call.keys;
    if credentials(call) != Some((keys.channel_id.clone(), keys.channel_secret.clone())) {
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            ..Refusal::oauth("invalid_client", "invalid client_id or client_secret")
        });
    }
    let code = call.form("code").unwrap_or_default();
    let scopes = state.account.module.codes.remove(&code);
    let scopes = scopes.ok_or_else(|| Refusal::oauth("invalid_grant", "invalid authorization code"))?;
    state.account.module.attached = true;
    let bot_id = state.bot_user_id.clone();
    let module = json!({"type": "attached", "botId": bot_id, "scopes": scopes});
    tell(state, json!({"type": "module", "module": module}));
    Ok(Answer::json(json!({"bot_id": bot_id, "scopes": scopes})))
}

/// `POST /v2/bot/channel/detach`
fn detach(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["botId"])?;
    let bot_id = state.bot_user_id.clone();
    if body["botId"] != bot_id.as_str() || !state.account.module.attached {
        return Err(Refusal::property("botId"));
    }
    state.account.module.attached = false;
    state.account.module.controls.clear();
    let module = json!({"type": "detached", "botId": bot_id, "reason": "bot_deleted"});
    tell(state, json!({"type": "module", "module": module}));
    Ok(Answer::empty())
}

/// The chat of the path, with its `source`.
fn chat(state: &State, call: &Call<'_>) -> Result<serde_json::Value, Refusal> {
    let id = call.param("chatId");
    if !ids::is_recipient_id(id) {
        return Err(invalid_parameter("chatId"));
    }
    let source = match id.chars().next() {
        _ if state.people.contains_key(id) => json!({"type": "user", "userId": id}),
        _ if !state.groups.get(id).is_some_and(|group| group.has_account) => return Err(Refusal::not_found()),
        Some('R') => json!({"type": "room", "roomId": id}),
        _ => json!({"type": "group", "groupId": id}),
    };
    Ok(source)
}

/// `POST /v2/bot/chat/{chatId}/control/acquire`
fn acquire(state: &mut State, call: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    let body = if call.body.is_empty() { json!({}) } else { call.json()? };
    validate::body(&body, |findings, body| {
        body.boolean(findings, "expired");
        if body.integer(findings, "ttl").is_some_and(|ttl| !(1..=MAX_TTL).contains(&ttl)) {
            body.note(findings, "ttl", format!("Must be between 1 and {MAX_TTL}"));
        }
    })?;
    let source = chat(state, call)?;
    let module = &mut state.account.module;
    if module.others.get(call.param("chatId")).is_some_and(|since| now - since < JUST_TAKEN_MS) {
        return Err(Refusal::new(
            StatusCode::LOCKED,
            "The chat control has just been acquired by another channel",
        ));
    }
    module.others.remove(call.param("chatId"));
    let ends = body["expired"] != false;
    let ttl = body["ttl"].as_i64().unwrap_or(DEFAULT_TTL);
    let until = ends.then(|| now + ttl * 1_000);
    state.account.module.controls.insert(call.param("chatId").to_owned(), until);
    let mut event = json!({"type": "activated", "source": source, "chatControl": {}});
    event["chatControl"]["expireAt"] = json!(until.unwrap_or(i64::MAX / 1_000_000));
    tell(state, event);
    Ok(Answer::empty())
}

/// `POST /v2/bot/chat/{chatId}/control/release`
fn release(state: &mut State, call: &Call<'_>) -> Outcome {
    let source = chat(state, call)?;
    if state.account.module.controls.remove(call.param("chatId")).is_some() {
        tell(state, json!({"type": "deactivated", "source": source}));
    }
    Ok(Answer::empty())
}

/// `GET /v2/bot/list`: the one account, while the module is attached to it.
fn bots(state: &mut State, call: &Call<'_>) -> Outcome {
    call.limit("limit", 100, 100)?;
    let start = state.page_start(call.query("start"))?;
    let bot = json!({
        "userId": state.bot_user_id,
        "basicId": basic_id(),
        "displayName": state.settings.bot_name,
    });
    let bots = if state.account.module.attached && start == 0 { vec![bot] } else { Vec::new() };
    Ok(Answer::json(json!({"bots": bots})))
}
