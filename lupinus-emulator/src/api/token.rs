//! Channel access tokens: issued, checked, revoked.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::Expects,
    is_long_lived,
    login::{self, issue_user_token},
    operation::{Admits, Operation, get, post},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    jwt::Parts,
    shared::Keys,
    state::{Channel, ChannelToken, Rate, State, TokenKind},
};

/// The life of a short-lived token, and the longest of a chosen one: 30 days, in seconds.
const MAX_LIFE_S: i64 = 30 * 24 * 60 * 60;
/// The life of a stateless token: 15 minutes, in seconds.
const STATELESS_LIFE_S: i64 = 15 * 60;
/// How far ahead an assertion may run out: 30 minutes, in seconds.
const MAX_ASSERTION_S: i64 = 30 * 60;
/// What is told of the life of a long-lived token, which has no end: the most that fits.
const NO_END_S: i64 = i32::MAX as i64;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The operations of this file. LINE Login shares the paths of v2.1: what is meant shows in the parameters.
pub(super) fn operations() -> Vec<Operation> {
    let open = |operation: Operation| operation.admits(Admits::Anyone);
    let form = |operation: Operation| open(operation.expects(Expects::Form));
    vec![
        form(post("issueStatelessChannelToken", "/oauth2/v3/token", issue_stateless)),
        form(post("issueChannelTokenByJWT", "/oauth2/v2.1/token", issue)),
        open(get("verifyChannelTokenByJWT", "/oauth2/v2.1/verify", verify)),
        open(get("getsAllValidChannelAccessTokenKeyIds", "/oauth2/v2.1/tokens/kid", key_ids)),
        form(post("revokeChannelTokenByJWT", "/oauth2/v2.1/revoke", revoke)),
        form(post("issueChannelToken", "/v2/oauth/accessToken", issue_short_lived))
            .rate(Rate::per_second(370)),
        form(post("verifyChannelToken", "/v2/oauth/verify", verify_short_lived)),
        form(post("revokeChannelToken", "/v2/oauth/revoke", revoke_short_lived)),
    ]
}

/// A field of the form that must be there.
pub(super) fn needed(call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let field = call.form(name).filter(|field| !field.is_empty());
    field.ok_or_else(|| Refusal::oauth("invalid_request", &format!("{name} is required")))
}

/// The channel of a client id.
pub(super) fn channel_of(keys: &Keys, client_id: &str) -> Result<Channel, Refusal> {
    if client_id == keys.channel_id {
        Ok(Channel::Account)
    } else if client_id == keys.login_channel_id {
        Ok(Channel::Login)
    } else {
        Err(Refusal::oauth("invalid_client", "invalid client_id"))
    }
}

impl Channel {
    /// Its id.
    pub(super) fn id(self, keys: &Keys) -> &str {
        match self {
            Self::Account => &keys.channel_id,
            Self::Login => &keys.login_channel_id,
        }
    }

    fn secret(self, keys: &Keys) -> &str {
        match self {
            Self::Account => &keys.channel_secret,
            Self::Login => &keys.login_channel_secret,
        }
    }
}

/// The channel whose id and secret the form holds.
pub(super) fn by_secret(call: &Call<'_>) -> Result<Channel, Refusal> {
    let (id, secret) = (needed(call, "client_id")?, needed(call, "client_secret")?);
    let channel = channel_of(call.keys, &id)?;
    if secret == channel.secret(call.keys) {
        return Ok(channel);
    }
    Err(Refusal::oauth("invalid_client", "invalid client_secret"))
}

/// The channel that an assertion speaks for, and what the assertion says.
fn by_assertion(
    state: &State,
    call: &Call<'_>,
    kind: &str,
    assertion: &str,
) -> Result<(Channel, Value), Refusal> {
    let refuse = |description: &str| Refusal::oauth("invalid_client", description);
    if kind != ASSERTION_TYPE {
        return Err(Refusal::oauth("invalid_request", "Invalid 'client_assertion_type'."));
    }
    let parts = Parts::of(assertion).ok_or_else(|| refuse("Invalid client_assertion"))?;
    let known = parts.header["kid"].as_str().and_then(|kid| state.channel_tokens.keys.get(kid));
    let known = known.ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, "Cannot find channel key that satisfies the conditions")
    })?;
    let claims = &parts.claims;
    let id = known.channel.id(call.keys);
    if claims["iss"] != id || claims["sub"] != id {
        return Err(refuse("iss and clientId of key do not match"));
    }
    if parts.header["alg"] != "RS256" || !parts.is_signed_by(&known.key) {
        return Err(refuse("Invalid signature"));
    }
    if claims["aud"] != "https://api.line.me/" {
        return Err(refuse("Invalid aud"));
    }
    let now = state.clock.now() / 1_000;
    let right = claims["exp"].as_i64().is_some_and(|exp| exp > now && exp <= now + MAX_ASSERTION_S);
    if right { Ok((known.channel, parts.claims)) } else { Err(refuse("Invalid exp")) }
}

fn asserted(state: &State, call: &Call<'_>) -> Result<(Channel, Value), Refusal> {
    let (kind, assertion) = (needed(call, "client_assertion_type")?, needed(call, "client_assertion")?);
    by_assertion(state, call, &kind, &assertion)
}

fn client_credentials(call: &Call<'_>) -> Result<(), Refusal> {
    let right = needed(call, "grant_type")? == "client_credentials";
    if right { Ok(()) } else { Err(Refusal::oauth("invalid_request", "Invalid 'client_credentials'.")) }
}

