//! The control calls, as any language makes them.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::{Duration, Instant};

use lupinus_emulator::Emulator;
use serde_json::{Value, json};
use support::Bot;

struct Control {
    http: reqwest::Client,
    url: String,
}

impl Control {
    fn of(line: &Emulator) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, url: format!("{}/_emulator", line.url()) }
    }

    /// Without any content type, as `curl -d` without a header would not even be JSON.
    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer =
            self.http.request(method, format!("{}{path}", self.url)).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// What the account learns of a person.
    async fn profile(&self, line: &Emulator, user: &str) -> Value {
        let url = format!("{}/v2/bot/profile/{user}", line.url());
        let answer = self.http.get(url).bearer_auth(line.channel_access_token()).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn user(&self) -> String {
        let (status, body) = self.call("POST", "/users", json!({"displayName": "山田"})).await;
        assert_eq!(status, 200);
        body["userId"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_person_follows_speaks_taps_and_takes_back() {
    let (bot, address) = Bot::start().await;
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let url = json!({"url": format!("http://{address}/webhook")});
    assert_eq!(control.call("PUT", "/webhook-url", url).await.0, 200);
    let user = control.user().await;
    let path = |rest: &str| format!("/users/{user}{rest}");
    control.call("POST", &path("/follow"), Value::Null).await;
    let said = control.call("POST", &path("/messages"), json!({"type": "text", "text": "相談"})).await.1;
    let message_id = said["messageId"].as_str().unwrap();
    assert_eq!(bot.last().event(0)["message"]["id"], message_id);
    let tap = json!({"data": "a=1", "params": {"date": "2026-09-01"}, "displayText": "えらぶ"});
    control.call("POST", &path("/postbacks"), tap).await;
    assert_eq!(bot.last().event(0)["postback"], json!({"data": "a=1", "params": {"date": "2026-09-01"}}));
    control.call("POST", &path("/unsend"), json!({"messageId": message_id})).await;
    assert_eq!(bot.last().event(0)["unsend"]["messageId"], message_id);
    let chat = control.call("GET", &path("/messages"), Value::Null).await.1["messages"].clone();
    assert_eq!(
        (&chat[0]["message"]["type"], &chat[1]["message"]["text"]),
        (&json!("unsent"), &json!("えらぶ"))
    );
    let image = json!({"type": "image", "content": "aGFsbG8=", "contentType": "image/png"});
    assert_eq!(control.call("POST", &path("/messages"), image).await.0, 200);
    assert_eq!(bot.last().event(0)["message"]["contentProvider"], json!({"type": "line"}));
    control.call("POST", &path("/unfollow"), Value::Null).await;
    assert_eq!(bot.last().event(0)["type"], "unfollow");
}

#[tokio::test]
async fn of_many_people_those_of_the_newest_chats_are_listed_and_whoever_is_asked_for() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let people: Vec<String> =
        ["医師", "看護師", "薬剤師", "看護師長"].iter().map(|name| line.create_user(name)).collect();
    for person in [&people[2], &people[0]] {
        line.follow(person).await.unwrap();
        line.advance(Duration::from_secs(1));
        line.say(person, "はい").await.unwrap();
    }
    for (query, expected) in [
        ("", vec!["医師", "看護師", "薬剤師", "看護師長"]),
        ("?limit=1", vec!["医師"]),
        ("?limit=2", vec!["医師", "薬剤師"]),
        ("?limit=3", vec!["医師", "薬剤師", "看護師長"]),
        ("?limit=0", vec![]),
        ("?name=看護", vec!["看護師", "看護師長"]),
        (&format!("?limit=1&name=看護&with={},{},U0", people[2], people[3]), vec!["薬剤師", "看護師長"]),
    ] {
        let (status, body) = control.call("GET", &format!("/users{query}"), Value::Null).await;
        let names: Vec<&str> = body["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["displayName"].as_str().unwrap())
            .collect();
        assert_eq!((status, names, &body["total"]), (200, expected, &json!(4)), "{query}");
    }
    assert_eq!(control.call("GET", "/users?limit=many", Value::Null).await.0, 400);
}

#[tokio::test]
async fn mistakes_in_control_calls_are_named() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let user = control.user().await;
    for (method, path, body, status) in [
        ("POST", "/users".to_owned(), json!({}), 400),
        ("POST", "/users/U0/follow".to_owned(), Value::Null, 404),
        ("POST", format!("/users/{user}/messages"), json!({"type": "text"}), 400),
        ("POST", format!("/users/{user}/messages"), json!({"type": "image", "content": "?"}), 400),
        ("POST", format!("/users/{user}/postbacks"), json!({}), 400),
        ("POST", format!("/users/{user}/unsend"), json!({"messageId": "1"}), 404),
        ("POST", "/faults".to_owned(), json!({"path": "/v2"}), 400),
        ("POST", "/faults".to_owned(), json!({"respond": {"status": 1}}), 400),
        ("POST", "/quota".to_owned(), json!({"type": "some"}), 400),
        ("POST", "/clock".to_owned(), json!({"now": "tomorrow"}), 400),
        ("POST", "/settings".to_owned(), json!({"webhookTimeout": 1}), 400),
        ("POST", "/webhook".to_owned(), json!({"redeliver": "nothing"}), 404),
        ("GET", "/nothing".to_owned(), Value::Null, 404),
    ] {
        let (answered, answer) = control.call(method, &path, body).await;
        assert_eq!(answered, status, "{path}: {answer}");
        assert!(answer["message"].is_string());
    }
}

#[tokio::test]
async fn a_person_is_renamed_and_shows_picture_words_and_language() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let user = control.user().await;
    line.follow(&user).await.unwrap();
    let path = format!("/users/{user}");
    assert_eq!(
        control.profile(&line, &user).await,
        json!({"userId": user, "displayName": "山田", "language": "ja"})
    );
    let change = json!({"displayName": "佐藤 花子", "pictureUrl": "https://pictures.example/hanako.png",
        "statusMessage": "訪問中です", "language": "zh-Hant"});
    assert_eq!(control.call("PUT", &path, change.clone()).await, (200, json!({})));
    let mut expected = change;
    expected["userId"] = json!(user);
    assert_eq!(control.profile(&line, &user).await, expected);
    let (_, shown) = control.call("GET", &path, Value::Null).await;
    for key in ["displayName", "pictureUrl", "statusMessage", "language"] {
        assert_eq!(shown[key], expected[key], "{key}");
    }
    // What is absent stays; null takes away.
    control.call("PUT", &path, json!({"pictureUrl": null, "language": null})).await;
    let rest = json!({"userId": user, "displayName": "佐藤 花子", "statusMessage": "訪問中です"});
    assert_eq!(control.profile(&line, &user).await, rest);
    let new = json!({"displayName": "田中", "statusMessage": "はじめまして", "phone": "+818012345678"});
    let (_, made) = control.call("POST", "/users", new).await;
    let (_, shown) =
        control.call("GET", &format!("/users/{}", made["userId"].as_str().unwrap()), Value::Null).await;
    assert_eq!((&shown["statusMessage"], &shown["phone"]), (&json!("はじめまして"), &json!("+818012345678")));
}

#[tokio::test]
async fn a_picture_that_is_given_is_served_to_whoever_has_its_address() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let user = control.user().await;
    line.follow(&user).await.unwrap();
    let png = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, b"\x89PNG\r\n\x1a\nrest");
    let (status, body) =
        control.call("PUT", &format!("/users/{user}/picture"), json!({"content": png})).await;
    assert_eq!(status, 200, "{body}");
    let url = control.profile(&line, &user).await["pictureUrl"].as_str().unwrap().to_owned();
    assert_eq!(body, json!({"pictureUrl": url}));
    // A page of another origin shows it, too.
    let answer = control.http.get(&url).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "image/png")
    );
    assert_eq!(answer.bytes().await.unwrap(), &b"\x89PNG\r\n\x1a\nrest"[..]);
    // It is no message, and what people sent is no picture of a profile.
    let id = url.rsplit('/').next().unwrap();
    let content = format!("{}/v2/bot/message/{id}/content", line.url());
    let answer = control.http.get(content).bearer_auth(line.channel_access_token()).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let sent = control
        .call("POST", &format!("/users/{user}/messages"), json!({"type": "image", "content": png}))
        .await
        .1;
    let other = url.replace(id, sent["messageId"].as_str().unwrap());
    assert_eq!(control.http.get(other).send().await.unwrap().status(), 404);
    let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, b"<svg/>");
    let (status, body) =
        control.call("PUT", &format!("/users/{user}/picture"), json!({"content": text})).await;
    assert_eq!((status, body), (400, json!({"message": "content must be a PNG or a JPEG"})));
}

