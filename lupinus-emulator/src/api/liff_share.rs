//! What a LIFF app sends in the name of the person who opened it: `liff.sendMessages()`.

use http::StatusCode;
use serde_json::Value;

use super::{
    Call, Outcome,
    login::granted,
    operation::{Admits, Operation, post},
};
use crate::{
    answer::{Answer, Refusal},
    people::{self, Place},
    state::State,
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let share = post("shareMessages", "/message/v3/share", share).admits(Admits::Anyone);
    vec![Operation { cross_origin: true, ..share }]
}

/// What an app may send.
const KINDS: [&str; 8] = ["text", "sticker", "image", "video", "audio", "location", "template", "flex"];

/// `POST /message/v3/share`: into the chat from which the app was opened.
fn share(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let grant = granted(state, call, "chat_message.write")?.clone();
    let forbidden = |why: &str| Refusal::new(StatusCode::FORBIDDEN, why);
    let chat = grant.chat.ok_or_else(|| forbidden("The app was not opened in a chat"))?;
    validate::messages(&body, validate::Audience::Push)?;
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (index, message) in messages.iter().enumerate() {
        let kind = message["type"].as_str().unwrap_or_default();
        if !KINDS.contains(&kind) {
            let words = format!("Must be one of the following values: [{}]", KINDS.join(", "));
            return Err(Refusal::detail(&words, &format!("messages[{index}].type")));
        }
        if matches!(kind, "template" | "flex") && !only_opens_addresses(message) {
            return Err(Refusal::detail("May only have URI actions", &format!("messages[{index}]")));
        }
    }
    let place = if chat == grant.user_id { Place::alone(&chat) } else { Place::group(&chat, &grant.user_id) };
    let events = people::share(state, place, messages).map_err(|error| forbidden(&error.to_string()))?;
    state.to_send.extend(events);
    Ok(Answer::empty())
}

/// Whether no action in a message does anything but open an address.
fn only_opens_addresses(value: &Value) -> bool {
    let is_uri = |action: &Value| action["type"] == "uri";
    match value {
        Value::Object(members) => members.iter().all(|(key, value)| match key.as_str() {
            "action" | "defaultAction" => is_uri(value),
            "actions" => value.as_array().is_none_or(|actions| actions.iter().all(is_uri)),
            _ => only_opens_addresses(value),
        }),
        Value::Array(values) => values.iter().all(only_opens_addresses),
        _ => true,
    }
}
