//! Tests of posts: to named staff alone, and of no consequence for what members get.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod city;
mod common;

use std::collections::BTreeSet;

use city::{City, accepted};
use common::{content, local};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    audit::Subject,
    delivery::{Delivery, DeliveryState},
    figures::Period,
    ids::{MemberId, PostId, StaffId},
    outbox::{DeliveryKind, Sort},
    post::{Command, Post, Refusal},
    service::{By, Redemption, ServiceError},
    staff::Staff,
    store::{Batch, Entity, EntityBatch, Scan, StoreExt},
};
use uuid::Uuid;

/// The member behind this number becomes one of the staff.
async fn link(city: &City, staff: StaffId, number: u128) -> MemberId {
    let member = MemberId::from_uuid(Uuid::from_u128(0x100 + number));
    let linked = city.centre.transact(|mut work| async move {
        let (_, code) = work.offer_link(By::Staff(staff)).await?;
        work.done(code)
    });
    let code = &linked.await.unwrap();
    let taken = city.centre.transact(|mut work| async move {
        let taken = work.redeem_code(By::Member(member), code).await?;
        work.done(taken)
    });
    assert!(matches!(taken.await.unwrap(), Redemption::Linked(_)));
    member
}

async fn test(city: &City, by: StaffId, post: PostId, to: &[StaffId]) -> Result<Delivery, ServiceError> {
    let to: &BTreeSet<StaffId> = &to.iter().copied().collect();
    let sent = city.centre.transact(|mut work| async move {
        let sent = work.send_test(By::Staff(by), post, 1, to).await?;
        work.done(sent)
    });
    sent.await
}

async fn unlink(city: &City, staff: StaffId) {
    let undone = city.centre.transact(|mut work| async move {
        work.unlink(By::Staff(staff), staff).await?;
        work.done(())
    });
    undone.await.unwrap();
}

/// Sends what is due: no post reaches anybody, nothing is held, and the trail says why not.
async fn nobody_got(city: &City) -> Vec<String> {
    assert_eq!(city.accept_all().await, [].into());
    assert_eq!(city.held().await, []);
    let posts = city.centre.store().all::<Post>(Scan::keys(Post::KIND), 10).await.unwrap();
    let mut why = Vec::new();
    for post in posts {
        let trail = city.centre.audit_of(&Subject::new(&Post::KIND, post.value.id)).await.unwrap();
        let dropped = trail.iter().filter(|entry| entry.action == "outbox.dropped");
        why.extend(dropped.map(|entry| entry.detail["reason"].as_str().unwrap().to_owned()));
    }
    why
}

/// R27: before anybody has approved it, to those alone who were named, with its mark; in the post's trail, and of no effect on it.
#[tokio::test]
async fn a_test_reaches_named_staff_and_nobody_else_and_changes_nothing_of_its_post() {
    let city = City::new().await;
    let (mine, _) = (link(&city, city.checker, 5).await, link(&city, city.approver, 6).await);
    let post = city.submit("研修").await.unwrap();
    let sent = test(&city, city.checker, post.id, &[city.checker]).await.unwrap();
    assert_eq!((sent.kind, sent.recipients), (DeliveryKind::Test, 1));
    let leased = city.centre.lease_due(10).await.unwrap();
    let tests: Vec<_> = leased.iter().filter(|leased| leased.post.is_some()).collect();
    let [one] = tests[..] else { panic!("{} items", tests.len()) };
    assert!(matches!(one.item.value.sort, Sort::Delivery { kind: DeliveryKind::Test, .. }));
    assert_eq!(City::rung_by(one), [mine]);
    city.settle(one, accepted()).await;
    assert_eq!(city.centre.delivery(sent.id).await.unwrap().value.state, DeliveryState::Complete);
    assert_eq!(city.centre.post(post.id).await.unwrap().value, post, "the post is as it was");
    let trail = city.centre.audit_of(&Subject::new(&Post::KIND, post.id)).await.unwrap();
    let tested = trail.last().unwrap();
    assert_eq!(
        (tested.action.as_str(), tested.detail["to"][0].as_str()),
        ("post.tested", Some(&*city.checker.to_string()))
    );
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

/// R29, R30: however often it was tested, everybody gets it once, and it counts as reach once.
#[tokio::test]
async fn tests_stand_in_the_way_of_nothing_and_count_for_nothing() {
    let city = City::new().await;
    let mine = link(&city, city.checker, 5).await;
    let post = city.approved("研修").await.id;
    for _ in 0..10 {
        test(&city, city.checker, post, &[city.checker]).await.unwrap();
    }
    assert_eq!(city.accept_all().await.remove(&mine), Some(10));
    assert_eq!(city.centre.people_sent_to(post).await.unwrap(), 0);
    city.sending(post, Audience::Members).await;
    let got = city.accept_all().await;
    assert!(got.values().all(|count| *count == 1), "{:?}", city.held().await);
    assert_eq!(got.len() as u128, city::MEMBERS - 3);
    assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "sent");
    assert_eq!(city.centre.people_sent_to(post).await.unwrap() as u128, city::MEMBERS - 3);
    let held = city.centre.held_about(mine).await.unwrap();
    assert_eq!(held.deliveries, 1, "the tests are none");
    let period = Period::month_of("2026-10-01".parse().unwrap()).unwrap();
    let figures = city.centre.figures(By::System, period).await.unwrap();
    assert_eq!((figures.posts.sent.posts, u128::from(figures.posts.sent.people)), (1, city::MEMBERS - 3));
    let plan = city.centre.plan(
        By::Staff(city.checker),
        "2026-09-01T00:00Z".parse().unwrap(),
        "2026-12-01T00:00Z".parse().unwrap(),
    );
    assert_eq!(plan.await.unwrap().sent.len(), 1);
}

