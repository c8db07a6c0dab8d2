use super::super::{
    Backend,
    given::{
        OTHER, THING, badged, batch, coloured, conflict, delete, inserts, is_invalid, is_there, key, keys,
        record, stored, update,
    },
};
use crate::store::{
    Batch, IndexEntry, MAX_KEY_BYTES, MAX_OPS, MAX_STORED_BYTES, Op, Record, RecordKey, Scan, Version,
};

/// One change that does not fit keeps all the others out.
pub async fn a_batch_commits_whole_or_not_at_all(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([coloured("a", "red"), coloured("b", "red")])).await.unwrap();
    let refused = batch([
        Op::Insert(coloured("new", "blue")),
        update(coloured("a", "blue"), 1),
        delete("b", 1),
        update(record("missing", "x"), 1),
    ]);
    assert_eq!(conflict(store.commit(refused).await), key("missing"));
    assert!(!is_there(&store, "new").await);
    assert_eq!(stored(&store, "a").await, coloured("a", "red"));
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["a", "b"]);
    let fits = batch([Op::Insert(coloured("new", "blue")), update(coloured("a", "blue"), 1), delete("b", 1)]);
    store.commit(fits).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["a", "new"]);
}

/// In the order of the batch.
pub async fn a_conflict_names_the_first_record_that_did_not_fit(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "x"), badged("b", "1")])).await.unwrap();
    let twice = batch([Op::Insert(record("ok", "x")), update(record("a", "y"), 7), delete("gone", 1)]);
    assert_eq!(conflict(store.commit(twice).await), key("a"));
    let turned = batch([Op::Insert(badged("c", "1")), delete("gone", 1), update(record("a", "y"), 7)]);
    assert_eq!(conflict(store.commit(turned).await), key("c"));
}

/// It changes nothing and succeeds.
pub async fn an_empty_batch_commits(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(Batch::new()).await.unwrap();
    store.restore(Vec::new()).await.unwrap();
    assert_eq!(store.size().await.unwrap().records, 0);
}

/// Each documented bound, and nothing of the batch is stored.
pub async fn a_batch_that_breaks_a_bound_is_invalid(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let long = "x".repeat(MAX_KEY_BYTES + 1);
    let kind = |name: &str| RecordKey::new(crate::store::Kind::from_name(name), "a");
    let with = |entry| Record { indexes: vec![entry], ..record("a", "x") };
    let broken = [
        ("a record twice", inserts([record("a", "x"), record("a", "y")])),
        ("a record twice, otherwise", batch([Op::Insert(record("a", "x")), delete("a", 1)])),
        ("an empty key", inserts([record("", "x")])),
        ("an empty kind", inserts([Record { key: kind(""), ..record("a", "x") }])),
        ("a long key", inserts([record(&long, "x")])),
        ("a long kind", inserts([Record { key: kind(&long), ..record("a", "x") }])),
        ("a key to delete that is empty", batch([delete("", 1)])),
        ("an index without a name", inserts([with(IndexEntry::new("", "x"))])),
        ("a long index value", inserts([with(IndexEntry::new("colour", long.as_str()))])),
        (
            "a long body",
            inserts([Record { body: "1".repeat(MAX_STORED_BYTES + 1).into(), ..record("a", "") }]),
        ),
        ("too many", inserts((0..=MAX_OPS).map(|n| record(&n.to_string(), "x")))),
    ];
    for (name, broken) in broken {
        let mut broken = broken;
        broken.push(Op::Insert(record("bystander", "x")));
        let refused = store.commit(broken).await;
        assert!(is_invalid(&refused), "{name}: {refused:?}");
    }
    assert_eq!(store.size().await.unwrap().records, 0);
    store.commit(inserts((0..MAX_OPS).map(|n| record(&n.to_string(), "x")))).await.unwrap();
    assert_eq!(store.size().await.unwrap().records, MAX_OPS as u64);
}

