//! The body of one webhook request.

use std::fmt;

use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Event, odd_is_default};
use crate::{DecodeError, WebhookEventId};

/// The body of one webhook request: any number of events, of different users and kinds, in no promised order.
///
/// Serialises to the JSON that came, with all that this crate has no name for; the events alone would lose what LINE
/// adds beside them. Only [`Verified::parse`](super::Verified::parse) makes one.
#[derive(Clone)]
#[non_exhaustive]
pub struct Envelope {
    /// User id of the bot that is meant. Absent in requests of years ago.
    pub destination: Option<String>,
    /// The events, each decoded alone. Empty when LINE only checks the address.
    pub events: Vec<Result<Event, MalformedEvent>>,
    raw: Box<str>,
}

/// An event that did not decode, kept whole for a person to look at.
#[derive(Clone, thiserror::Error)]
#[error("a webhook event does not decode: {reason}")]
#[non_exhaustive]
pub struct MalformedEvent {
    /// What is wrong, and where in `raw`.
    pub reason: DecodeError,
    /// The event's id, where at least that could be read.
    pub webhook_event_id: Option<WebhookEventId>,
    /// The event as it came. May hold personal data.
    pub raw: Box<RawValue>,
}

impl fmt::Debug for MalformedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MalformedEvent")
            .field("reason", &self.reason)
            .field("webhook_event_id", &self.webhook_event_id)
            .finish_non_exhaustive()
    }
}

impl Serialize for MalformedEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "odd_is_default")]
    destination: Option<String>,
    events: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct IdOnly {
    #[serde(rename = "webhookEventId")]
    id: Option<WebhookEventId>,
}

impl Envelope {
    pub(super) fn parse(body: &[u8]) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(body).map_err(|_| DecodeError::SYNTAX)?;
        let wire: Wire = serde_json::from_str(text)?;
        let events = wire.events.into_iter().map(decode_alone).collect();
        Ok(Self { destination: wire.destination, events, raw: text.into() })
    }

    /// The body as it came, byte for byte. May hold personal data.
    pub fn raw_json(&self) -> &str {
        &self.raw
    }
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.raw).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("destination", &self.destination)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

fn decode_alone(raw: Box<RawValue>) -> Result<Event, MalformedEvent> {
    Event::from_raw(raw).map_err(|(reason, raw)| {
        let webhook_event_id = serde_json::from_str::<IdOnly>(raw.get()).ok().and_then(|known| known.id);
        MalformedEvent { reason, webhook_event_id, raw }
    })
}
