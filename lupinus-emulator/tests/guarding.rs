//! What hostile pages, documents and calls get: a refusal, and nothing has happened.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::{Builder, Emulator, Settings};
use serde_json::{Value, json};
use support::{Api, Bot};

async fn control(api: &Api, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let answer = api.send(api.request(method, &format!("/_emulator{path}")).json(body)).await;
    (answer.status, answer.body)
}

async fn refused(api: &Api, method: &str, path: &str, body: Value, words: &str) {
    let (status, answer) = control(api, method, path, &body).await;
    assert_eq!(status, 400, "{method} {path} {body}: {answer}");
    assert!(answer["message"].as_str().unwrap().contains(words), "{answer}");
}

#[tokio::test]
async fn a_page_of_another_origin_makes_no_control_calls() {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let user = line.create_user("薬剤師");
    let own = line.url().to_owned();
    for (name, value, status) in [
        ("origin", own.as_str(), 200),
        ("origin", "https://evil.example", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("host", "evil.example", 403),
        ("host", "emulator:9090", 200),
    ] {
        let reset = api.request("POST", "/_emulator/reset").header(name, value);
        let answer = api.send(reset).await;
        assert_eq!(answer.status, status, "{name}: {value}: {}", answer.body);
        if status == 200 {
            line.create_user_with_id("薬剤師", &user).unwrap();
        }
    }
    assert_eq!(control(&api, "GET", "/users", &json!({})).await.1["total"], 1);
    // LINE's own paths are for other origins, too.
    let login =
        api.send(api.request("GET", "/oauth2/v2.1/certs").header("origin", "https://app.example")).await;
    assert_eq!(login.status, 200);
    control(&api, "POST", "/settings", &json!({"hosts": ["line.example.jp"]})).await;
    let named = api.send(api.request("GET", "/_emulator/bot").header("host", "line.example.jp")).await;
    assert_eq!(named.status, 200);
}

#[tokio::test]
async fn a_document_names_no_files_and_brings_no_scripts() {
    let folder = tempfile::tempdir().unwrap();
    let line = Emulator::builder().data(folder.path().join("data")).start().await.unwrap();
    let api = Api::of(&line);
    let outside = folder.path().join("pwned.sh");
    let image = |kind: &str| json!({"object": {}, "image": {"contentType": kind}});
    let menu = format!("richmenu-{}", "0".repeat(32));
    let document = |id: &str, menu: Value| json!({"format": 1, "state": {"richMenus": {"menus": {id: menu}}}, "blobs": {id: "ZWNobw=="}});
    let path = outside.to_str().unwrap();
    refused(&api, "POST", "/import", document(path, image("image/png")), "richmenu- and 32").await;
    refused(&api, "POST", "/import", document("../pwned.sh", image("image/png")), "richmenu- and 32").await;
    refused(&api, "POST", "/import", document(&menu, image("text/html")), "neither image/png").await;
    refused(&api, "POST", "/import", document(&menu, json!({"object": 5})), "is none").await;
    let contents = json!({"../x": {"kind": "file", "mediaType": "text/html", "readyAt": 0, "unsent": false}});
    let contents =
        json!({"format": 1, "state": {"contents": contents}, "blobs": {"content-../x": "ZWNobw=="}});
    refused(&api, "POST", "/import", contents, "is not a number").await;
    assert_eq!(control(&api, "POST", "/import", &document(&menu, image("image/png"))).await.0, 200);
    let shown = api.send(api.request("GET", &format!("/_emulator/richmenus/{menu}/image"))).await;
    assert_eq!((shown.status, &shown.headers["x-content-type-options"]), (200, &"nosniff".parse().unwrap()));
    assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    line.save().unwrap();
    assert!(!outside.exists());
}

#[tokio::test]
async fn what_has_no_form_is_refused_at_the_door() {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let user = line.create_user("医師");
    line.follow(&user).await.unwrap();
    let messages = format!("/users/{user}/messages");
    for (key, value) in [
        ("emojis", json!("str")),
        ("emojis", json!([5])),
        ("mention", json!({"mentionees": 5})),
        ("quotedMessageId", json!(5)),
    ] {
        refused(&api, "POST", &messages, json!({"type": "text", "text": "x", key: value}), key).await;
    }
    let mention = json!({"mentionees": [{"index": 0, "length": 1, "type": "all"}]});
    let good = json!({"type": "text", "text": "x", "mention": mention, "emojis": []});
    assert_eq!(control(&api, "POST", &messages, &good).await.0, 200);
    let entry = json!({"from": "bot", "at": 1, "messageId": "1", "message": "{\"type\":\"text\"}", "requestId": null});
    let chat = json!({"format": 1, "state": {"people": {&user: {"displayName": "医師", "chat": [entry]}}}});
    refused(&api, "POST", "/import", chat, "is not the JSON of a message").await;
    let event = json!({"type": "message", "webhookEventId": "E1", "deliveryContext": 5});
    refused(&api, "POST", "/webhook", json!({"events": [event]}), "deliveryContext").await;
    for (respond, words) in [
        (json!({"status": 199}), "200 to 999"),
        (json!({"status": 500, "headers": {"Content-Length": "1"}}), "framed"),
        (json!({"status": 500, "headers": {"transfer-encoding": "chunked"}}), "framed"),
    ] {
        refused(&api, "POST", "/faults", json!({"respond": respond}), words).await;
    }
    for now in [json!(i64::MAX), json!(-1), json!("9999-01-01T00:00:00Z")] {
        refused(&api, "POST", "/clock", json!({"now": now}), "1970 and 9000").await;
    }
    control(&api, "POST", "/clock", &json!({"advanceMs": i64::MAX})).await;
    let (id, secret) = (line.channel_id(), line.channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    assert_eq!(api.form("/v2/oauth/accessToken", &form).await.status, 200);
    for url in ["ftp://a/", "notaurl"] {
        refused(&api, "PUT", "/webhook-url", json!({"url": url}), "http://").await;
        let error = Builder::default().webhook_url(url).start().await.unwrap_err();
        assert!(error.to_string().contains(url), "{error}");
    }
}

#[tokio::test]
async fn what_happens_by_itself_is_told_and_found() {
    let (_bot, address) = Bot::start().await;
    let settings = Settings { background_ms: 300, ..Settings::default() };
    let line =
        Emulator::builder().settings(settings).webhook_url(format!("http://{address}/webhook")).start();
    let line = line.await.unwrap();
    let api = Api::of(&line);
    let user = line.create_user("看護師");
    line.follow(&user).await.unwrap();
    let text = json!([{"type": "text", "text": "お知らせ"}]);
    assert_eq!(api.post("/v2/bot/message/narrowcast", json!({"messages": text})).await.status, 202);
    let steps = json!([{"do": "expect", "who": "nurse", "text": "お知らせ", "within": "5s"}]);
    let people = json!([{"as": "nurse", "userId": user}]);
    let scenario = json!({"format": 1, "people": people, "steps": steps});
    let (_, report) = control(&api, "POST", "/scenario", &scenario).await;
    assert_eq!(report["ok"], true, "{report}");
    // On a clock that stands still it comes when the clock is moved.
    line.freeze(line.now());
    assert_eq!(api.post("/v2/bot/message/narrowcast", json!({"messages": text})).await.status, 202);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(line.messages(&user).len(), 1);
    line.advance(Duration::from_millis(300));
    assert_eq!(line.messages(&user).len(), 2);
}

#[tokio::test]
async fn the_log_shows_what_was_refused_and_nothing_else() {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let user = line.create_user("医師");
    line.follow(&user).await.unwrap();
    for text in ["よい", ""] {
        api.post("/v2/bot/message/push", json!({"to": user, "messages": [{"type": "text", "text": text}]}))
            .await;
    }
    api.form("/v2/oauth/accessToken", &[("grant_type", "wrong"), ("client_secret", line.channel_secret())])
        .await;
    let bodies: Vec<Option<String>> = line.requests().into_iter().map(|entry| entry.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies[1].as_ref().unwrap().contains("\"text\":\"\""), "{bodies:?}");
    assert_eq!((&bodies[0], &bodies[2]), (&None, &None));
    let long = json!({"to": user, "messages": [{"type": "text", "text": "長".repeat(6_000)}]});
    api.post("/v2/bot/message/push", long).await;
    assert_eq!(line.requests()[3].body.as_ref().unwrap().chars().count(), 4_000);
}
