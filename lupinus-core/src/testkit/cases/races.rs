use std::sync::Arc;

use tokio::{sync::Barrier, task::JoinSet};

use super::super::{
    Backend,
    given::{Handle, THING, badged, batch, coloured, conflict, inserts, key, record, stored, update},
};
use crate::store::{Op, Record, Scan, StoreError};

/// Whichever handle made them, through every way of reading.
pub async fn reads_see_every_commit_that_returned(backend: &mut impl Backend) {
    let (writer, reader) = (backend.handle().await, backend.handle().await);
    for n in 1..=30_u64 {
        let name = format!("{n:02}");
        writer.commit(inserts([coloured(&name, "red")])).await.unwrap();
        assert!(reader.get(&key(&name)).await.unwrap().is_some(), "get {n}");
        assert!(reader.get_many(&[key(&name)]).await.unwrap()[0].is_some(), "get_many {n}");
        assert_eq!(reader.count(&Scan::index(THING, "colour")).await.unwrap(), n, "count");
        assert_eq!(reader.size().await.unwrap().records, n, "size");
        let newest = reader.scan(&Scan::keys(THING).backwards().limit(1)).await.unwrap();
        assert_eq!(newest.records[0].key.key, name, "scan");
    }
}

/// Whoever comes second is told; what is stored is what the winner wrote.
pub async fn of_two_handles_racing_on_one_record_exactly_one_wins(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "0")])).await.unwrap();
    for round in 1..=30 {
        let (ours, theirs) = (backend.handle().await, backend.handle().await);
        let (one, other) = tokio::join!(
            tokio::spawn(async move { ours.commit(batch([update(record("a", "ours"), round)])).await }),
            tokio::spawn(async move { theirs.commit(batch([update(record("a", "theirs"), round)])).await }),
        );
        let winner = match (one.unwrap(), other.unwrap()) {
            (Ok(()), refused) => (conflict(refused), "\"ours\"").1,
            (refused, Ok(())) => (conflict(refused), "\"theirs\"").1,
            neither => panic!("round {round}: nobody won: {neither:?}"),
        };
        let after = stored(&store, "a").await;
        assert_eq!((after.version.number(), &*after.body), (round + 1, winner), "round {round}");
    }
}

/// All begin at once, on the same version.
pub async fn of_fifty_tasks_updating_one_version_exactly_one_wins(backend: &mut impl Backend) {
    backend.handle().await.commit(inserts([record("a", "0")])).await.unwrap();
    let won = race(backend, 50, |n| batch([update(record("a", &n.to_string()), 1)])).await;
    assert_eq!(won.len(), 1, "{won:?} won");
    let after = stored(&backend.handle().await, "a").await;
    assert_eq!((after.version.number(), &*after.body), (2, format!("\"{}\"", won[0]).as_str()));
}

/// A unique value is a claim, and a claim has one winner.
pub async fn of_many_tasks_taking_one_unique_value_exactly_one_wins(backend: &mut impl Backend) {
    let won = race(backend, 30, |n| inserts([badged(&n.to_string(), "the one")])).await;
    assert_eq!(won.len(), 1, "{won:?} won");
    let store = backend.handle().await;
    let holders = store.scan(&Scan::index(THING, "badge")).await.unwrap().records;
    assert_eq!(holders, [badged(&won[0].to_string(), "the one")]);
    assert_eq!(store.size().await.unwrap().records, 1);
}

async fn race(backend: &impl Backend, tasks: usize, what: fn(usize) -> crate::store::Batch) -> Vec<usize> {
    let start = Arc::new(Barrier::new(tasks));
    let mut running = JoinSet::new();
    for n in 0..tasks {
        let (store, start) = (backend.handle().await, Arc::clone(&start));
        running.spawn(async move {
            start.wait().await;
            (n, store.commit(what(n)).await)
        });
    }
    let mut won = Vec::new();
    for (n, outcome) in running.join_all().await {
        match outcome {
            Ok(()) => won.push(n),
            Err(StoreError::Conflict(_)) => {}
            Err(other) => panic!("task {n}: {other:?}"),
        }
    }
    won
}

/// Twenty tasks, twenty increments each, each repeated from the load until it commits.
pub async fn a_counter_counts_every_increment(backend: &mut impl Backend) {
    backend.handle().await.commit(inserts([record("counter", "0")])).await.unwrap();
    let mut running = JoinSet::new();
    for _ in 0..20 {
        let store = backend.handle().await;
        running.spawn(async move {
            for _ in 0..20 {
                increment(&store).await;
            }
        });
    }
    running.join_all().await;
    let after = stored(&backend.handle().await, "counter").await;
    assert_eq!((&*after.body, after.version.number()), ("\"400\"", 401));
}

async fn increment(store: &Handle) {
    for _ in 0..100_000 {
        let read = stored(store, "counter").await;
        let count: u64 = read.body.trim_matches('"').parse().unwrap();
        let next = Op::Update { record: record("counter", &(count + 1).to_string()), expected: read.version };
        match store.commit(batch([next])).await {
            Ok(()) => return,
            Err(StoreError::Conflict(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("an increment never got through");
}

/// Two records that always change together are never read apart by one call.
pub async fn a_batch_is_never_seen_half_done(backend: &mut impl Backend) {
    let (writer, reader) = (backend.handle().await, backend.handle().await);
    let pair = |colour: &str| ["a", "b"].map(|name| coloured(name, colour));
    writer.commit(inserts(pair("0"))).await.unwrap();
    let writing = tokio::spawn(async move {
        for n in 1..=100_u64 {
            writer.commit(batch(pair(&n.to_string()).map(|record| update(record, n)))).await.unwrap();
        }
    });
    while !writing.is_finished() {
        let page: Vec<Record> = reader.scan(&Scan::index(THING, "colour")).await.unwrap().records;
        let [a, b] = page.as_slice() else { panic!("{} of 2 records seen", page.len()) };
        assert_eq!((a.version, &a.indexes), (b.version, &b.indexes));
    }
    writing.await.unwrap();
}

/// Whoever waits is in nobody's way, and may stop waiting.
pub async fn waiting_for_other_programs_holds_nothing_up(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let waiting = backend.handle().await;
    let waiting = tokio::spawn(async move {
        let mut seen = 0;
        loop {
            seen = waiting.changed_elsewhere(seen).await;
        }
    });
    for n in 0..5 {
        let name = n.to_string();
        store.commit(inserts([record(&name, "x")])).await.unwrap();
        assert_eq!(stored(&store, &name).await, record(&name, "x"));
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    store.commit(inserts([record("after", "x")])).await.unwrap();
    store.close().await.unwrap();
}
