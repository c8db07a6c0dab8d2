use super::super::{
    Backend,
    given::{
        OTHER, THING, badged, batch, coloured, counts, delete, inserts, is_invalid, keys, page, record,
        update,
    },
};
use crate::store::{Cursor, Direction, IndexEntry, MAX_PAGE, Record, RecordKey, Scan};

/// Replaced by an update, gone with a delete.
pub async fn index_entries_follow_their_record(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let by = |colour: &str| Scan::index(THING, "colour").exactly(colour);
    store.commit(inserts([coloured("a", "red"), coloured("b", "red"), record("c", "none")])).await.unwrap();
    assert_eq!(keys(&store, by("red")).await, ["a", "b"]);
    store.commit(batch([update(coloured("a", "blue"), 1)])).await.unwrap();
    assert_eq!(keys(&store, by("red")).await, ["b"]);
    assert_eq!(keys(&store, by("blue")).await, ["a"]);
    store.commit(batch([update(record("a", "plain"), 2), delete("b", 1)])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, Vec::<String>::new());
    assert_eq!(store.count(&Scan::index(THING, "colour")).await.unwrap(), 0);
    assert_eq!(keys(&store, Scan::keys(THING)).await, ["a", "c"]);
}

/// Only the kind asked for, ordered bytewise.
pub async fn a_scan_by_key_goes_both_ways(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let other = Record { key: RecordKey::new(OTHER, "b2"), ..record("b2", "x") };
    store.commit(inserts(["b", "a", "c", "B"].map(|name| record(name, name)))).await.unwrap();
    store.commit(inserts([other])).await.unwrap();
    assert_eq!(keys(&store, Scan::keys(THING)).await, ["B", "a", "b", "c"]);
    assert_eq!(keys(&store, Scan::keys(THING).backwards()).await, ["c", "b", "a", "B"]);
    let whole = store.scan(&Scan::keys(THING).exactly("a")).await.unwrap();
    assert_eq!(whole.records, [record("a", "a")]);
}

/// And by the key where values are equal; only the index asked for.
pub async fn a_scan_by_index_is_ordered_by_value_and_key(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let elsewhere = Record { indexes: vec![IndexEntry::new("colour2", "a")], ..record("z", "x") };
    let things = [("3", "blue"), ("1", "red"), ("2", "blue"), ("4", "blue-ish"), ("0", "red")];
    store.commit(inserts(things.map(|(name, colour)| coloured(name, colour)))).await.unwrap();
    store.commit(inserts([elsewhere])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["2", "3", "4", "0", "1"]);
    assert_eq!(keys(&store, Scan::index(THING, "colour").backwards()).await, ["1", "0", "4", "3", "2"]);
    assert_eq!(keys(&store, Scan::index(THING, "nothing")).await, Vec::<String>::new());
}

/// By key and by index alike; a range that ends before it starts is empty.
pub async fn a_range_includes_its_start_and_not_its_end(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts(["a", "b", "ba", "bb", "c"].map(|name| coloured(name, name)))).await.unwrap();
    let none: [&str; 0] = [];
    for all in [Scan::keys(THING), Scan::index(THING, "colour")] {
        let cases: [(&str, Scan, &[&str]); 8] = [
            ("between", all.clone().between("b", "c"), &["b", "ba", "bb"]),
            ("to an absent end", all.clone().between("aa", "bab"), &["b", "ba"]),
            ("prefix", all.clone().prefix("b"), &["b", "ba", "bb"]),
            ("prefix of all", all.clone().prefix(""), &["a", "b", "ba", "bb", "c"]),
            ("exactly", all.clone().exactly("b"), &["b"]),
            ("from on", Scan { from: "bb".to_owned(), ..all.clone() }, &["bb", "c"]),
            ("empty", all.clone().between("b", "b"), &none),
            ("turned round", all.clone().between("c", "a"), &none),
        ];
        for (name, scan, expected) in cases {
            assert_eq!(keys(&store, scan.clone()).await, expected, "{name} {scan:?}");
            assert_eq!(store.count(&scan).await.unwrap(), expected.len() as u64, "count {name} {scan:?}");
            let mut turned = keys(&store, scan.clone().limit(2).backwards()).await;
            turned.reverse();
            assert_eq!(turned, expected, "backwards {name} {scan:?}");
        }
    }
}

