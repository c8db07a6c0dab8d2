//! sled as the index of the journal: quick to ask, and never the only copy of anything.
//!
//! One tree holds the records, their index entries, and how far in the journal it is, so that one `sled::Batch` moves it
//! from one group to the next as a whole.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use lupinus_core::store::{BoxError, RecordKey, StoreError};

use self::{known::Known, letting_go::End};
use crate::{change::DecodeError, watch::Pulse};

mod build;
mod keys;
mod known;
mod letting_go;
mod prepared;
mod read;
mod stage;

pub(crate) use self::{
    build::{build, catch_up},
    prepared::Prepared,
    read::Copied,
    stage::{Stage, Staged},
};

/// sled, and what it says of itself.
pub(crate) struct Index {
    db: sled::Db,
    meta: Meta,
    /// Places of records, and what index entries with unique values begin with.
    known: Known,
    /// Told that reads go on.
    pulse: Arc<Pulse>,
    /// Lets the next group fail, as sled does on a disk that fails.
    #[cfg(test)]
    pub(crate) fails: bool,
    /// Lets the next group wait for as long as this is held.
    #[cfg(test)]
    pub(crate) waits: Arc<std::sync::Mutex<()>>,
    /// Last, so that it has the last handle.
    end: End,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(f)
    }
}

/// What an index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    /// The last group of the journal in it.
    pub(crate) sequence: u64,
    /// Records alive.
    pub(crate) records: u64,
    /// Sum over every key with its value, so that a page that sled lost is noticed.
    sum: u64,
}

impl Meta {
    fn encode(self) -> Vec<u8> {
        [self.sequence, self.records, self.sum].iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (numbers, []) = bytes.as_chunks::<8>() else { return None };
        let [sequence, records, sum] = numbers else { return None };
        Some(Self {
            sequence: u64::from_be_bytes(*sequence),
            records: u64::from_be_bytes(*records),
            sum: u64::from_be_bytes(*sum),
        })
    }

    fn add(&mut self, weight: u64) {
        self.sum = self.sum.wrapping_add(weight);
    }

    fn take(&mut self, weight: u64) {
        self.sum = self.sum.wrapping_sub(weight);
    }
}

/// A number that another key or value hardly shares.
fn weight(key: &[u8], value: &[u8]) -> u64 {
    let both = u64::from(crc32fast::hash(key)) << 32 | u64::from(crc32fast::hash(value));
    // The finisher of splitmix64: equal sums then mean equal sets.
    let both = (both ^ (both >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let both = (both ^ (both >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    both ^ (both >> 31)
}

/// The index does not do as it should. It can be built anew.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IndexError {
    #[error("the index cannot be used")]
    Sled(#[from] sled::Error),
    #[error("the index broke off")]
    Panicked,
    #[error("the index is not what it says it is")]
    Untrue,
    #[error("a record of the index cannot be read")]
    Decode(#[source] DecodeError),
}

/// What comes of reading or checking: the caller's error, or the index's own.
#[derive(Debug)]
pub(crate) enum Refused {
    /// For the caller.
    Store(StoreError),
    /// The index is broken.
    Index(IndexError),
}

impl<E: Into<IndexError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Index(error.into())
    }
}

impl Refused {
    fn corrupt(key: RecordKey, error: DecodeError) -> Self {
        Self::Store(StoreError::Corrupt(key, BoxError::from(error)))
    }
}

/// Runs what asks sled, which panics where other libraries return an error. What it says then is not kept: it may quote what
/// is stored.
pub(crate) fn guarded<T, E: From<IndexError>>(ask: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| Err(IndexError::Panicked.into()))
}

/// sled's segments. What is longer than a quarter of one is a file of its own, and one of those that does not fit on the disk leaves
/// an index that cannot be closed: so a leaf of sixteen long records must fit.
const SEGMENT_BYTES: usize = 4 * 1024 * 1024;

/// How long an index that was open a moment ago may take to let its file go: sled ends on a thread of its own. The folder's own
/// lock has told already that nobody else has it open.
const LET_GO: Duration = Duration::from_secs(5);

/// Opens sled, and waits for one that is just being closed: an index that cannot be opened is taken for broken, and what it alone
/// knows is lost.
fn unlocked(open: impl Fn() -> sled::Result<sled::Db>) -> sled::Result<sled::Db> {
    let begun = Instant::now();
    loop {
        match open() {
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && begun.elapsed() < LET_GO =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

impl Index {
    /// Opens the folder, or makes an empty index there.
    pub(crate) fn open(path: &Path, cache_bytes: u64, pulse: &Arc<Pulse>) -> Result<Self, IndexError> {
        guarded(|| {
            let db = unlocked(|| {
                sled::Config::default()
                    .path(path)
                    .cache_capacity(cache_bytes)
                    .segment_size(SEGMENT_BYTES)
                    .open()
            })?;
            // From here on it is let go of as it must be, whatever it answers.
            let mut index = Self {
                end: End::of(&db, path, Arc::clone(pulse)),
                known: if db.is_empty() { Known::nothing(0) } else { Known::unread() },
                db,
                meta: Meta::default(),
                pulse: Arc::clone(pulse),
                #[cfg(test)]
                fails: false,
                #[cfg(test)]
                waits: Arc::default(),
            };
            index.meta = match index.db.get(keys::META)? {
                Some(bytes) => Meta::decode(&bytes).ok_or(IndexError::Untrue)?,
                None if index.db.is_empty() => Meta::default(),
                None => return Err(IndexError::Untrue),
            };
            Ok(index)
        })
    }

    pub(crate) fn meta(&self) -> Meta {
        self.meta
    }

    /// Makes room for what an empty index will be told of.
    pub(crate) fn expect(&mut self, records: u64) {
        if self.db.is_empty() {
            self.known = Known::nothing(records);
        }
    }

    /// Reads everything once and compares it with what the index says of itself.
    pub(crate) fn verify(&mut self) -> Result<(), IndexError> {
        let mut found = Meta { sequence: self.meta.sequence, ..Meta::default() };
        let mut known = Known::nothing(self.meta.records);
        guarded(|| {
            for pair in self.db.iter() {
                let (key, value) = pair?;
                if *key != *keys::META {
                    found.add(weight(&key, &value));
                    found.records += u64::from(keys::is_record(&key));
                    if let Some(key) = stage::to_know(&key, &value) {
                        known.add(key);
                    }
                }
            }
            if found == self.meta { Ok(()) } else { Err(IndexError::Untrue) }
        })?;
        self.known = known;
        Ok(())
    }

    /// Moves on by one group.
    pub(crate) fn apply(&mut self, staged: Staged) -> Result<(), IndexError> {
        #[cfg(test)]
        if self.fails {
            return Err(IndexError::Untrue);
        }
        #[cfg(test)]
        drop(self.waits.lock());
        for key in &staged.new {
            self.known.add(key);
        }
        let applied = guarded(|| self.db.apply_batch(staged.batch).map_err(IndexError::from));
        self.end.has_failed |= applied.is_err();
        applied?;
        self.meta = staged.meta;
        Ok(())
    }
}
