use super::super::{
    Backend,
    given::{
        OTHER, THING, batch, coloured, conflict, delete, inserts, is_there, key, keys, record, stored, update,
    },
};
use crate::store::{
    IndexEntry, MAX_BODY_BYTES, MAX_KEY_BYTES, Record, RecordClass, RecordKey, Scan, Version,
};

/// Absence is an answer, not an error.
pub async fn an_absent_record_is_none(backend: &mut impl Backend) {
    let store = backend.handle().await;
    assert_eq!(store.get(&key("nobody")).await.unwrap(), None);
    assert_eq!(keys(&store, Scan::keys(THING)).await, Vec::<String>::new());
    assert_eq!(store.count(&Scan::keys(THING)).await.unwrap(), 0);
}

/// Every field comes back; the version is the store's own.
pub async fn an_inserted_record_is_read_back_whole(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let given = Record {
        version: Version::from_number(77),
        schema: 65_535,
        class: RecordClass::Consultation,
        indexes: vec![IndexEntry::new("colour", "青"), IndexEntry::unique("badge", "")],
        ..record("a", "本文")
    };
    store.commit(inserts([given.clone()])).await.unwrap();
    assert_eq!(stored(&store, "a").await, Record { version: Version::FIRST, ..given });
}

/// An insert says that the record must not exist.
pub async fn an_insert_of_what_exists_conflicts(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "first")])).await.unwrap();
    let refused = store.commit(inserts([record("a", "second")])).await;
    assert_eq!(conflict(refused), key("a"));
    assert_eq!(stored(&store, "a").await, record("a", "first"));
}

/// One more with each update, whatever version the caller wrote into the record.
pub async fn an_update_raises_the_version(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "0")])).await.unwrap();
    for expected in 1..=3 {
        let next = Record { version: Version::from_number(99), ..record("a", &expected.to_string()) };
        store.commit(batch([update(next, expected)])).await.unwrap();
        assert_eq!(stored(&store, "a").await.version.number(), expected + 1);
    }
    assert_eq!(&*stored(&store, "a").await.body, "\"3\"");
}

/// Two writers read the same version; the later one is told, and changes nothing.
pub async fn a_stale_update_conflicts_and_changes_nothing(backend: &mut impl Backend) {
    let (ours, theirs) = (backend.handle().await, backend.handle().await);
    ours.commit(inserts([coloured("a", "red")])).await.unwrap();
    theirs.commit(batch([update(coloured("a", "green"), 1)])).await.unwrap();
    for stale in [0, 1, 3] {
        let refused = ours.commit(batch([update(coloured("a", "blue"), stale)])).await;
        assert_eq!(conflict(refused), key("a"), "expecting version {stale}");
    }
    let after = stored(&ours, "a").await;
    assert_eq!((after.version.number(), &*after.body), (2, "\"green\""));
    assert_eq!(keys(&ours, Scan::index(THING, "colour").exactly("blue")).await, Vec::<String>::new());
}

/// What is not there cannot be at the expected version.
pub async fn an_update_of_what_is_gone_conflicts(backend: &mut impl Backend) {
    let store = backend.handle().await;
    assert_eq!(conflict(store.commit(batch([update(record("a", "x"), 1)])).await), key("a"));
    assert_eq!(conflict(store.commit(batch([delete("a", 1)])).await), key("a"));
    store.commit(inserts([record("a", "x")])).await.unwrap();
    store.commit(batch([delete("a", 1)])).await.unwrap();
    assert_eq!(conflict(store.commit(batch([update(record("a", "x"), 1)])).await), key("a"));
}

/// A key that was deleted begins anew.
pub async fn a_deleted_record_is_gone_and_may_come_again(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "x")])).await.unwrap();
    store.commit(batch([update(record("a", "y"), 1)])).await.unwrap();
    store.commit(batch([delete("a", 2)])).await.unwrap();
    assert!(!is_there(&store, "a").await);
    assert_eq!(store.count(&Scan::keys(THING)).await.unwrap(), 0);
    store.commit(inserts([record("a", "z")])).await.unwrap();
    assert_eq!(stored(&store, "a").await, record("a", "z"));
}

/// A delete decides on what was read, as an update does.
pub async fn a_stale_delete_conflicts(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "x")])).await.unwrap();
    store.commit(batch([update(record("a", "y"), 1)])).await.unwrap();
    assert_eq!(conflict(store.commit(batch([delete("a", 1)])).await), key("a"));
    assert_eq!(stored(&store, "a").await.version.number(), 2);
}

