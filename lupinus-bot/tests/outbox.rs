//! What goes out: each answer of LINE, and what follows.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::time::Duration;

use lupinus_core::{
    ids::ContactId,
    outbox::{Addressee, Message, OutboxItem, OutboxState, Recipient, Sort},
    policy::Policy,
};
use lupinus_emulator::{Fault, Quota};
use support::Town;

/// One push to somebody, put into the outbox and tried once.
async fn push(town: &Town, user: &str, words: &str) -> OutboxItem {
    let member = town.member_of(user).await.id;
    let to = Addressee { member, contact: Some(ContactId::new(user)) };
    let object = serde_json::json!({ "type": "text", "text": words });
    let (to, object) = (&to, &object);
    let id = town
        .centre
        .transact(|mut work| async move {
            let message = Message::Native { object: object.clone() };
            let id = work.send(Recipient::Person(to.clone()), vec![message], Sort::Personal, None, None)?;
            work.done(id)
        })
        .await
        .unwrap();
    town.bot.drain().await.unwrap();
    town.outbox().await.into_iter().find(|item| item.id == id).unwrap()
}

async fn again(town: &Town, item: &OutboxItem, after: Duration) -> OutboxItem {
    town.clock.advance(after);
    town.bot.drain().await.unwrap();
    town.outbox().await.into_iter().find(|found| found.id == item.id).unwrap()
}

fn texts(town: &Town, user: &str) -> Vec<String> {
    town.told(user).iter().filter_map(|message| message["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn what_line_accepted_is_done_and_its_address_is_forgotten() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    let item = push(&town, &user, "こんにちは").await;
    assert!(matches!(&item.state, OutboxState::Done { request_id: Some(_), .. }), "{:?}", item.state);
    assert!(item.addressees().iter().all(|to| to.contact.is_none()));
}

#[tokio::test]
async fn an_unanswered_send_is_repeated_with_the_same_key_and_arrives_once() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    for (name, fault) in [
        ("500", Fault::new("POST", "/v2/bot/message/push").status(500)),
        ("cut before", Fault::new("POST", "/v2/bot/message/push").drop_before()),
        ("cut after", Fault::new("POST", "/v2/bot/message/push").drop_after()),
    ] {
        town.line.fault(fault);
        let item = push(&town, &user, name).await;
        assert!(matches!(item.state, OutboxState::Waiting { .. }), "{name}: {:?}", item.state);
        let item = again(&town, &item, Duration::from_mins(1)).await;
        assert!(matches!(item.state, OutboxState::Done { .. }), "{name}: {:?}", item.state);
        assert_eq!(texts(&town, &user).iter().filter(|text| *text == name).count(), 1, "{name}");
        let requests = town.line.requests();
        let keys: Vec<_> = requests.iter().rev().filter(|r| r.path.ends_with("/push")).take(2).collect();
        assert_eq!(keys[0].retry_key, keys[1].retry_key, "{name}");
    }
}

#[tokio::test]
async fn a_refused_send_is_shown_with_lines_words_and_never_repeated() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    for status in [400, 403, 404] {
        let body = serde_json::json!({ "message": "no", "details": [{ "message": "bad", "property": "messages[0].text" }] });
        town.line.fault(Fault::new("POST", "/v2/bot/message/push").response(status, body));
        let item = push(&town, &user, "断られる").await;
        let OutboxState::Failed { status: seen, message, property, .. } = &item.state else {
            panic!("{status}: {:?}", item.state)
        };
        assert_eq!((*seen, message.as_str(), property.as_deref()), (status, "no", Some("messages[0].text")));
        let item = again(&town, &item, Duration::from_hours(1)).await;
        assert!(matches!(item.state, OutboxState::Failed { .. }));
    }
}

