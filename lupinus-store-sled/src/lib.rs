#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod change;
mod disk;
mod error;
mod folder;
mod index;
mod journal;
mod options;
#[cfg(test)]
mod power_cut;
mod shared;
mod store;
#[cfg(test)]
mod stuck;
mod watch;
mod writer;

pub use self::{
    error::OpenError,
    options::{Options, Progress},
    store::SledStore,
};
