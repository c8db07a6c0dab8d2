//! Records as a store holds them.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use lupinus_core::{
    outbox::{OutboxItem, OutboxState},
    post::Post,
};

/// A record as a store holds it, with a digest of what changes in it: states are told apart by their hashes.
#[derive(Clone, Debug)]
pub(crate) struct Record<T> {
    pub(crate) value: Arc<T>,
    pub(super) version: u64,
    digest: u64,
}

pub(crate) trait Changing {
    fn hash_what_changes(&self, hasher: &mut DefaultHasher);
}

impl Changing for Post {
    fn hash_what_changes(&self, hasher: &mut DefaultHasher) {
        (self.state.name(), self.title()).hash(hasher);
    }
}

impl Changing for OutboxItem {
    fn hash_what_changes(&self, hasher: &mut DefaultHasher) {
        use OutboxState as S;
        let times = (self.first_tried_at, self.maybe_accepted_at);
        (self.id, self.retry_key, self.attempts, times, self.unanswered).hash(hasher);
        self.released.iter().for_each(|reason| reason.label_ja().hash(hasher));
        std::mem::discriminant(&self.recipient).hash(hasher);
        self.addressees().iter().for_each(|to| (to.member, to.contact.is_some()).hash(hasher));
        std::mem::discriminant(&self.state).hash(hasher);
        match &self.state {
            S::Waiting { at } | S::Done { at, .. } | S::Failed { at, .. } | S::Unknown { at } => {
                at.hash(hasher);
            }
            S::Leased { until: at } | S::Paused { until: at, .. } | S::Dropped { at } => at.hash(hasher),
            S::Held { at, reason } => (at, reason.label_ja()).hash(hasher),
        }
    }
}

impl<T: Changing> Record<T> {
    pub(crate) fn new(value: T) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash_what_changes(&mut hasher);
        Self { value: Arc::new(value), version: 1, digest: hasher.finish() }
    }

    pub(super) fn write(&mut self, value: T) {
        *self = Self { version: self.version + 1, ..Self::new(value) };
    }
}

impl<T> PartialEq for Record<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.version, self.digest) == (other.version, other.digest)
    }
}

impl<T> Hash for Record<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.version, self.digest).hash(state);
    }
}
