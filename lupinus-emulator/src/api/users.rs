//! Profiles, followers, and what shows in a person's chat.

use http::StatusCode;
use serde_json::json;

use super::{Call, Outcome};
use crate::{
    answer::{Answer, Detail, Refusal},
    ids,
    state::{Friendship, State},
    validate,
};

/// How long a `next` of the followers lives: 24 hours.
const PAGE_TOKEN_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;
/// From how many on the old ones are looked for.
const MAX_PAGE_TOKENS: usize = 1_000;

/// `GET /v2/bot/profile/{userId}`
pub(super) fn profile(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = call.param("userId");
    if !ids::is_user_id(user_id) {
        return Err(Refusal::bad("The value for the 'userId' parameter is invalid"));
    }
    let person = state.people.get(user_id).filter(|person| person.shows_profile());
    let person = person.ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(json!({"userId": user_id, "displayName": person.display_name, "language": "ja"})))
}

/// `GET /v2/bot/followers/ids`
pub(super) fn followers(state: &mut State, call: &Call<'_>) -> Outcome {
    if !state.settings.verified {
        let message = "Access to this API is not available for your account";
        return Err(Refusal::new(StatusCode::FORBIDDEN, message));
    }
    let limit = match call.query("limit").map(str::parse::<usize>) {
        None => 300,
        Some(Ok(limit @ 1..=1000)) => limit,
        Some(_) => return Err(Refusal::bad("The value for the 'limit' parameter is invalid")),
    };
    let now = state.clock.now();
    let start = match call.query("start") {
        None => 0,
        Some(token) => state
            .page_tokens
            .get(token)
            .filter(|(_, made)| now - made <= PAGE_TOKEN_LIFE_MS)
            .map(|(start, _)| *start)
            .ok_or_else(|| Refusal::bad("Invalid start param"))?,
    };
    // Pages go by position among all people, so that nobody is missed when friends come and go between two pages.
    let mut ids = Vec::with_capacity(limit);
    let mut next = None;
    for (position, (id, person)) in state.people.iter().enumerate().skip(start) {
        if ids.len() == limit {
            next = Some(position);
            break;
        }
        if person.friendship == Friendship::Friend {
            ids.push(id.clone());
        }
    }
    let mut body = json!({"userIds": ids});
    if let Some(position) = next {
        let token = ids::hex32();
        if state.page_tokens.len() >= MAX_PAGE_TOKENS {
            state.page_tokens.retain(|_, (_, made)| now - *made <= PAGE_TOKEN_LIFE_MS);
        }
        state.page_tokens.insert(token.clone(), (position, now));
        body["next"] = json!(token);
    }
    Ok(Answer::json(body))
}

/// `POST /v2/bot/chat/loading/start`
pub(super) fn loading(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["chatId"])?;
    let chat_id = body["chatId"].as_str().unwrap_or_default();
    if !ids::is_user_id(chat_id) {
        return Err(Refusal::bad(
            "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.",
        ));
    }
    let seconds = match &body["loadingSeconds"] {
        serde_json::Value::Null => 20,
        value => value.as_i64().ok_or_else(|| Refusal::property("loadingSeconds"))?,
    };
    let wrong = |message: &str| {
        Refusal::details(vec![Detail { message: message.to_owned(), property: "loadingSeconds".to_owned() }])
    };
    if !(5..=60).contains(&seconds) {
        return Err(wrong("Must be between 5 and 60"));
    }
    if seconds % 5 != 0 {
        return Err(wrong("must be a multiple of five"));
    }
    let until = state.clock.now() + seconds * 1_000;
    if let Some(person) = state.people.get_mut(chat_id) {
        person.loading_until = Some(until);
    }
    Ok(Answer::accepted())
}

/// `POST /v2/bot/chat/markAsRead`
pub(super) fn mark_as_read(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["markAsReadToken"])?;
    let token = body["markAsReadToken"].as_str().unwrap_or_default();
    let Some((chat_id, up_to)) = state.read_tokens.get(token).cloned() else {
        return Err(Refusal::bad(
            "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.",
        ));
    };
    state.mark_read(&chat_id, up_to);
    Ok(Answer::empty())
}
