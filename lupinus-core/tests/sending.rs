//! What the gate knows of what went out, or may have: nobody has the same content twice, and no more in an hour than the ceiling.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use city::{City, MEMBERS, accepted};
use common::content;
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    audience::{Audience, Expr},
    clock::Clock,
    ids::{MemberId, OutboxId, SeededIds},
    member::{Area, Profession},
    outbox::{Addressee, HoldReason, Message, OutboxItem, OutboxState, Recipient, SendOutcome, Sort},
    post::{Command, Post},
    screening::Screen,
    service::{By, Centre, Leased},
    store::{
        Batch, Entity, Kind, MemoryStore, Page, Record, RecordKey, Scan, Size, Store, StoreError, StoreExt,
        Tally,
    },
};

impl City {
    /// Approves a post of this title for each audience, and lets all of them be due at once.
    async fn all_due(&self, posts: &[(&str, Audience)]) {
        for (title, audience) in posts {
            let post = self.approved(title).await;
            let schedule = Command::Schedule { at: self.centre.now(), audience: audience.clone() };
            self.command(By::Staff(self.approver), post.id, schedule).await.unwrap();
        }
        assert_eq!(self.centre.start_due_posts().await.unwrap(), posts.len());
    }

    async fn leaves(&self, member: MemberId) {
        let left = self.centre.transact(|mut work| async move {
            let erased = work.leave(By::Member(member)).await?;
            work.done(erased)
        });
        left.await.unwrap();
    }

    async fn everything(&self) -> Vec<OutboxItem> {
        let all = self.centre.store().all::<OutboxItem>(Scan::keys(OutboxItem::KIND), 1_000).await.unwrap();
        all.into_iter().map(|item| item.value).collect()
    }

    async fn reasons(&self) -> Vec<HoldReason> {
        self.held().await.into_iter().map(|(_, reason)| reason).collect()
    }
}

// R29
#[tokio::test]
async fn two_broadcasts_of_one_content_due_at_once_reach_everybody_once() {
    let city = City::new().await;
    city.all_due(&[("お知らせ", Audience::AllFriends), ("お知らせ", Audience::AllFriends)]).await;
    let got = city.accept_all().await;
    assert_eq!(got.len() as u128, MEMBERS);
    assert!(got.values().all(|times| *times == 1), "somebody had it twice");
    assert_eq!(city.reasons().await, [HoldReason::Repeated]);
}

// R29
#[tokio::test]
async fn a_broadcast_and_a_multicast_of_one_content_due_at_once_reach_everybody_once() {
    for audiences in [[Audience::AllFriends, Audience::Members], [Audience::Members, Audience::AllFriends]] {
        let city = City::new().await;
        city.all_due(&audiences.map(|audience| ("お知らせ", audience))).await;
        let got = city.accept_all().await;
        assert!(got.values().all(|times| *times == 1), "somebody had it twice");
        assert!(city.reasons().await.iter().all(|reason| *reason == HoldReason::Repeated));
    }
}

// R30
#[tokio::test]
async fn broadcasts_due_at_once_stay_below_the_ceiling_of_a_person() {
    let city = City::new().await;
    let titles = ["一つ目", "二つ目", "三つ目", "四つ目", "五つ目"];
    city.all_due(&titles.map(|title| (title, Audience::AllFriends))).await;
    let got = city.accept_all().await;
    assert!(got.values().all(|times| *times == 4), "somebody had more than four in an hour");
    assert_eq!(city.reasons().await, [HoldReason::PersonCeiling]);
}

// R29
#[tokio::test]
async fn what_was_stopped_and_let_go_is_still_asked_whether_it_is_a_repetition() {
    let city = City::new().await;
    city.all_due(&[("お知らせ", Audience::Members)]).await;
    city.accept_all().await;
    let again = city.approved("お知らせ").await;
    city.sending(again.id, Audience::Members).await;
    assert!(city.stop(again.id).await > 0);
    for (item, reason) in city.held().await {
        assert_eq!(reason, HoldReason::ByHand);
        city.release(item).await;
    }
    assert!(city.accept_all().await.is_empty(), "somebody had it twice");
    assert!(city.reasons().await.iter().all(|reason| *reason == HoldReason::Repeated));
}

/// Whether anything in the outbox holds the secretary's address.
async fn names_the_secretary(city: &City) -> bool {
    let items = city.everything().await;
    let mut named = items.iter().flat_map(OutboxItem::addressees);
    named.any(|to| to.member == city.secretary && to.contact.is_some())
}

