//! The whole system through the emulator: signed webhooks in, the console's own HTTP, the dispatcher out.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod answers;
mod clicks;
mod consulting;
mod events;
mod guarding;
mod holding;
mod publishing;
mod replying;
mod reporting;
mod stopped;
mod weather;
mod wording;
