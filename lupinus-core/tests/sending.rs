//! What the gate knows of what went out, or may have: nobody has the same content twice, and no more in an hour than the ceiling.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use city::{City, MEMBERS};
use lupinus_core::{
    audience::Audience,
    ids::MemberId,
    outbox::{HoldReason, OutboxItem, OutboxState, SendOutcome},
    post::Command,
    service::By,
    store::{Entity, Scan, StoreExt},
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

// R12
#[tokio::test]
async fn the_address_of_one_who_leaves_goes_from_what_is_held_back() {
    let city = City::new().await;
    let post = city.approved("お知らせ").await;
    city.sending(post.id, Audience::Members).await;
    city.stop(post.id).await;
    city.leaves(city.secretary).await;
    let items = city.everything().await;
    let named = items
        .iter()
        .flat_map(OutboxItem::addressees)
        .any(|to| to.member == city.secretary && to.contact.is_some());
    assert!(!named, "an address is kept of one who left");
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
