//! The values of Flex properties.

use serde_json::Value;

use super::{
    action::{Place, action},
    field::{Object, is_url},
    finding::Findings,
};

/// What a property of Flex may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Looked at elsewhere.
    Elsewhere,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Pixels or one of some words.
    PixelsOr(&'static [&'static str]),
    /// Pixels, per cent, or one of some words.
    LengthOr(&'static [&'static str]),
    /// The same, and pixels and per cent may be less than nothing.
    ShiftOr(&'static [&'static str]),
    /// `#RRGGBB` or `#RRGGBBAA`.
    Color,
    /// A whole number from 0.
    Count,
    /// A number from 0.
    Number,
    /// `true` or `false`.
    Flag,
    /// A text, which must not be empty.
    Text,
    /// The address of a picture or video.
    Url,
    /// `width:height`.
    Ratio,
    /// An action.
    Action(Place),
    /// `true`, `false`, or one of them as text.
    Animated,
}

/// Keywords of spacing, margin, padding, offset, corners.
pub(super) const SPACES: &[&str] = &["none", "xs", "sm", "md", "lg", "xl", "xxl"];
/// Keywords of text and icon sizes.
pub(super) const SIZES: &[&str] = &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"];
/// Keywords of image sizes.
pub(super) const IMAGE_SIZES: &[&str] =
    &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl", "full"];
/// Keywords of border widths.
pub(super) const BORDERS: &[&str] = &["none", "light", "normal", "medium", "semi-bold", "bold"];

/// A property that a component may have.
pub(super) type Property = (&'static str, Kind);

/// Checks that an object has only these properties, each with a fitting value. `type` is always allowed.
pub(super) fn properties(findings: &mut Findings, object: &Object<'_, '_>, known: &[&[Property]]) {
    for (key, value) in object.map {
        if key == "type" || value.is_null() {
            continue;
        }
        match known.iter().flat_map(|list| list.iter()).find(|(name, _)| name == key) {
            None => object.note(findings, key, "invalid property"),
            Some((_, kind)) => fits(findings, object, key, value, *kind),
        }
    }
}

fn fits(findings: &mut Findings, object: &Object<'_, '_>, key: &str, value: &Value, kind: Kind) {
    let text = value.as_str();
    let right = match kind {
        Kind::Elsewhere => true,
        Kind::Word(words) => text.is_some_and(|text| words.contains(&text)),
        Kind::PixelsOr(words) => text.is_some_and(|text| words.contains(&text) || is_amount(text, "px")),
        Kind::LengthOr(words) => text.is_some_and(|text| words.contains(&text) || is_length(text)),
        Kind::ShiftOr(words) => text
            .is_some_and(|text| words.contains(&text) || is_length(text.strip_prefix('-').unwrap_or(text))),
        Kind::Color => text.is_some_and(is_color),
        Kind::Count => value.as_u64().is_some(),
        Kind::Number => value.as_f64().is_some_and(|number| number >= 0.0),
        Kind::Flag => value.is_boolean(),
        Kind::Animated => value.is_boolean() || matches!(text, Some("true" | "false")),
        Kind::Text => match text {
            Some("") => return object.note(findings, key, "must be non-empty text"),
            text => text.is_some(),
        },
        Kind::Url => match text {
            Some(text) if !text.contains(':') => return object.note(findings, key, "invalid uri"),
            Some(text) if !text.to_ascii_lowercase().starts_with("https:") => {
                return object.note(findings, key, "invalid uri scheme");
            }
            Some(text) if !is_url(text, &["https"]) || text.len() > 2_000 => {
                return object.note(findings, key, "invalid uri");
            }
            text => text.is_some(),
        },
        Kind::Ratio => text.is_some_and(is_ratio),
        Kind::Action(place) => return action(findings, value, &object.path.key(key), place),
    };
    if !right {
        object.note(findings, key, "invalid property");
    }
}

/// Pixels or per cent.
fn is_length(text: &str) -> bool {
    is_amount(text, "px") || is_amount(text, "%")
}

/// A number from 0 with a unit, such as `12px` or `33.3%`.
pub(super) fn is_amount(text: &str, unit: &str) -> bool {
    text.strip_suffix(unit).is_some_and(|number| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && number.parse::<f64>().is_ok()
    })
}

/// `#RRGGBB` or `#RRGGBBAA`.
pub(super) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `width:height`, each from 1 to 100,000, at most three times as high as wide.
fn is_ratio(text: &str) -> bool {
    let Some((width, height)) = text.split_once(':') else { return false };
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number = plain.then(|| text.parse::<f64>().ok())??;
        (1.0..=100_000.0).contains(&number).then_some(number)
    };
    matches!((number(width), number(height)), (Some(width), Some(height)) if height <= width * 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_colors_and_ratios_are_told_from_nonsense() {
        assert!(is_amount("12px", "px") && is_amount("33.3%", "%"));
        assert!(!is_amount("px", "px") && !is_amount("-1px", "px") && !is_amount("1.2.3px", "px"));
        assert!(is_color("#00ff00") && is_color("#00FF0080") && !is_color("green") && !is_color("#0f0"));
        assert!(
            is_ratio("20:13") && is_ratio("1:3") && !is_ratio("1:4") && !is_ratio("0:1") && !is_ratio("1")
        );
    }
}
