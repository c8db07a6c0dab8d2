//! Consultations: what members say, and what staff do with it.

mod afterwards;
mod finding;
mod reading;

use serde_json::{Value, json};

pub use self::finding::{ConsultationsFound, MAX_CONSULTATIONS_LOOKED_AT};
pub use self::reading::{ConsultationFigures, ConsultationFilter};
use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    consultation::{Command, Consultation, Context, Decision, Media, Refusal, Said, Verdict},
    ids::{ConsultationId, EntryId, MemberId, StaffId},
    member::{Member, MemberState},
    outbox::{Addressee, Message, Recipient, Sort},
    screening::{self, Action, AllowList, Allowance, OwnWords, PiiKind},
    staff::Staff,
    store::{Entity, MAX_PAGE, Scan, StoreExt, Stored},
};

/// What became of a member's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The consultation that holds it.
    pub consultation: ConsultationId,
    /// Whether there was one that it joined, resolved or not.
    pub joined: bool,
    /// Whether it took a resolved consultation up again.
    pub reopened: bool,
    /// When the centre opens, if it is closed now and that is known.
    pub closed_until: Option<jiff::Timestamp>,
    /// Whether the member is told something: an item is in the outbox.
    pub told: bool,
}

/// What became of a command of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// The consultation as it is now.
    pub consultation: Consultation,
    /// Whether the member is told something. An answer to somebody who blocked the account or left is kept and not sent.
    pub told: bool,
}

/// What one of the staff says of what screening finds in what they write for members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vetting {
    /// What may stand there, with reasons.
    pub allowed: Vec<Allowance>,
    /// Whether they have looked at what is to be confirmed.
    pub confirmed: bool,
}

impl Work {
    /// A member says something in consultation: it opens one, joins the unresolved one, or takes the last one up again
    /// within the window. What they are to be told goes to `recipient` as one item.
    ///
    /// The text is to be screened where it is received. Here it is screened once more, which changes nothing then.
    ///
    /// # Errors
    /// [`ServiceError::RulesNotAccepted`] before the present rules are accepted (R6); [`ServiceError::Consultation`];
    /// [`ServiceError::NotAllowed`] to all but members who follow; [`ServiceError::Store`].
    pub async fn ask(&mut self, by: By, said: Said, recipient: Recipient) -> Result<Asked, ServiceError> {
        let centre = self.centre().clone();
        let By::Member(member) = by else { return Err(ServiceError::NotAllowed) };
        let actor = centre.actor(by).await?;
        if !centre.member(member).await?.value.has_accepted(&centre.policy().rules_version) {
            return Err(ServiceError::RulesNotAccepted);
        }
        let said = centre.masked(said);
        let cx = self.consultation_context(&centre, &actor);
        let last = match centre.unresolved_consultation_of(member).await? {
            Some(unresolved) => Some(unresolved),
            None => match centre.last_consultation_of(member).await? {
                Some(last) => Some(centre.where_it_goes_on(last).await?),
                None => None,
            },
        };
        let joins = match &last {
            Some(last) => match last.value.decide(Command::Message(said.clone()), &cx) {
                // Too late or too long to be taken up again: a new one begins.
                Err(Refusal::WindowOver | Refusal::Full) if last.value.is_resolved() => None,
                decided => Some((last, decided.map_err(ServiceError::Consultation)?)),
            },
            None => None,
        };
        let joined = joins.is_some();
        let reopened = joins
            .as_ref()
            .is_some_and(|(last, decision)| last.value.is_resolved() && !decision.next.is_resolved());
        let Decision { next, act, tell } = if let Some((last, decision)) = joins {
            self.update(last, &decision.next)?;
            decision
        } else {
            let id = ConsultationId::from_uuid(centre.ids.uuid(self.now()));
            let decision = Consultation::open(id, member, said, &cx).map_err(ServiceError::Consultation)?;
            self.insert(&decision.next)?;
            decision
        };
        self.audit(subject(next.id), &actor, act).await?;
        let told = self.tell(Some(recipient), tell, next.id)?;
        let closed_until = centre.policy().hours.closed_period(self.now()).and_then(|period| period.until);
        Ok(Asked { consultation: next.id, joined, reopened, closed_until, told })
    }

