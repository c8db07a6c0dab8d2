//! LINE Login: the page that asks for consent, tokens of users, ID tokens, and what they open.

mod authorize;
mod page;
mod token;
mod user;

pub(super) use self::{
    page::{CHAT, Form, choice, html_page, without_own},
    token::{claims, issue_user_token},
    user::{described, granted},
};
use super::operation::Operation;

/// The operations of this file's folder.
pub(super) fn operations() -> Vec<Operation> {
    [authorize::operations(), token::operations(), user::operations()].concat()
}
