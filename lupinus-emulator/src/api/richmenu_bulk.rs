//! Rich menus for many people at once, and aliases.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    operation::{Operation, delete, get, post},
    richmenu::usable,
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    richmenu::MAX_ALIASES,
    state::{Rate, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("linkRichMenuIdToUsers", "/v2/bot/richmenu/bulk/link", link),
        post("unlinkRichMenuIdFromUsers", "/v2/bot/richmenu/bulk/unlink", unlink),
        post("createRichMenuAlias", "/v2/bot/richmenu/alias", create_alias),
        get("getRichMenuAliasList", "/v2/bot/richmenu/alias/list", aliases),
        get("getRichMenuAlias", "/v2/bot/richmenu/alias/{richMenuAliasId}", alias),
        post("updateRichMenuAlias", "/v2/bot/richmenu/alias/{richMenuAliasId}", update_alias),
        delete("deleteRichMenuAlias", "/v2/bot/richmenu/alias/{richMenuAliasId}", delete_alias)
            .rate(Rate::per_hour(100)),
    ]
}

fn user_ids(body: &Value) -> Result<Vec<String>, Refusal> {
    let ids = match &body["userIds"] {
        Value::Array(ids) => ids,
        Value::Null => return Err(Refusal::detail("must be specified", "userIds")),
        _ => return Err(Refusal::property("userIds")),
    };
    if ids.is_empty() || ids.len() > 500 {
        return Err(Refusal::detail("Size must be between 1 and 500", "userIds"));
    }
    ids.iter()
        .enumerate()
        .map(|(index, id)| match id.as_str() {
            Some(id) if ids::is_user_id(id) => Ok(id.to_owned()),
            _ => Err(Refusal::property(&format!("userIds[{index}]"))),
        })
        .collect()
}

/// `POST /v2/bot/richmenu/bulk/link`. LINE takes seconds; here it is done with the answer.
fn link(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let user_ids = user_ids(&body)?;
    validate::needed_texts(&body, &["richMenuId"])?;
    let menu = usable(state, body["richMenuId"].as_str().unwrap_or_default())?;
    for user_id in &user_ids {
        state.link_menu(user_id, &menu);
    }
    Ok(Answer::accepted())
}

/// `POST /v2/bot/richmenu/bulk/unlink`
fn unlink(state: &mut State, call: &Call<'_>) -> Outcome {
    for user_id in user_ids(&call.json()?)? {
        if let Some(person) = state.people.get_mut(&user_id) {
            person.rich_menu = None;
        }
    }
    Ok(Answer::accepted())
}

fn is_alias(alias: &str) -> bool {
    (1..=32).contains(&alias.len())
        && alias.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// The menu a new alias is to stand for.
fn target(state: &State, body: &Value) -> Result<String, Refusal> {
    validate::needed_texts(body, &["richMenuId"])?;
    let id = body["richMenuId"].as_str().unwrap_or_default();
    if state.rich_menus.is_usable(id) { Ok(id.to_owned()) } else { Err(Refusal::bad("richmenu not found")) }
}

/// `POST /v2/bot/richmenu/alias`
fn create_alias(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let alias = body["richMenuAliasId"].as_str().unwrap_or_default();
    if !is_alias(alias) {
        return Err(Refusal::property("richMenuAliasId"));
    }
    let menu = target(state, &body)?;
    if state.rich_menus.aliases.contains_key(alias) {
        return Err(Refusal::bad("conflict richmenu alias id"));
    }
    if state.rich_menus.aliases.len() >= MAX_ALIASES {
        return Err(Refusal::bad("The maximum number of richmenu aliases has been reached"));
    }
    state.rich_menus.aliases.insert(alias.to_owned(), menu);
    Ok(Answer::empty())
}

fn no_alias() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "richmenu alias not found")
}

/// `POST /v2/bot/richmenu/alias/{richMenuAliasId}`
fn update_alias(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["richMenuId"])?;
    let menu = target(state, &body);
    let known = state.rich_menus.aliases.get_mut(call.param("richMenuAliasId")).ok_or_else(no_alias)?;
    *known = menu?;
    Ok(Answer::empty())
}

/// `GET /v2/bot/richmenu/alias/{richMenuAliasId}`
fn alias(state: &mut State, call: &Call<'_>) -> Outcome {
    let alias = call.param("richMenuAliasId");
    let menu = state.rich_menus.alias(alias).ok_or_else(no_alias)?;
    Ok(Answer::json(json!({"richMenuAliasId": alias, "richMenuId": menu})))
}

/// `GET /v2/bot/richmenu/alias/list`
fn aliases(state: &mut State, _: &Call<'_>) -> Outcome {
    let aliases: Vec<Value> = state
        .rich_menus
        .aliases
        .iter()
        .map(|(alias, menu)| json!({"richMenuAliasId": alias, "richMenuId": menu}))
        .collect();
    Ok(Answer::json(json!({"aliases": aliases})))
}

/// `DELETE /v2/bot/richmenu/alias/{richMenuAliasId}`
fn delete_alias(state: &mut State, call: &Call<'_>) -> Outcome {
    state.rich_menus.aliases.remove(call.param("richMenuAliasId")).ok_or_else(no_alias)?;
    Ok(Answer::empty())
}
