//! The components of Flex and what each may hold.

use serde_json::Value;

use super::{
    action::Place,
    field::Object,
    finding::{Findings, Path},
    flex_value::{BORDERS, IMAGE_SIZES, Kind, Property, SIZES, SPACES, is_amount, properties},
};

/// Where a component stands; it decides which kinds are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Header, body or footer of a bubble.
    Block,
    /// The hero of a bubble, which may be a video or not.
    Hero { video: bool },
    /// In a horizontal or vertical box.
    Box,
    /// In a baseline box.
    Baseline,
    /// What stands for a video where none can be shown.
    AltContent,
}

impl Setting {
    fn allows(self, kind: &str) -> bool {
        match self {
            Self::Block => kind == "box",
            Self::Hero { video } => matches!(kind, "box" | "image") || (video && kind == "video"),
            Self::Box => matches!(kind, "box" | "button" | "image" | "text" | "separator" | "filler"),
            Self::Baseline => matches!(kind, "icon" | "text" | "filler"),
            Self::AltContent => matches!(kind, "box" | "image"),
        }
    }
}

const PLACED: &[Property] = &[
    ("margin", Kind::PixelsOr(SPACES)),
    ("position", Kind::Word(&["relative", "absolute"])),
    ("offsetTop", Kind::ShiftOr(SPACES)),
    ("offsetBottom", Kind::ShiftOr(SPACES)),
    ("offsetStart", Kind::ShiftOr(SPACES)),
    ("offsetEnd", Kind::ShiftOr(SPACES)),
];
const FLEX: &[Property] = &[("flex", Kind::Number)];
const GRAVITY: &[Property] = &[("gravity", Kind::Word(&["top", "bottom", "center"]))];
const ALIGN: &[Property] = &[("align", Kind::Word(&["start", "end", "center"]))];
const BOX: &[Property] = &[
    ("layout", Kind::Word(&["horizontal", "vertical", "baseline"])),
    ("contents", Kind::Elsewhere),
    ("background", Kind::Elsewhere),
    ("backgroundColor", Kind::Color),
    ("borderColor", Kind::Color),
    ("borderWidth", Kind::PixelsOr(BORDERS)),
    ("cornerRadius", Kind::PixelsOr(SPACES)),
    ("width", Kind::LengthOr(&[])),
    ("maxWidth", Kind::LengthOr(&[])),
    ("height", Kind::LengthOr(&[])),
    ("maxHeight", Kind::LengthOr(&[])),
    ("spacing", Kind::PixelsOr(SPACES)),
    ("paddingAll", Kind::LengthOr(SPACES)),
    ("paddingTop", Kind::LengthOr(SPACES)),
    ("paddingBottom", Kind::LengthOr(SPACES)),
    ("paddingStart", Kind::LengthOr(SPACES)),
    ("paddingEnd", Kind::LengthOr(SPACES)),
    (
        "justifyContent",
        Kind::Word(&["flex-start", "center", "flex-end", "space-between", "space-around", "space-evenly"]),
    ),
    ("alignItems", Kind::Word(&["flex-start", "center", "flex-end"])),
    ("action", Kind::Action(Place::Flex)),
];
const BACKGROUND: &[Property] = &[
    ("angle", Kind::Elsewhere),
    ("startColor", Kind::Color),
    ("endColor", Kind::Color),
    ("centerColor", Kind::Color),
    ("centerPosition", Kind::LengthOr(&[])),
];
const BUTTON: &[Property] = &[
    ("action", Kind::Action(Place::FlexButton)),
    ("height", Kind::Word(&["sm", "md"])),
    ("style", Kind::Word(&["primary", "secondary", "link"])),
    ("color", Kind::Color),
    ("adjustMode", Kind::Word(&["shrink-to-fit"])),
    ("scaling", Kind::Flag),
];
const IMAGE: &[Property] = &[
    ("url", Kind::Url),
    ("size", Kind::LengthOr(IMAGE_SIZES)),
    ("aspectRatio", Kind::Ratio),
    ("aspectMode", Kind::Word(&["cover", "fit"])),
    ("backgroundColor", Kind::Color),
    ("animated", Kind::Animated),
    ("action", Kind::Action(Place::Flex)),
];
const VIDEO: &[Property] = &[
    ("url", Kind::Url),
    ("previewUrl", Kind::Url),
    ("altContent", Kind::Elsewhere),
    ("aspectRatio", Kind::Ratio),
    ("action", Kind::Action(Place::FlexVideo)),
];
const ICON: &[Property] = &[
    ("url", Kind::Url),
    ("size", Kind::PixelsOr(SIZES)),
    ("aspectRatio", Kind::Ratio),
    ("scaling", Kind::Flag),
];
const LETTERS: &[Property] = &[
    ("size", Kind::PixelsOr(SIZES)),
    ("color", Kind::Color),
    ("weight", Kind::Word(&["regular", "bold"])),
    ("style", Kind::Word(&["normal", "italic"])),
    ("decoration", Kind::Word(&["none", "underline", "line-through"])),
];
const TEXT: &[Property] = &[
    ("text", Kind::Elsewhere),
    ("contents", Kind::Elsewhere),
    ("wrap", Kind::Flag),
    ("maxLines", Kind::Count),
    ("lineSpacing", Kind::PixelsOr(&[])),
    ("adjustMode", Kind::Word(&["shrink-to-fit"])),
    ("scaling", Kind::Flag),
    ("action", Kind::Action(Place::Flex)),
];
const SPAN: &[Property] = &[("text", Kind::Text)];
const SEPARATOR: &[Property] = &[("margin", Kind::PixelsOr(SPACES)), ("color", Kind::Color)];

