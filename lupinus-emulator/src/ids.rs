//! Making and checking the identifiers of the platform.

use std::{fmt::Write as _, str::FromStr};

use sha2::{Digest, Sha256};
use ulid::Ulid;
use uuid::Uuid;

use crate::clock::Millis;

/// A new user id: `U` and 32 hex digits.
pub(crate) fn user_id() -> String {
    format!("U{}", Uuid::new_v4().simple())
}

/// A new group or room id: `C` or `R`, and 32 hex digits.
pub(crate) fn group_id(head: char) -> String {
    format!("{head}{}", Uuid::new_v4().simple())
}

/// The account's own user id, always the same for one channel secret.
pub(crate) fn bot_user_id(channel_secret: &str) -> String {
    let digest = Sha256::digest(channel_secret.as_bytes());
    let mut id = String::from("U");
    for byte in digest.iter().take(16) {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// A request id.
pub(crate) fn request_id() -> String {
    Uuid::new_v4().to_string()
}

/// 32 hex digits nobody can guess: reply tokens, channel secrets, tails of rich menu ids.
pub(crate) fn hex32() -> String {
    Uuid::new_v4().simple().to_string()
}

/// A `webhookEventId`: a ULID of the event's time.
pub(crate) fn event_id(at: Millis) -> String {
    Ulid::from_parts(u64::try_from(at).unwrap_or(0), Uuid::new_v4().as_u128()).to_string()
}

/// Whether `id` is a user id (`U[0-9a-f]{32}`).
pub(crate) fn is_user_id(id: &str) -> bool {
    is_chat_id(id, &['U'])
}

/// Whether `id` names a user, a group or a room.
pub(crate) fn is_recipient_id(id: &str) -> bool {
    is_chat_id(id, &['U', 'C', 'R'])
}

fn is_chat_id(id: &str, heads: &[char]) -> bool {
    id.strip_prefix(heads).is_some_and(is_hex32)
}

/// Whether `id` is one of a rich menu, as [`RichMenus::create`](crate::richmenu::RichMenus::create) makes them.
pub(crate) fn is_rich_menu_id(id: &str) -> bool {
    id.strip_prefix("richmenu-").is_some_and(is_hex32)
}

/// A number as LINE writes it: digits alone, no sign.
pub(crate) fn number<N: FromStr>(text: &str) -> Option<N> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn is_hex32(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_ids_have_the_form_of_the_platform() {
        assert!(is_user_id(&user_id()));
        assert!(is_user_id(&bot_user_id("secret")));
        assert_eq!(bot_user_id("secret"), bot_user_id("secret"));
        assert_eq!(event_id(1_785_540_001_000).len(), 26);
    }

    #[test]
    fn a_number_has_no_sign() {
        assert_eq!(
            [number("09"), number("300"), number("+9"), number("-9"), number("")],
            [Some(9_u8), None, None, None, None]
        );
    }

    #[test]
    fn other_ids_are_no_user_ids() {
        for id in ["", "U", "U0011", "C00112233445566778899aabbccddeeff", "U00112233445566778899AABBCCDDEEFF"]
        {
            assert!(!is_user_id(id), "{id}");
        }
        assert!(is_recipient_id("C00112233445566778899aabbccddeeff"));
    }
}
