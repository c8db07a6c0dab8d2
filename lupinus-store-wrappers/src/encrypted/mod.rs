mod hiding;
mod opening;
mod rotation;
mod seal;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use lupinus_core::store::{
    Batch, Kind, Op, Page, Record, RecordKey, Scan, Size, Store, StoreError, Tally, Version, validate_restore,
};

pub use self::rotation::Rotation;
use self::seal::Sealing;
use crate::{Keys, OpenError};

/// The kind of the store's own record, which says how it is encrypted. Nobody above it sees that.
const OWN: Kind = Kind::new("encryption");

/// From so many bytes on, sealing and opening is done off the async threads.
const MUCH: usize = 256 * 1024;

/// A store whose records are encrypted in the store beneath it. Clones share it.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use lupinus_core::{
///     sealing::HIDDEN_INDEXES,
///     store::{Batch, Kind, MemoryStore, Op, Record, RecordClass, RecordKey, Store, Version},
/// };
/// use lupinus_store_wrappers::{Encrypted, Keys};
/// # use secrecy::ExposeSecret as _;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let keys: Keys = Keys::draw("2026-11")?.expose_secret().parse()?;
/// let beneath: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// let store = Encrypted::open(Arc::clone(&beneath), keys, &HIDDEN_INDEXES).await?;
///
/// let key = RecordKey::new(Kind::new("note"), "1");
/// let note = Record {
///     key: key.clone(),
///     version: Version::FIRST,
///     schema: 1,
///     class: RecordClass::Operation,
///     indexes: Vec::new(),
///     body: r#"{"text":"今日は晴れ"}"#.into(),
/// };
/// store.commit(Batch { ops: vec![Op::Insert(note.clone())], erases: false }).await?;
/// assert_eq!(store.get(&key).await?, Some(note));
/// let kept = beneath.get(&key).await?.unwrap_or_else(|| unreachable!());
/// assert!(kept.body.starts_with(r#""lupinus1:2026-11:"#) && !kept.body.contains("今日は晴れ"));
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Clone)]
pub struct Encrypted {
    inner: Arc<dyn Store>,
    sealing: Arc<Sealing>,
}

impl Encrypted {
    /// Opens `inner` with these keys. An empty store becomes an encrypted one, whose `hidden` indexes (kind and name) have a
    /// hash instead of their values; what is hidden in a store that has records was decided then.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub async fn open(inner: Arc<dyn Store>, keys: Keys, hidden: &[(Kind, &str)]) -> Result<Self, OpenError> {
        let hiding = opening::hiding(&*inner, &keys, hidden).await?;
        Ok(Self { inner, sealing: Arc::new(Sealing { keys, hiding }) })
    }

    /// Whether a store that was opened without keys is an encrypted one: nothing should be written to it then.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn is(inner: &dyn Store) -> Result<bool, StoreError> {
        Ok(inner.get(&opening::own()).await?.is_some())
    }

    /// Opens records that came from the store beneath.
    async fn opened(&self, records: Vec<Record>) -> Result<Vec<Record>, StoreError> {
        let much = records.iter().map(|record| record.body.len()).sum::<usize>() >= MUCH;
        let sealing = Arc::clone(&self.sealing);
        let open = move || records.into_iter().map(|record| sealing.open(record)).collect();
        if much { off_the_runtime("decrypting records", open).await } else { open() }
    }

    async fn opened_one(&self, record: Option<Record>) -> Result<Option<Record>, StoreError> {
        match record {
            Some(record) => Ok(self.opened(vec![record]).await?.pop()),
            None => Ok(None),
        }
    }

    /// The value behind a hash, as a record has it that is found by it; the hash when the last such record has just gone.
    async fn unhidden(&self, scan: &Scan, index: &str, hash: &str) -> Result<String, StoreError> {
        let one = Scan { after: None, ..scan.clone() }.exactly(hash).limit(1);
        let found = self.opened(self.inner.scan(&one).await?.records).await?;
        let entries = found.iter().flat_map(|record| &record.indexes).filter(|entry| entry.index == index);
        let mut values = entries.map(|entry| &entry.value);
        let value = values.find(|value| self.sealing.hiding.hidden(&scan.kind, index, value) == hash);
        Ok(value.cloned().unwrap_or_else(|| hash.to_owned()))
    }

    fn sealed_op(sealing: &Sealing, op: Op) -> Result<Op, StoreError> {
        Ok(match op {
            Op::Insert(record) => Op::Insert(sealing.seal(record, Version::FIRST)?),
            Op::Update { record, expected } => {
                Op::Update { record: sealing.seal(record, expected.next())?, expected }
            }
            Op::Delete { .. } => op,
        })
    }
}

