//! Trial (試行): a centre sends to its own staff alone until a list is gone through and two administrators say so.
//!
//! A store without this record is live: it is older than the trial, or plays with an emulator. [`Launch::decide`] is pure.

mod decide;

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::decide::{Command, Context, Decision, Refusal};
use crate::{
    hash::Sha256Hash,
    ids::StaffId,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// For how long what LINE answered counts.
pub const EXAMINED_LIFE: Duration = Duration::from_hours(24);
/// For how long a proposal to go live waits for the other administrator.
pub const PROPOSAL_LIFE: Duration = Duration::from_hours(7 * 24);
/// For how long it counts that somebody looked.
pub const SEEN_LIFE: Duration = Duration::from_hours(90 * 24);

/// Something that the program cannot see for itself, and that an administrator answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// LINE's own greeting and automatic answers are off: its API tells nobody.
    LineResponses,
    /// The opening hours, as they are in force.
    Hours,
    /// The texts that members read.
    Texts,
    /// A backup was made, and read back into another place.
    Backup,
}

impl Seen {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::LineResponses, Self::Hours, Self::Texts, Self::Backup];

    /// Its name in forms and in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LineResponses => "line_responses",
            Self::Hours => "hours",
            Self::Texts => "texts",
            Self::Backup => "backup",
        }
    }

    /// What has this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seen| seen.name() == name)
    }
}

/// That an administrator looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// The hash of what they saw: when it changes, it is to be looked at again.
    pub of: Sha256Hash,
}

impl SeenBy {
    /// Whether it counts for what has this hash now.
    pub fn counts(&self, of: Sha256Hash, now: Timestamp) -> bool {
        self.of == of && lasts(self.at, SEEN_LIFE, now)
    }
}

/// One answer of the doctor on the channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFinding {
    /// What was looked at.
    pub what: String,
    /// Whether it stands in the way.
    pub bad: bool,
    /// What was found.
    pub found: String,
    /// What to do; empty when nothing is.
    pub to_do: String,
}

/// What the doctor found of the channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// When.
    pub at: Timestamp,
    /// What.
    pub findings: Vec<ChannelFinding>,
}

impl Examination {
    /// Whether nothing stands in the way, and that is recent.
    pub fn is_good(&self, now: Timestamp) -> bool {
        let good = !self.findings.is_empty() && self.findings.iter().all(|finding| !finding.bad);
        good && lasts(self.at, EXAMINED_LIFE, now)
    }
}

fn lasts(from: Timestamp, life: Duration, now: Timestamp) -> bool {
    from.checked_add(life).unwrap_or(Timestamp::MAX) > now
}

/// That an administrator wants to go live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl Proposal {
    /// Whether it still waits for the other.
    pub fn counts(&self, now: Timestamp) -> bool {
        lasts(self.at, PROPOSAL_LIFE, now)
    }
}

/// Whether the members are sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stage {
    /// Staff alone.
    Trial {
        /// The proposal that waits for another administrator.
        proposed: Option<Proposal>,
    },
    /// The members.
    Live,
}

/// How far the centre is: the one record of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// Whether the members are sent to.
    pub stage: Stage,
    /// Since when.
    pub since: Timestamp,
    /// What administrators answered for.
    #[serde(default)]
    pub seen: BTreeMap<Seen, SeenBy>,
    /// What the doctor found last.
    #[serde(default)]
    pub examined: Option<Examination>,
}

impl Launch {
    /// The key of the one record.
    pub const KEY: &str = "launch";

    /// A trial that begins.
    pub const fn trial(now: Timestamp) -> Self {
        Self { stage: Stage::Trial { proposed: None }, since: now, seen: BTreeMap::new(), examined: None }
    }

    /// A centre that has been live as long as anybody knows.
    pub const fn live() -> Self {
        Self { stage: Stage::Live, since: Timestamp::UNIX_EPOCH, seen: BTreeMap::new(), examined: None }
    }

    /// Whether it sends to staff alone.
    pub const fn is_trial(&self) -> bool {
        matches!(self.stage, Stage::Trial { .. })
    }
}

impl Entity for Launch {
    const KIND: Kind = Kind::new("launch");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// What must hold before the members are sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The channel answers as it must: token, `chatMode`, webhook and its test.
    Channel,
    /// Two administrators (R23).
    Administrators,
    /// Who must have a second factor has one (R22).
    SecondFactor,
    /// Different people can sign every step of every route (R15).
    Route,
    /// An administrator looked at what the program cannot see.
    Seen(Seen),
    /// A test arrived on the phone of one of the staff.
    Test,
    /// One of the staff accepted the rules as they are now, as members do (R6).
    Rules,
}

impl Check {
    /// Each of them, in the order of the page.
    pub const ALL: [Self; 10] = [
        Self::Channel,
        Self::Seen(Seen::LineResponses),
        Self::Administrators,
        Self::SecondFactor,
        Self::Route,
        Self::Seen(Seen::Hours),
        Self::Seen(Seen::Texts),
        Self::Seen(Seen::Backup),
        Self::Test,
        Self::Rules,
    ];
}
