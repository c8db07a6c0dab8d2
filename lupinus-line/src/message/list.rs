//! What one request carries.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::units::check_count;
use super::{InvalidMessage, Message};

/// Most messages in one request ([source](https://developers.line.biz/en/reference/messaging-api/#send-push-message)).
/// They cost together as much as one.
pub const MAX_MESSAGES: usize = 5;

/// One to [`MAX_MESSAGES`] messages: what one request carries.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Vec<Message>")]
pub struct Messages(Vec<Message>);

impl Serialize for Messages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Messages {
    /// Checks the number and wraps the messages.
    ///
    /// # Errors
    /// [`InvalidMessage::Count`] when there are none or more than [`MAX_MESSAGES`].
    pub fn new(messages: impl IntoIterator<Item = Message>) -> Result<Self, InvalidMessage> {
        let messages: Vec<_> = messages.into_iter().collect();
        check_count("messages", messages.len(), 1, MAX_MESSAGES)?;
        Ok(Self(messages))
    }

    /// Messages that were kept as a JSON array, taken as they are.
    ///
    /// # Errors
    /// [`InvalidMessage::NotAMessage`], [`InvalidMessage::Count`].
    pub fn from_json(json: Value) -> Result<Self, InvalidMessage> {
        let Value::Array(messages) = json else { return Err(InvalidMessage::NotAMessage) };
        Self::new(messages.into_iter().map(Message::from_json).collect::<Result<Vec<_>, _>>()?)
    }

    /// The messages in order.
    pub fn as_slice(&self) -> &[Message] {
        &self.0
    }
}

impl From<Message> for Messages {
    fn from(message: Message) -> Self {
        Self(vec![message])
    }
}

impl TryFrom<Vec<Message>> for Messages {
    type Error = InvalidMessage;

    fn try_from(messages: Vec<Message>) -> Result<Self, InvalidMessage> {
        Self::new(messages)
    }
}

impl From<Messages> for Vec<Message> {
    fn from(messages: Messages) -> Self {
        messages.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_carries_one_to_five_messages() {
        for (count, ok) in [(0, false), (1, true), (5, true), (6, false)] {
            let messages = (0..count).map(|_| Message::text("a").unwrap());
            assert_eq!(Messages::new(messages).is_ok(), ok, "{count}");
        }
    }

    #[test]
    fn stored_messages_come_back_as_they_were() {
        let stored = r#"[{"type":"coupon","couponId":"01K2","deliveryTag":"t","new":{"b":1,"a":[0.10]}}]"#;
        let messages: Messages = serde_json::from_str(stored).unwrap();
        assert_eq!(serde_json::to_string(&messages).unwrap(), stored.replace("0.10", "0.1"));
        assert!(serde_json::from_str::<Messages>("[{\"text\":\"no type\"}]").is_err());
        assert!(serde_json::from_str::<Messages>("[]").is_err());
    }
}
