//! A disk that can be full, and whose power can be cut.

use std::{
    collections::HashMap,
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;

/// How much fits on the small disk.
const MOST: &str = "size=160m";

#[derive(Debug)]
pub(crate) struct Disk {
    folder: TempDir,
    /// Whether it is a file system of its own, which can be full.
    pub(crate) is_small: bool,
}

impl Disk {
    /// A small file system of its own where that is allowed, else a folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", MOST, "tmpfs"]).arg(folder.path()).output();
        let is_small = mounted.is_ok_and(|done| done.status.success());
        if !is_small {
            println!("no small file system can be mounted here: the disk is never full");
        }
        Self { folder, is_small }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn filler(&self) -> PathBuf {
        self.folder.path().join("filler")
    }

    /// Nothing fits any more.
    pub(crate) fn fill(&self) {
        let mut filler = fs::File::create(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub(crate) fn clear(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_small {
            let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        }
    }
}

/// `strace` around a program, so that is known what it had synced when the power went. Each sync takes longer, so that the power
/// goes while one is under way.
#[derive(Debug)]
pub(crate) struct Traced {
    log: TempDir,
}

impl Traced {
    /// `None` where there is no `strace`.
    pub(crate) fn new() -> Option<Self> {
        let is_there = Command::new("strace").arg("-V").output().is_ok_and(|done| done.status.success());
        is_there.then(|| Self { log: tempfile::tempdir().unwrap() })
    }

    /// The command, traced.
    pub(crate) fn around(&self, command: &Command) -> Command {
        let mut traced = Command::new("strace");
        traced.args(["-f", "--seccomp-bpf", "-y", "-s", "0", "-e", "trace=write,pwrite64,fsync,fdatasync"]);
        traced.args(["-e", "inject=fdatasync:delay_enter=20000", "-o"]).arg(self.log.path().join("log"));
        traced.arg(command.get_program()).args(command.get_args());
        traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        traced
    }

    /// How many bytes at the end of each file of the journal were not synced.
    fn unsynced(&self) -> HashMap<PathBuf, u64> {
        let log = fs::read_to_string(self.log.path().join("log")).unwrap();
        let (mut written, mut synced) = (HashMap::<PathBuf, u64>::new(), HashMap::<PathBuf, u64>::new());
        // What a thread has begun: which file, and how much of it was written when a sync began.
        let mut begun: HashMap<&str, (PathBuf, Option<u64>)> = HashMap::new();
        for line in log.lines() {
            let Some((thread, call)) = line.split_once(' ') else { continue };
            let call = call.trim_start();
            if let Some((name, rest)) = call.split_once('(')
                && ["write", "pwrite64", "fsync", "fdatasync"].contains(&name)
            {
                let path = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                let Some((path, _)) = path else { continue };
                let path = PathBuf::from(path);
                let so_far = name.ends_with("sync").then(|| written.get(&path).copied().unwrap_or(0));
                begun.insert(thread, (path, so_far));
            }
            let Some(done) = call.rsplit_once("= ").map(|(_, done)| done) else { continue };
            let done = done.split_whitespace().next().and_then(|done| done.parse::<u64>().ok());
            let (Some(done), Some((path, so_far))) = (done, begun.remove(thread)) else { continue };
            match so_far {
                Some(so_far) => drop(synced.insert(path, so_far)),
                None => *written.entry(path).or_default() += done,
            }
        }
        written
            .into_iter()
            .filter(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("journal")))
            .map(|(path, all)| {
                let safe = synced.get(&path).copied().unwrap_or(0);
                (path, all - safe)
            })
            .collect()
    }

    /// What a power cut leaves of the store's folder: of the journal's end what was not synced is lost, in part and in any order,
    /// and of the index anything, since nothing of it is waited for. Answers how many bytes of the journal were not safe.
    pub(crate) fn cuts_the_power(&self, data: &Path, seed: u64) -> u64 {
        // Its own lots: how many are drawn depends on how much there is.
        let random = &mut StdRng::seed_from_u64(seed);
        let unsynced = self.unsynced();
        for (path, unsafe_bytes) in &unsynced {
            let Ok(length) = fs::metadata(path).map(|file| file.len()) else { continue };
            let from = length.saturating_sub(*unsafe_bytes);
            let to = from + random.random_range(0..=*unsafe_bytes).min(length - from);
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(to).unwrap();
            spoil(path, from, 512, random);
        }
        for folder in fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()) {
            if folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("index-")) {
                for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                    if file.is_file() && random.random_bool(0.5) {
                        spoil(&file, 0, 4096, random);
                    }
                }
            }
        }
        unsynced.values().sum()
    }
}

/// Zeroes some of a file's blocks from there on, as if they had never been written.
fn spoil(path: &Path, from: u64, block: u64, random: &mut StdRng) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    let length = file.seek(SeekFrom::End(0)).unwrap();
    let mut at = from;
    while at < length {
        let size = (block - at % block).min(length - at);
        if random.random_bool(0.3) {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(&vec![0; usize::try_from(size).unwrap()]).unwrap();
        }
        at += size;
    }
}
