use lupinus_core::store::{Cursor, Direction, Kind, Page, Record, RecordKey, Scan};
use sled::IVec;

use super::{Index, IndexError, Refused, Staged, keys, prepared};
use crate::change;

/// Some of an index, on its way into a snapshot and a new index.
pub(crate) struct Copied {
    pub(crate) records: Vec<Record>,
    /// The same for the new index.
    pub(crate) staged: Staged,
    /// Where to go on; `None` at the end.
    pub(crate) next: Option<Vec<u8>>,
}

impl Index {
    pub(crate) fn get(&self, key: &RecordKey) -> Result<Option<Record>, Refused> {
        let Some(value) = self.db.get(keys::record(key)).map_err(IndexError::from)? else { return Ok(None) };
        self.pulse.reads();
        change::decode(&value).map(Some).map_err(|error| Refused::corrupt(key.clone(), error))
    }

    pub(crate) fn page(&self, scan: &Scan) -> Result<Page, Refused> {
        let mut page = Page::default();
        let mut last = None;
        for pair in self.range(scan, scan.after.as_ref()) {
            let (key, value) = pair.map_err(IndexError::from)?;
            self.pulse.reads();
            if page.records.len() >= scan.limit {
                page.next = last;
                break;
            }
            let mut parts = keys::parts(&key).ok_or(IndexError::Untrue)?.into_iter().rev();
            let name = RecordKey::new(scan.kind.clone(), parts.next().ok_or(IndexError::Untrue)?);
            let (at, record) = if scan.index.is_some() {
                let at = parts.next().ok_or(IndexError::Untrue)?;
                // Reads and groups exclude each other, so an entry always has its record.
                (at, self.get(&name)?.ok_or(IndexError::Untrue)?)
            } else {
                let decoded = change::decode(&value);
                (String::new(), decoded.map_err(|error| Refused::corrupt(name.clone(), error))?)
            };
            last = Some(Cursor { value: at, key: name.key });
            page.records.push(record);
        }
        Ok(page)
    }

    pub(crate) fn count(&self, scan: &Scan) -> Result<u64, Refused> {
        let mut count = 0;
        for pair in self.range(scan, None) {
            pair.map_err(IndexError::from)?;
            self.pulse.reads();
            count += 1;
        }
        Ok(count)
    }

    /// The values of an index's range, as many as its limit and one more, with how many entries have each.
    pub(crate) fn tally(&self, scan: &Scan) -> Result<Vec<(String, u64)>, Refused> {
        let mut counts = Vec::new();
        let (mut at, mut count) = (Vec::new(), 0);
        let value = |at: &[u8]| keys::parts(at).and_then(|mut parts| parts.pop()).ok_or(IndexError::Untrue);
        for pair in self.range(scan, None) {
            let (key, _) = pair.map_err(IndexError::from)?;
            self.pulse.reads();
            let here = keys::without_record(&key).ok_or(IndexError::Untrue)?;
            if at != here {
                if count > 0 {
                    counts.push((value(&at)?, count));
                }
                if counts.len() > scan.limit {
                    return Ok(counts);
                }
                (at, count) = (here.to_vec(), 0);
            }
            count += 1;
        }
        if count > 0 {
            counts.push((value(&at)?, count));
        }
        Ok(counts)
    }

    pub(crate) fn kinds(&self) -> Result<Vec<Kind>, Refused> {
        let mut kinds = Vec::new();
        let end = keys::after(keys::records());
        let mut from = keys::records();
        while let Some(pair) = self.db.range(from..end.clone()).next() {
            let (key, _) = pair.map_err(IndexError::from)?;
            self.pulse.reads();
            let kind =
                keys::parts(&key).and_then(|parts| parts.into_iter().next()).ok_or(IndexError::Untrue)?;
            from = keys::after(keys::records_of(&kind));
            kinds.push(Kind::from_name(kind));
        }
        Ok(kinds)
    }

    /// The pairs of a scan's range, in its direction.
    fn range(
        &self,
        scan: &Scan,
        after: Option<&Cursor>,
    ) -> Box<dyn Iterator<Item = sled::Result<(IVec, IVec)>>> {
        let kind = scan.kind.as_str();
        let (all, cursor) = match &scan.index {
            None => (
                keys::records_of(kind),
                after.map(|at| keys::record(&RecordKey::new(scan.kind.clone(), at.key.as_str()))),
            ),
            Some(index) => (
                keys::entries_of(kind, index),
                after.map(|at| keys::entry_at(kind, index, &at.value, &at.key)),
            ),
        };
        let mut from = all.clone();
        keys::open(&mut from, &scan.from);
        let mut to = match &scan.to {
            Some(to) => {
                let mut end = all;
                keys::open(&mut end, to);
                end
            }
            None => keys::after(all),
        };
        match (scan.direction, cursor) {
            (_, None) => {}
            // The key after the cursor's own: keys end with 0.
            (Direction::Forwards, Some(cursor)) => from = from.max(keys::after(cursor)),
            (Direction::Backwards, Some(cursor)) => to = to.min(cursor),
        }
        if from >= to {
            return Box::new(std::iter::empty());
        }
        let range = self.db.range(from..to);
        match scan.direction {
            Direction::Forwards => Box::new(range),
            Direction::Backwards => Box::new(range.rev()),
        }
    }

    /// Up to `bytes` bytes of records (or one that is longer) from the place `from` on, ready for a new index.
    pub(crate) fn copy(&self, from: Option<Vec<u8>>, bytes: usize) -> Result<Copied, IndexError> {
        super::guarded(|| {
            let mut copied = Copied { records: Vec::new(), staged: Staged::nothing(self.meta), next: None };
            let mut read = 0;
            for pair in self.db.range(from.unwrap_or_else(keys::records)..keys::after(keys::records())) {
                let (place, value) = pair?;
                if read >= bytes {
                    copied.next = Some(place.to_vec());
                    break;
                }
                read += value.len() + 256;
                let record = change::decode(&value).map_err(IndexError::Decode)?;
                for (at, entry) in prepared::entries(&record.key, &record.indexes) {
                    copied.staged.put(at, entry.flag.into());
                }
                copied.staged.put(place, value);
                copied.records.push(record);
            }
            copied.staged.batch.insert(keys::META, self.meta.encode());
            Ok(copied)
        })
    }
}
