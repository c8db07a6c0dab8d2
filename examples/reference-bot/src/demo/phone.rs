//! A person's phone: what they read, tap and write, on the emulated LINE platform.

use anyhow::{Context as _, bail};
use lupinus_emulator::{Author, ChatMessage, Emulator};
use serde_json::{Value, json};

/// How many of the newest messages somebody looks back at for something to tap.
const LOOKS_BACK: usize = 8;

/// One person's phone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phone<'a> {
    line: &'a Emulator,
    user: &'a str,
}

impl<'a> Phone<'a> {
    /// The phone of this user.
    pub(crate) fn new(line: &'a Emulator, user: &'a str) -> Self {
        Self { line, user }
    }

    /// Adds the account.
    ///
    /// # Errors
    /// When there is no such person.
    pub(crate) async fn follow(self) -> anyhow::Result<()> {
        self.line.follow(self.user).await.context("adding the account")
    }

    /// Blocks the account.
    ///
    /// # Errors
    /// When there is no such person.
    pub(crate) async fn block(self) -> anyhow::Result<()> {
        self.line.unfollow(self.user).await.context("blocking the account")
    }

    /// Writes something; answers the message's id.
    ///
    /// # Errors
    /// When LINE would not take it.
    pub(crate) async fn say(self, text: &str) -> anyhow::Result<String> {
        self.line.say(self.user, text).await.context("writing a message")
    }

    /// Sends a photograph.
    ///
    /// # Errors
    /// When LINE would not take it.
    pub(crate) async fn photograph(self, bytes: &[u8]) -> anyhow::Result<()> {
        self.line.send_image(self.user, bytes.to_vec(), "image/png").await.context("sending a picture")?;
        Ok(())
    }

    /// Takes a message back.
    ///
    /// # Errors
    /// When there is no such message.
    pub(crate) async fn unsend(self, message: &str) -> anyhow::Result<()> {
        self.line.unsend(self.user, message).await.context("taking a message back")
    }

    /// Taps the rich menu, which is always there.
    ///
    /// # Errors
    /// When there is no such person.
    pub(crate) async fn menu(self, data: &str) -> anyhow::Result<()> {
        self.line.postback(self.user, data).await.context("tapping the menu")?;
        Ok(())
    }

    /// Taps what the bot offers with this data; with data that begins like this, when it ends with a slash.
    ///
    /// # Errors
    /// When nothing of the kind is offered.
    pub(crate) async fn tap(self, data: &str) -> anyhow::Result<()> {
        let Some(offered) = self.offered(data) else {
            bail!("nothing on the screen has {data:?} on it; the bot said last: {}", self.last_words());
        };
        self.line.postback(self.user, &offered).await.with_context(|| format!("tapping {data}"))?;
        Ok(())
    }

    /// Picks a date on the picker that the bot offers with this data.
    ///
    /// # Errors
    /// When no such picker is offered.
    pub(crate) async fn pick_date(self, data: &str, date: jiff::civil::Date) -> anyhow::Result<()> {
        let Some(offered) = self.offered(data) else {
            bail!("no picker {data:?} is offered; the bot said last: {}", self.last_words());
        };
        let params = json!({ "date": date.to_string() });
        self.line
            .postback_with(self.user, &offered, params)
            .await
            .with_context(|| format!("picking {data}"))?;
        Ok(())
    }

    /// What exactly the bot offers with this data, or with data that begins like this when it ends with a slash.
    pub(crate) fn offered(self, data: &str) -> Option<String> {
        let messages = self.line.last_messages(self.user, LOOKS_BACK);
        let mut bot = messages.iter().rev().filter(|message| message.from == Author::Bot);
        bot.find_map(|message| find_data(&message.message, data))
    }

    /// The words of the bot's last message, for a failure to show.
    fn last_words(self) -> String {
        let messages = self.line.last_messages(self.user, LOOKS_BACK);
        let last = messages.iter().rev().find(|message: &&ChatMessage| message.from == Author::Bot);
        let text = last.and_then(|message| {
            let text = message.message.get("text").or_else(|| message.message.get("altText"));
            Some(text?.as_str()?.to_owned())
        });
        text.unwrap_or_else(|| "nothing".to_owned())
    }
}

/// The first action with this data, wherever it stands in a message.
fn find_data(value: &Value, data: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let taps =
                matches!(fields.get("type").and_then(Value::as_str), Some("postback" | "datetimepicker"));
            if taps
                && let Some(found) = fields.get("data").and_then(Value::as_str)
                && (found == data || (data.ends_with('/') && found.starts_with(data)))
            {
                return Some(found.to_owned());
            }
            fields.values().find_map(|value| find_data(value, data))
        }
        Value::Array(items) => items.iter().find_map(|value| find_data(value, data)),
        _ => None,
    }
}
