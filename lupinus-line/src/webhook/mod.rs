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

use crate::decode::{odd_are_left_out, odd_is_default, read};
