//! Narrowcasts: accepted at once, sent a while later.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{Outgoing, SendKind, Sending, State};
use crate::clock::Millis;

/// How long the progress of a narrowcast can be asked for: 14 days.
pub(crate) const PROGRESS_LIFE_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// People, by their place among all people. Nobody is ever removed, so that a place stays theirs.
pub(crate) type Places = BTreeSet<u32>;

/// Why a narrowcast reached nobody; the number is LINE's `errorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NarrowcastError {
    TooFewRecipients = 2,
    SmallAudience = 4,
    Partial = 5,
}

impl NarrowcastError {
    /// LINE's number of it.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// The `failedDescription`.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::TooFewRecipients => "There are not enough recipients",
            Self::SmallAudience => "One of the audiences has too few people",
            Self::Partial => "Cancelled, because not everybody could be sent to",
        }
    }
}

/// One narrowcast.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Narrowcast {
    pub(crate) accepted_at: Millis,
    /// When it has been sent, or has failed.
    pub(crate) due_at: Millis,
    pub(crate) messages: Vec<Outgoing>,
    pub(crate) recipients: Places,
    /// At most this many, chosen at random.
    pub(crate) max: Option<u64>,
    /// How much of the month's quota is set aside for it.
    pub(crate) reserved: u64,
    pub(crate) error: Option<NarrowcastError>,
    pub(crate) success: u64,
    pub(crate) failure: u64,
    pub(crate) done: bool,
}

impl State {
    /// When something under way is due.
    fn due_at(&self, request_id: &str) -> Option<Millis> {
        let narrowcast = self.narrowcasts.get(request_id).map(|narrowcast| narrowcast.due_at);
        narrowcast.or_else(|| self.rich_menus.batches.get(request_id).map(|batch| batch.due_at))
    }

    /// How long until the next thing under way is due; `None` when there is none, or the clock stands still.
    pub(crate) fn until_due(&self) -> Option<Duration> {
        let next = self.unsettled.iter().filter_map(|id| self.due_at(id)).min()?;
        let left = u64::try_from(next.saturating_sub(self.clock.now())).unwrap_or(0);
        (!self.clock.is_frozen()).then(|| Duration::from_millis(left))
    }

    /// Lets what is due happen: narrowcasts go out, rich menu batches take effect. Says whether anything did.
    pub(crate) fn settle(&mut self) -> bool {
        if self.unsettled.is_empty() {
            return false;
        }
        let now = self.clock.now();
        let before = self.unsettled.len();
        for request_id in std::mem::take(&mut self.unsettled) {
            match self.due_at(&request_id) {
                Some(due) if due > now => self.unsettled.push(request_id),
                Some(_) if self.narrowcasts.contains_key(&request_id) => self.send_narrowcast(&request_id),
                Some(_) => self.apply_batch(&request_id),
                None => {}
            }
        }
        self.unsettled.len() < before
    }

    fn send_narrowcast(&mut self, request_id: &str) {
        let Some(mut narrowcast) = self.narrowcasts.shift_remove(request_id) else { return };
        let at = narrowcast.due_at;
        narrowcast.done = true;
        self.ledger.release(narrowcast.reserved);
        if narrowcast.error.is_none() {
            let mut chosen: Vec<u32> = narrowcast.recipients.iter().copied().collect();
            if let Some(max) = narrowcast.max.and_then(|max| usize::try_from(max).ok())
                && chosen.len() > max
            {
                chosen.sort_by_key(|place| lot(request_id, *place));
                chosen.truncate(max);
            }
            let id: Arc<str> = Arc::from(request_id);
            let mut reached = Vec::new();
            for place in chosen {
                let Some((user_id, person)) = self.people.get_index(place as usize) else { continue };
                if !person.is_target() {
                    narrowcast.failure += 1;
                    continue;
                }
                let user_id = user_id.clone();
                self.deliver(&user_id, &narrowcast.messages, &id);
                reached.push(place);
            }
            narrowcast.success = u64::try_from(reached.len()).unwrap_or(u64::MAX);
            self.ledger.book(SendKind::Narrowcast, narrowcast.success, at);
            let messages = narrowcast.messages.len();
            self.sendings.insert(request_id.to_owned(), Sending { at, reached, messages });
        }
        narrowcast.recipients.clear();
        self.narrowcasts.insert(request_id.to_owned(), narrowcast);
    }

    /// The friends who can be sent to, by their place.
    pub(crate) fn targets(&self) -> Places {
        let places = self.people.values().enumerate().filter(|(_, person)| person.is_target());
        places.filter_map(|(place, _)| u32::try_from(place).ok()).collect()
    }
}

/// A number that stands for chance: the same for one request and person.
fn lot(request_id: &str, place: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (request_id, place).hash(&mut hasher);
    hasher.finish()
}
