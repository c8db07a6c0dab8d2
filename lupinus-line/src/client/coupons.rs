//! Coupons.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::memberships::maybe_seconds;
use super::{Answer, ApiError, Client, PageToken, Request};
use crate::message::{InvalidMessage, MediaUrl, utf16_len};
use crate::open::open_enum;
use crate::{CouponId, RawJson, endpoint};

/// Longest title of a coupon, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#create-coupon)).
pub const MAX_COUPON_TITLE_UTF16: usize = 60;
/// Longest description of a coupon, in **UTF-16 code units** (same source).
pub const MAX_COUPON_DESCRIPTION_UTF16: usize = 1_000;
/// Longest conditions of use of a coupon, in **UTF-16 code units** (same source).
pub const MAX_COUPON_CONDITION_UTF16: usize = 100;
/// Longest code of a coupon, in **UTF-16 code units** (same source).
pub const MAX_COUPON_CODE_UTF16: usize = 16;
/// Most coupons in one page ([source](https://developers.line.biz/en/reference/messaging-api/#get-coupons-list)).
pub const MAX_COUPONS_PAGE: u16 = 100;

open_enum! {
    /// Who sees a coupon.
    CouponVisibility {
        /// Whoever gets it in a message.
        Unlisted = "UNLISTED",
        /// Everybody.
        Public = "PUBLIC",
        /// Nobody yet; in answers only, since LINE makes none such.
        Private = "PRIVATE",
    }
}

open_enum! {
    /// Whether a coupon can be used.
    CouponStatus {
        /// Not yet.
        Draft = "DRAFT",
        /// It can.
        Running = "RUNNING",
        /// Not any more.
        Closed = "CLOSED",
    }
}

open_enum! {
    /// The time zone of a coupon's dates, by LINE's name.
    CouponZone {
        /// Japan.
        Tokyo = "ASIA_TOKYO",
        /// Taiwan.
        Taipei = "ASIA_TAIPEI",
        /// Thailand.
        Bangkok = "ASIA_BANGKOK",
    }
}

/// How somebody comes by a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Acquisition {
    /// By tapping.
    Normal,
    /// By luck.
    Lottery {
        /// In how many of 100 draws: 1 to 99.
        lottery_probability: u8,
        /// How many can be won in all: 1 to 999,999, or -1 without a limit.
        max_acquire_count: i32,
    },
}

/// What a coupon brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Reward {
    /// Money back.
    CashBack {
        /// How much.
        #[serde(skip_serializing_if = "Option::is_none")]
        price_info: Option<CashBack>,
    },
    /// A lower price.
    Discount {
        /// How much lower.
        #[serde(skip_serializing_if = "Option::is_none")]
        price_info: Option<Discount>,
    },
    /// Something free.
    Free,
    /// A present.
    Gift,
    /// Anything else.
    Others,
}

/// How much comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum CashBack {
    /// An amount in the account's currency.
    Fixed {
        /// The amount.
        fixed_amount: u64,
    },
    /// A part of the price.
    Percentage {
        /// 1 to 99.
        percentage: u8,
    },
}

/// How much lower a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Discount {
    /// By an amount in the account's currency.
    Fixed {
        /// The amount.
        fixed_amount: u64,
    },
    /// By a part of the price.
    Percentage {
        /// 1 to 99.
        percentage: u8,
    },
    /// Both prices are shown.
    Explicit {
        /// The lower price.
        price_after_discount: u64,
        /// The price without the coupon.
        original_price: u64,
    },
}

/// A coupon to make. LINE fetches and keeps its pictures at once. At most 5,000 are valid at a time.
/// `Debug` shows no text and no code of it.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coupon {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::struct_field_names, reason = "LINE's name")]
    coupon_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<MediaUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode_image_url: Option<MediaUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward: Option<Reward>,
    visibility: CouponVisibility,
    acquisition_condition: Acquisition,
    max_use_count_per_ticket: i8,
    #[serde(serialize_with = "as_seconds")]
    start_timestamp: Timestamp,
    #[serde(serialize_with = "as_seconds")]
    end_timestamp: Timestamp,
    timezone: CouponZone,
}

fn as_seconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.as_second())
}

