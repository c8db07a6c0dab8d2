//! Control calls about groups and rooms.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State as Extract},
    response::Response,
};
use serde_json::{Value, json};

use super::{ControlRefusal, Params, Reply, chat, json as parse, wait};
use crate::{
    people::{self, NewGroup, Place},
    shared::Shared,
    state::{Group, State},
};

type Platform = Extract<Arc<Shared>>;

fn summary(state: &State, group_id: &str, group: &Group) -> Value {
    json!({
        "groupId": group_id,
        "type": group.kind,
        "name": group.name,
        "members": group.members,
        "hasAccount": group.has_account,
        "messages": group.chat.len(),
        "lastAt": group.chat.last().map(|entry| entry.at),
        "preview": group.chat.last().map(|entry| chat::preview(state, entry)),
        "readUpTo": group.read_up_to,
    })
}

pub(super) async fn create(Extract(shared): Platform, body: Bytes) -> Reply {
    let new: NewGroup = serde_json::from_value(parse(&body)?)
        .map_err(|error| ControlRefusal::bad(format!("not a group: {error}")))?;
    let group_id = people::create_group(&shared, new)?;
    Ok(Json(json!({"groupId": group_id})))
}

pub(super) async fn list(Extract(shared): Platform) -> Reply {
    let state = shared.state();
    let groups: Vec<Value> = state.groups.iter().map(|(id, group)| summary(&state, id, group)).collect();
    Ok(Json(json!({"groups": groups})))
}

pub(super) async fn read(Extract(shared): Platform, Path(group_id): Path<String>) -> Reply {
    let state = shared.state();
    let group = state.groups.get(&group_id).ok_or_else(|| ControlRefusal::unknown("this group"))?;
    Ok(Json(summary(&state, &group_id, group)))
}

pub(super) async fn account_joins(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
) -> Reply {
    let event_id = people::account_joins(&shared, &group_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn account_leaves(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
) -> Reply {
    let event_id = people::account_leaves(&shared, &group_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

/// The `userIds` of a body.
fn user_ids(body: &Bytes) -> Result<Vec<String>, ControlRefusal> {
    let ids: Option<Vec<String>> = serde_json::from_value(parse(body)?["userIds"].clone()).ok();
    ids.ok_or_else(|| ControlRefusal::bad("userIds must be an array of user ids"))
}

pub(super) async fn members_join(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let event_id = people::members_join(&shared, &group_id, &user_ids(&body)?, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn members_leave(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let event_id = people::members_leave(&shared, &group_id, &user_ids(&body)?, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

/// The `userId` of a body: who of the group does it.
fn user_id(body: &Value) -> Result<String, ControlRefusal> {
    let id = body["userId"].as_str().map(str::to_owned);
    id.ok_or_else(|| ControlRefusal::bad("userId must say who of the group does it"))
}

pub(super) async fn say(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let user_id = user_id(&body)?;
    let said = people::say(&shared, Place::group(&group_id, &user_id), body, wait(&params)).await?;
    Ok(Json(json!({"messageId": said.message_id, "webhookEventId": said.event_id})))
}

pub(super) async fn postback(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let user_id = user_id(&body)?;
    let event_id = people::postback(&shared, Place::group(&group_id, &user_id), body, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn edit(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let user_id = user_id(&body)?;
    let event_id = people::edit(&shared, Place::group(&group_id, &user_id), body, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn unsend(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let user_id = user_id(&body)?;
    let message_id = body["messageId"].as_str();
    let message_id = message_id.ok_or_else(|| ControlRefusal::bad("messageId must be a string"))?;
    let place = Place::group(&group_id, &user_id);
    let event_id = people::unsend(&shared, place, message_id, wait(&params)).await?;
    Ok(Json(json!({"webhookEventId": event_id})))
}

pub(super) async fn messages(
    Extract(shared): Platform,
    Path(group_id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, ControlRefusal> {
    if !shared.state().groups.contains_key(&group_id) {
        return Err(ControlRefusal::unknown("this group"));
    }
    chat::messages(&shared, &group_id, &params)
}
