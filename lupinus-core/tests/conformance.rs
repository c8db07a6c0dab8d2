//! The memory store proves itself with the suite that every backend runs.
#![cfg(feature = "testkit")]
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

use async_trait::async_trait;
use lupinus_core::{
    store::{Batch, Kind, MemoryStore, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version},
    testkit::{Backend, Drawn, Fault, Faulty, Odds},
};

struct Memory(MemoryStore);

#[async_trait]
impl Backend for Memory {
    async fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.0.clone())
    }

    async fn restart(&mut self) {
        self.0 = self.0.reopen();
    }

    async fn still_holds(&mut self, bytes: &[u8]) -> bool {
        let mut found = false;
        for kind in self.0.kinds().await.unwrap() {
            let page = self.0.scan(&Scan::keys(kind).limit(1_000)).await.unwrap();
            let lines = page.records.iter().map(|record| serde_json::to_vec(record).unwrap());
            found |= lines.into_iter().any(|line| line.windows(bytes.len()).any(|window| window == bytes));
        }
        found
    }
}

async fn memory() -> Memory {
    Memory(MemoryStore::new())
}

lupinus_core::store_conformance!(memory);

#[tokio::test]
async fn a_fault_before_a_commit_changes_nothing_and_one_after_it_loses_the_answer_only() {
    let store = Faulty::new(Arc::new(MemoryStore::new()));
    let key = |name: &str| RecordKey::new(Kind::new("thing"), name);
    let insert = |name: &str| Batch {
        ops: vec![Op::Insert(Record {
            key: key(name),
            version: Version::FIRST,
            schema: 1,
            class: RecordClass::Operation,
            indexes: Vec::new(),
            body: "1".into(),
        })],
        erases: false,
    };
    store.fail_commit(1, Fault::Before);
    store.fail_commit(2, Fault::After);
    for (name, is_there) in [("before", false), ("after", true)] {
        assert!(matches!(store.commit(insert(name)).await, Err(StoreError::Unavailable(..))));
        assert_eq!(store.get(&key(name)).await.unwrap().is_some(), is_there, "{name}");
    }
    store.fail_call(2, Fault::Before);
    assert!(store.health().await.is_ok());
    assert!(store.health().await.is_err());
    store.set_down(true);
    assert!(store.get(&key("after")).await.is_err());
    store.set_down(false);
    assert!(store.get(&key("after")).await.unwrap().is_some());
    assert_eq!((store.commits(), store.calls()), (2, 8));
}

fn insert(name: &str) -> Batch {
    let record = Record {
        key: RecordKey::new(Kind::new("thing"), name),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: "1".into(),
    };
    Batch { ops: vec![Op::Insert(record)], erases: false }
}

/// What a hundred inserts, each with a look, come to under this seed; and what was drawn.
async fn afternoon(seed: u64, odds: Odds) -> (Vec<(bool, bool)>, Drawn) {
    let store = Faulty::new(Arc::new(MemoryStore::new()));
    store.by_lot(seed, odds);
    let mut seen = Vec::new();
    for n in 0..100 {
        let committed = store.commit(insert(&n.to_string())).await;
        let read = store.get(&RecordKey::new(Kind::new("thing"), n.to_string())).await;
        seen.push((committed.is_ok(), read.is_ok()));
    }
    let drawn = store.calm();
    for _ in 0..50 {
        store.health().await.unwrap();
    }
    assert_eq!(store.calm(), Drawn::default(), "it goes on after it was ended");
    let kept = store.size().await.unwrap().records;
    assert_eq!(kept, 100 - drawn.before, "what lost its answer is there, and what did not happen is not");
    (seen, drawn)
}

#[tokio::test(start_paused = true)]
async fn one_seed_draws_the_same_faults_again_and_another_seed_others() {
    let odds =
        Odds { before: 100, after: 200, read: 150, late: 300, longest: std::time::Duration::from_secs(9) };
    let (seen, drawn) = afternoon(7, odds).await;
    assert_eq!(afternoon(7, odds).await, (seen.clone(), drawn));
    assert_ne!(afternoon(8, odds).await.0, seen);
    let refused = seen.iter().filter(|(committed, _)| !committed).count() as u64;
    assert_eq!(refused, drawn.before + drawn.after);
    assert_eq!(seen.iter().filter(|(_, read)| !read).count() as u64, drawn.read);
    // Of 100, and of 200 calls that may be late.
    for (name, count, expected) in [
        ("before", drawn.before, 10),
        ("after", drawn.after, 20),
        ("read", drawn.read, 15),
        ("late", drawn.late, 60),
    ] {
        assert!((expected / 2..=expected * 2).contains(&count), "{name}: {count} and not about {expected}");
    }
    let (seen, drawn) = afternoon(7, Odds::default()).await;
    assert!(seen.iter().all(|outcome| *outcome == (true, true)) && drawn == Drawn::default());
}

#[tokio::test(start_paused = true)]
async fn what_is_late_takes_its_time_before_or_after_it_happened_and_goes_well() {
    let odds = Odds { late: 1_000, longest: std::time::Duration::from_secs(9), ..Odds::default() };
    let (mut before, mut after) = (0, 0);
    for seed in 0..20 {
        let store = Faulty::new(Arc::new(MemoryStore::new()));
        store.by_lot(seed, odds);
        let committing = tokio::spawn({
            let store = store.clone();
            async move { store.commit(insert("a")).await }
        });
        tokio::task::yield_now().await;
        store.calm();
        // The clock stands still until somebody sleeps: it has happened by now, or will only later.
        let happened = store.size().await.unwrap().records == 1;
        (before, after) = if happened { (before, after + 1) } else { (before + 1, after) };
        let began = tokio::time::Instant::now();
        committing.await.unwrap().unwrap();
        assert!(began.elapsed() < odds.longest);
        assert_eq!(store.size().await.unwrap().records, 1);
    }
    assert!(before > 3 && after > 3, "{before} waited before, {after} with the answer");
}
