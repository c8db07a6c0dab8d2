//! What is to be sent to whom, in which pieces, under which keys.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::super::retry::RETRY_KEY_LIFE;
use super::super::{AggregationUnit, MAX_RECIPIENTS};
use crate::{Messages, RetryKey, UserId};

/// Messages to any number of users, cut into chunks of at most [`MAX_RECIPIENTS`], each with a retry key of its own that
/// follows from the plan's id and the chunk's place.
///
/// Store the plan before the first chunk goes out, and after that which chunks are done: with these two,
/// [`Client::multicast_all`](crate::Client::multicast_all) goes on after a crash where it was, and nobody gets anything
/// twice. This holds for 24 hours from when the plan was made, because LINE forgets retry keys then
/// ([`RETRY_KEY_LIFE`]); an older plan is refused, and [`rest`](Self::rest) makes a new one. So make a plan when
/// sending begins, not when it is first thought of.
///
/// As JSON it has a `format` number; `Debug` prints no ids of users and no words.
///
/// ```
/// use lupinus_line::client::MulticastPlan;
/// use lupinus_line::{Message, UserId};
///
/// let users = (0..1_200).map(|n| UserId::new(format!("U{n:032x}"))).collect::<Result<Vec<_>, _>>()?;
/// let plan = MulticastPlan::new(users, Message::text("明日は休館です")?.into())?;
/// assert_eq!(plan.chunks().map(|chunk| chunk.recipients.len()).collect::<Vec<_>>(), [500, 500, 200]);
///
/// let stored = serde_json::to_string(&plan)?;
/// let again: MulticastPlan = serde_json::from_str(&stored)?;
/// assert!(plan.chunks().zip(again.chunks()).all(|(a, b)| a.key == b.key));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct MulticastPlan {
    pub(super) content: Arc<Content>,
}

#[derive(Clone)]
pub(super) struct Content {
    id: PlanId,
    made_at: Timestamp,
    to: Vec<UserId>,
    messages: Messages,
    pub(super) notification_disabled: bool,
    pub(super) custom_aggregation_unit: Option<AggregationUnit>,
}

/// Names one [`MulticastPlan`]. Random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(Uuid);

/// The place of a chunk in its plan, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChunkIndex(u32);

