//! Notification messages, which go to telephone numbers, and stickers as a reward.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Call, Outcome,
    call::invalid_header,
    operation::{Operation, post},
    outgoing::outgoing,
};
use crate::{
    answer::{Answer, Refusal},
    ids, people,
    state::{Friendship, Outgoing, SendKind, State},
    validate::{self, Audience, Object},
    webhook,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("pushMessagesByPhone", "/bot/pnp/push", push),
        post("pushTemplatedPNP", "/v2/bot/message/pnp/templated/push", push_templated),
        post("missionStickerV3", "/shop/v3/mission", mission),
    ]
}

/// The SHA-256 of a telephone number in E.164, in hex.
fn hashed(phone: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(phone.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// 400 unless `to` is such a hash.
fn check_hash(body: &Value) -> Result<(), Refusal> {
    let to = body["to"].as_str().unwrap_or_default();
    let right = to.len() == 64 && to.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if right { Ok(()) } else { Err(Refusal::property("to")) }
}

/// The delivery tag, which must have 16 to 100 signs.
fn tag<'c>(call: &'c Call<'_>) -> Result<Option<&'c str>, Refusal> {
    const NAME: &str = "X-Line-Delivery-Tag";
    let tag = call.readable(NAME)?;
    if tag.is_some_and(|tag| !(16..=100).contains(&tag.len())) {
        return Err(invalid_header(NAME));
    }
    Ok(tag)
}

/// Sends to whoever has the number; LINE tells the bot later that it arrived. To somebody who has blocked the account
/// it does not: the bot gets the same answer and hears no more of it.
fn send(
    state: &mut State,
    call: &Call<'_>,
    kind: SendKind,
    to: &str,
    messages: &[Outgoing],
) -> Result<(), Refusal> {
    let tag = tag(call)?;
    let found = state.people.iter().find(|(_, person)| {
        !person.deleted && person.phone.as_deref().is_some_and(|phone| hashed(phone) == to)
    });
    let Some((user_id, person)) = found else {
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Failed to send messages"));
    };
    if person.friendship == Friendship::Blocked {
        return Ok(());
    }
    let user_id = user_id.clone();
    let now = state.clock.now();
    state.ledger.book(kind, 1, now);
    state.deliver(&user_id, messages, &Arc::from(call.head.request_id.as_str()));
    let event = json!({"type": "delivery", "delivery": {"data": tag.unwrap_or(to)}});
    let event = webhook::complete(state, people::object(event));
    state.to_send.push(event);
    Ok(())
}

/// `POST /bot/pnp/push`
fn push(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["to"])?;
    validate::messages(&body, Audience::Multicast)?;
    check_hash(&body)?;
    let messages = outgoing(state, call, &body)?;
    send(state, call, SendKind::Notification, body["to"].as_str().unwrap_or_default(), &messages)?;
    Ok(Answer::empty())
}

/// `POST /v2/bot/message/pnp/templated/push`. The templates themselves are LINE's: their keys are not checked.
fn push_templated(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::body(&body, |findings, body| {
        body.needed_string(findings, "to");
        body.needed_string(findings, "templateKey");
        let Some(value) = body.value("body") else { return };
        let path = body.path.key("body");
        let Some(parts) = Object::of(value, &path, findings) else { return };
        if let Some(value) = parts.value("emphasizedItem") {
            let path = path.key("emphasizedItem");
            texts(findings, value, &path, &["itemKey", "content"]);
        }
        for (key, most, keys) in [("items", 15, ["itemKey", "content"]), ("buttons", 2, ["buttonKey", "url"])]
        {
            let path = path.key(key);
            let values = parts.value(key).and_then(|_| parts.needed_array(findings, key, 0, most));
            for (index, value) in values.unwrap_or_default().iter().enumerate() {
                texts(findings, value, &path.index(index), &keys);
            }
        }
    })?;
    check_hash(&body)?;
    let mut shown = json!({"type": "notification", "templateKey": body["templateKey"]});
    if !body["body"].is_null() {
        shown["body"] = body["body"].clone();
    }
    let message = Outgoing { kind: "notification".to_owned(), json: Arc::from(shown.to_string()) };
    send(state, call, SendKind::TemplatedNotification, body["to"].as_str().unwrap_or_default(), &[message])?;
    Ok(Answer::accepted())
}

fn texts(findings: &mut validate::Findings, value: &Value, path: &validate::Path<'_>, keys: &[&str]) {
    if let Some(object) = Object::of(value, path, findings) {
        for key in keys {
            object.needed_string(findings, key);
        }
    }
}

/// `POST /shop/v3/mission`: answers without a body.
fn mission(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::body(&body, |findings, body| {
        for key in ["to", "productId", "productType"] {
            body.needed_string(findings, key);
        }
        body.one_of(findings, "productType", &["STICKER"]);
        body.needed(findings, "sendPresentMessage");
        body.boolean(findings, "sendPresentMessage");
    })?;
    let to = body["to"].as_str().unwrap_or_default();
    if !ids::is_user_id(to) || !state.people.contains_key(to) {
        return Err(Refusal::property("to"));
    }
    Ok(Answer::nothing())
}
