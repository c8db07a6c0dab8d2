//! Random posts, stops, releases, outages and answers of the channel, through the services: what must never reach a phone does
//! not.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use common::{content, local};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    actor::{Role, Who},
    audience::Audience,
    body::Body,
    clock::ManualClock,
    hash::Sha256Hash,
    ids::{BodyId, ContactId, MemberId, OutboxId, PostId, RetryKey, SeededIds, StaffId},
    member::{Consent, Member, MemberState},
    outbox::{HoldReason, Message, OutboxItem, OutboxState, Recipient, SendOutcome, Sort},
    policy::Policy,
    post::{Category, Command, Content, Post, PostState, Urgency},
    screening::Screen,
    service::{By, Centre, Decided, Draft, Leased, ServiceError, Work},
    staff::{PasswordHash, Staff},
    store::{Batch, Entity, EntityBatch, MemoryStore, Scan, StoreExt},
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree};
use uuid::Uuid;

const MOST_A_PERSON_AN_HOUR: u32 = 3;

/// What LINE does with one request, and what the dispatcher hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accepts,
    AcceptsUnheard,
    IsNotReached,
    AcceptsAndWeDie,
    WeDieFirst,
    Limits,
    HasNoQuotaLeft,
    RefusesTheToken,
    Refuses,
    NeverSeesIt,
    /// The program is stopped with the item in hand, and goes on when it wakes.
    WeAreStopped,
}

#[derive(Clone, Debug)]
enum Step {
    /// Somebody hands this content in, it is approved, and goes out after so many hours.
    Publish {
        words: usize,
        by_staff: bool,
        mended: bool,
        everyone: bool,
        hours: i64,
    },
    /// The dispatcher takes up to so many and hears this.
    Dispatch {
        limit: usize,
        answers: Vec<Answer>,
    },
    /// Of what there is to stop, release, drop or call back, this one.
    Stop(prop::sample::Index),
    Release(prop::sample::Index),
    Drop(prop::sample::Index),
    Unschedule(prop::sample::Index),
    /// Of the sendings that failed, this one goes once more to those whom it missed.
    Resend(prop::sample::Index),
    /// Time goes by.
    Pass {
        minutes: u64,
    },
    /// Programs that were stopped go on where they were.
    Wake(Answer),
    /// A friend blocks the account, or comes back.
    Block(usize),
    /// A friend leaves for good.
    Leave(usize),
}