#[tokio::test]
async fn what_a_person_cannot_be_is_refused_by_the_name_of_the_field_and_changes_nothing() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let user = control.user().await;
    let path = format!("/users/{user}");
    let (_, before) = control.call("GET", &path, Value::Null).await;
    for (field, wrong) in [
        ("phone", json!("080-1234-5678")),
        ("phone", json!("+0312345678")),
        ("phone", json!(818_012_345_678_i64)),
        ("attributes.gender", json!("woman")),
        ("attributes.age", json!("age_41")),
        ("attributes.area", json!("jp_48")),
        ("attributes.appType", json!("windows")),
        ("attributes.shoe", json!("42")),
        ("displayName", json!("")),
        ("displayName", json!(null)),
        ("pictureUrl", json!("javascript:alert(1)")),
        ("statusMessage", json!("あ".repeat(501))),
        ("language", json!("Japanese")),
        ("consents", json!("yes")),
        ("deleted", json!(0)),
        ("nickname", json!("花")),
    ] {
        let change = match field.split_once('.') {
            Some((outer, inner)) => json!({"displayName": "別の名前", outer: {inner: wrong}}),
            None => json!({"statusMessage": "別", field: wrong}),
        };
        let (status, body) = control.call("PUT", &path, change.clone()).await;
        assert_eq!(status, 400, "{change}");
        assert!(body["message"].as_str().unwrap().starts_with(&format!("{field} ")), "{change}: {body}");
        assert_eq!(control.call("GET", &path, Value::Null).await.1, before, "{change}");
    }
    assert_eq!(control.call("POST", "/users", json!({"displayName": "田中", "phone": "110"})).await.0, 400);
    assert_eq!(control.call("POST", "/users", json!({"displayName": "田中", "userId": 1})).await.0, 400);
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_right_ones() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    for (method, path, allowed, words) in [
        ("PATCH", "/users/U0", "GET, PUT", "PATCH is not what this control call takes, but GET or PUT"),
        ("POST", "/webhook-url", "GET, PUT", "POST is not what this control call takes, but GET or PUT"),
        ("GET", "/reset", "POST", "GET is not what this control call takes, but POST"),
    ] {
        let verb = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let answer = control.http.request(verb, format!("{}{path}", control.url)).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], allowed, "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap(), json!({"message": words}));
    }
}

