//! The folder around journal and index: whose it is, who has it open, and which index is current.

use std::{
    cell::Cell,
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{error::OpenError, watch::Pulse};

const FORMAT: &str = "FORMAT";
const LOCK: &str = "LOCK";
const INDEX: &str = "INDEX";
const JOURNAL: &str = "journal";
/// What this version writes into `FORMAT`.
const KNOWN: &str = "lupinus-store-sled 1";
const UNFINISHED: &str = ".tmp";

/// The folder of a store, held against others while this lives. The lock is the operating system's and ends with the
/// process, however that ends.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
    /// The highest number that was given to an index.
    newest: Cell<u64>,
    /// Of the writer, which is not watched while it works here.
    pulse: Arc<Pulse>,
}

/// What the file `INDEX` says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Current {
    /// The number in the index folder's name.
    pub(crate) generation: u64,
    /// A group that had been committed when this was written.
    pub(crate) sequence: u64,
    /// The snapshot with which, or from which, the index was made. An index that is older than the journal's snapshot may hold
    /// what was erased with it.
    #[serde(default)]
    pub(crate) snapshot: u64,
}

impl Folder {
    /// Takes the folder for a store, making what is missing.
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        let failed = |doing| OpenError::io(doing, path);
        create_durably(path).map_err(failed("making the folder"))?;
        let is_new = is_new(path)?;
        let lock = path.join(LOCK);
        let lock = File::options().create(true).truncate(false).write(true).open(lock);
        let lock = lock.map_err(failed("opening the lock file"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed("locking the folder")(source)),
        }
        let folder = Self { path: path.to_owned(), lock, newest: Cell::new(0), pulse: Arc::default() };
        if is_new {
            fs::create_dir_all(folder.journal()).map_err(failed("making the folder"))?;
            folder
                .write(FORMAT, format!("{KNOWN}\n").as_bytes())
                .map_err(failed("writing the file FORMAT"))?;
        } else if !folder.journal().is_dir() {
            // It was made before the file FORMAT.
            return Err(OpenError::Missing { first: 1, last: 1 });
        }
        Ok(folder)
    }

    /// Lets others have it, once nothing in it is written any more.
    pub(crate) fn unlock(&self) -> io::Result<()> {
        self.lock.unlock()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn pulse(&self) -> &Arc<Pulse> {
        &self.pulse
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    pub(crate) fn index(&self, generation: u64) -> PathBuf {
        self.path.join(format!("index-{generation}"))
    }

    /// Which index is current; `None` when there is none, or the file does not say.
    pub(crate) fn current(&self) -> Option<Current> {
        let text = self.pulse.pauses(|| fs::read(self.path.join(INDEX))).ok()?;
        serde_json::from_slice(&text).ok()
    }

    pub(crate) fn set_current(&self, current: Current) -> io::Result<()> {
        let current = serde_json::to_vec(&current)?;
        self.pulse.pauses(|| self.write(INDEX, &current))
    }

    /// A number that no index has that is still there, or still open.
    pub(crate) fn next_generation(&self) -> io::Result<u64> {
        let named = self.folders("index-")?.into_iter();
        let used = named.chain(self.folders("index.broken-")?).map(|(number, _)| number).max();
        let used = used.max(self.current().map(|current| current.generation)).unwrap_or(0);
        self.newest.set(self.newest.get().max(used) + 1);
        Ok(self.newest.get())
    }

    /// Moves an index that cannot be used out of the way, for whoever wants to know why. Only the last one is kept.
    pub(crate) fn set_aside(&self, generation: u64) -> io::Result<()> {
        let path = self.index(generation);
        if self.pulse.pauses(|| path.exists()) {
            self.remove_broken()?;
            let aside = self.path.join(format!("index.broken-{generation}"));
            self.pulse.pauses(|| fs::rename(path, aside))?;
        }
        Ok(())
    }

    /// Removes one index.
    pub(crate) fn remove_index(&self, generation: u64) -> io::Result<()> {
        self.remove(&self.index(generation))
    }

    /// Removes every index folder but the current one.
    pub(crate) fn remove_others(&self, current: Option<u64>) -> io::Result<()> {
        for (number, path) in self.folders("index-")? {
            if Some(number) != current {
                self.remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes what was moved out of the way: it may hold what has been erased since.
    pub(crate) fn remove_broken(&self) -> io::Result<()> {
        self.folders("index.broken-")?.iter().try_for_each(|(_, path)| self.remove(path))
    }

    /// Removes what was moved out of the way for an earlier index than the current one.
    pub(crate) fn remove_broken_before(&self, current: u64) -> io::Result<()> {
        let broken = self.folders("index.broken-")?.into_iter();
        broken.filter(|(number, _)| number + 1 < current).try_for_each(|(_, path)| self.remove(&path))
    }

    /// Bytes of every file.
    pub(crate) fn bytes(path: &Path) -> io::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(path)? {
            // What is removed meanwhile counts nothing.
            let Ok(entry) = entry else { continue };
            let Ok(meta) = entry.metadata() else { continue };
            bytes += if meta.is_dir() { Self::bytes(&entry.path()).unwrap_or(0) } else { meta.len() };
        }
        Ok(bytes)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.pulse.pauses(|| remove_folder(path))
    }

    fn folders(&self, prefix: &str) -> io::Result<Vec<(u64, PathBuf)>> {
        let entries: Vec<_> = self.pulse.pauses(|| fs::read_dir(&self.path)?.collect::<io::Result<_>>())?;
        let numbered = |entry: fs::DirEntry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path()))
        };
        Ok(entries.into_iter().filter_map(numbered).collect())
    }

    /// Writes a small file so that after a crash it is wholly the old or the new one.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.path.join(format!("{name}{UNFINISHED}"));
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(unfinished, self.path.join(name))?;
        File::open(&self.path)?.sync_all()
    }
}

