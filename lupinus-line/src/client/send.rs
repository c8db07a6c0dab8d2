//! Sending.

use http::StatusCode;
use serde::{Deserialize, Serialize, Serializer};

use super::classify::is_object;
use super::{Answer, ApiError, Client, Delivery, Request, SentMessage};
use crate::decode::{maybe_odd, read};
use crate::endpoint::{self, Endpoint};
use crate::{GroupId, Messages, ReplyToken, RetryKey, RoomId, UserId};

/// Most recipients of one multicast, and most users of one bulk call on rich menus
/// ([source](https://developers.line.biz/en/reference/messaging-api/#send-multicast-message)).
pub const MAX_RECIPIENTS: usize = 500;

/// The answer to one event. Free of charge; its token serves once, for about a minute.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    #[expect(clippy::struct_field_names, reason = "LINE's name")]
    reply_token: ReplyToken,
    messages: Messages,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
}

/// Messages to one user, group or room.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Push {
    to: Recipient,
    messages: Messages,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_aggregation_units: Option<[AggregationUnit; 1]>,
}

/// Messages to up to [`MAX_RECIPIENTS`] users.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Multicast {
    to: Recipients,
    messages: Messages,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_aggregation_units: Option<[AggregationUnit; 1]>,
}

/// Messages to all friends of the account.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Broadcast {
    messages: Messages,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(super) const fn is_false(value: &bool) -> bool {
    !*value
}

/// Whom a push goes to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Recipient {
    /// A user.
    User(UserId),
    /// A group.
    Group(GroupId),
    /// A room.
    Room(RoomId),
}

impl From<UserId> for Recipient {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<GroupId> for Recipient {
    fn from(id: GroupId) -> Self {
        Self::Group(id)
    }
}

impl From<RoomId> for Recipient {
    fn from(id: RoomId) -> Self {
        Self::Room(id)
    }
}

/// One to [`MAX_RECIPIENTS`] users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Recipients(Vec<UserId>);

/// Nobody, or more than [`MAX_RECIPIENTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} recipients, allowed are 1 to {MAX_RECIPIENTS}")]
pub struct TooManyRecipients(pub usize);

impl Recipients {
    /// Checks the number and wraps the users.
    ///
    /// # Errors
    /// [`TooManyRecipients`], also for none.
    pub fn new(users: impl IntoIterator<Item = UserId>) -> Result<Self, TooManyRecipients> {
        let users: Vec<_> = users.into_iter().collect();
        if (1..=MAX_RECIPIENTS).contains(&users.len()) {
            Ok(Self(users))
        } else {
            Err(TooManyRecipients(users.len()))
        }
    }

