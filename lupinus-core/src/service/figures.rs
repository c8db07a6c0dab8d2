//! Figures: what a period's records come to.

use super::{By, Centre, ServiceError};
use crate::{
    actor::Permission,
    audit::AuditEntry,
    consultation::Consultation,
    delivery::Delivery,
    figures::{Counting, Figures, Period},
    incident::Incident,
    member::Member,
    post::Post,
    staff::Staff,
    store::{Entity, MAX_PAGE, RecordKey, Scan, StoreExt, Stored},
};

impl Centre {
    /// The figures of a period, counted now. Reads what belongs to the period, a page at a time.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn figures(&self, by: By, period: Period) -> Result<Figures, ServiceError> {
        if !self.actor(by).await?.may(Permission::ReadFigures) && by != By::System {
            return Err(ServiceError::NotAllowed);
        }
        let (from, to) = period.bounds(self.policy().hours.time_zone());
        let stamp = |at: jiff::Timestamp| format!("{:015}", at.as_millisecond());
        let within = |kind, index| Scan::index(kind, index).between(stamp(from), stamp(to));
        let mut counting = Counting::new(period, self.policy().hours.clone(), self.now());

        for (standing, count) in self.standings().await? {
            counting.members(&standing, count);
        }
        self.each(Scan::keys(Staff::KIND), |staff: Staff| counting.staff(&staff)).await?;
        self.each(Scan::keys(Incident::KIND), |incident: Incident| counting.incident(&incident)).await?;
        self.each(within(AuditEntry::KIND, "at"), |entry: AuditEntry| counting.act(&entry)).await?;

        let mut scan = within(Delivery::KIND, "started").limit(MAX_PAGE);
        loop {
            let page = self.store.page::<Delivery>(&scan).await?;
            let posts =
                self.those::<Post>(page.items.iter().map(|stored| stored.value.post.to_string())).await?;
            for (delivery, post) in page.items.iter().zip(&posts) {
                if let Some(post) = post {
                    counting.delivery(&delivery.value, &post.value);
                }
            }
            let Some(next) = page.next else { break };
            scan.after = Some(next);
        }

        let mut scan = within(Consultation::KIND, "opened").limit(MAX_PAGE);
        loop {
            let page = self.store.page::<Consultation>(&scan).await?;
            let askers =
                self.those::<Member>(page.items.iter().map(|stored| stored.value.member.to_string())).await?;
            for (consultation, asker) in page.items.iter().zip(askers) {
                let profession = asker.and_then(|member| member.value.profession);
                counting.consultation(&consultation.value, profession);
            }
            let Some(next) = page.next else { break };
            scan.after = Some(next);
        }
        Ok(counting.finish())
    }

    pub(super) async fn each<T: Entity>(
        &self,
        scan: Scan,
        mut count: impl FnMut(T),
    ) -> Result<(), ServiceError> {
        let mut scan = scan.limit(MAX_PAGE);
        loop {
            let page = self.store.page::<T>(&scan).await?;
            page.items.into_iter().for_each(|stored| count(stored.value));
            let Some(next) = page.next else { return Ok(()) };
            scan.after = Some(next);
        }
    }

    async fn those<T: Entity>(
        &self,
        keys: impl Iterator<Item = String>,
    ) -> Result<Vec<Option<Stored<T>>>, ServiceError> {
        let keys: Vec<RecordKey> = keys.map(|key| RecordKey::new(T::KIND, key)).collect();
        Ok(self.store.load_many(&keys).await?)
    }
}
