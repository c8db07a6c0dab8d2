//! A whole city for tests: the emulator in LINE's place, the bot and the console behind real HTTP, a store, a clock that is
//! moved by hand, and people who tap, write and sign in.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use lupinus_tests::{City, Kept};
//!
//! let city = City::start(Kept::InMemory).await;
//! let nurse = city.member("看護師").await;
//! city.talk(&nurse, "使い方").await;
//! assert!(city.said(&nurse).last().is_some_and(|text| text.contains("相談")));
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on may panic"
)]

mod city;
mod days;
mod desk;
mod guard;
mod kept;
mod logs;
mod people;
mod posts;
mod proxy;
mod sending;
mod victim;
mod waiting;

pub use self::{
    city::{City, Plan, Team},
    days::{Days, Sample},
    desk::{Desk, PASSWORD, Page, csrf_in},
    guard::{NotLoopback, loopback, no_real_line},
    kept::{Kept, keys},
    logs::Logs,
    people::user_id,
    posts::{canonical, content, hash_of, unhindered},
    proxy::{Proxy, Target, Weather},
    sending::{Sending, Sent},
    victim::{MULTICAST, Victim, approved, asked, centre, letters, members, multicasts, scheduled},
    waiting::eventually,
};
