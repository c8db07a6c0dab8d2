//! The pages LINE shows: plain HTML, without scripts, nothing loaded from elsewhere.

use std::fmt::Write as _;

use super::super::Call;
use crate::state::{Friendship, Person, State};

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

/// How many people a page lists; a search finds the others.
const LISTED: usize = 50;

/// Parameters of the emulator's own pages, which no web site sees, begin so.
const OWN: &str = "emulator.";
/// What is looked for among the names.
const NAME: &str = "emulator.name";
/// Who opens the page, when that is settled.
const USER: &str = "emulator.user";
/// The chat in which a link was tapped.
pub(in crate::api) const CHAT: &str = "emulator.chat";

/// The query a page was opened with, without what is for the page itself.
pub(in crate::api) fn without_own(query: &[(String, String)]) -> Vec<(String, String)> {
    query.iter().filter(|(name, _)| !name.starts_with(OWN)).cloned().collect()
}

fn hidden(form: &mut String, fields: &[(String, String)]) {
    for (name, value) in fields {
        let (name, value) = (escaped(name), escaped(value));
        let _ = write!(form, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
}

/// Where a page's answer goes, and what goes with it.
pub(in crate::api) struct Form<'f> {
    /// The page itself, without a query: searches go there, with the query it was opened with.
    pub(in crate::api) path: &'f str,
    /// Where the answer goes.
    pub(in crate::api) action: &'f str,
    pub(in crate::api) hidden: &'f [(String, String)],
    /// HTML between the people and the buttons.
    pub(in crate::api) more: &'f str,
    /// Value and label of the buttons.
    pub(in crate::api) answers: &'f [(&'f str, &'f str)],
}

/// A form in which one chooses who one is and what one says.
pub(in crate::api) fn choice(state: &State, call: &Call<'_>, form: &Form<'_>) -> String {
    let wanted = call.query(NAME).unwrap_or_default();
    let settled = call.query(USER);
    let fits = |id: &str, person: &Person| {
        !person.deleted && settled.map_or(person.display_name.contains(wanted), |settled| settled == id)
    };
    let mut people = state.people.iter().filter(|(id, person)| fits(id, person));
    let listed: Vec<_> = people.by_ref().take(LISTED).collect();
    let left_out = people.next().is_some();
    let mut html = String::new();
    if left_out || !wanted.is_empty() {
        let (path, wanted) = (escaped(form.path), escaped(wanted));
        let _ = write!(html, "<form method=\"get\" action=\"{path}\">");
        hidden(&mut html, &without_own(&call.head.query));
        let _ = write!(
            html,
            "<label>名前でさがす <input type=\"search\" name=\"{NAME}\" value=\"{wanted}\"></label><button>さがす</button></form>"
        );
    }
    let _ = write!(html, "<form method=\"post\" action=\"{}\">", escaped(form.action));
    hidden(&mut html, form.hidden);
    html.push_str("<fieldset><legend>LINEを使っている人</legend>");
    for (index, (user_id, person)) in listed.iter().enumerate() {
        let checked = if index == 0 { " checked" } else { "" };
        let is_friend = person.friendship == Friendship::Friend;
        let (user_id, name) = (escaped(user_id), escaped(&person.display_name));
        let note = if is_friend { "（友だち）" } else { "" };
        let _ = write!(
            html,
            "<label><input type=\"radio\" name=\"user_id\" value=\"{user_id}\" required{checked}> {name}{note}</label>"
        );
    }
    if left_out {
        let _ = write!(html, "<p>はじめの{LISTED}人です。ほかの人は名前でさがしてください。</p>");
    } else if state.people.is_empty() {
        html.push_str("<p>まだ誰もいません。<code>/_emulator/users</code> か <a href=\"/\">ここ</a> で作ってください。</p>");
    } else if listed.is_empty() {
        html.push_str("<p>その人はいません。</p>");
    }
    html.push_str("</fieldset>");
    html.push_str(form.more);
    for (index, (value, label)) in form.answers.iter().enumerate() {
        let class = if index == 0 { " class=\"yes\"" } else { "" };
        let (value, label) = (escaped(value), escaped(label));
        let _ = write!(html, "<button name=\"answer\" value=\"{value}\"{class}>{label}</button>");
    }
    html.push_str("</form>");
    html
}
