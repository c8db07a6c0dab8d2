//! Where a person does something: in the chat with the account, or in a group or room.

use serde_json::{Value, json};

use super::{ControlError, Done};
use crate::state::{Friendship, GroupKind, State};

/// A person at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) user_id: &'a str,
    /// The group or room; `None` in the chat with the account alone.
    pub(crate) group_id: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// In the chat with the account.
    pub(crate) fn alone(user_id: &'a str) -> Self {
        Self { user_id, group_id: None }
    }

    /// In a group or room.
    pub(crate) fn group(group_id: &'a str, user_id: &'a str) -> Self {
        Self { user_id, group_id: Some(group_id) }
    }

    /// The id under which the account sends to this place.
    pub(crate) fn chat_id(self) -> &'a str {
        self.group_id.unwrap_or(self.user_id)
    }

    /// Whether the account hears what is done here.
    ///
    /// # Errors
    /// [`ControlError`], when the person does not exist, has blocked the account, or is not in the group.
    pub(crate) fn is_heard(self, state: &State) -> Done<bool> {
        let person = state.people.get(self.user_id).ok_or(ControlError::Unknown("this user"))?;
        if person.deleted {
            return Err(ControlError::Invalid(
                "this person has deleted LINE: set deleted to false first".to_owned(),
            ));
        }
        let Some(group_id) = self.group_id else {
            return if person.friendship == Friendship::Blocked {
                Err(ControlError::Blocked)
            } else {
                Ok(true)
            };
        };
        let group = state.groups.get(group_id).ok_or(ControlError::Unknown("this group"))?;
        if group.members.contains(self.user_id) { Ok(group.has_account) } else { Err(ControlError::NoMember) }
    }

    /// The `source` of an event.
    pub(crate) fn source(self, state: &State) -> Value {
        let Some(group_id) = self.group_id else { return json!({"type": "user", "userId": self.user_id}) };
        let mut source = match state.groups.get(group_id).map(|group| group.kind) {
            Some(GroupKind::Room) => json!({"type": "room", "roomId": group_id}),
            _ => json!({"type": "group", "groupId": group_id}),
        };
        // In company LINE names only those who let accounts see their profile.
        if state.people.get(self.user_id).is_some_and(|person| !person.hides_profile) {
            source["userId"] = json!(self.user_id);
        }
        source
    }
}
