//! A city in which everything breaks, over and over, while people write, ask, join and are answered: nothing that was acknowledged
//! is lost, nothing is said twice, and what one person reads and writes stays in order (R35, R45).
//!
//! One seed draws the same faults in the same order. `LUPINUS_TORTURE_SEED` sets it, `LUPINUS_TORTURE_ROUNDS` how many faults there
//! are: a few by themselves, and as many as there is time for in a night.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod check;
mod database;
mod disk;
mod fleet;
mod people;
mod storm;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use check::{Score, Told, score};
use database::Database;
use disk::Disk;
use fleet::Fleet;
use lupinus_core::{
    ids::{ConsultationId, MemberId, PostId},
    store::Store,
};
use lupinus_emulator::{Emulator, Settings};
use lupinus_store_postgres::PostgresStore;
use lupinus_store_sled::SledStore;
use lupinus_tests::{Team, approved, asked, centre, letters, members};
use people::Heard;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use storm::Storm;
use tokio_util::sync::CancellationToken;

/// How many write and are answered, how many more receive the posts, and how many posts there are, in each episode.
const WRITERS: usize = 8;
const READERS: usize = 24;
const POSTS: usize = 12;
/// Most faults of one episode: then everything is looked at, and a new city begins.
const EPISODE: usize = 25;

fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |value| value.parse().expect("a number"))
}

/// Where an episode keeps its records.
enum Place {
    Database(Database),
    Disk(Disk),
}

impl Place {
    fn address(&self) -> OsString {
        match self {
            Self::Database(database) => database.through_proxy().into(),
            Self::Disk(disk) => disk.data().into(),
        }
    }

    /// The records themselves; on a disk while no bot has them.
    async fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Database(database) => Arc::new(PostgresStore::connect(&database.address).await.unwrap()),
            Self::Disk(disk) => Arc::new(SledStore::open(disk.data()).unwrap()),
        }
    }
}

/// A city before anything breaks.
struct City {
    line: Arc<Emulator>,
    writers: Vec<(MemberId, String)>,
    everybody: Vec<String>,
    consultations: Vec<ConsultationId>,
    posts: Vec<(PostId, String)>,
}

impl City {
    async fn founded(place: &Place) -> Self {
        let settings = Settings { redelivery_interval_ms: 100, redelivery_tries: 3, ..Settings::default() };
        let line = Arc::new(Emulator::builder().settings(settings).start().await.unwrap());
        let store = place.store().await;
        let centre = centre(store.clone());
        let mut writers = members(&centre, &line, WRITERS + READERS).await;
        let everybody = writers.iter().map(|(_, user)| user.clone()).collect();
        writers.truncate(WRITERS);
        let team = Team::hired(&centre).await;
        let (mut consultations, mut posts) = (Vec::new(), Vec::new());
        for (member, user) in &writers {
            consultations.push(asked(&centre, *member, user).await);
        }
        for number in 0..POSTS {
            let title = format!("お知らせ「{}」", letters(number));
            posts.push((approved(&centre, &team, &title).await, title));
        }
        store.close().await.unwrap();
        Self { line, writers, everybody, consultations, posts }
    }
}

