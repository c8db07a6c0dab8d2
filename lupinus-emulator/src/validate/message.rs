//! Messages: what they have in common, and the simple ones.

use serde_json::Value;

use super::{
    Audience,
    action::{Place, action},
    field::{Object, Unit},
    finding::{Findings, Path},
    flex, imagemap, template, text_v2,
};
use crate::answer::Refusal;

/// How many messages one request may hold.
const MAX_MESSAGES: usize = 5;
/// The longest text of a text message, in UTF-16 code units.
pub(super) const MAX_TEXT: usize = 5_000;
/// The longest alternative text, in UTF-16 code units.
const MAX_ALT_TEXT: usize = 1_500;

const KINDS: [&str; 11] = [
    "text", "textV2", "sticker", "image", "video", "audio", "location", "coupon", "imagemap", "template",
    "flex",
];

/// Checks the `messages` of a body and the properties all sendings share.
pub(crate) fn messages(body: &Value, audience: Audience) -> Result<(), Refusal> {
    super::body(body, |findings, body| {
        body.boolean(findings, "notificationDisabled");
        if body.value("messages").is_none() {
            return body.note(findings, "messages", "May not be empty");
        }
        let list = body.needed_array(findings, "messages", 1, MAX_MESSAGES).unwrap_or_default();
        let path = body.path.key("messages");
        for (index, value) in list.iter().enumerate() {
            message(findings, value, &path.index(index), index, audience);
        }
    })
}

fn message(findings: &mut Findings, value: &Value, path: &Path<'_>, index: usize, audience: Audience) {
    let Some(message) = Object::of(value, path, findings) else { return };
    if message.needed_string(findings, "type").is_none() {
        return;
    }
    let Some(kind) = message.one_of(findings, "type", &KINDS) else { return };
    quick_reply(findings, &message);
    sender(findings, &message);
    quote(findings, &message, kind, audience);
    match kind {
        "text" => text(findings, &message),
        "textV2" => text_v2::check(findings, &message, index, audience),
        "sticker" => {
            message.needed_string(findings, "packageId");
            message.needed_string(findings, "stickerId");
        }
        "image" => media(findings, &message),
        "video" => {
            media(findings, &message);
            tracking_id(findings, &message);
        }
        "audio" => {
            message.needed_media_url(findings, "originalContentUrl");
            message.needed_integer(findings, "duration", 1);
        }
        "location" => location(findings, &message),
        "coupon" => {
            message.needed_string(findings, "couponId");
            message.name(findings, "deliveryTag", 30);
        }
        "imagemap" => {
            message.needed_text(findings, "altText", MAX_ALT_TEXT, Unit::Utf16);
            imagemap::check(findings, &message);
        }
        "template" => {
            message.needed_text(findings, "altText", MAX_ALT_TEXT, Unit::Utf16);
            template::check(findings, &message);
        }
        "flex" => {
            message.needed_text(findings, "altText", MAX_ALT_TEXT, Unit::Utf16);
            if let Some(contents) = message.needed(findings, "contents") {
                match contents {
                    Value::Object(_) => flex::check(findings, contents, index),
                    _ => findings.wrong_type(&message.path.key("contents")),
                }
            }
        }
        _ => {}
    }
}

/// Whether messages of this kind have a quote token; on others it is a property nobody knows.
pub(crate) fn can_quote(kind: &str) -> bool {
    matches!(kind, "text" | "textV2" | "sticker")
}

/// A quote token may stand on texts and stickers to one chat.
fn quote(findings: &mut Findings, message: &Object<'_, '_>, kind: &str, audience: Audience) {
    if can_quote(kind) && message.filled(findings, "quoteToken").is_some() && !audience.is_one_chat() {
        message.note(findings, "quoteToken", "Must not be specified");
    }
}

fn text(findings: &mut Findings, message: &Object<'_, '_>) {
    let Some(text) = message.needed_string(findings, "text") else { return };
    message.length(findings, "text", text, MAX_TEXT, Unit::Utf16);
    let Some(emojis) = message.array(findings, "emojis") else { return };
    if emojis.len() > 20 {
        message.note(findings, "emojis", "Size must be between 0 and 20");
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let path = message.path.key("emojis");
    for (position, value) in emojis.iter().enumerate() {
        let path = path.index(position);
        let Some(emoji) = Object::of(value, &path, findings) else { continue };
        emoji.needed_string(findings, "productId");
        emoji.needed_string(findings, "emojiId");
        let Some(index) = emoji.needed_integer(findings, "index", 0) else { continue };
        let unit = usize::try_from(index).ok().and_then(|index| units.get(index));
        if unit != Some(&u16::from(b'$')) {
            emoji.note(findings, "index", "must point at a $ of the text");
        }
    }
}

fn media(findings: &mut Findings, message: &Object<'_, '_>) {
    message.needed_media_url(findings, "originalContentUrl");
    message.needed_media_url(findings, "previewImageUrl");
}

fn tracking_id(findings: &mut Findings, message: &Object<'_, '_>) {
    const SIGNS: &[u8] = b"-.=,+*()%$&;:@{}!?<>[]";
    let Some(id) = message.filled(findings, "trackingId") else { return };
    message.length(findings, "trackingId", id, 100, Unit::Utf16);
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || SIGNS.contains(&byte)) {
        message.note(findings, "trackingId", "invalid character");
    }
}

fn location(findings: &mut Findings, message: &Object<'_, '_>) {
    message.needed_text(findings, "title", 100, Unit::Utf16);
    message.needed_text(findings, "address", 100, Unit::Utf16);
    for (key, limit) in [("latitude", 90.0), ("longitude", 180.0)] {
        let Some(value) = message.needed(findings, key) else { continue };
        match value.as_f64() {
            None => findings.wrong_type(&message.path.key(key)),
            Some(degrees) if degrees.abs() > limit => {
                message.note(findings, key, format!("Must be between -{limit} and {limit}"));
            }
            Some(_) => {}
        }
    }
}

fn sender(findings: &mut Findings, message: &Object<'_, '_>) {
    let Some(value) = message.value("sender") else { return };
    let path = message.path.key("sender");
    let Some(sender) = Object::of(value, &path, findings) else { return };
    if let Some(name) = sender.filled(findings, "name") {
        sender.length(findings, "name", name, 20, Unit::Utf16);
        if name
            .to_ascii_lowercase()
            .split(|sign: char| !sign.is_ascii_alphanumeric())
            .any(|word| word == "line")
        {
            sender.note(findings, "name", "The name contains a word that is not allowed");
        }
    }
    sender.media_url(findings, "iconUrl");
}

fn quick_reply(findings: &mut Findings, message: &Object<'_, '_>) {
    let Some(value) = message.value("quickReply") else { return };
    let path = message.path.key("quickReply");
    let Some(quick_reply) = Object::of(value, &path, findings) else { return };
    let Some(items) = quick_reply.needed_array(findings, "items", 1, 13) else { return };
    let path = path.key("items");
    for (index, value) in items.iter().enumerate() {
        let path = path.index(index);
        let Some(item) = Object::of(value, &path, findings) else { continue };
        item.one_of(findings, "type", &["action"]);
        item.media_url(findings, "imageUrl");
        if let Some(value) = item.needed(findings, "action") {
            action(findings, value, &path.key("action"), Place::QuickReply);
        }
    }
}
