//! Which properties a component has, and what each of them may be.

use serde_json::{Map, Value};

use super::{Place, at, check_action, within};
use crate::message::InvalidMessage;
use crate::message::media::MAX_MEDIA_URL_UTF16;
use crate::message::units::check_https;

/// Largest part of an aspect ratio
/// ([source](https://developers.line.biz/en/reference/messaging-api/#f-image)).
pub const MAX_RATIO_PART: f64 = 100_000.0;
/// How many times as high as wide an image, icon or video may be (same source).
pub const MAX_RATIO_HEIGHT: f64 = 3.0;
/// The angle of a gradient is below this, in degrees
/// ([source](https://developers.line.biz/en/reference/messaging-api/#box)).
pub const MAX_ANGLE_DEGREES: f64 = 360.0;

/// What a property may be.
#[derive(Clone, Copy)]
enum Rule {
    /// One of these words.
    Word(&'static [&'static str]),
    /// Pixels, or one of these words.
    Px(&'static [&'static str]),
    /// Pixels, per cent, or one of these words.
    PxOrPercent(&'static [&'static str]),
    /// Per cent, at most 100.
    Percent,
    /// Degrees, below [`MAX_ANGLE_DEGREES`].
    Degrees,
    /// `#RRGGBB` or `#RRGGBBAA`.
    Color,
    /// `width:height`.
    Ratio,
    /// A number from 0.
    Share,
    /// A whole number from 0.
    Whole,
    /// `true` or `false`.
    Flag,
    /// A text of at least one character.
    Words,
    /// The address of an image or video.
    Url,
    /// An action.
    Action(Place),
    /// Any text. More of it is checked where it stands.
    Text,
    /// A list, whose entries are checked where it stands.
    List,
    /// An object with a check of its own.
    Own,
}

type Table = &'static [(&'static str, Rule)];

const SPACINGS: &[&str] = &["none", "xs", "sm", "md", "lg", "xl", "xxl"];
const SIZES: &[&str] = &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"];
const IMAGE_SIZES: &[&str] = &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl", "full"];
const BORDERS: &[&str] = &["none", "light", "normal", "medium", "semi-bold", "bold"];
const JUSTIFY: &[&str] =
    &["center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"];

const BUBBLE: Table = &[
    ("size", Rule::Word(&["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"])),
    ("direction", Rule::Word(&["ltr", "rtl"])),
    ("header", Rule::Own),
    ("hero", Rule::Own),
    ("body", Rule::Own),
    ("footer", Rule::Own),
    ("styles", Rule::Own),
    ("action", Rule::Action(Place::Anywhere)),
];
const CAROUSEL: Table = &[("contents", Rule::List)];
const STYLES: Table =
    &[("header", Rule::Own), ("hero", Rule::Own), ("body", Rule::Own), ("footer", Rule::Own)];
const STYLE: Table =
    &[("backgroundColor", Rule::Color), ("separator", Rule::Flag), ("separatorColor", Rule::Color)];
const GRADIENT: Table = &[
    ("angle", Rule::Degrees),
    ("startColor", Rule::Color),
    ("endColor", Rule::Color),
    ("centerColor", Rule::Color),
    ("centerPosition", Rule::Percent),
];
const PLACED: Table = &[
    ("margin", Rule::Px(SPACINGS)),
    ("position", Rule::Word(&["relative", "absolute"])),
    ("offsetTop", Rule::PxOrPercent(SPACINGS)),
    ("offsetBottom", Rule::PxOrPercent(SPACINGS)),
    ("offsetStart", Rule::PxOrPercent(SPACINGS)),
    ("offsetEnd", Rule::PxOrPercent(SPACINGS)),
];
const SHARED: Table = &[("flex", Rule::Share)];
const GRAVITY: Table = &[("gravity", Rule::Word(&["top", "bottom", "center"]))];
const ALIGN: Table = &[("align", Rule::Word(&["start", "end", "center"]))];
const LETTERS: Table = &[
    ("size", Rule::Px(SIZES)),
    ("color", Rule::Color),
    ("weight", Rule::Word(&["regular", "bold"])),
    ("style", Rule::Word(&["normal", "italic"])),
    ("decoration", Rule::Word(&["none", "underline", "line-through"])),
];
const FITTED: Table = &[("adjustMode", Rule::Word(&["shrink-to-fit"])), ("scaling", Rule::Flag)];
const BOX: Table = &[
    ("layout", Rule::Word(&["horizontal", "vertical", "baseline"])),
    ("contents", Rule::List),
    ("spacing", Rule::Px(SPACINGS)),
    ("paddingAll", Rule::PxOrPercent(SPACINGS)),
    ("paddingTop", Rule::PxOrPercent(SPACINGS)),
    ("paddingBottom", Rule::PxOrPercent(SPACINGS)),
    ("paddingStart", Rule::PxOrPercent(SPACINGS)),
    ("paddingEnd", Rule::PxOrPercent(SPACINGS)),
    ("backgroundColor", Rule::Color),
    ("background", Rule::Own),
    ("borderColor", Rule::Color),
    ("borderWidth", Rule::Px(BORDERS)),
    ("cornerRadius", Rule::Px(SPACINGS)),
    ("width", Rule::PxOrPercent(&[])),
    ("maxWidth", Rule::PxOrPercent(&[])),
    ("height", Rule::PxOrPercent(&[])),
    ("maxHeight", Rule::PxOrPercent(&[])),
    ("justifyContent", Rule::Word(JUSTIFY)),
    ("alignItems", Rule::Word(&["center", "flex-start", "flex-end"])),
    ("action", Rule::Action(Place::Anywhere)),
];
const TEXT: Table = &[
    ("text", Rule::Text),
    ("contents", Rule::List),
    ("wrap", Rule::Flag),
    ("maxLines", Rule::Whole),
    ("lineSpacing", Rule::Px(&[])),
    ("action", Rule::Action(Place::Anywhere)),
];
const SPAN: Table = &[("text", Rule::Words)];
const BUTTON: Table = &[
    ("action", Rule::Action(Place::Button)),
    ("style", Rule::Word(&["primary", "secondary", "link"])),
    ("height", Rule::Word(&["md", "sm"])),
    ("color", Rule::Color),
];
const IMAGE: Table = &[
    ("url", Rule::Url),
    ("size", Rule::PxOrPercent(IMAGE_SIZES)),
    ("aspectRatio", Rule::Ratio),
    ("aspectMode", Rule::Word(&["fit", "cover"])),
    ("backgroundColor", Rule::Color),
    ("animated", Rule::Flag),
    ("action", Rule::Action(Place::Anywhere)),
];
const ICON: Table =
    &[("url", Rule::Url), ("size", Rule::Px(SIZES)), ("aspectRatio", Rule::Ratio), ("scaling", Rule::Flag)];
