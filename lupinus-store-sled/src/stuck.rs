//! A store whose index does not come back.

use std::{sync::mpsc, time::Duration};

use lupinus_core::store::{Batch, Kind, Op, Record, RecordClass, RecordKey, Store, StoreError, Version};

use crate::{SledStore, shared::State};

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
