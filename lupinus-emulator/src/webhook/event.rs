//! Completing events with what they have in common.

use serde_json::{Map, Value, json};

use crate::{ids, state::State};

/// Event types that carry a reply token.
const WITH_REPLY_TOKEN: [&str; 10] = [
    "message",
    "messageEdited",
    "follow",
    "join",
    "memberJoined",
    "postback",
    "videoPlayComplete",
    "beacon",
    "accountLink",
    "membership",
];

/// Event types that are about the module itself, and so never on standby.
const OF_MODULES: [&str; 5] = ["module", "activated", "deactivated", "botSuspended", "botResumed"];

/// Fills in the common properties an event does not have: mode, timestamp, id, delivery context, and a reply token
/// where its kind has one. A reply token that is given is made known.
pub(crate) fn complete(state: &mut State, event: Map<String, Value>) -> Value {
    let now = state.clock.now();
    let mut event = event;
    let kind = event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let chat_id = event.get("source").and_then(|source| {
        ["groupId", "roomId", "userId"].iter().find_map(|key| source[key].as_str().map(str::to_owned))
    });
    let taken = chat_id.as_ref().is_some_and(|id| state.account.module.others.contains_key(id));
    let mode = if taken && !OF_MODULES.contains(&kind.as_str()) { "standby" } else { "active" };
    event.entry("mode").or_insert_with(|| json!(mode));
    event.entry("timestamp").or_insert_with(|| json!(now));
    event.entry("webhookEventId").or_insert_with(|| json!(ids::event_id(now)));
    event.entry("deliveryContext").or_insert_with(|| json!({"isRedelivery": false}));
    let standby = event.get("mode").and_then(Value::as_str) == Some("standby");
    let failed_link = event.get("link").is_some_and(|link| link["result"] == json!("failed"));
    if WITH_REPLY_TOKEN.contains(&kind.as_str()) && !standby && !failed_link {
        event.entry("replyToken").or_insert_with(|| json!(ids::hex32()));
    }
    if let (Some(token), Some(chat_id)) = (event.get("replyToken").and_then(Value::as_str), chat_id) {
        state.know_reply_token(token, chat_id);
    }
    Value::Object(event)
}
