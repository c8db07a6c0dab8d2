//! The few things that the journal asks of a file system, so that tests can cut the power.

use std::{fmt, io};

mod folder;
#[cfg(test)]
pub(crate) mod simulated;
mod unwatched;

pub(crate) use self::{folder::FolderDisk, unwatched::Unwatched};

/// One flat folder of files.
///
/// What is written is only sure to be there after a power cut once [`DiskFile::sync`] returned; that a file exists, is
/// renamed or is gone, once [`Disk::sync_names`] did.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    fn names(&self) -> io::Result<Vec<String>>;
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    fn reader(&self, name: &str) -> io::Result<Box<dyn io::Read + Send>>;
    fn len(&self, name: &str) -> io::Result<u64>;
    /// An empty file, whatever was there.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove(&self, name: &str) -> io::Result<()>;
    fn sync_names(&self) -> io::Result<()>;
}

/// A file open for writing.
pub(crate) trait DiskFile: fmt::Debug + Send {
    /// May have written a part when it fails.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    fn truncate(&mut self, len: u64) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}
