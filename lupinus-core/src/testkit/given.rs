//! The records that the cases work on.
#![expect(clippy::unwrap_used, reason = "a failed assertion is the outcome of a case")]

use std::sync::Arc;

use crate::store::{
    Batch, Cursor, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version,
};

pub(super) const THING: Kind = Kind::new("thing");
pub(super) const OTHER: Kind = Kind::new("other");

pub(super) type Handle = Arc<dyn Store>;

pub(super) fn key(key: &str) -> RecordKey {
    RecordKey::new(THING, key)
}

/// A record with the JSON string `body` as its body.
pub(super) fn record(name: &str, body: &str) -> Record {
    Record {
        key: key(name),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: format!("{body:?}").into(),
    }
}

/// A record that is found in the index `colour`.
pub(super) fn coloured(name: &str, colour: &str) -> Record {
    Record { indexes: vec![IndexEntry::new("colour", colour)], ..record(name, colour) }
}

/// A record that alone holds `badge`.
pub(super) fn badged(name: &str, badge: &str) -> Record {
    Record { indexes: vec![IndexEntry::unique("badge", badge)], ..record(name, badge) }
}

pub(super) fn batch(ops: impl IntoIterator<Item = Op>) -> Batch {
    Batch { ops: ops.into_iter().collect(), erases: false }
}

pub(super) fn inserts(records: impl IntoIterator<Item = Record>) -> Batch {
    batch(records.into_iter().map(Op::Insert))
}

pub(super) fn update(record: Record, expected: u64) -> Op {
    Op::Update { record, expected: Version::from_number(expected) }
}

pub(super) fn delete(name: &str, expected: u64) -> Op {
    Op::Delete { key: key(name), expected: Version::from_number(expected) }
}

/// The record under `name`, which must be there.
pub(super) async fn stored(store: &Handle, name: &str) -> Record {
    store.get(&key(name)).await.unwrap().unwrap()
}

pub(super) async fn is_there(store: &Handle, name: &str) -> bool {
    store.get(&key(name)).await.unwrap().is_some()
}

/// The keys of one page, with where it goes on.
pub(super) async fn page(store: &Handle, scan: &Scan) -> (Vec<String>, Option<Cursor>) {
    let page = store.scan(scan).await.unwrap();
    (page.records.into_iter().map(|record| record.key.key).collect(), page.next)
}

/// The keys of a whole scan, page after page.
pub(super) async fn keys(store: &Handle, mut scan: Scan) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let (keys, next) = page(store, &scan).await;
        assert!(keys.len() <= scan.limit, "a page of {} where {} were asked for", keys.len(), scan.limit);
        all.extend(keys);
        match next {
            Some(next) => scan.after = Some(next),
            None => return all,
        }
    }
}

/// A whole tally, page after page.
pub(super) async fn counts(store: &Handle, mut scan: Scan) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    loop {
        let page = store.tally(&scan).await.unwrap();
        assert!(page.counts.len() <= scan.limit, "{page:?} where {} were asked for", scan.limit);
        all.extend(page.counts);
        assert!(all.len() <= 100, "a tally that does not end");
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return all,
        }
    }
}

/// Which record a refused commit names.
pub(super) fn conflict(outcome: Result<(), StoreError>) -> RecordKey {
    match outcome {
        Err(StoreError::Conflict(key)) => key,
        other => panic!("a conflict was due: {other:?}"),
    }
}

pub(super) fn is_unavailable<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Unavailable(..)))
}

pub(super) fn is_invalid<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Invalid(_)))
}
