//! Recognising events that come again.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::WebhookEventId;

/// Tells an event that comes for the first time from one that came before.
///
/// LINE sends an event again when the bot did not answer 2xx in time, and now and then without a reason; both times
/// under the same id ([source](https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery)).
///
/// **An event is marked before the work on it**, in the step that asks. Of two copies that arrive at once, exactly one
/// is the first. The price: whoever stops between mark and work has an event that is marked and not worked on, and its
/// redelivery is dropped. Hence
///
/// - call [`forget`](Self::forget) when the work cannot be taken on, and answer with an error, so that LINE sends again;
/// - where no event may be lost in a crash, keep the event itself durably in the same transaction as the mark (an inbox
///   whose key is the event's id does both), answer 200 after that, and work from there.
///
/// Marking *after* the work would lose nothing, but two copies could be worked on at once. If your work can bear that,
/// you need no marks.
///
/// # Examples
/// ```
/// use std::num::NonZeroUsize;
/// use lupinus_line::webhook::{Deduplicator, Event, Sighting};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let seen = Deduplicator::in_memory(NonZeroUsize::new(10_000).ok_or("a capacity above 0")?);
/// let event = Event::from_json(
///     r#"{"type":"unfollow","timestamp":1785540011000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M60B"}"#,
/// )?;
/// let id = event.webhook_event_id.as_ref();
/// assert_eq!(seen.sight(id).await?, Sighting::First);
/// assert_eq!(seen.sight(id).await?, Sighting::Repeat);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Deduplicator {
    seen: Arc<dyn SeenEvents>,
}

/// Whether an event came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// It did not, as far as is known: work on it.
    First,
    /// It did: drop it, and answer 200.
    Repeat,
}

/// Where the ids of seen events are kept. Plug in a database here to recognise repeats across restarts and machines.
#[async_trait]
pub trait SeenEvents: fmt::Debug + Send + Sync + 'static {
    /// Marks `id` as seen, and says whether it was so before.
    ///
    /// One atomic step: of any number of calls with the same id, on any machine, exactly one answers
    /// [`Sighting::First`] (an `INSERT … ON CONFLICT DO NOTHING` and its number of rows do). After `Ok` the mark is as
    /// durable as the store is; it may be dropped when LINE no longer sends the event again. LINE does not say when
    /// that is.
    ///
    /// # Errors
    /// [`SeenError`] when the store does not answer. The mark may have been set.
    async fn mark(&self, id: &WebhookEventId) -> Result<Sighting, SeenError>;

    /// Takes the mark off `id`; `Ok`, too, if there is none.
    ///
    /// # Errors
    /// [`SeenError`] when the store does not answer. The mark may be gone or not.
    async fn unmark(&self, id: &WebhookEventId) -> Result<(), SeenError>;
}

/// The store of seen events did not answer. Do not answer 200, so that LINE sends the event again.
#[derive(Debug, thiserror::Error)]
#[error("the store of seen events did not answer")]
pub struct SeenError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl SeenError {
    /// With what the store said. It must name no person: it is logged.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl Deduplicator {
    /// With ids kept in a store of yours.
    pub fn new(seen: Arc<dyn SeenEvents>) -> Self {
        Self { seen }
    }

    /// With the latest ids kept in memory, see [`RecentEvents`].
    pub fn in_memory(capacity: NonZeroUsize) -> Self {
        Self::new(Arc::new(RecentEvents::new(capacity)))
    }

    /// Marks an event as seen, by the id of an [`Event`](super::Event) or
    /// [`MalformedEvent`](super::MalformedEvent), and says whether it came before.
    ///
    /// An event without an id is always the first: nothing tells it from another.
    ///
    /// # Errors
    /// [`SeenError`] when the store does not answer.
    pub async fn sight(&self, id: Option<&WebhookEventId>) -> Result<Sighting, SeenError> {
        match id {
            Some(id) => self.seen.mark(id).await,
            None => Ok(Sighting::First),
        }
    }

    /// Takes back that an event was seen, because the work on it was not taken on: its redelivery is a first again.
    ///
    /// # Errors
    /// [`SeenError`] when the store does not answer.
    pub async fn forget(&self, id: Option<&WebhookEventId>) -> Result<(), SeenError> {
        match id {
            Some(id) => self.seen.unmark(id).await,
            None => Ok(()),
        }
    }
}

/// The latest ids, in memory. A restart forgets all of them.
///
/// When full, the id that was first seen the longest ago makes room; should that event come again, it is a first.
/// A thousand ids take some 150 KB.
pub struct RecentEvents {
    capacity: NonZeroUsize,
    ids: Mutex<Ids>,
}

/// Both maps hold the same ids.
#[derive(Default)]
struct Ids {
    by_id: HashMap<WebhookEventId, u64>,
    by_age: BTreeMap<u64, WebhookEventId>,
    next: u64,
}

impl RecentEvents {
    /// With room for so many ids: some days' worth is plenty. LINE does not say for how long it sends an event again.
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self { capacity, ids: Mutex::default() }
    }

    /// No operation leaves the maps half changed, so a panic elsewhere does no harm.
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SeenEvents for RecentEvents {
    async fn mark(&self, id: &WebhookEventId) -> Result<Sighting, SeenError> {
        let mut ids = self.ids();
        if ids.by_id.contains_key(id) {
            return Ok(Sighting::Repeat);
        }
        if ids.by_id.len() >= self.capacity.get()
            && let Some((_, oldest)) = ids.by_age.pop_first()
        {
            ids.by_id.remove(&oldest);
        }
        let age = ids.next;
        ids.next += 1;
        ids.by_id.insert(id.clone(), age);
        ids.by_age.insert(age, id.clone());
        Ok(Sighting::First)
    }

    async fn unmark(&self, id: &WebhookEventId) -> Result<(), SeenError> {
        let mut ids = self.ids();
        if let Some(age) = ids.by_id.remove(id) {
            ids.by_age.remove(&age);
        }
        Ok(())
    }
}

impl fmt::Debug for RecentEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentEvents")
            .field("capacity", &self.capacity)
            .field("len", &self.ids().by_id.len())
            .finish_non_exhaustive()
    }
}
