//! Whatever LINE or the network does, the caller learns what to do next.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::error::Error as _;
use std::time::Duration;

use futures::StreamExt as _;
use lupinus_line::client::{
    Ambiguity, ApiError, Broadcast, ContentOutcome, ContentWait, PhoneHash, PhonePush, Push, Reply, Retry,
};
use lupinus_line::{ChannelToken, Client, Delivery, MessageId, ReplyToken, RetryKey, RichMenuId};
use support::{Server, client, cutting, dripping, hello, nobody, silent, user};

const ID: &[(&str, &str)] = &[("x-line-request-id", "0b1d9f6a-1c1e-4a7e-8c3f-2f0d6f5f9a01")];

async fn push(base: &str) -> Result<Delivery, ApiError> {
    client(base).push(&Push::new(user(), hello()), RetryKey::random()).await
}

async fn pushed(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Result<Delivery, ApiError> {
    push(&Server::fixed(status, headers, body).await.base).await
}

#[tokio::test]
async fn an_accepted_push_carries_request_id_and_messages() {
    let body = r#"{"sentMessages":[{"id":"571900000000000101","quoteToken":"zK3-example"}],"new":1}"#;
    let delivery = pushed(200, ID, body).await.unwrap();
    assert!(matches!(delivery, Delivery::Accepted { .. }));
    assert_eq!(delivery.request_id().unwrap().as_str(), "0b1d9f6a-1c1e-4a7e-8c3f-2f0d6f5f9a01");
    assert_eq!(delivery.sent()[0].id.as_str(), "571900000000000101");
}

#[tokio::test]
async fn a_409_to_a_retry_key_is_a_success_that_names_the_accepted_request() {
    let headers = &[("x-line-request-id", "second"), ("x-line-accepted-request-id", "first")];
    let body =
        r#"{"message":"The retry key is already accepted","sentMessages":[{"id":"571900000000000101"}]}"#;
    let delivery = pushed(409, headers, body).await.unwrap();
    assert!(matches!(delivery, Delivery::AlreadyAccepted { .. }));
    assert_eq!(delivery.accepted_request_id().unwrap().as_str(), "first");
    assert_eq!(delivery.request_id().unwrap().as_str(), "second");
    assert_eq!(delivery.sent().len(), 1);
}

#[tokio::test]
async fn the_two_limits_behind_429_are_told_apart() {
    let error = pushed(429, ID, r#"{"message":"You have reached your monthly limit."}"#).await.unwrap_err();
    assert!(matches!(error, ApiError::QuotaExhausted { .. }) && !error.is_transient());
    let error =
        pushed(429, ID, r#"{"message":"The API rate limit has been exceeded. Try again later."}"#).await;
    let error = error.unwrap_err();
    assert!(matches!(error, ApiError::RateLimited { .. }) && error.is_transient());
}

#[tokio::test]
async fn a_refusal_names_the_property() {
    let body = r#"{"message":"The request body has 1 error(s)","details":[{"message":"Length must be between 0 and 5000","property":"messages[0].text"}]}"#;
    let error = pushed(400, ID, body).await.unwrap_err();
    assert!(!error.may_have_been_accepted() && !error.is_transient());
    let ApiError::Refused(refusal) = error else { panic!("refused") };
    assert_eq!(refusal.properties().collect::<Vec<_>>(), ["messages[0].text"]);
    assert_eq!(refusal.message, "The request body has 1 error(s)");
    assert_eq!(refusal.raw, body.as_bytes());
    assert!(refusal.request_id.is_some());
}

#[tokio::test]
async fn a_used_reply_token_and_a_bad_channel_token_are_errors_of_their_own() {
    let server = Server::fixed(400, ID, r#"{"message":"Invalid reply token"}"#).await;
    let reply = Reply::new(ReplyToken::new("4c1d7000000000000000000000013556").unwrap(), hello());
    let error = server.client().reply(&reply).await.unwrap_err();
    assert!(matches!(error, ApiError::InvalidReplyToken { .. }));
    assert!(server.seen()[0].headers.get("x-line-retry-key").is_none(), "a reply takes no retry key");
    assert!(matches!(pushed(401, ID, "").await.unwrap_err(), ApiError::Unauthorised { .. }));
}

#[tokio::test]
async fn every_error_that_line_answered_carries_all_of_the_answer() {
    let headers = &[("x-line-request-id", "abc"), ("x-new", "1")];
    for (status, body) in [
        (400, r#"{"message":"Invalid reply token"}"#),
        (400, r#"{"message":"The request body has 1 error(s)","details":[{"property":"to"}]}"#),
        (401, r#"{"message":"Authentication failed"}"#),
        (409, r#"{"message":"a conflict of another kind"}"#),
        (410, r#"{"message":"The content is gone"}"#),
        (429, r#"{"message":"You have reached your monthly limit."}"#),
        (429, r#"{"message":"The API rate limit has been exceeded. Try again later."}"#),
        (500, r#"{"message":"Internal"}"#),
        (302, r#"{"message":"elsewhere"}"#),
        (200, r#"{"message":"of another form"}"#),
    ] {
        let error = Server::fixed(status, headers, body).await.client().quota().await.unwrap_err();
        let answer = error.answer().unwrap_or_else(|| panic!("{status}: {error:?}"));
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.request_id.as_ref().unwrap().as_str(), "abc", "{status}");
        assert!(body.contains(&answer.message) && !answer.message.is_empty(), "{status}");
        assert_eq!(answer.headers["x-new"], "1", "{status}");
        assert_eq!(answer.raw, body, "{status}");
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains(&answer.message), "{printed}");
    }
}

#[tokio::test]
async fn content_that_is_not_ready_carries_the_answer_too() {
    let server = Server::fixed(202, ID, "{}").await;
    let error = server.client().content(&MessageId::new("1").unwrap()).await.unwrap_err();
    let answer = error.answer().unwrap();
    assert!(answer.request_id.is_some() && answer.raw == "{}", "{error:?}");
}

#[tokio::test]
async fn a_5xx_is_ambiguous() {
    let error = pushed(500, ID, "oops").await.unwrap_err();
    assert!(error.may_have_been_accepted() && error.is_transient());
    assert_eq!(error.status().unwrap().as_u16(), 500);
    assert!(error.request_id().is_some());
}

#[tokio::test]
async fn silence_is_ambiguous() {
    let (base, _listener) = silent();
    let error = push(&base).await.unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { kind: Ambiguity::TimedOut, .. }), "{error:?}");
}

#[tokio::test]
async fn a_connection_cut_before_the_answer_is_ambiguous() {
    let error = push(&cutting("")).await.unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { kind: Ambiguity::Broken, .. }), "{error:?}");
    assert!(error.may_have_been_accepted());
}

#[tokio::test]
async fn nobody_listening_is_certainly_not_accepted() {
    let error = push(&nobody()).await.unwrap_err();
    assert!(matches!(error, ApiError::Unreachable { .. }), "{error:?}");
    assert!(!error.may_have_been_accepted() && error.is_transient());
}

#[tokio::test]
async fn an_acceptance_whose_body_is_lost_is_still_an_acceptance() {
    let words = "HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 99\r\n\r\n{\"sent";
    let delivery = push(&cutting(words)).await.unwrap();
    assert_eq!(delivery.request_id().unwrap().as_str(), "abc");
    assert!(delivery.sent().is_empty());
    // the same words not from LINE mean nothing
    let words = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"sent";
    assert!(push(&cutting(words)).await.unwrap_err().may_have_been_accepted());
}

#[tokio::test]
async fn a_200_that_is_not_from_line_is_not_taken_for_an_acceptance() {
    let error = pushed(200, &[], "<html>please sign in to this network</html>").await.unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { kind: Ambiguity::NotLine(_), .. }), "{error:?}");
    for (status, body) in [(200, "{}"), (200, ""), (409, r#"{"message":"conflict"}"#)] {
        let error = pushed(status, &[], body).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Ambiguous { kind: Ambiguity::NotLine(_), .. }),
            "{status}: {error:?}"
        );
    }
    let sent = r#"{"sentMessages":[{"id":"571900000000000101"}]}"#;
    assert!(pushed(200, &[], sent).await.is_ok(), "ids of messages are LINE's");
    assert!(pushed(409, &[("x-line-accepted-request-id", "first")], "").await.is_ok());
    assert!(pushed(200, ID, "garbage").await.is_ok());
}

#[tokio::test]
async fn nothing_else_is_taken_for_done_because_a_proxy_says_200() {
    let page = Server::fixed(200, &[], "<html>please sign in to this network</html>").await;
    let number = PhoneHash::of_e164("+818000001234").unwrap();
    let errors = [
        page.client().push_by_phone(&PhonePush::new(number.clone(), hello()), None).await.unwrap_err(),
        page.client().revoke_token(&ChannelToken::from("tok-offline-2")).await.unwrap_err(),
        page.client().set_default_rich_menu(&RichMenuId::new("richmenu-1").unwrap()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, ApiError::Ambiguous { kind: Ambiguity::NotLine(_), .. }), "{error:?}");
    }
    let unnamed = Server::fixed(200, &[], "").await;
    assert!(unnamed.client().revoke_token(&ChannelToken::from("tok-offline-2")).await.is_ok());
    assert!(unnamed.client().push_by_phone(&PhonePush::new(number, hello()), None).await.is_err());
}

#[tokio::test]
async fn a_body_that_drips_without_end_is_left_when_the_time_is_over() {
    for (head, kind) in [
        ("HTTP/1.1 500 X\r\ncontent-length: 99999\r\n\r\n", "ambiguous"),
        ("HTTP/1.1 404 X\r\nx-line-request-id: abc\r\ncontent-length: 99999\r\n\r\n", "refused"),
        ("HTTP/1.1 202 X\r\ncontent-length: 99999\r\n\r\n", "not_ready"),
    ] {
        let client = client(&dripping(head));
        let id = MessageId::new("571900000000000002").unwrap();
        let content = tokio::time::timeout(Duration::from_secs(20), client.content(&id)).await;
        assert_eq!(content.expect("an end").unwrap_err().kind(), kind, "{head}");
    }
    let client =
        client(&dripping("HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 99999\r\n\r\n"));
    let quota = tokio::time::timeout(Duration::from_secs(20), client.quota()).await;
    let error = quota.expect("an end").unwrap_err();
    assert!(matches!(error, ApiError::Ambiguous { kind: Ambiguity::TimedOut, .. }), "{error:?}");
    assert_eq!(error.request_id().unwrap().as_str(), "abc");
}

#[tokio::test]
async fn time_without_bound_is_no_mistake() {
    let server = Server::fixed(200, ID, r#"{"totalUsage":3}"#).await;
    let builder = Client::builder(ChannelToken::from("tok-offline-1")).all_bases(&server.base);
    let client =
        builder.timeout(Duration::MAX).connect_timeout(Duration::MAX).retry(Retry::never()).build().unwrap();
    assert_eq!(client.quota_consumption().await.unwrap().value, 3);
    let id = MessageId::new("571900000000000002").unwrap();
    let wait = ContentWait::default().deadline(Duration::MAX);
    assert!(matches!(client.content_when_ready(&id, &wait).await, Ok(ContentOutcome::Ready(_))));
}

#[tokio::test]
async fn a_page_of_a_proxy_is_neither_content_nor_a_refusal_of_lines() {
    let id = MessageId::new("571900000000000002").unwrap();
    let html = &[("content-type", "text/html; charset=utf-8")];
    for status in [200, 204] {
        let error = Server::fixed(status, html, "<html>").await.client().content(&id).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Ambiguous { kind: Ambiguity::NotLine(_), .. }),
            "{status}: {error:?}"
        );
    }
    let named = &[("content-type", "text/html"), ("x-line-request-id", "abc")];
    assert!(
        Server::fixed(200, named, "<html>").await.client().content(&id).await.is_ok(),
        "somebody sent a page"
    );
    for status in [401, 403, 404] {
        let error = pushed(status, html, "<html>").await.unwrap_err();
        assert!(
            matches!(error, ApiError::Ambiguous { kind: Ambiguity::NotLine(_), .. }),
            "{status}: {error:?}"
        );
        let error = pushed(status, &[], r#"{"message":"no"}"#).await.unwrap_err();
        assert!(!error.may_have_been_accepted(), "{status}: {error:?}");
    }
}

#[tokio::test]
async fn an_odd_entry_among_the_sent_costs_only_itself() {
    let body = r#"{"sentMessages":[{"id":"1","quoteToken":"q1"},{"id":"2","quoteToken":""},5,{"id":"3","quoteToken":"\ud800"}]}"#;
    let delivery = pushed(200, ID, body).await.unwrap();
    let sent: Vec<_> =
        delivery.sent().iter().map(|sent| (sent.id.as_str(), sent.quote_token.is_some())).collect();
    assert_eq!(sent[..2], [("1", true), ("2", false)]);
    assert_eq!((sent.len(), sent[2].0), (3, "3"));
}

#[tokio::test]
async fn a_garbage_body_where_a_value_is_needed_does_not_decode() {
    for body in ["garbage", "", "{}", "[]", r#"{"totalUsage":"a"}"#, "{\"totalUsage\":"] {
        let server = Server::fixed(200, ID, body).await;
        let error = server.client().quota_consumption().await.unwrap_err();
        assert!(matches!(error, ApiError::Decode { .. }), "{body}: {error:?}");
        assert!(error.request_id().is_some());
    }
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let base = support::endless();
    let patient = Client::builder(ChannelToken::from("t")).all_bases(&base).build().unwrap();
    let error = patient.quota().await.unwrap_err();
    assert!(matches!(error, ApiError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_not_carried_along() {
    let elsewhere = Server::fixed(200, ID, "{}").await;
    let target = elsewhere.base.clone();
    let server = Server::answering(move |_| {
        let mut response = support::answer(302, ID, "");
        response.headers_mut().insert("location", target.parse().unwrap());
        response
    })
    .await;
    let error = server.client().broadcast(&Broadcast::new(hello()), RetryKey::random()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 302);
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn content_is_streamed_and_its_states_told_apart() {
    let id = MessageId::new("571900000000000002").unwrap();
    let headers = &[("x-line-request-id", "abc"), ("content-type", "image/jpeg")];
    let content = Server::fixed(200, headers, "bytes").await.client().content(&id).await.unwrap();
    assert_eq!(content.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(content.request_id.as_ref().unwrap().as_str(), "abc");
    assert_eq!(content.bytes(5).await.unwrap(), "bytes");

    let content = Server::fixed(200, headers, "bytes").await.client().content(&id).await.unwrap();
    assert!(matches!(content.bytes(4).await.unwrap_err(), ApiError::TooLarge { max_bytes: 4, .. }));

    let unmeasured = Server::answering(|_| {
        let pieces = futures::stream::iter(["by", "tes"]).map(Ok::<_, std::io::Error>);
        axum::response::Response::new(axum::body::Body::from_stream(pieces))
    })
    .await;
    let content = unmeasured.client().content(&id).await.unwrap();
    assert_eq!(content.length_bytes, None);
    assert!(matches!(content.bytes(4).await.unwrap_err(), ApiError::TooLarge { max_bytes: 4, .. }));
    assert_eq!(unmeasured.client().content(&id).await.unwrap().bytes(5).await.unwrap(), "bytes");

    for (status, kind) in [(202, "not_ready"), (404, "refused"), (410, "gone"), (500, "ambiguous")] {
        let server = Server::fixed(status, ID, "").await;
        assert_eq!(server.client().content(&id).await.unwrap_err().kind(), kind, "{status}");
    }

    let words = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf";
    let content = client(&cutting(words)).content(&id).await.unwrap();
    assert_eq!(content.length_bytes, Some(99));
    assert!(matches!(content.bytes(100).await.unwrap_err(), ApiError::Ambiguous { .. }));
}

#[tokio::test]
async fn no_error_shows_an_id_an_address_or_the_token() {
    let (silent, _listener) = silent();
    let refusing = Server::fixed(404, ID, r#"{"message":"no U5a1e0000111122223333444455556666"}"#).await;
    let garbage =
        Server::fixed(200, ID, r#"{"userId":"U5a1e0000111122223333444455556666","displayName":1}"#).await;
    for base in [nobody(), cutting(""), silent, refusing.base, garbage.base] {
        let error = client(&base).profile(&user()).await.unwrap_err();
        let mut printed = vec![format!("{error:?} {error}")];
        let mut cause = error.source();
        while let Some(error) = cause {
            printed.push(format!("{error:?} {error}"));
            cause = error.source();
        }
        let printed = printed.join(" ");
        for secret in ["U5a1e", "/v2/bot", "tok-offline-1"] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
}

#[tokio::test]
async fn many_calls_at_once_share_a_client() {
    let server = Server::fixed(200, ID, r#"{"totalUsage":3}"#).await;
    let client = server.client();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.quota_consumption().await.unwrap().value })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 3);
    }
    assert_eq!(server.seen().len(), 50);
}
