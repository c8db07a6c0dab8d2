//! A message of any kind.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::media::{AudioMessage, ImageMessage, LocationMessage, StickerMessage, VideoMessage};
use super::{
    CouponMessage, FlexMessage, ImagemapMessage, InvalidMessage, QuickReply, Sender, TemplateMessage, Text,
    TextMessage, TextV2Message,
};

/// One message to send. `Debug` shows its kind only.
///
/// Made from the typed messages of this module, or from JSON ([`from_json`](Self::from_json)) for what LINE adds later.
/// As JSON it can be stored and comes back byte for byte the same on the wire.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    #[serde(flatten)]
    body: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<Sender>,
}

#[derive(Clone, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Body {
    Text(TextMessage),
    TextV2(TextV2Message),
    Sticker(StickerMessage),
    Image(ImageMessage),
    Video(VideoMessage),
    Audio(AudioMessage),
    Location(LocationMessage),
    Coupon(CouponMessage),
    Imagemap(Box<ImagemapMessage>),
    Template(Box<TemplateMessage>),
    Flex(FlexMessage),
    #[serde(untagged)]
    Raw(Map<String, Value>),
}

impl Message {
    /// A text message.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long.
    pub fn text(text: impl Into<String>) -> Result<Self, InvalidMessage> {
        Text::new(text).map(Self::from)
    }

    /// A message as JSON, taken as it is: for kinds without a type here, and for stored messages. Only that it is an
    /// object with a `type` is checked; [`Client::validate`](crate::Client::validate) asks LINE for the rest.
    ///
    /// # Errors
    /// [`InvalidMessage::NotAMessage`].
    pub fn from_json(json: Value) -> Result<Self, InvalidMessage> {
        match json {
            Value::Object(map) if map.get("type").is_some_and(Value::is_string) => {
                Ok(Self { body: Body::Raw(map), quick_reply: None, sender: None })
            }
            _ => Err(InvalidMessage::NotAMessage),
        }
    }

    /// Offers answers to tap. Only those of the last message of a request are shown.
    pub fn with_quick_reply(mut self, quick_reply: QuickReply) -> Self {
        if let Body::Raw(map) = &mut self.body {
            map.remove("quickReply");
        }
        self.quick_reply = Some(quick_reply);
        self
    }

    /// Shows another name or picture than the account's beside this message.
    pub fn with_sender(mut self, sender: Sender) -> Self {
        if let Body::Raw(map) = &mut self.body {
            map.remove("sender");
        }
        self.sender = Some(sender);
        self
    }

    /// The kind by LINE's name, such as `text` or `flex`.
    pub fn kind(&self) -> &str {
        match &self.body {
            Body::Text(_) => "text",
            Body::TextV2(_) => "textV2",
            Body::Sticker(_) => "sticker",
            Body::Image(_) => "image",
            Body::Video(_) => "video",
            Body::Audio(_) => "audio",
            Body::Location(_) => "location",
            Body::Coupon(_) => "coupon",
            Body::Imagemap(_) => "imagemap",
            Body::Template(_) => "template",
            Body::Flex(_) => "flex",
            Body::Raw(map) => map.get("type").and_then(Value::as_str).unwrap_or_default(),
        }
    }
}

macro_rules! bodies {
    ($($message:ident => $body:ident),+ $(,)?) => {
        $(impl From<$message> for Message {
            fn from(message: $message) -> Self {
                Self { body: Body::$body(message.into()), quick_reply: None, sender: None }
            }
        })+
    };
}

bodies! {
    TextMessage => Text,
    TextV2Message => TextV2,
    StickerMessage => Sticker,
    ImageMessage => Image,
    VideoMessage => Video,
    AudioMessage => Audio,
    LocationMessage => Location,
    CouponMessage => Coupon,
    ImagemapMessage => Imagemap,
    TemplateMessage => Template,
    FlexMessage => Flex,
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        TextMessage::new(text).into()
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("kind", &self.kind()).finish_non_exhaustive()
    }
}
