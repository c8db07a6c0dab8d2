//! What people do: follow, block, write, tap, take back. The control calls and the library share it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{
    ids,
    shared::Shared,
    state::{Author, ChatEntry, Content, ContentKind, Friendship, Person, State},
    webhook,
};

/// Why a control call did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no such person, message or event.
    #[error("{0} is unknown")]
    Unknown(&'static str),
    /// The call makes no sense as it stands.
    #[error("{0}")]
    Invalid(String),
    /// The person has blocked the account, and so sends it nothing.
    #[error("this person has blocked the account")]
    Blocked,
}

/// The result of a control call.
pub(crate) type Done<T> = Result<T, ControlError>;

/// Whether a control call waits for the first try of its webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    ForFirstTry,
    No,
}

fn invalid(message: impl Into<String>) -> ControlError {
    ControlError::Invalid(message.into())
}

fn person<'s>(state: &'s mut State, user_id: &str) -> Done<&'s mut Person> {
    state.people.get_mut(user_id).ok_or(ControlError::Unknown("this user"))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn source(user_id: &str) -> Value {
    json!({"type": "user", "userId": user_id})
}

/// A new person, under `user_id` if one is given.
pub(crate) fn create(shared: &Shared, name: &str, user_id: Option<&str>) -> Done<String> {
    let mut state = shared.state();
    let id = user_id.map_or_else(ids::user_id, str::to_owned);
    if !ids::is_user_id(&id) {
        return Err(invalid("userId must be U and 32 lower-case hex digits"));
    }
    if state.people.contains_key(&id) {
        return Err(invalid("this userId is taken"));
    }
    state.people.insert(id.clone(), Person::new(name.to_owned()));
    Ok(id)
}

/// Completes one event and sends it alone; gives its id.
async fn send_one(shared: &Arc<Shared>, event: Value, wait: Wait) -> String {
    let id = event["webhookEventId"].as_str().unwrap_or_default().to_owned();
    webhook::send(shared, vec![event], wait == Wait::ForFirstTry).await;
    id
}

/// Adds the account; `None` when it was a friend already.
pub(crate) async fn follow(shared: &Arc<Shared>, user_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let person = person(&mut state, user_id)?;
        let before = std::mem::replace(&mut person.friendship, Friendship::Friend);
        if before == Friendship::Friend {
            return Ok(None);
        }
        let unblocked = before == Friendship::Blocked;
        let event =
            json!({"type": "follow", "source": source(user_id), "follow": {"isUnblocked": unblocked}});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send_one(shared, event, wait).await))
}

/// Blocks the account; `None` when it was blocked already.
pub(crate) async fn unfollow(shared: &Arc<Shared>, user_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let person = person(&mut state, user_id)?;
        let before = std::mem::replace(&mut person.friendship, Friendship::Blocked);
        if before == Friendship::Blocked {
            return Ok(None);
        }
        webhook::complete(&mut state, object(json!({"type": "unfollow", "source": source(user_id)})))
    };
    Ok(Some(send_one(shared, event, wait).await))
}

/// What became of something said.
pub(crate) struct Said {
    pub(crate) message_id: String,
    pub(crate) event_id: String,
}

/// Says or sends something: `message` as the control call takes it.
pub(crate) async fn say(shared: &Arc<Shared>, user_id: &str, message: Value, wait: Wait) -> Done<Said> {
    let Value::Object(message) = message else { return Err(invalid("a message must be a JSON object")) };
    let (event, message_id) = {
        let mut state = shared.state();
        if person(&mut state, user_id)?.friendship == Friendship::Blocked {
            return Err(ControlError::Blocked);
        }
        let parts = received(&message)?;
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
        };
        let person = person(&mut state, user_id)?;
        person.last_wrote_at = Some(at);
        person.chat.push(entry);
        let read_up_to = person.chat.len();
        if parts.quotable {
            shown.insert("quoteToken".to_owned(), json!(state.new_quote_token(user_id)));
        }
        let read_token = ids::hex32();
        shown.insert("markAsReadToken".to_owned(), json!(read_token));
        state.read_tokens.insert(read_token, (user_id.to_owned(), read_up_to));
        let event = json!({"type": "message", "source": source(user_id), "message": shown});
        (webhook::complete(&mut state, object(event)), message_id)
    };
    let event_id = send_one(shared, event, wait).await;
    Ok(Said { message_id, event_id })
}

