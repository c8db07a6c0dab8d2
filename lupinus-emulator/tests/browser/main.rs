//! The page in a browser: what it draws, and what happens when a person taps it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a test file")]

#[path = "../support/mod.rs"]
mod support;

mod desk;
mod flex;
mod gallery;
mod liff;
mod people;
mod phone;
mod playing;
mod rendering;
mod screen;
mod tapping;
