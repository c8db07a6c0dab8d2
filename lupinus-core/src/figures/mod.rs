//! Figures of a month or a fiscal year, counted from what the store holds.
//!
//! [`Counting`] is pure: it is handed one record after the other and ends in [`Figures`]. [`Centre::figures`] hands it what
//! belongs to a [`Period`].
//!
//! Members are counted as they stand when the figures are made, everything else by when it happened. What LINE counts is not
//! among them: its statistics are empty below twenty people.
//!
//! [`Centre::figures`]: crate::service::Centre::figures

mod counting;
mod period;

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;

pub use self::{
    counting::Counting,
    period::{FIRST_MONTH, InvalidPeriod, Period},
};
use crate::{
    actor::Role,
    consultation::{Rating, Topic},
    ids::BodyId,
    member::{Area, Profession},
    post::Category,
};

/// The figures of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Of which period.
    pub period: Period,
    /// When they were counted: a period that is not over has fewer than it will have.
    pub counted_at: Timestamp,
    /// The members, as they stand at [`Figures::counted_at`].
    pub members: MemberFigures,
    /// What was sent in the period.
    pub posts: PostFigures,
    /// The consultations that were opened in the period.
    pub consultations: ConsultationTotals,
    /// Personal information in the period.
    pub privacy: PrivacyFigures,
    /// Staff and settings in the period.
    pub staff: StaffFigures,
    /// Each month of the period, in order: twelve for a year.
    pub months: Vec<MonthFigures>,
    /// How often each act of the trail occurred in the period, by its name (`post.submitted`).
    pub acts: BTreeMap<String, u64>,
}

impl Figures {
    /// How often this act occurred in the period.
    pub fn act(&self, name: &str) -> u64 {
        self.acts.get(name).copied().unwrap_or_default()
    }
}

/// The members at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFigures {
    /// Who follows and accepted the rules.
    pub registered: u64,
    /// Who follows and has not accepted the rules yet.
    pub following_only: u64,
    /// Who blocked the account.
    pub blocked: u64,
    /// The registered by profession; `None` for those who did not say.
    pub by_profession: BTreeMap<Option<Profession>, u64>,
    /// The registered by area; `None` for those who did not say.
    pub by_area: BTreeMap<Option<Area>, u64>,
    /// The registered by what they want to receive; `None` for those who want everything. Who wants several counts at each.
    pub by_topic: BTreeMap<Option<Category>, u64>,
}

/// Posts and people reached by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many posts went out.
    pub posts: u64,
    /// To how many people together: what LINE counts as messages. Broadcasts to all friends are not among them.
    pub people: u64,
}

/// What was sent to the members: tests and drills are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostFigures {
    /// Altogether.
    pub sent: Sent,
    /// By category, as it stood in the revision that was sent.
    pub by_category: BTreeMap<Category, Sent>,
    /// By the body that handed it in; `None` for the centre's own.
    pub by_body: BTreeMap<Option<BodyId>, Sent>,
    /// Of them, corrections (訂正).
    pub corrections: u64,
    /// Of them, urgent (緊急配信).
    pub urgent: u64,
    /// Of them, broadcasts to all friends, whose number only LINE knows.
    pub to_all_friends: u64,
    /// Sendings that LINE did not accept in full.
    pub incomplete: u64,
}

/// Consultations that were opened in the period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationTotals {
    /// How many.
    pub opened: u64,
    /// How many members asked.
    pub members: u64,
    /// Of them, resolved by now.
    pub resolved: u64,
    /// Of them, resolved by the member's silence.
    pub resolved_by_silence: u64,
    /// Of them, taken up again at least once.
    pub reopened: u64,
    /// Of them, without an answer by now.
    pub unanswered: u64,
    /// By what they are about; `None` when the member did not say.
    pub by_topic: BTreeMap<Option<Topic>, u64>,
    /// By the profession of who asked; `None` when they did not say, or left.
    pub by_profession: BTreeMap<Option<Profession>, u64>,
    /// Of them, those whose member said whether it helped.
    pub by_rating: BTreeMap<Rating, u64>,
    /// From the question to the first answer, in opening hours.
    pub first_answer: Spread,
    /// From the question to its end, in opening hours.
    pub resolution: Spread,
}

/// How a span spreads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Half took no longer; `None` of nothing.
    pub median: Option<Duration>,
    /// Nine of ten took no longer; `None` of nothing.
    pub ninety_percent: Option<Duration>,
}

impl Spread {
    /// Of these spans, by nearest rank.
    pub fn of(mut spans: Vec<Duration>) -> Self {
        spans.sort_unstable();
        let at = |percent: usize| {
            let rank = (spans.len() * percent).div_ceil(100).max(1);
            spans.get(rank - 1).copied()
        };
        Self { median: at(50), ninety_percent: at(90) }
    }
}

/// Personal information: what was caught, and what got through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrivacyFigures {
    /// Consultations of the period in which something was masked on receipt.
    pub masked: u64,
    /// Findings that staff let pass with a reason.
    pub allowed: u64,
    /// Incidents (漏えい等) that were begun in the period.
    pub incidents: u64,
    /// Incidents without an end, whenever they began.
    pub incidents_open: u64,
}

/// Who had access, and what they changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffFigures {
    /// Accounts that may sign in now, by role: one person may have several.
    pub by_role: BTreeMap<Role, u64>,
    /// Accounts that may sign in now.
    pub active: u64,
    /// Different accounts that signed in during the period.
    pub signed_in: u64,
}

/// One month of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthFigures {
    /// Which.
    pub month: Period,
    /// Who added the account, or came back after a block: `member.followed` and `member.returned`.
    pub joined: u64,
    /// Who blocked it, left, or was erased while they followed: `member.blocked`, `member.left`, `member.erased`.
    pub left: u64,
    /// What was sent.
    pub sent: Sent,
    /// Consultations opened.
    pub consultations: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_by_nearest_rank() {
        let minutes = |many: &[u64]| many.iter().copied().map(Duration::from_mins).collect::<Vec<_>>();
        assert_eq!(Spread::of(Vec::new()), Spread::default());
        let spread = Spread::of(minutes(&[10, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        assert_eq!(
            (spread.median, spread.ninety_percent),
            (Some(Duration::from_mins(5)), Some(Duration::from_mins(9)))
        );
        let one = Spread::of(minutes(&[7]));
        assert_eq!((one.median, one.ninety_percent), (one.ninety_percent, Some(Duration::from_mins(7))));
    }
}
