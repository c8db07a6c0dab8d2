//! What benchmarks commit, and what a store holds afterwards.

use crate::store::{Batch, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, Version};

/// What one message of a consultation commits, about 2 KB: inbox, consultation, audit, outbox. The `n`-th of a task,
/// from 0 on, after the one before it.
#[must_use]
pub fn message(task: usize, n: u64) -> Batch {
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

/// Everything a store holds, kind by kind, as an export reads it, in pages of `page` records.
///
/// # Panics
/// When the store fails.
#[expect(clippy::unwrap_used, reason = "for tests, which fail with it")]
pub async fn everything(store: &dyn Store, page: usize) -> Vec<Record> {
    let mut all = Vec::new();
    for kind in store.kinds().await.unwrap() {
        let mut scan = Scan::keys(kind).limit(page);
        loop {
            let found = store.scan(&scan).await.unwrap();
            all.extend(found.records);
            match found.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
    }
    all
}
