//! Names of things. All random and time-ordered (UUIDv7) unless they say otherwise, so they may appear in URLs and logs.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID, as an [`IdSource`] made it or a URL holds it.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Its UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+ };
}

ids! {
    /// Names one post.
    PostId,
    /// Names one consultation.
    ConsultationId,
    /// Names one entry of a consultation's thread.
    EntryId,
    /// Names one member: ours, so that decisions stay readable when the person is erased.
    MemberId,
    /// Names one professional body.
    BodyId,
    /// Names one invitation for a submitter.
    InvitationId,
    /// Names one of the staff.
    StaffId,
    /// Names one delivery of a post.
    DeliveryId,
    /// Names one item of the outbox.
    OutboxId,
    /// Makes a send repeatable: LINE sends one key once within its 24 hours.
    RetryKey,
}

/// The address of a person on the channel (a LINE user id). Personal data: no `Display`, and `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(String);

impl ContactId {
    /// The contact with this address.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address, for the channel alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactId(…)")
    }
}

/// Where ids come from. Core makes none itself, so that a run can be repeated.
pub trait IdSource: fmt::Debug + Send + Sync + 'static {
    /// A fresh UUID, time-ordered by `now`.
    fn uuid(&self, now: jiff::Timestamp) -> Uuid;

    /// 32 random bytes from a cryptographic source, for codes and links that must not be guessed.
    fn secret(&self) -> [u8; 32];
}
