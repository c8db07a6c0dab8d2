//! What waits for the staff, read together; and who is on it.

use std::collections::HashMap;

use serde_json::json;

use super::{By, Centre, ConsultationFilter, ServiceError, Work, sending::subject_of};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    consultation::Consultation,
    faq::Faq,
    hash::Sha256Hash,
    ids::{PostId, StaffId},
    outbox::{Message, OutboxItem, Recipient, Sort},
    post::{Post, PostState},
    queue::{
        CLAIM_LIFE, Claim, Reminded, Sight, Waiting, in_order, is_asked_of, is_to_be_reminded,
        of_consultation, of_faq, of_item, of_post, reminded,
    },
    store::{Entity, Scan, StoreError, StoreExt, Stored, Version},
};

/// Most records of one sort that the queue reads: of more, the oldest.
pub const MAX_QUEUE: usize = 300;
/// Most claims removed in one sweep.
const SWEEP: usize = 200;

/// What something that waits is about.
#[derive(Clone, Debug)]
pub enum About {
    /// A post.
    Post(Box<Post>),
    /// A consultation.
    Consultation(Box<Consultation>),
    /// An entry of the frequently asked questions.
    Faq(Box<Faq>),
    /// An item of the outbox.
    Item(Box<OutboxItem>),
}

/// One thing that waits, with what it is about.
#[derive(Clone, Debug)]
pub struct Queued {
    /// What waits, how long, and who is on it.
    pub waiting: Waiting,
    /// What it is about.
    pub about: About,
}

/// Everything that waits for somebody.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// In the order in which it presses.
    pub list: Vec<Queued>,
    /// Whether there is more than was read.
    pub more: bool,
}

/// What the queue stood at: it changes whenever something in the queue does, and names nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStamp {
    posts: Sha256Hash,
    consultations: Sha256Hash,
    faqs: Sha256Hash,
    deliveries: Sha256Hash,
    claims: Sha256Hash,
}

impl QueueStamp {
    /// What of it somebody with these permissions may know.
    pub fn seen_by(&self, may: impl Fn(Permission) -> bool) -> Sha256Hash {
        let mut seen = String::new();
        let parts = [
            (may(Permission::ReadPosts), self.posts),
            (may(Permission::ReadConsultations), self.consultations),
            (may(Permission::AnswerConsultations), self.faqs),
            (sees_deliveries(&may), self.deliveries),
            (may(Permission::ReadPosts), self.claims),
        ];
        for (_, part) in parts.iter().filter(|(seen, _)| *seen) {
            seen.push_str(&part.to_hex());
        }
        Sha256Hash::of(seen.as_bytes())
    }
}

fn sees_deliveries(may: impl Fn(Permission) -> bool) -> bool {
    may(Permission::ReleaseHeld) || may(Permission::DecidePost)
}

/// The posts that may wait, the oldest first; of the failed, the latest.
fn post_scans() -> Vec<Scan> {
    let scan = |state: &PostState| Scan::index(Post::KIND, "state").prefix(format!("{} ", state.name()));
    let waiting = [PostState::Submitted, PostState::Returned, PostState::Approved];
    let mut scans: Vec<Scan> = waiting.iter().map(scan).collect();
    scans.push(Scan::index(Post::KIND, "state").prefix("in_review "));
    scans.push(Scan::index(Post::KIND, "state").prefix("failed ").backwards());
    scans.push(Scan::index(Post::KIND, "attention"));
    scans.into_iter().map(|scan| scan.limit(MAX_QUEUE)).collect()
}

fn faq_scan() -> Scan {
    Scan::index(Faq::KIND, "state").prefix("draft ").limit(MAX_QUEUE)
}

fn item_scan() -> Scan {
    Scan::index(OutboxItem::KIND, "attention").limit(MAX_QUEUE)
}