/// One city, so many faults, and what came of it.
/// What was lost, and how many answers and posts were acknowledged.
async fn episode(
    place: &Place,
    bots: usize,
    rounds: usize,
    random: &mut StdRng,
    storm: &mut Storm,
) -> (Score, (usize, usize)) {
    let city = City::founded(place).await;
    let clock = tempfile::tempdir().unwrap();
    let line = &city.line;
    let mut fleet = Fleet::started(Arc::clone(line), place.address(), clock.path().join("clock"), bots).await;
    let stop = CancellationToken::new();
    let url = format!("http://{}", fleet.balancer.address);
    let mut own = || StdRng::seed_from_u64(random.random());
    let writing: Vec<_> = (0..)
        .zip(&city.writers)
        .map(|(number, (_, user))| {
            let writes = people::writes(Arc::clone(line), user.clone(), number, stop.clone(), own());
            tokio::spawn(writes)
        })
        .collect();
    let joining = tokio::spawn(people::joins(Arc::clone(line), stop.clone(), own()));
    let (some, others) = city.consultations.split_at(WRITERS / 2);
    let answering =
        [("consultant", 0, some), ("consultant2", WRITERS / 2, others)].map(|(login, first, these)| {
            tokio::spawn(people::answers(url.clone(), login, first, these.to_vec(), stop.clone(), own()))
        });
    let ids = city.posts.iter().map(|(id, _)| *id).collect();
    let sending = tokio::spawn(people::sends(url, ids, stop.clone(), own()));
    for _ in 0..rounds {
        storm.breaks_something(place, &mut fleet, line, random).await;
    }
    stop.cancel();
    let mut written = Vec::new();
    for writing in writing {
        written.push(writing.await.unwrap());
    }
    let mut answers = Vec::new();
    for answering in answering {
        answers.extend(answering.await.unwrap());
    }
    let sent = sending.await.unwrap();
    let joined = joining.await.unwrap();
    let told = Told {
        written: city.writers.iter().cloned().zip(written).collect(),
        answers,
        sent: city.posts.iter().map(|(_, title)| title.clone()).zip(sent).collect(),
        members: city.everybody,
        joined,
    };
    // What is still under way comes to an end by itself.
    let score = loop {
        fleet.complete().await;
        if matches!(place, Place::Disk(_)) {
            storm::quiet(line).await;
            fleet.ended().await;
        }
        let store = place.store().await;
        let centre = centre(store.clone());
        let is_over =
            async || centre.inbox_backlog().await.unwrap() + centre.outbox_backlog().await.unwrap() == 0;
        if matches!(place, Place::Database(_)) {
            let began = Instant::now();
            while !is_over().await {
                let left = check::left(&centre);
                assert!(
                    began.elapsed() < Duration::from_mins(2),
                    "not over after two minutes: {}",
                    left.await
                );
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            fleet.ended().await;
        }
        if is_over().await {
            break score(&centre, line, &told).await;
        }
        store.close().await.unwrap();
    };
    let done = |heard: &&Heard| **heard == Heard::Done;
    let answered: Vec<Heard> = told.answers.iter().flatten().map(|(_, heard)| *heard).collect();
    let answers = answered.iter().filter(done).count();
    let posts = told.sent.iter().map(|(_, heard)| heard).filter(done).count();
    println!(
        "{} texts, {} taken back; {} of {} answers and {} of {} posts acknowledged; {} joined; {} requests to LINE",
        told.written.iter().map(|(_, written)| written.said.len()).sum::<usize>(),
        told.written.iter().map(|(_, written)| written.unsent.len()).sum::<usize>(),
        answers,
        answered.len(),
        posts,
        told.sent.len(),
        told.joined.len(),
        line.requests().len(),
    );
    (score, (answers, posts))
}

async fn tortured(name: &str, bots: usize, place: impl AsyncFn() -> Option<Place>, otherwise: u64) {
    let seed = told("LUPINUS_TORTURE_SEED", 1);
    let rounds = usize::try_from(told("LUPINUS_TORTURE_ROUNDS", otherwise)).unwrap();
    println!("{name}: LUPINUS_TORTURE_SEED={seed} LUPINUS_TORTURE_ROUNDS={rounds}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut storm = Storm { began: Instant::now(), done: BTreeMap::new() };
    let mut all = Score::default();
    let mut done = 0;
    // Where nobody gets anything done, nothing is lost either.
    let mut acknowledged = (0, 0);
    while done < rounds {
        let Some(place) = place().await else { return };
        let now = EPISODE.min(rounds - done);
        let (score, (answers, posts)) = episode(&place, bots, now, &mut random, &mut storm).await;
        acknowledged = (acknowledged.0 + answers, acknowledged.1 + posts);
        all.lost.extend(score.lost);
        all.duplicated.extend(score.duplicated);
        all.reordered.extend(score.reordered);
        all.looked_at += score.looked_at;
        done += now;
    }
    let faults = storm.done.iter().map(|(fault, times)| format!("| {fault} | {times} |\n"));
    let table = format!(
        "\n| {name} | {done} rounds, {:.0} s |\n|---|---|\n{}| things looked at | {} |\n| lost / duplicated / reordered | {} / {} / \
         {} |\n",
        storm.began.elapsed().as_secs_f64(),
        faults.collect::<String>(),
        all.looked_at,
        all.lost.len(),
        all.duplicated.len(),
        all.reordered.len(),
    );
    // Past what keeps the words of tests that pass: this is what it is run for.
    std::io::stderr().write_all(table.as_bytes()).unwrap();
    assert!(acknowledged.0 > 0 && acknowledged.1 > 0, "no answer, or no post: {acknowledged:?}");
    assert!(
        all.lost.is_empty() && all.duplicated.is_empty() && all.reordered.is_empty(),
        "lost {:#?}, duplicated {:#?}, reordered {:#?}",
        all.lost,
        all.duplicated,
        all.reordered
    );
}

/// The two take turns: each wants the machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_bots_over_a_database_lose_say_twice_and_reorder_nothing_whatever_breaks() {
    let _turn = TURN.lock().await;
    let place = async || Some(Place::Database(Database::started().await?));
    tortured("three bots, PostgreSQL", 3, place, 14).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bot_over_its_disk_loses_says_twice_and_reorders_nothing_whatever_breaks() {
    let _turn = TURN.lock().await;
    tortured("one bot, its own disk", 1, async || Some(Place::Disk(Disk::new())), 10).await;
}
