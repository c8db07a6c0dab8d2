//! Pictures, videos, recordings and files that people sent, and the pictures of their profiles.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// What the bytes came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ContentKind {
    Image,
    Video,
    Audio,
    File,
    /// The picture of a person's profile: no message, and so nothing a bot fetches with its token.
    Portrait,
}

/// The bytes of one message, or of a profile.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) kind: ContentKind,
    pub(crate) media_type: String,
    /// Stored beside the rest.
    #[serde(skip)]
    pub(crate) data: Bytes,
    /// When it can be fetched (videos and audio are prepared first).
    pub(crate) ready_at: Millis,
    pub(crate) unsent: bool,
}

impl ContentKind {
    /// The kind that belongs to a message type.
    pub(crate) fn of(message_type: &str) -> Option<Self> {
        match message_type {
            "image" => Some(Self::Image),
            "video" => Some(Self::Video),
            "audio" => Some(Self::Audio),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    /// Whether the platform prepares it before it can be fetched.
    pub(crate) fn is_transcoded(self) -> bool {
        matches!(self, Self::Video | Self::Audio)
    }
}
