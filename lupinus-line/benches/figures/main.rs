//! How fast this crate is beside the least that could be done without it, both measured in the same run.
//!
//! Run with: `cargo bench -p lupinus-line`. After criterion's own words comes a table of the medians and their ratios.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod flex;
mod multicast;
mod table;
mod webhook;

use criterion::Criterion;

fn main() {
    let mut criterion =
        Criterion::default().output_directory(table::directory().as_path()).configure_from_args();
    webhook::measure(&mut criterion);
    flex::measure(&mut criterion);
    multicast::measure(&mut criterion);
    criterion.final_summary();
    table::print();
}
