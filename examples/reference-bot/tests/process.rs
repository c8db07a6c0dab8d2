//! The program itself, as a city runs it: settings from the environment and from files, one half or both, an orderly stop.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::time::Duration;

use lupinus_core::{
    launch::Launch,
    store::{Store as _, StoreExt as _},
};
use lupinus_emulator::{Author, Emulator, Fault};
use lupinus_store_postgres::testkit::Schema;
use support::Running;

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

// R22
#[tokio::test]
async fn from_elsewhere_the_console_is_shut_and_what_line_and_a_balancer_ask_for_is_not() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = "console_addresses = [\"203.0.113.0/24\"]\nconsole_proxies = 1\n";
    std::fs::write(folder.path().join("lupinus.toml"), settings).unwrap();
    let running = Running::started_on(&line, folder.path(), "all", "memory:");
    let client = reqwest::Client::new();
    for (from, path, status) in [
        ("203.0.113.9", "/console/sign-in", 200),
        ("198.51.100.1", "/console/sign-in", 403),
        ("198.51.100.1", "/console/", 403),
        ("198.51.100.1", "/healthz", 200),
        ("198.51.100.1", "/readyz", 200),
        ("198.51.100.1", "/media/nothing", 404),
    ] {
        let asked = client.get(format!("{}{path}", running.base)).header("x-forwarded-for", from);
        assert_eq!(asked.send().await.unwrap().status(), status, "{from} {path}");
    }
    line.set_webhook_url(format!("{}/webhook", running.base));
    let user = line.create_user("友だち");
    line.follow(&user).await.unwrap();
    assert!(said_by_the_bot(&line, &user).await.contains("利用ルール"));
}

// R45
#[tokio::test]
async fn before_it_goes_readyz_says_no_while_line_and_staff_are_still_answered_and_a_second_sigterm_ends_it()
{
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = Running::started_with(&line, folder.path(), "all", "memory:", "300");
    assert_eq!(running.get("/readyz").await, (200, "ready\n".to_owned()));
    running.terminate();
    let mut answer = running.get("/readyz").await;
    for _ in 0..200 {
        if answer.0 != 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        answer = running.get("/readyz").await;
    }
    assert_eq!(answer, (503, "stopping\n".to_owned()));
    assert_eq!(running.get("/healthz").await.0, 200);
    assert_eq!(running.get("/console/sign-in").await.0, 200);
    line.set_webhook_url(format!("{}/webhook", running.base));
    let user = line.create_user("友だち");
    line.follow(&user).await.unwrap();
    assert!(said_by_the_bot(&line, &user).await.contains("利用ルール"));
    assert_eq!(running.told_to_stop().await.code(), Some(0));
}

// R45
#[tokio::test]
async fn readyz_says_no_while_the_folder_of_the_store_is_away_and_yes_when_it_is_back() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = Running::started(&line, folder.path(), "console");
    let (there, away) = (folder.path().join("data"), folder.path().join("away"));
    assert_eq!(running.get("/readyz").await.0, 200);
    std::fs::rename(&there, &away).unwrap();
    assert_eq!(running.get("/readyz").await, (503, "the store cannot be reached\n".to_owned()));
    assert_eq!(running.get("/healthz").await.0, 200);
    std::fs::rename(&away, &there).unwrap();
    assert_eq!(running.get("/readyz").await.0, 200);
    assert_eq!(running.told_to_stop().await.code(), Some(0));
}

// R45
#[tokio::test]
async fn what_was_received_before_sigterm_is_answered_before_the_end_though_line_is_slow() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = Running::started(&line, folder.path(), "all");
    line.set_webhook_url(format!("{}/webhook", running.base));
    line.fault(Fault { delay_ms: Some(1_500), ..Fault::new("POST", "/v2/bot/message/reply") });
    let user = line.create_user("友だち");
    line.follow(&user).await.unwrap();
    assert_eq!(running.told_to_stop().await.code(), Some(0));
    let said = line.messages(&user).into_iter().filter(|entry| entry.from == Author::Bot);
    let said: Vec<String> = said.map(|entry| entry.message.to_string()).collect();
    assert_eq!(said.iter().filter(|message| message.contains("利用ルール")).count(), 1, "{said:?}");
}

/// R27: the file alone makes a trial where LINE is played, and only of a store without members.
#[tokio::test]
async fn a_store_without_members_begins_in_trial_where_the_file_says_so() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    for (follows, in_trial) in [(false, true), (true, false)] {
        let folder = tempfile::tempdir().unwrap();
        let running = Running::started(&line, folder.path(), "all");
        line.set_webhook_url(format!("{}/webhook", running.base));
        assert_eq!(running.get("/healthz").await.0, 200);
        if follows {
            let user = line.create_user("友だち");
            line.follow(&user).await.unwrap();
            assert!(said_by_the_bot(&line, &user).await.contains("利用ルール"));
        }
        assert_eq!(running.told_to_stop().await.code(), Some(0));
        let data = folder.path().join("data");
        assert!(!is_in_trial(&data).await, "nothing configured");
        std::fs::write(folder.path().join("lupinus.toml"), "trial = true\n").unwrap();
        let running = Running::started(&line, folder.path(), "all");
        assert_eq!(running.get("/healthz").await.0, 200);
        assert_eq!(running.told_to_stop().await.code(), Some(0));
        assert_eq!(is_in_trial(&data).await, in_trial, "a member: {follows}");
    }
}

async fn is_in_trial(data: &std::path::Path) -> bool {
    let store = lupinus_store_sled::SledStore::open(data).unwrap();
    let launch = store.load::<Launch>(Launch::KEY).await.unwrap();
    store.close().await.unwrap();
    launch.is_some_and(|launch| launch.value.is_trial())
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
