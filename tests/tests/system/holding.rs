//! The gate in front of the phone: stale, repeated and untimely sendings wait for a person, or for the morning.

use std::time::Duration;

use jiff::civil::{Date, Time};
use lupinus_core::{
    audience::Audience,
    ids::PostId,
    outbox::{HoldReason, OutboxState},
    post::{Category, Command, Content, EventDetails, Urgency},
    service::{By, Draft},
};
use lupinus_tests::{City, Desk, Kept, content};

/// A post of the checker with this content, approved and told to go to all members at once.
async fn scheduled(city: &City, content: Content) -> PostId {
    let draft = Draft { content, urgency: Urgency::Normal, audience: Audience::Members, body: None };
    let by = By::Staff(city.team.checker);
    let submitted = city.centre.transact(|mut work| {
        let draft = draft.clone();
        async move {
            let post = work.draft_and_submit(by, draft).await?;
            work.done(post.id)
        }
    });
    let id = submitted.await.unwrap();
    let approver = By::Staff(city.team.approver);
    city.command(approver, id, Command::Take).await;
    city.command(approver, id, Command::Approve { revision: 1, confirmed: true }).await;
    let now = Command::Schedule { at: city.centre.now(), audience: Audience::Members };
    city.command(approver, id, now).await;
    id
}

fn training(title: &str, date: Date, starts: Time) -> Content {
    let event = EventDetails {
        date,
        starts: Some(starts),
        ends: None,
        venue: None,
        capacity: None,
        apply_by: None,
        fee: None,
        contact: None,
        hosts: None,
    };
    Content { category: Category::Training, event: Some(event), ..content(title) }
}

async fn held(city: &City) -> Vec<HoldReason> {
    let states = city.chunks().await.into_iter().map(|chunk| chunk.state);
    states
        .filter_map(|state| match state {
            OutboxState::Held { reason, .. } => Some(reason),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn an_event_that_has_begun_is_not_announced_even_after_an_outage() {
    // R28
    let city = City::start(Kept::InMemory).await;
    let members = city.members(3).await;
    let today = Date::constant(2026, 10, 5);
    // One goes into the outbox, and LINE does not answer; the other waits for a bot that is not there.
    let first = scheduled(&city, training("午後の研修会", today, Time::constant(15, 0, 0, 0))).await;
    city.line.fault(lupinus_emulator::Fault::new("POST", "/v2/bot/message/multicast").status(429).times(100));
    city.drain().await;
    let second = scheduled(&city, training("夕方の研修会", today, Time::constant(16, 0, 0, 0))).await;
    city.set_time("2026-10-05T17:00:00+09:00".parse().unwrap());
    city.line.clear_faults();
    city.drain_for(5, Duration::from_mins(10)).await;
    for member in &members {
        assert_eq!((city.copies(member, "午後の研修会"), city.copies(member, "夕方の研修会")), (0, 0));
    }
    assert!(held(&city).await.contains(&HoldReason::Expired));
    assert_ne!(city.state_of(first).await, "sent");
    assert_ne!(city.state_of(second).await, "sent");
}

#[tokio::test]
async fn the_same_content_handed_in_forty_times_reaches_everybody_once() {
    // R29
    let city = City::start(Kept::InMemory).await;
    let members = city.members(3).await;
    for _ in 0..40 {
        scheduled(&city, content("同じお知らせ")).await;
        city.drain().await;
        city.pass(Duration::from_mins(5));
    }
    for member in &members {
        assert_eq!(city.copies(member, "同じお知らせ"), 1);
    }
    let reasons = held(&city).await;
    assert_eq!(reasons.len(), 39, "{reasons:?}");
    assert!(reasons.iter().all(|reason| *reason == HoldReason::Repeated), "{reasons:?}");
}

#[tokio::test]
async fn above_the_hourly_ceiling_sending_waits_for_a_person_who_releases_it_at_the_console() {
    // R30
    let city = City::start(Kept::InMemory).await;
    let members = city.members(2).await;
    let titles = ["一つ目", "二つ目", "三つ目", "四つ目", "五つ目"];
    for title in titles {
        city.scheduled(title).await;
        city.drain().await;
    }
    assert_eq!(held(&city).await, [HoldReason::PersonCeiling]);
    assert_eq!(city.copies(&members[0], "五つ目"), 0);
    let waiting = city
        .chunks()
        .await
        .into_iter()
        .find(|chunk| matches!(chunk.state, OutboxState::Held { .. }))
        .unwrap();
    let approver = Desk::sign_in(&city, "approver").await;
    assert!(approver.get("/outbox").await.shows("同じ相手への1時間あたりの上限を超えます"));
    approver.does(&format!("/outbox/{}/release", waiting.id), &[("sure", "1")]).await;
    city.drain().await;
    for member in &members {
        assert!(titles.iter().all(|title| city.copies(member, title) == 1));
    }
}

#[tokio::test]
async fn at_night_and_on_closing_days_what_can_wait_waits() {
    // R31: Friday evening, a weekend and a public holiday (スポーツの日); it goes on Tuesday at eight.
    let city = City::start(Kept::InMemory).await;
    let members = city.members(3).await;
    city.set_time("2026-10-09T19:30:00+09:00".parse().unwrap());
    city.scheduled("週明けのお知らせ").await;
    for at in [
        "2026-10-09T23:00:00+09:00",
        "2026-10-10T12:00:00+09:00",
        "2026-10-12T12:00:00+09:00",
        "2026-10-13T07:59:00+09:00",
    ] {
        city.drain().await;
        city.set_time(at.parse().unwrap());
    }
    city.drain().await;
    assert!(members.iter().all(|member| city.copies(member, "週明けのお知らせ") == 0));
    city.set_time("2026-10-13T08:00:30+09:00".parse().unwrap());
    city.drain().await;
    assert!(members.iter().all(|member| city.copies(member, "週明けのお知らせ") == 1));
}

#[tokio::test]
async fn a_correction_reaches_those_who_had_the_first_and_nobody_else() {
    // R32
    let city = City::start(Kept::InMemory).await;
    let members = city.members(4).await;
    let first = city.scheduled("会場のお知らせ").await;
    city.drain().await;
    city.line.unfollow(&members[0]).await.unwrap();
    city.drain().await;
    let newcomer = city.member("あとから来た人").await;
    let by = By::Staff(city.team.second_approver);
    let corrected = city.centre.transact(|mut work| async move {
        let post = work.correct_post(by, first, content("会場のお知らせ(変更後)")).await?;
        work.done(post.id)
    });
    let id = corrected.await.unwrap();
    city.command(by, id, Command::Submit).await;
    let approver = By::Staff(city.team.approver);
    city.command(approver, id, Command::Take).await;
    city.command(approver, id, Command::Approve { revision: 1, confirmed: true }).await;
    let now = Command::Schedule { at: city.centre.now(), audience: Audience::Members };
    city.command(approver, id, now).await;
    city.drain().await;
    let copies = |user: &String| city.copies(user, "会場のお知らせ(変更後)");
    assert_eq!(members.iter().map(copies).collect::<Vec<_>>(), [0, 1, 1, 1]);
    assert_eq!(copies(&newcomer), 0);
    let corrected =
        city.had(&members[1]).into_iter().find(|message| message.to_string().contains("変更後")).unwrap();
    assert!(corrected["altText"].as_str().unwrap().starts_with("【訂正】"), "{corrected}");
}
