//! Whose events are in hand: what LINE was refused in its time goes on behind that, and is not in the store yet.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use lupinus_core::ids::ContactId;

/// In how many requests each person has events in hand.
#[derive(Default)]
pub(crate) struct Hands(Mutex<HashMap<ContactId, usize>>);

/// One request in hand.
pub(crate) struct InHand<'a> {
    hands: &'a Hands,
    contacts: HashSet<ContactId>,
}

impl Hands {
    fn counts(&self) -> MutexGuard<'_, HashMap<ContactId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a request with events of these people in hand, until the answer is dropped.
    pub(crate) fn take(&self, contacts: HashSet<ContactId>) -> InHand<'_> {
        let mut counts = self.counts();
        for contact in &contacts {
            *counts.entry(contact.clone()).or_default() += 1;
        }
        InHand { hands: self, contacts }
    }
}

impl InHand<'_> {
    /// Whether events of this person are in hand in another request as well.
    pub(crate) fn is_elsewhere(&self, contact: &ContactId) -> bool {
        let here = usize::from(self.contacts.contains(contact));
        self.hands.counts().get(contact).is_some_and(|requests| *requests > here)
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        let mut counts = self.hands.counts();
        for contact in &self.contacts {
            if let Some(requests) = counts.get_mut(contact) {
                *requests -= 1;
                if *requests == 0 {
                    counts.remove(contact);
                }
            }
        }
    }
}
