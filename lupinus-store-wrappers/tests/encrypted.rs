//! What encryption hides, what it notices, and how keys are changed.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod beneath;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures::{FutureExt as _, future::BoxFuture};
use lupinus_core::{
    store::{
        Batch, IndexEntry, Kind, MAX_BODY_BYTES, MemoryStore, Op, Record, RecordClass, RecordKey, Scan,
        Store, StoreError, Version,
    },
    testkit::{Fault, Faulty, everything},
};
use lupinus_store_wrappers::{Encrypted, Keys, OpenError};

use self::beneath::{Beneath, drawn, lines, meddling::Meddling};

const MEMBER: Kind = Kind::new("member");
const HIDDEN: [(Kind, &str); 1] = [(MEMBER, "contact")];

fn member(name: &str, contact: &str) -> Record {
    Record {
        key: RecordKey::new(MEMBER, name),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Membership,
        indexes: vec![
            IndexEntry::new("registered", "readable-2026"),
            IndexEntry::unique("contact", contact),
            IndexEntry::new("area", "east"),
        ],
        body: format!("{{\"said\":\"a word of {contact}\"}}").into(),
    }
}

fn inserts(records: impl IntoIterator<Item = Record>) -> Batch {
    Batch { ops: records.into_iter().map(Op::Insert).collect(), erases: false }
}

fn update(record: Record, expected: u64) -> Batch {
    Batch { ops: vec![Op::Update { record, expected: Version::from_number(expected) }], erases: false }
}

async fn over(inner: &Arc<dyn Store>, keys: &Keys) -> Encrypted {
    Encrypted::open(Arc::clone(inner), keys.clone(), &HIDDEN).await.unwrap()
}

fn in_memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn meddling(
    inner: &Arc<dyn Store>,
    before: impl Fn(&Batch) -> Option<BoxFuture<'static, ()>> + Send + Sync + 'static,
) -> Arc<Meddling> {
    Arc::new(Meddling { inner: Arc::clone(inner), before: Box::new(before), meddled: AtomicUsize::new(0) })
}

