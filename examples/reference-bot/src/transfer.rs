//! Every record as JSON Lines, out and in: backups, and the way from one store to another.
//!
//! The first line names the form and how many records follow; each further line is one record.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use lupinus_core::store::{Kind, MAX_BODY_BYTES, MAX_PAGE, Record, Scan, Store};
use serde::{Deserialize, Serialize};

use crate::stores;

/// The number of the form that this program writes and reads.
const FORMAT: u16 = 1;
/// Longest line: a record whose body is all escapes, and its keys.
const MAX_LINE_BYTES: u64 = (MAX_BODY_BYTES as u64) * 6 + 64 * 1024;
/// Records put back at a time.
const CHUNK: usize = 500;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    /// The form.
    lupinus_export: u16,
    /// How many records follow.
    records: u64,
}

/// Writes every record to `file`, whole or not at all: what stood there before stays until the last line is on the disk.
/// `progress` hears how many of how many are written. Answers how many.
///
/// # Errors
/// When the store cannot be read or the file not be written.
pub async fn export(
    store: &dyn Store,
    file: &Path,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let kinds = store.kinds().await.context("cannot list what the store holds")?;
    let mut total = 0;
    for kind in &kinds {
        total += store.count(&Scan::keys(kind.clone())).await.context("cannot count records")?;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made readable for this user alone: it holds what members wrote.
    let mut unfinished = tempfile::Builder::new()
        .prefix(".lupinus-export-")
        .tempfile_in(folder)
        .with_context(|| format!("cannot write into the folder {}", folder.display()))?;
    let mut out = BufWriter::new(unfinished.as_file_mut());
    line(&mut out, &Header { lupinus_export: FORMAT, records: total })?;
    let mut written = 0;
    for kind in kinds {
        written += export_kind(store, kind, &mut out, |done| progress(written + done, total)).await?;
    }
    ensure!(
        written == total,
        "the store changed while it was exported: stop the program that writes to it, and export again"
    );
    out.flush().context("cannot write the export")?;
    drop(out);
    unfinished.as_file().sync_all().context("cannot write the export to the disk")?;
    unfinished
        .persist(file)
        .with_context(|| format!("cannot put the export in place as {}", file.display()))?;
    Ok(written)
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

/// Puts every record of `file` into an empty store, as it was: versions, indexes and all. The file is read to its end and
/// checked before the first record is put in. Answers how many.
///
/// # Errors
/// When the store is not empty, or the file is not a whole export.
pub async fn import(
    store: &dyn Store,
    file: &Path,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<u64> {
    ensure!(
        stores::is_empty(store).await?,
        "the store is not empty: import into a new one (another folder in LUPINUS_STORE)"
    );
    let mut total = 0;
    let announced = Lines::open(file)?.each(|_| {
        total += 1;
        Ok(())
    })?;
    ensure!(
        total == announced,
        "{} holds {total} of its {announced} records: it is not whole, use another copy",
        file.display()
    );
    let mut lines = Lines::open(file)?;
    lines.header()?;
    let mut done = 0;
    loop {
        let chunk = lines.next_records(CHUNK)?;
        if chunk.is_empty() {
            return Ok(done);
        }
        let count = chunk.len() as u64;
        store.restore(chunk).await.with_context(|| {
            format!("the import broke off after {done} records: remove the new store and begin again")
        })?;
        done += count;
        progress(done, total);
    }
}

/// An export being read, line by line.
struct Lines {
    reader: BufReader<File>,
    name: String,
    number: u64,
}

impl Lines {
    fn open(file: &Path) -> anyhow::Result<Self> {
        let name = file.display().to_string();
        let opened = File::open(file).with_context(|| format!("cannot read {name}"))?;
        Ok(Self { reader: BufReader::new(opened), name, number: 0 })
    }

    fn header(&mut self) -> anyhow::Result<u64> {
        let Some(text) = self.next_line()? else { bail!("{} is empty", self.name) };
        let header: Header = serde_json::from_str(&text)
            .ok()
            .with_context(|| format!("{} does not begin like an export of Lupinus", self.name))?;
        ensure!(
            header.lupinus_export == FORMAT,
            "{} is an export of form {}, and this program reads form {FORMAT}: use the program that wrote it, or a newer one",
            self.name,
            header.lupinus_export
        );
        Ok(header.records)
    }

    fn each(mut self, mut seen: impl FnMut(&Record) -> anyhow::Result<()>) -> anyhow::Result<u64> {
        let announced = self.header()?;
        while let Some(record) = self.next_record()? {
            seen(&record)?;
        }
        Ok(announced)
    }

    fn next_records(&mut self, most: usize) -> anyhow::Result<Vec<Record>> {
        let mut records = Vec::new();
        while records.len() < most {
            match self.next_record()? {
                Some(record) => records.push(record),
                None => break,
            }
        }
        Ok(records)
    }

    /// The next record. What is wrong is named by its place and never quoted: records hold people's words.
    fn next_record(&mut self) -> anyhow::Result<Option<Record>> {
        let Some(text) = self.next_line()? else { return Ok(None) };
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
