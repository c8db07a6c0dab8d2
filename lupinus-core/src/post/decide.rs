use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::{
    Approval, Content, Field, FieldMark, FindingAt, MAX_REVISIONS, Post, PostPolicy, PostState as S, Refusal,
    Remark, RemarkKind, Revision, Route, Urgency,
};
use crate::{
    actor::{Actor, Permission, Who},
    audience::Audience,
    audit::Act,
    ids::{DeliveryId, PostId, StaffId},
    outbox::{Message, NotSent},
    screening::Allowance,
};

/// Something that somebody wants done with a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Its author changes it.
    Edit {
        /// What it shall be.
        content: Box<Content>,
        /// What screening found in that.
        marks: Vec<FieldMark>,
    },
    /// Its author says to whom it should go.
    Propose(Audience),
    /// 提出
    Submit,
    /// 引戻し: its author takes it back for editing.
    Recall,
    /// 受付
    Take,
    /// 差戻し
    Return {
        /// What to mend.
        comment: String,
        /// At which field.
        field: Option<Field>,
    },
    /// 却下
    Reject {
        /// Why.
        reason: String,
    },
    /// 承認
    Approve {
        /// The revision that they looked at.
        revision: u32,
        /// Whether they confirm what screening found.
        confirmed: bool,
    },
    /// A finding may stand: by one of the staff, with a reason.
    Allow {
        /// Where.
        at: FindingAt,
        /// What, and why.
        allowance: Allowance,
    },
    /// 取下げ
    Withdraw {
        /// Why.
        reason: String,
    },
    /// 予約, or at once when `at` is now.
    Schedule {
        /// When.
        at: Timestamp,
        /// To whom.
        audience: Audience,
    },
    /// Back from 予約.
    Unschedule,
    /// The time has come.
    Due {
        /// The delivery that begins.
        delivery: DeliveryId,
    },
    /// The delivery has ended.
    Finish {
        /// Whether everybody was reached who could be.
        complete: bool,
        /// How many people it went to; 0 when it reached none.
        recipients: u32,
    },
    /// 配信中止: nothing more of it is sent; what was sent stays sent.
    Cancel {
        /// Why.
        reason: String,
    },
    /// 再配信: once more to those whom a failed delivery did not reach.
    Resend {
        /// The delivery that begins.
        delivery: DeliveryId,
    },
    /// The second signature under an emergency.
    Sign,
    /// 後閲: one for whom a deputy decided has looked at it.
    Seen,
}

impl Command {
    /// Its name, for the trail and for tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Edit { .. } => "edit",
            Self::Propose(_) => "propose",
            Self::Submit => "submit",
            Self::Recall => "recall",
            Self::Take => "take",
            Self::Return { .. } => "return",
            Self::Reject { .. } => "reject",
            Self::Approve { .. } => "approve",
            Self::Allow { .. } => "allow",
            Self::Withdraw { .. } => "withdraw",
            Self::Schedule { .. } => "schedule",
            Self::Unschedule => "unschedule",
            Self::Due { .. } => "due",
            Self::Finish { .. } => "finish",
            Self::Cancel { .. } => "cancel",
            Self::Resend { .. } => "resend",
            Self::Sign => "sign",
            Self::Seen => "seen",
        }
    }
}

/// What a decision is taken by, beside the post itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The route that a post of its urgency begins with now.
    pub route: &'a Route,
    /// The city's rules on posts.
    pub policy: &'a PostPolicy,
    /// The centre's time zone.
    pub zone: &'a TimeZone,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The post as it is from now on.
    pub next: Post,
    /// What the trail says.
    pub act: Act,
    /// What its author is told, if they are a member.
    pub tell: Option<Message>,
}

