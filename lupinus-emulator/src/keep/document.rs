//! The whole state as one JSON document with a format number.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{ids, people::is_shown, state::State};

/// The format that is written. One that is read may lack anything that has a default.
pub(crate) const FORMAT: u64 = 1;

/// Why a document was not taken in; nothing has changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It has no format number, or one that this version does not know.
    #[error("format must be {FORMAT}: export the state with this version of the emulator")]
    Format,
    /// Its state is not one.
    #[error("not a state: {0}")]
    State(String),
}

/// The bytes that people and the account have sent, by the name under which they are stored.
pub(super) type Blobs = BTreeMap<String, Bytes>;

#[derive(Serialize)]
struct Written<'a> {
    format: u64,
    state: &'a State,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    blobs: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "format")]
    _format: u64,
    #[serde(default)]
    state: State,
    #[serde(default)]
    blobs: BTreeMap<String, String>,
}

/// The bytes of a state. Each name always stands for the same bytes.
pub(super) fn blobs(state: &State) -> Blobs {
    let contents = state.contents.iter().filter(|(_, content)| !content.unsent);
    let contents = contents.map(|(id, content)| (format!("content-{id}"), content.data.clone()));
    let menus = state.rich_menus.menus.iter();
    let images = menus.filter_map(|(id, menu)| Some((id.clone(), menu.image.as_ref()?.data.clone())));
    contents.chain(images).collect()
}

/// Puts bytes back where they belong.
pub(super) fn fill(
    state: &mut State,
    mut blob: impl FnMut(&str) -> Option<Bytes>,
) -> Result<(), ImportError> {
    let missing = |name: &str| ImportError::State(format!("the bytes of {name} are missing"));
    for (id, content) in state.contents.iter_mut().filter(|(_, content)| !content.unsent) {
        let name = format!("content-{id}");
        content.data = blob(&name).ok_or_else(|| missing(&name))?;
    }
    for (id, menu) in &mut state.rich_menus.menus {
        if let Some(image) = &mut menu.image {
            image.data = blob(id).ok_or_else(|| missing(id))?;
        }
    }
    Ok(())
}

/// The document, with bytes as Base64 if they shall be in it.
pub(super) fn write(state: &State, with_blobs: bool) -> serde_json::Result<Vec<u8>> {
    let blobs = if with_blobs { blobs(state) } else { Blobs::new() };
    let blobs = blobs.into_iter().map(|(name, data)| (name, STANDARD.encode(data))).collect();
    serde_json::to_vec(&Written { format: FORMAT, state, blobs })
}

/// The state in a document, and the bytes that are in it.
pub(super) fn read(document: &[u8]) -> Result<(State, Blobs), ImportError> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<u64>,
    }
    let wrong = |error: serde_json::Error| ImportError::State(error.to_string());
    let head: Head = serde_json::from_slice(document).map_err(wrong)?;
    if head.format != Some(FORMAT) {
        return Err(ImportError::Format);
    }
    let read: Read = serde_json::from_slice(document).map_err(wrong)?;
    check(&read.state)?;
    let blobs = read.blobs.into_iter().map(|(name, text)| match STANDARD.decode(text) {
        Ok(data) => Ok((name, Bytes::from(data))),
        Err(_) => Err(ImportError::State(format!("the bytes of {name} are not Base64"))),
    });
    Ok((read.state, blobs.collect::<Result<_, _>>()?))
}

/// What serde does not see.
fn check(state: &State) -> Result<(), ImportError> {
    let wrong = |what: String| Err(ImportError::State(what));
    for (id, person) in &state.people {
        if !ids::is_user_id(id) {
            return wrong(format!("people: {id} is not U and 32 lower-case hex digits"));
        }
        if person.display_name.is_empty() {
            return wrong(format!("people: {id} has no displayName"));
        }
    }
    for (id, group) in &state.groups {
        if !ids::is_recipient_id(id) || !id.starts_with(group.kind.head()) {
            return wrong(format!("groups: {id} does not fit its type"));
        }
        if let Some(member) = group.members.iter().find(|member| !state.people.contains_key(*member)) {
            return wrong(format!("groups: {member} is a member of {id}, but not among the people"));
        }
    }
    for (id, menu) in &state.rich_menus.menus {
        // Ids become names of files, and images are shown on the page.
        if !ids::is_rich_menu_id(id) {
            return wrong(format!("richMenus: {id} is not richmenu- and 32 lower-case hex digits"));
        }
        if !menu.object.is_object() {
            return wrong(format!("richMenus: the object of {id} is none"));
        }
        let kind = menu.image.as_ref().map(|image| image.content_type.as_str());
        if kind.is_some_and(|kind| !matches!(kind, "image/png" | "image/jpeg")) {
            return wrong(format!("richMenus: the image of {id} is neither image/png nor image/jpeg"));
        }
    }
    if let Some(id) =
        state.contents.keys().find(|id| id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return wrong(format!("contents: {id} is not a number"));
    }
    let chats = state.people.values().map(|person| &person.chat);
    let chats = chats.chain(state.groups.values().map(|group| &group.chat));
    for entry in chats.flatten() {
        if !is_shown(&entry.message) {
            return wrong(format!("chat: message {} is not the JSON of a message", entry.message_id));
        }
    }
    Ok(())
}

/// The document with everything in it.
pub(crate) fn export(state: &State) -> Value {
    let document = write(state, true).and_then(|bytes| serde_json::from_slice(&bytes));
    // All of the state has a form in JSON.
    document.unwrap_or_else(|_| json!({"format": FORMAT}))
}

/// Takes a document's state in place of `state`. What it does not say of settings and webhook address stays.
pub(crate) fn import(state: &mut State, document: &[u8]) -> Result<(), ImportError> {
    let (mut new, blobs) = read(document)?;
    fill(&mut new, |name| blobs.get(name).cloned())?;
    let said: Value = serde_json::from_slice(document).unwrap_or_default();
    if said["state"]["settings"].is_null() {
        new.settings = state.settings.clone();
    }
    if said["state"]["webhookUrl"].is_null() {
        new.webhook_url.clone_from(&state.webhook_url);
    }
    *state = new.in_place_of(state);
    Ok(())
}
