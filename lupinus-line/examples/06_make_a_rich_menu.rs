//! Makes a rich menu with two buttons and gives it to everybody who has none of their own.
//!
//! Run with: `LINE_CHANNEL_ACCESS_TOKEN=… cargo run -p lupinus-line --example 06_make_a_rich_menu -- menu.png`
//! and, for an emulator instead of LINE, `LINE_API_BASE=http://127.0.0.1:9090`. The image is 2500 × 843 pixels, PNG or JPEG, at most
//! 1 MB.

use std::env;

use lupinus_line::message::Action;
use lupinus_line::rich_menu::{Area, Bounds, RichMenu, RichMenuImage, Size};
use lupinus_line::{ChannelToken, Client};

fn menu() -> Result<RichMenu, lupinus_line::message::InvalidMessage> {
    let half = |x, action| Area { bounds: Bounds { x, y: 0, width: 1_250, height: 843 }, action };
    let areas = [
        half(0, Action::message("相談したい")?.label("相談")),
        half(1_250, Action::uri("https://example.org/calendar")?.label("予定表")),
    ];
    RichMenu::new(Size { width: 2_500, height: 843 }, "members-1", "メニュー", areas)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let image = RichMenuImage::new(std::fs::read(env::args().nth(1).ok_or("name an image")?)?)?;
    let token = ChannelToken::from(env::var("LINE_CHANNEL_ACCESS_TOKEN")?);
    // Images go to another host of LINE's; an emulator has one for all.
    let builder = Client::builder(token);
    let client = match env::var("LINE_API_BASE") {
        Ok(base) => builder.all_bases(&base),
        Err(_) => builder,
    };
    let client = client.build()?;

    // Rehearsed first, since menus may be made and deleted a hundred times an hour only.
    let menu = menu()?;
    client.validate_rich_menu(&menu).await?;

    let id = client.create_rich_menu(&menu).await?.value;
    if let Err(error) = client.set_rich_menu_image(&id, &image).await {
        client.delete_rich_menu(&id).await?; // without an image it is of no use
        return Err(error.into());
    }
    client.set_default_rich_menu(&id).await?;
    println!("everybody's menu is now {}", id.as_str());

    // What an earlier run left under the same name.
    for old in client.rich_menus().await?.value {
        if old.name == menu.name() && old.rich_menu_id != id {
            client.delete_rich_menu(&old.rich_menu_id).await?;
            println!("deleted {}", old.rich_menu_id.as_str());
        }
    }
    Ok(())
}
