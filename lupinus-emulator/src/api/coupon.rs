//! Coupons.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::{Expects, invalid_parameter},
    operation::{Operation, get, post, put},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    state::{Coupon, Rate, State},
    validate,
};

/// How many coupons may be valid at a time.
const MAX_COUPONS: usize = 5_000;

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let rate = Rate::per_second(200);
    vec![
        post("createCoupon", "/v2/bot/coupon", create).rate(rate),
        get("listCoupon", "/v2/bot/coupon", list).rate(rate),
        get("getCouponDetail", "/v2/bot/coupon/{couponId}", read).rate(rate),
        put("closeCoupon", "/v2/bot/coupon/{couponId}/close", close).expects(Expects::Nothing).rate(rate),
    ]
}

impl Coupon {
    /// Whether it can be used. A coupon of the API is never a draft, and one whose end has passed is closed.
    pub(crate) fn status(&self, now: i64) -> &'static str {
        let ended = self.object["endTimestamp"].as_i64().is_some_and(|end| end.saturating_mul(1_000) <= now);
        if self.closed || ended { "CLOSED" } else { "RUNNING" }
    }
}

fn unknown() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "coupon not found")
}

/// `POST /v2/bot/coupon`
fn create(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::coupon(&body)?;
    let now = state.clock.now();
    let valid = state.account.coupons.values().filter(|coupon| coupon.status(now) == "RUNNING").count();
    if valid >= MAX_COUPONS {
        return Err(Refusal::bad("The maximum number of coupons has been reached"));
    }
    let id = ids::event_id(now);
    state.account.coupons.insert(id.clone(), Coupon { object: body, created_at: now, closed: false });
    Ok(Answer::json(json!({"couponId": id})))
}

/// `GET /v2/bot/coupon`
fn list(state: &mut State, call: &Call<'_>) -> Outcome {
    let limit = call.limit("limit", 20, 100)?;
    let wanted: Vec<&str> = call.queries("status").collect();
    if !wanted.iter().all(|status| matches!(*status, "DRAFT" | "RUNNING" | "CLOSED")) {
        return Err(invalid_parameter("status"));
    }
    let start = state.page_start(call.query("start"))?;
    let now = state.clock.now();
    let fits = |coupon: &Coupon| wanted.is_empty() || wanted.contains(&coupon.status(now));
    let fitting = state.account.coupons.iter().filter(|(_, coupon)| fits(coupon)).skip(start);
    let mut items: Vec<Value> = fitting
        .take(limit + 1)
        .map(|(id, coupon)| json!({"couponId": id, "title": coupon.object["title"]}))
        .collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let mut body = json!({"items": items});
    if more {
        body["next"] = json!(state.page_token(start + limit));
    }
    Ok(Answer::json(body))
}

/// `GET /v2/bot/coupon/{couponId}`
fn read(state: &mut State, call: &Call<'_>) -> Outcome {
    let (now, id) = (state.clock.now(), call.param("couponId"));
    let coupon = state.account.coupons.get(id).ok_or_else(unknown)?;
    let mut body = coupon.object.clone();
    body["couponId"] = json!(id);
    body["status"] = json!(coupon.status(now));
    body["createdTimestamp"] = json!(coupon.created_at / 1_000);
    body["maxTicketPerUser"] = json!(1);
    if body["reward"]["priceInfo"].is_object() && body["reward"]["priceInfo"]["type"] != "percentage" {
        body["reward"]["priceInfo"]["currency"] = json!("JPY");
    }
    Ok(Answer::json(body))
}

/// `PUT /v2/bot/coupon/{couponId}/close`
fn close(state: &mut State, call: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    let coupon = state.account.coupons.get_mut(call.param("couponId")).ok_or_else(unknown)?;
    if coupon.status(now) == "CLOSED" {
        return Err(Refusal::new(StatusCode::GONE, "The coupon has already been closed."));
    }
    coupon.closed = true;
    Ok(Answer::empty())
}
