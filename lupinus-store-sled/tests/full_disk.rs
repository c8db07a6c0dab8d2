//! A disk that is full, over and over, while people write, things are erased and the store compacts itself.
//!
//! `LUPINUS_FULL_DISKS` sets how often it is full (a few times by itself), `LUPINUS_FULL_DISKS_SEED` draws what happens meanwhile.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use lupinus_core::store::{Batch, Kind, Op, Record, RecordClass, RecordKey, Store, StoreError, Version};
use lupinus_store_sled::SledStore;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::time::timeout;

/// How long one commit may be without any answer.
const PATIENCE: Duration = Duration::from_mins(1);
const WRITERS: u64 = 6;
/// What a program ends with that only a new start helps.
const NEW_START: i32 = 75;
const TIMES: &str = "LUPINUS_FULL_DISKS";
const SEED: &str = "LUPINUS_FULL_DISKS_SEED";
/// Where the small disk is, and where the program writes how it ended.
const DISK: &str = "LUPINUS_FULL_DISK";
const END: &str = "LUPINUS_FULL_DISK_END";

/// What was acknowledged, by key: at which version, and a hash of what was written.
type Kept = BTreeMap<String, (Version, u64)>;

/// What a program says when it ends.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    /// How often the disk was full.
    times: u64,
    /// What was acknowledged since the disk was full before.
    kept: Kept,
}

fn hash(record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.body.hash(&mut hasher);
    hasher.finish()
}

fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |value| value.parse().expect("a number"))
}

/// A small file system of its own, for as long as this lives.
struct Mounted(TempDir);

