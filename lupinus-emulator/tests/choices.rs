//! What LINE leaves open, as the table of the README says it is here.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::Settings;
use serde_json::{Value, json};
use support::{png, with_friend};

const PUSH: &str = "/v2/bot/message/push";
const URL: &str = "https://cdn.example.org/a.jpg";

#[tokio::test]
async fn bodies_are_judged_as_the_table_says() {
    let (_line, api, friend) = with_friend().await;
    let surrogate = format!(r#"{{"to":"{friend}","messages":[{{"type":"text","text":"\ud83d"}}]}}"#);
    let request = api.request("POST", PUSH).header("content-type", "application/json");
    let broken = api.send(request.body(surrogate)).await;
    assert_eq!(broken.status, 400);
    assert!(broken.message().starts_with("The request body could not be parsed as JSON (line: 1, column: "));

    let judge = async |messages: Value| {
        api.post("/v2/bot/message/validate/push", json!({"messages": messages})).await
    };
    let audio = |duration: Value| json!([{"type": "audio", "originalContentUrl": URL, "duration": duration}]);
    assert_eq!(judge(audio(json!(1))).await.status, 200);
    assert!(judge(audio(json!(1.0))).await.message().starts_with("The property, messages[0].duration,"));
    let tap = |uri: &str| json!([{"type": "text", "text": "x", "quickReply": {"items": [{"type": "action", "action": {"type": "uri", "label": "x", "uri": uri}}]}}]);
    for uri in ["https://example.org/{x}", "https://example.org/?a=1|2", "tel:"] {
        assert_eq!(judge(tap(uri)).await.status, 200, "{uri}");
    }

    let flex = |part: Value| {
        json!({"type": "flex", "altText": "票", "contents": {"type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [part]}}})
    };
    let (good, wrong) = (
        json!({"type": "text", "text": "x", "offsetTop": "-2px"}),
        json!({"type": "text", "text": "", "margin": "-2px"}),
    );
    let both = judge(json!([flex(good), flex(wrong.clone()), flex(wrong)])).await;
    assert_eq!(both.message(), "A message (messages[1]) in the request body is invalid");
    let mut named: Vec<&str> = both.body["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["property"].as_str().unwrap())
        .collect();
    named.sort_unstable();
    assert_eq!(named, ["/body/contents/0/margin", "/body/contents/0/text"]);
    let mixed = judge(json!([flex(json!({"type": "text", "text": ""})), {"type": "text", "text": ""}])).await;
    assert_eq!((mixed.message(), mixed.property()), ("The request body has 1 error(s)", "messages[1].text"));
    let with_shape = judge(json!([{"type": "text", "text": ""}, {"type": "text", "text": 5}])).await;
    assert!(with_shape.message().starts_with("The property, messages[1].text,"));
}

#[tokio::test]
async fn a_retry_key_belongs_to_the_whole_account() {
    let (line, api, friend) = with_friend().await;
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b61";
    let messages = json!([{"type": "text", "text": "x"}]);
    let first = api.post_with_key(PUSH, json!({"to": friend, "messages": messages}), key).await;
    assert_eq!(first.status, 200);
    let body = json!({"to": [friend], "messages": messages});
    let second = api.post_with_key("/v2/bot/message/multicast", body, key).await;
    assert_eq!((second.status, &second.body["sentMessages"]), (409, &first.body["sentMessages"]));
    assert_eq!(line.messages(&friend).len(), 1);
}

#[tokio::test]
async fn rich_menus_are_judged_as_the_table_says() {
    let (_line, api, _) = with_friend().await;
    let area = json!({"bounds": {"x": 2400, "y": 800, "width": 2500, "height": 843}, "action": {"type": "message", "text": "x"}});
    let menu = json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "一", "areas": [area]});
    let made = api.post("/v2/bot/richmenu", menu).await;
    assert_eq!(made.status, 200);
    let path = format!("/v2/bot/richmenu/{}/content", made.body["richMenuId"].as_str().unwrap());
    let upload = async |data: Vec<u8>| {
        api.send(api.request("POST", &path).header("content-type", "image/jpeg").body(data)).await.status
    };
    let gif = b"GIF89a\xc4\x09\x4b\x03\0\0\0".to_vec(); // 2500 × 843
    assert_eq!(upload(gif).await, 400);
    assert_eq!(upload([png(2500, 843), vec![0; 1024 * 1024]].concat()).await, 413);
    assert_eq!(upload(png(2500, 843)).await, 200, "a PNG that is said to be a JPEG");
}

#[tokio::test]
async fn people_who_hide_or_leave_are_counted_and_named_as_the_table_says() {
    let (line, api, friend) = with_friend().await;
    line.set_settings(Settings { insight_at_once: true, ..line.settings() });
    let group = line.create_group("組", &[]).unwrap();
    line.invite_account(&group).await.unwrap();
    let change = async |change: Value| {
        let request = api.request("PUT", &format!("/_emulator/users/{friend}")).json(&change);
        assert_eq!(api.send(request).await.status, 200);
    };
    change(json!({"consents": false})).await;
    line.join_group(&group, &friend).await.unwrap();
    let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    assert_eq!(webhook["events"][0]["joined"]["members"], json!([{"type": "user", "userId": friend}]));
    change(json!({"deleted": true})).await;
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    line.advance(Duration::from_hours(24 * 365));
    let numbers = api.get("/v2/bot/insight/followers?date=20271004").await.body;
    assert_eq!(numbers, json!({"status": "ready", "followers": 1, "targetedReaches": 1, "blocks": 0}));
}
