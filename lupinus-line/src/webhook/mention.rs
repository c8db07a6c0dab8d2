//! Who is mentioned in a text.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::null_is_default;
use crate::{RawJson, UserId};

/// Who is mentioned in a text. `Debug` says only how many.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// The people, at most 20.
    #[serde(default, deserialize_with = "null_is_default")]
    pub mentionees: Vec<Mentionee>,
}

/// Somebody, or everybody, mentioned in a text. `Debug` prints only the kind.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mentionee {
    /// One user.
    User {
        /// Where in the text.
        span: Span,
        /// Who, if they allowed it.
        user_id: Option<UserId>,
        /// Whether it is this bot. Absent in events of years ago.
        is_self: Option<bool>,
    },
    /// Everybody in the group.
    All {
        /// Where in the text.
        span: Span,
    },
    /// A kind this crate does not know, kept whole.
    Unknown(RawJson),
}

/// A part of a text, in UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Span {
    /// Where it begins, from 0.
    pub index: u32,
    /// How long it is.
    pub length: u32,
}

impl Mentionee {
    /// Whether it is this bot, for certain.
    pub fn is_this_bot(&self) -> bool {
        matches!(self, Self::User { is_self: Some(true), .. })
    }

    /// Where in the text the mention is, if its kind is known.
    pub const fn span(&self) -> Option<Span> {
        match self {
            Self::User { span, .. } | Self::All { span } => Some(*span),
            Self::Unknown(_) => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireUser {
    user_id: Option<UserId>,
    is_self: Option<bool>,
}

impl<'de> Deserialize<'de> for Mentionee {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        let span = || Span::deserialize(raw.value()).map_err(D::Error::custom);
        match (raw.kind(), raw.value().get("type")) {
            // Events of years ago mention without a kind: always a user.
            (Some("user"), _) | (None, None) => {
                let WireUser { user_id, is_self } =
                    WireUser::deserialize(raw.value()).map_err(D::Error::custom)?;
                Ok(Self::User { span: span()?, user_id, is_self })
            }
            (Some("all"), _) => Ok(Self::All { span: span()? }),
            _ => Ok(Self::Unknown(raw)),
        }
    }
}

impl fmt::Debug for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mention").field("mentionees", &self.mentionees.len()).finish()
    }
}

impl fmt::Debug for Mentionee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User { .. } => "User(…)",
            Self::All { .. } => "All(…)",
            Self::Unknown(_) => "Unknown(…)",
        })
    }
}
