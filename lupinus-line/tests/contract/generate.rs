//! Answers made from a schema, as LINE could send them today or tomorrow.

use serde_json::{Map, Value, json};

use crate::description::Operation;

/// What sort of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Every property.
    Whole,
    /// The required ones alone.
    Least,
    /// Every property, and at every level one that nobody knows.
    Newer,
    /// Every property, each enumeration with a name that nobody knows.
    Strange,
    /// What may be null is.
    Null,
}

pub(crate) const SORTS: [Sort; 5] = [Sort::Whole, Sort::Least, Sort::Newer, Sort::Strange, Sort::Null];

/// Properties that LINE's pages always show, and that the description leaves optional: without the first two an audience has no
/// name, and without the others a rich menu no size.
const ALWAYS_SENT: [&str; 6] = ["audienceGroupId", "audienceGroup", "width", "height", "x", "y"];

/// A value that fits the schema of `operation`.
pub(crate) fn value(operation: &Operation, schema: &Value, name: &str, sort: Sort) -> Value {
    made(operation, schema, name, sort, 0)
}

fn made(operation: &Operation, schema: &Value, name: &str, sort: Sort, depth: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = reference.rsplit('/').next().unwrap();
        return made(operation, &operation.schemas[target], name, sort, depth + 1);
    }
    assert!(depth < 30, "{name}: a schema without end");
    if schema["type"].is_array() && sort == Sort::Null {
        return Value::Null;
    }
    if let Some(names) = schema["enum"].as_array() {
        return if sort == Sort::Strange { json!("SOMETHING_NEW") } else { names[0].clone() };
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("string") => json!(text(schema, name)),
        Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(7)),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("array") => json!([made(operation, &schema["items"], name, sort, depth + 1)]),
        _ => object(operation, schema, sort, depth),
    }
}

fn object(operation: &Operation, schema: &Value, sort: Sort, depth: usize) -> Value {
    let mut map = Map::new();
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|known| known == name));
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if sort != Sort::Least || is_required(name) || ALWAYS_SENT.contains(&name.as_str()) {
            map.insert(name.clone(), made(operation, property, name, sort, depth + 1));
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        // Kinds that are told apart by a name: the first of them.
        let part = if part.get("then").is_some() {
            if map.contains_key("__kind") {
                continue;
            }
            map.insert("__kind".to_owned(), Value::Null);
            let (property, kind) = part["if"]["properties"].as_object().unwrap().iter().next().unwrap();
            let kind = if sort == Sort::Strange { json!("something_new") } else { kind["const"].clone() };
            let made = made(operation, &part["then"], "", sort, depth + 1);
            map.extend(made.as_object().cloned().unwrap_or_default());
            map.insert(property.clone(), kind);
            continue;
        } else {
            part
        };
        if let Value::Object(more) = made(operation, part, "", sort, depth + 1) {
            map.extend(more);
        }
    }
    map.remove("__kind");
    if sort == Sort::Newer {
        map.insert("somethingNew".to_owned(), json!({ "deep": [1, null, "x"] }));
    }
    Value::Object(map)
}

fn text(schema: &Value, name: &str) -> String {
    let lower = name.to_lowercase();
    match lower.as_str() {
        "userid" | "userids" | "memberids" | "bot_id" | "botid" | "sub" => {
            "U5a1e0000111122223333444455556666".to_owned()
        }
        "client_id" | "aud" => "2009990001".to_owned(),
        "nextbillingdate" => "2026-10-08".to_owned(),
        _ if schema["pattern"] == "^[0-9]{8}$" => "20260930".to_owned(),
        _ if lower.ends_with("time") || lower == "timestamp" => "2026-09-30T05:38:20.031Z".to_owned(),
        "richmenualiasid" => "tab-b".to_owned(),
        _ => "text".to_owned(),
    }
}