fn bounded(field: &'static str, text: String, max: usize) -> Result<String, InvalidMessage> {
    let len = utf16_len(&text);
    if text.is_empty() {
        Err(InvalidMessage::Empty { field })
    } else if len > max {
        Err(InvalidMessage::TooLong { field, len, max, unit: crate::message::Unit::Utf16 })
    } else {
        Ok(text)
    }
}

impl Coupon {
    /// A coupon that can be used once, between two moments (in whole seconds), by whoever gets it in a message and taps it.
    ///
    /// # Errors
    /// [`InvalidMessage`] for a title that is empty or too long, or an end that is not after the beginning.
    pub fn new(
        title: impl Into<String>,
        from: Timestamp,
        until: Timestamp,
        zone: CouponZone,
    ) -> Result<Self, InvalidMessage> {
        if until.as_second() <= from.as_second() {
            return Err(InvalidMessage::Form { field: "endTimestamp" });
        }
        Ok(Self {
            title: bounded("title", title.into(), MAX_COUPON_TITLE_UTF16)?,
            description: None,
            usage_condition: None,
            coupon_code: None,
            image_url: None,
            barcode_image_url: None,
            reward: None,
            visibility: CouponVisibility::Unlisted,
            acquisition_condition: Acquisition::Normal,
            max_use_count_per_ticket: 1,
            start_timestamp: from,
            end_timestamp: until,
            timezone: zone,
        })
    }

    /// What it is.
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is empty or longer than [`MAX_COUPON_DESCRIPTION_UTF16`].
    pub fn description(mut self, text: impl Into<String>) -> Result<Self, InvalidMessage> {
        self.description = Some(bounded("description", text.into(), MAX_COUPON_DESCRIPTION_UTF16)?);
        Ok(self)
    }

    /// Under which conditions it can be used.
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is empty or longer than [`MAX_COUPON_CONDITION_UTF16`].
    pub fn usage_condition(mut self, text: impl Into<String>) -> Result<Self, InvalidMessage> {
        self.usage_condition = Some(bounded("usageCondition", text.into(), MAX_COUPON_CONDITION_UTF16)?);
        Ok(self)
    }

    /// A code to be shown when it is used.
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is empty or longer than [`MAX_COUPON_CODE_UTF16`].
    pub fn code(mut self, code: impl Into<String>) -> Result<Self, InvalidMessage> {
        self.coupon_code = Some(bounded("couponCode", code.into(), MAX_COUPON_CODE_UTF16)?);
        Ok(self)
    }

    /// Its picture.
    pub fn image(mut self, url: MediaUrl) -> Self {
        self.image_url = Some(url);
        self
    }

    /// A picture of a barcode.
    pub fn barcode(mut self, url: MediaUrl) -> Self {
        self.barcode_image_url = Some(url);
        self
    }

    /// What it brings.
    ///
    /// # Errors
    /// [`InvalidMessage::Form`] for a percentage that is not 1 to 99.
    pub fn reward(mut self, reward: Reward) -> Result<Self, InvalidMessage> {
        let percentage = match reward {
            Reward::CashBack { price_info: Some(CashBack::Percentage { percentage }) }
            | Reward::Discount { price_info: Some(Discount::Percentage { percentage }) } => percentage,
            _ => 1,
        };
        if !(1..=99).contains(&percentage) {
            return Err(InvalidMessage::Form { field: "reward.priceInfo.percentage" });
        }
        self.reward = Some(reward);
        Ok(self)
    }

    /// Shows it to everybody. (LINE makes no coupon that nobody sees; [`CouponVisibility::Private`] is in answers only.)
    pub fn public(mut self) -> Self {
        self.visibility = CouponVisibility::Public;
        self
    }

    /// How somebody comes by it.
    ///
    /// # Errors
    /// [`InvalidMessage::Form`] for numbers out of their bounds.
    pub fn acquisition(mut self, acquisition: Acquisition) -> Result<Self, InvalidMessage> {
        if let Acquisition::Lottery { lottery_probability, max_acquire_count } = acquisition
            && !((1..=99).contains(&lottery_probability)
                && (max_acquire_count == -1 || (1..=999_999).contains(&max_acquire_count)))
        {
            return Err(InvalidMessage::Form { field: "acquisitionCondition" });
        }
        self.acquisition_condition = acquisition;
        Ok(self)
    }

