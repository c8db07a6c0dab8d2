//! What encryption at rest must know of the domain, and its port for files. It is done outside of this crate.

use std::fmt;

use crate::{
    member::{Member, Standing},
    screening::ListedWord,
    staff::Staff,
    store::{BoxError, Entity, Kind},
};

/// The indexes whose values are personal: LINE's ids of members, what members say of themselves, the names that staff sign in with,
/// words that may be names. A store that encrypts keeps a hash of each instead. So they are asked for exactly, or from one end to
/// the other and in no order.
pub static PERSONAL_INDEXES: [(Kind, &str); 4] = [
    (Member::KIND, "contact"),
    (Member::KIND, Standing::INDEX),
    (Staff::KIND, "login"),
    (ListedWord::KIND, "word"),
];

/// Makes bytes unreadable where they are kept, and readable again.
pub trait Seal: fmt::Debug + Send + Sync + 'static {
    /// The bytes as they are to be kept at `place`, and nowhere else.
    ///
    /// # Errors
    /// When the system gives no randomness.
    fn seal(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, BoxError>;

    /// What was sealed for `place`.
    ///
    /// # Errors
    /// When the key is missing, or the bytes were changed or are another place's. The message says what to do.
    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, BoxError>;

    /// Whether these bytes are sealed with the key that seals now.
    fn is_current(&self, sealed: &[u8]) -> bool;
}
