//! People with the app, and their chats with the account.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// How long after their last message a person who is no friend may be sent to: 7 days.
const STRANGER_WINDOW_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Who wrote a message of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Author {
    /// The account.
    Bot,
    /// The person.
    User,
}

/// What a person is to the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Friendship {
    #[default]
    Stranger,
    Friend,
    Blocked,
}

/// One message of a chat.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChatEntry {
    pub(crate) from: Author,
    pub(crate) at: Millis,
    pub(crate) message_id: String,
    /// The message's JSON, exactly as the account sent it. Shared by all who got it.
    pub(crate) message: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<Arc<str>>,
    /// Who of the group wrote it; `None` for the account, and in a person's own chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sender: Option<Arc<str>>,
}

/// What LINE knows or guesses of a person, for the filters of narrowcasts and the demographic of friends. All of it in
/// LINE's words, such as `male`, `age_40`, `jp_13`, `ios`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Attributes {
    pub(crate) gender: Option<String>,
    pub(crate) age: Option<String>,
    pub(crate) area: Option<String>,
    pub(crate) app_type: Option<String>,
}

/// What a person shows of themselves beside their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Profile {
    pub(crate) picture_url: Option<String>,
    pub(crate) status_message: Option<String>,
    /// BCP 47; `None` for somebody who keeps it from LINE.
    pub(crate) language: Option<String>,
}

impl Default for Profile {
    fn default() -> Self {
        Self { picture_url: None, status_message: None, language: Some("ja".to_owned()) }
    }
}

/// Somebody with the app.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Person {
    pub(crate) display_name: String,
    pub(crate) friendship: Friendship,
    pub(crate) last_wrote_at: Option<Millis>,
    pub(crate) chat: Vec<ChatEntry>,
    pub(crate) rich_menu: Option<String>,
    /// How many messages of the chat the account has marked as read.
    pub(crate) read_up_to: usize,
    /// Until when the typing indicator shows.
    pub(crate) loading_until: Option<Millis>,
    pub(crate) friend_since: Option<Millis>,
    /// Whether they keep their profile from accounts.
    pub(crate) hides_profile: bool,
    /// Whether they have deleted their LINE account.
    pub(crate) deleted: bool,
    /// Their telephone number as E.164, for notification messages.
    pub(crate) phone: Option<Box<str>>,
    /// Nothing of most people.
    pub(crate) attributes: Option<Box<Attributes>>,
    /// Nothing of most people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile: Option<Box<Profile>>,
}

impl Person {
    /// What LINE knows or guesses of them.
    pub(crate) fn attributes(&self) -> &Attributes {
        static NOTHING: Attributes = Attributes { gender: None, age: None, area: None, app_type: None };
        self.attributes.as_deref().unwrap_or(&NOTHING)
    }

    /// What they show beside their name.
    pub(crate) fn profile(&self) -> Cow<'_, Profile> {
        self.profile.as_deref().map_or_else(|| Cow::Owned(Profile::default()), Cow::Borrowed)
    }

    /// A person who has not met the account yet.
    pub(crate) fn new(display_name: String) -> Self {
        Self { display_name, ..Self::default() }
    }

    /// Whether a push would arrive: friends, and for seven days those who wrote without being one.
    pub(crate) fn is_reachable(&self, now: Millis) -> bool {
        match self.friendship {
            _ if self.deleted => false,
            Friendship::Friend => true,
            Friendship::Blocked => false,
            Friendship::Stranger => self.last_wrote_at.is_some_and(|at| now - at <= STRANGER_WINDOW_MS),
        }
    }

    /// Whether broadcasts and narrowcasts go to this person.
    pub(crate) fn is_target(&self) -> bool {
        self.friendship == Friendship::Friend && !self.deleted
    }

    /// Whether the account may read the profile: friends, and those who wrote to it.
    pub(crate) fn shows_profile(&self) -> bool {
        match self.friendship {
            _ if self.deleted || self.hides_profile => false,
            Friendship::Friend => true,
            Friendship::Blocked => false,
            Friendship::Stranger => self.last_wrote_at.is_some(),
        }
    }
}
