//! Sending to an audience of LINE's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::send::is_false;
use super::{Answer, ApiError, Client, Delivery, Request};
use crate::open::open_enum;
use crate::{AudienceId, InvalidId, Messages, RequestId, RetryKey, endpoint};

/// Most audiences and earlier narrowcasts in one [`Target`], and most conditions in one [`Filter`]
/// ([source](https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message)).
pub const MAX_CONDITIONS: usize = 10;

/// Messages to an audience. LINE refuses audiences below 50, and 100 where attributes of people are used.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Narrowcast {
    messages: Messages,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<FilterBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
}

#[derive(Clone, Debug, Serialize)]
struct FilterBody {
    demographic: Filter,
}

/// Why a condition cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCondition {
    /// A list of conditions is empty.
    #[error("a condition combines nothing")]
    Empty,
    /// More than [`MAX_CONDITIONS`] in all.
    #[error("{0} conditions, allowed are {MAX_CONDITIONS}")]
    TooMany(usize),
    /// The lower bound is not below the upper one, or neither is there.
    #[error("a range has no inside")]
    Range,
}

/// To whom: audiences and the recipients of earlier narrowcasts, combined. At most [`MAX_CONDITIONS`] of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Target(Node<Who>);

/// A condition on what LINE knows of people. At most [`MAX_CONDITIONS`] of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Filter(Node<Attribute>);

#[derive(Clone, Debug, PartialEq)]
enum Node<T> {
    One(T),
    And(Vec<Node<T>>),
    Or(Vec<Node<T>>),
    Not(Box<Node<T>>),
}

impl<T> Node<T> {
    fn leaves(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().map(Self::leaves).sum(),
            Self::Not(node) => node.leaves(),
        }
    }
}

impl<T: Serialize> Serialize for Node<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = match self {
            Self::One(one) => return one.serialize(serializer),
            _ => serializer.serialize_map(Some(2))?,
        };
        map.serialize_entry("type", "operator")?;
        match self {
            Self::And(nodes) => map.serialize_entry("and", nodes)?,
            Self::Or(nodes) => map.serialize_entry("or", nodes)?,
            Self::Not(node) => map.serialize_entry("not", node)?,
            Self::One(_) => {}
        }
        map.end()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Who {
    Audience { audience_group_id: AudienceId },
    Redelivery { request_id: RequestId },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Attribute {
    Gender { one_of: Vec<Gender> },
    Age(Range<Age>),
    AppType { one_of: Vec<AppType> },
    Area { one_of: Vec<AreaCode> },
    SubscriptionPeriod(Range<FriendFor>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Range<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    gte: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lt: Option<T>,
}

open_enum! {
    /// Gender, as LINE estimates it.
    Gender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
    }
}

open_enum! {
    /// The kind of phone.
    AppType {
        /// iOS.
        Ios = "ios",
        /// Android.
        Android = "android",
    }
}

/// An age in years at which LINE draws a line: 15, 20, … 70.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age(u8);

/// A number of days for which somebody has been a friend, at which LINE draws a line: 7, 30, 90, 180, 365.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FriendFor(u16);

/// An area as LINE estimates it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct AreaCode(String);

impl Age {
    /// An age in years.
    ///
    /// # Errors
    /// [`InvalidId`] when it is not 15, 20, … 70.
    pub const fn new(years: u8) -> Result<Self, InvalidId> {
        if years >= 15 && years <= 70 && years.is_multiple_of(5) {
            Ok(Self(years))
        } else {
            Err(InvalidId::of("age"))
        }
    }
}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("age_{}", self.0))
    }
}

impl FriendFor {
    /// A number of days.
    ///
    /// # Errors
    /// [`InvalidId`] when it is not 7, 30, 90, 180 or 365.
    pub const fn days(days: u16) -> Result<Self, InvalidId> {
        match days {
            7 | 30 | 90 | 180 | 365 => Ok(Self(days)),
            _ => Err(InvalidId::of("number of days")),
        }
    }
}

impl Serialize for FriendFor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("day_{}", self.0))
    }
}

