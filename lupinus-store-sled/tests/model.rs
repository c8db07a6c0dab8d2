//! The memory store is the model: whatever random batches do there, they do on disk, also across restarts and compactions.
#![expect(clippy::unwrap_used, reason = "these are tests")]

use lupinus_core::store::{
    Batch, Cursor, IndexEntry, Kind, MemoryStore, Op, Record, RecordClass, RecordKey, Scan, Store,
    StoreError, Tally, Version,
};
use lupinus_store_sled::SledStore;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Commit(Batch),
    Restore(Vec<Record>),
    Compact,
    Reopen,
    LoseIndex,
}

fn any_key() -> impl Strategy<Value = RecordKey> {
    (0..2_u8, 0..6_u8).prop_map(|(kind, key)| {
        RecordKey::new(Kind::from_name(["a", "a\0"][usize::from(kind)]), format!("{key}"))
    })
}

fn any_record() -> impl Strategy<Value = Record> {
    let entry = (0..3_u8, 0..4_u8, prop::bool::weighted(0.3)).prop_map(|(index, value, unique)| IndexEntry {
        index: ["i", "j", "k"][usize::from(index)].into(),
        value: value.to_string(),
        unique,
    });
    (any_key(), 1..4_u64, prop::collection::vec(entry, 0..4), 0..40_usize).prop_map(
        |(key, version, indexes, len)| Record {
            key,
            version: Version::from_number(version),
            schema: 1,
            class: RecordClass::Operation,
            indexes,
            body: format!("{:?}", "x".repeat(len)).into(),
        },
    )
}

fn any_op() -> impl Strategy<Value = Op> {
    let version = || (1..4_u64).prop_map(Version::from_number);
    prop_oneof![
        3 => any_record().prop_map(Op::Insert),
        3 => (any_record(), version()).prop_map(|(record, expected)| Op::Update { record, expected }),
        2 => (any_key(), version()).prop_map(|(key, expected)| Op::Delete { key, expected }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let batch = (prop::collection::vec(any_op(), 0..4), prop::bool::weighted(0.1));
    prop_oneof![
        20 => batch.prop_map(|(ops, erases)| Step::Commit(Batch { ops, erases })),
        4 => prop::collection::vec(any_record(), 0..4).prop_map(Step::Restore),
        1 => Just(Step::Compact),
        1 => Just(Step::Reopen),
        1 => Just(Step::LoseIndex),
    ]
}

/// An answer without its source, which is each backend's own.
fn told(outcome: &Result<(), StoreError>) -> String {
    format!("{outcome:?}")
}

/// Everything that can be asked, in pages of two.
async fn everything(store: &dyn Store) -> Vec<(Vec<Record>, Option<Cursor>, u64, Option<Tally>)> {
    let mut all = Vec::new();
    for kind in store.kinds().await.unwrap() {
        for index in [None, Some("i"), Some("j"), Some("k")] {
            for backwards in [false, true] {
                let scan =
                    index.map_or_else(|| Scan::keys(kind.clone()), |index| Scan::index(kind.clone(), index));
                let scan = scan.limit(2);
                let mut scan = if backwards { scan.backwards() } else { scan };
                loop {
                    let page = store.scan(&scan).await.unwrap();
                    let count = store.count(&scan).await.unwrap();
                    all.push((page.records, page.next.clone(), count, store.tally(&scan).await.ok()));
                    match page.next {
                        Some(next) => scan.after = Some(next),
                        None => break,
                    }
                }
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_as_the_memory_store_does(steps in prop::collection::vec(any_step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let open = || SledStore::options().segment_bytes(1_000).cache_bytes(1 << 20).open(folder.path()).unwrap();
        runtime.block_on(async {
            let model = MemoryStore::new();
            let mut store = open();
            for step in steps {
                match step {
                    Step::Commit(batch) => {
                        prop_assert_eq!(told(&store.commit(batch.clone()).await), told(&model.commit(batch).await));
                    }
                    Step::Restore(records) => {
                        let ours = store.restore(records.clone()).await;
                        prop_assert_eq!(told(&ours), told(&model.restore(records).await));
                    }
                    Step::Compact => store.compact().await.unwrap(),
                    Step::Reopen => {
                        drop(store);
                        store = open();
                    }
                    Step::LoseIndex => {
                        drop(store);
                        std::fs::remove_file(folder.path().join("INDEX")).unwrap();
                        store = open();
                    }
                }
                prop_assert_eq!(store.size().await.unwrap().records, model.size().await.unwrap().records);
            }
            prop_assert_eq!(everything(&store).await, everything(&model).await);
            Ok(())
        })?;
    }
}