fn any_answer() -> impl Strategy<Value = Answer> {
    use Answer as A;
    prop_oneof![
        4 => Just(A::Accepts),
        4 => Just(A::AcceptsUnheard),
        2 => Just(A::IsNotReached),
        2 => Just(A::AcceptsAndWeDie),
        1 => Just(A::WeDieFirst),
        1 => Just(A::Limits),
        1 => Just(A::HasNoQuotaLeft),
        1 => Just(A::RefusesTheToken),
        1 => Just(A::Refuses),
        1 => Just(A::NeverSeesIt),
        1 => Just(A::WeAreStopped),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let minutes = prop_oneof![Just(1_u64), Just(7), Just(61), Just(600), Just(23 * 60), Just(24 * 60)];
    prop_oneof![
        6 => (0..6_usize, any::<bool>(), prop::bool::weighted(0.2), any::<bool>(), prop_oneof![4 => Just(0_i64), 1 => 1..40_i64])
            .prop_map(|(words, by_staff, mended, everyone, hours)| Step::Publish { words, by_staff, mended, everyone, hours }),
        8 => (3..20_usize, vec(any_answer(), 6)).prop_map(|(limit, answers)| Step::Dispatch { limit, answers }),
        2 => any::<prop::sample::Index>().prop_map(Step::Stop),
        3 => any::<prop::sample::Index>().prop_map(Step::Release),
        2 => any::<prop::sample::Index>().prop_map(Step::Drop),
        1 => any::<prop::sample::Index>().prop_map(Step::Unschedule),
        2 => any::<prop::sample::Index>().prop_map(Step::Resend),
        6 => minutes.prop_map(|minutes| Step::Pass { minutes }),
        2 => any_answer().prop_map(Step::Wake),
        1 => (0..4_usize).prop_map(Step::Block),
        1 => (1..4_usize).prop_map(Step::Leave),
    ]
}

/// What a member who got something twice cares about: the words, not the post's name.
type Copy = (MemberId, Sha256Hash);

/// The platform, as it must be counted on: it keeps a retry key for a day, and delivers to whoever follows.
#[derive(Debug, Default)]
struct Line {
    accepted: HashMap<RetryKey, Timestamp>,
    copies: HashMap<Copy, u32>,
    deliveries: Vec<(MemberId, Timestamp)>,
    /// Which of these a person had let go, by their word above a ceiling.
    by_word: HashSet<usize>,
}

struct Town {
    centre: Centre,
    clock: Arc<ManualClock>,
    line: Line,
    friends: Vec<MemberId>,
    released: HashSet<OutboxId>,
    stopped: Vec<Leased>,
    /// How many deliveries there had been when the gate let an item pass.
    passed: HashMap<OutboxId, usize>,
}

const BODY: u128 = 1;
const WRITER: u128 = 1;
const APPROVER: u128 = 2;

fn staff(number: u128) -> StaffId {
    StaffId::from_uuid(Uuid::from_u128(number))
}

/// What there is to say: notices, one of them out of date after a day, and an event in three days.
fn words(number: usize) -> Content {
    let mut content =
        content(["お知らせ", "様式の改定", "研修のご案内", "本日の受付", "窓口の変更", "会議の開催"][number]);
    if number == 2 {
        let event = content.event.as_mut().unwrap();
        event.date = jiff::civil::date(2026, 10, 4);
        event.apply_by = None;
    } else {
        content.category = Category::Notice;
        content.event = None;
        content.expires_at = (number == 3).then(|| local(2026, 10, 2, 10));
    }
    content
}

impl Town {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(local(2026, 10, 1, 10)));
        let mut policy = Policy { quiet: None, ..Policy::default() };
        policy.gate.per_person_per_hour = MOST_A_PERSON_AN_HOUR;
        let (store, ids) = (Arc::new(MemoryStore::new()), Arc::new(SeededIds::new(1)));
        let centre = Centre::new(store, clock.clone(), ids, Screen::default(), policy);
        let at = centre.now();
        let mut batch = Batch::new();
        let body = BodyId::from_uuid(Uuid::from_u128(BODY));
        batch.insert(&Body { id: body, name: "訪問看護連絡会".to_owned(), active: true }).unwrap();
        let mut friends = Vec::new();
        for number in 0..4_u128 {
            let id = MemberId::from_uuid(Uuid::from_u128(0x100 + number));
            let mut member = Member::new(id, ContactId::new(format!("U{number:032x}")), at);
            // The last is a friend of the account and no member.
            member.consent = (number < 3).then(|| Consent { rules_version: "1".to_owned(), at });
            member.submits_for = (number == 0).then_some(body);
            batch.insert(&member).unwrap();
            friends.push(id);
        }
        for (number, roles) in
            [(WRITER, vec![Role::Checker, Role::Approver]), (APPROVER, vec![Role::Approver])]
        {
            let staff = Staff {
                id: staff(number),
                login: format!("staff{number}"),
                name: format!("職員{number}"),
                roles: roles.into_iter().collect(),
                active: true,
                password: PasswordHash::new("x"),
                second_factor: None,
                provider: None,
                failures: 0,
                locked_until: None,
                deputies: BTreeSet::new(),
                created_at: at,
            };
            batch.insert(&staff).unwrap();
        }
        centre.store().commit(batch).await.unwrap();
        Self {
            centre,
            clock,
            line: Line::default(),
            friends,
            released: HashSet::new(),
            stopped: Vec::new(),
            passed: HashMap::new(),
        }
    }

    async fn does<T, F, Fut>(&self, decide: F) -> Result<T, ServiceError>
    where
        F: Fn(Work) -> Fut,
        Fut: Future<Output = Result<Decided<T>, ServiceError>>,
    {
        self.centre.transact(decide).await
    }

    async fn command(&self, by: By, id: PostId, command: Command) -> Result<Post, ServiceError> {
        let command = &command;
        self.does(|mut work| async move {
            let post = work.post_command(by, id, command.clone()).await?;
            work.done(post)
        })
        .await
    }

    async fn publish(&self, content: Content, by_staff: bool, mended: bool, audience: Audience, hours: i64) {
        let by = if by_staff { By::Staff(staff(WRITER)) } else { By::Member(self.friends[0]) };
        let approver = By::Staff(staff(APPROVER));
        let draft = &Draft { content, urgency: Urgency::Normal, audience: Audience::Members, body: None };
        let begun = self.does(|mut work| async move {
            let post = work.draft_and_submit(by, draft.clone()).await?;
            work.done(post.id)
        });
        // Out of date, the third content cannot be handed in any more.
        let Ok(id) = begun.await else { return };
        self.command(approver, id, Command::Take).await.unwrap();
        if mended {
            let comment = "もう一度ご確認ください。".to_owned();
            self.command(approver, id, Command::Return { comment, field: None }).await.unwrap();
            let again = self.does(|mut work| async move {
                let post = work.edit_and_submit(by, id, draft.content.clone()).await?;
                work.done(post)
            });
            again.await.unwrap();
            self.command(approver, id, Command::Take).await.unwrap();
        }
        let approve = || Command::Approve { revision: if mended { 2 } else { 1 }, confirmed: true };
        if by_staff {
            assert!(self.command(by, id, approve()).await.is_err(), "an author approved their own post");
        }
        self.command(approver, id, approve()).await.unwrap();
        let at = self.centre.now() + SignedDuration::from_hours(hours);
        // Refused when it would be out of date by then.
        let _ = self.command(approver, id, Command::Schedule { at, audience }).await;
    }

    async fn posts_in(&self, state: &str) -> Vec<PostId> {
        self.centre.posts(state, None, 100).await.unwrap().items.iter().map(|post| post.value.id).collect()
    }

    async fn held(&self) -> Vec<OutboxItem> {
        let items = self.centre.outbox_attention(1_000).await.unwrap().into_iter().map(|item| item.value);
        items.filter(|item| !matches!(item.state, OutboxState::Paused { .. })).collect()
    }

    async fn take(&mut self, step: Step) {
        let approver = By::Staff(staff(APPROVER));
        match step {
            Step::Publish { words: number, by_staff, mended, everyone, hours } => {
                let audience = if everyone { Audience::AllFriends } else { Audience::Members };
                self.publish(words(number), by_staff, mended, audience, hours).await;
            }
            Step::Dispatch { limit, answers } => self.dispatch(limit, &answers).await,
            Step::Stop(which) => {
                let sending = self.posts_in("sending").await;
                if !sending.is_empty() {
                    let id = *which.get(&sending);
                    let stopped = self.does(|mut work| async move {
                        let held = work.stop_sending(approver, id).await?;
                        work.done(held)
                    });
                    stopped.await.unwrap();
                }
            }
            Step::Release(which) => {
                // Who releases what was held as repeated, or as unanswered for a day, means to say it once more.
                let releasable = |item: &OutboxItem| {
                    use HoldReason as H;
                    matches!(
                        &item.state,
                        OutboxState::Held { reason: H::ByHand | H::PersonCeiling | H::AccountCeiling, .. }
                    )
                };
                let mut held = self.held().await;
                held.retain(releasable);
                if !held.is_empty() {
                    let item = which.get(&held);
                    if !matches!(item.state, OutboxState::Held { reason: HoldReason::ByHand, .. }) {
                        self.released.insert(item.id);
                    }
                    let id = item.id;
                    let released = self.does(|mut work| async move {
                        work.release_held(approver, id).await?;
                        work.done(())
                    });
                    released.await.unwrap();
                }
            }
            Step::Drop(which) => {
                let held = self.held().await;
                if !held.is_empty() {
                    let id = which.get(&held).id;
                    let dropped = self.does(|mut work| async move {
                        work.drop_held(approver, id).await?;
                        work.done(())
                    });
                    dropped.await.unwrap();
                }
            }
            Step::Unschedule(which) => {
                let scheduled = self.posts_in("scheduled").await;
                if !scheduled.is_empty() {
                    self.command(approver, *which.get(&scheduled), Command::Unschedule).await.unwrap();
                }
            }
            Step::Resend(which) => {
                let failed = self.posts_in("failed").await;
                if !failed.is_empty() {
                    let id = *which.get(&failed);
                    // Refused when it is out of date, or when nobody is left.
                    let _ = self
                        .does(|mut work| async move {
                            let post = work.resend(approver, id).await?;
                            work.done(post)
                        })
                        .await;
                }
            }
            Step::Pass { minutes } => self.clock.advance(Duration::from_mins(minutes)),
            Step::Wake(answer) => {
                for leased in std::mem::take(&mut self.stopped) {
                    if leased.item.value.may_be_handed_over(self.centre.now()) {
                        self.attempt(leased, answer).await;
                    } else {
                        self.centre.settle(&leased, SendOutcome::RateLimited).await.unwrap();
                    }
                }
            }
            Step::Block(number) => {
                let read = self.centre.member(self.friends[number]).await.unwrap();
                let state = match read.value.state {
                    MemberState::Following => MemberState::Blocked,
                    MemberState::Blocked => MemberState::Following,
                    MemberState::Left => return,
                };
                let mut batch = Batch::new();
                batch.update(&Member { state, ..read.value.clone() }, read.version).unwrap();
                self.centre.store().commit(batch).await.unwrap();
            }
            Step::Leave(number) => {
                let by = By::Member(self.friends[number]);
                // Who blocks the account, or has left, cannot.
                let left = self.does(|mut work| async move {
                    work.leave(by).await?;
                    work.done(())
                });
                if left.await.is_ok() {
                    // R12
                    for item in self.everything().await {
                        let mut to = item.addressees().iter();
                        let kept = to.any(|to| to.member == self.friends[number] && to.contact.is_some());
                        assert!(!kept, "the address of one who left is kept: {item:?}");
                    }
                }
            }
        }
    }

    async fn everything(&self) -> Vec<OutboxItem> {
        let scan = Scan::keys(OutboxItem::KIND);
        let all = self.centre.store().all::<OutboxItem>(scan, 10_000).await.unwrap();
        all.into_iter().map(|item| item.value).collect()
    }

    /// What a dispatcher does, with a channel that answers so.
    async fn dispatch(&mut self, limit: usize, answers: &[Answer]) {
        self.centre.start_due_posts().await.unwrap();
        let leased = self.centre.lease_due(limit).await.unwrap();
        // What was tried before passes with its key, and the gate asks nothing.
        for item in leased.iter().map(|leased| &leased.item.value) {
            if item.first_tried_at == Some(self.centre.now()) {
                self.passed.insert(item.id, self.line.deliveries.len());
            } else {
                self.passed.remove(&item.id);
            }
        }
        for (leased, answer) in leased.into_iter().zip(answers.iter().copied().cycle()) {
            // What is said to one person is another test's.
            let answer = if leased.post.is_some() { answer } else { Answer::Accepts };
            self.attempt(leased, answer).await;
        }
    }

    async fn attempt(&mut self, leased: Leased, answer: Answer) {
        if answer == Answer::WeAreStopped {
            self.stopped.push(leased);
        } else if let Some(outcome) = self.send(&leased, answer).await {
            self.centre.settle(&leased, outcome).await.unwrap();
        }
    }

    async fn send(&mut self, leased: &Leased, answer: Answer) -> Option<SendOutcome> {
        use Answer as A;
        let (item, now) = (&leased.item.value, self.centre.now());
        let day = SignedDuration::from_hours(24);
        let known = self.line.accepted.get(&item.retry_key).is_some_and(|at| now.duration_since(*at) < day);
        let heard = if known {
            SendOutcome::AlreadyAccepted { request_id: None }
        } else {
            SendOutcome::Accepted { request_id: None }
        };
        match answer {
            A::Limits => return Some(SendOutcome::RateLimited),
            A::HasNoQuotaLeft => return Some(SendOutcome::QuotaExhausted),
            A::RefusesTheToken => return Some(SendOutcome::Unauthorised),
            A::NeverSeesIt => return Some(SendOutcome::Unrenderable { message: "m".to_owned() }),
            A::IsNotReached => return Some(SendOutcome::Ambiguous),
            A::WeDieFirst | A::WeAreStopped => return None,
            // A key that was accepted is answered 409, whatever else is wrong.
            A::Refuses if !known => {
                return Some(SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None });
            }
            A::Refuses | A::Accepts | A::AcceptsUnheard | A::AcceptsAndWeDie => {}
        }
        if !known {
            self.line.accepted.insert(item.retry_key, now);
            if let Some(post) = &leased.post {
                self.deliver(item, post, now).await;
            }
        }
        match answer {
            A::AcceptsUnheard => Some(SendOutcome::Ambiguous),
            A::AcceptsAndWeDie => None,
            _ => Some(heard),
        }
    }

    /// The moment at which phones ring.
    async fn deliver(&mut self, item: &OutboxItem, post: &Post, now: Timestamp) {
        let record = self.everything().await.into_iter().find(|record| record.id == item.id).unwrap();
        assert_eq!(record.state, item.state, "whoever handed it over did not hold it any more");
        let Some(Message::Post { revision, hash, .. }) = item.messages.first() else { panic!("no post") };
        // R14, R15
        let present = post.revision_number(*revision).unwrap();
        assert_eq!(
            (present.hash, present.content.hash()),
            (*hash, *hash),
            "not the content that was approved"
        );
        let writers: HashSet<Who> = post.revisions.iter().map(|revision| revision.by).collect();
        let approved = post.approvals.iter().any(|given| {
            given.revision == *revision && given.hash == *hash && !writers.contains(&Who::Staff(given.by))
        });
        assert!(approved, "nobody but its author approved revision {revision}");
        assert!(matches!(post.state, PostState::Sending { .. }), "sent while {}", post.state.name());
        // R28
        let expiry = present.content.expiry(self.centre.policy().hours.time_zone());
        assert!(expiry.is_none_or(|at| at > now), "sent past its expiry");
        let mut people = Vec::new();
        match &item.recipient {
            Recipient::People(to) => {
                assert!(to.iter().all(|to| to.contact.is_some()), "LINE cannot be told to whom");
                people.extend(to.iter().map(|to| to.member));
            }
            Recipient::Everyone => people.extend(self.friends.iter().copied()),
            other => panic!("{other:?}"),
        }
        for member in people {
            if self.centre.member(member).await.unwrap().value.state != MemberState::Following {
                continue;
            }
            // R29
            let copies = self.line.copies.entry((member, *hash)).or_default();
            *copies += 1;
            assert_eq!(*copies, 1, "{member} had the same content twice");
            // R30: what a person released passes with their word, and counts for whatever asks the gate after it.
            let released = self.released.contains(&item.id);
            if let Some(before) = self.passed.get(&item.id).filter(|_| !released) {
                let hour = SignedDuration::from_hours(1);
                let counts = |(at, (to, when)): &(usize, &(MemberId, Timestamp))| {
                    *to == member && *when > now - hour && (at < before || !self.line.by_word.contains(at))
                };
                let lately = self.line.deliveries.iter().enumerate().filter(counts).count();
                assert!(lately < MOST_A_PERSON_AN_HOUR as usize, "{member} had too many in an hour");
            }
            if released {
                self.line.by_word.insert(self.line.deliveries.len());
            }
            self.line.deliveries.push((member, now));
        }
    }
}

