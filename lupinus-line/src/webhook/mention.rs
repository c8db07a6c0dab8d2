//! Who is mentioned in a text.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::odd_are_left_out;
use crate::{RawJson, UserId};

/// Who is mentioned in a text. `Debug` says only how many.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// The people, at most 20.
    #[serde(default, deserialize_with = "odd_are_left_out")]
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
    /// A kind this crate does not know, or a mention that does not say where it is, kept whole.
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

impl<'de> Deserialize<'de> for Mentionee {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let raw = RawJson::read(raw.get()).map_err(D::Error::custom)?;
        let Ok(span) = Span::deserialize(raw.value()) else { return Ok(Self::Unknown(raw)) };
        Ok(match (raw.kind(), raw.value().get("type")) {
            // Events of years ago mention without a kind: always a user.
            (Some("user"), _) | (None, None) => {
                Self::User { span, user_id: raw.property("userId"), is_self: raw.property("isSelf") }
            }
            (Some("all"), _) => Self::All { span },
            _ => Self::Unknown(raw),
        })
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
