//! What each step does, by the decisions of the library.

use std::collections::HashSet;

use jiff::SignedDuration;
use lupinus_core::{
    actor::Actor,
    delivery::{Ledger, Sent, Verdict, may_dispatch},
    hash::Sha256Hash,
    ids::OutboxId,
    outbox::{
        Addressee, DeliveryKind, Found, HoldReason, Message, OutboxItem, OutboxState, Recipient, SendOutcome,
        Sort,
    },
    post::{Command, Post, PostState},
};

use super::{
    line::Answer,
    model::{Action, Broken, Dispatcher, Heard, STAFF, State, Town},
    record::Record,
};
use crate::common::{approver, delivery, member};

impl Town {
    fn command(&self, state: &State, at: usize, command: Command, actor: &Actor) -> Option<Post> {
        let cx = self.rules.cx(actor, state.now);
        state.posts[at].value.decide(command, &cx).ok().map(|decision| decision.next)
    }

    /// The chunk of a delivery that begins, to those who follow.
    fn chunk(&self, state: &State, post: &Post, at: usize) -> OutboxItem {
        let revision = post.approved_revision().unwrap();
        let followers = (1..=2).map(member).filter(|member| !state.left.contains(member));
        let people = followers.map(|member| Addressee { member, contact: Some(super::contact(member)) });
        let message = Message::Post {
            post: post.id,
            revision: revision.number,
            hash: revision.hash,
            correction: false,
        };
        OutboxItem {
            messages: vec![message],
            expires_at: revision.content.expiry(&self.rules.zone),
            sort: Sort::Delivery {
                delivery: delivery(),
                chunk: u32::try_from(at).unwrap(),
                kind: DeliveryKind::Production,
                correction: false,
                urgent: false,
                content: revision.hash,
            },
            ..super::item(at, Recipient::People(people.collect()), state.now)
        }
    }

    pub(super) fn judged(&self, state: &State, dispatcher: usize, at: usize) -> Dispatcher {
        let (now, retry) = (state.now, &self.policy.retry);
        let record = &state.items[at];
        let post = state.post_of(&record.value).cloned();
        let writes = |mut next: OutboxItem, turn| {
            if self.broken == Some(Broken::RetryKey) && next.attempts > record.value.attempts {
                next.retry_key = state.fresh_key(dispatcher);
            }
            let (next, post) = (Record::new(next), post.clone());
            Dispatcher::Judged { at, read: record.version, turn, next, post }
        };
        let one = record.value.sort == Sort::Personal
            && record
                .value
                .addressees()
                .iter()
                .any(|to| to.contact.is_none() || state.left.contains(&to.member));
        let item = match record.value.found(one, now, retry, state.fresh_key(dispatcher)) {
            Found::Ready(item) => item,
            Found::Over(next) => return writes(next, None),
        };
        let following: HashSet<_> =
            (1..=2).map(member).filter(|member| !state.left.contains(member)).collect();
        let item = match item.only_to(&following, now) {
            Found::Ready(item) => item,
            Found::Over(next) => return writes(next, None),
        };
        let (gate, hours) = (&self.policy.gate, &self.policy.hours);
        let Sort::Delivery { content, .. } = item.sort else {
            let verdict = may_dispatch(&item, &[], None, now, &Ledger::default(), gate, hours, None);
            return writes(item.after(verdict, now, retry), None);
        };
        let sent: Vec<Sent> = state.items.iter().filter_map(|other| sent(&other.value, item.id)).collect();
        let ledger = Ledger::of(&sent, now, gate);
        let approved = match self.broken {
            Some(Broken::ContentHash) => Some(content),
            _ => post.as_ref().and_then(|post| post.value.approved_revision()).map(|revision| revision.hash),
        };
        let members: Vec<_> = item.addressees().iter().map(|to| to.member).collect();
        let quiet = self.policy.quiet.as_ref();
        let verdict = may_dispatch(&item, &members, approved, now, &ledger, gate, hours, quiet);
        let turn = (verdict == Verdict::Go).then_some(state.turn);
        writes(item.after(verdict, now, retry), turn)
    }

