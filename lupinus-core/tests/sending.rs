//! What the gate knows of what went out, or may have: nobody has the same content twice, and no more in an hour than the ceiling.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use city::{City, MEMBERS};
use lupinus_core::{audience::Audience, outbox::HoldReason, post::Command, service::By};

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
