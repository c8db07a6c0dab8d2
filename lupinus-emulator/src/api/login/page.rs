//! The pages LINE shows: plain HTML, without scripts, nothing loaded from elsewhere.

use std::fmt::Write as _;

use crate::state::{Friendship, State};

/// Text made safe for HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

/// A whole page.
pub(in crate::api) fn html_page(title: &str, content: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>body{{font:16px/1.6 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;\
         color:#111;background:#fff}}label{{display:block;padding:.4rem 0}}\
         button{{font:inherit;padding:.6rem 1.2rem;margin:.6rem .6rem 0 0;border:1px solid #06843c;\
         border-radius:6px;background:#fff;color:#06843c}}button.yes{{background:#06843c;color:#fff}}</style>\
         <h1>{title}</h1>{content}</html>"
    )
}

/// A form in which one chooses who one is and what one says.
///
/// `hidden` goes along; `more` is HTML of one's own; `answers` are value and label of the buttons.
pub(in crate::api) fn choice(
    state: &State,
    action: &str,
    hidden: &[(String, String)],
    more: &str,
    answers: &[(&str, &str)],
) -> String {
    let mut form = format!("<form method=\"post\" action=\"{}\">", escaped(action));
    for (name, value) in hidden {
        let (name, value) = (escaped(name), escaped(value));
        let _ = write!(form, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    form.push_str("<fieldset><legend>LINEを使っている人</legend>");
    let people = state.people.iter().filter(|(_, person)| !person.deleted);
    for (index, (user_id, person)) in people.enumerate() {
        let checked = if index == 0 { " checked" } else { "" };
        let is_friend = person.friendship == Friendship::Friend;
        let (user_id, name) = (escaped(user_id), escaped(&person.display_name));
        let note = if is_friend { "（友だち）" } else { "" };
        let _ = write!(
            form,
            "<label><input type=\"radio\" name=\"user_id\" value=\"{user_id}\" required{checked}> {name}{note}</label>"
        );
    }
    if state.people.is_empty() {
        form.push_str("<p>まだ誰もいません。<code>/_emulator/users</code> か <a href=\"/\">ここ</a> で作ってください。</p>");
    }
    form.push_str("</fieldset>");
    form.push_str(more);
    for (index, (value, label)) in answers.iter().enumerate() {
        let class = if index == 0 { " class=\"yes\"" } else { "" };
        let (value, label) = (escaped(value), escaped(label));
        let _ = write!(form, "<button name=\"answer\" value=\"{value}\"{class}>{label}</button>");
    }
    form.push_str("</form>");
    form
}