impl Centre {
    /// Everything that waits and that this one of the staff may see, at most [`MAX_QUEUE`] of each state.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to anybody but staff; [`ServiceError::Store`].
    pub async fn queue(&self, by: By) -> Result<Queue, ServiceError> {
        let actor = self.actor(by).await?;
        let me = actor.staff_id().ok_or(ServiceError::NotAllowed)?;
        let claims = self.claims().await?;
        let sight = self.sight(&claims);
        let mut about = HashMap::new();
        let mut waiting = Vec::new();
        let mut more = false;
        if actor.may(Permission::ReadPosts) {
            for scan in post_scans() {
                let page = self.store.page::<Post>(&scan).await?;
                more |= page.next.is_some();
                for Stored { value: post, .. } in page.items {
                    for found in of_post(&post, &sight) {
                        // A post that waits for two things is found by two scans.
                        if about.insert(found.matter, About::Post(Box::new(post.clone()))).is_none() {
                            waiting.push(found);
                        }
                    }
                }
            }
        }
        if actor.may(Permission::ReadConsultations) {
            let page = self.consultations(by, ConsultationFilter::Waiting, None, MAX_QUEUE).await?;
            more |= page.next.is_some();
            for Stored { value, .. } in page.items {
                if let Some(found) = of_consultation(&value, &sight) {
                    about.insert(found.matter, About::Consultation(Box::new(value)));
                    waiting.push(found);
                }
            }
        }
        if actor.may(Permission::AnswerConsultations) {
            let page = self.store.page::<Faq>(&faq_scan()).await?;
            more |= page.next.is_some();
            // Whoever wrote it waits for the others.
            for Stored { value, .. } in page.items.into_iter().filter(|entry| !entry.value.is_by(me)) {
                if let Some(found) = of_faq(&value, &sight) {
                    about.insert(found.matter, About::Faq(Box::new(value)));
                    waiting.push(found);
                }
            }
        }
        if sees_deliveries(|permission| actor.may(permission)) {
            let page = self.store.page::<OutboxItem>(&item_scan()).await?;
            more |= page.next.is_some();
            for Stored { value, .. } in page.items {
                if let Some(found) = of_item(&value, &sight) {
                    about.insert(found.matter, About::Item(Box::new(value)));
                    waiting.push(found);
                }
            }
        }
        let list = in_order(waiting).into_iter().filter_map(|waiting| {
            let about = about.remove(&waiting.matter)?;
            Some(Queued { waiting, about })
        });
        Ok(Queue { list: list.collect(), more })
    }

