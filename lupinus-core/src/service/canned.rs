//! Canned answers: written, changed and taken up again by those who answer.

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::Permission,
    audit::Subject,
    canned::{CannedAnswer, Command, Context, MAX_CANNED, Refusal},
    ids::CannedId,
    screening,
    store::{Entity, Scan, StoreExt, Stored},
};

impl Centre {
    /// The canned answers that are offered, or those that are retired, by their titles.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not read consultations; [`ServiceError::Store`].
    pub async fn canned_answers(
        &self,
        by: By,
        retired: bool,
    ) -> Result<Vec<Stored<CannedAnswer>>, ServiceError> {
        self.may_read_consultations(by).await?;
        let state = if retired { "retired " } else { "current " };
        Ok(self.store.all(Scan::index(CannedAnswer::KIND, "state").prefix(state), 2 * MAX_CANNED).await?)
    }

    /// One canned answer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn canned_answer(&self, by: By, id: CannedId) -> Result<Stored<CannedAnswer>, ServiceError> {
        self.may_read_consultations(by).await?;
        self.load_canned(id).await
    }

    async fn load_canned(&self, id: CannedId) -> Result<Stored<CannedAnswer>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("canned answer"))
    }

    /// They are meant for many: what is somebody's has no place in them.
    fn refuse_personal_wording(&self, title: &str, text: &str) -> Result<(), ServiceError> {
        for words in [title, text] {
            self.refuse_personal(words, screening::Context::StaffAnswer)?;
        }
        Ok(())
    }
}

impl Work {
    /// A new canned answer, screened as an answer is.
    ///
    /// # Errors
    /// [`ServiceError::PersonalInformation`]; [`ServiceError::Canned`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn write_canned(
        &mut self,
        by: By,
        title: &str,
        text: &str,
    ) -> Result<CannedAnswer, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        if !actor.may(Permission::AnswerConsultations) {
            return Err(ServiceError::NotAllowed);
        }
        centre.refuse_personal_wording(title, text)?;
        if centre.store.count(&Scan::keys(CannedAnswer::KIND)).await? >= MAX_CANNED as u64 {
            return Err(ServiceError::Canned(Refusal::Full));
        }
        let id = CannedId::from_uuid(centre.ids.uuid(self.now()));
        let cx = Context { actor: &actor, now: self.now() };
        let decision = CannedAnswer::write(id, title, text, &cx).map_err(ServiceError::Canned)?;
        self.insert(&decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// What staff do with a canned answer; what is written is screened first.
    ///
    /// # Errors
    /// [`ServiceError::PersonalInformation`]; [`ServiceError::Canned`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn canned_command(
        &mut self,
        by: By,
        id: CannedId,
        command: Command,
    ) -> Result<CannedAnswer, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let stored = centre.load_canned(id).await?;
        if let Command::Change { title, text, .. } = &command {
            centre.refuse_personal_wording(title, text)?;
        }
        let cx = Context { actor: &actor, now: self.now() };
        let decision = stored.value.decide(command, &cx).map_err(ServiceError::Canned)?;
        self.update(&stored, &decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }
}

fn subject(id: CannedId) -> Subject {
    Subject::new(&CannedAnswer::KIND, id)
}
