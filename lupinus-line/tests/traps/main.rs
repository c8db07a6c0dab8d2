//! Each trap that users of LINE's official SDKs have fallen into, and that this crate does not fall into.
//!
//! The traps are known from the public issues of `line/line-bot-sdk-{nodejs,python,go,java,php}` and from LINE's own pages;
//! a number such as `nodejs 922` names the issue. Each test fails when the trap is dug again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod answers;
mod messages;
mod receiving;
mod sending;
#[path = "../support/mod.rs"]
mod support;

use axum::response::Response;
use support::answer;

const ID: &[(&str, &str)] = &[("x-line-request-id", "0b1d9f6a"), ("content-type", "application/json")];

/// A good answer with a request id.
fn good(body: &'static str) -> Response {
    answer(200, ID, body)
}