#[tokio::test]
async fn a_refused_token_pauses_all_sending_until_it_works_again() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.line.fault(Fault::new("POST", "/v2/bot/message/push").status(401));
    let first = push(&town, &user, "一").await;
    assert!(matches!(first.state, OutboxState::Paused { .. }), "{:?}", first.state);
    let requests = town.line.requests().len();
    let second = push(&town, &user, "二").await;
    assert!(matches!(second.state, OutboxState::Waiting { .. }), "{:?}", second.state);
    assert_eq!(town.line.requests().len(), requests, "nothing was tried");
    for item in [first, second] {
        let item = again(&town, &item, Duration::from_mins(6)).await;
        assert!(matches!(item.state, OutboxState::Done { .. }), "{:?}", item.state);
    }
}

#[tokio::test]
async fn a_used_up_month_pauses_pushes_drops_nothing_and_lets_replies_go() {
    // R34
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.line.set_quota(Quota::limited(200, 200));
    let item = push(&town, &user, "来月").await;
    assert!(matches!(item.state, OutboxState::Paused { .. }), "{:?}", item.state);
    town.say(&user, "ヘルプ").await;
    assert!(town.last(&user, 1).contains("使い方"), "a reply is free");
    let quota = town.bot.channel().quota().await.unwrap();
    assert_eq!((quota.limit, quota.remaining()), (Some(200), Some(0)));
    town.line.set_quota(Quota::limited(400, 200));
    let item = again(&town, &item, Duration::from_mins(6)).await;
    assert!(matches!(item.state, OutboxState::Done { .. }), "{:?}", item.state);
    assert_eq!(texts(&town, &user).iter().filter(|text| *text == "来月").count(), 1);
}

#[tokio::test]
async fn a_rate_limit_waits_and_keeps_the_key() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    let body = serde_json::json!({ "message": "The API rate limit has been exceeded. Try again later." });
    town.line.fault(Fault::new("POST", "/v2/bot/message/push").response(429, body));
    let item = push(&town, &user, "待つ").await;
    let key = item.retry_key;
    let item = again(&town, &item, Duration::from_mins(1)).await;
    assert!(matches!(item.state, OutboxState::Done { .. }), "{:?}", item.state);
    assert_eq!(item.retry_key, key);
}

#[tokio::test]
async fn a_reply_whose_answer_was_lost_is_repeated_and_said_once() {
    // R38
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.line.fault(Fault::new("POST", "/v2/bot/message/reply").drop_after());
    town.say(&user, "ヘルプ").await;
    town.clock.advance(Duration::from_secs(10));
    town.bot.drain().await.unwrap();
    let help = texts(&town, &user).iter().filter(|text| text.contains("【使い方】")).count();
    assert_eq!(help, 1);
    let item = town.outbox().await.pop().unwrap();
    assert!(matches!(item.state, OutboxState::Done { .. }), "{:?}", item.state);
    assert!(town.line.requests().iter().all(|request| !request.path.ends_with("/push")));
}

#[tokio::test]
async fn a_reply_that_was_not_tried_in_its_minute_becomes_a_push() {
    // R38
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.line.say(&user, "ヘルプ").await.unwrap();
    town.clock.advance(Duration::from_mins(2));
    town.bot.drain().await.unwrap();
    assert!(town.last(&user, 1).contains("【使い方】"));
    assert!(town.line.requests().last().unwrap().path.ends_with("/push"));
}

#[tokio::test]
async fn what_was_not_handed_over_within_its_lease_is_given_back_as_never_tried() {
    let mut policy = Policy::default();
    policy.retry.lease = Duration::ZERO;
    let town = Town::under(policy).await;
    let user = town.friend("花").await;
    let before = town.line.requests().len();
    let item = push(&town, &user, "こんにちは").await;
    assert!(matches!(item.state, OutboxState::Waiting { .. }), "{:?}", item.state);
    assert!(
        !item.unanswered && item.maybe_accepted_at.is_none() && item.first_tried_at.is_none(),
        "{item:?}"
    );
    let later = town.line.requests();
    assert!(later.iter().skip(before).all(|request| !request.path.ends_with("/push")), "LINE has seen it");
}
