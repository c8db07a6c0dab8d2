//! What looks right and is not: judged in rehearsal as it is when it is sent, and the other way round.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use reqwest::header::HeaderValue;
use serde_json::{Value, json};
use support::{Answer, Api, with_friend};

const PUSH: &str = "/v2/bot/message/push";
const REHEARSAL: &str = "/v2/bot/message/validate/push";

async fn judge(api: &Api, message: Value) -> Answer {
    api.post(REHEARSAL, json!({"messages": [message]})).await
}

/// The message and the property of the only detail.
fn only(answer: &Answer) -> (&str, &str) {
    assert_eq!(answer.body["details"].as_array().map(Vec::len), Some(1), "{}", answer.body);
    (answer.body["details"][0]["message"].as_str().unwrap(), answer.property())
}

/// A body as it stands, which no JSON library would write.
async fn written(api: &Api, path: &str, body: String) -> Answer {
    api.send(api.request("POST", path).header("content-type", "application/json").body(body)).await
}

#[tokio::test]
async fn an_optional_text_is_absent_or_not_empty() {
    let (_line, api, _) = with_friend().await;
    let url = "https://cdn.example.org/a.jpg";
    let buttons = json!({"type": "template", "altText": "窓口", "template": {"type": "buttons", "text": "日時",
        "title": "題", "thumbnailImageUrl": url,
        "actions": [{"type": "postback", "label": "x", "data": "d", "displayText": "はい", "inputOption": "openKeyboard", "fillInText": "x"}],
        "defaultAction": {"type": "uri", "label": "x", "uri": url, "altUri": {"desktop": url}}}});
    let text = json!({"type": "text", "text": "x", "quoteToken": "q", "sender": {"name": "受付", "iconUrl": url},
        "quickReply": {"items": [{"type": "action", "imageUrl": url, "action": {"type": "camera", "label": "x"}}]}});
    let picker = json!({"type": "template", "altText": "窓口", "template": {"type": "confirm", "text": "日時", "actions": [
        {"type": "datetimepicker", "label": "x", "data": "d", "mode": "date", "initial": "2026-09-01"},
        {"type": "postback", "label": "x", "data": "d", "text": "はい"}]}});
    let video =
        json!({"type": "video", "originalContentUrl": url, "previewImageUrl": url, "trackingId": "a"});
    let map = json!({"type": "imagemap", "baseUrl": url, "altText": "図", "baseSize": {"width": 1040, "height": 520}, "actions": [
        {"type": "message", "text": "1", "label": "x", "area": {"x": 0, "y": 0, "width": 5, "height": 5}}]});
    for (good, pointer, property) in [
        (&buttons, "/template/title", "template.title"),
        (&buttons, "/template/thumbnailImageUrl", "template.thumbnailImageUrl"),
        (&buttons, "/template/actions/0/displayText", "template.actions[0].displayText"),
        (&buttons, "/template/actions/0/fillInText", "template.actions[0].fillInText"),
        (&buttons, "/template/defaultAction/label", "template.defaultAction.label"),
        (&buttons, "/template/defaultAction/altUri/desktop", "template.defaultAction.altUri.desktop"),
        (&text, "/quoteToken", "quoteToken"),
        (&text, "/sender/name", "sender.name"),
        (&text, "/sender/iconUrl", "sender.iconUrl"),
        (&text, "/quickReply/items/0/imageUrl", "quickReply.items[0].imageUrl"),
        (&picker, "/template/actions/0/initial", "template.actions[0].initial"),
        (&picker, "/template/actions/1/text", "template.actions[1].text"),
        (&video, "/trackingId", "trackingId"),
        (&map, "/actions/0/label", "actions[0].label"),
    ] {
        assert_eq!(judge(&api, good.clone()).await.status, 200, "{good}");
        let mut wrong = good.clone();
        *wrong.pointer_mut(pointer).unwrap() = json!("");
        let answer = judge(&api, wrong).await;
        assert_eq!(only(&answer), ("must be non-empty text", format!("messages[0].{property}").as_str()));
    }
}

#[tokio::test]
async fn numbers_have_no_sign() {
    let (_line, api, _) = with_friend().await;
    let area = json!({"messages": [{"type": "text", "text": "x"}], "filter": {"demographic": {"type": "area", "oneOf": ["jp_+1"]}}});
    assert_eq!(api.post("/v2/bot/message/narrowcast", area).await.property(), "filter.demographic.oneOf[0]");
    for (mode, wrong) in [
        ("time", "+9:00"),
        ("time", "09:+1"),
        ("datetime", "2026-09-01T+9:00"),
        ("date", "+026-09-01"),
        ("date", "2026-+9-01"),
        ("date", "2026-9-011"),
    ] {
        let action = json!({"type": "datetimepicker", "label": "x", "data": "d", "mode": mode, "min": wrong});
        let message = json!({"type": "text", "text": "x", "quickReply": {"items": [{"type": "action", "action": action}]}});
        let answer = judge(&api, message).await;
        assert_eq!(only(&answer).0, "invalid datetime format", "{wrong}");
    }
    let image = json!({"type": "image", "url": "https://cdn.example.org/a.jpg", "aspectRatio": "+1:1e0"});
    let flex = json!({"type": "flex", "altText": "票", "contents": {"type": "bubble", "hero": image}});
    assert_eq!(judge(&api, flex).await.property(), "/hero/aspectRatio");
    for path in [
        "/v2/bot/followers/ids?limit=%2B5",
        "/v2/bot/audienceGroup/list?page=%2B1",
        "/v2/bot/audienceGroup/+1",
        "/v2/bot/membership/+1/users/ids",
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.message().starts_with("The value for the '"), "{path}: {}", answer.message());
    }
}

