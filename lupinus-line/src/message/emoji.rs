//! LINE's own emoji.

use std::fmt;

use serde::Serialize;

use super::InvalidMessage;
use super::units::check_utf16;

/// Most of LINE's own emoji in one text ([source](https://developers.line.biz/en/reference/messaging-api/#text-message)).
pub const MAX_EMOJI: usize = 20;
/// Longest name of a set of emoji or of one in it, in UTF-16 code units: ours, LINE states none and its own have 24 and 3.
pub const MAX_EMOJI_ID_UTF16: usize = 64;

/// One of LINE's own emoji: which set, and which of that set
/// (see [LINE docs/Emoji list](https://developers.line.biz/en/docs/messaging-api/emoji-list/)). Emoji of Unicode are words
/// like any other and need none of this.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Emoji {
    product_id: String,
    emoji_id: String,
}

impl Emoji {
    /// An emoji by the names of its set and of itself.
    ///
    /// # Errors
    /// [`InvalidMessage`] when a name is empty, longer than [`MAX_EMOJI_ID_UTF16`] or not of ASCII letters and digits.
    pub fn new(product_id: impl Into<String>, emoji_id: impl Into<String>) -> Result<Self, InvalidMessage> {
        let (product_id, emoji_id) = (product_id.into(), emoji_id.into());
        for (field, id) in [("emoji.productId", &product_id), ("emoji.emojiId", &emoji_id)] {
            check_utf16(field, id, MAX_EMOJI_ID_UTF16)?;
            if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
                return Err(InvalidMessage::Form { field });
            }
        }
        Ok(Self { product_id, emoji_id })
    }
}

impl fmt::Debug for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Emoji(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_named_by_two_plain_ids() {
        for (name, product, emoji, ok) in [
            ("as documented", "5ac21a18040ab15980c9b43e", "009", true),
            ("no set", "", "009", false),
            ("no emoji", "5ac2", "", false),
            ("at the limit", &*"a".repeat(64), "1", true),
            ("past the limit", &*"a".repeat(65), "1", false),
            ("an emoji of Unicode", "🍎", "1", false),
            ("a family", "5ac2", "👨‍👩‍👧‍👦", false),
        ] {
            assert_eq!(Emoji::new(product, emoji).is_ok(), ok, "{name}");
        }
    }
}
