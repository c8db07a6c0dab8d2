//! The control calls under `/_emulator`: what a test or a visitor does to the platform.

mod admin;
mod chat;
mod error;
mod groups;
mod keeping;
mod live;
mod users;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post, put},
};
use serde_json::Value;

use self::error::ControlRefusal;
use crate::{people::Wait, shared::Shared};

/// The largest body of a control call: room for a video in Base64.
const MAX_BODY: usize = 300 * 1024 * 1024;

type Params = HashMap<String, String>;
type Reply = Result<axum::Json<Value>, ControlRefusal>;

/// The control calls as a router.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/users", post(users::create).get(users::list))
        .route("/users/{userId}", get(users::read))
        .route("/users/{userId}/follow", post(users::follow))
        .route("/users/{userId}/unfollow", post(users::unfollow))
        .route("/users/{userId}/messages", post(users::say).get(users::messages))
        .route("/users/{userId}/postbacks", post(users::postback))
        .route("/users/{userId}/unsend", post(users::unsend))
        .route("/users/{userId}/richmenu", get(users::rich_menu))
        .route("/groups", post(groups::create).get(groups::list))
        .route("/groups/{groupId}", get(groups::read))
        .route("/groups/{groupId}/account", put(groups::account_joins).delete(groups::account_leaves))
        .route("/groups/{groupId}/members", post(groups::members_join).delete(groups::members_leave))
        .route("/groups/{groupId}/messages", post(groups::say).get(groups::messages))
        .route("/groups/{groupId}/postbacks", post(groups::postback))
        .route("/groups/{groupId}/unsend", post(groups::unsend))
        .route("/live", get(live::live))
        .route("/contents/{messageId}", get(admin::content))
        .route("/richmenus/{richMenuId}/image", get(admin::rich_menu_image))
        .route("/webhook", post(admin::webhook))
        .route("/webhooks", get(admin::webhooks))
        .route("/webhook-url", put(admin::set_webhook_url).get(admin::webhook_url))
        .route("/bot", get(admin::bot))
        .route("/settings", get(admin::settings).post(admin::set_settings))
        .route("/requests", get(admin::requests))
        .route("/faults", post(admin::add_fault).get(admin::faults).delete(admin::clear_faults))
        .route("/quota", post(admin::set_quota).get(admin::quota))
        .route("/clock", post(admin::set_clock).get(admin::clock))
        .route("/scenario", post(keeping::scenario))
        .route("/export", get(keeping::export))
        .route("/import", post(keeping::import))
        .route("/reset", post(admin::reset))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::unknown_path)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::clone(shared))
}

/// Whether the call waits for the first try of its webhook: yes, unless `?wait=false`.
fn wait(params: &Params) -> Wait {
    if params.get("wait").is_some_and(|wait| wait == "false") { Wait::No } else { Wait::ForFirstTry }
}

/// `?since=`, 0 without it.
fn since(params: &Params) -> Result<u64, ControlRefusal> {
    match params.get("since") {
        None => Ok(0),
        Some(since) => since.parse().map_err(|_| ControlRefusal::bad("since must be a number")),
    }
}

/// `?limit=`: how many of the newest entries; all without it.
fn limit(params: &Params) -> Result<usize, ControlRefusal> {
    match params.get("limit") {
        None => Ok(usize::MAX),
        Some(limit) => limit.parse().map_err(|_| ControlRefusal::bad("limit must be a number")),
    }
}

/// The body as JSON; an empty body is `{}`. The content type does not matter, so that plain curl works.
fn json(body: &[u8]) -> Result<Value, ControlRefusal> {
    if body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        ControlRefusal::bad(format!("the body is not JSON (line {line}, column {column})"))
    })
}
