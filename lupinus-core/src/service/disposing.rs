//! Records whose years of retention are over: listed, decided on, and gone, a few at a time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde_json::json;

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, AuditEntry, AuditTip, Subject},
    canned::CannedAnswer,
    consultation::Consultation,
    delivery::{ChunkRecipients, Delivery},
    disposal::{
        Class, Closed, Command, Context, Disposal, Extension, Item, MAX_ITEMS, Refusal, Retention, State,
        Ties, due,
    },
    faq::Faq,
    ids::DisposalId,
    incident::Incident,
    outbox::{OutboxItem, OutboxState},
    post::Post,
    screening,
    store::{Entity, Kind, MAX_PAGE, Scan, StoreExt, Stored},
};

/// Most things that wait in the outbox while a list is made.
const MAX_WAITING: usize = 100_000;
/// Most certificates that are read at once: dozens of years of them.
const MAX_CERTIFICATES: usize = 10_000;
/// Most chunks of sendings that go in one change with their post, each being two records; of more, some go before.
const MAX_BELONGING: usize = 1_500;

/// What an entry of the trail is called that says that its record is gone by a disposal.
pub(super) const DISPOSED: &str = "record.disposed";

/// By what rule, and when, records are looked at.
struct Rule<'a> {
    retention: &'a Retention,
    today: Date,
    /// What something in the outbox is about.
    waiting: BTreeSet<Subject>,
}

/// A record of a list as it is now.
enum Found {
    Post(Box<Stored<Post>>),
    Consultation(Stored<Consultation>),
    Incident(Stored<Incident>),
    Canned(Stored<CannedAnswer>),
    Faq(Stored<Faq>),
}

