//! Statistics. LINE tells no number below 20: such a value is `None`, which is neither 0 nor "not counted". At most 60 calls an
//! hour each; days are those of UTC+9.

use jiff::civil::Date;
use serde::Deserialize;

use super::counts::{CountStatus, day};
use super::{AggregationUnit, Answer, ApiError, Client, Request};
use crate::rich_menu::Bounds;
use crate::{RequestId, RichMenuId, endpoint};

/// How many messages were sent on a day, by kind. A kind that was not used is absent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageDeliveries {
    /// Whether LINE has counted.
    pub status: Option<CountStatus>,
    /// To all friends, by hand.
    pub broadcast: Option<u64>,
    /// To a part of the friends, by hand.
    pub targeting: Option<u64>,
    /// Of a series of messages.
    pub step_message: Option<u64>,
    /// Automatic answers.
    pub auto_response: Option<u64>,
    /// Greetings.
    pub welcome_response: Option<u64>,
    /// In LINE's own chat.
    pub chat: Option<u64>,
    /// By broadcast.
    pub api_broadcast: Option<u64>,
    /// By push.
    pub api_push: Option<u64>,
    /// By multicast.
    pub api_multicast: Option<u64>,
    /// By narrowcast.
    pub api_narrowcast: Option<u64>,
    /// By reply.
    pub api_reply: Option<u64>,
    /// Automatic answers of LINE Chat Plus.
    pub cc_auto_reply: Option<u64>,
    /// Answers by hand in LINE Chat Plus.
    pub cc_manual_reply: Option<u64>,
    /// Notification messages.
    pub pnp_notice_message: Option<u64>,
    /// Calls to LINE.
    pub pnp_call_to_line: Option<u64>,
    /// By the chat tools of others.
    pub third_party_chat_tool: Option<u64>,
}

/// How many friends there were on a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FollowerCount {
    /// Whether LINE has counted.
    pub status: Option<CountStatus>,
    /// How many ever became a friend for the first time; never falls.
    pub followers: Option<u64>,
    /// How many can be reached by attributes.
    pub targeted_reaches: Option<u64>,
    /// How many have blocked the account.
    pub blocks: Option<u64>,
}

/// Who the friends are, about three days ago. Accounts of Japan, Taiwan and Thailand with a reach of 20 or more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Demographics {
    /// Whether LINE tells.
    #[serde(default)]
    pub available: bool,
    /// By gender.
    #[serde(default)]
    pub genders: Vec<GenderShare>,
    /// By age.
    #[serde(default)]
    pub ages: Vec<AgeShare>,
    /// By area.
    #[serde(default)]
    pub areas: Vec<AreaShare>,
    /// By kind of phone.
    #[serde(default)]
    pub app_types: Vec<AppShare>,
    /// By how long they have been friends.
    #[serde(default)]
    pub subscription_periods: Vec<PeriodShare>,
}

macro_rules! shares {
    ($($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $field:ident })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Deserialize)]
            #[serde(rename_all = "camelCase")]
            #[non_exhaustive]
            pub struct $name {
                $(#[$fdoc])*
                pub $field: Option<String>,
                /// How much of the friends, in percent.
                pub percentage: Option<f64>,
            }
        )+
    };
}

shares! {
    /// A part of the friends by gender.
    GenderShare {
        /// `male`, `female`, `unknown`, or newer.
        gender
    }
    /// A part of the friends by age.
    AgeShare {
        /// `from20to24` for instance.
        age
    }
    /// A part of the friends by area.
    AreaShare {
        /// The area's name, in Japanese for Japan.
        area
    }
    /// A part of the friends by kind of phone.
    AppShare {
        /// `ios`, `android`, `others`, or newer.
        app_type
    }
    /// A part of the friends by how long they have been friends.
    PeriodShare {
        /// `within7days` for instance.
        subscription_period
    }
}

/// What became of messages: seen, tapped, played.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageEvents {
    /// Over all.
    #[serde(default)]
    pub overview: EventOverview,
    /// Bubble by bubble.
    #[serde(default)]
    pub messages: Vec<BubbleEvents>,
    /// Address by address.
    #[serde(default)]
    pub clicks: Vec<ClickEvents>,
}

