//! Messages that people send to the bot.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::{MarkAsReadToken, MessageId, QuoteToken, RawJson, UserId};

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
    #[serde(default)]
    pub emojis: Vec<Emoji>,
    /// Who is mentioned in the text.
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

/// Who is mentioned in a text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// The people, at most 20.
    #[serde(default)]
    pub mentionees: Vec<Mentionee>,
}

/// Somebody, or everybody, mentioned in a text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Mentionee {
    /// Where the mention begins, in UTF-16 code units.
    pub index: u32,
    /// How long it is, in UTF-16 code units.
    pub length: u32,
    /// `user`, `all`, or newer. Absent in events of years ago.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Who, if they allowed it.
    pub user_id: Option<UserId>,
    /// Whether it is this bot.
    pub is_self: Option<bool>,
}

/// An image, a video or a sound.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReceivedMedia {
    /// Where the bytes are. Absent in events of years ago, when they were always LINE's.
    pub content_provider: Option<ContentProvider>,
    /// Length of a video or sound, in milliseconds.
    pub duration: Option<u64>,
    /// Which of several images sent together this is.
    pub image_set: Option<ImageSet>,
}

/// Where the bytes of a message are.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ContentProvider {
    /// `line`: fetch them by message id. `external`: at the address given, never by id.
    #[serde(rename = "type")]
    pub kind: String,
    /// Address of the content, if external.
    pub original_content_url: Option<String>,
    /// Address of a smaller image, if external.
    pub preview_image_url: Option<String>,
}

/// One of several images sent together. They arrive as events of their own, in no promised order.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ImageSet {
    /// Names the set.
    pub id: String,
    /// Which one, from 1. Some phones leave it out.
    pub index: Option<u32>,
    /// Of how many. Some phones leave it out.
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
    pub title: Option<String>,
    /// Its address.
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
    /// How it moves and sounds, by LINE's name; LINE adds names without notice.
    pub sticker_resource_type: Option<String>,
    /// What it may mean; experimental on LINE's side.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The words that the sender put on it.
    pub text: Option<String>,
}

impl ReceivedMedia {
    /// Whether the bytes can be fetched from LINE by the message id.
    pub fn is_hosted_by_line(&self) -> bool {
        self.content_provider.as_ref().is_none_or(|provider| provider.kind == "line")
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common {
    id: MessageId,
    quote_token: Option<QuoteToken>,
    mark_as_read_token: Option<MarkAsReadToken>,
    quoted_message_id: Option<MessageId>,
}

impl<'de> Deserialize<'de> for ReceivedMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        let common = Common::deserialize(raw.value()).map_err(D::Error::custom)?;
        let value = raw.value();
        let content = match raw.kind() {
            Some("text") => ReceivedText::deserialize(value).map(MessageContent::Text),
            Some("image") => ReceivedMedia::deserialize(value).map(MessageContent::Image),
            Some("video") => ReceivedMedia::deserialize(value).map(MessageContent::Video),
            Some("audio") => ReceivedMedia::deserialize(value).map(MessageContent::Audio),
            Some("file") => ReceivedFile::deserialize(value).map(MessageContent::File),
            Some("location") => ReceivedLocation::deserialize(value).map(MessageContent::Location),
            Some("sticker") => ReceivedSticker::deserialize(value).map(MessageContent::Sticker),
            _ => Ok(MessageContent::Unknown(raw.clone())),
        };
        Ok(Self {
            id: common.id,
            quote_token: common.quote_token,
            mark_as_read_token: common.mark_as_read_token,
            quoted_message_id: common.quoted_message_id,
            content: content.map_err(D::Error::custom)?,
        })
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
    Mention,
    Mentionee,
    ReceivedMedia,
    ContentProvider,
    ImageSet,
    ReceivedFile,
    ReceivedLocation,
    ReceivedSticker
);