    /// A member shows a picture or file in their unresolved consultation, where the city takes them. It is held until one of the
    /// staff has looked (R11).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when none is open; [`ServiceError::Consultation`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::Store`].
    pub async fn show(&mut self, by: By, media: Media, channel_message: String) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let By::Member(member) = by else { return Err(ServiceError::NotAllowed) };
        let actor = centre.actor(by).await?;
        let open = centre.unresolved_consultation_of(member).await?;
        let open = open.ok_or(ServiceError::NotFound("consultation"))?;
        let cx = self.consultation_context(&centre, &actor);
        let command = Command::Show { media, channel_message };
        let decision = open.value.decide(command, &cx).map_err(ServiceError::Consultation)?;
        self.update(&open, &decision.next)?;
        self.audit(subject(decision.next.id), &actor, decision.act).await?;
        Ok(())
    }

    /// 解決した: a member says that their consultation is resolved. The confirmation goes to `recipient`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is not theirs; [`ServiceError::Consultation`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::Store`].
    pub async fn resolve_by_member(
        &mut self,
        by: By,
        id: ConsultationId,
        recipient: Recipient,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let (actor, stored) = centre.own_consultation(by, id).await?;
        let cx = self.consultation_context(&centre, &actor);
        let decision = stored.value.decide(Command::Resolve, &cx).map_err(ServiceError::Consultation)?;
        self.update(&stored, &decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        self.tell(Some(recipient), decision.tell, id)?;
        Ok(())
    }

    /// 送信取消: a member took a message back on the channel; what it said leaves the record in this very change (R9), also
    /// when they have blocked the account since. `None` when no consultation of theirs holds it.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to all but members; [`ServiceError::NotFound`] for an unknown one;
    /// [`ServiceError::Store`].
    pub async fn unsend(
        &mut self,
        by: By,
        channel_message: &str,
    ) -> Result<Option<ConsultationId>, ServiceError> {
        let centre = self.centre().clone();
        let By::Member(member) = by else { return Err(ServiceError::NotAllowed) };
        let actor = Actor::member(member, centre.member(member).await?.value.submits_for);
        let scan = Scan::index(Consultation::KIND, "channel_message").exactly(channel_message);
        let found = centre.store.all::<Consultation>(scan, MAX_PAGE).await?;
        let Some(stored) = found.into_iter().find(|found| found.value.member == member) else {
            return Ok(None);
        };
        let command = Command::Erase { channel_message: channel_message.to_owned() };
        let cx = self.consultation_context(&centre, &actor);
        let decision = stored.value.decide(command, &cx).map_err(ServiceError::Consultation)?;
        self.update(&stored, &decision.next)?;
        self.erases();
        self.audit(subject(decision.next.id), &actor, decision.act).await?;
        self.erase_faq_drafts(decision.next.id, &actor).await?;
        Ok(Some(decision.next.id))
    }

    /// What staff do with a consultation. An answer and a note are screened first (R7); an answer and an end by the staff
    /// are pushed to the member, if the account can reach them.
    ///
    /// # Errors
    /// [`ServiceError::PersonalInformation`] and [`ServiceError::ConfirmationNeeded`] with where and what;
    /// [`ServiceError::Consultation`] with the refusal; [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn consultation_command(
        &mut self,
        by: By,
        id: ConsultationId,
        command: Command,
    ) -> Result<Handled, ServiceError> {
        self.vetted_consultation_command(by, id, command, &Vetting::default()).await
    }

    /// As [`Work::consultation_command`], when whoever answers has looked at what screening finds in the answer: what they confirm,
    /// and what they allow with a reason. Each of these is written to the trail, and suggested for the list of what is never personal.
    ///
    /// # Errors
    /// As [`Work::consultation_command`]; [`ServiceError::WordList`] for an allowance without a reason, or of what cannot be allowed.
    pub async fn vetted_consultation_command(
        &mut self,
        by: By,
        id: ConsultationId,
        command: Command,
        vetting: &Vetting,
    ) -> Result<Handled, ServiceError> {
        let centre = self.centre().clone();
        if !matches!(by, By::Staff(_) | By::Deputy { .. }) {
            return Err(ServiceError::NotAllowed);
        }
        let actor = centre.actor(by).await?;
        if !actor.may(Permission::AnswerConsultations) {
            return Err(ServiceError::NotAllowed);
        }
        let mut allowed = Vec::new();
        match &command {
            Command::Answer { text } => {
                allowed = centre.vetted(text, screening::Context::StaffAnswer, vetting)?;
            }
            Command::Note { text } | Command::Tag { tag: text } => {
                centre.refuse_personal(text, screening::Context::StaffAnswer)?;
            }
            Command::Assign { to } => centre.check_consultant(*to).await?,
            Command::Transfer { to, summary } => {
                centre.check_consultant(*to).await?;
                let summary = summary.as_deref().unwrap_or_default();
                centre.refuse_personal(summary, screening::Context::StaffAnswer)?;
            }
            Command::Refer { summary, .. } => {
                centre.refuse_personal(summary, screening::Context::StaffAnswer)?;
            }
            _ => {}
        }
        let stored = centre.load_consultation(id).await?;
        let cx = self.consultation_context(&centre, &actor);
        let referral = match &command {
            Command::Refer { to, summary } => Some((centre.desk_of(*to).await?, summary.trim().to_owned())),
            _ => None,
        };
        if command == Command::Reopen {
            centre.refuse_second_unresolved(&stored.value).await?;
        }
        let removes = matches!(command, Command::Settle { verdict: Verdict::Remove, .. });
        let decision = stored.value.decide(command, &cx).map_err(ServiceError::Consultation)?;
        if removes {
            self.erases();
        }
        let recipient = centre.reach(decision.next.member).await?;
        let handled = self.conclude(&stored, &actor, decision, recipient).await?;
        if let Some((desk, summary)) = referral {
            for submitter in desk {
                let message = Message::ConsultationReferral { summary: summary.clone() };
                self.send(submitter, vec![message], Sort::Personal, Some(subject(id)), None)?;
            }
        }
        for Allowance { kind, reason, .. } in &allowed {
            let detail = json!({ "kind": kind, "reason": reason });
            let act = Act::new("consultation.finding_allowed").detail(detail);
            self.audit(subject(id), &actor, act).await?;
        }
        self.suggest(&actor, &allowed, &subject(id)).await?;
        Ok(handled)
    }

    /// Resolves one consultation because its member said nothing more, and tells them.
    ///
    /// # Errors
    /// [`ServiceError::Consultation`] when it is not so far; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn resolve_silent(&mut self, id: ConsultationId) -> Result<Handled, ServiceError> {
        let centre = self.centre().clone();
        let actor = Actor::system();
        let stored = centre.load_consultation(id).await?;
        let cx = self.consultation_context(&centre, &actor);
        let decision =
            stored.value.decide(Command::ResolveBySilence, &cx).map_err(ServiceError::Consultation)?;
        let recipient = centre.reach(decision.next.member).await?;
        self.conclude(&stored, &actor, decision, recipient).await
    }

    async fn conclude(
        &mut self,
        stored: &Stored<Consultation>,
        actor: &Actor,
        decision: Decision,
        recipient: Option<Recipient>,
    ) -> Result<Handled, ServiceError> {
        let Decision { next, mut act, tell } = decision;
        self.update(stored, &next)?;
        let owed = !tell.is_empty();
        let told = self.tell(recipient, tell, next.id)?;
        if let (true, Value::Object(detail)) = (owed, &mut act.detail) {
            detail.insert("told".to_owned(), told.into());
        }
        self.audit(subject(next.id), actor, act).await?;
        Ok(Handled { consultation: next, told })
    }

    fn tell(
        &mut self,
        recipient: Option<Recipient>,
        messages: Vec<Message>,
        id: ConsultationId,
    ) -> Result<bool, ServiceError> {
        let (Some(recipient), false) = (recipient, messages.is_empty()) else { return Ok(false) };
        self.send(recipient, messages, Sort::Personal, Some(subject(id)), None)?;
        Ok(true)
    }

    pub(super) fn consultation_context<'a>(&self, centre: &'a Centre, actor: &'a Actor) -> Context<'a> {
        Context {
            actor,
            policy: &centre.policy().consultations,
            hours: &centre.policy().hours,
            entry: EntryId::from_uuid(centre.ids.uuid(self.now())),
            now: self.now(),
        }
    }
}

