//! Webhooks as LINE sends them.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use lupinus_emulator::{Emulator, Settings, Verdict};
use serde_json::json;
use sha2::Sha256;
use support::{Api, Bot, quick};

async fn line_and_bot(settings: Settings) -> (Emulator, Bot) {
    let (bot, address) = Bot::start().await;
    let line = Emulator::builder()
        .webhook_url(format!("http://{address}/webhook"))
        .settings(settings)
        .start()
        .await
        .unwrap();
    (line, bot)
}

#[tokio::test]
async fn every_webhook_is_signed_over_its_raw_body() {
    let (line, bot) = line_and_bot(quick()).await;
    let user = line.create_user("山田");
    line.follow(&user).await.unwrap();
    line.say(&user, "こんにちは 🍎").await.unwrap();
    for got in bot.got() {
        let mut mac = Hmac::<Sha256>::new_from_slice(line.channel_secret().as_bytes()).unwrap();
        mac.update(got.body.as_bytes());
        assert_eq!(got.signature, STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(got.json()["destination"], line.bot_user_id());
    }
    assert_eq!(bot.got().len(), 2);
    assert_eq!(bot.last().event(0)["message"]["text"], "こんにちは 🍎");
}

#[tokio::test]
async fn a_follow_says_whether_it_is_an_unblocking_and_is_sent_once() {
    let (line, bot) = line_and_bot(quick()).await;
    let user = line.create_user("山田");
    line.follow(&user).await.unwrap();
    line.follow(&user).await.unwrap();
    assert_eq!(bot.got().len(), 1);
    assert_eq!(bot.last().event(0)["follow"]["isUnblocked"], false);
    line.unfollow(&user).await.unwrap();
    assert!(bot.last().event(0).get("replyToken").is_none());
    line.follow(&user).await.unwrap();
    assert_eq!(bot.last().event(0)["follow"]["isUnblocked"], true);
}

#[tokio::test]
async fn a_failed_webhook_comes_again_with_the_same_ids_and_the_flag() {
    let (line, bot) = line_and_bot(quick()).await;
    bot.will_answer(500, Duration::ZERO);
    bot.will_answer(503, Duration::ZERO);
    let user = line.create_user("山田");
    line.say(&user, "一度だけ").await.unwrap();
    let got = bot.until(3).await;
    let (first, second, third) = (got[0].event(0), got[1].event(0), got[2].event(0));
    assert_eq!(first["deliveryContext"]["isRedelivery"], false);
    for again in [&second, &third] {
        assert_eq!(again["deliveryContext"]["isRedelivery"], true);
        for same in ["webhookEventId", "replyToken", "timestamp", "message"] {
            assert_eq!(again[same], first[same], "{same}");
        }
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(bot.got().len(), 3, "an accepted event does not come again");
    let log = line.webhooks();
    let verdicts: Vec<_> = log[0].attempts.iter().map(|attempt| (attempt.status, attempt.verdict)).collect();
    let failed = Verdict::ErrorStatusCode;
    assert_eq!(verdicts, [(Some(500), failed), (Some(503), failed), (Some(200), Verdict::Ok)]);
}

#[tokio::test]
async fn a_webhook_that_takes_too_long_counts_as_failed_and_is_not_tried_for_ever() {
    let (line, bot) = line_and_bot(Settings { webhook_timeout_ms: 50, ..quick() }).await;
    for _ in 0..4 {
        bot.will_answer(200, Duration::from_millis(300));
    }
    let user = line.create_user("山田");
    line.say(&user, "おそい").await.unwrap();
    assert_eq!(line.webhooks()[0].attempts[0].verdict, Verdict::RequestTimeout);
    bot.until(4).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bot.got().len(), 4, "one try and three redeliveries");
    assert_eq!(line.webhooks()[0].attempts.len(), 4);
}

#[tokio::test]
async fn nobody_at_the_address_is_a_failure_of_its_own() {
    let line = Emulator::builder()
        .webhook_url("http://127.0.0.1:9/webhook")
        .settings(Settings { redelivery: false, ..quick() })
        .start()
        .await
        .unwrap();
    let user = line.create_user("山田");
    line.say(&user, "だれか").await.unwrap();
    assert_eq!(line.webhooks()[0].attempts[0].verdict, Verdict::CouldNotConnect);
}

#[tokio::test]
async fn a_blocker_sends_nothing() {
    let (line, bot) = line_and_bot(quick()).await;
    let user = line.create_user("山田");
    line.unfollow(&user).await.unwrap();
    assert!(line.say(&user, "届かない").await.is_err());
    assert!(line.postback(&user, "x=1").await.is_err());
    assert_eq!(bot.got().len(), 1);
}

#[tokio::test]
async fn several_events_of_several_people_ride_in_one_body_and_an_event_can_be_repeated() {
    let (line, bot) = line_and_bot(quick()).await;
    let (one, two) = (line.create_user("一"), line.create_user("二"));
    let event = |user: &str, text: &str| {
        json!({"type": "message", "source": {"type": "user", "userId": user},
               "message": {"id": "1", "type": "text", "text": text, "quoteToken": "q"}})
    };
    let ids =
        line.send_events(vec![event(&one, "a"), event(&two, "b"), json!({"type": "novelty"})]).await.unwrap();
    let body = bot.last().json();
    assert_eq!(body["events"].as_array().unwrap().len(), 3);
    assert_eq!(body["events"][1]["source"]["userId"], two.as_str());
    assert!(body["events"][2].get("replyToken").is_none());
    line.redeliver(&ids[0]).await.unwrap();
    assert_eq!(bot.last().event(0)["deliveryContext"]["isRedelivery"], true);
    line.repeat(&ids[0]).await.unwrap();
    assert_eq!(bot.last().event(0)["deliveryContext"]["isRedelivery"], false);
    assert_eq!(bot.last().event(0)["webhookEventId"], ids[0].as_str());
}

#[tokio::test]
async fn the_webhook_test_sends_no_events_and_tells_what_came_back() {
    let (line, bot) = line_and_bot(quick()).await;
    let api = Api::of(&line);
    let answer = api.send(api.request("POST", "/v2/bot/channel/webhook/test")).await;
    assert_eq!((answer.status, &answer.body["success"]), (200, &json!(true)));
    assert_eq!(bot.last().json()["events"], json!([]));
    bot.will_answer(500, Duration::ZERO);
    let answer = api.send(api.request("POST", "/v2/bot/channel/webhook/test")).await;
    assert_eq!(answer.body["reason"], "ERROR_STATUS_CODE");
    assert_eq!(answer.body["statusCode"], 500);
}

#[tokio::test]
async fn fifty_events_at_once_all_arrive() {
    let (line, bot) = line_and_bot(Settings { webhook_timeout_ms: 5_000, ..quick() }).await;
    let user = line.create_user("山田");
    let said = (0..50).map(|number| {
        let (line, user) = (&line, &user);
        async move { line.say(user, &number.to_string()).await.unwrap() }
    });
    futures::future::join_all(said).await;
    assert_eq!(bot.got().len(), 50);
    let ids: std::collections::HashSet<_> =
        bot.got().iter().map(|got| got.event(0)["webhookEventId"].to_string()).collect();
    assert_eq!(ids.len(), 50);
}

#[tokio::test]
async fn webhooks_hold_escapes_unknowns_and_another_order_where_that_is_set() {
    let (line, bot) = line_and_bot(quick()).await;
    let user = line.create_user("山田");
    line.set_settings(Settings { webhook_escapes: true, ..line.settings() });
    line.say(&user, "こんにちは 🍎").await.unwrap();
    let got = bot.last();
    assert!(got.body.is_ascii() && got.body.contains("\\uD83C\\uDF4E"), "{}", got.body);
    assert_eq!(got.event(0)["message"]["text"], "こんにちは 🍎");

    line.set_settings(Settings { webhook_escapes: false, webhook_unknowns: true, ..line.settings() });
    line.say(&user, "次").await.unwrap();
    let got = bot.last().json();
    assert_eq!(got["events"][0]["message"]["addedLater"], true);
    assert!(got["events"][0]["addedLater"].is_object());
    assert_eq!(got["events"][1]["type"], "somethingNew");
    assert_eq!(got["events"].as_array().unwrap().len(), 2);

    line.set_settings(Settings { webhook_unknowns: false, webhook_shuffle: true, ..line.settings() });
    let events: Vec<_> = (0..20)
        .map(|place| json!({"type": "postback", "source": {"type": "user", "userId": user}, "postback": {"data": place.to_string()}}))
        .collect();
    line.send_events(events).await.unwrap();
    let got = bot.last();
    let places: Vec<String> =
        (0..20).map(|index| got.event(index)["postback"]["data"].as_str().unwrap().to_owned()).collect();
    let in_order: Vec<String> = (0..20).map(|place| place.to_string()).collect();
    assert_ne!(places, in_order);
    let mut sorted = places.clone();
    sorted.sort_by_key(|place| place.parse::<u32>().unwrap());
    assert_eq!(sorted, in_order);
    let orders: std::collections::HashSet<Vec<String>> =
        (0..20).map(|index| got.event(index).as_object().unwrap().keys().cloned().collect()).collect();
    assert!(orders.len() > 1);
}

#[tokio::test]
async fn a_chat_that_another_channel_controls_is_on_standby_until_it_is_taken_back() {
    let (line, bot) = line_and_bot(quick()).await;
    let api = Api::of(&line);
    let (user, other) = (line.create_user("山田"), line.create_user("佐藤"));
    let control = async |by: &str| {
        let url = format!("/_emulator/chats/{user}/control");
        api.send(api.request("PUT", &url).json(&json!({"by": by}))).await.status
    };
    assert_eq!(control("other").await, 200);
    line.say(&user, "聞こえますか").await.unwrap();
    let event = bot.last().event(0);
    assert_eq!((&event["mode"], event.get("replyToken")), (&json!("standby"), None));
    assert_eq!(event["message"]["text"], "聞こえますか");
    line.say(&other, "別のトーク").await.unwrap();
    assert_eq!(bot.last().event(0)["mode"], "active");

    let acquire = format!("/v2/bot/chat/{user}/control/acquire");
    assert_eq!(api.post(&acquire, json!({})).await.status, 423, "just taken");
    line.advance(Duration::from_secs(1));
    assert_eq!(api.post(&acquire, json!({})).await.status, 200);
    let heard = bot.until(3).await;
    let activated = heard[2].event(0);
    assert_eq!((&activated["type"], &activated["mode"]), (&json!("activated"), &json!("active")));
    line.say(&user, "また").await.unwrap();
    assert!(bot.last().event(0)["replyToken"].is_string());
    assert_eq!((control("other").await, control("account").await), (200, 200));
    line.say(&user, "返された").await.unwrap();
    assert_eq!(bot.last().event(0)["mode"], "active");
}

#[tokio::test]
async fn a_person_comes_near_a_beacon() {
    let (line, bot) = line_and_bot(quick()).await;
    let api = Api::of(&line);
    let user = line.create_user("山田");
    let near = async |beacon: serde_json::Value| {
        api.post(&format!("/_emulator/users/{user}/beacons"), beacon).await.status
    };
    assert_eq!(near(json!({"hwid": "0c9e11aa22", "dm": "10ff"})).await, 200);
    let event = bot.last().event(0);
    assert_eq!(event["type"], "beacon");
    assert_eq!(event["beacon"], json!({"hwid": "0c9e11aa22", "type": "enter", "dm": "10ff"}));
    assert_eq!(event["source"], json!({"type": "user", "userId": user}));
    assert!(event["replyToken"].is_string());
    for wrong in [
        json!({}),
        json!({"hwid": "0c9e11aa2"}),
        json!({"hwid": "0C9E11AA22"}),
        json!({"hwid": "0c9e11aa22", "type": "leave"}),
        json!({"hwid": "0c9e11aa22", "dm": "x"}),
    ] {
        assert_eq!(near(wrong.clone()).await, 400, "{wrong}");
    }
    assert_eq!(bot.got().len(), 1);
}
