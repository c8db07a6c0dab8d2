//! What a city changes while it runs: each part in versions, over what its file says.
//!
//! The file gives the defaults and what a running program cannot change. [`Setting::decide`] is pure; who asks goes through
//! [`Work::change_setting`](crate::service::Work::change_setting), and what is decided is in force when that is committed.

mod deadlines;
mod decide;
mod texts;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::deadlines::Deadlines;
pub use self::decide::{Command, Context, Decision, Refusal};
pub use self::texts::{CityTexts, MemberTexts, ShippedText, TextProblem};
use crate::{
    calendar::{OfficeHours, QuietHours},
    choices::{Areas, Professions, Usage},
    disposal::Retention,
    ids::StaffId,
    policy::Policy,
    post::Routes,
    screening::CityPolicy,
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// A part that can be changed while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Opening hours and closing days.
    Hours,
    /// Hours in which nothing that can wait is sent.
    Quiet,
    /// The most that is sent (R29, R30).
    Ceilings,
    /// What follows from personal information, by kind and context (R7).
    Screening,
    /// Which approvals a post needs (R15).
    Routes,
    /// When something that waits for the staff is late.
    Deadlines,
    /// The areas (圏域) that members choose from.
    Areas,
    /// The professions that members choose from.
    Professions,
    /// For how long records are kept (R20).
    Retention,
    /// The words that members read.
    Texts,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 10] = [
        Self::Hours,
        Self::Quiet,
        Self::Routes,
        Self::Deadlines,
        Self::Ceilings,
        Self::Screening,
        Self::Professions,
        Self::Areas,
        Self::Retention,
        Self::Texts,
    ];

    /// Most versions that are kept; of more, the latest. All of them stand in one record
    /// ([`MAX_BODY_BYTES`](crate::store::MAX_BODY_BYTES)), and a list of professions may have
    /// 60 KB, texts 80 KB.
    pub const fn max_versions(self) -> usize {
        match self {
            Self::Professions | Self::Texts => 50,
            _ => 100,
        }
    }

    /// Its name in keys and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Quiet => "quiet",
            Self::Ceilings => "ceilings",
            Self::Screening => "screening",
            Self::Routes => "routes",
            Self::Deadlines => "deadlines",
            Self::Areas => "areas",
            Self::Professions => "professions",
            Self::Retention => "retention",
            Self::Texts => "texts",
        }
    }

    /// The part of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Hours => "受付時間と閉庁日",
            Self::Quiet => "配信しない時間帯",
            Self::Ceilings => "配信の上限",
            Self::Screening => "個人情報の確認のきまり",
            Self::Routes => "承認経路",
            Self::Deadlines => "期限と督促",
            Self::Areas => "圏域",
            Self::Professions => "職種",
            Self::Retention => "保存年限",
            Self::Texts => "会員が読む文",
        }
    }

    /// What is in force of it under this policy.
    pub fn of(self, policy: &Policy) -> Value {
        match self {
            Self::Hours => Value::Hours(Box::new(policy.hours.clone())),
            Self::Quiet => Value::Quiet(policy.quiet.clone().unwrap_or_else(QuietHours::never)),
            Self::Ceilings => Value::Ceilings(Ceilings {
                repeat_days: u32::try_from(policy.gate.repeat_window.as_secs() / 86_400).unwrap_or(u32::MAX),
                per_person_per_hour: policy.gate.per_person_per_hour,
                per_account_per_hour: policy.gate.per_account_per_hour,
            }),
            Self::Screening => Value::Screening(policy.screening.clone()),
            Self::Routes => Value::Routes(Box::new(policy.routes.clone())),
            Self::Deadlines => Value::Deadlines(policy.patience.into()),
            Self::Areas => Value::Areas(policy.areas.clone()),
            Self::Professions => Value::Professions(policy.professions.clone()),
            Self::Retention => Value::Retention(policy.retention),
            Self::Texts => Value::Texts(Box::new(policy.texts.as_ref().clone())),
        }
    }
}

