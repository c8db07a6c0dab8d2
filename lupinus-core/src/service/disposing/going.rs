//! What was decided, carried out a few records at a time.

use std::collections::BTreeMap;

use serde_json::json;

use super::{DISPOSED, MAX_BELONGING, MAX_WAITING, listing::Found, subject};
use crate::{
    actor::Actor,
    audit::{Act, Subject},
    delivery::{ChunkRecipients, Delivery},
    disposal::{Command, Context, Disposal, Extension, Item, Kept, State},
    ids::DisposalId,
    post::Post,
    service::{Centre, ServiceError, Work},
    store::{Entity, Scan, StoreExt},
};

impl Centre {
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
        let (mut gone, mut spared) = (0, BTreeMap::new());
        for item in &disposal.items {
            if self.load_listed(&item.subject).await?.is_none() {
                continue;
            }
            if gone == at_most {
                return Ok(gone);
            }
            match self.dispose_of(&disposal, item).await? {
                None => gone += 1,
                Some(kept) => {
                    spared.insert(item.subject.clone(), kept);
                }
            }
        }
        self.finish_disposal(disposal.id, &spared).await?;
        Ok(gone)
    }

    /// One record goes, unless something keeps it; answers what.
    async fn dispose_of(&self, disposal: &Disposal, item: &Item) -> Result<Option<Kept>, ServiceError> {
        if let Some(id) = item.subject.id_of(&Post::KIND) {
            self.thin_out(disposal, item, id).await?;
        }
        self.transact(|mut work| async move {
            let kept = work.dispose(disposal, item).await?;
            work.done(kept)
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

    async fn finish_disposal(
        &self,
        id: DisposalId,
        spared: &BTreeMap<Subject, Kept>,
    ) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.finish_disposal(id, spared.clone()).await?;
            work.done(())
        })
        .await
    }
}

impl Work {
    /// What keeps a record that was listed: it is to be as it was then, and nothing may have happened to it since.
    async fn kept(
        &self,
        disposal: &Disposal,
        item: &Item,
        found: &Found,
    ) -> Result<Option<Kept>, ServiceError> {
        let centre = self.centre();
        let rule = centre.rule(&disposal.retention).await?;
        let last = centre.last_act(&item.subject).await?;
        let is_touched = last.is_some_and(|last| last >= disposal.proposed_at);
        Ok(match centre.looked_at(found, &rule).await? {
            Err(kept) => Some(kept),
            Ok(now) => (is_touched || now != *item).then_some(Kept::Touched),
        })
    }

    /// Answers what keeps the record; nothing does when it is gone.
    async fn dispose(&mut self, disposal: &Disposal, item: &Item) -> Result<Option<Kept>, ServiceError> {
        let centre = self.centre().clone();
        let Some(found) = centre.load_listed(&item.subject).await? else { return Ok(None) };
        if let Some(kept) = self.kept(disposal, item, &found).await? {
            return Ok(Some(kept));
        }
        match &found {
            Found::Post(read) => {
                for delivery in centre.sendings_of(&read.value).await? {
                    self.delete_reached(&delivery.value, usize::MAX).await?;
                    self.delete(&delivery);
                }
                self.delete(read);
            }
            Found::Consultation(read) => {
                self.erase_faq_drafts(read.value.id, &Actor::system()).await?;
                self.delete(read);
            }
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
        Ok(None)
    }

    /// Removes some of those whom a post reached, when they are too many for one change. Answers whether it did.
    async fn thin_out(&mut self, disposal: &Disposal, item: &Item, id: &str) -> Result<bool, ServiceError> {
        let centre = self.centre().clone();
        let Some(read) = centre.store.load::<Post>(id).await? else { return Ok(false) };
        let sendings = centre.sendings_of(&read.value).await?;
        let chunks: usize = sendings.iter().map(|read| read.value.chunks as usize).sum();
        let found = Found::Post(Box::new(read));
        if chunks <= MAX_BELONGING || self.kept(disposal, item, &found).await?.is_some() {
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
        spared: BTreeMap<Subject, Kept>,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let read = centre.store.load::<Disposal>(&id.to_string()).await?;
        let read = read.ok_or(ServiceError::NotFound("disposal"))?;
        if !matches!(read.value.state, State::Decided { .. }) {
            return Ok(()); // Another program was first.
        }
        let actor = Actor::system();
        let retention = centre.policy().retention;
        let cx = Context { actor: &actor, retention: &retention, today: centre.today(), now: self.now() };
        let decision = read.value.decide(Command::Finish { spared }, &cx).map_err(ServiceError::Disposal)?;
        self.update(&read, &decision.next)?;
        self.audit(subject(id), &actor, decision.act).await?;
        Ok(())
    }
}
