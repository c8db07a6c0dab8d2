//! Text with placeholders.

use serde_json::Value;

use super::{
    Audience,
    field::{Object, Unit},
    finding::Findings,
    message::MAX_TEXT,
};
use crate::{answer::Detail, ids};

/// Checks a `textV2` message.
pub(super) fn check(findings: &mut Findings, message: &Object<'_, '_>, index: usize, audience: Audience) {
    let Some(text) = message.needed_string(findings, "text") else { return };
    message.length(findings, "text", text, MAX_TEXT, Unit::Utf16);
    let substitution = match message.value("substitution") {
        None => None,
        Some(Value::Object(map)) => Some(map),
        Some(_) => return findings.wrong_type(&message.path.key("substitution")),
    };
    let inside = |findings: &mut Findings, problem: String| {
        findings.note_inside(index, Detail { message: problem, property: "text".to_owned() });
    };
    match placeholders(text) {
        Err(problem) => inside(findings, problem),
        Ok(keys) => {
            for key in &keys {
                if substitution.is_none_or(|map| !map.contains_key(*key)) {
                    inside(
                        findings,
                        format!("The key '{key}' enclosed in '{{}}' is not in the substitution."),
                    );
                }
            }
            if let Some(map) = substitution {
                substitutes(findings, message, map, &keys, audience);
            }
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=20).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The keys in braces; doubled braces are text.
fn placeholders(text: &str) -> Result<Vec<&str>, String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let tail = rest.get(at..).unwrap_or_default();
        if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
            rest = after;
            continue;
        }
        let Some((key, after)) = tail.strip_prefix('{').and_then(|tail| tail.split_once('}')) else {
            return Err("The braces in the text do not match.".to_owned());
        };
        if !is_key(key) {
            return Err(format!(
                "The key '{key}' enclosed in '{{}}' does not match the pattern '^[a-zA-Z0-9_]{{1,20}}$'."
            ));
        }
        keys.push(key);
        rest = after;
    }
    Ok(keys)
}

fn substitutes(
    findings: &mut Findings,
    message: &Object<'_, '_>,
    map: &serde_json::Map<String, Value>,
    used: &[&str],
    audience: Audience,
) {
    let path = message.path.key("substitution");
    if map.len() > 100 {
        message.note(findings, "substitution", "Size must be between 0 and 100");
    }
    let (mut mentions, mut emojis) = (0, 0);
    for (key, value) in map {
        let path = path.key(key);
        let Some(entry) = Object::of(value, &path, findings) else { continue };
        if !is_key(key) {
            findings.note(&path, "must match the pattern ^[a-zA-Z0-9_]{1,20}$");
        }
        entry.needed_string(findings, "type");
        // A key that stands in the text several times makes as many mentions.
        let times = used.iter().filter(|used| *used == key).count().max(1);
        match entry.one_of(findings, "type", &["mention", "emoji"]) {
            Some("mention") => {
                mentions += times;
                mention(findings, &entry, audience);
            }
            Some(_) => {
                emojis += times;
                entry.needed_string(findings, "productId");
                entry.needed_string(findings, "emojiId");
            }
            None => {}
        }
    }
    if mentions > 20 || emojis > 20 {
        message.note(findings, "substitution", "Must be less than or equal to 20");
    }
}

fn mention(findings: &mut Findings, entry: &Object<'_, '_>, audience: Audience) {
    if !audience.is_one_chat() {
        findings.note(entry.path, "Mentions can only be used in reply and push messages");
    }
    let Some(value) = entry.needed(findings, "mentionee") else { return };
    let path = entry.path.key("mentionee");
    let Some(mentionee) = Object::of(value, &path, findings) else { return };
    mentionee.needed_string(findings, "type");
    if mentionee.one_of(findings, "type", &["user", "all"]) == Some("user") {
        let user_id = mentionee.needed_string(findings, "userId");
        if user_id.is_some_and(|user_id| !ids::is_user_id(user_id)) {
            findings.wrong_type(&mentionee.path.key("userId"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_must_pair_and_keys_must_be_words() {
        assert_eq!(placeholders("{who} さん、{{お知らせ}} です").unwrap(), ["who"]);
        for wrong in ["{", "}", "{名}", "{}", "a { b"] {
            assert!(placeholders(wrong).is_err(), "{wrong}");
        }
    }
}
