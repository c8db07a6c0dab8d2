//! What opening refuses, what it repairs, and what it says.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod files;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use lupinus_core::store::{Batch, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, Version};
use lupinus_store_sled::{OpenError, SledStore};

const THING: Kind = Kind::new("thing");

fn record(key: &str, body: &str) -> Record {
    Record {
        key: RecordKey::new(THING, key),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: format!("{body:?}").into(),
    }
}

async fn insert(store: &SledStore, key: &str, body: &str) {
    store.commit(Batch { ops: vec![Op::Insert(record(key, body))], erases: false }).await.unwrap();
}

async fn keys(store: &SledStore) -> Vec<String> {
    let page = store.scan(&Scan::keys(THING).limit(1_000)).await.unwrap();
    page.records.into_iter().map(|record| record.key.key).collect()
}

fn names(folder: &Path, prefix: &str) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_free_after_closing_or_dropping() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    insert(&store, "a", "x").await;
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse(_)), "{refused:?}");
    assert!(refused.to_string().contains("stop the other program"), "{refused}");
    drop(store);
    let store = SledStore::open(folder.path()).unwrap();
    let other = store.clone();
    store.close().await.unwrap();
    let again = SledStore::open(folder.path()).unwrap();
    assert!(other.get(&RecordKey::new(THING, "a")).await.is_err());
    assert_eq!(keys(&again).await, ["a"]);
}

#[test]
fn a_folder_that_is_not_a_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("diary.txt"), "dear diary").unwrap();
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Foreign(_)), "{refused:?}");
    assert!(refused.to_string().contains("choose an empty or new folder"), "{refused}");
    assert_eq!(names(folder.path(), ""), ["diary.txt"]);
    let file = folder.path().join("diary.txt");
    assert!(matches!(SledStore::open(file).unwrap_err(), OpenError::Io { .. }));
}

#[test]
fn another_format_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(SledStore::open(folder.path()).unwrap());
    for other in ["lupinus-store-sled 2\n", "", "\u{0}\u{0}", &"long".repeat(1_000)] {
        fs::write(folder.path().join("FORMAT"), other).unwrap();
        let refused = SledStore::open(folder.path()).unwrap_err();
        let OpenError::Format { found, .. } = &refused else { panic!("{refused:?}") };
        assert!(found.len() <= 64);
        assert!(refused.to_string().contains("use the version that wrote it"), "{refused}");
    }
}

#[tokio::test]
async fn a_missing_or_broken_index_is_moved_aside_and_built_from_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::options().segment_bytes(10_000).open(folder.path()).unwrap();
    for n in 0..200 {
        insert(&store, &format!("{n:03}"), &"x".repeat(n)).await;
    }
    store.compact().await.unwrap();
    for n in 200..300 {
        insert(&store, &format!("{n:03}"), "later").await;
    }
    let before = keys(&store).await;
    drop(store);

    let index = folder.path().join(names(folder.path(), "index-").pop().unwrap());
    for file in files::all(&index) {
        fs::write(file, "not what sled wrote").unwrap();
    }
    let (most, calls) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (seen, counted) = (Arc::clone(&most), Arc::clone(&calls));
    let options = SledStore::options().on_rebuild(move |progress| {
        assert!(progress.done_bytes <= progress.total_bytes, "{progress:?}");
        assert!(progress.done_bytes >= seen.swap(progress.done_bytes, Ordering::SeqCst), "{progress:?}");
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let store = options.open(folder.path()).unwrap();
    assert!(calls.load(Ordering::SeqCst) > 2 && most.load(Ordering::SeqCst) > 30_000);
    assert_eq!(keys(&store).await, before);
    assert_eq!(names(folder.path(), "index.broken-").len(), 1);
    drop(store);

    for name in names(folder.path(), "index-") {
        fs::remove_dir_all(folder.path().join(name)).unwrap();
    }
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(keys(&store).await, before);
    drop(store);

    // A backup is FORMAT and the journal.
    let restored = tempfile::tempdir().unwrap();
    fs::create_dir(restored.path().join("journal")).unwrap();
    fs::copy(folder.path().join("FORMAT"), restored.path().join("FORMAT")).unwrap();
    for file in files::all(&folder.path().join("journal")) {
        fs::copy(&file, restored.path().join("journal").join(file.file_name().unwrap())).unwrap();
    }
    assert_eq!(keys(&SledStore::open(restored.path()).unwrap()).await, before);
}

#[tokio::test]
async fn a_damaged_journal_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    for n in 0..10 {
        insert(&store, &n.to_string(), "something").await;
    }
    drop(store);
    let file = files::all(&folder.path().join("journal")).pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused:?}");
    assert!(refused.to_string().contains("restore the folder `journal` from a backup"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), bytes);
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(keys(&SledStore::open(folder.path()).unwrap()).await.len(), 10);
}

#[tokio::test]
async fn a_journal_that_is_gone_is_named_and_no_empty_store_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("several").join("new").join("folders");
    let store = SledStore::open(&path).unwrap();
    insert(&store, "a", "x").await;
    drop(store);
    fs::rename(path.join("journal"), folder.path().join("elsewhere")).unwrap();
    assert!(matches!(SledStore::open(&path).unwrap_err(), OpenError::Missing { .. }));
    fs::create_dir(path.join("journal")).unwrap();
    assert!(matches!(SledStore::open(&path).unwrap_err(), OpenError::Behind { .. }));
    fs::remove_dir_all(path.join("journal")).unwrap();
    fs::rename(folder.path().join("elsewhere"), path.join("journal")).unwrap();
    assert_eq!(keys(&SledStore::open(&path).unwrap()).await, ["a"]);
}