    /// Reminds those of whom posts are asked that have waited too long (督促): the trail says whom, and their list shows it.
    /// Answers how many posts. To be called now and then.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn remind_overdue(&self) -> Result<usize, ServiceError> {
        let mut reminded = 0;
        for state in ["submitted ", "in_review "] {
            let scan = Scan::index(Post::KIND, "state").prefix(state).limit(MAX_QUEUE);
            for post in self.store.page::<Post>(&scan).await?.items {
                if !is_to_be_reminded(&post.value, &self.sight(&HashMap::new())) {
                    continue;
                }
                let id = post.value.id;
                let told = self.transact(|mut work| async move {
                    let told = work.remind(id).await?;
                    work.done(told)
                });
                match told.await {
                    Ok(told) => reminded += usize::from(told),
                    Err(ServiceError::Store(error @ StoreError::Unavailable(..))) => return Err(error.into()),
                    // What is wrong with one post holds up no other.
                    Err(error) => {
                        let error: &dyn std::error::Error = &error;
                        tracing::warn!(post.id = %id, error, "those of whom a post is asked cannot be reminded");
                    }
                }
            }
        }
        Ok(reminded)
    }

    fn sight<'a>(&'a self, claims: &'a HashMap<Subject, Claim>) -> Sight<'a> {
        Sight { hours: &self.policy().hours, patience: &self.policy().patience, claims, now: self.now() }
    }

    /// What the queue stands at now, for those who wait for a change.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn queue_stamp(&self) -> Result<QueueStamp, ServiceError> {
        let consultations = Scan::index(Consultation::KIND, "waiting").limit(MAX_QUEUE);
        Ok(QueueStamp {
            posts: self.stamp_of(&post_scans()).await?,
            consultations: self.stamp_of(&[consultations]).await?,
            faqs: self.stamp_of(&[faq_scan()]).await?,
            deliveries: self.stamp_of(&[item_scan()]).await?,
            claims: self.stamp_of(&[self.claims_scan()]).await?,
        })
    }

    async fn stamp_of(&self, scans: &[Scan]) -> Result<Sha256Hash, ServiceError> {
        let mut stood: Vec<(String, Version)> = Vec::new();
        for scan in scans {
            let records = self.store.scan(scan).await?.records;
            stood.extend(records.into_iter().map(|record| (record.key.to_string(), record.version)));
        }
        Ok(Sha256Hash::of_json(&stood))
    }

    fn claims_scan(&self) -> Scan {
        let since = self.now().checked_sub(CLAIM_LIFE).unwrap_or(jiff::Timestamp::MIN);
        Scan::index(Claim::KIND, "at").between(Claim::stamp(since), "~").limit(crate::store::MAX_PAGE)
    }

    async fn claims(&self) -> Result<HashMap<Subject, Claim>, ServiceError> {
        let claims = self.store.page::<Claim>(&self.claims_scan()).await?.items;
        Ok(claims.into_iter().map(|claim| (claim.value.subject.clone(), claim.value)).collect())
    }

    /// Removes claims that have lapsed; answers how many. To be called now and then.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sweep_claims(&self) -> Result<usize, ServiceError> {
        let until = self.now().checked_sub(CLAIM_LIFE).unwrap_or(jiff::Timestamp::MIN);
        let scan =
            Scan::index(Claim::KIND, "at").between("", format!("{}~", Claim::stamp(until))).limit(SWEEP);
        let lapsed = self.store.page::<Claim>(&scan).await?.items;
        let mut work = Work::new(self.clone());
        for claim in &lapsed {
            work.delete(claim);
        }
        match work.commit().await {
            Ok(()) => Ok(lapsed.len()),
            // Somebody took one up again in this very moment: the next sweep removes the others.
            Err(StoreError::Conflict(_)) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

impl Work {
    /// Whether they were reminded: somebody may have decided in this very moment.
    async fn remind(&mut self, id: PostId) -> Result<bool, ServiceError> {
        let centre = self.centre().clone();
        let read = centre.post(id).await?;
        let post = &read.value;
        if !is_to_be_reminded(post, &centre.sight(&HashMap::new())) {
            return Ok(false);
        }
        let routes = &centre.policy().routes;
        let staff = centre.staff_list().await?;
        let asked: Vec<StaffId> =
            staff.iter().filter(|staff| is_asked_of(post, staff, routes)).map(|staff| staff.id).collect();
        let times = reminded(post).map_or(0, |reminded| reminded.times) + 1;
        let next = Post { reminded: Some(Reminded { at: self.now(), times }), ..post.clone() };
        let act = Act::new("post.reminded").detail(json!({ "to": asked, "times": times }));
        self.audit(Subject::new(&Post::KIND, id), &Actor::system(), act).await?;
        self.update(&read, &next)?;
        if times == 1 {
            self.remind_on_line(id, &asked).await?;
        }
        Ok(true)
    }

    /// Tells those of them who are linked and want it on LINE, once a turn: that a post waits, and nothing of what it says. What
    /// could not be said before the centre closes is not said.
    async fn remind_on_line(&mut self, post: PostId, asked: &[StaffId]) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let closing = centre.policy().hours.current_or_next_closing(self.now());
        for linked in centre.linked_staff().await? {
            if linked.link.reminds && linked.is_reached() && asked.contains(&linked.staff.id) {
                let to = Recipient::Person(linked.addressee());
                let subject = Some(Subject::new(&Post::KIND, post));
                self.send(to, vec![Message::StepReminder { post }], Sort::Personal, subject, closing)?;
            }
        }
        Ok(())
    }

    /// Says that `by` is on a post or a delivery that waits (担当). A colleague's is taken over by naming them.
    ///
    /// # Errors
    /// [`ServiceError::Claimed`]; [`ServiceError::NotAllowed`] to those who could do nothing with it;
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn claim(
        &mut self,
        by: By,
        subject: &Subject,
        instead_of: Option<StaffId>,
    ) -> Result<Claim, ServiceError> {
        let (actor, me, trail) = self.may_claim(by, subject).await?;
        let present = self.centre().store.load::<Claim>(subject.as_str()).await?;
        let before = present.as_ref().map(|present| &present.value);
        let claim = Claim::taken(subject.clone(), before, me, instead_of, self.now())
            .map_err(ServiceError::Claimed)?;
        match &present {
            Some(present) => self.update(present, &claim)?,
            None => self.insert(&claim)?,
        }
        let replaced = before.filter(|before| before.counts(self.now()) && before.by != me);
        let act = Act::new("queue.claimed")
            .detail(json!({ "claim": subject, "instead_of": replaced.map(|claim| claim.by) }));
        self.audit(trail, &actor, act).await?;
        Ok(claim)
    }

    /// Says that `by` is no longer on it. Nothing happens where they are not.
    ///
    /// # Errors
    /// As [`Work::claim`].
    pub async fn unclaim(&mut self, by: By, subject: &Subject) -> Result<(), ServiceError> {
        let (actor, me, trail) = self.may_claim(by, subject).await?;
        let present = self.centre().store.load::<Claim>(subject.as_str()).await?;
        let Some(own) = present.filter(|present| present.value.by == me) else { return Ok(()) };
        self.delete(&own);
        let act = Act::new("queue.released").detail(json!({ "claim": subject }));
        Ok(self.audit(trail, &actor, act).await?)
    }

    /// Who claims, and in whose trail it stands.
    async fn may_claim(&self, by: By, subject: &Subject) -> Result<(Actor, StaffId, Subject), ServiceError> {
        let centre = self.centre();
        let actor = centre.actor(by).await?;
        let me = actor.staff_id().ok_or(ServiceError::NotAllowed)?;
        if let Some(id) = subject.id_of(&Post::KIND) {
            let post = centre.store.load::<Post>(id).await?.ok_or(ServiceError::NotFound("post"))?;
            if post.value.state == PostState::Draft {
                return Err(ServiceError::NotFound("post"));
            }
            if !actor.may(Permission::CheckPost) {
                return Err(ServiceError::NotAllowed);
            }
            return Ok((actor, me, subject.clone()));
        }
        let id = subject.id_of(&OutboxItem::KIND).ok_or(ServiceError::NotFound("matter"))?;
        let item = centre.store.load::<OutboxItem>(id).await?;
        let item = item.ok_or(ServiceError::NotFound("outbox item"))?;
        if !actor.may(Permission::ReleaseHeld) {
            return Err(ServiceError::NotAllowed);
        }
        Ok((actor, me, subject_of(&item.value)))
    }
}
