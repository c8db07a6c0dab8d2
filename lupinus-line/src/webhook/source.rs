//! Where an event comes from.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

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
    /// A kind this crate does not know, kept whole.
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "LINE's names")]
struct Wire {
    user_id: Option<UserId>,
    group_id: Option<GroupId>,
    room_id: Option<RoomId>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        if !matches!(raw.kind(), Some("user" | "group" | "room")) {
            return Ok(Self::Unknown(raw));
        }
        let Wire { user_id, group_id, room_id } = Wire::deserialize(raw.value()).map_err(D::Error::custom)?;
        match raw.kind() {
            Some("group") => Ok(Self::Group {
                group_id: group_id.ok_or_else(|| D::Error::missing_field("groupId"))?,
                user_id,
            }),
            Some("room") => {
                Ok(Self::Room { room_id: room_id.ok_or_else(|| D::Error::missing_field("roomId"))?, user_id })
            }
            _ => Ok(Self::User { user_id }),
        }
    }
}
