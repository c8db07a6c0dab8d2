//! Channel access tokens: how they are asked for, and how a client goes about them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::response::IntoResponse as _;
use lupinus_line::client::{Push, Request, Retry};
use lupinus_line::endpoint;
use lupinus_line::token::{Credentials, FixedToken, RenewingToken, TokenError, TokenLife, TokenProvider};
use lupinus_line::{ApiError, ChannelToken, Client, Delivery, RetryKey, UserToken};
use support::{
    SECRET, Server, answer, credentials, form, hello, nobody, pairs, signer, silent, user, with_tokens,
    without_token,
};

const ID: &[(&str, &str)] = &[("x-line-request-id", "abc")];

#[tokio::test]
async fn credentials_are_sent_as_documented_one_kind_at_a_time_and_nothing_empty() {
    let server = Server::fixed(
        200,
        ID,
        r#"{"access_token":"at-1","expires_in":899,"token_type":"Bearer","key_id":"k-1","new":1}"#,
    )
    .await;
    let client = without_token(&server.base);
    let by_secret =
        [("grant_type", "client_credentials"), ("client_id", "2009990001"), ("client_secret", SECRET)];

    let issued = client.issue_stateless_token(&credentials().into()).await.unwrap();
    assert_eq!(issued.request_id.unwrap().as_str(), "abc");
    assert_eq!(issued.value.token.expose(), "at-1");
    assert_eq!(issued.value.expires_in, Duration::from_secs(899));
    client.issue_short_lived_token(&credentials()).await.unwrap();
    for (request, path) in server.seen().iter().zip(["/oauth2/v3/token", "/v2/oauth/accessToken"]) {
        assert_eq!((request.target.as_str(), form(request)), (path, pairs(&by_secret)));
        assert!(!request.headers.contains_key("authorization"));
    }

    client.issue_stateless_token(&Credentials::from(signer())).await.unwrap();
    let issued = client.issue_token_v2_1(&signer(), TokenLife::LONGEST).await.unwrap();
    assert_eq!(issued.value.key_id.unwrap().as_str(), "k-1");
    for (request, path) in server.seen()[2..].iter().zip(["/oauth2/v3/token", "/oauth2/v2.1/token"]) {
        assert_eq!(request.target, path);
        let form = form(request);
        let names: Vec<_> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["grant_type", "client_assertion_type", "client_assertion"]);
        assert_eq!(form[1].1, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        let claims = claims(&form[2].1);
        assert_eq!(claims.get("token_exp").is_some(), path.ends_with("v2.1/token"));
        let now = jiff::Timestamp::now().as_second();
        let left = claims["exp"].as_i64().unwrap() - now;
        assert!((540..=600).contains(&left), "at most 30 minutes, and not soon: {left}");
    }
}

fn claims(jwt: &str) -> serde_json::Value {
    use base64::Engine as _;
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap())
        .unwrap()
}

#[tokio::test]
async fn tokens_are_checked_named_and_revoked_as_documented() {
    let server = Server::answering(|request| {
        let path = request.target.split('?').next().unwrap();
        answer(
            200,
            ID,
            match path {
                "/oauth2/v2.1/verify" | "/v2/oauth/verify" => {
                    r#"{"client_id":"1573163733","expires_in":3138007490,"scope":"P CM"}"#
                }
                "/oauth2/v2.1/tokens/kid" => r#"{"kids":["U_gdnFYKTWRxxxxDVZexGg","sDTOzw5wIfWxxxxzcmeQA"]}"#,
                _ => "",
            },
        )
    })
    .await;
    let (client, token) = (without_token(&server.base), ChannelToken::from("tok+1/="));
    for verified in [client.verify_token_v2_1(&token).await, client.verify_token(&token).await] {
        let verified = verified.unwrap().value;
        assert_eq!(verified.channel.as_str(), "1573163733");
        assert_eq!(verified.expires_in, Duration::from_secs(3_138_007_490));
        assert_eq!(verified.scope.as_deref(), Some("P CM"));
    }
    assert_eq!(client.token_key_ids_v2_1(&signer()).await.unwrap().value.len(), 2);
    client.revoke_token_v2_1(&credentials(), &token).await.unwrap();
    client.revoke_token(&token).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen[0].target, "/oauth2/v2.1/verify?access_token=tok%2B1%2F%3D");
    assert_eq!(form(&seen[1]), pairs(&[("access_token", "tok+1/=")]));
    assert!(seen[2].target.starts_with(
        "/oauth2/v2.1/tokens/kid?client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A\
         client-assertion-type%3Ajwt-bearer&client_assertion=eyJ"
    ));
    assert_eq!(
        form(&seen[3]),
        pairs(&[("client_id", "2009990001"), ("client_secret", SECRET), ("access_token", "tok+1/=")])
    );
    assert_eq!(form(&seen[4]), pairs(&[("access_token", "tok+1/=")]));
}