/// A message from a person, taken apart.
struct Received {
    /// The message as the webhook shows it, without id and tokens.
    shown: Map<String, Value>,
    quotable: bool,
    content: Option<(ContentKind, String, Bytes)>,
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
            for key in ["emojis", "mention", "quotedMessageId"] {
                if let Some(value) = message.get(key) {
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
        ContentKind::File => "application/octet-stream",
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

/// Taps something: `tap` as the control call takes it.
pub(crate) async fn postback(shared: &Arc<Shared>, user_id: &str, tap: Value, wait: Wait) -> Done<String> {
    let data = tap["data"].as_str().ok_or_else(|| invalid("data must be a string"))?.to_owned();
    let event = {
        let mut state = shared.state();
        if person(&mut state, user_id)?.friendship == Friendship::Blocked {
            return Err(ControlError::Blocked);
        }
        let mut postback = json!({"data": data});
        if !tap["params"].is_null() {
            postback["params"] = tap["params"].clone();
        }
        if let Some(alias) = tap["richMenuAliasId"].as_str() {
            postback["params"] = switch_menu(&mut state, user_id, alias);
        }
        if let Some(words) = tap["displayText"].as_str() {
            let message_id = state.new_message_id();
            let message = json!({"type": "text", "id": message_id, "text": words}).to_string().into();
            let at = state.clock.now();
            let entry = ChatEntry { from: Author::User, at, message_id, message, request_id: None };
            person(&mut state, user_id)?.chat.push(entry);
        }
        let event = json!({"type": "postback", "source": source(user_id), "postback": postback});
        webhook::complete(&mut state, object(event))
    };
    Ok(send_one(shared, event, wait).await)
}

/// Switches the person's rich menu by alias; gives the parameters of the postback.
fn switch_menu(state: &mut State, user_id: &str, alias: &str) -> Value {
    let Some(menu) = state.rich_menus.alias(alias).map(str::to_owned) else {
        return json!({"status": "RICHMENU_ALIAS_ID_NOTFOUND"});
    };
    if !state.rich_menus.is_usable(&menu) {
        return json!({"newRichMenuAliasId": alias, "status": "RICHMENU_NOTFOUND"});
    }
    if let Some(person) = state.people.get_mut(user_id) {
        person.rich_menu = Some(menu);
    }
    json!({"newRichMenuAliasId": alias, "status": "SUCCESS"})
}

/// Takes a message back: its words vanish from the chat and its bytes are gone.
pub(crate) async fn unsend(
    shared: &Arc<Shared>,
    user_id: &str,
    message_id: &str,
    wait: Wait,
) -> Done<String> {
    let event = {
        let mut state = shared.state();
        let person = person(&mut state, user_id)?;
        if person.friendship == Friendship::Blocked {
            return Err(ControlError::Blocked);
        }
        let entry = person
            .chat
            .iter_mut()
            .rev()
            .find(|entry| entry.from == Author::User && entry.message_id == message_id)
            .ok_or(ControlError::Unknown("this message of the user"))?;
        entry.message = json!({"type": "unsent", "id": message_id}).to_string().into();
        if let Some(content) = state.contents.get_mut(message_id) {
            content.unsent = true;
            content.data = Bytes::new();
        }
        let event = json!({"type": "unsend", "source": source(user_id), "unsend": {"messageId": message_id}});
        webhook::complete(&mut state, object(event))
    };
    Ok(send_one(shared, event, wait).await)
}

/// Sends any events in one body, completed where they lack common properties.
pub(crate) async fn send_events(shared: &Arc<Shared>, events: Vec<Value>, wait: Wait) -> Done<Vec<String>> {
    let events = {
        let mut state = shared.state();
        let mut completed = Vec::with_capacity(events.len());
        for event in events {
            let Value::Object(event) = event else { return Err(invalid("each event must be a JSON object")) };
            completed.push(webhook::complete(&mut state, event));
        }
        completed
    };
    let ids = webhook::event_ids(&events);
    webhook::send(shared, events, wait == Wait::ForFirstTry).await;
    Ok(ids)
}

/// Sends a former event once more, with or without the redelivery flag.
pub(crate) async fn repeat(shared: &Arc<Shared>, event_id: &str, flagged: bool, wait: Wait) -> Done<()> {
    let known = shared.state().events.get(event_id).cloned();
    let mut event = known.ok_or(ControlError::Unknown("this webhookEventId"))?;
    event["deliveryContext"]["isRedelivery"] = json!(flagged);
    webhook::send(shared, vec![event], wait == Wait::ForFirstTry).await;
    Ok(())
}
