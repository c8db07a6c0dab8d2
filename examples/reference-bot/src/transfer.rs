//! Every record as JSON Lines, out and in: backups, and the way from one store to another.
//!
//! The first line names the form and how many records follow; each further line is one record; the last one holds the SHA-256 of
//! all lines before it. Files of form 1 have no last line.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write},
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use lupinus_core::store::{Kind, MAX_BODY_BYTES, MAX_PAGE, Record, RecordKey, Scan, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The number of the form that this program writes. It reads this one and the earlier ones.
const FORMAT: u16 = 2;
/// From this form on the file ends with a checksum.
const CHECKED_SINCE: u16 = 2;
/// How often everything is read until it reads the same twice.
const PASSES: u32 = 12;
/// Longest line: a record whose body is all escapes, and its keys.
const MAX_LINE_BYTES: u64 = (MAX_BODY_BYTES as u64) * 6 + 64 * 1024;
/// Records put back at a time, at the most.
const CHUNK: usize = 500;
/// Bytes of bodies put back at a time; one record more may be begun.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// The first line.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Header {
    /// The form.
    lupinus_export: u16,
    /// How many records follow.
    records: u64,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct Trailer {
    /// Over all lines before this one, in hexadecimal digits.
    sha256: String,
}

/// Writes every record to `file`, as of one moment, whole or not at all: what stood there before stays until the last line is on the
/// disk. Whoever writes to the store meanwhile need not stop: everything is read until it reads the same twice in a row, and so it was
/// between the two; what came and went in between, without any other record of it, is not told. `progress` hears how many of how many are written. Answers how many.
///
/// # Errors
/// When the store cannot be read or the file not be written; when the store changes too often to be read twice alike.
pub async fn export(
    store: &dyn Store,
    file: &Path,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made readable for this user alone: it holds what members wrote.
    let mut unfinished = tempfile::Builder::new()
        .prefix(".lupinus-export-")
        .tempfile_in(folder)
        .with_context(|| format!("cannot write into the folder {}", folder.display()))?;
    let mut before = None;
    for _ in 0..PASSES {
        let read = pass(store, unfinished.as_file_mut(), &mut progress).await?;
        if before.as_ref() == Some(&read) && read.records == read.announced {
            unfinished.as_file().sync_all().context("cannot write the export to the disk")?;
            unfinished
                .persist(file)
                .with_context(|| format!("cannot put the export in place as {}", file.display()))?;
            return Ok(read.records);
        }
        before = Some(read);
    }
    bail!(
        "the store changed each of {PASSES} times that it was read: export again when less is going on, or stop the program that writes to it"
    )
}

/// What one reading of the store came to.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    /// As its first line says, counted before.
    announced: u64,
    records: u64,
    sha256: String,
}

/// Reads everything once, into `file` from its beginning on.
async fn pass(
    store: &dyn Store,
    file: &mut File,
    progress: &mut impl FnMut(u64, u64),
) -> anyhow::Result<Reading> {
    file.set_len(0).and_then(|()| file.rewind()).context("cannot write the export")?;
    let kinds = store.kinds().await.context("cannot list what the store holds")?;
    let mut total = 0;
    for kind in &kinds {
        total += store.count(&Scan::keys(kind.clone())).await.context("cannot count records")?;
    }
    let mut out = Summed { out: BufWriter::new(file), sum: Sha256::new() };
    line(&mut out, &Header { lupinus_export: FORMAT, records: total })?;
    let mut written = 0;
    for kind in kinds {
        written += export_kind(store, kind, &mut out, |done| progress(written + done, total)).await?;
    }
    let sha256 = hex(out.sum.clone());
    line(&mut out, &Trailer { sha256: sha256.clone() })?;
    out.flush().context("cannot write the export")?;
    Ok(Reading { announced: total, records: written, sha256 })
}

/// Sums up what is written.
struct Summed<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn hex(sum: Sha256) -> String {
    sum.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

async fn export_kind(
    store: &dyn Store,
    kind: Kind,
    out: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> anyhow::Result<u64> {
    let mut scan = Scan::keys(kind).limit(MAX_PAGE);
    let mut written = 0;
    loop {
        let page = store.scan(&scan).await.context("cannot read records")?;
        for record in &page.records {
            line(out, record)?;
            written += 1;
        }
        progress(written);
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return Ok(written),
        }
    }
}

fn line<T: Serialize>(out: &mut impl Write, value: &T) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).context("cannot write the export")?;
    out.write_all(b"\n").context("cannot write the export")
}

/// Puts every record of `file` into an empty store, as it was: versions, indexes and all; or into one in which an import of this file
/// was broken off, which then goes on. The file is read to its end and checked before the first record is put in. Answers how many it
/// holds.
///
/// # Errors
/// When the store holds something else, or the file is not a whole export.
pub async fn import(
    store: &dyn Store,
    file: &Path,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let mut lines = Lines::open(file)?;
    let mut total = 0;
    while lines.next_record()?.is_some() {
        total += 1;
    }
    let announced = lines.header.records;
    ensure!(
        total == announced,
        "{} holds {total} of its {announced} records: it is not whole, use another copy",
        file.display()
    );
    let mut done = begun(store, file).await?;
    let mut lines = Lines::open(file)?;
    for _ in 0..done {
        lines.next_record()?;
    }
    loop {
        let chunk = lines.next_records(CHUNK)?;
        if chunk.is_empty() {
            return Ok(total);
        }
        let count = chunk.len() as u64;
        store.restore(chunk).await.with_context(|| {
            format!("the import broke off after {done} records: import the same file once more to go on")
        })?;
        done += count;
        progress(done, total);
    }
}

