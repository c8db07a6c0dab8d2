use lupinus_core::store::StoreError;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub(crate) struct NoRandomness;

/// Why sealed bytes cannot be read. Says what to do, and shows none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it is not encrypted, in a store that is")]
    Plain,
    #[error(
        "it is encrypted with the key {0}, which is not among the keys: put that key back and start again"
    )]
    NoKey(String),
    #[error(
        "it was changed or moved outside of the program, or the key {0} is another one than it was encrypted with: put the \
         right key back, or take the record from a backup"
    )]
    NotGenuine(String),
    #[error("it does not end as it must")]
    Form,
}

/// Why an encrypted store cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It holds records that are not encrypted.
    #[error(
        "the store holds records that are not encrypted: open it without keys and export it, then import that into a new \
         store with keys"
    )]
    Plain,
    /// A key that it needs is not there.
    #[error("the store is encrypted with the key {0}, which is not among the keys: put that key back")]
    MissingKey(String),
    /// The key with this name is another one.
    #[error(
        "the key {0} does not open the store: it is not the one of that name that the store was encrypted with, or the \
         store's own record was changed; put the right key back"
    )]
    WrongKey(String),
    /// The store's own record is of a form that this program does not know.
    #[error("the store was encrypted by a newer program: use that one")]
    Newer,
    /// The store beneath.
    #[error("cannot read how the store is encrypted")]
    Store(#[source] StoreError),
}
