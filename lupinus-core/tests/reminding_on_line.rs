//! Reminders (督促) that reach linked staff on LINE.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod city;
mod common;

use city::City;
use common::local;
use lupinus_core::{
    audit::Subject,
    ids::PostId,
    outbox::{Message, OutboxItem, OutboxState},
    post::{Command, Post},
    service::By,
    store::{Entity, Scan, StoreExt},
};

/// The reminders of a post in the outbox: whom each reaches by its member's number, and until when it serves.
async fn reminders(city: &City, post: PostId) -> Vec<(u128, OutboxItem)> {
    let items = city.centre.store().all::<OutboxItem>(Scan::keys(OutboxItem::KIND), 100).await.unwrap();
    let items = items.into_iter().map(|item| item.value);
    let of_it = items.filter(|item| item.messages == [Message::StepReminder { post }]);
    of_it.map(|item| (item.addressees()[0].member.uuid().as_u128() - 0x100, item)).collect()
}

/// The numbers of those whom they reach.
async fn read_by(city: &City, post: PostId) -> Vec<u128> {
    reminders(city, post).await.into_iter().map(|(who, _)| who).collect()
}

/// In opening time, once a turn, to those whose turn it is; and not after closing.
#[tokio::test]
async fn whose_turn_it_is_reads_it_once_on_line() {
    let city = City::new().await;
    city.link(city.checker, 5).await;
    city.link(city.approver, 6).await;
    city.link(city.consultant, 7).await;
    let post = city.submit("研修").await.unwrap().id;
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0);
    city.clock.set(local(2026, 10, 2, 22));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0, "the centre is closed");
    city.clock.set(local(2026, 10, 5, 10));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
    let told = reminders(&city, post).await;
    assert_eq!(read_by(&city, post).await, [5, 6], "both may take it in");
    let closing = city.centre.policy().hours.current_or_next_closing(city.centre.now());
    assert!(told.iter().all(|(_, item)| item.expires_at == closing && closing.is_some()));
    city.clock.set(local(2026, 10, 8, 10));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1, "the console says it again");
    assert_eq!(reminders(&city, post).await.len(), 2, "LINE does not");

    city.command(By::Staff(city.checker), post, Command::Take).await.unwrap();
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0, "it is another's turn since this moment");
    city.clock.set(local(2026, 10, 14, 10));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
    assert_eq!(read_by(&city, post).await, [5, 6, 6], "the approver alone decides");
    city.clock.set(local(2026, 10, 19, 10));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
    assert_eq!(read_by(&city, post).await, [5, 6, 6]);
}

/// What could not be said before closing time is not said, and is nobody's work; nor is it said to whoever is linked no more.
#[tokio::test]
async fn a_reminder_that_serves_no_more_is_dropped_without_asking_anybody() {
    for late in [true, false] {
        let city = City::new().await;
        city.link(city.checker, 5).await;
        let post = city.submit("研修").await.unwrap().id;
        city.clock.set(local(2026, 10, 5, 10));
        assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
        if late {
            city.clock.set(local(2026, 10, 5, 20));
        } else {
            let undone = city.centre.transact(|mut work| async move {
                work.unlink(By::Staff(city.checker), city.checker).await?;
                work.done(())
            });
            undone.await.unwrap();
        }
        let [(_, reminder)] = &reminders(&city, post).await[..] else { panic!("one reminder") };
        city.accept_all().await;
        let dropped =
            city.centre.store().load::<OutboxItem>(&reminder.id.to_string()).await.unwrap().unwrap();
        assert!(matches!(dropped.value.state, OutboxState::Dropped { .. }), "{:?}", dropped.value.state);
        assert!(city.centre.outbox_attention(10).await.unwrap().is_empty());
        let trail = city.centre.audit_of(&Subject::new(&Post::KIND, post)).await.unwrap();
        assert_eq!(trail.last().unwrap().action == "outbox.dropped", late, "{:?}", trail.last());
    }
}

/// Whoever does not want it reads nothing.
#[tokio::test]
async fn whoever_switched_it_off_is_not_reminded_on_line() {
    let city = City::new().await;
    city.link(city.checker, 5).await;
    city.link(city.approver, 6).await;
    let off = city.centre.transact(|mut work| async move {
        work.set_line_reminders(By::Staff(city.approver), false).await?;
        work.done(())
    });
    off.await.unwrap();
    let post = city.submit("研修").await.unwrap().id;
    city.clock.set(local(2026, 10, 5, 10));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
    assert_eq!(read_by(&city, post).await, [5]);
}
