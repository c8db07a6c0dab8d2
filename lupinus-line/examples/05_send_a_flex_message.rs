//! Sends a layout with buttons, rehearsed by LINE before anybody gets it.
//!
//! Run with: `LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 05_send_a_flex_message -- U…`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`.

use std::env;

use lupinus_line::client::{API_BASE, Push, SendKind};
use lupinus_line::message::flex::{Bubble, Button, FlexBox, FlexMessage, Separator, Spacing, Text};
use lupinus_line::message::{Action, InvalidMessage, Message};
use lupinus_line::{ApiError, ChannelToken, Client, RetryKey, UserId};

/// A mistake in a layout is found here, with its place, and not by LINE.
fn invitation() -> Result<Message, InvalidMessage> {
    let body = FlexBox::vertical()
        .spacing(Spacing::Md)
        .child(Text::new("多職種連携の研修会").bold().wrap())
        .child(Separator::new())
        .child(Text::new("12月4日（金）18:30から、市民センター2階").wrap());
    let footer = FlexBox::horizontal()
        .spacing(Spacing::Sm)
        .child(Button::primary(Action::postback("training=yes")?.label("参加する")))
        .child(Button::secondary(Action::postback("training=no")?.label("欠席する")));
    let bubble = Bubble::new().body(body).footer(footer);
    Ok(FlexMessage::new("研修会のご案内（12月4日 18:30）", bubble)?.into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = UserId::new(env::args().nth(1).ok_or("name a user id")?)?;
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    let base = env::var("LINE_API_BASE").unwrap_or_else(|_| API_BASE.to_owned());
    let client = Client::builder(token).api_base(base).build()?;

    // LINE's own opinion, without sending anything.
    let messages = invitation()?.into();
    match client.validate(SendKind::Push, &messages).await {
        Ok(_) => println!("LINE would take it"),
        Err(ApiError::Refused(refusal)) => {
            let places: Vec<_> = refusal.properties().collect();
            return Err(format!("LINE would refuse {places:?}").into());
        }
        Err(error) => return Err(error.into()),
    }

    let delivery = client.push(&Push::new(user, messages), RetryKey::random()).await?;
    println!("accepted (request {:?})", delivery.accepted_request_id());
    Ok(())
}
