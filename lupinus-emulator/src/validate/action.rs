//! Actions: what a tap does.

use jiff::civil::{Date, DateTime, Time};
use serde_json::Value;

use super::{
    field::{Object, Unit, is_url},
    finding::{Findings, Path},
};
use crate::ids;

/// Where an action stands; it decides which kinds are possible and how long a label may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Template,
    /// The default action of a template or column: its label is not shown.
    TemplateDefault,
    ImageCarousel,
    QuickReply,
    RichMenu,
    FlexButton,
    Flex,
    FlexVideo,
}

impl Place {
    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::QuickReply => &[
                "postback",
                "message",
                "uri",
                "datetimepicker",
                "camera",
                "cameraRoll",
                "location",
                "clipboard",
            ],
            Self::RichMenu => {
                &["postback", "message", "uri", "datetimepicker", "richmenuswitch", "clipboard"]
            }
            Self::FlexVideo => &["uri"],
            Self::Template | Self::TemplateDefault | Self::ImageCarousel | Self::FlexButton | Self::Flex => {
                &["postback", "message", "uri", "datetimepicker", "clipboard"]
            }
        }
    }

    /// The longest label in graphemes, and whether there must be one.
    fn label(self) -> (usize, bool) {
        match self {
            Self::Template | Self::QuickReply => (20, true),
            Self::TemplateDefault | Self::RichMenu => (20, false),
            Self::ImageCarousel => (12, false),
            Self::FlexButton => (40, true),
            Self::Flex | Self::FlexVideo => (40, false),
        }
    }

    fn is_flex(self) -> bool {
        matches!(self, Self::FlexButton | Self::Flex | Self::FlexVideo)
    }
}

/// Properties an action may have, for Flex, where others are refused.
fn known_properties(kind: &str) -> &'static [&'static str] {
    match kind {
        "postback" => &["type", "label", "data", "displayText", "text", "inputOption", "fillInText"],
        "message" => &["type", "label", "text"],
        "uri" => &["type", "label", "uri", "altUri"],
        "datetimepicker" => &["type", "label", "data", "mode", "initial", "max", "min"],
        "clipboard" => &["type", "label", "clipboardText"],
        _ => &["type", "label"],
    }
}

/// Checks one action.
pub(super) fn action(findings: &mut Findings, value: &Value, path: &Path<'_>, place: Place) {
    let Some(action) = Object::of(value, path, findings) else { return };
    if action.needed_string(findings, "type").is_none() {
        return;
    }
    let Some(kind) = action.one_of(findings, "type", place.kinds()) else { return };
    if place.is_flex() {
        for key in action.map.keys().filter(|key| !known_properties(kind).contains(&key.as_str())) {
            action.note(findings, key, "invalid property");
        }
    }
    let (max, needed) = place.label();
    if needed {
        action.needed_text(findings, "label", max, Unit::Grapheme);
    } else {
        action.text(findings, "label", max, Unit::Grapheme);
    }
    match kind {
        "postback" => postback(findings, &action),
        "message" => action.needed_text(findings, "text", 300, Unit::Grapheme),
        "uri" => uri(findings, &action),
        "datetimepicker" => date_time_picker(findings, &action),
        "richmenuswitch" => {
            action.needed_text(findings, "richMenuAliasId", 32, Unit::Utf16);
            action.needed_text(findings, "data", 300, Unit::Utf16);
        }
        "clipboard" => action.needed_text(findings, "clipboardText", 1_000, Unit::Utf16),
        _ => {}
    }
}

fn postback(findings: &mut Findings, action: &Object<'_, '_>) {
    action.needed_text(findings, "data", 300, Unit::Utf16);
    action.text(findings, "displayText", 300, Unit::Grapheme);
    action.text(findings, "text", 300, Unit::Grapheme);
    action.text(findings, "fillInText", 300, Unit::Grapheme);
    if action.value("displayText").is_some() && action.value("text").is_some() {
        action.note(findings, "text", "Must not be specified");
    }
    let option = action.one_of(
        findings,
        "inputOption",
        &["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"],
    );
    if action.value("fillInText").is_some() && option != Some("openKeyboard") {
        action.note(findings, "fillInText", "Must not be specified");
    }
}

fn uri(findings: &mut Findings, action: &Object<'_, '_>) {
    if let Some(uri) = action.needed_string(findings, "uri") {
        check_uri(findings, action, "uri", uri);
    }
    if let Some(alternative) = action.value("altUri") {
        let path = action.path.key("altUri");
        if let Some(alternative) = Object::of(alternative, &path, findings)
            && let Some(uri) = alternative.filled(findings, "desktop")
        {
            check_uri(findings, &alternative, "desktop", uri);
        }
    }
}

/// Checks the address a tap opens: http, https, line or tel, at most 1,000 characters.
pub(super) fn check_uri(findings: &mut Findings, object: &Object<'_, '_>, key: &str, uri: &str) {
    const SCHEMES: [&str; 4] = ["http", "https", "line", "tel"];
    object.length(findings, key, uri, 1_000, Unit::Utf16);
    let scheme = uri.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if uri.contains(':') && !SCHEMES.contains(&scheme.as_str()) {
        object.note(findings, key, "invalid uri scheme");
    } else if !is_url(uri, &SCHEMES) {
        object.note(findings, key, "invalid uri");
    }
}

fn date_time_picker(findings: &mut Findings, action: &Object<'_, '_>) {
    action.needed_text(findings, "data", 300, Unit::Utf16);
    if action.needed_string(findings, "mode").is_none() {
        return;
    }
    let Some(mode) = action.one_of(findings, "mode", &["date", "time", "datetime"]) else { return };
    let mut limits = [None, None];
    for (key, limit) in ["initial", "min", "max"].into_iter().zip([None, Some(0), Some(1)]) {
        let Some(text) = action.filled(findings, key) else { continue };
        let parsed = moment(mode, text);
        if parsed.is_none() {
            action.note(findings, key, "invalid datetime format");
        }
        if let Some(slot) = limit.and_then(|limit: usize| limits.get_mut(limit)) {
            *slot = parsed;
        }
    }
    if let [Some(min), Some(max)] = limits
        && min >= max
    {
        action.note(findings, "max", "must be later than min");
    }
}

/// A moment as the picker writes it, from 1900 to 2100; times of day share one date.
fn moment(mode: &str, text: &str) -> Option<DateTime> {
    let date = |text: &str| -> Option<Date> {
        let [year, month, day] = numbers(text, [4, 2, 2], b'-')?;
        let year = (1900..=2100).contains(&year).then_some(year)?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let time = |text: &str| -> Option<Time> {
        let [hour, minute] = numbers(text, [2, 2], b':')?;
        Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
    };
    match mode {
        "date" => Some(date(text)?.to_datetime(Time::midnight())),
        "time" => Some(DateTime::from_parts(Date::constant(2000, 1, 1), time(text)?)),
        _ => {
            let (day, hour) = text.split_once(['T', 't'])?;
            Some(DateTime::from_parts(date(day)?, time(hour)?))
        }
    }
}

/// Numbers of so many digits each, with a sign between them.
fn numbers<const N: usize>(text: &str, digits: [usize; N], between: u8) -> Option<[i16; N]> {
    let mut parts = text.split(char::from(between));
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        *number = parts.next().filter(|part| part.len() == digits).and_then(ids::number)?;
    }
    parts.next().is_none().then_some(numbers)
}
