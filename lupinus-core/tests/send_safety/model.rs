//! Dispatchers, a store, staff and a clock: what can happen next in any state, by the decisions of the library.

use std::{
    collections::{BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    ids::{MemberId, RetryKey},
    outbox::{Message, OutboxItem, OutboxState, SendOutcome},
    policy::Policy,
    post::Post,
};
use stateright::{Model, Property};
use uuid::Uuid;

use super::{
    line::{Answer, Line},
    record::Record,
};
use crate::common::Rules;

/// A rule that is broken on purpose, to see that the model would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A lease is written without asking whether somebody wrote before.
    LeaseVersion,
    /// A delivery takes no turn at the gate.
    GateTurn,
    /// The content's hash is not compared with the approved one.
    ContentHash,
    /// What was leased is handed over, however long ago that was.
    LeaseEnd,
    /// Each attempt has a retry key of its own.
    RetryKey,
}

/// Whose keys those are that nobody of the dispatchers makes.
pub(super) const STAFF: usize = 2;

/// What one dispatcher has in hand.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum Dispatcher {
    Idle,
    /// It has read an item and the book, and knows what it will write. `turn` when that is to pass the gate.
    Judged {
        at: usize,
        read: u64,
        turn: Option<u64>,
        next: Record<OutboxItem>,
        post: Option<Record<Post>>,
    },
    /// The item is leased to it.
    Holds {
        at: usize,
        leased: Record<OutboxItem>,
        post: Option<Record<Post>>,
    },
    /// It has heard of LINE, and recorded nothing yet.
    Heard {
        at: usize,
        leased: Record<OutboxItem>,
        outcome: Heard,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard(pub(super) SendOutcome);

impl Hash for Heard {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
    }
}

/// How much may still go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Budget {
    pub(crate) crashes: u8,
    pub(crate) faults: u8,
    pub(crate) ticks: u8,
    pub(crate) staff: u8,
}

#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    pub(crate) posts: Vec<Record<Post>>,
    pub(crate) items: Vec<Record<OutboxItem>>,
    pub(super) turn: u64,
    pub(crate) left: BTreeSet<MemberId>,
    pub(crate) dispatchers: [Dispatcher; 2],
    pub(crate) line: Line,
    pub(crate) budget: Budget,
    pub(super) keys: u128,
    /// What must never happen, and did.
    pub(crate) wrong: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A dispatcher finds this scheduled post due and begins its delivery.
    Starts(usize),
    /// A dispatcher reads this item, the gate's book, and judges.
    Judges(usize, usize),
    /// It writes what it has judged.
    Writes(usize),
    /// It hands over, and LINE does this.
    HandsOver(usize, Answer),
    /// It records what it has heard.
    Records(usize),
    /// It is killed.
    Dies(usize),
    /// So many seconds go by; the clock is set back when it is less than none.
    Passes(i64),
    /// Somebody writes into the record of a post what nobody approved.
    Tampers(usize),
    /// An approver takes it off the schedule, or withdraws it.
    Unschedules(usize),
    Withdraws(usize),
    /// Staff stop an item, let it go, drop it.
    Stops(usize),
    Releases(usize),
    Drops(usize),
    /// The second member leaves for good.
    Leaves,
}

/// What is walked.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub(crate) policy: Policy,
    pub(crate) rules: Arc<Rules>,
    pub(crate) begins: State,
    /// Of how many seconds the steps of the clock are.
    pub(crate) steps: Vec<i64>,
    /// What staff and others do, of [`Action`].
    pub(crate) done: Vec<Action>,
    pub(crate) broken: Option<Broken>,
}

impl State {
    pub(crate) fn of(now: Timestamp, posts: Vec<Post>, items: Vec<OutboxItem>, budget: Budget) -> Self {
        Self {
            now,
            posts: posts.into_iter().map(Record::new).collect(),
            items: items.into_iter().map(Record::new).collect(),
            turn: 0,
            left: BTreeSet::new(),
            dispatchers: [Dispatcher::Idle, Dispatcher::Idle],
            line: Line::default(),
            budget,
            keys: 0x1_0000,
            wrong: None,
        }
    }

