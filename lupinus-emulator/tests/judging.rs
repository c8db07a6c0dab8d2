//! How messages and rich menus are judged: what is accepted, and which property is named when something is not.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test file")]

mod support;

use std::fmt::Write as _;

use lupinus_emulator::Emulator;
use serde_json::{Value, json};
use support::{Answer, Api, png};

async fn api() -> (Emulator, Api) {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    (line, api)
}

async fn judge(api: &Api, messages: Value) -> Answer {
    api.post("/v2/bot/message/validate/push", json!({"messages": messages})).await
}

/// `good` with one change, as a text message or another.
fn with(good: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = good.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match changed.pointer_mut(parent).unwrap() {
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => panic!("no place for {pointer}"),
    }
    changed
}

const URL: &str = "https://cdn.example.org/a.jpg";

fn postback(label: &str) -> Value {
    json!({"type": "postback", "label": label, "data": "a=1", "displayText": "はい"})
}

fn good_messages() -> Vec<Value> {
    vec![
        json!({"type": "text", "text": "$ 休館", "emojis": [{"index": 0, "productId": "p", "emojiId": "001"}],
               "quickReply": {"items": [{"type": "action", "action": {"type": "camera", "label": "カメラ"}}]},
               "sender": {"name": "受付", "iconUrl": URL}}),
        json!({"type": "textV2", "text": "{who} さん {{お知らせ}}",
               "substitution": {"who": {"type": "mention", "mentionee": {"type": "all"}}}}),
        json!({"type": "sticker", "packageId": "446", "stickerId": "1988"}),
        json!({"type": "image", "originalContentUrl": URL, "previewImageUrl": URL}),
        json!({"type": "video", "originalContentUrl": URL, "previewImageUrl": URL, "trackingId": "a-1"}),
        json!({"type": "audio", "originalContentUrl": URL, "duration": 4200}),
        json!({"type": "location", "title": "会場", "address": "中央 1", "latitude": 0, "longitude": 140.87}),
        json!({"type": "coupon", "couponId": "01"}),
        json!({"type": "imagemap", "baseUrl": URL, "altText": "図", "baseSize": {"width": 1040, "height": 520},
               "actions": [{"type": "message", "text": "1", "area": {"x": 0, "y": 0, "width": 5, "height": 5}}]}),
        json!({"type": "template", "altText": "窓口", "template": {"type": "buttons", "text": "日時",
               "actions": [{"type": "datetimepicker", "label": "日時", "data": "d", "mode": "datetime",
                            "min": "2026-09-01T09:00", "max": "2026-09-30t17:00"}]}}),
        json!({"type": "template", "altText": "確認", "template": {"type": "confirm", "text": "よいですか",
               "actions": [postback("はい"), postback("いいえ")]}}),
        json!({"type": "template", "altText": "講座", "template": {"type": "carousel",
               "columns": [{"text": "一", "actions": [postback("見る")]}, {"text": "二", "actions": [postback("見る")]}]}}),
        json!({"type": "template", "altText": "写真", "template": {"type": "image_carousel",
               "columns": [{"imageUrl": URL, "action": {"type": "uri", "label": "1", "uri": "https://example.org/1"}}]}}),
        json!({"type": "flex", "altText": "票", "contents": flex()}),
    ]
}

