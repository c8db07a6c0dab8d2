//! The one check of a Flex layout, however it was made.
//!
//! What LINE is known to refuse is refused here, a known property of another JSON type included; kinds and properties this
//! crate does not know are left to LINE.

mod action;
mod property;

use std::fmt::Display;

use serde_json::{Map, Value};

use action::{Place, check_action};
use property::properties;
pub use property::{MAX_ANGLE_DEGREES, MAX_RATIO_HEIGHT, MAX_RATIO_PART};

use crate::message::units::check_count;
use crate::message::{InvalidMessage, Unit};

/// Largest bubble, in bytes of UTF-8 JSON. LINE says 30 KB without saying of how many bytes; this is the smaller reading
/// ([source](https://developers.line.biz/en/reference/messaging-api/#bubble)).
pub const MAX_BUBBLE_BYTES: usize = 30_000;
/// Largest carousel, in bytes of UTF-8 JSON, read as for [`MAX_BUBBLE_BYTES`], which each of its bubbles keeps to as well
/// ([source](https://developers.line.biz/en/reference/messaging-api/#f-carousel)).
pub const MAX_CAROUSEL_BYTES: usize = 50_000;
/// Most bubbles in a carousel (same source).
pub const MAX_BUBBLES: usize = 12;
/// Most images that move in one message
/// ([source](https://developers.line.biz/en/reference/messaging-api/#f-image)).
pub const MAX_ANIMATED: usize = 10;
/// Most boxes inside one another. LINE states no bound; this is far above any layout that can be seen, far below the stack.
pub const MAX_DEPTH: usize = 64;

/// The parts of a bubble.
const PARTS: [&str; 4] = ["header", "hero", "body", "footer"];
/// Bubbles that may have a video for a hero
/// ([source](https://developers.line.biz/en/reference/messaging-api/#f-video)).
const SIZES_WITH_VIDEO: [&str; 3] = ["kilo", "mega", "giga"];
/// The size of a bubble that names none.
const DEFAULT_SIZE: &str = "mega";

pub(super) fn container(value: &Value) -> Result<(), InvalidMessage> {
    let mut animated = 0;
    match kind(value) {
        Some("carousel") => carousel(value, &mut animated),
        Some("bubble") => {
            check_bytes("bubble", value, MAX_BUBBLE_BYTES)?;
            bubble(value, false, &mut animated)
        }
        _ => Err(InvalidMessage::NotAMessage),
    }?;
    check_count("animated", animated, 0, MAX_ANIMATED)
}

fn carousel(value: &Value, animated: &mut usize) -> Result<(), InvalidMessage> {
    let bytes = check_bytes("carousel", value, MAX_CAROUSEL_BYTES)?;
    properties("carousel", object(value)?)?;
    let bubbles = value.get("contents").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    check_count("carousel.contents", bubbles.len(), 1, MAX_BUBBLES)?;
    let size = |bubble: &Value| bubble.get("size").and_then(Value::as_str).unwrap_or(DEFAULT_SIZE).to_owned();
    let first = bubbles.first().map(size);
    for (index, each) in bubbles.iter().enumerate() {
        let checked = if kind(each) != Some("bubble") {
            Err(InvalidMessage::Form { field: "type" })
        } else if Some(size(each)) != first {
            Err(InvalidMessage::Form { field: "size" })
        } else if bytes > MAX_BUBBLE_BYTES {
            check_bytes("bubble", each, MAX_BUBBLE_BYTES).and_then(|_| bubble(each, true, animated))
        } else {
            bubble(each, true, animated)
        };
        within("contents", within(index, checked))?;
    }
    Ok(())
}

fn bubble(value: &Value, in_carousel: bool, animated: &mut usize) -> Result<(), InvalidMessage> {
    let map = object(value)?;
    properties("bubble", map)?;
    let mut empty = true;
    for part in PARTS {
        let Some(component) = known(map, part) else { continue };
        empty = false;
        let allowed = match (part, kind(component)) {
            ("hero", Some("image")) | (_, Some("box")) => true,
            ("hero", Some("video")) => {
                let size = known(map, "size").and_then(Value::as_str).unwrap_or(DEFAULT_SIZE);
                !in_carousel && SIZES_WITH_VIDEO.contains(&size)
            }
            _ => false,
        };
        let checked = if !allowed {
            Err(InvalidMessage::Form { field: "type" })
        } else if component.get("position").and_then(Value::as_str) == Some("absolute") {
            Err(at("position", InvalidMessage::Form { field: "position" }))
        } else {
            self::component(component, 0, animated)
        };
        within(part, checked)?;
    }
    if empty {
        return Err(flex(String::new(), InvalidMessage::Empty { field: "bubble" }));
    }
    known(map, "styles").map_or(Ok(()), |styles| within("styles", block_styles(styles)))
}

fn block_styles(value: &Value) -> Result<(), InvalidMessage> {
    let styles = object(value)?;
    properties("(styles)", styles)?;
    for part in PARTS {
        if let Some(style) = known(styles, part) {
            within(part, object(style).and_then(|style| properties("(block style)", style)))?;
        }
    }
    Ok(())
}

