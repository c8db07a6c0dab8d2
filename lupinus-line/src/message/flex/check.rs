//! The one check of a Flex layout, however it was made.
//!
//! What LINE is known to refuse is refused here; properties this crate does not know are left to LINE.

use serde_json::Value;

use crate::message::action::{
    MAX_ACTION_TEXT_GRAPHEMES, MAX_CLIPBOARD_UTF16, MAX_DATA_UTF16, MAX_FLEX_LABEL_GRAPHEMES, check_uri,
};
use crate::message::media::MAX_MEDIA_URL_UTF16;
use crate::message::units::{check_count, check_graphemes, check_https, check_utf16};
use crate::message::{InvalidMessage, Unit};

/// Largest bubble, in bytes of UTF-8 JSON. LINE says 30 KB without saying of how many bytes; this is the smaller reading
/// ([source](https://developers.line.biz/en/reference/messaging-api/#bubble)).
pub const MAX_BUBBLE_BYTES: usize = 30_000;
/// Largest carousel, in bytes of UTF-8 JSON, read as for [`MAX_BUBBLE_BYTES`]
/// ([source](https://developers.line.biz/en/reference/messaging-api/#f-carousel)).
pub const MAX_CAROUSEL_BYTES: usize = 50_000;
/// Most bubbles in a carousel (same source).
pub const MAX_BUBBLES: usize = 12;

/// Deepest nesting that is looked at: far above any real layout, far below the stack.
const MAX_DEPTH: usize = 64;

pub(super) fn container(value: &Value) -> Result<(), InvalidMessage> {
    match kind(value) {
        Some("carousel") => carousel(value),
        Some("bubble") => {
            check_bytes("bubble", value, MAX_BUBBLE_BYTES)?;
            bubble(value, "", false)
        }
        _ => Err(InvalidMessage::NotAMessage),
    }
}

fn carousel(value: &Value) -> Result<(), InvalidMessage> {
    check_bytes("carousel", value, MAX_CAROUSEL_BYTES)?;
    let bubbles = value.get("contents").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    check_count("carousel.contents", bubbles.len(), 1, MAX_BUBBLES)?;
    let size = |bubble: &Value| bubble.get("size").and_then(Value::as_str).unwrap_or("mega").to_owned();
    let first = bubbles.first().map(size);
    for (index, each) in bubbles.iter().enumerate() {
        let pointer = format!("/contents/{index}");
        if kind(each) != Some("bubble") {
            return Err(at(&pointer, InvalidMessage::Form { field: "type" }));
        }
        if Some(size(each)) != first {
            return Err(at(&pointer, InvalidMessage::Form { field: "size" }));
        }
        bubble(each, &pointer, true)?;
    }
    Ok(())
}

fn bubble(value: &Value, pointer: &str, in_carousel: bool) -> Result<(), InvalidMessage> {
    let mut empty = true;
    for part in ["header", "hero", "body", "footer"] {
        let Some(component) = value.get(part) else { continue };
        empty = false;
        let pointer = format!("{pointer}/{part}");
        let allowed = match (part, kind(component)) {
            ("hero", Some("image")) | (_, Some("box")) => true,
            ("hero", Some("video")) => {
                let size = value.get("size").and_then(Value::as_str).unwrap_or("mega");
                !in_carousel && matches!(size, "kilo" | "mega" | "giga")
            }
            _ => false,
        };
        if !allowed {
            return Err(at(&pointer, InvalidMessage::Form { field: "type" }));
        }
        self::component(component, &pointer, 0)?;
    }
    if empty {
        return Err(at(pointer, InvalidMessage::Empty { field: "bubble" }));
    }
    optional_action(value, pointer, false)
}

fn component(value: &Value, pointer: &str, depth: usize) -> Result<(), InvalidMessage> {
    if depth > MAX_DEPTH {
        return Err(at(pointer, InvalidMessage::Form { field: "contents" }));
    }
    for property in ["color", "backgroundColor", "borderColor"] {
        if let Some(color) = value.get(property).and_then(Value::as_str)
            && !is_color(color)
        {
            return Err(at(&format!("{pointer}/{property}"), InvalidMessage::Form { field: "color" }));
        }
    }
    match kind(value) {
        Some("box") => return flex_box(value, pointer, depth),
        Some("text") => text(value, pointer)?,
        Some("button") => {
            let Some(action) = value.get("action") else {
                return Err(at(pointer, InvalidMessage::Empty { field: "action" }));
            };
            check_action(action, true).map_err(|problem| at(&format!("{pointer}/action"), problem))?;
        }
        Some("image") => {
            media(value, "url", pointer)?;
            aspect_ratio(value, pointer)?;
        }
        Some("icon") => media(value, "url", pointer)?,
        Some("video") => {
            media(value, "url", pointer)?;
            media(value, "previewUrl", pointer)?;
            let Some(instead) = value.get("altContent") else {
                return Err(at(pointer, InvalidMessage::Empty { field: "altContent" }));
            };
            component(instead, &format!("{pointer}/altContent"), depth + 1)?;
        }
        Some(_) => {}
        None => return Err(at(pointer, InvalidMessage::Empty { field: "type" })),
    }
    optional_action(value, pointer, false)
}