// R12
#[tokio::test]
async fn the_address_of_one_who_leaves_goes_from_every_chunk() {
    type Row = (&'static str, Option<SendOutcome>);
    let rows: [Row; 5] = [
        ("never tried", None),
        ("waits after an unanswered attempt", Some(SendOutcome::Ambiguous)),
        ("waits for the rate limit", Some(SendOutcome::RateLimited)),
        ("paused", Some(SendOutcome::QuotaExhausted)),
        ("stopped", None),
    ];
    for (name, outcome) in rows {
        let city = City::new().await;
        let post = city.approved("お知らせ").await;
        city.sending(post.id, Audience::Members).await;
        if let Some(outcome) = &outcome {
            for item in city.centre.lease_due(10).await.unwrap() {
                city.settle(&item, if item.post.is_some() { outcome.clone() } else { accepted() }).await;
            }
        }
        if name == "stopped" {
            assert_eq!(city.stop(post.id).await, 3);
        }
        assert!(names_the_secretary(&city).await);
        city.leaves(city.secretary).await;
        assert!(!names_the_secretary(&city).await, "{name}: her address is kept");
        city.clock.advance(Duration::from_mins(10));
        let got = city.accept_all().await;
        assert!(!got.contains_key(&city.secretary), "{name}: it was sent to her");
        let left: Vec<HoldReason> = city.reasons().await;
        match name {
            // The same key must name the same people: her chunk waits for a person, and the others go.
            "waits after an unanswered attempt" => assert_eq!(left, [HoldReason::RecipientLeft], "{name}"),
            "stopped" => assert_eq!(left, [HoldReason::ByHand; 3], "{name}"),
            _ => assert_eq!((left, got.len() as u128), (vec![], MEMBERS - 4), "{name}"),
        }
        for (item, _) in city.held().await {
            city.release(item).await;
        }
        city.accept_all().await;
        assert!(!names_the_secretary(&city).await, "{name}");
        assert_eq!(city.centre.post(post.id).await.unwrap().value.state.name(), "sent", "{name}");
    }
}

// R12
#[tokio::test]
async fn a_chunk_in_a_dispatchers_hands_comes_back_without_the_address_of_one_who_left() {
    for outcome in [SendOutcome::Ambiguous, SendOutcome::RateLimited, SendOutcome::QuotaExhausted] {
        let city = City::new().await;
        let post = city.approved("お知らせ").await;
        city.sending(post.id, Audience::Members).await;
        let chunks = city.centre.lease_due(10).await.unwrap();
        city.leaves(city.secretary).await;
        for item in chunks {
            city.settle(&item, outcome.clone()).await;
        }
        assert!(!names_the_secretary(&city).await, "{outcome:?}");
        city.clock.advance(Duration::from_mins(10));
        assert!(!city.accept_all().await.contains_key(&city.secretary), "{outcome:?}: it was sent to her");
    }
}

// R12
#[tokio::test]
async fn the_last_word_to_one_who_leaves_is_said_once_and_not_kept() {
    for outcome in [accepted(), SendOutcome::Ambiguous, SendOutcome::RateLimited] {
        let city = City::new().await;
        let (id, by) = (city.secretary, By::Member(city.secretary));
        let contact = city.centre.member(id).await.unwrap().value.contact;
        let to = &Recipient::Person(Addressee { member: id, contact });
        let said = &vec![Message::Native { object: "さようなら".into() }];
        let left = city.centre.transact(|mut work| async move {
            work.leave(by).await?;
            // Its words are those of the leaving; the other is what somebody said to her at the same moment.
            work.send(to.clone(), said.clone(), Sort::Farewell, None, None)?;
            work.send(to.clone(), said.clone(), Sort::Personal, None, None)?;
            work.done(())
        });
        left.await.unwrap();
        let leased = city.centre.lease_due(10).await.unwrap();
        assert_eq!(leased.iter().map(|item| &item.item.value.sort).collect::<Vec<_>>(), [&Sort::Farewell]);
        city.settle(&leased[0], outcome).await;
        city.clock.advance(Duration::from_mins(10));
        assert!(city.centre.lease_due(10).await.unwrap().is_empty());
        for item in city.everything().await {
            assert!(item.is_settled() && item.messages.is_empty(), "{item:?}");
        }
        assert!(!names_the_secretary(&city).await);
    }
}

// R12
#[tokio::test]
async fn what_is_on_its_way_to_one_who_leaves_loses_its_words_and_is_not_tried_again() {
    for outcome in [SendOutcome::RateLimited, SendOutcome::Ambiguous, SendOutcome::QuotaExhausted] {
        let city = City::new().await;
        // The secretary is told of her submission.
        city.submit("お知らせ").await.unwrap();
        let post = city.approved("研修").await;
        let leased = city.centre.lease_due(10).await.unwrap();
        let told: Vec<_> = leased.iter().filter(|leased| leased.post.is_none()).collect();
        assert!(!told.is_empty(), "{post:?}");
        city.leaves(city.secretary).await;
        for leased in &told {
            let state = city.settle(leased, outcome.clone()).await;
            assert!(matches!(state, OutboxState::Dropped { .. }), "{outcome:?}: {state:?}");
        }
        // A dispatcher that died with it says nothing; its lease runs out.
        city.clock.advance(std::time::Duration::from_hours(1));
        assert!(city.centre.lease_due(10).await.unwrap().is_empty());
        for item in city.everything().await {
            let kept = item.addressees().iter().any(|to| to.member == city.secretary && to.contact.is_some());
            assert!(!kept && item.messages.is_empty(), "{item:?}");
        }
    }
}

/// The one item of a post that is due. What is said to the secretary beside is accepted.
async fn leased(city: &City) -> Leased {
    let (mut posts, personal): (Vec<_>, Vec<_>) =
        city.centre.lease_due(10).await.unwrap().into_iter().partition(|item| item.post.is_some());
    for item in personal {
        city.settle(&item, accepted()).await;
    }
    assert_eq!(posts.len(), 1);
    posts.remove(0)
}

impl City {
    /// A broadcast that LINE accepted, or so it may be: no answer came for a day, and it is held.
    async fn unanswered_for_a_day(&self, title: &str) -> (Post, OutboxId) {
        let post = self.approved(title).await;
        let post = self.sending(post.id, Audience::AllFriends).await;
        let item = leased(self).await;
        self.settle(&item, SendOutcome::Ambiguous).await;
        self.clock.advance(Duration::from_hours(24));
        assert!(self.accept_all().await.is_empty());
        assert_eq!(self.held().await, [(item.item.value.id, HoldReason::KeyExpired)]);
        (post, item.item.value.id)
    }

    /// What came of handing the same in once more: why it is held.
    async fn again(&self, title: &str) -> Vec<HoldReason> {
        let before = self.held().await;
        self.all_due(&[(title, Audience::AllFriends)]).await;
        let got = self.accept_all().await;
        let mut held = self.held().await;
        held.retain(|item| !before.contains(item));
        assert_eq!(got.is_empty(), !held.is_empty());
        held.into_iter().map(|(_, reason)| reason).collect()
    }
}

// R29
#[tokio::test]
async fn what_may_have_been_accepted_counts_in_whatever_state_it_is() {
    let city = City::new().await;
    let (_, held) = city.unanswered_for_a_day("お知らせ").await;
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated], "held, its answer lost");
    city.drop_held(held).await;
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated], "dropped after that");

    let city = City::new().await;
    city.all_due(&[("お知らせ", Audience::AllFriends)]).await;
    let item = leased(&city).await;
    city.settle(&item, SendOutcome::Ambiguous).await;
    city.clock.advance(Duration::from_mins(1));
    let item = leased(&city).await;
    city.settle(&item, SendOutcome::QuotaExhausted).await;
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated], "paused after an unanswered attempt");

    let city = City::new().await;
    city.all_due(&[("お知らせ", Audience::AllFriends)]).await;
    leased(&city).await;
    city.clock.advance(Duration::from_hours(24 * 4));
    assert!(city.accept_all().await.is_empty(), "its dispatcher died, and its key has run out");
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated], "nobody came back with it");
}