fn flex() -> Value {
    json!({"type": "bubble", "size": "kilo",
        "hero": {"type": "image", "url": URL, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"},
        "body": {"type": "box", "layout": "vertical", "spacing": "md", "paddingAll": "12px", "contents": [
            {"type": "text", "text": "受付", "weight": "bold", "size": "xl", "color": "#112233", "wrap": true},
            {"type": "separator", "margin": "lg"},
            {"type": "box", "layout": "baseline", "contents": [
                {"type": "icon", "url": URL, "size": "sm"},
                {"type": "text", "contents": [{"type": "span", "text": "待ち"}], "flex": 0}]}]},
        "footer": {"type": "box", "layout": "vertical", "contents": [
            {"type": "button", "style": "primary", "action": {"type": "uri", "label": "開く", "uri": "tel:0312345678"}}]},
        "styles": {"footer": {"separator": true}}})
}

#[tokio::test]
async fn every_kind_of_message_is_accepted_when_it_is_right() {
    let (_line, api) = api().await;
    for message in good_messages() {
        let answer = judge(&api, json!([message])).await;
        assert_eq!(answer.status, 200, "{message}: {}", answer.body);
    }
    assert_eq!(judge(&api, json!([])).await.property(), "messages");
    let six: Vec<Value> = good_messages().into_iter().take(6).collect();
    assert_eq!(judge(&api, json!(six)).await.body["details"][0]["message"], "Size must be between 1 and 5");
}

#[tokio::test]
async fn each_missing_property_is_named() {
    let (_line, api) = api().await;
    let needed: [(usize, &[&str]); 13] = [
        (0, &["type", "text", "emojis/0/index", "emojis/0/productId", "quickReply/items/0/action"]),
        (1, &["text"]),
        (2, &["packageId", "stickerId"]),
        (3, &["originalContentUrl", "previewImageUrl"]),
        (4, &["originalContentUrl", "previewImageUrl"]),
        (5, &["originalContentUrl", "duration"]),
        (6, &["title", "address", "latitude", "longitude"]),
        (7, &["couponId"]),
        (
            8,
            &[
                "baseUrl",
                "altText",
                "baseSize",
                "baseSize/height",
                "actions",
                "actions/0/area",
                "actions/0/area/x",
            ],
        ),
        (9, &["altText", "template", "template/type", "template/text", "template/actions/0/mode"]),
        (10, &["template/actions", "template/actions/1/label", "template/actions/0/data"]),
        (11, &["template/columns", "template/columns/1/text", "template/columns/0/actions"]),
        (12, &["template/columns/0/imageUrl", "template/columns/0/action"]),
    ];
    let mut checked = 0;
    for (index, properties) in needed {
        for property in properties {
            let good = good_messages().swap_remove(index);
            let wrong = with(&good, &format!("/{property}"), Value::Null);
            let answer = judge(&api, json!([good, wrong])).await;
            let mut path = String::from("messages[1]");
            for step in property.split('/') {
                if step.parse::<usize>().is_ok() {
                    let _ = write!(path, "[{step}]");
                } else {
                    let _ = write!(path, ".{step}");
                }
            }
            assert_eq!((answer.status, answer.property()), (400, path.as_str()), "{}", answer.body);
            assert_eq!(answer.message(), "The request body has 1 error(s)");
            checked += 1;
        }
    }
    assert_eq!(checked, 39);
}

#[tokio::test]
async fn limits_are_kept_in_the_units_of_the_platform() {
    let (_line, api) = api().await;
    let good = good_messages();
    let apples = |count: usize| json!("🍎".repeat(count));
    let family = |count: usize| json!("👨‍👩‍👧‍👦".repeat(count));
    // (message, property, longest that fits, one too many)
    let limits = [
        (2, "text", apples(2_500), apples(2_501)), // UTF-16
        (3, "altText", apples(750), apples(751)),
        (4, "title", apples(50), apples(51)),
        (5, "template/text", family(240), family(241)), // graphemes
        (5, "template/actions/0/label", family(20), family(21)),
        (5, "template/actions/0/data", apples(150), apples(151)),
        (5, "template/actions/0/displayText", family(300), family(301)),
        (6, "template/text", family(160), family(161)),
        (7, "template/columns/0/text", family(120), family(121)),
        (8, "template/columns/0/action/label", family(12), family(13)),
    ];
    let base = [
        Value::Null,
        Value::Null,
        json!({"type": "text", "text": "x"}),
        good[9].clone(),
        good[6].clone(),
        good[10].clone(),
        good[9].clone(),
        good[11].clone(),
        good[12].clone(),
    ];
    for (index, property, fits, too_long) in limits {
        let pointer = format!("/{property}");
        let answer = judge(&api, json!([with(&base[index], &pointer, fits)])).await;
        assert_eq!(answer.status, 200, "{property}: {}", answer.body);
        let answer = judge(&api, json!([with(&base[index], &pointer, too_long)])).await;
        assert_eq!(answer.status, 400, "{property}");
        assert!(
            answer.body["details"][0]["message"]
                .as_str()
                .unwrap()
                .starts_with("Length must be between 0 and ")
        );
    }
    let with_title = with(&base[6], "/template/title", json!("題"));
    let answer = judge(&api, json!([with(&with_title, "/template/text", family(61))])).await;
    assert_eq!(answer.property(), "messages[0].template.text", "60 with a title");
}

#[tokio::test]
async fn wrong_types_wrong_words_and_wrong_addresses_are_told_apart() {
    let (_line, api) = api().await;
    let good = good_messages();
    let answer = judge(&api, json!([{"type": "text", "text": 5}])).await;
    let expected = "The property, messages[0].text, in the request body is invalid (line: -, column: -)";
    assert_eq!(answer.message(), expected);
    let answer = judge(&api, json!([{"type": "poem", "text": "x"}])).await;
    assert!(answer.body["details"][0]["message"].as_str().unwrap().starts_with("Must be one of"));
    for url in ["http://example.org/a.jpg", "example.org", "https://example.org/あ"] {
        let answer = judge(&api, json!([with(&good[3], "/previewImageUrl", json!(url))])).await;
        assert_eq!(answer.property(), "messages[0].previewImageUrl", "{url}");
    }
    let action = |action: Value| {
        json!({"type": "text", "text": "x",
        "quickReply": {"items": [{"type": "action", "action": action}]}})
    };
    for (wrong, property) in [
        (json!({"type": "uri", "label": "x", "uri": "javascript:alert(1)"}), "uri"),
        (json!({"type": "richmenuswitch", "label": "x", "data": "d", "richMenuAliasId": "a"}), "type"),
        (json!({"type": "message", "text": "x"}), "label"),
        (json!({"type": "postback", "label": "x", "data": "d", "fillInText": "x"}), "fillInText"),
        (json!({"type": "postback", "label": "x", "data": "d", "displayText": "a", "text": "b"}), "text"),
        (
            json!({"type": "datetimepicker", "label": "x", "data": "d", "mode": "date", "min": "2026-1-1"}),
            "min",
        ),
        (
            json!({"type": "datetimepicker", "label": "x", "data": "d", "mode": "time", "min": "10:00", "max": "09:00"}),
            "max",
        ),
    ] {
        let answer = judge(&api, json!([action(wrong)])).await;
        assert_eq!(answer.property(), format!("messages[0].quickReply.items[0].action.{property}"));
    }
    let many: Vec<Value> = (0..14).map(|_| json!({"type": "action", "action": postback("x")})).collect();
    let answer = judge(&api, json!([{"type": "text", "text": "x", "quickReply": {"items": many}}])).await;
    assert_eq!(answer.property(), "messages[0].quickReply.items");
    let emoji =
        json!({"type": "text", "text": "a$", "emojis": [{"index": 0, "productId": "p", "emojiId": "1"}]});
    assert_eq!(judge(&api, json!([emoji])).await.property(), "messages[0].emojis[0].index");
    let columns = with(&good[11], "/template/columns/1/actions", json!([postback("a"), postback("b")]));
    assert_eq!(judge(&api, json!([columns])).await.property(), "messages[0].template.columns[1].actions");
}

#[tokio::test]
async fn flex_is_refused_with_a_pointer_into_its_contents() {
    let (_line, api) = api().await;
    for (pointer, value, property, message) in [
        ("/body/contents/0/colour", json!("#000000"), "/body/contents/0/colour", "invalid property"),
        ("/body/contents/0/text", json!(""), "/body/contents/0/text", "must be non-empty text"),
        ("/body/contents/0/size", json!("huge"), "/body/contents/0/size", "invalid property"),
        (
            "/body/contents/2/contents/0/url",
            json!("http://a.example/x.png"),
            "/body/contents/2/contents/0/url",
            "invalid uri scheme",
        ),
        (
            "/footer/contents/0/action/uri",
            json!("ftp://example.org"),
            "/footer/contents/0/action/uri",
            "invalid uri scheme",
        ),
        ("/footer/contents/0/action/extra", json!(1), "/footer/contents/0/action/extra", "invalid property"),
        (
            "/footer/contents/0/action/label",
            json!("あ".repeat(41)),
            "/footer/contents/0/action/label",
            "Length must be between 0 and 40",
        ),
        ("/footer/type", json!("text"), "/footer/type", "invalid property"),
        ("/body/contents/1/type", json!("icon"), "/body/contents/1/type", "invalid property"),
        ("/hero/aspectRatio", json!("1:4"), "/hero/aspectRatio", "invalid property"),
        ("/size", json!("tiny"), "/size", "invalid property"),
        ("/type", json!("circle"), "/type", "unknown type"),
    ] {
        let message_json =
            json!({"type": "flex", "altText": "票", "contents": with(&flex(), pointer, value)});
        let answer = judge(&api, json!([{"type": "text", "text": "x"}, message_json])).await;
        assert_eq!(answer.status, 400, "{pointer}");
        assert_eq!(answer.message(), "A message (messages[1]) in the request body is invalid");
        assert_eq!(answer.property(), property);
        assert_eq!(answer.body["details"][0]["message"], message);
    }
    let carousel = |bubbles: Vec<Value>| {
        json!([{"type": "flex", "altText": "票",
        "contents": {"type": "carousel", "contents": bubbles}}])
    };
    assert_eq!(judge(&api, carousel(vec![flex(); 12])).await.status, 200);
    assert_eq!(judge(&api, carousel(vec![flex(); 13])).await.property(), "/contents");
    let mixed = carousel(vec![flex(), with(&flex(), "/size", json!("mega"))]);
    assert_eq!(judge(&api, mixed).await.property(), "/contents/1/size");
    let large = with(&flex(), "/body/contents/0/text", json!("あ".repeat(11_000)));
    let answer = judge(&api, json!([{"type": "flex", "altText": "票", "contents": large}])).await;
    assert!(answer.body["details"][0]["message"].as_str().unwrap().starts_with("Too large flex message."));
}

#[tokio::test]
async fn mentions_and_quotes_are_for_one_chat_only() {
    let (line, api) = api().await;
    let user = line.create_user("山田");
    line.follow(&user).await.unwrap();
    let mention = good_messages().swap_remove(1);
    let answer = api.post("/v2/bot/message/validate/broadcast", json!({"messages": [mention]})).await;
    assert_eq!(answer.property(), "messages[0].substitution.who");
    line.say(&user, "これは?").await.unwrap();
    let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    let quote = webhook["events"][0]["message"]["quoteToken"].clone();
    let quoting =
        |token: &Value| json!({"to": user, "messages": [{"type": "text", "text": "x", "quoteToken": token}]});
    assert_eq!(api.post("/v2/bot/message/push", quoting(&quote)).await.status, 200);
    let unknown = api.post("/v2/bot/message/push", quoting(&json!("nothing"))).await;
    assert_eq!(unknown.property(), "messages[0].quoteToken");
    let broken = judge(&api, json!([{"type": "textV2", "text": "{名} さん"}])).await;
    assert_eq!((broken.status, broken.property()), (400, "text"));
}

fn menu() -> Value {
    json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "メニュー",
           "areas": [{"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": postback("相談")}]})
}

