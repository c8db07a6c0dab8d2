//! The whole store, with the power cut at any moment and whatever that does to sled's files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use lupinus_core::store::{
    Batch, IndexEntry, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version,
};

use crate::{
    OpenError, SledStore,
    disk::simulated::{Dice, SimulatedDisk},
    folder::Folder,
    index::IndexError,
    journal::SEAL_BYTES,
    shared::State,
};

const WRITERS: u64 = 3;

fn record(key: String, body: &str, indexes: Vec<IndexEntry>) -> Record {
    Record {
        key: RecordKey::new(Kind::new("thing"), key),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes,
        body: format!("\"{body}\"").into(),
    }
}

fn part(writer: u64, step: u64, part: &str, len: usize) -> Record {
    let key = format!("{writer}-{step}-{part}");
    let entries =
        vec![IndexEntry::unique("name", key.as_str()), IndexEntry::new("writer", writer.to_string())];
    record(key, &"x".repeat(len), entries)
}

/// Step `step` of a writer: two new records, one of the step before gone, and its own record moved on, all or nothing.
fn step(writer: u64, step: u64, len: usize) -> Batch {
    let own = record(format!("writer {writer}"), &step.to_string(), Vec::new());
    let mut ops =
        vec![Op::Insert(part(writer, step, "stays", len)), Op::Insert(part(writer, step, "goes", len))];
    if step == 1 {
        ops.push(Op::Insert(own));
    } else {
        ops.push(Op::Update { record: own, expected: Version::from_number(step - 1) });
        let key = part(writer, step - 1, "goes", 0).key;
        ops.push(Op::Delete { key, expected: Version::FIRST });
    }
    Batch { ops, erases: false }
}

/// The last step that each writer has done, after a look at everything that must and must not be there.
async fn steps_done(store: &SledStore, context: &str) -> Vec<u64> {
    let mut steps = Vec::new();
    let mut records = 0;
    for writer in 0..WRITERS {
        let own = RecordKey::new(Kind::new("thing"), format!("writer {writer}"));
        let own = store.get(&own).await.unwrap();
        let done = own.as_ref().map_or(0, |record| record.version.number());
        if let Some(own) = own {
            assert_eq!(*own.body, *format!("\"{done}\""), "{context}: writer {writer}");
        }
        let mut expected: Vec<_> = (1..=done).map(|step| part(writer, step, "stays", 0).key.key).collect();
        expected.extend((done > 0).then(|| part(writer, done, "goes", 0).key.key));
        expected.sort();
        records += expected.len() as u64 + u64::from(done > 0);
        let scan = Scan::index(Kind::new("thing"), "writer").exactly(writer.to_string()).limit(1_000);
        let found = store.scan(&scan).await.unwrap().records;
        let found: Vec<_> = found.into_iter().map(|record| record.key.key).collect();
        assert_eq!(found, expected, "{context}: writer {writer}");
        steps.push(done);
    }
    assert_eq!(store.size().await.unwrap().records, records, "{context}");
    steps
}

/// What a power cut may leave of files that were never synced.
fn damage(folder: &Path, dice: &mut Dice) -> &'static str {
    let mut files = Vec::new();
    let indexes: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("index-"))
        .collect();
    let mut folders = indexes.clone();
    while let Some(path) = folders.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    if files.is_empty() {
        return "nothing";
    }
    let file = &files[dice.index(files.len())];
    let mut bytes = fs::read(file).unwrap();
    match dice.below(7) {
        0 => {
            for index in &indexes {
                fs::remove_dir_all(index).unwrap();
            }
            "no index"
        }
        1 => {
            fs::remove_file(file).unwrap();
            "a file gone"
        }
        2 => {
            let len = dice.index(bytes.len() + 1);
            bytes.truncate(len);
            fs::write(file, bytes).unwrap();
            "a file cut"
        }
        3 => {
            for _ in 0..4 {
                let at = dice.index(bytes.len().max(1));
                let end = (at + 512).min(bytes.len());
                bytes[at.min(end)..end].fill(0);
            }
            fs::write(file, bytes).unwrap();
            "sectors of zeros"
        }
        4 => {
            for _ in 0..8 {
                let at = dice.index(bytes.len().max(1));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = byte.wrapping_add(1);
                }
            }
            fs::write(file, bytes).unwrap();
            "bytes changed"
        }
        5 => {
            fs::write(folder.join("INDEX"), "{").unwrap();
            "INDEX cut"
        }
        _ => "nothing",
    }
}

