//! What the inbox keeps of an event: screened, and no more than the work needs.

use jiff::Timestamp;
use lupinus_core::{
    hash::Sha256Hash,
    ids::ContactId,
    outbox::ReplyToken,
    screening::{Context, PiiKind},
};
use serde::{Deserialize, Serialize};

/// One event of one person.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Incoming {
    /// Who.
    pub(crate) contact: ContactId,
    /// By which it can be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reply: Option<ReplyToken>,
    /// When it arrived here: the token's minute counts from then.
    pub(crate) received_at: Timestamp,
    /// What happened.
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub(crate) enum What {
    /// Added the account as a friend, or unblocked it.
    Follow,
    /// Blocked it.
    Unfollow,
    /// Wrote something. The text is masked already.
    Text(Words),
    /// An invitation code, taken out of what was written.
    Code {
        /// The code.
        code: String,
    },
    /// Sent a picture, a file, a video, a voice.
    Media {
        /// The channel's name for the message.
        message: String,
        /// Of what sort.
        sort: MediaSort,
        /// The file's name, masked.
        name: Option<String>,
        /// Its size, where the channel says it.
        size_bytes: Option<u64>,
    },
    /// Tapped something that carries data of ours.
    Tap {
        /// The data.
        data: String,
        /// The date picked: `2026-07-01`.
        date: Option<String>,
        /// The time picked: `09:30`.
        time: Option<String>,
    },
    /// Took a message back.
    Unsend {
        /// The channel's name for it.
        message: String,
    },
    /// Sent something that says nothing to us: a sticker, a place.
    Other {
        /// The kind by the channel's name.
        kind: String,
    },
}

/// Words of a person, masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Words {
    /// The channel's name for the message.
    pub(crate) message: String,
    /// The text without what was masked.
    pub(crate) text: String,
    /// Of what kinds the masked parts were.
    pub(crate) masked: Vec<PiiKind>,
    /// By which rules it was masked.
    pub(crate) context: Context,
    /// Whether it is meant as a consultation, whatever the dialogue says: the person confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) confirmed: bool,
}

/// What sort of media somebody sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MediaSort {
    /// A picture.
    Image,
    /// A file.
    File,
    /// A video.
    Video,
    /// A voice message.
    Audio,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Incoming({})", self.what.name())
    }
}

impl What {
    /// The message that brought it, where an unsend could name that.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Text(words) => Some(&words.message),
            Self::Media { message, .. } => Some(message),
            _ => None,
        }
    }

    /// Whether it was screened for a draft, by milder rules than those for chats.
    pub(crate) fn is_under_milder_rules(&self) -> bool {
        match self {
            Self::Text(words) => words.context == Context::Post,
            Self::Media { name, .. } => name.is_some(),
            _ => false,
        }
    }

    /// The kind in one word, for logs.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Text(_) => "text",
            Self::Code { .. } => "code",
            Self::Media { .. } => "media",
            Self::Tap { .. } => "tap",
            Self::Unsend { .. } => "unsend",
            Self::Other { .. } => "other",
        }
    }
}

/// The lane of a person: their events are worked on one after the other. Not their address, which is personal.
pub(crate) fn lane_of(contact: &ContactId) -> String {
    Sha256Hash::of(contact.as_str().as_bytes()).to_hex().chars().take(24).collect()
}
