//! A walk through every operation, each good answer held against its schema.

mod account;
mod audiences;
mod groups;
mod identity;
mod insight;
mod menus;
mod narrowcasts;
mod sending;

use std::collections::BTreeMap;

use lupinus_emulator::Emulator;
use serde_json::{Value, json};

use crate::{
    bodies::Known,
    description::Description,
    support::{Answer, Api, Bot, make_menu, png},
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
    groups::walk(&mut tour).await;
    narrowcasts::walk(&mut tour).await;
    audiences::walk(&mut tour).await;
    insight::walk(&mut tour).await;
    account::walk(&mut tour).await;
    identity::walk(&mut tour).await;
    tour.webhooks().await;
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

    /// A control call.
    async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.api.send(self.api.request(method, &format!("/_emulator{path}")).json(&body)).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        answer.body
    }

    /// What the bot got so far fits the description of webhooks.
    async fn webhooks(&mut self) {
        // Those that operations caused are sent without waiting for the bot.
        let sent = self.line.webhooks().iter().filter(|webhook| !webhook.attempts.is_empty()).count();
        let got = self.bot.until(sent).await;
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

/// The API with a token of the LINE Login channel.
pub(crate) async fn login_channel(line: &Emulator) -> Api {
    let (api, id, secret) = (Api::of(line), line.login_channel_id(), line.login_channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let token = api.form("/oauth2/v3/token", &form).await.body["access_token"].as_str().unwrap().to_owned();
    api.with_token(&token)
}

/// An emulator on which good bodies are accepted, for breaking them.
pub(crate) async fn with_menu() -> (Emulator, Api, Known) {
    let (line, api, user) = crate::support::with_friend().await;
    // So few people are here that no narrowcast with attributes would be accepted.
    line.set_settings(lupinus_emulator::Settings { min_target_reach: 0, ..line.settings() });
    let (menu, other_menu) = (make_menu(&api).await, make_menu(&api).await);
    (line, api, Known { user, menu, other_menu })
}
