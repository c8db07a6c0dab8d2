//! Control calls about everything at once: the state as a document, and scenarios.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Extract};
use serde_json::json;

use super::{ControlRefusal, Reply};
use crate::{
    keep,
    scenario::{self, Scenario},
    shared::Shared,
};

type Platform = Extract<Arc<Shared>>;

pub(super) async fn export(Extract(shared): Platform) -> Reply {
    Ok(Json(keep::export(&shared.state())))
}

/// Plays a scenario and answers when it is over.
pub(super) async fn scenario(Extract(shared): Platform, body: Bytes) -> Reply {
    let scenario = Scenario::from_json(&body).map_err(|error| ControlRefusal::bad(error.to_string()))?;
    Ok(Json(json!(scenario::play(&shared, &scenario).await)))
}

pub(super) async fn import(Extract(shared): Platform, body: Bytes) -> Reply {
    let mut state = shared.state();
    keep::import(&mut state, &body).map_err(|error| ControlRefusal::bad(error.to_string()))?;
    Ok(Json(json!({"people": state.people.len(), "groups": state.groups.len()})))
}
