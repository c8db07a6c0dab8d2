//! A bot that is killed at random moments, over and over: nothing is lost, nothing is said twice (R45).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use lupinus_core::{
    consultation::{Consultation, Voice},
    delivery::{Delivery, DeliveryState},
    post::Post,
    store::{Entity as _, Scan, Store as _, StoreExt as _},
};
use lupinus_emulator::{Author, Emulator, Fault, Settings, Verdict, WebhookEntry};
use lupinus_store_sled::SledStore;
use lupinus_tests::{
    MULTICAST, Team, Victim, asked, centre, eventually, letters, members, multicasts, scheduled,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio_util::sync::CancellationToken;

const ROUNDS: usize = 50;
/// The program that is killed.
const VICTIM: &str = env!("CARGO_BIN_EXE_victim");

/// The two tests take turns: each wants the machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The seed of the random moments: another for each run, printed, and to be set by `LUPINUS_TEST_SEED`.
fn random() -> StdRng {
    let seed = std::env::var("LUPINUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    println!("LUPINUS_TEST_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_killed_again_and_again_while_sending_gives_every_member_every_post_once() {
    const MEMBERS: usize = 1_000;
    const POSTS: usize = 40;
    const CHUNKS: usize = POSTS * MEMBERS.div_ceil(500);
    let _turn = TURN.lock().await;
    let began = Instant::now();
    let mut random = random();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let titles: Vec<String> = (0..POSTS).map(|number| format!("お知らせ「{}」", letters(number))).collect();
    let people = {
        let store = SledStore::open(&data).unwrap();
        let centre = centre(Arc::new(store.clone()));
        let people = members(&centre, &line, MEMBERS).await;
        let team = Team::hired(&centre).await;
        for title in &titles {
            scheduled(&centre, &team, title).await;
        }
        store.close().await.unwrap();
        people
    };

    let (mut kills, mut unfinished) = (0, 0);
    while kills < ROUNDS {
        line.clear_faults();
        // Slow, so that a kill falls between the sending and its answer; sometimes the answer is lost on top.
        let delay = Duration::from_millis(random.random_range(40..160));
        if random.random_bool(0.2) {
            line.fault(Fault::new("POST", MULTICAST).delay(delay).drop_after());
        }
        line.fault(Fault::new("POST", MULTICAST).delay(delay).times(100_000));
        let victim = Victim::started(VICTIM, &data, &line, 1).await;
        tokio::time::sleep(Duration::from_millis(random.random_range(10..400))).await;
        victim.killed();
        kills += 1;
        unfinished += usize::from(multicasts(&line).0 < CHUNKS);
    }
    let killed_after = began.elapsed();
    line.clear_faults();
    let victim = Victim::started(VICTIM, &data, &line, 4).await;
    eventually("every chunk is accepted", Duration::from_mins(1), async || {
        tokio::time::sleep(Duration::from_millis(50)).await;
        (multicasts(&line).0 >= CHUNKS).then_some(())
    })
    .await;
    // What still wants to be repeated, or recorded, is when it drains.
    victim.ended().await;

    let store = SledStore::open(&data).unwrap();
    let centre = centre(Arc::new(store.clone()));
    assert_eq!(centre.outbox_backlog().await.unwrap(), 0);
    assert!(centre.outbox_attention(10).await.unwrap().is_empty(), "something was held back");
    for post in store.all::<Post>(Scan::keys(Post::KIND), 1_000).await.unwrap() {
        assert_eq!(post.value.state.name(), "sent", "{}", post.value.title());
    }
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
    let (accepted, known) = multicasts(&line);
    println!(
        "{kills} kills ({unfinished} with something still to send) in {:.1} s; {MEMBERS} members, {POSTS} posts, \
         {accepted} chunks accepted, {known} repetitions answered 409; {} deviations; {:.1} s in all",
        killed_after.as_secs_f64(),
        wrong.len(),
        began.elapsed().as_secs_f64(),
    );
    assert!(wrong.is_empty(), "{} deviations, such as {:?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert_eq!(accepted, CHUNKS);
    assert!(unfinished >= ROUNDS, "it was finished before the {ROUNDS}th kill: {unfinished}");
    assert!(known > 0, "no kill fell between a sending and its record");
}

/// Somebody who writes one message after the other, each when the one before was acknowledged.
async fn write(
    line: Arc<Emulator>,
    user: String,
    number: usize,
    acknowledged: Arc<Mutex<HashSet<String>>>,
    stop: CancellationToken,
    mut random: StdRng,
) -> Vec<String> {
    let mut said = Vec::new();
    while !stop.is_cancelled() && said.len() < 190 {
        let text = format!("{}からの続き {}", letters(number), letters(said.len()));
        line.say(&user, &text).await.unwrap();
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut again = Instant::now() + Duration::from_millis(200);
        while !acknowledged.lock().unwrap().contains(&text) {
            assert!(Instant::now() < deadline, "never acknowledged: {text}");
            tokio::time::sleep(Duration::from_millis(5)).await;
            if again < Instant::now() {
                // The tries of the emulator itself grow rare; LINE's later ones come like this.
                let webhooks = line.webhooks();
                let own = webhooks.iter().rev().find(|webhook| webhook.body.contains(&text)).unwrap();
                line.redeliver(&own.event_ids[0]).await.unwrap();
                again = Instant::now() + Duration::from_millis(150);
            }
        }
        said.push(text);
        tokio::time::sleep(Duration::from_millis(random.random_range(20..140))).await;
    }
    said
}

/// The texts of the webhooks that were answered 200.
async fn watch(line: Arc<Emulator>, acknowledged: Arc<Mutex<HashSet<String>>>, stop: CancellationToken) {
    let mut seen = HashSet::new();
    while !stop.is_cancelled() {
        let webhooks = line.webhooks();
        let taken = webhooks.iter().filter(|webhook| webhook.attempts.iter().any(|a| a.status == Some(200)));
        let texts: Vec<String> = taken
            .filter(|webhook| seen.insert(webhook.seq))
            .filter_map(|webhook| serde_json::from_str::<serde_json::Value>(&webhook.body).ok())
            .filter_map(|body| body["events"][0]["message"]["text"].as_str().map(str::to_owned))
            .collect();
        acknowledged.lock().unwrap().extend(texts);
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_killed_again_and_again_while_people_write_loses_nothing_it_acknowledged() {
    // R35
    const PEOPLE: usize = 12;
    let _turn = TURN.lock().await;
    let began = Instant::now();
    let mut random = random();
    let settings = Settings { redelivery_interval_ms: 25, redelivery_tries: 3, ..Settings::default() };
    let line = Arc::new(Emulator::builder().settings(settings).start().await.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let people = {
        let store = SledStore::open(&data).unwrap();
        let centre = centre(Arc::new(store.clone()));
        let people = members(&centre, &line, PEOPLE).await;
        for (id, user) in &people {
            asked(&centre, *id, user).await;
        }
        store.close().await.unwrap();
        people
    };

    let acknowledged = Arc::new(Mutex::new(HashSet::new()));
    let (enough, all_said) = (CancellationToken::new(), CancellationToken::new());
    let watching = tokio::spawn(watch(line.clone(), acknowledged.clone(), all_said.clone()));
    let mut victim = Victim::started(VICTIM, &data, &line, 8).await;
    let writers: Vec<_> = (0..)
        .zip(&people)
        .map(|(number, (_, user))| {
            let random = StdRng::seed_from_u64(random.random());
            tokio::spawn(write(
                line.clone(),
                user.clone(),
                number,
                acknowledged.clone(),
                enough.clone(),
                random,
            ))
        })
        .collect();
    let mut busy = 0;
    for round in 0..ROUNDS {
        let before = acknowledged.lock().unwrap().len();
        tokio::time::sleep(Duration::from_millis(random.random_range(30..700))).await;
        if round % 2 == 0 {
            // On a busy machine a bot has done nothing by then: every other is killed when it is at it.
            eventually("something is acknowledged", Duration::from_secs(30), async || {
                (acknowledged.lock().unwrap().len() > before).then_some(())
            })
            .await;
        }
        victim.killed();
        busy += usize::from(acknowledged.lock().unwrap().len() > before);
        victim = Victim::started(VICTIM, &data, &line, 8).await;
    }
    enough.cancel();
    let mut said = Vec::new();
    for writer in writers {
        said.push(writer.await.unwrap());
    }
    all_said.cancel();
    watching.await.unwrap();
    victim.ended().await;

    let store = SledStore::open(&data).unwrap();
    let centre = centre(Arc::new(store.clone()));
    assert_eq!(centre.inbox_backlog().await.unwrap(), 0);
    let consultations = store.all::<Consultation>(Scan::keys(Consultation::KIND), 10_000).await.unwrap();
    let webhooks = line.webhooks();
    let again = |webhook: &&WebhookEntry| webhook.attempts.iter().any(|attempt| attempt.redelivery);
    let repeated = webhooks.iter().filter(again).count();
    let cut = webhooks.iter().flat_map(|webhook| &webhook.attempts);
    let cut = cut.filter(|attempt| attempt.verdict == Verdict::Unclassified).count();
    println!(
        "{ROUNDS} kills ({busy} while messages were being acknowledged); {} messages of {PEOPLE} people acknowledged, {repeated} \
         redeliveries, {cut} requests cut off by a kill; {:.1} s in all",
        said.iter().map(Vec::len).sum::<usize>(),
        began.elapsed().as_secs_f64(),
    );
    for ((id, _), said) in people.iter().zip(&said) {
        let own: Vec<_> =
            consultations.iter().filter(|consultation| consultation.value.member == *id).collect();
        assert_eq!(own.len(), 1);
        let thread = own[0].value.thread.iter().filter(|entry| entry.from == Voice::Member);
        let thread: Vec<&str> = thread.skip(1).filter_map(|entry| entry.text.as_deref()).collect();
        assert_eq!(thread, *said, "lost, twice or out of order");
    }
    assert!(repeated > 0 && cut > 0, "no kill fell upon a webhook");
    assert!(busy >= ROUNDS / 3, "too few kills fell upon people who write: {busy}");
    assert!(centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}
