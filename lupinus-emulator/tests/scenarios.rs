//! Scripted people and what they are answered.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Command, Stdio},
};

use axum::{Router, body::Bytes, routing::post};
use lupinus_emulator::{Emulator, Scenario, ScenarioReport};
use serde_json::{Value, json};
use tokio::sync::watch;

/// A bot that greets, asks and takes down, as soon as it knows where the platform is.
async fn counter() -> (SocketAddr, watch::Sender<Option<(String, String)>>) {
    let (tell, line) = watch::channel(None);
    let take = async move |body: Bytes| {
        let mut line = line.clone();
        tokio::spawn(async move {
            let (url, token) = line.wait_for(Option::is_some).await.unwrap().clone().unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            for event in body["events"].as_array().unwrap() {
                let Some(reply_token) = event["replyToken"].as_str() else { continue };
                let messages = answer(event);
                let reply = json!({"replyToken": reply_token, "messages": messages});
                let http = reqwest::Client::builder().no_proxy().build().unwrap();
                let sent = http.post(format!("{url}/v2/bot/message/reply")).bearer_auth(&token).json(&reply);
                assert_eq!(sent.send().await.unwrap().status(), 200);
            }
        });
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/webhook", post(take));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, tell)
}

fn answer(event: &Value) -> Value {
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    match (event["type"].as_str().unwrap(), event["postback"]["data"].as_str()) {
        ("follow", _) => {
            let tap = json!({"type": "postback", "label": "相談する", "data": "consult", "displayText": "相談する"});
            let day = json!({"type": "datetimepicker", "label": "日を選ぶ", "data": "day", "mode": "date"});
            let template = json!({"type": "buttons", "text": "なにをしますか", "actions": [tap, day]});
            json!([{"type": "text", "text": "ようこそ。まず一覧です"},
                   {"type": "template", "altText": "ようこそ", "template": template,
                    "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "使い方", "text": "使い方を教えて"}}]}}])
        }
        ("postback", Some("consult")) => text("ご相談の内容をお書きください"),
        ("postback", _) => text(&format!("{} ですね", event["postback"]["params"]["date"].as_str().unwrap())),
        ("message", _) => text(&format!("受け付けました: {}", event["message"]["text"].as_str().unwrap())),
        _ => text("はじめまして"),
    }
}

async fn with_counter() -> Emulator {
    let (address, tell) = counter().await;
    let line = Emulator::builder().webhook_url(format!("http://{address}/webhook")).start().await.unwrap();
    tell.send_replace(Some((line.url().to_owned(), line.channel_access_token().to_owned())));
    line
}

async fn play(line: &Emulator, steps: Value) -> ScenarioReport {
    let people = json!([{"as": "nurse", "userId": "U00112233445566778899aabbccddeeff"}]);
    let scenario = json!({"format": 1, "people": people, "steps": steps});
    line.play(&Scenario::from_json(scenario.to_string().as_bytes()).unwrap()).await
}

/// The example of the README that shows most.
fn example() -> String {
    let readme = include_str!("../README.md");
    let (_, scripted) = readme.split_once("## Scripted people").unwrap();
    scripted.split("```json\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

#[tokio::test]
async fn the_example_of_the_readme_is_played_in_a_moment_and_a_month_passes() {
    let line = with_counter().await;
    let before = line.now();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let played =
        http.post(format!("{}/_emulator/scenario", line.url())).body(example()).send().await.unwrap();
    let report: Value = played.json().await.unwrap();
    assert_eq!((&report["ok"], &report["left"]), (&json!(true), &json!(0)), "{report}");
    assert_eq!(report["steps"].as_array().unwrap().len(), 9);
    assert!(report["steps"][0]["webhookEventId"].is_string());
    // The first message said welcome, too, but had nothing to tap.
    assert_eq!(report["steps"][1]["answers"].as_array().unwrap().len(), 2);
    let days = (line.now().as_second() - before.as_second()) / 86_400;
    assert_eq!(days, 31);
}

#[tokio::test]
async fn people_tap_what_they_see_by_its_label() {
    let line = with_counter().await;
    let report = play(
        &line,
        json!([
            {"do": "follow", "who": "nurse"},
            {"do": "expect", "who": "nurse", "type": "template"},
            {"do": "tap", "who": "nurse", "label": "使い方"},
            {"do": "expect", "who": "nurse", "text": "受け付けました: 使い方を教えて"},
            {"do": "tap", "who": "nurse", "label": "日を選ぶ", "value": "2026-09-03"},
            {"do": "expect", "who": "nurse", "text": "2026-09-03 ですね"},
            {"do": "send", "who": "nurse", "message": {"type": "sticker"}},
            {"do": "unsend", "who": "nurse"},
            {"do": "block", "who": "nurse"},
            {"do": "expect", "who": "nurse", "nothing": true, "text": "ようこそ", "within": "50ms"},
        ]),
    )
    .await;
    assert!(report.ok, "{report:?}");
}

#[tokio::test]
async fn a_text_of_a_group_is_edited_in_a_scenario_and_none_between_two_is() {
    let line = with_counter().await;
    let scenario = |steps: Value| {
        let scenario = json!({"format": 1, "people": [{"as": "nurse"}],
            "groups": [{"as": "team", "members": ["nurse"]}], "steps": steps});
        Scenario::from_json(scenario.to_string().as_bytes()).unwrap()
    };
    let steps = json!([{"do": "invite", "group": "team"},
        {"do": "say", "who": "nurse", "group": "team", "text": "明日"},
        {"do": "edit", "who": "nurse", "group": "team", "text": "明後日"}]);
    let report = line.play(&scenario(steps)).await;
    assert!(report.ok, "{report:?}");
    let sent: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    let event = &sent["events"][0];
    assert_eq!((&event["type"], &event["message"]["text"]), (&json!("messageEdited"), &json!("明後日")));
    let steps =
        json!([{"do": "say", "who": "nurse", "text": "明日"}, {"do": "edit", "who": "nurse", "text": "x"}]);
    let report = line.play(&scenario(steps)).await;
    assert!(!report.ok && format!("{report:?}").contains("in groups only"), "{report:?}");
}

#[tokio::test]
async fn a_report_names_what_did_not_come_and_what_came_instead() {
    let line = with_counter().await;
    let steps = json!([
        {"do": "follow", "who": "nurse"},
        {"do": "expect", "who": "nurse", "type": "template"},
        {"do": "say", "who": "nurse", "text": "こんにちは"},
        {"do": "expect", "who": "nurse", "text": "さようなら", "within": "300ms"},
        {"do": "wait", "after": "1h"},
    ]);
    let report = play(&line, steps).await;
    assert!(!report.ok);
    assert_eq!((report.steps.len(), report.left), (4, 1));
    let last = report.steps.last().unwrap();
    assert_eq!(last.problem.as_deref(), Some("no message that fits came within 300ms"));
    assert_eq!(last.answers, [json!({"type": "text", "text": "受け付けました: こんにちは"})]);
    for (steps, problem) in [
        (json!([{"do": "tap", "who": "nurse", "label": "ない"}]), "nothing to tap with the label ない"),
        // Quick replies are gone when something newer has come.
        (json!([{"do": "tap", "who": "nurse", "label": "使い方"}]), "nothing to tap with the label 使い方"),
        (
            json!([{"do": "expect", "who": "nurse", "nothing": true, "within": "50ms"}, {"do": "unsend", "who": "nurse"}, {"do": "unsend", "who": "nurse"}]),
            "a message to take back is unknown",
        ),
        (
            json!([{"do": "block", "who": "nurse"}, {"do": "say", "who": "nurse", "text": "x"}]),
            "let them follow it first",
        ),
    ] {
        let report = play(&line, steps).await;
        let said = report.steps.last().unwrap().problem.clone().unwrap_or_default();
        assert!(said.contains(problem), "{said}");
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let bad = http
        .post(format!("{}/_emulator/scenario", line.url()))
        .body("{\"format\":1,\"steps\":[{}]}")
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 400);
    assert!(bad.text().await.unwrap().contains("step 0: missing field `do`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_plays_a_file_and_ends_as_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.json");
    std::fs::write(&good, example()).unwrap();
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, example().replace("受け付けました", "断りました").replace("\"3s\"", "\"1s\""))
        .unwrap();
    for (file, code) in [(&good, 0), (&bad, 1)] {
        let (address, tell) = counter().await;
        let mut program = Command::new(env!("CARGO_BIN_EXE_lupinus-emulator"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--channel-secret",
                "S",
                "--channel-access-token",
                "T",
                "--exit-when-played",
            ])
            .args(["--webhook-url", &format!("http://{address}/webhook"), "--scenario"])
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
        let url = lines.next().unwrap().rsplit(' ').next().unwrap().to_owned();
        tell.send_replace(Some((url, "T".to_owned())));
        let report = tokio::task::spawn_blocking(move || lines.next().unwrap()).await.unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["ok"], code == 0, "{report}");
        assert_eq!(program.wait().unwrap().code(), Some(code));
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_lupinus-emulator"))
        .args(["--scenario", "/nowhere.json"])
        .output()
        .unwrap();
    assert!(!missing.status.success());
    assert!(String::from_utf8(missing.stderr).unwrap().contains("cannot read /nowhere.json"));
}
