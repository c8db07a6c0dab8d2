//! Tokens of users: out of a code, out of a refresh token; ID tokens and their keys.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::{
    Call, Outcome,
    call::Expects,
    operation::{Admits, Operation, get, post},
    token::{by_secret, needed},
};
use crate::{
    answer::{Answer, Refusal},
    clock::Millis,
    jwt::{self, Parts},
    state::{ACCESS_LIFE_MS, Channel, Grant, State},
};

/// The issuer of every ID token.
const ISSUER: &str = "https://access.line.me";

/// The operations of this file. `POST /oauth2/v2.1/token` is shared with channels and stands with theirs.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("verifyIdToken", "/oauth2/v2.1/verify", verify).expects(Expects::Form).admits(Admits::Anyone),
        get("getCerts", "/oauth2/v2.1/certs", certs).admits(Admits::Anyone),
        get("getOpenIdConfiguration", "/.well-known/openid-configuration", discovery).admits(Admits::Anyone),
    ]
}

/// `POST /oauth2/v2.1/token` with `authorization_code` or `refresh_token`.
pub(in crate::api) fn issue_user_token(state: &mut State, call: &Call<'_>) -> Outcome {
    if needed(call, "grant_type")? == "refresh_token" {
        refreshed(state, call)
    } else {
        exchanged(state, call)
    }
}

/// A code is spent by the first try, even if that fails.
fn exchanged(state: &mut State, call: &Call<'_>) -> Outcome {
    let (code, redirect_uri) = (needed(call, "code")?, needed(call, "redirect_uri")?);
    let refuse = |description: &str| Refusal::oauth("invalid_grant", description);
    let now = state.clock.now();
    let code = state.login.take_code(&code, now).ok_or_else(|| refuse("invalid authorization code"))?;
    if by_secret(call)? != Channel::Login {
        return Err(Refusal::oauth("invalid_client", "invalid client_id"));
    }
    if code.redirect_uri != redirect_uri {
        return Err(refuse("redirect_uri does not match"));
    }
    if let Some(challenge) = &code.challenge {
        let verifier = call.form("code_verifier").unwrap_or_default();
        let right = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
            && URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)) == *challenge;
        if !right {
            return Err(refuse("invalid code_verifier"));
        }
    }
    let refresh = state.login.issue_refresh(code.grant.clone(), now);
    let mut body = access(state, code.grant.clone(), &refresh, now);
    if code.grant.scopes.contains("openid") {
        let mut claims = claims(state, &code.grant, &call.keys.login_channel_id, now);
        if let Some(nonce) = code.nonce {
            claims["nonce"] = json!(nonce);
        }
        if let Some(at) = code.auth_time {
            claims["auth_time"] = json!(at / 1_000);
        }
        claims["amr"] = json!(["pwd"]);
        body["id_token"] = json!(jwt::with_secret(&claims, &call.keys.login_channel_secret));
    }
    Ok(Answer::json(body))
}

fn access(state: &mut State, grant: Grant, refresh: &str, now: Millis) -> Value {
    let scope = listed(&grant);
    let token = state.login.issue(grant, now, ACCESS_LIFE_MS);
    json!({
        "access_token": token,
        "expires_in": ACCESS_LIFE_MS / 1_000,
        "refresh_token": refresh,
        "scope": scope,
        "token_type": "Bearer",
    })
}

/// The scopes as an answer lists them: never `email`.
pub(super) fn listed(grant: &Grant) -> String {
    let scopes: Vec<&str> =
        grant.scopes.iter().map(String::as_str).filter(|scope| *scope != "email").collect();
    scopes.join(" ")
}

/// The refresh token stays, and so does its end.
fn refreshed(state: &mut State, call: &Call<'_>) -> Outcome {
    let token = needed(call, "refresh_token")?;
    if needed(call, "client_id")? != call.keys.login_channel_id {
        return Err(Refusal::oauth("invalid_client", "invalid client_id"));
    }
    // Only channels of the web alone must give their secret; a wrong one is wrong for all.
    if call.form("client_secret").is_some() {
        by_secret(call)?;
    }
    let now = state.clock.now();
    let known = state.login.refresh_tokens.get(&token).filter(|known| now < known.expires_at);
    let grant = known.map(|known| known.grant.clone());
    let grant = grant.ok_or_else(|| Refusal::oauth("invalid_grant", "invalid refresh token"))?;
    Ok(Answer::json(access(state, grant, &token, now)))
}

/// The claims of an ID token.
pub(in crate::api) fn claims(state: &State, grant: &Grant, audience: &str, now: Millis) -> Value {
    let life = i64::try_from(state.settings.id_token_life_ms).unwrap_or(i64::MAX);
    let mut claims = json!({
        "iss": ISSUER,
        "sub": grant.user_id,
        "aud": audience,
        "exp": now.saturating_add(life) / 1_000,
        "iat": now / 1_000,
    });
    if grant.scopes.contains("profile")
        && let Some(person) = state.people.get(&grant.user_id)
    {
        claims["name"] = json!(person.display_name);
        if let Some(url) = &person.profile().picture_url {
            claims["picture"] = json!(url);
        }
    }
    if grant.scopes.contains("email") {
        claims["email"] = json!(format!("{}@example.com", grant.user_id.to_lowercase()));
    }
    claims
}

/// `POST /oauth2/v2.1/verify`: an ID token of a login or of a LIFF app.
fn verify(state: &mut State, call: &Call<'_>) -> Outcome {
    let (token, client_id) = (needed(call, "id_token")?, needed(call, "client_id")?);
    let refuse = |description: &str| Err(Refusal::oauth("invalid_request", description));
    let Some(parts) = Parts::of(&token) else { return refuse("Invalid IdToken.") };
    let signed = match parts.header["alg"].as_str() {
        Some("HS256") => parts.is_signed_with(&call.keys.login_channel_secret),
        Some("ES256") => parts.is_signed_by_platform(&call.keys.signing_key),
        _ => false,
    };
    let claims = &parts.claims;
    if !signed {
        return refuse("Invalid IdToken.");
    }
    if claims["iss"] != ISSUER {
        return refuse("Invalid IdToken Issuer.");
    }
    if claims["exp"].as_i64().is_none_or(|exp| exp <= state.clock.now() / 1_000) {
        return refuse("IdToken expired.");
    }
    if claims["aud"] != client_id.as_str() {
        return refuse("Invalid IdToken Audience.");
    }
    if call.form("nonce").is_some_and(|nonce| claims["nonce"] != nonce.as_str()) {
        return refuse("Invalid IdToken Nonce.");
    }
    if call.form("user_id").is_some_and(|user_id| claims["sub"] != user_id.as_str()) {
        return refuse("Invalid IdToken Subject Identifier.");
    }
    Ok(Answer::json(parts.claims))
}

/// `GET /oauth2/v2.1/certs`
fn certs(_: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Answer::json(json!({"keys": [call.keys.signing_key.jwk()]})))
}

/// `GET /.well-known/openid-configuration`: LINE's own addresses, whose paths are served here.
fn discovery(_: &mut State, _: &Call<'_>) -> Outcome {
    Ok(Answer::json(json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://access.line.me/oauth2/v2.1/authorize",
        "token_endpoint": "https://api.line.me/oauth2/v2.1/token",
        "revocation_endpoint": "https://api.line.me/oauth2/v2.1/revoke",
        "userinfo_endpoint": "https://api.line.me/oauth2/v2.1/userinfo",
        "scopes_supported": ["openid", "profile", "email"],
        "jwks_uri": "https://api.line.me/oauth2/v2.1/certs",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    })))
}