/// Over all messages. "People" are different users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventOverview {
    /// Of which request; not for names to count under.
    pub request_id: Option<String>,
    /// When it was sent, in seconds since 1970; not for names to count under.
    pub timestamp: Option<i64>,
    /// To how many it was delivered; told below 20, too, but not before all is sent.
    pub delivered: Option<u64>,
    /// People who saw it.
    pub unique_impression: Option<u64>,
    /// People who tapped an address.
    pub unique_click: Option<u64>,
    /// People who began a video or sound.
    pub unique_media_played: Option<u64>,
    /// People who played it to its end.
    #[serde(rename = "uniqueMediaPlayed100Percent")]
    pub unique_media_played_100_percent: Option<u64>,
}

/// What became of one bubble.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BubbleEvents {
    /// Which, from 1.
    pub seq: Option<u32>,
    /// How often it was seen.
    pub impression: Option<u64>,
    /// People who saw it.
    pub unique_impression: Option<u64>,
    /// How often a video or sound was begun.
    pub media_played: Option<u64>,
    /// How often a quarter of it was played.
    #[serde(rename = "mediaPlayed25Percent")]
    pub media_played_25_percent: Option<u64>,
    /// How often half of it was played.
    #[serde(rename = "mediaPlayed50Percent")]
    pub media_played_50_percent: Option<u64>,
    /// How often three quarters of it were played.
    #[serde(rename = "mediaPlayed75Percent")]
    pub media_played_75_percent: Option<u64>,
    /// How often it was played to its end.
    #[serde(rename = "mediaPlayed100Percent")]
    pub media_played_100_percent: Option<u64>,
    /// People who began it.
    pub unique_media_played: Option<u64>,
    /// People who played a quarter of it.
    #[serde(rename = "uniqueMediaPlayed25Percent")]
    pub unique_media_played_25_percent: Option<u64>,
    /// People who played half of it.
    #[serde(rename = "uniqueMediaPlayed50Percent")]
    pub unique_media_played_50_percent: Option<u64>,
    /// People who played three quarters of it.
    #[serde(rename = "uniqueMediaPlayed75Percent")]
    pub unique_media_played_75_percent: Option<u64>,
    /// People who played it to its end.
    #[serde(rename = "uniqueMediaPlayed100Percent")]
    pub unique_media_played_100_percent: Option<u64>,
}

/// How often an address was tapped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClickEvents {
    /// In which bubble, from 1.
    pub seq: Option<u32>,
    /// The address.
    pub url: Option<String>,
    /// How often.
    pub click: Option<u64>,
    /// People who tapped it in this bubble.
    pub unique_click: Option<u64>,
    /// People who tapped it in any bubble.
    pub unique_click_of_request: Option<u64>,
}

/// How often something was done, and by how many people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Metrics {
    /// The day (`20260930`); only day by day.
    pub date: Option<String>,
    /// How often.
    pub count: Option<u64>,
    /// By how many people.
    pub unique_users: Option<u64>,
}

/// How often a rich menu was seen and tapped. With fewer than 20 people LINE tells only which menu it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound = "M: Deserialize<'de>")]
#[non_exhaustive]
pub struct RichMenuFigures<M> {
    /// Which.
    pub rich_menu_id: RichMenuId,
    /// The first day that is counted (`20260930`).
    pub metrics_from: Option<String>,
    /// The last day that is counted.
    pub metrics_to: Option<String>,
    /// How often it was seen.
    pub impression: Option<Seen<M>>,
    /// How often its areas were tapped.
    #[serde(default = "Vec::new")]
    pub clicks: Vec<Tapped<M>>,
}

/// How often something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Seen<M> {
    /// The figures.
    pub metrics: M,
}

/// How often an area was tapped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Tapped<M> {
    /// Where it is.
    pub bounds: Bounds,
    /// The figures.
    pub metrics: M,
}

