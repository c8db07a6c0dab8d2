//! Traps on the way out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lupinus_line::client::{
    Broadcast, ContentOutcome, ContentWait, DATA_BASE, Multicast, Narrowcast, Pacing, Push, Recipients,
    Reply, Request, Retry,
};
use lupinus_line::endpoint;
use lupinus_line::token::ChannelCredentials;
use lupinus_line::{
    ApiError, ChannelId, ChannelSecret, ChannelToken, Client, Delivery, MessageId, ReplyToken, RetryKey,
    RichMenuAliasId, RichMenuId,
};

use crate::support::{Seen, Server, answer, hello, user};
use crate::{ID, good};

/// A client that tries again, quickly.
fn trying(base: &str) -> Client {
    Client::builder(ChannelToken::from("tok-offline-1"))
        .all_bases(base)
        .timeout(Duration::from_millis(300))
        .retry(Retry::default().first_wait(Duration::from_millis(1)))
        .pacing(Pacing::off())
        .build()
        .unwrap()
}

fn has_key(request: &Seen) -> bool {
    request.headers.contains_key("x-line-retry-key")
}

fn reply() -> Reply {
    Reply::new(ReplyToken::new("4c1d7000000000000000000000013556").unwrap(), hello())
}

// python PR 270
#[tokio::test]
async fn trap_13_a_retry_key_goes_with_four_kinds_of_sends_and_with_nothing_else() {
    let server = Server::fixed(200, ID, r#"{"totalUsage":1}"#).await;
    let (line, key) = (server.client(), RetryKey::random);
    let users = Recipients::new([user()]).unwrap();
    let _ = line.push(&Push::new(user(), hello()), key()).await.unwrap();
    let _ = line.multicast(&Multicast::new(users, hello()), key()).await.unwrap();
    let _ = line.narrowcast(&Narrowcast::new(hello()), key()).await.unwrap();
    let _ = line.broadcast(&Broadcast::new(hello()), key()).await.unwrap();
    assert!(server.seen().iter().all(has_key), "the four");

    let _ = line.reply(&reply()).await.unwrap();
    line.quota_consumption().await.unwrap();
    line.link_rich_menu(&user(), &RichMenuId::new("m").unwrap()).await.unwrap();
    assert_eq!(server.seen().iter().filter(|request| !has_key(request)).count(), 3, "nothing else");

    let forced = Request::new(endpoint::QUOTA).retry_key(key());
    assert!(matches!(line.request(&forced).await, Err(ApiError::Invalid(_))));
    assert_eq!(server.seen().len(), 7, "and one that is forced stays here");
}

// LINE docs/Retrying a failed API request
#[tokio::test]
async fn trap_16_a_send_is_repeated_with_the_key_that_it_had_at_first() {
    let failures = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&failures);
    let server = Server::answering(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => answer(500, ID, ""),
        _ => good("{}"),
    })
    .await;
    let key = RetryKey::random();
    let kept = serde_json::to_string(&key).unwrap(); // with the job, before the first try
    let _ = trying(&server.base).push(&Push::new(user(), hello()), key).await.unwrap();
    let _ = trying(&server.base)
        .push(&Push::new(user(), hello()), serde_json::from_str(&kept).unwrap())
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 4, "three tries, and one of another process");
    for request in &seen {
        assert_eq!(request.headers["x-line-retry-key"], key.to_string());
        assert_eq!(request.body, seen[0].body);
    }
}