impl AreaCode {
    /// A prefecture of Japan by its JIS number: 1 is Hokkaido, 13 Tokyo, 47 Okinawa.
    ///
    /// # Errors
    /// [`InvalidId`] when it is not 1 to 47.
    pub fn prefecture(number: u8) -> Result<Self, InvalidId> {
        if (1..=47).contains(&number) {
            Ok(Self(format!("jp_{number:02}")))
        } else {
            Err(InvalidId::of("prefecture"))
        }
    }

    /// An area by LINE's code, `tw_01` for instance.
    ///
    /// # Errors
    /// [`InvalidId`] when it has not the form of two letters, `_` and two digits.
    pub fn code(code: &str) -> Result<Self, InvalidId> {
        let formed = code.split_once('_').is_some_and(|(country, number)| {
            country.len() == 2
                && country.bytes().all(|byte| byte.is_ascii_lowercase())
                && number.len() == 2
                && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if formed { Ok(Self(code.to_owned())) } else { Err(InvalidId::of("area")) }
    }
}

macro_rules! combinations {
    ($name:ident) => {
        impl $name {
            /// Those to whom all of these apply.
            ///
            /// # Errors
            /// [`InvalidCondition`].
            pub fn all(of: impl IntoIterator<Item = Self>) -> Result<Self, InvalidCondition> {
                Self::checked(Node::And(of.into_iter().map(|one| one.0).collect()))
            }

            /// Those to whom at least one of these applies.
            ///
            /// # Errors
            /// [`InvalidCondition`].
            pub fn any(of: impl IntoIterator<Item = Self>) -> Result<Self, InvalidCondition> {
                Self::checked(Node::Or(of.into_iter().map(|one| one.0).collect()))
            }

            /// Those to whom this does not apply.
            pub fn except(of: Self) -> Self {
                Self(Node::Not(Box::new(of.0)))
            }

            fn checked(node: Node<<Self as Leaf>::Of>) -> Result<Self, InvalidCondition> {
                let empty = matches!(&node, Node::And(nodes) | Node::Or(nodes) if nodes.is_empty());
                match node.leaves() {
                    _ if empty => Err(InvalidCondition::Empty),
                    leaves if leaves > MAX_CONDITIONS => Err(InvalidCondition::TooMany(leaves)),
                    _ => Ok(Self(node)),
                }
            }
        }
    };
}

/// What the leaves of a condition are.
trait Leaf {
    type Of;
}

impl Leaf for Target {
    type Of = Who;
}

impl Leaf for Filter {
    type Of = Attribute;
}

combinations!(Target);
combinations!(Filter);

impl Target {
    /// An audience.
    pub const fn audience(id: AudienceId) -> Self {
        Self(Node::One(Who::Audience { audience_group_id: id }))
    }

    /// Whom an earlier narrowcast went to: one that succeeded less than 14 days ago.
    pub const fn recipients_of(narrowcast: RequestId) -> Self {
        Self(Node::One(Who::Redelivery { request_id: narrowcast }))
    }
}

impl Filter {
    /// One of these genders.
    ///
    /// # Errors
    /// [`InvalidCondition::Empty`].
    pub fn gender(one_of: impl IntoIterator<Item = Gender>) -> Result<Self, InvalidCondition> {
        Ok(Self(Node::One(Attribute::Gender { one_of: some(one_of)? })))
    }

    /// One of these kinds of phone.
    ///
    /// # Errors
    /// [`InvalidCondition::Empty`].
    pub fn app_type(one_of: impl IntoIterator<Item = AppType>) -> Result<Self, InvalidCondition> {
        Ok(Self(Node::One(Attribute::AppType { one_of: some(one_of)? })))
    }

    /// One of these areas.
    ///
    /// # Errors
    /// [`InvalidCondition::Empty`].
    pub fn area(one_of: impl IntoIterator<Item = AreaCode>) -> Result<Self, InvalidCondition> {
        Ok(Self(Node::One(Attribute::Area { one_of: some(one_of)? })))
    }

    /// At least as old as the first, and younger than the second.
    ///
    /// # Errors
    /// [`InvalidCondition::Range`].
    pub fn age(from: Option<Age>, below: Option<Age>) -> Result<Self, InvalidCondition> {
        Ok(Self(Node::One(Attribute::Age(range(from, below)?))))
    }

    /// A friend for at least the first, and for less than the second.
    ///
    /// # Errors
    /// [`InvalidCondition::Range`].
    pub fn friend_for(from: Option<FriendFor>, below: Option<FriendFor>) -> Result<Self, InvalidCondition> {
        Ok(Self(Node::One(Attribute::SubscriptionPeriod(range(from, below)?))))
    }
}

fn some<T>(of: impl IntoIterator<Item = T>) -> Result<Vec<T>, InvalidCondition> {
    let all: Vec<T> = of.into_iter().collect();
    if all.is_empty() { Err(InvalidCondition::Empty) } else { Ok(all) }
}

fn range<T: PartialOrd>(gte: Option<T>, lt: Option<T>) -> Result<Range<T>, InvalidCondition> {
    match (&gte, &lt) {
        (None, None) => Err(InvalidCondition::Range),
        (Some(from), Some(below)) if from >= below => Err(InvalidCondition::Range),
        _ => Ok(Range { gte, lt }),
    }
}

/// How many a narrowcast may reach, chosen at random. Without one LINE sets the whole reach of the account aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<std::num::NonZeroU32>,
    #[serde(skip_serializing_if = "is_false")]
    up_to_remaining_quota: bool,
    #[serde(skip_serializing_if = "is_false")]
    forbid_partial_delivery: bool,
}

impl Limit {
    /// At most so many.
    pub const fn at_most(people: std::num::NonZeroU32) -> Self {
        Self { max: Some(people), up_to_remaining_quota: false, forbid_partial_delivery: false }
    }

