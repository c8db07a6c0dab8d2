//! Control calls about the platform: webhooks, faults, quota, clock, logs.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State as Extract},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ControlRefusal, Params, Reply, json as parse, limit, since, wait};
use crate::{
    answer::Answer, clock::LATEST, fault::Fault, people, shared::Shared, state::Quota,
    webhook::is_webhook_url,
};

type Platform = Extract<Arc<Shared>>;

pub(super) async fn webhook(Extract(shared): Platform, Query(params): Query<Params>, body: Bytes) -> Reply {
    let body = parse(&body)?;
    for (key, flagged) in [("redeliver", true), ("repeat", false)] {
        if let Some(event_id) = body[key].as_str() {
            people::repeat(&shared, event_id, flagged, wait(&params)).await?;
            return Ok(Json(json!({"webhookEventIds": [event_id]})));
        }
    }
    let events = match body {
        Value::Array(events) => events,
        Value::Object(mut body) => match body.remove("events") {
            Some(Value::Array(events)) => events,
            _ => return Err(ControlRefusal::bad("the body must have events, redeliver or repeat")),
        },
        _ => return Err(ControlRefusal::bad("the body must be an object or an array of events")),
    };
    let ids = people::send_events(&shared, events, wait(&params)).await?;
    Ok(Json(json!({"webhookEventIds": ids})))
}

pub(super) async fn webhooks(Extract(shared): Platform, Query(params): Query<Params>) -> Reply {
    let (since, limit) = (since(&params)?, limit(&params)?);
    let state = shared.state();
    let start = state.webhooks.partition_point(|entry| entry.seq <= since);
    let start = start.max(state.webhooks.len().saturating_sub(limit));
    let entries: Vec<_> = state.webhooks.iter().skip(start).collect();
    Ok(Json(json!({"webhooks": entries})))
}

pub(super) async fn webhook_url(Extract(shared): Platform) -> Reply {
    Ok(Json(json!({"url": shared.state().webhook_url})))
}

pub(super) async fn set_webhook_url(Extract(shared): Platform, body: Bytes) -> Reply {
    let url = match &parse(&body)?["url"] {
        Value::Null => None,
        Value::String(url) if is_webhook_url(url) => Some(url.clone()),
        _ => return Err(ControlRefusal::bad("url must be an address such as http://127.0.0.1:8080/webhook")),
    };
    shared.state().webhook_url.clone_from(&url);
    Ok(Json(json!({"url": url})))
}

/// Who the account is.
pub(super) async fn bot(Extract(shared): Platform) -> Reply {
    let state = shared.state();
    Ok(Json(json!({"userId": state.bot_user_id, "displayName": state.settings.bot_name})))
}

pub(super) async fn settings(Extract(shared): Platform) -> Reply {
    Ok(Json(json!(shared.state().settings)))
}

pub(super) async fn set_settings(Extract(shared): Platform, body: Bytes) -> Reply {
    let patch = parse(&body)?;
    let mut state = shared.state();
    state.settings = state.settings.patched(&patch).map_err(ControlRefusal::bad)?;
    Ok(Json(json!(state.settings)))
}

pub(super) async fn requests(Extract(shared): Platform, Query(params): Query<Params>) -> Reply {
    let (since, limit) = (since(&params)?, limit(&params)?);
    let state = shared.state();
    let start = state.requests.partition_point(|entry| entry.seq <= since);
    let start = start.max(state.requests.len().saturating_sub(limit));
    let entries: Vec<_> = state.requests.iter().skip(start).collect();
    Ok(Json(json!({"requests": entries})))
}

pub(super) async fn add_fault(Extract(shared): Platform, body: Bytes) -> Reply {
    let fault: Fault = serde_json::from_value(parse(&body)?)
        .map_err(|error| ControlRefusal::bad(format!("not a fault: {error}")))?;
    if let Some(problem) = fault.problem() {
        return Err(ControlRefusal::bad(problem));
    }
    let mut state = shared.state();
    state.faults.push(fault);
    Ok(Json(json!({"faults": state.faults})))
}

pub(super) async fn faults(Extract(shared): Platform) -> Reply {
    Ok(Json(json!({"faults": shared.state().faults})))
}

