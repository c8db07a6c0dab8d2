//! Rich menu objects.

use serde_json::Value;

use super::{
    action::{Place, action},
    field::{Object, Unit},
    finding::Findings,
};
use crate::answer::Refusal;

/// Checks a rich menu object.
pub(crate) fn rich_menu(body: &Value) -> Result<(), Refusal> {
    super::body(body, check)
}

fn check(findings: &mut Findings, menu: &Object<'_, '_>) {
    if let Some(value) = menu.needed(findings, "size") {
        let path = menu.path.key("size");
        if let Some(size) = Object::of(value, &path, findings) {
            self::size(findings, &size);
        }
    }
    menu.needed(findings, "selected");
    menu.boolean(findings, "selected");
    for (key, max) in [("name", 300), ("chatBarText", 14)] {
        if menu.needed(findings, key).is_some() {
            menu.needed_text(findings, key, max, Unit::Grapheme);
        }
    }
    let areas = menu.needed_array(findings, "areas", 0, 20).unwrap_or_default();
    let path = menu.path.key("areas");
    for (index, value) in areas.iter().enumerate() {
        let path = path.index(index);
        let Some(area) = Object::of(value, &path, findings) else { continue };
        if let Some(value) = area.needed(findings, "bounds") {
            let path = path.key("bounds");
            if let Some(bounds) = Object::of(value, &path, findings) {
                for (key, min) in [("x", 0), ("y", 0), ("width", 1), ("height", 1)] {
                    bounds.needed_integer(findings, key, min);
                }
            }
        }
        if let Some(value) = area.needed(findings, "action") {
            action(findings, value, &path.key("action"), Place::RichMenu);
        }
    }
}

fn size(findings: &mut Findings, size: &Object<'_, '_>) {
    let width = size.needed_integer(findings, "width", 1);
    let height = size.needed_integer(findings, "height", 1);
    let (Some(width), Some(height)) = (width, height) else { return };
    if !(800..=2500).contains(&width) {
        size.note(findings, "width", "Must be between 800 and 2500");
    }
    if height < 250 {
        size.note(findings, "height", "Must be greater than or equal to 250");
    }
    if width.saturating_mul(100) < height.saturating_mul(145) {
        size.note(findings, "height", "The aspect ratio must be 1.45 or more");
    }
}

/// Checks a batch of links and unlinks.
pub(crate) fn rich_menu_batch(body: &Value) -> Result<(), Refusal> {
    super::body(body, |findings, body| {
        if let Some(key) = body.string(findings, "resumeRequestKey") {
            let right = (1..=100).contains(&key.len())
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            if !right {
                body.note(findings, "resumeRequestKey", "must match the pattern ^[a-zA-Z0-9_-]{1,100}$");
            }
        }
        let operations = body.needed_array(findings, "operations", 1, 1_000).unwrap_or_default();
        let path = body.path.key("operations");
        for (index, value) in operations.iter().enumerate() {
            let path = path.index(index);
            let Some(operation) = Object::of(value, &path, findings) else { continue };
            operation.needed_string(findings, "type");
            let needed: &[&str] = match operation.one_of(findings, "type", &["link", "unlink", "unlinkAll"]) {
                Some("link") => &["from", "to"],
                Some("unlink") => &["from"],
                Some(_) if operations.len() > 1 => {
                    operation.note(findings, "type", "unlinkAll must be the only operation");
                    &[]
                }
                _ => &[],
            };
            for key in needed {
                operation.needed_string(findings, key);
            }
        }
    })
}
