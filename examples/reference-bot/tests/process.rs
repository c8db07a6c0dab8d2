//! The program itself, as a city runs it: settings from the environment and from files, one half or both, an orderly stop.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use lupinus_emulator::{Author, Emulator};
use lupinus_store_postgres::testkit::Schema;

/// A running program, killed with the test.
struct Running {
    child: Child,
    base: String,
}

impl Running {
    fn started(line: &Emulator, folder: &Path, half: &str) -> Self {
        Self::started_on(line, folder, half, &format!("sled:{}", folder.join("data").display()))
    }

    fn started_on(line: &Emulator, folder: &Path, half: &str, store: &str) -> Self {
        std::fs::write(folder.join("secret"), format!("{}\n", line.channel_secret())).unwrap();
        std::fs::write(folder.join("token"), format!("{}\n", line.channel_access_token())).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_reference-bot"))
            .args(["--serve", half])
            .current_dir(folder)
            .env_remove("LINE_CHANNEL_SECRET")
            .env_remove("LINE_CHANNEL_ACCESS_TOKEN")
            .env("LINE_CHANNEL_SECRET_FILE", folder.join("secret"))
            .env("LINE_CHANNEL_ACCESS_TOKEN_FILE", folder.join("token"))
            .env("LINE_API_BASE", line.url())
            .env("LUPINUS_LISTEN", "127.0.0.1:0")
            .env("LUPINUS_STORE", store)
            .env("LUPINUS_LOG_FORMAT", "json")
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, told) = mpsc::channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let tell = tell.clone();
            // Read to the end, or the program would stop at a full pipe.
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
                    if let Some(listen) = line["fields"]["listen"].as_str() {
                        let _ = tell.send(format!("http://{listen}"));
                    }
                }
            });
        }
        let base = told.recv_timeout(Duration::from_secs(30)).expect("the program does not serve");
        Self { child, base }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.base)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// SIGTERM, and how it ended.
    async fn told_to_stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the program does not stop");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn said_by_the_bot(line: &Emulator, user: &str) -> String {
    for _ in 0..200 {
        let said: Vec<String> = line
            .messages(user)
            .into_iter()
            .filter(|entry| entry.from == Author::Bot)
            .map(|entry| entry.message.to_string())
            .collect();
        if !said.is_empty() {
            return said.join("\n");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the bot says nothing");
}

// R25 R45
#[tokio::test]
async fn secrets_come_from_files_a_new_friend_is_greeted_and_sigterm_ends_it_with_0() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for round in 0..2 {
        let running = Running::started(&line, folder.path(), "all");
        for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/console/sign-in", 200)] {
            assert_eq!(running.get(path).await.0, status, "{path}");
        }
        let figures = running.get("/metrics").await.1;
        assert!(
            figures.contains("lupinus_store_seconds_bucket{operation=\"scan\",le=\"0.001\"}"),
            "{figures}"
        );
        line.set_webhook_url(format!("{}/webhook", running.base));
        let user = line.create_user(&format!("友だち{round}"));
        line.follow(&user).await.unwrap();
        assert!(said_by_the_bot(&line, &user).await.contains("利用ルール"));
        // The folder is free at once, so the next round opens it.
        assert_eq!(running.told_to_stop().await.code(), Some(0));
    }
}

// R49
#[tokio::test]
async fn each_half_serves_its_own_addresses_alone() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    for (half, webhook, console) in [("webhook", true, false), ("console", false, true)] {
        let folder = tempfile::tempdir().unwrap();
        let running = Running::started(&line, folder.path(), half);
        assert_eq!(running.get("/healthz").await.0, 200, "{half}");
        assert_eq!(running.get("/console/sign-in").await.0 == 200, console, "{half}");
        // An address that is there takes a POST alone.
        assert_eq!(running.get("/webhook").await.0 == 405, webhook, "{half}");
        assert_eq!(running.told_to_stop().await.code(), Some(0), "{half}");
    }
}

// R49 R45
#[tokio::test]
async fn both_halves_and_a_second_bot_work_over_one_database_and_each_friend_is_greeted_once() {
    let Some(schema) = Schema::new() else { return };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let start = |half| Running::started_on(&line, folder.path(), half, &schema.address());
    let programs = [start("webhook"), start("webhook"), start("console")];
    for program in &programs {
        assert_eq!(program.get("/readyz").await.0, 200);
    }
    assert_eq!(programs[2].get("/console/sign-in").await.0, 200);
    let mut friends = Vec::new();
    for number in 0..12 {
        // In turn to the one and to the other, as a load balancer does.
        line.set_webhook_url(format!("{}/webhook", programs[number % 2].base));
        let user = line.create_user(&format!("友だち{number}"));
        line.follow(&user).await.unwrap();
        friends.push(user);
    }
    let mut greetings = Vec::new();
    for user in &friends {
        greetings.push(said_by_the_bot(&line, user).await);
    }
    assert!(greetings.iter().all(|greeting| greeting.contains("利用ルール")), "{greetings:?}");
    for program in programs {
        assert_eq!(program.told_to_stop().await.code(), Some(0));
    }
    // Nothing more was said while they finished.
    for (user, greeting) in friends.iter().zip(greetings) {
        assert_eq!(said_by_the_bot(&line, user).await, greeting);
    }
}
