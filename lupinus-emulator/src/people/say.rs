//! Writing, sending pictures and files, and taking back.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{ControlError, Done, Place, Wait, invalid, object, send};
use crate::{
    ids,
    shared::Shared,
    state::{Author, ChatEntry, Content, ContentKind, GroupKind, State},
    webhook,
};

/// What became of something said.
pub(crate) struct Said {
    pub(crate) message_id: String,
    /// `None` when the account is not in the group, and so hears nothing.
    pub(crate) event_id: Option<String>,
}

/// Says or sends something: `message` as the control call takes it.
pub(crate) async fn say(shared: &Arc<Shared>, place: Place<'_>, message: Value, wait: Wait) -> Done<Said> {
    let Value::Object(message) = message else { return Err(invalid("a message must be a JSON object")) };
    let (message_id, event) = {
        let mut state = shared.state();
        let heard = place.is_heard(&state)?;
        let parts = received(&message)?;
        put(&mut state, place, heard, parts)
    };
    let event_id = match event {
        Some(event) => Some(send(shared, event, wait).await),
        None => None,
    };
    Ok(Said { message_id, event_id })
}

/// Says or sends something through a web app that was opened in a chat; gives the events of it. `messages` are such as an account
/// sends, and were judged before.
pub(crate) fn share(state: &mut State, place: Place<'_>, messages: &[Value]) -> Done<Vec<Value>> {
    let heard = place.is_heard(state)?;
    let parts: Vec<Received> = messages.iter().map(shared_message).collect::<Done<_>>()?;
    let mut events = Vec::new();
    for parts in parts {
        // Of templates and Flex messages LINE tells the bot nothing.
        let told = heard && !matches!(parts.shown["type"].as_str(), Some("template" | "flex"));
        events.extend(put(state, place, told, parts).1);
    }
    Ok(events)
}

/// A message that an account could send, as one of a person.
fn shared_message(message: &Value) -> Done<Received> {
    let external = || {
        json!({"type": "external", "originalContentUrl": message["originalContentUrl"],
            "previewImageUrl": message["previewImageUrl"]})
    };
    let message = match message["type"].as_str() {
        Some("template" | "flex") => {
            let mut shown = object(message.clone());
            shown.insert("id".to_owned(), json!(""));
            return Ok(Received { shown, quotable: false, content: None });
        }
        Some("text") => json!({"type": "text", "text": message["text"]}),
        Some(kind @ ("image" | "video")) => json!({"type": kind, "contentProvider": external()}),
        Some("audio") => {
            let provider = json!({"type": "external", "originalContentUrl": message["originalContentUrl"]});
            json!({"type": "audio", "contentProvider": provider, "duration": message["duration"]})
        }
        _ => message.clone(),
    };
    received(&object(message))
}

/// Puts a message into the chat; gives its id and, if the account hears it, the event.
fn put(state: &mut State, place: Place<'_>, heard: bool, parts: Received) -> (String, Option<Value>) {
    let message_id = state.new_message_id();
    let at = state.clock.now();
    if let Some((kind, media_type, data)) = parts.content {
        let wait = if kind.is_transcoded() { state.settings.transcoding_ms } else { 0 };
        let ready_at = at.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX));
        let content = Content { kind, media_type, data, ready_at, unsent: false };
        state.contents.insert(message_id.clone(), content);
    }
    let mut shown = parts.shown;
    shown.insert("id".to_owned(), json!(message_id));
    let entry = ChatEntry {
        from: Author::User,
        at,
        message_id: message_id.clone(),
        message: Value::Object(shown.clone()).to_string().into(),
        request_id: None,
        sender: place.group_id.map(|_| place.user_id.into()),
    };
    if place.group_id.is_none()
        && let Some(person) = state.people.get_mut(place.user_id)
    {
        person.last_wrote_at = Some(at);
    }
    let read_up_to = state.append(place.chat_id(), entry);
    if !heard {
        return (message_id, None);
    }
    if parts.quotable {
        shown.insert("quoteToken".to_owned(), json!(state.new_quote_token(place.chat_id(), &message_id)));
    }
    let read_token = ids::hex32();
    shown.insert("markAsReadToken".to_owned(), json!(read_token));
    state.read_tokens.insert(read_token, (place.chat_id().to_owned(), read_up_to));
    let event = json!({"type": "message", "source": place.source(state), "message": shown});
    (message_id, Some(webhook::complete(state, object(event))))
}

