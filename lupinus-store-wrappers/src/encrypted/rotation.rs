use std::{collections::BTreeMap, sync::Arc};

use lupinus_core::store::{Batch, Kind, Op, Record, RecordKey, Scan, Store, StoreError};

use super::{Encrypted, OWN, seal::key_of};

/// Records read at a time: they may be large.
const PAGE: usize = 100;
/// Bytes written at a time.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;
/// How often all is looked through: another program may still write with an older key.
const MAX_PASSES: usize = 5;
/// How often one record is tried again that somebody else is changing.
const MAX_TRIES: usize = 20;
/// How many records that cannot be read are named.
const MAX_NAMED: usize = 20;

/// What [`Encrypted::rotate`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Records that were encrypted anew.
    pub resealed: u64,
    /// Records that are still encrypted with an older key, by its name: others are writing with it. Empty when all is done.
    pub left: BTreeMap<String, u64>,
    /// How many records cannot be read with these keys, and stay as they are.
    pub unreadable: u64,
    /// The first 20 of them.
    pub unreadable_keys: Vec<RecordKey>,
}

impl Rotation {
    fn is_complete(&self) -> bool {
        self.left.is_empty() && self.unreadable == 0
    }

    fn not_read(&mut self, key: RecordKey) {
        self.unreadable += 1;
        if self.unreadable_keys.len() < MAX_NAMED {
            self.unreadable_keys.push(key);
        }
    }

    fn begin_pass(&mut self) {
        *self = Self { resealed: self.resealed, ..Self::default() };
    }
}

/// What is done with records that an older key encrypts.
#[derive(Clone, Copy)]
enum Pass {
    Reseal,
    Look,
}

impl Encrypted {
    /// Encrypts with the newest key whatever is encrypted with another one, while the store is in use or not. `progress` hears
    /// how many of about how many records were looked at.
    ///
    /// Each is an ordinary update, which raises the record's version by one, so that nothing that somebody else writes
    /// meanwhile is lost. What was overwritten leaves the files beneath as after an erasure. May be broken off at any point, and
    /// goes on where it stopped. A record that cannot be read stays as it is, and holds up no other. The store's own record is the
    /// last one: as long as an older key is needed, or a record cannot be read, the store does not open without that key.
    ///
    /// # Errors
    /// As [`Store::scan`] and [`Store::commit`].
    pub async fn rotate(&self, mut progress: impl FnMut(u64, u64)) -> Result<Rotation, StoreError> {
        let mut rotation = Rotation::default();
        let total = self.size().await?.records;
        let mut seen = 0;
        for pass in 0..=MAX_PASSES {
            // The last one writes nothing, and tells what is left.
            let does = if pass < MAX_PASSES { Pass::Reseal } else { Pass::Look };
            let mut found = 0;
            rotation.begin_pass();
            for kind in self.kinds().await? {
                found += self
                    .rotate_kind(kind, does, &mut rotation, |more| {
                        seen += if pass == 0 { more } else { 0 };
                        progress(seen.min(total), total);
                    })
                    .await?;
            }
            if found == rotation.unreadable {
                break;
            }
        }
        if rotation.is_complete() {
            self.rotate_kind(OWN, Pass::Reseal, &mut rotation, |_| ()).await?;
        }
        Ok(rotation)
    }

    /// Answers how many were sealed with another key.
    async fn rotate_kind(
        &self,
        kind: Kind,
        does: Pass,
        rotation: &mut Rotation,
        mut seen: impl FnMut(u64),
    ) -> Result<u64, StoreError> {
        let mut scan = Scan::keys(kind).limit(PAGE);
        let mut found = 0;
        loop {
            let page = self.inner.scan(&scan).await?;
            seen(page.records.len() as u64);
            let mut chunk = Vec::new();
            let mut bytes = 0;
            for record in page.records.into_iter().filter(|record| !self.is_current(record)) {
                found += 1;
                bytes += record.body.len();
                chunk.push(record);
                if bytes >= CHUNK_BYTES {
                    self.treat(does, std::mem::take(&mut chunk), rotation).await?;
                    bytes = 0;
                }
            }
            self.treat(does, chunk, rotation).await?;
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    fn is_current(&self, record: &Record) -> bool {
        key_of(&record.body) == Some(self.sealing.keys.newest())
    }

    async fn treat(
        &self,
        does: Pass,
        records: Vec<Record>,
        rotation: &mut Rotation,
    ) -> Result<(), StoreError> {
        match does {
            Pass::Reseal => self.reseal(records, rotation).await,
            Pass::Look => self.look(records, rotation).await,
        }
    }

    async fn look(&self, records: Vec<Record>, rotation: &mut Rotation) -> Result<(), StoreError> {
        let sealing = Arc::clone(&self.sealing);
        let looked = super::off_the_runtime("decrypting records", move || {
            let key = |record: &Record| key_of(&record.body).unwrap_or_default().to_owned();
            let read = |record: Record| sealing.read(&record).map(|_| key(&record)).map_err(|_| record.key);
            Ok(records.into_iter().map(read).collect::<Vec<_>>())
        });
        for outcome in looked.await? {
            match outcome {
                Ok(name) => *rotation.left.entry(name).or_default() += 1,
                Err(key) => rotation.not_read(key),
            }
        }
        Ok(())
    }

    async fn reseal(&self, records: Vec<Record>, rotation: &mut Rotation) -> Result<(), StoreError> {
        let keys: Vec<RecordKey> = records.iter().map(|record| record.key.clone()).collect();
        let count = records.len() as u64;
        if count == 0 {
            return Ok(());
        }
        match self.commit_resealed(records).await {
            Err(StoreError::Conflict(_) | StoreError::Corrupt(..)) => {}
            done => {
                rotation.resealed += count;
                return done;
            }
        }
        // Somebody else was writing one of them, or one cannot be read: each for itself.
        for key in keys {
            self.reseal_one(&key, rotation).await?;
        }
        Ok(())
    }

    async fn reseal_one(&self, key: &RecordKey, rotation: &mut Rotation) -> Result<(), StoreError> {
        for _ in 0..MAX_TRIES {
            let Some(record) = self.inner.get(key).await?.filter(|record| !self.is_current(record)) else {
                return Ok(());
            };
            match self.commit_resealed(vec![record]).await {
                Err(StoreError::Conflict(_)) => {}
                Err(StoreError::Corrupt(..)) => {
                    rotation.not_read(key.clone());
                    return Ok(());
                }
                done => {
                    rotation.resealed += 1;
                    return done;
                }
            }
        }
        if let Some(record) = self.inner.get(key).await?.filter(|record| !self.is_current(record)) {
            let name = key_of(&record.body).unwrap_or_default().to_owned();
            *rotation.left.entry(name).or_default() += 1;
        }
        Ok(())
    }

    async fn commit_resealed(&self, records: Vec<Record>) -> Result<(), StoreError> {
        let sealing = Arc::clone(&self.sealing);
        let ops = super::off_the_runtime("encrypting records anew", move || {
            let resealed = |record: Record| {
                let expected = record.version;
                let record = sealing.seal(sealing.open(record)?, expected.next())?;
                Ok(Op::Update { record, expected })
            };
            records.into_iter().map(resealed).collect()
        });
        self.inner.commit(Batch { ops: ops.await?, erases: true }).await
    }
}
