//! What a year of a prefecture is to a store: bytes on disk, time to open, memory, and how long what bot and console ask all day takes.
//!
//! A year is made by `cargo run --release -p lupinus-console --example year -- FOLDER`. Then, each store in a program of its own,
//! written as in `LUPINUS_STORE`:
//!
//! ```text
//! cargo run --release -p reference-bot --example prefecture -- sled:FOLDER/store
//! cargo run --release -p reference-bot --example prefecture -- sled:FOLDER/store postgres://… sled:FOLDER/back
//! cargo run --release -p reference-bot --example prefecture -- postgres://…
//! ```
//!
//! Several stores move the year from one to the next by export and import, and compare every export with the first.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use comfy_table::{CellAlignment, Table};
use lupinus_core::{
    audience::{Audience, Expr},
    audit::{AuditEntry, Subject},
    clock::ManualClock,
    consultation::Consultation,
    ids::{ContactId, SeededIds},
    member::{Member, Profession},
    policy::Policy,
    post::{Post, PostQuery, Whose},
    screening::Screen,
    service::{By, Centre, ConsultationFilter},
    staff::Staff,
    store::{Entity, MAX_PAGE, Scan, Store, StoreExt as _},
};
use reference_bot::{settings::StoreUrl, stores, transfer};

/// How often each question is asked.
const TIMES: usize = 1_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let stores: Vec<String> = std::env::args().skip(1).collect();
    match &stores[..] {
        [] => anyhow::bail!("name a store, as in LUPINUS_STORE"),
        [store] => measured(&store.parse()?).await,
        [first, others @ ..] => moved(first, others).await,
    }
}

/// Memory that the program holds now, and the most it has held, in MB: from Linux, elsewhere unknown.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_000)
    };
    match (megabytes("VmRSS:"), megabytes("VmHWM:")) {
        (Some(now), Some(most)) => format!("{now} MB, at most {most} MB"),
        _ => "unknown".to_owned(),
    }
}

async fn measured(url: &StoreUrl) -> anyhow::Result<()> {
    println!("memory before opening: {}", memory());
    let begun = Instant::now();
    let store = stores::open(url, None).await?;
    println!("opened in {:.2} s", begun.elapsed().as_secs_f64());
    let size = store.size().await?;
    println!("{} records, {} MB on disk", size.records, size.disk_bytes / 1_000_000);
    println!("memory once open: {}", memory());
    println!("{}", Desk::at(store.clone()).await?.asked().await?);
    println!("memory afterwards: {}", memory());
    Ok(store.close().await?)
}

/// A centre, with whom and what to ask for.
struct Desk {
    centre: Centre,
    staff: By,
    members: Vec<Member>,
    consultations: Vec<Consultation>,
    posts: Vec<Post>,
}

async fn every<T: Entity>(store: &dyn Store) -> anyhow::Result<Vec<T>> {
    let mut found = Vec::new();
    let mut scan = Scan::keys(T::KIND).limit(MAX_PAGE);
    loop {
        let page = store.page::<T>(&scan).await?;
        found.extend(page.items.into_iter().map(|read| read.value));
        let Some(next) = page.next else { break };
        scan.after = Some(next);
    }
    // A thousand, spread over the year.
    let step = found.len().div_ceil(TIMES).max(1);
    Ok(found.into_iter().step_by(step).collect())
}

impl Desk {
    async fn at(store: Arc<dyn Store>) -> anyhow::Result<Self> {
        let last = store.first::<AuditEntry>(&Scan::index(AuditEntry::KIND, "at").backwards()).await?;
        let clock = Arc::new(ManualClock::new(last.context("the store is empty")?.value.at));
        let staff = every::<Staff>(store.as_ref()).await?;
        let anybody = staff.iter().max_by_key(|staff| staff.roles.iter().count()).context("no staff")?;
        Ok(Self {
            staff: By::Staff(anybody.id),
            members: every(store.as_ref()).await?,
            consultations: every(store.as_ref()).await?,
            posts: every(store.as_ref()).await?,
            centre: Centre::new(
                store,
                clock,
                Arc::new(SeededIds::new(3)),
                Screen::default(),
                Policy::default(),
            ),
        })
    }

