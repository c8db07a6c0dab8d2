//! Handing on, taking up again, merging, and what members say of it at the end.

use super::subject;
use crate::{
    actor::Permission,
    body::Body,
    consultation::{Command, Consultation, Decision, Merged, Rating, Refusal},
    ids::{BodyId, ConsultationId},
    member::{Member, MemberState},
    outbox::{Addressee, Recipient},
    service::{By, Centre, ServiceError, Work},
    store::{StoreExt, Stored},
};

/// How far one consultation goes on in another, and that one in a third.
const MAX_HOPS: usize = 10;
/// Most submitters of a body who are asked at once.
const MAX_ASKED: usize = 20;

impl Work {
    /// A member says with one tap whether it helped.
    ///
    /// # Errors
    /// [`ServiceError::Consultation`] when it is not resolved, or too long ago; [`ServiceError::NotFound`], also for another's;
    /// [`ServiceError::NotAllowed`] to all but members who follow; [`ServiceError::Store`].
    pub async fn rate_consultation(
        &mut self,
        by: By,
        id: ConsultationId,
        rating: Rating,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let (actor, stored) = centre.own_consultation(by, id).await?;
        let cx = self.consultation_context(&centre, &actor);
        let Decision { next, act, .. } =
            stored.value.decide(Command::Rate(rating), &cx).map_err(ServiceError::Consultation)?;
        self.update(&stored, &next)?;
        Ok(self.audit(subject(id), &actor, act).await?)
    }

    /// Two consultations of one member become one (統合): it goes on in the earlier one, and the later one points there. Nobody is
    /// told anything. Of two who do it at once the second is refused.
    ///
    /// # Errors
    /// [`ServiceError::Consultation`]; [`ServiceError::NotFound`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn merge_consultations(
        &mut self,
        by: By,
        earlier: ConsultationId,
        later: ConsultationId,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        if !actor.may(Permission::AnswerConsultations) {
            return Err(ServiceError::NotAllowed);
        }
        let (first, second) =
            (centre.load_consultation(earlier).await?, centre.load_consultation(later).await?);
        let cx = self.consultation_context(&centre, &actor);
        let Merged { earlier: next, earlier_act, later: over, later_act } =
            first.value.merge(&second.value, &cx).map_err(ServiceError::Consultation)?;
        self.update(&second, &over)?;
        self.update(&first, &next)?;
        self.audit(subject(later), &actor, later_act).await?;
        Ok(self.audit(subject(earlier), &actor, earlier_act).await?)
    }
}

impl Centre {
    /// The consultation in which this one goes on: itself, unless it was merged.
    pub(super) async fn where_it_goes_on(
        &self,
        found: Stored<Consultation>,
    ) -> Result<Stored<Consultation>, ServiceError> {
        let mut found = found;
        for _ in 0..MAX_HOPS {
            let Some(earlier) = found.value.merged_into else { break };
            // What it goes on in may have gone before it, when its years were over (R20).
            match self.load_consultation(earlier).await {
                Err(ServiceError::NotFound(_)) => break,
                earlier => found = earlier?,
            }
        }
        Ok(found)
    }

    /// Refuses while another consultation of the same member is unresolved.
    pub(super) async fn refuse_second_unresolved(&self, one: &Consultation) -> Result<(), ServiceError> {
        match self.unresolved_consultation_of(one.member).await? {
            Some(other) if other.value.id != one.id => {
                Err(ServiceError::Consultation(Refusal::AnotherUnresolved))
            }
            _ => Ok(()),
        }
    }

    /// Those of a body who can be asked on the channel.
    pub(super) async fn desk_of(&self, body: BodyId) -> Result<Vec<Recipient>, ServiceError> {
        let known = self.store.load::<Body>(&body.to_string()).await?;
        if !known.is_some_and(|body| body.value.active) {
            return Err(ServiceError::NotFound("body"));
        }
        let reachable = |member: Member| match member {
            Member { state: MemberState::Following, contact: Some(contact), id, .. } => {
                Some(Recipient::Person(Addressee { member: id, contact: Some(contact) }))
            }
            _ => None,
        };
        let desk: Vec<Recipient> =
            self.submitters(body).await?.into_iter().filter_map(reachable).take(MAX_ASKED).collect();
        if desk.is_empty() {
            return Err(ServiceError::Consultation(Refusal::NobodyThere));
        }
        Ok(desk)
    }

    /// The other consultations of the same member, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn others_of_member(
        &self,
        by: By,
        one: &Consultation,
        limit: usize,
    ) -> Result<Vec<Consultation>, ServiceError> {
        self.may_read_consultations(by).await?;
        let page = self.consultations_of(one.member, None, limit + 1).await?;
        let others = page.items.into_iter().map(|stored| stored.value).filter(|other| other.id != one.id);
        Ok(others.take(limit).collect())
    }
}
