//! Logs hold no words, names, addresses or tokens of anybody.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use lupinus_emulator::Fault;
use support::Town;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_whole_conversation_leaves_nothing_of_it_in_the_logs() {
    // R8, R25
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        // A fraction of a second may hold any four digits.
        .without_time()
        .finish();
    // The emulator speaks on its own thread of control in this process; its lines name themselves and are left out below.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let town = Town::new().await;
    let user = town.submitter("山本花子").await;
    town.say(&user, "相談").await;
    town.say(&user, "電話は090-8765-4321、訪問入浴のことです").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "ひみつの題名").await;
    town.say(&user, "ひみつの本文").await;
    town.line.fault(
        Fault::new("POST", "/v2/bot/message/reply")
            .response(400, serde_json::json!({ "message": "ひみつのエラー", "details": [] })),
    );
    town.tap(&user, "draft/preview").await;
    town.line.fault(Fault::new("POST", "/v2/bot/message/reply").status(500));
    town.say(&user, "マイページ").await;
    let broken = serde_json::json!({ "type": "message", "timestamp": 1, "message": { "id": 5, "text": "ひみつの破片" },
        "source": { "type": "user", "userId": user } });
    let _ = town.line.send_events(vec![broken]).await;
    town.bot.sweep().await.unwrap();

    let bytes = kept.0.lock().unwrap().clone();
    let logs = String::from_utf8(bytes).unwrap();
    let ours: Vec<&str> =
        logs.lines().filter(|line| line.contains("lupinus_bot") || line.contains("lupinus_core")).collect();
    assert!(ours.len() > 20, "the premise: there are logs");
    let tokens: Vec<String> = town
        .line
        .webhooks()
        .iter()
        .flat_map(|hook| {
            let body: serde_json::Value = serde_json::from_str(&hook.body).unwrap();
            let events = body["events"].as_array().cloned().unwrap_or_default();
            events
                .into_iter()
                .filter_map(|event| event["replyToken"].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(tokens.len() > 5);
    let mut secrets = vec![
        user.as_str(),
        "山本",
        "090-8765",
        "8765-4321",
        "訪問入浴",
        "ひみつ",
        town.line.channel_secret(),
        town.line.channel_access_token(),
    ];
    secrets.extend(tokens.iter().map(String::as_str));
    for line in ours {
        for secret in &secrets {
            assert!(!line.contains(secret), "{line}");
        }
    }
}
