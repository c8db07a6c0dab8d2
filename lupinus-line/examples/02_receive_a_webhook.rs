//! Answers every text with the same text.
//!
//! Run with: `LINE_CHANNEL_SECRET=… LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 02_receive_a_webhook`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. It listens on 127.0.0.1:8080 (another address:
//! `LISTEN`), path /webhook.

use std::num::NonZeroUsize;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use lupinus_line::client::{API_BASE, Reply};
use lupinus_line::webhook::{Deduplicator, Envelope, Event, Mode, Sighting, WebhookConfig};
use lupinus_line::{ChannelSecret, ChannelToken, Client, Message};

const EVENTS_REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

#[derive(Clone)]
struct Echo {
    webhook: WebhookConfig,
    seen: Deduplicator,
    client: Client,
}

// Tells the extractor where in the state the secrets are.
impl FromRef<Echo> for WebhookConfig {
    fn from_ref(echo: &Echo) -> Self {
        echo.webhook.clone()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = ChannelSecret::from(std::env::var("LINE_CHANNEL_SECRET")?);
    let token = ChannelToken::from(std::env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = std::env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let echo = Echo {
        webhook: WebhookConfig::new([secret]),
        seen: Deduplicator::in_memory(EVENTS_REMEMBERED),
        client: Client::builder(token).api_base(base).build()?,
    };

    let app = Router::new().route("/webhook", post(receive)).with_state(echo);
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

// What is not signed with the secret gets 401 and never comes here.
async fn receive(State(echo): State<Echo>, envelope: Envelope) -> StatusCode {
    for event in envelope.events {
        let event = match event {
            Ok(event) => event,
            // The others are not lost with it. LINE would send it again just as it is: a person looks at it.
            Err(malformed) => {
                eprintln!("not understood: {malformed}");
                continue;
            }
        };
        // LINE may send an event twice. A real bot keeps each durably under its id before it answers, which also drops repeats.
        match echo.seen.sight(event.webhook_event_id.as_ref()).await {
            Ok(Sighting::First) => {}
            Ok(Sighting::Repeat) => continue,
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE, // LINE sends it again
        }
        // LINE waits two seconds: answer first, work afterwards.
        let client = echo.client.clone();
        tokio::spawn(async move {
            if let Some(reply) = reply_to(&event)
                && let Err(error) = client.reply(&reply).await
            {
                eprintln!("no reply: {error}");
            }
        });
    }
    StatusCode::OK
}

fn reply_to(event: &Event) -> Option<Reply> {
    if event.mode != Mode::Active {
        return None; // another module has the chat
    }
    let text = event.message()?.text()?;
    Some(Reply::new(event.reply_token.clone()?, Message::text(text).ok()?.into()))
}
