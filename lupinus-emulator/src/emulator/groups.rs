//! Playing groups.

use serde_json::{Value, json};

use super::Emulator;
use crate::people::{self, ControlError, NewGroup, Place, Wait};

/// Playing groups.
impl Emulator {
    /// A new group of these people, without the account; gives its id.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when one of them does not exist.
    pub fn create_group(&self, name: &str, user_ids: &[&str]) -> Result<String, ControlError> {
        let new = json!({"name": name, "members": user_ids});
        let new: NewGroup =
            serde_json::from_value(new).map_err(|error| ControlError::Invalid(error.to_string()))?;
        people::create_group(&self.shared, new)
    }

    /// The account is invited to a group.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such group.
    pub async fn invite_account(&self, group_id: &str) -> Result<(), ControlError> {
        people::account_joins(&self.shared, group_id, Wait::ForFirstTry).await.map(drop)
    }

    /// The account is removed from a group.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such group.
    pub async fn remove_account(&self, group_id: &str) -> Result<(), ControlError> {
        people::account_leaves(&self.shared, group_id, Wait::ForFirstTry).await.map(drop)
    }

    /// A person joins a group.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such person or group.
    pub async fn join_group(&self, group_id: &str, user_id: &str) -> Result<(), ControlError> {
        let user_ids = [user_id.to_owned()];
        people::members_join(&self.shared, group_id, &user_ids, Wait::ForFirstTry).await.map(drop)
    }

    /// A person leaves a group.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such person or group.
    pub async fn leave_group(&self, group_id: &str, user_id: &str) -> Result<(), ControlError> {
        let user_ids = [user_id.to_owned()];
        people::members_leave(&self.shared, group_id, &user_ids, Wait::ForFirstTry).await.map(drop)
    }

    /// A member of a group sends any message there, in the form of the control call; gives the message id.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such group, the person is not in it, or the message is malformed.
    pub async fn send_to_group(
        &self,
        group_id: &str,
        user_id: &str,
        message: Value,
    ) -> Result<String, ControlError> {
        let place = Place::group(group_id, user_id);
        Ok(people::say(&self.shared, place, message, Wait::ForFirstTry).await?.message_id)
    }
}
