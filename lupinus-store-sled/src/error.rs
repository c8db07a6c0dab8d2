use std::{io, path::PathBuf};

use lupinus_core::store::BoxError;

/// Why a store does not open. Each message says what to do; the crate's README says more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another store of this one, has the folder open.
    #[error("{} is in use: stop the other program that has it open, or choose another folder", .0.display())]
    InUse(PathBuf),
    /// The folder holds something, and it is not a store.
    #[error("{} holds other files and is not a store: choose an empty or new folder", .0.display())]
    Foreign(PathBuf),
    /// The folder was written in a form that this version does not know.
    #[error("{} is in format {found:?}, and this version knows {known:?} alone: use the version that wrote it, export there and import here", .path.display())]
    Format {
        /// The folder.
        path: PathBuf,
        /// What its `FORMAT` file says, at most its first 64 characters.
        found: String,
        /// What this version writes.
        known: &'static str,
    },
    /// Bytes that had reached the disk have changed since. Nothing was altered.
    #[error(
        "journal file {file} is damaged at byte {offset} ({what}): restore the folder `journal` from a backup"
    )]
    Damaged {
        /// The file's name in the folder `journal`.
        file: String,
        /// Where the damage begins.
        offset: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// A file of the journal is gone. Nothing was altered.
    #[error("the journal lacks groups {first} to {last}: restore the folder `journal` from a backup")]
    Missing {
        /// The first group of commits that is missing.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// The journal ends before what is known to have been committed. Nothing was altered.
    #[error(
        "the journal ends at group {journal}, but group {known} had been committed: restore the folder `journal` from a \
         backup, or remove `INDEX` and the `index-*` folders to go on without what is lost"
    )]
    Behind {
        /// The last group of commits in the journal.
        journal: u64,
        /// The last one known to the index.
        known: u64,
    },
    /// The file system refused.
    #[error("{doing} failed at {}: check the disk and the permissions, then try again", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The index could not be built from a sound journal.
    #[error("the index could not be built: check disk space and permissions, then try again")]
    Index(#[source] BoxError),
}

impl OpenError {
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}
