//! Templates: buttons, confirm, carousel, image carousel.

use serde_json::Value;

use super::{
    action::{Place, action},
    field::{Object, Unit},
    finding::{Findings, Path},
};

/// Checks the `template` of a message.
pub(super) fn check(findings: &mut Findings, message: &Object<'_, '_>) {
    let Some(value) = message.needed(findings, "template") else { return };
    let path = message.path.key("template");
    let Some(template) = Object::of(value, &path, findings) else { return };
    template.needed_string(findings, "type");
    match template.one_of(findings, "type", &["buttons", "confirm", "carousel", "image_carousel"]) {
        Some("buttons") => buttons(findings, &template),
        Some("confirm") => {
            template.needed_text(findings, "text", 240, Unit::Grapheme);
            actions(findings, &template, 2, 2);
        }
        Some("carousel") => carousel(findings, &template),
        Some(_) => image_carousel(findings, &template),
        None => {}
    }
}

fn actions(findings: &mut Findings, holder: &Object<'_, '_>, min: usize, max: usize) -> usize {
    let items = holder.needed_array(findings, "actions", min, max).unwrap_or_default();
    let path = holder.path.key("actions");
    for (index, value) in items.iter().enumerate() {
        action(findings, value, &path.index(index), Place::Template);
    }
    items.len()
}

/// Picture, title, text, default action: what buttons and columns share.
fn face(findings: &mut Findings, holder: &Object<'_, '_>, max_text: usize) {
    holder.media_url(findings, "thumbnailImageUrl");
    holder.text(findings, "title", 40, Unit::Grapheme);
    let has_more = holder.value("thumbnailImageUrl").is_some() || holder.value("title").is_some();
    holder.needed_text(findings, "text", if has_more { 60 } else { max_text }, Unit::Grapheme);
    if let Some(value) = holder.value("defaultAction") {
        action(findings, value, &holder.path.key("defaultAction"), Place::TemplateDefault);
    }
    if let Some(color) = holder.string(findings, "imageBackgroundColor")
        && !is_color(color)
    {
        holder.note(findings, "imageBackgroundColor", "invalid color");
    }
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn picture_form(findings: &mut Findings, template: &Object<'_, '_>) {
    template.one_of(findings, "imageAspectRatio", &["rectangle", "square"]);
    template.one_of(findings, "imageSize", &["cover", "contain"]);
}

fn buttons(findings: &mut Findings, template: &Object<'_, '_>) {
    picture_form(findings, template);
    face(findings, template, 160);
    actions(findings, template, 1, 4);
}

fn columns<'v>(findings: &mut Findings, template: &Object<'v, '_>) -> &'v [Value] {
    template.needed_array(findings, "columns", 1, 10).unwrap_or_default()
}

fn carousel(findings: &mut Findings, template: &Object<'_, '_>) {
    picture_form(findings, template);
    let path = template.path.key("columns");
    let mut first: Option<(usize, bool, bool)> = None;
    for (index, value) in columns(findings, template).iter().enumerate() {
        let path: Path<'_> = path.index(index);
        let Some(column) = Object::of(value, &path, findings) else { continue };
        face(findings, &column, 120);
        let form = (
            actions(findings, &column, 1, 3),
            column.value("thumbnailImageUrl").is_some(),
            column.value("title").is_some(),
        );
        if form.0 == 0 {
            continue; // noted already
        }
        match first {
            None => first = Some(form),
            Some(first) if first.0 != form.0 => {
                column.note(findings, "actions", "must have the same number in all columns");
            }
            Some(first) if first.1 != form.1 => {
                column.note(findings, "thumbnailImageUrl", "must be in all columns or in none");
            }
            Some(first) if first.2 != form.2 => {
                column.note(findings, "title", "must be in all columns or in none");
            }
            Some(_) => {}
        }
    }
}

fn image_carousel(findings: &mut Findings, template: &Object<'_, '_>) {
    let path = template.path.key("columns");
    for (index, value) in columns(findings, template).iter().enumerate() {
        let path = path.index(index);
        let Some(column) = Object::of(value, &path, findings) else { continue };
        column.needed_media_url(findings, "imageUrl");
        if let Some(value) = column.needed(findings, "action") {
            action(findings, value, &path.key("action"), Place::ImageCarousel);
        }
    }
}
