//! Names that LINE gives to things, each with a type of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// Longest opaque id or token that is accepted, in bytes. LINE states no bound; its longest known id has 41, its
/// tokens stay far below this.
const MAX_OPAQUE_BYTES: usize = 512;

/// A text that is no id of the wanted kind. The text is not repeated: it may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(&'static str);

impl InvalidId {
    pub(crate) const fn of(what: &'static str) -> Self {
        Self(what)
    }
}

macro_rules! checked_id {
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal, $valid:path, $debug:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// Checks and wraps an id.
            ///
            /// # Errors
            /// [`InvalidId`] when the text has not the form of such an id.
            pub fn new(id: impl Into<String>) -> Result<Self, InvalidId> {
                let id = id.into();
                if $valid(&id) { Ok(Self(id)) } else { Err(InvalidId($what)) }
            }

            /// The id as LINE writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(id: String) -> Result<Self, InvalidId> {
                Self::new(id)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(id: &str) -> Result<Self, InvalidId> {
                Self::new(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        checked_id!(@$debug $name);
    };
    (@hidden $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
    (@shown $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_id! {
    /// A user of LINE as one provider sees them, or a bot: `U` and 32 lower-case hexadecimal digits
    /// ([form](https://developers.line.biz/en/docs/messaging-api/getting-user-ids/)).
    /// Personal data: there is no `Display`, and `Debug` prints none of it.
    ///
    /// ```
    /// use lupinus_line::UserId;
    /// let id = UserId::new("U5a1e0000111122223333444455556666")?;
    /// assert_eq!(format!("{id:?}"), "UserId(…)");
    /// assert!(UserId::new("@someone").is_err());
    /// # Ok::<(), lupinus_line::InvalidId>(())
    /// ```
    UserId, "LINE user id", is_user_id, hidden
}
checked_id! {
    /// A group chat. LINE documents no pattern; all its examples begin with `C`. Not printed by `Debug`.
    GroupId, "LINE group id", is_opaque, hidden
}
checked_id! {
    /// A multi-person chat ("room", an older kind of group). Not printed by `Debug`.
    RoomId, "LINE room id", is_opaque, hidden
}
checked_id! {
    /// One message: decimal digits as text, too long for a float.
    MessageId, "LINE message id", is_opaque, shown
}
checked_id! {
    /// One rich menu (`richmenu-` and 32 hexadecimal digits in all examples of LINE).
    RichMenuId, "LINE rich menu id", is_opaque, shown
}
checked_id! {
    /// A channel: decimal digits in all examples of LINE. No secret; logins and tokens call it `client_id`.
    ChannelId, "LINE channel id", is_opaque, shown
}
checked_id! {
    /// Names a channel access token v2.1 without giving it away.
    TokenKeyId, "LINE token key id", is_opaque, shown
}
checked_id! {
    /// Our own name for a rich menu that users can switch to: 1 to 32 of `a-z`, `0-9`, `_`, `-`
    /// ([source](https://developers.line.biz/en/reference/messaging-api/#create-rich-menu-alias)).
    RichMenuAliasId, "rich menu alias id", is_alias, shown
}
checked_id! {
    /// LINE's name for one request made to it (`x-line-request-id`): worth keeping, LINE's support asks for it.
    RequestId, "LINE request id", is_opaque, shown
}
checked_id! {
    /// Names one webhook event; the same in a redelivery, which makes it the key for dropping repeats.
    WebhookEventId, "webhook event id", is_opaque, shown
}
checked_id! {
    /// Answers one event, once, for about a minute, free of charge. Never printed.
    ReplyToken, "LINE reply token", is_opaque, hidden
}
checked_id! {
    /// Lets a text or sticker quote a message, in the chat of that message. Does not expire. Never printed.
    QuoteToken, "LINE quote token", is_opaque, hidden
}
checked_id! {
    /// Marks a message, and all before it, as read. Does not expire. Never printed.
    MarkAsReadToken, "LINE mark-as-read token", is_opaque, hidden
}

checked_id! {
    /// One coupon.
    CouponId, "LINE coupon id", is_opaque, shown
}
checked_id! {
    /// One LIFF app: the id of its channel, `-`, and 8 characters, in all examples of LINE.
    LiffId, "LIFF id", is_opaque, shown
}

/// One audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AudienceId(u64);

/// One paid plan of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MembershipId(u64);

macro_rules! number_id {
    ($($name:ident),+) => {
        $(
            impl $name {
                /// An id that LINE gave.
                pub const fn new(id: u64) -> Self {
                    Self(id)
                }

                /// The number.
                pub const fn get(self) -> u64 {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )+
    };
}

number_id!(AudienceId, MembershipId);

impl ReplyToken {
    /// Whether this is one of the dummies (all `0` or all `f`) that an older console check sends: no answer is possible.
    pub fn is_dummy(&self) -> bool {
        self.0.bytes().all(|byte| byte == b'0') || self.0.bytes().all(|byte| byte == b'f')
    }
}

/// Makes one logical send repeatable: LINE accepts a key once in 24 hours and then answers "already accepted".
/// Make one for each send, store it with the send, and use the same for every try.
/// See [LINE docs/Retrying a failed API request](https://developers.line.biz/en/docs/messaging-api/retrying-api-request/).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RetryKey(Uuid);

impl RetryKey {
    /// A key made of a UUID of the caller's.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// A fresh random key (UUIDv4).
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for RetryKey {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for RetryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_user_id(id: &str) -> bool {
    id.strip_prefix('U').is_some_and(|hex| {
        hex.len() == 32 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Printable ASCII, bounded, and neither `.` nor `..`, which a URL would swallow.
fn is_opaque(id: &str) -> bool {
    (1..=MAX_OPAQUE_BYTES).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_graphic())
        && !id.bytes().all(|byte| byte == b'.')
}

fn is_alias(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_u_and_32_hex_digits_are_a_user_id() {
        for (name, input, expected) in [
            ("documented form", "U5a1e0000111122223333444455556666", true),
            ("upper case", "U5A1E0000111122223333444455556666", false),
            ("short", "U5a1e", false),
            ("long", "U5a1e00001111222233334444555566667", false),
            ("a group", "C5a1e0000111122223333444455556666", false),
            ("multibyte", "Uああああああああああ12", false),
            ("empty", "", false),
        ] {
            assert_eq!(UserId::new(input).is_ok(), expected, "{name}");
        }
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for bad in ["", ".", "..", "a b", "a\n", "あ"] {
            assert!(MessageId::new(bad).is_err(), "{bad:?}");
        }
        assert!(RichMenuAliasId::new("Tab").is_err());
        assert!(RichMenuAliasId::new("tab-b_2").is_ok());
    }

    #[test]
    fn personal_ids_and_tokens_are_not_printed() {
        let printed = format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            UserId::new("U5a1e0000111122223333444455556666"),
            GroupId::new("C5a1e0000"),
            RoomId::new("R5a1e0000"),
            ReplyToken::new("5a1e0000"),
            QuoteToken::new("5a1e0000"),
            UserId::new("5a1e0000").unwrap_err(),
        );
        assert!(!printed.contains("5a1e"), "{printed}");
    }

    #[test]
    fn dummy_reply_tokens_are_known() {
        assert!(ReplyToken::new("0".repeat(32)).unwrap().is_dummy());
        assert!(ReplyToken::new("f".repeat(32)).unwrap().is_dummy());
        assert!(!ReplyToken::new("4c1d7000000000000000000000013556").unwrap().is_dummy());
    }

    #[test]
    fn ids_decode_checked() {
        assert!(serde_json::from_str::<UserId>("\"x\"").is_err());
        let id: UserId = serde_json::from_str("\"U5a1e0000111122223333444455556666\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"U5a1e0000111122223333444455556666\"");
    }
}