    /// As many as the month's messages allow.
    pub const fn up_to_remaining_quota() -> Self {
        Self { max: None, up_to_remaining_quota: true, forbid_partial_delivery: false }
    }

    /// Everybody or nobody, as the month's messages allow.
    pub const fn whole_or_nothing() -> Self {
        Self { max: None, up_to_remaining_quota: true, forbid_partial_delivery: true }
    }
}

impl Narrowcast {
    /// Messages to all friends, until [`to`](Self::to) or [`only`](Self::only) say otherwise.
    pub const fn new(messages: Messages) -> Self {
        Self { messages, recipient: None, filter: None, limit: None, notification_disabled: false }
    }

    /// To these alone.
    pub fn to(mut self, target: Target) -> Self {
        self.recipient = Some(target);
        self
    }

    /// Only to people to whom this applies. Needs a reach of 100.
    pub fn only(mut self, filter: Filter) -> Self {
        self.filter = Some(FilterBody { demographic: filter });
        self
    }

    /// Only to so many.
    pub const fn limit(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Without notification on the phones.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }
}

open_enum! {
    /// How far a narrowcast has got.
    NarrowcastPhase {
        /// LINE is choosing the recipients.
        Waiting = "waiting",
        /// It is being sent.
        Sending = "sending",
        /// It was sent.
        Succeeded = "succeeded",
        /// It failed; the progress says why.
        Failed = "failed",
    }
}

/// How far a narrowcast has got.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NarrowcastProgress {
    /// The stage.
    pub phase: NarrowcastPhase,
    /// How many it has reached; not while waiting.
    pub success_count: Option<u64>,
    /// How many it could not be sent to; not while waiting.
    pub failure_count: Option<u64>,
    /// How many it is meant for; not while waiting.
    pub target_count: Option<u64>,
    /// Why it failed, in English.
    pub failed_description: Option<String>,
    /// Why it failed: 1 a fault of LINE's, 2 too few recipients, 3 it had been accepted before, 4 an audience below 50,
    /// 5 it would not have reached everybody.
    pub error_code: Option<i64>,
    /// When LINE accepted it.
    pub accepted_time: Timestamp,
    /// When it ended.
    pub completed_time: Option<Timestamp>,
}

impl Client {
    /// Sends to an audience; see [`push`](Self::push) for the key. LINE accepts first and sends later: ask for the
    /// [progress](Self::narrowcast_progress) with the request id of the answer. At most 60 calls an hour.
    /// See [LINE docs/Send narrowcast message](https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message).
    ///
    /// # Errors
    /// As for [`push`](Self::push); [`ApiError::Refused`] with 403 when the account has too few friends for attributes.
    pub async fn narrowcast(&self, narrowcast: &Narrowcast, key: RetryKey) -> Result<Delivery, ApiError> {
        self.deliver(Request::new(endpoint::NARROWCAST).json(narrowcast).retry_key(key)).await
    }

