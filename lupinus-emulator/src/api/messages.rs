//! Reply, push, multicast, broadcast, and their rehearsals.

use std::{collections::HashSet, sync::Arc};

use serde_json::{Value, json};

use super::{
    Call, Outcome,
    operation::{Operation, post},
    outgoing::{check_chat, outgoing},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    state::{Outgoing, Rate, SendKind, Sending, State},
    validate::{self, Audience},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("replyMessage", "/v2/bot/message/reply", reply),
        post("pushMessage", "/v2/bot/message/push", push).with_retry_key(),
        post("multicast", "/v2/bot/message/multicast", multicast)
            .with_retry_key()
            .rate(Rate::per_second(200)),
        post("broadcast", "/v2/bot/message/broadcast", broadcast).with_retry_key().rate(Rate::per_hour(60)),
        post("validateReply", "/v2/bot/message/validate/reply", validate_reply),
        post("validatePush", "/v2/bot/message/validate/push", validate_push),
        post("validateMulticast", "/v2/bot/message/validate/multicast", validate_multicast),
        post("validateNarrowcast", "/v2/bot/message/validate/narrowcast", validate_narrowcast),
        post("validateBroadcast", "/v2/bot/message/validate/broadcast", validate_broadcast),
    ]
}

/// How many people one multicast may name.
const MAX_MULTICAST: usize = 500;