const VIDEO: Table = &[
    ("url", Rule::Url),
    ("previewUrl", Rule::Url),
    ("altContent", Rule::Own),
    ("aspectRatio", Rule::Ratio),
    ("action", Rule::Action(Place::Video)),
];
const SEPARATOR: Table = &[("margin", Rule::Px(SPACINGS)), ("color", Rule::Color)];

/// Everything that has properties, and which.
const ALL: &[(&str, &[Table])] = &[
    ("text", &[TEXT, LETTERS, SHARED, ALIGN, GRAVITY, PLACED, FITTED]),
    ("box", &[BOX, SHARED, PLACED]),
    ("span", &[SPAN, LETTERS]),
    ("button", &[BUTTON, PLACED, SHARED, GRAVITY, FITTED]),
    ("image", &[IMAGE, PLACED, SHARED, ALIGN, GRAVITY]),
    ("icon", &[ICON, PLACED]),
    ("separator", &[SEPARATOR]),
    ("video", &[VIDEO]),
    ("filler", &[SHARED]),
    ("bubble", &[BUBBLE]),
    ("carousel", &[CAROUSEL]),
    ("(styles)", &[STYLES]),
    ("(block style)", &[STYLE]),
    ("linearGradient", &[GRADIENT]),
];

/// Checks the properties of an object of this kind. Names that Flex has nowhere are left to LINE, which may have added them; a
/// name that Flex has elsewhere is out of place.
pub(super) fn properties(kind: &str, object: &Map<String, Value>) -> Result<(), InvalidMessage> {
    let Some((_, tables)) = ALL.iter().find(|(name, _)| *name == kind) else { return Ok(()) };
    for (name, value) in object {
        if name == "type" || value.is_null() {
            continue;
        }
        if let Some(&(name, rule)) = find(tables, name) {
            within(name, check(name, value, rule))?;
        } else if let Some(&(name, _)) = ALL.iter().find_map(|(_, tables)| find(tables, name)) {
            return Err(at(name, InvalidMessage::Form { field: name }));
        }
    }
    Ok(())
}

fn find(tables: &[Table], name: &str) -> Option<&'static (&'static str, Rule)> {
    tables.iter().flat_map(|table| table.iter()).find(|(known, _)| *known == name)
}

fn check(field: &'static str, value: &Value, rule: Rule) -> Result<(), InvalidMessage> {
    let text = value.as_str();
    let word = |words: &[&str]| text.is_some_and(|text| words.contains(&text));
    let is = |unit| text.is_some_and(|text| amount(text, unit).is_some());
    let fits = match rule {
        Rule::Word(words) => word(words),
        Rule::Px(words) => word(words) || is("px"),
        Rule::PxOrPercent(words) => word(words) || is("px") || is("%"),
        Rule::Percent => text.and_then(|text| amount(text, "%")).is_some_and(|percent| percent <= 100.0),
        Rule::Degrees => {
            text.and_then(|text| amount(text, "deg")).is_some_and(|angle| angle < MAX_ANGLE_DEGREES)
        }
        Rule::Color => text.is_some_and(is_color),
        Rule::Ratio => text.is_some_and(is_ratio),
        Rule::Share => value.as_f64().is_some_and(|share| (0.0..=f64::from(i32::MAX)).contains(&share)),
        Rule::Whole => value.as_u64().is_some_and(|number| i32::try_from(number).is_ok()),
        Rule::Flag => value.is_boolean(),
        Rule::Words if text == Some("") => return Err(InvalidMessage::Empty { field }),
        Rule::Words => text.is_some(),
        Rule::Url => return check_https(field, text.unwrap_or_default(), MAX_MEDIA_URL_UTF16),
        Rule::Action(place) => return check_action(value, place),
        Rule::Text => text.is_some(),
        Rule::List => value.is_array(),
        Rule::Own => true,
    };
    if fits { Ok(()) } else { Err(InvalidMessage::Form { field }) }
}

/// A number from 0 before a unit, such as `12px` or `33.3%`.
fn amount(text: &str, unit: &str) -> Option<f64> {
    text.strip_suffix(unit).and_then(number)
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_ratio(ratio: &str) -> bool {
    let part = |text: &str| number(text).filter(|part| (1.0..=MAX_RATIO_PART).contains(part));
    ratio.split_once(':').is_some_and(|(width, height)| {
        matches!((part(width), part(height)), (Some(width), Some(height)) if height <= width * MAX_RATIO_HEIGHT)
    })
}
