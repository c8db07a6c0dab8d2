//! What benchmarks commit, and what a store holds afterwards.

use std::{
    fmt,
    time::{Duration, Instant},
};

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

/// What the intake commits before LINE has its answer: one record of about 300 bytes. The `n`-th of a task.
#[must_use]
pub fn event(task: usize, n: u64) -> Batch {
    let mut batch = message(task, n);
    batch.ops.truncate(1);
    batch
}

/// How quickly something is done, for benchmarks.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often in a second.
    pub per_second: f64,
    /// How long half of all times took at most.
    pub median: Duration,
    /// How long all but one in a hundred took at most.
    pub p99: Duration,
}

impl Pace {
    /// Has `in_flight` tasks do something over and over for `round`. They say their number, and how often they did it before.
    ///
    /// # Panics
    /// When that panics.
    #[expect(clippy::unwrap_used, reason = "for benchmarks, which fail with it")]
    #[expect(clippy::disallowed_methods, reason = "it measures real time, and decides nothing by it")]
    pub async fn of<F>(
        in_flight: usize,
        round: Duration,
        does: impl Fn(usize, u64) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send,
    {
        let began = Instant::now();
        let tasks = (0..in_flight).map(|task| {
            let does = does.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                for n in 0.. {
                    let from = Instant::now();
                    if from - began > round {
                        break;
                    }
                    does(task, n).await;
                    times.push(from.elapsed());
                }
                times
            })
        });
        let mut times = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            times.extend(task.await.unwrap());
        }
        let took = began.elapsed();
        times.sort_unstable();
        let at = |hundredths: usize| times[(times.len() * hundredths / 100).min(times.len() - 1)];
        let count = f64::from(u32::try_from(times.len()).unwrap());
        Self { per_second: count / took.as_secs_f64(), median: at(50), p99: at(99) }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        let (median, p99) = (milliseconds(self.median), milliseconds(self.p99));
        write!(f, "{:>8.0}/s, p50 {median:>7.2} ms, p99 {p99:>7.2} ms", self.per_second)
    }
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
