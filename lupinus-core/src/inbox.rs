//! What came in and was not worked on yet.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::{Entity, IndexEntry, Kind, RecordClass};

/// Longest life of a worked-off event's trace, by which a redelivery is recognised: far longer than LINE repeats.
pub const TRACE_DAYS: i64 = 7;

/// One event, durable before it was acknowledged. Its key is the event's own id, so that a repeat is a conflict.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// The channel's id of the event.
    pub event_id: String,
    /// Events with one lane are worked on one after the other: one person's lane.
    pub lane: String,
    /// When it happened, as the channel says.
    pub happened_at: Timestamp,
    /// Its place among what arrived: decides between events of one instant.
    pub number: u64,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What is to be worked on, screened; `None` once it was.
    pub event: Option<Value>,
    /// Attempts that failed so far.
    #[serde(default)]
    pub failures: u32,
}

impl std::fmt::Debug for InboxItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InboxItem({}, done: {})", self.event_id, self.event.is_none())
    }
}

impl InboxItem {
    /// The trace that stays when the work is done: enough to recognise a repeat, and nothing of what was said.
    pub fn done(&self) -> Self {
        Self { event: None, lane: String::new(), ..self.clone() }
    }

    /// The value of the `open` index at which a lane's events begin.
    pub fn lane_prefix(lane: &str) -> String {
        format!("{lane} ")
    }
}

impl Entity for InboxItem {
    const KIND: Kind = Kind::new("inbox");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.event_id.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let stamp = |at: Timestamp| format!("{:015}", at.as_millisecond());
        if self.event.is_some() {
            let value = format!("{} {} {:020}", self.lane, stamp(self.happened_at), self.number);
            vec![IndexEntry::new("open", value)]
        } else {
            vec![IndexEntry::new("trace", stamp(self.received_at))]
        }
    }
}
