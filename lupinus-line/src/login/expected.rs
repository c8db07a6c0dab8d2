//! What an ID token must say beyond being LINE's.

use std::time::Duration;

use super::Nonce;
use crate::UserId;

/// What an ID token must say beyond being LINE's, for this channel, and still valid.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub(super) nonce: Option<&'a Nonce>,
    pub(super) max_age: Option<Duration>,
    pub(super) user: Option<&'a UserId>,
}

impl<'a> Expected<'a> {
    /// The nonce of the login, in which [`PendingLogin::nonce`](super::PendingLogin::nonce) keeps it.
    pub const fn nonce(nonce: &'a Nonce) -> Self {
        Self { nonce: Some(nonce), max_age: None, user: None }
    }

    /// Any nonce or none: for tokens that came without a login of one's own, such as those of a LIFF app. Such a token is
    /// good for whoever holds it, until it ends.
    pub const fn any_nonce() -> Self {
        Self { nonce: None, max_age: None, user: None }
    }

    /// That the user logged in at most so long ago. The login must have set
    /// [`max_age`](super::LoginRequest::max_age): otherwise the token does not say when.
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// That it is this user: who was logged in already, and confirms something by logging in again.
    pub const fn user(mut self, user: &'a UserId) -> Self {
        self.user = Some(user);
        self
    }
}