fn open(folder: &Path, disk: &SimulatedDisk) -> Result<SledStore, OpenError> {
    let mut options = SledStore::options().segment_bytes(6_000).compact_bytes(40_000).cache_bytes(1 << 20);
    options.slice_bytes = 3_000;
    SledStore::open_on(Folder::take(folder)?, Arc::new(disk.clone()), options)
}

/// Lets every writer go on until the power is cut. Returns the last step that was acknowledged to each.
async fn write_until_the_cut(store: &SledStore, from: &[u64], seed: u64) -> Vec<u64> {
    let mut running = Vec::new();
    for (writer, from) in (0..).zip(from.to_vec()) {
        let store = store.clone();
        let mut dice = Dice::new(seed ^ (writer << 40));
        running.push(tokio::spawn(async move {
            for next in from + 1.. {
                if dice.one_in(40) {
                    let _ = store.compact().await;
                }
                match store.commit(step(writer, next, dice.index(900))).await {
                    Ok(()) => {}
                    Err(StoreError::Unavailable(..)) => return next - 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            unreachable!("a range without an end")
        }));
    }
    let mut acknowledged = Vec::new();
    for running in running {
        acknowledged.push(running.await.unwrap());
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_hundred_power_cuts_nothing_acknowledged_is_lost_and_nothing_is_half_there() {
    let mut all_steps = 0;
    for number in 0..20_u64 {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = SimulatedDisk::default();
        let mut done = vec![0; 3];
        let mut store = None;
        for round in 0..5_u64 {
            let seed = number * 1_000 + round;
            let mut dice = Dice::new(seed);
            let cut_while_opening = round == 0 || dice.one_in(4);
            if cut_while_opening {
                store = None;
                disk.cut_in(dice.below(if round == 0 { 80 } else { 12 }));
                match open(folder.path(), &disk) {
                    Ok(opened) => store = Some(opened),
                    // The power went before it was open.
                    Err(error) => assert!(matches!(error, OpenError::Io { .. }), "seed {seed}: {error:?}"),
                }
            } else {
                disk.cut_in(dice.below(150));
            }
            let acknowledged = match store.take() {
                Some(store) => write_until_the_cut(&store, &done, seed).await,
                None => done.clone(),
            };
            disk = disk.after_power_cut(&mut dice);
            let harm = damage(folder.path(), &mut dice);
            let context = format!("seed {seed}, {harm}");
            let opened = open(folder.path(), &disk).unwrap_or_else(|error| panic!("{context}: {error:?}"));
            let found = steps_done(&opened, &context).await;
            for (writer, (acknowledged, found)) in acknowledged.iter().zip(&found).enumerate() {
                // The one step that had no answer may have been done.
                let is_kept = acknowledged <= found && *found <= acknowledged + 1;
                assert!(
                    is_kept,
                    "{context}: writer {writer} was told of {acknowledged} steps, {found} are there"
                );
            }
            all_steps += found.iter().sum::<u64>() - done.iter().sum::<u64>();
            done = found;
            store = Some(opened);
        }
    }
    assert!(all_steps > 1_000, "the rounds did next to nothing: {all_steps} steps");
}

#[tokio::test]
async fn a_commit_on_a_full_disk_is_refused_and_works_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::default();
    let store = open(folder.path(), &disk).unwrap();
    store.commit(step(0, 1, 100)).await.unwrap();
    disk.set_space(Some(300));
    // More than the journal has written ahead.
    for _ in 0..3 {
        let refused = store.commit(step(0, 2, 200_000)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(..))), "{refused:?}");
        assert_eq!(steps_done(&store, "full").await, [1, 0, 0]);
    }
    disk.set_space(None);
    store.commit(step(0, 2, 200_000)).await.unwrap();
    drop(store);
    assert_eq!(steps_done(&open(folder.path(), &disk).unwrap(), "after").await, [2, 0, 0]);
}

#[tokio::test]
async fn an_index_that_a_read_finds_broken_is_built_anew_while_the_store_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &SimulatedDisk::default()).unwrap();
    for next in 1..=4 {
        store.commit(step(0, next, 100)).await.unwrap();
    }
    let broken = store.shared().ask("reading a record", |_| Err::<(), _>(IndexError::Untrue.into()));
    assert!(matches!(broken, Err(StoreError::Unavailable(..))), "{broken:?}");
    // The writer may know already; any read tells it.
    let _ = store.kinds().await;
    store.health().await.unwrap();
    assert_eq!(steps_done(&store, "built anew").await, [4, 0, 0]);
    assert!(folder.path().join("index.broken-1").exists() && folder.path().join("index-2").exists());
    store.commit(step(0, 5, 100)).await.unwrap();
}

