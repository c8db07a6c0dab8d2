//! Calls are made again where that cannot do anything twice, and it can be seen that they were.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lupinus_line::client::{Brake, Pacing, Push, Reply, Retry};
use lupinus_line::endpoint::{self, Rate};
use lupinus_line::{ApiError, AudienceId, ChannelToken, Client, Delivery, MessageId, ReplyToken, RetryKey};
use support::{Server, Written, answer, hello, nobody, silent, user};

const ID: &[(&str, &str)] = &[("x-line-request-id", "0b1d9f6a")];

fn soon() -> Retry {
    Retry::default().first_wait(Duration::from_millis(1))
}

fn trying(base: &str) -> Client {
    Client::builder(ChannelToken::from("tok-offline-1"))
        .all_bases(base)
        .timeout(Duration::from_millis(300))
        .retry(soon())
        .build()
        .unwrap()
}

/// Answers 500 as often as said, and then as said.
async fn failing(times: usize, then: u16, body: &'static str) -> Server {
    let seen = Arc::new(AtomicUsize::new(0));
    Server::answering(move |_| {
        if seen.fetch_add(1, Ordering::SeqCst) < times { answer(500, ID, "") } else { answer(then, ID, body) }
    })
    .await
}

#[tokio::test]
async fn a_push_is_made_again_with_the_same_key_and_the_same_body() {
    let server = failing(2, 200, "{}").await;
    let key = RetryKey::random();
    let push = Push::new(user(), hello());
    assert!(matches!(trying(&server.base).push(&push, key).await, Ok(Delivery::Accepted { .. })));
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        assert_eq!(request.headers["x-line-retry-key"], key.to_string());
        assert_eq!(request.body, seen[0].body);
    }
}