/// The most that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceilings {
    /// For how many days the same content does not go to the same person again.
    pub repeat_days: u32,
    /// Most posts to one person within an hour.
    pub per_person_per_hour: u32,
    /// Most people reached by the account within an hour.
    pub per_account_per_hour: u64,
}

impl Ceilings {
    /// Most days of [`Ceilings::repeat_days`].
    pub const MAX_REPEAT_DAYS: u32 = 365;

    /// Whether something can be sent at all, and nothing is remembered for ever.
    pub fn are_sound(&self) -> bool {
        (1..=Self::MAX_REPEAT_DAYS).contains(&self.repeat_days)
            && self.per_person_per_hour > 0
            && self.per_account_per_hour > 0
    }
}

/// What a part says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Of [`Part::Hours`].
    Hours(Box<OfficeHours>),
    /// Of [`Part::Quiet`].
    Quiet(QuietHours),
    /// Of [`Part::Ceilings`].
    Ceilings(Ceilings),
    /// Of [`Part::Screening`]: what is otherwise than the screen's own policy.
    Screening(CityPolicy),
    /// Of [`Part::Routes`].
    Routes(Box<Routes>),
    /// Of [`Part::Deadlines`].
    Deadlines(Deadlines),
    /// Of [`Part::Areas`].
    Areas(Areas),
    /// Of [`Part::Professions`].
    Professions(Professions),
    /// Of [`Part::Retention`].
    Retention(Retention),
    /// Of [`Part::Texts`]: those that are otherwise than shipped, or than in the city's file.
    Texts(Box<CityTexts>),
}

impl Value {
    /// Which part it is of.
    pub const fn part(&self) -> Part {
        match self {
            Self::Hours(_) => Part::Hours,
            Self::Quiet(_) => Part::Quiet,
            Self::Ceilings(_) => Part::Ceilings,
            Self::Screening(_) => Part::Screening,
            Self::Routes(_) => Part::Routes,
            Self::Deadlines(_) => Part::Deadlines,
            Self::Areas(_) => Part::Areas,
            Self::Professions(_) => Part::Professions,
            Self::Retention(_) => Part::Retention,
            Self::Texts(_) => Part::Texts,
        }
    }

    /// Whether it can be in force in the place of this one. Hours cannot be anything else.
    fn may_replace(&self, present: &Self) -> bool {
        match (self, present) {
            (Self::Hours(_), Self::Hours(_)) | (Self::Quiet(_), Self::Quiet(_)) => true,
            (Self::Ceilings(ceilings), Self::Ceilings(_)) => ceilings.are_sound(),
            (Self::Screening(decided), Self::Screening(_)) => decided.is_sound(),
            (Self::Routes(routes), Self::Routes(present)) => routes.may_replace(present),
            (Self::Deadlines(deadlines), Self::Deadlines(_)) => deadlines.unsound().is_none(),
            (Self::Areas(areas), Self::Areas(_)) => areas.unsound().is_none(),
            (Self::Professions(professions), Self::Professions(_)) => professions.unsound().is_none(),
            (Self::Retention(retention), Self::Retention(_)) => retention.is_sound(),
            (Self::Texts(texts), Self::Texts(_)) => texts.is_sound(),
            _ => false,
        }
    }

    /// What it is in the place of this one: of a list, what that offers and this does not is retired, and what was retired
    /// already stays so where it is used, so that figures and audiences go on naming it. Without `usage` all of it does.
    pub fn keeping(self, before: &Self, usage: Option<&Usage>) -> Self {
        match (self, before) {
            (Self::Areas(areas), Self::Areas(before)) => Self::Areas(
                areas.keeping(before, |area| usage.is_none_or(|usage| usage.of_area(area).is_any())),
            ),
            (Self::Professions(professions), Self::Professions(before)) => {
                Self::Professions(professions.keeping(before, |profession| {
                    usage.is_none_or(|usage| usage.of_profession(profession).is_any())
                }))
            }
            (other, _) => other,
        }
    }

