//! A store that stops, or loses its answers: nothing is acknowledged that is not kept, and nothing is done twice.

use std::time::Duration;

use lupinus_core::testkit::Fault;
use lupinus_emulator::Settings;
use lupinus_tests::{City, Desk, Kept, eventually};

async fn impatient() -> City {
    let city = City::start(Kept::InMemory).await;
    let hurried = Settings { redelivery_interval_ms: 20, redelivery_tries: 8, ..city.line.settings() };
    city.line.set_settings(hurried);
    city
}

async fn with_open_consultation(city: &City) -> String {
    let nurse = city.member("看護師").await;
    city.talk(&nurse, "相談").await;
    city.talk(&nurse, "はじめの質問です。").await;
    nurse
}

async fn acknowledged(city: &City) {
    eventually("a 200 to the last webhook", Duration::from_secs(10), async || {
        let last = city.line.webhooks().pop().unwrap();
        last.attempts.iter().any(|attempt| attempt.status == Some(200)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn while_the_store_is_down_webhooks_are_answered_503_and_nothing_is_lost() {
    // R35 R45
    let city = impatient().await;
    let nurse = with_open_consultation(&city).await;
    let desk = Desk::sign_in(&city, "consultant").await;
    city.faulty.set_down(true);
    city.pass(Duration::from_secs(1));
    city.line.say(&nurse, "止まっている間の文です。").await.unwrap();
    let first = city.line.webhooks().pop().unwrap().attempts.remove(0);
    assert_eq!(first.status, Some(503));
    assert!(city.bot.drain().await.is_err(), "the store is down, and the bot must say so");
    let page = desk.get("/consultations").await;
    assert!(page.status >= 500, "{} while the store is down", page.status);
    assert!(!page.shows("Planned") && !page.shows("a fault of the test"), "insides are shown: {}", page.html);
    city.faulty.set_down(false);
    acknowledged(&city).await;
    city.drain().await;
    assert_eq!(city.asked(&nurse).await, ["はじめの質問です。", "止まっている間の文です。"]);
    assert_eq!(desk.get("/consultations").await.status, 200);
}

#[tokio::test]
async fn a_message_that_was_taken_back_while_the_store_was_down_is_not_kept_when_it_is_delivered_again() {
    // R9
    for known in [true, false] {
        let city = City::start(Kept::InMemory).await;
        let nurse = if known {
            with_open_consultation(&city).await
        } else {
            city.line.create_user("まだ知らない人")
        };
        city.line.set_settings(Settings { redelivery_tries: 0, ..city.line.settings() });
        city.pass(Duration::from_secs(1));
        city.faulty.set_down(true);
        if !known {
            city.line.follow(&nurse).await.unwrap();
        }
        let message = city.line.say(&nurse, "取り消すつもりの文です。").await.unwrap();
        let undelivered = city.line.webhooks().pop().unwrap();
        assert_eq!(undelivered.attempts[0].status, Some(503));
        city.faulty.set_down(false);
        city.pass(Duration::from_secs(1));
        city.line.unsend(&nurse, &message).await.unwrap();
        city.drain().await;
        city.line.redeliver(&undelivered.event_ids[0]).await.unwrap();
        assert_eq!(city.line.webhooks().pop().unwrap().attempts[0].status, Some(200));
        city.drain().await;
        let kept = city.records().await.iter().any(|record| record.body.contains("取り消すつもり"));
        assert!(!kept, "what was taken back is kept");
        if known {
            city.talk(&nurse, "こちらは残る文です。").await;
            assert_eq!(city.asked(&nurse).await, ["はじめの質問です。", "こちらは残る文です。"]);
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_not_acknowledged_and_counts_once() {
    // R35
    let city = impatient().await;
    let nurse = with_open_consultation(&city).await;
    city.pass(Duration::from_secs(1));
    city.faulty.fail_commit(1, Fault::After);
    city.line.say(&nurse, "返事をなくした文です。").await.unwrap();
    assert_eq!(city.line.webhooks().pop().unwrap().attempts[0].status, Some(503));
    acknowledged(&city).await;
    city.drain().await;
    assert_eq!(city.asked(&nurse).await.len(), 2);
}

#[tokio::test]
async fn whichever_call_of_the_store_fails_a_message_takes_effect_once() {
    for fault in [Fault::Before, Fault::After] {
        let city = impatient().await;
        let nurse = with_open_consultation(&city).await;
        let mut expected = vec!["はじめの質問です。".to_owned()];
        let mut failures = 0;
        for nth in 1..=30_u8 {
            let text =
                format!("続き {}", char::from(b'a' + nth % 26).to_string().repeat(1 + usize::from(nth / 26)));
            city.pass(Duration::from_secs(1));
            let calls = city.faulty.calls();
            city.faulty.fail_call(nth.into(), fault);
            city.line.say(&nurse, &text).await.unwrap();
            acknowledged(&city).await;
            failures += usize::from(city.bot.drain().await.is_err());
            // The planned failure may lie beyond what was called: it must not hit what is looked at below.
            while city.faulty.calls() < calls + u64::from(nth) {
                let _ = city.centre.inbox_backlog().await;
            }
            city.drain_for(3, Duration::from_secs(90)).await;
            expected.push(text);
            assert_eq!(city.asked(&nurse).await, expected, "call {nth} failed: {fault:?}");
        }
        assert!(failures > 0, "no failure reached the bot");
    }
}

#[tokio::test]
async fn whichever_commit_of_a_delivery_fails_everybody_has_the_post_once() {
    for fault in [Fault::Before, Fault::After] {
        let city = City::start(Kept::InMemory).await;
        let members = city.members(3).await;
        let mut failures = 0;
        for nth in 1..=6_u64 {
            let title = format!(
                "{}番のお知らせ",
                ["甲", "乙", "丙", "丁", "戊", "己"][usize::try_from(nth).unwrap() - 1]
            );
            let id = city.scheduled(&title).await;
            let commits = city.faulty.commits();
            city.faulty.fail_commit(nth, fault);
            for _ in 0..6 {
                failures += usize::from(city.bot.drain().await.is_err());
                city.pass(Duration::from_secs(61));
            }
            // As above: use the planned failure up.
            while city.faulty.commits() < commits + nth {
                let _ = city.centre.store().commit(lupinus_core::store::Batch::new()).await;
            }
            city.drain_for(3, Duration::from_secs(61)).await;
            assert_eq!(city.state_of(id).await, "sent", "commit {nth} failed: {fault:?}");
            for member in &members {
                assert_eq!(city.copies(member, &title), 1, "commit {nth} failed: {fault:?}");
            }
            city.pass(Duration::from_hours(1));
        }
        assert!(failures > 0 || fault == Fault::After, "no failure reached the bot");
    }
}
