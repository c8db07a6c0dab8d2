//! Text messages.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::units::{check_count, check_utf16, utf16_len};
use super::{Emoji, InvalidMessage, MAX_EMOJI};
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

/// A text message, possibly quoting another, possibly with LINE's own emoji in it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextMessage {
    text: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    emojis: Vec<PlacedEmoji>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_token: Option<QuoteToken>,
}

#[derive(Clone, Debug, Serialize)]
struct PlacedEmoji {
    index: usize,
    #[serde(flatten)]
    emoji: Emoji,
}

impl TextMessage {
    /// A message of this text.
    pub const fn new(text: Text) -> Self {
        Self { text, emojis: Vec::new(), quote_token: None }
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(mut self, token: QuoteToken) -> Self {
        self.quote_token = Some(token);
        self
    }

    /// Puts LINE's own emoji, at most [`MAX_EMOJI`], in place of `$` signs: each with where its sign is, counted in
    /// **UTF-16 code units**. [`EmojiText`] counts by itself.
    ///
    /// # Errors
    /// [`InvalidMessage::Count`]; [`InvalidMessage::Form`] when there is no `$` at an index, or one is given twice.
    pub fn with_emojis(
        mut self,
        emojis: impl IntoIterator<Item = (usize, Emoji)>,
    ) -> Result<Self, InvalidMessage> {
        self.emojis = emojis.into_iter().map(|(index, emoji)| PlacedEmoji { index, emoji }).collect();
        check_count("emojis", self.emojis.len(), 0, MAX_EMOJI)?;
        let units: Vec<u16> = self.text.as_str().encode_utf16().collect();
        for (position, PlacedEmoji { index, .. }) in self.emojis.iter().enumerate() {
            let again = self.emojis.iter().take(position).any(|earlier| earlier.index == *index);
            if again || units.get(*index) != Some(&u16::from(b'$')) {
                return Err(InvalidMessage::Form { field: "emojis.index" });
            }
        }
        Ok(self)
    }
}

/// A text message put together of words and LINE's own emoji; signs of `$` among the words stay what they are. `Debug`
/// shows none of it.
///
/// ```
/// use lupinus_line::message::{Emoji, EmojiText, Message};
///
/// let moon = Emoji::new("5ac21a18040ab15980c9b43e", "009")?;
/// let message = Message::from(EmojiText::new().words("🍎 $100 ").emoji(moon).words(" 本日は休館です").build()?);
/// assert!(serde_json::to_string(&message)?.contains(r#""text":"🍎 $100 $ 本日は休館です","emojis":[{"index":8,"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct EmojiText {
    text: String,
    emojis: Vec<(usize, Emoji)>,
}

impl EmojiText {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words.
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        self.text.push_str(words.as_ref());
        self
    }

    /// Adds one of LINE's own emoji.
    pub fn emoji(mut self, emoji: Emoji) -> Self {
        self.emojis.push((utf16_len(&self.text), emoji));
        self.text.push('$');
        self
    }

    /// Checks the whole: at most [`MAX_TEXT_UTF16`] and [`MAX_EMOJI`]. LINE counts more than one unit for an emoji without
    /// saying how many: near the limit it may refuse what is accepted here.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming what is past its limit.
    pub fn build(self) -> Result<TextMessage, InvalidMessage> {
        TextMessage::new(Text::new(self.text)?).with_emojis(self.emojis)
    }
}

impl fmt::Debug for EmojiText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmojiText(…)")
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

    #[test]
    fn emoji_stand_where_there_is_a_sign_for_them() {
        let moon = || Emoji::new("5ac2", "009").unwrap();
        let placed = |text: &str, at: &[usize]| {
            TextMessage::new(Text::new(text).unwrap()).with_emojis(at.iter().map(|&index| (index, moon())))
        };
        for (name, text, at, ok) in [
            ("at the start", "$", &[0][..], true),
            ("after an apple of two units", "🍎$", &[2], true),
            ("counted in characters", "🍎$", &[1], false),
            ("after a family of eleven", "👨‍👩‍👧‍👦$", &[11], true),
            ("no sign there", "a$", &[0], false),
            ("past the end", "$", &[1], false),
            ("twice the same", "$$", &[1, 1], false),
            ("at the limit", &"$".repeat(20), &std::array::from_fn::<_, 20, _>(|n| n), true),
            ("past the limit", &"$".repeat(21), &std::array::from_fn::<_, 21, _>(|n| n), false),
        ] {
            assert_eq!(placed(text, at).is_ok(), ok, "{name}");
        }
        let many = |count| (0..count).fold(EmojiText::new(), |text, _| text.words("👨‍👩‍👧‍👦 $").emoji(moon()));
        assert!(many(20).build().is_ok());
        assert!(many(21).build().is_err());
        assert_eq!(
            serde_json::to_string(&many(2).build().unwrap().emojis).unwrap(),
            r#"[{"index":13,"productId":"5ac2","emojiId":"009"},{"index":27,"productId":"5ac2","emojiId":"009"}]"#
        );
        assert!(EmojiText::new().words("a".repeat(4_999)).emoji(moon()).build().is_ok());
        assert!(EmojiText::new().words("a".repeat(5_000)).emoji(moon()).build().is_err());
    }
}
