//! What a chat looks like from outside.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::{Value, value::RawValue};

use super::{ControlRefusal, Params, limit, since};
use crate::{
    shared::Shared,
    state::{Author, ChatEntry, State},
};

/// How many characters of a message a list of chats shows.
const PREVIEW_CHARS: usize = 40;

/// One message of a chat; the message itself byte for byte as it was sent.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    from: Author,
    at: i64,
    message: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quoted_message_id: Option<String>,
}

/// The messages of a chat that exists: without its first `since`, and of these the newest `limit`.
pub(super) fn messages(shared: &Shared, chat_id: &str, params: &Params) -> Result<Response, ControlRefusal> {
    let since = usize::try_from(since(params)?).unwrap_or(usize::MAX);
    let limit = limit(params)?;
    let chat: Vec<(ChatEntry, Option<String>)> = {
        let state = shared.state();
        let chat = state.chat(chat_id).map(Vec::as_slice).unwrap_or_default();
        let skip = since.max(chat.len().saturating_sub(limit));
        let quoted = |entry: &ChatEntry| {
            let message: Value = if entry.message.contains("\"quote") {
                serde_json::from_str(&entry.message).ok()?
            } else {
                return None;
            };
            let by_token = message["quoteToken"].as_str().and_then(|token| state.quote_tokens.get(token));
            let quoted = by_token.map(|quoted| quoted.message_id.as_str());
            quoted.or(message["quotedMessageId"].as_str()).map(str::to_owned)
        };
        chat.iter().skip(skip).map(|entry| (entry.clone(), quoted(entry))).collect()
    };
    let shown: Vec<Shown<'_>> = chat
        .iter()
        .filter_map(|(entry, quoted)| {
            Some(Shown {
                from: entry.from,
                at: entry.at,
                message: serde_json::from_str(&entry.message).ok()?,
                request_id: entry.request_id.as_deref(),
                message_id: &entry.message_id,
                user_id: entry.sender.as_deref(),
                quoted_message_id: quoted.clone(),
            })
        })
        .collect();
    Ok(Json(std::collections::BTreeMap::from([("messages", shown)])).into_response())
}

/// The beginning of a message, for a list of chats: its text, its alternative text, or its kind in brackets.
pub(super) fn preview(state: &State, entry: &ChatEntry) -> String {
    let message: Value = serde_json::from_str(&entry.message).unwrap_or_default();
    let text = match message["type"].as_str() {
        Some("textV2") => Some(filled(state, &message)),
        _ => message["text"].as_str().or(message["altText"].as_str()).map(str::to_owned),
    };
    let kind = || format!("[{}]", message["type"].as_str().unwrap_or_default());
    text.map_or_else(kind, |text| text.chars().take(PREVIEW_CHARS).collect())
}

/// The text of a `textV2` message with what stands for its placeholders.
fn filled(state: &State, message: &Value) -> String {
    let mut rest = message["text"].as_str().unwrap_or_default();
    let mut out = String::with_capacity(rest.len());
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = tail.strip_prefix("{{") {
            out.push('{');
            rest = after;
        } else if let Some(after) = tail.strip_prefix("}}") {
            out.push('}');
            rest = after;
        } else {
            let (key, after) = tail.get(1..).and_then(|tail| tail.split_once('}')).unwrap_or_default();
            let entry = &message["substitution"][key];
            let name = entry["mentionee"]["userId"].as_str().and_then(|id| state.people.get(id));
            match (entry["type"].as_str(), name) {
                (Some("mention"), Some(person)) => {
                    out.push('@');
                    out.push_str(&person.display_name);
                }
                (Some("mention"), None) => out.push_str("@All"),
                _ => out.push_str("(emoji)"),
            }
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
