//! Profiles, followers, and what shows in a person's chat.

use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::invalid_parameter,
    operation::{Operation, get, post},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    state::{Person, Rate, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("getProfile", "/v2/bot/profile/{userId}", profile),
        get("getFollowers", "/v2/bot/followers/ids", followers),
        post("showLoadingAnimation", "/v2/bot/chat/loading/start", loading).rate(Rate::per_second(100)),
        post("markMessagesAsRead", "/v2/bot/message/markAsRead", mark_all_as_read),
        post("markMessagesAsReadByToken", "/v2/bot/chat/markAsRead", mark_as_read),
    ]
}

/// `GET /v2/bot/profile/{userId}`
fn profile(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = call.param("userId");
    if !ids::is_user_id(user_id) {
        return Err(invalid_parameter("userId"));
    }
    let person = state.people.get(user_id).filter(|person| person.shows_profile());
    let person = person.ok_or_else(Refusal::not_found)?;
    let mut body = shown_profile(user_id, person, Shows::Everything);
    if let Some(language) = &person.profile().language {
        body["language"] = json!(language);
    }
    Ok(Answer::json(body))
}

/// How much of a profile an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    NameAndPicture,
    Everything,
}

/// A profile as LINE shows it; what a person has not set is absent.
pub(super) fn shown_profile(user_id: &str, person: &Person, shows: Shows) -> Value {
    let mut body = json!({"userId": user_id, "displayName": person.display_name});
    let profile = person.profile();
    if let Some(url) = &profile.picture_url {
        body["pictureUrl"] = json!(url);
    }
    if shows == Shows::Everything
        && let Some(text) = &profile.status_message
    {
        body["statusMessage"] = json!(text);
    }
    body
}

/// `GET /v2/bot/followers/ids`
fn followers(state: &mut State, call: &Call<'_>) -> Outcome {
    if !state.settings.verified {
        return Err(Refusal::not_entitled());
    }
    let limit = call.limit("limit", 300, 1_000)?;
    let start = state.page_start(call.query("start"))?;
    // Pages go by position among all people, so that nobody is missed when friends come and go between two pages.
    let mut ids = Vec::with_capacity(limit);
    let mut next = None;
    for (position, (id, person)) in state.people.iter().enumerate().skip(start) {
        if ids.len() == limit {
            next = Some(position);
            break;
        }
        if person.is_target() && !person.hides_profile {
            ids.push(id.clone());
        }
    }
    let mut body = json!({"userIds": ids});
    if let Some(position) = next {
        body["next"] = json!(state.page_token(position));
    }
    Ok(Answer::json(body))
}

/// `POST /v2/bot/chat/loading/start`
fn loading(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["chatId"])?;
    let chat_id = body["chatId"].as_str().unwrap_or_default();
    if !ids::is_user_id(chat_id) {
        return Err(Refusal::bad(
            "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.",
        ));
    }
    let seconds = match &body["loadingSeconds"] {
        Value::Null => 20,
        value => value.as_i64().ok_or_else(|| Refusal::property("loadingSeconds"))?,
    };
    let wrong = |message: &str| Refusal::detail(message, "loadingSeconds");
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
fn mark_as_read(state: &mut State, call: &Call<'_>) -> Outcome {
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

/// `POST /v2/bot/message/markAsRead`, the old form: everything in a person's chat.
fn mark_all_as_read(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::body(&body, |findings, body| {
        let Some(value) = body.needed(findings, "chat") else { return };
        let path = body.path.key("chat");
        if let Some(chat) = validate::Object::of(value, &path, findings) {
            chat.needed_string(findings, "userId");
        }
    })?;
    let user_id = body["chat"]["userId"].as_str().unwrap_or_default();
    if !ids::is_user_id(user_id) {
        return Err(Refusal::property("chat.userId"));
    }
    let up_to = state.chat(user_id).map_or(0, Vec::len);
    state.mark_read(user_id, up_to);
    Ok(Answer::empty())
}
