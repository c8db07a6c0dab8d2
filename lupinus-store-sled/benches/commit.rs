//! Commits through the store against the bare journal: append and `fdatasync`, the same bytes, the same number in flight.
//!
//! Run with `cargo bench -p lupinus-store-sled`.
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use lupinus_core::{store::Store, testkit::message};
use lupinus_store_sled::SledStore;
use tokio::sync::oneshot;

const ROUND: Duration = Duration::from_secs(4);

fn report(name: &str, in_flight: usize, mut times: Vec<Duration>, took: Duration) -> f64 {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    let count = u32::try_from(times.len()).unwrap();
    let rate = f64::from(count) / took.as_secs_f64();
    println!(
        "{name:<14} {in_flight:>4} in flight: {rate:>8.0} commits/s, p50 {:.2} ms, p99 {:.2} ms",
        at(50),
        at(99)
    );
    rate
}

async fn through_the_store(folder: &Path, in_flight: usize) -> f64 {
    let store = SledStore::open(folder.join(format!("store-{in_flight}"))).unwrap();
    let started = Instant::now();
    let tasks: Vec<_> = (0..in_flight)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                for n in 0.. {
                    if started.elapsed() > ROUND {
                        break;
                    }
                    let begun = Instant::now();
                    store.commit(message(task, n)).await.unwrap();
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let rate = report("store", in_flight, times, started.elapsed());
    store.close().await.unwrap();
    rate
}

/// The same group commit with nothing behind it.
async fn bare(folder: &Path, in_flight: usize) -> f64 {
    let (sender, waiting) = mpsc::channel::<(Vec<u8>, oneshot::Sender<()>)>();
    let mut file = File::create(folder.join(format!("bare-{in_flight}"))).unwrap();
    let writer = thread::spawn(move || {
        while let Ok(first) = waiting.recv() {
            let group: Vec<_> = std::iter::once(first).chain(waiting.try_iter().take(1_023)).collect();
            let bytes: Vec<u8> = group.iter().flat_map(|(bytes, _)| bytes.iter().copied()).collect();
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
            for (_, answer) in group {
                let _ = answer.send(());
            }
        }
    });
    let started = Instant::now();
    let sender = Arc::new(sender);
    let tasks: Vec<_> = (0..in_flight)
        .map(|task| {
            let sender = Arc::clone(&sender);
            tokio::spawn(async move {
                let mut times = Vec::new();
                for n in 0.. {
                    if started.elapsed() > ROUND {
                        break;
                    }
                    let begun = Instant::now();
                    let (answer, answered) = oneshot::channel();
                    sender.send((serde_json::to_vec(&message(task, n)).unwrap(), answer)).unwrap();
                    answered.await.unwrap();
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    drop(sender);
    writer.join().unwrap();
    report("bare journal", in_flight, times, started.elapsed())
}

/// How quickly a lost index is built anew.
async fn rebuild(folder: &Path, in_flight: usize) {
    let path = folder.join(format!("store-{in_flight}"));
    std::fs::remove_file(path.join("INDEX")).unwrap();
    let started = Instant::now();
    let store = SledStore::open(&path).unwrap();
    let took = started.elapsed();
    let size = store.size().await.unwrap();
    println!(
        "index built anew: {} records in {:.2} s, {} MiB on disk",
        size.records,
        took.as_secs_f64(),
        size.disk_bytes >> 20
    );
    drop(store);
    let started = Instant::now();
    drop(SledStore::open(&path).unwrap());
    println!("opened again: {:.2} s", started.elapsed().as_secs_f64());
}

fn main() {
    // `cargo test` runs benches too, and asks for their list of tests.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for in_flight in [1, 64] {
            let bare = bare(folder.path(), in_flight).await;
            let store = through_the_store(folder.path(), in_flight).await;
            println!(
                "{:<14} {in_flight:>4} in flight: the store does {:.0} % of the bare journal",
                "ratio",
                store / bare * 100.0
            );
        }
        rebuild(folder.path(), 64).await;
    });
}