    fn put_into(&self, policy: &mut Policy) {
        match self {
            // The zone is the file's.
            Self::Hours(hours) => policy.hours = hours.in_zone_of(&policy.hours),
            Self::Quiet(quiet) => policy.quiet = Some(quiet.clone()),
            Self::Ceilings(ceilings) => {
                policy.gate.repeat_window = Duration::from_hours(24 * u64::from(ceilings.repeat_days));
                policy.gate.per_person_per_hour = ceilings.per_person_per_hour;
                policy.gate.per_account_per_hour = ceilings.per_account_per_hour;
            }
            Self::Screening(decided) => policy.screening = decided.clone(),
            Self::Routes(routes) => policy.routes = routes.as_ref().clone(),
            Self::Deadlines(deadlines) => policy.patience = (*deadlines).into(),
            Self::Areas(areas) => policy.areas = areas.clone(),
            Self::Professions(professions) => policy.professions = professions.clone(),
            Self::Retention(retention) => policy.retention = *retention,
            Self::Texts(texts) => policy.texts = Arc::new(texts.as_ref().clone()),
        }
    }
}

/// One state of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// What it says; `None` for what the file says.
    pub value: Option<Value>,
    /// Who set it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

/// One part with its versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Which.
    pub part: Part,
    /// Oldest first; the last is in force.
    pub versions: Vec<Version>,
}

impl Setting {
    /// A part that nobody has changed: as the file says.
    pub const fn untouched(part: Part) -> Self {
        Self { part, versions: Vec::new() }
    }

    /// The number of the version in force; 0 when nobody has changed it.
    pub fn number(&self) -> u32 {
        self.versions.last().map_or(0, |version| version.number)
    }

    /// What the version in force says; `None` for what the file says.
    pub fn value(&self) -> Option<&Value> {
        self.versions.last()?.value.as_ref()
    }

    /// What is in force, where the file says this.
    pub fn in_force(&self, file: &Value) -> Value {
        self.over(file).unwrap_or_else(|| file.clone())
    }

    /// What is in force in the place of what the file says. Back at the file, a list still knows what was chosen from it meanwhile.
    fn over(&self, file: &Value) -> Option<Value> {
        let before = self.versions.iter().rev().find_map(|version| version.value.as_ref())?;
        match self.value() {
            Some(value) => Some(value.clone()),
            None if matches!(self.part, Part::Areas | Part::Professions) => {
                Some(file.clone().keeping(before, None))
            }
            None => None,
        }
    }

    /// The file's policy with what these say.
    pub fn applied<'a>(file: &Policy, settings: impl IntoIterator<Item = &'a Self>) -> Policy {
        let mut policy = file.clone();
        for setting in settings {
            if let Some(value) = setting.over(&setting.part.of(file)) {
                value.put_into(&mut policy);
            }
        }
        policy
    }
}

impl Entity for Setting {
    const KIND: Kind = Kind::new("setting");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.part.name().to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_hours_are_in_the_zone_that_the_file_has_by_now() {
        let read = |zone: &str| -> OfficeHours {
            serde_json::from_str(&format!(r#"{{"time_zone": "{zone}", "mon": ["09:00-12:00"]}}"#)).unwrap()
        };
        let version = Version {
            number: 1,
            value: Some(Value::Hours(Box::new(read("Asia/Tokyo")))),
            by: StaffId::from_uuid(uuid::Uuid::from_u128(1)),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let setting = Setting { part: Part::Hours, versions: vec![version] };
        let file = Policy { hours: OfficeHours::default().in_zone_of(&read("UTC")), ..Policy::default() };
        let hours = Setting::applied(&file, [&setting]).hours;
        assert_eq!(hours.time_zone(), file.hours.time_zone());
        assert_ne!(hours, file.hours, "the hours are the changed ones");
    }
}
