//! A snapshot stands for every group up to its own: one record a line, as an export has them, and a last line with how
//! many there are and their checksum.
//!
//! It is made while commits go on, so a record may already be as a later group left it. Every change is whole, so reading
//! the later groups over it gives the exact state; the last line says up to which group this must be done.

use std::{
    fmt,
    io::{self, BufRead, BufReader},
};

use lupinus_core::store::Record;
use serde::{Deserialize, Serialize};

use crate::{
    disk::{Disk, DiskFile},
    error::OpenError,
};

/// The name while it is written.
pub(super) const UNFINISHED: &str = "snapshot.tmp";
const BUFFER: usize = 1024 * 1024;

/// What a snapshot is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Coverage {
    /// The last group that it replaces.
    pub(crate) through: u64,
    /// The last group that must be read over it.
    pub(crate) until: u64,
}

#[derive(Serialize, Deserialize)]
struct LastLine {
    snapshot: Coverage,
    records: u64,
    crc32: u32,
}

pub(super) fn name(through: u64) -> String {
    format!("{through:020}.snap")
}

/// Writes a snapshot beside the journal.
pub(crate) struct SnapshotWriter {
    file: Box<dyn DiskFile>,
    buffer: Vec<u8>,
    written: u64,
    records: u64,
    checksum: crc32fast::Hasher,
}

impl fmt::Debug for SnapshotWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SnapshotWriter({} records)", self.records)
    }
}

impl SnapshotWriter {
    pub(super) fn create(disk: &dyn Disk) -> io::Result<Self> {
        Ok(Self {
            file: disk.create(UNFINISHED)?,
            buffer: Vec::with_capacity(BUFFER),
            written: 0,
            records: 0,
            checksum: crc32fast::Hasher::new(),
        })
    }

    pub(crate) fn push(&mut self, record: &Record) -> io::Result<()> {
        let before = self.buffer.len();
        serde_json::to_writer(&mut self.buffer, record)?;
        self.buffer.push(b'\n');
        self.checksum.update(self.buffer.get(before..).unwrap_or_default());
        self.records += 1;
        if self.buffer.len() >= BUFFER { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.file.write_at(self.written, &self.buffer)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    pub(super) fn finish(mut self, disk: &dyn Disk, snapshot: Coverage) -> io::Result<u64> {
        self.checksum.update(&serde_json::to_vec(&snapshot)?);
        let last = LastLine { snapshot, records: self.records, crc32: self.checksum.clone().finalize() };
        serde_json::to_writer(&mut self.buffer, &last)?;
        self.buffer.push(b'\n');
        self.write_out()?;
        self.file.sync()?;
        disk.rename(UNFINISHED, &name(snapshot.through))?;
        disk.sync_names()?;
        Ok(self.written)
    }
}

/// The last group that the snapshot `through` knew of when it was finished. Checks nothing else.
pub(super) fn until(disk: &dyn Disk, through: u64) -> Result<u64, OpenError> {
    let name = name(through);
    let failed = |source| OpenError::io("reading a snapshot", &name)(source);
    let mut reader = BufReader::new(disk.reader(&name).map_err(failed)?);
    let (mut line, mut last) = (Vec::new(), Vec::new());
    while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        std::mem::swap(&mut line, &mut last);
        line.clear();
    }
    match serde_json::from_slice::<LastLine>(&last) {
        Ok(last) => Ok(last.snapshot.until),
        Err(_) => Err(OpenError::Damaged { file: name, offset: 0, what: "its last line does not fit" }),
    }
}

/// Gives each record of the snapshot `through` to `visit`, with the bytes read so far, and says what it covers. Checks
/// everything; whoever builds on what was visited must throw it away after an error.
pub(super) fn read<E>(
    disk: &dyn Disk,
    through: u64,
    mut visit: impl FnMut(Record, u64) -> Result<(), E>,
) -> Result<Coverage, E>
where
    E: From<OpenError>,
{
    let name = name(through);
    let damaged = |offset, what| E::from(OpenError::Damaged { file: name.clone(), offset, what });
    let failed = |source| E::from(OpenError::io("reading a snapshot", &name)(source));
    let mut reader = BufReader::new(disk.reader(&name).map_err(failed)?);
    let (mut line, mut offset, mut records) = (Vec::new(), 0_u64, 0_u64);
    let mut checksum = crc32fast::Hasher::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Err(damaged(offset, "its last line is missing"));
        }
        if line.starts_with(b"{\"snapshot\"") {
            let last: LastLine =
                serde_json::from_slice(&line).map_err(|_| damaged(offset, "its last line does not fit"))?;
            let coverage = serde_json::to_vec(&last.snapshot).map_err(|error| failed(error.into()))?;
            checksum.update(&coverage);
            if (last.records, last.crc32) != (records, checksum.finalize())
                || last.snapshot.through != through
            {
                return Err(damaged(0, "its checksum does not fit"));
            }
            return Ok(last.snapshot);
        }
        checksum.update(&line);
        let record =
            serde_json::from_slice(&line).map_err(|_| damaged(offset, "a record does not decode"))?;
        offset += line.len() as u64;
        records += 1;
        visit(record, offset)?;
    }
}
