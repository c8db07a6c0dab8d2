//! From the outbox to the channel's door: what is due, the gate, and what became of it. The network is somebody else's.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;

use super::{Centre, ServiceError, Work, sending::subject_of};
use crate::{
    actor::Actor,
    audit::Act,
    delivery::{ChunkRecipients, GatePolicy, GateTurn, Ledger, Sent, Verdict, may_dispatch},
    ids::{MemberId, OutboxId, RetryKey},
    linking::StaffLink,
    member::{Member, MemberState},
    outbox::{
        DeliveryKind, Found, Message, OutboxItem, OutboxState, PauseReason, Recipient, SendOutcome, Sort,
    },
    post::{Post, PostState},
    store::{Entity, RecordKey, Scan, StoreError, StoreExt, Stored, Version},
};

/// An item that this dispatcher alone may send now.
#[derive(Clone, Debug)]
pub struct Leased {
    /// The item, as leased.
    pub item: Stored<OutboxItem>,
    /// The post that it carries, if it carries one.
    pub post: Option<Post>,
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The state it is in now.
    pub state: OutboxState,
    /// Whether all sending should pause.
    pub pause_all: Option<PauseReason>,
}

/// What one pass over the outbox knows of what was sent, and since which turn at the gate.
#[derive(Debug)]
pub(super) struct Book {
    turn: Option<Stored<GateTurn>>,
    sent: Vec<(OutboxId, Sent)>,
    /// Whether the centre is in trial.
    trial: bool,
}

impl Book {
    /// The book once a lease of ours has moved the turn on.
    fn with(mut self, item: OutboxId, sent: Sent) -> Self {
        self.turn = Some(match self.turn {
            Some(turn) => Stored { value: turn.value.next(), version: turn.version.next() },
            None => Stored { value: GateTurn::default(), version: Version::FIRST },
        });
        self.sent.push((item, sent));
        self
    }
}