// LINE reference/Error messages
#[tokio::test]
async fn trap_17_a_used_up_month_is_not_asked_again_and_a_rate_is() {
    for (message, tries) in [
        (r#"{"message":"You have reached your monthly limit."}"#, 1),
        (r#"{"message":"The API rate limit has been exceeded. Try again later."}"#, 4),
        (r#"{"message":"A text of tomorrow."}"#, 4),
    ] {
        let server = Server::fixed(429, ID, message).await;
        let outcome = trying(&server.base).push(&Push::new(user(), hello()), RetryKey::random()).await;
        let error = outcome.unwrap_err();
        assert_eq!(server.seen().len(), tries, "{message}");
        assert_eq!(matches!(error, ApiError::QuotaExhausted(_)), tries == 1, "{error:?}");
    }
}

// python release 1.15, nodejs 443
#[tokio::test]
async fn trap_18_content_comes_from_the_host_for_bytes_and_a_video_when_it_is_ready() {
    assert_eq!(DATA_BASE, "https://api-data.line.me");
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let data = Server::answering(move |request| {
        let first = count.fetch_add(1, Ordering::SeqCst) < 2;
        match (request.target.ends_with("/transcoding"), first) {
            (true, _) => good(r#"{"status":"succeeded"}"#),
            (false, true) => answer(202, ID, ""),
            (false, false) => good("the bytes"),
        }
    })
    .await;
    let api = Server::fixed(404, ID, r#"{"message":"Not found"}"#).await;
    let line =
        Client::builder(ChannelToken::from("tok-offline-1")).all_bases(&api.base).data_base(&data.base);
    let line = line.retry(Retry::never()).build().unwrap();
    let id = MessageId::new("571900000000000002").unwrap();
    assert!(matches!(line.content(&id).await, Err(ApiError::NotReady(_))), "never an empty success");
    let wait = ContentWait::default().first_wait(Duration::from_millis(1));
    let ContentOutcome::Ready(content) = line.content_when_ready(&id, &wait).await.unwrap() else {
        panic!("ready")
    };
    assert_eq!(content.bytes(100).await.unwrap(), "the bytes");
    assert!(api.seen().is_empty());
}

// LINE reference/Send reply message
#[tokio::test]
async fn trap_24_a_reply_that_is_too_late_is_told_and_turns_into_no_push() {
    let server = Server::fixed(400, ID, r#"{"message":"Invalid reply token"}"#).await;
    let error = trying(&server.base).reply(&reply()).await.unwrap_err();
    assert!(matches!(error, ApiError::InvalidReplyToken(_)) && !error.is_transient(), "{error:?}");
    let targets: Vec<_> = server.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/v2/bot/message/reply"], "a push would count: the caller decides");
}

// LINE news of 2026-08-17
#[tokio::test]
async fn trap_27_paths_are_those_of_the_documentation_whatever_the_base_and_the_ids() {
    let server = Server::fixed(200, ID, r#"{"richMenuAliasId":"a","richMenuId":"m"}"#).await;
    for base in ["", "/", "/proxy/"].map(|path| format!("{}{path}", server.base)) {
        let line = trying(&base);
        let _ = line.push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap();
        line.rich_menu_alias(&RichMenuAliasId::new("tab-b").unwrap()).await.unwrap();
        let menu = Request::new(endpoint::RICH_MENU).segment("a/../b c?d#e");
        let _ = line.request(&menu).await.unwrap();
    }
    let targets: Vec<_> = server.seen().into_iter().map(|request| request.target).collect();
    let expected =
        ["/v2/bot/message/push", "/v2/bot/richmenu/alias/tab-b", "/v2/bot/richmenu/a%2F..%2Fb%20c%3Fd%23e"];
    let proxied = expected.map(|path| format!("/proxy{path}"));
    let expected = [expected, expected].concat().into_iter().map(str::to_owned).chain(proxied);
    assert_eq!(targets, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn trap_28_every_address_of_line_can_be_another() {
    let [api, data, access, manager] =
        [(); 4].map(|()| Server::fixed(200, ID, r#"{"totalUsage":1,"issuer":"i"}"#));
    let (api, data, access, manager) = tokio::join!(api, data, access, manager);
    let builder = Client::builder(ChannelToken::from("tok-offline-1"));
    let line = builder
        .api_base(&api.base)
        .data_base(&data.base)
        .access_base(&access.base)
        .manager_base(&manager.base)
        .build()
        .unwrap();
    line.quota_consumption().await.unwrap();
    line.content(&MessageId::new("1").unwrap()).await.unwrap();
    line.openid_configuration().await.unwrap();
    let _ = line.request(&Request::new(endpoint::ATTACH_MODULE)).await.unwrap();
    for (name, server) in [("api", api), ("data", data), ("access", access), ("manager", manager)] {
        assert_eq!(server.seen().len(), 1, "{name}");
    }
}

#[test]
fn trap_29_no_debug_shows_a_token() {
    let channel = ChannelId::new("2009990001").unwrap();
    let builder = Client::builder(ChannelToken::from("tok-sekrit"));
    let request = Request::new(endpoint::USER_INFO).bearer(&lupinus_line::UserToken::from("ut-sekrit"));
    let printed = format!(
        "{builder:?} {:?} {request:?} {:?} {:?}",
        builder.clone().build().unwrap(),
        ChannelCredentials::new(channel, ChannelSecret::from("sekrit")),
        reply(),
    );
    assert!(!printed.contains("sekrit") && !printed.contains("4c1d7"), "{printed}");
}

// LINE reference/Send push message
#[tokio::test]
async fn trap_30_a_push_with_200_is_accepted_and_not_delivered() {
    let server = Server::fixed(200, ID, r#"{"sentMessages":[{"id":"1"}]}"#).await;
    let delivery = server.client().push(&Push::new(user(), hello()), RetryKey::random()).await.unwrap();
    // The only two successes are two ways of having been accepted; exhaustive, so that a third would not compile.
    let accepted = match &delivery {
        Delivery::Accepted { .. } | Delivery::AlreadyAccepted { .. } => delivery.accepted_request_id(),
    };
    assert_eq!(accepted.unwrap().as_str(), "0b1d9f6a");
}
