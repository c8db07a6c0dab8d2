//! The body of a webhook, and the liberties LINE takes with it: escapes, order, things nobody has heard of.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::{clock::Millis, ids, settings::Settings};

/// The name of a property that no bot knows.
const UNKNOWN: &str = "addedLater";

/// The body for these events.
pub(super) fn body(destination: &str, events: &[Value], settings: &Settings, now: Millis) -> String {
    let mut events = events.to_vec();
    if settings.webhook_unknowns && !events.is_empty() {
        for event in &mut events {
            event[UNKNOWN] = json!({"list": [1, "二", null]});
            if event["message"].is_object() {
                event["message"][UNKNOWN] = json!(true);
            }
        }
        events.push(json!({
            "type": "somethingNew", "mode": "active", "timestamp": now, "webhookEventId": ids::event_id(now),
            "deliveryContext": {"isRedelivery": false}, "somethingNew": {},
        }));
    }
    if settings.webhook_shuffle {
        events.sort_by_cached_key(|_| ids::hex32());
    }
    let mut body = json!({"destination": destination, "events": events});
    if settings.webhook_shuffle {
        body = shuffled(body);
    }
    let text = body.to_string();
    if settings.webhook_escapes { escaped(&text) } else { text }
}

/// The same with the properties of every object in another order.
fn shuffled(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut properties: Vec<(String, Value)> = map.into_iter().collect();
            properties.sort_by_cached_key(|_| ids::hex32());
            Value::Object(
                properties.into_iter().map(|(key, value)| (key, shuffled(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => items.into_iter().map(shuffled).collect(),
        value => value,
    }
}

/// JSON with `\uXXXX` for whatever is not ASCII: that stands in texts only.
fn escaped(json: &str) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut out, sign| {
        if sign.is_ascii() {
            out.push(sign);
        } else {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04X}");
            }
        }
        out
    })
}