async fn off_the_runtime<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| StoreError::Unavailable(doing, error.into()))?
}

fn check_not_own<'a>(keys: impl IntoIterator<Item = &'a RecordKey>) -> Result<(), StoreError> {
    if keys.into_iter().any(|key| key.kind == OWN) {
        return Err(StoreError::Invalid("a record of the kind that says how a store is encrypted"));
    }
    Ok(())
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encrypted({:?}, {:?})", self.sealing.keys, self.inner)
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Store for Encrypted {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        if key.kind == OWN {
            return Ok(None);
        }
        self.opened_one(self.inner.get(key).await?).await
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        let found = self.inner.get_many(keys).await?;
        let there: Vec<bool> =
            found.iter().zip(keys).map(|(record, key)| record.is_some() && key.kind != OWN).collect();
        let records = found.into_iter().flatten().filter(|record| record.key.kind != OWN).collect();
        let mut opened = self.opened(records).await?.into_iter();
        Ok(there.into_iter().map(|there| if there { opened.next() } else { None }).collect())
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let beneath = self.sealing.hiding.scan(scan)?;
        let page = self.inner.scan(&beneath).await?;
        if scan.kind == OWN {
            return Ok(Page::default());
        }
        Ok(Page { records: self.opened(page.records).await?, next: page.next })
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        let beneath = self.sealing.hiding.scan(scan)?;
        let count = self.inner.count(&beneath).await?;
        Ok(if scan.kind == OWN { 0 } else { count })
    }

    /// Of an index whose values are hidden, one record of each value is read for it.
    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        let (index, _) = scan.of_values()?;
        let mut tally = self.inner.tally(&self.sealing.hiding.scan(scan)?).await?;
        if scan.kind == OWN {
            return Ok(Tally::default());
        }
        if self.sealing.hiding.hides(&scan.kind, index) {
            for (value, _) in &mut tally.counts {
                *value = self.unhidden(scan, index, value).await?;
            }
        }
        Ok(tally)
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        let mut kinds = self.inner.kinds().await?;
        kinds.retain(|kind| *kind != OWN);
        Ok(kinds)
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        batch.validate()?;
        check_not_own(batch.ops.iter().map(Op::key))?;
        let bytes = |op: &Op| match op {
            Op::Insert(record) | Op::Update { record, .. } => record.body.len(),
            Op::Delete { .. } => 0,
        };
        let much = batch.ops.iter().map(bytes).sum::<usize>() >= MUCH;
        let sealing = Arc::clone(&self.sealing);
        let seal = move || {
            let ops =
                batch.ops.into_iter().map(|op| Self::sealed_op(&sealing, op)).collect::<Result<_, _>>()?;
            Ok(Batch { ops, erases: batch.erases })
        };
        let sealed = if much { off_the_runtime("encrypting a batch", seal).await } else { seal() };
        self.inner.commit(sealed?).await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        validate_restore(&records)?;
        check_not_own(records.iter().map(|record| &record.key))?;
        let sealing = Arc::clone(&self.sealing);
        let sealed = off_the_runtime("encrypting records", move || {
            let seal = |record: Record| {
                let version = record.version;
                sealing.seal(record, version)
            };
            records.into_iter().map(seal).collect()
        });
        self.inner.restore(sealed.await?).await
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.inner.changed_elsewhere(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.inner.health().await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        let size = self.inner.size().await?;
        Ok(Size { records: size.records.saturating_sub(1), ..size })
    }
}