/// A message from a person, taken apart.
struct Received {
    /// The message as the webhook shows it, without id and tokens.
    shown: Map<String, Value>,
    quotable: bool,
    content: Option<(ContentKind, String, Bytes)>,
}

/// What a text may have besides: its name, whether a value fits, and what would.
type Extra = (&'static str, fn(&Value) -> bool, &'static str);

const EXTRAS: [Extra; 3] = [
    ("emojis", is_list_of_objects, "a list of objects with index, length, productId and emojiId"),
    ("mention", |value| is_list_of_objects(&value["mentionees"]), "an object with a list of mentionees"),
    ("quotedMessageId", Value::is_string, "a string"),
];

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_object))
}

/// Whether a message can stand in a chat: what the account or a person sent, or the rest of what was taken back.
pub(crate) fn is_shown(message: &str) -> bool {
    let Ok(Value::Object(message)) = serde_json::from_str(message) else { return false };
    let text = |key: &str| message.get(key).is_some_and(Value::is_string);
    text("type")
        && (message["type"] != "text" || text("text"))
        && EXTRAS.iter().all(|(key, fits, _)| message.get(*key).is_none_or(fits))
}

fn received(message: &Map<String, Value>) -> Done<Received> {
    let text = |key: &str| message.get(key).and_then(Value::as_str);
    let needed = |key: &str| text(key).ok_or_else(|| invalid(format!("{key} must be a string")));
    let kind = needed("type")?;
    if let Some(content_kind) = ContentKind::of(kind) {
        return media(message, kind, content_kind);
    }
    let shown = match kind {
        "text" => {
            let words = needed("text")?;
            if words.is_empty() {
                return Err(invalid("text must not be empty"));
            }
            let mut shown = json!({"type": "text", "id": "", "text": words});
            for (key, fits, form) in EXTRAS {
                if let Some(value) = message.get(key) {
                    if !fits(value) {
                        return Err(invalid(format!("{key} must be {form}")));
                    }
                    shown[key] = value.clone();
                }
            }
            shown
        }
        "sticker" => json!({
            "type": "sticker",
            "id": "",
            "packageId": text("packageId").unwrap_or("446"),
            "stickerId": text("stickerId").unwrap_or("1988"),
            "stickerResourceType": text("stickerResourceType").unwrap_or("STATIC"),
        }),
        "location" => {
            let mut shown = json!({"type": "location", "id": ""});
            for key in ["title", "address"] {
                if let Some(value) = text(key) {
                    shown[key] = json!(value);
                }
            }
            for key in ["latitude", "longitude"] {
                let number = message.get(key).filter(|value| value.is_number());
                shown[key] = number.ok_or_else(|| invalid(format!("{key} must be a number")))?.clone();
            }
            shown
        }
        _ => return Err(invalid("type must be text, image, video, audio, file, sticker or location")),
    };
    Ok(Received { shown: object(shown), quotable: kind != "location", content: None })
}

