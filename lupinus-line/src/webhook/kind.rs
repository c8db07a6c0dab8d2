//! What an event says happened.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::event::Wire;
use super::{ReceivedMessage, Source, odd_are_left_out, odd_is_default, read};
use crate::open::open_enum;
use crate::{DecodeError, MembershipId, MessageId, RawJson, RichMenuAliasId};

/// What happened. LINE adds kinds without notice; one that this crate does not know is kept whole.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// Somebody sent a message.
    Message(ReceivedMessage),
    /// Somebody edited a message in a group: the same message id, the new content. Of several the latest counts.
    MessageEdited(ReceivedMessage),
    /// Somebody took a message back: it must no longer be seen or used.
    Unsend {
        /// The message taken back.
        message_id: MessageId,
    },
    /// Somebody added the bot as a friend or unblocked it.
    Follow(Follow),
    /// Somebody blocked the bot.
    Unfollow,
    /// The bot was added to a group or room.
    Join,
    /// The bot left a group or room, or was removed.
    Leave,
    /// People came into a group or room.
    MemberJoined(Members),
    /// People left a group or room.
    MemberLeft(Members),
    /// Somebody tapped something that carries data.
    Postback(Postback),
    /// Somebody watched a video, sent with a tracking id, to its end. The id is not printed.
    VideoPlayComplete {
        /// The tracking id.
        tracking_id: String,
    },
    /// Somebody came near a beacon.
    Beacon(Beacon),
    /// Somebody linked their account of another service, or failed to.
    AccountLink(AccountLink),
    /// Somebody joined, left or renewed a paid membership.
    Membership(Membership),
    /// A LINE notification message was delivered.
    Delivery {
        /// Hash of the phone number, or the sender's own tag.
        data: String,
    },
    /// A module channel was attached or detached.
    Module(Module),
    /// The module has the chat.
    Activated {
        /// Until when.
        expire_at: Option<Timestamp>,
    },
    /// The module no longer has the chat.
    Deactivated,
    /// The account was suspended.
    BotSuspended,
    /// The account is active again.
    BotResumed,
    /// A kind this crate does not know.
    Unknown(RawJson),
}

/// How a follow came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Follow {
    /// Whether it was an unblocking. LINE does not vouch for it; absent in events of years ago.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub is_unblocked: Option<bool>,
}

/// People who came or went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Members {
    /// Each as the source of an event, of the kind `User`.
    pub members: Vec<Source>,
}

/// The data of something tapped. Not printed: what a person chose may be personal.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Postback {
    /// The data of the action, as the bot made it.
    pub data: String,
    /// What was picked, for a date picker or a rich menu switch.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub params: Option<PostbackParams>,
}

/// What somebody picked.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PostbackParams {
    /// `2026-07-01`, from a picker of dates.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub date: Option<String>,
    /// `09:30`, from a picker of times.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub time: Option<String>,
    /// `2026-07-01T09:30`, without a time zone, from a picker of both.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub datetime: Option<String>,
    /// The menu switched to.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub new_rich_menu_alias_id: Option<RichMenuAliasId>,
    /// How a menu switch ended.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub status: Option<MenuSwitch>,
}

open_enum! {
    /// How the switch of a rich menu ended.
    MenuSwitch {
        /// The menu is another.
        Success = "SUCCESS",
        /// There is no such alias.
        AliasNotFound = "RICHMENU_ALIAS_ID_NOTFOUND",
        /// The alias names a menu that is no more.
        MenuNotFound = "RICHMENU_NOTFOUND",
        /// It failed otherwise.
        Failed = "FAILED",
    }
}

/// A beacon met. `Debug` shows only how: which one tells where somebody was.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Beacon {
    /// Hardware id.
    pub hwid: String,
    /// How it was met.
    #[serde(rename = "type")]
    pub kind: BeaconKind,
    /// Device message, hexadecimal.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub dm: Option<String>,
}

open_enum! {
    /// How a beacon was met.
    BeaconKind {
        /// Somebody came into its reach.
        Enter = "enter",
        /// Somebody tapped its banner.
        Banner = "banner",
        /// Somebody stays in its reach; at least 10 seconds lie between two of these.
        Stay = "stay",
    }
}

/// The end of an account link.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccountLink {
    /// How it ended.
    pub result: LinkResult,
    /// The nonce the service made.
    pub nonce: String,
}

open_enum! {
    /// How an account link ended.
    LinkResult {
        /// The accounts are linked.
        Ok = "ok",
        /// They are not.
        Failed = "failed",
    }
}

/// A change of a paid membership.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Membership {
    /// What became of it.
    #[serde(rename = "type")]
    pub kind: MembershipKind,
    /// The membership plan.
    pub membership_id: MembershipId,
}

open_enum! {
    /// What became of a paid membership. A change of plan comes as one left and one joined.
    MembershipKind {
        /// It began.
        Joined = "joined",
        /// It ended.
        Left = "left",
        /// It goes on.
        Renewed = "renewed",
    }
}

