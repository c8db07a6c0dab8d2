//! The door: what is let in, what is not, and that nothing is done twice.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::{sync::Arc, time::Duration};

use lupinus_bot::Bot;
use lupinus_core::store::{Entity, Scan};
use lupinus_core::{consultation::Consultation, store::MemoryStore, store::StoreExt, testkit::Faulty};
use serde_json::{Value, json};
use support::Town;
use tower::ServiceExt as _;

async fn post(town: &Town, body: Vec<u8>, signature: Option<&str>) -> reqwest::StatusCode {
    let mut request = reqwest::Client::new().post(format!("{}/webhook", town.url)).body(body);
    if let Some(signature) = signature {
        request = request.header("x-line-signature", signature);
    }
    request.send().await.unwrap().status()
}

fn text_event(user: &str, id: &str, message: &str, text: &str, at: i64) -> Value {
    json!({
        "type": "message", "mode": "active", "timestamp": at, "webhookEventId": id,
        "deliveryContext": { "isRedelivery": false }, "source": { "type": "user", "userId": user },
        "replyToken": format!("{:0>32}", message),
        "message": { "id": message, "type": "text", "text": text, "quoteToken": "q" },
    })
}

async fn consultations(town: &Town) -> Vec<Consultation> {
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 1_000).await.unwrap();
    all.into_iter().map(|stored| stored.value).collect()
}

