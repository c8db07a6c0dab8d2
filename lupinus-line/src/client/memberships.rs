//! Paid plans of an account. Accounts in Japan, Taiwan and Thailand.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use super::{Answer, ApiError, Client, MAX_FOLLOWERS_PAGE, PageToken, Request};
use crate::{MembershipId, UserId, endpoint};

/// A paid plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Membership {
    /// Which.
    pub membership_id: MembershipId,
    /// Its name.
    pub title: String,
    /// What it is.
    pub description: String,
    /// What it brings.
    pub benefits: Vec<String>,
    /// What it costs a month.
    pub price: f64,
    /// In which currency (ISO 4217).
    pub currency: String,
    /// How many have it; in the list of plans only.
    pub member_count: Option<u64>,
    /// How many may have it; `None` without a limit.
    pub member_limit: Option<u64>,
    /// Whether it is paid for in the app; in the list of plans only.
    pub is_in_app_purchase: Option<bool>,
    /// Whether it can be taken; in the list of plans only.
    pub is_published: Option<bool>,
}

/// That a user has a plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Subscription {
    /// The plan.
    pub membership: Membership,
    /// The user's part of it.
    pub user: Subscriber,
}

/// A user's part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subscriber {
    /// The user's number in the plan.
    #[serde(rename = "membershipNo")]
    pub number: u64,
    /// Since when.
    #[serde(deserialize_with = "seconds")]
    pub joined_time: Timestamp,
    /// When it is paid for next (UTC+9).
    pub next_billing_date: Date,
    /// For how many months without a break.
    pub total_subscription_months: u32,
}

/// A page of the users of a plan. Only an absent `next` is the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MembershipUsers {
    /// The users of this page.
    pub user_ids: Vec<UserId>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

/// LINE writes these times in seconds, unlike those of events.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Timestamp::from_second(i64::deserialize(deserializer)?)
        .map_err(|_| serde::de::Error::custom("a time out of range"))
}

pub(super) fn maybe_seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapped(#[serde(deserialize_with = "seconds")] Timestamp);
    Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|Wrapped(at)| at))
}

impl Client {
    /// The plans that a user has. At most 200 calls a second.
    /// See [LINE docs/Get a user's membership subscription status](https://developers.line.biz/en/reference/messaging-api/#get-a-users-membership-subscription-status).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when the user has none, or any other.
    pub async fn subscriptions(&self, user: &UserId) -> Result<Answer<Vec<Subscription>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            subscriptions: Vec<Subscription>,
        }
        let request = Request::new(endpoint::MEMBERSHIP_SUBSCRIPTION).segment(user.as_str());
        Ok(self.fetch::<Body>(request).await?.map(|body| body.subscriptions))
    }

    /// The plans of the account. At most 200 calls a second.
    /// See [LINE docs/Get membership plans being offered](https://developers.line.biz/en/reference/messaging-api/#get-membership-plans).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there are none, or any other.
    pub async fn memberships(&self) -> Result<Answer<Vec<Membership>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            memberships: Vec<Membership>,
        }
        Ok(self.fetch::<Body>(Request::new(endpoint::MEMBERSHIPS)).await?.map(|body| body.memberships))
    }

    /// A page of the users of a plan, at most [`MAX_FOLLOWERS_PAGE`].
    /// See [LINE docs/Get the list of user IDs who joined the membership](https://developers.line.biz/en/reference/messaging-api/#get-membership-user-ids).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is no such plan, or any other.
    pub async fn membership_users(
        &self,
        membership: MembershipId,
        limit: u16,
        start: Option<&PageToken>,
    ) -> Result<Answer<MembershipUsers>, ApiError> {
        let limit = limit.clamp(1, MAX_FOLLOWERS_PAGE);
        let request = Request::new(endpoint::MEMBERSHIP_USERS).segment(membership.to_string());
        self.fetch(request.query("limit", limit).page(start)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_decodes_with_its_time_in_seconds() {
        let json = r#"{"membership":{"membershipId":3,"title":"t","description":"d","benefits":["b"],"price":500.00,"currency":"JPY"},"user":{"membershipNo":1,"joinedTime":1785540022,"nextBillingDate":"2026-10-08","totalSubscriptionMonths":2}}"#;
        let subscription: Subscription = serde_json::from_str(json).unwrap();
        assert_eq!(subscription.user.joined_time.as_second(), 1_785_540_022);
        assert_eq!(subscription.membership.member_limit, None);
    }
}
