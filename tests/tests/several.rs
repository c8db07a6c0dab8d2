//! Several bots over one database, one of them killed again and again: each outbox item is sent by one of them, and what one person
//! writes stays in order (R45).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::{sync::Arc, time::Duration};

use lupinus_core::{
    consultation::{Consultation, Voice},
    delivery::{Delivery, DeliveryState},
    store::{Entity as _, Scan, StoreExt as _},
};
use lupinus_emulator::{Author, Emulator, Fault, Settings};
use lupinus_store_postgres::testkit::Schema;
use lupinus_tests::{
    MULTICAST, Team, Victim, asked, centre, eventually, letters, members, multicasts, scheduled,
};

/// The program of which several run.
const VICTIM: &str = env!("CARGO_BIN_EXE_victim");
const ROUNDS: u64 = 10;

/// The two tests take turns: each wants the machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_bots_over_one_database_give_every_member_every_post_once_although_one_is_killed_again_and_again()
{
    const MEMBERS: usize = 600;
    const POSTS: usize = 24;
    const CHUNKS: usize = POSTS * MEMBERS.div_ceil(500);
    let _turn = TURN.lock().await;
    let Some(schema) = Schema::new() else { return };
    let line = Emulator::start().await.unwrap();
    let store = Arc::new(schema.store().await);
    let centre = centre(store.clone());
    let people = members(&centre, &line, MEMBERS).await;
    let team = Team::hired(&centre).await;
    let titles: Vec<String> = (0..POSTS).map(|number| format!("お知らせ「{}」", letters(number))).collect();
    for title in &titles {
        scheduled(&centre, &team, title).await;
    }
    // Slow, so that both are at it and a kill falls between the sending and its answer; some answers are lost on top.
    line.fault(Fault::new("POST", MULTICAST).delay(Duration::from_millis(150)).drop_after().times(4));
    line.fault(Fault::new("POST", MULTICAST).delay(Duration::from_millis(150)).times(100_000));
    let steady = Victim::started(VICTIM, schema.address(), &line, 2).await;
    for round in 0..ROUNDS {
        let victim = Victim::started(VICTIM, schema.address(), &line, 2).await;
        tokio::time::sleep(Duration::from_millis(40 + 37 * round)).await;
        victim.killed();
    }
    line.clear_faults();
    let other = Victim::started(VICTIM, schema.address(), &line, 2).await;
    eventually("every chunk is accepted", Duration::from_mins(2), async || {
        tokio::time::sleep(Duration::from_millis(50)).await;
        (multicasts(&line).0 >= CHUNKS).then_some(())
    })
    .await;
    steady.ended().await;
    other.ended().await;

    assert_eq!(centre.outbox_backlog().await.unwrap(), 0);
    assert!(centre.outbox_attention(10).await.unwrap().is_empty(), "something was held back");
    let deliveries = store.all::<Delivery>(Scan::keys(Delivery::KIND), 1_000).await.unwrap();
    assert_eq!(deliveries.len(), POSTS);
    assert!(deliveries.iter().all(|delivery| delivery.value.state == DeliveryState::Complete));
    assert!(centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
    let mut wrong = Vec::new();
    for (_, user) in &people {
        let had: Vec<String> = line
            .messages(user)
            .into_iter()
            .filter(|entry| entry.from == Author::Bot)
            .map(|entry| entry.message.to_string())
            .collect();
        for title in &titles {
            let copies = had.iter().filter(|message| message.contains(title.as_str())).count();
            if copies != 1 {
                wrong.push(format!("{title}: {copies}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} deviations, such as {:?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert_eq!(multicasts(&line).0, CHUNKS);
}

/// What a person writes goes in turn to the one and to the other bot, as a load balancer does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_to_two_bots_over_one_database_is_kept_once_and_in_their_order() {
    // R35
    const PEOPLE: usize = 8;
    const SAID: usize = 30;
    let _turn = TURN.lock().await;
    let Some(schema) = Schema::new() else { return };
    let settings = Settings { redelivery_interval_ms: 25, redelivery_tries: 3, ..Settings::default() };
    let line = Arc::new(Emulator::builder().settings(settings).start().await.unwrap());
    let store = Arc::new(schema.store().await);
    let centre = centre(store.clone());
    let people = members(&centre, &line, PEOPLE).await;
    for (id, user) in &people {
        asked(&centre, *id, user).await;
    }
    let bots = [
        Victim::started(VICTIM, schema.address(), &line, 4).await,
        Victim::started(VICTIM, schema.address(), &line, 4).await,
    ];
    let mut all_said: Vec<Vec<String>> = vec![Vec::new(); PEOPLE];
    for number in 0..SAID {
        line.set_webhook_url(format!("{}/webhook", bots[number % 2].url));
        let said = all_said.iter_mut().zip(&people).enumerate().map(|(person, (said, (_, user)))| {
            let text = format!("{}からの続き {}", letters(person), letters(number));
            said.push(text.clone());
            let line = Arc::clone(&line);
            async move { line.say(user, &text).await.unwrap() }
        });
        futures::future::join_all(said).await;
        let last = line.webhooks().len();
        eventually("all of it is acknowledged", Duration::from_secs(30), async || {
            let webhooks = line.webhooks();
            let taken = |status| status == Some(200);
            let own = &webhooks[last.saturating_sub(PEOPLE)..last];
            let all = own.iter().all(|webhook| webhook.attempts.iter().any(|a| taken(a.status)));
            tokio::time::sleep(Duration::from_millis(5)).await;
            all.then_some(())
        })
        .await;
    }
    for bot in bots {
        bot.ended().await;
    }
    assert_eq!(centre.inbox_backlog().await.unwrap(), 0);
    let consultations = store.all::<Consultation>(Scan::keys(Consultation::KIND), 1_000).await.unwrap();
    for ((id, _), said) in people.iter().zip(&all_said) {
        let own: Vec<_> =
            consultations.iter().filter(|consultation| consultation.value.member == *id).collect();
        assert_eq!(own.len(), 1);
        let thread = own[0].value.thread.iter().filter(|entry| entry.from == Voice::Member);
        let thread: Vec<&str> = thread.skip(1).filter_map(|entry| entry.text.as_deref()).collect();
        assert_eq!(thread, *said, "lost, twice or out of order");
    }
    assert!(centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}
