#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod encrypted;
mod envelope;
mod error;
mod files;
mod keys;
mod metered;

pub use self::{
    encrypted::{Encrypted, Rotation},
    error::OpenError,
    keys::{InvalidKeys, Keys, MAX_KEY_NAME_BYTES, MAX_KEYS},
    metered::{Metered, STORE_SECONDS},
};
