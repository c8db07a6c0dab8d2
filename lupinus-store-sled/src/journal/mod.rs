//! The journal is the truth: what it holds was committed, and nothing else was.
//!
//! No kept crate does this small thing: those for write-ahead logs (`okaywal`, `wal`, `commitlog` and others) either leave
//! out the `fdatasync` of the folder, or skip damage silently, or have not been kept up.

use std::{io, sync::Arc};

mod frame;
mod segment;
mod snapshot;
#[cfg(test)]
mod tests;

/// Bytes of the seal at a file's end.
#[cfg(test)]
pub(crate) const SEAL_BYTES: usize = frame::HEAD;

pub(crate) use self::{
    frame::MAX_PAYLOAD,
    snapshot::{Coverage, SnapshotWriter},
};
use crate::{
    disk::{Disk, DiskFile},
    error::OpenError,
};

/// How far the open file reaches ahead of its groups, in bytes.
const AHEAD: u64 = 256 * 1024;

/// The files behind a store, open for the next group.
#[derive(Debug)]
pub(crate) struct Journal {
    disk: Arc<dyn Disk>,
    segment_bytes: u64,
    /// The newest snapshot.
    snapshot: Option<(u64, u64)>,
    /// Ordered; the last is the open one.
    segments: Vec<Segment>,
    file: Box<dyn DiskFile>,
    /// Bytes of the open file: behind its last group stand zeros, so that later ones do not change its length. A file system
    /// would have to write that down, too, before each of them is durable.
    len: u64,
    /// The last group.
    last: u64,
    is_sealed: bool,
    /// A write failed: what follows `end` in the open file is unknown.
    is_wounded: bool,
    /// A new segment that could not be finished.
    leftover: Option<String>,
    erases: bool,
}

/// Groups from `first` on, `end` bytes long.
#[derive(Clone, Debug)]
struct Segment {
    first: u64,
    end: u64,
}

impl Segment {
    fn name(&self) -> String {
        segment_name(self.first)
    }
}

fn segment_name(first: u64) -> String {
    format!("{first:020}.log")
}

fn number(name: &str, ending: &str) -> Option<u64> {
    name.strip_suffix(ending).filter(|digits| digits.len() == 20)?.parse().ok()
}

fn failed(doing: &'static str, name: &str) -> impl FnOnce(io::Error) -> OpenError {
    OpenError::io(doing, format!("journal/{name}"))
}

