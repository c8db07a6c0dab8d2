//! Bytes that nobody meant well: never a panic, never a loss.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

#[path = "support/layouts.rs"]
mod layouts;

use layouts::everything;
use lupinus_line::ChannelSecret;
use lupinus_line::message::flex::Container;
use lupinus_line::message::{FlexMessage, InvalidMessage};
use lupinus_line::webhook::{self, Event, SignatureError};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, shallow, with names that events have more often than chance.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("user"),
            Just("group"),
            Just("text"),
            Just("image"),
            Just("message"),
            Just("follow")
        ]
        .prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("type"),
        Just("id"),
        Just("message"),
        Just("source"),
        Just("userId"),
        Just("timestamp"),
        Just("postback"),
        Just("data"),
        Just("mode"),
        Just("replyToken"),
        Just("follow"),
        Just("あ"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// An event of a known kind with one property replaced by anything.
fn damaged_event() -> impl Strategy<Value = Value> {
    let events: Vec<Value> = include_str!("data/events.jsonl")
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?.get("event").cloned())
        .collect();
    (prop::sample::select(events), any::<prop::sample::Index>(), any_json()).prop_map(
        |(mut event, at, value)| {
            if let Value::Object(map) = &mut event {
                let name = map.keys().nth(at.index(map.len())).cloned().unwrap_or_default();
                map.insert(name, value);
            }
            event
        },
    )
}

/// The places in a layout, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found));
        }
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// A good layout with anything in one place.
fn damaged_layout() -> impl Strategy<Value = Value> {
    let layouts: Vec<Value> =
        everything().into_iter().map(|layout| serde_json::to_value(layout).unwrap()).collect();
    (prop::sample::select(layouts), any::<prop::sample::Index>(), any_json()).prop_map(
        |(mut layout, at, value)| {
            let mut found = Vec::new();
            places(&layout, "", &mut found);
            let place = at.index(found.len());
            if let Some(hit) = found.get(place).and_then(|place| layout.pointer_mut(place)) {
                *hit = value;
            }
            layout
        },
    )
}

proptest! {
    #[test]
    fn a_damaged_layout_goes_as_it_is_or_is_refused_at_a_place_it_has(layout in damaged_layout()) {
        match FlexMessage::new("alt", Container::from_json(layout.clone())) {
            Ok(message) => prop_assert_eq!(&serde_json::to_value(&message).unwrap()["contents"], &layout),
            Err(InvalidMessage::Flex { pointer, .. }) => {
                let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
                prop_assert!(layout.pointer(holder).is_some(), "{} is nowhere", pointer);
            }
            Err(_) => {}
        }
    }

    // R35
    #[test]
    fn bytes_without_their_signature_are_never_verified(
        header in prop::option::of(prop::collection::vec(any::<u8>(), 0..64)),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let outcome = webhook::verify(&[ChannelSecret::from("s")], header.as_deref(), &body);
        let refused = matches!(
            outcome,
            Err(SignatureError::Missing | SignatureError::Malformed | SignatureError::Mismatch)
        );
        prop_assert!(refused);
    }

    #[test]
    fn whatever_decodes_as_an_event_comes_back_as_it_was(value in prop_oneof![any_json(), damaged_event()]) {
        let text = value.to_string();
        if let Ok(event) = Event::from_json(&text) {
            prop_assert_eq!(event.raw_json(), &text);
            prop_assert_eq!(serde_json::to_string(&event).ok(), Some(text));
        }
    }

    #[test]
    fn damaged_text_is_never_a_panic(text in ".{0,80}", value in damaged_event(), cut in any::<prop::sample::Index>()) {
        let _ = Event::from_json(&text);
        let whole = value.to_string();
        let end = cut.index(whole.len());
        if let Some(part) = whole.get(..end) {
            prop_assert!(Event::from_json(part).is_err(), "half an event is none");
        }
    }
}
