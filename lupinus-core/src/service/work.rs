use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Centre;
use crate::{
    actor::Actor,
    audit::{Act, AuditEntry, AuditTip, Subject},
    ids::{OutboxId, RetryKey},
    outbox::{Message, OutboxItem, OutboxState, Recipient, Sort},
    store::{Batch, Entity, EntityBatch, StoreError, StoreExt, Stored},
};

/// One change in the making: what was read, and the batch that will hold it all. The services' commands are its methods.
#[derive(Debug)]
pub struct Work {
    centre: Centre,
    batch: Batch,
    now: Timestamp,
    tips: Vec<(AuditTip, Option<crate::store::Version>)>,
}

impl Work {
    pub(crate) fn new(centre: Centre) -> Self {
        let now = centre.now();
        Self { centre, batch: Batch::new(), now, tips: Vec::new() }
    }

    /// The centre that it works for.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// Hands the change back to be committed, with what the caller is to get.
    ///
    /// # Errors
    /// None; it is a `Result` so that it can end a [`Centre::transact`].
    pub fn done<T>(self, value: T) -> Result<Decided<T>, super::ServiceError> {
        Ok(Decided { value, work: self })
    }

    /// The moment of the change: one for all that it holds.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Adds a value that must not exist.
    ///
    /// # Errors
    /// As [`EntityBatch::insert`].
    pub fn insert<T: Entity>(&mut self, value: &T) -> Result<(), StoreError> {
        self.batch.insert(value)
    }

    /// Replaces a value that was read.
    ///
    /// # Errors
    /// As [`EntityBatch::update`].
    pub fn update<T: Entity>(&mut self, read: &Stored<T>, next: &T) -> Result<(), StoreError> {
        self.batch.update(next, read.version)
    }

    /// Removes a value that was read.
    pub fn delete<T: Entity>(&mut self, read: &Stored<T>) {
        self.batch.delete(&read.value, read.version);
    }

    /// What this change overwrites must leave the disk too.
    pub fn erases(&mut self) {
        self.batch.erases = true;
    }

    /// Adds an entry to the subject's trail. Several acts in one change follow each other in the chain.
    ///
    /// # Errors
    /// [`StoreError`], from reading the chain's tip.
    pub async fn audit(&mut self, subject: Subject, actor: &Actor, act: Act) -> Result<(), StoreError> {
        let place = if let Some(place) = self.tips.iter().position(|(tip, _)| tip.subject == subject) {
            place
        } else {
            let read = self.centre.store.load::<AuditTip>(subject.as_str()).await?;
            let version = read.as_ref().map(|tip| tip.version);
            self.tips.push((read.map_or_else(|| AuditTip::unborn(subject), |tip| tip.value), version));
            self.tips.len() - 1
        };
        if let Some((tip, _)) = self.tips.get_mut(place) {
            let entry = AuditEntry::after(tip, actor, act, self.now);
            tip.number = entry.number;
            tip.hash = entry.hash;
            self.batch.insert(&entry)?;
        }
        Ok(())
    }

    /// Puts messages into the outbox, to go out as soon as they may.
    ///
    /// # Errors
    /// As [`EntityBatch::insert`].
    pub fn send(
        &mut self,
        recipient: Recipient,
        messages: Vec<Message>,
        sort: Sort,
        subject: Option<Subject>,
        expires_at: Option<Timestamp>,
    ) -> Result<OutboxId, StoreError> {
        let ids = &self.centre.ids;
        let item = OutboxItem {
            id: OutboxId::from_uuid(ids.uuid(self.now)),
            retry_key: RetryKey::from_uuid(ids.uuid(self.now)),
            recipient,
            messages,
            sort,
            subject,
            created_at: self.now,
            expires_at,
            attempts: 0,
            first_tried_at: None,
            unanswered: false,
            maybe_accepted_at: None,
            released: BTreeSet::new(),
            state: OutboxState::Waiting { at: self.now },
        };
        self.batch.insert(&item)?;
        Ok(item.id)
    }

    /// Whether nothing is to be committed.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Commits everything, or nothing.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        for (tip, version) in &self.tips {
            match version {
                Some(version) => self.batch.update(tip, *version)?,
                None => self.batch.insert(tip)?,
            }
        }
        if self.batch.is_empty() {
            return Ok(());
        }
        self.centre.store.commit(self.batch).await
    }
}

/// A change that was decided and is to be committed.
#[derive(Debug)]
pub struct Decided<T> {
    pub(crate) value: T,
    pub(crate) work: Work,
}
