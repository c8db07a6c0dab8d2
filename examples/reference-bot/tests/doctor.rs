//! The doctor, against the emulator.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use lupinus_console::Examiner as _;
use lupinus_emulator::{Emulator, Quota, Settings};
use lupinus_line::client::Retry;
use lupinus_line::{ChannelToken, Client};
use reference_bot::doctor::{AtTheConsole, Level, examine, is_red};

fn client(line: &Emulator, token: &str) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder(ChannelToken::from(token)).all_bases(line.url()).retry(Retry::never()).build().unwrap()
}

/// A platform whose webhook goes to an address that answers 200.
async fn given_line() -> Emulator {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hook = axum::Router::new().route("/webhook", axum::routing::post(|| async { "" }));
    tokio::spawn(async move { axum::serve(listener, hook).await });
    let line = Emulator::start().await.unwrap();
    line.set_webhook_url(format!("http://{address}/webhook"));
    line
}

// R2
#[tokio::test]
async fn an_account_with_lines_own_chat_on_is_red_and_with_the_bot_alone_it_is_green() {
    let line = given_line().await;
    let settings: Settings = serde_json::from_value(serde_json::json!({ "chatMode": "chat" })).unwrap();
    line.set_settings(settings);
    let client = client(&line, line.channel_access_token());
    let findings = examine(&client).await;
    assert!(is_red(&findings));
    let chat = findings.iter().find(|finding| finding.found.contains("chatMode: chat")).unwrap();
    assert_eq!(chat.level, Level::Red);
    assert!(chat.to_do.contains("オフ"), "{chat}");
    line.set_settings(Settings::default());
    let findings = examine(&client).await;
    assert!(!is_red(&findings), "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.level == Level::Green), "{findings:#?}");
}

// R2
#[tokio::test]
async fn the_console_is_told_what_the_doctor_finds_and_that_red_stands_in_the_way() {
    let line = given_line().await;
    let console = |line: &Emulator| AtTheConsole(client(line, line.channel_access_token()));
    let good = console(&line).examine().await;
    assert!(
        !good.is_empty() && good.iter().all(|finding| !finding.bad && finding.to_do.is_empty()),
        "{good:#?}"
    );
    line.set_settings(serde_json::from_value(serde_json::json!({ "chatMode": "chat" })).unwrap());
    let bad: Vec<_> = console(&line).examine().await.into_iter().filter(|finding| finding.bad).collect();
    let [chat] = &bad[..] else { panic!("{bad:#?}") };
    assert!(chat.found.contains("chatMode: chat") && chat.to_do.contains("オフ"), "{chat:?}");
}

#[tokio::test]
async fn what_does_not_work_is_red_and_says_what_to_do() {
    let line = given_line().await;
    let wrong = examine(&client(&line, "another-token")).await;
    assert!(
        is_red(&wrong) && wrong.iter().any(|finding| finding.to_do.contains("LINE_CHANNEL_ACCESS_TOKEN"))
    );
    let client = client(&line, line.channel_access_token());
    line.set_quota(Quota::limited(200, 200));
    let used_up = examine(&client).await;
    assert!(
        used_up.iter().any(|finding| finding.what == "今月の通数" && finding.level == Level::Red),
        "{used_up:#?}"
    );
    line.set_quota(Quota::limited(200, 170));
    let nearly = examine(&client).await;
    assert!(nearly.iter().any(|finding| finding.what == "今月の通数" && finding.level == Level::Yellow));
    line.set_webhook_url("http://127.0.0.1:9/webhook");
    let unreachable = examine(&client).await;
    let test = unreachable.iter().find(|finding| finding.what == "Webhookの試験").unwrap();
    assert_eq!(test.level, Level::Red, "{test}");
}

#[tokio::test]
async fn an_account_without_a_webhook_is_red() {
    let line = Emulator::start().await.unwrap();
    let findings = examine(&client(&line, line.channel_access_token())).await;
    assert!(
        findings.iter().any(|finding| finding.what == "Webhook" && finding.level == Level::Red),
        "{findings:#?}"
    );
}