fn flex_box(value: &Value, pointer: &str, depth: usize) -> Result<(), InvalidMessage> {
    let layout = value.get("layout").and_then(Value::as_str);
    let Some(layout @ ("horizontal" | "vertical" | "baseline")) = layout else {
        return Err(at(pointer, InvalidMessage::Form { field: "layout" }));
    };
    let Some(children) = value.get("contents").and_then(Value::as_array) else {
        return Err(at(pointer, InvalidMessage::Empty { field: "contents" }));
    };
    for (index, child) in children.iter().enumerate() {
        let pointer = format!("{pointer}/contents/{index}");
        let allowed = match kind(child) {
            Some("box" | "button" | "image" | "separator") => layout != "baseline",
            Some("icon") => layout == "baseline",
            Some("span" | "video" | "bubble" | "carousel") => false,
            _ => true,
        };
        if !allowed {
            return Err(at(&pointer, InvalidMessage::Form { field: "type" }));
        }
        component(child, &pointer, depth + 1)?;
    }
    optional_action(value, pointer, false)
}

fn text(value: &Value, pointer: &str) -> Result<(), InvalidMessage> {
    let text = value.get("text").and_then(Value::as_str);
    let spans = value.get("contents").and_then(Value::as_array);
    match (text, spans) {
        (_, Some(spans)) if !spans.is_empty() => {
            if let Some(index) = spans.iter().position(|span| kind(span) != Some("span")) {
                let pointer = format!("{pointer}/contents/{index}");
                return Err(at(&pointer, InvalidMessage::Form { field: "type" }));
            }
            Ok(())
        }
        (Some(text), _) if !text.is_empty() => Ok(()),
        _ => Err(at(&format!("{pointer}/text"), InvalidMessage::Empty { field: "text" })),
    }
}

fn media(value: &Value, property: &'static str, pointer: &str) -> Result<(), InvalidMessage> {
    let url = value.get(property).and_then(Value::as_str).unwrap_or_default();
    check_https(property, url, MAX_MEDIA_URL_UTF16)
        .map_err(|problem| at(&format!("{pointer}/{property}"), problem))
}

fn aspect_ratio(value: &Value, pointer: &str) -> Result<(), InvalidMessage> {
    let Some(ratio) = value.get("aspectRatio") else { return Ok(()) };
    let side = |text: &str| text.parse::<u32>().ok().filter(|side| (1..=100_000).contains(side));
    let fits = ratio.as_str().and_then(|ratio| ratio.split_once(':')).is_some_and(|(width, height)| {
        matches!((side(width), side(height)), (Some(width), Some(height)) if height <= width * 3)
    });
    if fits {
        Ok(())
    } else {
        Err(at(&format!("{pointer}/aspectRatio"), InvalidMessage::Form { field: "aspectRatio" }))
    }
}

fn optional_action(value: &Value, pointer: &str, label_required: bool) -> Result<(), InvalidMessage> {
    let Some(action) = value.get("action") else { return Ok(()) };
    check_action(action, label_required).map_err(|problem| at(&format!("{pointer}/action"), problem))
}

fn check_action(action: &Value, label_required: bool) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    match property("label") {
        Some(label) if label_required || !label.is_empty() => {
            check_graphemes("action.label", label, MAX_FLEX_LABEL_GRAPHEMES)?;
        }
        None if label_required => return Err(InvalidMessage::Empty { field: "action.label" }),
        _ => {}
    }
    match kind(action) {
        Some("uri") => check_uri(property("uri").unwrap_or_default()),
        Some("postback") => {
            if let Some(text) = property("displayText") {
                check_graphemes("action.displayText", text, MAX_ACTION_TEXT_GRAPHEMES)?;
            }
            check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16)
        }
        Some("datetimepicker") => {
            check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16)
        }
        Some("message") => {
            check_graphemes("action.text", property("text").unwrap_or_default(), MAX_ACTION_TEXT_GRAPHEMES)
        }
        Some("clipboard") => check_utf16(
            "action.clipboardText",
            property("clipboardText").unwrap_or_default(),
            MAX_CLIPBOARD_UTF16,
        ),
        Some("camera" | "cameraRoll" | "location" | "richmenuswitch") => {
            Err(InvalidMessage::ActionNotAllowed { place: "a Flex message" })
        }
        Some(_) => Ok(()),
        None => Err(InvalidMessage::Empty { field: "action.type" }),
    }
}

fn check_bytes(field: &'static str, value: &Value, max: usize) -> Result<(), InvalidMessage> {
    let len = value.to_string().len();
    if len > max { Err(InvalidMessage::TooLong { field, len, max, unit: Unit::Bytes }) } else { Ok(()) }
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn kind(value: &Value) -> Option<&str> {
    value.get("type").and_then(Value::as_str)
}

fn at(pointer: &str, problem: InvalidMessage) -> InvalidMessage {
    InvalidMessage::Flex { pointer: pointer.to_owned(), problem: Box::new(problem) }
}
