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
};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, memory::InMemory, path::Path as Key,
};

/// Keeps files under their SHA-256 on any [`ObjectStore`].
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

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
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// In memory: gone when the program ends.
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({})", self.0)
    }
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
        self.0
            .put(&key(hash), bytes.into())
            .await
            .map_err(|error| BlobError::Unavailable("keeping a file", Box::new(error)))?;
        Ok(hash)
    }

    async fn get(&self, hash: Sha256Hash) -> Result<Option<Bytes>, BlobError> {
        let found = match self.0.get(&key(hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(BlobError::Unavailable("reading a file", Box::new(error))),
        };
        let bytes =
            found.bytes().await.map_err(|error| BlobError::Unavailable("reading a file", Box::new(error)))?;
        if Sha256Hash::of(&bytes) == hash { Ok(Some(bytes)) } else { Err(BlobError::Damaged) }
    }

    async fn delete(&self, hash: Sha256Hash) -> Result<(), BlobError> {
        match self.0.delete(&key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(BlobError::Unavailable("removing a file", Box::new(error))),
        }
    }

    async fn kept_for(&self, at_least: Duration) -> Result<Vec<Sha256Hash>, BlobError> {
        let now = SystemTime::now();
        let is_old = |file: &ObjectMeta| {
            now.duration_since(file.last_modified.into()).is_ok_and(|age| age >= at_least)
        };
        let files: Vec<ObjectMeta> = self
            .0
            .list(None)
            .try_collect()
            .await
            .map_err(|error| BlobError::Unavailable("listing the files", Box::new(error)))?;
        // What has no hash for its name is none of ours.
        let hash = |file: &ObjectMeta| file.location.filename().and_then(|name| name.parse().ok());
        Ok(files.iter().filter(|file| is_old(file)).filter_map(hash).collect())
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
