//! What came in, durable before it is acknowledged, and worked off once.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Centre, ServiceError, Work};
use crate::{
    inbox::{InboxItem, TRACE_DAYS},
    store::{Batch, Cursor, Entity, EntityBatch, Paged, RecordKey, Scan, StoreError, StoreExt, Stored},
};

/// Failures after which an event is set aside: its lane goes on, and a person may look.
pub const MAX_FAILURES: u32 = 5;

/// One event as it arrived, screened already.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The channel's id of the event.
    pub event_id: String,
    /// One person's lane.
    pub lane: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// What is to be worked on.
    pub event: Value,
}

impl std::fmt::Debug for Arrived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arrived({})", self.event_id)
    }
}

/// How many events were new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Stored now.
    pub new: usize,
    /// Known already: a redelivery, or twice in one body.
    pub repeated: usize,
}

impl Centre {
    /// Stores the events of one request that are not known yet, all or none; durable on return.
    ///
    /// # Errors
    /// [`ServiceError::Store`], [`ServiceError::Busy`]: nothing may be acknowledged.
    pub async fn receive(&self, events: Vec<Arrived>) -> Result<Received, ServiceError> {
        let total = events.len();
        let mut seen = HashSet::new();
        let mut fresh: Vec<(u64, &Arrived)> = (0..).zip(&events).collect();
        fresh.retain(|(_, event)| seen.insert(event.event_id.as_str()));
        for _ in 0..super::MAX_TRIES {
            let new = fresh.len();
            if new == 0 {
                return Ok(Received { new, repeated: total });
            }
            let now = self.now();
            let mut batch = Batch::new();
            for (number, event) in &fresh {
                batch.insert(&InboxItem {
                    event_id: event.event_id.clone(),
                    lane: event.lane.clone(),
                    happened_at: event.happened_at,
                    number: *number,
                    received_at: now,
                    event: Some(event.event.clone()),
                    failures: 0,
                })?;
            }
            match self.store.commit(batch).await {
                Ok(()) => return Ok(Received { new, repeated: total - new }),
                // Some are known. Nearly always none is, so that only now is looked which.
                Err(StoreError::Conflict(_)) => fresh = self.unknown(fresh).await?,
                Err(error) => return Err(error.into()),
            }
        }
        Err(ServiceError::Busy)
    }

    /// Those of the events that are not stored.
    async fn unknown<'a>(
        &self,
        events: Vec<(u64, &'a Arrived)>,
    ) -> Result<Vec<(u64, &'a Arrived)>, StoreError> {
        let key = |event: &Arrived| RecordKey::new(InboxItem::KIND, event.event_id.as_str());
        let keys: Vec<_> = events.iter().map(|(_, event)| key(event)).collect();
        let known = self.store.get_many(&keys).await?;
        Ok(events
            .into_iter()
            .zip(known)
            .filter_map(|(event, known)| known.is_none().then_some(event))
            .collect())
    }

    /// Events that wait to be worked on, by lane and then by time.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn waiting_events(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<InboxItem>, ServiceError> {
        let scan = Scan::index(InboxItem::KIND, "open").after(after).limit(limit);
        Ok(self.store.page(&scan).await?)
    }

    /// The events of one lane that wait, in order.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn waiting_in_lane(
        &self,
        lane: &str,
        limit: usize,
    ) -> Result<Vec<Stored<InboxItem>>, ServiceError> {
        let scan = Scan::index(InboxItem::KIND, "open").prefix(InboxItem::lane_prefix(lane)).limit(limit);
        Ok(self.store.page(&scan).await?.items)
    }

    /// How many events wait.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn inbox_backlog(&self) -> Result<u64, ServiceError> {
        Ok(self.store.count(&Scan::index(InboxItem::KIND, "open")).await?)
    }

    /// Removes traces of worked-off events that are older than [`TRACE_DAYS`]. Answers how many, 500 at most.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sweep_inbox(&self) -> Result<usize, ServiceError> {
        let until = self.now().checked_sub(SignedDuration::from_hours(24 * TRACE_DAYS));
        let until = until.unwrap_or(Timestamp::MIN).as_millisecond().max(0);
        let scan = Scan::index(InboxItem::KIND, "trace").between("", format!("{until:015}")).limit(500);
        let old = self.store.page::<InboxItem>(&scan).await?;
        let mut batch = Batch::new();
        for item in &old.items {
            batch.delete(&item.value, item.version);
        }
        if batch.is_empty() {
            return Ok(0);
        }
        match self.store.commit(batch).await {
            Ok(()) => Ok(old.items.len()),
            // Another process sweeps too.
            Err(StoreError::Conflict(_)) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

impl Work {
    /// Marks an event as worked off, in the same change as its effects. What it held is gone.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub fn finish_event(&mut self, item: &Stored<InboxItem>) -> Result<(), ServiceError> {
        Ok(self.update(item, &item.value.done())?)
    }

    /// Counts a failure to work on an event. Answers whether it is set aside now, after [`MAX_FAILURES`]; then its content leaves the disk.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub fn fail_event(&mut self, item: &Stored<InboxItem>) -> Result<bool, ServiceError> {
        let failures = item.value.failures + 1;
        let aside = failures >= MAX_FAILURES;
        if aside {
            self.erases();
        }
        let next = if aside { item.value.done() } else { item.value.clone() };
        self.update(item, &InboxItem { failures, ..next })?;
        Ok(aside)
    }
}
