//! What a user's token opens, and how it is taken back.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    super::{
        Call, Outcome,
        call::Expects,
        operation::{Admits, Operation, get, post},
        users::{Shows, shown_profile},
    },
    token::listed,
};
use crate::{
    answer::{Answer, Refusal},
    state::{Friendship, Grant, Person, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let open = |operation: Operation| Operation { cross_origin: true, ..operation.admits(Admits::Anyone) };
    vec![
        open(get("getUserInfo", "/oauth2/v2.1/userinfo", user_info)),
        open(post("postUserInfo", "/oauth2/v2.1/userinfo", user_info).expects(Expects::Nothing)),
        open(get("getLoginProfile", "/v2/profile", profile)),
        open(get("getFriendshipStatus", "/friendship/v1/status", friendship)),
        post("deauthorize", "/user/v1/deauthorize", deauthorize).admits(Admits::LoginChannel),
    ]
}

/// What there is to say of a user's token; `None` if it is none.
pub(in crate::api) fn described(
    state: &State,
    call: &Call<'_>,
    token: &str,
) -> Result<Option<Value>, Refusal> {
    let Some(known) = state.login.tokens.get(token) else { return Ok(None) };
    let rest = known.expires_at - state.clock.now();
    if rest <= 0 {
        return Err(Refusal::oauth("invalid_request", "access token expired"));
    }
    Ok(Some(json!({
        "scope": listed(&known.grant),
        "client_id": call.keys.login_channel_id,
        "expires_in": (rest + 999) / 1_000,
    })))
}

/// What a person granted with the token the call carries, if it allows `scope`.
pub(in crate::api) fn granted<'s>(
    state: &'s State,
    call: &Call<'_>,
    scope: &str,
) -> Result<&'s Grant, Refusal> {
    let now = state.clock.now();
    let known = call.bearer().and_then(|token| state.login.tokens.get(token));
    let known = known.filter(|known| now < known.expires_at);
    let known = known.ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "invalid token"))?;
    if !known.grant.scopes.contains(scope) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "not authorized for this scope"));
    }
    Ok(&known.grant)
}

/// The person whose token the call carries, if it allows `scope`.
fn bearer<'s>(state: &'s State, call: &Call<'_>, scope: &str) -> Result<(&'s str, &'s Person), Refusal> {
    let user_id = &granted(state, call, scope)?.user_id;
    let person = state.people.get_key_value(user_id).filter(|(_, person)| !person.deleted);
    let (user_id, person) = person.ok_or_else(Refusal::not_found)?;
    Ok((user_id, person))
}

/// `GET` and `POST /oauth2/v2.1/userinfo`
fn user_info(state: &mut State, call: &Call<'_>) -> Outcome {
    let (user_id, person) = bearer(state, call, "openid")?;
    let mut body = json!({"sub": user_id});
    if bearer(state, call, "profile").is_ok() {
        body["name"] = json!(person.display_name);
        if let Some(url) = &person.profile().picture_url {
            body["picture"] = json!(url);
        }
    }
    Ok(Answer::json(body))
}

/// `GET /v2/profile`
fn profile(state: &mut State, call: &Call<'_>) -> Outcome {
    let (user_id, person) = bearer(state, call, "profile")?;
    Ok(Answer::json(shown_profile(user_id, person, Shows::Everything)))
}

/// `GET /friendship/v1/status`
fn friendship(state: &mut State, call: &Call<'_>) -> Outcome {
    let (_, person) = bearer(state, call, "profile")?;
    Ok(Answer::json(json!({"friendFlag": person.friendship == Friendship::Friend})))
}

/// `POST /user/v1/deauthorize`: the person has left the web site; everything they granted ends.
fn deauthorize(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["userAccessToken"])?;
    let token = body["userAccessToken"].as_str().unwrap_or_default();
    let user_id = state.login.tokens.get(token).map(|known| known.grant.user_id.clone());
    let user_id = user_id.ok_or_else(|| Refusal::bad("invalid token"))?;
    state.login.forget(&user_id);
    Ok(Answer::nothing().with_status(StatusCode::NO_CONTENT))
}