    /// May be used any number of times.
    pub const fn any_number_of_times(mut self) -> Self {
        self.max_use_count_per_ticket = -1;
        self
    }
}

/// A coupon as LINE keeps it. `Debug` shows no text and no code of it.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CouponDetail {
    /// Which.
    pub coupon_id: Option<CouponId>,
    /// Its title.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Under which conditions it can be used.
    pub usage_condition: Option<String>,
    /// A code to be shown when it is used.
    pub coupon_code: Option<String>,
    /// Address of its picture.
    pub image_url: Option<String>,
    /// Address of the picture of its barcode.
    pub barcode_image_url: Option<String>,
    /// What it brings, as LINE says it.
    pub reward: Option<RawJson>,
    /// How somebody comes by it, as LINE says it.
    pub acquisition_condition: Option<RawJson>,
    /// Who sees it.
    pub visibility: Option<CouponVisibility>,
    /// Whether it can be used.
    pub status: Option<CouponStatus>,
    /// How often one ticket can be used; -1 without a limit.
    pub max_use_count_per_ticket: Option<i64>,
    /// How many tickets one user can have; -1 without a limit.
    pub max_ticket_per_user: Option<i64>,
    /// From when on it can be used.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub start_timestamp: Option<Timestamp>,
    /// Until when it can be used.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub end_timestamp: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub created_timestamp: Option<Timestamp>,
    /// The time zone of its dates.
    pub timezone: Option<CouponZone>,
}

/// A page of coupons. Only an absent `next` is the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Coupons {
    /// The coupons of this page.
    pub items: Vec<CouponSummary>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

/// A coupon in a list. `Debug` shows its id only.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CouponSummary {
    /// Which.
    pub coupon_id: CouponId,
    /// Its title.
    pub title: String,
}

