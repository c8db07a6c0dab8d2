//! A bot over a store that serves until it is killed: for the tests that kill it.
//!
//! Told by the environment: `LUPINUS_STORE` (a folder, or the address of a PostgreSQL database), `LINE_API_BASE`, `LINE_CHANNEL_SECRET`,
//! `LINE_CHANNEL_ACCESS_TOKEN`, `VICTIM_CONCURRENCY`; `VICTIM_CONSOLE`, if it is to have one, at `/console`; `VICTIM_CLOCK`, if its
//! clock is to go wrong: a file that says by how many milliseconds it is ahead. Says `ready URL` when it serves. For each line of its input
//! it does what can be done and what is due now and then, and says `swept N` when N of its tasks are alive and nothing is left. Ends,
//! drained, when its input ends.
#![forbid(unsafe_code)]

use std::{env, error::Error, fs, path::PathBuf, sync::Arc, thread, time::Duration};

use jiff::{SignedDuration, Timestamp};
use lupinus_bot::{Bot, RandomIds, Settings, SystemClock};
use lupinus_console::{Console, Environment};
use lupinus_core::{
    clock::Clock,
    screening::Screen,
    service::{Centre, ServiceError},
    store::Store,
};
use lupinus_line::client::{Pacing, Retry};
use lupinus_line::{ChannelSecret, ChannelToken, Client};
use lupinus_store_postgres::PostgresStore;
use lupinus_store_sled::SledStore;
use lupinus_tests::{loopback, no_real_line, unhindered};
use tokio::{net::TcpListener, runtime::Handle};
use tokio_util::sync::CancellationToken;

/// A clock that is ahead by what a file says at the moment.
#[derive(Debug)]
struct Ahead(Option<PathBuf>);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        let by = self.0.as_ref().and_then(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
        SystemClock.now() + SignedDuration::from_millis(by.unwrap_or_default())
    }
}

async fn swept(bot: &Bot) -> Result<(), ServiceError> {
    bot.drain().await?;
    bot.sweep().await?;
    bot.drain().await.map(drop)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    no_real_line()?;
    let base = env::var("LINE_API_BASE")?;
    let place = env::var("LUPINUS_STORE")?;
    let store: Arc<dyn Store> = if place.starts_with("postgres:") {
        Arc::new(PostgresStore::connect(&place).await?)
    } else {
        Arc::new(SledStore::options().on_lost(|| std::process::exit(75)).open(place)?)
    };
    let clock = Arc::new(Ahead(env::var_os("VICTIM_CLOCK").map(PathBuf::from)));
    let ids = Arc::new(RandomIds::new());
    let centre = Centre::new(store.clone(), clock, ids, Screen::default(), unhindered());
    let client = Client::builder(ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?))
        .all_bases(loopback(&base)?)
        .timeout(Duration::from_secs(2))
        .retry(Retry::never())
        .pacing(Pacing::off())
        .build()?;
    let settings = Settings {
        rich_menus: false,
        poll: Duration::from_millis(50),
        concurrency: env::var("VICTIM_CONCURRENCY")?.parse()?,
        ..Settings::default()
    };
    let secret = ChannelSecret::from(env::var("LINE_CHANNEL_SECRET")?);
    let bot = Bot::builder(centre.clone(), client, vec![secret]).settings(settings).build().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready http://{}", listener.local_addr()?);

    let stop = CancellationToken::new();
    let (input_ended, stopped) = (stop.clone(), stop.clone().cancelled_owned());
    let (asked, runtime) = (bot.clone(), Handle::current());
    thread::spawn(move || {
        while std::io::stdin().read_line(&mut String::new()).is_ok_and(|read| read > 0) {
            match runtime.block_on(swept(&asked)) {
                Ok(()) => println!("swept {}", runtime.metrics().num_alive_tasks()),
                Err(error) => println!("not swept: {error}"),
            }
        }
        input_ended.cancel();
    });
    let mut app = bot.router();
    if env::var_os("VICTIM_CONSOLE").is_some() {
        let console = Console::builder(centre)
            .city("ルピナス市")
            .account("ルピナスセンター")
            .environment(Environment::Test)
            .channel(bot.channel())
            .https(false)
            .build();
        app = app.nest("/console", console.router());
    }
    let served =
        tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(stopped).await });
    bot.run(stop).await?;
    served.await??;
    store.close().await?;
    Ok(())
}
