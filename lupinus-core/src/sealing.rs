//! What encryption at rest must know of the domain, and its port for files. It is done outside of this crate.

use std::fmt;

use crate::{
    body::Invitation,
    consultation::Consultation,
    member::{Member, Standing},
    screening::ListedWord,
    staff::Staff,
    store::{BoxError, Entity, Kind},
};

/// The indexes of which a store that encrypts keeps a keyed hash instead of the value, so that they are asked for exactly, or from
/// one end to the other and in no order: LINE's ids of members and of messages, what members say of themselves, the names that staff
/// sign in with, who they are at the city's provider of identities, words that may be names, and hashes of invitation codes, which are
/// short enough to be guessed from a plain hash.
pub static HIDDEN_INDEXES: [(Kind, &str); 7] = [
    (Member::KIND, "contact"),
    (Member::KIND, Standing::INDEX),
    (Consultation::KIND, "channel_message"),
    (Staff::KIND, "login"),
    (Staff::KIND, Staff::PROVIDER_INDEX),
    (ListedWord::KIND, "word"),
    (Invitation::KIND, "code"),
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
