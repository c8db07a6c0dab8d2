//! The memory store proves itself with the suite that every backend runs.
#![cfg(feature = "testkit")]
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

use async_trait::async_trait;
use lupinus_core::{
    store::{Batch, Kind, MemoryStore, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version},
    testkit::{Backend, Fault, Faulty},
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
