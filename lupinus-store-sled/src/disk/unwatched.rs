use std::{
    io::{self, Read},
    sync::Arc,
};

use super::{Disk, DiskFile};
use crate::watch::Pulse;

/// A disk on which the writer is not watched: one that is slow, frozen or throttled comes back by itself.
#[derive(Debug)]
pub(crate) struct Unwatched<D> {
    disk: D,
    pulse: Arc<Pulse>,
}

impl<D> Unwatched<D> {
    pub(crate) fn new(disk: D, pulse: Arc<Pulse>) -> Self {
        Self { disk, pulse }
    }

    /// The same for something of this disk.
    fn also<T>(&self, of_disk: T) -> Unwatched<T> {
        Unwatched::new(of_disk, Arc::clone(&self.pulse))
    }
}

impl Disk for Unwatched<Arc<dyn Disk>> {
    fn names(&self) -> io::Result<Vec<String>> {
        self.pulse.pauses(|| self.disk.names())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.pulse.pauses(|| self.disk.read(name))
    }

    fn reader(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.also(self.pulse.pauses(|| self.disk.reader(name))?)))
    }

    fn len(&self, name: &str) -> io::Result<u64> {
        self.pulse.pauses(|| self.disk.len(name))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(self.also(self.pulse.pauses(|| self.disk.create(name))?)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(self.also(self.pulse.pauses(|| self.disk.open(name))?)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.rename(from, to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.remove(name))
    }

    fn sync_names(&self) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.sync_names())
    }
}

impl Read for Unwatched<Box<dyn Read + Send>> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.pulse.pauses(|| self.disk.read(bytes))
    }
}

impl DiskFile for Unwatched<Box<dyn DiskFile>> {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.write_at(offset, bytes))
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.truncate(len))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.pulse.pauses(|| self.disk.sync())
    }
}
