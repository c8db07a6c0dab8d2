//! Domain types, workflows and ports of Lupinus.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod screening;
pub mod store;
