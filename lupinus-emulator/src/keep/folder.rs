//! A folder that keeps the state across restarts and crashes.
//!
//! `state.json` is replaced as a whole: written beside, flushed, renamed. It is therefore always a complete state, the
//! last one or the one before. Bytes are in `blobs`, a file each, written before the state that names them. `keys.json`
//! holds made-up keys, so that a bot's settings stay good.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::document::{self, ImportError};
use crate::{ids, jwt::SigningKey, shared::Shared, state::State};

/// Why a folder does not keep the state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// The folder or a file in it cannot be read or written.
    #[error("cannot use {0}")]
    Io(PathBuf, #[source] io::Error),
    /// Another emulator uses the folder.
    #[error("{0} is in use by another emulator: end it, or name another folder")]
    InUse(PathBuf),
    /// What is stored cannot be read.
    #[error("cannot read {0}: repair it, or move it away to begin anew")]
    Corrupt(PathBuf, #[source] ImportError),
}

/// The made-up keys of the channels.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    pub(crate) channel_secret: String,
    pub(crate) channel_access_token: String,
    pub(crate) login_channel_secret: String,
    /// The key for ID tokens, see [`SigningKey::make`]. Folders of before it was kept have none.
    #[serde(default)]
    pub(crate) signing_key: String,
}

impl Keys {
    /// Keys that nobody can guess.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(crate) fn new() -> Result<Self, ring::error::Unspecified> {
        Ok(Self {
            channel_secret: ids::hex32(),
            channel_access_token: format!("{}{}=", ids::hex32(), ids::hex32()),
            login_channel_secret: ids::hex32(),
            signing_key: SigningKey::make()?,
        })
    }
}

/// A folder that this process alone uses.
pub(crate) struct Folder {
    path: PathBuf,
    /// Held as long as the folder is used.
    _lock: File,
    /// The blobs that are stored; also lets one save at a time.
    stored: Mutex<HashSet<String>>,
}

impl Folder {
    /// Opens a folder, and makes it if it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self, KeepError> {
        let io = |error| KeepError::Io(path.to_owned(), error);
        let blobs = path.join("blobs");
        fs::create_dir_all(&blobs).map_err(io)?;
        let lock = File::create(path.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(KeepError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let mut stored = HashSet::new();
        for entry in fs::read_dir(&blobs).map_err(io)? {
            if let Ok(name) = entry.map_err(io)?.file_name().into_string() {
                stored.insert(name);
            }
        }
        Ok(Self { path: path.to_owned(), _lock: lock, stored: Mutex::new(stored) })
    }

    /// The keys made up at the first start.
    pub(crate) fn keys(&self) -> Result<Keys, KeepError> {
        let path = self.path.join("keys.json");
        let io = |error| KeepError::Io(path.clone(), error);
        let random = |_| io(io::Error::other("the system gives no random numbers"));
        let corrupt = |problem: String| KeepError::Corrupt(path.clone(), ImportError::State(problem));
        let mut keys: Keys = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| corrupt(error.to_string()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Keys::new().map_err(random)?,
            Err(error) => return Err(io(error)),
        };
        if keys.signing_key.is_empty() {
            keys.signing_key = SigningKey::make().map_err(random)?;
        }
        if SigningKey::of(&keys.signing_key).is_none() {
            return Err(corrupt("signingKey is no key".to_owned()));
        }
        let bytes = serde_json::to_vec(&keys).map_err(|error| io(error.into()))?;
        replace(&path, &bytes).map_err(io)?;
        Ok(keys)
    }

    /// The stored state; `None` when there is none yet.
    pub(crate) fn load(&self) -> Result<Option<State>, KeepError> {
        let path = self.path.join("state.json");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeepError::Io(path, error)),
        };
        let corrupt = |error| KeepError::Corrupt(path.clone(), error);
        let (mut state, _) = document::read(&bytes).map_err(corrupt)?;
        document::fill(&mut state, |name| Some(fs::read(self.blob(name)).ok()?.into())).map_err(corrupt)?;
        Ok(Some(state))
    }

    /// Saves the state; it is durable on return.
    pub(crate) fn save(&self, shared: &Shared) -> Result<(), KeepError> {
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, blobs) = {
            let state = shared.state();
            (document::write(&state, false), document::blobs(&state))
        };
        let path = self.path.join("state.json");
        let bytes = bytes.map_err(|error| KeepError::Io(path.clone(), error.into()))?;
        for (name, data) in blobs.iter().filter(|(name, _)| !stored.contains(*name)) {
            let place = self.blob(name);
            replace(&place, data).map_err(|error| KeepError::Io(place, error))?;
        }
        replace(&path, &bytes).map_err(|error| KeepError::Io(path, error))?;
        for name in stored.iter().filter(|name| !blobs.contains_key(*name)) {
            // What is not needed any more may stay if it must.
            let _ = fs::remove_file(self.blob(name));
        }
        *stored = blobs.into_keys().collect();
        Ok(())
    }

    fn blob(&self, name: &str) -> PathBuf {
        self.path.join("blobs").join(name)
    }
}

/// Replaces a file: afterwards it holds the old bytes or the new ones, even if the machine stops meanwhile.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = open_private(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// A new file that others on this machine may not read.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
