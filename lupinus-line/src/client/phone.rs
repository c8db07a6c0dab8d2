//! LINE notification messages (通知メッセージ): to whoever has a phone number, friend or not. On application only.

use std::fmt::Write as _;

use http::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::send::is_false;
use super::{Answer, ApiError, Client, Request};
use crate::{InvalidId, Messages, endpoint};

const TAG_HEADER: HeaderName = HeaderName::from_static("x-line-delivery-tag");

/// A phone number as LINE wants it: the SHA-256 of its E.164 form. The number itself is not kept. Not printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneHash(String);

impl PhoneHash {
    /// The hash of a number in E.164 form: `+`, then 7 to 15 digits, the first not 0.
    ///
    /// ```
    /// use lupinus_line::client::PhoneHash;
    /// assert!(PhoneHash::of_e164("+818000001234").is_ok());
    /// assert!(PhoneHash::of_e164("080-0000-1234").is_err());
    /// ```
    ///
    /// # Errors
    /// [`InvalidId`] for any other form.
    pub fn of_e164(number: &str) -> Result<Self, InvalidId> {
        let digits = number.strip_prefix('+').ok_or(InvalidId::of("E.164 phone number"))?;
        let formed = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !formed {
            return Err(InvalidId::of("E.164 phone number"));
        }
        let hash = Sha256::digest(number.as_bytes());
        let mut hex = String::with_capacity(64);
        for byte in hash {
            // Writing to a text cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(Self(hex))
    }

    /// The 64 hexadecimal digits: what a delivery event carries when no [tag](DeliveryTag) was sent.
    pub fn as_hex(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PhoneHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneHash(…)")
    }
}

/// A name of one's own that comes back in the delivery event: 16 to 100 printable ASCII characters
/// ([source](https://developers.line.biz/en/reference/partner-docs/#send-line-notification-message)).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DeliveryTag(String);

impl std::fmt::Debug for DeliveryTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeliveryTag(…)")
    }
}

impl DeliveryTag {
    /// Checks and wraps a tag.
    ///
    /// # Errors
    /// [`InvalidId`].
    pub fn new(tag: impl Into<String>) -> Result<Self, InvalidId> {
        let tag = tag.into();
        let formed = (16..=100).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_graphic());
        if formed { Ok(Self(tag)) } else { Err(InvalidId::of("delivery tag")) }
    }
}

/// Messages to whoever has a phone number.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhonePush {
    to: PhoneHash,
    messages: Messages,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
}

impl PhonePush {
    /// Messages to whoever has this number.
    pub const fn new(to: PhoneHash, messages: Messages) -> Self {
        Self { to, messages, notification_disabled: false }
    }

    /// Without notification on the phone.
    pub const fn silently(mut self) -> Self {
        self.notification_disabled = true;
        self
    }
}

/// A message of one of LINE's templates to whoever has a phone number.
/// See [LINE docs/LINE notification messages](https://developers.line.biz/en/reference/line-notification-messages/).
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplatedPhonePush {
    to: PhoneHash,
    template_key: String,
    body: Value,
}

impl std::fmt::Debug for TemplatedPhonePush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TemplatedPhonePush").field("template_key", &self.template_key).finish_non_exhaustive()
    }
}

impl TemplatedPhonePush {
    /// A message of the template `template_key`, filled in as that template wants it.
    pub fn new(to: PhoneHash, template_key: impl Into<String>, body: Value) -> Self {
        Self { to, template_key: template_key.into(), body }
    }
}

impl Client {
    /// Sends to whoever has a phone number. Takes no retry key: after an [ambiguous](ApiError::Ambiguous) answer nobody knows
    /// whether it was sent. A success is not a delivery; that is a delivery event within a day.
    /// See [LINE docs/Send LINE notification message](https://developers.line.biz/en/reference/partner-docs/#send-line-notification-message).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 422 when it cannot be sent to that number and with 403 for accounts that had not applied, or
    /// any other.
    pub async fn push_by_phone(
        &self,
        push: &PhonePush,
        tag: Option<&DeliveryTag>,
    ) -> Result<Answer<()>, ApiError> {
        self.notify(tagged(Request::new(endpoint::PUSH_BY_PHONE).json(push), tag)).await
    }

    /// Sends a message of a template to whoever has a phone number; otherwise as [`push_by_phone`](Self::push_by_phone).
    ///
    /// # Errors
    /// As for [`push_by_phone`](Self::push_by_phone).
    pub async fn push_template_by_phone(
        &self,
        push: &TemplatedPhonePush,
        tag: Option<&DeliveryTag>,
    ) -> Result<Answer<()>, ApiError> {
        self.notify(tagged(Request::new(endpoint::PUSH_TEMPLATE_BY_PHONE).json(push), tag)).await
    }

    async fn notify(&self, request: Request) -> Result<Answer<()>, ApiError> {
        let delivery = self.deliver(request).await?;
        Ok(Answer { value: (), request_id: delivery.request_id().cloned() })
    }
}

fn tagged(request: Request, tag: Option<&DeliveryTag>) -> Request {
    match tag {
        Some(DeliveryTag(tag)) => request.header(TAG_HEADER, tag),
        None => request,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hash_of_a_number_in_e164_leaves() {
        for (number, ok) in [
            ("+818000001234", true),
            ("+1234567", true),
            ("+123456", false),
            ("+1234567890123456", false),
            ("818000001234", false),
            ("+08000001234", false),
            ("+81 80 0000 1234", false),
            ("+８１８０００００１２３４", false),
        ] {
            assert_eq!(PhoneHash::of_e164(number).is_ok(), ok, "{number}");
        }
        let hash = PhoneHash::of_e164("+818000001234").unwrap();
        assert_eq!((hash.as_hex().len(), format!("{hash:?}").as_str()), (64, "PhoneHash(…)"));
    }

    #[test]
    fn tags_have_16_to_100_characters() {
        for (length, ok) in [(15, false), (16, true), (100, true), (101, false)] {
            assert_eq!(DeliveryTag::new("a".repeat(length)).is_ok(), ok, "{length}");
        }
    }
}
