#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod actor;
pub mod audience;
pub mod audit;
pub mod blob;
pub mod body;
pub mod calendar;
pub mod clock;
pub mod consultation;
pub mod delivery;
pub mod figures;
pub mod hash;
pub mod ids;
pub mod inbox;
pub mod incident;
pub mod member;
pub mod outbox;
pub mod policy;
pub mod post;
pub mod queue;
pub mod screening;
pub mod service;
pub mod staff;
pub mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
