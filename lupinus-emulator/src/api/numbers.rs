//! Quota and numbers of messages sent.

use indexmap::IndexMap;
use serde_json::json;

use super::{
    Call, Outcome,
    operation::{Operation, get},
};
use crate::{
    answer::Answer,
    clock::date_in_japan,
    state::{SendKind, State},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("getMessageQuota", "/v2/bot/message/quota", quota),
        get("getMessageQuotaConsumption", "/v2/bot/message/quota/consumption", consumption),
        get("getNumberOfSentReplyMessages", "/v2/bot/message/delivery/reply", sent_replies),
        get("getNumberOfSentPushMessages", "/v2/bot/message/delivery/push", sent_pushes),
        get("getNumberOfSentMulticastMessages", "/v2/bot/message/delivery/multicast", sent_multicasts),
        get("getPNPMessageStatistics", "/v2/bot/message/delivery/pnp", sent_notifications),
        get("getTemplatedPNPMessageStatistics", "/v2/bot/message/delivery/pnp/templated", sent_templated),
        get("getAggregationUnitUsage", "/v2/bot/message/aggregation/info", unit_usage),
        get("getAggregationUnitNameList", "/v2/bot/message/aggregation/list", unit_names),
        get("getNumberOfSentBroadcastMessages", "/v2/bot/message/delivery/broadcast", sent_broadcasts),
    ]
}

/// `GET /v2/bot/message/quota`
fn quota(state: &mut State, _: &Call<'_>) -> Outcome {
    Ok(Answer::json(match state.ledger.limit() {
        None => json!({"type": "none"}),
        Some(value) => json!({"type": "limited", "value": value}),
    }))
}

/// `GET /v2/bot/message/quota/consumption`
fn consumption(state: &mut State, _: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    Ok(Answer::json(json!({"totalUsage": state.ledger.used(now)})))
}

fn sent(state: &State, call: &Call<'_>, kind: SendKind) -> Outcome {
    let date = call.day("date")?;
    if date >= date_in_japan(state.clock.now()) && !state.settings.insight_at_once {
        return Ok(Answer::json(json!({"status": "unready"})));
    }
    if date < jiff::civil::date(2018, 3, 31) {
        return Ok(Answer::json(json!({"status": "out_of_service"})));
    }
    let success = state.ledger.sent_on(kind, date);
    if success < state.settings.privacy_threshold {
        return Ok(Answer::json(json!({"status": "unavailable_for_privacy"})));
    }
    Ok(Answer::json(json!({"status": "ready", "success": success})))
}

/// `GET /v2/bot/message/delivery/pnp`
fn sent_notifications(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Notification)
}

/// `GET /v2/bot/message/delivery/pnp/templated`
fn sent_templated(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::TemplatedNotification)
}

/// `GET /v2/bot/message/aggregation/info`
fn unit_usage(state: &mut State, _: &Call<'_>) -> Outcome {
    let date = date_in_japan(state.clock.now());
    let units = state.account.units.get(&(date.year(), date.month())).map_or(0, IndexMap::len);
    Ok(Answer::json(json!({"numOfCustomAggregationUnits": units})))
}

/// `GET /v2/bot/message/aggregation/list`
fn unit_names(state: &mut State, call: &Call<'_>) -> Outcome {
    let limit = call.limit("limit", 100, 100)?;
    let start = state.page_start(call.query("start"))?;
    let date = date_in_japan(state.clock.now());
    let units = state.account.units.get(&(date.year(), date.month()));
    let names: Vec<&String> = units.into_iter().flat_map(IndexMap::keys).skip(start).collect();
    let mut body = json!({"customAggregationUnits": names.iter().take(limit).collect::<Vec<_>>()});
    if names.len() > limit {
        body["next"] = json!(state.page_token(start + limit));
    }
    Ok(Answer::json(body))
}

/// `GET /v2/bot/message/delivery/reply`
fn sent_replies(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Reply)
}

/// `GET /v2/bot/message/delivery/push`
fn sent_pushes(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Push)
}

/// `GET /v2/bot/message/delivery/multicast`
fn sent_multicasts(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Multicast)
}

/// `GET /v2/bot/message/delivery/broadcast`
fn sent_broadcasts(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Broadcast)
}