impl Found {
    fn subject(&self) -> Subject {
        match self {
            Self::Post(read) => Subject::new(&Post::KIND, read.value.id),
            Self::Consultation(read) => Subject::new(&Consultation::KIND, read.value.id),
            Self::Incident(read) => Subject::new(&Incident::KIND, read.value.id),
            Self::Canned(read) => Subject::new(&CannedAnswer::KIND, read.value.id),
            Self::Faq(read) => Subject::new(&Faq::KIND, read.value.id),
        }
    }
}

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

    /// What is due today, up to [`MAX_ITEMS`] records; nothing is proposed by it.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn due_for_disposal(&self, by: By) -> Result<Vec<Item>, ServiceError> {
        self.may_dispose(by).await?;
        self.listed(&self.policy().retention).await
    }

    async fn may_dispose(&self, by: By) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        if actor.may(Permission::ManageSettings) { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }

    fn today(&self) -> Date {
        self.policy().hours.time_zone().to_datetime(self.now()).date()
    }

    async fn rule<'a>(&self, retention: &'a Retention) -> Result<Rule<'a>, ServiceError> {
        let mut waiting = BTreeSet::new();
        for index in ["due", "attention"] {
            let scan = Scan::index(OutboxItem::KIND, index);
            let items = self.store.all::<OutboxItem>(scan, MAX_WAITING).await?;
            let waits = items.into_iter().filter(|item| is_under_way(&item.value));
            waiting.extend(waits.filter_map(|item| item.value.subject));
        }
        Ok(Rule { retention, today: self.today(), waiting })
    }

    /// The list for today.
    async fn listed(&self, retention: &Retention) -> Result<Vec<Item>, ServiceError> {
        let rule = self.rule(retention).await?;
        let mut items = Vec::new();
        for class in Class::ALL {
            for scan in self.candidates(class, &rule) {
                self.list(class, scan, &rule, &mut items).await?;
            }
        }
        Ok(items)
    }

    /// Where records of a class may be found that were closed early enough.
    fn candidates(&self, class: Class, rule: &Rule<'_>) -> Vec<Scan> {
        let Some(before) = rule.retention.due_before(class, rule.today) else { return Vec::new() };
        let policy = self.policy();
        let before = policy.hours.time_zone().to_timestamp(before.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
        let stamp = format!("{:015}", before.as_millisecond().max(0));
        let posts = |states: &[&str]| -> Vec<Scan> {
            let until = |state| (format!("{state} "), format!("{state} {stamp}"));
            let ranges = states.iter().map(|state| until(*state));
            ranges.map(|(from, to)| Scan::index(Post::KIND, "state").between(from, to)).collect()
        };
        match class {
            Class::SentPosts => posts(&["sent", "failed"]),
            Class::UnsentPosts => posts(&["rejected", "withdrawn"]),
            Class::Consultations => vec![Scan::index(Consultation::KIND, "resolved").between("", stamp)],
            Class::Incidents => {
                let until = format!("closed {stamp}");
                vec![Scan::index(Incident::KIND, "state").between("closed ", until)]
            }
            Class::CannedAnswers => vec![
                Scan::index(CannedAnswer::KIND, "state").prefix("retired "),
                Scan::index(Faq::KIND, "state").between("withdrawn ", format!("withdrawn {stamp}")),
            ],
        }
    }

    async fn list(
        &self,
        class: Class,
        scan: Scan,
        rule: &Rule<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), ServiceError> {
        let mut scan = scan.limit(MAX_PAGE);
        while items.len() < MAX_ITEMS {
            let (found, next) = match class {
                Class::SentPosts | Class::UnsentPosts => {
                    self.found(&scan, |read| Found::Post(Box::new(read))).await?
                }
                Class::Consultations => self.found(&scan, Found::Consultation).await?,
                Class::Incidents => self.found(&scan, Found::Incident).await?,
                Class::CannedAnswers if scan.kind == Faq::KIND => self.found(&scan, Found::Faq).await?,
                Class::CannedAnswers => self.found(&scan, Found::Canned).await?,
            };
            for record in &found {
                items.extend(self.looked_at(record, rule).await?);
            }
            items.truncate(MAX_ITEMS);
            match next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    async fn found<T: Entity>(
        &self,
        scan: &Scan,
        wrap: fn(Stored<T>) -> Found,
    ) -> Result<(Vec<Found>, Option<crate::store::Cursor>), ServiceError> {
        let page = self.store.page::<T>(scan).await?;
        Ok((page.items.into_iter().map(wrap).collect(), page.next))
    }

    /// A record as it stands on a list by this rule; `None` when it stays.
    async fn looked_at(&self, found: &Found, rule: &Rule<'_>) -> Result<Option<Item>, ServiceError> {
        let closed = match found {
            Found::Post(read) => Closed::post(&read.value),
            Found::Consultation(read) => Closed::consultation(&read.value),
            Found::Incident(read) => Closed::incident(&read.value),
            Found::Faq(read) => Closed::faq(&read.value),
            Found::Canned(read) => match self.last_act(&found.subject()).await? {
                Some(last) => Closed::canned(&read.value, last),
                None => None,
            },
        };
        let Some(closed) = closed else { return Ok(None) };
        let policy = self.policy();
        let zone = policy.hours.time_zone();
        // By its years first: the rest asks the store.
        let by_years = due(found.subject(), closed, Ties::default(), rule.retention, zone, rule.today);
        if by_years.is_none() {
            return Ok(None);
        }
        let ties = self.ties(found, rule).await?;
        Ok(due(found.subject(), closed, ties, rule.retention, zone, rule.today))
    }

    /// When the last thing happened to it, by its trail.
    async fn last_act(&self, subject: &Subject) -> Result<Option<Timestamp>, ServiceError> {
        let Some(tip) = self.store.load::<AuditTip>(subject.as_str()).await? else { return Ok(None) };
        let key = AuditEntry::key_of(subject, tip.value.number);
        Ok(self.store.load::<AuditEntry>(&key).await?.map(|entry| entry.value.at))
    }

    async fn ties(&self, found: &Found, rule: &Rule<'_>) -> Result<Ties, ServiceError> {
        let subject = found.subject();
        let incidents = Scan::index(Incident::KIND, "source").prefix(subject.as_str());
        let extension = self.store.load::<Extension>(subject.as_str()).await?;
        let (is_under_way, goes_on) = match found {
            Found::Post(read) => {
                (self.is_delivered_now(&read.value).await?, self.is_corrected(&read.value, rule).await?)
            }
            Found::Consultation(read) => (false, self.is_a_part_of_what_stays(&read.value, rule).await?),
            Found::Incident(_) | Found::Canned(_) | Found::Faq(_) => (false, false),
        };
        Ok(Ties {
            has_incident: self.store.count(&incidents).await? > 0,
            is_being_sent: is_under_way || rule.waiting.contains(&subject),
            goes_on,
            kept_until: extension.map(|extension| extension.value.until),
        })
    }

    async fn sendings_of(&self, post: &Post) -> Result<Vec<Stored<Delivery>>, ServiceError> {
        let scan = Scan::index(Delivery::KIND, "post").prefix(format!("{} ", post.id));
        Ok(self.store.all(scan, MAX_WAITING).await?)
    }

    /// Whether a sending of it has not ended, or something of it waits in the outbox.
    async fn is_delivered_now(&self, post: &Post) -> Result<bool, ServiceError> {
        for delivery in self.sendings_of(post).await? {
            let chunks = self.chunks_of(delivery.value.id).await?;
            if delivery.value.ended_at.is_none() || chunks.iter().any(|chunk| is_under_way(&chunk.value)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a correction of it is not closed, or was closed too late to go with it.
    async fn is_corrected(&self, post: &Post, rule: &Rule<'_>) -> Result<bool, ServiceError> {
        let scan = Scan::index(Post::KIND, "corrects").exactly(post.id.to_string());
        let corrections = self.store.all::<Post>(scan, MAX_WAITING).await?;
        let policy = self.policy();
        let zone = policy.hours.time_zone();
        Ok(corrections.iter().any(|correction| {
            Closed::post(&correction.value).is_none_or(|closed| {
                let subject = Subject::new(&Post::KIND, correction.value.id);
                due(subject, closed, Ties::default(), rule.retention, zone, rule.today).is_none()
            })
        }))
    }

    /// Whether a consultation that it was merged into, or that was merged into it, is not due: one matter goes together.
    async fn is_a_part_of_what_stays(
        &self,
        consultation: &Consultation,
        rule: &Rule<'_>,
    ) -> Result<bool, ServiceError> {
        let scan = Scan::index(Consultation::KIND, "merged_into").exactly(consultation.id.to_string());
        let mut parts = self.store.all::<Consultation>(scan, MAX_WAITING).await?;
        if let Some(into) = consultation.merged_into {
            parts.extend(self.store.load::<Consultation>(&into.to_string()).await?);
        }
        let policy = self.policy();
        let zone = policy.hours.time_zone();
        Ok(parts.iter().any(|part| {
            Closed::consultation(&part.value).is_none_or(|closed| {
                let subject = Subject::new(&Consultation::KIND, part.value.id);
                due(subject, closed, Ties::default(), rule.retention, zone, rule.today).is_none()
            })
        }))
    }

    async fn load_listed(&self, subject: &Subject) -> Result<Option<Found>, ServiceError> {
        if let Some(id) = subject.id_of(&Post::KIND) {
            return Ok(self.store.load(id).await?.map(|read| Found::Post(Box::new(read))));
        }
        if let Some(id) = subject.id_of(&Consultation::KIND) {
            return Ok(self.store.load(id).await?.map(Found::Consultation));
        }
        if let Some(id) = subject.id_of(&Incident::KIND) {
            return Ok(self.store.load(id).await?.map(Found::Incident));
        }
        if let Some(id) = subject.id_of(&Faq::KIND) {
            return Ok(self.store.load(id).await?.map(Found::Faq));
        }
        match subject.id_of(&CannedAnswer::KIND) {
            Some(id) => Ok(self.store.load(id).await?.map(Found::Canned)),
            None => Ok(None),
        }
    }

    /// Goes on with the disposal that is decided, if there is one: at most so many records go, each in one change with the entry that
    /// its trail ends in. What changed meanwhile stays, and the certificate says so. Answers how many records went. May be killed at
    /// any point, and called by several programs at once.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn carry_out_disposals(&self, at_most: usize) -> Result<usize, ServiceError> {
        let open = self.store.first::<Disposal>(&Scan::index(Disposal::KIND, "open")).await?;
        let Some(disposal) = open.map(|open| open.value) else { return Ok(0) };
        if !matches!(disposal.state, State::Decided { .. }) {
            return Ok(0);
        }
        let (mut gone, mut spared) = (0, BTreeSet::new());
        for item in &disposal.items {
            if self.load_listed(&item.subject).await?.is_none() {
                continue;
            }
            if gone == at_most {
                return Ok(gone);
            }
            if self.dispose_of(&disposal, item).await? {
                gone += 1;
            } else {
                spared.insert(item.subject.clone());
            }
        }
        self.finish_disposal(disposal.id, &spared).await?;
        Ok(gone)
    }

    /// One record goes, unless something happened to it. Answers whether it is gone.
    async fn dispose_of(&self, disposal: &Disposal, item: &Item) -> Result<bool, ServiceError> {
        if let Some(id) = item.subject.id_of(&Post::KIND) {
            self.thin_out(disposal, item, id).await?;
        }
        self.transact(|mut work| async move {
            let gone = work.dispose(disposal, item).await?;
            work.done(gone)
        })
        .await
    }

    /// Of a post that was sent to very many, whom it reached goes before, so that the rest fits one change.
    async fn thin_out(&self, disposal: &Disposal, item: &Item, id: &str) -> Result<(), ServiceError> {
        loop {
            let more = self.transact(|mut work| async move {
                let more = work.thin_out(disposal, item, id).await?;
                work.done(more)
            });
            if !more.await? {
                return Ok(());
            }
        }
    }

    async fn finish_disposal(&self, id: DisposalId, spared: &BTreeSet<Subject>) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.finish_disposal(id, spared.clone()).await?;
            work.done(())
        })
        .await
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

    /// Whether there is a record of this subject: of the kinds that are disposed of, and of certificates.
    pub(super) async fn is_gone(&self, subject: &Subject) -> Result<bool, ServiceError> {
        let kinds: [Kind; 6] =
            [Post::KIND, Consultation::KIND, Incident::KIND, CannedAnswer::KIND, Faq::KIND, Disposal::KIND];
        for kind in kinds {
            if let Some(id) = subject.id_of(&kind) {
                let key = crate::store::RecordKey::new(kind.clone(), id);
                return Ok(self.store.get(&key).await?.is_none());
            }
        }
        Ok(false)
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
        let cx = Context { actor: &actor, today: centre.today(), now: self.now() };
        let decision = Disposal::propose(id, items, retention, &cx).map_err(ServiceError::Disposal)?;
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
        let cx = Context { actor: &actor, today: centre.today(), now: self.now() };
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

    /// The record as it is now, if it still may go: as it was when it was listed, and nothing has happened to it since.
    async fn still_due(&self, disposal: &Disposal, item: &Item) -> Result<Option<Found>, ServiceError> {
        let centre = self.centre();
        let Some(found) = centre.load_listed(&item.subject).await? else { return Ok(None) };
        let rule = centre.rule(&disposal.retention).await?;
        let is_same = centre.looked_at(&found, &rule).await?.as_ref() == Some(item);
        let last = centre.last_act(&item.subject).await?;
        let is_untouched = last.is_none_or(|last| last < disposal.proposed_at);
        Ok((is_same && is_untouched).then_some(found))
    }

    /// Answers whether the record is gone.
    async fn dispose(&mut self, disposal: &Disposal, item: &Item) -> Result<bool, ServiceError> {
        let centre = self.centre().clone();
        let Some(found) = self.still_due(disposal, item).await? else {
            return Ok(centre.load_listed(&item.subject).await?.is_none());
        };
        match &found {
            Found::Post(read) => {
                for delivery in centre.sendings_of(&read.value).await? {
                    self.delete_reached(&delivery.value, usize::MAX).await?;
                    self.delete(&delivery);
                }
                self.delete(read);
            }
            Found::Consultation(read) => self.delete(read),
            Found::Incident(read) => self.delete(read),
            Found::Canned(read) => self.delete(read),
            Found::Faq(read) => self.delete(read),
        }
        if let Some(extension) = centre.store.load::<Extension>(item.subject.as_str()).await? {
            self.delete(&extension);
        }
        let act = Act::new(DISPOSED).detail(json!({ "disposal": disposal.id }));
        self.audit(item.subject.clone(), &Actor::system(), act).await?;
        self.erases();
        Ok(true)
    }

    /// Removes some of those whom a post reached, when they are too many for one change. Answers whether it did.
    async fn thin_out(&mut self, disposal: &Disposal, item: &Item, id: &str) -> Result<bool, ServiceError> {
        let centre = self.centre().clone();
        let Some(read) = centre.store.load::<Post>(id).await? else { return Ok(false) };
        let sendings = centre.sendings_of(&read.value).await?;
        let chunks: usize = sendings.iter().map(|read| read.value.chunks as usize).sum();
        if chunks <= MAX_BELONGING || self.still_due(disposal, item).await?.is_none() {
            return Ok(false);
        }
        let mut left = MAX_BELONGING;
        for delivery in sendings {
            left -= self.delete_reached(&delivery.value, left).await?;
        }
        self.erases();
        Ok(left == 0)
    }

    /// Removes whom a delivery reached, and by which items of the outbox, at most so many of each. Answers how many.
    async fn delete_reached(&mut self, delivery: &Delivery, at_most: usize) -> Result<usize, ServiceError> {
        let centre = self.centre().clone();
        let scan = Scan::keys(ChunkRecipients::KIND).prefix(format!("{} ", delivery.id));
        let recipients = centre.store.all::<ChunkRecipients>(scan, MAX_WAITING).await?;
        for reached in recipients.iter().take(at_most) {
            self.delete(reached);
        }
        let items = centre.chunks_of(delivery.id).await?;
        for item in items.iter().take(at_most) {
            self.delete(item);
        }
        Ok(recipients.len().max(items.len()).min(at_most))
    }

    async fn finish_disposal(
        &mut self,
        id: DisposalId,
        spared: BTreeSet<Subject>,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let read = centre.store.load::<Disposal>(&id.to_string()).await?;
        let read = read.ok_or(ServiceError::NotFound("disposal"))?;
        if !matches!(read.value.state, State::Decided { .. }) {
            return Ok(()); // Another program was first.
        }
        let actor = Actor::system();
        let cx = Context { actor: &actor, today: centre.today(), now: self.now() };
        let decision = read.value.decide(Command::Finish { spared }, &cx).map_err(ServiceError::Disposal)?;
        self.update(&read, &decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(())
    }
}

/// Whether it waits to be sent, or for a person to release it. What LINE refused for good was shown to staff, and waits for nothing.
fn is_under_way(item: &OutboxItem) -> bool {
    match item.state {
        OutboxState::Waiting { .. }
        | OutboxState::Leased { .. }
        | OutboxState::Paused { .. }
        | OutboxState::Held { .. } => true,
        OutboxState::Failed { .. }
        | OutboxState::Unknown { .. }
        | OutboxState::Done { .. }
        | OutboxState::Dropped { .. } => false,
    }
}

fn subject(id: DisposalId) -> Subject {
    Subject::new(&Disposal::KIND, id)
}
