#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod address;
mod erase;
mod error;
mod migrate;
mod news;
mod options;
mod read;
mod row;
mod server;
mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
mod writer;

pub use self::{address::Address, error::DatabaseError, options::Options, store::PostgresStore};
