//! Records whose years of retention are over: listed, decided on, and gone, a few at a time.

mod going;
mod listing;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::json;

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audit::Subject,
    canned::CannedAnswer,
    consultation::Consultation,
    disposal::{Class, Command, Context, Disposal, Extension, Item, Refusal, Retention},
    faq::Faq,
    figures::Period,
    ids::DisposalId,
    incident::Incident,
    post::Post,
    screening,
    store::{Entity, Kind, RecordKey, Scan, StoreExt, Stored},
};

/// Most things that wait in the outbox while a list is made.
const MAX_WAITING: usize = 100_000;
/// Most certificates that are read at once: dozens of years of them.
const MAX_CERTIFICATES: usize = 10_000;
/// Most chunks of sendings that go in one change with their post, each being two records; of more, some go before.
const MAX_BELONGING: usize = 1_500;

/// What an entry of the trail is called that says that its record is gone by a disposal.
pub(super) const DISPOSED: &str = "record.disposed";

impl Centre {
    /// The disposals, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn disposals(&self, by: By) -> Result<Vec<Disposal>, ServiceError> {
        self.may_dispose(by).await?;
        let scan = Scan::index(Disposal::KIND, "proposed").backwards();
        let all = self.store.all::<Disposal>(scan, MAX_CERTIFICATES).await?;
        Ok(all.into_iter().map(|read| read.value).collect())
    }

    /// One disposal: a list, or a certificate.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn disposal(&self, by: By, id: DisposalId) -> Result<Stored<Disposal>, ServiceError> {
        self.may_dispose(by).await?;
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("disposal"))
    }

    /// What is due today, up to [`MAX_ITEMS`](crate::disposal::MAX_ITEMS) records; nothing is proposed by it.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn due_for_disposal(&self, by: By) -> Result<Vec<Item>, ServiceError> {
        self.may_dispose(by).await?;
        self.listed(&self.policy().retention).await
    }

    /// How many records may go on a day if they are kept that long, by class and by the fiscal year in which they were closed: by
    /// their years alone, whatever else keeps them from a list. Reads each of them.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn past_retention(
        &self,
        by: By,
        retention: &Retention,
        on: Date,
    ) -> Result<BTreeMap<(Class, Period), usize>, ServiceError> {
        self.may_dispose(by).await?;
        self.over_by_years(retention, on).await
    }

    /// What is kept longer than its years say, and why, as long as it is.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn extensions(&self, by: By) -> Result<Vec<Extension>, ServiceError> {
        self.may_dispose(by).await?;
        let all = self.store.all::<Extension>(Scan::keys(Extension::KIND), MAX_WAITING).await?;
        let today = self.today();
        Ok(all.into_iter().map(|read| read.value).filter(|extension| extension.until >= today).collect())
    }

    /// Of these those that there is a record of.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn still_there<'a>(
        &self,
        subjects: &[&'a Subject],
    ) -> Result<BTreeSet<&'a Subject>, ServiceError> {
        let (subjects, keys): (Vec<_>, Vec<_>) =
            subjects.iter().filter_map(|subject| Some((*subject, key_of(subject)?))).unzip();
        let records = self.store.get_many(&keys).await?;
        Ok(subjects.into_iter().zip(records).filter_map(|(subject, read)| read.map(|_| subject)).collect())
    }

    async fn may_dispose(&self, by: By) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        if actor.may(Permission::ManageSettings) { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }

    /// The certificates that are what their own trails say, by their ids: of each the records that may be gone by it.
    pub(super) async fn certificates(&self) -> Result<BTreeMap<DisposalId, BTreeSet<Subject>>, ServiceError> {
        let mut sound = BTreeMap::new();
        for read in self.store.all::<Disposal>(Scan::keys(Disposal::KIND), MAX_CERTIFICATES).await? {
            let disposal = read.value;
            let hash = json!(disposal.hash());
            let trail = self.audit_of(&subject(disposal.id)).await?;
            let decided = trail.iter().find(|entry| entry.action == "disposal.decided");
            if decided.is_some_and(|entry| entry.detail.get("list") == Some(&hash)) {
                let covered = disposal.items.iter().map(|item| &item.subject);
                let covered = covered.filter(|subject| disposal.covers(subject)).cloned().collect();
                sound.insert(disposal.id, covered);
            }
        }
        Ok(sound)
    }

    /// Whether there is no record of this subject, of the kinds that are disposed of or of certificates.
    pub(super) async fn is_gone(&self, subject: &Subject) -> Result<bool, ServiceError> {
        match key_of(subject) {
            Some(key) => Ok(self.store.get(&key).await?.is_none()),
            None => Ok(false),
        }
    }
}

impl Work {
    /// An administrator proposes that what is due today goes.
    ///
    /// # Errors
    /// [`ServiceError::Disposal`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn propose_disposal(&mut self, by: By) -> Result<Disposal, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.may_dispose(by).await?;
        if centre.store.first::<Disposal>(&Scan::index(Disposal::KIND, "open")).await?.is_some() {
            return Err(ServiceError::Disposal(Refusal::AnotherOpen));
        }
        let retention = centre.policy().retention;
        let items = centre.listed(&retention).await?;
        let id = DisposalId::from_uuid(centre.ids.uuid(self.now()));
        let cx = Context { actor: &actor, retention: &retention, today: centre.today(), now: self.now() };
        let decision = Disposal::propose(id, items, &cx).map_err(ServiceError::Disposal)?;
        self.insert(&decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// What an administrator wants of a list.
    ///
    /// # Errors
    /// [`ServiceError::Disposal`]; [`ServiceError::PersonalInformation`] for a reason that holds some; [`ServiceError::NotAllowed`];
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn disposal_command(
        &mut self,
        by: By,
        id: DisposalId,
        command: Command,
    ) -> Result<Disposal, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.may_dispose(by).await?;
        if let Command::HoldBack { reason, .. } | Command::Refuse { reason } = &command {
            centre.refuse_personal(reason, screening::Context::StaffAnswer)?;
        }
        let read = centre.disposal(by, id).await?;
        let retention = centre.policy().retention;
        let cx = Context { actor: &actor, retention: &retention, today: centre.today(), now: self.now() };
        let decision = read.value.decide(command, &cx).map_err(ServiceError::Disposal)?;
        self.update(&read, &decision.next)?;
        if let Some(extension) = &decision.extension {
            match centre.store.load::<Extension>(extension.subject.as_str()).await? {
                Some(before) => self.update(&before, extension)?,
                None => self.insert(extension)?,
            }
        }
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(decision.next)
    }
}

/// Where the record of a subject is: of the kinds that are disposed of, and of certificates.
fn key_of(subject: &Subject) -> Option<RecordKey> {
    let kinds: [Kind; 6] =
        [Post::KIND, Consultation::KIND, Incident::KIND, CannedAnswer::KIND, Faq::KIND, Disposal::KIND];
    kinds.into_iter().find_map(|kind| {
        let id = subject.id_of(&kind)?;
        Some(RecordKey::new(kind.clone(), id))
    })
}

fn subject(id: DisposalId) -> Subject {
    Subject::new(&Disposal::KIND, id)
}
