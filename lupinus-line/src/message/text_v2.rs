//! Text messages with people and emoji in them.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::units::{check_count, check_utf16};
use super::{InvalidMessage, MAX_TEXT_UTF16};
use crate::{QuoteToken, UserId};

/// Most people mentioned in one text ([source](https://developers.line.biz/en/reference/messaging-api/#text-message-v2)).
pub const MAX_MENTIONS: usize = 20;
/// Most of LINE's own emoji in one text (same source).
pub const MAX_EMOJI: usize = 20;

/// A text put together of words, mentions and LINE's own emoji ("textV2"). Words are escaped, so that what a person
/// wrote cannot become a placeholder. `Debug` shows none of it.
///
/// Mentions work in replies and pushes to a group or room only.
///
/// ```
/// use lupinus_line::UserId;
/// use lupinus_line::message::{Message, TextV2};
///
/// let who = UserId::new("U5a1e0000111122223333444455556666")?;
/// let message = Message::from(TextV2::new().mention(who).words(" さん、{お知らせ} です").build()?);
/// assert!(serde_json::to_string(&message)?.contains("{s0} さん、{{お知らせ}} です"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct TextV2 {
    text: String,
    substitution: Map<String, Value>,
    mentions: usize,
    quote_token: Option<QuoteToken>,
}

/// A checked [`TextV2`].
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextV2Message {
    text: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    substitution: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_token: Option<QuoteToken>,
}

impl TextV2 {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words, braces escaped.
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        for c in words.as_ref().chars() {
            self.text.push(c);
            if matches!(c, '{' | '}') {
                self.text.push(c);
            }
        }
        self
    }

    /// Mentions a member of the group.
    #[expect(clippy::needless_pass_by_value, reason = "an id is given for its mention")]
    pub fn mention(mut self, user: UserId) -> Self {
        self.mentions += 1;
        self.put(json!({"type": "mention", "mentionee": {"type": "user", "userId": user.as_str()}}))
    }

    /// Mentions everybody in the group.
    pub fn mention_all(mut self) -> Self {
        self.mentions += 1;
        self.put(json!({"type": "mention", "mentionee": {"type": "all"}}))
    }

    /// Adds one of LINE's own emoji.
    pub fn emoji(self, product_id: &str, emoji_id: &str) -> Self {
        self.put(json!({"type": "emoji", "productId": product_id, "emojiId": emoji_id}))
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(mut self, token: QuoteToken) -> Self {
        self.quote_token = Some(token);
        self
    }

    /// Checks the whole: the text as it goes on the wire, at most [`MAX_TEXT_UTF16`], at most [`MAX_MENTIONS`] and
    /// [`MAX_EMOJI`].
    ///
    /// # Errors
    /// [`InvalidMessage`] naming what is past its limit.
    pub fn build(self) -> Result<TextV2Message, InvalidMessage> {
        check_utf16("text", &self.text, MAX_TEXT_UTF16)?;
        check_count("substitution (mentions)", self.mentions, 0, MAX_MENTIONS)?;
        let emoji = self.substitution.len().saturating_sub(self.mentions);
        check_count("substitution (emoji)", emoji, 0, MAX_EMOJI)?;
        Ok(TextV2Message { text: self.text, substitution: self.substitution, quote_token: self.quote_token })
    }

    fn put(mut self, value: Value) -> Self {
        let key = format!("s{}", self.substitution.len());
        self.text.push('{');
        self.text.push_str(&key);
        self.text.push('}');
        self.substitution.insert(key, value);
        self
    }
}

impl fmt::Debug for TextV2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextV2(…)")
    }
}

impl fmt::Debug for TextV2Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextV2Message(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn user() -> UserId {
        UserId::new("U5a1e0000111122223333444455556666").unwrap()
    }

    #[test]
    fn words_of_people_never_become_placeholders() {
        let text =
            TextV2::new().words("{s0} }{").mention_all().emoji("5ac2", "001").words("!").build().unwrap();
        assert_eq!(
            serde_json::to_value(Message::from(text)).unwrap(),
            json!({"type": "textV2", "text": "{{s0}} }}{{{s0}{s1}!", "substitution": {
                "s0": {"type": "mention", "mentionee": {"type": "all"}},
                "s1": {"type": "emoji", "productId": "5ac2", "emojiId": "001"}}})
        );
    }

    #[test]
    fn texts_with_people_keep_their_limits() {
        let mentions = |count| (0..count).fold(TextV2::new(), |text, _| text.mention(user())).build().is_ok();
        let emoji = |count| (0..count).fold(TextV2::new(), |text, _| text.emoji("a", "b")).build().is_ok();
        assert_eq!([1, 20, 21].map(mentions), [true, true, false]);
        assert_eq!([1, 20, 21].map(emoji), [true, true, false]);
        assert!(TextV2::new().words("🍎".repeat(2_500)).build().is_ok());
        assert!(TextV2::new().words("{".repeat(2_501)).build().is_err(), "escapes count");
        assert!(TextV2::new().build().is_err());
    }
}
