//! The example does what it says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{
    net::TcpListener,
    process::{Child, Command},
    time::Duration,
};

use lupinus_emulator::{Author, Emulator};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn said(line: &Emulator, user: &str) -> Vec<String> {
    line.messages(user)
        .into_iter()
        .filter(|message| message.from == Author::Bot)
        .map(|message| message.message.to_string())
        .collect()
}

async fn until(line: &Emulator, user: &str, words: &str) {
    let heard = async {
        while !said(line, user).iter().any(|message| message.contains(words)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(20), heard).await.is_ok(),
        "{words} was not said, but {:?}",
        said(line, user)
    );
}

#[tokio::test]
async fn somebody_adds_the_account_joins_and_asks() {
    let line = Emulator::start().await.unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_minimal-bot"))
        .env("LINE_CHANNEL_SECRET", line.channel_secret())
        .env("LINE_CHANNEL_ACCESS_TOKEN", line.channel_access_token())
        .env("LINE_API_BASE", line.url())
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("DATA", folder.path())
        .spawn()
        .unwrap();
    let _running = Running(child);
    let up = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), up).await.unwrap();
    line.set_webhook_url(format!("http://127.0.0.1:{port}/webhook"));

    let user = line.create_user("花");
    line.follow(&user).await.unwrap();
    until(&line, &user, "同意して参加する").await;
    line.postback(&user, "rules/accept").await.unwrap();
    until(&line, &user, "職種").await;
    line.say(&user, "相談").await.unwrap();
    until(&line, &user, "ご相談の内容をお書きください").await;
    line.say(&user, "訪問リハビリの空きを知りたい").await.unwrap();
    until(&line, &user, "ご相談を受け付けました").await;
}