/// By one record of the kind, whether it got it at its insert or later.
pub async fn a_unique_value_is_held_once(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1"), badged("b", "2")])).await.unwrap();
    assert_eq!(conflict(store.commit(inserts([badged("c", "1")])).await), key("c"));
    assert_eq!(conflict(store.commit(batch([update(badged("b", "1"), 1)])).await), key("b"));
    store.commit(batch([update(badged("b", "3"), 1)])).await.unwrap();
    assert_eq!(conflict(store.commit(inserts([badged("c", "3")])).await), key("c"));
    assert_eq!(keys(&store, Scan::index(THING, "badge")).await, ["a", "b"]);
}

/// The second taker in the same batch is the one refused.
pub async fn a_unique_value_is_taken_once_in_a_batch(backend: &mut impl Backend) {
    let store = backend.handle().await;
    assert_eq!(conflict(store.commit(inserts([badged("a", "1"), badged("b", "1")])).await), key("b"));
    assert_eq!(store.size().await.unwrap().records, 0);
}

/// An update that leaves it where it is meets nobody.
pub async fn a_record_keeps_its_own_unique_value(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1")])).await.unwrap();
    store.commit(batch([update(badged("a", "1"), 1)])).await.unwrap();
    assert_eq!(conflict(store.commit(inserts([badged("b", "1")])).await), key("b"));
    let twice = Record {
        indexes: vec![IndexEntry::unique("badge", "5"), IndexEntry::unique("badge", "5")],
        ..record("c", "x")
    };
    store.commit(inserts([twice])).await.unwrap();
    assert_eq!(store.count(&Scan::index(THING, "badge")).await.unwrap(), 2);
}

/// For anybody.
pub async fn a_unique_value_is_free_after_an_update_or_a_delete(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1"), badged("b", "2")])).await.unwrap();
    store.commit(batch([update(badged("a", "9"), 1), delete("b", 1)])).await.unwrap();
    store.commit(inserts([badged("c", "1"), badged("d", "2")])).await.unwrap();
    assert_eq!(conflict(store.commit(inserts([badged("e", "9")])).await), key("e"));
}

/// In either order of the operations, and both ways at once.
pub async fn a_unique_value_freed_and_taken_in_one_batch_changes_hands(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1"), badged("b", "2")])).await.unwrap();
    store.commit(batch([update(badged("a", "2"), 1), update(badged("b", "1"), 1)])).await.unwrap();
    store.commit(batch([Op::Insert(badged("c", "2")), delete("a", 2)])).await.unwrap();
    store.commit(batch([delete("b", 2), Op::Insert(badged("d", "1"))])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "badge")).await, ["d", "c"]);
    assert_eq!(conflict(store.commit(inserts([badged("e", "1")])).await), key("e"));
    // What is freed is taken by one only.
    let both = batch([delete("c", 1), Op::Insert(badged("x", "2")), Op::Insert(badged("y", "2"))]);
    assert_eq!(conflict(store.commit(both).await), key("y"));
}

/// The same value elsewhere is another value.
pub async fn unique_values_of_other_indexes_and_kinds_do_not_meet(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let elsewhere = Record { indexes: vec![IndexEntry::unique("plate", "1")], ..record("b", "x") };
    let other = Record { key: RecordKey::new(OTHER, "a"), ..badged("a", "1") };
    let longer = badged("c", "11");
    let prefix = badged("d", "");
    store.commit(inserts([badged("a", "1"), elsewhere, other, longer, prefix])).await.unwrap();
}

/// Nor does it free one.
pub async fn a_refused_batch_takes_no_unique_value(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([badged("a", "1")])).await.unwrap();
    let refused = batch([Op::Insert(badged("b", "2")), delete("a", 1), delete("missing", 1)]);
    assert_eq!(conflict(store.commit(refused).await), key("missing"));
    assert_eq!(conflict(store.commit(inserts([badged("c", "1")])).await), key("c"));
    store.commit(inserts([badged("c", "2")])).await.unwrap();
    assert_eq!(stored(&store, "c").await.version, Version::FIRST);
}