#[tokio::test]
async fn a_request_with_a_wrong_signature_is_refused_and_leaves_no_trace() {
    // R35
    let town = Town::new().await;
    let user = town.line.create_user("花");
    let body =
        json!({ "destination": "U1", "events": [text_event(&user, "01E", "1", "相談", 1)] }).to_string();
    for signature in [None, Some(""), Some("x"), Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] {
        assert_eq!(post(&town, body.clone().into_bytes(), signature).await, 401, "{signature:?}");
    }
    assert_eq!(town.centre.inbox_backlog().await.unwrap(), 0);
    assert!(!town.everything().await.contains("01E"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let town = Town::new().await;
    assert_eq!(post(&town, vec![b' '; 3 * 1024 * 1024], Some("x")).await, 413);
}

#[tokio::test]
async fn an_event_is_not_acknowledged_while_the_store_is_down_and_is_worked_on_once_it_is_back() {
    // R35
    let faulty = Arc::new(lupinus_core::testkit::Faulty::new(Arc::new(MemoryStore::new())));
    let town = Town::on(faulty.clone()).await;
    let user = town.member("花").await;
    faulty.set_down(true);
    town.line.say(&user, "相談").await.unwrap();
    let attempts = town.line.webhooks().last().unwrap().attempts.clone();
    assert_eq!(attempts.first().unwrap().status, Some(503));
    faulty.set_down(false);
    let before = town.told(&user).len();
    let event = town.line.webhooks().last().unwrap().event_ids.first().unwrap().clone();
    town.line.redeliver(&event).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.told(&user).len(), before + 2);
}

#[tokio::test]
async fn line_is_refused_in_its_time_by_a_store_that_never_answers_and_served_once_it_does() {
    // R35
    let faulty = Arc::new(lupinus_core::testkit::Faulty::new(Arc::new(MemoryStore::new())));
    let town = Town::on(faulty.clone()).await;
    let user = town.member("花").await;
    let body =
        json!({ "destination": "U1", "events": [text_event(&user, "01E", "1", "相談", 1)] }).to_string();
    // By a clock that jumps to whatever is waited for: without a bound nothing would end.
    let deliver = async || {
        let began = tokio::time::Instant::now();
        let status = hand_in(&town, &body, &signature(&town, &body)).await;
        (status, began.elapsed() < Duration::from_secs(2))
    };
    tokio::time::pause();
    faulty.set_silent(true);
    assert_eq!(deliver().await, (503, true));
    // However many are delivered meanwhile, what goes on behind the refusals has its bound.
    let many = futures::future::join_all((0..1_100).map(|_| deliver())).await;
    assert!(many.into_iter().all(|answer| answer == (503, true)));
    // Who is not LINE is no part of them.
    assert_eq!(hand_in(&town, &body, "x").await, 401);
    tokio::time::sleep(Duration::from_secs(40)).await;
    faulty.set_silent(false);
    assert_eq!(deliver().await, (200, true));
    assert_eq!(town.centre.inbox_backlog().await.unwrap(), 1);
}

#[tokio::test]
async fn bodies_that_are_not_lines_keep_none_of_lines_out() {
    // R35
    let town = Town::new().await;
    let body = json!({ "destination": "U1", "events": [] }).to_string();
    let signed = signature(&town, &body);
    // Each is polled once before the first goes on.
    let strangers = futures::future::join_all((0..1_100).map(|_| hand_in(&town, &body, "x")));
    let (strangers, line) = futures::join!(strangers, hand_in(&town, &body, &signed));
    assert!(strangers.into_iter().all(|status| status == 401));
    assert_eq!(line, 200);
}

#[tokio::test]
async fn a_text_is_screened_strictly_while_an_earlier_event_of_its_person_is_still_in_hand() {
    // R5, R35
    let faulty = Arc::new(lupinus_core::testkit::Faulty::new(Arc::new(MemoryStore::new())));
    let town = Town::on(faulty.clone()).await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.say(&user, "研修・講演会").await;
    let said = async |id: &str, text: &str, at: i64| {
        let at = support::thursday().as_millisecond() + at;
        let body =
            json!({ "destination": "U1", "events": [text_event(&user, id, id, text, at)] }).to_string();
        hand_in(&town, &body, &signature(&town, &body)).await
    };
    assert_eq!(said("8001", "褥瘡ケア研修会", 1).await, 200);
    assert_eq!(town.everything().await.matches(r#""context":"post""#).count(), 1);
    town.bot.drain().await.unwrap();
    tokio::time::pause();
    faulty.set_silent(true);
    // It may yet end the draft.
    assert_eq!(said("8002", "やめる", 2).await, 503);
    faulty.set_silent(false);
    assert_eq!(said("8003", "在宅での予防について学びます。", 3).await, 200);
    let all = town.everything().await;
    assert!(all.contains(r#""context":"consultation""#) && !all.contains(r#""context":"post""#));
}

#[tokio::test]
async fn a_number_that_one_bot_let_into_a_draft_which_another_had_in_hand_to_end_is_masked_and_erased() {
    // R5, R8
    let store = Arc::new(MemoryStore::new());
    let (here, there) = (Arc::new(Faulty::new(store.clone())), Arc::new(Faulty::new(store)));
    let town = Town::on(here.clone()).await;
    let other = town.another_bot(there.clone()).await;
    let user = town.submitter("葵").await;
    for text in ["投稿", "研修・講演会", "褥瘡ケア研修会"] {
        town.say(&user, text).await;
    }
    let said = async |bot: &Bot, id: &str, text: &str, at: i64| {
        let at = support::thursday().as_millisecond() + at;
        let body =
            json!({ "destination": "U1", "events": [text_event(&user, id, id, text, at)] }).to_string();
        hand_in_to(bot, &body, &signature(&town, &body)).await
    };
    tokio::time::pause();
    there.set_silent(true);
    assert_eq!(said(&other, "8002", "やめる", 2).await, 503);
    there.set_silent(false);
    // Nothing that this one could ask knows of that.
    let number = "042-555-1234";
    let text = format!("お電話は{number}へどうぞ。");
    assert_eq!(said(&town.bot, "8003", &text, 3).await, 200);
    assert!(town.everything().await.contains(number), "a draft may hold it, marked");
    assert_eq!(said(&other, "8002", "やめる", 2).await, 200, "delivered again");
    let erased = here.erasures();
    town.bot.drain().await.unwrap();
    assert!(!town.everything().await.contains(number));
    assert!(here.erasures() > erased, "the journal holds it on");
}

#[tokio::test]
async fn a_redelivered_event_has_no_second_effect() {
    // R35
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    town.say(&user, "訪問看護の空きを教えてください").await;
    let (told, posted) = (town.told(&user).len(), consultations(&town).await);
    let event = town.line.webhooks().last().unwrap().event_ids.first().unwrap().clone();
    town.line.redeliver(&event).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.told(&user).len(), told);
    assert_eq!(consultations(&town).await, posted);
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].thread.len(), 1);
}

#[tokio::test]
async fn the_same_event_twice_in_one_body_counts_once() {
    // R35
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    let event =
        text_event(&user, "01SAME", "900", "薬の飲み合わせについて", support::thursday().as_millisecond());
    town.line.send_events(vec![event.clone(), event]).await.unwrap();
    town.bot.drain().await.unwrap();
    let all = consultations(&town).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].thread.len(), 1);
}

