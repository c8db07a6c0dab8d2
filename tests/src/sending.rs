//! One post to many members at once, by bots in processes of their own.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use lupinus_core::{
    delivery::{Delivery, DeliveryState},
    post::Post,
    store::{Entity as _, Scan, Store, StoreExt as _},
};
use lupinus_emulator::{Author, Emulator, Fault};
use lupinus_store_postgres::PostgresStore;
use lupinus_store_sled::SledStore;

use crate::{MULTICAST, Team, Victim, centre, eventually, members, multicasts, scheduled};

/// Most people of one multicast.
const CHUNK: usize = 500;

/// What is sent, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The program that is the bot.
    pub program: &'a str,
    /// How many members there are.
    pub members: usize,
    /// How many bots there are.
    pub bots: usize,
    /// How many multicasts one bot makes at the same time.
    pub concurrency: usize,
    /// Whether one of the bots is killed in the middle, and started again.
    pub killed: bool,
    /// How long LINE takes for a multicast.
    pub delay: Duration,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// From the start of the bots until LINE had accepted everything.
    pub took: Duration,
    /// Of it, until LINE had accepted the first multicast: the recipients are fixed, and what is to be sent is in the outbox.
    pub fixed: Duration,
    /// How many multicasts LINE accepted.
    pub accepted: usize,
    /// How many it knew from before.
    pub known: usize,
    /// How many it had accepted when a bot was killed.
    pub accepted_before_kill: Option<usize>,
    /// The most memory that each bot held, in bytes.
    pub memory_bytes: Vec<u64>,
    /// How many members have the post how often.
    pub copies: BTreeMap<usize, usize>,
    /// What the store says that is not as it should be.
    pub faults: Vec<String>,
}

impl Sent {
    /// Whether every member has it once, and the store says so.
    pub fn is_exact(&self) -> bool {
        self.faults.is_empty() && self.copies.keys().all(|copies| *copies == 1)
    }
}

async fn opened(place: &OsStr) -> Arc<dyn Store> {
    match place.to_str() {
        Some(address) if address.starts_with("postgres:") => {
            Arc::new(PostgresStore::connect(address).await.unwrap())
        }
        _ => Arc::new(SledStore::open(place).unwrap()),
    }
}

impl Sending<'_> {
    /// Makes the members, schedules the post, and has the bots send it, over the store at `place`: a new folder, or the address of an
    /// empty database.
    ///
    /// # Panics
    /// When a bot does not start or does not end, or the post is not sent within ten minutes.
    pub async fn over(&self, place: impl AsRef<OsStr>) -> Sent {
        let place = place.as_ref();
        let line = Emulator::start().await.unwrap();
        let store = opened(place).await;
        let prepared = centre(store.clone());
        let people = members(&prepared, &line, self.members).await;
        let team = Team::hired(&prepared).await;
        scheduled(&prepared, &team, "研修のお知らせ").await;
        store.close().await.unwrap();
        if !self.delay.is_zero() {
            line.fault(Fault::new("POST", MULTICAST).delay(self.delay).times(1_000_000));
        }

        let mut sent = self.sent(place, &line).await;
        (sent.accepted, sent.known) = multicasts(&line);
        for (_, user) in &people {
            let messages = line.messages(user);
            let copies = messages.iter().filter(|entry| entry.from == Author::Bot).count();
            *sent.copies.entry(copies).or_default() += 1;
        }
        sent.faults = faults(place).await;
        sent
    }

    async fn sent(&self, place: &OsStr, line: &Emulator) -> Sent {
        let chunks = self.members.div_ceil(CHUNK);
        let accepts = async |what: &str, count: usize| {
            eventually(what, Duration::from_mins(10), async || (multicasts(line).0 >= count).then_some(()))
                .await;
        };
        let start = || Victim::started(self.program, place, line, self.concurrency);
        let began = Instant::now();
        let mut bots = join_all((0..self.bots).map(|_| start())).await;
        accepts("something is accepted", 1).await;
        let mut sent = Sent { fixed: began.elapsed(), ..Sent::default() };
        if self.killed {
            accepts("half is accepted", chunks / 2).await;
            let victim = bots.remove(0);
            sent.memory_bytes.push(victim.most_memory_bytes());
            victim.killed();
            sent.accepted_before_kill = Some(multicasts(line).0);
            bots.push(start().await);
        }
        accepts("all is accepted", chunks).await;
        sent.took = began.elapsed();
        sent.memory_bytes.extend(bots.iter().map(Victim::most_memory_bytes));
        join_all(bots.into_iter().map(Victim::ended)).await;
        sent
    }
}

/// What the store says that is not as it should be.
async fn faults(place: &OsStr) -> Vec<String> {
    let store = opened(place).await;
    let centre = centre(store.clone());
    let mut faults = Vec::new();
    let mut expect = |is_so: bool, otherwise: &str| {
        if !is_so {
            faults.push(otherwise.to_owned());
        }
    };
    expect(centre.outbox_backlog().await.unwrap() == 0, "something waits in the outbox");
    expect(centre.outbox_attention(10).await.unwrap().is_empty(), "something was held back");
    let posts = store.all::<Post>(Scan::keys(Post::KIND), 10).await.unwrap();
    expect(posts.iter().all(|post| post.value.state.name() == "sent"), "the post is not sent");
    let deliveries = store.all::<Delivery>(Scan::keys(Delivery::KIND), 10).await.unwrap();
    let is_complete = |delivery: &Delivery| delivery.state == DeliveryState::Complete;
    expect(
        deliveries.len() == 1 && is_complete(&deliveries[0].value),
        "there is not one delivery that is complete",
    );
    expect(centre.verify_audit(|_| {}).await.unwrap().faults.is_empty(), "the trail is broken");
    store.close().await.unwrap();
    faults
}