impl Client {
    /// How many messages were sent on a day, by kind. Known on the day after.
    /// See [LINE docs/Get number of message deliveries](https://developers.line.biz/en/reference/messaging-api/#get-number-of-delivery-messages).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn message_deliveries(&self, on: Date) -> Result<Answer<MessageDeliveries>, ApiError> {
        self.fetch(Request::new(endpoint::MESSAGE_DELIVERIES).query("date", day(on))).await
    }

    /// How many friends there were on a day. Known on the day after.
    /// See [LINE docs/Get number of followers](https://developers.line.biz/en/reference/messaging-api/#get-number-of-followers).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn follower_count(&self, on: Date) -> Result<Answer<FollowerCount>, ApiError> {
        self.fetch(Request::new(endpoint::FOLLOWER_COUNT).query("date", day(on))).await
    }

    /// Who the friends are.
    /// See [LINE docs/Get friend demographics](https://developers.line.biz/en/reference/messaging-api/#get-demographic).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn demographics(&self) -> Result<Answer<Demographics>, ApiError> {
        self.fetch(Request::new(endpoint::DEMOGRAPHIC)).await
    }

    /// What became of a narrowcast or broadcast, by the request id with which it was accepted. Counted for 14 days.
    /// See [LINE docs/Get user interaction statistics](https://developers.line.biz/en/reference/messaging-api/#get-message-event).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn message_events(&self, of: &RequestId) -> Result<Answer<MessageEvents>, ApiError> {
        self.fetch(Request::new(endpoint::MESSAGE_EVENT).query("requestId", of)).await
    }

    /// What became of the pushes and multicasts counted under a name, between two days at most 30 apart.
    /// See [LINE docs/Get statistics per unit](https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn unit_events(
        &self,
        unit: &AggregationUnit,
        from: Date,
        to: Date,
    ) -> Result<Answer<MessageEvents>, ApiError> {
        let request = Request::new(endpoint::UNIT_STATISTICS).query("customAggregationUnit", unit.as_str());
        self.fetch(request.query("from", day(from)).query("to", day(to))).await
    }

    /// How often a rich menu was seen and tapped between two days at most 396 apart.
    /// See [LINE docs/Get rich menu insight](https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-insight-summary).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is no such menu, or any other.
    pub async fn rich_menu_summary(
        &self,
        id: &RichMenuId,
        from: Date,
        to: Date,
    ) -> Result<Answer<RichMenuFigures<Metrics>>, ApiError> {
        let request = Request::new(endpoint::RICH_MENU_SUMMARY).segment(id.as_str());
        self.fetch(request.query("from", day(from)).query("to", day(to))).await
    }

    /// The same day by day, between two days at most 99 apart.
    ///
    /// # Errors
    /// As for [`rich_menu_summary`](Self::rich_menu_summary).
    pub async fn rich_menu_daily(
        &self,
        id: &RichMenuId,
        from: Date,
        to: Date,
    ) -> Result<Answer<RichMenuFigures<Vec<Metrics>>>, ApiError> {
        let request = Request::new(endpoint::RICH_MENU_DAILY).segment(id.as_str());
        self.fetch(request.query("from", day(from)).query("to", day(to))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_line_does_not_tell_is_none_and_not_zero() {
        let json = r#"{"overview":{"requestId":"r","timestamp":1,"delivered":320,"uniqueImpression":null,"uniqueMediaPlayed100Percent":21},"messages":[{"seq":1,"impression":0,"mediaPlayed25Percent":null}],"clicks":[]}"#;
        let events: MessageEvents = serde_json::from_str(json).unwrap();
        assert_eq!((events.overview.delivered, events.overview.unique_impression), (Some(320), None));
        assert_eq!(events.overview.unique_media_played_100_percent, Some(21));
        assert_eq!(
            (events.messages[0].impression, events.messages[0].media_played_25_percent),
            (Some(0), None)
        );
    }

    #[test]
    fn a_rich_menu_of_few_people_has_its_id_alone() {
        let figures: RichMenuFigures<Metrics> = serde_json::from_str(r#"{"richMenuId":"m"}"#).unwrap();
        assert!(figures.impression.is_none() && figures.clicks.is_empty());
    }
}
