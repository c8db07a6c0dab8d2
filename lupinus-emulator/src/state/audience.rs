//! Audiences: sets of people that narrowcasts go to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// How many audiences a channel may have.
pub(crate) const MAX_AUDIENCES: usize = 1_000;
/// How long an audience can be used: 180 days.
pub(crate) const LIFE_MS: i64 = 180 * 24 * 60 * 60 * 1_000;
/// How many jobs are listed.
pub(crate) const MAX_JOBS: usize = 50;

/// How an audience came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AudienceKind {
    Upload,
    Click,
    Impression,
}

impl AudienceKind {
    /// LINE's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Upload => "UPLOAD",
            Self::Click => "CLICK",
            Self::Impression => "IMP",
        }
    }
}

/// People who were added later.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) id: i64,
    pub(crate) description: String,
    pub(crate) created_at: Millis,
    pub(crate) ready_at: Millis,
    pub(crate) added: usize,
}

/// One audience.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Audience {
    pub(crate) kind: AudienceKind,
    pub(crate) description: String,
    pub(crate) created_at: Millis,
    /// When it is no longer in progress, unless it is too small for ever.
    pub(crate) ready_at: Millis,
    pub(crate) is_ifa: bool,
    pub(crate) user_ids: BTreeSet<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) click_url: Option<String>,
    pub(crate) jobs: Vec<Job>,
    /// Shared with the account by another one, and readable only.
    pub(crate) shared: bool,
}

impl Audience {
    /// Whether it is usable, and why not. An audience of clicks or impressions needs `min` people.
    pub(crate) fn status(&self, now: Millis, min: u64) -> &'static str {
        let people = u64::try_from(self.user_ids.len()).unwrap_or(u64::MAX);
        let too_small = match self.kind {
            AudienceKind::Upload => people == 0,
            AudienceKind::Click | AudienceKind::Impression => people < min,
        };
        if now >= self.created_at.saturating_add(LIFE_MS) {
            "EXPIRED"
        } else if too_small || now < self.ready_at {
            "IN_PROGRESS"
        } else {
            "READY"
        }
    }
}