/// The keys of a whole scan.
async fn names(store: &dyn Store, scan: Scan) -> Vec<String> {
    store.scan(&scan).await.unwrap().records.into_iter().map(|record| record.key.key).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_bodies_nor_hidden_values_are_in_anything_that_is_kept() {
    for mut beneath in [Beneath::sled(), Beneath::postgres().await] {
        let store = over(&beneath.handle(), &drawn(&["a"])).await;
        store.commit(inserts([member("one", "U4711cypress")])).await.unwrap();
        store.restore(vec![member("two", "U0815juniper")]).await.unwrap();
        drop(store);
        for word in ["U4711cypress", "U0815juniper", "a word of"] {
            assert!(!beneath.still_holds(word.as_bytes()).await, "{word} can be read");
        }
        // What is to be found in order stays readable, and the documentation says so.
        if matches!(beneath, Beneath::Sled { .. }) {
            assert!(beneath.still_holds(b"readable-2026").await, "nothing was looked at");
        }
    }
}

#[tokio::test]
async fn a_hidden_value_is_found_exactly_and_is_unique() {
    let inner = in_memory();
    let store = over(&inner, &drawn(&["a"])).await;
    store.commit(inserts([member("one", "U1"), member("two", "U2"), member("three", "U3")])).await.unwrap();
    let contact = || Scan::index(MEMBER, "contact");
    assert_eq!(names(&store, contact().exactly("U2")).await, ["two"]);
    assert_eq!(store.count(&contact().exactly("U2")).await.unwrap(), 1);
    assert_eq!(names(&store, contact().exactly("U")).await, [""; 0]);
    assert_eq!(names(&*inner, contact().exactly("U2")).await, [""; 0], "the value is kept");
    let taken = store.commit(inserts([member("four", "U2")])).await;
    assert!(matches!(taken, Err(StoreError::Conflict(key)) if key.key == "four"));
    let stored = store.get(&RecordKey::new(MEMBER, "two")).await.unwrap().unwrap();
    assert_eq!(stored, member("two", "U2"));

    let mut listed = Vec::new();
    let mut scan = contact().limit(1);
    loop {
        let page = store.scan(&scan).await.unwrap();
        listed.extend(page.records.into_iter().map(|record| record.key.key));
        match page.next {
            Some(next) => scan.after = Some(next),
            None => break,
        }
    }
    listed.sort_unstable();
    assert_eq!(listed, ["one", "three", "two"]);
    for range in [contact().prefix("U"), contact().between("", "U2"), contact().between("U1", "U2")] {
        assert!(matches!(store.scan(&range).await, Err(StoreError::Invalid(_))), "{range:?}");
        assert!(matches!(store.count(&range).await, Err(StoreError::Invalid(_))), "{range:?}");
    }
    // Another index of the same name is another matter.
    let of_staff = Scan::index(Kind::new("staff"), "contact").prefix("U");
    assert_eq!(store.count(&of_staff).await.unwrap(), 0);
}

#[tokio::test]
async fn a_tally_of_hidden_values_says_them() {
    let inner = in_memory();
    let store = Encrypted::open(Arc::clone(&inner), drawn(&["a"]), &[(MEMBER, "area")]).await.unwrap();
    let lives = |name: &str, area: &str| {
        let indexes = vec![IndexEntry::new("contact", "elsewhere"), IndexEntry::new("area", area)];
        Record { indexes, ..member(name, name) }
    };
    let areas = [("one", "east"), ("two", "west"), ("three", "east"), ("four", "north")];
    store.commit(inserts(areas.map(|(name, area)| lives(name, area)))).await.unwrap();
    let mut told = Vec::new();
    let mut scan = Scan::index(MEMBER, "area").limit(1);
    loop {
        let page = store.tally(&scan).await.unwrap();
        told.extend(page.counts);
        match page.next.filter(|_| told.len() < 9) {
            Some(next) => scan.after = Some(next),
            None => break,
        }
    }
    told.sort_unstable();
    assert_eq!(told, [("east".to_owned(), 2), ("north".to_owned(), 1), ("west".to_owned(), 1)]);
    let beneath = inner.tally(&Scan::index(MEMBER, "area")).await.unwrap().counts;
    assert!(beneath.iter().all(|(value, _)| told.iter().all(|(area, _)| area != value)), "{beneath:?}");
}

#[tokio::test]
async fn a_record_that_was_swapped_moved_put_back_or_changed_is_noticed() {
    let inner = in_memory();
    let store = over(&inner, &drawn(&["a"])).await;
    store.commit(inserts([member("one", "U1"), member("two", "U2")])).await.unwrap();
    let beneath = async |name: &str| inner.get(&RecordKey::new(MEMBER, name)).await.unwrap().unwrap();
    let first = beneath("one").await;
    store.commit(update(member("one", "U1"), 1)).await.unwrap();
    let (one, two) = (beneath("one").await, beneath("two").await);
    let entries = |change: fn(&mut Vec<IndexEntry>)| {
        let mut indexes = one.indexes.clone();
        change(&mut indexes);
        Record { indexes, ..one.clone() }
    };
    let mut flipped = one.body.to_string().into_bytes();
    flipped[60] = if flipped[60] == b'A' { b'B' } else { b'A' };
    let cases = [
        ("the body of another record", Record { body: two.body.clone(), ..one.clone() }),
        ("the body of an earlier version", Record { body: first.body.clone(), ..one.clone() }),
        ("another version", Record { version: Version::from_number(9), ..one.clone() }),
        ("another schema", Record { schema: 2, ..one.clone() }),
        ("another class", Record { class: RecordClass::Audit, ..one.clone() }),
        ("a changed character", Record { body: String::from_utf8(flipped).unwrap().into(), ..one.clone() }),
        ("another key's name", Record { body: one.body.replacen(":a:", ":b:", 1).into(), ..one.clone() }),
        ("a shorter body", Record { body: format!("{}\"", &one.body[..60]).into(), ..one.clone() }),
        ("a plain body", Record { body: "{}".into(), ..one.clone() }),
        ("another value", entries(|indexes| indexes[2].value = "west".to_owned())),
        ("another index", entries(|indexes| indexes[0].index = "submits_for".into())),
        ("an entry less", entries(|indexes| drop(indexes.remove(0)))),
        ("an entry more", entries(|indexes| indexes.push(IndexEntry::new("area", "west")))),
        ("no longer unique", entries(|indexes| indexes[1].unique = false)),
    ];
    let key = RecordKey::new(MEMBER, "one");
    for (name, changed) in cases {
        inner.restore(vec![changed]).await.unwrap();
        let error = store.get(&key).await.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt(of, _) if *of == key), "{name}: {error:?}");
        let said = format!("{error:?}");
        assert!(!said.contains("U1") && !said.contains(&one.body[20..60]), "{name}: {said}");
        assert!(store.scan(&Scan::keys(MEMBER)).await.is_err(), "{name}");
        assert!(store.get_many(std::slice::from_ref(&key)).await.is_err(), "{name}");
    }
    // Nothing but the key, or the kind, tells these from each other.
    let note = Record { indexes: Vec::new(), ..member("note", "U3") };
    store.commit(inserts([note])).await.unwrap();
    let note = beneath("note").await;
    for elsewhere in [RecordKey::new(MEMBER, "other"), RecordKey::new(Kind::new("staff"), "note")] {
        inner.restore(vec![Record { key: elsewhere.clone(), ..note.clone() }]).await.unwrap();
        assert!(matches!(store.get(&elsewhere).await, Err(StoreError::Corrupt(..))), "{elsewhere}");
    }
    inner.restore(vec![one]).await.unwrap();
    assert_eq!(&*store.get(&key).await.unwrap().unwrap().body, &*member("one", "U1").body);
    // The same order and number of entries is not asked of the store beneath.
    let mut indexes = two.indexes.clone();
    indexes.reverse();
    inner.restore(vec![Record { indexes, ..two }]).await.unwrap();
    assert!(store.get(&RecordKey::new(MEMBER, "two")).await.unwrap().is_some());
}

