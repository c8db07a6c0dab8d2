//! Where an event comes from.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::{GroupId, RawJson, RoomId, UserId};

/// Where an event comes from. In groups and rooms the user is known only if they allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A chat between one user and the bot.
    User {
        /// The user.
        user_id: Option<UserId>,
    },
    /// A group chat.
    Group {
        /// The group.
        group_id: GroupId,
        /// Who acted.
        user_id: Option<UserId>,
    },
    /// A multi-person chat of the older kind.
    Room {
        /// The room.
        room_id: RoomId,
        /// Who acted.
        user_id: Option<UserId>,
    },
    /// A kind this crate does not know, or a group or room without its id, kept whole.
    Unknown(RawJson),
}

impl Source {
    /// The user who acted, where known.
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::User { user_id } | Self::Group { user_id, .. } | Self::Room { user_id, .. } => {
                user_id.as_ref()
            }
            Self::Unknown(_) => None,
        }
    }

    /// Whether this is a chat between one user and the bot.
    pub fn is_one_to_one(&self) -> bool {
        matches!(self, Self::User { .. })
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let raw = RawJson::read(raw.get()).map_err(D::Error::custom)?;
        let user_id = raw.property("userId");
        Ok(match (raw.kind(), raw.property("groupId"), raw.property("roomId")) {
            (Some("user"), ..) => Self::User { user_id },
            (Some("group"), Some(group_id), _) => Self::Group { group_id, user_id },
            (Some("room"), _, Some(room_id)) => Self::Room { room_id, user_id },
            _ => Self::Unknown(raw),
        })
    }
}
