//! Messages that people send to the bot.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::mention::Mention;
use super::{odd_are_left_out, odd_is_default, read};
use crate::open::open_enum;
use crate::{MarkAsReadToken, MessageId, QuoteToken, RawJson};

/// A message somebody sent, or what an edit made of it. `Debug` prints no content.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ReceivedMessage {
    /// Names the message; by it an image, video, audio or file is fetched.
    pub id: MessageId,
    /// Lets the bot quote this message. Text, stickers, images and videos have one.
    pub quote_token: Option<QuoteToken>,
    /// Lets the bot mark this message, and all before it, as read.
    pub mark_as_read_token: Option<MarkAsReadToken>,
    /// The message that this one quotes.
    pub quoted_message_id: Option<MessageId>,
    /// What it says.
    pub content: MessageContent,
}

/// What a message says.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageContent {
    /// Text.
    Text(ReceivedText),
    /// An image.
    Image(ReceivedMedia),
    /// A video.
    Video(ReceivedMedia),
    /// A voice message or another sound.
    Audio(ReceivedMedia),
    /// A file of any kind.
    File(ReceivedFile),
    /// A place.
    Location(ReceivedLocation),
    /// A sticker.
    Sticker(ReceivedSticker),
    /// A kind this crate does not know, kept whole.
    Unknown(RawJson),
}

/// A text somebody wrote.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedText {
    /// The text. LINE's own emoji appear as `(name)`, mentions as `@name`.
    pub text: String,
    /// LINE's own emoji in the text.
    #[serde(default, deserialize_with = "odd_are_left_out")]
    pub emojis: Vec<Emoji>,
    /// Who is mentioned in the text.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub mention: Option<Mention>,
}

/// One of LINE's own emoji in a text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Emoji {
    /// Where it begins, in UTF-16 code units.
    pub index: u32,
    /// How long its placeholder is, in UTF-16 code units.
    pub length: u32,
    /// The set it belongs to.
    pub product_id: String,
    /// Which of the set.
    pub emoji_id: String,
}

/// An image, a video or a sound.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReceivedMedia {
    /// Where the bytes are. Absent in events of years ago, when they were always LINE's.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub content_provider: Option<ContentProvider>,
    /// Length of a video or sound, in milliseconds.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub duration: Option<u64>,
    /// Which of several images sent together this is.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub image_set: Option<ImageSet>,
}

/// Where the bytes of a message are.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ContentProvider {
    /// Whose bytes they are.
    #[serde(rename = "type")]
    pub kind: ProviderKind,
    /// Address of the content, if external.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub original_content_url: Option<String>,
    /// Address of a smaller image, if external.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub preview_image_url: Option<String>,
}

open_enum! {
    /// Who keeps the bytes of a message.
    ProviderKind {
        /// LINE: fetch them by message id.
        Line = "line",
        /// Somebody else, at the address given: never by id.
        External = "external",
    }
}

/// One of several images sent together. They arrive as events of their own, in no promised order.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ImageSet {
    /// Names the set.
    pub id: String,
    /// Which one, from 1. Some phones leave it out.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub index: Option<u32>,
    /// Of how many. Some phones leave it out.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub total: Option<u32>,
}

/// A file.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReceivedFile {
    /// Its name on the sender's side. May be personal.
    pub file_name: String,
    /// Its size in bytes.
    #[serde(rename = "fileSize")]
    pub size_bytes: u64,
}

/// A place.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedLocation {
    /// Its name.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub title: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub address: Option<String>,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A sticker. Its image cannot be fetched.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReceivedSticker {
    /// The set it belongs to.
    pub package_id: String,
    /// Which of the set.
    pub sticker_id: String,
    /// How it moves and sounds.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub sticker_resource_type: Option<StickerResourceType>,
    /// What it may mean; experimental on LINE's side.
    #[serde(default, deserialize_with = "odd_are_left_out")]
    pub keywords: Vec<String>,
    /// The words that the sender put on it.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub text: Option<String>,
}

open_enum! {
    /// How a sticker moves and sounds. LINE adds names without notice.
    StickerResourceType {
        /// A picture.
        Static = "STATIC",
        /// It moves.
        Animation = "ANIMATION",
        /// It sounds.
        Sound = "SOUND",
        /// It moves and sounds.
        AnimationSound = "ANIMATION_SOUND",
        /// It fills the screen.
        Popup = "POPUP",
        /// It fills the screen and sounds.
        PopupSound = "POPUP_SOUND",
        /// It carries a name chosen beforehand.
        NameText = "NAME_TEXT",
        /// It carries words that its owner chose once.
        Custom = "CUSTOM",
        /// It carries words that the sender wrote on it.
        Message = "MESSAGE",
        /// Each of its set carries words of its own.
        PerStickerText = "PER_STICKER_TEXT",
    }
}

impl ReceivedMedia {
    /// Whether the bytes can be fetched from LINE by the message id.
    pub fn is_hosted_by_line(&self) -> bool {
        self.content_provider.as_ref().is_none_or(|provider| provider.kind == ProviderKind::Line)
    }
}

impl MessageContent {
    /// The kind by LINE's name, fit for logs and metrics; `"unknown"` for one this crate does not know.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::File(_) => "file",
            Self::Location(_) => "location",
            Self::Sticker(_) => "sticker",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl ReceivedMessage {
    /// The text, if it is a text message.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            MessageContent::Text(text) => Some(&text.text),
            _ => None,
        }
    }
}

/// What all kinds of messages share.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    id: MessageId,
    #[serde(default, deserialize_with = "odd_is_default")]
    quote_token: Option<QuoteToken>,
    #[serde(default, deserialize_with = "odd_is_default")]
    mark_as_read_token: Option<MarkAsReadToken>,
    #[serde(default, deserialize_with = "odd_is_default")]
    quoted_message_id: Option<MessageId>,
}

impl ReceivedMessage {
    fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        let common: Common<'_> = serde_json::from_str(text)?;
        let content = match common.kind.as_deref() {
            Some("text") => MessageContent::Text(read(text)?),
            Some("image") => MessageContent::Image(read(text)?),
            Some("video") => MessageContent::Video(read(text)?),
            Some("audio") => MessageContent::Audio(read(text)?),
            Some("file") => MessageContent::File(read(text)?),
            // As it is: there is no place at the nearest number to infinity.
            Some("location") => MessageContent::Location(serde_json::from_str(text)?),
            Some("sticker") => MessageContent::Sticker(read(text)?),
            _ => MessageContent::Unknown(RawJson::read(text)?),
        };
        Ok(Self {
            id: common.id,
            quote_token: common.quote_token,
            mark_as_read_token: common.mark_as_read_token,
            quoted_message_id: common.quoted_message_id,
            content,
        })
    }
}

impl<'de> Deserialize<'de> for ReceivedMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_text(raw.get()).map_err(D::Error::custom)
    }
}

impl fmt::Debug for ReceivedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedMessage")
            .field("id", &self.id)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MessageContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! without_content {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}

without_content!(
    ReceivedText,
    Emoji,
    ReceivedMedia,
    ContentProvider,
    ImageSet,
    ReceivedFile,
    ReceivedLocation,
    ReceivedSticker
);
