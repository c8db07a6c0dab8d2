//! Text messages.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidMessage;
use super::units::{check_utf16, utf16_len};
use crate::QuoteToken;

/// Longest text message, in **UTF-16 code units** (labels and template texts count grapheme clusters instead).
/// Sources: [limit](https://developers.line.biz/en/reference/messaging-api/#text-message),
/// [unit](https://developers.line.biz/en/docs/messaging-api/text-character-count/).
pub const MAX_TEXT_UTF16: usize = 5_000;

/// The text of a text message: never empty, never longer than [`MAX_TEXT_UTF16`]. Not printed by `Debug`.
///
/// ```
/// use lupinus_line::message::{MAX_TEXT_UTF16, Text};
/// assert_eq!(Text::new("🍎")?.utf16_len(), 2);
/// assert!(Text::new("🍎".repeat(MAX_TEXT_UTF16)).is_err());
/// # Ok::<(), lupinus_line::message::InvalidMessage>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

impl Text {
    /// Checks and wraps a text.
    ///
    /// # Errors
    /// [`InvalidMessage::Empty`], [`InvalidMessage::TooLong`].
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidMessage> {
        let text = text.into();
        check_utf16("text", &text, MAX_TEXT_UTF16)?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its length in UTF-16 code units.
    pub fn utf16_len(&self) -> usize {
        utf16_len(&self.0)
    }
}

impl TryFrom<String> for Text {
    type Error = InvalidMessage;

    fn try_from(text: String) -> Result<Self, InvalidMessage> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Text {
    type Error = InvalidMessage;

    fn try_from(text: &str) -> Result<Self, InvalidMessage> {
        Self::new(text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} UTF-16 units)", self.utf16_len())
    }
}

/// A text message, possibly quoting another.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextMessage {
    text: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_token: Option<QuoteToken>,
}

impl TextMessage {
    /// A message of this text.
    pub const fn new(text: Text) -> Self {
        Self { text, quote_token: None }
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(mut self, token: QuoteToken) -> Self {
        self.quote_token = Some(token);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Unit;

    #[test]
    fn a_text_is_accepted_at_the_limit_and_refused_past_it() {
        assert!(Text::new("あ".repeat(5_000)).is_ok());
        assert!(Text::new("🍎".repeat(2_500)).is_ok());
        assert_eq!(
            Text::new("🍎".repeat(2_500) + "a"),
            Err(InvalidMessage::TooLong { field: "text", len: 5_001, max: 5_000, unit: Unit::Utf16 })
        );
        assert_eq!(Text::new(""), Err(InvalidMessage::Empty { field: "text" }));
    }

    #[test]
    fn a_text_is_not_printed() {
        assert_eq!(format!("{:?}", Text::new("山田🍎").unwrap()), "Text(4 UTF-16 units)");
    }
}