/// One request of a plan.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Chunk<'a> {
    /// Its place.
    pub index: ChunkIndex,
    /// Who gets it: 1 to [`MAX_RECIPIENTS`].
    pub recipients: &'a [UserId],
    /// Its retry key.
    pub key: RetryKey,
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPlan {
    /// Nobody to send to.
    #[error("a plan needs recipients")]
    Nobody,
    /// More recipients than chunks can be counted for: above two million million.
    #[error("too many recipients")]
    TooMany,
    /// A stored plan names a user twice: it was changed after it was made.
    #[error("a stored plan names a user twice")]
    Twice,
    /// A stored plan of a form that this version does not know.
    #[error("a stored plan of format {0}")]
    Format(u32),
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ChunkIndex {
    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl From<u32> for ChunkIndex {
    fn from(index: u32) -> Self {
        Self(index)
    }
}

impl fmt::Display for ChunkIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl MulticastPlan {
    /// A plan made now. Whoever is named several times gets the messages once.
    ///
    /// # Errors
    /// [`InvalidPlan::Nobody`].
    pub fn new(users: impl IntoIterator<Item = UserId>, messages: Messages) -> Result<Self, InvalidPlan> {
        let mut seen = HashSet::new();
        let to = users.into_iter().filter(|user| seen.insert(user.clone())).collect();
        Self::of(Content {
            id: PlanId(Uuid::new_v4()),
            made_at: Timestamp::now(),
            to,
            messages,
            notification_disabled: false,
            custom_aggregation_unit: None,
        })
    }

    fn of(content: Content) -> Result<Self, InvalidPlan> {
        if content.to.is_empty() {
            return Err(InvalidPlan::Nobody);
        }
        if u32::try_from(content.to.len().div_ceil(MAX_RECIPIENTS)).is_err() {
            return Err(InvalidPlan::TooMany);
        }
        Ok(Self { content: Arc::new(content) })
    }

    /// Without notification on the phones.
    pub fn silently(mut self) -> Self {
        Arc::make_mut(&mut self.content).notification_disabled = true;
        self
    }

    /// Counted by LINE under a name.
    pub fn counted_as(mut self, unit: AggregationUnit) -> Self {
        Arc::make_mut(&mut self.content).custom_aggregation_unit = Some(unit);
        self
    }

    /// Names the plan.
    pub fn id(&self) -> PlanId {
        self.content.id
    }

    /// When it was made.
    pub fn made_at(&self) -> Timestamp {
        self.content.made_at
    }

    /// When LINE may have forgotten its first retry key. From a second before, the plan is refused.
    pub fn keys_expire_at(&self) -> Timestamp {
        self.made_at().saturating_add(RETRY_KEY_LIFE).unwrap_or(Timestamp::MAX)
    }

    /// All recipients in order, each once.
    pub fn recipients(&self) -> &[UserId] {
        &self.content.to
    }

    /// The messages.
    pub fn messages(&self) -> &Messages {
        &self.content.messages
    }

    /// How many chunks there are, at least one.
    pub fn chunk_count(&self) -> u32 {
        u32::try_from(self.content.to.len().div_ceil(MAX_RECIPIENTS)).unwrap_or(u32::MAX)
    }

    /// The chunks in order.
    pub fn chunks(&self) -> impl Iterator<Item = Chunk<'_>> {
        let chunks = self.content.to.chunks(MAX_RECIPIENTS);
        chunks.zip(0..).map(|(recipients, index)| self.numbered(ChunkIndex(index), recipients))
    }

    /// One chunk; `None` when there are fewer.
    pub fn chunk(&self, index: ChunkIndex) -> Option<Chunk<'_>> {
        let recipients = self.content.to.chunks(MAX_RECIPIENTS).nth(usize::try_from(index.0).ok()?)?;
        Some(self.numbered(index, recipients))
    }

    fn numbered<'a>(&self, index: ChunkIndex, recipients: &'a [UserId]) -> Chunk<'a> {
        Chunk { index, recipients, key: self.key(index) }
    }

    /// The same for the same plan and place, on every machine and in every version.
    fn key(&self, index: ChunkIndex) -> RetryKey {
        let mut hash = Sha256::new();
        hash.update(b"lupinus-line multicast chunk, 1\0");
        hash.update(self.content.id.0.as_bytes());
        hash.update(index.0.to_be_bytes());
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        RetryKey::new(Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// A new plan, made now and with keys of its own, for the chunks that are not done; `None` when all are.
    ///
    /// For a plan whose keys [have expired](Self::keys_expire_at). A chunk that was sent without being recorded as done is
    /// sent **again** by it: what is known of chunks whose fate is open belongs into `done`.
    pub fn rest(&self, done: &BTreeSet<ChunkIndex>) -> Option<Self> {
        let left = self.chunks().filter(|chunk| !done.contains(&chunk.index));
        let to = left.flat_map(|chunk| chunk.recipients.iter().cloned()).collect();
        let (id, made_at) = (PlanId(Uuid::new_v4()), Timestamp::now());
        Self::of(Content { id, made_at, to, ..Content::clone(&self.content) }).ok()
    }
}

impl fmt::Debug for MulticastPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticastPlan")
            .field("id", &self.content.id)
            .field("made_at", &self.content.made_at)
            .field("recipients", &self.content.to.len())
            .field("messages", &self.content.messages)
            .finish_non_exhaustive()
    }
}

/// The form in which plans are kept.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    format: u32,
    id: PlanId,
    made_at: Timestamp,
    to: Vec<UserId>,
    messages: Messages,
    #[serde(default)]
    notification_disabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    custom_aggregation_unit: Option<AggregationUnit>,
}

impl From<MulticastPlan> for Stored {
    fn from(plan: MulticastPlan) -> Self {
        let content = Arc::unwrap_or_clone(plan.content);
        Self {
            format: FORMAT,
            id: content.id,
            made_at: content.made_at,
            to: content.to,
            messages: content.messages,
            notification_disabled: content.notification_disabled,
            custom_aggregation_unit: content.custom_aggregation_unit,
        }
    }
}

impl TryFrom<Stored> for MulticastPlan {
    type Error = InvalidPlan;

