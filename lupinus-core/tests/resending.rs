//! Sending once more to those whom a failed sending did not reach.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
#![allow(dead_code, reason = "what the tests share is used in part")]

mod city;
mod common;

use std::collections::BTreeMap;

use city::{City, MEMBERS, accepted};
use common::local;
use lupinus_core::{
    audience::Audience,
    ids::{MemberId, PostId},
    outbox::SendOutcome,
    post::{Post, PostState, Refusal},
    service::{By, ServiceError},
};

async fn resend(city: &City, id: PostId) -> Result<Post, ServiceError> {
    let by = By::Staff(city.approver);
    let sent = city.centre.transact(|mut work| async move {
        let post = work.resend(by, id).await?;
        work.done(post)
    });
    sent.await
}

/// A sending of which LINE refuses one chunk; who was reached.
async fn failing(city: &City, audience: Audience) -> (PostId, BTreeMap<MemberId, u32>) {
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, audience).await;
    let (mut reached, mut refused) = (BTreeMap::new(), false);
    for item in city.centre.lease_due(100).await.unwrap() {
        let outcome = if item.post.is_some() && !refused {
            refused = true;
            SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None }
        } else {
            for to in item.item.value.addressees().iter().filter(|_| item.post.is_some()) {
                *reached.entry(to.member).or_default() += 1;
            }
            accepted()
        };
        city.settle(&item, outcome).await;
    }
    (post.id, reached)
}

#[tokio::test]
async fn a_chunk_that_was_refused_is_sent_once_more_and_nobody_gets_the_same_twice() {
    let city = City::new().await;
    let (id, mut reached) = failing(&city, Audience::Members).await;
    assert!(matches!(city.centre.post(id).await.unwrap().value.state, PostState::Failed { .. }));
    assert!(!reached.is_empty());
    assert_eq!(city.centre.people_sent_to(id).await.unwrap(), reached.len());
    resend(&city, id).await.unwrap();
    for (member, times) in city.accept_all().await {
        *reached.entry(member).or_default() += times;
    }
    assert_eq!(reached.len() as u128, MEMBERS - 3);
    assert!(reached.values().all(|times| *times == 1), "somebody has it twice");
    assert_eq!(city.centre.people_sent_to(id).await.unwrap(), reached.len());
    let post = city.centre.post(id).await.unwrap().value;
    let PostState::Sent { delivery, .. } = post.state else { panic!("{:?}", post.state) };
    assert_eq!(post.earlier_deliveries.len(), 1);
    assert!(!post.earlier_deliveries.contains(&delivery));
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());

    // R32: a correction goes to those of both.
    let fixed = &common::content("【訂正】研修のご案内");
    let by = By::Staff(city.approver);
    let correction = city.centre.transact(|mut work| async move {
        let post = work.correct_post(by, id, fixed.clone()).await?;
        work.done(post)
    });
    let correction = correction.await.unwrap();
    let preview = city.centre.sending_preview(correction.id, &Audience::Members).await.unwrap();
    assert_eq!(u128::from(preview.recipients), MEMBERS - 3);

    // Whoever left or blocked the account since is no more among them.
    let gone: Vec<MemberId> = reached.keys().copied().take(2).collect();
    let contact = city.centre.member(gone[1]).await.unwrap().value.contact.unwrap();
    let (left, blocks) = (gone[0], &contact);
    let went = city.centre.transact(|mut work| async move {
        work.leave(By::Member(left)).await?;
        work.unfollow(blocks).await?;
        work.done(())
    });
    went.await.unwrap();
    let preview = city.centre.sending_preview(correction.id, &Audience::Members).await.unwrap();
    assert_eq!(u128::from(preview.recipients), MEMBERS - 5);
}

#[tokio::test]
async fn what_was_sent_or_has_expired_is_not_sent_once_more() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    city.accept_all().await;
    let refused = resend(&city, post.id).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::NotNow { state: "sent" })), "{refused:?}");

    let city = City::new().await;
    let (id, _) = failing(&city, Audience::Members).await;
    city.clock.set(local(2026, 12, 6, 9));
    let refused = resend(&city, id).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::Expired)), "{refused:?}");
}
