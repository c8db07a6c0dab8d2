//! Answers every text with the same text.
//!
//! Run with: `LINE_CHANNEL_SECRET=… LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 02_receive_a_webhook`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. It listens on 127.0.0.1:8080 (another address:
//! `LISTEN`), path /webhook.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::post;
use lupinus_line::client::{API_BASE, Reply};
use lupinus_line::webhook::{self, Event, Mode, SIGNATURE_HEADER};
use lupinus_line::{ChannelSecret, ChannelToken, Client, Message};

struct Echo {
    secret: ChannelSecret,
    client: Client,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = ChannelSecret::from(std::env::var("LINE_CHANNEL_SECRET")?);
    let token = ChannelToken::from(std::env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = std::env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let echo = Arc::new(Echo { secret, client: Client::builder(token).api_base(base).build()? });

    let app = Router::new().route("/webhook", post(receive)).with_state(echo);
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn receive(State(echo): State<Arc<Echo>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    // Without a good signature nothing of the body is looked at.
    let signature = headers.get(SIGNATURE_HEADER).map(HeaderValue::as_bytes);
    let secrets = std::slice::from_ref(&echo.secret);
    let Ok(verified) = webhook::verify(secrets, signature, &body) else { return StatusCode::UNAUTHORIZED };
    let Ok(envelope) = verified.parse() else { return StatusCode::BAD_REQUEST };

    // LINE waits two seconds: answer first, work afterwards. A real bot keeps the events durably before it answers.
    for event in envelope.events.into_iter().flatten() {
        let echo = Arc::clone(&echo);
        tokio::spawn(async move {
            if let Some(reply) = reply_to(&event)
                && let Err(error) = echo.client.reply(&reply).await
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
