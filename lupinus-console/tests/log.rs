//! What the log gets to know. A binary of its own: each subscriber must see everything.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use kit::{
    City, PASSWORD,
    provider::{self, Key, SignedBy, begins, comes_back},
};
use lupinus_core::policy::Policy;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// R25
#[tokio::test]
async fn the_log_knows_routes_and_statuses_and_nothing_that_was_typed() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    let _here = tracing::subscriber::set_default(subscriber);
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    desk.post("/bodies", &[("name", "ひみつの団体")]).await;
    desk.post_raw("/bodies", &[("name", "ひみつの団体")]).await;
    desk.get("/bodies?secret=ひみつ").await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("http.route=\"/console/bodies\"") && text.contains("http.status=403"), "{text}");
    let token = desk.get("/account").await.csrf();
    for cookie in &desk.cookies {
        assert!(!text.contains(&cookie.1), "a cookie is in the log");
    }
    for secret in [PASSWORD, "ひみつ", "secret", &token, "admin"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

// R25
#[tokio::test]
async fn the_log_knows_why_the_provider_let_nobody_in_and_nothing_of_what_it_said() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _here = tracing::subscriber::set_default(subscriber);
    let (city, provider) = provider::city_with(Policy::default(), Key::es256()).await;
    let claims = serde_json::json!({"sub": "canary-sub", "email": "canary@city.example", "name": "ひみつ"});
    provider.is_used_by(claims);
    provider.links(&mut city.desk("admin").await).await;
    let mut browser = city.browser();
    let address = begins(&mut browser, "/").await;
    let led = provider.visited(&address).unwrap();
    assert!(comes_back(&mut browser, &led).await.location().ends_with("/console"));
    provider.bend(serde_json::json!({"nonce": "canary-nonce"}), SignedBy::ItsKey);
    provider.signs_in(&mut browser).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("signed in") && text.contains("nobody was let in by the provider"), "{text}");
    assert!(text.contains("another nonce"), "{text}");
    let state = address.split("state=").nth(1).unwrap().split('&').next().unwrap();
    for secret in ["canary", "ひみつ", state] {
        assert!(!text.contains(secret), "{secret} is in the log: {text}");
    }
}
