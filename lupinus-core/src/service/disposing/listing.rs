//! Which records are on a list: closed long enough ago, and kept by nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::MAX_WAITING;
use crate::{
    audit::{AuditEntry, AuditTip, Subject},
    canned::CannedAnswer,
    consultation::Consultation,
    delivery::Delivery,
    disposal::{Class, Closed, Extension, Item, Kept, MAX_ITEMS, Retention, Ties, due},
    faq::Faq,
    figures::Period,
    incident::Incident,
    outbox::{OutboxItem, OutboxState},
    post::Post,
    service::{Centre, ServiceError},
    store::{Cursor, Entity, MAX_PAGE, Scan, StoreExt, Stored},
};

/// By what rule, and when, records are looked at.
pub(super) struct Rule<'a> {
    retention: &'a Retention,
    today: Date,
    /// What something in the outbox is about.
    waiting: BTreeSet<Subject>,
}

/// A record of a list as it is now.
pub(super) enum Found {
    Post(Box<Stored<Post>>),
    Consultation(Stored<Consultation>),
    Incident(Stored<Incident>),
    Canned(Stored<CannedAnswer>),
    Faq(Stored<Faq>),
}

impl Found {
    pub(super) fn subject(&self) -> Subject {
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
    pub(super) fn today(&self) -> Date {
        self.policy().hours.time_zone().to_datetime(self.now()).date()
    }

    pub(super) async fn rule<'a>(&self, retention: &'a Retention) -> Result<Rule<'a>, ServiceError> {
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
    pub(super) async fn listed(&self, retention: &Retention) -> Result<Vec<Item>, ServiceError> {
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
            let (found, next) = self.found(class, &scan).await?;
            for record in &found {
                items.extend(self.looked_at(record, rule).await?.ok());
            }
            items.truncate(MAX_ITEMS);
            match next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    /// How many records may go on a day by their years alone, whatever keeps them for now: by class, and by the fiscal year in which they
    /// were closed. Reads each of them once.
    pub(super) async fn over_by_years(
        &self,
        retention: &Retention,
        on: Date,
    ) -> Result<BTreeMap<(Class, Period), usize>, ServiceError> {
        let rule = Rule { retention, today: on, waiting: BTreeSet::new() };
        let mut counts = BTreeMap::new();
        for class in Class::ALL {
            for scan in self.candidates(class, &rule) {
                let mut scan = scan.limit(MAX_PAGE);
                loop {
                    let (found, next) = self.found(class, &scan).await?;
                    for record in &found {
                        let year = self.by_years(record, &rule).await?.ok();
                        let year = year.and_then(|item| Period::fiscal_year_of(item.closed_on).ok());
                        if let Some(year) = year {
                            *counts.entry((class, year)).or_default() += 1;
                        }
                    }
                    match next {
                        Some(next) => scan.after = Some(next),
                        None => break,
                    }
                }
            }
        }
        Ok(counts)
    }

    async fn found(&self, class: Class, scan: &Scan) -> Result<(Vec<Found>, Option<Cursor>), ServiceError> {
        match class {
            Class::SentPosts | Class::UnsentPosts => {
                self.wrapped(scan, |read| Found::Post(Box::new(read))).await
            }
            Class::Consultations => self.wrapped(scan, Found::Consultation).await,
            Class::Incidents => self.wrapped(scan, Found::Incident).await,
            Class::CannedAnswers if scan.kind == Faq::KIND => self.wrapped(scan, Found::Faq).await,
            Class::CannedAnswers => self.wrapped(scan, Found::Canned).await,
        }
    }

    async fn wrapped<T: Entity>(
        &self,
        scan: &Scan,
        wrap: fn(Stored<T>) -> Found,
    ) -> Result<(Vec<Found>, Option<Cursor>), ServiceError> {
        let page = self.store.page::<T>(scan).await?;
        Ok((page.items.into_iter().map(wrap).collect(), page.next))
    }

    /// A record as its years alone say.
    async fn by_years(&self, found: &Found, rule: &Rule<'_>) -> Result<Result<Item, Kept>, ServiceError> {
        let closed = self.closed(found).await?;
        let policy = self.policy();
        let zone = policy.hours.time_zone();
        Ok(closed.map_or(Err(Kept::Running), |closed| {
            due(found.subject(), closed, rule.retention, zone, rule.today)
        }))
    }

    /// A record as it stands on a list by this rule, or why it stays.
    pub(super) async fn looked_at(
        &self,
        found: &Found,
        rule: &Rule<'_>,
    ) -> Result<Result<Item, Kept>, ServiceError> {
        // By its years first: the rest asks the store.
        Ok(match self.by_years(found, rule).await? {
            Ok(item) => self.ties(found, rule).await?.let_go(item, rule.today),
            kept => kept,
        })
    }

    async fn closed(&self, found: &Found) -> Result<Option<Closed>, ServiceError> {
        Ok(match found {
            Found::Post(read) => Closed::post(&read.value),
            Found::Consultation(read) => Closed::consultation(&read.value),
            Found::Incident(read) => Closed::incident(&read.value),
            Found::Faq(read) => Closed::faq(&read.value),
            Found::Canned(read) => {
                let last = self.last_act(&found.subject()).await?;
                last.and_then(|last| Closed::canned(&read.value, last))
            }
        })
    }

    /// When the last thing happened to it, by its trail.
    pub(super) async fn last_act(&self, subject: &Subject) -> Result<Option<Timestamp>, ServiceError> {
        let Some(tip) = self.store.load::<AuditTip>(subject.as_str()).await? else { return Ok(None) };
        let key = AuditEntry::key_of(subject, tip.value.number);
        Ok(self.store.load::<AuditEntry>(&key).await?.map(|entry| entry.value.at))
    }

    async fn ties(&self, found: &Found, rule: &Rule<'_>) -> Result<Ties, ServiceError> {
        Ok(Ties { goes_on: self.goes_on(found, rule).await?, ..self.own_ties(found, rule).await? })
    }

    /// What keeps the record itself, whatever belongs to it.
    async fn own_ties(&self, found: &Found, rule: &Rule<'_>) -> Result<Ties, ServiceError> {
        let subject = found.subject();
        let incidents = Scan::index(Incident::KIND, "source").prefix(subject.as_str());
        let extension = self.store.load::<Extension>(subject.as_str()).await?;
        let is_under_way = match found {
            Found::Post(read) => self.is_delivered_now(&read.value).await?,
            Found::Consultation(_) | Found::Incident(_) | Found::Canned(_) | Found::Faq(_) => false,
        };
        Ok(Ties {
            has_incident: self.store.count(&incidents).await? > 0,
            is_being_sent: is_under_way || rule.waiting.contains(&subject),
            goes_on: false,
            kept_until: extension.map(|extension| extension.value.until),
        })
    }

    pub(super) async fn sendings_of(&self, post: &Post) -> Result<Vec<Stored<Delivery>>, ServiceError> {
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

    /// Whether anything of the same matter stays, be it by its years or by what keeps it: one matter goes together.
    async fn goes_on(&self, found: &Found, rule: &Rule<'_>) -> Result<bool, ServiceError> {
        let mut seen = BTreeSet::from([found.subject()]);
        let mut parts = self.next_to(found).await?;
        while let Some(part) = parts.pop() {
            if !seen.insert(part.subject()) {
                continue;
            }
            let is_over = self.by_years(&part, rule).await?.is_ok();
            if !is_over || self.own_ties(&part, rule).await?.keep(rule.today).is_some() {
                return Ok(true);
            }
            parts.extend(self.next_to(&part).await?);
        }
        Ok(false)
    }

    /// The corrections of a post; what a consultation was merged into, and what was merged into it.
    async fn next_to(&self, found: &Found) -> Result<Vec<Found>, ServiceError> {
        match found {
            Found::Post(read) => {
                let scan = Scan::index(Post::KIND, "corrects").exactly(read.value.id.to_string());
                let corrections = self.store.all::<Post>(scan, MAX_WAITING).await?;
                Ok(corrections.into_iter().map(|read| Found::Post(Box::new(read))).collect())
            }
            Found::Consultation(read) => {
                let scan = Scan::index(Consultation::KIND, "merged_into").exactly(read.value.id.to_string());
                let mut parts = self.store.all::<Consultation>(scan, MAX_WAITING).await?;
                if let Some(into) = read.value.merged_into {
                    parts.extend(self.store.load::<Consultation>(&into.to_string()).await?);
                }
                Ok(parts.into_iter().map(Found::Consultation).collect())
            }
            Found::Incident(_) | Found::Canned(_) | Found::Faq(_) => Ok(Vec::new()),
        }
    }

    pub(super) async fn load_listed(&self, subject: &Subject) -> Result<Option<Found>, ServiceError> {
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
