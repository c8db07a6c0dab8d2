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

/// What [`Encrypted::rotate`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Records that were encrypted anew.
    pub resealed: u64,
    /// Records that are still encrypted with an older key, by its name: others are writing with it. Empty when all is done.
    pub left: BTreeMap<String, u64>,
}

impl Encrypted {
    /// Encrypts with the newest key whatever is encrypted with another one, while the store is in use or not. `progress` hears
    /// how many of about how many records were looked at.
    ///
    /// Each is an ordinary update, which raises the record's version by one, so that nothing that somebody else writes
    /// meanwhile is lost. What was overwritten leaves the files beneath as after an erasure. May be broken off at any point, and
    /// goes on where it stopped. The store's own record is the last one: as long as an older key is needed, the store does not
    /// open without it.
    ///
    /// # Errors
    /// As [`Store::scan`] and [`Store::commit`].
    pub async fn rotate(&self, mut progress: impl FnMut(u64, u64)) -> Result<Rotation, StoreError> {
        let mut rotation = Rotation::default();
        let total = self.size().await?.records;
        let mut seen = 0;
        for pass in 0..MAX_PASSES {
            let mut kinds = self.inner.kinds().await?;
            kinds.retain(|kind| *kind != OWN);
            let mut found = 0;
            rotation.left.clear();
            for kind in kinds {
                found += self
                    .rotate_kind(kind, &mut rotation, |more| {
                        seen += if pass == 0 { more } else { 0 };
                        progress(seen.min(total), total);
                    })
                    .await?;
            }
            if found == 0 {
                break;
            }
        }
        if rotation.left.is_empty() {
            self.rotate_kind(OWN, &mut rotation, |_| ()).await?;
        }
        Ok(rotation)
    }

    /// Answers how many were sealed with another key.
    async fn rotate_kind(
        &self,
        kind: Kind,
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
                    self.reseal(std::mem::take(&mut chunk), rotation).await?;
                    bytes = 0;
                }
            }
            self.reseal(chunk, rotation).await?;
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    fn is_current(&self, record: &Record) -> bool {
        key_of(&record.body) == Some(self.sealing.keys.newest())
    }

    async fn reseal(&self, records: Vec<Record>, rotation: &mut Rotation) -> Result<(), StoreError> {
        let keys: Vec<RecordKey> = records.iter().map(|record| record.key.clone()).collect();
        let count = records.len() as u64;
        if count == 0 {
            return Ok(());
        }
        match self.commit_resealed(records).await {
            Err(StoreError::Conflict(_)) => {}
            done => {
                rotation.resealed += count;
                return done;
            }
        }
        // Somebody else was writing one of them: each for itself.
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
