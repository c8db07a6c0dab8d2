//! Linking a user's account of LINE with one of another service.

use std::fmt;

use crate::crypto::{NoRandomness, random_text};

/// Shortest [`LinkNonce`], in characters
/// ([source](https://developers.line.biz/en/docs/messaging-api/linking-accounts/)).
pub const MIN_LINK_NONCE: usize = 10;
/// Longest [`LinkNonce`], in characters (same source).
pub const MAX_LINK_NONCE: usize = 255;

/// A text that can be no [`LinkNonce`]. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid nonce: {MIN_LINK_NONCE} to {MAX_LINK_NONCE} printable ASCII characters")]
pub struct InvalidLinkNonce;

/// Says, when the [event](crate::webhook::AccountLink) of a link comes, whose account of the service it was. Make one for
/// each link, keep it with that account, let it serve once. Not printed.
///
/// It is what the service believes, so that nobody may guess it: LINE asks for at least 128 random bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LinkNonce(String);

impl LinkNonce {
    /// 256 random bits.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        random_text().map(Self)
    }

    /// Wraps a text of the caller's, which must not be one that can be guessed, as an account's number can.
    ///
    /// # Errors
    /// [`InvalidLinkNonce`] unless it is [`MIN_LINK_NONCE`] to [`MAX_LINK_NONCE`] printable ASCII characters.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidLinkNonce> {
        let text = text.into();
        let valid = (MIN_LINK_NONCE..=MAX_LINK_NONCE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if valid { Ok(Self(text)) } else { Err(InvalidLinkNonce) }
    }

    /// The text: what to keep, and what the event holds.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkNonce(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_has_10_to_255_printable_characters() {
        for (name, text, valid) in [
            ("shortest", "a".repeat(10), true),
            ("one less", "a".repeat(9), false),
            ("longest", "a".repeat(255), true),
            ("one more", "a".repeat(256), false),
            ("base64", "ab+/cdefgh==".to_owned(), true),
            ("a space", "abcde fghij".to_owned(), false),
            ("multibyte", "あ".repeat(10), false),
        ] {
            assert_eq!(LinkNonce::new(text).is_ok(), valid, "{name}");
        }
        let random = LinkNonce::random().unwrap();
        assert!(LinkNonce::new(random.as_str()).is_ok());
        assert_eq!(format!("{random:?}"), "LinkNonce(…)");
    }
}
