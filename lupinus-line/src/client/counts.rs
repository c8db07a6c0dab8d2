//! How many messages were sent, as LINE counts them.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Answer, ApiError, Client, PageToken, Request};
use crate::endpoint::{self, Endpoint};
use crate::open::open_enum;

/// Most names in one page of names to count under
/// ([source](https://developers.line.biz/en/reference/messaging-api/#get-name-list-of-units-used-this-month)).
pub const MAX_UNITS_PAGE: u16 = 100;

/// Messages of which way of sending are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Counted {
    /// Replies.
    Replies,
    /// Pushes.
    Pushes,
    /// Multicasts.
    Multicasts,
    /// Broadcasts.
    Broadcasts,
    /// Notification messages to phone numbers, in words of one's own.
    ByPhone,
    /// Notification messages to phone numbers, of a template.
    TemplatesByPhone,
}

impl Counted {
    const fn endpoint(self) -> Endpoint {
        match self {
            Self::Replies => endpoint::SENT_REPLIES,
            Self::Pushes => endpoint::SENT_PUSHES,
            Self::Multicasts => endpoint::SENT_MULTICASTS,
            Self::Broadcasts => endpoint::SENT_BROADCASTS,
            Self::ByPhone => endpoint::SENT_BY_PHONE,
            Self::TemplatesByPhone => endpoint::SENT_TEMPLATES_BY_PHONE,
        }
    }
}

open_enum! {
    /// Whether LINE has counted.
    CountStatus {
        /// The number is there.
        Ready = "ready",
        /// Not yet: it takes about a day.
        Unready = "unready",
        /// Fewer than 20, which LINE does not tell.
        UnavailableForPrivacy = "unavailable_for_privacy",
        /// Before LINE began to count.
        OutOfService = "out_of_service",
    }
}

/// How many messages were sent on a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SentCount {
    /// Whether LINE has counted.
    pub status: CountStatus,
    /// How many, counted in recipients; only when [ready](CountStatus::Ready).
    #[serde(rename = "success")]
    pub messages: Option<u64>,
}

/// A page of the names to count under that were used this month.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnitNames {
    /// The names of this page.
    #[serde(rename = "customAggregationUnits")]
    pub names: Vec<String>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

/// A day as LINE writes it: `20260930`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

impl Client {
    /// How many messages were sent on a day (UTC+9) by calls of one kind. Known on the day after.
    /// See [LINE docs/Get number of sent messages](https://developers.line.biz/en/reference/messaging-api/#get-number-of-push-messages).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn sent_count(&self, of: Counted, on: Date) -> Result<Answer<SentCount>, ApiError> {
        self.fetch(Request::new(of.endpoint()).query("date", day(on))).await
    }

    /// How many different [names to count under](super::AggregationUnit) were used this month. After 1,000 LINE sends without
    /// counting.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn units_used(&self) -> Result<Answer<u64>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            #[serde(rename = "numOfCustomAggregationUnits")]
            units: u64,
        }
        let answer = self.fetch::<Body>(Request::new(endpoint::AGGREGATION_UNIT_USAGE)).await?;
        Ok(answer.map(|body| body.units))
    }

    /// A page of the names to count under that were used this month, at most [`MAX_UNITS_PAGE`].
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn unit_names(
        &self,
        limit: u16,
        start: Option<&PageToken>,
    ) -> Result<Answer<UnitNames>, ApiError> {
        let limit = limit.clamp(1, MAX_UNITS_PAGE);
        self.fetch(Request::new(endpoint::AGGREGATION_UNITS).query("limit", limit).page(start)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_without_anything_between() {
        assert_eq!(day(jiff::civil::date(2026, 1, 9)), "20260109");
    }

    #[test]
    fn a_count_of_a_status_of_tomorrow_decodes() {
        let count: SentCount = serde_json::from_str(r#"{"status":"later","new":1}"#).unwrap();
        assert_eq!((count.status.as_str(), count.messages), ("later", None));
    }
}
