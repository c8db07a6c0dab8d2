//! Days in the life of a bot over sled, in simulated time: memory, disk and tasks at the end of each hour.
//!
//! `cargo build --release -p lupinus-tests --bins`, then `days --help`.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a measurement that fails says so")]

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use lupinus_tests::{Days, Sample, no_real_line};

/// Lets days go by for a bot over sled: people join and leave, ask and take back, staff answer and send, LINE fails, the
/// sweeper sweeps. Ends with 1 when what the bot holds grew more than the city did.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many hours.
    #[arg(long, default_value_t = 72)]
    hours: usize,
    /// How many members there are at first.
    #[arg(long, default_value_t = 1_000)]
    members: usize,
    /// Where the store is, for as long as this runs.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    no_real_line().unwrap();
    let arguments = Arguments::parse();
    let program = std::env::current_exe().unwrap().with_file_name("victim");
    assert!(program.exists(), "build the bot, too: cargo build --release -p lupinus-tests --bins");
    let folder = tempfile::tempdir_in(&arguments.folder).unwrap();
    println!("hour, memory in MB, disk in MB, tasks");
    let says = |hour: usize, sample: &Sample| {
        let megabytes = |bytes: u64| bytes / 1_000_000;
        println!(
            "{hour:>3} {:>5} {:>5} {:>4}",
            megabytes(sample.memory_bytes),
            megabytes(sample.disk_bytes),
            sample.tasks
        );
    };
    let days =
        Days::of(program.to_str().unwrap(), folder.path(), arguments.members, arguments.hours, says).await;
    println!(
        "{} webhooks, {} requests to LINE, {} questions, {} answered, {} posts; {} records, an export of {} MB",
        days.webhooks,
        days.requests,
        days.asked,
        days.answered,
        days.posts,
        days.records,
        days.export_bytes / 1_000_000
    );
    let faults = days.faults();
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
