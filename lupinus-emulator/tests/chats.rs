//! What depends on the chat a message goes to, and on who has which number.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use lupinus_emulator::{Emulator, Settings};
use serde_json::{Value, json};
use support::{Api, sha256_hex, with_friend};

const PUSH: &str = "/v2/bot/message/push";

fn mention(user: &str) -> Value {
    json!({"type": "textV2", "text": "{who} さん", "substitution": {"who": {"type": "mention",
           "mentionee": {"type": "user", "userId": user}}}})
}

#[tokio::test]
async fn a_mention_needs_a_group_and_a_member_of_it() {
    let (line, api, friend) = with_friend().await;
    let stranger = line.create_user("田中");
    let group = line.create_group("組", &[&friend]).unwrap();
    line.invite_account(&group).await.unwrap();
    let push =
        async |to: &str, message: Value| api.post(PUSH, json!({"to": to, "messages": [message]})).await;
    assert_eq!(push(&friend, mention(&friend)).await.property(), "messages[0].substitution.who");
    let absent = push(&group, mention(&stranger)).await;
    assert_eq!(absent.property(), "messages[0].substitution.who.mentionee.userId");
    assert_eq!(push(&group, mention(&friend)).await.status, 200);
    line.send_to_group(&group, &friend, json!({"type": "text", "text": "x"})).await.unwrap();
    let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    let token = &webhook["events"][0]["replyToken"];
    let reply = json!({"replyToken": token, "messages": [mention(&stranger)]});
    assert_eq!(api.post("/v2/bot/message/reply", reply).await.status, 400);
    let reply = json!({"replyToken": token, "messages": [mention(&friend)]});
    assert_eq!(api.post("/v2/bot/message/reply", reply).await.status, 200, "a refusal uses no token up");
}

#[tokio::test]
async fn the_end_of_a_video_is_told_of_a_chat_of_two_alone() {
    let (line, api, friend) = with_friend().await;
    let group = line.create_group("組", &[&friend]).unwrap();
    line.invite_account(&group).await.unwrap();
    let url = "https://cdn.example.org/v.mp4";
    let video =
        json!({"type": "video", "originalContentUrl": url, "previewImageUrl": url, "trackingId": "a"});
    let push = async |to: &str| api.post(PUSH, json!({"to": to, "messages": [video]})).await;
    assert_eq!(push(&friend).await.status, 200);
    assert_eq!(push(&group).await.property(), "messages[0].trackingId");
}

#[tokio::test]
async fn an_id_nobody_has_is_passed_over_or_refused_as_one_chooses() {
    let (line, api, friend) = with_friend().await;
    let foreign = "U00000000000000000000000000000000";
    let body = json!({"to": [friend, foreign], "messages": [{"type": "text", "text": "x"}]});
    assert_eq!(api.post("/v2/bot/message/multicast", body.clone()).await.status, 200);
    assert_eq!(line.quota_used(), 1);
    line.set_settings(Settings { refuse_unknown_ids: true, ..line.settings() });
    let refused = api.post("/v2/bot/message/multicast", body).await;
    let message = "The property, to[1], in the request body is invalid (line: -, column: -)";
    assert_eq!((refused.status, refused.message()), (400, message));
    assert_eq!(line.messages(&friend).len(), 1, "nobody got it the second time");
}

/// An account, and somebody with a telephone number; its hash comes last.
async fn with_telephone() -> (Emulator, Api, String, String) {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let user = line.create_user("佐藤");
    let change =
        api.request("PUT", &format!("/_emulator/users/{user}")).json(&json!({"phone": "+818000001234"}));
    assert_eq!(api.send(change).await.status, 200);
    (line, api, user, sha256_hex("+818000001234"))
}

