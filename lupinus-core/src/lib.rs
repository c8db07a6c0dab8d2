#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod actor;
pub mod audience;
pub mod audit;
pub mod blob;
pub mod body;
pub mod calendar;
pub mod canned;
pub mod choices;
pub mod clock;
pub mod consultation;
pub mod delivery;
pub mod disposal;
pub mod faq;
pub mod figures;
pub mod hash;
pub mod ids;
pub mod inbox;
pub mod incident;
pub mod launch;
pub mod linking;
pub mod member;
pub mod outbox;
pub mod policy;
pub mod post;
pub mod queue;
pub mod screening;
pub mod sealing;
pub mod search;
pub mod service;
pub mod settings;
pub mod staff;
pub mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
mod written;