    pub(super) fn writes(&self, state: &mut State, dispatcher: usize) {
        let Dispatcher::Judged { at, read, turn, next, post } = state.dispatchers[dispatcher].clone() else {
            return;
        };
        state.dispatchers[dispatcher] = Dispatcher::Idle;
        let item_is_as_read = state.items[at].version == read || self.broken == Some(Broken::LeaseVersion);
        let turn_is_as_read =
            turn.is_none_or(|turn| turn == state.turn) || self.broken == Some(Broken::GateTurn);
        if !(item_is_as_read && turn_is_as_read) {
            return;
        }
        state.turn += u64::from(turn.is_some());
        if next.value.retry_key == state.fresh_key(dispatcher) {
            state.keys += 1;
        }
        state.items[at].write((*next.value).clone());
        self.ended(state, at);
        if matches!(next.value.state, OutboxState::Leased { .. }) {
            state.dispatchers[dispatcher] = Dispatcher::Holds { at, leased: next, post };
        }
    }

    /// The last chunk ends the post's sending.
    fn ended(&self, state: &mut State, at: usize) {
        let item = state.items[at].value.clone();
        let post = state.post_of(&item).map(|post| post.value.id);
        if !item.is_settled() || post.is_none() {
            return;
        }
        let at = state.posts.iter().position(|record| Some(record.value.id) == post).unwrap();
        let complete = matches!(item.state, OutboxState::Done { .. });
        let command = Command::Finish { complete, recipients: 2 };
        if let Some(next) = self.command(state, at, command, &Actor::system()) {
            state.posts[at].write(next);
        }
    }

    pub(super) fn hands_over(&self, state: &mut State, dispatcher: usize, answer: Answer) {
        let Dispatcher::Holds { at, leased, post } = state.dispatchers[dispatcher].clone() else { return };
        let item = &leased.value;
        if !item.may_be_handed_over(state.now) && self.broken != Some(Broken::LeaseEnd) {
            let outcome = Heard(SendOutcome::RateLimited);
            state.dispatchers[dispatcher] = Dispatcher::Heard { at, leased, outcome };
            return;
        }
        let (outcome, rang) = state.line.handles(item, answer, state.now);
        if rang {
            state.wrong = self.wrong_with(state, at, item, post.as_ref());
        }
        state.dispatchers[dispatcher] = Dispatcher::Heard { at, leased, outcome: Heard(outcome) };
    }

