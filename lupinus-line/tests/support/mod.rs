//! A server that answers what a test says and remembers what it was asked.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse as _, Response};
use lupinus_line::client::{ClientBuilder, Pacing, Retry};
use lupinus_line::token::{AssertionKey, ChannelCredentials, Signer, TokenProvider};
use lupinus_line::{ChannelId, ChannelSecret, ChannelToken, Client, Message, Messages, UserId};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    /// Path and query, as they were on the wire.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Server {
    pub(crate) base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn answering(
        answer: impl Fn(&Seen) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (head, body) = request.into_parts();
                let request = Seen {
                    method: head.method,
                    target: head.uri.to_string(),
                    headers: head.headers,
                    body: axum::body::to_bytes(body, usize::MAX).await.unwrap(),
                };
                let response = answer(&request);
                log.lock().unwrap().push(request);
                response
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, seen }
    }

    pub(crate) async fn fixed(
        status: u16,
        headers: &'static [(&'static str, &'static str)],
        body: &'static str,
    ) -> Self {
        Self::answering(move |_| answer(status, headers, body)).await
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.base)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(crate) fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Response {
    let mut response = body.into_response();
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

/// Takes one connection, reads the head of one request, says `words`, and cuts the connection.
pub(crate) fn cutting(words: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut piece = [0; 1024];
        while !request.windows(4).any(|window| window == b"\r\n\r\n") {
            match stream.read(&mut piece) {
                Ok(0) | Err(_) => return,
                Ok(length) => request.extend_from_slice(&piece[..length]),
            }
        }
        stream.write_all(words.as_bytes()).unwrap();
    });
    base
}

/// Takes connections, says `words` to each request, and then a space again and again without end.
pub(crate) fn dripping(words: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let mut alive = stream.write_all(words.as_bytes()).is_ok();
                while alive {
                    std::thread::sleep(Duration::from_millis(20));
                    alive = stream.write_all(b" ").is_ok();
                }
            });
        }
    });
    base
}

/// Takes connections and never answers.
pub(crate) fn silent() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

/// An address where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) fn client(base: &str) -> Client {
    Client::builder(ChannelToken::from("tok-offline-1"))
        .all_bases(base)
        .timeout(Duration::from_millis(400))
        .retry(Retry::never())
        .pacing(Pacing::off())
        .build()
        .unwrap()
}

pub(crate) const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

pub(crate) fn channel() -> ChannelId {
    ChannelId::new("2009990001").unwrap()
}

pub(crate) fn credentials() -> ChannelCredentials {
    ChannelCredentials::new(channel(), ChannelSecret::from(SECRET))
}

pub(crate) fn signer() -> Signer {
    let key = AssertionKey::from_jwk("k-offline-1", include_str!("../data/assertion-key.jwk")).unwrap();
    Signer::new(channel(), key)
}

fn once(builder: ClientBuilder, base: &str) -> Client {
    let builder = builder.all_bases(base).timeout(Duration::from_secs(2));
    builder.retry(Retry::never()).pacing(Pacing::off()).build().unwrap()
}

pub(crate) fn without_token(base: &str) -> Client {
    once(Client::builder_without_token(), base)
}

pub(crate) fn with_tokens(base: &str, tokens: impl TokenProvider) -> Client {
    once(Client::builder(tokens), base)
}

/// The fields of a form as it was sent.
pub(crate) fn form(request: &Seen) -> Vec<(String, String)> {
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

pub(crate) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What is logged.
#[derive(Clone, Default)]
pub(crate) struct Written(pub(crate) Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn user() -> UserId {
    UserId::new("U5a1e0000111122223333444455556666").unwrap()
}

pub(crate) fn hello() -> Messages {
    Message::text("こんにちは").unwrap().into()
}

/// Answers 200 and then sends bytes as long as they are taken.
pub(crate) fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut piece = [0; 1024];
        let _ = stream.read(&mut piece);
        let head = "HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 1000000000\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let spaces = vec![b' '; 1 << 16];
        while stream.write_all(&spaces).is_ok() {}
    });
    base
}