fn component(value: &Value, depth: usize, animated: &mut usize) -> Result<(), InvalidMessage> {
    if depth > MAX_DEPTH {
        return Err(InvalidMessage::Form { field: "contents" });
    }
    let map = object(value)?;
    let kind = needed_kind(value, "type")?;
    properties(kind, map)?;
    let needed = |name: &'static str| match known(map, name) {
        Some(value) => Ok(value),
        None => Err(InvalidMessage::Empty { field: name }),
    };
    match kind {
        "box" => flex_box(map, depth, animated),
        "text" => text(map),
        "button" => needed("action").map(drop),
        "image" => {
            if known(map, "animated") == Some(&Value::Bool(true)) {
                *animated += 1;
            }
            needed("url").map(drop)
        }
        "icon" => needed("url").map(drop),
        "video" => {
            needed("url")?;
            needed("previewUrl")?;
            let instead = needed("altContent")?;
            let checked = match self::kind(instead) {
                Some("box" | "image") => component(instead, depth + 1, animated),
                _ => Err(InvalidMessage::Form { field: "type" }),
            };
            within("altContent", checked)
        }
        _ => Ok(()),
    }
}

fn flex_box(map: &Map<String, Value>, depth: usize, animated: &mut usize) -> Result<(), InvalidMessage> {
    let layout = known(map, "layout").and_then(Value::as_str);
    let Some(layout @ ("horizontal" | "vertical" | "baseline")) = layout else {
        return Err(InvalidMessage::Form { field: "layout" });
    };
    let Some(children) = known(map, "contents").and_then(Value::as_array) else {
        return Err(InvalidMessage::Empty { field: "contents" });
    };
    for (index, child) in children.iter().enumerate() {
        let allowed = match kind(child) {
            Some("box" | "button" | "image" | "separator") => layout != "baseline",
            Some("icon") => layout == "baseline",
            Some("span" | "video" | "bubble" | "carousel") => false,
            _ => true,
        };
        let checked = if allowed {
            component(child, depth + 1, animated)
        } else {
            Err(InvalidMessage::Form { field: "type" })
        };
        within("contents", within(index, checked))?;
    }
    known(map, "background").map_or(Ok(()), |background| within("background", gradient(background)))
}

fn gradient(value: &Value) -> Result<(), InvalidMessage> {
    let map = object(value)?;
    let kind = needed_kind(value, "type")?;
    properties(kind, map)?;
    let needed: &[&str] = if kind == "linearGradient" { &["angle", "startColor", "endColor"] } else { &[] };
    if needed.iter().all(|name| known(map, name).is_some()) {
        Ok(())
    } else {
        Err(InvalidMessage::Empty { field: "background" })
    }
}

fn text(map: &Map<String, Value>) -> Result<(), InvalidMessage> {
    let spans = known(map, "contents").and_then(Value::as_array);
    if let Some(spans) = spans.filter(|spans| !spans.is_empty()) {
        for (index, span) in spans.iter().enumerate() {
            let checked = match kind(span) {
                Some("span") => object(span).and_then(|span| properties("span", span)),
                _ => Err(InvalidMessage::Form { field: "type" }),
            };
            within("contents", within(index, checked))?;
        }
        return Ok(());
    }
    match known(map, "text").and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(()),
        _ => Err(at("text", InvalidMessage::Empty { field: "text" })),
    }
}

/// Its length, if that is allowed.
fn check_bytes(field: &'static str, value: &Value, max: usize) -> Result<usize, InvalidMessage> {
    let len = value.to_string().len();
    if len > max { Err(InvalidMessage::TooLong { field, len, max, unit: Unit::Bytes }) } else { Ok(len) }
}

fn object(value: &Value) -> Result<&Map<String, Value>, InvalidMessage> {
    value.as_object().ok_or(InvalidMessage::Form { field: "type" })
}

/// A property that says something.
fn known<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).filter(|value| !value.is_null())
}

fn kind(value: &Value) -> Option<&str> {
    value.get("type").and_then(Value::as_str)
}

/// The kind of what has to have one; `field` is its name in an error.
fn needed_kind<'a>(value: &'a Value, field: &'static str) -> Result<&'a str, InvalidMessage> {
    match object(value).map(|map| known(map, "type"))? {
        Some(Value::String(kind)) => Ok(kind),
        Some(_) => Err(at("type", InvalidMessage::Form { field })),
        None => Err(InvalidMessage::Empty { field }),
    }
}

/// Says that a fault was found under this property or index.
fn within(segment: impl Display, checked: Result<(), InvalidMessage>) -> Result<(), InvalidMessage> {
    checked.map_err(|problem| at(segment, problem))
}

fn at(segment: impl Display, problem: InvalidMessage) -> InvalidMessage {
    match problem {
        InvalidMessage::Flex { pointer, problem } => {
            InvalidMessage::Flex { pointer: format!("/{segment}{pointer}"), problem }
        }
        problem => flex(format!("/{segment}"), problem),
    }
}

fn flex(pointer: String, problem: InvalidMessage) -> InvalidMessage {
    InvalidMessage::Flex { pointer, problem: Box::new(problem) }
}
