//! What waits for the staff, through the services.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use std::{collections::HashMap, time::Duration};

use city::City;
use lupinus_core::{
    actor::Permission,
    audit::Subject,
    hash::Sha256Hash,
    ids::StaffId,
    outbox::OutboxItem,
    policy::Policy,
    post::{Approval, Command, Post, PostState, Route, Routes},
    queue::{HeldBy, Matter, Reminded, Sight, is_asked_of, is_to_be_reminded, reminded},
    service::{By, ServiceError},
    store::Entity,
};

async fn claim(
    city: &City,
    by: StaffId,
    subject: &Subject,
    instead_of: Option<StaffId>,
) -> Result<(), ServiceError> {
    let claimed = city.centre.transact(|mut work| async move {
        work.claim(By::Staff(by), subject, instead_of).await?;
        work.done(())
    });
    claimed.await
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_is_told_who_has_it() {
    let city = City::new().await;
    let post = city.approved("研修").await.id;
    let subject = &Subject::new(&Post::KIND, post);
    let (one, other) =
        tokio::join!(claim(&city, city.checker, subject, None), claim(&city, city.approver, subject, None));
    let lost = if one.is_ok() { other } else { one };
    let Err(ServiceError::Claimed(HeldBy(holder))) = lost else { panic!("{lost:?}") };
    let on_it = city.centre.queue(By::Staff(city.checker)).await.unwrap().list[0].waiting.on_it;
    assert_eq!(on_it, Some(holder));
    let second = if holder == city.checker { city.approver } else { city.checker };
    claim(&city, second, subject, Some(holder)).await.unwrap();
    let trail = city.centre.audit_of(subject).await.unwrap();
    let last = trail.last().unwrap();
    assert_eq!(last.action, "queue.claimed");
    assert_eq!(last.detail["instead_of"], holder.to_string(), "the trail says whom they replaced");
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

/// R24
#[tokio::test]
async fn nobody_claims_what_they_could_do_nothing_with() {
    let city = City::new().await;
    let post = city.approved("研修").await.id;
    city.sending(post, lupinus_core::audience::Audience::Members).await;
    city.stop(post).await;
    let item = city.held().await[0].0;
    let subject = Subject::new(&OutboxItem::KIND, item);
    let refused = claim(&city, city.checker, &subject, None).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    claim(&city, city.approver, &subject, None).await.unwrap();
    let refused = claim(&city, city.consultant, &Subject::new(&Post::KIND, post), None).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    assert!(city.centre.queue(By::Staff(city.consultant)).await.unwrap().list.is_empty());
}

#[tokio::test]
async fn a_lapsed_claim_is_swept_and_one_that_counts_is_not() {
    let city = City::new().await;
    let (old, new) = (city.approved("研修").await.id, city.approved("別の研修").await.id);
    claim(&city, city.checker, &Subject::new(&Post::KIND, old), None).await.unwrap();
    city.clock.advance(Duration::from_hours(12));
    claim(&city, city.checker, &Subject::new(&Post::KIND, new), None).await.unwrap();
    assert_eq!(city.centre.sweep_claims().await.unwrap(), 1);
    let queue = city.centre.queue(By::Staff(city.checker)).await.unwrap();
    let on_it = |post| {
        let found = queue.list.iter().find(|queued| queued.waiting.matter == Matter::Approved(post));
        found.unwrap().waiting.on_it
    };
    assert_eq!((on_it(old), on_it(new)), (None, Some(city.checker)));
}

#[tokio::test]
async fn the_stamp_changes_with_what_one_may_see_and_with_nothing_else() {
    let city = City::new().await;
    let stamp = async || city.centre.queue_stamp().await.unwrap();
    let posts = |permission| permission == Permission::ReadPosts;
    let consultations = |permission| permission == Permission::ReadConsultations;
    let before = stamp().await;
    let post = city.submit("研修").await.unwrap().id;
    let handed_in = stamp().await;
    assert_ne!(before.seen_by(posts), handed_in.seen_by(posts));
    assert_eq!(before.seen_by(consultations), handed_in.seen_by(consultations));
    assert_eq!(handed_in.seen_by(posts), stamp().await.seen_by(posts), "nothing has happened");
    city.command(By::Staff(city.checker), post, Command::Take).await.unwrap();
    let taken = stamp().await;
    assert_ne!(handed_in.seen_by(posts), taken.seen_by(posts));
    claim(&city, city.approver, &Subject::new(&Post::KIND, post), None).await.unwrap();
    assert_ne!(taken.seen_by(posts), stamp().await.seen_by(posts));
}

#[tokio::test]
async fn whoever_signs_hands_the_turn_on_and_reminding_begins_anew() {
    let city = City::new().await;
    let signed = common::local(2026, 10, 6, 10);
    let mut post = common::draft();
    post.submitted_at = Some(common::local(2026, 10, 1, 10));
    post.state = PostState::InReview { step: 1, reviewer: city.checker };
    post.reminded = Some(Reminded { at: common::local(2026, 10, 5, 10), times: 2 });
    let policy = Policy::default();
    let late = |post: &Post, now| {
        let sight = Sight { hours: &policy.hours, patience: &policy.patience, claims: &HashMap::new(), now };
        is_to_be_reminded(post, &sight)
    };
    assert!(late(&post, common::local(2026, 10, 6, 11)) && reminded(&post).is_some());
    let hash = Sha256Hash::of(b"content");
    let approval = Approval {
        step: 0,
        by: city.checker,
        on_behalf_of: Some(city.approver),
        revision: 1,
        hash,
        at: signed,
    };
    post.approvals.push(approval);
    assert_eq!(reminded(&post), None, "those who are asked now were not reminded");
    assert!(!late(&post, common::local(2026, 10, 6, 11)), "they were asked an hour ago");
    assert!(late(&post, common::local(2026, 10, 7, 16)));
    // For whom somebody signed has signed.
    let approver = city.centre.staff(city.approver).await.unwrap().value;
    let routes = Routes { normal: Route::checker_then_approver(), ..Routes::default() };
    assert!(!is_asked_of(&post, &approver, &routes));
    post.approvals.clear();
    assert!(is_asked_of(&post, &approver, &routes));
}
