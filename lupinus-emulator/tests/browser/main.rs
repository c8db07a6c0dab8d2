//! The page in a browser: what it draws, and what happens when a person taps it.
//!
//! Needs Chromium, found on the path or named by `CHROME`. Without it these tests say `skipped:` and pass, unless
//! `LUPINUS_REQUIRE_BROWSER` is set. With `LUPINUS_SCREENSHOTS=FOLDER` they leave pictures there.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a test file")]

#[path = "../support/mod.rs"]
mod support;

mod desk;
mod flex;
mod gallery;
mod phone;
mod playing;
mod rendering;
mod tapping;
