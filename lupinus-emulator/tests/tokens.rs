//! Channel access tokens of all four kinds.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::Emulator;
use serde_json::{Value, json};
use support::{
    Answer, Api,
    key::{AssertionKey, claims},
};

const INFO: &str = "/v2/bot/info";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn frozen() -> (Emulator, Api) {
    let line = Emulator::start().await.unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    (line, api)
}

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["access_token"].as_str().unwrap().to_owned()
}

/// What an error of the token calls says.
fn said(answer: &Answer) -> (u16, &str, &str) {
    let text = |key: &str| answer.body[key].as_str().unwrap_or_default();
    (answer.status, text("error"), text("error_description"))
}

async fn short_lived(line: &Emulator, api: &Api) -> Answer {
    let (id, secret) = (line.channel_id(), line.channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    api.form("/v2/oauth/accessToken", &form).await
}

#[tokio::test]
async fn a_short_lived_token_admits_for_thirty_days_unless_it_is_revoked() {
    let (line, api) = frozen().await;
    let issued = short_lived(&line, &api).await;
    assert_eq!(
        (&issued.body["expires_in"], &issued.body["token_type"]),
        (&json!(2_592_000), &json!("Bearer"))
    );
    let first = token(&issued);
    assert_eq!(api.get_as(INFO, &first).await.status, 200);
    line.advance(Duration::from_hours(24));
    let checked = api.form("/v2/oauth/verify", &[("access_token", &first)]).await;
    assert_eq!(checked.body, json!({"client_id": line.channel_id(), "expires_in": 29 * 24 * 3_600}));
    line.advance(Duration::from_hours(29 * 24));
    assert_eq!(api.get_as(INFO, &first).await.status, 401);
    let late = api.form("/v2/oauth/verify", &[("access_token", &first)]).await;
    assert_eq!(said(&late), (400, "invalid_request", "The access token expired"));
    let second = token(&short_lived(&line, &api).await);
    let revoked = api.form("/v2/oauth/revoke", &[("access_token", &second)]).await;
    assert_eq!((revoked.status, revoked.body), (200, Value::Null), "no body");
    assert_eq!(api.get_as(INFO, &second).await.status, 401);
    assert_eq!(api.form("/v2/oauth/revoke", &[("access_token", "nobody's")]).await.status, 200);
    let long_lived = api.form("/v2/oauth/verify", &[("access_token", line.channel_access_token())]).await;
    assert_eq!(long_lived.body["client_id"], line.channel_id());
}

#[tokio::test]
async fn the_thirty_first_short_lived_token_pushes_the_first_out() {
    let (line, api) = frozen().await;
    let first = token(&short_lived(&line, &api).await);
    let second = token(&short_lived(&line, &api).await);
    for _ in 2..30 {
        token(&short_lived(&line, &api).await);
    }
    assert_eq!(api.get_as(INFO, &first).await.status, 200);
    token(&short_lived(&line, &api).await);
    assert_eq!(api.get_as(INFO, &first).await.status, 401);
    assert_eq!(api.get_as(INFO, &second).await.status, 200);
}

#[tokio::test]
async fn a_wrong_id_secret_or_grant_is_told_apart() {
    let (line, api) = frozen().await;
    let (id, secret) = (line.channel_id(), line.channel_secret());
    for path in ["/v2/oauth/accessToken", "/oauth2/v3/token"] {
        for (grant, id, secret, error, description) in [
            ("client_credentials", "1", secret, "invalid_client", "invalid client_id"),
            ("client_credentials", id, "x", "invalid_client", "invalid client_secret"),
            ("password", id, secret, "invalid_request", "Invalid 'client_credentials'."),
        ] {
            let form = [("grant_type", grant), ("client_id", id), ("client_secret", secret)];
            let refused = api.form(path, &form).await;
            assert_eq!(said(&refused), (400, error, description), "{path}");
        }
    }
}

#[tokio::test]
async fn a_stateless_token_lives_for_fifteen_minutes_and_cannot_be_revoked() {
    let (line, api) = frozen().await;
    let key = AssertionKey::new();
    let kid = line.register_assertion_key(&key.jwk()).unwrap();
    let assertion = key.sign(&kid, &claims(line.channel_id(), line.now().as_second()));
    let grant = ("grant_type", "client_credentials");
    let by_secret = [grant, ("client_id", line.channel_id()), ("client_secret", line.channel_secret())];
    let by_jwt = [grant, ("client_assertion_type", ASSERTION), ("client_assertion", &assertion)];
    for form in [by_secret, by_jwt] {
        let issued = api.form("/oauth2/v3/token", &form).await;
        assert_eq!(issued.body["expires_in"], 900);
        let token = token(&issued);
        let path = "/v2/oauth/revoke";
        assert_eq!(api.form(path, &[("access_token", &token)]).await.status, 200);
        line.advance(Duration::from_secs(899));
        assert_eq!(api.get_as(INFO, &token).await.status, 200);
        line.advance(Duration::from_secs(1));
        assert_eq!(api.get_as(INFO, &token).await.status, 401);
    }
}

async fn by_jwt(api: &Api, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion),
    ];
    api.form("/oauth2/v2.1/token", &form).await
}