#[tokio::test]
async fn an_index_with_segments_of_another_length_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let store = SledStore::open(&path).unwrap();
    store.commit(step(1, 1, 10)).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    let index = path.join("index-1");
    fs::remove_dir_all(&index).unwrap();
    drop(sled::Config::default().path(&index).segment_size(512 * 1024).open().unwrap());
    let store = SledStore::open(&path).unwrap();
    assert!(store.get(&part(1, 1, "stays", 0).key).await.unwrap().is_some());
    // It is not kept: a tight disk has no room for two.
    let broken = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(broken.filter(|name| name.to_str().unwrap().starts_with("index.broken")).count(), 0);
}

#[tokio::test]
async fn a_commit_that_the_index_fails_to_take_is_there_once_the_index_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &SimulatedDisk::default()).unwrap();
    store.commit(step(0, 1, 100)).await.unwrap();
    if let State::Open(index) = &mut *store.shared().write() {
        index.fails = true;
    }
    let unsure = store.commit(step(0, 2, 100)).await;
    assert!(matches!(unsure, Err(StoreError::Unavailable(..))), "{unsure:?}");
    store.health().await.unwrap();
    assert_eq!(steps_done(&store, "built anew").await, [2, 0, 0]);
    assert!(matches!(store.commit(step(0, 2, 100)).await, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn a_journal_that_lost_its_last_group_is_named_when_the_index_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::default();
    let store = open(folder.path(), &disk).unwrap();
    for next in 1..=4 {
        store.commit(step(0, next, 100)).await.unwrap();
    }
    drop(store);
    let files = disk.contents();
    let (name, whole) = files.iter().next_back().unwrap();
    // As a killed process leaves the file INDEX: it says nothing of the last groups, and the index itself does.
    for of_close in [4, 0] {
        let current = format!("{{\"generation\":1,\"sequence\":{of_close}}}");
        fs::write(folder.path().join("INDEX"), current).unwrap();
        for fewer in [25, 200, 600] {
            let mut cut = files.clone();
            cut.get_mut(name).unwrap().truncate(whole.len() - fewer);
            let refused = open(folder.path(), &SimulatedDisk::with(cut)).unwrap_err();
            let OpenError::Behind { journal, known } = refused else { panic!("{fewer} bytes: {refused:?}") };
            assert!(journal < 4 && known == 4, "{journal} {known}");
        }
    }
    assert_eq!(steps_done(&open(folder.path(), &disk).unwrap(), "whole").await, [4, 0, 0]);
}

/// Every file of the index and of the folder around it, with its bytes.
fn files_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = folders.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).unwrap();
                files.push((path, bytes));
            }
        }
    }
    files
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Whether a journal whose every group was acknowledged, and which no one closed, is known by `known` to have ended there.
async fn every_cut_and_flip(known: &str) {
    let folder = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::default();
    let store = open(folder.path(), &disk).unwrap();
    for next in 1..=3 {
        store.commit(step(0, next, 60)).await.unwrap();
    }
    drop(store);
    // As SIGKILL may leave it: no seal at the end, and an index that is as far as the journal.
    let mut files = disk.contents();
    let (name, mut unsealed) = files.pop_last().unwrap();
    unsealed.truncate(unsealed.len() - SEAL_BYTES);
    if known == "INDEX" {
        fs::remove_dir_all(folder.path().join("index-1")).unwrap();
    } else {
        fs::write(folder.path().join("INDEX"), "{\"generation\":1,\"sequence\":0}").unwrap();
    }
    let from = unsealed.len() - 700;
    let cuts = (from..unsealed.len()).map(|len| unsealed[..len].to_vec());
    let flips = (from..unsealed.len()).flat_map(|at| {
        let mut one = unsealed.clone();
        one[at] ^= 0x40;
        let mut all = unsealed.clone();
        all[at] = !all[at];
        [one, all]
    });
    let mut refused = 0;
    for changed in cuts.chain(flips) {
        let mut disk_files = files.clone();
        disk_files.insert(name.clone(), changed);
        let disk = SimulatedDisk::with(disk_files.clone());
        match open(folder.path(), &disk) {
            Err(OpenError::Behind { .. } | OpenError::Damaged { .. } | OpenError::Missing { .. }) => {
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("an acknowledged group is gone without a word"),
        }
        assert_eq!(disk.contents(), disk_files, "something was altered");
    }
    assert_eq!(refused, 3 * 700);
    let mut disk_files = files.clone();
    disk_files.insert(name, unsealed);
    let opened = open(folder.path(), &SimulatedDisk::with(disk_files)).unwrap();
    assert_eq!(steps_done(&opened, "whole").await, [3, 0, 0]);
}

#[tokio::test]
async fn every_cut_and_flip_in_an_unsealed_tail_is_named_by_the_index_and_alters_nothing() {
    every_cut_and_flip("the index").await;
}

#[tokio::test]
async fn every_cut_and_flip_in_an_unsealed_tail_is_named_by_the_file_index_and_alters_nothing() {
    every_cut_and_flip("INDEX").await;
}

#[tokio::test]
async fn an_erasure_outlasts_a_power_cut_at_any_moment_of_its_compaction() {
    // R9
    const WORD: &str = "cypress-and-cedar";
    let mut cut_short = 0;
    for moment in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = SimulatedDisk::default();
        let store = open(folder.path(), &disk).unwrap();
        let record = record("secret".to_owned(), WORD, Vec::new());
        let key = record.key.clone();
        store.commit(Batch { ops: vec![Op::Insert(record)], erases: false }).await.unwrap();
        for next in 1..=3 {
            store.commit(step(0, next, 60)).await.unwrap();
        }
        let ops = vec![Op::Delete { key, expected: Version::FIRST }];
        store.commit(Batch { ops, erases: true }).await.unwrap();
        disk.cut_in(moment);
        cut_short += usize::from(store.compact().await.is_err());
        // The process is gone with the power.
        drop(store);
        disk = disk.after_power_cut(&mut Dice::new(moment));
        let store = open(folder.path(), &disk).unwrap_or_else(|error| panic!("moment {moment}: {error:?}"));
        assert_eq!(steps_done(&store, "after the cut").await, [3, 0, 0]);
        store.close().await.unwrap();
        for (name, bytes) in disk.contents() {
            assert!(!holds(&bytes, WORD), "moment {moment}: in {name}");
        }
        for (path, bytes) in files_of(folder.path()) {
            assert!(!holds(&bytes, WORD), "moment {moment}: in {}", path.display());
        }
    }
    assert!(cut_short > 5, "too few cuts fell into the compaction: {cut_short}");
}

