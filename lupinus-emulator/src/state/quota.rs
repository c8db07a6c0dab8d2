//! The month's quota and the numbers of messages sent, by calendar of Japan.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, date_in_japan};

/// How many messages may be sent a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Quota {
    /// No limit.
    None {
        /// How many have been sent this month; `None` leaves the count as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        used: Option<u64>,
    },
    /// At most `value` recipients a month.
    Limited {
        /// The limit.
        value: u64,
        /// How many have been sent this month; `None` leaves the count as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        used: Option<u64>,
    },
}

impl Quota {
    /// No limit; the count of this month stays.
    pub fn none() -> Self {
        Self::None { used: None }
    }

    /// At most `value` recipients a month, of which `used` are used up.
    pub fn limited(value: u64, used: u64) -> Self {
        Self::Limited { value, used: Some(used) }
    }
}

/// By which call a message was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SendKind {
    Reply,
    Push,
    Multicast,
    Broadcast,
    Narrowcast,
    Notification,
    TemplatedNotification,
}

/// Who may still be sent to this month, and what was sent on which day.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Ledger {
    limit: Option<u64>,
    #[serde(with = "pairs")]
    used: HashMap<(i16, i8), u64>,
    #[serde(with = "pairs")]
    sent: HashMap<(SendKind, Date), u64>,
    /// Set aside for narrowcasts that are under way.
    #[serde(default)]
    reserved: u64,
    /// A count set before any time was known; it is booked on the first month looked at.
    preset: Option<u64>,
}

impl Ledger {
    pub(crate) fn new(quota: Quota) -> Self {
        let (limit, preset) = match quota {
            Quota::None { used } => (None, used),
            Quota::Limited { value, used } => (Some(value), used),
        };
        Self { limit, used: HashMap::new(), sent: HashMap::new(), reserved: 0, preset }
    }

    /// Sets the limit, and the count of the running month when one is given.
    pub(crate) fn set(&mut self, quota: Quota, now: Millis) {
        let (limit, used) = match quota {
            Quota::None { used } => (None, used),
            Quota::Limited { value, used } => (Some(value), used),
        };
        self.limit = limit;
        if let Some(used) = used {
            self.preset = None;
            self.used.insert(month(now), used);
        }
    }

    /// The limit of the month.
    pub(crate) fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// How many recipients were sent to this month.
    pub(crate) fn used(&mut self, now: Millis) -> u64 {
        let preset = self.preset.take();
        *self.used.entry(month(now)).or_insert(preset.unwrap_or(0))
    }

    /// Whether `recipients` more may be sent to this month.
    pub(crate) fn allows(&mut self, recipients: u64, now: Millis) -> bool {
        self.rest(now).is_none_or(|rest| recipients <= rest)
    }

    /// How many more may be sent to this month, with what is set aside taken off; `None` without a limit.
    pub(crate) fn rest(&mut self, now: Millis) -> Option<u64> {
        let used = self.used(now);
        self.limit.map(|limit| limit.saturating_sub(used).saturating_sub(self.reserved))
    }

    /// Sets a part of the month's quota aside.
    pub(crate) fn reserve(&mut self, recipients: u64) {
        self.reserved = self.reserved.saturating_add(recipients);
    }

    /// Gives back what was set aside.
    pub(crate) fn release(&mut self, recipients: u64) {
        self.reserved = self.reserved.saturating_sub(recipients);
    }

    /// Books a sending. Replies count for the day but not for the quota.
    pub(crate) fn book(&mut self, kind: SendKind, recipients: u64, now: Millis) {
        if !matches!(kind, SendKind::Reply | SendKind::Notification | SendKind::TemplatedNotification) {
            let used = self.used(now).saturating_add(recipients);
            self.used.insert(month(now), used);
        }
        *self.sent.entry((kind, date_in_japan(now))).or_default() += recipients;
    }

    /// How many were sent by `kind` on `date`.
    pub(crate) fn sent_on(&self, kind: SendKind, date: Date) -> u64 {
        self.sent.get(&(kind, date)).copied().unwrap_or(0)
    }
}

/// Maps whose keys are no text, as lists of pairs.
pub(super) mod pairs {
    use std::{collections::HashMap, hash::Hash};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::state) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &HashMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(in crate::state) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<HashMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Eq + Hash,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

fn month(at: Millis) -> (i16, i8) {
    let date = date_in_japan(at);
    (date.year(), date.month())
}
