//! How much the emulator bears on one core: pushes a second, a city's posts, and a million people.
//!
//! Run with `cargo run --release -p lupinus-emulator --example load`, and with `-- --data` to have the state kept in a folder.
//! The emulator has one thread to itself; callers have another. Memory is that of both.

use std::{error::Error, sync::Arc, time::Instant};

use lupinus_emulator::{Emulator, Settings};
use serde_json::json;
use tokio::runtime;

const PUSHES: usize = 20_000;
const CALLERS: usize = 8;
const MEMBERS: usize = 353;
const POSTS: usize = 41;
const CHUNK: usize = 500;
const PEOPLE: usize = 1_000_000;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args().any(|flag| flag == "--data").then(tempfile::tempdir).transpose()?;
    let emulators = runtime::Builder::new_current_thread().enable_all().build()?;
    let settings = Settings { rate_limits: false, ..Settings::default() };
    let mut builder = Emulator::builder().settings(settings);
    if let Some(folder) = &folder {
        builder = builder.data(folder.path());
    }
    let line = Arc::new(emulators.block_on(builder.start())?);
    let (done, until_done) = tokio::sync::oneshot::channel::<()>();
    let one_core = std::thread::spawn(move || emulators.block_on(until_done));
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure(&line))?;
    let started = Instant::now();
    drop(line);
    if folder.is_some() {
        println!("ended, the state saved, in {:.2} s", started.elapsed().as_secs_f64());
    }
    let _ = done.send(());
    let _ = one_core.join();
    Ok(())
}

async fn measure(line: &Emulator) -> Result<(), Failure> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let (url, token) = (line.url(), line.channel_access_token());
    let started = Instant::now();
    let mut people = Vec::with_capacity(PEOPLE);
    for number in 0..PEOPLE {
        let id = line.create_user(&format!("会員{number}"));
        line.follow(&id).await?;
        people.push(id);
    }
    println!("{PEOPLE} people: {}", since(started));
    println!("memory: {}", memory());

    let started = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for person in people.iter().take(CALLERS) {
        let (http, url, token) = (http.clone(), format!("{url}/v2/bot/message/push"), token.to_owned());
        let body = json!({"to": person, "messages": [{"type": "text", "text": "お知らせです"}]});
        callers.spawn(async move {
            for _ in 0..PUSHES / CALLERS {
                let answer = http.post(&url).bearer_auth(&token).json(&body).send().await?;
                answer.error_for_status()?.bytes().await?;
            }
            Ok::<(), reqwest::Error>(())
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    let each = started.elapsed().as_secs_f64();
    println!(
        "{PUSHES} pushes by {CALLERS} callers: {}, {:.0} a second",
        since(started),
        per_second(PUSHES, each)
    );

    let multicast = async |to: &[String]| {
        let body = json!({"to": to, "messages": [{"type": "text", "text": "お知らせです"}]});
        let url = format!("{url}/v2/bot/message/multicast");
        http.post(url).bearer_auth(token).json(&body).send().await?.error_for_status()?.bytes().await
    };
    let started = Instant::now();
    for _ in 0..POSTS {
        multicast(people.get(..MEMBERS).unwrap_or_default()).await?;
    }
    println!("{POSTS} multicasts to {MEMBERS}: {}", since(started));

    let started = Instant::now();
    for chunk in people.chunks(CHUNK) {
        multicast(chunk).await?;
    }
    println!("{PEOPLE} recipients in multicasts of {CHUNK}: {}", since(started));
    println!("memory: {}", memory());

    for (what, calls) in [
        ("the page's list of people", &["/_emulator/users?limit=300"][..]),
        ("a search among them by name", &["/_emulator/users?limit=300&name=777"]),
        ("the page, and what it fetches then", &PAGE),
    ] {
        let started = Instant::now();
        let (requests, bytes) = fetch(&http, url, calls).await?;
        println!("{what}, {requests} requests, {} KB: {}", bytes / 1000, since(started));
    }
    Ok(())
}

/// What the page at `/` asks for when it is opened.
const PAGE: [&str; 11] = [
    "/",
    "/_emulator/bot",
    "/_emulator/settings",
    "/_emulator/groups",
    "/_emulator/users?limit=300&name=&with=",
    "/_emulator/quota",
    "/_emulator/clock",
    "/_emulator/faults",
    "/_emulator/webhook-url",
    "/_emulator/requests?limit=100",
    "/_emulator/webhooks?limit=50",
];

/// Fetches paths, and whatever parts of the page these name; gives how many they were, and their bytes.
async fn fetch(http: &reqwest::Client, url: &str, paths: &[&str]) -> Result<(usize, usize), Failure> {
    let mut paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let (mut done, mut bytes) = (0, 0);
    while let Some(path) = paths.get(done).cloned() {
        let text = http.get(format!("{url}{path}")).send().await?.error_for_status()?.text().await?;
        done += 1;
        bytes += text.len();
        if path != "/" && !path.starts_with("/_page/") {
            continue;
        }
        for word in text.split('"').filter(|word| word.starts_with("/_page/") || word.starts_with("./")) {
            let part = word.replacen("./", "/_page/", 1);
            if !paths.contains(&part) {
                paths.push(part);
            }
        }
    }
    Ok((done, bytes))
}

fn since(started: Instant) -> String {
    format!("{:.2} s", started.elapsed().as_secs_f64())
}

#[allow(clippy::cast_precision_loss, reason = "a figure to read")]
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// What the process holds now, and held at most.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("unknown");
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    format!("{} now, {} at most", line("VmRSS"), line("VmHWM"))
}