#[tokio::test]
async fn fifty_events_at_once_from_one_person_are_worked_on_in_order_each_once() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    town.say(&user, "0番目").await;
    let at = support::thursday().as_millisecond();
    let events: Vec<Value> = (1..=50)
        .map(|n| {
            text_event(&user, &format!("01N{n:02}"), &format!("{}", 7_000 + n), &format!("{n}番目"), at + n)
        })
        .collect();
    // Some in one body, in a wrong order; the others in bodies of their own, at the same time.
    let mut first: Vec<Value> = events[..20].to_vec();
    first.reverse();
    let rest = events[20..].chunks(1).map(|one| town.line.send_events(one.to_vec()));
    let (whole, parts) = futures::join!(town.line.send_events(first), futures::future::join_all(rest));
    whole.unwrap();
    for part in parts {
        part.unwrap();
    }
    town.bot.drain().await.unwrap();
    let all = consultations(&town).await;
    assert_eq!(all.len(), 1);
    let texts: Vec<String> = all[0].thread.iter().filter_map(|entry| entry.text.clone()).collect();
    let expected: Vec<String> = (0..=50).map(|n| format!("{n}番目")).collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn what_is_not_said_to_the_centre_is_acknowledged_and_not_kept() {
    let town = Town::new().await;
    let user = town.member("花").await;
    let told = town.told(&user).len();
    let mut group = text_event(&user, "01GROUP", "1", "相談", 1);
    group["source"] = json!({ "type": "group", "groupId": "C1", "userId": user });
    let mut standby = text_event(&user, "01STANDBY", "2", "相談", 1);
    standby["mode"] = json!("standby");
    let mut unknown = text_event(&user, "01UNKNOWN", "3", "相談", 1);
    unknown["type"] = json!("telepathy");
    let ids = town.line.send_events(vec![group, standby, unknown]).await;
    ids.unwrap();
    let last = town.line.webhooks().last().unwrap().clone();
    assert_eq!(last.attempts.first().unwrap().status, Some(200));
    town.bot.drain().await.unwrap();
    assert_eq!(town.told(&user).len(), told);
    let all = town.everything().await;
    for id in ["01GROUP", "01STANDBY", "01UNKNOWN"] {
        assert!(!all.contains(id), "{id}");
    }
}

#[tokio::test]
async fn an_event_that_fails_again_and_again_is_set_aside_and_erased_and_its_person_is_told() {
    let store = Arc::new(Faulty::new(Arc::new(MemoryStore::new())));
    let town = Town::on(store.clone()).await;
    let (user, other) = (town.member("花").await, town.member("葵").await);
    let id = town.member_of(&user).await.id;
    let key = lupinus_core::store::RecordKey::new(lupinus_core::store::Kind::new("dialogue"), id.to_string());
    let mut broken = town.store.get(&key).await.unwrap().unwrap();
    broken.body = "{}".into();
    let expected = broken.version;
    let mut batch = lupinus_core::store::Batch::new();
    batch.push(lupinus_core::store::Op::Update { record: broken, expected });
    town.store.commit(batch).await.unwrap();

    town.say(&user, "ヘルプ").await;
    town.say(&other, "ヘルプ").await;
    assert!(town.last(&other, 1).contains("【使い方】"), "others are served meanwhile");
    let erased = store.erasures();
    for _ in 0..5 {
        town.bot.drain().await.unwrap();
    }
    assert_eq!(town.centre.inbox_backlog().await.unwrap(), 0);
    assert!(store.erasures() > erased, "R8: the journal holds it on");
    assert!(town.last(&user, 1).contains("うまく処理できませんでした"));
}