    async fn asked(&self) -> anyhow::Result<Table> {
        let Self { centre, staff, members, consultations, posts } = self;
        let mut table = Table::new();
        table.set_header(["asked", "median (ms)", "p99 (ms)", "slowest (ms)"]);
        for column in 1..=3 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        /// Asks this of each in turn, `TIMES` times.
        macro_rules! ask {
            ($name:literal, $of:expr, |$one:ident| $question:expr) => {
                let mut times = Vec::with_capacity(TIMES);
                for $one in $of.iter().cycle().take(TIMES) {
                    let begun = Instant::now();
                    std::hint::black_box($question.await?);
                    times.push(begun.elapsed());
                }
                table.add_row(row($name, times));
            };
        }
        let contacts: Vec<&ContactId> = members.iter().filter_map(|member| member.contact.as_ref()).collect();
        let nurses = Audience::Where(Expr::Profession(Profession("HomeVisitNurse".to_owned())));
        let sent = PostQuery {
            state: Some("sent".to_owned()),
            whose: Whose::Anybodys,
            category: None,
            month: None,
            words: None,
        };
        ask!("who wrote (a webhook)", contacts, |contact| centre.member_by_contact(contact));
        ask!("their unresolved consultation", members, |member| centre.unresolved_consultation_of(member.id));
        ask!("what is due (the dispatcher)", [()], |_once| centre.lease_due(50));
        ask!("when the next is due", [()], |_once| centre.next_due());
        ask!("everything that waits (やること)", [()], |_once| centre.queue(*staff));
        ask!("whether something changed there", [()], |_once| centre.queue_stamp());
        ask!("50 consultations that wait", [()], |_once| centre.consultations(
            *staff,
            ConsultationFilter::Waiting,
            None,
            50
        ));
        ask!("a consultation", consultations, |one| centre.consultation(*staff, one.id));
        ask!("a post", posts, |post| centre.post(post.id));
        ask!("its trail", posts, |post| centre.audit_of(&Subject::new(&Post::KIND, post.id)));
        ask!("50 posts that were sent", [()], |_once| centre.find_posts(*staff, &sent, None, 50));
        ask!("how many members there are", [()], |_once| centre.audience_size(&Audience::Members));
        ask!("how many of one profession", [()], |_once| centre.audience_size(&nurses));
        Ok(table)
    }
}

fn row(name: &str, mut times: Vec<Duration>) -> [String; 4] {
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        format!("{:.2}", times.get(place).copied().unwrap_or_default().as_secs_f64() * 1_000.0)
    };
    [name.to_owned(), at(50), at(99), at(100)]
}

/// The year from each store to the next; every export is to be the same bytes.
async fn moved(first: &str, others: &[String]) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = |number: usize| folder.path().join(format!("{number}.jsonl"));
    exported(&first.parse()?, &file(0)).await?;
    for (number, next) in (1..).zip(others) {
        let url: StoreUrl = next.parse()?;
        let store = stores::open(&url, None).await?;
        let begun = Instant::now();
        let records = transfer::import(store.as_ref(), &file(number - 1), |_, _| {}).await?;
        println!("into {url}: {records} records in {:.1} s", begun.elapsed().as_secs_f64());
        store.close().await?;
        exported(&url, &file(number)).await?;
        ensure!(same(&file(0), &file(number))?, "the export of {url} is not the first one");
        println!("equal byte for byte");
    }
    println!("memory: {}", memory());
    Ok(())
}

async fn exported(url: &StoreUrl, file: &Path) -> anyhow::Result<()> {
    let store = stores::open(url, None).await?;
    let begun = Instant::now();
    let records = transfer::export(store.as_ref(), file, |_, _| {}).await?;
    let (seconds, bytes) = (begun.elapsed().as_secs_f64(), fs::metadata(file)?.len());
    println!("out of {url}: {records} records, {} MB in {seconds:.1} s", bytes / 1_000_000);
    Ok(store.close().await?)
}

fn same(one: &Path, other: &Path) -> anyhow::Result<bool> {
    Ok(fs::read(one)? == fs::read(other)?)
}