impl Centre {
    /// Takes up to `limit` items that are due, past the gate: held ones are recorded as held, and none is handed to two
    /// dispatchers. Fewer where that takes long: each is to be handed over within its lease.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn lease_due(&self, limit: usize) -> Result<Vec<Leased>, ServiceError> {
        let mut leased = Vec::new();
        let mut enough = None;
        let mut lanes = HashSet::new();
        let mut book = None;
        let mut after = None;
        while leased.len() < limit {
            let scan = Scan::index(OutboxItem::KIND, "due").between("", OutboxItem::due_until(self.now()));
            let page = self.store.page::<OutboxItem>(&scan.limit(limit.clamp(1, 200)).after(after)).await?;
            for read in page.items {
                let now = self.now();
                if leased.len() >= limit || enough.is_some_and(|at| now >= at) {
                    return Ok(leased);
                }
                let lane = read.value.lane();
                if lanes.contains(&lane) || self.has_earlier(&read.value, &lane).await? {
                    continue;
                }
                // Boxed: what a pass over the outbox awaits stays small in whatever awaits the pass.
                if let Some(taken) = Box::pin(self.lease(read, now, &mut book)).await? {
                    // What was taken first is still to be handed over within its lease, however slow the store is.
                    let third = self.policy().retry.lease / 3;
                    enough = enough.or(Some(now.saturating_add(third).unwrap_or(Timestamp::MAX)));
                    lanes.insert(lane);
                    leased.push(taken);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(leased)
    }

    /// Whether an item made earlier in the same lane goes first.
    async fn has_earlier(&self, item: &OutboxItem, lane: &str) -> Result<bool, ServiceError> {
        let now = self.now();
        let scan = Scan::index(OutboxItem::KIND, "lane").prefix(format!("{lane} ")).limit(20);
        let lane = self.store.page::<OutboxItem>(&scan).await?;
        Ok(lane.items.iter().any(|other| item.waits_for(&other.value, now)))
    }

    async fn lease(
        &self,
        read: Stored<OutboxItem>,
        now: Timestamp,
        book: &mut Option<Book>,
    ) -> Result<Option<Leased>, ServiceError> {
        let policy = self.policy();
        let post = self.post_of(&read.value).await?;
        let unwanted = is_called_off(&read.value, post.as_ref())
            || self.is_for_one_who_left(&read.value).await?
            || self.reminds_nobody(&read.value).await?;
        let fresh_key = RetryKey::from_uuid(self.ids.uuid(now));
        let item = match read.value.found(unwanted, now, &policy.retry, fresh_key) {
            Found::Ready(item) => item,
            Found::Over(next) => return self.record_state(&read, next).await,
        };
        if matches!(item.sort, Sort::Delivery { kind: DeliveryKind::Test, .. }) {
            return self.lease_test(read, item, post, now).await;
        }
        let following = self.following_of(&item).await?;
        let item = match item.only_to(&following, now) {
            Found::Ready(item) => item,
            Found::Over(next) => return self.record_state(&read, next).await,
        };
        let Sort::Delivery { content, .. } = item.sort else {
            let (none, hours) = (Ledger::default(), &policy.hours);
            let verdict = may_dispatch(&item, &[], None, now, &none, &policy.gate, hours, None);
            let next = item.after(verdict, now, &policy.retry);
            return match verdict {
                Verdict::Go => self.take(&read, next, post, None, Vec::new()).await,
                Verdict::Drop => self.record_dropped(&read, next, "expired").await,
                _ => self.record_state(&read, next).await,
            };
        };
        let known = match book.take() {
            Some(known) => known,
            None => self.book(now).await?,
        };
        // What it may have said itself is no repetition: who lets it go with another key knows of that.
        let others = known.sent.iter().filter(|(id, _)| *id != item.id).map(|(_, sent)| sent);
        let ledger = Ledger::of(others, now, &policy.gate);
        let approved = post.as_ref().and_then(Post::approved_revision).map(|revision| revision.hash);
        let (members, newly) = self.reached_now(&item).await?;
        let gate = GatePolicy { trial: known.trial, ..policy.gate.clone() };
        let (hours, quiet) = (&policy.hours, policy.quiet.as_ref());
        let verdict = may_dispatch(&item, &members, approved, now, &ledger, &gate, hours, quiet);
        let next = item.after(verdict, now, &policy.retry);
        if verdict != Verdict::Go {
            *book = Some(known);
            return self.record_state(&read, next).await;
        }
        let taken = self.take(&read, next, post, Some(&known), newly).await?;
        // Where it could not be taken, somebody else let something pass: what was known is known no more.
        if let Some(taken) = &taken {
            *book = Some(known.with(taken.item.value.id, Sent { at: now, content, members }));
        }
        Ok(taken)
    }

    /// Records that this dispatcher has the item and whom it newly reaches; a delivery takes its turn at the gate. `None` when somebody else was faster.
    pub(super) async fn take(
        &self,
        read: &Stored<OutboxItem>,
        next: OutboxItem,
        post: Option<Post>,
        book: Option<&Book>,
        newly: Vec<ChunkRecipients>,
    ) -> Result<Option<Leased>, ServiceError> {
        let mut work = Work::new(self.clone());
        work.update(read, &next)?;
        for chunk in &newly {
            work.insert(chunk)?;
        }
        match book.map(|book| &book.turn) {
            Some(Some(turn)) => work.update(turn, &turn.value.next())?,
            Some(None) => work.insert(&GateTurn::default())?,
            None => {}
        }
        match work.commit().await {
            Ok(()) => Ok(Some(Leased { item: Stored { value: next, version: read.version.next() }, post })),
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Those of a chunk that was never tried who follow. Of anything else nobody is asked for.
    pub(super) async fn following_of(&self, item: &OutboxItem) -> Result<HashSet<MemberId>, ServiceError> {
        let mut following = HashSet::new();
        let Recipient::People(people) = &item.recipient else { return Ok(following) };
        if item.first_tried_at.is_some() {
            return Ok(following);
        }
        let keys: Vec<_> =
            people.iter().map(|to| RecordKey::new(Member::KIND, to.member.to_string())).collect();
        for member in self.store.load_many::<Member>(&keys).await?.into_iter().flatten() {
            if member.value.state == MemberState::Following {
                following.insert(member.value.id);
            }
        }
        Ok(following)
    }

    /// Whether it is for one person, who left: their address was taken out of it then, or it was made at that very moment.
    async fn is_for_one_who_left(&self, item: &OutboxItem) -> Result<bool, ServiceError> {
        let (Sort::Personal, [to]) = (&item.sort, item.addressees()) else { return Ok(item.is_for_nobody()) };
        let member = self.store.load::<Member>(&to.member.to_string()).await?;
        Ok(to.contact.is_none() || member.is_some_and(|member| member.value.state == MemberState::Left))
    }

    /// Whether it reminds somebody who is none of the staff any more, or does not want it by now.
    async fn reminds_nobody(&self, item: &OutboxItem) -> Result<bool, ServiceError> {
        let reminds = item.messages.iter().any(|message| matches!(message, Message::StepReminder { .. }));
        let (true, [to]) = (reminds, item.addressees()) else { return Ok(false) };
        let link = self.store.load::<StaffLink>(&to.member.to_string()).await?;
        Ok(!link.is_some_and(|link| link.value.reminds))
    }

    /// Records a state that needs no attempt. Somebody else's write in between wins.
    pub(super) async fn record_state(
        &self,
        read: &Stored<OutboxItem>,
        next: OutboxItem,
    ) -> Result<Option<Leased>, ServiceError> {
        let mut act = None;
        if let OutboxState::Held { reason, .. } = &next.state {
            tracing::warn!(outbox.id = %next.id, ?reason, "held by the gate");
            act = Some(Act::new("outbox.held").detail(json!({ "outbox": next.id, "reason": reason })));
        }
        self.record(read, next, act).await
    }

    /// Records that an item is dropped without asking anybody: the trail says why.
    pub(super) async fn record_dropped(
        &self,
        read: &Stored<OutboxItem>,
        next: OutboxItem,
        why: &'static str,
    ) -> Result<Option<Leased>, ServiceError> {
        let act = Act::new("outbox.dropped").detail(json!({ "outbox": next.id, "reason": why }));
        self.record(read, next, Some(act)).await
    }

    async fn record(
        &self,
        read: &Stored<OutboxItem>,
        next: OutboxItem,
        act: Option<Act>,
    ) -> Result<Option<Leased>, ServiceError> {
        let mut work = Work::new(self.clone());
        if let Some(act) = act {
            work.audit(subject_of(&next), &Actor::system(), act).await?;
        }
        if matches!(next.state, OutboxState::Dropped { .. }) {
            // Its words and the address leave the disk.
            work.erases();
        }
        if next.is_settled() && !read.value.is_settled() {
            work.count_chunk(&next).await?;
        }
        work.update(read, &next)?;
        match work.commit().await {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn post_of(&self, item: &OutboxItem) -> Result<Option<Post>, ServiceError> {
        let carried = item.messages.iter().find_map(|message| match message {
            Message::Post { post, .. } => Some(*post),
            _ => None,
        });
        match carried {
            None => Ok(None),
            Some(id) => Ok(self.store.load::<Post>(&id.to_string()).await?.map(|post| post.value)),
        }
    }

    /// What the gate must know: what was accepted within its windows, or may have been, whatever became of it since.
    async fn book(&self, now: Timestamp) -> Result<Book, ServiceError> {
        // The turn first: whoever lets something pass while the rest is read moves it on.
        let turn = self.store.load::<GateTurn>(GateTurn::KEY).await?;
        let window = self.policy().gate.repeat_window.max(std::time::Duration::from_hours(1));
        let from = now.checked_sub(window).unwrap_or(Timestamp::MIN);
        let mut sent = Vec::new();
        let scan = Scan::index(OutboxItem::KIND, "sent").between(OutboxItem::stamp(from), "~");
        for item in self.store.all::<OutboxItem>(scan, 100_000).await? {
            let item = item.value;
            if let (Some(at), Sort::Delivery { content, .. }) = (item.accepted_at(), &item.sort) {
                let members = self.members_of(&item).await?;
                sent.push((item.id, Sent { at, content: *content, members }));
            }
        }
        Ok(Book { turn, sent, trial: self.launch().await?.is_trial() })
    }

    /// Records what became of a leased item.
    ///
    /// # Errors
    /// [`ServiceError::Store`]: what was sent stays sent, and the same retry key makes the repetition harmless.
    pub async fn settle(&self, leased: &Leased, outcome: SendOutcome) -> Result<Settlement, ServiceError> {
        let jitter = self.ids.secret();
        let jitter = u16::from_be_bytes([jitter[0], jitter[1]]) % 1_000;
        let fresh_key = RetryKey::from_uuid(self.ids.uuid(self.now()));
        let (outcome, leased) = (&outcome, leased);
        self.transact(|mut work| async move {
            let now = work.now();
            let retry = work.centre().policy().retry;
            // Whoever holds the record now: our lease may have run out and another dispatcher taken it over.
            let id = leased.item.value.id.to_string();
            let read = work.centre().store.load::<OutboxItem>(&id).await?;
            let read = read.ok_or(ServiceError::NotFound("outbox item"))?;
            let recorded =
                read.value.recorded(&leased.item.value, outcome.clone(), now, &retry, jitter, fresh_key);
            let Some(next) = recorded.next else {
                return work.done(Settlement { state: read.value.state, pause_all: recorded.pause_all });
            };
            if matches!(next.state, OutboxState::Dropped { .. }) {
                work.erases();
            }
            if next.is_settled() {
                work.count_chunk(&next).await?;
            }
            work.update(&read, &next)?;
            work.done(Settlement { state: next.state, pause_all: recorded.pause_all })
        })
        .await
    }

    /// When something is due next: an outbox item, or a scheduled post.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn next_due(&self) -> Result<Option<Timestamp>, ServiceError> {
        let item = self.store.first::<OutboxItem>(&Scan::index(OutboxItem::KIND, "due")).await?;
        let item = item.and_then(|item| match item.value.state {
            OutboxState::Waiting { at } => Some(at),
            OutboxState::Leased { until } | OutboxState::Paused { until, .. } => Some(until),
            _ => None,
        });
        let post = self.store.first::<Post>(&Scan::index(Post::KIND, "due")).await?;
        let post = post.and_then(|post| match post.value.state {
            PostState::Scheduled { at, .. } => Some(at),
            _ => None,
        });
        Ok(match (item, post) {
            (Some(item), Some(post)) => Some(item.min(post)),
            (item, post) => item.or(post),
        })
    }

    /// Removes what was said to one person long enough ago ([`SAID_DAYS`]), or could not be said ([`UNSAID_DAYS`]). Answers how
    /// many, 500 at most.
    ///
    /// [`SAID_DAYS`]: crate::outbox::SAID_DAYS
    /// [`UNSAID_DAYS`]: crate::outbox::UNSAID_DAYS
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sweep_outbox(&self) -> Result<usize, ServiceError> {
        let until = OutboxItem::due_until(self.now());
        let scan = Scan::index(OutboxItem::KIND, "kept_until").between("", until).limit(500);
        let old = self.store.page::<OutboxItem>(&scan).await?;
        let mut work = Work::new(self.clone());
        for item in &old.items {
            work.delete(item);
        }
        match work.commit().await {
            Ok(()) => Ok(old.items.len()),
            // Another process sweeps too.
            Err(StoreError::Conflict(_)) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// The items that wait for a person: held, failed, of unknown fate. The oldest of each first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn outbox_attention(&self, limit: usize) -> Result<Vec<Stored<OutboxItem>>, ServiceError> {
        let scan = Scan::index(OutboxItem::KIND, "attention").limit(limit);
        Ok(self.store.page(&scan).await?.items)
    }

    /// How many items are on their way.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn outbox_backlog(&self) -> Result<u64, ServiceError> {
        Ok(self.store.count(&Scan::index(OutboxItem::KIND, "due")).await?)
    }
}

/// Whether it is a chunk of a sending that somebody called off (配信中止).
fn is_called_off(item: &OutboxItem, post: Option<&Post>) -> bool {
    let Sort::Delivery { delivery, .. } = &item.sort else { return false };
    post.is_some_and(|post| post.cancelled == Some(*delivery))
}