#[tokio::test]
async fn a_repeat_that_line_had_accepted_already_is_a_success() {
    let server = failing(1, 409, r#"{"message":"The retry key is already accepted"}"#).await;
    let delivery = trying(&server.base).push(&Push::new(user(), hello()), RetryKey::random()).await;
    assert!(matches!(delivery, Ok(Delivery::AlreadyAccepted { .. })), "{delivery:?}");
}

#[tokio::test]
async fn an_unanswered_reply_is_not_made_again() {
    let server = failing(1, 200, "{}").await;
    let reply = Reply::new(ReplyToken::new("4c1d7000000000000000000000013556").unwrap(), hello());
    let error = trying(&server.base).reply(&reply).await.unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_used_up_month_is_not_asked_twice() {
    let server = Server::fixed(429, ID, r#"{"message":"You have reached your monthly limit."}"#).await;
    let error = trying(&server.base).push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap_err();
    assert!(matches!(error, ApiError::QuotaExhausted(_)), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn reading_and_streaming_are_made_again() {
    let server = failing(3, 200, r#"{"totalUsage":3}"#).await;
    assert_eq!(trying(&server.base).quota_consumption().await.unwrap().value, 3);

    let server = failing(1, 200, "bytes").await;
    let content = trying(&server.base).content(&MessageId::new("1").unwrap()).await.unwrap();
    assert_eq!(content.bytes(5).await.unwrap(), "bytes");
}

#[tokio::test]
async fn a_client_as_it_is_made_makes_calls_again() {
    let server = failing(1, 200, r#"{"totalUsage":3}"#).await;
    let client = Client::builder(ChannelToken::from("t")).all_bases(&server.base).build().unwrap();
    assert!(client.quota_consumption().await.is_ok());

    let server = failing(1, 200, r#"{"totalUsage":3}"#).await;
    assert!(server.client().quota_consumption().await.is_err(), "and not when it shall not");
}

#[tokio::test]
async fn content_whose_head_never_comes_is_given_up() {
    let (base, _listener) = silent();
    let client = Client::builder(ChannelToken::from("t"))
        .all_bases(&base)
        .timeout(Duration::from_millis(50))
        .retry(soon().tries(2))
        .build()
        .unwrap();
    let error = client.content(&MessageId::new("1").unwrap()).await.unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { .. }), "{error:?}");
}

#[tokio::test]
async fn the_deadline_ends_a_call_whatever_one_try_may_take() {
    let (base, _listener) = silent();
    let client = Client::builder(ChannelToken::from("t"))
        .all_bases(&base)
        .timeout(Duration::from_hours(1))
        .retry(soon().deadline(Duration::from_millis(50)))
        .build()
        .unwrap();
    let patience = Duration::from_secs(20);
    let push = Push::new(user(), hello());
    let pushed = tokio::time::timeout(patience, client.push(&push, RetryKey::random())).await;
    assert!(matches!(pushed.expect("in time"), Err(ApiError::Ambiguous { .. })));
    let id = MessageId::new("1").unwrap();
    let content = tokio::time::timeout(patience, client.content(&id)).await;
    assert!(matches!(content.expect("in time"), Err(ApiError::Ambiguous { .. })));
}

#[tokio::test]
async fn a_call_above_the_rate_is_held_back_and_not_sent() {
    let server = Server::fixed(200, ID, r#"{"totalUsage":3}"#).await;
    let rate = Rate::new(1, Duration::from_hours(1)); // less than LINE allows, and soon used up
    let client = Client::builder(ChannelToken::from("t"))
        .all_bases(&server.base)
        .pacing(Pacing::default().rate(&endpoint::QUOTA_CONSUMPTION, Some(rate)))
        .build()
        .unwrap();
    assert!(client.quota_consumption().await.is_ok());
    let error = client.clone().quota_consumption().await.unwrap_err();
    assert!(matches!(error, ApiError::HeldBack(Brake::Rate { .. })), "{error:?}");
    assert!(error.is_transient() && !error.may_have_been_accepted());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_repeat_is_logged_without_ids_and_the_span_counts_the_tries() {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = failing(1, 200, "{}").await;
    let key = RetryKey::random();
    let push = Push::new(user(), hello());
    assert!(trying(&server.base).push(&push, key).await.is_ok());
    assert!(trying(&nobody()).push(&push, key).await.is_err());

    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = written.lines().filter(|line| line.contains("\"target\":\"lupinus_line")).collect();
    let events: Vec<_> = ours.iter().filter(|line| line.contains("a call to LINE is made again")).collect();
    assert_eq!(events.len(), 1 + 3, "{ours:#?}");
    assert!(events[0].contains("\"attempt\":1") && events[0].contains("\"error.kind\":\"ambiguous\""));
    assert!(events[0].contains("\"http.route\":\"/v2/bot/message/push\""), "{}", events[0]);
    let closed: Vec<_> = ours.iter().filter(|line| line.contains("\"message\":\"close\"")).collect();
    assert!(closed[0].contains("\"attempts\":2") && closed[1].contains("\"attempts\":4"), "{closed:#?}");
    for secret in [user().as_str(), &key.to_string(), "tok-offline-1", "こんにちは"] {
        assert!(!ours.iter().any(|line| line.contains(secret)), "{secret}");
    }
}

#[tokio::test]
async fn a_question_whose_answer_breaks_off_is_asked_again() {
    let (base, listener) = silent();
    std::thread::spawn(move || {
        for body in [r#"{"total"#, r#"{"totalUsage":3}"#] {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let head = "HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 16\r\n\r\n";
            std::io::Write::write_all(&mut stream, format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    assert_eq!(trying(&base).quota_consumption().await.unwrap().value, 3);
}

/// An audience in this state, of LINE's words.
fn audience(status: &str) -> &'static str {
    let text = format!(r#"{{"audienceGroup":{{"audienceGroupId":1,"status":"{status}"}},"jobs":[]}}"#);
    Box::leak(text.into_boxed_str())
}

#[tokio::test]
async fn an_audience_is_waited_for_no_longer_than_said() {
    let id = AudienceId::new(1);
    let patience = Duration::from_millis(900); // time for one question
    let (base, _listener) = silent();
    let patient = Client::builder(ChannelToken::from("tok-offline-1")).all_bases(&base).build().unwrap();
    let waited = tokio::time::timeout(Duration::from_secs(20), patient.wait_for_audience(id, patience)).await;
    assert!(matches!(waited, Ok(Ok(None))), "{waited:?}");
    let failing = Server::fixed(500, ID, "").await;
    let error = failing.client().wait_for_audience(id, patience).await.unwrap_err();
    assert_eq!(error.kind(), "ambiguous", "it was still so when the time was over");
    let busy = Server::fixed(200, ID, audience("IN_PROGRESS")).await;
    assert!(matches!(busy.client().wait_for_audience(id, patience).await, Ok(None)));
}
