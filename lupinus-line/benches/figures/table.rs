//! The medians of both sides, and how many times longer ours takes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The names of the two sides of each measurement.
pub(crate) const BARE: &str = "bare";
pub(crate) const OURS: &str = "ours";

pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures")
}

pub(crate) fn print() {
    println!("{:<24} {:>12} {:>12} {:>7}", "", "bare", "ours", "ratio");
    for group in ["one event", "five events", "carousel of ten"] {
        if let (Some(bare), Some(ours)) = (median_ns(group, BARE), median_ns(group, OURS)) {
            row(group, bare, ours);
        }
    }
}

pub(crate) fn row(name: &str, bare_ns: f64, ours_ns: f64) {
    println!("{name:<24} {:>12} {:>12} {:>7.2}", time(bare_ns), time(ours_ns), ours_ns / bare_ns);
}

fn median_ns(group: &str, side: &str) -> Option<f64> {
    let file = directory().join(group).join(side).join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

fn time(ns: f64) -> String {
    if ns < 1_000_000.0 { format!("{:.2} µs", ns / 1e3) } else { format!("{:.1} ms", ns / 1e6) }
}
