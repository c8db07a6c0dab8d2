//! How much the emulator bears: pushes a second, and multicasts to a whole city.
//!
//! Run with `cargo run --release -p lupinus-emulator --example load`.

use std::{error::Error, sync::Arc, time::Instant};

use lupinus_emulator::{Emulator, Settings};
use serde_json::json;

const PUSHES: usize = 10_000;
const CALLERS: usize = 8;
const MEMBERS: usize = 353;
const POSTS: usize = 41;
const CHUNK: usize = 500;
const RECIPIENTS: usize = 1_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings { rate_limits: false, ..Settings::default() };
    let line = Arc::new(Emulator::builder().settings(settings).start().await?);
    let http = reqwest::Client::builder().no_proxy().build()?;
    let url = line.url().to_owned();
    let token = line.channel_access_token().to_owned();
    let mut people = Vec::new();
    for number in 0..CHUNK {
        let id = line.create_user(&format!("会員{number}"));
        line.follow(&id).await?;
        people.push(id);
    }

    let started = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for person in people.iter().take(CALLERS) {
        let (http, url, token) = (http.clone(), format!("{url}/v2/bot/message/push"), token.clone());
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
    let seconds = started.elapsed().as_secs_f64();
    println!("{PUSHES} pushes by {CALLERS} callers: {seconds:.2} s");

    let multicast = async |to: &[String]| {
        let body = json!({"to": to, "messages": [{"type": "text", "text": "お知らせです"}]});
        let url = format!("{url}/v2/bot/message/multicast");
        http.post(url).bearer_auth(&token).json(&body).send().await?.error_for_status()?.bytes().await
    };
    let started = Instant::now();
    for _ in 0..POSTS {
        multicast(people.get(..MEMBERS).unwrap_or_default()).await?;
    }
    println!("{POSTS} multicasts to {MEMBERS}: {:.2} s", started.elapsed().as_secs_f64());

    let started = Instant::now();
    for _ in 0..RECIPIENTS / CHUNK {
        multicast(&people).await?;
    }
    println!("{RECIPIENTS} recipients in multicasts of {CHUNK}: {:.2} s", started.elapsed().as_secs_f64());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("memory: {peak}");
    }
    Ok(())
}