#[tokio::test]
async fn the_loops_serve_without_being_driven_and_stop_when_told() {
    let town = Town::new().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let (bot, token) = (town.bot.clone(), stop.clone());
    let running = tokio::spawn(async move { bot.run(token).await });
    let user = town.line.create_user("花");
    town.line.follow(&user).await.unwrap();
    let greeted = async {
        while town.told(&user).is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), greeted).await.unwrap();
    // An event that was acknowledged just before the stop is not lost.
    town.line.say(&user, "ヘルプ").await.unwrap();
    stop.cancel();
    running.await.unwrap().unwrap();
    assert!(town.last(&user, 1).contains("【使い方】"));
}

fn signature(town: &Town, body: &str) -> String {
    use base64::Engine as _;
    use hmac::{KeyInit as _, Mac as _};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(town.line.channel_secret().as_bytes()).unwrap();
    mac.update(body.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// Hands the bot a request without a network between them; answers its status.
async fn hand_in(town: &Town, body: &str, signature: &str) -> u16 {
    hand_in_to(&town.bot, body, signature).await
}

async fn hand_in_to(bot: &Bot, body: &str, signature: &str) -> u16 {
    let request = axum::http::Request::post("/webhook").header("x-line-signature", signature);
    let request = request.body(axum::body::Body::from(body.to_owned())).unwrap();
    bot.router().oneshot(request).await.unwrap().status().as_u16()
}

async fn post_signed(town: &Town, body: &str) -> reqwest::StatusCode {
    post(town, body.as_bytes().to_vec(), Some(&signature(town, body))).await
}

#[tokio::test]
async fn a_signed_body_that_is_no_webhook_is_malformed_and_an_empty_one_is_line_asking_whether_we_are_there()
{
    let town = Town::new().await;
    for body in ["", "{", "[]", "{\"events\":1}", "\"x\""] {
        assert_eq!(post_signed(&town, body).await, 400, "{body}");
    }
    assert_eq!(post_signed(&town, "{\"destination\":\"U1\",\"events\":[]}").await, 200);
}

#[tokio::test]
async fn one_malformed_event_does_not_lose_its_neighbours() {
    let town = Town::new().await;
    let user = town.member("花").await;
    let told = town.told(&user).len();
    let good = text_event(&user, "01GOOD", "800", "ヘルプ", 1);
    let bad = json!({ "type": "message", "timestamp": "yesterday", "webhookEventId": "01BAD" });
    let body = json!({ "destination": "U1", "events": [bad, good, 7] }).to_string();
    assert_eq!(post_signed(&town, &body).await, 200);
    town.bot.drain().await.unwrap();
    assert_eq!(town.told(&user).len(), told + 1);
}

#[tokio::test]
async fn an_event_of_years_ago_without_an_id_counts_once_too() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    let mut event = text_event(&user, "x", "801", "昔の形の相談です", 5);
    event.as_object_mut().unwrap().remove("webhookEventId");
    for redelivered in [false, true] {
        event["deliveryContext"]["isRedelivery"] = json!(redelivered);
        let body = json!({ "events": [event] }).to_string();
        assert_eq!(post_signed(&town, &body).await, 200);
        town.bot.drain().await.unwrap();
    }
    let all = consultations(&town).await;
    assert_eq!((all.len(), all[0].thread.len()), (1, 1));
}

#[tokio::test]
async fn dummy_events_of_an_old_verification_are_acknowledged_and_not_kept() {
    let town = Town::new().await;
    let mut event = text_event("Udeadbeefdeadbeefdeadbeefdeadbeef", "01DUMMY", "802", "Hello, world", 5);
    event["replyToken"] = json!("0".repeat(32));
    assert_eq!(post_signed(&town, &json!({ "events": [event] }).to_string()).await, 200);
    assert!(!town.everything().await.contains("01DUMMY"));
}