#[tokio::test]
async fn a_notification_goes_to_a_number_and_the_bot_hears_of_it() {
    let (line, api, user, to) = with_telephone().await;
    let plain = json!({"to": to, "messages": [{"type": "text", "text": "x"}]});
    let templated = json!({"to": to, "templateKey": "reserved_ja", "body": {
        "emphasizedItem": {"itemKey": "date_002_ja", "content": "10月5日"},
        "items": [{"itemKey": "name_010_ja", "content": "窓口"}],
        "buttons": [{"buttonKey": "check_ja", "url": "https://example.org/"}]}});
    for (path, body, status) in
        [("/bot/pnp/push", &plain, 200), ("/v2/bot/message/pnp/templated/push", &templated, 202)]
    {
        let request =
            api.request("POST", path).header("x-line-delivery-tag", "ward-office-000123").json(body);
        assert_eq!(api.send(request).await.status, status);
        let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
        let event = &webhook["events"][0];
        assert_eq!(event["delivery"], json!({"data": "ward-office-000123"}));
        assert!(event.get("source").is_none() && event.get("replyToken").is_none());
        let short = api.request("POST", path).header("x-line-delivery-tag", "short").json(body);
        assert_eq!(api.send(short).await.status, 400);
        let mut other = body.clone();
        other["to"] = json!("0".repeat(64));
        let nobody = api.post(path, other.clone()).await;
        assert_eq!((nobody.status, nobody.message()), (422, "Failed to send messages"));
        other["to"] = json!("+818000001234");
        assert!(api.post(path, other).await.message().starts_with("The property, to,"));
    }
    assert_eq!(line.messages(&user).len(), 2);
    assert_eq!(line.quota_used(), 0);
    let mut lacking = templated;
    lacking["body"]["items"][0]["content"] = json!("");
    let refused = api.post("/v2/bot/message/pnp/templated/push", lacking).await;
    assert_eq!(refused.property(), "body.items[0].content");
}

#[tokio::test]
async fn a_template_may_stand_alone_and_is_counted_apart_from_other_notifications() {
    const PUSH: &str = "/v2/bot/message/pnp/templated/push";
    let (line, api, _, to) = with_telephone().await;
    line.set_settings(Settings { privacy_threshold: 0, ..line.settings() });
    api.post("/_emulator/clock", json!({"now": "2026-10-05T10:00:00+09:00"})).await;
    assert_eq!(api.post(PUSH, json!({"to": to, "templateKey": "reserved_ja"})).await.status, 202);
    let plain = json!({"to": to, "messages": [{"type": "text", "text": "x"}]});
    for _ in 0..2 {
        assert_eq!(api.post("/bot/pnp/push", plain.clone()).await.status, 200);
    }
    line.advance(std::time::Duration::from_hours(48));
    for (path, success) in [("pnp", 2), ("pnp/templated", 1)] {
        let counted = api.get(&format!("/v2/bot/message/delivery/{path}?date=20261005")).await;
        assert_eq!(counted.body, json!({"status": "ready", "success": success}), "{path}");
    }
    let both = api.get("/v2/bot/insight/message/delivery?date=20261005").await;
    assert_eq!(both.body["pnpNoticeMessage"], 3);
    for (key, part, most) in [
        ("items", json!({"itemKey": "name_010_ja", "content": "窓口"}), 15),
        ("buttons", json!({"buttonKey": "check_ja", "url": "https://example.org/"}), 2),
    ] {
        let with = |count: usize| json!({"to": to, "templateKey": "reserved_ja", "body": {key: vec![part.clone(); count]}});
        assert_eq!(api.post(PUSH, with(most)).await.status, 202);
        assert_eq!(api.post(PUSH, with(most + 1)).await.property(), format!("body.{key}"));
    }
}

#[tokio::test]
async fn flex_keeps_its_outer_boxes_in_place_and_its_moving_pictures_few() {
    let (_line, api, _) = with_friend().await;
    let image = json!({"type": "image", "url": "https://cdn.example.org/a.png", "animated": true});
    let judge = async |body: Value| {
        let message = json!({"type": "flex", "altText": "票", "contents": {"type": "bubble", "body": body}});
        api.post("/v2/bot/message/validate/push", json!({"messages": [message]})).await
    };
    let boxed = |images: usize, position: &str| json!({"type": "box", "layout": "vertical", "position": position, "contents": vec![image.clone(); images]});
    assert_eq!(judge(boxed(10, "relative")).await.status, 200);
    assert_eq!(judge(boxed(11, "relative")).await.property(), "/");
    assert_eq!(judge(boxed(1, "absolute")).await.property(), "/body/position");
    let inner = json!({"type": "box", "layout": "vertical", "contents": [boxed(1, "absolute")]});
    assert_eq!(judge(inner).await.status, 200);
}
