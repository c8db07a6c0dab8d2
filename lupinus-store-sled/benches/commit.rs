//! Commits through the store, beside a bare log (append and `fdatasync`) of the same bytes and bare sled with the same keys: the
//! same number in flight, by turns in one run.
//!
//! Run with `cargo bench -p lupinus-store-sled`. A folder behind `--` is where it writes.
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use lupinus_core::{
    store::{Batch, Op, Record, Store},
    testkit::{Pace, event, message},
};
use lupinus_store_sled::SledStore;
use tokio::sync::oneshot;

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

type What = fn(usize, u64) -> Batch;

async fn through_the_store(folder: &Path, in_flight: usize, what: What) -> Pace {
    let store = SledStore::open(folder).unwrap();
    let used = store.clone();
    let pace = Pace::of(in_flight, ROUND, move |task, n| {
        let store = used.clone();
        async move { store.commit(what(task, n)).await.unwrap() }
    });
    let pace = pace.await;
    store.close().await.unwrap();
    pace
}

/// A thread that takes whatever waits, and answers when all of it is written.
fn writer<T: Send + 'static>(
    write: impl FnMut(Vec<T>) + Send + 'static,
) -> (mpsc::Sender<(T, oneshot::Sender<()>)>, JoinHandle<()>) {
    let mut write = write;
    let (sender, waiting) = mpsc::channel::<(T, oneshot::Sender<()>)>();
    let thread = thread::spawn(move || {
        while let Ok(first) = waiting.recv() {
            let group = std::iter::once(first).chain(waiting.try_iter().take(1_023));
            let (group, answers): (Vec<_>, Vec<_>) = group.unzip();
            write(group);
            for answer in answers {
                let _ = answer.send(());
            }
        }
    });
    (sender, thread)
}

async fn through<T: Send + 'static>(
    in_flight: usize,
    write: impl FnMut(Vec<T>) + Send + 'static,
    made: impl Fn(usize, u64) -> T + Clone + Send + Sync + 'static,
) -> Pace {
    let (sender, thread) = writer(write);
    let pace = Pace::of(in_flight, ROUND, move |task, n| {
        let (answer, answered) = oneshot::channel();
        sender.send((made(task, n), answer)).unwrap();
        async move { answered.await.unwrap() }
    });
    let pace = pace.await;
    thread.join().unwrap();
    pace
}

/// The same bytes at the end of a file.
async fn bare_log(folder: &Path, in_flight: usize, what: What) -> Pace {
    let mut file = File::create(folder).unwrap();
    let write = move |group: Vec<Vec<u8>>| {
        file.write_all(&group.concat()).unwrap();
        file.sync_data().unwrap();
    };
    through(in_flight, write, move |task, n| serde_json::to_vec(&what(task, n)).unwrap()).await
}

/// A key of a tree with what is there.
type Pair = (Vec<u8>, Vec<u8>);

/// What the records of a batch are in a tree: one key a record, and one for each of its index entries.
fn pairs(batch: &Batch) -> Vec<Pair> {
    let put = |record: &Record| {
        let (kind, key) = (record.key.kind.as_str(), &record.key.key);
        let own = (format!("r{kind}\0{key}").into_bytes(), serde_json::to_vec(record).unwrap());
        let entries = record.indexes.iter().map(|entry| {
            (format!("i{kind}\0{}\0{}\0{key}", entry.index, entry.value).into_bytes(), Vec::new())
        });
        std::iter::once(own).chain(entries).collect::<Vec<_>>()
    };
    let records = batch.ops.iter().filter_map(|op| match op {
        Op::Insert(record) | Op::Update { record, .. } => Some(record),
        Op::Delete { .. } => None,
    });
    records.flat_map(put).collect()
}

/// The same keys in sled's one tree, without a look at what was there: a batch a group, flushed and synced.
async fn bare_sled(folder: &Path, in_flight: usize, what: What) -> Pace {
    let tree = sled::open(folder).unwrap();
    let file = File::open(folder.join("db")).unwrap();
    let write = move |group: Vec<Vec<Pair>>| {
        let mut batch = sled::Batch::default();
        for (key, value) in group.into_iter().flatten() {
            batch.insert(key, value);
        }
        tree.apply_batch(batch).unwrap();
        tree.flush().unwrap();
        file.sync_data().unwrap();
    };
    through(in_flight, write, move |task, n| pairs(&what(task, n))).await
}

/// How quickly a lost index is built anew.
async fn rebuild(path: &Path) {
    std::fs::remove_file(path.join("INDEX")).unwrap();
    let started = Instant::now();
    let store = SledStore::open(path).unwrap();
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
    drop(SledStore::open(path).unwrap());
    println!("opened again: {:.2} s", started.elapsed().as_secs_f64());
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn beside(folder: &Path, in_flight: usize, name: &str, what: What) {
    let (mut of_log, mut of_sled) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let place = |sort: &str| folder.join(format!("{name}-{sort}-{in_flight}-{round}"));
        let log = bare_log(&place("log"), in_flight, what).await;
        let sled = bare_sled(&place("sled"), in_flight, what).await;
        let store = through_the_store(&place("store"), in_flight, what).await;
        for (sort, pace) in [("bare log", log), ("bare sled", sled), ("store", store)] {
            println!("{name:<8} {sort:<10} {in_flight:>4} in flight: {pace}");
        }
        of_log.push(store.per_second / log.per_second);
        of_sled.push(store.per_second / sled.per_second);
        // A disk may be small.
        std::fs::remove_file(place("log")).unwrap();
        std::fs::remove_dir_all(place("sled")).unwrap();
        if round > 0 {
            std::fs::remove_dir_all(place("store")).unwrap();
        }
    }
    println!(
        "{name:<8} {:<10} {in_flight:>4} in flight: {:.2} of the bare log, {:.2} of bare sled",
        "store",
        median(of_log),
        median(of_sled)
    );
}

fn main() {
    // `cargo test` runs benches too, and asks for their list of tests.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let place = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = tempfile::tempdir_in(place.map_or_else(std::env::temp_dir, Into::into)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for in_flight in [1, 64, 256] {
            beside(folder.path(), in_flight, "event", event).await;
            beside(folder.path(), in_flight, "message", message).await;
        }
        rebuild(&folder.path().join("message-store-64-0")).await;
    });
}
