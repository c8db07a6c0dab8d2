//! One sending of one post, and the gate in front of every phone.

mod gate;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::gate::{GatePolicy, Ledger, Sent, Verdict, may_dispatch};
use crate::{
    audience::Audience,
    hash::Sha256Hash,
    ids::{DeliveryId, MemberId, PostId},
    outbox::DeliveryKind,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Under way; something may be held or paused.
    Running,
    /// Every chunk was accepted.
    Complete,
    /// It ended, and some of it was refused or dropped.
    Partial,
}

/// One sending of one post: what, to whom, and how far it is. Its chunks are outbox items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Ours.
    pub id: DeliveryId,
    /// The post.
    pub post: PostId,
    /// The approved revision.
    pub revision: u32,
    /// The approved content.
    pub content: Sha256Hash,
    /// Production, test or drill.
    pub kind: DeliveryKind,
    /// To whom, as it was decided; a test goes to staff alone, whomever its post is for.
    pub audience: Audience,
    /// How many people that was when it began; the channel's own count is not known for all friends.
    pub recipients: u32,
    /// How many chunks.
    pub chunks: u32,
    /// Chunks accepted.
    pub accepted: u32,
    /// Chunks refused, dropped, or of unknown fate.
    pub failed: u32,
    /// How it stands.
    pub state: DeliveryState,
    /// When it began.
    pub started_at: Timestamp,
    /// When its last chunk was settled.
    pub ended_at: Option<Timestamp>,
}

impl Delivery {
    /// The delivery once one more chunk is settled.
    pub fn chunk_settled(&self, accepted: bool, now: Timestamp) -> Self {
        let mut next = self.clone();
        if accepted {
            next.accepted += 1;
        } else {
            next.failed += 1;
        }
        if next.accepted + next.failed >= next.chunks {
            next.state = if next.failed == 0 { DeliveryState::Complete } else { DeliveryState::Partial };
            next.ended_at = Some(now);
        }
        next
    }
}

impl Entity for Delivery {
    const KIND: Kind = Kind::new("delivery");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Publication;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let stamp = format!("{:015}", self.started_at.as_millisecond());
        vec![
            IndexEntry::new("started", stamp.as_str()),
            IndexEntry::new("post", format!("{} {stamp}", self.post)),
            IndexEntry::new("content", format!("{} {stamp}", self.content)),
        ]
    }
}

/// The people of one chunk, fixed when the sending started: whom a correction must reach. By our own ids, so that an erased
/// member leaves nothing behind but a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRecipients {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The chunk, from 0.
    pub chunk: u32,
    /// Its people.
    pub members: Vec<MemberId>,
}

impl Entity for ChunkRecipients {
    const KIND: Kind = Kind::new("recipients");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Publication;

    fn key(&self) -> String {
        format!("{} {:06}", self.delivery, self.chunk)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// The turn at the gate: whoever lets a delivery pass moves it on in the same change, so that no two dispatchers judge by one
/// ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateTurn {
    /// How many deliveries have passed.
    pub passed: u64,
}

impl GateTurn {
    /// The key of the one turn that there is.
    pub const KEY: &str = "turn";

    /// The turn after this one.
    pub const fn next(self) -> Self {
        Self { passed: self.passed.saturating_add(1) }
    }
}

impl Entity for GateTurn {
    const KIND: Kind = Kind::new("gate");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}