pub(super) async fn clear_faults(Extract(shared): Platform) -> Reply {
    shared.state().faults.clear();
    Ok(Json(json!({"faults": []})))
}

fn quota_now(shared: &Shared) -> Value {
    let mut state = shared.state();
    let now = state.clock.now();
    let used = state.ledger.used(now);
    match state.ledger.limit() {
        None => json!({"type": "none", "used": used}),
        Some(value) => json!({"type": "limited", "value": value, "used": used}),
    }
}

pub(super) async fn quota(Extract(shared): Platform) -> Reply {
    Ok(Json(quota_now(&shared)))
}

pub(super) async fn set_quota(Extract(shared): Platform, body: Bytes) -> Reply {
    let quota: Quota = serde_json::from_value(parse(&body)?)
        .map_err(|error| ControlRefusal::bad(format!("not a quota: {error}")))?;
    {
        let mut state = shared.state();
        let now = state.clock.now();
        state.ledger.set(quota, now);
    }
    Ok(Json(quota_now(&shared)))
}

fn clock_now(shared: &Shared) -> Value {
    let state = shared.state();
    json!({"now": state.clock.now(), "frozen": state.clock.is_frozen()})
}

pub(super) async fn clock(Extract(shared): Platform) -> Reply {
    Ok(Json(clock_now(&shared)))
}

pub(super) async fn set_clock(Extract(shared): Platform, body: Bytes) -> Reply {
    let body = parse(&body)?;
    let advance = match &body["advanceMs"] {
        Value::Null => None,
        value => Some(value.as_i64().ok_or_else(|| ControlRefusal::bad("advanceMs must be a number"))?),
    };
    let now = match &body["now"] {
        Value::Null => None,
        Value::Number(number) => {
            Some(number.as_i64().ok_or_else(|| ControlRefusal::bad("now must be whole milliseconds"))?)
        }
        value => {
            let parsed = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
            let wrong = "now must be a time such as 2026-04-01T09:00:00+09:00, or Unix milliseconds";
            Some(parsed.ok_or_else(|| ControlRefusal::bad(wrong))?.as_millisecond())
        }
    };
    let frozen = match &body["frozen"] {
        Value::Null => None,
        value => Some(value.as_bool().ok_or_else(|| ControlRefusal::bad("frozen must be true or false"))?),
    };
    if now.is_some_and(|now| !(0..=LATEST).contains(&now)) {
        return Err(ControlRefusal::bad("now must lie between the years 1970 and 9000"));
    }
    if advance.is_none() && now.is_none() && frozen.is_none() {
        return Err(ControlRefusal::bad("the body must have advanceMs, now or frozen"));
    }
    {
        let mut state = shared.state();
        if let Some(frozen) = frozen {
            state.clock.set_frozen(frozen);
        }
        if let Some(now) = now {
            state.clock.set(now);
        }
        if let Some(advance) = advance {
            state.clock.advance_ms(advance);
        }
    }
    Ok(Json(clock_now(&shared)))
}

pub(super) async fn reset(Extract(shared): Platform) -> Reply {
    shared.state().reset();
    Ok(Json(json!({})))
}

/// The bytes a person sent, for the page.
pub(super) async fn content(
    Extract(shared): Platform,
    Path(message_id): Path<String>,
) -> Result<Response, ControlRefusal> {
    let state = shared.state();
    let content = state.contents.get(&message_id).filter(|content| !content.unsent);
    let content = content.ok_or_else(|| ControlRefusal::unknown("this content"))?;
    Ok(harmless(Answer::bytes(&content.media_type, content.data.clone())))
}

/// Bytes that somebody sent: they are not run on this origin.
fn harmless(answer: Answer) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The image of a rich menu, for the page.
pub(super) async fn rich_menu_image(
    Extract(shared): Platform,
    Path(menu_id): Path<String>,
) -> Result<Response, ControlRefusal> {
    let state = shared.state();
    let image = state.rich_menus.menus.get(&menu_id).and_then(|menu| menu.image.clone());
    let image = image.ok_or_else(|| ControlRefusal::unknown("this image"))?;
    Ok(harmless(Answer::bytes(image.content_type, image.data)))
}
