//! What every call goes through, and the calls beside sending.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::{Duration, Instant};

use lupinus_emulator::{Emulator, Fault, Settings};
use serde_json::{Value, json};
use support::{Api, with_friend};

const PUSH: &str = "/v2/bot/message/push";

fn body(to: &str) -> Value {
    json!({"to": to, "messages": [{"type": "text", "text": "x"}]})
}

#[tokio::test]
async fn without_the_right_token_nothing_happens() {
    let (line, api, friend) = with_friend().await;
    for request in [
        api.http.post(format!("{}{PUSH}", line.url())).json(&body(&friend)),
        api.http.post(format!("{}{PUSH}", line.url())).bearer_auth("wrong").json(&body(&friend)),
    ] {
        let answer = api.send(request).await;
        assert_eq!(answer.status, 401);
        assert!(!answer.request_id().is_empty());
    }
    assert!(line.messages(&friend).is_empty());
}

#[tokio::test]
async fn unknown_paths_wrong_types_and_large_bodies_are_told_apart() {
    let (_line, api, friend) = with_friend().await;
    for path in ["/v2/bot/nothing", "/v2/bot/info/", "//v2/bot/info"] {
        let answer = api.get(path).await;
        assert_eq!((answer.status, answer.message()), (404, "Not found"), "{path}");
        assert!(!answer.request_id().is_empty());
    }
    let plain = api.request("POST", PUSH).header("content-type", "text/plain").body("{}");
    assert_eq!(api.send(plain).await.status, 415);
    let slash = api.post("/v2/bot/message/push/", json!({})).await;
    assert_eq!((slash.status, slash.message()), (404, "Not found"), "LINE knows no trailing slash");
    let large = api.request("POST", PUSH).header("content-type", "application/json");
    assert_eq!(api.send(large.body(vec![b' '; 2 * 1024 * 1024 + 1])).await.status, 413);
    let broken = api.request("POST", PUSH).header("content-type", "application/json").body("{\"to\":\n}");
    let broken = api.send(broken).await;
    assert_eq!(broken.message(), "The request body could not be parsed as JSON (line: 2, column: 1)");
    assert_eq!(api.push(&friend, "x").await.status, 200);
}

#[tokio::test]
async fn a_path_that_is_no_text_is_answered_in_the_form_of_the_call() {
    let (line, api, friend) = with_friend().await;
    let profile = api.get("/v2/bot/profile/%ff").await;
    assert_eq!((profile.status, profile.message()), (400, "The value for the 'userId' parameter is invalid"));
    assert!(!profile.request_id().is_empty());
    for path in ["/v2/bot/message/%E3%81/content?x=%ff", "/v2/bot/%ff", "/%ff"] {
        let answer = api.get(path).await;
        assert_eq!((answer.status, answer.message().to_lowercase().as_str()), (404, "not found"), "{path}");
    }
    let control = api.get(&format!("/_emulator/users/{friend}%ff%2B/messages")).await;
    assert_eq!((control.status, control.message().is_empty()), (404, false));
    assert_eq!(
        api.get(&format!("/v2/bot/profile/%55{}", &friend[1..])).await.status,
        200,
        "text, as good as any"
    );
    assert_eq!(line.requests()[1].path, "/v2/bot/message/%EF%BF%BD/content?x=%ff");
}

#[tokio::test]
async fn a_fault_answers_as_often_as_it_says() {
    let (line, api, friend) = with_friend().await;
    line.fault(Fault::new("POST", PUSH).status(500).times(2));
    assert_eq!([api.push(&friend, "x").await.status, api.push(&friend, "x").await.status], [500, 500]);
    assert_eq!(api.push(&friend, "x").await.status, 200);
    assert_eq!(line.messages(&friend).len(), 1);
    let log = line.requests();
    assert_eq!(log[0].fault.as_deref(), Some("respond 500"));
    assert_eq!((log[0].status, log[2].status), (Some(500), Some(200)));
}

#[tokio::test]
async fn a_fault_that_cuts_before_accepts_nothing() {
    let (line, api, friend) = with_friend().await;
    line.fault(Fault::new("POST", PUSH).drop_before());
    let error = api.request("POST", PUSH).json(&body(&friend)).send().await.unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert!(line.messages(&friend).is_empty());
    assert_eq!(line.requests()[0].status, None);
    assert_eq!(api.push(&friend, "x").await.status, 200);
}

#[tokio::test]
async fn a_fault_that_cuts_after_accepts_and_loses_the_answer() {
    let (line, api, friend) = with_friend().await;
    line.fault(Fault::new("POST", PUSH).drop_after());
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b65";
    let request = api.request("POST", PUSH).header("x-line-retry-key", key).json(&body(&friend));
    assert!(request.send().await.unwrap_err().is_request());
    assert_eq!(line.messages(&friend).len(), 1);
    let again = api.post_with_key(PUSH, body(&friend), key).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.headers["x-line-accepted-request-id"], line.requests()[0].request_id.as_str());
    assert_eq!(line.messages(&friend).len(), 1);
}

