//! Messages about to be sent, and what they need beyond their form: a coupon that runs, a chat that fits.

use std::{collections::HashMap, sync::Arc};

use serde_json::{Value, value::RawValue};

use super::Call;
use crate::{
    answer::Refusal,
    state::{Outgoing, State},
    validate::can_quote,
};

/// The messages of a body that has been checked, with their JSON as it came.
pub(super) fn outgoing(state: &State, call: &Call<'_>, body: &Value) -> Result<Vec<Outgoing>, Refusal> {
    check_coupons(state, body)?;
    let pairs = raw(call.body).unwrap_or_default().into_iter().zip(messages(body));
    Ok(pairs
        .map(|(raw, (_, value))| Outgoing {
            kind: value["type"].as_str().unwrap_or_default().to_owned(),
            json: Arc::from(raw.get()),
        })
        .collect())
}

/// The JSON of each message. Of a property that is there twice the last one counts, as it does for [`Value`].
fn raw(body: &[u8]) -> Option<Vec<&RawValue>> {
    let properties: HashMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    serde_json::from_str(properties.get("messages")?.get()).ok()
}

fn messages(body: &Value) -> impl Iterator<Item = (usize, &Value)> {
    body["messages"].as_array().into_iter().flatten().enumerate()
}

/// 400 unless every coupon exists and can be used.
fn check_coupons(state: &State, body: &Value) -> Result<(), Refusal> {
    let now = state.clock.now();
    for (index, message) in messages(body).filter(|(_, message)| message["type"] == "coupon") {
        let coupon = message["couponId"].as_str().and_then(|id| state.account.coupons.get(id));
        if coupon.is_none_or(|coupon| coupon.status(now) != "RUNNING") {
            return Err(Refusal::detail("Invalid coupon id", &format!("messages[{index}].couponId")));
        }
    }
    Ok(())
}

/// 400 unless the messages fit the chat they go to: what they quote is in it, whom they mention is in it, and what exists
/// only between two is not sent to a group.
pub(super) fn check_chat(state: &State, body: &Value, chat_id: &str) -> Result<(), Refusal> {
    let group = state.groups.get(chat_id);
    for (index, message) in messages(body) {
        let refuse = |words: &str, property: &str| {
            Err(Refusal::detail(words, &format!("messages[{index}].{property}")))
        };
        let kind = message["type"].as_str().unwrap_or_default();
        if let Some(token) = message["quoteToken"].as_str()
            && can_quote(kind)
            && state.quote_tokens.get(token).is_none_or(|quoted| quoted.chat_id != chat_id)
        {
            return refuse("Invalid quote token", "quoteToken");
        }
        if kind == "video" && group.is_some() && !message["trackingId"].is_null() {
            return refuse("Must not be specified", "trackingId");
        }
        for (key, entry) in message["substitution"].as_object().into_iter().flatten() {
            if kind != "textV2" || entry["type"] != "mention" {
                continue;
            }
            let Some(group) = group else {
                return refuse(
                    "Mentions can only be used in groups and rooms",
                    &format!("substitution.{key}"),
                );
            };
            let user_id = entry["mentionee"]["userId"].as_str();
            if user_id.is_some_and(|user_id| !group.members.contains(user_id)) {
                return refuse("Not a member of this chat", &format!("substitution.{key}.mentionee.userId"));
            }
        }
    }
    Ok(())
}
