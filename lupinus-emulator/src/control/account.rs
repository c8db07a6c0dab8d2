//! Control calls about what only LINE and people know: attributes, taps on addresses, statistics, paid plans, modules.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State as Extract},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{ControlRefusal, Reply, json as parse};
use crate::{
    ids, people,
    shared::Shared,
    state::{Channel, Click, Figures, Membership},
};

type Platform = Extract<Arc<Shared>>;

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, ControlRefusal> {
    serde_json::from_value(parse(body)?).map_err(|error| ControlRefusal::bad(error.to_string()))
}

pub(super) async fn click(Extract(shared): Platform, Path(user_id): Path<String>, body: Bytes) -> Reply {
    let click: Click = read(&body)?;
    let mut state = shared.state();
    if !state.people.contains_key(&user_id) {
        return Err(ControlRefusal::unknown("this user"));
    }
    if !state.sendings.contains_key(&click.request_id) {
        return Err(ControlRefusal::unknown("this requestId of a broadcast or narrowcast"));
    }
    state.account.clicks.push(Click { user_id, ..click });
    Ok(Json(json!({})))
}

pub(super) async fn set_memberships(Extract(shared): Platform, body: Bytes) -> Reply {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Plans {
        memberships: Vec<Membership>,
    }
    let Plans { mut memberships } = read(&body)?;
    let mut state = shared.state();
    let now = state.clock.now();
    for membership in &mut memberships {
        if membership.benefits.is_empty() {
            membership.benefits.push(membership.title.clone());
        }
        membership.since = now;
    }
    state.account.memberships = memberships;
    Ok(Json(json!({})))
}

pub(super) async fn set_figures(Extract(shared): Platform, body: Bytes) -> Reply {
    let figures: Figures = read(&body)?;
    shared.state().account.figures = figures;
    Ok(Json(json!({})))
}

pub(super) async fn share_audience(Extract(shared): Platform, Path(id): Path<i64>, body: Bytes) -> Reply {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Share {
        shared: bool,
    }
    let share: Share = read(&body)?;
    let mut state = shared.state();
    let audience = state.audiences.get_mut(&id).ok_or_else(|| ControlRefusal::unknown("this audience"))?;
    audience.shared = share.shared;
    Ok(Json(json!({})))
}

/// A code as LINE's page of module attachment gives it.
pub(super) async fn module_code(Extract(shared): Platform, body: Bytes) -> Reply {
    let scopes: Vec<String> = match parse(&body)?["scopes"].clone() {
        Value::Null => vec!["message:send".to_owned(), "message:receive".to_owned()],
        scopes => serde_json::from_value(scopes)
            .map_err(|_| ControlRefusal::bad("scopes must be an array of texts"))?,
    };
    let code = ids::hex32();
    shared.state().account.module.codes.insert(code.clone(), scopes);
    Ok(Json(json!({"code": code})))
}

/// Another channel takes the control of a chat, or gives it back.
pub(super) async fn set_control(
    Extract(shared): Platform,
    Path(chat_id): Path<String>,
    body: Bytes,
) -> Reply {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum By {
        Account,
        Other,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Control {
        by: By,
    }
    let control: Control = read(&body)?;
    let mut state = shared.state();
    if state.chat(&chat_id).is_none() {
        return Err(ControlRefusal::unknown("this chat"));
    }
    let now = state.clock.now();
    let module = &mut state.account.module;
    match control.by {
        By::Account => {
            module.others.remove(&chat_id);
        }
        By::Other => {
            module.controls.remove(&chat_id);
            module.others.insert(chat_id, now);
        }
    }
    Ok(Json(json!({})))
}

/// A coupon, for the page.
pub(super) async fn coupon(Extract(shared): Platform, Path(coupon_id): Path<String>) -> Reply {
    let state = shared.state();
    let coupon = state.account.coupons.get(&coupon_id);
    let coupon = coupon.ok_or_else(|| ControlRefusal::unknown("this coupon"))?;
    Ok(Json(json!({"coupon": coupon.object, "status": coupon.status(state.clock.now())})))
}

/// Registers a public key for assertions, as LINE's console does.
pub(super) async fn register_key(Extract(shared): Platform, body: Bytes) -> Reply {
    let body = parse(&body)?;
    let channel = match body["channel"].as_str() {
        None | Some("account") => Channel::Account,
        Some("login") => Channel::Login,
        Some(_) => return Err(ControlRefusal::bad("channel must be account or login")),
    };
    let kid = people::register_key(&shared, channel, &body["publicKey"])?;
    Ok(Json(json!({"kid": kid})))
}
