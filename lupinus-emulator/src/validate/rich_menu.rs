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
