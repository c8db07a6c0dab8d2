//! The narrow waist: a backend stores [`Record`]s and knows nothing of posts or consultations.
//!
//! Three layers, each with one job:
//! - [`Store`] is what a backend implements: records, index ranges, and a [`Batch`] that commits whole or not at all;
//! - [`MemoryStore`] is the reference implementation, and what tests use;
//! - [`Entity`] and [`StoreExt`] are the typed side that the rest of the crate uses.
//!
//! A new backend proves itself with the conformance suite of the `testkit` feature.

mod batch;
mod error;
mod memory;
mod port;
mod record;
mod scan;
mod typed;

pub use self::{
    batch::{Batch, MAX_OPS, Op, validate_restore},
    error::{BoxError, StoreError},
    memory::MemoryStore,
    port::{Size, Store},
    record::{
        IndexEntry, Kind, MAX_BODY_BYTES, MAX_KEY_BYTES, MAX_STORED_BYTES, Record, RecordClass, RecordKey,
        Version,
    },
    scan::{Cursor, Direction, MAX_PAGE, Page, Scan, Tally},
    typed::{Entity, EntityBatch, Paged, StoreExt, Stored},
};