// R29
#[tokio::test]
async fn what_was_refused_for_certain_may_be_handed_in_again() {
    let refusals = [
        SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None },
        SendOutcome::Unrenderable { message: "m".to_owned() },
        SendOutcome::QuotaExhausted,
        SendOutcome::RateLimited,
    ];
    for refusal in refusals {
        let city = City::new().await;
        let post = city.approved("お知らせ").await;
        city.sending(post.id, Audience::AllFriends).await;
        let item = leased(&city).await;
        city.settle(&item, refusal.clone()).await;
        if matches!(refusal, SendOutcome::QuotaExhausted | SendOutcome::RateLimited) {
            assert_eq!(city.stop(post.id).await, 1);
        }
        assert!(city.again("お知らせ").await.is_empty(), "{refusal:?}");
    }
}

// R29
#[tokio::test]
async fn who_lets_an_unanswered_item_go_answers_for_that_item_alone() {
    let city = City::new().await;
    let (_, held) = city.unanswered_for_a_day("お知らせ").await;
    city.release(held).await;
    let got = city.accept_all().await;
    assert!(got.len() as u128 == MEMBERS && got.values().all(|times| *times == 1), "it was let go");
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated]);
}

// R30
#[tokio::test]
async fn who_lets_something_go_above_one_ceiling_has_not_let_it_go_for_what_was_sent_already() {
    let city = City::new().await;
    let titles = ["一つ目", "二つ目", "三つ目", "四つ目"];
    city.all_due(&titles.map(|title| (title, Audience::AllFriends))).await;
    city.accept_all().await;
    assert_eq!(city.again("五つ目").await, [HoldReason::PersonCeiling]);
    let [(held, _)] = city.held().await[..] else { panic!() };
    city.clock.advance(Duration::from_mins(61));
    assert!(city.again("五つ目").await.is_empty(), "an hour later the same is handed in again, and goes");
    city.release(held).await;
    assert!(city.accept_all().await.is_empty());
    assert_eq!(city.held().await, [(held, HoldReason::Repeated)]);
}

