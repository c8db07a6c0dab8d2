//! A bot that does nothing but note what it got, and a client without any knowledge of LINE.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "for tests only")]

pub mod key;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use bytes::Bytes;
use lupinus_emulator::{Emulator, Settings};
use serde_json::{Value, json};

/// One webhook as the bot got it.
#[derive(Clone, Debug)]
pub struct Got {
    pub signature: String,
    pub body: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn event(&self, index: usize) -> Value {
        self.json()["events"][index].clone()
    }
}

/// What the bot answers next: a status, after a wait.
type Plan = Arc<Mutex<Vec<(u16, Duration)>>>;

#[derive(Clone, Default)]
pub struct Bot {
    got: Arc<Mutex<Vec<Got>>>,
    plan: Plan,
    arrived: Arc<tokio::sync::Notify>,
}

impl Bot {
    pub async fn start() -> (Self, SocketAddr) {
        let bot = Self::default();
        let app = Router::new().route("/webhook", post(take)).with_state(bot.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        (bot, address)
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn last(&self) -> Got {
        self.got().last().cloned().unwrap()
    }

    pub fn will_answer(&self, status: u16, after: Duration) {
        self.plan.lock().unwrap().push((status, after));
    }

    /// Waits until the bot has got `count` webhooks.
    pub async fn until(&self, count: usize) -> Vec<Got> {
        let all = async {
            loop {
                let arrived = self.arrived.notified();
                if self.got().len() >= count {
                    return self.got();
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all).await.expect("the webhooks arrive")
    }
}

async fn take(State(bot): State<Bot>, headers: HeaderMap, body: Bytes) -> axum::http::StatusCode {
    let signature = headers["x-line-signature"].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    bot.got.lock().unwrap().push(Got { signature, body });
    bot.arrived.notify_waiters();
    let next = {
        let mut plan = bot.plan.lock().unwrap();
        if plan.is_empty() { None } else { Some(plan.remove(0)) }
    };
    let (status, wait) = next.unwrap_or((200, Duration::ZERO));
    tokio::time::sleep(wait).await;
    axum::http::StatusCode::from_u16(status).unwrap()
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    pub fn property(&self) -> &str {
        self.body["details"][0]["property"].as_str().unwrap_or_default()
    }

    pub fn request_id(&self) -> &str {
        self.headers["x-line-request-id"].to_str().unwrap()
    }
}

/// The API as a program without a LINE library calls it.
pub struct Api {
    pub http: reqwest::Client,
    url: String,
    token: String,
}

impl Api {
    pub fn of(line: &Emulator) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: line.url().to_owned(),
            token: line.channel_access_token().to_owned(),
        }
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.unwrap();
        Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request("POST", path).json(&body)).await
    }

    /// A form without any token.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.http.post(format!("{}{path}", self.url)).form(fields)).await
    }

    /// A `GET` with another token.
    pub async fn get_as(&self, path: &str, token: &str) -> Answer {
        self.send(self.http.get(format!("{}{path}", self.url)).bearer_auth(token)).await
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { http: self.http.clone(), url: self.url.clone(), token: token.to_owned() }
    }

    pub async fn post_with_key(&self, path: &str, body: Value, key: &str) -> Answer {
        self.send(self.request("POST", path).header("x-line-retry-key", key).json(&body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    pub async fn push(&self, to: &str, text: &str) -> Answer {
        self.post("/v2/bot/message/push", json!({"to": to, "messages": [{"type": "text", "text": text}]}))
            .await
    }
}

/// The SHA-256 of a text, in hex.
pub fn sha256_hex(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// A PNG header of this size; nothing looks further.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    data.extend(width.to_be_bytes());
    data.extend(height.to_be_bytes());
    data.extend([8, 2, 0, 0, 0]);
    data
}

/// A menu with its image; gives its id.
pub async fn make_menu(api: &Api) -> String {
    let area = json!({"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": {"type": "message", "text": "x"}});
    let menu = json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "一", "areas": [area]});
    let id = api.post("/v2/bot/richmenu", menu).await.body["richMenuId"].as_str().unwrap().to_owned();
    let upload =
        api.request("POST", &format!("/v2/bot/richmenu/{id}/content")).header("content-type", "image/png");
    assert_eq!(api.send(upload.body(png(2500, 843))).await.status, 200);
    id
}

/// Redeliveries without long waits.
pub fn quick() -> Settings {
    Settings {
        webhook_timeout_ms: 400,
        redelivery_interval_ms: 5,
        redelivery_tries: 3,
        ..Settings::default()
    }
}

/// An emulator with one friend, and a client.
pub async fn with_friend() -> (Emulator, Api, String) {
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let friend = line.create_user("佐藤");
    line.follow(&friend).await.unwrap();
    (line, api, friend)
}
