use std::{ops::RangeInclusive, time::Duration};

use serde::{Deserialize, Serialize};

use crate::queue::Patience;

/// After how much opening time something that waits is late, in the units in which a city says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// Opening hours until somebody takes a post in.
    pub take_hours: u32,
    /// Opening hours until a post in review is decided.
    pub decide_hours: u32,
    /// Opening hours until a returned post comes back from its author.
    pub mend_hours: u32,
    /// Opening hours until an approved post has its day.
    pub schedule_hours: u32,
    /// Opening hours until a member has an answer.
    pub answer_hours: u32,
    /// How many days before its deadline or day a post presses, whatever its age.
    pub days_before: u32,
    /// For how many days a failed sending is shown.
    pub failed_days: u32,
}

impl Deadlines {
    /// What the hours may be: a year of opening time at most.
    pub const HOURS: RangeInclusive<u32> = 1..=2_000;
    /// What [`Deadlines::days_before`] may be.
    pub const DAYS_BEFORE: RangeInclusive<u32> = 0..=30;
    /// What [`Deadlines::failed_days`] may be.
    pub const FAILED_DAYS: RangeInclusive<u32> = 1..=90;

    /// The first that cannot be, by its name.
    pub fn unsound(&self) -> Option<&'static str> {
        [
            ("take_hours", self.take_hours, Self::HOURS),
            ("decide_hours", self.decide_hours, Self::HOURS),
            ("mend_hours", self.mend_hours, Self::HOURS),
            ("schedule_hours", self.schedule_hours, Self::HOURS),
            ("answer_hours", self.answer_hours, Self::HOURS),
            ("days_before", self.days_before, Self::DAYS_BEFORE),
            ("failed_days", self.failed_days, Self::FAILED_DAYS),
        ]
        .into_iter()
        .find_map(|(name, number, sound)| (!sound.contains(&number)).then_some(name))
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        Patience::default().into()
    }
}

/// In whole hours: what a program set in minutes is shorter here.
impl From<Patience> for Deadlines {
    fn from(patience: Patience) -> Self {
        let hours = |span: Duration| u32::try_from(span.as_secs() / 3_600).unwrap_or(u32::MAX);
        Self {
            take_hours: hours(patience.take),
            decide_hours: hours(patience.decide),
            mend_hours: hours(patience.mend),
            schedule_hours: hours(patience.schedule),
            answer_hours: hours(patience.answer),
            days_before: u32::try_from(patience.days_before).unwrap_or(0),
            failed_days: patience.failed_days,
        }
    }
}

impl From<Deadlines> for Patience {
    fn from(deadlines: Deadlines) -> Self {
        let hours = |hours: u32| Duration::from_hours(u64::from(hours));
        Self {
            take: hours(deadlines.take_hours),
            decide: hours(deadlines.decide_hours),
            mend: hours(deadlines.mend_hours),
            schedule: hours(deadlines.schedule_hours),
            answer: hours(deadlines.answer_hours),
            days_before: i32::try_from(deadlines.days_before).unwrap_or(i32::MAX),
            failed_days: deadlines.failed_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_the_patience_that_they_were_read_from() {
        let deadlines = Deadlines::default();
        assert_eq!(Patience::from(deadlines), Patience::default());
        assert_eq!(deadlines.unsound(), None);
        assert_eq!(Deadlines { answer_hours: 0, ..deadlines }.unsound(), Some("answer_hours"));
        assert_eq!(Deadlines { days_before: 31, ..deadlines }.unsound(), Some("days_before"));
    }
}
