//! The stream that tells a page what has changed.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::{pin::Pin, time::Duration};

use futures::{Stream, StreamExt};
use lupinus_emulator::{Emulator, Fault};
use serde_json::{Value, json};

type Lines = Pin<Box<dyn Stream<Item = Value> + Send>>;

async fn listen(line: &Emulator, chat: &str) -> Lines {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("{}/_emulator/live?chat={chat}", line.url())).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let lines = answer.bytes_stream().filter_map(async |chunk| {
        let text = String::from_utf8(chunk.ok()?.to_vec()).ok()?;
        serde_json::from_str(text.strip_prefix("data:")?.trim()).ok()
    });
    Box::pin(lines)
}

/// The parts whose version differs from `before` in the next message.
async fn changed(lines: &mut Lines, before: &mut Value) -> Vec<String> {
    let next = tokio::time::timeout(Duration::from_secs(5), lines.next()).await.unwrap().unwrap();
    let parts = next.as_object().unwrap().iter().filter(|(part, version)| before[*part] != **version);
    let parts = parts.map(|(part, _)| part.clone()).collect();
    *before = next;
    parts
}

#[tokio::test]
async fn a_listener_is_told_which_part_has_changed() {
    let line = Emulator::start().await.unwrap();
    let user = line.create_user("山田");
    let mut lines = listen(&line, &user).await;
    let mut versions = json!({});
    assert_eq!(changed(&mut lines, &mut versions).await.len(), 6);
    line.fault(Fault::new("GET", "/v2/bot/info").status(500));
    assert_eq!(changed(&mut lines, &mut versions).await, ["platform"]);
    let _ = reqwest::get(format!("{}/v2/bot/info", line.url())).await.unwrap();
    assert_eq!(changed(&mut lines, &mut versions).await, ["requests", "platform"]);
    let said = line.say(&user, "相談").await.unwrap();
    assert_eq!(changed(&mut lines, &mut versions).await, ["people", "chat", "webhooks"]);
    line.unsend(&user, &said).await.unwrap();
    assert_eq!(changed(&mut lines, &mut versions).await, ["people", "chat", "webhooks"]);
    let other = line.create_user("佐藤");
    assert_eq!(changed(&mut lines, &mut versions).await, ["people"]);
    line.say(&other, "別の人").await.unwrap();
    assert_eq!(changed(&mut lines, &mut versions).await, ["people", "webhooks"]);
}

#[tokio::test]
async fn a_stream_ends_with_the_emulator() {
    let line = Emulator::start().await.unwrap();
    let mut lines = listen(&line, "").await;
    assert!(lines.next().await.is_some());
    drop(line);
    let rest = tokio::time::timeout(Duration::from_secs(5), lines.next()).await;
    assert!(rest.unwrap().is_none());
}