impl Journal {
    /// Reads and checks every group, cuts off what was never wholly written, and is ready for the next. Group `known` had
    /// been committed: a journal without it is refused, and nothing is altered.
    pub(crate) fn open(disk: Arc<dyn Disk>, segment_bytes: u64, known: u64) -> Result<Self, OpenError> {
        let names = disk.names().map_err(failed("listing the journal", ""))?;
        let through = names.iter().filter_map(|name| number(name, ".snap")).max();
        let snapshot = match through {
            Some(through) => {
                let name = snapshot::name(through);
                Some((through, disk.len(&name).map_err(failed("measuring a snapshot", &name))?))
            }
            None => None,
        };
        let base = through.unwrap_or(0);
        let mut firsts: Vec<u64> = names.iter().filter_map(|name| number(name, ".log")).collect();
        firsts.sort_unstable();
        // What the snapshot stands for and a crash kept from being removed.
        let needed = firsts.iter().rposition(|first| *first <= base + 1).unwrap_or(0);
        let firsts = firsts.split_off(needed);
        if let Some(first) = firsts.first().filter(|first| **first > base + 1) {
            return Err(OpenError::Missing { first: base + 1, last: first - 1 });
        }

        let mut found = Found { last: base, ..Found::default() };
        for (n, first) in firsts.iter().enumerate() {
            found.read(&*disk, *first, n + 1 == firsts.len(), base)?;
        }
        let Found { last, erases, mut segments, is_torn, empty } = found;
        let covered = if is_torn && base > 0 { snapshot::until(&*disk, base)? } else { 0 };
        if last < known.max(covered) {
            return Err(OpenError::Behind { journal: last, known: known.max(covered) });
        }
        // From here on it may be changed.
        let unfinished = names.iter().any(|name| name == snapshot::UNFINISHED);
        let unfinished = unfinished.then(|| snapshot::UNFINISHED.to_owned());
        for name in unfinished.into_iter().chain(empty) {
            disk.remove(&name).and_then(|()| disk.sync_names()).map_err(failed("removing a file", &name))?;
        }
        let (file, is_sealed) = match segments.last() {
            Some(segment) => {
                let name = segment.name();
                let mut file = disk.open(&name).map_err(failed("opening a segment", &name))?;
                file.truncate(segment.end)
                    .and_then(|()| file.sync())
                    .map_err(failed("cutting off an unfinished group", &name))?;
                (file, false)
            }
            None if base > 0 && firsts.is_empty() => {
                // A snapshot is made only after the segment that follows it.
                return Err(OpenError::Missing { first: base + 1, last: base + 1 });
            }
            None => {
                let segment = Segment { first: base + 1, end: segment::HEADER as u64 };
                let file = create(&*disk, &segment).map_err(failed("making a segment", &segment.name()))?;
                segments.push(segment);
                (file, true)
            }
        };
        let mut journal = Self {
            disk,
            segment_bytes,
            snapshot,
            len: segments.last().map_or(0, |segment| segment.end),
            segments,
            file,
            last,
            is_sealed,
            is_wounded: false,
            leftover: None,
            erases,
        };
        journal.remove_covered(&names).map_err(failed("removing old files", ""))?;
        journal.seal();
        Ok(journal)
    }

    /// The last group.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// The last group that the snapshot stands for: earlier groups cannot be read one by one.
    pub(crate) fn base(&self) -> u64 {
        self.snapshot.map_or(0, |(through, _)| through)
    }

    /// Whether a group since the snapshot asked for an erasure.
    pub(crate) fn erases(&self) -> bool {
        self.erases
    }