/// The cursor tells records apart that share their value.
pub async fn pages_of_equal_values_lose_and_repeat_nothing(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let things: Vec<_> = (0..23).map(|n| coloured(&format!("{n:02}"), ["blue", "red"][n / 17])).collect();
    store.commit(inserts(things)).await.unwrap();
    let forwards: Vec<_> = (0..23).map(|n| format!("{n:02}")).collect();
    let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
    for limit in [1, 2, 5, 17, 23, 24, MAX_PAGE] {
        for scan in [Scan::index(THING, "colour").limit(limit), Scan::keys(THING).limit(limit)] {
            assert_eq!(keys(&store, scan.clone()).await, forwards, "pages of {limit}: {scan:?}");
            assert_eq!(keys(&store, scan.clone().backwards()).await, backwards, "pages of {limit}: {scan:?}");
        }
    }
}

/// It names a place, not a record: what stood there may have gone, and new things may stand around it.
pub async fn a_cursor_outlives_its_record(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts(["a", "b", "c", "d"].map(|name| coloured(name, "red")))).await.unwrap();
    let by_key = Scan::keys(THING).limit(2);
    let by_index = Scan::index(THING, "colour").limit(2);
    let turned = Scan::index(THING, "colour").limit(2).backwards();
    let mut cursors = Vec::new();
    for (scan, first) in [(&by_key, ["a", "b"]), (&by_index, ["a", "b"]), (&turned, ["d", "c"])] {
        let (keys, next) = page(&store, scan).await;
        assert_eq!(keys, first);
        cursors.push(next);
    }
    store.commit(batch([delete("b", 1), update(coloured("c", "blue"), 1)])).await.unwrap();
    store.commit(inserts([coloured("bb", "red"), coloured("aa", "red")])).await.unwrap();
    let mut after = cursors.into_iter();
    let mut follow = |scan: &Scan| scan.clone().after(after.next().flatten()).limit(9);
    assert_eq!(page(&store, &follow(&by_key)).await.0, ["bb", "c", "d"]);
    assert_eq!(page(&store, &follow(&by_index)).await.0, ["bb", "d"]);
    assert_eq!(page(&store, &follow(&turned)).await.0, ["bb", "aa", "a", "c"]);
}

/// The bounds of a page are the port's.
pub async fn a_page_of_no_or_too_many_records_is_invalid(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([record("a", "x")])).await.unwrap();
    for limit in [0, MAX_PAGE + 1, usize::MAX] {
        let refused = store.scan(&Scan::keys(THING).limit(limit)).await;
        assert!(is_invalid(&refused), "{limit}: {refused:?}");
    }
    assert_eq!(page(&store, &Scan::keys(THING).limit(MAX_PAGE)).await.0, ["a"]);
}

/// A cursor promises that there is more.
pub async fn a_full_last_page_has_no_next(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts(["a", "b", "c", "d"].map(|name| coloured(name, name)))).await.unwrap();
    for scan in [Scan::keys(THING).limit(2), Scan::index(THING, "colour").limit(2)] {
        let (_, next) = page(&store, &scan).await;
        let value = if scan.index.is_some() { "b" } else { "" };
        assert_eq!(next, Some(Cursor { value: value.to_owned(), key: "b".to_owned() }));
        let (last, next) = page(&store, &scan.clone().after(next)).await;
        assert_eq!((last, next), (vec!["c".to_owned(), "d".to_owned()], None));
    }
}

/// It is of the range.
pub async fn a_count_ignores_cursor_and_limit(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts((0..30).map(|n| coloured(&format!("{n:02}"), "red")))).await.unwrap();
    for scan in [Scan::keys(THING).limit(4), Scan::index(THING, "colour").limit(4)] {
        let (_, next) = page(&store, &scan).await;
        for direction in [Direction::Forwards, Direction::Backwards] {
            let later = Scan { direction, ..scan.clone().after(next.clone()) };
            assert_eq!(store.count(&later).await.unwrap(), 30);
        }
    }
    assert_eq!(store.count(&Scan::keys(THING).between("10", "20")).await.unwrap(), 10);
}

