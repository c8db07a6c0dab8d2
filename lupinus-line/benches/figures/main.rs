//! How fast this crate is beside the least that could be done without it, both measured in the same run.
//!
//! Run with: `cargo bench -p lupinus-line --bench figures`. After criterion's own words comes a table of the medians and their
//! ratios.

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
    criterion.final_summary();
    // Not when cargo only tries whether benchmarks run.
    if std::env::args().any(|argument| argument == "--bench") {
        table::print();
        let (bare, ours) = multicast::measure();
        table::row("multicast to 50,000", bare.as_secs_f64() * 1e9, ours.as_secs_f64() * 1e9);
    }
}
