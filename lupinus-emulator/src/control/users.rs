//! Control calls about people.

use std::{cmp::Reverse, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State as Extract},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use serde_json::{Value, json};

use super::{ControlRefusal, Params, Reply, chat, json as parse, limit, wait};
use crate::{
    people::{self, Change, Place},
    shared::Shared,
    state::{Content, ContentKind, Person, State},
};

type Platform = Extract<Arc<Shared>>;

pub(super) async fn create(Extract(shared): Platform, body: Bytes) -> Reply {
    let mut body = parse(&body)?;
    let name = people::display_name(&body["displayName"])?;
    let user_id = match body.as_object_mut().and_then(|body| body.remove("userId")) {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id),
        Some(_) => return Err(ControlRefusal::bad("userId must be U and 32 lower-case hex digits")),
    };
    let user_id = people::create(&shared, &name, user_id.as_deref(), Change::read(&body)?)?;
    Ok(Json(json!({"userId": user_id})))
}

/// Changes what is given of a person.
pub(super) async fn change(Extract(shared): Platform, Path(user_id): Path<String>, body: Bytes) -> Reply {
    let change = Change::read(&parse(&body)?)?;
    let mut state = shared.state();
    let person = state.people.get_mut(&user_id).ok_or_else(|| ControlRefusal::unknown("this user"))?;
    change.apply(person);
    Ok(Json(json!({})))
}

/// The kinds of a picture of a profile, with their first bytes.
const PORTRAITS: [(&str, &[u8]); 2] = [("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff")];

/// Takes a picture and serves it under an address of its own, which becomes the person's `pictureUrl`.
pub(super) async fn set_picture(
    Extract(shared): Platform,
    Path(user_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let body = parse(&body)?;
    let data = body["content"].as_str().and_then(|text| STANDARD.decode(text).ok());
    let data = data.ok_or_else(|| ControlRefusal::bad("content must be Base64"))?;
    let kind = PORTRAITS.iter().find(|(_, head)| data.starts_with(head));
    let (media_type, _) = kind.ok_or_else(|| ControlRefusal::bad("content must be a PNG or a JPEG"))?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.ok_or_else(|| ControlRefusal::bad("the call must have a Host header"))?;
    let mut state = shared.state();
    if !state.people.contains_key(&user_id) {
        return Err(ControlRefusal::unknown("this user"));
    }
    let id = state.new_message_id();
    let content = Content {
        kind: ContentKind::Portrait,
        media_type: (*media_type).to_owned(),
        data: data.into(),
        ready_at: 0,
        unsent: false,
    };
    state.contents.insert(id.clone(), content);
    let url = format!("http://{host}/_picture/{id}");
    let change = Change::read(&json!({"pictureUrl": url}))?;
    let person = state.people.get_mut(&user_id).ok_or_else(|| ControlRefusal::unknown("this user"))?;
    change.apply(person);
    Ok(Json(json!({"pictureUrl": url})))
}

fn summary(state: &State, user_id: &str, person: &Person, now: i64) -> Value {
    json!({
        "userId": user_id,
        "displayName": person.display_name,
        "pictureUrl": person.profile().picture_url,
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
    let mut one = summary(&state, &user_id, person, now);
    let profile = person.profile();
    one["statusMessage"] = json!(profile.status_message);
    one["language"] = json!(profile.language);
    one["consents"] = json!(!person.hides_profile);
    one["deleted"] = json!(person.deleted);
    one["phone"] = json!(person.phone);
    one["attributes"] = json!(person.attributes());
    Ok(Json(one))
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
