//! Webhooks: repeated ones have no second effect, many at once keep their order, and only signed ones are heard (R35).

use std::time::Duration;

use futures::future::join_all;
use lupinus_core::inbox::InboxItem;
use lupinus_emulator::Settings;
use lupinus_tests::{City, Kept, Plan, eventually};
use serde_json::{Value, json};

/// A member with an open consultation: whatever they write now belongs to it.
async fn with_open_consultation(city: &City) -> String {
    let nurse = city.member("看護師").await;
    city.talk(&nurse, "相談").await;
    city.talk(&nurse, "はじめの質問です。").await;
    nurse
}

fn text_event(user: &str, id: &str, text: &str, at: i64) -> Value {
    json!({
        "type": "message",
        "source": {"type": "user", "userId": user},
        "timestamp": at,
        "message": {"type": "text", "id": id, "quoteToken": "q", "text": text},
    })
}

fn numbered(count: usize) -> Vec<String> {
    // In letters: digits in a row could be taken for a number that somebody is known by.
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    (0..count).map(|n| format!("続き {}{}", letter(n / 26), letter(n))).collect()
}

#[tokio::test]
async fn a_redelivered_event_has_no_second_effect() {
    // R35
    for kept in [Kept::InMemory, Kept::OnDisk, Kept::InDatabase] {
        let city = City::start(kept).await;
        let nurse = with_open_consultation(&city).await;
        city.talk(&nurse, "二度届く文です。").await;
        let event = city.line.webhooks().pop().unwrap().event_ids.remove(0);
        let (had, asked) = (city.had(&nurse).len(), city.asked(&nurse).await.len());
        let audited = city.centre.verify_audit(|_| {}).await.unwrap().entries;
        for redelivered in [true, false, true] {
            let sent =
                if redelivered { city.line.redeliver(&event).await } else { city.line.repeat(&event).await };
            sent.unwrap();
            city.drain().await;
        }
        city.drain_for(3, Duration::from_secs(30)).await;
        let attempts: Vec<_> =
            city.line.webhooks().iter().rev().take(3).flat_map(|w| w.attempts.clone()).collect();
        assert!(attempts.len() == 3 && attempts.iter().all(|a| a.status == Some(200)), "{attempts:?}");
        assert_eq!((city.had(&nurse).len(), city.asked(&nurse).await.len()), (had, asked));
        assert_eq!(city.centre.verify_audit(|_| {}).await.unwrap().entries, audited);
    }
}

#[tokio::test]
async fn a_redelivered_event_is_known_while_it_still_waits() {
    // R35: the repetition comes before the first was worked on.
    let city = City::start(Kept::InMemory).await;
    let nurse = with_open_consultation(&city).await;
    city.pass(Duration::from_secs(1));
    city.line.say(&nurse, "まだ読まれていない文です。").await.unwrap();
    let event = city.line.webhooks().pop().unwrap().event_ids.remove(0);
    join_all((0..5).map(|_| city.line.redeliver(&event))).await;
    assert_eq!(city.centre.inbox_backlog().await.unwrap(), 1);
    city.drain().await;
    assert_eq!(city.asked(&nurse).await.iter().filter(|text| text.contains("まだ読まれて")).count(), 1);
}

#[tokio::test]
async fn the_same_event_twice_in_one_body_counts_once() {
    // R35
    let city = City::start(Kept::InMemory).await;
    let nurse = with_open_consultation(&city).await;
    city.pass(Duration::from_secs(1));
    let mut event = text_event(&nurse, "70001", "同じ体の中に二度。", city.line.now().as_millisecond());
    event["webhookEventId"] = json!("01HTWICEINONEBODY0000000000");
    city.line.send_events(vec![event.clone(), event.clone(), event]).await.unwrap();
    assert_eq!(city.line.webhooks().pop().unwrap().attempts[0].status, Some(200));
    city.drain().await;
    assert_eq!(city.asked(&nurse).await, ["はじめの質問です。", "同じ体の中に二度。"]);
}

