//! Replies once to each message, however often LINE delivers it, and says what it does when an answer stays open.
//!
//! Run with: `LINE_CHANNEL_SECRET=… LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 03_reply_safely`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. It listens on 127.0.0.1:8080 (another address:
//! `LISTEN`), path /webhook.

use std::env;
use std::num::NonZeroUsize;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::post;
use lupinus_line::client::{API_BASE, Push, Reply};
use lupinus_line::webhook::{self, Deduplicator, Event, Mode, SIGNATURE_HEADER, Sighting};
use lupinus_line::{ApiError, ChannelSecret, ChannelToken, Client, Message, RetryKey};
use tokio::sync::mpsc;

struct Bot {
    secret: ChannelSecret,
    /// What was seen. A real bot keeps this where it survives a restart.
    seen: Deduplicator,
    work: mpsc::Sender<Event>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = ChannelSecret::from(env::var("LINE_CHANNEL_SECRET")?);
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let client = Client::builder(token).api_base(base).build()?;

    // The worker is apart from the web server, so that LINE never waits for it. The queue has a bound.
    let (work, mut queue) = mpsc::channel::<Event>(1_000);
    tokio::spawn(async move {
        while let Some(event) = queue.recv().await {
            answer(&client, &event).await;
        }
    });

    let seen = Deduplicator::in_memory(NonZeroUsize::new(100_000).ok_or("room for nothing")?);
    let bot = Arc::new(Bot { secret, seen, work });
    let app = Router::new().route("/webhook", post(receive)).with_state(bot);
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn receive(State(bot): State<Arc<Bot>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(SIGNATURE_HEADER).map(HeaderValue::as_bytes);
    let secrets = std::slice::from_ref(&bot.secret);
    let Ok(verified) = webhook::verify(secrets, signature, &body) else { return StatusCode::UNAUTHORIZED };
    let Ok(envelope) = verified.parse() else { return StatusCode::BAD_REQUEST };

    for event in envelope.events {
        let event = match event {
            Ok(event) => event,
            // LINE would send it again just as it is: it is looked at by a person.
            Err(malformed) => {
                eprintln!("not understood: {malformed}");
                continue;
            }
        };
        // A repeat is known by its id alone: LINE does not always say that it sent an event before.
        let id = event.webhook_event_id.clone();
        match bot.seen.sight(id.as_ref()).await {
            Ok(Sighting::Repeat) => continue,
            Ok(Sighting::First) => {}
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
        }
        if bot.work.try_send(event).is_err() {
            // LINE sends it again, if redelivery is on: then it must count as new.
            let _ = bot.seen.forget(id.as_ref()).await;
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

async fn answer(client: &Client, event: &Event) {
    let Some(text) = event.message().and_then(|message| message.text()) else { return };
    let (Some(token), Mode::Active) = (event.reply_token.clone(), &event.mode) else { return };
    if token.is_dummy() {
        return; // an old check of the console
    }
    let Ok(message) = Message::text(format!("「{text}」を受け付けました")) else { return };

    // A reply costs nothing, but works only once, and only for a minute.
    match client.reply(&Reply::new(token, message.clone().into())).await {
        Ok(_) => println!("replied"),
        // Too late: the token was worth nothing, so that nothing was sent. A push counts towards the month's messages, so
        // that this is a decision and no default.
        Err(ApiError::InvalidReplyToken(_)) => push_instead(client, event, message).await,
        // It may have arrived. Neither a second reply nor a push is safe: a person would read it twice.
        Err(error) if error.may_have_been_accepted() => eprintln!("perhaps replied: {error}"),
        Err(error) => eprintln!("not replied: {error}"),
    }
}

async fn push_instead(client: &Client, event: &Event, message: Message) {
    let Some(user) = event.user_id().cloned() else { return };
    match client.push(&Push::new(user, message.into()), RetryKey::random()).await {
        Ok(_) => println!("pushed instead"),
        Err(error) => eprintln!("not pushed either: {error}"),
    }
}
