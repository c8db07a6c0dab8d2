//! Calls LINE without a long-lived token: tokens of a quarter of an hour are issued by themselves, and again before they end.
//!
//! Run with: `LINE_CHANNEL_ID=… LINE_CHANNEL_SECRET=… cargo run -p lupinus-line --example 08_renew_tokens`
//! and, for another server instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. (The emulator of this workspace issues no tokens.)
//! With a key that is registered in LINE's console, no secret is needed: `LINE_CHANNEL_ID=… LINE_KEY_ID=… LINE_KEY_FILE=key.pem`.

use std::env;
use std::error::Error;

use lupinus_line::client::API_BASE;
use lupinus_line::token::{AssertionKey, ChannelCredentials, Credentials, RenewingToken, Signer};
use lupinus_line::{ApiError, ChannelId, ChannelSecret, Client};

/// By a key, if there is one; else by the secret.
fn credentials(channel: ChannelId) -> Result<Credentials, Box<dyn Error>> {
    if let (Ok(id), Ok(path)) = (env::var("LINE_KEY_ID"), env::var("LINE_KEY_FILE")) {
        let key = AssertionKey::from_pem(id, &std::fs::read_to_string(path)?)?;
        return Ok(Signer::new(channel, key).into());
    }
    let secret = ChannelSecret::from(env::var("LINE_CHANNEL_SECRET")?);
    Ok(ChannelCredentials::new(channel, secret).into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let channel = ChannelId::new(env::var("LINE_CHANNEL_ID")?)?;
    let base = env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());

    // One client asks for tokens, and has none itself; the other is given them.
    let issuing = Client::builder_without_token().api_base(base.as_str()).build()?;
    let tokens = RenewingToken::stateless(issuing, credentials(channel)?)
        .on_issue(|issued| println!("a token for {} seconds", issued.expires_in.as_secs()));
    let client = Client::builder(tokens).api_base(base.as_str()).build()?;

    match client.bot_info().await {
        Ok(info) => println!("{} ({})", info.value.display_name, info.value.basic_id),
        // The credentials are wrong, or LINE could not be reached: nothing was called.
        Err(ApiError::NoToken(error)) => return Err(error.into()),
        Err(error) => return Err(error.into()),
    }
    // The same token: it is good for all calls of all clones.
    println!("{} messages this month", client.quota_consumption().await?.value);
    Ok(())
}
