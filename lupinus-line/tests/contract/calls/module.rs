use lupinus_line::client::{Attachment, ChatId, ControlFor, MissionSticker, ModuleCredentials};
use lupinus_line::{ApiError, ChannelSecret, Client};

use super::user;

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let secret = ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    let attachment = Attachment::new("code", "https://example.org/back");
    line.attach_module(&attachment, ModuleCredentials::Basic("2009990002", &secret)).await?;
    let attachment = attachment
        .code_verifier("lupinus-offline-verifier-0123456789abcdefghi")
        .region("JP")
        .basic_search_id("@lupinus")
        .scope("message:send")
        .brand_type("premium");
    line.attach_module(&attachment, ModuleCredentials::Form("2009990002", &secret)).await?;
    line.detach_module(&user()).await?;
    let chat = ChatId::User(user());
    for how_long in [ControlFor::AnHour, ControlFor::Seconds(60), ControlFor::Good] {
        line.acquire_chat(&chat, how_long).await?;
    }
    line.release_chat(&chat).await?;
    let page = line.module_bots(100, None).await?.value;
    line.module_bots(1, page.next.as_ref()).await?;
    line.give_mission_sticker(&MissionSticker::new(user(), "11537")).await?;
    Ok(())
}