/// Checks one component and everything in it.
pub(super) fn component(findings: &mut Findings, value: &Value, path: &Path<'_>, setting: Setting) {
    let Some(object) = Object::of(value, path, findings) else { return };
    let kind = match object.value("type").and_then(Value::as_str) {
        Some(kind) if setting.allows(kind) => kind,
        Some(_) => return object.note(findings, "type", "invalid property"),
        None => return object.note(findings, "type", "must be specified"),
    };
    match kind {
        "box" => {
            properties(findings, &object, &[PLACED, FLEX, BOX]);
            if setting == Setting::Block && object.value("position").is_some_and(|place| place == "absolute")
            {
                object.note(findings, "position", "invalid property");
            }
            box_contents(findings, &object);
        }
        "button" => {
            properties(findings, &object, &[PLACED, FLEX, GRAVITY, BUTTON]);
            object.needed(findings, "action");
        }
        "image" => {
            properties(findings, &object, &[PLACED, FLEX, GRAVITY, ALIGN, IMAGE]);
            object.needed(findings, "url");
        }
        "video" => {
            properties(findings, &object, &[VIDEO]);
            object.needed(findings, "url");
            object.needed(findings, "previewUrl");
            if let Some(value) = object.needed(findings, "altContent") {
                component(findings, value, &path.key("altContent"), Setting::AltContent);
            }
        }
        "icon" => {
            properties(findings, &object, &[PLACED, ICON]);
            object.needed(findings, "url");
        }
        "text" => {
            properties(findings, &object, &[PLACED, FLEX, GRAVITY, ALIGN, LETTERS, TEXT]);
            words(findings, &object);
        }
        "separator" => properties(findings, &object, &[SEPARATOR]),
        _ => properties(findings, &object, &[FLEX]),
    }
}

fn box_contents(findings: &mut Findings, object: &Object<'_, '_>) {
    let layout = object.needed(findings, "layout").and_then(Value::as_str);
    let setting = if layout == Some("baseline") { Setting::Baseline } else { Setting::Box };
    if let Some(contents) = object.needed(findings, "contents") {
        let path = object.path.key("contents");
        match contents {
            Value::Array(contents) => {
                for (index, value) in contents.iter().enumerate() {
                    component(findings, value, &path.index(index), setting);
                }
            }
            _ => findings.wrong_type(&path),
        }
    }
    if let Some(value) = object.value("background") {
        let path = object.path.key("background");
        if let Some(background) = Object::of(value, &path, findings) {
            self::background(findings, &background);
        }
    }
}

fn background(findings: &mut Findings, background: &Object<'_, '_>) {
    properties(findings, background, &[BACKGROUND]);
    if background.needed(findings, "type").is_some_and(|kind| kind != "linearGradient") {
        background.note(findings, "type", "invalid property");
    }
    for key in ["startColor", "endColor"] {
        background.needed(findings, key);
    }
    if let Some(angle) = background.needed(findings, "angle") {
        let right = angle.as_str().is_some_and(|text| {
            is_amount(text, "deg")
                && text.trim_end_matches("deg").parse::<f64>().is_ok_and(|degrees| degrees < 360.0)
        });
        if !right {
            background.note(findings, "angle", "invalid property");
        }
    }
}

/// A text has spans, or words of its own that are not empty.
fn words(findings: &mut Findings, object: &Object<'_, '_>) {
    match object.value("contents") {
        Some(Value::Array(spans)) if !spans.is_empty() => {
            let path = object.path.key("contents");
            for (index, value) in spans.iter().enumerate() {
                let path = path.index(index);
                let Some(span) = Object::of(value, &path, findings) else { continue };
                match span.value("type").and_then(Value::as_str) {
                    Some("span") => properties(findings, &span, &[LETTERS, SPAN]),
                    _ => span.note(findings, "type", "invalid property"),
                }
            }
            return;
        }
        Some(Value::Array(_)) | None => {}
        Some(_) => return findings.wrong_type(&object.path.key("contents")),
    }
    match object.value("text") {
        None => object.note(findings, "text", "must be specified"),
        Some(Value::String(text)) if text.is_empty() => {
            object.note(findings, "text", "must be non-empty text");
        }
        Some(Value::String(_)) => {}
        Some(_) => findings.wrong_type(&object.path.key("text")),
    }
}
