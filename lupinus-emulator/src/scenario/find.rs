//! Finding what a person can tap.

use serde_json::Value;

/// The action with this label in a message: its quick replies, and every button, area and picture in it.
pub(super) fn action<'m>(message: &'m Value, label: &str) -> Option<&'m Value> {
    match message {
        Value::Object(map) => {
            let acts = is_action(message) && words(message).contains(&Some(label));
            if acts { Some(message) } else { map.values().find_map(|part| action(part, label)) }
        }
        Value::Array(parts) => parts.iter().find_map(|part| action(part, label)),
        _ => None,
    }
}

/// Whether it is an action, and not a message or a component: those have other types.
fn is_action(value: &Value) -> bool {
    const TYPES: [&str; 9] = [
        "postback",
        "message",
        "uri",
        "datetimepicker",
        "camera",
        "cameraRoll",
        "location",
        "richmenuswitch",
        "clipboard",
    ];
    value["type"].as_str().is_some_and(|kind| TYPES.contains(&kind))
}

/// The words by which a person knows an action: its label, or without one what it says.
fn words(action: &Value) -> [Option<&str>; 2] {
    let label = action["label"].as_str();
    [label, if label.is_none() { action["displayText"].as_str().or(action["text"].as_str()) } else { None }]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_action_is_found_wherever_it_is() {
        let tap = |label: &str| json!({"type": "postback", "label": label, "data": label});
        let message = json!({"type": "flex", "altText": "x", "contents": {"type": "bubble",
            "body": {"type": "box", "layout": "vertical", "action": tap("box"), "contents": [{"type": "button", "action": tap("button")}]}},
            "quickReply": {"items": [{"type": "action", "action": {"type": "message", "text": "said"}}]}});
        for label in ["box", "button"] {
            assert_eq!(action(&message, label).unwrap()["data"], label);
        }
        assert_eq!(action(&message, "said").unwrap()["type"], "message");
        assert!(action(&message, "x").is_none());
    }
}