impl Centre {
    /// How to reach a member by push; `None` when they blocked the account or left.
    pub(super) async fn reach(&self, id: MemberId) -> Result<Option<Recipient>, ServiceError> {
        let Some(member) = self.store.load::<Member>(&id.to_string()).await? else { return Ok(None) };
        let Member { state: MemberState::Following, contact: Some(contact), .. } = member.value else {
            return Ok(None);
        };
        Ok(Some(Recipient::Person(Addressee { member: id, contact: Some(contact) })))
    }

    /// Refuses a text in which screening blocks something that is not allowed, or asks for a confirmation that is not given.
    /// Answers what was allowed of what stands there.
    pub(super) fn vetted(
        &self,
        text: &str,
        context: screening::Context,
        vetting: &Vetting,
    ) -> Result<Vec<Allowance>, ServiceError> {
        self.check_allowances(&vetting.allowed)?;
        let found = self.screen.check(text, context).marks;
        let stands_there = |allowance: &&Allowance| {
            found.iter().any(|mark| {
                mark.kind == allowance.kind
                    && mark.action != Action::Allow
                    && text.get(mark.start..mark.end) == Some(allowance.text.as_str())
            })
        };
        let used: Vec<Allowance> = vetting.allowed.iter().filter(stands_there).cloned().collect();
        let allowed = used.iter().map(|allowance| allowance.text.as_str());
        let own = OwnWords {
            allowed: AllowList::new(allowed).map_err(|_| ServiceError::WordList)?,
            ..OwnWords::default()
        };
        let screened = self.screen.check_within(text, context, &own);
        if screened.blocks() {
            return Err(ServiceError::PersonalInformation(screened.marks));
        }
        if screened.warns() && !vetting.confirmed {
            return Err(ServiceError::ConfirmationNeeded(screened.marks));
        }
        Ok(used)
    }