    /// What is wrong with phones that ring now.
    fn wrong_with(
        &self,
        state: &State,
        at: usize,
        item: &OutboxItem,
        post: Option<&Record<Post>>,
    ) -> Option<&'static str> {
        let now = state.now;
        if state.line.copies.values().any(|copies| *copies > 1) {
            return Some("somebody had the same words twice"); // R29
        }
        if item.expires_at.is_some_and(|at| at <= now) {
            return Some("it had expired"); // R28
        }
        // When the clock is set back while a dispatcher is stopped, a lease that somebody took over seems to last.
        let clock_goes_back = self.steps.iter().any(|step| *step < 0);
        if !clock_goes_back && state.items[at].value.state != item.state {
            return Some("whoever handed it over did not hold it any more");
        }
        let (post, Some(Message::Post { revision, .. })) = (post?, item.messages.first()) else {
            return None;
        };
        let said = post.value.revision_number(*revision).map(|revision| revision.content.hash());
        if said != Some(approved_hash(post)) {
            return Some("nobody had approved it"); // R14
        }
        let present = state.post_of(item).map(|post| &post.value.state);
        if !clock_goes_back && !matches!(present, Some(PostState::Sending { .. })) {
            return Some("its post was not being sent");
        }
        let hour = now - SignedDuration::from_hours(1);
        let most = self.policy.gate.per_person_per_hour as usize;
        let lately = |member| {
            let had = state.line.deliveries.iter();
            had.filter(|(to, at, asked)| *to == member && *at > hour && *asked).count()
        };
        if item.addressees().iter().any(|to| lately(to.member) > most) {
            return Some("somebody had too much within an hour"); // R30
        }
        None
    }

    pub(super) fn records(&self, state: &mut State, dispatcher: usize) {
        let Dispatcher::Heard { at, leased, outcome } = state.dispatchers[dispatcher].clone() else { return };
        state.dispatchers[dispatcher] = Dispatcher::Idle;
        let (retry, key) = (&self.policy.retry, state.fresh_key(dispatcher));
        let recorded = state.items[at].value.recorded(&leased.value, outcome.0, state.now, retry, 0, key);
        let Some(next) = recorded.next else { return };
        state.keys += u128::from(next.retry_key == key);
        state.items[at].write(next);
        self.ended(state, at);
    }

    /// Whether from here on, when nobody interferes and LINE accepts, everything comes to an end: sent, or held for a person.
    pub(super) fn comes_to_an_end(&self, last: &State) -> bool {
        let mut state = last.clone();
        state.dispatchers = [Dispatcher::Idle, Dispatcher::Idle];
        for _ in 0..60 {
            for at in 0..state.posts.len() {
                self.starts(&mut state, at);
            }
            let Some(at) = (0..state.items.len()).find(|at| state.is_due(*at)) else {
                let Some(next) = state.next_due() else { break };
                state.now = next;
                continue;
            };
            state.dispatchers[0] = self.judged(&state, 0, at);
            self.writes(&mut state, 0);
            self.hands_over(&mut state, 0, Answer::Accepts);
            self.records(&mut state, 0);
        }
        let over = |item: &OutboxItem| item.is_settled() || matches!(item.state, OutboxState::Held { .. });
        state.wrong == last.wrong && state.items.iter().all(|item| over(&item.value))
    }

    pub(super) fn starts(&self, state: &mut State, at: usize) -> bool {
        let due = Command::Due { delivery: delivery() };
        let Some(next) = self.command(state, at, due, &Actor::system()) else { return false };
        if matches!(next.state, PostState::Sending { .. }) {
            let chunk = self.chunk(state, &next, state.items.len());
            state.items.push(Record::new(chunk));
        }
        state.posts[at].write(next);
        true
    }

    fn changes(&self, state: &mut State, at: usize, next: Option<OutboxItem>) -> bool {
        let Some(next) = next else { return false };
        state.items[at].write(next);
        self.ended(state, at);
        true
    }

    /// What staff, members and whoever tampers do. Answers whether it could be done.
    pub(super) fn is_done(&self, state: &mut State, action: Action) -> bool {
        let now = state.now;
        match action {
            Action::Tampers(at) => {
                let mut post = (*state.posts[at].value).clone();
                "差し替え".clone_into(&mut post.revisions.last_mut().unwrap().content.title);
                state.posts[at].write(post);
                true
            }
            Action::Unschedules(at) | Action::Withdraws(at) => {
                let command = match action {
                    Action::Unschedules(_) => Command::Unschedule,
                    _ => Command::Withdraw { reason: "誤りがありました。".to_owned() },
                };
                let next = self.command(state, at, command, &approver());
                next.map(|next| state.posts[at].write(next)).is_some()
            }
            Action::Stops(at) => {
                let next = state.items.get(at).and_then(|item| item.value.stopped(now));
                self.changes(state, at, next)
            }
            Action::Releases(at) => {
                let held = state.items.get(at).and_then(|item| match item.value.state {
                    // Who lets go what was held as said already, or may have been, means to say it once more.
                    OutboxState::Held {
                        reason: HoldReason::Repeated | HoldReason::KeyExpired | HoldReason::RecipientLeft,
                        ..
                    } => None,
                    OutboxState::Held { reason, .. } => {
                        item.value.let_go(reason, now, state.fresh_key(STAFF))
                    }
                    _ => None,
                });
                self.changes(state, at, held)
            }
            Action::Drops(at) => {
                let held =
                    state.items.get(at).filter(|item| matches!(item.value.state, OutboxState::Held { .. }));
                let next = held.map(|item| {
                    OutboxItem { state: OutboxState::Dropped { at: now }, ..(*item.value).clone() }.stripped()
                });
                self.changes(state, at, next)
            }
            Action::Leaves => {
                let new = state.left.insert(member(2));
                for item in &mut state.items {
                    if let Some(next) = item.value.without_address_of(member(2)) {
                        item.write(next);
                    }
                }
                new
            }
            _ => false,
        }
    }
}

fn approved_hash(post: &Record<Post>) -> Sha256Hash {
    post.value.approvals.last().unwrap().hash
}

/// What the gate's book says of another item.
fn sent(item: &OutboxItem, asks: OutboxId) -> Option<Sent> {
    let Sort::Delivery { content, .. } = item.sort else { return None };
    let at = item.accepted_at().filter(|_| item.id != asks)?;
    Some(Sent { at, content, members: item.addressees().iter().map(|to| to.member).collect() })
}