#[tokio::test]
async fn both_forms_of_errors_are_read() {
    for (status, body, code, message) in [
        (
            400,
            r#"{"error":"invalid_client","error_description":"invalid client_secret"}"#,
            Some("invalid_client"),
            "invalid client_secret",
        ),
        (
            400,
            r#"{"message":"The maximum number of access tokens has already been issued"}"#,
            None,
            "The maximum number of access tokens has already been issued",
        ),
    ] {
        let server = Server::fixed(status, ID, body).await;
        let error = without_token(&server.base).issue_short_lived_token(&credentials()).await.unwrap_err();
        let answer = error.answer().unwrap();
        assert_eq!((answer.code.as_deref(), answer.message.as_str()), (code, message));

        let tokens = RenewingToken::short_lived(without_token(&server.base), credentials());
        let error = with_tokens(&server.base, tokens).quota_consumption().await.unwrap_err();
        assert!(matches!(error, ApiError::NoToken(TokenError::Refused(_))), "{error:?}");
        assert!(!error.is_transient() && !error.may_have_been_accepted());
        assert_eq!(server.seen().len(), 2, "the call itself was not made");
    }
}

/// Issues `at-1`, `at-2`, … and accepts only the newest.
async fn line(accepts: impl Fn(usize, &str) -> bool + Clone + Send + Sync + 'static) -> Server {
    let issued = Arc::new(AtomicUsize::new(0));
    Server::answering(move |request| {
        if request.target == "/oauth2/v3/token" {
            let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!(r#"{{"access_token":"at-{number}","expires_in":899,"token_type":"Bearer"}}"#);
            return body.into_response();
        }
        let token = request.headers["authorization"].to_str().unwrap();
        if accepts(issued.load(Ordering::SeqCst), token) {
            answer(200, ID, r#"{"totalUsage":7}"#)
        } else {
            answer(401, ID, r#"{"message":"Authentication failed"}"#)
        }
    })
    .await
}

fn stateless(server: &Server) -> RenewingToken {
    RenewingToken::stateless(without_token(&server.base), credentials())
}

fn paths(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|request| request.target).collect()
}

#[tokio::test]
async fn many_calls_at_once_have_one_token_issued() {
    let server = line(|_, token| token == "Bearer at-1").await;
    let client = with_tokens(&server.base, stateless(&server));
    let calls = (0..50).map(|_| client.quota_consumption());
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.unwrap().value, 7);
    }
    assert_eq!(paths(&server).iter().filter(|path| *path == "/oauth2/v3/token").count(), 1);
}

/// Has an old token, and a new one once the old was refused.
#[derive(Debug, Default)]
struct Worn {
    refused: Mutex<Vec<String>>,
    never_another: bool,
}

#[async_trait]
impl TokenProvider for Worn {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        let replaced = !self.never_another && !self.refused.lock().unwrap().is_empty();
        Ok(ChannelToken::from(if replaced { "new" } else { "old" }))
    }

    async fn refused(&self, token: &ChannelToken) {
        self.refused.lock().unwrap().push(token.expose().to_owned());
    }
}

#[tokio::test]
async fn a_call_whose_token_is_refused_is_made_once_more_with_another() {
    let server = line(|_, token| token == "Bearer new").await;
    let worn = Arc::new(Worn::default());
    let client = with_tokens(&server.base, Arc::clone(&worn));
    let (push, key) = (Push::new(user(), hello()), RetryKey::random());
    assert!(matches!(client.push(&push, key).await, Ok(Delivery::Accepted { .. })));
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!((&seen[0].body, &seen[0].target), (&seen[1].body, &seen[1].target));
    for (request, token) in seen.iter().zip(["Bearer old", "Bearer new"]) {
        assert_eq!(request.headers["authorization"], token);
        assert_eq!(request.headers["x-line-retry-key"], key.to_string());
    }
    assert_eq!(*worn.refused.lock().unwrap(), ["old"]);

    client.quota_consumption().await.unwrap();
    assert_eq!(server.seen().len(), 3, "the new one is used from now on");
}

