//! Pictures and files on an object store: a local folder by default.

use std::{
    fmt,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use lupinus_core::{
    blob::{Blob, BlobError, MAX_BLOB_BYTES},
    hash::Sha256Hash,
    sealing::Seal,
    store::BoxError,
};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, memory::InMemory, path::Path as Key,
};

/// Keeps files under their SHA-256 on any [`ObjectStore`].
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    seal: Option<Arc<dyn Seal>>,
}

/// What [`Blobs::reseal`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Files that were encrypted anew.
    pub done: u64,
    /// Files that are not what their names say, or cannot be decrypted; they were left as they are.
    pub damaged: u64,
}

impl Blobs {
    /// In a folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`] when the folder cannot be made or opened.
    pub fn in_folder(folder: impl AsRef<Path>) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder.as_ref())
            .map_err(|error| BlobError::Unavailable("making the folder", Box::new(error)))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| BlobError::Unavailable("opening the folder", Box::new(error)))?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), seal: None })
    }

    /// In memory: gone when the program ends.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), seal: None }
    }

    /// Encrypts what is kept from now on. What was kept before is read as it is.
    pub fn sealed(self, seal: Arc<dyn Seal>) -> Self {
        Self { seal: Some(seal), ..self }
    }

    /// Encrypts with the key that encrypts now whatever is not encrypted with it; a plain file, too. `progress` hears how many of
    /// how many files were looked at. May be broken off at any point, and goes on where it stopped. A file that somebody removes in
    /// that very moment may come back; nothing names it then, and the bot's sweeper removes it.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`]; [`BlobError::Sealed`] when nothing is set that encrypts.
    pub async fn reseal(&self, mut progress: impl FnMut(u64, u64)) -> Result<Resealed, BlobError> {
        let seal =
            self.seal.clone().ok_or_else(|| BlobError::Sealed("nothing is set that encrypts".into()))?;
        let files = self.files().await?;
        let mut resealed = Resealed::default();
        for (number, (hash, _)) in files.iter().enumerate() {
            progress(number as u64 + 1, files.len() as u64);
            let Some(kept) = self.kept(*hash).await? else { continue };
            if seal.is_current(&kept) {
                continue;
            }
            match self.opened(*hash, kept).await {
                Ok(bytes) => {
                    self.put(bytes).await?;
                    resealed.done += 1;
                }
                Err(BlobError::Damaged | BlobError::Sealed(_)) => resealed.damaged += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(resealed)
    }

    /// Every file of ours. What has no hash for its name is none.
    async fn files(&self) -> Result<Vec<(Sha256Hash, ObjectMeta)>, BlobError> {
        let files: Vec<ObjectMeta> = self
            .store
            .list(None)
            .try_collect()
            .await
            .map_err(|error| BlobError::Unavailable("listing the files", Box::new(error)))?;
        let named = |file: ObjectMeta| Some((file.location.filename()?.parse().ok()?, file));
        Ok(files.into_iter().filter_map(named).collect())
    }

    /// The bytes that are kept under this name, as they are.
    async fn kept(&self, hash: Sha256Hash) -> Result<Option<Bytes>, BlobError> {
        let unavailable = |error| BlobError::Unavailable("reading a file", Box::new(error));
        match self.store.get(&key(hash)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(unavailable)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// What was put under this name, checked.
    async fn opened(&self, hash: Sha256Hash, kept: Bytes) -> Result<Bytes, BlobError> {
        if Sha256Hash::of(&kept) == hash {
            return Ok(kept);
        }
        let Some(seal) = self.seal.clone() else { return Err(BlobError::Damaged) };
        let bytes = off_the_runtime(move || seal.open(&hash.to_hex(), &kept)).await?;
        if Sha256Hash::of(&bytes) == hash { Ok(bytes.into()) } else { Err(BlobError::Damaged) }
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({}, {:?})", self.store, self.seal)
    }
}

/// Megabytes take their time.
async fn off_the_runtime(
    work: impl FnOnce() -> Result<Vec<u8>, BoxError> + Send + 'static,
) -> Result<Vec<u8>, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| BlobError::Unavailable("encrypting or decrypting a file", error.into()))?
        .map_err(BlobError::Sealed)
}

/// Two levels of folders, so that none grows too large.
fn key(hash: Sha256Hash) -> Key {
    let hex = hash.to_hex();
    let folder: String = hex.chars().take(2).collect();
    Key::from_iter([folder, hex])
}

#[async_trait]
impl Blob for Blobs {
    async fn put(&self, bytes: Bytes) -> Result<Sha256Hash, BlobError> {
        if bytes.len() > MAX_BLOB_BYTES {
            return Err(BlobError::TooLarge);
        }
        let hash = Sha256Hash::of(&bytes);
        let kept = match self.seal.clone() {
            Some(seal) => off_the_runtime(move || seal.seal(&hash.to_hex(), &bytes)).await?.into(),
            None => bytes,
        };
        self.store
            .put(&key(hash), kept.into())
            .await
            .map_err(|error| BlobError::Unavailable("keeping a file", Box::new(error)))?;
        Ok(hash)
    }

    async fn get(&self, hash: Sha256Hash) -> Result<Option<Bytes>, BlobError> {
        match self.kept(hash).await? {
            Some(kept) => Ok(Some(self.opened(hash, kept).await?)),
            None => Ok(None),
        }
    }

    async fn delete(&self, hash: Sha256Hash) -> Result<(), BlobError> {
        match self.store.delete(&key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(BlobError::Unavailable("removing a file", Box::new(error))),
        }
    }

    async fn kept_for(&self, at_least: Duration) -> Result<Vec<Sha256Hash>, BlobError> {
        let now = SystemTime::now();
        let is_old = |file: &ObjectMeta| {
            now.duration_since(file.last_modified.into()).is_ok_and(|age| age >= at_least)
        };
        Ok(self.files().await?.iter().filter(|(_, file)| is_old(file)).map(|(hash, _)| *hash).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_under_its_hash_and_a_damaged_one_is_not_handed_out() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path().join("files")).unwrap();
        let hash = blobs.put(Bytes::from_static(b"flyer")).await.unwrap();
        assert_eq!(hash, Sha256Hash::of(b"flyer"));
        assert_eq!(blobs.put(Bytes::from_static(b"flyer")).await.unwrap(), hash);
        assert_eq!(blobs.get(hash).await.unwrap().unwrap(), "flyer");
        let file = folder.path().join("files").join(&hash.to_hex()[..2]).join(hash.to_hex());
        std::fs::write(folder.path().join("files/notes.txt"), b"not ours").unwrap();
        assert_eq!(blobs.kept_for(Duration::ZERO).await.unwrap(), [hash]);
        assert_eq!(blobs.kept_for(Duration::from_hours(1)).await.unwrap(), []);
        std::fs::write(file, b"other").unwrap();
        assert!(matches!(blobs.get(hash).await, Err(BlobError::Damaged)));
        blobs.delete(hash).await.unwrap();
        blobs.delete(hash).await.unwrap();
        assert!(blobs.get(hash).await.unwrap().is_none());
        let large = Bytes::from(vec![0; MAX_BLOB_BYTES + 1]);
        assert!(matches!(blobs.put(large).await, Err(BlobError::TooLarge)));
    }
}
