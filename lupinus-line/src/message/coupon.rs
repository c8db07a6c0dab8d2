//! Coupons.

use std::fmt;

use serde::Serialize;

use super::InvalidMessage;
use super::units::check_utf16;
use crate::CouponId;

/// Longest delivery tag of a coupon, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#coupon-message)).
pub const MAX_DELIVERY_TAG_UTF16: usize = 30;

/// A coupon that was made before, by [`Client::create_coupon`](crate::Client::create_coupon) or by hand.
///
/// ```
/// use lupinus_line::CouponId;
/// use lupinus_line::message::{CouponMessage, Message};
///
/// let coupon = CouponMessage::new(CouponId::new("01K2QCOUPN0000000000000001")?).tagged("summer_fair")?;
/// assert_eq!(Message::from(coupon).kind(), "coupon");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CouponMessage {
    coupon_id: CouponId,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_tag: Option<String>,
}

impl CouponMessage {
    /// A coupon of this channel.
    pub const fn new(coupon: CouponId) -> Self {
        Self { coupon_id: coupon, delivery_tag: None }
    }

    /// Says by which way it was given out, for the figures in LINE's manager: at most [`MAX_DELIVERY_TAG_UTF16`] of
    /// `A-Z`, `a-z`, `0-9` and `_`.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the tag is empty, too long or holds other characters.
    pub fn tagged(mut self, tag: impl Into<String>) -> Result<Self, InvalidMessage> {
        let tag = tag.into();
        check_utf16("deliveryTag", &tag, MAX_DELIVERY_TAG_UTF16)?;
        if !tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(InvalidMessage::Form { field: "deliveryTag" });
        }
        self.delivery_tag = Some(tag);
        Ok(self)
    }
}

impl fmt::Debug for CouponMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CouponMessage(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_tag_keeps_its_limit_and_its_letters() {
        for (name, tag, ok) in [
            ("at the limit", "a_Z9".repeat(7) + "ab", true),
            ("past it", "a_Z9".repeat(7) + "abc", false),
            ("empty", String::new(), false),
            ("a hyphen", "summer-fair".to_owned(), false),
            ("an emoji", "🍎".to_owned(), false),
            ("a family", "👨‍👩‍👧‍👦".to_owned(), false),
        ] {
            let coupon = CouponMessage::new(CouponId::new("01K2").unwrap());
            assert_eq!(coupon.tagged(tag).is_ok(), ok, "{name}");
        }
    }
}