#[tokio::test]
async fn a_rich_menu_needs_its_image_before_it_is_applied_and_a_persons_own_comes_first() {
    let (line, api) = api().await;
    let user = line.create_user("山田");
    line.follow(&user).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = api.post("/v2/bot/richmenu", menu()).await;
        let id = made.body["richMenuId"].as_str().unwrap().to_owned();
        let apply = format!("/v2/bot/user/all/richmenu/{id}");
        let early = api.send(api.request("POST", &apply)).await;
        assert_eq!(early.message(), "must upload richmenu image before applying it to user");
        let upload = |kind: &str, data: Vec<u8>| {
            api.request("POST", &format!("/v2/bot/richmenu/{id}/content"))
                .header("content-type", kind)
                .body(data)
        };
        assert_eq!(api.send(upload("image/gif", png(2500, 843))).await.status, 415);
        assert_eq!(
            api.send(upload("image/png", png(700, 400))).await.message(),
            "The image size is not allowed for richmenu"
        );
        assert_eq!(api.send(upload("image/png", png(2500, 843))).await.status, 200);
        assert_eq!(api.send(upload("image/png", png(2500, 843))).await.status, 400, "an image stays");
        ids.push(id);
    }
    assert_eq!(api.get("/v2/bot/user/all/richmenu").await.message(), "no default richmenu");
    api.send(api.request("POST", &format!("/v2/bot/user/all/richmenu/{}", ids[0]))).await;
    assert_eq!(line.rich_menu(&user).as_ref(), Some(&ids[0]));
    let own = format!("/v2/bot/user/{user}/richmenu");
    assert_eq!(api.get(&own).await.message(), "the user has no richmenu");
    let bulk = json!({"richMenuId": ids[1], "userIds": [user]});
    assert_eq!(api.post("/v2/bot/richmenu/bulk/link", bulk).await.status, 202);
    assert_eq!(line.rich_menu(&user).as_ref(), Some(&ids[1]));
    assert_eq!(api.get("/v2/bot/richmenu/list").await.body["richmenus"].as_array().unwrap().len(), 2);
    let alias = json!({"richMenuAliasId": "tab-a", "richMenuId": ids[0]});
    assert_eq!(api.post("/v2/bot/richmenu/alias", alias.clone()).await.status, 200);
    assert_eq!(api.post("/v2/bot/richmenu/alias", alias).await.message(), "conflict richmenu alias id");
    assert_eq!(api.get("/v2/bot/richmenu/alias/tab-a").await.body["richMenuId"], ids[0].as_str());
    assert_eq!(api.delete(&own).await.status, 200);
    assert_eq!(api.delete(&format!("/v2/bot/richmenu/{}", ids[0])).await.status, 200);
    assert_eq!(line.rich_menu(&user), None);
    assert_eq!(api.get(&format!("/v2/bot/richmenu/{}", ids[0])).await.status, 404);
}

#[tokio::test]
async fn a_wrong_rich_menu_is_named_by_its_property() {
    let (_line, api) = api().await;
    assert_eq!(api.post("/v2/bot/richmenu/validate", menu()).await.status, 200);
    for (pointer, value, property) in [
        ("/size", Value::Null, "size"),
        ("/size/width", json!(2501), "size.width"),
        ("/size/height", json!(2000), "size.height"),
        ("/selected", Value::Null, "selected"),
        ("/name", json!("あ".repeat(301)), "name"),
        ("/chatBarText", json!("あ".repeat(15)), "chatBarText"),
        ("/areas", Value::Null, "areas"),
        ("/areas/0/bounds/x", json!(-1), "areas[0].bounds.x"),
        ("/areas/0/action/data", Value::Null, "areas[0].action.data"),
    ] {
        let answer = api.post("/v2/bot/richmenu", with(&menu(), pointer, value)).await;
        assert_eq!((answer.status, answer.property()), (400, property));
    }
}
