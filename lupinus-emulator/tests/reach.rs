//! Whom messages reach: what is accepted and arrives nowhere.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use lupinus_emulator::{Emulator, Settings};
use serde_json::{Value, json};
use support::{Api, sha256_hex, with_friend};

/// A friend with a telephone number, whose hash comes last. Numbers can be read at once.
async fn with_telephone() -> (Emulator, Api, String, String) {
    let (line, api, user) = with_friend().await;
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    line.set_settings(Settings { insight_at_once: true, privacy_threshold: 0, ..line.settings() });
    change(&api, &user, json!({"phone": "+818000001234"})).await;
    (line, api, user, sha256_hex("+818000001234"))
}

async fn change(api: &Api, user: &str, change: Value) {
    let request = api.request("PUT", &format!("/_emulator/users/{user}")).json(&change);
    assert_eq!(api.send(request).await.status, 200);
}

/// What a path of `delivery` says of the day that is frozen.
async fn counted(api: &Api, path: &str) -> Value {
    api.get(&format!("/v2/bot/message/delivery/{path}?date=20261005")).await.body["success"].clone()
}

#[tokio::test]
async fn a_notification_to_somebody_who_has_blocked_the_account_is_accepted_and_arrives_nowhere() {
    let (line, api, user, to) = with_telephone().await;
    line.unfollow(&user).await.unwrap();
    let heard = line.webhooks().len();
    let plain = json!({"to": to, "messages": [{"type": "text", "text": "x"}]});
    let templated = json!({"to": to, "templateKey": "reserved_ja"});
    for (path, body, status, number) in [
        ("/bot/pnp/push", plain, 200, "pnp"),
        ("/v2/bot/message/pnp/templated/push", templated, 202, "pnp/templated"),
    ] {
        assert_eq!(api.post(path, body).await.status, status);
        assert_eq!(counted(&api, number).await, 0, "{path}");
    }
    assert!(line.messages(&user).is_empty());
    assert_eq!(line.webhooks().len(), heard, "no delivery event");
}

#[tokio::test]
async fn a_reply_to_somebody_who_has_deleted_line_since_arrives_nowhere() {
    let (line, api, user, _) = with_telephone().await;
    line.say(&user, "相談です").await.unwrap();
    let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    change(&api, &user, json!({"deleted": true})).await;
    let reply = json!({"replyToken": webhook["events"][0]["replyToken"], "messages": [{"type": "text", "text": "x"}]});
    let answer = api.post("/v2/bot/message/reply", reply).await;
    assert_eq!((answer.status, answer.body["sentMessages"].as_array().map(Vec::len)), (200, Some(1)));
    assert_eq!(line.messages(&user).len(), 1, "what they wrote themselves");
    assert_eq!(counted(&api, "reply").await, 0);
}
