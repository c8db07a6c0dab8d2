use lupinus_line::client::{Recipients, ResumeKey, RichMenuBatch, RichMenuChange};
use lupinus_line::message::Action;
use lupinus_line::rich_menu::{Area, Bounds, RichMenu, RichMenuImage, Size};
use lupinus_line::{ApiError, Client, RequestId, RichMenuAliasId, RichMenuId};

use super::user;

fn menu() -> RichMenu {
    let bounds = Bounds { x: 0, y: 0, width: 2_500, height: 843 };
    let alias = RichMenuAliasId::new("tab-b").unwrap();
    let areas = [
        Action::message("a").unwrap(),
        Action::postback("d").unwrap().label("予約"),
        Action::uri("https://example.org/").unwrap(),
        Action::rich_menu_switch(alias, "to=b").unwrap(),
    ];
    let areas = areas.map(|action| Area { bounds, action });
    RichMenu::new(Size { width: 2_500, height: 843 }, "menu-a", "メニュー", areas).unwrap()
}

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let id = RichMenuId::new("richmenu-1").unwrap();
    let alias = RichMenuAliasId::new("tab-b").unwrap();
    let users = Recipients::new([user()]).unwrap();
    line.create_rich_menu(&menu()).await?;
    line.validate_rich_menu(&menu()).await?;
    let image = RichMenuImage::new(&b"\x89PNG\r\n\x1a\n"[..]).unwrap();
    line.set_rich_menu_image(&id, &image).await?;
    line.rich_menu_image(&id).await?.bytes(1_000).await?;
    line.rich_menu(&id).await?;
    line.rich_menus().await?;
    line.delete_rich_menu(&id).await?;
    line.set_default_rich_menu(&id).await?;
    line.default_rich_menu().await?;
    line.clear_default_rich_menu().await?;
    line.link_rich_menu(&user(), &id).await?;
    line.unlink_rich_menu(&user()).await?;
    line.rich_menu_of(&user()).await?;
    line.bulk_link_rich_menu(&users, &id).await?;
    line.bulk_unlink_rich_menu(&users).await?;
    line.create_rich_menu_alias(&alias, &id).await?;
    line.update_rich_menu_alias(&alias, &id).await?;
    line.rich_menu_alias(&alias).await?;
    line.delete_rich_menu_alias(&alias).await?;
    line.rich_menu_aliases().await?;
    let link = RichMenuChange::Link { from: id.clone(), to: RichMenuId::new("richmenu-2").unwrap() };
    let batch =
        RichMenuBatch::new([link, RichMenuChange::Unlink { from: RichMenuId::new("richmenu-3").unwrap() }]);
    let batch = batch.unwrap().resumable(ResumeKey::new("k-1").unwrap());
    line.change_rich_menus(&batch).await?;
    line.change_rich_menus(&RichMenuBatch::new([RichMenuChange::UnlinkAll]).unwrap()).await?;
    line.validate_rich_menu_batch(&batch).await?;
    line.rich_menu_batch_progress(&RequestId::new("r").unwrap()).await?;
    Ok(())
}