/// Once for each, at its place; the same entry twice counts once.
pub async fn a_record_with_several_values_is_found_by_each(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let entries = ["red", "blue", "red"].map(|colour| IndexEntry::new("colour", colour)).to_vec();
    let striped = Record { indexes: entries, ..record("striped", "x") };
    store.commit(inserts([striped.clone(), coloured("plain", "green")])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour").limit(1)).await, ["striped", "plain", "striped"]);
    let one = Record { indexes: vec![IndexEntry::new("colour", "red")], ..striped };
    store.commit(batch([update(one, 1)])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["plain", "striped"]);
    store.commit(batch([delete("striped", 2)])).await.unwrap();
    assert_eq!(keys(&store, Scan::index(THING, "colour")).await, ["plain"]);
}

/// Values that begin like each other, with keys that would sort the other way.
pub async fn odd_index_values_stay_in_order(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let pairs =
        [("z", ""), ("y", "\0"), ("x", "\0\0"), ("w", "a"), ("v", "a\0"), ("u", "a\u{1}"), ("t", "ab")];
    store.commit(inserts(pairs.map(|(name, value)| coloured(name, value)))).await.unwrap();
    let scan = Scan::index(THING, "colour");
    for limit in [1, 3, 10] {
        let found = keys(&store, scan.clone().limit(limit)).await;
        assert_eq!(found, ["z", "y", "x", "w", "v", "u", "t"], "pages of {limit}");
    }
    assert_eq!(keys(&store, scan.clone().exactly("")).await, ["z"]);
    assert_eq!(keys(&store, scan.clone().exactly("a")).await, ["w"]);
    assert_eq!(keys(&store, scan.prefix("a")).await, ["w", "v", "u", "t"]);
}

/// Shared and unique entries alike, each value once, of the kind, the index and the range asked for.
pub async fn a_tally_counts_each_value_of_a_range(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let things = [("1", "red"), ("2", "blue"), ("3", "red"), ("4", "redder"), ("5", "red"), ("6", "green")];
    store.commit(inserts(things.map(|(name, colour)| coloured(name, colour)))).await.unwrap();
    store.commit(inserts([badged("7", "gold"), badged("8", "silver")])).await.unwrap();
    let other = Record { key: RecordKey::new(OTHER, "9"), ..coloured("9", "red") };
    store.commit(inserts([other])).await.unwrap();
    let all = Scan::index(THING, "colour");
    let badges = Scan::index(THING, "badge");
    let four = [("blue", 1), ("green", 1), ("red", 3), ("redder", 1)];
    let turned = [("redder", 1), ("red", 3), ("green", 1), ("blue", 1)];
    for (name, scan, expected) in [
        ("all", all.clone(), &four[..]),
        ("backwards", all.clone().backwards(), &turned),
        ("between", all.clone().between("c", "redder"), &[("green", 1), ("red", 3)]),
        ("exactly", all.clone().exactly("red"), &[("red", 3)]),
        ("unique", badges, &[("gold", 1), ("silver", 1)]),
        ("none", Scan::index(THING, "nothing"), &[]),
    ] {
        assert_eq!(counts(&store, scan).await, told(expected), "{name}");
    }
    store.commit(batch([update(coloured("3", "blue"), 1), delete("6", 1)])).await.unwrap();
    assert_eq!(counts(&store, all).await, told(&[("blue", 2), ("red", 2), ("redder", 1)]));
}

/// Also where a value goes on like the one before, and where what the cursor names is gone.
pub async fn pages_of_a_tally_lose_and_repeat_no_value(backend: &mut impl Backend) {
    let store = backend.handle().await;
    let values = ["", "\0", "a", "a\0", "a\u{1}", "ab"];
    let things: Vec<_> = (0..18).map(|n| coloured(&format!("{n:02}"), values[n % values.len()])).collect();
    store.commit(inserts(things)).await.unwrap();
    let all = Scan::index(THING, "colour");
    let expected = values.map(|value| (value.to_owned(), 3)).to_vec();
    let turned: Vec<_> = expected.iter().rev().cloned().collect();
    for limit in [1, 2, 5, 6, 7, MAX_PAGE] {
        assert_eq!(counts(&store, all.clone().limit(limit)).await, expected, "pages of {limit}");
        assert_eq!(counts(&store, all.clone().limit(limit).backwards()).await, turned, "pages of {limit}");
    }
    let first = store.tally(&all.clone().limit(3)).await.unwrap();
    store.commit(batch(["02", "08", "14"].map(|name| delete(name, 1)))).await.unwrap();
    let rest = store.tally(&all.after(first.next).limit(9)).await.unwrap();
    assert_eq!(rest.counts, told(&[("a\0", 3), ("a\u{1}", 3), ("ab", 3)]));
    assert_eq!(rest.next, None);
}

/// The bounds of a page are the port's, and keys are no values.
pub async fn a_tally_of_keys_or_of_no_or_too_many_values_is_invalid(backend: &mut impl Backend) {
    let store = backend.handle().await;
    store.commit(inserts([coloured("a", "red")])).await.unwrap();
    let by_index = |limit| Scan::index(THING, "colour").limit(limit);
    for scan in [Scan::keys(THING), by_index(0), by_index(MAX_PAGE + 1), by_index(usize::MAX)] {
        let refused = store.tally(&scan).await;
        assert!(is_invalid(&refused), "{scan:?}: {refused:?}");
    }
    assert_eq!(counts(&store, by_index(MAX_PAGE)).await, told(&[("red", 1)]));
}

fn told(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}