    /// The users in order.
    pub fn as_slice(&self) -> &[UserId] {
        &self.0
    }
}

/// Name under which LINE counts opens and clicks: 1 to 30 of letters, digits, `_`
/// ([source](https://developers.line.biz/en/reference/messaging-api/#send-push-message)).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct AggregationUnit(String);

impl Serialize for AggregationUnit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl AggregationUnit {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`InvalidId`](crate::InvalidId).
    pub fn new(name: impl Into<String>) -> Result<Self, crate::InvalidId> {
        let name = name.into();
        let valid = (1..=30).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if valid { Ok(Self(name)) } else { Err(crate::InvalidId::of("aggregation unit")) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AggregationUnit {
    type Error = crate::InvalidId;

    fn try_from(name: String) -> Result<Self, crate::InvalidId> {
        Self::new(name)
    }
}

/// A way of sending, where only that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendKind {
    /// To the sender of an event.
    Reply,
    /// To one user, group or room.
    Push,
    /// To several users.
    Multicast,
    /// To an audience of LINE's.
    Narrowcast,
    /// To all friends.
    Broadcast,
}

impl Reply {
    /// An answer.
    pub const fn new(token: ReplyToken, messages: Messages) -> Self {
        Self { reply_token: token, messages, notification_disabled: false }
    }

    /// Without notification on the phone.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }
}

impl Push {
    /// Messages to one user, group or room.
    pub fn new(to: impl Into<Recipient>, messages: Messages) -> Self {
        Self { to: to.into(), messages, notification_disabled: false, custom_aggregation_units: None }
    }

    /// Without notification on the phone.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }

    /// Counted by LINE under a name.
    pub fn counted_as(mut self, unit: AggregationUnit) -> Self {
        self.custom_aggregation_units = Some([unit]);
        self
    }
}

impl Multicast {
    /// Messages to several users.
    pub const fn new(to: Recipients, messages: Messages) -> Self {
        Self { to, messages, notification_disabled: false, custom_aggregation_units: None }
    }

    /// Without notification on the phones.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }

    /// Counted by LINE under a name.
    pub fn counted_as(mut self, unit: AggregationUnit) -> Self {
        self.custom_aggregation_units = Some([unit]);
        self
    }
}

impl Broadcast {
    /// Messages to all friends.
    pub const fn new(messages: Messages) -> Self {
        Self { messages, notification_disabled: false }
    }

    /// Without notification on the phones.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }
}

impl Client {
    /// Answers an event. Takes no retry key: after an [ambiguous](ApiError::Ambiguous) try, the same token either
    /// works or is [refused](ApiError::InvalidReplyToken), which within the token's minute means that the try
    /// had been accepted.
    ///
    /// # Errors
    /// [`ApiError::InvalidReplyToken`], [`ApiError::Refused`], or any other.
    pub async fn reply(&self, reply: &Reply) -> Result<Delivery, ApiError> {
        self.deliver(Request::new(endpoint::REPLY).json(reply)).await
    }

    /// Sends to one user, group or room. The same `key` within 24 hours never sends twice: LINE answers 409, here
    /// [`Delivery::AlreadyAccepted`].
    ///
    /// # Errors
    /// [`ApiError::Refused`]: never repeat. [`ApiError::Ambiguous`], [`ApiError::Unreachable`],
    /// [`ApiError::RateLimited`]: later, same key. [`ApiError::QuotaExhausted`]: next month. Or any other.
    pub async fn push(&self, push: &Push, key: RetryKey) -> Result<Delivery, ApiError> {
        self.deliver(Request::new(endpoint::PUSH).json(push).retry_key(key)).await
    }

    /// Sends to up to [`MAX_RECIPIENTS`] users; see [`push`](Self::push) for the key, and
    /// [`multicast_all`](Self::multicast_all) for more users. At most 200 calls a second.
    ///
    /// # Errors
    /// As for [`push`](Self::push). One malformed id refuses the whole.
    pub async fn multicast(&self, multicast: &Multicast, key: RetryKey) -> Result<Delivery, ApiError> {
        self.deliver(Request::new(endpoint::MULTICAST).json(multicast).retry_key(key)).await
    }

    /// Sends to all friends; see [`push`](Self::push) for the key. At most 60 calls an hour.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub async fn broadcast(&self, broadcast: &Broadcast, key: RetryKey) -> Result<Delivery, ApiError> {
        self.deliver(Request::new(endpoint::BROADCAST).json(broadcast).retry_key(key)).await
    }

    /// Asks LINE whether it would take these messages, sending nothing.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the paths of what is wrong, or any other.
    pub async fn validate(&self, kind: SendKind, messages: &Messages) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        struct Body<'a> {
            messages: &'a Messages,
        }
        let endpoint: Endpoint = match kind {
            SendKind::Reply => endpoint::VALIDATE_REPLY,
            SendKind::Push => endpoint::VALIDATE_PUSH,
            SendKind::Multicast => endpoint::VALIDATE_MULTICAST,
            SendKind::Narrowcast => endpoint::VALIDATE_NARROWCAST,
            SendKind::Broadcast => endpoint::VALIDATE_BROADCAST,
        };
        self.call(Request::new(endpoint).json(&Body { messages })).await
    }

    /// A good status is an acceptance if LINE itself gave it: by an id of the request, or by ids of messages. A broken or
    /// strange body then changes nothing; without either, a proxy may have answered, and nothing is certain.
    pub(super) async fn deliver(&self, request: Request) -> Result<Delivery, ApiError> {
        let (answer, complete) = self.exchange(&request).await?;
        let sent =
            std::str::from_utf8(&answer.body).ok().and_then(|body| read::<Sent>(body).ok()?.sent_messages);
        if answer.request_id.is_none() && answer.accepted_request_id.is_none() && sent.is_none() {
            complete?;
            return Err(answer.not_line());
        }
        let sent = sent.unwrap_or_default();
        Ok(if answer.status == StatusCode::CONFLICT {
            Delivery::AlreadyAccepted {
                accepted_request_id: answer.accepted_request_id,
                request_id: answer.request_id,
                sent,
            }
        } else {
            Delivery::Accepted { request_id: answer.request_id, sent }
        })
    }

    /// A call whose good answer says nothing. Some of LINE's hosts name no request; their bodies are empty, or objects.
    pub(super) async fn call(&self, request: Request) -> Result<Answer<()>, ApiError> {
        let (answer, complete) = self.exchange(&request).await?;
        if answer.request_id.is_none() {
            complete?;
            if !answer.body.is_empty() && !is_object(&answer.body) {
                return Err(answer.not_line());
            }
        }
        Ok(answer.done())
    }

    /// A call whose good answer is JSON.
    pub(super) async fn fetch<T: serde::de::DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<Answer<T>, ApiError> {
        self.request(&request).await?.json()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(default, deserialize_with = "maybe_odd")]
    sent_messages: Option<Vec<SentMessage>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn user(n: usize) -> UserId {
        UserId::new(format!("U{n:032x}")).unwrap()
    }

    #[test]
    fn a_multicast_has_one_to_five_hundred_recipients() {
        for (count, ok) in [(0, false), (1, true), (500, true), (501, false)] {
            assert_eq!(Recipients::new((0..count).map(user)).is_ok(), ok, "{count}");
        }
    }

    #[test]
    fn sends_serialise_as_documented() {
        let messages = Messages::from(Message::text("a").unwrap());
        let unit = AggregationUnit::new("post_1").unwrap();
        assert_eq!(
            serde_json::to_string(&Push::new(user(1), messages.clone()).silently().counted_as(unit)).unwrap(),
            r#"{"to":"U00000000000000000000000000000001","messages":[{"type":"text","text":"a"}],"notificationDisabled":true,"customAggregationUnits":["post_1"]}"#
        );
        assert_eq!(
            serde_json::to_string(&Broadcast::new(messages.clone())).unwrap(),
            r#"{"messages":[{"type":"text","text":"a"}]}"#
        );
        let reply = Reply::new(ReplyToken::new("4c1d").unwrap(), messages);
        assert_eq!(
            serde_json::to_string(&reply).unwrap(),
            r#"{"replyToken":"4c1d","messages":[{"type":"text","text":"a"}]}"#
        );
        assert!(!format!("{reply:?}").contains("4c1d"));
    }

    #[test]
    fn names_to_count_under_are_checked() {
        assert!(AggregationUnit::new("a".repeat(30)).is_ok());
        assert!(AggregationUnit::new("a".repeat(31)).is_err());
        assert!(AggregationUnit::new("a-b").is_err());
    }
}
