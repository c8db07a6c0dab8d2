//! Reply, push, multicast, broadcast: who gets what, and what is refused.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use jiff::Timestamp;
use lupinus_emulator::{Author, Emulator, Quota, Settings};
use serde_json::{Value, json};
use support::{Api, with_friend};

const PUSH: &str = "/v2/bot/message/push";
const REPLY: &str = "/v2/bot/message/reply";
const MULTICAST: &str = "/v2/bot/message/multicast";
const BROADCAST: &str = "/v2/bot/message/broadcast";

fn text(text: &str) -> Value {
    json!([{"type": "text", "text": text}])
}

/// The reply token of the last event.
fn token(line: &Emulator) -> String {
    let webhooks = line.webhooks();
    let body: Value = serde_json::from_str(&webhooks.last().unwrap().body).unwrap();
    body["events"][0]["replyToken"].as_str().unwrap().to_owned()
}

async fn reply(api: &Api, token: &str) -> support::Answer {
    api.post(REPLY, json!({"replyToken": token, "messages": text("はい")})).await
}

#[tokio::test]
async fn a_push_arrives_as_it_was_sent() {
    let (line, api, friend) = with_friend().await;
    let raw = format!(r#"{{"to":"{friend}","messages":[ {{"text" : "予約\u3092 1.0", "type":"text"}} ]}}"#);
    let request = api.request("POST", PUSH).header("content-type", "application/json").body(raw);
    let answer = api.send(request).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body["sentMessages"][0]["quoteToken"].is_string());
    let chat = line.messages(&friend);
    assert_eq!((chat[0].from, &chat[0].message["text"]), (Author::Bot, &json!("予約を 1.0")));
    assert_eq!(chat[0].request_id.as_deref(), Some(answer.request_id()));
    let shown =
        api.http.get(format!("{}/_emulator/users/{friend}/messages", line.url())).send().await.unwrap();
    assert!(shown.text().await.unwrap().contains(r#"{"text" : "予約\u3092 1.0", "type":"text"}"#));
}

#[tokio::test]
async fn a_reply_token_serves_once() {
    let (line, api, friend) = with_friend().await;
    line.say(&friend, "質問").await.unwrap();
    let token = token(&line);
    assert_eq!(reply(&api, &token).await.status, 200);
    let again = reply(&api, &token).await;
    assert_eq!((again.status, again.message()), (400, "Invalid reply token"));
    assert_eq!(line.messages(&friend).len(), 2);
    assert_eq!(line.quota_used(), 0, "replies are free");
}

#[tokio::test]
async fn a_reply_token_lives_a_minute_and_a_redelivery_renews_it_up_to_twenty() {
    let (line, api, friend) = with_friend().await;
    line.freeze("2026-04-01T00:00:00Z".parse().unwrap());
    let event = line.postback(&friend, "a").await.unwrap();
    let first = token(&line);
    line.advance(Duration::from_secs(61));
    assert_eq!(reply(&api, &first).await.status, 400);
    line.redeliver(&event).await.unwrap();
    line.advance(Duration::from_mins(1));
    assert_eq!(reply(&api, &first).await.status, 200);
    let event = line.postback(&friend, "b").await.unwrap();
    let second = token(&line);
    line.advance(Duration::from_secs(20 * 60 + 1));
    line.redeliver(&event).await.unwrap();
    assert_eq!(reply(&api, &second).await.status, 400);
}

#[tokio::test]
async fn a_refused_reply_does_not_use_up_its_token() {
    let (line, api, friend) = with_friend().await;
    line.say(&friend, "質問").await.unwrap();
    let token = token(&line);
    let wrong = api.post(REPLY, json!({"replyToken": token, "messages": []})).await;
    assert_eq!((wrong.status, wrong.property()), (400, "messages"));
    assert_eq!(reply(&api, &token).await.status, 200);
}

#[tokio::test]
async fn a_retry_key_is_accepted_once_in_a_day() {
    let (line, api, friend) = with_friend().await;
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b61";
    let body = json!({"to": friend, "messages": text("一度")});
    let first = api.post_with_key(PUSH, body.clone(), key).await;
    assert_eq!(first.status, 200);
    let again = api.post_with_key(PUSH, body.clone(), key).await;
    assert_eq!((again.status, again.message()), (409, "The retry key is already accepted"));
    assert_eq!(again.headers["x-line-accepted-request-id"], first.request_id());
    assert_ne!(again.request_id(), first.request_id());
    assert_eq!(again.body["sentMessages"], first.body["sentMessages"]);
    assert_eq!(line.messages(&friend).len(), 1);
    line.advance(Duration::from_secs(24 * 3600 + 1));
    assert_eq!(api.post_with_key(PUSH, body, key).await.status, 200);
    assert_eq!(line.messages(&friend).len(), 2);
}

#[tokio::test]
async fn a_retry_key_of_a_refused_request_is_free_and_elsewhere_it_is_refused() {
    let (line, api, friend) = with_friend().await;
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b62";
    let wrong = api.post_with_key(PUSH, json!({"to": friend, "messages": []}), key).await;
    assert_eq!(wrong.status, 400);
    let right = api.post_with_key(PUSH, json!({"to": friend, "messages": text("x")}), key).await;
    assert_eq!(right.status, 200);
    line.say(&friend, "質問").await.unwrap();
    let body = json!({"replyToken": token(&line), "messages": text("x")});
    assert_eq!(api.post_with_key(REPLY, body, "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b63").await.status, 400);
    assert_eq!(
        api.post_with_key(PUSH, json!({"to": friend, "messages": text("x")}), "abc").await.status,
        400
    );
}

#[tokio::test]
async fn friends_are_reached_and_blockers_and_strangers_are_not() {
    let (line, api, friend) = with_friend().await;
    let (blocker, stranger) = (line.create_user("鈴木"), line.create_user("田中"));
    line.follow(&blocker).await.unwrap();
    line.unfollow(&blocker).await.unwrap();
    for user in [&blocker, &stranger] {
        assert_eq!(api.push(user, "とどく?").await.status, 200);
        assert!(line.messages(user).is_empty());
    }
    let answer = api.post(MULTICAST, json!({"to": [friend, blocker, stranger], "messages": text("m")})).await;
    assert_eq!((answer.status, answer.body), (200, json!({})));
    assert_eq!(api.post(BROADCAST, json!({"messages": text("b")})).await.status, 200);
    assert_eq!(line.messages(&friend).len(), 2);
    assert!(line.messages(&blocker).is_empty() && line.messages(&stranger).is_empty());
    assert_eq!(line.quota_used(), 2, "only who is reached counts");
    assert_eq!(api.get(&format!("/v2/bot/profile/{friend}")).await.body["displayName"], "佐藤");
    for user in [&blocker, &stranger] {
        assert_eq!(api.get(&format!("/v2/bot/profile/{user}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_stranger_who_wrote_is_reached_for_seven_days() {
    let (line, api, _) = with_friend().await;
    let stranger = line.create_user("田中");
    line.say(&stranger, "友だちではないけれど").await.unwrap();
    api.push(&stranger, "一").await;
    assert_eq!(line.messages(&stranger).len(), 2);
    line.advance(Duration::from_mins(7 * 24 * 60 + 1));
    assert_eq!(api.push(&stranger, "二").await.status, 200);
    assert_eq!(line.messages(&stranger).len(), 2);
}

#[tokio::test]
async fn one_malformed_id_fails_the_whole_multicast() {
    let (line, api, friend) = with_friend().await;
    let answer = api.post(MULTICAST, json!({"to": [friend, "Uxyz"], "messages": text("m")})).await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().starts_with("The property, to[1], in the request body is invalid"));
    assert!(line.messages(&friend).is_empty());
    let none: [&str; 0] = [];
    assert_eq!(api.post(MULTICAST, json!({"to": none, "messages": text("m")})).await.property(), "to");
    let many: Vec<&str> = std::iter::repeat_n(friend.as_str(), 501).collect();
    assert_eq!(api.post(MULTICAST, json!({"to": many, "messages": text("m")})).await.property(), "to");
}

#[tokio::test]
async fn a_push_to_an_unknown_id_is_refused() {
    let (_line, api, _) = with_friend().await;
    let answer = api.push("U00000000000000000000000000000000", "x").await;
    assert_eq!((answer.status, answer.message()), (400, "Failed to send messages"));
    assert_eq!(api.push("佐藤", "x").await.status, 400);
}

#[tokio::test]
async fn over_the_quota_nothing_is_sent_and_the_next_month_begins_anew() {
    let (line, api, friend) = with_friend().await;
    line.freeze("2026-03-31T14:59:00Z".parse().unwrap());
    line.set_quota(Quota::limited(3, 2));
    assert_eq!(api.get("/v2/bot/message/quota").await.body, json!({"type": "limited", "value": 3}));
    let other = line.create_user("高橋");
    line.follow(&other).await.unwrap();
    let two = api.post(MULTICAST, json!({"to": [friend, other], "messages": text("m")})).await;
    assert_eq!((two.status, two.message()), (429, "You have reached your monthly limit."));
    assert!(line.messages(&friend).is_empty() && line.messages(&other).is_empty());
    assert_eq!(api.push(&friend, "最後").await.status, 200);
    assert_eq!(api.push(&friend, "もう一つ").await.status, 429);
    assert_eq!(api.get("/v2/bot/message/quota/consumption").await.body, json!({"totalUsage": 3}));
    line.set_time("2026-03-31T15:00:00Z".parse::<Timestamp>().unwrap());
    assert_eq!(api.push(&friend, "四月").await.status, 200);
    assert_eq!(line.quota_used(), 1);
    let sent = api.get("/v2/bot/message/delivery/push?date=20260331").await;
    assert_eq!(sent.body, json!({"status": "unavailable_for_privacy"}), "fewer than twenty");
    line.set_settings(Settings { privacy_threshold: 1, ..line.settings() });
    let sent = api.get("/v2/bot/message/delivery/push?date=20260331").await;
    assert_eq!(sent.body, json!({"status": "ready", "success": 1}));
    assert_eq!(api.get("/v2/bot/message/delivery/push?date=20260401").await.body["status"], "unready");
    assert_eq!(api.get("/v2/bot/message/delivery/push?date=x").await.status, 400);
}

#[tokio::test]
async fn a_multicast_of_five_hundred_reaches_each_once() {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let mut people = Vec::new();
    for number in 0..500 {
        let user = line.create_user(&number.to_string());
        line.follow(&user).await.unwrap();
        people.push(user);
    }
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b64";
    for status in [200, 409] {
        let body = json!({"to": people, "messages": text("お知らせ")});
        assert_eq!(api.post_with_key(MULTICAST, body, key).await.status, status);
    }
    assert!(people.iter().all(|user| line.messages(user).len() == 1));
    assert_eq!(line.quota_used(), 500);
}
