use super::super::{
    Backend, everything,
    given::{
        THING, badged, batch, coloured, conflict, delete, inserts, is_invalid, is_there, is_unavailable, key,
        keys, record, stored, update,
    },
};
use crate::store::{
    Batch, IndexEntry, MemoryStore, Op, Record, RecordClass, RecordKey, Scan, Store, Version,
};

/// Records, index entries and unique values, without a word of warning to the store.
pub async fn a_commit_survives_a_restart(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([coloured("a", "red"), coloured("b", "red"), badged("c", "1")])).await.unwrap();
    store.commit(batch([update(coloured("a", "blue"), 1), delete("b", 1)])).await.unwrap();
    let before = everything(&*store, 3).await;
    drop(store);
    for _ in 0..2 {
        backend.restart().await;
        let store = backend.handle().await;
        assert_eq!(everything(&*store, 3).await, before);
        assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["a"]);
        assert_eq!(conflict(store.commit(inserts([badged("d", "1")])).await), key("d"));
        assert_eq!(store.size().await.unwrap().records, 2);
    }
}

/// Versions go on where they stopped.
pub async fn a_conflict_is_still_seen_after_a_restart(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "x")])).await.unwrap();
    store.commit(batch([update(record("a", "y"), 1)])).await.unwrap();
    drop(store);
    backend.restart().await;
    let store = backend.handle().await;
    assert_eq!(conflict(store.commit(batch([update(record("a", "z"), 1)])).await), key("a"));
    store.commit(batch([update(record("a", "z"), 2)])).await.unwrap();
    assert_eq!(stored(&store, "a").await.version.number(), 3);
}

/// What an erasing batch overwrites or deletes is found nowhere afterwards; what it keeps is.
pub async fn erased_content_is_gone_from_everything_kept(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let secret = |name: &str, word: &str| Record {
        indexes: vec![IndexEntry::new("colour", format!("index {word}"))],
        ..record(name, &format!("body {word}"))
    };
    store.commit(inserts([secret("a", "cypress-4711"), secret("b", "juniper-0815")])).await.unwrap();
    store.commit(batch([update(secret("a", "hemlock-1234"), 1)])).await.unwrap();
    store.commit(inserts([secret("stays", "larch-9999")])).await.unwrap();
    let erasure = Batch { erases: true, ..batch([update(record("a", "erased"), 2), delete("b", 1)]) };
    store.commit(erasure).await.unwrap();
    store.commit(inserts([record("later", "x")])).await.unwrap();
    drop(store);
    for word in ["cypress-4711", "juniper-0815", "hemlock-1234"] {
        assert!(!backend.still_holds(word.as_bytes()).await, "{word} is still there");
    }
    backend.restart().await;
    let store = backend.handle().await;
    assert_eq!(keys(&store, Scan::keys(THING)).await, ["a", "later", "stays"]);
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["stays"]);
    assert_eq!(stored(&store, "a").await.version.number(), 3);
    assert_eq!(stored(&store, "stays").await, secret("stays", "larch-9999"));
}

/// And the next update goes on from there.
pub async fn restoring_keeps_versions(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let old = Record { version: Version::from_number(41), ..badged("a", "1") };
    store.restore(vec![old.clone()]).await.unwrap();
    assert_eq!(stored(&store, "a").await, old);
    assert_eq!(conflict(store.commit(batch([update(record("a", "x"), 1)])).await), key("a"));
    store.commit(batch([update(record("a", "x"), 41)])).await.unwrap();
    assert_eq!(stored(&store, "a").await.version.number(), 42);
}

/// With its index entries and unique values, which may move among the records restored.
pub async fn restoring_replaces_what_is_there(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1"), badged("b", "2"), coloured("c", "red")])).await.unwrap();
    let restored = [("a", "2", 5), ("b", "1", 6)].map(|(name, badge, version)| Record {
        version: Version::from_number(version),
        ..badged(name, badge)
    });
    store.restore(restored.to_vec()).await.unwrap();
    store.restore(vec![record("c", "plain")]).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "badge")).await, ["b", "a"]);
    assert_eq!(store.count(&Scan::index(THING, "colour")).await.unwrap(), 0);
    assert_eq!(stored(&store, "b").await, restored[1]);
    assert_eq!(store.size().await.unwrap().records, 3);
}

