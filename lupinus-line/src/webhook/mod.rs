//! Webhooks: from signed bytes to events.
//!
//! ```
//! use lupinus_line::ChannelSecret;
//! use lupinus_line::webhook::{self, EventKind};
//!
//! let secrets = [ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0")];
//! let body = br#"{"destination":"U00112233445566778899aabbccddeeff","events":[]}"#;
//! let signature = b"6gL+qRtAgRB5/vB2OCVga9z1qh5g8J+zMvXPj99edGs=";
//!
//! let envelope = webhook::verify(&secrets, Some(signature), body)?.parse()?;
//! for event in envelope.events {
//!     match event {
//!         Ok(event) => match event.kind {
//!             EventKind::Follow(_) => println!("a new friend"),
//!             other => println!("{}", other.name()),
//!         },
//!         Err(malformed) => println!("kept for a person to look at: {malformed}"),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod envelope;
mod event;
#[cfg(feature = "axum")]
mod extract;
mod kind;
mod mention;
mod repeat;
mod signature;
mod source;

pub use content::{
    ContentProvider, Emoji, ImageSet, MessageContent, ProviderKind, ReceivedFile, ReceivedLocation,
    ReceivedMedia, ReceivedMessage, ReceivedSticker, ReceivedText, StickerResourceType,
};
pub use envelope::{Envelope, MalformedEvent};
pub use event::{Event, Mode};
#[cfg(feature = "axum")]
pub use extract::{MAX_BODY_BYTES, SignedBody, WebhookConfig, WebhookRejection};
pub use kind::{
    AccountLink, Beacon, BeaconKind, EventKind, Follow, LinkResult, Members, Membership, MembershipKind,
    MenuSwitch, Module, ModuleKind, Postback, PostbackParams,
};
pub use mention::{Mention, Mentionee, Span};
pub use repeat::{Deduplicator, RecentEvents, SeenError, SeenEvents, Sighting};
pub use signature::{SIGNATURE_HEADER, SignatureError, Verified, sign, verify};
pub use source::Source;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::RawJson;

/// Decodes a part of an event; where it holds what no Rust type does, what [`RawJson`] makes of that.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(json).or_else(|error| {
        let nearest =
            RawJson::read(json).ok().and_then(|raw| serde_json::from_str(&raw.value().to_string()).ok());
        nearest.ok_or(error)
    })
}

/// A property that an event can do without: one of a form that nobody foresaw is as good as absent, as is `null`.
/// The event keeps its text.
fn odd_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(read(raw.get()).unwrap_or_default())
}

/// The same for each entry of a list.
fn odd_are_left_out<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let entries: Vec<Box<RawValue>> = odd_is_default(deserializer)?;
    Ok(entries.iter().filter_map(|entry| read(entry.get()).ok()).collect())
}
