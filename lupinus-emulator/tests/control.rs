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
