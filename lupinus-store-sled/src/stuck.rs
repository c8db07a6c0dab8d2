//! A store whose index does not come back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use lupinus_core::store::{
    Batch, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version,
};

use crate::{
    SledStore,
    disk::simulated::SimulatedDisk,
    folder::Folder,
    index::{Index, Refused},
    shared::State,
    watch::{Looks, Pulse},
};

const PATIENCE: Duration = Duration::from_secs(30);

fn insert(key: &str) -> Batch {
    let record = Record {
        key: RecordKey::new(Kind::new("thing"), key),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: "1".into(),
    };
    Batch { ops: vec![Op::Insert(record)], erases: false }
}

fn says_what_helps<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    let Err(StoreError::Unavailable(_, why)) = answer else { panic!("{answer:?}") };
    assert!(why.to_string().contains("only a new start"), "{why}");
}

// R35
#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "that the writer waits for it is what is tested")]
async fn a_store_whose_index_never_answers_says_so_to_everybody_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (lost, told) = mpsc::channel();
    let mut options = SledStore::options().on_lost(move || lost.send(()).unwrap());
    options.patience = Duration::from_millis(100);
    let store = options.open(folder.path().join("data")).unwrap();
    store.commit(insert("1")).await.unwrap();
    let waits = match &*store.shared().read() {
        State::Open(index) => index.waits.clone(),
        state => panic!("{state:?}"),
    };
    let waits = waits.lock().unwrap();
    // The first stays with the index, the second waits behind it.
    let (first, second) = tokio::join!(store.commit(insert("2")), store.commit(insert("3")));
    says_what_helps(first);
    says_what_helps(second);
    says_what_helps(store.get(&RecordKey::new(Kind::new("thing"), "1")).await);
    says_what_helps(store.health().await);
    says_what_helps(store.close().await);
    assert_eq!(told.recv(), Ok(()));
    // Nothing waits for the writer.
    drop(store);
    drop(waits);
}

/// Whether somebody who looks on and on takes the writer for silent.
fn seems_silent(seen: &mut Looks, pulse: &Pulse) -> bool {
    (0..100).any(|_| seen.finds(pulse, PATIENCE).is_some())
}

// R35
#[tokio::test]
async fn a_disk_that_does_not_answer_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::default();
    let taken = Folder::take(&folder.path().join("data")).unwrap();
    let store = SledStore::open_on(taken, Arc::new(disk.clone()), SledStore::options()).unwrap();
    let (pulse, was_silent) = (Arc::clone(&store.shared().pulse), Arc::new(AtomicBool::new(false)));
    let (operations, found) = (disk.operations(), Arc::clone(&was_silent));
    disk.meanwhile(move || {
        if seems_silent(&mut Looks::default(), &pulse) {
            found.store(true, Ordering::Release);
        }
    });
    store.commit(insert("1")).await.unwrap();
    store.compact().await.unwrap();
    store.close().await.unwrap();
    assert!(disk.operations() > operations + 10);
    assert!(!was_silent.load(Ordering::Acquire));
}

// R35
#[tokio::test]
async fn a_read_that_takes_too_long_says_so_and_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path().join("data")).unwrap();
    store.commit(insert("1")).await.unwrap();
    let (ends, ended) = mpsc::channel::<()>();
    tokio::time::pause();
    let slow = store.ask("reading slowly", move |_| {
        let _ = ended.recv();
        Ok(())
    });
    let (slow, ()) = tokio::join!(slow, tokio::time::advance(PATIENCE + Duration::from_secs(1)));
    tokio::time::resume();
    let Err(StoreError::Unavailable(_, why)) = slow else { panic!("{slow:?}") };
    assert_eq!(why.to_string(), "a read takes too long");
    assert!(store.get(&RecordKey::new(Kind::new("thing"), "1")).await.unwrap().is_some());
    drop(ends);
    store.commit(insert("2")).await.unwrap();
    store.close().await.unwrap();
}

type Read<'a> = &'a dyn Fn(&Index) -> Result<(), Refused>;

#[tokio::test]
async fn every_read_shows_that_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path().join("data")).unwrap();
    store.commit(insert("1")).await.unwrap();
    let scan = || Scan::keys(Kind::new("thing")).limit(10);
    let reads: [(&str, Read<'_>); 5] = [
        ("get", &|index| index.get(&RecordKey::new(Kind::new("thing"), "1")).map(drop)),
        ("page", &|index| index.page(&scan()).map(drop)),
        ("count", &|index| index.count(&scan()).map(drop)),
        ("tally", &|index| index.tally(&scan()).map(drop)),
        ("kinds", &|index| index.kinds().map(drop)),
    ];
    let pulse = &store.shared().pulse;
    pulse.waits_for_reads(|| {
        for (name, read) in reads {
            // The writer's own signs would do as well, but it has nothing to do: of each read there is one of its own at the least.
            let before = pulse.signs();
            store.shared().ask("reading", read).unwrap();
            assert_ne!(pulse.signs(), before, "{name}");
        }
    });
}
