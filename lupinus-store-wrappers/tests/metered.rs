//! What metering counts, and that nobody is in it.
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

use lupinus_core::{
    store::{Batch, IndexEntry, Kind, MemoryStore, Op, Record, RecordClass, RecordKey, Scan, Store, Version},
    testkit::{Fault, Faulty},
};
use lupinus_store_wrappers::{Metered, STORE_SECONDS};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// A record of 4 bytes of key, 6 of index value and 10 of body.
fn record(name: &str) -> Record {
    Record {
        key: RecordKey::new(Kind::new("secretkind"), format!("key{name}")),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: vec![IndexEntry::new("colour", "value1")],
        body: "\"somebody\"".into(),
    }
}

async fn asked(faulty: &Faulty) {
    let store = Metered::new(Arc::new(faulty.clone()));
    let inserts = |names: &[&str]| Batch {
        ops: names.iter().map(|name| Op::Insert(record(name))).collect(),
        erases: false,
    };
    store.commit(inserts(&["a", "b"])).await.unwrap();
    store.commit(inserts(&["a", "c"])).await.unwrap_err();
    store.commit(inserts(&["d", "d"])).await.unwrap_err();
    faulty.fail_call(1, Fault::After);
    store.commit(inserts(&["e"])).await.unwrap_err();
    store.get(&record("a").key).await.unwrap();
    store.get(&record("z").key).await.unwrap();
    store.get_many(&[record("a").key, record("z").key, record("b").key]).await.unwrap();
    let scan = Scan::keys(record("a").key.kind);
    store.scan(&scan).await.unwrap();
    store.scan(&scan.clone().limit(0)).await.unwrap_err();
    store.count(&scan).await.unwrap();
    store.tally(&Scan::index(scan.kind.clone(), "colour")).await.unwrap();
    store.kinds().await.unwrap();
    store.restore(vec![record("f")]).await.unwrap();
    store.health().await.unwrap();
    store.size().await.unwrap();
    store.close().await.unwrap();
}

#[test]
fn every_call_is_counted_and_timed_by_what_it_was_and_how_it_ended_and_by_nothing_else() {
    let (name, buckets) = STORE_SECONDS;
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(name.to_owned()), &buckets)
        .unwrap()
        .build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let faulty = Faulty::new(Arc::new(MemoryStore::new()));
    metrics::with_local_recorder(&recorder, || runtime.block_on(asked(&faulty)));
    let figures = recorder.handle().render();
    let value = |line: &str| {
        let found = figures.lines().find_map(|of| of.strip_prefix(line)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("{line} in {figures}")).to_owned()
    };
    for (operation, outcome, times) in [
        ("commit", "ok", "1"),
        ("commit", "conflict", "1"),
        ("commit", "invalid", "1"),
        ("commit", "unavailable", "1"),
        ("get", "ok", "2"),
        ("get_many", "ok", "1"),
        ("scan", "ok", "1"),
        ("scan", "invalid", "1"),
        ("count", "ok", "1"),
        ("tally", "ok", "1"),
        ("kinds", "ok", "1"),
        ("restore", "ok", "1"),
        ("health", "ok", "1"),
        ("size", "ok", "1"),
        ("close", "ok", "1"),
    ] {
        let line = format!("lupinus_store_calls_total{{operation=\"{operation}\",outcome=\"{outcome}\"}}");
        assert_eq!(value(&line), times, "{line}");
    }
    for (operation, records) in [("commit", 2), ("get", 1), ("get_many", 2), ("scan", 3), ("restore", 1)] {
        let of = |figure| value(&format!("lupinus_store_{figure}_total{{operation=\"{operation}\"}}"));
        assert_eq!(of("records"), records.to_string(), "{operation}");
        assert_eq!(of("bytes"), (records * 20).to_string(), "{operation}");
    }
    assert_eq!(value("lupinus_store_seconds_count{operation=\"commit\"}"), "4", "failed ones, too");
    assert_eq!(value("lupinus_store_seconds_bucket{operation=\"commit\",le=\"+Inf\"}"), "4");
    for word in ["secretkind", "keya", "colour", "value1", "somebody"] {
        assert!(!figures.contains(word), "{word} is among the figures");
    }
}