pub(super) fn over_limit() -> Refusal {
    Refusal::new(http::StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit.")
}

/// Remembers an accepted request under its retry key.
pub(super) fn remember(state: &mut State, call: &Call<'_>, sent_messages: Option<Value>) {
    if let Some(key) = call.header("x-line-retry-key") {
        state.accept(key.to_ascii_lowercase(), call.head.request_id.clone(), sent_messages);
    }
}

/// `POST /v2/bot/message/reply`
fn reply(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let token = match &body["replyToken"] {
        Value::String(token) if !token.is_empty() => token.clone(),
        Value::Null | Value::String(_) => return Err(Refusal::detail("May not be empty", "replyToken")),
        _ => return Err(Refusal::property("replyToken")),
    };
    validate::messages(&body, Audience::Reply)?;
    let messages = outgoing(state, call, &body)?;
    if let Some(chat_id) = state.reply_tokens.get(&token).map(|known| known.chat_id.clone()) {
        check_chat(state, &body, &chat_id)?;
    }
    let chat_id = state.take_reply_token(&token).ok_or_else(|| Refusal::bad("Invalid reply token"))?;
    let request_id = Arc::from(call.head.request_id.as_str());
    let ids = if state.takes_replies(&chat_id) {
        let now = state.clock.now();
        state.ledger.book(SendKind::Reply, 1, now);
        state.deliver(&chat_id, &messages, &request_id)
    } else {
        messages.iter().map(|_| state.new_message_id()).collect()
    };
    Ok(Answer::json(json!({"sentMessages": state.sent_messages(&chat_id, &messages, &ids)})))
}

/// `POST /v2/bot/message/push`
fn push(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let to = match &body["to"] {
        Value::String(to) if !to.is_empty() => to.clone(),
        Value::Null | Value::String(_) => return Err(Refusal::detail("May not be empty", "to")),
        _ => return Err(Refusal::property("to")),
    };
    if !ids::is_recipient_id(&to) {
        return Err(Refusal::property("to"));
    }
    validate::messages(&body, Audience::Push)?;
    validate::aggregation_units(&body)?;
    let messages = outgoing(state, call, &body)?;
    let now = state.clock.now();
    let reached = state.reached_by_push(&to, now).ok_or_else(|| Refusal::bad("Failed to send messages"))?;
    check_chat(state, &body, &to)?;
    if reached > 0 && !state.ledger.allows(reached, now) {
        return Err(over_limit());
    }
    let request_id = Arc::from(call.head.request_id.as_str());
    let ids = if reached > 0 {
        state.ledger.book(SendKind::Push, reached, now);
        state.deliver(&to, &messages, &request_id)
    } else {
        messages.iter().map(|_| state.new_message_id()).collect()
    };
    let sent_messages = state.sent_messages(&to, &messages, &ids);
    state.account.tag(&body, now);
    remember(state, call, Some(sent_messages.clone()));
    Ok(Answer::json(json!({"sentMessages": sent_messages})))
}

/// `POST /v2/bot/message/multicast`
///
/// A well-formed id that nobody has is passed over (LINE's page says both 200 and 400); a person named twice gets the
/// messages once.
fn multicast(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let to = recipients(&body["to"])?;
    validate::messages(&body, Audience::Multicast)?;
    validate::aggregation_units(&body)?;
    let messages = outgoing(state, call, &body)?;
    if state.settings.refuse_unknown_ids
        && let Some(index) = to.iter().position(|id| !state.people.contains_key(*id))
    {
        return Err(Refusal::property(&format!("to[{index}]")));
    }
    let now = state.clock.now();
    let mut seen = HashSet::new();
    let reached: Vec<&str> = to
        .into_iter()
        .filter(|id| state.people.get(*id).is_some_and(|person| person.is_reachable(now)) && seen.insert(*id))
        .collect();
    let answer = send_to_all(state, call, SendKind::Multicast, &reached, &messages)?;
    state.account.tag(&body, now);
    Ok(answer)
}

/// The user ids of a multicast.
fn recipients(to: &Value) -> Result<Vec<&str>, Refusal> {
    let to = match to {
        Value::Array(to) => to,
        Value::Null => return Err(Refusal::detail("May not be empty", "to")),
        _ => return Err(Refusal::property("to")),
    };
    if to.is_empty() || to.len() > MAX_MULTICAST {
        return Err(Refusal::detail("Size must be between 1 and 500", "to"));
    }
    to.iter()
        .enumerate()
        .map(|(index, id)| {
            id.as_str()
                .filter(|id| ids::is_user_id(id))
                .ok_or_else(|| Refusal::property(&format!("to[{index}]")))
        })
        .collect()
}

/// `POST /v2/bot/message/broadcast`
fn broadcast(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::messages(&body, Audience::Broadcast)?;
    let messages = outgoing(state, call, &body)?;
    let reached: Vec<u32> = state.targets().into_iter().collect();
    let friends: Vec<String> = reached
        .iter()
        .filter_map(|place| state.people.get_index(*place as usize).map(|(id, _)| id.clone()))
        .collect();
    let friends: Vec<&str> = friends.iter().map(String::as_str).collect();
    let answer = send_to_all(state, call, SendKind::Broadcast, &friends, &messages)?;
    let at = state.clock.now();
    let sending = Sending { at, reached, messages: messages.len() };
    state.sendings.insert(call.head.request_id.clone(), sending);
    Ok(answer)
}

fn send_to_all(
    state: &mut State,
    call: &Call<'_>,
    kind: SendKind,
    people: &[&str],
    messages: &[Outgoing],
) -> Outcome {
    let now = state.clock.now();
    let count = u64::try_from(people.len()).unwrap_or(u64::MAX);
    if !state.ledger.allows(count, now) {
        return Err(over_limit());
    }
    state.ledger.book(kind, count, now);
    let request_id = Arc::from(call.head.request_id.as_str());
    for id in people {
        state.deliver(id, messages, &request_id);
    }
    remember(state, call, None);
    Ok(Answer::empty())
}

/// Checks messages without sending them.
fn rehearse(call: &Call<'_>, audience: Audience) -> Outcome {
    validate::messages(&call.json()?, audience)?;
    Ok(Answer::empty())
}

/// `POST /v2/bot/message/validate/reply`
fn validate_reply(_: &mut State, call: &Call<'_>) -> Outcome {
    rehearse(call, Audience::Reply)
}

/// `POST /v2/bot/message/validate/push`
fn validate_push(_: &mut State, call: &Call<'_>) -> Outcome {
    rehearse(call, Audience::Push)
}

/// `POST /v2/bot/message/validate/multicast`
fn validate_multicast(_: &mut State, call: &Call<'_>) -> Outcome {
    rehearse(call, Audience::Multicast)
}

/// `POST /v2/bot/message/validate/narrowcast`
fn validate_narrowcast(_: &mut State, call: &Call<'_>) -> Outcome {
    rehearse(call, Audience::Narrowcast)
}

/// `POST /v2/bot/message/validate/broadcast`
fn validate_broadcast(_: &mut State, call: &Call<'_>) -> Outcome {
    rehearse(call, Audience::Broadcast)
}
