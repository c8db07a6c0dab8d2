//! Incidents: opened from what got through, kept, reported, closed.

use serde_json::{Value, json};

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    consultation::Consultation,
    faq::Faq,
    ids::IncidentId,
    incident::{Command, Context, Facts, Incident, Refusal, Source},
    post::Post,
    screening,
    store::{Cursor, Entity, Paged, Scan, StoreExt, Stored},
};

impl Centre {
    /// An incident.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn incident(&self, by: By, id: IncidentId) -> Result<Stored<Incident>, ServiceError> {
        self.may_handle_incidents(by).await?;
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("incident"))
    }

    /// The incidents in which something is to be done, or those that are closed; the latest first.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn incidents(
        &self,
        by: By,
        closed: bool,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Incident>, ServiceError> {
        self.may_handle_incidents(by).await?;
        let group = if closed { "closed " } else { "running " };
        let scan = Scan::index(Incident::KIND, "state").prefix(group).backwards();
        Ok(self.store.page(&scan.after(after).limit(limit)).await?)
    }

    /// The incident of what got through here, if there is one that is not closed; for those alone who may read it there.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn incident_from(
        &self,
        by: By,
        source: &Source,
    ) -> Result<Option<Stored<Incident>>, ServiceError> {
        let actor = self.may_handle_incidents(by).await?;
        self.check_source(&actor, source).await?;
        self.running_incident_from(source).await
    }

    async fn running_incident_from(&self, source: &Source) -> Result<Option<Stored<Incident>>, ServiceError> {
        Ok(self.store.first(&Scan::index(Incident::KIND, "source").exactly(source.index())).await?)
    }

    async fn may_handle_incidents(&self, by: By) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        if actor.may(Permission::HandleIncidents) { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }

    /// Whether there is such a thing, and this one may read it.
    async fn check_source(&self, actor: &Actor, source: &Source) -> Result<(), ServiceError> {
        if let Some(id) = source.subject.id_of(&Post::KIND) {
            if !actor.may(Permission::ReadPosts) || source.entry.is_some() {
                return Err(ServiceError::NotAllowed);
            }
            let found = self.store.load::<Post>(id).await?;
            return found.map(|_| ()).ok_or(ServiceError::NotFound("post"));
        }
        if let Some(id) = source.subject.id_of(&Faq::KIND) {
            if !actor.may(Permission::ReadConsultations) || source.entry.is_some() {
                return Err(ServiceError::NotAllowed);
            }
            let found = self.store.load::<Faq>(id).await?;
            return found.map(|_| ()).ok_or(ServiceError::NotFound("entry"));
        }
        let Some(id) = source.subject.id_of(&Consultation::KIND) else {
            return Err(ServiceError::NotFound("source"));
        };
        if !actor.may(Permission::ReadConsultations) {
            return Err(ServiceError::NotAllowed);
        }
        let found = self.store.load::<Consultation>(id).await?;
        let thread = found.ok_or(ServiceError::NotFound("consultation"))?.value.thread;
        let stands_there = source.entry.is_none_or(|id| thread.iter().any(|entry| entry.id == id));
        if stands_there { Ok(()) } else { Err(ServiceError::NotFound("entry")) }
    }

    /// The record names what was leaked by its kind: personal information has no place in it.
    fn refuse_personal_facts(&self, facts: &Facts) -> Result<(), ServiceError> {
        for text in facts.items.values() {
            self.refuse_personal(text, screening::Context::StaffAnswer)?;
        }
        Ok(())
    }
}

impl Work {
    /// Somebody learned that personal information got through: a record begins, and its clocks run.
    ///
    /// # Errors
    /// [`ServiceError::Incident`], also when there is a record of this; [`ServiceError::PersonalInformation`];
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn open_incident(
        &mut self,
        by: By,
        source: Option<Source>,
        facts: Facts,
    ) -> Result<Incident, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.may_handle_incidents(by).await?;
        if let Some(source) = &source {
            centre.check_source(&actor, source).await?;
            if let Some(known) = centre.running_incident_from(source).await? {
                return Err(ServiceError::Incident(Refusal::Known(known.value.id)));
            }
        }
        centre.refuse_personal_facts(&facts)?;
        let id = IncidentId::from_uuid(centre.ids.uuid(self.now()));
        let cx = Context { actor: &actor, zone: centre.policy().hours.time_zone(), now: self.now() };
        let decision = Incident::open(id, source, facts, &cx).map_err(ServiceError::Incident)?;
        self.insert(&decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// What staff do with an incident.
    ///
    /// # Errors
    /// [`ServiceError::Incident`]; [`ServiceError::PersonalInformation`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn incident_command(
        &mut self,
        by: By,
        id: IncidentId,
        command: Command,
    ) -> Result<Incident, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.may_handle_incidents(by).await?;
        match &command {
            Command::Save { facts, .. } => centre.refuse_personal_facts(facts)?,
            Command::Close { reason } => {
                centre.refuse_personal(reason, screening::Context::StaffAnswer)?;
            }
            Command::Report(_) | Command::Reopen => {}
        }
        let read = centre.incident(by, id).await?;
        let cx = Context { actor: &actor, zone: centre.policy().hours.time_zone(), now: self.now() };
        let decision = read.value.decide(command, &cx).map_err(ServiceError::Incident)?;
        // A closed one that is taken up again must not be the second of its kind.
        if let Some(source) = &decision.next.source
            && read.value.is_closed()
            && let Some(known) = centre.running_incident_from(source).await?
        {
            return Err(ServiceError::Incident(Refusal::Known(known.value.id)));
        }
        self.update(&read, &decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// The record as JSON, for the report and for whoever keeps it. That it was exported is written to the trail.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn export_incident(&mut self, by: By, id: IncidentId) -> Result<Value, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.may_handle_incidents(by).await?;
        let incident = centre.incident(by, id).await?.value;
        self.audit(subject(id), &actor, Act::new("incident.exported")).await?;
        let facts = &incident.facts;
        let items: Vec<Value> = crate::incident::Item::ALL
            .into_iter()
            .zip(1..)
            .map(|(item, number)| {
                json!({ "number": number, "name": item.name(), "label": item.label_ja(), "text": facts.item(item) })
            })
            .collect();
        Ok(json!({
            "format": 1,
            "id": incident.id,
            "state": incident.state,
            "from": incident.source,
            "learned_at": facts.learned_at,
            "persons": facts.persons,
            "special_care": facts.special_care,
            "financial": facts.financial,
            "malicious": facts.malicious,
            "grounds": facts.grounds(),
            "deadlines": facts.deadlines(centre.policy().hours.time_zone()),
            "preliminary": incident.preliminary,
            "final": incident.final_report,
            "closed_because": incident.closed_because,
            "opened_at": incident.opened_at,
            "opened_by": incident.opened_by,
            "updated_at": incident.updated_at,
            "exported_at": self.now(),
            "items": items,
        }))
    }
}

fn subject(id: IncidentId) -> Subject {
    Subject::new(&Incident::KIND, id)
}
