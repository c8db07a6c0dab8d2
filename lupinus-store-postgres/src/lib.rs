#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod erase;
mod error;
mod migrate;
mod options;
mod read;
mod row;
mod server;
mod store;
mod writer;

pub use self::{error::DatabaseError, options::Options, store::PostgresStore};