#[tokio::test]
async fn a_delayed_request_is_carried_out_even_if_the_caller_went_away() {
    let (line, api, friend) = with_friend().await;
    line.fault(Fault::new("POST", PUSH).delay(Duration::from_secs(1)));
    let started = Instant::now();
    let caller = tokio::spawn(api.request("POST", PUSH).json(&body(&friend)).send());
    while api.get("/_emulator/faults").await.body["faults"] != json!([]) {
        assert!(started.elapsed() < Duration::from_secs(5), "the request arrives");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    assert!(line.messages(&friend).is_empty());
    while line.messages(&friend).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(5), "the request is carried out in the end");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn rate_limits_are_buckets_that_fill_with_the_clock() {
    let settings = Settings { rate_limits: true, ..Settings::default() };
    let line = Emulator::builder().settings(settings).start().await.unwrap();
    line.freeze("2026-04-01T00:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    let broadcast = json!({"messages": [{"type": "text", "text": "x"}]});
    for _ in 0..60 {
        assert_eq!(api.post("/v2/bot/message/broadcast", broadcast.clone()).await.status, 200);
    }
    let over = api.post("/v2/bot/message/broadcast", broadcast.clone()).await;
    assert_eq!(
        (over.status, over.message()),
        (429, "The API rate limit has been exceeded. Try again later.")
    );
    line.advance(Duration::from_mins(1));
    assert_eq!(api.post("/v2/bot/message/broadcast", broadcast).await.status, 200);
}

#[tokio::test]
async fn content_can_be_fetched_until_it_is_unsent() {
    let (line, api, friend) = with_friend().await;
    let id = line.send_image(&friend, b"picture", "image/png").await.unwrap();
    let path = format!("/v2/bot/message/{id}/content");
    let answer = api.request("GET", &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.bytes().await.unwrap().as_ref(), b"picture");
    assert_eq!(api.get(&format!("{path}/transcoding")).await.status, 400);
    line.unsend(&friend, &id).await.unwrap();
    let gone = api.get(&path).await;
    assert_eq!((gone.status, gone.message()), (410, "The content is gone"));
    assert_eq!(api.get("/v2/bot/message/1/content").await.status, 404);
}

#[tokio::test]
async fn a_video_is_prepared_first() {
    let settings = Settings { transcoding_ms: 5_000, ..Settings::default() };
    let line = Emulator::builder().settings(settings).start().await.unwrap();
    line.freeze("2026-04-01T00:00:00Z".parse().unwrap());
    let (api, user) = (Api::of(&line), line.create_user("山田"));
    let id = line.send_message(&user, json!({"type": "video", "content": "AAAA"})).await.unwrap();
    let path = format!("/v2/bot/message/{id}/content");
    assert_eq!(api.get(&path).await.status, 202);
    assert_eq!(api.get(&format!("{path}/transcoding")).await.body["status"], "processing");
    line.advance(Duration::from_secs(5));
    assert_eq!(api.get(&path).await.status, 200);
    assert_eq!(api.get(&format!("{path}/transcoding")).await.body["status"], "succeeded");
}

#[tokio::test]
async fn followers_are_listed_page_by_page() {
    let (line, api, _) = with_friend().await;
    for number in 0..6 {
        let user = line.create_user(&number.to_string());
        line.follow(&user).await.unwrap();
    }
    let first = api.get("/v2/bot/followers/ids?limit=4").await.body;
    let next = first["next"].as_str().unwrap();
    let second = api.get(&format!("/v2/bot/followers/ids?limit=4&start={next}")).await.body;
    assert_eq!(first["userIds"].as_array().unwrap().len(), 4);
    assert_eq!(second["userIds"].as_array().unwrap().len(), 3);
    assert!(second.get("next").is_none());
    assert_eq!(api.get("/v2/bot/followers/ids?start=x").await.message(), "Invalid start param");
    line.set_settings(Settings { verified: false, ..line.settings() });
    assert_eq!(api.get("/v2/bot/followers/ids").await.status, 403);
}

#[tokio::test]
async fn the_clock_stamps_chats_and_a_reset_forgets_everything() {
    let (line, api, friend) = with_friend().await;
    let then = "2026-09-01T00:00:00Z".parse().unwrap();
    line.freeze(then);
    api.push(&friend, "x").await;
    assert_eq!(line.messages(&friend)[0].at, then);
    line.reset();
    assert!(line.messages(&friend).is_empty() && line.requests().is_empty());
    assert_eq!(api.push(&friend, "x").await.status, 400);
    assert!(line.now() != then);
}

#[tokio::test]
async fn it_ends_when_it_is_dropped() {
    let (line, api, _) = with_friend().await;
    assert_eq!(api.get("/v2/bot/info").await.body["chatMode"], "bot");
    let url = line.url().to_owned();
    drop(line);
    for _ in 0..100 {
        if api.http.get(format!("{url}/v2/bot/info")).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still answers");
}
