//! Rich menus for everybody who has another one: accepted together, done a while later.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{
    Call, Outcome,
    operation::{Operation, get, post},
    richmenu::usable,
};
use crate::{
    answer::{Answer, Refusal},
    clock::timestamp,
    richmenu::Batch,
    state::{PROGRESS_LIFE_MS, Rate, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("richMenuBatch", "/v2/bot/richmenu/batch", batch).rate(Rate::per_hour(3)),
        post("validateRichMenuBatchRequest", "/v2/bot/richmenu/validate/batch", rehearse),
        get("getRichMenuBatchProgress", "/v2/bot/richmenu/progress/batch", progress)
            .rate(Rate::per_hour(100)),
    ]
}

/// Checks a batch and what it names.
fn check(state: &State, body: &Value, unknown: fn() -> Refusal) -> Result<(), Refusal> {
    validate::rich_menu_batch(body)?;
    let mut sources = HashSet::new();
    for (index, operation) in body["operations"].as_array().into_iter().flatten().enumerate() {
        if let Some(from) = operation["from"].as_str() {
            if !state.rich_menus.menus.contains_key(from) {
                return Err(unknown());
            }
            if !sources.insert(from) {
                return Err(Refusal::detail("must not be repeated", &format!("operations[{index}].from")));
            }
        }
        if let Some(to) = operation["to"].as_str() {
            if !state.rich_menus.menus.contains_key(to) {
                return Err(unknown());
            }
            usable(state, to)?;
        }
    }
    Ok(())
}

/// `POST /v2/bot/richmenu/batch`: all operations act on the links as they are now.
fn batch(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    check(state, &body, || Refusal::bad("richmenu not found"))?;
    let operations = body["operations"].as_array().into_iter().flatten();
    let mut targets: HashMap<&str, Option<String>> = HashMap::new();
    let mut all = false;
    for operation in operations {
        match operation["from"].as_str() {
            Some(from) => drop(targets.insert(from, operation["to"].as_str().map(str::to_owned))),
            None => all = true,
        }
    }
    let changes = state.people.iter().filter_map(|(user_id, person)| {
        let own = person.rich_menu.as_deref()?;
        let target = if all { Some(None) } else { targets.get(own).cloned() };
        target.map(|target| (user_id.clone(), target))
    });
    let changes = changes.collect();
    let now = state.clock.now();
    let due_at = now.saturating_add(i64::try_from(state.settings.background_ms).unwrap_or(i64::MAX));
    let request_id = call.head.request_id.clone();
    state.rich_menus.batches.retain(|_, batch| now - batch.accepted_at < PROGRESS_LIFE_MS);
    state.rich_menus.batches.insert(request_id.clone(), Batch { accepted_at: now, due_at, changes });
    state.unsettled.push(request_id);
    Ok(Answer::accepted())
}

/// `POST /v2/bot/richmenu/validate/batch`
fn rehearse(state: &mut State, call: &Call<'_>) -> Outcome {
    check(state, &call.json()?, Refusal::not_found)?;
    Ok(Answer::empty())
}

/// `GET /v2/bot/richmenu/progress/batch`
fn progress(state: &mut State, call: &Call<'_>) -> Outcome {
    let request_id = call.needed_query("requestId")?;
    let now = state.clock.now();
    let batch = state.rich_menus.batches.get(request_id);
    let batch = batch.filter(|batch| now - batch.accepted_at < PROGRESS_LIFE_MS);
    let batch = batch.ok_or_else(Refusal::not_found)?;
    let mut body = json!({"phase": "ongoing", "acceptedTime": timestamp(batch.accepted_at).to_string()});
    if now >= batch.due_at {
        body["phase"] = json!("succeeded");
        body["completedTime"] = json!(timestamp(batch.due_at).to_string());
    }
    Ok(Answer::json(body))
}
