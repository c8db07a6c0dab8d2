//! The control calls under `/_emulator`: what a test or a visitor does to the platform.

mod account;
mod admin;
mod chat;
mod error;
mod groups;
mod guard;
mod keeping;
mod live;
mod users;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, get, post, put},
};
use http::header;
use serde_json::Value;

use self::error::ControlRefusal;
use crate::{people::Wait, shared::Shared};

/// The largest body of a control call: room for a video in Base64.
const MAX_BODY: usize = 300 * 1024 * 1024;

type Params = HashMap<String, String>;
type Reply = Result<axum::Json<Value>, ControlRefusal>;

/// The control calls in OpenAPI 3.1.
const DESCRIPTION: &str = include_str!("openapi.json");

/// Every control call. Each is described in `openapi.json`.
fn routes() -> Vec<(&'static str, MethodRouter<Arc<Shared>>)> {
    vec![
        ("/users", post(users::create).get(users::list)),
        ("/users/{userId}", get(users::read).put(users::change)),
        ("/users/{userId}/picture", put(users::set_picture)),
        ("/users/{userId}/clicks", post(account::click)),
        ("/memberships", put(account::set_memberships)),
        ("/insight", put(account::set_figures)),
        ("/audiences/{audienceGroupId}", put(account::share_audience)),
        ("/assertion-keys", post(account::register_key)),
        ("/module-codes", post(account::module_code)),
        ("/users/{userId}/follow", post(users::follow)),
        ("/users/{userId}/unfollow", post(users::unfollow)),
        ("/users/{userId}/messages", post(users::say).get(users::messages)),
        ("/users/{userId}/postbacks", post(users::postback)),
        ("/users/{userId}/unsend", post(users::unsend)),
        ("/users/{userId}/beacons", post(users::beacon)),
        ("/users/{userId}/richmenu", get(users::rich_menu)),
        ("/groups", post(groups::create).get(groups::list)),
        ("/groups/{groupId}", get(groups::read)),
        ("/groups/{groupId}/account", put(groups::account_joins).delete(groups::account_leaves)),
        ("/groups/{groupId}/members", post(groups::members_join).delete(groups::members_leave)),
        ("/groups/{groupId}/messages", post(groups::say).get(groups::messages)),
        ("/groups/{groupId}/postbacks", post(groups::postback)),
        ("/groups/{groupId}/unsend", post(groups::unsend)),
        ("/groups/{groupId}/edit", post(groups::edit)),
        ("/chats/{chatId}/control", put(account::set_control)),
        ("/coupons/{couponId}", get(account::coupon)),
        ("/live", get(live::live)),
        ("/contents/{messageId}", get(admin::content)),
        ("/richmenus/{richMenuId}/image", get(admin::rich_menu_image)),
        ("/webhook", post(admin::webhook)),
        ("/webhooks", get(admin::webhooks)),
        ("/webhook-url", put(admin::set_webhook_url).get(admin::webhook_url)),
        ("/bot", get(admin::bot)),
        ("/settings", get(admin::settings).post(admin::set_settings)),
        ("/requests", get(admin::requests)),
        ("/faults", post(admin::add_fault).get(admin::faults).delete(admin::clear_faults)),
        ("/quota", post(admin::set_quota).get(admin::quota)),
        ("/clock", post(admin::set_clock).get(admin::clock)),
        ("/scenario", post(keeping::scenario)),
        ("/export", get(keeping::export)),
        ("/import", post(keeping::import)),
        ("/reset", post(admin::reset)),
        ("/openapi.json", get(async || ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION))),
    ]
}

/// The control calls as a router.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let router = Router::new();
    routes()
        .into_iter()
        .fold(router, |router, (path, methods)| router.route(path, methods))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(shared), guard::guard))
        .with_state(Arc::clone(shared))
}

/// The methods that the description has for a path of the router.
fn methods_of(path: &str) -> Vec<String> {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap_or_default();
    let path = path.split_once("/_emulator").map_or(path, |(_, path)| path);
    let methods = description["paths"][path].as_object();
    methods.into_iter().flat_map(|methods| methods.keys()).map(|method| method.to_uppercase()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_call_is_described_and_nothing_else_is() {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        for (path, methods) in routes() {
            let described = &description["paths"][path];
            // The methods of a route show in its `Debug` form only: `get: Some(..)` or `get: BoxedHandler`, else `get: None`.
            let shown = format!("{methods:?}");
            for method in ["get", "post", "put", "delete", "patch"] {
                let there = !shown.contains(&format!("{method}: None"));
                assert_eq!(described.get(method).is_some(), there, "{method} {path}");
            }
        }
        assert_eq!(description["paths"].as_object().unwrap().len(), routes().len());
    }
}
