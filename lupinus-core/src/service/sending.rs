//! A post's sending: begun when it is due, stopped, released or dropped by a person, ended with its last chunk.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audience::Audience,
    audit::{Act, Subject},
    delivery::{ChunkRecipients, Delivery, DeliveryState},
    ids::{DeliveryId, MemberId, OutboxId, PostId, RetryKey},
    member::{Member, MemberState},
    outbox::{
        Addressee, DeliveryKind, HoldReason, MAX_RECIPIENTS, Message, OutboxItem, OutboxState, Recipient,
        Sort,
    },
    post::{Command, Post, PostState, Revision},
    store::{Entity, Scan, StoreError, StoreExt, Stored},
};

/// A delivery that begins: to whom.
pub(super) struct Beginning {
    pub(super) id: DeliveryId,
    pub(super) kind: DeliveryKind,
    pub(super) audience: Audience,
    pub(super) members: Vec<Member>,
    pub(super) everyone: bool,
}

impl Centre {
    /// Starts every scheduled post whose time has come: its recipients are fixed, its chunks go into the outbox. Answers how
    /// many.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn start_due_posts(&self) -> Result<usize, ServiceError> {
        let now = OutboxItem::stamp(self.now());
        let scan = Scan::index(Post::KIND, "due").between("", format!("{now}~")).limit(50);
        let due = self.store.page::<Post>(&scan).await?;
        let mut started = 0;
        for post in due.items {
            match self.start_post(post.value.id).await {
                Ok(()) => started += 1,
                // Somebody unscheduled it, or another process started it, a moment ago.
                Err(ServiceError::Post(refusal)) => {
                    tracing::debug!(post.id = %post.value.id, %refusal, "not started");
                }
                Err(ServiceError::Store(error @ StoreError::Unavailable(..))) => return Err(error.into()),
                // What is wrong with one post holds up no other.
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(post.id = %post.value.id, error, "a scheduled post cannot be started");
                }
            }
        }
        Ok(started)
    }

    async fn start_post(&self, id: PostId) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.start_delivery(id).await?;
            work.done(())
        })
        .await
    }

    /// The members whom sending `post` to `audience` would reach now, in the order of their ids.
    pub(crate) async fn recipients_of(
        &self,
        post: &Post,
        audience: &Audience,
    ) -> Result<Vec<Member>, ServiceError> {
        if post.corrects_deliveries.is_empty() {
            return self.audience_members(audience).await;
        }
        let mut reached = Vec::new();
        for delivery in &post.corrects_deliveries {
            let members = self.members(self.reached_by(*delivery).await?).await?;
            reached.extend(members.into_iter().flatten());
        }
        reached.retain(|member| member.state == MemberState::Following);
        Ok(reached)
    }

    /// How many of those whom these deliveries have reached, or may have, still follow.
    pub(super) async fn still_reached_by(&self, deliveries: &[DeliveryId]) -> Result<u64, ServiceError> {
        let mut reached = Vec::new();
        for delivery in deliveries {
            reached.extend(self.reached_by(*delivery).await?);
        }
        let unreachable = self.unreachable_members().await?;
        Ok(reached.iter().filter(|id| !unreachable.contains(id)).count() as u64)
    }

    /// The members whom a delivery has certainly not reached and who follow, and whether it was one for everyone.
    async fn missed_by(&self, delivery: DeliveryId) -> Result<(Vec<Member>, bool), ServiceError> {
        let mut missed = Vec::new();
        for chunk in self.chunks_of(delivery).await? {
            if chunk.value.accepted_at().is_some() {
                continue;
            }
            if matches!(chunk.value.recipient, Recipient::Everyone) {
                return Ok((self.audience_members(&Audience::AllFriends).await?, true));
            }
            let members = self.members(self.members_of(&chunk.value).await?).await?;
            missed.extend(members.into_iter().flatten());
        }
        missed.retain(|member| member.state == MemberState::Following);
        Ok((missed, false))
    }

    /// The members whom a delivery has reached, or may have: whoever may have read what was wrong is told what is right.
    async fn reached_by(&self, delivery: DeliveryId) -> Result<Vec<MemberId>, ServiceError> {
        let mut reached = Vec::new();
        for chunk in self.chunks_of(delivery).await? {
            if chunk.value.accepted_at().is_some() {
                reached.extend(self.members_of(&chunk.value).await?);
            }
        }
        Ok(reached)
    }

    /// How many people a post's sendings have reached, may have, or are still to reach. Each counts once, however often it was
    /// sent, and tests count for nothing.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn people_sent_to(&self, post: PostId) -> Result<usize, ServiceError> {
        let mut people = HashSet::new();
        for delivery in self.deliveries_of(post).await? {
            if delivery.value.kind != DeliveryKind::Production {
                continue;
            }
            for chunk in self.chunks_of(delivery.value.id).await? {
                if chunk.value.accepted_at().is_some() || !chunk.value.is_settled() {
                    people.extend(self.members_of(&chunk.value).await?);
                }
            }
        }
        Ok(people.len())
    }

    /// The members an item goes to: for everyone, those who have followed at the moments when it was handed over.
    pub(super) async fn members_of(&self, item: &OutboxItem) -> Result<Vec<MemberId>, ServiceError> {
        let Some(delivery) = broadcast(item) else {
            return Ok(item.addressees().iter().map(|to| to.member).collect());
        };
        Ok(self.people_of(delivery).await?.into_iter().flat_map(|chunk| chunk.members).collect())
    }

    /// The members an item goes to when it is handed over now, and what of them is to be noted: a broadcast also reaches those who
    /// have begun to follow since its people were noted.
    pub(super) async fn reached_now(
        &self,
        item: &OutboxItem,
    ) -> Result<(Vec<MemberId>, Vec<ChunkRecipients>), ServiceError> {
        let Some(delivery) = broadcast(item) else { return Ok((self.members_of(item).await?, Vec::new())) };
        let noted = self.people_of(delivery).await?;
        let next = noted.iter().map(|chunk| chunk.chunk + 1).max().unwrap_or(0);
        let mut members: Vec<_> = noted.into_iter().flat_map(|chunk| chunk.members).collect();
        let known: HashSet<_> = members.iter().copied().collect();
        let friends = self.audience_members(&Audience::AllFriends).await?;
        let new: Vec<_> =
            friends.into_iter().map(|friend| friend.id).filter(|id| !known.contains(id)).collect();
        members.extend(&new);
        let chunks = (next..).zip(new.chunks(MAX_RECIPIENTS));
        let newly = chunks.map(|(chunk, new)| ChunkRecipients { delivery, chunk, members: new.to_vec() });
        Ok((members, newly.collect()))
    }

    async fn people_of(&self, delivery: DeliveryId) -> Result<Vec<ChunkRecipients>, ServiceError> {
        let scan = Scan::keys(ChunkRecipients::KIND).prefix(format!("{delivery} "));
        let chunks = self.store.all::<ChunkRecipients>(scan, 10_000).await?;
        Ok(chunks.into_iter().map(|chunk| chunk.value).collect())
    }
}