    fn try_from(stored: Stored) -> Result<Self, InvalidPlan> {
        if stored.format != FORMAT {
            return Err(InvalidPlan::Format(stored.format));
        }
        // Leaving the second out would move others into chunks whose keys may be in use.
        if stored.to.iter().collect::<HashSet<_>>().len() != stored.to.len() {
            return Err(InvalidPlan::Twice);
        }
        Self::of(Content {
            id: stored.id,
            made_at: stored.made_at,
            to: stored.to,
            messages: stored.messages,
            notification_disabled: stored.notification_disabled,
            custom_aggregation_unit: stored.custom_aggregation_unit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn users(count: usize) -> Vec<UserId> {
        (0..count).map(|n| UserId::new(format!("U{n:032x}")).unwrap()).collect()
    }

    fn plan(count: usize) -> Result<MulticastPlan, InvalidPlan> {
        MulticastPlan::new(users(count), Message::text("a").unwrap().into())
    }

    #[test]
    fn chunks_hold_five_hundred_and_the_last_the_rest() {
        for (count, sizes) in
            [(1, vec![1]), (500, vec![500]), (501, vec![500, 1]), (1_500, vec![500, 500, 500])]
        {
            let plan = plan(count).unwrap();
            let chunks: Vec<_> = plan.chunks().collect();
            assert_eq!(chunks.iter().map(|chunk| chunk.recipients.len()).collect::<Vec<_>>(), sizes);
            assert_eq!(plan.chunk_count() as usize, sizes.len());
            let together: Vec<_> = chunks.iter().flat_map(|chunk| chunk.recipients).cloned().collect();
            assert_eq!(together, plan.recipients());
            for chunk in chunks {
                let same = plan.chunk(chunk.index).unwrap();
                assert_eq!((same.key, same.recipients), (chunk.key, chunk.recipients));
            }
            assert!(plan.chunk(plan.chunk_count().into()).is_none());
        }
        assert_eq!(plan(0).unwrap_err(), InvalidPlan::Nobody);
    }

    #[test]
    fn whoever_is_named_twice_gets_it_once() {
        let twice = users(600).into_iter().chain(users(700));
        let plan = MulticastPlan::new(twice, Message::text("a").unwrap().into()).unwrap();
        assert_eq!(plan.recipients(), users(700));
    }

    #[test]
    fn every_chunk_of_every_plan_has_a_key_of_its_own() {
        let (one, other) = (plan(50_000).unwrap(), plan(50_000).unwrap());
        let keys: BTreeSet<_> = one.chunks().chain(other.chunks()).map(|chunk| chunk.key).collect();
        assert_eq!(keys.len(), 200);
        assert!(keys.iter().all(|key| key.uuid().get_version_num() == 8));
    }

    const STORED: &str = r#"{"format":1,"id":"6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b","madeAt":"2026-08-01T00:00:00Z","to":["U00000000000000000000000000000001","U00000000000000000000000000000002"],"messages":[{"type":"text","text":"a"}],"notificationDisabled":true,"customAggregationUnit":"post_1"}"#;

    #[test]
    fn a_stored_plan_comes_back_with_the_same_keys() {
        let plan: MulticastPlan = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&plan).unwrap(), STORED);
        // Fixed for good: another derivation would send again what an older version had sent.
        let key = plan.chunk(ChunkIndex(0)).unwrap().key;
        assert_eq!(key.to_string(), "d44d9ce3-bd8a-80bc-9e1a-de956c97ec71");
        assert_eq!(plan.key(ChunkIndex(1)).to_string(), "5feeda61-c3cf-8628-b25e-7f01bf7760b5");
        assert_eq!(plan.keys_expire_at().to_string(), "2026-08-02T00:00:00Z");
    }

    #[test]
    fn a_stored_plan_that_was_changed_or_is_newer_is_refused() {
        for (name, from, to) in [
            ("newer", r#""format":1"#, r#""format":2"#),
            ("twice", "U00000000000000000000000000000002", "U00000000000000000000000000000001"),
            ("no user", "U00000000000000000000000000000002", "x"),
            ("no unit", "post_1", "post-1"),
        ] {
            let changed = STORED.replace(from, to);
            assert!(serde_json::from_str::<MulticastPlan>(&changed).is_err(), "{name}");
        }
        let with_more = STORED.replace(r#""format":1"#, r#""new":1,"format":1"#);
        assert!(serde_json::from_str::<MulticastPlan>(&with_more).is_ok());
    }

    #[test]
    fn the_rest_is_what_is_not_done_under_new_keys() {
        let plan = plan(1_200).unwrap().silently();
        let rest = plan.rest(&[ChunkIndex(1)].into()).unwrap();
        assert_eq!(rest.recipients(), [&users(1_200)[..500], &users(1_200)[1_000..]].concat());
        assert!(rest.content.notification_disabled);
        assert!(rest.chunks().all(|new| plan.chunks().all(|old| old.key != new.key)));
        assert!(plan.rest(&plan.chunks().map(|chunk| chunk.index).collect()).is_none());
    }

    #[test]
    fn a_plan_is_not_printed() {
        let printed = format!("{:?} {:?}", plan(2).unwrap(), plan(2).unwrap().chunks().next());
        assert!(!printed.contains("U0000"), "{printed}");
    }
}
