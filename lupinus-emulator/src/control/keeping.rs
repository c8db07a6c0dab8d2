//! Control calls about the state as a whole.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Extract};
use serde_json::json;

use super::{ControlRefusal, Reply};
use crate::{keep, shared::Shared};

type Platform = Extract<Arc<Shared>>;

pub(super) async fn export(Extract(shared): Platform) -> Reply {
    Ok(Json(keep::export(&shared.state())))
}

pub(super) async fn import(Extract(shared): Platform, body: Bytes) -> Reply {
    let mut state = shared.state();
    keep::import(&mut state, &body).map_err(|error| ControlRefusal::bad(error.to_string()))?;
    Ok(Json(json!({"people": state.people.len(), "groups": state.groups.len()})))
}
