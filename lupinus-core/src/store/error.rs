use super::RecordKey;

/// An error of a backend's own making, kept as the source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a store did not do as asked. Callers branch on the variant; people read the chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The record of the batch that could not be written: somebody else wrote it first, it exists already, it is gone, or
    /// another record holds one of its unique values. Load again, decide again.
    #[error("{0} changed since it was read")]
    Conflict(RecordKey),
    /// No answer; a commit may have happened. Repeat it unchanged: a `Conflict` may then be our own.
    #[error("storage unavailable while {0}")]
    Unavailable(&'static str, #[source] BoxError),
    /// Stored bytes do not decode. Not retried, not skipped: a person must look.
    #[error("{0} cannot be decoded")]
    Corrupt(RecordKey, #[source] BoxError),
    /// The request contradicts itself, or breaks a bound: a bug in the caller.
    #[error("not a valid request: {0}")]
    Invalid(&'static str),
}