fn media(message: &Map<String, Value>, kind: &str, content_kind: ContentKind) -> Done<Received> {
    let text = |key: &str| message.get(key).and_then(Value::as_str);
    let mut shown = json!({"type": kind, "id": ""});
    let quotable = matches!(content_kind, ContentKind::Image | ContentKind::Video);
    if content_kind != ContentKind::File {
        let provider = message.get("contentProvider").cloned().unwrap_or_else(|| json!({"type": "line"}));
        let external = provider["type"] == json!("external");
        shown["contentProvider"] = provider;
        for key in ["imageSet", "duration"] {
            if let Some(value) = message.get(key) {
                shown[key] = value.clone();
            }
        }
        if external {
            return Ok(Received { shown: object(shown), quotable, content: None });
        }
    }
    let encoded = text("content").ok_or_else(|| invalid("content must be the bytes in Base64"))?;
    let data = STANDARD.decode(encoded).map_err(|_| invalid("content is not Base64"))?;
    let usual = match content_kind {
        ContentKind::Image => "image/jpeg",
        ContentKind::Video => "video/mp4",
        ContentKind::Audio => "audio/x-m4a",
        ContentKind::File | ContentKind::Portrait => "application/octet-stream",
    };
    if content_kind == ContentKind::File {
        shown["fileName"] = json!(text("fileName").unwrap_or("file"));
        shown["fileSize"] = json!(data.len());
    }
    let content_type = text("contentType").unwrap_or(usual).to_owned();
    Ok(Received {
        shown: object(shown),
        quotable,
        content: Some((content_kind, content_type, Bytes::from(data))),
    })
}

/// Puts other words into a message: `edit` as the control call takes it. The message keeps its id.
pub(crate) async fn edit(
    shared: &Arc<Shared>,
    place: Place<'_>,
    edit: Value,
    wait: Wait,
) -> Done<Option<String>> {
    let text = |key: &str| edit[key].as_str().ok_or_else(|| invalid(format!("{key} must be a string")));
    let (message_id, words) = (text("messageId")?, text("text")?);
    if words.is_empty() {
        return Err(invalid("text must not be empty"));
    }
    let event = {
        let mut state = shared.state();
        let heard = place.is_heard(&state)?;
        if !place.group_id.is_some_and(|id| id.starts_with(GroupKind::Group.head())) {
            return Err(invalid("LINE lets people edit in groups only"));
        }
        let entry = own_message(&mut state, place, message_id)?;
        let old: Value = serde_json::from_str(&entry.message).unwrap_or_default();
        if old["type"] != "text" {
            return Err(invalid("LINE lets people edit texts only"));
        }
        let mut message = json!({"id": message_id, "type": "text", "text": words});
        for (key, fits, form) in EXTRAS.iter().filter(|(key, ..)| *key != "quotedMessageId") {
            if !edit[key].is_null() {
                if !fits(&edit[key]) {
                    return Err(invalid(format!("{key} must be {form}")));
                }
                message[key] = edit[key].clone();
            }
        }
        let mut shown = message.clone();
        shown["edited"] = json!(true);
        if !old["quotedMessageId"].is_null() {
            shown["quotedMessageId"] = old["quotedMessageId"].clone();
        }
        entry.message = shown.to_string().into();
        if !heard {
            return Ok(None);
        }
        message["quoteToken"] = json!(state.new_quote_token(place.chat_id(), message_id));
        let event = json!({"type": "messageEdited", "source": place.source(&state), "message": message});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// A message that this person wrote at this place.
fn own_message<'s>(state: &'s mut State, place: Place<'_>, message_id: &str) -> Done<&'s mut ChatEntry> {
    let own = place.group_id.map(|_| place.user_id);
    let chat = state.chat_mut(place.chat_id()).into_iter().flatten();
    chat.rev()
        .find(|entry| {
            entry.from == Author::User && entry.message_id == message_id && entry.sender.as_deref() == own
        })
        .ok_or(ControlError::Unknown("this message of the user"))
}

/// Takes a message back: its words vanish from the chat and its bytes are gone.
pub(crate) async fn unsend(
    shared: &Arc<Shared>,
    place: Place<'_>,
    message_id: &str,
    wait: Wait,
) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let heard = place.is_heard(&state)?;
        let entry = own_message(&mut state, place, message_id)?;
        entry.message = json!({"type": "unsent", "id": message_id}).to_string().into();
        if let Some(content) = state.contents.get_mut(message_id) {
            content.unsent = true;
            content.data = Bytes::new();
        }
        if !heard {
            return Ok(None);
        }
        let source = place.source(&state);
        let event = json!({"type": "unsend", "source": source, "unsend": {"messageId": message_id}});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send(shared, event, wait).await))
}
