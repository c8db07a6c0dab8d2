//! One event: what all kinds have in common.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::kind::EventKind;
use super::{ReceivedMessage, Source, odd_is_default, read};
use crate::open::open_enum;
use crate::{DecodeError, ReplyToken, UserId, WebhookEventId};

/// One webhook event. Serialises to exactly the JSON that came, unknown properties included.
///
/// A property that is optional, here and in all below, is `None` (a list empty) where LINE sends a value of another form
/// than it documents; [`raw_json`](Self::raw_json) has what came. Only what a kind cannot do without makes an event
/// [malformed](super::MalformedEvent).
#[derive(Clone)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Whether the bot may answer. [`Mode::Unknown`] of an empty name if it is no text.
    pub mode: Mode,
    /// When it happened (not when it was sent), in milliseconds; order events by this.
    pub timestamp: Timestamp,
    /// Where it happened. Some kinds have none.
    pub source: Option<Source>,
    /// The same in every redelivery: drop what was seen before. Absent in events of years ago.
    pub webhook_event_id: Option<WebhookEventId>,
    /// Whether LINE says that it sent this event before. A repeat can come without this, too.
    pub is_redelivery: bool,
    /// Answers this event, once.
    pub reply_token: Option<ReplyToken>,
    raw: Box<RawValue>,
}

open_enum! {
    /// Whether the bot may answer an event.
    Mode {
        /// It may.
        Active = "active",
        /// Another module has the chat: send nothing.
        Standby = "standby",
    }
}

impl Event {
    /// Decodes one event that was kept as text.
    ///
    /// # Errors
    /// [`DecodeError`] when it is no event, or an event of a known kind without what that kind needs. It says where in `json`.
    pub fn from_json(json: &str) -> Result<Self, DecodeError> {
        let raw: &RawValue = serde_json::from_str(json)?;
        Self::from_raw(raw.to_owned()).map_err(|(error, _)| error.in_part(json, raw.get()))
    }

    /// The event as it came, byte for byte.
    pub fn raw_json(&self) -> &str {
        self.raw.get()
    }

    /// The user who acted, where known.
    pub fn user_id(&self) -> Option<&UserId> {
        self.source.as_ref().and_then(Source::user_id)
    }

    /// The message, if this event is a message or the edit of one.
    pub fn message(&self) -> Option<&ReceivedMessage> {
        match &self.kind {
            EventKind::Message(message) | EventKind::MessageEdited(message) => Some(message),
            _ => None,
        }
    }

    pub(super) fn from_raw(raw: Box<RawValue>) -> Result<Self, (DecodeError, Box<RawValue>)> {
        match decode(raw.get()) {
            Ok(head) => Ok(Self {
                kind: head.kind,
                mode: head.mode,
                timestamp: head.timestamp,
                source: head.source,
                webhook_event_id: head.webhook_event_id,
                is_redelivery: head.is_redelivery,
                reply_token: head.reply_token,
                raw,
            }),
            Err(error) => Err((error, raw)),
        }
    }
}

struct Head {
    kind: EventKind,
    mode: Mode,
    timestamp: Timestamp,
    source: Option<Source>,
    webhook_event_id: Option<WebhookEventId>,
    is_redelivery: bool,
    reply_token: Option<ReplyToken>,
}

/// An event before its payload is decoded: each kind keeps what is its own under another name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) name: Cow<'a, str>,
    #[serde(borrow)]
    mode: Option<&'a RawValue>,
    timestamp: i64,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(borrow)]
    webhook_event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    delivery_context: Option<&'a RawValue>,
    #[serde(borrow)]
    reply_token: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) unsend: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) follow: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) joined: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) left: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) postback: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) video_play_complete: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) beacon: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) link: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) membership: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) delivery: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) module: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) chat_control: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryContext {
    #[serde(default, deserialize_with = "odd_is_default")]
    is_redelivery: bool,
}

fn decode(raw: &str) -> Result<Head, DecodeError> {
    let wire: Wire<'_> = serde_json::from_str(raw)?;
    let timestamp = Timestamp::from_millisecond(wire.timestamp);
    Ok(Head {
        kind: EventKind::decode(&wire, raw)?,
        // Whoever cannot read whether it may answer does not answer.
        mode: wire.mode.map_or(Mode::Active, |mode| read(mode.get()).unwrap_or(Mode::Unknown(String::new()))),
        timestamp: timestamp.map_err(|_| DecodeError::SHAPE.in_property("timestamp"))?,
        source: optional(wire.source),
        webhook_event_id: optional(wire.webhook_event_id),
        is_redelivery: optional::<DeliveryContext>(wire.delivery_context)
            .is_some_and(|context| context.is_redelivery),
        reply_token: optional(wire.reply_token),
    })
}

fn optional<T: DeserializeOwned>(raw: Option<&RawValue>) -> Option<T> {
    raw.and_then(|raw| read(raw.get()).ok())
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_raw(raw).map_err(|(reason, _)| D::Error::custom(reason))
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind.name())
            .field("mode", &self.mode)
            .field("timestamp", &self.timestamp)
            .field("webhook_event_id", &self.webhook_event_id)
            .field("is_redelivery", &self.is_redelivery)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.raw.get() == other.raw.get()
    }
}
