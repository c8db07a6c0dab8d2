//! Actions in a layout, as JSON.

use serde_json::Value;

use super::within;
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

pub(super) fn check_action(action: &Value, place: Place) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    match property("label") {
        Some(label) if place == Place::Button || !label.is_empty() => {
            check_graphemes("action.label", label, MAX_FLEX_LABEL_GRAPHEMES)?;
        }
        None if place == Place::Button => return Err(InvalidMessage::Empty { field: "action.label" }),
        _ => {}
    }
    let needed = |name: &str| property(name).unwrap_or_default();
    let Some(kind) = property("type") else { return Err(InvalidMessage::Empty { field: "action.type" }) };
    match kind {
        "uri" => {
            let desktop = action.get("altUri").and_then(|other| other.get("desktop")).and_then(Value::as_str);
            if let Some(desktop) = desktop {
                within("altUri", within("desktop", check_uri(desktop)))?;
            }
            check_uri(needed("uri"))
        }
        "camera" | "cameraRoll" | "location" | "richmenuswitch" => {
            Err(InvalidMessage::ActionNotAllowed { place: "a Flex message" })
        }
        _ if place == Place::Video => Err(InvalidMessage::ActionNotAllowed { place: "a video" }),
        "postback" => postback(action),
        "datetimepicker" => picker(action),
        "message" => check_graphemes("action.text", needed("text"), MAX_ACTION_TEXT_GRAPHEMES),
        "clipboard" => check_utf16("action.clipboardText", needed("clipboardText"), MAX_CLIPBOARD_UTF16),
        _ => Ok(()),
    }
}

fn postback(action: &Value) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    for (field, text) in [
        ("action.displayText", property("displayText")),
        ("action.text", property("text")),
        ("action.fillInText", property("fillInText")),
    ] {
        if let Some(text) = text {
            check_graphemes(field, text, MAX_ACTION_TEXT_GRAPHEMES)?;
        }
    }
    if property("text").is_some() && property("displayText").is_some() {
        return Err(InvalidMessage::Form { field: "action.text" });
    }
    let option = property("inputOption");
    if option.is_some_and(|option| InputOption::named(option).is_none())
        || (property("fillInText").is_some() && option != Some("openKeyboard"))
    {
        return Err(InvalidMessage::Form { field: "action.inputOption" });
    }
    check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16)
}

fn picker(action: &Value) -> Result<(), InvalidMessage> {
    let property = |name: &str| action.get(name).and_then(Value::as_str);
    let mode = match property("mode") {
        Some("date") => DatetimeMode::Date,
        Some("time") => DatetimeMode::Time,
        Some("datetime") => DatetimeMode::Datetime,
        _ => return Err(InvalidMessage::Form { field: "action.mode" }),
    };
    check_range(mode, property("min"), property("max"), property("initial"))?;
    check_utf16("action.data", property("data").unwrap_or_default(), MAX_DATA_UTF16)
}