    fn masked(&self, said: Said) -> Said {
        let screened = self.screen.check(&said.text, screening::Context::Consultation);
        let blocked = screened.marks.iter().filter(|mark| mark.action == Action::Block);
        let mut masked: Vec<PiiKind> =
            said.masked.iter().copied().chain(blocked.map(|mark| mark.kind)).collect();
        masked.sort_unstable();
        masked.dedup();
        Said { text: screened.into_masked(), masked, ..said }
    }

    async fn check_consultant(&self, id: StaffId) -> Result<(), ServiceError> {
        match self.store.load::<Staff>(&id.to_string()).await? {
            Some(staff)
                if staff.value.active && staff.value.roles.permit(Permission::AnswerConsultations) =>
            {
                Ok(())
            }
            _ => Err(ServiceError::Consultation(Refusal::NotAConsultant)),
        }
    }

    pub(super) async fn may_read_consultations(&self, by: By) -> Result<(), ServiceError> {
        let reads = by == By::System || self.actor(by).await?.may(Permission::ReadConsultations);
        if reads { Ok(()) } else { Err(ServiceError::NotAllowed) }
    }

    /// A member's own consultation, and the member. Another's is not found.
    async fn own_consultation(
        &self,
        by: By,
        id: ConsultationId,
    ) -> Result<(Actor, Stored<Consultation>), ServiceError> {
        let By::Member(member) = by else { return Err(ServiceError::NotAllowed) };
        let actor = self.actor(by).await?;
        let stored = self.load_consultation(id).await?;
        if stored.value.member == member {
            Ok((actor, stored))
        } else {
            Err(ServiceError::NotFound("consultation"))
        }
    }

    async fn load_consultation(&self, id: ConsultationId) -> Result<Stored<Consultation>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("consultation"))
    }
}

pub(super) fn subject(id: ConsultationId) -> Subject {
    Subject::new(&Consultation::KIND, id)
}
