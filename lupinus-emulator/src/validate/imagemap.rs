//! Imagemaps: a picture with areas to tap.

use serde_json::Value;

use super::{
    action::check_uri,
    field::{Object, Unit},
    finding::{Findings, Path},
};

/// Checks an `imagemap` message apart from its alternative text.
pub(super) fn check(findings: &mut Findings, message: &Object<'_, '_>) {
    message.needed_media_url(findings, "baseUrl");
    if let Some(value) = message.needed(findings, "baseSize") {
        let path = message.path.key("baseSize");
        if let Some(size) = Object::of(value, &path, findings) {
            if size.needed_integer(findings, "width", 1).is_some_and(|width| width != 1_040) {
                size.note(findings, "width", "Must be 1040");
            }
            size.needed_integer(findings, "height", 1);
        }
    }
    let items = message.needed_array(findings, "actions", 0, 50).unwrap_or_default();
    let path = message.path.key("actions");
    for (index, value) in items.iter().enumerate() {
        map_action(findings, value, &path.index(index));
    }
    if let Some(value) = message.value("video") {
        let path = message.path.key("video");
        if let Some(video) = Object::of(value, &path, findings) {
            self::video(findings, &video);
        }
    }
}

fn map_action(findings: &mut Findings, value: &Value, path: &Path<'_>) {
    let Some(action) = Object::of(value, path, findings) else { return };
    action.needed_string(findings, "type");
    action.text(findings, "label", 100, Unit::Utf16);
    area(findings, &action);
    match action.one_of(findings, "type", &["uri", "message", "clipboard"]) {
        Some("uri") => {
            if let Some(uri) = action.needed_string(findings, "linkUri") {
                check_uri(findings, &action, "linkUri", uri);
            }
        }
        Some("message") => action.needed_text(findings, "text", 400, Unit::Utf16),
        Some(_) => action.needed_text(findings, "clipboardText", 1_000, Unit::Utf16),
        None => {}
    }
}

fn area(findings: &mut Findings, holder: &Object<'_, '_>) {
    let Some(value) = holder.needed(findings, "area") else { return };
    let path = holder.path.key("area");
    let Some(area) = Object::of(value, &path, findings) else { return };
    for (key, min) in [("x", 0), ("y", 0), ("width", 1), ("height", 1)] {
        area.needed_integer(findings, key, min);
    }
}

fn video(findings: &mut Findings, video: &Object<'_, '_>) {
    video.needed_media_url(findings, "originalContentUrl");
    video.needed_media_url(findings, "previewImageUrl");
    area(findings, video);
    let Some(value) = video.value("externalLink") else { return };
    let path = video.path.key("externalLink");
    if let Some(link) = Object::of(value, &path, findings) {
        if let Some(uri) = link.needed_string(findings, "linkUri") {
            check_uri(findings, &link, "linkUri", uri);
        }
        link.needed_text(findings, "label", 30, Unit::Utf16);
    }
}
