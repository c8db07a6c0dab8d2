//! Answers to tap.

use serde::Serialize;

use super::action::{ActionKind, MAX_LABEL_GRAPHEMES};
use super::media::MediaUrl;
use super::units::check_count;
use super::{Action, InvalidMessage};

/// Most quick replies on one message ([source](https://developers.line.biz/en/reference/messaging-api/#quick-reply)).
pub const MAX_QUICK_REPLIES: usize = 13;

/// One to [`MAX_QUICK_REPLIES`] answers to tap, shown below the last message of a request until one is tapped or a
/// new message comes. Phones only.
#[derive(Clone, Debug, Serialize)]
pub struct QuickReply {
    items: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "type", rename = "action")]
struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<MediaUrl>,
    action: Action,
}

impl QuickReply {
    /// Buttons without icons. Each action needs a label of at most 20 grapheme clusters.
    ///
    /// # Errors
    /// [`InvalidMessage`] when there are none or too many, a label is absent or too long, or a rich menu switch is
    /// among them.
    pub fn new(actions: impl IntoIterator<Item = Action>) -> Result<Self, InvalidMessage> {
        Self::with_icons(actions.into_iter().map(|action| (action, None)))
    }

    /// Buttons, each with or without a round icon (PNG, 1:1, at most 1 MB).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_icons(
        actions: impl IntoIterator<Item = (Action, Option<MediaUrl>)>,
    ) -> Result<Self, InvalidMessage> {
        let items: Vec<_> =
            actions.into_iter().map(|(action, image_url)| Item { image_url, action }).collect();
        check_count("quickReply.items", items.len(), 1, MAX_QUICK_REPLIES)?;
        for Item { action, .. } in &items {
            action.check_label(true, MAX_LABEL_GRAPHEMES)?;
            if action.kind() == ActionKind::RichMenuSwitch {
                return Err(InvalidMessage::ActionNotAllowed { place: "a quick reply" });
            }
        }
        Ok(Self { items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(label: &str) -> Action {
        Action::message("a").unwrap().label(label)
    }

    #[test]
    fn quick_replies_keep_their_limits() {
        let many = |count| QuickReply::new((0..count).map(|_| action("a"))).is_ok();
        assert_eq!([0, 1, 13, 14].map(many), [false, true, true, false]);
        assert!(QuickReply::new([action(&"👨‍👩‍👧‍👦".repeat(20))]).is_ok());
        assert!(QuickReply::new([action(&"👨‍👩‍👧‍👦".repeat(21))]).is_err());
        assert!(QuickReply::new([action(&"🍎".repeat(20))]).is_ok());
        assert!(QuickReply::new([action(&"🍎".repeat(21))]).is_err());
        assert!(QuickReply::new([Action::message("a").unwrap()]).is_err(), "a label is required");
    }

    #[test]
    fn a_quick_reply_serialises_as_documented() {
        let json = serde_json::to_string(&QuickReply::new([action("b")]).unwrap()).unwrap();
        assert_eq!(
            json,
            r#"{"items":[{"type":"action","action":{"type":"message","text":"a","label":"b"}}]}"#
        );
    }
}