#[tokio::test]
async fn a_call_is_made_once_more_and_not_twice() {
    let server = line(|_, _| false).await;
    let worn = Arc::new(Worn::default());
    let client = with_tokens(&server.base, Arc::clone(&worn));
    let error = client.quota_consumption().await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorised(_)), "{error:?}");
    assert_eq!(server.seen().len(), 2);
    assert_eq!(*worn.refused.lock().unwrap(), ["old", "new"], "the provider hears of both");

    // The provider has no other token.
    let same = Arc::new(Worn { never_another: true, ..Worn::default() });
    let error = with_tokens(&server.base, Arc::clone(&same)).quota_consumption().await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorised(_)), "{error:?}");
    assert_eq!((server.seen().len(), same.refused.lock().unwrap().len()), (3, 1));

    // The provider has another one each time.
    let error = with_tokens(&server.base, Endless::default()).quota_consumption().await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorised(_)), "{error:?}");
    assert_eq!(server.seen().len(), 5);

    // There cannot be another.
    let fixed = with_tokens(&server.base, FixedToken::new(ChannelToken::from("old")));
    assert!(matches!(fixed.quota_consumption().await, Err(ApiError::Unauthorised(_))));
    let token = Client::builder(ChannelToken::from("old")).all_bases(&server.base).build().unwrap();
    assert!(matches!(token.quota_consumption().await, Err(ApiError::Unauthorised(_))));
    assert_eq!(server.seen().len(), 7);
}

/// Never gives the same token twice.
#[derive(Debug, Default)]
struct Endless(AtomicUsize);

#[async_trait]
impl TokenProvider for Endless {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        Ok(ChannelToken::from(format!("e-{}", self.0.fetch_add(1, Ordering::SeqCst))))
    }

    async fn refused(&self, _: &ChannelToken) {}
}

#[tokio::test]
async fn a_revoked_token_is_replaced_in_the_middle_of_a_download() {
    let server = line(|_, token| token == "Bearer new").await;
    let client = with_tokens(&server.base, Worn::default());
    let content = client.content(&lupinus_line::MessageId::new("1").unwrap()).await.unwrap();
    assert_eq!(content.bytes(100).await.unwrap(), r#"{"totalUsage":7}"#);
}

#[tokio::test]
async fn a_refused_token_that_the_caller_gave_says_nothing_of_the_providers() {
    let server = line(|_, _| false).await;
    let worn = Arc::new(Worn::default());
    let client = with_tokens(&server.base, Arc::clone(&worn));
    let error = client.user_profile(&UserToken::from("ut-1")).await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorised(_)), "{error:?}");
    assert_eq!(server.seen()[0].headers["authorization"], "Bearer ut-1");
    let of_another_channel = Request::new(endpoint::QUOTA_CONSUMPTION).bearer(&ChannelToken::from("ct-9"));
    assert!(client.request(&of_another_channel).await.is_err());
    let carried: Vec<_> = server.seen()[1].headers.get_all("authorization").iter().cloned().collect();
    assert_eq!(carried, ["Bearer ct-9"]);
    assert_eq!((server.seen().len(), worn.refused.lock().unwrap().len()), (2, 0));
}

#[tokio::test]
async fn a_client_without_token_makes_no_call_that_needs_one() {
    let server = line(|_, _| true).await;
    let error = without_token(&server.base).quota_consumption().await.unwrap_err();
    assert!(matches!(error, ApiError::Invalid(_)), "{error:?}");
    assert!(server.seen().is_empty());
}

/// Never has a token, for one reason or another.
#[derive(Debug)]
enum Lacks {
    Answer,
    Luck,
    Sense,
}

#[async_trait]
impl TokenProvider for Lacks {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        match self {
            Self::Answer => std::future::pending().await,
            Self::Luck => Err(TokenError::other(true, "not now")),
            Self::Sense => Ok(ChannelToken::from("two\nlines")),
        }
    }

    async fn refused(&self, _: &ChannelToken) {}
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_call_ends_in_time() {
    let server = line(|_, _| true).await;
    for (lacks, transient) in [(Lacks::Answer, true), (Lacks::Luck, true), (Lacks::Sense, false)] {
        let client = Client::builder(lacks)
            .all_bases(&server.base)
            .timeout(Duration::from_millis(50))
            .retry(Retry::default().tries(3).first_wait(Duration::from_millis(1)))
            .build()
            .unwrap();
        let error = client.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap_err();
        assert!(matches!(error, ApiError::NoToken(_)), "{error:?}");
        assert_eq!((error.is_transient(), error.may_have_been_accepted()), (transient, false), "{error:?}");
        assert_eq!(error.kind(), "no_token");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_office_that_does_not_answer_is_worth_another_try() {
    let (quiet, _listener) = silent();
    for base in [nobody(), quiet] {
        let issuing = Client::builder_without_token()
            .all_bases(&base)
            .timeout(Duration::from_millis(100))
            .retry(Retry::never())
            .build()
            .unwrap();
        let error = RenewingToken::stateless(issuing, credentials()).token().await.unwrap_err();
        assert!(matches!(error, TokenError::Unavailable(_)), "{error:?}");
        assert!(error.is_transient());
    }
}