/// In the order of the keys, with `None` where there is nothing, and twice what was asked for twice.
pub async fn many_records_come_in_the_order_asked(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts(["a", "b", "c"].map(|name| record(name, name)))).await.unwrap();
    let asked = ["c", "missing", "a", "c"].map(key);
    let found = store.get_many(&asked).await.unwrap();
    assert_eq!(found, [Some(record("c", "c")), None, Some(record("a", "a")), Some(record("c", "c"))]);
    assert_eq!(store.get_many(&[]).await.unwrap(), []);
}

/// In order, and only as long as there is a record of the kind.
pub async fn kinds_are_listed_while_they_hold_records(backend: &mut impl Backend) {
    let store = backend.handle().await;
    assert_eq!(store.kinds().await.unwrap(), []);
    let other = Record { key: RecordKey::new(OTHER, "a"), ..record("a", "x") };
    store.commit(inserts([record("a", "x"), record("b", "x"), other])).await.unwrap();
    assert_eq!(store.kinds().await.unwrap(), [OTHER, THING]);
    store.commit(batch([delete("a", 1), delete("b", 1)])).await.unwrap();
    assert_eq!(store.kinds().await.unwrap(), [OTHER]);
}

/// A body is not read, sorted, trimmed or normalised on its way.
pub async fn bodies_are_kept_byte_for_byte(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let bodies = [
        "{ \"b\" : 1,\n\"a\": 1.0e2 }",
        "\"\\u3042\\/\"",
        "[18446744073709551615]",
        "\"か\u{3099}が\"",
        "null",
    ];
    for (n, body) in bodies.iter().enumerate() {
        let given = Record { body: (*body).into(), ..record(&n.to_string(), "") };
        store.commit(inserts([given])).await.unwrap();
        assert_eq!(&*stored(&store, &n.to_string()).await.body, *body);
    }
}

/// Up to the documented bound.
pub async fn a_large_body_is_kept(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let large: String = "\"".chars().chain("あ\\n".chars().cycle().take(MAX_BODY_BYTES / 3)).collect();
    let mut large = large;
    while large.len() >= MAX_BODY_BYTES {
        large.pop();
    }
    large.push_str(&"-".repeat(MAX_BODY_BYTES - large.len() - 1));
    large.push('"');
    assert_eq!(large.len(), MAX_BODY_BYTES);
    store.commit(inserts([Record { body: large.clone().into(), ..record("a", "") }])).await.unwrap();
    assert!(*stored(&store, "a").await.body == *large, "a body came back changed");
    store.commit(batch([update(record("a", "small"), 1)])).await.unwrap();
    drop(store);
    backend.restart().await;
    assert_eq!(&*stored(&backend.handle().await, "a").await.body, "\"small\"");
}

/// Separators, control characters, prefixes of each other, other scripts: each is its own key, ordered bytewise.
pub async fn odd_keys_stay_apart(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let longest = "長".repeat(MAX_KEY_BYTES / 3);
    let mut names: Vec<&str> = vec![
        "a",
        "a\0",
        "a\0\0",
        "a\0b",
        "a\u{1}",
        "a/",
        "a/b",
        "a:b",
        "a\n",
        "a ",
        "A",
        "ab",
        "aé",
        "aあ",
        "\0",
        "\u{1}",
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "が",
        "か\u{3099}",
        "😀",
        "\u{10FFFF}",
        "\u{FFFD}",
        &longest,
    ];
    store.commit(inserts(names.iter().map(|name| coloured(name, name)))).await.unwrap();
    // A kind that, with its key, spells what another kind and key spell.
    let twins = ["th", "thing\0", "thing/a"].map(|kind| {
        let key = RecordKey::new(crate::store::Kind::from_name(kind), "ing");
        Record { key, ..record("", kind) }
    });
    store.commit(inserts(twins.clone())).await.unwrap();
    for name in &names {
        assert_eq!(stored(&store, name).await, coloured(name, name), "{name:?}");
    }
    for twin in twins {
        assert_eq!(store.get(&twin.key).await.unwrap(), Some(twin));
    }
    names.sort_unstable();
    assert_eq!(keys(&store, Scan::keys(THING).limit(4)).await, names);
    assert_eq!(keys(&store, Scan::index(THING, "colour").limit(4)).await, names);
    names.reverse();
    assert_eq!(keys(&store, Scan::keys(THING).limit(4).backwards()).await, names);
    assert_eq!(keys(&store, Scan::index(THING, "colour").limit(4).backwards()).await, names);
    assert_eq!(keys(&store, Scan::keys(THING).exactly("a\0")).await, ["a\0"]);
    assert_eq!(keys(&store, Scan::keys(THING).prefix("a\0")).await, ["a\0", "a\0\0", "a\0b"]);
}
