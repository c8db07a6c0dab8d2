//! A sending that is called off while it goes (配信中止).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
#![allow(dead_code, reason = "what the tests share is used in part")]

mod city;
mod common;

use city::{City, accepted};
use lupinus_core::{
    audience::Audience,
    ids::PostId,
    outbox::{Message, NotSent, OutboxState, SendOutcome},
    post::{Command, PostState, Refusal},
    service::{By, ServiceError},
};

async fn cancel(city: &City, by: By, id: PostId, reason: &str) -> Result<usize, ServiceError> {
    let cancelled = city.centre.transact(|mut work| async move {
        let dropped = work.cancel_sending(by, id, reason).await?;
        work.done(dropped)
    });
    cancelled.await
}

#[tokio::test]
async fn nothing_more_is_sent_of_what_was_called_off_and_what_was_sent_is_recorded() {
    let city = City::new().await;
    let by = By::Staff(city.approver);
    let post = city.approved("研修のご案内").await;
    city.accept_all().await;
    city.sending(post.id, Audience::Members).await;
    let (leased, others): (Vec<_>, Vec<_>) =
        city.centre.lease_due(100).await.unwrap().into_iter().partition(|item| item.post.is_some());
    for other in &others {
        city.settle(other, accepted()).await;
    }
    assert_eq!(leased.len(), 3, "three chunks");
    // One is through, one is on its way, and one has come back unsent.
    city.settle(&leased[0], accepted()).await;
    city.settle(&leased[2], SendOutcome::RateLimited).await;
    let refused = cancel(&city, by, post.id, " ").await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::ReasonNeeded)), "{refused:?}");
    let named = "山本花子さん(82)のご家族から苦情があったため".to_owned();
    let refused = cancel(&city, by, post.id, &named).await.unwrap_err();
    assert!(matches!(refused, ServiceError::PersonalInformation(_)), "{refused:?}");
    assert_eq!(cancel(&city, by, post.id, "会場が変わりました。").await.unwrap(), 1);
    let refused = cancel(&city, by, post.id, "もう一人が押しました。").await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::NotNow { .. })), "{refused:?}");
    let stands = city.centre.post(post.id).await.unwrap().value;
    assert!(matches!(stands.state, PostState::Sending { .. }), "one is on its way");

    // What was on its way comes back without an answer: it is not repeated.
    city.settle(&leased[1], SendOutcome::Ambiguous).await;
    city.clock.advance(std::time::Duration::from_hours(1));
    let again = city.centre.lease_due(100).await.unwrap();
    assert!(again.iter().all(|item| item.post.is_none()), "a chunk went out once more");
    let stands = city.centre.post(post.id).await.unwrap().value;
    let PostState::Failed { delivery, .. } = stands.state else { panic!("{:?}", stands.state) };
    assert!(stands.was_called_off() && stands.state_label_ja() == "配信中止");
    let delivery = city.centre.delivery(delivery).await.unwrap().value;
    assert_eq!((delivery.accepted, delivery.failed), (1, 2));
    let states: Vec<_> = city.centre.chunks_of(delivery.id).await.unwrap();
    let sent = states.iter().filter(|chunk| matches!(chunk.value.state, OutboxState::Done { .. })).count();
    assert_eq!(sent, 1);
    let told = city.centre.lease_due(100).await.unwrap().into_iter().chain(again).any(|item| {
        item.item
            .value
            .messages
            .iter()
            .any(|message| matches!(message, Message::PostNotSent { why: NotSent::Cancelled, .. }))
    });
    assert!(told, "its author is told");
    assert!(city.centre.queue(by).await.unwrap().list.is_empty(), "nobody need look at it");
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
    let refused = cancel(&city, by, post.id, "もう一度").await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::NotNow { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_sending_that_is_called_off_before_its_first_chunk_ends_at_once() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    assert_eq!(cancel(&city, By::Staff(city.approver), post.id, "中止です。").await.unwrap(), 3);
    let stands = city.centre.post(post.id).await.unwrap().value;
    assert!(stands.was_called_off(), "{:?}", stands.state);
    assert!(city.accept_all().await.is_empty(), "nobody has it");
}

#[tokio::test]
async fn a_sending_that_reached_everybody_all_the_same_is_told_as_sent() {
    let city = City::new().await;
    let by = By::Staff(city.approver);
    let post = city.approved("研修のご案内").await;
    city.accept_all().await;
    city.sending(post.id, Audience::Members).await;
    let leased = city.centre.lease_due(100).await.unwrap();
    assert_eq!(cancel(&city, by, post.id, "中止です。").await.unwrap(), 0, "all is in hand");
    for item in &leased {
        city.settle(item, accepted()).await;
    }
    let stands = city.centre.post(post.id).await.unwrap().value;
    assert!(matches!(stands.state, PostState::Sent { .. }), "{:?}", stands.state);
    let told = city.centre.lease_due(100).await.unwrap();
    let told: Vec<_> = told.iter().flat_map(|item| &item.item.value.messages).collect();
    let sent = |message: &&Message| matches!(message, Message::PostSent { .. });
    assert!(told.iter().any(sent), "{told:?}");
    assert!(!told.iter().any(|message| matches!(message, Message::PostNotSent { .. })), "{told:?}");
}

#[tokio::test]
async fn a_sending_is_called_off_in_one_way_alone() {
    let city = City::new().await;
    let (by, post) = (By::Staff(city.approver), city.approved("研修のご案内").await);
    city.sending(post.id, Audience::Members).await;
    let other = city.centre.transact(|mut work| async move {
        let post =
            work.post_command(by, post.id, Command::Cancel { reason: "中止です。".to_owned() }).await?;
        work.done(post)
    });
    assert!(matches!(other.await, Err(ServiceError::NotAllowed)));
}
