//! What a long run leaves behind: nothing that has run out.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::{Emulator, Settings};
use serde_json::{Value, json};
use support::{Api, with_friend};

/// How many of something the state holds.
fn held(line: &Emulator, pointer: &str) -> usize {
    let document = line.export();
    let value = document["state"].pointer(pointer).unwrap();
    value.as_object().map_or_else(|| value.as_array().unwrap().len(), serde_json::Map::len)
}

#[tokio::test]
async fn codes_and_tokens_that_have_run_out_take_no_room() {
    let (line, api, user) = with_friend().await;
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let authorize = format!("{}/oauth2/v2.1/authorize", line.url());
    let login = [
        ("response_type", "code"),
        ("client_id", line.login_channel_id()),
        ("redirect_uri", "http://127.0.0.1:9/"),
        ("state", "s"),
        ("scope", "openid"),
        ("user_id", &user),
        ("answer", "allow"),
    ];
    let browser =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let link = format!("/v2/bot/user/{user}/linkToken");
    let retried = json!({"messages": [{"type": "audio", "originalContentUrl": "https://cdn.example.org/a.m4a", "duration": 1}]});
    for number in 0..1_500_u32 {
        if number % 300 == 0 {
            line.advance(Duration::from_hours(25));
        }
        assert_eq!(api.send(api.request("POST", &link)).await.status, 200);
        assert_eq!(browser.post(&authorize).form(&login).send().await.unwrap().status(), 302);
        let key = format!("5f0c8c1e-9d7b-4f43-9a55-{number:012x}");
        assert_eq!(api.post_with_key("/v2/bot/message/broadcast", retried.clone(), &key).await.status, 200);
    }
    for pointer in ["/login/linkTokens", "/login/codes", "/retryKeys"] {
        assert!((300..=1_000).contains(&held(&line, pointer)), "{pointer}: {}", held(&line, pointer));
    }
}

#[tokio::test]
async fn what_is_under_way_is_forgotten_when_its_progress_can_no_longer_be_asked_for() {
    let line = Emulator::builder()
        .settings(Settings { background_ms: 1_000, ..Settings::default() })
        .start()
        .await
        .unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let (api, user) = (Api::of(&line), line.create_user("佐藤"));
    line.follow(&user).await.unwrap();
    let menu = support::make_menu(&api).await;
    let batch = json!({"operations": [{"type": "unlink", "from": menu}]});
    let narrowcast = json!({"messages": [{"type": "text", "text": "x"}]});
    for _ in 0..3 {
        assert_eq!(api.post("/v2/bot/message/narrowcast", narrowcast.clone()).await.status, 202);
        assert_eq!(api.post("/v2/bot/richmenu/batch", batch.clone()).await.status, 202);
        line.advance(Duration::from_hours(14 * 24));
    }
    assert_eq!((held(&line, "/narrowcasts"), held(&line, "/richMenus/batches")), (1, 1));
    assert_eq!(line.messages(&user).len(), 3);
}

#[tokio::test]
async fn of_refused_requests_the_newest_thousand_keep_their_json() {
    let (line, api, user) = with_friend().await;
    for number in 0..1_002 {
        assert_eq!(
            api.post("/v2/bot/message/push", json!({"to": user, "messages": [number]})).await.status,
            400
        );
    }
    let bodies: Vec<Option<Value>> = line
        .requests()
        .into_iter()
        .map(|entry| entry.body.map(|body| serde_json::from_str(&body).unwrap()))
        .collect();
    assert_eq!((bodies.len(), &bodies[1]), (1_002, &None));
    assert_eq!(bodies[2].as_ref().unwrap()["messages"], json!([2]));
}
