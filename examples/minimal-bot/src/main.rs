//! The smallest useful bot: a centre that welcomes members, takes their consultations and keeps them safe.
//!
//! Run with
//! `LINE_CHANNEL_SECRET=… LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p minimal-bot`,
//! and tell LINE (or the emulator) to send its webhooks to `https://…/webhook`. Nothing but the two secrets is needed;
//! `LISTEN`, `DATA` and, for the emulator, `LINE_API_BASE` can be set as well.

use std::{env, error::Error, path::PathBuf, sync::Arc};

use lupinus_bot::{Blobs, Bot, Settings, system_centre};
use lupinus_core::policy::Policy;
use lupinus_line::client::Retry;
use lupinus_line::{ChannelSecret, ChannelToken, Client};
use lupinus_store_sled::SledStore;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();

    // 1. The store: everything that is kept, in one folder of our own.
    let data = PathBuf::from(env::var("DATA").unwrap_or_else(|_| "minimal-data".to_owned()));
    let store = SledStore::open(data.join("store"))?;

    // 2. The centre: the workflows, under the rules that are shipped. A city changes the policy: its hours, its
    //    approval route, its ceilings.
    let centre = system_centre(Arc::new(store), Policy::default());

    // 3. LINE: one channel, with the two secrets from its console. What is repeated, and when, is the bot's decision: it
    //    keeps the keys that make repeating safe.
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let mut line = Client::builder(token).retry(Retry::never());
    if let Ok(base) = env::var("LINE_API_BASE") {
        line = line.all_bases(&base);
    }
    let secret = ChannelSecret::from(env::var("LINE_CHANNEL_SECRET")?);

    // 4. The bot joins the two. What members read, whom they can be and where they work are settings as well.
    let bot = Bot::builder(centre, line.build()?, vec![secret])
        .settings(Settings { centre_name: "ルピナスセンター".to_owned(), ..Settings::default() })
        .blobs(Arc::new(Blobs::in_folder(data.join("files"))?))
        .build()
        .await?;

    // 5. Serve the webhook and run the loops, until Ctrl-C; then finish what is under way.
    let stop = CancellationToken::new();
    let on_ctrl_c = stop.clone();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        on_ctrl_c.cancel();
    });
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    println!("listening on http://{listen}/webhook");
    let server = axum::serve(listener, bot.router()).with_graceful_shutdown(stop.clone().cancelled_owned());
    let (served, ran) = tokio::join!(server, bot.run(stop));
    served?;
    ran?;
    Ok(())
}
