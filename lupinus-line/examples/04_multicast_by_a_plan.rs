//! Sends one text to any number of people, and goes on where it was after being killed: nobody gets it twice.
//!
//! Run with: `LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 04_multicast_by_a_plan -- plan.json users.txt お知らせ`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. `users.txt` holds a user id in each line. Run it
//! again, as often as you like: the plan in `plan.json` is carried on with, for a day. Then LINE forgets what it has accepted,
//! and what is left goes by a new plan, which the example makes only when told so with `--rest`.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use futures::StreamExt as _;
use jiff::Timestamp;
use lupinus_line::client::{API_BASE, ChunkIndex, MulticastPlan};
use lupinus_line::{ChannelToken, Client, Message, UserId};
use serde::{Deserialize, Serialize};

/// All that a restart needs.
#[derive(Serialize, Deserialize)]
struct Kept {
    plan: MulticastPlan,
    done: BTreeSet<ChunkIndex>,
}

impl Kept {
    /// Written beside and then moved, so that no crash leaves half of it.
    fn keep(&self, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let beside = path.with_extension("new");
        fs::write(&beside, serde_json::to_vec(self)?)?;
        fs::rename(beside, path)?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (flags, arguments): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument == "--rest");
    let mut arguments = arguments.into_iter();
    let (Some(path), Some(users), Some(text)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("name a file for the plan, a file of user ids, and a text".into());
    };
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let client = Client::builder(token).api_base(base).build()?;

    // The plan is made once and kept before anything is sent. Its retry keys follow from it.
    let path = Path::new(&path);
    let mut kept: Kept = if path.exists() {
        serde_json::from_slice(&fs::read(path)?)?
    } else {
        let users = fs::read_to_string(users)?;
        let users = users.lines().map(str::trim).filter(|line| !line.is_empty());
        let users: Vec<_> = users.map(UserId::new).collect::<Result<_, _>>()?;
        let kept =
            Kept { plan: MulticastPlan::new(users, Message::text(text)?.into())?, done: BTreeSet::new() };
        kept.keep(path)?;
        kept
    };

    if kept.plan.keys_expire_at() <= Timestamp::now()
        && let Some(plan) = kept.plan.rest(&kept.done)
    {
        if flags.is_empty() {
            return Err(
                "the plan is older than a day: with --rest, all who are not noted as done are sent to anew"
                    .into(),
            );
        }
        kept = Kept { plan, done: BTreeSet::new() };
        kept.keep(path)?;
    }

    // Each chunk that LINE accepted is noted. One that was accepted and could not be noted is answered with "already
    // accepted" in the next run, which is as good.
    let mut reports = client.multicast_all(&kept.plan).without(kept.done.clone()).stream();
    let mut failed = 0;
    while let Some(report) = reports.next().await {
        match report.result {
            Ok(_) => {
                kept.done.insert(report.chunk);
                kept.keep(path)?;
            }
            Err(error) => {
                failed += 1;
                eprintln!("chunk {}: {error}", report.chunk);
            }
        }
        println!("{} of {} people", report.progress.recipients_done, report.progress.recipients);
    }
    if failed > 0 {
        return Err("not complete: run it again".into());
    }
    println!("complete: {} chunks", kept.done.len());
    Ok(())
}
