//! R36: no test ever touches the hosts of LINE.

use std::process::Command;

use lupinus_tests::{City, Kept, loopback};

#[test]
fn only_addresses_of_this_machine_are_taken_for_line() {
    // R36
    for here in ["http://127.0.0.1:9090", "http://localhost:1/", "http://[::1]:80", "http://127.8.9.1"] {
        assert_eq!(loopback(here), Ok(here));
    }
    for away in [
        "https://api.line.me",
        "https://api-data.line.me",
        "http://10.0.0.1:9090",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://user@api.line.me",
        "api.line.me",
        "",
    ] {
        assert!(loopback(away).is_err(), "{away:?} is not here");
    }
}

#[test]
fn a_bot_under_test_refuses_to_start_with_a_real_api_base() {
    // R36
    for (name, base) in
        [("LINE_API_BASE", "https://api.line.me"), ("LINE_DATA_API_BASE", "https://api-data.line.me")]
    {
        let folder = tempfile::tempdir().unwrap();
        let refused = Command::new(env!("CARGO_BIN_EXE_victim"))
            .env("LUPINUS_STORE", folder.path().join("data"))
            .env("LINE_API_BASE", "http://127.0.0.1:9")
            .env("LINE_CHANNEL_SECRET", "made-up")
            .env("LINE_CHANNEL_ACCESS_TOKEN", "made-up")
            .env("VICTIM_CONCURRENCY", "1")
            .env(name, base)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert!(!refused.status.success(), "{name}={base} was taken");
        assert!(!folder.path().join("data").exists(), "{name}={base}: it got as far as the store");
    }
}

#[tokio::test]
async fn the_city_of_the_tests_talks_to_its_emulator_alone() {
    // R36: every base that the bot was given is the emulator's, so its requests, and those alone, are in its log.
    let city = City::start(Kept::InMemory).await;
    assert!(loopback(city.line.url()).is_ok() && loopback(&city.url).is_ok());
    let before = city.line.requests().len();
    let nurse = city.member("看護師").await;
    assert!(city.line.requests().len() > before, "{nurse} was answered by somebody else");
}
