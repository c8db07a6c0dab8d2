use std::{fmt, path::Path, sync::Arc, time::Duration};

use crate::{OpenError, SledStore, watch::OnLost};

/// How far the building of an index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the journal read.
    pub done_bytes: u64,
    /// Bytes to read.
    pub total_bytes: u64,
}

type ProgressFn = Arc<dyn Fn(Progress) + Send + Sync>;

/// How a store is opened. Every setting may change from one opening to the next.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use lupinus_store_sled::SledStore;
///
/// let folder = tempfile::tempdir().unwrap();
/// let store = SledStore::options()
///     .cache_bytes(16 * 1024 * 1024)
///     .erase_within(Duration::from_secs(10))
///     .open(folder.path().join("data"))?;
/// # Ok::<(), lupinus_store_sled::OpenError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Options {
    pub(crate) cache_bytes: u64,
    pub(crate) segment_bytes: u64,
    pub(crate) compact_bytes: u64,
    pub(crate) erase_within: Duration,
    /// Bytes that a compaction copies between two groups, which wait so long.
    pub(crate) slice_bytes: usize,
    pub(crate) on_rebuild: Option<ProgressFn>,
    /// How long the writer, or a read, may be without a sign of life.
    pub(crate) patience: Duration,
    pub(crate) on_lost: Option<OnLost>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            segment_bytes: 32 * 1024 * 1024,
            compact_bytes: 128 * 1024 * 1024,
            erase_within: Duration::from_mins(1),
            slice_bytes: 512 * 1024,
            on_rebuild: None,
            patience: Duration::from_secs(30),
            on_lost: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("cache_bytes", &self.cache_bytes)
            .field("segment_bytes", &self.segment_bytes)
            .field("compact_bytes", &self.compact_bytes)
            .field("erase_within", &self.erase_within)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// What sled aims to keep in memory, in bytes: a target, not a bound. 64 MiB unless told; at least 1 MiB.
    pub fn cache_bytes(mut self, bytes: u64) -> Self {
        self.cache_bytes = bytes.max(1024 * 1024);
        self
    }

    /// How long a journal file grows, in bytes, before the next is begun. 32 MiB unless told. Each is read into memory as a
    /// whole when the store opens.
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes;
        self
    }

    /// How much journal there may be, in bytes, before a snapshot takes its place; a snapshot that is longer than this is
    /// waited for as long again. 128 MiB unless told.
    pub fn compact_bytes(mut self, bytes: u64) -> Self {
        self.compact_bytes = bytes;
        self
    }

    /// How long erased content may stay in the files before their rewriting begins. A minute unless told. Closing rewrites
    /// at once.
    pub fn erase_within(mut self, time: Duration) -> Self {
        self.erase_within = time;
        self
    }

    /// Is called while the index is built from the journal, which after a power cut is the ordinary road.
    pub fn on_rebuild(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.on_rebuild = Some(Arc::new(report));
        self
    }

    /// Is called once when the store cannot be used by this process any more: its index has not answered for half a minute, or could
    /// not be closed again and again, which full disks have done to sled. Nothing is lost, and every call is answered `Unavailable`
    /// from then on. Only a new start of the program helps: let it end, so that whoever looks after it starts it anew.
    pub fn on_lost(mut self, end: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_lost = Some(Arc::new(end));
        self
    }

    /// Opens the store in the folder `path`, or makes an empty one in an empty or missing folder. Blocks while it reads the
    /// journal; call it before the runtime is busy, or on a blocking thread.
    ///
    /// # Errors
    /// [`OpenError`]; its messages say what to do.
    pub fn open(self, path: impl AsRef<Path>) -> Result<SledStore, OpenError> {
        SledStore::open_with(path.as_ref(), self)
    }
}