impl fmt::Debug for Coupon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coupon")
            .field("visibility", &self.visibility)
            .field("start_timestamp", &self.start_timestamp)
            .field("end_timestamp", &self.end_timestamp)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CouponDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CouponDetail")
            .field("coupon_id", &self.coupon_id)
            .field("visibility", &self.visibility)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CouponSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CouponSummary").field("coupon_id", &self.coupon_id).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a coupon. At most 200 calls a second.
    /// See [LINE docs/Create a coupon](https://developers.line.biz/en/reference/messaging-api/#create-coupon).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the paths of what is wrong, or any other.
    pub async fn create_coupon(&self, coupon: &Coupon) -> Result<Answer<CouponId>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            coupon_id: CouponId,
        }
        let answer = self.fetch::<Body>(Request::new(endpoint::CREATE_COUPON).json(coupon)).await?;
        Ok(answer.map(|body| body.coupon_id))
    }

    /// One coupon. At most 200 calls a second.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when the channel has no such coupon, or any other.
    pub async fn coupon(&self, id: &CouponId) -> Result<Answer<CouponDetail>, ApiError> {
        self.fetch(Request::new(endpoint::COUPON).segment(id.as_str())).await
    }

    /// A page of coupons in one of these states, or of all; at most [`MAX_COUPONS_PAGE`]. At most 200 calls a second.
    /// See [LINE docs/Get a list of coupons](https://developers.line.biz/en/reference/messaging-api/#get-coupons-list).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn coupons(
        &self,
        states: &[CouponStatus],
        limit: u16,
        start: Option<&PageToken>,
    ) -> Result<Answer<Coupons>, ApiError> {
        let mut request = Request::new(endpoint::COUPONS);
        for state in states {
            request = request.query("status", state.as_str());
        }
        self.fetch(request.query("limit", limit.clamp(1, MAX_COUPONS_PAGE)).page(start)).await
    }

    /// Ends a coupon for good. At most 200 calls a second.
    ///
    /// # Errors
    /// [`ApiError::Gone`] when it was ended before, be it by a first try of this call that was not answered;
    /// [`ApiError::Refused`] with 404 when there is none, or any other.
    pub async fn close_coupon(&self, id: &CouponId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::CLOSE_COUPON).segment(id.as_str())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coupon(title: &str) -> Result<Coupon, InvalidMessage> {
        let at = |second| Timestamp::from_second(second).unwrap();
        Coupon::new(title, at(1_785_540_000), at(1_785_626_400), CouponZone::Tokyo)
    }

    #[test]
    fn a_coupon_is_written_as_documented() {
        let coupon = coupon("夏の相談会")
            .unwrap()
            .reward(Reward::Discount { price_info: Some(Discount::Percentage { percentage: 10 }) })
            .unwrap()
            .acquisition(Acquisition::Lottery { lottery_probability: 50, max_acquire_count: -1 })
            .unwrap();
        assert_eq!(
            serde_json::to_string(&coupon).unwrap(),
            concat!(
                r#"{"title":"夏の相談会","reward":{"type":"discount","priceInfo":{"type":"percentage","percentage":10}},"#,
                r#""visibility":"UNLISTED","acquisitionCondition":{"type":"lottery","lotteryProbability":50,"maxAcquireCount":-1},"#,
                r#""maxUseCountPerTicket":1,"startTimestamp":1785540000,"endTimestamp":1785626400,"timezone":"ASIA_TOKYO"}"#
            )
        );
    }

    #[test]
    fn a_coupon_is_for_those_who_get_it_or_for_everybody() {
        let written = |coupon: &Coupon| serde_json::to_value(coupon).unwrap()["visibility"].take();
        assert_eq!(written(&coupon("a").unwrap()), "UNLISTED");
        assert_eq!(written(&coupon("a").unwrap().public()), "PUBLIC");
    }

    #[test]
    fn no_debug_of_a_coupon_shows_its_texts_or_its_code() {
        let url = |name: &str| MediaUrl::new(format!("https://cdn.example.org/{name}?k=hush-1")).unwrap();
        let made =
            coupon("hush-2").unwrap().description("hush-3").unwrap().usage_condition("hush-4").unwrap();
        let made = made.code("hush-5").unwrap().image(url("a")).barcode(url("b"));
        let mut kept = serde_json::to_value(&made).unwrap();
        kept["couponId"] = "01K2QCOUPN".into();
        kept["status"] = "RUNNING".into();
        let kept: CouponDetail = serde_json::from_value(kept).unwrap();
        let listed = r#"{"items":[{"couponId":"01K2QLIST","title":"hush-6"}]}"#;
        let listed: Coupons = serde_json::from_str(listed).unwrap();
        let printed = format!("{made:?} {kept:?} {listed:?}");
        assert!(!printed.contains("hush"), "{printed}");
        for shown in ["01K2QCOUPN", "Running", "Unlisted", "01K2QLIST"] {
            assert!(printed.contains(shown), "{shown}: {printed}");
        }
    }

    #[test]
    fn texts_are_bounded_in_utf16_units() {
        for (text, ok) in
            [("", false), (&*"あ".repeat(60), true), (&*"🍎".repeat(30), true), (&*"🍎".repeat(31), false)]
        {
            assert_eq!(coupon(text).is_ok(), ok, "{text}");
        }
        let one = coupon("a").unwrap();
        assert!(
            one.clone().description("a".repeat(1_000)).is_ok()
                && one.clone().description("a".repeat(1_001)).is_err()
        );
        assert!(one.clone().usage_condition("a".repeat(100)).is_ok());
        assert!(one.clone().usage_condition("a".repeat(101)).is_err());
        assert!(one.clone().code("a".repeat(16)).is_ok() && one.code("a".repeat(17)).is_err());
    }

    #[test]
    fn numbers_are_bounded() {
        for (percentage, ok) in [(0, false), (1, true), (99, true), (100, false)] {
            let reward = Reward::CashBack { price_info: Some(CashBack::Percentage { percentage }) };
            assert_eq!(coupon("a").unwrap().reward(reward).is_ok(), ok, "{percentage}");
        }
        for (lottery_probability, max_acquire_count, ok) in [
            (1, 1, true),
            (99, 999_999, true),
            (1, -1, true),
            (0, 1, false),
            (100, 1, false),
            (1, 0, false),
            (1, 1_000_000, false),
        ] {
            let lottery = Acquisition::Lottery { lottery_probability, max_acquire_count };
            assert_eq!(coupon("a").unwrap().acquisition(lottery).is_ok(), ok, "{lottery:?}");
        }
    }
}