#[tokio::test]
async fn a_token_of_a_chosen_life_is_issued_checked_listed_and_revoked() {
    let (line, api) = frozen().await;
    let key = AssertionKey::new();
    let kid = line.register_assertion_key(&key.jwk()).unwrap();
    let assertion = key.sign(&kid, &claims(line.channel_id(), line.now().as_second()));
    let issued = by_jwt(&api, &assertion).await;
    assert_eq!(issued.body["expires_in"], 86_400);
    let (key_id, token) = (issued.body["key_id"].clone(), token(&issued));
    assert_eq!(api.get_as(INFO, &token).await.status, 200);
    let verify = format!("/oauth2/v2.1/verify?access_token={token}");
    let checked = json!({"client_id": line.channel_id(), "expires_in": 86_400});
    assert_eq!(api.get(&verify).await.body, checked);
    let kids =
        format!("/oauth2/v2.1/tokens/kid?client_assertion_type={ASSERTION}&client_assertion={assertion}");
    assert_eq!(api.get(&kids).await.body, json!({"kids": [key_id]}));
    let revoke =
        |secret| [("client_id", line.channel_id()), ("client_secret", secret), ("access_token", &token)];
    let refused = api.form("/oauth2/v2.1/revoke", &revoke("x")).await;
    assert_eq!(said(&refused), (400, "invalid_client", "invalid client_secret"));
    assert_eq!(api.form("/oauth2/v2.1/revoke", &revoke(line.channel_secret())).await.status, 200);
    assert_eq!(api.get_as(INFO, &token).await.status, 401);
    assert_eq!(said(&api.get(&verify).await), (400, "invalid_request", "access_token invalid"));
    assert_eq!(api.get(&kids).await.body, json!({"kids": []}));
    for _ in 0..30 {
        assert_eq!(by_jwt(&api, &assertion).await.status, 200);
    }
    let over = by_jwt(&api, &assertion).await;
    let message = "The maximum number of access tokens has already been issued";
    assert_eq!((over.status, over.message()), (400, message));
    line.advance(Duration::from_hours(24));
    let later = key.sign(&kid, &claims(line.channel_id(), line.now().as_second()));
    assert_eq!(by_jwt(&api, &later).await.status, 200, "those that have run out do not count");
}

#[tokio::test]
async fn an_assertion_is_looked_at_closely() {
    let (line, api) = frozen().await;
    let key = AssertionKey::new();
    let kid = line.register_assertion_key(&key.jwk()).unwrap();
    let now = line.now().as_second();
    let good = claims(line.channel_id(), now);
    for (claim, value, description) in [
        ("iss", json!("1"), "iss and clientId of key do not match"),
        ("sub", json!("1"), "iss and clientId of key do not match"),
        ("aud", json!("https://api.line.me"), "Invalid aud"),
        ("exp", json!(now), "Invalid exp"),
        ("exp", json!(now + 1_801), "Invalid exp"),
        ("token_exp", json!(2_592_001), "Invalid token_exp"),
        ("token_exp", Value::Null, "Invalid token_exp"),
    ] {
        let mut wrong = good.clone();
        wrong[claim] = value;
        let refused = by_jwt(&api, &key.sign(&kid, &wrong)).await;
        assert_eq!(said(&refused), (400, "invalid_client", description), "{claim}");
    }
    let mut forged = key.sign(&kid, &good);
    // Not the last letter: some of its bits stand for nothing.
    let letter = forged.len() - 3..forged.len() - 2;
    let other = if forged[letter.clone()] == *"A" { "B" } else { "A" };
    forged.replace_range(letter, other);
    assert_eq!(said(&by_jwt(&api, &forged).await), (400, "invalid_client", "Invalid signature"));
    let unknown = by_jwt(&api, &key.sign("nobody", &good)).await;
    let message = "Cannot find channel key that satisfies the conditions";
    assert_eq!((unknown.status, unknown.message()), (404, message));
    assert_eq!(by_jwt(&api, "x.y.z").await.status, 400);
    let private = json!({"kty": "RSA", "alg": "RS256", "use": "sig", "n": "x", "e": "AQAB", "d": "x"});
    assert!(line.register_assertion_key(&private).unwrap_err().to_string().contains("private key"));
}

#[tokio::test]
async fn a_token_of_the_login_channel_is_none_of_the_accounts() {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let (id, secret) = (line.login_channel_id(), line.login_channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let login = token(&api.form("/oauth2/v3/token", &form).await);
    assert_eq!(api.get_as(INFO, &login).await.status, 401);
    assert_eq!(api.get_as("/liff/v1/apps", &login).await.status, 404, "let in, and nothing there");
    assert_eq!(api.get("/liff/v1/apps").await.status, 401);
    line.reset();
    assert_eq!(api.get_as("/liff/v1/apps", &login).await.status, 404, "a reset leaves tokens alone");
}

#[tokio::test]
async fn the_token_it_started_with_can_be_revoked_until_a_reset() {
    let (line, api) = frozen().await;
    let long_lived = line.channel_access_token().to_owned();
    let other = token(&short_lived(&line, &api).await);
    let form = [("access_token", long_lived.as_str())];
    assert_eq!(api.form("/v2/oauth/revoke", &form).await.status, 200);
    let refused = api.get(INFO).await;
    assert_eq!(refused.status, 401);
    assert!(refused.message().starts_with("Authentication failed."));
    assert_eq!(
        said(&api.form("/v2/oauth/verify", &form).await),
        (400, "invalid_request", "access_token invalid")
    );
    assert_eq!(api.get_as(INFO, &other).await.status, 200, "the others stay");
    line.import(&line.export()).unwrap();
    assert_eq!(api.get(INFO).await.status, 401, "it is stored");
    line.reset();
    assert_eq!(api.get(INFO).await.status, 200);
}
