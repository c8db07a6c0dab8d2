//! A server that is killed and started anew while commits are under way: nothing acknowledged is lost, nothing is there twice or by
//! halves, and meanwhile it is said what is wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use lupinus_core::store::{
    Batch, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version,
};
use lupinus_store_postgres::{
    PostgresStore,
    testkit::{Cluster, Schema},
};
use tokio::task::JoinSet;

const ROUNDS: u64 = 6;
const WRITERS: u64 = 12;

fn key(name: String) -> RecordKey {
    RecordKey::new(Kind::new("thing"), name)
}

fn record(name: String, body: u64, indexes: Vec<IndexEntry>) -> Record {
    Record {
        key: key(name),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes,
        body: body.to_string().into(),
    }
}

/// What the writers have been told.
#[derive(Default)]
struct Told {
    stop: AtomicBool,
    /// Commits that were acknowledged.
    done: AtomicU64,
    /// Commits that may or may not have happened.
    unavailable: AtomicU64,
    /// Reads that were not answered.
    unread: AtomicU64,
}

/// Commits one step after the other; each raises the writer's own record and leaves one of its own.
async fn write(store: PostgresStore, writer: u64, told: Arc<Told>) -> u64 {
    let mut acknowledged = 0;
    while !told.stop.load(Ordering::Relaxed) {
        let own = format!("writer {writer}");
        let read = match store.get(&key(own.clone())).await {
            Ok(read) => read,
            Err(error) => {
                is_clear(error);
                told.unread.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
        };
        let done = read.map_or(0, |record| record.version.number());
        assert!(done >= acknowledged, "writer {writer}: {acknowledged} acknowledged, {done} there");
        let next = record(own, done + 1, vec![]);
        let own = match done {
            0 => Op::Insert(next),
            _ => Op::Update { record: next, expected: Version::from_number(done) },
        };
        let held = vec![
            IndexEntry::unique("step", format!("{writer}/{}", done + 1)),
            IndexEntry::new("writer", writer.to_string()),
        ];
        let also = Op::Insert(record(format!("{writer}-{}", done + 1), done + 1, held));
        match store.commit(Batch { ops: vec![own, also], erases: false }).await {
            Ok(()) => {
                acknowledged = done + 1;
                told.done.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                is_clear(error);
                told.unavailable.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
    acknowledged
}

/// An error of a server that is not there.
fn is_clear(error: StoreError) {
    let StoreError::Unavailable(_, source) = error else { panic!("{error:?}") };
    let says = source.to_string();
    let clear = ["see that the server runs", "wait until it is up", "if it was just stopped"];
    assert!(clear.iter().any(|clear| says.contains(clear)), "{says}");
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_200 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: not within 30 seconds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_again_and_again_loses_nothing_acknowledged_and_nothing_happens_twice() {
    let Some(cluster) = Cluster::start() else { return };
    let schema = Schema::on(cluster.address());
    let store = schema.store().await;
    let told = Arc::new(Told::default());
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(store.clone(), writer, Arc::clone(&told)));
    }
    for round in 0..ROUNDS {
        // Later each time, so that the end falls on other moments.
        let enough = told.done.load(Ordering::Relaxed) + 20 + 37 * round;
        until("commits", || told.done.load(Ordering::Relaxed) >= enough).await;
        let noticed = told.unread.load(Ordering::Relaxed) + WRITERS;
        tokio::task::block_in_place(|| if round % 3 == 2 { cluster.stop() } else { cluster.kill() });
        until("errors", || told.unread.load(Ordering::Relaxed) >= noticed).await;
        assert!(matches!(store.health().await, Err(StoreError::Unavailable(..))));
        tokio::task::block_in_place(|| cluster.up());
        // The same store, without anybody opening it anew.
        until("recovery", || told.done.load(Ordering::Relaxed) > enough + WRITERS).await;
        store.health().await.unwrap();
    }
    told.stop.store(true, Ordering::Relaxed);
    writers.join_all().await;

    let mut steps = 0;
    for writer in 0..WRITERS {
        let own = store.get(&key(format!("writer {writer}"))).await.unwrap();
        let done = own.map_or(0, |record| record.version.number());
        let scan = Scan::index(Kind::new("thing"), "writer").exactly(writer.to_string());
        assert_eq!(store.count(&scan).await.unwrap(), done, "writer {writer}");
        for step in 1..=done {
            assert!(store.get(&key(format!("{writer}-{step}"))).await.unwrap().is_some(), "{writer}-{step}");
        }
        steps += done;
    }
    let acknowledged = told.done.load(Ordering::Relaxed);
    assert!(steps >= acknowledged, "{acknowledged} acknowledged, {steps} there");
    // A commit whose answer was lost may have happened; nothing else may have.
    assert!(steps <= acknowledged + told.unavailable.load(Ordering::Relaxed));
}

#[tokio::test]
async fn a_store_that_opens_while_the_server_is_down_says_so_and_opens_when_it_is_back() {
    let Some(cluster) = Cluster::start() else { return };
    let schema = Schema::on(cluster.address());
    cluster.stop();
    let error = PostgresStore::connect(&schema.address()).await.unwrap_err().to_string();
    assert!(error.contains("see that the server runs"), "{error}");
    cluster.up();
    schema.store().await.health().await.unwrap();
}