/// R27: nobody who is not linked, nobody who is linked no more at the moment of sending.
#[tokio::test]
async fn a_test_goes_to_nobody_who_is_not_linked_at_that_moment() {
    let city = City::new().await;
    let post = city.submit("研修").await.unwrap().id;
    let refused = async |to: &[StaffId]| {
        let refused = test(&city, city.checker, post, to).await;
        assert!(matches!(refused, Err(ServiceError::Post(Refusal::NobodyTests))), "{refused:?}");
    };
    refused(&[]).await;
    refused(&[city.checker]).await;
    link(&city, city.checker, 5).await;
    refused(&[city.checker, city.approver]).await;
    test(&city, city.checker, post, &[city.checker]).await.unwrap();
    unlink(&city, city.checker).await;
    assert_eq!(nobody_got(&city).await, ["nobody"]);
}

/// R24: the account of one who may not see posts of every body receives none.
#[tokio::test]
async fn a_test_goes_to_nobody_who_may_not_see_posts() {
    let city = City::new().await;
    let post = city.submit("研修").await.unwrap().id;
    link(&city, city.consultant, 5).await;
    let refused = test(&city, city.checker, post, &[city.consultant]).await;
    assert!(matches!(refused, Err(ServiceError::Post(Refusal::NobodyTests))), "{refused:?}");
    link(&city, city.approver, 6).await;
    test(&city, city.checker, post, &[city.approver]).await.unwrap();
    let stored = city.centre.staff(city.approver).await.unwrap();
    let mut batch = Batch::new();
    let roles = [Role::Consultant].into_iter().collect();
    batch.update(&Staff { roles, ..stored.value.clone() }, stored.version).unwrap();
    city.centre.store().commit(batch).await.unwrap();
    assert_eq!(nobody_got(&city).await, ["nobody"]);
}

/// R27: one who cannot receive it any more keeps it from nobody else.
#[tokio::test]
async fn of_two_who_were_named_the_one_who_is_still_linked_gets_the_test() {
    let city = City::new().await;
    let (mine, _) = (link(&city, city.checker, 5).await, link(&city, city.approver, 6).await);
    let post = city.submit("研修").await.unwrap().id;
    test(&city, city.checker, post, &[city.checker, city.approver]).await.unwrap();
    unlink(&city, city.approver).await;
    assert_eq!(city.accept_all().await, [(mine, 1)].into());
    assert_eq!(city.held().await, []);
}

/// R27: what waits for the morning is not sent when nobody would test it by then.
#[tokio::test]
async fn a_test_that_waits_goes_no_further_than_its_post() {
    for edited in [true, false] {
        let city = City::new().await;
        link(&city, city.checker, 5).await;
        let post = city.submit("研修").await.unwrap().id;
        city.clock.set(local(2026, 10, 1, 22));
        let sent = test(&city, city.checker, post, &[city.checker]).await.unwrap();
        city.accept_all().await;
        assert_eq!(city.centre.delivery(sent.id).await.unwrap().value.state, DeliveryState::Running);
        let secretary = By::Member(city.secretary);
        if edited {
            city.command(secretary, post, Command::Recall).await.unwrap();
            let edited = city.centre.transact(|mut work| async move {
                let post = work.edit_and_submit(secretary, post, content("別の研修")).await?;
                work.done(post.revisions.len())
            });
            assert_eq!(edited.await.unwrap(), 2);
        } else {
            let withdraw = Command::Withdraw { reason: "中止のため".to_owned() };
            city.command(secretary, post, withdraw).await.unwrap();
        }
        city.clock.set(local(2026, 10, 2, 9));
        assert_eq!(nobody_got(&city).await, ["over"]);
        assert_eq!(city.centre.delivery(sent.id).await.unwrap().value.state, DeliveryState::Partial);
    }
}

#[tokio::test]
async fn what_is_over_and_what_somebody_changed_meanwhile_is_not_tested() {
    let city = City::new().await;
    link(&city, city.checker, 5).await;
    let post = city.submit("研修").await.unwrap().id;
    let consultant = test(&city, city.consultant, post, &[city.checker]).await;
    assert!(matches!(consultant, Err(ServiceError::Post(Refusal::NotAllowed))), "{consultant:?}");
    let to: &BTreeSet<StaffId> = &[city.checker].into();
    let later = city.centre.transact(|mut work| async move {
        work.send_test(By::Staff(city.checker), post, 2, to).await?;
        work.done(())
    });
    assert!(matches!(later.await, Err(ServiceError::Post(Refusal::Edited))));
    city.clock.advance(std::time::Duration::from_hours(365 * 24));
    let expired = test(&city, city.checker, post, &[city.checker]).await;
    assert!(matches!(expired, Err(ServiceError::Post(Refusal::Expired))), "{expired:?}");
    let withdraw = Command::Withdraw { reason: "中止のため".to_owned() };
    city.command(By::Staff(city.approver), post, withdraw).await.unwrap();
    let withdrawn = test(&city, city.checker, post, &[city.checker]).await;
    assert!(matches!(withdrawn, Err(ServiceError::Post(Refusal::NotNow { .. }))), "{withdrawn:?}");
}
