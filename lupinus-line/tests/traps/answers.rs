//! Traps in what LINE answers.

use lupinus_line::client::{Broadcast, ChatMode, FOLLOWERS_PAGE, Narrowcast, Push};
use lupinus_line::{ApiError, Delivery, RetryKey};

use crate::support::{Server, answer, hello, user};
use crate::{ID, good};

// nodejs 137, python 220, java 152
#[tokio::test]
async fn trap_14_every_answer_carries_lines_name_of_the_request() {
    let good_one = Server::fixed(200, ID, r#"{"totalUsage":1}"#).await.client();
    let mut ids = vec![
        good_one.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap().request_id().cloned(),
        good_one
            .narrowcast(&Narrowcast::new(hello()), RetryKey::random())
            .await
            .unwrap()
            .request_id()
            .cloned(),
        good_one.broadcast(&Broadcast::new(hello()), RetryKey::random()).await.unwrap().request_id().cloned(),
        good_one.quota_consumption().await.unwrap().request_id,
        good_one.content(&lupinus_line::MessageId::new("1").unwrap()).await.unwrap().request_id,
    ];
    for status in [400, 401, 404, 410, 429, 500] {
        let line = Server::fixed(status, ID, r#"{"message":"no"}"#).await.client();
        let error = line.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap_err();
        ids.push(error.request_id().cloned());
    }
    assert!(ids.iter().all(|id| id.as_ref().is_some_and(|id| id.as_str() == "0b1d9f6a")), "{ids:?}");
}

// LINE docs/Retrying a failed API request
#[tokio::test]
async fn trap_15_a_key_that_was_accepted_already_is_a_success_that_names_the_first() {
    let headers = &[("x-line-request-id", "second"), ("x-line-accepted-request-id", "first")];
    let body = r#"{"message":"The retry key is already accepted","sentMessages":[{"id":"5719"}]}"#;
    let line = Server::fixed(409, headers, body).await.client();
    let delivery = line.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap();
    assert!(matches!(delivery, Delivery::AlreadyAccepted { .. }), "{delivery:?}");
    assert_eq!(delivery.accepted_request_id().unwrap().as_str(), "first");
    assert_eq!(delivery.request_id().unwrap().as_str(), "second");
    assert_eq!(delivery.sent()[0].id.as_str(), "5719");
    let error = line.quota().await.unwrap_err();
    assert!(matches!(error, ApiError::Refused(_)), "without a key it is none: {error:?}");
}

// go 276
#[tokio::test]
async fn trap_19_whether_the_webhook_is_active_is_true_or_false() {
    for (body, active) in [
        (r#"{"endpoint":"https://example.org/webhook","active":true}"#, true),
        (r#"{"endpoint":"https://example.org/webhook","active":false}"#, false),
    ] {
        let line = Server::fixed(200, ID, body).await.client();
        assert_eq!(line.webhook_endpoint().await.unwrap().value.active, active);
    }
}

// python 579, nodejs 734
#[tokio::test]
async fn trap_22_an_error_has_all_that_was_answered() {
    let headers = &[("x-line-request-id", "abc"), ("x-of-tomorrow", "1")];
    let body = r#"{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}],"new":7}"#;
    let line = Server::fixed(400, headers, body).await.client();
    let error = line.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap_err();
    let answer = error.answer().unwrap();
    assert_eq!((answer.status.as_u16(), &answer.raw[..]), (400, body.as_bytes()));
    assert_eq!(answer.headers["x-of-tomorrow"], "1");
    assert_eq!(answer.message, "The request body has 1 error(s)");
    assert_eq!(answer.properties().collect::<Vec<_>>(), ["messages[0].text"]);
    assert!(!format!("{error} {error:?}").contains("May not"), "and logs none of it");
}

// LINE reference/Get a list of users who added your LINE Official Account as a friend
#[tokio::test]
async fn trap_26_a_short_page_is_not_the_last() {
    let server = Server::answering(|request| {
        good(match request.target.rsplit_once("start=").map(|(_, start)| start) {
            None => r#"{"userIds":["U00000000000000000000000000000001"],"next":"two"}"#,
            Some("two") => r#"{"userIds":[],"next":"three"}"#,
            Some(_) => r#"{"userIds":["U00000000000000000000000000000002"]}"#,
        })
    })
    .await;
    let line = server.client();
    let (mut users, mut next, mut pages) = (Vec::new(), None, 0);
    while pages < 10 {
        let page = line.followers(FOLLOWERS_PAGE, next.as_ref()).await.unwrap().value;
        users.extend(page.user_ids);
        pages += 1;
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!((users.len(), pages), (2, 3), "the second page was empty and not the last");
}

// LINE docs/Build a bot
#[tokio::test]
async fn trap_31_what_answers_beside_the_bot_is_written_down_and_half_of_it_can_be_asked() {
    // "Auto-reply" and "Greeting" cannot be seen through the API: only whether chat is on.
    for (mode, expected) in [("chat", ChatMode::Chat), ("bot", ChatMode::Bot)] {
        let server = Server::answering(move |_| {
            let body = r#"{"userId":"U5a1e0000111122223333444455556666","basicId":"@a","displayName":"b","chatMode":"MODE","markAsReadMode":"auto"}"#;
            axum::response::IntoResponse::into_response(body.replace("MODE", mode))
        })
        .await;
        assert_eq!(server.client().bot_info().await.unwrap().value.chat_mode, expected);
    }
    let cookbook = include_str!("../../docs/cookbook.md");
    for word in ["Auto-reply", "Greeting", "bot_info"] {
        assert!(cookbook.contains(word), "the cookbook has a word on {word}");
    }
}

// LINE docs/Getting user ids
#[tokio::test]
async fn trap_33_an_id_of_another_provider_is_refused_for_good_and_has_no_profile() {
    let server = Server::answering(|request| match request.target.as_str() {
        "/v2/bot/message/push" => answer(400, ID, r#"{"message":"Failed to send messages"}"#),
        _ => answer(404, ID, r#"{"message":"Not found"}"#),
    })
    .await;
    let line = server.client();
    let error = line.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap_err();
    assert!(matches!(error, ApiError::Refused(_)), "{error:?}");
    assert!(!error.is_transient() && !error.may_have_been_accepted(), "no retry brings it back");
    assert_eq!(error.answer().unwrap().message, "Failed to send messages");
    let error = line.profile(&user()).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_transient(), "the check that LINE recommends");
}