    /// How far a narrowcast has got, by the request id with which it was accepted. For 14 days.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 for any other request id, or any other.
    pub async fn narrowcast_progress(&self, id: &RequestId) -> Result<Answer<NarrowcastProgress>, ApiError> {
        self.fetch(Request::new(endpoint::NARROWCAST_PROGRESS).query("requestId", id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn audience(id: u64) -> Target {
        Target::audience(AudienceId::new(id))
    }

    #[test]
    fn a_narrowcast_is_written_as_documented() {
        let target =
            Target::all([audience(1), Target::except(Target::recipients_of(RequestId::new("r").unwrap()))])
                .unwrap();
        let filter = Filter::any([
            Filter::gender([Gender::Female]).unwrap(),
            Filter::age(Some(Age::new(20).unwrap()), Some(Age::new(25).unwrap())).unwrap(),
            Filter::area([AreaCode::prefecture(1).unwrap(), AreaCode::code("tw_22").unwrap()]).unwrap(),
            Filter::app_type([AppType::Ios]).unwrap(),
            Filter::friend_for(None, Some(FriendFor::days(7).unwrap())).unwrap(),
        ]);
        let narrowcast = Narrowcast::new(Message::text("a").unwrap().into())
            .to(target)
            .only(filter.unwrap())
            .limit(Limit::whole_or_nothing())
            .silently();
        assert_eq!(
            serde_json::to_string(&narrowcast).unwrap(),
            concat!(
                r#"{"messages":[{"type":"text","text":"a"}],"#,
                r#""recipient":{"type":"operator","and":[{"type":"audience","audienceGroupId":1},"#,
                r#"{"type":"operator","not":{"type":"redelivery","requestId":"r"}}]},"#,
                r#""filter":{"demographic":{"type":"operator","or":[{"type":"gender","oneOf":["female"]},"#,
                r#"{"type":"age","gte":"age_20","lt":"age_25"},{"type":"area","oneOf":["jp_01","tw_22"]},"#,
                r#"{"type":"appType","oneOf":["ios"]},{"type":"subscriptionPeriod","lt":"day_7"}]}},"#,
                r#""limit":{"upToRemainingQuota":true,"forbidPartialDelivery":true},"notificationDisabled":true}"#
            )
        );
    }

    #[test]
    fn an_unset_limit_is_absent_and_never_zero() {
        let plain = Narrowcast::new(Message::text("a").unwrap().into());
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"messages":[{"type":"text","text":"a"}]}"#);
        let limit = Limit::at_most(std::num::NonZeroU32::MIN);
        assert_eq!(serde_json::to_string(&limit).unwrap(), r#"{"max":1}"#);
    }

    #[test]
    fn conditions_are_counted_through_every_level() {
        let ten = Target::any((0..10).map(audience)).unwrap();
        assert_eq!(Target::all([ten, audience(11)]).unwrap_err(), InvalidCondition::TooMany(11));
        assert_eq!(Target::all([]).unwrap_err(), InvalidCondition::Empty);
        assert_eq!(Filter::gender([]).unwrap_err(), InvalidCondition::Empty);
    }

    #[test]
    fn ranges_have_an_inside() {
        let age = |years| Some(Age::new(years).unwrap());
        assert!(Filter::age(age(20), age(20)).is_err() && Filter::age(None, None).is_err());
        assert!(Filter::age(age(70), None).is_ok());
        for (years, ok) in [(14, false), (15, true), (16, false), (70, true), (75, false)] {
            assert_eq!(Age::new(years).is_ok(), ok, "{years}");
        }
        assert!(FriendFor::days(8).is_err());
        for (number, ok) in [(0, false), (1, true), (47, true), (48, false)] {
            assert_eq!(AreaCode::prefecture(number).is_ok(), ok, "{number}");
        }
        assert!(AreaCode::code("jp_1").is_err() && AreaCode::code("日本_01").is_err());
    }
}
