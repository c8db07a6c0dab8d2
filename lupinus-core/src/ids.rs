//! Names of things. All random and time-ordered (UUIDv7) unless they say otherwise, so they may appear in URLs and logs.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
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
    /// Names one word that is never personal, or is suggested as one.
    WordId,
    /// Names one canned answer.
    CannedId,
    /// Names one entry of the frequently asked questions.
    FaqId,
    /// Names one incident.
    IncidentId,
    /// Names one disposal of records.
    DisposalId,
    /// Names one item of the outbox.
    OutboxId,
    /// Makes a send repeatable: LINE sends one key once within its 24 hours.
    RetryKey,
}

impl PostId {
    /// What the trail calls a post by: the first eight digits of its id.
    pub fn number(self) -> String {
        self.0.simple().to_string().chars().take(8).collect()
    }
}

impl MemberId {
    /// How many digits of its number a member must tell, at least, to be found by them.
    pub const MIN_NUMBER_DIGITS: usize = 12;

    /// The number that a member reads on LINE and can tell on the telephone: the first twenty hexadecimal digits of the id, which
    /// names nobody and is never given twice by one program.
    pub fn number(self) -> String {
        let digits = self.0.simple().to_string();
        let groups: Vec<&str> = (0..5).filter_map(|group| digits.get(4 * group..4 * group + 4)).collect();
        groups.join("-")
    }

    /// How the keys begin of those whose number begins with what was typed, in whatever width and grouping; `None` when that is
    /// no number, or too little of one.
    pub(crate) fn key_prefix(typed: &str) -> Option<String> {
        let typed: String = typed.nfkc().filter(|c| !c.is_whitespace() && !"-‐‑–−ー".contains(*c)).collect();
        let typed = typed.to_ascii_lowercase();
        let fits = (Self::MIN_NUMBER_DIGITS..=32).contains(&typed.len());
        if !fits || !typed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let grouped = typed.char_indices().flat_map(|(place, digit)| {
            let hyphen = matches!(place, 8 | 12 | 16 | 20).then_some('-');
            hyphen.into_iter().chain([digit])
        });
        Some(grouped.collect())
    }
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

/// Ids that a seed decides: the same run makes the same ids. For tests and demonstrations, never for a city: its secrets can be
/// computed by anybody who knows the seed.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    count: std::sync::atomic::AtomicU64,
}

impl SeededIds {
    /// The ids of this seed.
    pub const fn new(seed: u64) -> Self {
        Self { seed, count: std::sync::atomic::AtomicU64::new(0) }
    }

    fn next(&self) -> (u64, [u8; 32]) {
        use sha2::{Digest, Sha256};
        let count = self.count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut hasher = Sha256::new();
        hasher.update(self.seed.to_be_bytes());
        hasher.update(count.to_be_bytes());
        (count, hasher.finalize().into())
    }
}

/// A UUIDv7 of `now` whose place among those of one millisecond is `count`, modulo 2^26.
pub fn ordered_uuid(now: jiff::Timestamp, count: u64, random: [u8; 32]) -> Uuid {
    let mut tail = [0_u8; 10];
    tail.copy_from_slice(&random[..10]);
    // 26 bits that version and variant leave in their place, so that later ids of one millisecond are larger.
    tail[0] = (count >> 22 & 0x0f) as u8;
    tail[1] = (count >> 14 & 0xff) as u8;
    tail[2] = (count >> 8 & 0x3f) as u8;
    tail[3] = (count & 0xff) as u8;
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

impl IdSource for SeededIds {
    fn uuid(&self, now: jiff::Timestamp) -> Uuid {
        let (count, random) = self.next();
        ordered_uuid(now, count, random)
    }

    fn secret(&self) -> [u8; 32] {
        self.next().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_are_larger_also_within_a_millisecond() {
        let ids = SeededIds::new(7);
        let at = |ms| jiff::Timestamp::from_millisecond(ms).unwrap();
        let made: Vec<Uuid> = (0..20_000).map(|i| ids.uuid(at(1_000 + i / 5_000))).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert_eq!(made.first().unwrap().get_version_num(), 7);
    }

    #[test]
    fn a_members_number_is_found_however_it_is_typed() {
        let id: MemberId = "0199b2c3-d4e5-7001-8a3f-0123456789ab".parse().unwrap();
        assert_eq!(id.number(), "0199-b2c3-d4e5-7001-8a3f");
        for (typed, prefix) in [
            ("0199-b2c3-d4e5-7001-8a3f", Some("0199b2c3-d4e5-7001-8a3f")),
            ("0199 B2C3 D4E5", Some("0199b2c3-d4e5")),
            ("０１９９ｂ２ｃ３ｄ４ｅ５－７", Some("0199b2c3-d4e5-7")),
            ("0199b2c3-d4e5-7001-8a3f-0123456789ab", Some("0199b2c3-d4e5-7001-8a3f-0123456789ab")),
            ("0199-b2c3-d4e", None),
            ("山田太郎山田太郎山田太郎", None),
            ("", None),
        ] {
            assert_eq!(MemberId::key_prefix(typed).as_deref(), prefix, "{typed}");
            assert!(prefix.is_none_or(|prefix| id.to_string().starts_with(prefix)), "{typed}");
        }
    }

    #[test]
    fn one_seed_makes_the_same_ids_and_another_makes_others() {
        let at = jiff::Timestamp::UNIX_EPOCH;
        assert_eq!(SeededIds::new(1).uuid(at), SeededIds::new(1).uuid(at));
        assert_ne!(SeededIds::new(1).uuid(at), SeededIds::new(2).uuid(at));
    }
}
