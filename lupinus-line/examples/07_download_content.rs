//! Saves what somebody sent: an image at once, a video when LINE has prepared it. Nothing is held in memory.
//!
//! Run with: `LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 07_download_content -- 5719… video.mp4`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. The number is the id of the message.

use std::env;
use std::time::Duration;

use futures::StreamExt as _;
use lupinus_line::client::{ContentOutcome, ContentStream, ContentWait};
use lupinus_line::{ApiError, ChannelToken, Client, MessageId};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

/// People can send files of any size: this is where it ends.
const MAX_BYTES: usize = 200 * 1024 * 1024;
/// And they come as slowly as the network likes.
const MAX_TIME: Duration = Duration::from_mins(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(message), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("name a message id and a file".into());
    };
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    // Content is on another host of LINE's; an emulator has one for all.
    let builder = Client::builder(token);
    let client = match env::var("LINE_API_BASE") {
        Ok(base) => builder.all_bases(&base),
        Err(_) => builder,
    };
    let client = client.build()?;

    let content = match client.content_when_ready(&MessageId::new(message)?, &ContentWait::default()).await {
        Ok(ContentOutcome::Ready(content)) => content,
        Ok(ContentOutcome::Failed) => return Err("LINE could not prepare it".into()),
        Ok(ContentOutcome::NotInTime) => return Err("not ready yet: try later".into()),
        Err(ApiError::Gone(_)) => return Err("the sender took it back".into()),
        Err(error) => return Err(error.into()),
    };

    println!("{}", content.content_type.as_deref().unwrap_or("of an unknown type"));
    // Under another name until it is whole.
    let unfinished = format!("{path}.part");
    let saved = timeout(MAX_TIME, save(content.stream, &unfinished)).await.unwrap_or(Err("too slow".into()));
    match saved {
        Ok(written) => {
            tokio::fs::rename(&unfinished, &path).await?;
            println!("{written} bytes");
            Ok(())
        }
        Err(error) => {
            tokio::fs::remove_file(&unfinished).await?;
            Err(error)
        }
    }
}

async fn save(mut stream: ContentStream, path: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut written = 0;
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        written += piece.len();
        if written > MAX_BYTES {
            return Err("too large".into());
        }
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    Ok(written)
}