/// A module channel attached or detached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Module {
    /// Which of the two.
    #[serde(rename = "type")]
    pub kind: ModuleKind,
    /// The bot.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub bot_id: Option<String>,
    /// What the module may do, when attached.
    #[serde(default, deserialize_with = "odd_are_left_out")]
    pub scopes: Vec<String>,
    /// Why it was detached: `bot_deleted`, or newer. Not always there.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub reason: Option<String>,
}

open_enum! {
    /// Whether a module channel was attached or detached.
    ModuleKind {
        /// It was attached.
        Attached = "attached",
        /// It was detached.
        Detached = "detached",
    }
}

impl std::fmt::Debug for Postback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postback").field("data_bytes", &self.data.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PostbackParams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostbackParams").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Beacon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beacon").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AccountLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountLink").field("result", &self.result).finish_non_exhaustive()
    }
}

/// What happened and to what, in one word: hashes of phone numbers, devices and tags are not printed.
impl std::fmt::Debug for EventKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message(message) | Self::MessageEdited(message) => {
                f.debug_tuple(self.name()).field(message).finish()
            }
            Self::Postback(postback) => f.debug_tuple(self.name()).field(postback).finish(),
            other => f.write_str(other.name()),
        }
    }
}

impl EventKind {
    /// The kind by LINE's name, fit for logs and metrics; `"unknown"` for one this crate does not know.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::MessageEdited(_) => "messageEdited",
            Self::Unsend { .. } => "unsend",
            Self::Follow(_) => "follow",
            Self::Unfollow => "unfollow",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::MemberJoined(_) => "memberJoined",
            Self::MemberLeft(_) => "memberLeft",
            Self::Postback(_) => "postback",
            Self::VideoPlayComplete { .. } => "videoPlayComplete",
            Self::Beacon(_) => "beacon",
            Self::AccountLink(_) => "accountLink",
            Self::Membership(_) => "membership",
            Self::Delivery { .. } => "delivery",
            Self::Module(_) => "module",
            Self::Activated { .. } => "activated",
            Self::Deactivated => "deactivated",
            Self::BotSuspended => "botSuspended",
            Self::BotResumed => "botResumed",
            Self::Unknown(_) => "unknown",
        }
    }

    pub(super) fn decode(wire: &Wire<'_>, whole: &str) -> Result<Self, DecodeError> {
        Ok(match wire.name.as_ref() {
            "message" => Self::Message(payload(whole, "message", wire.message)?),
            "messageEdited" => Self::MessageEdited(payload(whole, "message", wire.message)?),
            "unsend" => {
                Self::Unsend { message_id: payload::<Unsend>(whole, "unsend", wire.unsend)?.message_id }
            }
            "follow" => {
                Self::Follow(wire.follow.and_then(|follow| read(follow.get()).ok()).unwrap_or_default())
            }
            "unfollow" => Self::Unfollow,
            "join" => Self::Join,
            "leave" => Self::Leave,
            "memberJoined" => Self::MemberJoined(payload(whole, "joined", wire.joined)?),
            "memberLeft" => Self::MemberLeft(payload(whole, "left", wire.left)?),
            "postback" => Self::Postback(payload(whole, "postback", wire.postback)?),
            "videoPlayComplete" => Self::VideoPlayComplete {
                tracking_id: payload::<Watched>(whole, "videoPlayComplete", wire.video_play_complete)?
                    .tracking_id,
            },
            "beacon" => Self::Beacon(payload(whole, "beacon", wire.beacon)?),
            "accountLink" => Self::AccountLink(payload(whole, "link", wire.link)?),
            "membership" => Self::Membership(payload(whole, "membership", wire.membership)?),
            "delivery" => {
                Self::Delivery { data: payload::<Delivered>(whole, "delivery", wire.delivery)?.data }
            }
            "module" => Self::Module(payload(whole, "module", wire.module)?),
            "activated" => Self::Activated {
                expire_at: wire
                    .chat_control
                    .and_then(|control| read::<ChatControl>(control.get()).ok()?.expire_at)
                    .and_then(|at| Timestamp::from_millisecond(at).ok()),
            },
            "deactivated" => Self::Deactivated,
            "botSuspended" => Self::BotSuspended,
            "botResumed" => Self::BotResumed,
            _ => Self::Unknown(RawJson::read(whole)?),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unsend {
    message_id: MessageId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Watched {
    tracking_id: String,
}

#[derive(Deserialize)]
struct Delivered {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChatControl {
    #[serde(default, deserialize_with = "odd_is_default")]
    expire_at: Option<i64>,
}

/// The property that is a kind's own.
fn payload<T: DeserializeOwned>(
    whole: &str,
    name: &'static str,
    raw: Option<&RawValue>,
) -> Result<T, DecodeError> {
    let raw = raw.ok_or_else(|| DecodeError::SHAPE.in_property(name))?;
    serde_json::from_str(raw.get()).map_err(|error: serde_json::Error| {
        DecodeError::from(error).in_part(whole, raw.get()).in_property(name)
    })
}
