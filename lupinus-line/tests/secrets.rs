//! What is logged and what errors say, while tokens are issued, used, checked and refused.
//!
//! Alone in its file: whether a place in the code logs is remembered for the whole process, so that tests beside this one would
//! decide it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use lupinus_line::login::IdToken;
use lupinus_line::token::{Credentials, RenewingToken};
use lupinus_line::{ChannelId, ChannelToken, UserToken};
use support::{SECRET, Server, Written, answer, credentials, nobody, signer, with_tokens, without_token};

const ID: &[(&str, &str)] = &[("x-line-request-id", "abc")];

/// An error and all its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(|error| format!("{error} {error:?}")).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn no_secret_is_in_a_log_or_an_error() {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let mut printed = Vec::new();
    let good = Server::answering(|request| {
        if request.target == "/oauth2/v3/token" {
            return answer(200, ID, r#"{"access_token":"at-1","expires_in":899,"token_type":"Bearer"}"#);
        }
        answer(200, ID, r#"{"totalUsage":7}"#)
    })
    .await;
    let client = with_tokens(&good.base, RenewingToken::stateless(without_token(&good.base), credentials()));
    client.quota_consumption().await.unwrap();
    printed.push(format!("{client:?}"));
    let body = r#"{"error":"invalid_client","error_description":"invalid 0f1e2d3c4b5a69788796a5b4c3d2e1f0"}"#;
    let bad = Server::fixed(400, ID, body).await;
    for base in [bad.base.clone(), nobody()] {
        let tokens = RenewingToken::stateless(without_token(&base), signer());
        printed.push(format!("{tokens:?}"));
        printed.push(chain(&with_tokens(&base, tokens).quota_consumption().await.unwrap_err()));
        let issuing = without_token(&base);
        printed.push(chain(&issuing.issue_short_lived_token(&credentials()).await.unwrap_err()));
        printed.push(chain(&issuing.verify_token_v2_1(&ChannelToken::from("at-1")).await.unwrap_err()));
        printed.push(chain(&issuing.token_key_ids_v2_1(&signer()).await.unwrap_err()));
        let (channel, user) = (ChannelId::new("2009990001").unwrap(), UserToken::from("ut-1"));
        printed.push(chain(&issuing.verify_user_token(&channel, &user).await.unwrap_err()));
        printed.push(chain(&issuing.user_info(&user).await.unwrap_err()));
        let id_token = IdToken::from("eyJ-it-1");
        printed.push(chain(&issuing.verify_id_token(&channel, &id_token, None, None).await.unwrap_err()));
    }
    printed.push(format!("{:?} {:?}", credentials(), Credentials::from(credentials())));

    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = written.lines().collect(); // also those of the crates below
    assert!(lines.iter().any(|line| line.contains("a channel access token was issued")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("no channel access token was issued")), "{lines:#?}");
    for secret in [SECRET, "at-1", "ut-1", "eyJ", "client_secret", "MIIE"] {
        assert!(!printed.iter().any(|words| words.contains(secret)), "{secret}: {printed:?}");
        assert!(!lines.iter().any(|line| line.contains(secret)), "{secret}: {lines:#?}");
    }
}
