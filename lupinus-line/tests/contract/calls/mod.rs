//! Every call of the client, area by area, with everything that can be given and with the least.

mod account;
mod audience;
mod insight;
mod liff;
mod messages;
mod module;
mod people;
mod rich_menus;
mod tokens;

use lupinus_line::{ApiError, Client};

/// The calls of every area, in order; an area ends at its first error.
pub(crate) async fn all(line: &Client) -> Vec<(&'static str, Result<(), ApiError>)> {
    vec![
        ("messages", messages::calls(line).await),
        ("people", people::calls(line).await),
        ("rich menus", rich_menus::calls(line).await),
        ("account", account::calls(line).await),
        ("insight", insight::calls(line).await),
        ("audience", audience::calls(line).await),
        ("liff", liff::calls(line).await),
        ("module", module::calls(line).await),
        ("tokens", tokens::calls(line).await),
    ]
}

pub(crate) const USER: &str = "U5a1e0000111122223333444455556666";

pub(crate) fn user() -> lupinus_line::UserId {
    lupinus_line::UserId::new(USER).unwrap()
}

pub(crate) fn hello() -> lupinus_line::Messages {
    lupinus_line::Message::text("こんにちは").unwrap().into()
}