#[tokio::test]
async fn fifty_events_of_one_person_in_one_body_take_effect_once_and_in_order() {
    for kept in [Kept::InMemory, Kept::OnDisk, Kept::InDatabase] {
        let city = City::start(kept).await;
        let nurse = with_open_consultation(&city).await;
        city.pass(Duration::from_secs(1));
        let at = city.line.now().as_millisecond();
        let texts = numbered(50);
        // All within one millisecond: their place in the body is their order.
        let events = (0..).zip(&texts).map(|(n, text)| text_event(&nurse, &format!("8{n:04}"), text, at));
        city.line.send_events(events.collect()).await.unwrap();
        city.drain().await;
        assert_eq!(city.asked(&nurse).await[1..], texts);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_webhooks_at_once_from_one_person_take_effect_once_and_in_order() {
    for kept in [Kept::InMemory, Kept::OnDisk, Kept::InDatabase] {
        let city = City::start(kept).await;
        let nurse = with_open_consultation(&city).await;
        city.pass(Duration::from_secs(1));
        let at = city.line.now().as_millisecond();
        let texts = numbered(50);
        // Fifty requests at the same time, each event with the millisecond in which it happened; and each of them twice.
        let events: Vec<(String, Value)> = (0_i64..)
            .zip(&texts)
            .map(|(n, text)| {
                let mut event = text_event(&nurse, &format!("9{n:04}"), text, at + n);
                event["webhookEventId"] = json!(format!("01HFIFTYATONCE00000000{n:04}"));
                event["replyToken"] = json!(format!("{:032x}", n + 1));
                (text.clone(), event)
            })
            .collect();
        let mut requests = Vec::new();
        for (_, event) in events.iter().rev().chain(&events) {
            requests.push(city.line.send_events(vec![event.clone()]));
        }
        for sent in join_all(requests).await {
            sent.unwrap();
        }
        let taken: Vec<_> = city.line.webhooks().into_iter().rev().take(100).collect();
        assert!(taken.iter().all(|webhook| webhook.attempts.iter().any(|a| a.status == Some(200))));
        assert_eq!(city.centre.inbox_backlog().await.unwrap(), 50);
        city.drain().await;
        assert_eq!(city.asked(&nurse).await[1..], texts);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn webhooks_that_arrive_the_wrong_way_round_are_worked_off_in_the_order_in_which_it_happened() {
    // The bot runs: it must not take the first to arrive for the first.
    let plan = Plan { at: None, settle: Duration::from_secs(1), ..Plan::default() };
    let city = City::planned(plan).await;
    let nurse = with_open_consultation(&city).await;
    let texts = numbered(50);
    let at = city.line.now().as_millisecond();
    let happened: Vec<(i64, &String)> = (at..).zip(&texts).collect();
    for (at, text) in happened.into_iter().rev() {
        city.line.send_events(vec![text_event(&nurse, &format!("6{at}"), text, at)]).await.unwrap();
    }
    let asked = eventually("all are worked off", Duration::from_secs(30), async || {
        let asked = city.asked(&nurse).await;
        (asked.len() == 51).then_some(asked)
    });
    assert_eq!(asked.await[1..], texts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_people_at_once_are_each_served_once_and_in_their_own_order() {
    let city = City::start(Kept::OnDisk).await;
    let people = city.members(8).await;
    for person in &people {
        city.talk(person, "相談").await;
        city.talk(person, "はじめの質問です。").await;
    }
    city.pass(Duration::from_secs(1));
    let texts = numbered(12);
    for text in &texts {
        city.pass(Duration::from_millis(1));
        for said in join_all(people.iter().map(|person| city.line.say(person, text))).await {
            said.unwrap();
        }
    }
    city.drain().await;
    for person in &people {
        assert_eq!(city.asked(person).await[1..], texts);
    }
}

async fn post_webhook(city: &City, signature: Option<&str>, body: &str) -> u16 {
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let mut request = http.post(format!("{}/webhook", city.url)).body(body.to_owned());
    if let Some(signature) = signature {
        request = request.header("x-line-signature", signature);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn only_what_line_signed_is_heard() {
    // R35
    let city = City::start(Kept::InMemory).await;
    let nurse = with_open_consultation(&city).await;
    let body =
        json!({"destination": "U0", "events": [text_event(&nurse, "1", "にせの文です。", 1)]}).to_string();
    for signature in [None, Some(""), Some("AAAA"), Some("????")] {
        assert_eq!(post_webhook(&city, signature, &body).await, 401, "{signature:?}");
    }
    assert_eq!(city.centre.inbox_backlog().await.unwrap(), 0);
    city.drain().await;
    assert_eq!(city.asked(&nurse).await, ["はじめの質問です。"]);
}

#[tokio::test]
async fn an_event_that_does_not_decode_and_one_of_tomorrow_take_nobody_with_them() {
    let city = City::start(Kept::InMemory).await;
    let nurse = with_open_consultation(&city).await;
    city.pass(Duration::from_secs(1));
    let at = city.line.now().as_millisecond();
    let broken =
        json!({"type": "message", "source": {"type": "user", "userId": nurse}, "message": {"type": "text"}});
    let tomorrow =
        json!({"type": "hologram", "source": {"type": "user", "userId": nurse}, "hologram": {"x": 1}});
    let good = text_event(&nurse, "60001", "間にはさまれた文です。", at);
    city.line.send_events(vec![broken, good, tomorrow]).await.unwrap();
    assert_eq!(city.line.webhooks().pop().unwrap().attempts[0].status, Some(200));
    city.drain().await;
    assert_eq!(city.asked(&nurse).await.last().unwrap(), "間にはさまれた文です。");
}

#[tokio::test]
async fn somebody_who_blocked_the_account_hears_nothing_and_is_welcome_back() {
    let city = City::start(Kept::InMemory).await;
    let (nurse, other) = (city.member("看護師").await, city.member("薬剤師").await);
    city.line.unfollow(&nurse).await.unwrap();
    city.drain().await;
    city.scheduled("一人目のお知らせ").await;
    city.drain().await;
    city.pass(Duration::from_secs(1));
    city.line.follow(&nurse).await.unwrap();
    city.drain().await;
    assert!(city.said(&nurse).last().unwrap().contains("おかえりなさい"));
    city.scheduled("二人目のお知らせ").await;
    city.drain().await;
    let copies = |title| (city.copies(&nurse, title), city.copies(&other, title));
    assert_eq!(copies("一人目のお知らせ"), (0, 1));
    assert_eq!(copies("二人目のお知らせ"), (1, 1));
}

#[tokio::test]
async fn a_webhook_that_is_answered_too_late_is_redelivered_and_counts_once() {
    // R35: LINE gives up before the answer; the events were stored all the same.
    let city = City::start(Kept::InMemory).await;
    let nurse = with_open_consultation(&city).await;
    city.line.set_settings(Settings {
        webhook_timeout_ms: 1,
        redelivery_interval_ms: 20,
        redelivery_tries: 3,
        ..city.line.settings()
    });
    city.pass(Duration::from_secs(1));
    city.line.say(&nurse, "遅れて届いた返事の文です。").await.unwrap();
    eventually("the tries are used up", Duration::from_secs(10), async || {
        let tries = city.line.webhooks().pop().unwrap().attempts;
        (tries.len() == 4 || tries.last().is_some_and(|a| a.status == Some(200))).then_some(())
    })
    .await;
    eventually("it is stored", Duration::from_secs(5), async || {
        (city.centre.inbox_backlog().await.unwrap() == 1).then_some(())
    })
    .await;
    city.drain().await;
    assert_eq!(city.asked(&nurse).await.len(), 2);
    assert_eq!(city.all::<InboxItem>().await.iter().filter(|item| item.event.is_some()).count(), 0);
}