fn play(steps: Vec<Step>) -> Line {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut town = Town::new().await;
        for step in steps {
            town.take(step).await;
        }
        // Every chunk is accounted for: nothing is lost on the way.
        for post in town.posts_in("sending").await {
            let PostState::Sending { delivery } = town.centre.post(post).await.unwrap().value.state else {
                panic!()
            };
            let chunks = town.centre.chunks_of(delivery).await.unwrap();
            assert!(chunks.iter().any(|chunk| !chunk.value.is_settled()), "a sending that nothing can end");
        }
        for item in town.everything().await {
            let is_chunk = matches!(item.sort, Sort::Delivery { .. });
            let kept = item.addressees().iter().any(|to| to.contact.is_some());
            assert!(!(is_chunk && item.is_settled() && kept), "an address is kept after use");
        }
        town.line
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    // R14, R15, R28, R29, R30
    #[test]
    fn nothing_reaches_a_phone_unapproved_expired_or_twice(steps in vec(any_step(), 5..45)) {
        play(steps);
    }
}

// R29
#[test]
fn who_comes_back_before_a_broadcast_is_repeated_is_among_those_it_reached() {
    let publish = |everyone| Step::Publish { words: 2, by_staff: true, mended: false, everyone, hours: 0 };
    let played = play(vec![
        Step::Block(0),
        Step::Leave(1),
        Step::Block(2),
        publish(true),
        Step::Dispatch { limit: 3, answers: vec![Answer::WeDieFirst] },
        Step::Pass { minutes: 1 },
        publish(false),
        Step::Block(0),
        Step::Dispatch { limit: 3, answers: vec![Answer::Accepts] },
    ]);
    assert!(!played.deliveries.is_empty(), "nothing was sent");
}

// R30
#[test]
fn what_a_person_released_takes_nobodys_turn_who_had_passed_before() {
    let publish =
        |words, by_staff| Step::Publish { words, by_staff, mended: false, everyone: false, hours: 0 };
    // Only one is held: any index means it.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let which = any::<prop::sample::Index>().new_tree(&mut runner).unwrap().current();
    let held_up = [Answer::Accepts, Answer::WeAreStopped, Answer::Accepts, Answer::Accepts];
    let played = play(vec![
        publish(0, false),
        publish(1, false),
        publish(0, true),
        publish(1, true),
        Step::Dispatch { limit: 5, answers: held_up.to_vec() },
        Step::Release(which),
        Step::Dispatch { limit: 3, answers: vec![Answer::Accepts] },
        Step::Wake(Answer::Accepts),
    ]);
    assert!(!played.deliveries.is_empty(), "nothing was sent");
}

#[test]
fn the_random_steps_do_ring_phones() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut rang = 0;
    for _ in 0..60 {
        rang += play(vec(any_step(), 5..45).new_tree(&mut runner).unwrap().current()).deliveries.len();
    }
    assert!(rang >= 200, "only {rang} deliveries in 60 plays: the property says little");
}
