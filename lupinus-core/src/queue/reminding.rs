//! Reminders (督促): of whom a post that waits too long is asked, and when they are told again.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Sight;
use crate::{
    actor::{Permission, Who},
    ids::StaffId,
    post::{Post, PostState, Routes},
    staff::Staff,
};

/// That those of whom a post is asked were reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// When last.
    pub at: Timestamp,
    /// How often those were whose turn it was.
    pub times: u32,
}

/// Since when those are asked whose turn it is: since it was handed in or taken, came to its step, or somebody signed last.
fn asked_since(post: &Post) -> Timestamp {
    let turn = post.turn_since.or(post.submitted_at).unwrap_or(post.updated_at);
    post.approvals.iter().map(|given| given.at).fold(turn, Timestamp::max)
}

/// The reminder that counts: one of before those were asked whose turn it is does not.
pub fn reminded(post: &Post) -> Option<Reminded> {
    post.reminded.filter(|reminded| reminded.at > asked_since(post))
}

/// Whether those of whom it is asked are to be reminded now: when it is late, and again after as much **opening time** once more.
/// Nobody is reminded while the centre is closed.
pub fn is_to_be_reminded(post: &Post, sight: &Sight<'_>) -> bool {
    let limit: Duration = match post.state {
        PostState::Submitted => sight.patience.take,
        PostState::InReview { .. } => sight.patience.decide,
        _ => return false,
    };
    let since = reminded(post).map_or(asked_since(post), |reminded| reminded.at);
    sight.hours.is_open(sight.now) && sight.hours.open_duration(since, sight.now) >= limit
}

/// Whether it is this one's turn: to take the post in, or to agree at the step where it waits. `in_force` are the city's routes.
pub fn is_asked_of(post: &Post, staff: &Staff, in_force: &Routes) -> bool {
    let wrote = |id: StaffId| {
        let who = Who::Staff(id);
        post.author == who || post.revisions.iter().any(|revision| revision.by == who)
    };
    let turn = match post.state {
        PostState::Submitted => staff.roles.permit(Permission::CheckPost),
        PostState::InReview { step, .. } => {
            let step = post.walks(in_force).steps.get(step);
            step.is_some_and(|step| step.approvers.include(staff.id, &staff.roles))
                && !post.has_signed(staff.id)
        }
        _ => false,
    };
    staff.active && turn && !wrote(staff.id)
}