// R32
#[tokio::test]
async fn a_correction_reaches_those_too_whom_the_original_may_have_reached() {
    let city = City::new().await;
    let (post, held) = city.unanswered_for_a_day("研修のご案内").await;
    city.drop_held(held).await;
    let (by, original, fixed) = (By::Staff(city.approver), post.id, &content("【訂正】研修のご案内"));
    let correction = city.centre.transact(|mut work| async move {
        let post = work.correct_post(by, original, fixed.clone()).await?;
        work.done(post)
    });
    let correction = correction.await.unwrap();
    let preview = city.centre.sending_preview(correction.id, &Audience::Members).await.unwrap();
    assert_eq!(u128::from(preview.recipients), MEMBERS);
}

/// A store that lets others go first before each call, so that what runs at the same time takes turns.
#[derive(Debug)]
struct Polite(MemoryStore);

#[async_trait]
impl Store for Polite {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        tokio::task::yield_now().await;
        self.0.get(key).await
    }

    async fn get_many(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        tokio::task::yield_now().await;
        self.0.get_many(keys).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        tokio::task::yield_now().await;
        self.0.scan(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        self.0.commit(batch).await
    }

    async fn count(&self, scan: &Scan) -> Result<u64, StoreError> {
        self.0.count(scan).await
    }

    async fn tally(&self, scan: &Scan) -> Result<Tally, StoreError> {
        self.0.tally(scan).await
    }

    async fn kinds(&self) -> Result<Vec<Kind>, StoreError> {
        self.0.kinds().await
    }

    async fn restore(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.0.restore(records).await
    }

    async fn changed_elsewhere(&self, seen: u64) -> u64 {
        self.0.changed_elsewhere(seen).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.0.close().await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.0.health().await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        self.0.size().await
    }
}

// R29
#[tokio::test]
async fn two_dispatchers_at_once_do_not_judge_two_broadcasts_by_one_ledger() {
    for lead in 0..24 {
        let city = City::over(Arc::new(Polite(MemoryStore::new()))).await;
        city.all_due(&[("前のお知らせ", Audience::AllFriends)]).await;
        city.accept_all().await;
        let mut posts = Vec::new();
        for title in ["前のお知らせ", "お知らせ", "お知らせ"] {
            posts.push(city.approved(title).await.id);
        }
        city.accept_all().await;
        // The first makes a dispatcher open its book, and is held; then it looks for the next.
        for post in posts {
            city.sending(post, Audience::AllFriends).await;
        }
        let later = async {
            for _ in 0..lead {
                tokio::task::yield_now().await;
            }
            city.centre.lease_due(1).await
        };
        let (one, other) = tokio::join!(city.centre.lease_due(1), later);
        assert_eq!(one.unwrap().len() + other.unwrap().len(), 1, "both went, {lead} steps apart");
    }
}

