//! Keys and tokens that are not remembered for ever, so that a long run takes no more and more room.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// From how many on those that have run out are looked for.
const PRUNE_FROM: usize = 1_000;
/// How many of those that never run out are remembered at least.
const NEWEST: usize = 100_000;

/// What has a life of its own. What has run out is forgotten once there is much of it.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Expiring<V> {
    known: HashMap<String, V>,
    #[serde(skip)]
    prune_at: usize,
}

impl<V> Default for Expiring<V> {
    fn default() -> Self {
        Self { known: HashMap::new(), prune_at: 0 }
    }
}

impl<V> Expiring<V> {
    /// Remembers `value`. `lives` says whether something has not run out.
    pub(crate) fn insert(&mut self, key: String, value: V, lives: impl Fn(&V) -> bool) {
        if self.known.len() >= self.prune_at.max(PRUNE_FROM) {
            self.known.retain(|_, known| lives(known));
            self.prune_at = self.known.len() * 2;
        }
        self.known.insert(key, value);
    }

    /// What is under this key; it may have run out.
    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.known.get(key)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.known.get_mut(key)
    }

    /// Forgets what is under this key.
    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        self.known.remove(key)
    }

    /// Forgets what does not fit.
    pub(crate) fn retain(&mut self, fits: impl Fn(&V) -> bool) {
        self.known.retain(|_, known| fits(known));
    }
}

/// What never runs out: the newest 100,000 are remembered, and at most twice as many.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Newest<V>(IndexMap<String, V>);

impl<V> Default for Newest<V> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<V> Newest<V> {
    /// Remembers `value` under a key that is new.
    pub(crate) fn insert(&mut self, key: String, value: V) {
        if self.0.len() >= 2 * NEWEST {
            self.0.drain(..NEWEST);
        }
        self.0.insert(key, value);
    }

    /// What is under this key.
    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.0.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_run_out_makes_room_and_what_has_not_stays() {
        let mut known = Expiring::default();
        known.insert("long".to_owned(), u64::MAX, |_| true);
        for now in 0..50_000_u64 {
            known.insert(now.to_string(), now + 100, |end| *end > now);
            assert!(known.known.len() <= PRUNE_FROM, "{}", known.known.len());
        }
        assert!(known.get("long").is_some() && known.get("49999").is_some() && known.get("0").is_none());
    }

    #[test]
    fn of_what_never_runs_out_the_newest_stay() {
        let mut known = Newest::default();
        for number in 0..=3 * NEWEST {
            known.insert(number.to_string(), number);
            assert!(known.0.len() <= 2 * NEWEST);
        }
        assert_eq!((known.get("0"), known.get("199999")), (None, None));
        assert_eq!((known.get("200000"), known.get("300000")), (Some(&200_000), Some(&300_000)));
    }
}