    pub(super) fn is_due(&self, at: usize) -> bool {
        let item = &self.items[at].value;
        let due = match item.state {
            OutboxState::Waiting { at } => at,
            OutboxState::Leased { until } | OutboxState::Paused { until, .. } => until,
            _ => return false,
        };
        let lane = item.lane();
        let before =
            |other: &Record<OutboxItem>| other.value.lane() == lane && item.waits_for(&other.value, self.now);
        due <= self.now && !self.items.iter().any(before)
    }

    /// When what is not due yet can be tried next.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let due = self.items.iter().filter_map(|item| match item.value.state {
            OutboxState::Waiting { at } => Some(at),
            OutboxState::Leased { until } | OutboxState::Paused { until, .. } => Some(until),
            _ => None,
        });
        due.filter(|at| *at > self.now).min()
    }

    pub(super) fn post_of(&self, item: &OutboxItem) -> Option<&Record<Post>> {
        let Some(Message::Post { post, .. }) = item.messages.first() else { return None };
        self.posts.iter().find(|record| record.value.id == *post)
    }

    /// The same state but for which of the dispatchers is which.
    pub(crate) fn representative(&self) -> Self {
        let mut same = self.clone();
        let digest = |dispatcher: &Dispatcher| {
            let mut hasher = DefaultHasher::new();
            dispatcher.hash(&mut hasher);
            hasher.finish()
        };
        same.dispatchers.sort_by_key(digest);
        same
    }

    /// A key that nobody else makes.
    pub(super) fn fresh_key(&self, whose: usize) -> RetryKey {
        RetryKey::from_uuid(Uuid::from_u128(self.keys * 4 + whose as u128))
    }
}

impl Model for Town {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![self.begins.clone()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.wrong.is_some() {
            return;
        }
        actions.extend((0..state.posts.len()).map(Action::Starts));
        for (number, dispatcher) in state.dispatchers.iter().enumerate() {
            match dispatcher {
                Dispatcher::Idle => {
                    let due = (0..state.items.len()).filter(|at| state.is_due(*at));
                    actions.extend(due.map(|at| Action::Judges(number, at)));
                    continue;
                }
                Dispatcher::Judged { .. } => actions.push(Action::Writes(number)),
                Dispatcher::Holds { .. } => {
                    actions.push(Action::HandsOver(number, Answer::Accepts));
                    if state.budget.faults > 0 {
                        actions.extend(Answer::FAULTS.map(|fault| Action::HandsOver(number, fault)));
                    }
                }
                Dispatcher::Heard { .. } => actions.push(Action::Records(number)),
            }
            if state.budget.crashes > 0 {
                actions.push(Action::Dies(number));
            }
        }
        if state.budget.ticks > 0 {
            actions.extend(self.steps.iter().map(|step| Action::Passes(*step)));
        }
        if state.budget.staff > 0 {
            actions.extend(&self.done);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        let done = match action {
            Action::Starts(at) => self.starts(&mut next, at),
            Action::Judges(dispatcher, at) => {
                next.dispatchers[dispatcher] = self.judged(last, dispatcher, at);
                true
            }
            Action::Writes(dispatcher) => {
                self.writes(&mut next, dispatcher);
                true
            }
            Action::HandsOver(dispatcher, answer) => {
                next.budget.faults -= u8::from(answer != Answer::Accepts);
                self.hands_over(&mut next, dispatcher, answer);
                true
            }
            Action::Records(dispatcher) => {
                self.records(&mut next, dispatcher);
                true
            }
            Action::Dies(dispatcher) => {
                next.budget.crashes -= 1;
                next.dispatchers[dispatcher] = Dispatcher::Idle;
                true
            }
            Action::Passes(seconds) => {
                next.budget.ticks -= 1;
                next.now += SignedDuration::from_secs(seconds);
                true
            }
            done => {
                next.budget.staff -= 1;
                self.is_done(&mut next, done)
            }
        };
        done.then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let repeated = |_: &Self, state: &State| state.items.iter().any(|item| item.value.attempts > 1);
        let both = |_: &Self, state: &State| {
            state.dispatchers.iter().all(|dispatcher| !matches!(dispatcher, Dispatcher::Idle))
        };
        vec![
            Property::always("nothing reaches a phone that must not", |_, state: &State| {
                state.wrong.is_none()
            }),
            Property::always("everything comes to an end", Self::comes_to_an_end),
            Property::sometimes("phones ring", |_, state: &State| !state.line.deliveries.is_empty()),
            Property::sometimes("something is tried again", repeated),
            Property::sometimes("two dispatchers are at it", both),
        ]
    }
}