#[tokio::test]
async fn without_the_right_key_a_store_does_not_open_and_says_what_to_do() {
    let ring = lines(&["newer", "older"]);
    let keys: Keys = ring.join(",").parse().unwrap();
    let inner = in_memory();
    let store = over(&inner, &keys).await;
    store.commit(inserts([member("one", "U1")])).await.unwrap();
    assert!(Encrypted::is(&*inner).await.unwrap());
    assert_eq!(store.kinds().await.unwrap(), [MEMBER]);

    let open = async |keys: Keys| Encrypted::open(Arc::clone(&inner), keys, &HIDDEN).await.unwrap_err();
    let missing = open(ring[1].parse().unwrap()).await;
    assert!(matches!(&missing, OpenError::MissingKey(name) if name == "newer"));
    assert!(missing.to_string().contains("put that key back"));
    let wrong = open(drawn(&["newer"])).await;
    assert!(matches!(&wrong, OpenError::WrongKey(name) if name == "newer"));
    assert!(wrong.to_string().contains("put the right key back"));

    let plain = in_memory();
    plain.commit(inserts([member("one", "U1")])).await.unwrap();
    assert!(!Encrypted::is(&*plain).await.unwrap());
    let refused = Encrypted::open(Arc::clone(&plain), keys.clone(), &HIDDEN).await.unwrap_err();
    assert!(refused.to_string().contains("import that into a new store with keys"), "{refused}");

    for secret in ring.iter().map(|line| line.split_once(':').unwrap().1) {
        for said in [format!("{store:?}"), format!("{keys:?}"), format!("{missing:?} {wrong:?} {refused:?}")]
        {
            assert!(!said.contains(&secret[..8]), "{said}");
        }
    }
    assert!(format!("{store:?}").contains(r#"["newer", "older"]"#));
}

#[tokio::test]
async fn a_record_whose_key_is_gone_names_the_key() {
    let ring = lines(&["newer", "older"]);
    let inner = in_memory();
    over(&inner, &ring[1].parse().unwrap()).await.commit(inserts([member("one", "U1")])).await.unwrap();
    let both = over(&inner, &ring.join("\n").parse().unwrap()).await;
    both.commit(inserts([member("two", "U2")])).await.unwrap();
    // Written with the newer key; the store's own record needs the older one still.
    let older = over(&inner, &ring[1].parse().unwrap()).await;
    assert!(older.get(&RecordKey::new(MEMBER, "one")).await.unwrap().is_some());
    let error = older.get(&RecordKey::new(MEMBER, "two")).await.unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.contains("with the key newer") && why.contains("put that key back"), "{why}");
}

#[tokio::test]
async fn two_programs_that_make_one_store_agree_on_how_it_hides() {
    let (inner, keys) = (in_memory(), drawn(&["a"]));
    // Both find it empty; the slower one is refused the record that it makes, and takes the other's.
    let (faster, ring) = (Arc::clone(&inner), keys.clone());
    let meddled = meddling(&inner, move |_| {
        let (inner, keys) = (Arc::clone(&faster), ring.clone());
        Some(async move { drop(over(&inner, &keys).await) }.boxed())
    });
    let two = over(&(Arc::clone(&meddled) as _), &keys).await;
    assert_eq!(meddled.meddled.load(Ordering::Relaxed), 1);
    let one = over(&inner, &keys).await;
    one.commit(inserts([member("one", "U1")])).await.unwrap();
    assert_eq!(names(&two, Scan::index(MEMBER, "contact").exactly("U1")).await, ["one"]);
    assert!(two.commit(inserts([member("two", "U1")])).await.is_err());
    let late = Encrypted::open(Arc::clone(&inner), keys, &[]).await.unwrap();
    assert_eq!(names(&late, Scan::index(MEMBER, "contact").exactly("U1")).await, ["one"]);
}

#[tokio::test]
async fn the_stores_own_record_is_neither_seen_nor_written_from_above() {
    let inner = in_memory();
    let store = over(&inner, &drawn(&["a"])).await;
    let own = inner.kinds().await.unwrap().pop().unwrap();
    let key = RecordKey::new(own.clone(), "store");
    assert!(inner.get(&key).await.unwrap().is_some());
    assert_eq!(store.get(&key).await.unwrap(), None);
    store.commit(inserts([member("one", "U1")])).await.unwrap();
    let found = store.get_many(&[key.clone(), RecordKey::new(MEMBER, "one"), key.clone()]).await.unwrap();
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(store.scan(&Scan::keys(own.clone())).await.unwrap().records, []);
    assert_eq!(store.count(&Scan::keys(own.clone())).await.unwrap(), 0);
    assert_eq!(store.size().await.unwrap().records, 1);
    let other = Record { key: key.clone(), ..member("", "U2") };
    let delete = Batch { ops: vec![Op::Delete { key, expected: Version::FIRST }], erases: false };
    for refused in [
        store.commit(inserts([other.clone()])).await,
        store.commit(update(other.clone(), 1)).await,
        store.commit(delete).await,
        store.restore(vec![other]).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_body_above_the_bound_is_refused_though_it_would_fit_beneath() {
    let store = over(&in_memory(), &drawn(&["a"])).await;
    let long = Record { body: "1".repeat(MAX_BODY_BYTES + 1).into(), ..member("one", "U1") };
    assert!(matches!(store.commit(inserts([long.clone()])).await, Err(StoreError::Invalid(_))));
    assert!(matches!(store.restore(vec![long]).await, Err(StoreError::Invalid(_))));
}

/// Puts `count` members there under the older of two keys. Answers both keys, the newer one, and the older one.
async fn to_rotate(inner: &Arc<dyn Store>, count: usize) -> (Keys, Keys, Keys) {
    let ring = lines(&["newer", "older"]);
    let older: Keys = ring[1].parse().unwrap();
    let members = (0..count).map(|n| member(&format!("{n:04}"), &format!("U{n}")));
    over(inner, &older).await.commit(inserts(members)).await.unwrap();
    (ring.join("\n").parse().unwrap(), ring[0].parse().unwrap(), older)
}

/// What must be the same before and after: all but the versions.
fn but_for_versions(records: Vec<Record>) -> Vec<Record> {
    records.into_iter().map(|record| Record { version: Version::FIRST, ..record }).collect()
}

#[tokio::test]
async fn after_a_rotation_the_newest_key_alone_opens_everything() {
    let inner = in_memory();
    let (both, newer, _) = to_rotate(&inner, 250).await;
    let store = over(&inner, &both).await;
    let before = everything(&store, 3).await;
    store.commit(inserts([member("late", "Ulate")])).await.unwrap();
    assert!(Encrypted::open(Arc::clone(&inner), newer.clone(), &HIDDEN).await.is_err());
    let mut heard = Vec::new();
    let rotation = store.rotate(|done, of| heard.push((done, of))).await.unwrap();
    assert_eq!((rotation.resealed, rotation.left.len()), (251, 0), "the members and the store's own record");
    assert!(heard.last() == Some(&(251, 251)) && heard.is_sorted(), "{heard:?}");
    let store = over(&inner, &newer).await;
    let mut after = everything(&store, 3).await;
    let late = after.pop().unwrap();
    assert_eq!((late.key.key.as_str(), late.version), ("late", Version::FIRST), "it had the newer key");
    assert!(after.iter().all(|record| record.version.number() == 2));
    assert_eq!(but_for_versions(after), but_for_versions(before));
    assert_eq!(names(&store, Scan::index(MEMBER, "contact").exactly("U17")).await, ["0017"]);
    assert!(store.commit(inserts([member("x", "U17")])).await.is_err(), "still unique");
    assert_eq!(store.rotate(|_, _| ()).await.unwrap().resealed, 0);
}

#[tokio::test]
async fn a_rotation_that_is_broken_off_anywhere_loses_nothing_and_goes_on() {
    for fault in [Fault::Before, Fault::After] {
        for nth in 1..=4 {
            let inner = in_memory();
            let (both, newer, _) = to_rotate(&inner, 250).await;
            let before = but_for_versions(everything(&over(&inner, &both).await, 3).await);
            let faulty = Faulty::new(Arc::clone(&inner));
            let broken: Arc<dyn Store> = Arc::new(faulty.clone());
            let store = over(&broken, &both).await;
            faulty.fail_commit(nth, fault);
            let outcome = store.rotate(|_, _| ()).await;
            assert!(outcome.is_err(), "three pages and the own record are four commits");
            let again = over(&inner, &both).await;
            assert_eq!(but_for_versions(everything(&again, 3).await), before, "{fault:?} at {nth}");
            let lost_last_answer = nth == 4 && fault == Fault::After;
            assert_eq!(
                Encrypted::open(Arc::clone(&inner), newer.clone(), &HIDDEN).await.is_ok(),
                lost_last_answer,
                "{fault:?} at {nth}: it opens without the older key when that is needed no more"
            );
            again.rotate(|_, _| ()).await.unwrap();
            assert_eq!(but_for_versions(everything(&over(&inner, &newer).await, 3).await), before);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_during_a_rotation_is_kept() {
    let inner = in_memory();
    let (both, newer, _) = to_rotate(&inner, 300).await;
    let store = over(&inner, &both).await;
    let counting = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut written = 0_u64;
            for n in (0..300).chain(0..300) {
                let key = RecordKey::new(MEMBER, format!("{n:04}"));
                loop {
                    let record = store.get(&key).await.unwrap().unwrap();
                    let counted = format!("{}1", record.body.trim_matches(|c: char| !c.is_ascii_digit()));
                    let expected = record.version.number();
                    match store.commit(update(Record { body: counted.into(), ..record }, expected)).await {
                        Ok(()) => break,
                        Err(StoreError::Conflict(_)) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
                written += 1;
            }
            written
        })
    };
    let rotation = store.rotate(|_, _| ()).await.unwrap();
    assert_eq!(counting.await.unwrap(), 600);
    assert!(rotation.left.is_empty());
    let after = everything(&over(&inner, &newer).await, 3).await;
    assert!(after.iter().all(|record| record.body.ends_with("11")), "a count is lost");
}

#[tokio::test]
async fn a_record_that_somebody_writes_all_the_time_holds_up_no_other() {
    let inner = in_memory();
    let (both, newer, older) = to_rotate(&inner, 250).await;
    let before = but_for_versions(everything(&over(&inner, &both).await, 3).await);
    // Whatever is changed together with the first record, its own program changes that first.
    let busy = RecordKey::new(MEMBER, "0000");
    let beneath = Arc::clone(&inner);
    let meddled = meddling(&inner, move |batch| {
        if batch.ops.len() < 2 || !batch.ops.iter().any(|op| *op.key() == busy) {
            return None;
        }
        let (inner, older, key) = (Arc::clone(&beneath), older.clone(), busy.clone());
        let write = async move {
            let older = over(&inner, &older).await;
            let record = older.get(&key).await.unwrap().unwrap();
            let expected = record.version.number();
            older.commit(update(record, expected)).await.unwrap();
        };
        Some(write.boxed())
    });
    let store = over(&(Arc::clone(&meddled) as _), &both).await;
    let rotation = store.rotate(|_, _| ()).await.unwrap();
    assert_eq!(meddled.meddled.load(Ordering::Relaxed), 1, "the page of the first record, once");
    assert_eq!((rotation.resealed, rotation.left.len()), (251, 0));
    assert_eq!(but_for_versions(everything(&over(&inner, &newer).await, 3).await), before);
}

#[tokio::test]
async fn while_another_program_writes_with_an_older_key_that_key_is_still_needed() {
    let inner = in_memory();
    let (both, newer, older) = to_rotate(&inner, 3).await;
    // Before whatever is encrypted anew, the other program has written one more.
    let (beneath, written) = (Arc::clone(&inner), Arc::new(AtomicUsize::new(0)));
    let meddled = meddling(&inner, move |_| {
        let (inner, older, written) = (Arc::clone(&beneath), older.clone(), Arc::clone(&written));
        let write = async move {
            let n = written.fetch_add(1, Ordering::Relaxed);
            let record = member(&format!("late{n}"), &format!("Ulate{n}"));
            over(&inner, &older).await.commit(inserts([record])).await.unwrap();
        };
        Some(write.boxed())
    });
    let rotation = over(&(meddled as _), &both).await.rotate(|_, _| ()).await.unwrap();
    assert_eq!(rotation.left.into_iter().collect::<Vec<_>>(), [("older".to_owned(), 1)]);
    let refused = Encrypted::open(Arc::clone(&inner), newer.clone(), &HIDDEN).await;
    assert!(matches!(refused, Err(OpenError::MissingKey(name)) if name == "older"));

    let rotation = over(&inner, &both).await.rotate(|_, _| ()).await.unwrap();
    assert_eq!((rotation.resealed, rotation.left.len()), (2, 0), "the last one written, and the store's own");
    assert_eq!(everything(&over(&inner, &newer).await, 3).await.len(), 8);
}

#[tokio::test]
async fn records_that_cannot_be_read_are_named_and_hold_up_no_other() {
    let inner = in_memory();
    let (both, newer, _) = to_rotate(&inner, 250).await;
    let before = but_for_versions(everything(&over(&inner, &both).await, 3).await);
    let kept = everything(&*inner, 3).await.into_iter().filter(|record| record.key.kind == MEMBER);
    let kept: Vec<Record> = kept.collect();
    let damaged = |n: usize| Record { body: kept[n + 1].body.clone(), ..kept[n].clone() };
    inner.restore(vec![damaged(17), damaged(101)]).await.unwrap();
    let rotation = over(&inner, &both).await.rotate(|_, _| ()).await.unwrap();
    assert_eq!((rotation.resealed, rotation.left.len(), rotation.unreadable), (248, 0, 2));
    assert_eq!(rotation.unreadable_keys, [kept[17].key.clone(), kept[101].key.clone()]);
    let refused = Encrypted::open(Arc::clone(&inner), newer.clone(), &HIDDEN).await;
    assert!(matches!(refused, Err(OpenError::MissingKey(name)) if name == "older"));

    // From a backup.
    inner.restore(vec![kept[17].clone(), kept[101].clone()]).await.unwrap();
    let rotation = over(&inner, &both).await.rotate(|_, _| ()).await.unwrap();
    assert_eq!((rotation.resealed, rotation.unreadable), (3, 0), "both, and the store's own record");
    assert_eq!(but_for_versions(everything(&over(&inner, &newer).await, 3).await), before);

    let inner = in_memory();
    let (both, ..) = to_rotate(&inner, 250).await;
    let plain = (0..250).map(|n| member(&format!("{n:04}"), &format!("U{n}"))).collect();
    inner.restore(plain).await.unwrap();
    let rotation = over(&inner, &both).await.rotate(|_, _| ()).await.unwrap();
    assert_eq!((rotation.resealed, rotation.unreadable, rotation.unreadable_keys.len()), (0, 250, 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_older_key_had_encrypted_leaves_the_files() {
    for mut beneath in [Beneath::sled(), Beneath::postgres().await] {
        let inner = beneath.handle();
        let (both, ..) = to_rotate(&inner, 3).await;
        let old: Vec<String> =
            everything(&*inner, 3).await.iter().map(|record| record.body[20..80].to_owned()).collect();
        drop(inner);
        if matches!(beneath, Beneath::Sled { .. }) {
            assert!(beneath.still_holds(old[0].as_bytes()).await, "nothing was looked at");
        }
        let store = over(&beneath.handle(), &both).await;
        store.rotate(|_, _| ()).await.unwrap();
        drop(store);
        for body in old {
            assert!(!beneath.still_holds(body.as_bytes()).await, "an old body is still there");
        }
    }
}
