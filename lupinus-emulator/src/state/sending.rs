//! Putting messages into chats, and the keys and tokens that guard it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Author, ChatEntry, State};
use crate::{clock::Millis, ids};

/// A token that allows one reply.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReplyToken {
    /// The person, group or room that the reply goes to.
    pub(crate) chat_id: String,
    pub(crate) issued_at: Millis,
    /// When the webhook that carries it was last sent.
    pub(crate) delivered_at: Millis,
    pub(crate) used: bool,
}

/// What a quote token stands for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Quoted {
    pub(crate) chat_id: String,
    pub(crate) message_id: String,
}

/// A request that was accepted under a retry key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Accepted {
    pub(crate) at: Millis,
    pub(crate) request_id: String,
    pub(crate) sent_messages: Option<Value>,
}

/// A message about to be sent: its type and its JSON as received.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Outgoing {
    pub(crate) kind: String,
    pub(crate) json: Arc<str>,
}

impl State {
    /// Puts messages into the chat of a person, a group or a room; gives their ids.
    pub(crate) fn deliver(
        &mut self,
        chat_id: &str,
        messages: &[Outgoing],
        request_id: &Arc<str>,
    ) -> Vec<String> {
        let at = self.clock.now();
        let ids: Vec<String> = messages.iter().map(|_| self.new_message_id()).collect();
        if let Some(person) = self.people.get_mut(chat_id) {
            person.loading_until = None;
        }
        if let Some(chat) = self.chat_mut(chat_id) {
            chat.extend(messages.iter().zip(&ids).map(|(message, id)| ChatEntry {
                from: Author::Bot,
                at,
                message_id: id.clone(),
                message: Arc::clone(&message.json),
                request_id: Some(Arc::clone(request_id)),
                sender: None,
            }));
        }
        ids
    }

    /// The `sentMessages` of an answer; quote tokens only where LINE gives them.
    pub(crate) fn sent_messages(&mut self, chat_id: &str, messages: &[Outgoing], ids: &[String]) -> Value {
        messages
            .iter()
            .zip(ids)
            .map(|(message, id)| {
                let quotable = ["text", "textV2", "sticker", "image", "video", "template", "flex"];
                if quotable.contains(&message.kind.as_str()) {
                    json!({"id": id, "quoteToken": self.new_quote_token(chat_id, id)})
                } else {
                    json!({"id": id})
                }
            })
            .collect()
    }

    /// A quote token for a message of a chat.
    pub(crate) fn new_quote_token(&mut self, chat_id: &str, message_id: &str) -> String {
        let token = ids::hex32();
        let quoted = Quoted { chat_id: chat_id.to_owned(), message_id: message_id.to_owned() };
        self.quote_tokens.insert(token.clone(), quoted);
        token
    }

    /// The accepted request of a retry key that is still remembered.
    pub(crate) fn accepted(&mut self, retry_key: &str) -> Option<Accepted> {
        let oldest = self.clock.now() - millis(self.settings.retry_key_life_ms);
        let accepted = self.retry_keys.get(retry_key)?;
        if accepted.at < oldest {
            self.retry_keys.remove(retry_key);
            return None;
        }
        Some(accepted.clone())
    }

    /// Remembers an accepted request under its retry key.
    pub(crate) fn accept(&mut self, retry_key: String, request_id: String, sent_messages: Option<Value>) {
        let at = self.clock.now();
        let oldest = at - millis(self.settings.retry_key_life_ms);
        let accepted = Accepted { at, request_id, sent_messages };
        self.retry_keys.insert(retry_key, accepted, |known| known.at >= oldest);
    }

    /// Makes a reply token known, unless it is.
    pub(crate) fn know_reply_token(&mut self, token: &str, chat_id: String) {
        if self.reply_tokens.get(token).is_some() {
            return;
        }
        let now = self.clock.now();
        let oldest = now - millis(self.settings.reply_token_max_ms);
        let issued = ReplyToken { chat_id, issued_at: now, delivered_at: now, used: false };
        self.reply_tokens.insert(token.to_owned(), issued, |known| known.issued_at >= oldest);
    }

    /// Uses up a reply token; gives the chat it was for.
    pub(crate) fn take_reply_token(&mut self, token: &str) -> Option<String> {
        let now = self.clock.now();
        let (life, max) =
            (millis(self.settings.reply_token_life_ms), millis(self.settings.reply_token_max_ms));
        let known = self.reply_tokens.get_mut(token)?;
        if known.used || now - known.delivered_at > life || now - known.issued_at > max {
            return None;
        }
        known.used = true;
        Some(known.chat_id.clone())
    }
}

fn millis(span: u64) -> i64 {
    i64::try_from(span).unwrap_or(i64::MAX)
}