/// How many of the file's records the store holds already, from the first on. An import puts them in in their order, and nothing else
/// may be there: what somebody works with is not written over.
async fn begun(store: &dyn Store, file: &Path) -> anyhow::Result<u64> {
    let mut held = 0;
    for kind in store.kinds().await.context("cannot list what the store holds")? {
        held += store.count(&Scan::keys(kind)).await.context("cannot count records")?;
    }
    let (mut lines, mut same) = (Lines::open(file)?, 0);
    while same < held {
        let most = usize::try_from(held - same).unwrap_or(CHUNK).min(CHUNK);
        let chunk = lines.next_records(most)?;
        let keys: Vec<RecordKey> = chunk.iter().map(|record| record.key.clone()).collect();
        let there = store.get_many(&keys).await.context("cannot read the store")?;
        let is_same = !chunk.is_empty() && there.iter().map(Option::as_ref).eq(chunk.iter().map(Some));
        ensure!(
            is_same,
            "the store is not empty, and what it holds is no beginning of {}: import into a new one (another folder in LUPINUS_STORE)",
            file.display()
        );
        same += chunk.len() as u64;
    }
    Ok(same)
}

/// An export being read, line by line.
struct Lines {
    reader: BufReader<File>,
    name: String,
    header: Header,
    number: u64,
    /// Over the lines read so far.
    sum: Sha256,
    /// Whether everything was read.
    is_over: bool,
}

impl Lines {
    /// Opens an export, and reads its first line.
    fn open(file: &Path) -> anyhow::Result<Self> {
        let name = file.display().to_string();
        let opened = File::open(file).with_context(|| format!("cannot read {name}"))?;
        let header = Header { lupinus_export: FORMAT, records: 0 };
        let mut lines = Self {
            reader: BufReader::new(opened),
            name,
            header,
            number: 0,
            sum: Sha256::new(),
            is_over: false,
        };
        let Some(text) = lines.next_line()? else { bail!("{} is empty", lines.name) };
        lines.header = serde_json::from_str(&text)
            .ok()
            .with_context(|| format!("{} does not begin like an export of Lupinus", lines.name))?;
        ensure!(
            (1..=FORMAT).contains(&lines.header.lupinus_export),
            "{} is an export of form {}, and this program reads the forms up to {FORMAT}: use the program that wrote it, or a newer one",
            lines.name,
            lines.header.lupinus_export
        );
        lines.sum.update(&text);
        Ok(lines)
    }

    fn next_records(&mut self, most: usize) -> anyhow::Result<Vec<Record>> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < most && bytes < CHUNK_BYTES {
            match self.next_record()? {
                Some(record) => {
                    bytes += record.body.len();
                    records.push(record);
                }
                None => break,
            }
        }
        Ok(records)
    }

    /// The next record; at the end the checksum has been right. What is wrong is named by its place and never quoted: records hold
    /// people's words.
    fn next_record(&mut self) -> anyhow::Result<Option<Record>> {
        if self.is_over {
            return Ok(None);
        }
        let is_checked = self.header.lupinus_export >= CHECKED_SINCE;
        let Some(text) = self.next_line()? else {
            ensure!(!is_checked, "{} has no last line: it is not whole, use another copy", self.name);
            self.is_over = true;
            return Ok(None);
        };
        if is_checked && let Ok(trailer) = serde_json::from_str::<Trailer>(&text) {
            ensure!(
                trailer.sha256 == hex(self.sum.clone()),
                "{} was changed after it was written: its checksum is another, use another copy",
                self.name
            );
            ensure!(self.next_line()?.is_none(), "{} goes on behind its last line", self.name);
            self.is_over = true;
            return Ok(None);
        }
        self.sum.update(&text);
        let record: Record = serde_json::from_str(&text).map_err(|error| {
            anyhow::anyhow!("{} line {} column {} is no record", self.name, self.number, error.column())
        })?;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&record.body) {
            bail!(
                "{} line {}: the body of {} is no JSON ({:?})",
                self.name,
                self.number,
                record.key,
                error.classify()
            );
        }
        Ok(Some(record))
    }

    fn next_line(&mut self) -> anyhow::Result<Option<String>> {
        let mut text = String::new();
        let mut bounded = self.reader.by_ref().take(MAX_LINE_BYTES);
        let read = bounded
            .read_line(&mut text)
            .with_context(|| format!("cannot read {} after line {}", self.name, self.number))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        ensure!(text.ends_with('\n'), "{} line {} is too long or cut off", self.name, self.number);
        Ok(Some(text))
    }
}
