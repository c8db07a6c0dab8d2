//! Paid plans and their subscribers.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::invalid_parameter,
    operation::{Operation, get},
};
use crate::{
    answer::{Answer, Refusal},
    clock::date_in_japan,
    ids,
    state::{Membership, Rate, State},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let rate = Rate::per_second(200);
    vec![
        get("getMembershipList", "/v2/bot/membership/list", list).rate(rate),
        get("getMembershipSubscription", "/v2/bot/membership/subscription/{userId}", subscription).rate(rate),
        get("getJoinedMembershipUsers", "/v2/bot/membership/{membershipId}/users/ids", users),
    ]
}

fn plan(membership: &Membership) -> Value {
    json!({
        "membershipId": membership.id,
        "title": membership.title,
        "description": membership.description,
        "benefits": membership.benefits,
        "price": membership.price,
        "currency": "JPY",
    })
}

/// `GET /v2/bot/membership/list`
fn list(state: &mut State, _: &Call<'_>) -> Outcome {
    if state.account.memberships.is_empty() {
        return Err(Refusal::not_found());
    }
    let plans = state.account.memberships.iter().map(|membership| {
        let mut plan = plan(membership);
        plan["memberCount"] = json!(membership.members.len());
        plan["memberLimit"] = json!(membership.limit);
        plan["isInAppPurchase"] = json!(true);
        plan["isPublished"] = json!(true);
        plan
    });
    Ok(Answer::json(json!({"memberships": plans.collect::<Vec<_>>()})))
}

/// `GET /v2/bot/membership/subscription/{userId}`
fn subscription(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = call.param("userId");
    if !ids::is_user_id(user_id) {
        return Err(invalid_parameter("userId"));
    }
    let today = date_in_japan(state.clock.now());
    let joined = state.account.memberships.iter().filter_map(|membership| {
        let number = membership.members.get_index_of(user_id)? + 1;
        let since = date_in_japan(membership.since);
        let months = (today.year() - since.year()) * 12 + i16::from(today.month() - since.month());
        let months = if today.day() < since.day() { months - 1 } else { months };
        let next = since.checked_add((i32::from(months) + 1).months()).unwrap_or(since);
        Some(json!({
            "membership": plan(membership),
            "user": {
                "membershipNo": number,
                "joinedTime": membership.since / 1_000,
                "nextBillingDate": next.to_string(),
                "totalSubscriptionMonths": months + 1,
            },
        }))
    });
    let subscriptions: Vec<Value> = joined.collect();
    if subscriptions.is_empty() {
        return Err(Refusal::not_found());
    }
    Ok(Answer::json(json!({"subscriptions": subscriptions})))
}

/// `GET /v2/bot/membership/{membershipId}/users/ids`
fn users(state: &mut State, call: &Call<'_>) -> Outcome {
    let limit = call.limit("limit", 300, 1_000)?;
    let id: u64 = ids::number(call.param("membershipId")).ok_or_else(|| invalid_parameter("membershipId"))?;
    let start = state.page_start(call.query("start"))?;
    let membership = state.account.memberships.iter().find(|membership| membership.id == id);
    let members = &membership.ok_or_else(Refusal::not_found)?.members;
    let mut body = json!({"userIds": members.iter().skip(start).take(limit).collect::<Vec<_>>()});
    if members.len() > start + limit {
        body["next"] = json!(state.page_token(start + limit));
    }
    Ok(Answer::json(body))
}