#[tokio::test]
async fn a_damaged_snapshot_is_named_when_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    for n in 0..10 {
        insert(&store, &n.to_string(), "something").await;
    }
    store.compact().await.unwrap();
    store.close().await.unwrap();
    let is_snapshot = |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "snap");
    let file = files::all(&folder.path().join("journal")).into_iter().find(is_snapshot).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::remove_file(folder.path().join("INDEX")).unwrap();
    // The line end after the last line means nothing.
    for at in (0..whole.len() - 1).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&file, &bytes).unwrap();
        let refused = SledStore::open(folder.path()).unwrap_err();
        assert!(matches!(refused, OpenError::Damaged { .. }), "byte {at}: {refused:?}");
        fs::write(&file, &whole[..at]).unwrap();
        let refused = SledStore::open(folder.path()).unwrap_err();
        assert!(matches!(refused, OpenError::Damaged { .. }), "cut at {at}: {refused:?}");
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(keys(&SledStore::open(folder.path()).unwrap()).await.len(), 10);
}

#[tokio::test]
async fn erased_content_leaves_every_file_while_the_store_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::options().erase_within(Duration::from_millis(50)).open(folder.path()).unwrap();
    insert(&store, "a", "cypress-4711").await;
    // Long enough for sled to put it into a file of its own.
    insert(&store, "long", &"juniper-0815 ".repeat(200_000)).await;
    insert(&store, "stays", "larch-9999").await;
    assert!(!files::holding(folder.path(), b"cypress-4711").is_empty());
    let update = Op::Update { record: record("a", "erased"), expected: Version::FIRST };
    let delete = Op::Delete { key: RecordKey::new(THING, "long"), expected: Version::FIRST };
    store.commit(Batch { ops: vec![update, delete], erases: true }).await.unwrap();
    let started = std::time::Instant::now();
    let mut written = 0;
    loop {
        insert(&store, &format!("later {written:04}"), "x").await;
        written += 1;
        let journal = folder.path().join("journal");
        if files::all(&journal).iter().any(|path| path.extension().is_some_and(|ending| ending == "snap")) {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "no snapshot was made");
    }
    // Behind the compaction, which answers nobody, in the writer's queue.
    store.health().await.unwrap();
    for word in ["cypress-4711", "juniper-0815"] {
        let found = files::holding(folder.path(), word.as_bytes());
        assert!(found.is_empty(), "{word} in {found:?}");
    }
    assert!(!files::holding(folder.path(), b"larch-9999").is_empty());
    assert_eq!(keys(&store).await.len(), 2 + written);
}

#[tokio::test]
async fn an_erasure_that_a_crash_kept_from_the_files_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    insert(&store, "a", "cypress-4711").await;
    let update = Op::Update { record: record("a", "erased"), expected: Version::FIRST };
    store.commit(Batch { ops: vec![update], erases: true }).await.unwrap();
    drop(store); // before its time, and without closing
    assert!(!files::holding(folder.path(), b"cypress-4711").is_empty());
    let store = SledStore::open(folder.path()).unwrap();
    store.close().await.unwrap();
    assert_eq!(files::holding(folder.path(), b"cypress-4711"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn compacting_while_commits_go_on_loses_none_and_gives_space_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::options().segment_bytes(50_000).open(folder.path()).unwrap();
    insert(&store, "counter", "0").await;
    // Enough for several slices, with groups between them.
    for n in 0..12 {
        insert(&store, &format!("large {n:02}"), &"x".repeat(300_000)).await;
    }
    let counting = {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 1..=600 {
                let next = record("counter", &format!("{n} {}", "x".repeat(3_000)));
                let update = Op::Update { record: next, expected: Version::from_number(n) };
                let also = Op::Insert(record(&format!("{n:04}"), "x"));
                store.commit(Batch { ops: vec![update, also], erases: false }).await.unwrap();
            }
        })
    };
    let mut compactions = 0;
    while !counting.is_finished() && compactions < 15 {
        store.compact().await.unwrap();
        compactions += 1;
    }
    counting.await.unwrap();
    let before = keys(&store).await;
    assert_eq!(before.len(), 613);
    let counter = RecordKey::new(THING, "counter");
    assert_eq!(store.get(&counter).await.unwrap().unwrap().version.number(), 601);
    store.compact().await.unwrap();
    let journal: u64 =
        files::all(&folder.path().join("journal")).iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!(journal < 3_900_000, "{journal} bytes of journal for twelve large and 600 small records");
    drop(store);
    fs::remove_file(folder.path().join("INDEX")).unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(keys(&store).await, before);
    let counter = store.get(&counter).await.unwrap().unwrap();
    assert!(counter.version.number() == 601 && counter.body.starts_with("\"600 "));
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("data");
    let store = SledStore::open(&folder).unwrap();
    let mode = fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    store.close().await.unwrap();
}