/// Issues a token; the answer has its text and life.
fn issued(state: &mut State, kind: TokenKind, channel: Channel, life_s: i64) -> Result<Value, Refusal> {
    let now = state.clock.now();
    let token = ChannelToken { kind, channel, expires_at: now + life_s * 1_000 };
    let text = state
        .channel_tokens
        .issue(token, now)
        .map_err(|_| Refusal::bad("The maximum number of access tokens has already been issued"))?;
    Ok(json!({"access_token": text, "expires_in": life_s, "token_type": "Bearer"}))
}

/// `POST /oauth2/v3/token`
fn issue_stateless(state: &mut State, call: &Call<'_>) -> Outcome {
    client_credentials(call)?;
    let by_jwt = call.form("client_assertion").is_some() || call.form("client_assertion_type").is_some();
    let channel = if by_jwt { asserted(state, call)?.0 } else { by_secret(call)? };
    Ok(Answer::json(issued(state, TokenKind::Stateless, channel, STATELESS_LIFE_S)?))
}

/// `POST /oauth2/v2.1/token`: a channel's token, or a user's.
fn issue(state: &mut State, call: &Call<'_>) -> Outcome {
    if matches!(needed(call, "grant_type")?.as_str(), "authorization_code" | "refresh_token") {
        return issue_user_token(state, call);
    }
    client_credentials(call)?;
    let (channel, claims) = asserted(state, call)?;
    let life = claims["token_exp"].as_i64().filter(|life| (1..=MAX_LIFE_S).contains(life));
    let life = life.ok_or_else(|| Refusal::oauth("invalid_client", "Invalid token_exp"))?;
    let key_id = ids::hex32();
    let mut body = issued(state, TokenKind::Chosen(key_id.clone()), channel, life)?;
    body["key_id"] = json!(key_id);
    Ok(Answer::json(body))
}

/// `POST /v2/oauth/accessToken`
fn issue_short_lived(state: &mut State, call: &Call<'_>) -> Outcome {
    client_credentials(call)?;
    let channel = by_secret(call)?;
    Ok(Answer::json(issued(state, TokenKind::ShortLived, channel, MAX_LIFE_S)?))
}

/// What there is to say of a token that is valid.
fn described(state: &State, call: &Call<'_>, token: &str) -> Result<(TokenKind, Value), Refusal> {
    let invalid = |description: &str| Refusal::oauth("invalid_request", description);
    let known = state.channel_tokens.find(token).ok_or_else(|| invalid("access_token invalid"))?;
    let rest = known.expires_at - state.clock.now();
    if rest <= 0 {
        return Err(invalid("The access token expired"));
    }
    let body = json!({"client_id": known.channel.id(call.keys), "expires_in": (rest + 999) / 1_000});
    Ok((known.kind.clone(), body))
}

/// `GET /oauth2/v2.1/verify`: tokens of a chosen life, stateless ones, and those of users.
fn verify(state: &mut State, call: &Call<'_>) -> Outcome {
    let token = call.query("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::oauth("invalid_request", "access_token is required"))?;
    if let Some(body) = login::described(state, call, token)? {
        return Ok(Answer::json(body));
    }
    match described(state, call, token)? {
        (TokenKind::ShortLived, _) => Err(Refusal::oauth("invalid_request", "The access token not JWS")),
        (_, body) => Ok(Answer::json(body)),
    }
}

/// `POST /v2/oauth/verify`: short-lived and long-lived tokens.
fn verify_short_lived(state: &mut State, call: &Call<'_>) -> Outcome {
    let token = needed(call, "access_token")?;
    if is_long_lived(state, call, &token) {
        return Ok(Answer::json(json!({"client_id": call.keys.channel_id, "expires_in": NO_END_S})));
    }
    match described(state, call, &token)? {
        (TokenKind::ShortLived, body) => Ok(Answer::json(body)),
        _ => Err(Refusal::oauth("invalid_request", "access_token invalid")),
    }
}

/// `GET /oauth2/v2.1/tokens/kid`
fn key_ids(state: &mut State, call: &Call<'_>) -> Outcome {
    let field = |name: &str| {
        let value = call.query(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| Refusal::oauth("invalid_request", &format!("{name} is required")))
    };
    let (kind, assertion) = (field("client_assertion_type")?, field("client_assertion")?);
    let (channel, _) = by_assertion(state, call, kind, assertion)?;
    let now = state.clock.now();
    Ok(Answer::json(json!({"kids": state.channel_tokens.key_ids(channel, now)})))
}

/// `POST /oauth2/v2.1/revoke`: 200 without a body, also for tokens nobody knows.
fn revoke(state: &mut State, call: &Call<'_>) -> Outcome {
    let token = needed(call, "access_token")?;
    let channel = by_secret(call)?;
    if state.channel_tokens.find(&token).is_some_and(|known| known.channel == channel) {
        state.channel_tokens.revoke(&token);
    }
    if channel == Channel::Login {
        state.login.revoke(&token);
    }
    Ok(Answer::nothing())
}

/// `POST /v2/oauth/revoke`: short-lived and long-lived tokens.
fn revoke_short_lived(state: &mut State, call: &Call<'_>) -> Outcome {
    let token = needed(call, "access_token")?;
    if is_long_lived(state, call, &token) {
        state.channel_tokens.long_lived_revoked = true;
    }
    if state.channel_tokens.find(&token).is_some_and(|known| known.kind == TokenKind::ShortLived) {
        state.channel_tokens.revoke(&token);
    }
    Ok(Answer::nothing())
}
