//! One post to very many members: requests, time and memory, by one bot and by several, and exactly once although one is killed in the
//! middle.
//!
//! `cargo build --release -p lupinus-tests --bins`, then `send --help`.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a measurement that fails says so")]

use std::{ffi::OsString, path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use lupinus_store_postgres::testkit::Schema;
use lupinus_tests::{Sending, Sent, no_real_line};

/// Sends one post to very many members on the emulator: by one bot on sled and, where there is a server, by one and by several on
/// PostgreSQL; first undisturbed, then with one of them killed in the middle. Ends with 1 when anybody has it twice or not at all.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many members there are.
    #[arg(long, default_value_t = 100_000)]
    members: usize,
    /// How many bots there are over one database.
    #[arg(long, default_value_t = 3)]
    bots: usize,
    /// How many multicasts a bot makes at the same time.
    #[arg(long, default_value_t = 8)]
    concurrency: usize,
    /// How long LINE takes for a multicast, in milliseconds.
    #[arg(long, default_value_t = 0)]
    delay: u64,
    /// Where the store on sled is, for as long as this runs.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// A server of PostgreSQL: used, too, in schemas that are removed.
    #[arg(long, env = "LUPINUS_POSTGRES_URL")]
    postgres: Option<String>,
}

fn said(store: &str, sending: &Sending<'_>, sent: &Sent) {
    let memory: Vec<String> =
        sent.memory_bytes.iter().map(|bytes| format!("{} MB", bytes / 1_000_000)).collect();
    let killed = match sent.accepted_before_kill {
        Some(accepted) => format!("one killed when {accepted} were accepted"),
        None => "undisturbed".to_owned(),
    };
    println!(
        "{store}, {} bots, {killed}: {} members in {:.2} s, the first of them after {:.2} s; {} multicasts accepted, {} answered 409; at most {}; copies a member: {:?}",
        sending.bots,
        sending.members,
        sent.took.as_secs_f64(),
        sent.fixed.as_secs_f64(),
        sent.accepted,
        sent.known,
        memory.join(", "),
        sent.copies,
    );
    for fault in &sent.faults {
        println!("  {fault}");
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    no_real_line().unwrap();
    let arguments = Arguments::parse();
    let program = std::env::current_exe().unwrap().with_file_name("victim");
    assert!(program.exists(), "build the bot, too: cargo build --release -p lupinus-tests --bins");
    let program = program.to_str().unwrap();
    let mut is_exact = true;
    for (is_database, bots) in [(false, 1), (true, 1), (true, arguments.bots)] {
        for killed in [false, true] {
            let folder = tempfile::tempdir_in(&arguments.folder).unwrap();
            let schema = arguments.postgres.clone().map(Schema::on);
            let (store, place) = match &schema {
                _ if !is_database => ("sled", OsString::from(folder.path().join("data"))),
                Some(schema) => ("PostgreSQL", schema.address().into()),
                None => continue,
            };
            let sending = Sending {
                program,
                members: arguments.members,
                bots,
                concurrency: arguments.concurrency,
                killed,
                delay: Duration::from_millis(arguments.delay),
            };
            let sent = sending.over(place).await;
            said(store, &sending, &sent);
            is_exact &= sent.is_exact();
        }
    }
    if is_exact { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
