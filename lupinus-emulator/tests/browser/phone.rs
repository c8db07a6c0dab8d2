//! An emulator with a bot, and its page in a browser.

use lupinus_emulator::Emulator;
use serde_json::{Value, json};

use crate::{
    screen::{Screen, screen},
    support::{Api, Bot, Got},
};

/// The page of one person.
pub(crate) struct Phone {
    pub(crate) line: Emulator,
    pub(crate) bot: Bot,
    pub(crate) api: Api,
    /// The person who is played: a friend of the account.
    pub(crate) user: String,
    pub(crate) screen: Screen,
}

/// Starts everything; `None` when there is no browser.
pub(crate) async fn open(size: (u32, u32)) -> Option<Phone> {
    let screen = screen(size).await?;
    let (bot, address) = Bot::start().await;
    let line = Emulator::builder().webhook_url(format!("http://{address}/webhook")).start().await.unwrap();
    let user = line.create_user("山田 花子");
    line.follow(&user).await.unwrap();
    let api = Api::of(&line);
    screen.show(line.url(), &user).await;
    Some(Phone { line, bot, api, user, screen })
}

impl Phone {
    /// Sends messages to the person, and waits until the last one is on the page.
    pub(crate) async fn push(&self, messages: Value) {
        let answer =
            self.api.post("/v2/bot/message/push", json!({"to": self.user, "messages": messages})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let last = answer.body["sentMessages"].as_array().unwrap().last().unwrap()["id"].clone();
        self.screen
            .until(&format!("document.querySelector('[data-message=\"{}\"]')", last.as_str().unwrap()))
            .await;
    }

    /// The webhook after these many, as the bot got it.
    pub(crate) async fn next(&self, after: usize) -> Value {
        let got: Vec<Got> = self.bot.until(after + 1).await;
        got[after].event(0)
    }

    /// How many webhooks there were.
    pub(crate) fn heard(&self) -> usize {
        self.bot.got().len()
    }
}
