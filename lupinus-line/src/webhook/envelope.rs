//! The body of one webhook request.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Event;
use crate::{DecodeError, WebhookEventId};

/// The body of one webhook request: any number of events, of different users and kinds, in no promised order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Envelope {
    /// User id of the bot that is meant. Absent in requests of years ago.
    pub destination: Option<String>,
    /// The events, each decoded alone. Empty when LINE only checks the address.
    pub events: Vec<Result<Event, MalformedEvent>>,
}

/// An event that did not decode, kept whole for a person to look at.
#[derive(Clone, thiserror::Error)]
#[error("a webhook event does not decode")]
#[non_exhaustive]
pub struct MalformedEvent {
    /// What is wrong.
    #[source]
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
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
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
        let wire: Wire = serde_json::from_slice(body)?;
        let events = wire.events.into_iter().map(decode_alone).collect();
        Ok(Self { destination: wire.destination, events })
    }
}

fn decode_alone(raw: Box<RawValue>) -> Result<Event, MalformedEvent> {
    Event::from_raw(raw).map_err(|(reason, raw)| {
        let webhook_event_id = serde_json::from_str::<IdOnly>(raw.get()).ok().and_then(|known| known.id);
        MalformedEvent { reason, webhook_event_id, raw }
    })
}