/// Makes the folder with those above it, so that a power cut does not take their names away. A folder that is made here is its
/// owner's alone: consultations are in it.
fn create_durably(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|above| !above.exists()).collect();
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    if !missing.is_empty() {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    for made in missing {
        let above = made.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(above)?.sync_all()?;
    }
    Ok(())
}

fn remove_folder(path: &Path) -> io::Result<()> {
    // A closing sled may still be writing a file in it.
    for _ in 0..3 {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => return other,
        }
    }
    fs::remove_dir_all(path)
}

/// Whether the folder is empty, and may become a store.
fn is_new(path: &Path) -> Result<bool, OpenError> {
    let failed = |doing| OpenError::io(doing, path);
    let mut text = String::new();
    match File::open(path.join(FORMAT)) {
        Ok(file) => {
            // Whatever is there, it is not read further than it can be shown.
            let mut bytes = Vec::new();
            file.take(64).read_to_end(&mut bytes).map_err(failed("reading the file FORMAT"))?;
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            for entry in fs::read_dir(path).map_err(failed("listing the folder"))? {
                let entry = entry.map_err(failed("listing the folder"))?;
                let name = entry.file_name();
                let ours = [LOCK, JOURNAL, "FORMAT.tmp"].iter().any(|ours| *name == **ours);
                let is_empty = || fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none());
                if !ours || (*name == *JOURNAL && !is_empty()) {
                    return Err(OpenError::Foreign(path.to_owned()));
                }
            }
            return Ok(true);
        }
        Err(source) => return Err(failed("reading the file FORMAT")(source)),
    }
    if text.trim_end() == KNOWN {
        return Ok(false);
    }
    Err(OpenError::Format { path: path.to_owned(), found: text.trim_end().to_owned(), known: KNOWN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_indexes_of_a_program_have_one_number() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::take(&path.path().join("data")).unwrap();
        fs::create_dir(folder.index(3)).unwrap();
        assert_eq!(folder.next_generation().unwrap(), 4);
        // It came to nothing, and sled may still write into it.
        assert_eq!(folder.next_generation().unwrap(), 5);
    }
}
