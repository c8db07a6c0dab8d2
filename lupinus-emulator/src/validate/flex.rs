//! Flex: bubbles and carousels.

use serde_json::Value;

use super::{
    action::Place,
    field::Object,
    finding::{Findings, Path},
    flex_component::{Setting, component},
    flex_value::{Kind, Property, properties},
};

/// The largest bubble as compact JSON: 30 KB, taken as 30 × 1,024 bytes of UTF-8.
const MAX_BUBBLE: usize = 30 * 1024;
/// The largest carousel: 50 KB.
const MAX_CAROUSEL: usize = 50 * 1024;
/// How many bubbles a carousel may hold.
const MAX_BUBBLES: usize = 12;

const SIZES: &[&str] = &["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"];

const BUBBLE: &[Property] = &[
    ("size", Kind::Word(SIZES)),
    ("direction", Kind::Word(&["ltr", "rtl"])),
    ("header", Kind::Elsewhere),
    ("hero", Kind::Elsewhere),
    ("body", Kind::Elsewhere),
    ("footer", Kind::Elsewhere),
    ("styles", Kind::Elsewhere),
    ("action", Kind::Action(Place::Flex)),
];
const CAROUSEL: &[Property] = &[("contents", Kind::Elsewhere)];
const STYLES: &[Property] = &[
    ("header", Kind::Elsewhere),
    ("hero", Kind::Elsewhere),
    ("body", Kind::Elsewhere),
    ("footer", Kind::Elsewhere),
];
const BLOCK_STYLE: &[Property] =
    &[("backgroundColor", Kind::Color), ("separator", Kind::Flag), ("separatorColor", Kind::Color)];

/// How many images of a message may move.
const MAX_ANIMATED: usize = 10;

/// How many images in here move.
fn animated(value: &Value) -> usize {
    let moves = |value: &Value| value == &Value::Bool(true) || value == "true";
    match value {
        Value::Object(map) => {
            let own =
                map.get("type").is_some_and(|kind| kind == "image") && map.get("animated").is_some_and(moves);
            usize::from(own) + map.values().map(animated).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(animated).sum(),
        _ => 0,
    }
}

/// Checks the `contents` of the Flex message with index `message`.
pub(super) fn check(findings: &mut Findings, contents: &Value, message: usize) {
    let path = Path::flex(message);
    let Some(container) = Object::of(contents, &path, findings) else { return };
    match container.value("type").and_then(Value::as_str) {
        Some("bubble") => {
            bubble(findings, &container, false);
            size(findings, contents, &path, MAX_BUBBLE, 30);
        }
        Some("carousel") => {
            carousel(findings, &container);
            size(findings, contents, &path, MAX_CAROUSEL, 50);
        }
        Some(_) => container.note(findings, "type", "unknown type"),
        None => container.note(findings, "type", "must be specified"),
    }
    if animated(contents) > MAX_ANIMATED {
        findings.note(&path, format!("The maximum number of animated images is {MAX_ANIMATED}"));
    }
}

fn size(findings: &mut Findings, value: &Value, path: &Path<'_>, max: usize, kilobytes: usize) {
    if value.to_string().len() > max {
        findings
            .note(path, format!("Too large flex message. The maximum size of JSON data is {kilobytes} KB"));
    }
}

fn carousel(findings: &mut Findings, carousel: &Object<'_, '_>) {
    properties(findings, carousel, &[CAROUSEL]);
    let Some(bubbles) = carousel.needed_array(findings, "contents", 1, MAX_BUBBLES) else { return };
    let path = carousel.path.key("contents");
    let mut first_size = None;
    for (index, value) in bubbles.iter().enumerate() {
        let path = path.index(index);
        let Some(object) = Object::of(value, &path, findings) else { continue };
        if object.value("type").and_then(Value::as_str) != Some("bubble") {
            object.note(findings, "type", "invalid property");
            continue;
        }
        bubble(findings, &object, true);
        size(findings, value, &path, MAX_BUBBLE, 30);
        let size = object.value("size").and_then(Value::as_str).unwrap_or("mega");
        if *first_size.get_or_insert(size) != size {
            object.note(findings, "size", "must be the same in all bubbles");
        }
    }
}

fn bubble(findings: &mut Findings, bubble: &Object<'_, '_>, in_carousel: bool) {
    properties(findings, bubble, &[BUBBLE]);
    for block in ["header", "body", "footer"] {
        if let Some(value) = bubble.value(block) {
            component(findings, value, &bubble.path.key(block), Setting::Block);
        }
    }
    if let Some(value) = bubble.value("hero") {
        let size = bubble.value("size").and_then(Value::as_str).unwrap_or("mega");
        let video = !in_carousel && matches!(size, "kilo" | "mega" | "giga");
        component(findings, value, &bubble.path.key("hero"), Setting::Hero { video });
    }
    if !["header", "hero", "body", "footer"].iter().any(|block| bubble.value(block).is_some()) {
        findings.note(bubble.path, "must have at least one block");
    }
    if let Some(value) = bubble.value("styles") {
        styles(findings, value, &bubble.path.key("styles"));
    }
}

fn styles(findings: &mut Findings, value: &Value, path: &Path<'_>) {
    let Some(styles) = Object::of(value, path, findings) else { return };
    properties(findings, &styles, &[STYLES]);
    for (block, _) in STYLES {
        if let Some(value) = styles.value(block) {
            let path = path.key(block);
            if let Some(style) = Object::of(value, &path, findings) {
                properties(findings, &style, &[BLOCK_STYLE]);
            }
        }
    }
}