    /// Bytes of snapshot and of segments.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let segments = self.segments.iter().map(|segment| segment.end).sum();
        (self.snapshot.map_or(0, |(_, bytes)| bytes), segments)
    }

    /// Makes one group durable and returns its number. After an error nothing of it is kept.
    pub(crate) fn append(&mut self, payload: &[u8], erases: bool) -> io::Result<u64> {
        self.heal()?;
        if self.end() >= self.segment_bytes.max(segment::HEADER as u64 + 1) {
            self.rotate()?;
        }
        let sequence = self.last + 1;
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "a group that is too long");
        let mut bytes = frame::group(sequence, payload, erases).ok_or_else(too_long)?;
        let len = bytes.len();
        self.is_sealed = false;
        bytes.resize(len + self.zeros_behind(len), 0);
        let mut written = self.write(&bytes);
        if written.is_err() && bytes.len() > len {
            // Where there is no room for zeros there may be room for the group.
            bytes.truncate(len);
            written = self.heal().and_then(|()| self.write(&bytes));
        }
        if let Err(error) = written {
            // Now if it can be, else before the next group.
            let _ = self.heal();
            return Err(error);
        }
        self.last = sequence;
        self.erases |= erases;
        if let Some(open) = self.segments.last_mut() {
            open.end += len as u64;
        }
        Ok(sequence)
    }

    /// How many zeros are written behind a group of `len` bytes: none but where the file ends.
    fn zeros_behind(&self, len: usize) -> usize {
        let end = self.end() + len as u64;
        if end <= self.len {
            return 0;
        }
        let until = end.next_multiple_of(AHEAD).min(self.segment_bytes);
        usize::try_from(until.saturating_sub(end)).unwrap_or(0)
    }

    /// Makes bytes behind the last group durable.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = self.end();
        self.is_wounded = true;
        self.file.write_at(end, bytes)?;
        self.file.sync()?;
        self.is_wounded = false;
        self.len = self.len.max(end + bytes.len() as u64);
        Ok(())
    }

    fn end(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.end)
    }

    /// Brings the files back to the last good group after a failed write.
    fn heal(&mut self) -> io::Result<()> {
        if let Some(name) = &self.leftover {
            match self.disk.remove(name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => self.disk.sync_names()?,
            }
            self.leftover = None;
        }
        if self.is_wounded {
            self.file.truncate(self.end())?;
            self.file.sync()?;
            self.is_wounded = false;
            self.len = self.end();
        }
        Ok(())
    }

    /// Says on the disk that the last group had reached it, so that damage can be told from a power cut. Nothing waits for
    /// it: a seal that is lost takes nothing with it.
    pub(crate) fn seal(&mut self) {
        if self.is_sealed || self.is_wounded {
            return;
        }
        let end = self.end();
        if let Some(bytes) = frame::seal(self.last) {
            match self.file.write_at(end, &bytes) {
                Ok(()) => {
                    self.is_sealed = true;
                    self.len = self.len.max(end + bytes.len() as u64);
                }
                Err(_) => self.is_wounded = true,
            }
        }
    }

    /// Seals, leaves out what was written ahead, and waits for it.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        self.heal()?;
        self.seal();
        let end = self.end() + if self.is_sealed { frame::HEAD as u64 } else { 0 };
        if end < self.len {
            self.file.truncate(end)?;
            self.len = end;
        }
        self.file.sync()
    }

    /// Goes on in a new file, and returns the last group before it.
    pub(crate) fn rotate(&mut self) -> io::Result<u64> {
        self.heal()?;
        let segment = Segment { first: self.last + 1, end: segment::HEADER as u64 };
        if self.segments.last().is_some_and(|open| open.first == segment.first) {
            return Ok(self.last);
        }
        // With its seal, or damage to its last group would not be told from a cut.
        self.close()?;
        self.heal()?;
        match create(&*self.disk, &segment) {
            Ok(file) => {
                self.file = file;
                self.len = segment.end;
                self.segments.push(segment);
                self.is_sealed = true;
                Ok(self.last)
            }
            Err(error) => {
                self.leftover = Some(segment.name());
                let _ = self.heal();
                Err(error)
            }
        }
    }

    /// Begins a snapshot.
    pub(crate) fn snapshot(&self) -> io::Result<SnapshotWriter> {
        SnapshotWriter::create(&*self.disk)
    }

    /// Puts a finished snapshot in the place of the groups that it stands for.
    pub(crate) fn adopt(
        &mut self,
        snapshot: SnapshotWriter,
        through: u64,
        erases_since: bool,
    ) -> io::Result<()> {
        let bytes = snapshot.finish(&*self.disk, Coverage { through, until: self.last })?;
        self.snapshot = Some((through, bytes));
        self.erases = erases_since;
        let names = self.disk.names()?;
        self.remove_covered(&names)
    }

    /// Removes what was begun and not adopted.
    pub(crate) fn abandon_snapshot(&self) {
        if self.disk.names().is_ok_and(|names| names.iter().any(|name| name == snapshot::UNFINISHED)) {
            let _ = self.disk.remove(snapshot::UNFINISHED);
        }
    }

    fn remove_covered(&mut self, names: &[String]) -> io::Result<()> {
        let base = self.base();
        // A segment is covered when the one after it begins no later than the first group needed.
        let needed = self.segments.iter().rposition(|segment| segment.first <= base + 1).unwrap_or(0);
        self.segments.drain(..needed);
        let first = self.segments.first().map_or(0, |segment| segment.first);
        let mut removed = false;
        for name in names {
            let old_segment = number(name, ".log").is_some_and(|number| number < first);
            let old_snapshot = number(name, ".snap").is_some_and(|number| number < base);
            if old_segment || old_snapshot {
                self.disk.remove(name)?;
                removed = true;
            }
        }
        if removed { self.disk.sync_names() } else { Ok(()) }
    }

    /// Gives each record of the snapshot to `visit`, with the bytes read so far.
    pub(crate) fn read_snapshot<E: From<OpenError>>(
        &self,
        visit: impl FnMut(lupinus_core::store::Record, u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some((through, _)) = self.snapshot else { return Ok(()) };
        let coverage = snapshot::read(&*self.disk, through, visit)?;
        if coverage.until > self.last {
            return Err(OpenError::Behind { journal: self.last, known: coverage.until }.into());
        }
        Ok(())
    }

    /// Gives each group after `sequence` to `visit`: number, payload, bytes in the file.
    pub(crate) fn read_groups<E: From<OpenError>>(
        &self,
        sequence: u64,
        mut visit: impl FnMut(u64, &[u8], u64) -> Result<(), E>,
    ) -> Result<(), E> {
        for (n, segment) in self.segments.iter().enumerate() {
            if self.segments.get(n + 1).is_some_and(|next| next.first <= sequence + 1) {
                continue;
            }
            let name = segment.name();
            let bytes = self.disk.read(&name).map_err(failed("reading a segment", &name))?;
            let scanned = scan(&bytes, segment.first)?;
            for group in scanned.groups.iter().filter(|group| group.sequence > sequence) {
                visit(group.sequence, group.payload, group.len() as u64)?;
            }
        }
        Ok(())
    }
}