#[tokio::test]
async fn a_call_that_does_not_wait_answers_before_the_bot_does() {
    let (bot, address) = Bot::start().await;
    let line = Emulator::builder().webhook_url(format!("http://{address}/webhook")).start().await.unwrap();
    let control = Control::of(&line);
    let user = control.user().await;
    bot.will_answer(200, Duration::from_millis(600));
    bot.will_answer(200, Duration::from_millis(600));
    let started = Instant::now();
    control.call("POST", &format!("/users/{user}/follow?wait=false"), Value::Null).await;
    assert!(started.elapsed() < Duration::from_millis(400));
    bot.until(1).await;
    control.call("POST", &format!("/users/{user}/messages"), json!({"type": "text", "text": "x"})).await;
    assert!(started.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn quota_clock_faults_and_logs_are_in_reach() {
    let line = Emulator::start().await.unwrap();
    let control = Control::of(&line);
    let (_, quota) =
        control.call("POST", "/quota", json!({"type": "limited", "value": 200, "used": 7})).await;
    assert_eq!(quota, json!({"type": "limited", "value": 200, "used": 7}));
    let (_, clock) =
        control.call("POST", "/clock", json!({"frozen": true, "now": "2026-04-01T09:00:00+09:00"})).await;
    assert_eq!(clock, json!({"now": 1_775_001_600_000_i64, "frozen": true}));
    let (_, clock) = control.call("POST", "/clock", json!({"advanceMs": 1_500})).await;
    assert_eq!(clock["now"], 1_775_001_601_500_i64);
    let fault = json!({"method": "GET", "path": "/v2/bot/info", "times": 3, "respond": {"status": 503}});
    assert_eq!(control.call("POST", "/faults", fault).await.1["faults"][0]["times"], 3);
    let info = format!("{}/v2/bot/info", line.url());
    for _ in 0..2 {
        assert_eq!(control.http.get(&info).send().await.unwrap().status(), 503);
    }
    assert_eq!(control.call("DELETE", "/faults", Value::Null).await.1, json!({"faults": []}));
    assert_eq!(control.http.get(&info).send().await.unwrap().status(), 401);
    let (_, log) = control.call("GET", "/requests", Value::Null).await;
    let first = &log["requests"][0];
    assert_eq!(
        (&first["status"], &first["fault"], &first["at"]),
        (&json!(503), &json!("respond 503"), &clock["now"])
    );
    let (_, rest) = control.call("GET", &format!("/requests?since={}", first["seq"]), Value::Null).await;
    assert_eq!(rest["requests"].as_array().unwrap().len(), 2);
    assert_eq!(
        rest["requests"][1]["wrong"].as_str().unwrap().split('.').next(),
        Some("Authentication failed")
    );
    assert_eq!(control.call("POST", "/reset", Value::Null).await.0, 200);
    assert_eq!(control.call("GET", "/requests", Value::Null).await.1, json!({"requests": []}));
}

#[tokio::test]
async fn the_page_loads_nothing_from_outside() {
    let line = Emulator::start().await.unwrap();
    let page = reqwest::get(line.url()).await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
    let html = page.text().await.unwrap();
    for part in html.split('"').filter(|part| part.starts_with("/_page/")) {
        let answer = reqwest::get(format!("{}{part}", line.url())).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    assert_eq!(html.matches("/_page/").count(), 5);
    assert!(!html.contains("http://") && !html.contains("https://"));
}
