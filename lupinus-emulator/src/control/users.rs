//! Control calls about people.

use std::{cmp::Reverse, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State as Extract},
    response::Response,
};
use serde_json::{Value, json};

use super::{ControlRefusal, Params, Reply, chat, json as parse, limit, wait};
use crate::{
    people::{self, Place},
    shared::Shared,
    state::{Person, State},
};

type Platform = Extract<Arc<Shared>>;

pub(super) async fn create(Extract(shared): Platform, body: Bytes) -> Reply {
    let body = parse(&body)?;
    let name = body["displayName"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ControlRefusal::bad("displayName must be a string that is not empty"))?;
    let user_id = people::create(&shared, name, body["userId"].as_str())?;
    Ok(Json(json!({"userId": user_id})))
}

fn summary(state: &State, user_id: &str, person: &Person, now: i64) -> Value {
    json!({
        "userId": user_id,
        "displayName": person.display_name,
        "state": person.friendship,
        "messages": person.chat.len(),
        "lastAt": person.chat.last().map(|entry| entry.at),
        "readUpTo": person.read_up_to,
        "preview": person.chat.last().map(|entry| chat::preview(state, entry)),
        "loading": person.loading_until.is_some_and(|until| until > now),
        "loadingUntil": person.loading_until.filter(|until| *until > now),
    })
}

/// Everybody, in the order in which they came; with `limit` those of the newest chats, and whoever is in `with`.
pub(super) async fn list(Extract(shared): Platform, Query(params): Query<Params>) -> Reply {
    let limit = limit(&params)?;
    let name = params.get("name").map_or("", String::as_str);
    let state = shared.state();
    let now = state.clock.now();
    let person = |place: usize| state.people.get_index(place);
    let named = |place: &usize| person(*place).is_some_and(|(_, one)| one.display_name.contains(name));
    let mut places: Vec<usize> = (0..state.people.len()).filter(named).collect();
    if places.len() > limit {
        let last_at = |place| person(place).and_then(|(_, one)| one.chat.last()).map(|entry| entry.at);
        places.select_nth_unstable_by_key(limit, |place| Reverse((last_at(*place), *place)));
        places.truncate(limit);
    }
    places.extend(
        params
            .get("with")
            .into_iter()
            .flat_map(|ids| ids.split(','))
            .filter_map(|id| state.people.get_index_of(id)),
    );
    places.sort_unstable();
    places.dedup();
    let users: Vec<Value> =
        places.into_iter().filter_map(person).map(|(id, one)| summary(&state, id, one, now)).collect();
    Ok(Json(json!({"users": users, "total": state.people.len()})))
}

pub(super) async fn read(Extract(shared): Platform, Path(user_id): Path<String>) -> Reply {
    let state = shared.state();
    let now = state.clock.now();
    let person = state.people.get(&user_id).ok_or_else(|| ControlRefusal::unknown("this user"))?;
    Ok(Json(summary(&state, &user_id, person, now)))
}

pub(super) async fn follow(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
) -> Reply {
    let event_id = people::follow(&shared, &user_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn unfollow(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
) -> Reply {
    let event_id = people::unfollow(&shared, &user_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn say(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let said = people::say(&shared, Place::alone(&user_id), parse(&body)?, wait(&params)).await?;
    Ok(Json(json!({"messageId": said.message_id, "webhookEventId": said.event_id})))
}

pub(super) async fn postback(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let event_id = people::postback(&shared, Place::alone(&user_id), parse(&body)?, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn unsend(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let message_id = body["messageId"].as_str();
    let message_id = message_id.ok_or_else(|| ControlRefusal::bad("messageId must be a string"))?;
    let event_id = people::unsend(&shared, Place::alone(&user_id), message_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn beacon(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let event_id = people::beacon(&shared, &user_id, parse(&body)?, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn messages(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, ControlRefusal> {
    if !shared.state().people.contains_key(&user_id) {
        return Err(ControlRefusal::unknown("this user"));
    }
    chat::messages(&shared, &user_id, &params)
}

pub(super) async fn rich_menu(Extract(shared): Platform, Path(user_id): Path<String>) -> Reply {
    let state = shared.state();
    let person = state.people.get(&user_id).ok_or_else(|| ControlRefusal::unknown("this user"))?;
    let menu = state.rich_menus.seen_by(person.rich_menu.as_deref()).map(|(_, menu)| &menu.object);
    Ok(Json(json!({"richMenu": menu})))
}
