//! A walk through every operation, each good answer held against its schema.

mod menus;
mod sending;

use std::collections::BTreeMap;

use lupinus_emulator::Emulator;
use serde_json::{Value, json};

use crate::{
    bodies::Known,
    description::Description,
    support::{Answer, Api, Bot},
};

/// The walk: what it goes through, and what it has seen.
pub(crate) struct Tour<'d> {
    description: &'d Description,
    line: Emulator,
    api: Api,
    bot: Bot,
    user: String,
    /// How often each operation answered well and rightly.
    pub(crate) checked: BTreeMap<String, usize>,
}

/// Calls everything once at least.
pub(crate) async fn take(description: &Description) -> Tour<'_> {
    let (bot, address) = Bot::start().await;
    let line = Emulator::builder().webhook_url(format!("http://{address}/webhook")).start().await.unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    let user = line.create_user("佐藤");
    line.follow(&user).await.unwrap();
    let mut tour = Tour { description, line, api, bot, user, checked: BTreeMap::new() };
    sending::walk(&mut tour).await;
    menus::walk(&mut tour).await;
    tour.webhooks();
    tour
}

impl Tour<'_> {
    /// A call that must succeed and fit.
    async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.api.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.send(method, path, request).await
    }

    /// The same with a request of one's own.
    async fn send(&mut self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Answer {
        let operation =
            self.description.called(method, path).unwrap_or_else(|| panic!("{method} {path} is described"));
        let answer = self.api.send(request).await;
        let faults = self.description.faults(operation, answer.status, &answer.body);
        assert!(faults.is_empty(), "{}: {faults:?} in {} {}", operation.id, answer.status, answer.body);
        *self.checked.entry(operation.id.clone()).or_default() += 1;
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    async fn delete(&mut self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    /// What the bot got so far fits the description of webhooks.
    fn webhooks(&mut self) {
        let got = self.bot.got();
        assert!(!got.is_empty());
        for webhook in got {
            let faults = self.description.webhook_faults(&webhook.json());
            assert!(faults.is_empty(), "{faults:?} in {}", webhook.body);
            *self.checked.entry(crate::OF_THE_BOT.to_owned()).or_default() += 1;
        }
    }
}

fn text() -> Value {
    json!([{"type": "text", "text": "x"}])
}

/// A PNG header of this size; nothing looks further.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    data.extend(width.to_be_bytes());
    data.extend(height.to_be_bytes());
    data.extend([8, 2, 0, 0, 0]);
    data
}

/// A menu with its image; gives its id.
async fn make_menu(api: &Api) -> String {
    let area = json!({"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": {"type": "message", "text": "x"}});
    let menu = json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "一", "areas": [area]});
    let id = api.post("/v2/bot/richmenu", menu).await.body["richMenuId"].as_str().unwrap().to_owned();
    let upload =
        api.request("POST", &format!("/v2/bot/richmenu/{id}/content")).header("content-type", "image/png");
    assert_eq!(api.send(upload.body(png(2500, 843))).await.status, 200);
    id
}

/// An emulator on which good bodies are accepted, for breaking them.
pub(crate) async fn with_menu() -> (Emulator, Api, Known) {
    let (line, api, user) = crate::support::with_friend().await;
    let menu = make_menu(&api).await;
    (line, api, Known { user, menu })
}
