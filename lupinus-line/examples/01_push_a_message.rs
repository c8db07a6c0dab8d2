//! Sends one message to one person.
//!
//! Run with: `LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 01_push_a_message -- U… こんにちは`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`.

use lupinus_line::client::{API_BASE, Push};
use lupinus_line::{ChannelToken, Client, Message, RetryKey, UserId};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(user), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("name a user id and a text".into());
    };

    // The token is a secret: it comes from the environment and is never printed.
    let token = ChannelToken::from(std::env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = std::env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let client = Client::builder(token).api_base(base).build()?;

    // What is sent is a value, checked when it is made: it can be stored and sent again unchanged.
    let push = Push::new(UserId::new(user)?, Message::text(text)?.into());

    // The key makes it safe to repeat: whatever happens, the same key never sends twice within 24 hours.
    let key = RetryKey::random();
    for attempt in 1..=3 {
        match client.push(&push, key).await {
            Ok(delivery) => {
                println!("accepted (request {:?})", delivery.accepted_request_id());
                return Ok(());
            }
            Err(error) if error.is_transient() && attempt < 3 => {
                println!("{error}; once more");
                tokio::time::sleep(std::time::Duration::from_secs(attempt)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
