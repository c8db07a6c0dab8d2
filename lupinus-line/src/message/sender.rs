//! Another name or picture beside a message.

use std::fmt;

use serde::Serialize;

use super::units::check_utf16;
use super::{InvalidMessage, MediaUrl};

/// Longest sender name, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#icon-nickname-switch)).
pub const MAX_SENDER_NAME_UTF16: usize = 20;

/// A name, a picture, or both, shown beside a message instead of the account's.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sender {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon_url: Option<MediaUrl>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender(…)")
    }
}

impl Sender {
    /// Another name. LINE refuses some words, its own name among them.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the name is empty or too long.
    pub fn named(name: impl Into<String>) -> Result<Self, InvalidMessage> {
        let name = name.into();
        check_utf16("sender.name", &name, MAX_SENDER_NAME_UTF16)?;
        Ok(Self { name: Some(name), icon_url: None })
    }

    /// Another picture (PNG, 1:1, at most 1 MB).
    pub const fn pictured(icon: MediaUrl) -> Self {
        Self { name: None, icon_url: Some(icon) }
    }

    /// Adds a picture to a name.
    pub fn with_icon(mut self, icon: MediaUrl) -> Self {
        self.icon_url = Some(icon);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_named_up_to_the_limit() {
        for (name, text, ok) in [
            ("apples at the limit", "🍎".repeat(10), true),
            ("past it", "🍎".repeat(10) + "a", false),
            ("a family of eleven and nine more", format!("👨‍👩‍👧‍👦{}", "a".repeat(9)), true),
            ("and ten", format!("👨‍👩‍👧‍👦{}", "a".repeat(10)), false),
            ("empty", String::new(), false),
        ] {
            assert_eq!(Sender::named(text).is_ok(), ok, "{name}");
        }
    }

    #[test]
    fn a_sender_is_a_name_a_picture_or_both() {
        let icon = || MediaUrl::new("https://e.org/i.png").unwrap();
        for (sender, expected) in [
            (Sender::named("案内係").unwrap(), r#"{"name":"案内係"}"#),
            (Sender::pictured(icon()), r#"{"iconUrl":"https://e.org/i.png"}"#),
            (
                Sender::named("案内係").unwrap().with_icon(icon()),
                r#"{"name":"案内係","iconUrl":"https://e.org/i.png"}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&sender).unwrap(), expected);
        }
    }
}
