//! What the log gets to know. A binary of its own: one subscriber must see everything.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use kit::{City, PASSWORD};

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