/// The delivery of an item that goes to everyone.
fn broadcast(item: &OutboxItem) -> Option<DeliveryId> {
    match (&item.recipient, &item.sort) {
        (Recipient::Everyone, Sort::Delivery { delivery, .. }) => Some(*delivery),
        _ => None,
    }
}

/// A delivery with these of its chunks settled.
fn with_settled(delivery: &Delivery, settled: &[OutboxItem], now: Timestamp) -> Delivery {
    settled.iter().fold(delivery.clone(), |delivery, item| {
        delivery.chunk_settled(matches!(item.state, OutboxState::Done { .. }), now)
    })
}

pub(super) fn subject_of(item: &OutboxItem) -> Subject {
    item.subject.clone().unwrap_or_else(|| Subject::new(&OutboxItem::KIND, item.id))
}

impl Work {
    async fn start_delivery(&mut self, id: PostId) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let read = centre.post(id).await?;
        let PostState::Scheduled { audience, trial: confirmed_in_trial, .. } = read.value.state.clone()
        else {
            return Err(ServiceError::Post(crate::post::Refusal::NotNow { state: read.value.state.name() }));
        };
        let actor = Actor::system();
        let delivery_id = DeliveryId::from_uuid(centre.ids.uuid(self.now()));
        let trial = centre.launch().await?.is_trial();
        // Whoever confirmed it saw whom it goes to: staff in trial, members otherwise.
        let command = if trial == confirmed_in_trial {
            Command::Due { delivery: delivery_id }
        } else {
            Command::Unschedule
        };
        let decision = self.decided(&read.value, command, &actor)?;
        let post = decision.next;
        self.audit_post(&post, &actor, decision.act).await?;
        if !matches!(post.state, PostState::Sending { .. }) {
            // Its time had run out, or trial and live changed: it is back with the approvers.
            self.update(&read, &post)?;
            if let Some(message) = decision.tell {
                self.tell_author(&post, message).await?;
            }
            return Ok(());
        }
        let (kind, members, everyone) = if trial {
            (DeliveryKind::Test, centre.testing_members().await?, false)
        } else {
            let everyone = audience == Audience::AllFriends && post.corrects_deliveries.is_empty();
            (DeliveryKind::Production, centre.recipients_of(&post, &audience).await?, everyone)
        };
        self.begin_delivery(&read, post, Beginning { id: delivery_id, kind, audience, members, everyone })
            .await
    }

    /// Sends a post once more to those whom its failed delivery did not reach (再配信). Whom it may have reached is left out:
    /// nobody gets the same twice.
    ///
    /// # Errors
    /// [`ServiceError::Post`] when it did not fail, has expired, or nobody is left; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn resend(&mut self, by: By, id: PostId) -> Result<Post, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let read = centre.post(id).await?;
        let delivery = DeliveryId::from_uuid(centre.ids.uuid(self.now()));
        let decision = self.decided(&read.value, Command::Resend { delivery }, &actor)?;
        let post = decision.next;
        let before = *post.earlier_deliveries.last().ok_or(ServiceError::NotFound("earlier delivery"))?;
        let (members, everyone) = centre.missed_by(before).await?;
        // What was the members' is held in trial, and theirs still when the centre is live again.
        let Delivery { kind, audience, .. } = centre.delivery(before).await?.value;
        if members.is_empty() {
            return Err(ServiceError::Post(crate::post::Refusal::NobodyMissed));
        }
        self.audit_post(&read.value, &actor, decision.act).await?;
        let begun = Beginning { id: delivery, kind, audience, members, everyone };
        self.begin_delivery(&read, post.clone(), begun).await?;
        Ok(post)
    }

    /// Begins a post's own delivery; a post without recipients is sent already.
    async fn begin_delivery(
        &mut self,
        read: &Stored<Post>,
        post: Post,
        begun: Beginning,
    ) -> Result<(), ServiceError> {
        let actor = Actor::system();
        let revision = post.approved_revision().ok_or(ServiceError::NotFound("approved revision"))?;
        if self.put_delivery(&post, revision, begun)?.chunks > 0 {
            return Ok(self.update(read, &post)?);
        }
        let done = self.decided(&post, Command::Finish { complete: true, recipients: 0 }, &actor)?;
        self.audit_post(&done.next, &actor, done.act).await?;
        self.update(read, &done.next)?;
        if let Some(message) = done.tell {
            self.tell_author(&done.next, message).await?;
        }
        Ok(())
    }

    /// Writes a delivery of this revision, its recipients, and an outbox item for each chunk of them.
    pub(super) fn put_delivery(
        &mut self,
        post: &Post,
        revision: &Revision,
        begun: Beginning,
    ) -> Result<Delivery, ServiceError> {
        let centre = self.centre().clone();
        let Beginning { id: delivery_id, kind, audience, members, everyone } = begun;
        let chunks: Vec<&[Member]> = members.chunks(MAX_RECIPIENTS).collect();
        let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
        let mut delivery = Delivery {
            id: delivery_id,
            post: post.id,
            revision: revision.number,
            content: revision.hash,
            kind,
            audience,
            recipients: count,
            chunks: if everyone { 1 } else { u32::try_from(chunks.len()).unwrap_or(u32::MAX) },
            accepted: 0,
            failed: 0,
            state: DeliveryState::Running,
            started_at: self.now(),
            ended_at: None,
        };
        for (number, chunk) in (0..).zip(&chunks) {
            let members = chunk.iter().map(|member| member.id).collect();
            self.insert(&ChunkRecipients { delivery: delivery_id, chunk: number, members })?;
        }
        let expires_at = revision.content.expiry(centre.policy().hours.time_zone());
        let message = Message::Post {
            post: post.id,
            revision: revision.number,
            hash: revision.hash,
            correction: post.corrects.is_some(),
        };
        let sort = |chunk| Sort::Delivery {
            delivery: delivery_id,
            chunk,
            kind,
            correction: post.corrects.is_some(),
            urgent: post.is_urgent(),
            content: revision.hash,
        };
        let subject = Subject::new(&Post::KIND, post.id);
        if everyone {
            self.send(Recipient::Everyone, vec![message], sort(0), Some(subject), expires_at)?;
        } else {
            for (number, chunk) in (0..).zip(&chunks) {
                let people = chunk
                    .iter()
                    .map(|member| Addressee { member: member.id, contact: member.contact.clone() })
                    .collect();
                let recipient = Recipient::People(people);
                self.send(recipient, vec![message.clone()], sort(number), Some(subject.clone()), expires_at)?;
            }
        }
        if delivery.chunks == 0 {
            // Nobody is in the audience: there is nothing to wait for.
            delivery.state = DeliveryState::Complete;
            delivery.ended_at = Some(self.now());
        }
        self.insert(&delivery)?;
        Ok(delivery)
    }

    /// Counts one settled chunk on its delivery, and ends the post's sending with the last.
    pub(super) async fn count_chunk(&mut self, item: &OutboxItem) -> Result<(), ServiceError> {
        let Sort::Delivery { delivery, .. } = &item.sort else { return Ok(()) };
        let read = self.centre().delivery(*delivery).await?;
        let next = with_settled(&read.value, std::slice::from_ref(item), self.now());
        self.update(&read, &next)?;
        if next.state == DeliveryState::Running {
            return Ok(());
        }
        let post = self.centre().store.load::<Post>(&next.post.to_string()).await?;
        let sends = PostState::Sending { delivery: next.id };
        // A test changes nothing of its post, and may outlive it.
        if next.kind == DeliveryKind::Test && !post.as_ref().is_some_and(|post| post.value.state == sends) {
            return Ok(());
        }
        let post = post.ok_or(ServiceError::NotFound("post"))?;
        let ended = self.ended(post.value.clone(), &next).await?;
        Ok(self.update(&post, &ended)?)
    }

    /// The post once its delivery has ended.
    async fn ended(&mut self, post: Post, next: &Delivery) -> Result<Post, ServiceError> {
        let actor = Actor::system();
        let command = Command::Finish {
            complete: next.state == DeliveryState::Complete,
            recipients: if next.accepted == 0 { 0 } else { next.recipients },
        };
        let decision = self.decided(&post, command, &actor)?;
        let act = decision.act.detail(json!({
            "delivery": next.id, "recipients": next.recipients, "accepted": next.accepted, "failed": next.failed,
        }));
        self.audit_post(&post, &actor, act).await?;
        if let Some(message) = decision.tell {
            self.tell_author(&decision.next, message).await?;
        }
        Ok(decision.next)
    }

    /// Stops what a post's sending has not handed to the channel yet (配信停止): its chunks that wait are held until somebody
    /// releases or drops them. Answers how many; those that are being sent at this moment are not among them.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Post`] when it is not being sent;
    /// [`ServiceError::Store`].
    pub async fn stop_sending(&mut self, by: By, id: PostId) -> Result<usize, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        if !actor.may(Permission::ReleaseHeld) {
            return Err(ServiceError::NotAllowed);
        }
        let post = centre.post(id).await?.value;
        let PostState::Sending { delivery } = post.state else {
            return Err(ServiceError::Post(crate::post::Refusal::NotNow { state: post.state.name() }));
        };
        let now = self.now();
        let mut held = 0;
        for chunk in centre.chunks_of(delivery).await? {
            if let Some(stopped) = chunk.value.stopped(now) {
                self.update(&chunk, &stopped)?;
                held += 1;
            }
        }
        let act = Act::new("post.stopped").detail(json!({ "delivery": delivery, "held": held }));
        self.audit_post(&post, &actor, act).await?;
        Ok(held)
    }

    /// Goes on with a sending that somebody stopped (再開): the chunks that were held by hand wait to be sent again. What the gate
    /// holds for a reason of its own stays held. Answers how many.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Post`] when nothing is being sent; [`ServiceError::NotHeld`] when nothing was
    /// stopped; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn resume_sending(&mut self, by: By, id: PostId) -> Result<usize, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        if !actor.may(Permission::ReleaseHeld) {
            return Err(ServiceError::NotAllowed);
        }
        let post = centre.post(id).await?.value;
        let PostState::Sending { delivery } = post.state else {
            return Err(ServiceError::Post(crate::post::Refusal::NotNow { state: post.state.name() }));
        };
        let now = self.now();
        let mut resumed = 0;
        for chunk in centre.chunks_of(delivery).await? {
            if matches!(chunk.value.state, OutboxState::Held { reason: HoldReason::ByHand, .. }) {
                let state = OutboxState::Waiting { at: now };
                self.update(&chunk, &OutboxItem { state, ..chunk.value.clone() })?;
                resumed += 1;
            }
        }
        if resumed == 0 {
            return Err(ServiceError::NotHeld);
        }
        let act = Act::new("post.resumed").detail(json!({ "delivery": delivery, "resumed": resumed }));
        self.audit_post(&post, &actor, act).await?;
        Ok(resumed)
    }

    /// Calls a post's sending off while it goes (配信中止): what was not handed to the channel is dropped, what was sent stays sent
    /// and recorded. What a dispatcher has in hand at this moment is the last. Answers how many chunks are not sent.
    ///
    /// # Errors
    /// [`ServiceError::Post`] when it is not being sent or called off already, or for whoever may not;
    /// [`ServiceError::PersonalInformation`] when the reason holds some; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn cancel_sending(&mut self, by: By, id: PostId, reason: &str) -> Result<usize, ServiceError> {
        self.screened(reason)?;
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let read = centre.post(id).await?;
        let decision = self.decided(&read.value, Command::Cancel { reason: reason.to_owned() }, &actor)?;
        let post = decision.next;
        let PostState::Sending { delivery } = post.state else {
            return Err(ServiceError::Post(crate::post::Refusal::NotNow { state: post.state.name() }));
        };
        let mut dropped = Vec::new();
        for chunk in centre.chunks_of(delivery).await? {
            // What is being sent is left to whoever sends it: the gate lets no second attempt pass.
            if chunk.value.is_settled() || matches!(chunk.value.state, OutboxState::Leased { .. }) {
                continue;
            }
            let state = OutboxState::Dropped { at: self.now() };
            let next = OutboxItem { state, ..chunk.value.clone() }.stripped();
            self.update(&chunk, &next)?;
            dropped.push(next);
        }
        let act = decision.act.detail(json!({ "delivery": delivery, "dropped": dropped.len() }));
        self.audit_post(&post, &actor, act).await?;
        let stood = centre.delivery(delivery).await?;
        let next = with_settled(&stood.value, &dropped, self.now());
        let post = if next.state == DeliveryState::Running { post } else { self.ended(post, &next).await? };
        if next != stood.value {
            self.update(&stood, &next)?;
        }
        self.update(&read, &post)?;
        Ok(dropped.len())
    }

    /// Lets a held item go after all: the person answers for what the gate asked, and for nothing else.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotHeld`]; [`ServiceError::NotReleasable`] when it must not go at all;
    /// [`ServiceError::Store`].
    pub async fn release_held(&mut self, by: By, id: OutboxId) -> Result<(), ServiceError> {
        let (read, actor) = self.held(by, id).await?;
        let OutboxState::Held { reason, .. } = read.value.state else {
            return Err(ServiceError::NotHeld);
        };
        let now = self.now();
        let fresh_key = RetryKey::from_uuid(self.centre().ids.uuid(now));
        let next = read.value.let_go(reason, now, fresh_key).ok_or(ServiceError::NotReleasable)?;
        let act = Act::new("outbox.released").detail(json!({ "outbox": id, "reason": reason }));
        self.audit(subject_of(&next), &actor, act).await?;
        Ok(self.update(&read, &next)?)
    }

    /// Decides that a held or failed item, or one of unknown fate, is not to be sent.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotHeld`]; [`ServiceError::Store`].
    pub async fn drop_held(&mut self, by: By, id: OutboxId) -> Result<(), ServiceError> {
        let (read, actor) = self.held(by, id).await?;
        let was_settled = read.value.is_settled();
        let now = self.now();
        let next = OutboxItem { state: OutboxState::Dropped { at: now }, ..read.value.clone() }.stripped();
        if !was_settled {
            self.count_chunk(&next).await?;
        }
        let act = Act::new("outbox.dropped").detail(json!({ "outbox": id }));
        // The end of a post's sending may have added to the same chain in this change: the chain takes both.
        self.audit(subject_of(&next), &actor, act).await?;
        Ok(self.update(&read, &next)?)
    }

    async fn held(&self, by: By, id: OutboxId) -> Result<(Stored<OutboxItem>, Actor), ServiceError> {
        let actor = self.centre().actor(by).await?;
        if !actor.may(Permission::ReleaseHeld) {
            return Err(ServiceError::NotAllowed);
        }
        let read = self.centre().store.load::<OutboxItem>(&id.to_string()).await?;
        let read = read.ok_or(ServiceError::NotFound("outbox item"))?;
        match read.value.state {
            OutboxState::Held { .. } | OutboxState::Failed { .. } | OutboxState::Unknown { .. } => {
                Ok((read, actor))
            }
            _ => Err(ServiceError::NotHeld),
        }
    }
}