#[tokio::test]
async fn a_header_that_is_no_text_is_not_passed_over() {
    let (line, api, friend) = with_friend().await;
    let strange = || HeaderValue::from_bytes(b"5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b6\xe9").unwrap();
    let body = json!({"to": friend, "messages": [{"type": "text", "text": "x"}]});
    for (path, name, words) in [
        (PUSH, "x-line-retry-key", "The value for the 'X-Line-Retry-Key' header is invalid"),
        (
            "/v2/bot/message/reply",
            "x-line-retry-key",
            "The request header 'X-Line-Retry-Key' is not supported by this API",
        ),
    ] {
        let answer = api.send(api.request("POST", path).header(name, strange()).json(&body)).await;
        assert_eq!((answer.status, answer.message()), (400, words));
    }
    let notification = json!({"to": "0".repeat(64), "messages": [{"type": "text", "text": "x"}]});
    let tagged =
        api.request("POST", "/bot/pnp/push").header("x-line-delivery-tag", strange()).json(&notification);
    assert_eq!(api.send(tagged).await.message(), "The value for the 'X-Line-Delivery-Tag' header is invalid");
    assert!(line.messages(&friend).is_empty());
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_in_words_that_name_no_property() {
    let (_line, api, _) = with_friend().await;
    for path in
        [PUSH, REHEARSAL, "/v2/bot/richmenu", "/v2/bot/audienceGroup/upload", "/v2/bot/chat/loading/start"]
    {
        for body in ["[]", "\"x\"", "null", "5"] {
            let answer = written(&api, path, body.to_owned()).await;
            let words = "The request body could not be parsed as JSON (line: 1, column: 1)";
            assert_eq!((answer.status, answer.message()), (400, words), "{path} {body}");
        }
    }
}

#[tokio::test]
async fn of_a_property_that_is_there_twice_the_last_one_counts_for_rehearsal_and_sending() {
    let (line, api, friend) = with_friend().await;
    let good = r#"[{"type":"text","text":"後の"}]"#;
    for (first, last, status) in [("[]", good, 200), (good, "[]", 400), ("5", good, 200)] {
        let body = format!(r#"{{"to":"{friend}","messages":{first},"messages":{last}}}"#);
        for path in [REHEARSAL, PUSH] {
            assert_eq!(written(&api, path, body.clone()).await.status, status, "{path} {body}");
        }
    }
    assert_eq!(line.messages(&friend).len(), 2);
    assert!(line.messages(&friend).iter().all(|entry| entry.message["text"] == "後の"));
}

#[tokio::test]
async fn what_a_kind_of_message_does_not_have_is_passed_over_in_rehearsal_and_sending() {
    let (line, api, friend) = with_friend().await;
    let url = "https://cdn.example.org/a.jpg";
    let image = json!({"type": "image", "originalContentUrl": url, "previewImageUrl": url, "quoteToken": "", "trackingId": 5});
    let text = json!({"type": "text", "text": "{who}", "trackingId": "a",
        "substitution": {"who": {"type": "mention", "mentionee": {"type": "user", "userId": "U0"}}}});
    let group = line.create_group("組", &[&friend]).unwrap();
    line.invite_account(&group).await.unwrap();
    for to in [&friend, &group] {
        for path in [REHEARSAL, PUSH] {
            let answer = api.post(path, json!({"to": to, "messages": [image, text]})).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn text_with_placeholders_is_refused_for_each_of_its_rules() {
    let (_line, api, _) = with_friend().await;
    let user = |id: &str| json!({"type": "mention", "mentionee": {"type": "user", "userId": id}});
    let text = |text: &str, substitution: Value| json!({"type": "textV2", "text": text, "substitution": substitution});
    let id = "U00112233445566778899aabbccddeeff";
    let answer = judge(&api, text("{名} さん", json!({"名": user(id)}))).await;
    assert_eq!(answer.message(), "A message (messages[0]) in the request body is invalid");
    assert_eq!(
        only(&answer),
        ("The key '名' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'.", "text")
    );
    let unused = judge(&api, text("x", json!({"名": user(id)}))).await;
    assert_eq!(only(&unused), ("must match the pattern ^[a-zA-Z0-9_]{1,20}$", "messages[0].substitution.名"));
    let emoji = json!({"type": "emoji", "productId": "p", "emojiId": "1"});
    for (entry, times, status) in
        [(user(id), 20, 200), (user(id), 21, 400), (emoji.clone(), 20, 200), (emoji, 21, 400)]
    {
        let answer = judge(&api, text(&"{x}".repeat(times), json!({"x": entry}))).await;
        assert_eq!(answer.status, status, "{entry} {times}");
        if status == 400 {
            assert_eq!(only(&answer), ("Must be less than or equal to 20", "messages[0].substitution"));
        }
    }
    let malformed = judge(&api, text("{x}", json!({"x": user("U00112233445566778899AABBCCDDEEFF")}))).await;
    let words = "The property, messages[0].substitution.x.mentionee.userId, in the request body is invalid (line: -, column: -)";
    assert_eq!((malformed.status, malformed.message()), (400, words));
}