#[tokio::test]
async fn of_a_dispatcher_whose_lease_ran_out_nothing_counts_but_an_acceptance() {
    let refused = || SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None };
    for outcome in [SendOutcome::RateLimited, SendOutcome::QuotaExhausted, refused()] {
        let city = City::new().await;
        city.all_due(&[("お知らせ", Audience::AllFriends)]).await;
        let slow = leased(&city).await;
        city.clock.advance(Duration::from_mins(2));
        let second = leased(&city).await;
        let state = city.settle(&slow, outcome).await;
        assert_eq!(state, second.item.value.state, "the second one has it");
        assert!(matches!(city.settle(&second, accepted()).await, OutboxState::Done { .. }));
    }
}

#[tokio::test]
async fn what_was_said_to_one_person_is_removed_after_a_week_and_what_was_delivered_is_kept() {
    let city = City::new().await;
    city.submit("様式の改定").await.unwrap();
    let refused = || SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None };
    let post = city.approved("お知らせ").await;
    for item in city.centre.lease_due(10).await.unwrap() {
        city.settle(&item, refused()).await;
    }
    city.sending(post.id, Audience::AllFriends).await;
    city.accept_all().await;
    let kept = async |days: u64| {
        city.clock.advance(Duration::from_hours(24 * days));
        while city.centre.sweep_outbox().await.unwrap() > 0 {}
        let all = city.everything().await;
        let is_chunk = |item: &&OutboxItem| matches!(item.sort, Sort::Delivery { .. });
        (all.iter().filter(is_chunk).count(), all.len())
    };
    let before = kept(0).await;
    assert_eq!(kept(6).await, before, "a week is not over");
    // What could not be said is shown for longer.
    assert_eq!(kept(2).await, (1, 2));
    assert_eq!(city.centre.outbox_attention(10).await.unwrap().len(), 1);
    // R29: the gate still knows.
    assert_eq!(city.again("お知らせ").await, [HoldReason::Repeated]);
    assert_eq!(kept(24).await.0, 2);
    assert!(city.everything().await.iter().all(|item| matches!(item.sort, Sort::Delivery { .. })));
}

/// A clock by which everything takes long: whenever somebody looks at it, it is five seconds later.
#[derive(Debug)]
struct Slow(Mutex<Timestamp>);

impl Clock for Slow {
    fn now(&self) -> Timestamp {
        let mut now = self.0.lock().unwrap();
        *now += SignedDuration::from_secs(5);
        *now
    }
}

#[tokio::test]
async fn what_is_taken_can_be_handed_over_within_its_lease_however_slow_the_store_is() {
    let city = City::new().await;
    city.all_due(&[
        ("お知らせ", Audience::Members),
        ("様式の改定", Audience::Members),
        ("会議の開催", Audience::Members),
    ])
    .await;
    let clock = Arc::new(Slow(Mutex::new(city.centre.now())));
    let (store, ids) = (city.centre.store().clone(), Arc::new(SeededIds::new(9)));
    let slow = Centre::new(store, clock, ids, Screen::default(), city.centre.policy().clone());
    let mut chunks = 0;
    loop {
        let leased = slow.lease_due(100).await.unwrap();
        if leased.is_empty() {
            break;
        }
        for taken in leased {
            assert!(taken.item.value.may_be_handed_over(slow.now()), "taken in vain");
            chunks += usize::from(taken.post.is_some());
            slow.settle(&taken, accepted()).await.unwrap();
        }
    }
    assert_eq!(chunks, 9);
}

// R31
#[tokio::test]
async fn what_the_audience_of_a_scheduled_post_names_is_used() {
    let city = City::new().await;
    let post = city.approved("医師向け研修").await;
    let (profession, area) = (Profession("Physician".to_owned()), Area("北部".to_owned()));
    let named = Expr::And(vec![Expr::Profession(profession.clone()), Expr::Area(area.clone())]);
    let at = city.centre.now() + SignedDuration::from_hours(24);
    let schedule = Command::Schedule { at, audience: Audience::Where(named) };
    city.command(By::Staff(city.approver), post.id, schedule).await.unwrap();
    let usage = city.centre.usage_of_choices().await.unwrap();
    assert_eq!(usage.of_profession(&profession).posts, 1);
    assert_eq!(usage.of_area(&area).posts, 1);
}
