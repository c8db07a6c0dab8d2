//! Quota and numbers of messages sent.

use jiff::civil::Date;
use serde_json::json;

use super::{Call, Outcome};
use crate::{
    answer::{Answer, Refusal},
    clock::date_in_japan,
    state::{SendKind, State},
};

/// `GET /v2/bot/message/quota`
pub(super) fn quota(state: &mut State, _: &Call<'_>) -> Outcome {
    Ok(Answer::json(match state.ledger.limit() {
        None => json!({"type": "none"}),
        Some(value) => json!({"type": "limited", "value": value}),
    }))
}

/// `GET /v2/bot/message/quota/consumption`
pub(super) fn consumption(state: &mut State, _: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    Ok(Answer::json(json!({"totalUsage": state.ledger.used(now)})))
}

/// `yyyyMMdd` as a date.
fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    Date::new(part(0, 4)?, i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?).ok()
}

fn sent(state: &State, call: &Call<'_>, kind: SendKind) -> Outcome {
    let date = call
        .query("date")
        .and_then(date)
        .ok_or_else(|| Refusal::bad("The value for the 'date' parameter is invalid"))?;
    if date >= date_in_japan(state.clock.now()) {
        return Ok(Answer::json(json!({"status": "unready"})));
    }
    if date < jiff::civil::date(2018, 3, 31) {
        return Ok(Answer::json(json!({"status": "out_of_service"})));
    }
    Ok(Answer::json(json!({"status": "ready", "success": state.ledger.sent_on(kind, date)})))
}

/// `GET /v2/bot/message/delivery/reply`
pub(super) fn sent_replies(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Reply)
}

/// `GET /v2/bot/message/delivery/push`
pub(super) fn sent_pushes(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Push)
}

/// `GET /v2/bot/message/delivery/multicast`
pub(super) fn sent_multicasts(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Multicast)
}

/// `GET /v2/bot/message/delivery/broadcast`
pub(super) fn sent_broadcasts(state: &mut State, call: &Call<'_>) -> Outcome {
    sent(state, call, SendKind::Broadcast)
}