fn scan(bytes: &[u8], first: u64) -> Result<segment::Scanned<'_>, OpenError> {
    segment::scan(bytes, first).map_err(|damage| OpenError::Damaged {
        file: segment_name(first),
        offset: damage.offset as u64,
        what: damage.what,
    })
}

fn create(disk: &dyn Disk, segment: &Segment) -> io::Result<Box<dyn DiskFile>> {
    let mut file = disk.create(&segment.name())?;
    file.write_at(0, &segment::header(segment.first))?;
    file.sync()?;
    disk.sync_names()?;
    Ok(file)
}

/// What was read of the journal so far.
#[derive(Default)]
struct Found {
    last: u64,
    erases: bool,
    segments: Vec<Segment>,
    /// The last file does not end with a whole group.
    is_torn: bool,
    /// A file that was made just before the power went: it never held a group.
    empty: Option<String>,
}

impl Found {
    fn read(&mut self, disk: &dyn Disk, first: u64, is_last: bool, base: u64) -> Result<(), OpenError> {
        let name = segment_name(first);
        if !self.segments.is_empty() && first != self.last + 1 {
            return Err(match first.checked_sub(self.last + 1) {
                Some(_) => OpenError::Missing { first: self.last + 1, last: first - 1 },
                None => OpenError::Damaged {
                    file: name,
                    offset: 0,
                    what: "it begins before the file before it ends",
                },
            });
        }
        let bytes = disk.read(&name).map_err(failed("reading a segment", &name))?;
        let scanned = scan(&bytes, first)?;
        if scanned.is_torn && !is_last {
            // The file after it was made only when this one was whole.
            let what = "it breaks off, and another file follows";
            return Err(OpenError::Damaged { file: name, offset: scanned.end as u64, what });
        }
        self.is_torn |= scanned.is_torn;
        if scanned.end == 0 {
            self.empty = Some(name);
            return Ok(());
        }
        self.erases |= scanned.groups.iter().any(|group| group.erases && group.sequence > base);
        self.last = first - 1 + scanned.groups.len() as u64;
        self.segments.push(Segment { first, end: scanned.end as u64 });
        if is_last && self.last < base {
            return Err(OpenError::Behind { journal: self.last, known: base });
        }
        Ok(())
    }
}