/// A record twice, a unique value twice, or one that somebody else holds.
pub async fn restoring_what_contradicts_itself_changes_nothing(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1")])).await.unwrap();
    assert!(is_invalid(&store.restore(vec![record("b", "x"), record("b", "y")]).await));
    assert!(is_invalid(&store.restore(vec![record("", "x")]).await));
    assert_eq!(conflict(store.restore(vec![badged("b", "2"), badged("c", "2")]).await), key("c"));
    assert_eq!(conflict(store.restore(vec![record("b", "x"), badged("c", "1")]).await), key("c"));
    assert!(!is_there(&store, "b").await);
    assert_eq!(store.size().await.unwrap().records, 1);
}

/// Out of this store into another, and back: the road from one backend to the next.
pub async fn an_export_restores_to_the_same_records(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let of_kind = |kind: &str, n: usize| Record {
        key: RecordKey::new(crate::store::Kind::from_name(kind), format!("{n:03}")),
        version: Version::from_number(n as u64 + 1),
        class: [RecordClass::Audit, RecordClass::Membership][n % 2],
        ..badged("", &n.to_string())
    };
    let records: Vec<_> = (0..20).flat_map(|n| ["post", "会員"].map(|kind| of_kind(kind, n))).collect();
    store.restore(records).await.unwrap();
    let exported = everything(&*store, 3).await;
    assert_eq!(exported.len(), 40);

    let lines: Vec<_> = exported.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
    let read_back = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let elsewhere = MemoryStore::new();
    elsewhere.restore(read_back).await.unwrap();
    assert_eq!(everything(&elsewhere, 3).await, exported);

    let gone = exported.iter().map(|record| Op::Delete { key: record.key.clone(), expected: record.version });
    store.commit(batch(gone)).await.unwrap();
    assert_eq!(everything(&*store, 3).await, []);
    store.restore(everything(&elsewhere, 3).await).await.unwrap();
    assert_eq!(everything(&*store, 3).await, exported);
}

/// Every method, on every handle; what was committed is there after a restart.
pub async fn a_closed_store_is_unavailable(backend: &mut impl Backend) {
    let (store, other) = (backend.handle().await, backend.handle().await);
    store.commit(inserts([record("a", "x")])).await.unwrap();
    store.close().await.unwrap();
    for handle in [&store, &other] {
        assert!(is_unavailable(&handle.get(&key("a")).await));
        assert!(is_unavailable(&handle.get_many(&[key("a")]).await));
        assert!(is_unavailable(&handle.scan(&Scan::keys(THING)).await));
        assert!(is_unavailable(&handle.count(&Scan::keys(THING)).await));
        assert!(is_unavailable(&handle.kinds().await));
        assert!(is_unavailable(&handle.commit(inserts([record("b", "x")])).await));
        assert!(is_unavailable(&handle.restore(vec![record("b", "x")]).await));
        assert!(is_unavailable(&handle.health().await));
        assert!(is_unavailable(&handle.size().await));
    }
    drop((store, other));
    backend.restart().await;
    let store = backend.handle().await;
    assert_eq!(keys(&store, Scan::keys(THING)).await, ["a"]);
}

/// Records alive, whatever happened to others.
pub async fn a_healthy_store_knows_its_size(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.health().await.unwrap();
    assert_eq!(store.size().await.unwrap().records, 0);
    store.commit(inserts([record("a", "x"), record("b", "x"), record("c", "x")])).await.unwrap();
    store.commit(batch([delete("a", 1), update(record("b", "y"), 1)])).await.unwrap();
    store.restore(vec![record("c", "z"), record("d", "z")]).await.unwrap();
    assert_eq!(store.size().await.unwrap().records, 3);
    store.health().await.unwrap();
}
