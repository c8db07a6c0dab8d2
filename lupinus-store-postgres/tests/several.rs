//! Several programs over one database: each test opens stores that know nothing of each other.

use std::{sync::Arc, time::Duration};

use lupinus_core::store::{
    Batch, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Store, StoreError, Version,
};
use lupinus_store_postgres::{PostgresStore, testkit::Schema};
use tokio::{sync::Barrier, task::JoinSet, time::timeout};

const PROGRAMS: usize = 4;

fn key(name: &str) -> RecordKey {
    RecordKey::new(Kind::new("thing"), name)
}

fn record(name: &str, body: u64, indexes: Vec<IndexEntry>) -> Record {
    Record {
        key: key(name),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes,
        body: body.to_string().into(),
    }
}

fn batch(ops: Vec<Op>) -> Batch {
    Batch { ops, erases: false }
}

async fn programs(schema: &Schema) -> Vec<PostgresStore> {
    // At once, on an empty schema: the first makes the tables.
    let opened = (0..PROGRAMS).map(|_| schema.store());
    futures::future::join_all(opened).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_start_at_once_on_an_empty_database_make_its_tables_once() {
    let Some(schema) = Schema::new() else { return };
    let all = programs(&schema).await;
    assert_eq!(all.len(), PROGRAMS);
    let mut plain = schema.plain().await;
    let made: Vec<i32> =
        sqlx::query_scalar("SELECT number FROM migration ORDER BY at").fetch_all(&mut plain).await.unwrap();
    let known = i32::try_from(made.len()).unwrap();
    assert_eq!(made, (1..=known).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_program_committed_another_reads_at_once_and_a_counter_counts_every_increment() {
    let Some(schema) = Schema::new() else { return };
    let all = programs(&schema).await;
    all[0].commit(batch(vec![Op::Insert(record("counter", 0, vec![]))])).await.unwrap();
    let mut running = JoinSet::new();
    for store in &all {
        for _ in 0..5 {
            let store = store.clone();
            running.spawn(async move {
                for _ in 0..20 {
                    loop {
                        let read = store.get(&key("counter")).await.unwrap().unwrap();
                        let next: u64 = read.body.parse::<u64>().unwrap() + 1;
                        let update =
                            Op::Update { record: record("counter", next, vec![]), expected: read.version };
                        match store.commit(batch(vec![update])).await {
                            Ok(()) => break,
                            Err(StoreError::Conflict(_)) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                }
            });
        }
    }
    running.join_all().await;
    for store in &all {
        assert_eq!(&*store.get(&key("counter")).await.unwrap().unwrap().body, "400");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_programs_that_claim_one_value_or_one_key_exactly_one_gets_it() {
    let Some(schema) = Schema::new() else { return };
    let all = programs(&schema).await;
    for round in 0..40 {
        let start = Arc::new(Barrier::new(PROGRAMS * 2));
        let mut running = JoinSet::new();
        for n in 0..PROGRAMS * 2 {
            let (store, start) = (all[n % PROGRAMS].clone(), Arc::clone(&start));
            running.spawn(async move {
                // Half of them want the same key, half the same value under keys of their own.
                let (name, held) = if n < PROGRAMS {
                    (format!("{round} one"), vec![])
                } else {
                    (format!("{round} {n}"), vec![IndexEntry::unique("badge", round.to_string())])
                };
                let own = Op::Insert(record(&name, n as u64, held));
                let other = Op::Insert(record(&format!("{round} beside {n}"), 0, vec![]));
                start.wait().await;
                (n, store.commit(batch(vec![own, other])).await)
            });
        }
        let mut won = [0, 0];
        for (n, outcome) in running.join_all().await {
            match outcome {
                Ok(()) => won[usize::from(n >= PROGRAMS)] += 1,
                Err(StoreError::Conflict(_)) => {
                    let beside = all[0].get(&key(&format!("{round} beside {n}"))).await.unwrap();
                    assert_eq!(beside, None, "round {round}: half of a refused batch is there");
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, [1, 1], "round {round}");
    }
}

/// Records, entries and unique values that many programs keep changing hands of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_several_programs_do_at_once_indexes_and_unique_values_fit_the_records() {
    let Some(schema) = Schema::new() else { return };
    let all = programs(&schema).await;
    let mut running = JoinSet::new();
    for (n, store) in all.iter().cycle().take(PROGRAMS * 3).cloned().enumerate() {
        running.spawn(async move {
            let (mut lots, mut done) = (Lots(n as u64 + 1), 0_u64);
            for _ in 0..120 {
                let mut ops: Vec<Op> = Vec::new();
                for _ in 0..=lots.next(3) {
                    let name = lots.next(6).to_string();
                    if ops.iter().any(|op| op.key().key == name) {
                        continue;
                    }
                    let held = vec![
                        IndexEntry::new("colour", lots.next(4).to_string()),
                        IndexEntry::unique("badge", lots.next(9).to_string()),
                    ];
                    let next = record(&name, lots.next(100), held);
                    let read = store.get(&key(&name)).await.unwrap();
                    ops.push(match (read, lots.next(4)) {
                        (None, _) => Op::Insert(next),
                        (Some(read), 0) => Op::Delete { key: read.key, expected: read.version },
                        (Some(read), _) => Op::Update { record: next, expected: read.version },
                    });
                }
                match store.commit(batch(ops)).await {
                    Ok(()) => done += 1,
                    Err(StoreError::Conflict(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            done
        });
    }
    let done: u64 = running.join_all().await.into_iter().sum();
    assert!(done > 100, "{done} of them fitted");
    let mut plain = schema.plain().await;
    // What the records say their entries are, against the tables of entries.
    let differences: i64 = sqlx::query_scalar(
        "WITH said AS (SELECT convert_to(e->>'index', 'UTF8') AS index, convert_to(e->>'value', 'UTF8') AS value, key, \
                              coalesce((e->>'unique')::boolean, false) AS is_unique \
                       FROM record, jsonb_array_elements(indexes::jsonb) e), \
              held AS (SELECT index, value, key, false FROM entry UNION ALL SELECT index, value, key, true FROM claim) \
         SELECT (SELECT count(*) FROM (SELECT * FROM said EXCEPT ALL SELECT * FROM held) a) \
              + (SELECT count(*) FROM (SELECT * FROM held EXCEPT ALL SELECT * FROM said) b)",
    )
    .fetch_one(&mut plain)
    .await
    .unwrap();
    assert_eq!(differences, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_waits_is_told_what_another_committed_and_does_not_hear_itself() {
    let Some(schema) = Schema::new() else { return };
    let (ours, theirs) = (schema.store().await, schema.store().await);
    let soon = Duration::from_secs(10);
    // Until it listens a word may be lost.
    let mut seen = 0;
    let mut n = 0;
    while seen == 0 {
        n += 1;
        assert!(n < 100, "never told");
        let committed = theirs.commit(batch(vec![Op::Insert(record(&format!("early {n}"), 0, vec![]))]));
        committed.await.unwrap();
        if let Ok(heard) = timeout(Duration::from_millis(200), ours.changed_elsewhere(0)).await {
            seen = heard;
        }
    }
    // What of these is still under way.
    while let Ok(heard) = timeout(Duration::from_millis(300), ours.changed_elsewhere(seen)).await {
        seen = heard;
    }
    ours.commit(batch(vec![Op::Insert(record("our own", 0, vec![]))])).await.unwrap();
    assert!(
        timeout(Duration::from_millis(300), ours.changed_elsewhere(seen)).await.is_err(),
        "it heard itself"
    );
    for n in 0..5 {
        let refused =
            theirs.commit(batch(vec![Op::Delete { key: key("nothing"), expected: Version::FIRST }]));
        assert!(refused.await.is_err());
        theirs.commit(batch(vec![Op::Insert(record(&format!("{n}"), 0, vec![]))])).await.unwrap();
        let heard = timeout(soon, ours.changed_elsewhere(seen)).await.unwrap();
        assert_ne!(heard, seen);
        seen = heard;
    }
}

/// Plain lots, the same in each run.
struct Lots(u64);

impl Lots {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}
