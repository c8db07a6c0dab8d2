//! Actions in a layout, as JSON.

use serde_json::Value;

use super::{at, needed_kind, within};
use crate::message::action::{
    DatetimeMode, MAX_ACTION_TEXT_GRAPHEMES, MAX_CLIPBOARD_UTF16, MAX_DATA_UTF16, MAX_FLEX_LABEL_GRAPHEMES,
    check_range, check_uri,
};
use crate::message::units::{check_graphemes, check_utf16};
use crate::message::{InputOption, InvalidMessage};

/// What an action belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A button, which shows the label.
    Button,
    /// A video, which opens an address only.
    Video,
    /// Anything else.
    Anywhere,
}

/// The texts that each kind of action may have, beside its label.
const TEXTS: [(&str, &[&str]); 5] = [
    ("uri", &["uri"]),
    ("postback", &["data", "displayText", "text", "inputOption", "fillInText"]),
    ("datetimepicker", &["data", "mode", "initial", "max", "min"]),
    ("message", &["text"]),
    ("clipboard", &["clipboardText"]),
];

pub(super) fn check_action(action: &Value, place: Place) -> Result<(), InvalidMessage> {
    let kind = needed_kind(action, "action.type")?;
    let texts = TEXTS.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, texts)| texts);
    for &field in texts.iter().chain(&["label"]) {
        if action.get(field).is_some_and(|value| !value.is_null() && !value.is_string()) {
            return Err(at(field, InvalidMessage::Form { field }));
        }
    }
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    match property("label") {
        Some(label) if place == Place::Button || !label.is_empty() => {
            within("label", check_graphemes("action.label", label, MAX_FLEX_LABEL_GRAPHEMES))?;
        }
        None if place == Place::Button => {
            return Err(at("label", InvalidMessage::Empty { field: "action.label" }));
        }
        _ => {}
    }
    let needed = |name: &str| property(name).unwrap_or_default();
    match kind {
        "uri" => {
            within("altUri", other_uri(action.get("altUri").filter(|other| !other.is_null())))?;
            within("uri", check_uri(needed("uri")))
        }
        "camera" | "cameraRoll" | "location" | "richmenuswitch" => {
            Err(InvalidMessage::ActionNotAllowed { place: "a Flex message" })
        }
        _ if place == Place::Video => Err(InvalidMessage::ActionNotAllowed { place: "a video" }),
        "postback" => postback(action),
        "datetimepicker" => picker(action),
        "message" => {
            within("text", check_graphemes("action.text", needed("text"), MAX_ACTION_TEXT_GRAPHEMES))
        }
        "clipboard" => within(
            "clipboardText",
            check_utf16("action.clipboardText", needed("clipboardText"), MAX_CLIPBOARD_UTF16),
        ),
        _ => Ok(()),
    }
}

fn other_uri(other: Option<&Value>) -> Result<(), InvalidMessage> {
    let Some(other) = other else { return Ok(()) };
    let form = || InvalidMessage::Form { field: "action.altUri" };
    match other.as_object().ok_or_else(form)?.get("desktop") {
        Some(Value::String(desktop)) => within("desktop", check_uri(desktop)),
        Some(Value::Null) | None => Ok(()),
        Some(_) => Err(at("desktop", form())),
    }
}

fn postback(action: &Value) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    for (name, field) in
        [("displayText", "action.displayText"), ("text", "action.text"), ("fillInText", "action.fillInText")]
    {
        if let Some(text) = property(name) {
            within(name, check_graphemes(field, text, MAX_ACTION_TEXT_GRAPHEMES))?;
        }
    }
    if property("text").is_some() && property("displayText").is_some() {
        return Err(at("text", InvalidMessage::Form { field: "action.text" }));
    }
    let option = property("inputOption");
    if option.is_some_and(|option| InputOption::named(option).is_none())
        || (property("fillInText").is_some() && option != Some("openKeyboard"))
    {
        return Err(at("inputOption", InvalidMessage::Form { field: "action.inputOption" }));
    }
    within("data", check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16))
}

fn picker(action: &Value) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    let mode = match property("mode") {
        Some("date") => DatetimeMode::Date,
        Some("time") => DatetimeMode::Time,
        Some("datetime") => DatetimeMode::Datetime,
        _ => return Err(at("mode", InvalidMessage::Form { field: "action.mode" })),
    };
    check_range(mode, property("min"), property("max"), property("initial"))?;
    within("data", check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16))
}
