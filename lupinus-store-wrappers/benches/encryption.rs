//! What encryption costs: the same commits and the same pages, on sled, through the wrapper and without it, by turns in one run.
//!
//! Run with `cargo bench -p lupinus-store-wrappers --bench encryption`.
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use lupinus_core::{
    store::{Kind, Scan, Store},
    testkit::message,
};
use lupinus_store_sled::SledStore;
use lupinus_store_wrappers::{Encrypted, Keys};
use secrecy::ExposeSecret as _;

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

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
