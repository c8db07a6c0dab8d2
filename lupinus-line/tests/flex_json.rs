//! Layouts as JSON: a property that this crate knows has to be of its JSON type.

use lupinus_line::message::flex::Container;
use lupinus_line::message::{FlexMessage, InvalidMessage};
use serde_json::{Value, json};

fn body(child: &Value) -> Value {
    json!({"type":"bubble","body":{"type":"box","layout":"vertical","contents":[child]}})
}

fn changed(mut component: Value, property: &str, value: Value) -> Value {
    component[property] = value;
    component
}

/// Where a layout is refused.
fn pointer(layout: Value) -> Option<String> {
    match FlexMessage::new("alt", Container::from_json(layout)) {
        Ok(_) => None,
        Err(InvalidMessage::Flex { pointer, .. }) => Some(pointer),
        Err(other) => Some(other.to_string()),
    }
}

#[test]
fn a_known_property_of_another_json_type_is_refused_at_its_place() {
    let text = json!({"type":"text","text":"a"});
    let flex_box = json!({"type":"box","layout":"vertical","contents":[]});
    let action = |action: Value| json!({"type":"button","action":action});
    let postback = json!({"type":"postback","label":"a","data":"d"});
    let uri = json!({"type":"uri","label":"a","uri":"tel:1"});
    let picker = json!({"type":"datetimepicker","label":"a","data":"d","mode":"date"});
    let (message, copy) = (
        json!({"type":"message","label":"a","text":"a"}),
        json!({"type":"clipboard","label":"a","clipboardText":"a"}),
    );
    let button = |base: &Value, name: &str| action(changed(base.clone(), name, json!(5)));
    let spans = json!([{"type":"span","text":"a"}]);
    for (component, expected) in [
        (changed(text.clone(), "contents", json!("x")), "/contents"),
        (changed(text.clone(), "contents", json!({})), "/contents"),
        (changed(changed(text.clone(), "contents", spans), "text", json!(5)), "/text"),
        (changed(text.clone(), "text", json!(["a"])), "/text"),
        (changed(text.clone(), "type", json!(5)), "/type"),
        (changed(text.clone(), "action", json!("x")), "/action"),
        (changed(flex_box.clone(), "contents", json!("x")), "/contents"),
        (changed(flex_box.clone(), "contents", json!(["x"])), "/contents/0"),
        (changed(flex_box.clone(), "layout", json!(5)), "/layout"),
        (changed(flex_box.clone(), "background", json!({"type":5})), "/background/type"),
        (button(&postback, "data"), "/action/data"),
        (button(&postback, "displayText"), "/action/displayText"),
        (button(&postback, "fillInText"), "/action/fillInText"),
        (button(&postback, "inputOption"), "/action/inputOption"),
        (button(&postback, "text"), "/action/text"),
        (button(&postback, "label"), "/action/label"),
        (button(&postback, "type"), "/action/type"),
        (button(&json!({"type":"teleport","label":"a"}), "label"), "/action/label"),
        (button(&uri, "uri"), "/action/uri"),
        (button(&uri, "altUri"), "/action/altUri"),
        (action(changed(uri.clone(), "altUri", json!({"desktop":5}))), "/action/altUri/desktop"),
        (button(&picker, "mode"), "/action/mode"),
        (button(&picker, "initial"), "/action/initial"),
        (button(&picker, "min"), "/action/min"),
        (button(&picker, "max"), "/action/max"),
        (button(&message, "text"), "/action/text"),
        (button(&copy, "clipboardText"), "/action/clipboardText"),
    ] {
        let found = pointer(body(&component));
        assert_eq!(found, Some(format!("/body/contents/0{expected}")), "{component}");
    }
    let bubble = body(&json!({"type":"filler"}));
    for name in ["header", "hero", "body", "footer", "styles", "action", "size", "direction"] {
        let found = pointer(changed(bubble.clone(), name, json!([])));
        assert_eq!(found, Some(format!("/{name}")));
    }
    assert_eq!(pointer(json!({"type":"carousel","contents":"x"})).as_deref(), Some("/contents"));
    // `null` is as good as absent, and what nobody has heard of is left to LINE.
    for component in [
        changed(text, "contents", Value::Null),
        action(changed(postback, "displayText", Value::Null)),
        action(changed(uri.clone(), "altUri", Value::Null)),
        action(changed(uri, "altUri", json!({"desktop":null,"addedByLine":5}))),
        action(json!({"type":"teleport","label":"a","data":5})),
    ] {
        assert_eq!(pointer(body(&component)), None, "{component}");
    }
}