impl Mounted {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mount.is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        // Not by `eprintln!`, which a test that passes does not show.
        let _ = writeln!(std::io::stderr(), "skipped: no small file system can be mounted here");
        None
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Where it is mounted.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Leaves `room` bytes.
    fn fill(&self, room: u64) {
        let mut filler = fs::File::create(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
        let len = filler.metadata().unwrap().len();
        filler.set_len(len.saturating_sub(room)).unwrap();
    }

    fn clear(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

/// Draws by SplitMix64.
struct Lots(u64);

impl Lots {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }
}

fn record(key: String, written: u64, length: u64) -> Record {
    let body = format!("\"{written}{}\"", "あ".repeat(usize::try_from(length / 3).unwrap()));
    Record {
        key: RecordKey::new(Kind::new("note"), key),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: body.into(),
    }
}

/// Writes one record after the other over and over, small and large ones, erasing now and then. Answers what was acknowledged.
async fn writes(store: Arc<SledStore>, number: u64, mut lots: Lots, stop: Arc<AtomicBool>) -> Kept {
    let mut kept = Kept::new();
    while !stop.load(Ordering::Relaxed) {
        let key = format!("{number}-{}", lots.below(24));
        let length = if lots.below(4) == 0 { lots.below(60_000) } else { lots.below(2_000) };
        let expected = kept.get(&key).map(|(version, _)| *version);
        let record = record(key.clone(), lots.below(u64::MAX), length);
        let written = hash(&record);
        let op = match expected {
            None => Op::Insert(record),
            Some(expected) => Op::Update { record, expected },
        };
        let batch = Batch { ops: vec![op], erases: lots.below(40) == 0 };
        let done = timeout(PATIENCE, store.commit(batch)).await.expect("a commit that nobody answers");
        match done {
            Ok(()) => drop(kept.insert(key, (expected.map_or(Version::FIRST, Version::next), written))),
            Err(StoreError::Unavailable(..)) => tokio::time::sleep(Duration::from_millis(5)).await,
            Err(StoreError::Conflict(key)) => {
                // An earlier one happened after all.
                let read = timeout(PATIENCE, store.get(&key)).await.expect("a read that nobody answers");
                if let Ok(Some(read)) = read {
                    kept.insert(key.key, (read.version, hash(&read)));
                }
            }
            Err(error) => panic!("{error}"),
        }
    }
    kept
}

/// The store, and the word that only a new start helps.
fn opened(path: &Path) -> (Arc<SledStore>, mpsc::Receiver<()>) {
    let (told, lost) = mpsc::channel();
    let options = SledStore::options().compact_bytes(4 << 20).segment_bytes(1 << 20).cache_bytes(1 << 20);
    let options =
        options.erase_within(Duration::from_millis(200)).on_lost(move || told.send(()).unwrap_or_default());
    (Arc::new(options.open(path).unwrap()), lost)
}

/// Whether something can be written within half a minute of there being room.
async fn goes_on(store: &SledStore, name: &str) -> bool {
    for _ in 0..300 {
        let batch = Batch { ops: vec![Op::Insert(record(name.to_owned(), 0, 100))], erases: false };
        match timeout(PATIENCE, store.commit(batch)).await.expect("a commit that nobody answers") {
            Ok(()) | Err(StoreError::Conflict(_)) => return true,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    false
}

/// Compares what the store has with what it acknowledged. One more write may have happened, of which nobody heard.
async fn has(store: &SledStore, kept: Kept) {
    for (key, (version, written)) in kept {
        let key = RecordKey::new(Kind::new("note"), key);
        let read = timeout(PATIENCE, store.get(&key)).await.expect("a read that nobody answers").unwrap();
        let is_kept =
            |read: &Record| read.version > version || (read.version == version && hash(read) == written);
        assert!(read.as_ref().is_some_and(is_kept), "what was acknowledged is gone: {key}");
    }
}

/// What the program of the test below does, over and over. It ends where only a new start helps, and says what was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the test below starts it, on a small disk"]
async fn a_program_on_a_small_disk() {
    let disk = SmallDisk(std::env::var_os(DISK).expect("the path of the disk").into());
    let (times, seed) = (told(TIMES, 0), told(SEED, 0));
    let mut lots = Lots(seed);
    let (store, lost) = opened(&disk.data());
    for time in 0..times {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let lots = Lots(lots.below(u64::MAX));
                tokio::spawn(writes(Arc::clone(&store), number, lots, Arc::clone(&stop)))
            })
            .collect();
        for _ in 0..=lots.below(3) {
            tokio::time::sleep(Duration::from_millis(100 + lots.below(400))).await;
            disk.fill(lots.below(3) * lots.below(600_000));
            tokio::time::sleep(Duration::from_millis(100 + lots.below(900))).await;
            disk.clear();
        }
        stop.store(true, Ordering::Relaxed);
        let mut kept = Kept::new();
        for writer in writers {
            kept.extend(writer.await.unwrap());
        }
        println!("full for the {}. time", time + 1);
        if lost.try_recv().is_ok() {
            let told = timeout(PATIENCE, store.health()).await.expect("a question that nobody answers");
            assert!(matches!(told, Err(StoreError::Unavailable(..))), "{told:?}");
            says_end(time + 1, kept);
            // sled's threads and locks are the process's.
            std::process::exit(NEW_START);
        }
        assert!(
            goes_on(&store, &format!("{seed}, after {time}")).await,
            "it does not go on after time {time} of seed {seed}"
        );
        has(&store, kept).await;
    }
    says_end(times, Kept::new());
}

fn says_end(times: u64, kept: Kept) {
    let end = serde_json::to_vec(&End { times, kept }).unwrap();
    fs::write(std::env::var_os(END).unwrap(), end).unwrap();
}

// R35
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_the_disk_is_full_every_commit_is_answered_and_what_was_acknowledged_is_there() {
    let Some(mounted) = Mounted::new() else { return };
    let disk = SmallDisk(mounted.0.path().to_owned());
    let (mut times, mut seed) = (told(TIMES, 2), told(SEED, 1));
    println!("{TIMES}={times} {SEED}={seed}");
    let beside = tempfile::tempdir().unwrap();
    let end = beside.path().join("end");
    while times > 0 {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--ignored", "--exact", "--nocapture", "a_program_on_a_small_disk"]);
        program.env(DISK, &disk.0).env(END, &end).env(TIMES, times.to_string()).env(SEED, seed.to_string());
        let ended = program.status().unwrap();
        let only_a_new_start = ended.code() == Some(NEW_START);
        assert!(only_a_new_start || ended.success(), "{ended}, with {times} times of seed {seed} to go");
        // A program without such a test succeeds as well.
        let said = fs::read(&end).expect("it ran, and says how it ended");
        fs::remove_file(&end).unwrap();
        let End { times: done, kept } = serde_json::from_slice(&said).unwrap();
        if !only_a_new_start {
            assert_eq!(done, times, "of seed {seed}");
            return;
        }
        let _ = writeln!(std::io::stderr(), "only a new start helped, after {done} times of seed {seed}");
        let (store, _lost) = opened(&disk.data());
        has(&store, kept).await;
        store.close().await.unwrap();
        (times, seed) = (times - done, seed + 1);
    }
}