fn index_folders(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("index-")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_after_a_running_compaction_has_copied_it_is_gone_from_the_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = SledStore::options();
    options.slice_bytes = 1; // one record between two groups
    let store = options.open(folder.path()).unwrap();
    let secret = |n: usize, body: &str| record(format!("{n:04}"), body, Vec::new());
    let ops = (0..4_000).map(|n| Op::Insert(secret(n, &format!("cypress-{n:04}"))));
    store.commit(Batch { ops: ops.collect(), erases: false }).await.unwrap();
    let mut erased = Vec::new();
    // A loaded machine may finish a compaction before the erasure is there; then the next one is tried.
    let is_meanwhile = loop {
        let n = erased.len();
        let running = tokio::spawn({
            let store = store.clone();
            async move { store.compact().await }
        });
        while index_folders(folder.path()) < 2 && !running.is_finished() {
            tokio::task::yield_now().await;
        }
        for _ in 0..=n {
            store.health().await.unwrap(); // at least one more record is copied, in the order of the keys
        }
        let ops = vec![Op::Update { record: secret(n, "erased"), expected: Version::FIRST }];
        store.commit(Batch { ops, erases: true }).await.unwrap();
        erased.push(format!("cypress-{n:04}"));
        // The old index goes when a compaction ends, so this one had not ended when the erasure was committed.
        let is_meanwhile = index_folders(folder.path()) == 2;
        running.await.unwrap().unwrap();
        if is_meanwhile || erased.len() == 10 {
            break is_meanwhile;
        }
    };
    assert!(is_meanwhile, "no erasure met a running compaction");
    store.close().await.unwrap();
    for (path, bytes) in files_of(folder.path()) {
        for word in &erased {
            assert!(!holds(&bytes, word), "{word} in {}", path.display());
        }
    }
}
