//! Pictures and files that a body hands in, kept beside the records: they outlive LINE's own storage.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::{hash::Sha256Hash, store::BoxError};

/// Longest blob, in bytes.
pub const MAX_BLOB_BYTES: usize = 10 * 1024 * 1024;

/// Why a blob store did not do as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// No answer; try again.
    #[error("file storage unavailable while {0}")]
    Unavailable(&'static str, #[source] BoxError),
    /// Longer than [`MAX_BLOB_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// What is stored is not what its name says.
    #[error("the stored file is damaged")]
    Damaged,
    /// What is stored is encrypted and cannot be read: the source says what to do.
    #[error("the stored file cannot be decrypted")]
    Sealed(#[source] BoxError),
}

/// Keeps bytes under their SHA-256: what is there is never another file.
#[async_trait]
pub trait Blob: fmt::Debug + Send + Sync + 'static {
    /// Keeps `bytes`, durable on return. Keeping the same twice is once.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`]; [`BlobError::Unavailable`].
    async fn put(&self, bytes: bytes::Bytes) -> Result<Sha256Hash, BlobError>;

    /// The bytes with this hash, checked, or `None`.
    ///
    /// # Errors
    /// [`BlobError::Damaged`]; [`BlobError::Sealed`]; [`BlobError::Unavailable`].
    async fn get(&self, hash: Sha256Hash) -> Result<Option<bytes::Bytes>, BlobError>;

    /// Removes them; nothing happens when they are not there.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    async fn delete(&self, hash: Sha256Hash) -> Result<(), BlobError>;

    /// Those that were kept last at least so long ago, by the storage's own clock.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    async fn kept_for(&self, at_least: Duration) -> Result<Vec<Sha256Hash>, BlobError>;
}
