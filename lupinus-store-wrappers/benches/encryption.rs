//! What encryption costs: the same commits and the same pages, on sled, through the wrapper and without it, by turns in one run.
//!
//! Run with `cargo bench -p lupinus-store-wrappers --bench encryption`.
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use lupinus_core::store::{
    Batch, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, Version,
};
use lupinus_store_sled::SledStore;
use lupinus_store_wrappers::{Encrypted, Keys};
use secrecy::ExposeSecret as _;

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

/// What one message of a consultation commits, about 2 KB: inbox, consultation, audit, outbox.
fn message(task: usize, n: u64) -> Batch {
    let record = |kind: &'static str, body: usize, indexes: Vec<IndexEntry>| Record {
        key: RecordKey::new(Kind::new(kind), format!("{task:03}-{n:012}")),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes,
        body: format!("{{\"text\":\"{}\"}}", "x".repeat(body)).into(),
    };
    let due = || vec![IndexEntry::new("due", format!("2026-04-01T00:00:00.{n:06}Z"))];
    let mut thread = record("consultation", 500, vec![IndexEntry::new("state", "assigned")]);
    thread.key = RecordKey::new(Kind::new("consultation"), format!("{task:03}"));
    let thread = if n == 0 {
        Op::Insert(thread)
    } else {
        Op::Update { record: thread, expected: Version::from_number(n) }
    };
    let inserts = [
        record("inbox", 300, Vec::new()),
        record("audit", 250, vec![IndexEntry::unique("subject", format!("{task:03}/{n:012}"))]),
        record("outbox", 250, due()),
    ];
    Batch { ops: inserts.into_iter().map(Op::Insert).chain([thread]).collect(), erases: false }
}

/// Commits a second.
async fn commits(store: Arc<dyn Store>, in_flight: usize) -> f64 {
    let started = Instant::now();
    let tasks = (0..in_flight).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut done = 0;
            while started.elapsed() < ROUND {
                store.commit(message(task, done)).await.unwrap();
                done += 1;
            }
            done
        })
    });
    let mut done = 0;
    for task in tasks.collect::<Vec<_>>() {
        done += task.await.unwrap();
    }
    per_second(done, started.elapsed())
}

/// Records a second, in pages of 500.
async fn reads(store: Arc<dyn Store>) -> f64 {
    let started = Instant::now();
    let mut scan = Scan::keys(Kind::new("inbox")).limit(500);
    let mut read = 0;
    while started.elapsed() < ROUND {
        let page = store.scan(&scan).await.unwrap();
        read += page.records.len() as u64;
        scan.after = page.next;
    }
    per_second(read, started.elapsed())
}

fn per_second(count: u64, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn opened(path: &Path, keys: Option<&Keys>) -> Arc<dyn Store> {
    let plain: Arc<dyn Store> = Arc::new(SledStore::open(path).unwrap());
    match keys {
        Some(keys) => Arc::new(Encrypted::open(plain, keys.clone(), &[]).await.unwrap()),
        None => plain,
    }
}

fn main() {
    // `cargo test` runs benches too, and asks for their list of tests.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let keys: Keys = Keys::draw("bench").unwrap().expose_secret().parse().unwrap();
    let ways = [("plain", None), ("encrypted", Some(&keys))];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for in_flight in [1, 64] {
            let (mut written, mut read) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
            let mut bytes = [0, 0];
            for round in 0..ROUNDS {
                for (way, (name, keys)) in ways.iter().enumerate() {
                    let path = folder.path().join(format!("{name}-{in_flight}-{round}"));
                    let store = opened(&path, *keys).await;
                    written[way].push(commits(Arc::clone(&store), in_flight).await);
                    read[way].push(reads(Arc::clone(&store)).await);
                    let size = store.size().await.unwrap();
                    bytes[way] = size.disk_bytes / size.records.max(1);
                    store.close().await.unwrap();
                    drop(store);
                    std::fs::remove_dir_all(path).unwrap();
                }
            }
            let [plain, encrypted] = written.map(median);
            println!(
                "{in_flight:>3} in flight: {plain:>7.0} commits/s plain, {encrypted:>7.0} encrypted: {:.2} of it",
                encrypted / plain
            );
            let [plain, encrypted] = read.map(median);
            println!(
                "{in_flight:>3} written at once: {plain:>8.0} records/s read plain, {encrypted:>8.0} encrypted: {:.2} of it; \
                 {} and {} bytes on disk a record",
                encrypted / plain,
                bytes[0],
                bytes[1]
            );
        }
    });
}