impl Post {
    /// What `command` makes of this post. Reads nothing, sends nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let mut decision = self.step(command, cx)?;
        // Whoever was replaced is asked to look at it afterwards (後閲), whatever the deputy decided.
        if let Some((replaced, _)) = cx.actor.on_behalf_of.as_ref()
            && !decision.next.later_sight.contains(replaced)
        {
            decision.next.later_sight.push(*replaced);
        }
        Ok(decision)
    }

    fn step(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        use Command as C;
        let own = cx.actor.who == self.author;
        let system = cx.actor.who == Who::System;
        let may = |permission| cx.actor.may(permission);
        match (&self.state, command) {
            (S::Draft | S::Returned, C::Edit { content, marks }) if own => self.edited(*content, marks, cx),
            (S::Draft | S::Returned, C::Propose(audience)) if own => {
                let next = Self { audience, updated_at: cx.now, ..self.clone() };
                Ok(Decision { next, act: self.act("post.audience_proposed"), tell: None })
            }
            (S::Draft | S::Returned, C::Submit) if own => self.submitted(cx),
            (S::Submitted, C::Recall) if own => Ok(self.moved(S::Draft, "post.recalled", cx)),
            (S::Submitted, C::Take) if may(Permission::CheckPost) => {
                let reviewer = cx.actor.staff_id().ok_or(Refusal::NotAllowed)?;
                let told = Message::PostTaken { post: self.id, title: self.title().to_owned() };
                let mut decision = self.moved(S::InReview { step: 0, reviewer }, "post.taken", cx);
                decision.next.route = Some(cx.route.clone());
                Ok(decision.telling(told))
            }
            (S::InReview { .. }, C::Return { comment, field }) if may(Permission::CheckPost) => {
                let told = Message::PostReturned {
                    post: self.id,
                    title: self.title().to_owned(),
                    comment: comment.clone(),
                    field,
                };
                let mut decision = self.moved(S::Returned, "post.returned", cx);
                // Only a post in review holds approvals, and only a returned one can be edited: an edit finds none.
                decision.next.approvals.clear();
                decision.next.route = None;
                decision.next.needs_review = false;
                decision.act.detail = json!({ "field": field });
                decision.remarked(RemarkKind::Returned, comment, field, cx).map(|d| d.telling(told))
            }
            (S::InReview { .. }, C::Reject { reason }) if may(Permission::DecidePost) => {
                let told = Message::PostRejected {
                    post: self.id,
                    title: self.title().to_owned(),
                    reason: reason.clone(),
                };
                let decision = self.moved(S::Rejected, "post.rejected", cx);
                decision.remarked(RemarkKind::Rejected, reason, None, cx).map(|d| d.telling(told))
            }
            (S::InReview { step, .. }, C::Approve { revision, confirmed }) => {
                self.approved(*step, revision, confirmed, cx)
            }
            (S::InReview { .. }, C::Allow { at, allowance }) if may(Permission::CheckPost) => {
                self.finding_allowed(&at, allowance, cx)
            }
            (
                S::Draft
                | S::Submitted
                | S::InReview { .. }
                | S::Returned
                | S::Approved
                | S::Scheduled { .. },
                C::Withdraw { reason },
            ) if own || (may(Permission::DecidePost) && !matches!(self.state, S::Draft)) => {
                let told = (!own).then(|| Message::PostWithdrawn {
                    post: self.id,
                    title: self.title().to_owned(),
                    reason: reason.clone(),
                });
                let decision = self.moved(S::Withdrawn, "post.withdrawn", cx);
                decision
                    .remarked(RemarkKind::Withdrawn, reason, None, cx)
                    .map(|d| Decision { tell: told, ..d })
            }
            (S::Approved, C::Schedule { at, audience }) if may(Permission::DecidePost) => {
                self.scheduled(at, audience, cx)
            }
            // The system does when trial and live have changed since somebody confirmed it.
            (S::Scheduled { .. }, C::Unschedule) if system || may(Permission::DecidePost) => {
                let told = self.not_sent(NotSent::Unscheduled);
                Ok(self.moved(S::Approved, "post.unscheduled", cx).telling(told))
            }
            (S::Scheduled { at, .. }, C::Due { delivery }) if system && *at <= cx.now => {
                self.due(delivery, cx)
            }
            (S::Sending { delivery }, C::Finish { complete, recipients }) if system => {
                let delivery = *delivery;
                let told = match (complete, recipients) {
                    (false, _) if self.cancelled == Some(delivery) => self.not_sent(NotSent::Cancelled),
                    (true, 0) => self.not_sent(NotSent::Nobody),
                    (true, _) => {
                        Message::PostSent { post: self.id, title: self.title().to_owned(), recipients }
                    }
                    (false, 0) => self.not_sent(NotSent::Failed),
                    (false, _) => self.not_sent(NotSent::Incomplete),
                };
                let (state, action) = if complete {
                    (S::Sent { delivery, at: cx.now }, "post.sent")
                } else {
                    (S::Failed { delivery, at: cx.now }, "post.failed")
                };
                Ok(self.moved(state, action, cx).telling(told))
            }
            (S::Sending { delivery }, C::Cancel { reason }) if may(Permission::DecidePost) => {
                if self.cancelled == Some(*delivery) {
                    return Err(Refusal::NotNow { state: self.state.name() });
                }
                let mut decision = self.moved(self.state.clone(), "post.cancelled", cx);
                decision.next.cancelled = Some(*delivery);
                decision.remarked(RemarkKind::Cancelled, reason, None, cx)
            }
            (S::Failed { delivery: before, .. }, C::Resend { delivery }) if may(Permission::DecidePost) => {
                self.resent(*before, delivery, cx)
            }
            (_, C::Sign) if self.needs_review && may(Permission::DecidePost) => self.signed(cx),
            (_, C::Seen) if cx.actor.staff_id().is_some_and(|id| self.later_sight.contains(&id)) => {
                let mut decision = self.moved(self.state.clone(), "post.seen_afterwards", cx);
                decision.next.later_sight.retain(|id| Some(*id) != cx.actor.staff_id());
                Ok(decision)
            }
            (state, command) => Err(self.refused(state, &command, cx)),
        }
    }

    /// A new post that corrects this one (訂正): it goes to exactly the people whom this one reached, once somebody else has
    /// approved it.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] for a post that was not sent; [`Refusal::NotAllowed`].
    pub fn correction(
        &self,
        id: PostId,
        content: Content,
        marks: Vec<FieldMark>,
        cx: &Context<'_>,
    ) -> Result<Self, Refusal> {
        let (S::Sent { delivery, .. } | S::Failed { delivery, .. }) = self.state else {
            return Err(Refusal::NotNow { state: self.state.name() });
        };
        // Any desk may begin one (R32): somebody else approves it in any case.
        if !cx.actor.may(Permission::WritePost) {
            return Err(Refusal::NotAllowed);
        }
        let mut post = Self::new(id, cx.actor.who, self.body, self.urgency, content, marks, cx.now);
        post.corrects = Some(self.id);
        post.corrects_deliveries = self.earlier_deliveries.iter().copied().chain([delivery]).collect();
        Ok(post)
    }

    fn act(&self, action: &'static str) -> Act {
        let act = Act::new(action);
        match self.revision() {
            Some(revision) => {
                let hash = revision.hash.to_hex();
                act.revision(revision.number).detail(json!({ "content": hash }))
            }
            None => act,
        }
    }

    pub(super) fn moved(&self, state: S, action: &'static str, cx: &Context<'_>) -> Decision {
        let turn_since = if state == self.state { self.turn_since } else { Some(cx.now) };
        let next = Self { state, turn_since, updated_at: cx.now, ..self.clone() };
        Decision { act: next.act(action), next, tell: None }
    }

    fn edited(&self, content: Content, marks: Vec<FieldMark>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        if self.revisions.len() >= MAX_REVISIONS {
            return Err(Refusal::TooManyRevisions);
        }
        let number = self.revision().map_or(1, |revision| revision.number + 1);
        let hash = content.hash();
        let mut decision = self.moved(self.state.clone(), "post.edited", cx);
        decision.next.revisions.push(Revision { number, content, hash, at: cx.now, by: cx.actor.who, marks });
        decision.act = decision.next.act("post.edited");
        Ok(decision)
    }

    fn submitted(&self, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let revision = self.revision().ok_or(Refusal::Edited)?;
        let problems = cx.policy.problems(&revision.content, cx.now, cx.zone);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        if revision.is_blocked() && !cx.policy.confirm_instead_of_block {
            return Err(Refusal::PersonalInformation);
        }
        let mut decision = self.moved(S::Submitted, "post.submitted", cx);
        decision.next.submitted_at = Some(cx.now);
        Ok(decision)
    }

    fn approved(
        &self,
        step: usize,
        seen: u32,
        confirmed: bool,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let (by, replaced) = self.signatory(cx)?;
        let revision = self.revision().ok_or(Refusal::Edited)?;
        if revision.number != seen {
            return Err(Refusal::Edited);
        }
        // A record of before names no route.
        let route = self.route.as_ref().unwrap_or(cx.route);
        let route_step = route.steps.get(step).ok_or(Refusal::NotAllowed)?;
        let last = step + 1 == route.steps.len();
        let (asked, roles) = match &cx.actor.on_behalf_of {
            Some((id, roles)) => (*id, roles),
            None => (by, &cx.actor.roles),
        };
        // Whoever says the last yes decides that it may be sent.
        let decides = !last || roles.permit(Permission::DecidePost);
        if !route_step.approvers.include(asked, roles) || !decides {
            return Err(Refusal::NotAllowed);
        }
        if self.has_signed(by) || replaced.is_some_and(|id| self.has_signed(id)) {
            return Err(Refusal::AlreadyApproved);
        }
        if revision.content.expiry(cx.zone).is_some_and(|at| at <= cx.now) {
            return Err(Refusal::Expired);
        }
        if self.needs_confirmation() && !confirmed {
            return Err(Refusal::ConfirmationNeeded);
        }
        let approval = Approval {
            step,
            by,
            on_behalf_of: replaced,
            revision: revision.number,
            hash: revision.hash,
            at: cx.now,
        };
        let agreed = 1 + self.approvals.iter().filter(|given| given.step == step).count();
        let through = agreed >= usize::from(route_step.required.get());
        let state = match (through, last, &self.state) {
            (true, true, _) => S::Approved,
            (true, false, S::InReview { reviewer, .. }) => {
                S::InReview { step: step + 1, reviewer: *reviewer }
            }
            _ => self.state.clone(),
        };
        let final_yes = state == S::Approved;
        let mut decision = self.moved(state, "post.approved", cx);
        decision.act.detail = json!({
            "content": revision.hash.to_hex(), "step": step, "final": final_yes, "confirmed": confirmed,
        });
        decision.next.approvals.push(approval);
        if final_yes {
            decision.next.needs_review = route.review_afterwards;
            decision.tell = Some(Message::PostApproved { post: self.id, title: self.title().to_owned() });
        }
        Ok(decision)
    }

    /// Who signs, and in whose stead: neither may be an author.
    pub(super) fn signatory(&self, cx: &Context<'_>) -> Result<(StaffId, Option<StaffId>), Refusal> {
        let by = cx.actor.staff_id().ok_or(Refusal::NotAllowed)?;
        let replaced = cx.actor.on_behalf_of.as_ref().map(|(id, _)| *id);
        if self.was_written_by(by) || replaced.is_some_and(|id| self.was_written_by(id)) {
            return Err(Refusal::OwnPost);
        }
        Ok((by, replaced))
    }

    /// Whether somebody has signed the present revision, themselves or through a deputy.
    pub(crate) fn has_signed(&self, id: StaffId) -> bool {
        self.approvals.iter().any(|given| given.by == id || given.on_behalf_of == Some(id))
    }

    fn was_written_by(&self, id: StaffId) -> bool {
        let staff = Who::Staff(id);
        self.author == staff || self.revisions.iter().any(|revision| revision.by == staff)
    }

    fn scheduled(&self, at: Timestamp, audience: Audience, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let revision = self.approved_revision().ok_or(Refusal::Edited)?;
        let expiry = revision.content.expiry(cx.zone);
        if at < cx.now || expiry.is_some_and(|expiry| expiry <= at) {
            return Err(Refusal::BadTime);
        }
        let told = (at > cx.now).then(|| Message::PostScheduled {
            post: self.id,
            title: self.title().to_owned(),
            at,
        });
        let detail = json!({ "content": revision.hash.to_hex(), "at": at, "audience": audience });
        let mut decision = self.moved(S::Scheduled { at, audience, trial: false }, "post.scheduled", cx);
        decision.act.detail = detail;
        Ok(Decision { tell: told, ..decision })
    }

    fn not_sent(&self, why: NotSent) -> Message {
        Message::PostNotSent { post: self.id, title: self.title().to_owned(), why }
    }

    fn due(&self, delivery: DeliveryId, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let Some(revision) = self.approved_revision() else {
            let told = self.not_sent(NotSent::Altered);
            let decision = self.moved(S::Approved, "post.altered_before_sending", cx).telling(told);
            let text = "配信予定の時刻に、内容が承認されたものと一致しませんでした。".to_owned();
            return decision.remarked(RemarkKind::Altered, text, None, cx);
        };
        if revision.content.expiry(cx.zone).is_some_and(|at| at <= cx.now) {
            let told = self.not_sent(NotSent::Expired);
            let decision = self.moved(S::Approved, "post.expired_before_sending", cx).telling(told);
            let text = "配信予定の時刻には、開催日時または掲載期限を過ぎていました。".to_owned();
            return decision.remarked(RemarkKind::Expired, text, None, cx);
        }
        let mut decision = self.moved(S::Sending { delivery }, "post.sending", cx);
        decision.act.detail = json!({ "content": revision.hash.to_hex(), "delivery": delivery });
        Ok(decision)
    }

    fn resent(
        &self,
        before: DeliveryId,
        delivery: DeliveryId,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let revision = self.approved_revision().ok_or(Refusal::Edited)?;
        if revision.content.expiry(cx.zone).is_some_and(|at| at <= cx.now) {
            return Err(Refusal::Expired);
        }
        let mut decision = self.moved(S::Sending { delivery }, "post.resent", cx);
        decision.next.earlier_deliveries.push(before);
        decision.act.detail =
            json!({ "content": revision.hash.to_hex(), "delivery": delivery, "after": before });
        Ok(decision)
    }

    fn signed(&self, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let (by, replaced) = self.signatory(cx)?;
        if self.has_signed(by) || replaced.is_some_and(|id| self.has_signed(id)) {
            return Err(Refusal::AlreadyApproved);
        }
        let mut decision = self.moved(self.state.clone(), "post.signed_afterwards", cx);
        decision.next.needs_review = false;
        decision.next.signed = Some((by, cx.now));
        Ok(decision)
    }

    /// Why not: their state, or who they are?
    fn refused(&self, state: &S, command: &Command, cx: &Context<'_>) -> Refusal {
        use Command as C;
        let in_time = match command {
            C::Edit { .. } | C::Propose(_) | C::Submit => matches!(state, S::Draft | S::Returned),
            C::Recall | C::Take => matches!(state, S::Submitted),
            C::Return { .. } | C::Reject { .. } | C::Approve { .. } | C::Allow { .. } => {
                matches!(state, S::InReview { .. })
            }
            C::Withdraw { .. } => !state.is_final() && !matches!(state, S::Sending { .. }),
            C::Schedule { .. } => matches!(state, S::Approved),
            C::Unschedule => matches!(state, S::Scheduled { .. }),
            C::Due { .. } => matches!(state, S::Scheduled { at, .. } if *at <= cx.now),
            C::Finish { .. } | C::Cancel { .. } => matches!(state, S::Sending { .. }),
            C::Resend { .. } => matches!(state, S::Failed { .. }),
            C::Sign => self.needs_review,
            C::Seen => !self.later_sight.is_empty(),
        };
        if in_time { Refusal::NotAllowed } else { Refusal::NotNow { state: state.name() } }
    }

    /// Whether quiet hours let it pass.
    pub fn is_urgent(&self) -> bool {
        self.urgency == Urgency::Emergency
    }
}

impl Decision {
    fn telling(self, message: Message) -> Self {
        Self { tell: Some(message), ..self }
    }

    fn remarked(
        mut self,
        kind: RemarkKind,
        text: String,
        field: Option<Field>,
        cx: &Context<'_>,
    ) -> Result<Self, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        let revision = self.next.revision().map_or(0, |revision| revision.number);
        self.next.remarks.push(Remark { kind, text, field, revision, by: cx.actor.who, at: cx.now });
        Ok(self)
    }
}
