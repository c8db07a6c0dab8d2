//! A good body, broken in every way its schema knows of.

use serde_json::{Value, json};

/// One broken body: the rule that is broken, and where.
pub(crate) struct Violation {
    pub(crate) rule: &'static str,
    /// The property as LINE names it, such as `messages[0].text`; inside Flex a pointer such as `/body/contents/0`.
    pub(crate) property: String,
    pub(crate) body: Value,
}

/// Everything that an open schema (see `Description::body_schema`) forbids, done to `body` in turn.
pub(crate) fn of(schema: &Value, body: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    walk(schema, body, body, &mut Vec::new(), &mut found);
    found
}

fn walk(schema: &Value, value: &Value, body: &Value, at: &mut Vec<String>, found: &mut Vec<Violation>) {
    let mut broken = |rule: &'static str, at: &[String], new: Value| {
        found.push(Violation { rule, property: name(at, body), body: with(body, at, Some(new)) });
    };
    let number = |rule: &str| schema[rule].as_i64();
    if let (Some(kind), Some(_)) = (schema["type"].as_str(), at.last()) {
        // A text where none belongs, and a number where a text does.
        broken("type", at, if kind == "string" { json!(5) } else { json!("5") });
    }
    match value {
        Value::String(text) => {
            if let Some(max) = number("maxLength") {
                broken("maxLength", at, json!(lengthened(text, usize::try_from(max).unwrap() + 1)));
            }
            if number("minLength").is_some_and(|min| min > 0) {
                broken("minLength", at, json!(""));
            }
            if !schema["pattern"].is_null() {
                broken("pattern", at, json!("!"));
            }
            if schema["enum"].is_array() {
                broken("enum", at, json!("nothing LINE knows"));
            }
            if schema["format"] == "uri" {
                broken("format", at, json!("no address"));
            }
        }
        Value::Number(_) => {
            if let Some(min) = number("minimum") {
                broken("minimum", at, json!(min - 1));
            }
            // A bound of 32 bits is the size of the number, and no limit of LINE's.
            if let Some(max) = number("maximum").filter(|max| *max < i64::from(i32::MAX)) {
                broken("maximum", at, json!(max + 1));
            }
        }
        Value::Array(items) => {
            if let Some(max) = number("maxItems") {
                let many = usize::try_from(max).unwrap() + 1;
                broken("maxItems", at, json!(items.iter().cycle().take(many).collect::<Vec<_>>()));
            }
            if number("minItems").is_some_and(|min| min > 0) {
                broken("minItems", at, json!([]));
            }
            for (index, (item, schema)) in
                items.iter().zip(schema["prefixItems"].as_array().into_iter().flatten()).enumerate()
            {
                at.push(index.to_string());
                walk(schema, item, body, at, found);
                at.pop();
            }
        }
        Value::Object(map) => {
            for property in schema["required"].as_array().into_iter().flatten() {
                at.push(property.as_str().unwrap().to_owned());
                assert!(map.contains_key(property.as_str().unwrap()), "a good body has {}", at.join("/"));
                found.push(Violation {
                    rule: "required",
                    property: name(at, body),
                    body: with(body, at, None),
                });
                at.pop();
            }
            for (property, value) in map {
                let schema = &schema["properties"][property];
                at.push(property.clone());
                walk(schema, value, body, at, found);
                at.pop();
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// A text of this length that is still of its kind: letters after what was there.
fn lengthened(text: &str, length: usize) -> String {
    let missing = length.saturating_sub(text.encode_utf16().count());
    format!("{text}{}", "a".repeat(missing))
}

/// `body` with another value at a place, or without it.
pub(crate) fn with(body: &Value, at: &[String], new: Option<Value>) -> Value {
    let mut changed = body.clone();
    let (last, parents) = at.split_last().unwrap();
    let holder = parents.iter().fold(&mut changed, |holder, step| match holder {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        holder => &mut holder[step],
    });
    match (holder, new) {
        (Value::Object(map), Some(new)) => drop(map.insert(last.clone(), new)),
        (Value::Object(map), None) => drop(map.shift_remove(last)),
        (Value::Array(items), Some(new)) => items[last.parse::<usize>().unwrap()] = new,
        _ => panic!("no place {}", at.join("/")),
    }
    changed
}

/// A place as LINE names it.
pub(crate) fn name(at: &[String], body: &Value) -> String {
    if at.len() > 3
        && at[0] == "messages"
        && at[2] == "contents"
        && body.pointer(&pointer(&at[..2])).is_some_and(|message| message["type"] == "flex")
    {
        return pointer(&at[3..]);
    }
    at.iter().fold(String::new(), |name, step| match step.parse::<usize>() {
        Ok(index) => format!("{name}[{index}]"),
        Err(_) if name.is_empty() => step.clone(),
        Err(_) => format!("{name}.{step}"),
    })
}

/// A place as a JSON pointer.
pub(crate) fn pointer(at: &[String]) -> String {
    at.iter().fold(String::new(), |pointer, step| format!("{pointer}/{step}"))
}

/// Values that the schema of one field forbids.
pub(crate) fn broken_field(schema: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
    if !schema["pattern"].is_null() || schema["enum"].is_array() {
        broken.push("!".to_owned());
    }
    if let Some(max) = schema["maxLength"].as_u64() {
        broken.push("1".repeat(usize::try_from(max).unwrap() + 1));
    }
    if schema["minLength"].as_u64().is_some_and(|min| min > 0) {
        broken.push(String::new());
    }
    if let Some(max) = schema["maximum"].as_i64() {
        broken.push((max + 1).to_string());
    }
    if let Some(min) = schema["minimum"].as_i64() {
        broken.push((min - 1).to_string());
    }
    if schema["type"] == "integer" {
        broken.push("many".to_owned());
    }
    broken
}
