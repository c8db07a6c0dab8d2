//! What of a post may be tested: sent to named staff, marked, whether it is approved or not.

use jiff::{Timestamp, tz::TimeZone};

use super::{Post, PostState, Refusal, Revision};
use crate::actor::{Actor, Permission};

impl Post {
    /// The revision that `actor` tests, who has seen the one numbered `seen`. Reads nothing, changes nothing of the post.
    ///
    /// # Errors
    /// A [`Refusal`]: what is sent already, or never will be, is not tested; nor is what has expired (R28).
    pub fn tested_revision(
        &self,
        seen: u32,
        actor: &Actor,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<&Revision, Refusal> {
        if !actor.may(Permission::CheckPost) || (self.state == PostState::Draft && self.author != actor.who) {
            return Err(Refusal::NotAllowed);
        }
        self.testable(seen, zone, now)
    }

    /// The revision numbered `seen`, while it may be tested at all, by whomever.
    ///
    /// # Errors
    /// As [`Post::tested_revision`].
    pub(crate) fn testable(&self, seen: u32, zone: &TimeZone, now: Timestamp) -> Result<&Revision, Refusal> {
        use PostState as S;
        let now_or_never = match self.state {
            S::Draft
            | S::Submitted
            | S::InReview { .. }
            | S::Returned
            | S::Approved
            | S::Scheduled { .. } => false,
            S::Rejected | S::Withdrawn | S::Sending { .. } | S::Sent { .. } | S::Failed { .. } => true,
        };
        let present = self.revision().filter(|_| !now_or_never);
        let present = present.ok_or(Refusal::NotNow { state: self.state.name() })?;
        if present.number != seen {
            return Err(Refusal::Edited);
        }
        if present.content.expiry(zone).is_some_and(|at| at <= now) {
            return Err(Refusal::Expired);
        }
        Ok(present)
    }
}
