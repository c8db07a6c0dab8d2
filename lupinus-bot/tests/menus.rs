//! Rich menus by role.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::service::By;
use lupinus_emulator::Fault;
use support::Town;

fn created(town: &Town) -> usize {
    town.line.requests().iter().filter(|r| r.method == "POST" && r.path == "/v2/bot/richmenu").count()
}

#[tokio::test]
async fn menus_are_made_once_and_each_role_sees_its_own() {
    let town = Town::new().await;
    let (member, submitter) = (town.member("花").await, town.submitter("葵").await);
    town.bot.prepare_menus().await.unwrap();
    let (seen, own) = (town.line.rich_menu(&member).unwrap(), town.line.rich_menu(&submitter).unwrap());
    assert_ne!(seen, own);
    assert_eq!(created(&town), 2);
    town.bot.prepare_menus().await.unwrap();
    assert_eq!(created(&town), 2);

    let (by, id) = (By::Staff(town.administrator), town.member_of(&submitter).await.id);
    town.centre
        .transact(|mut work| async move {
            work.remove_submitter(by, id).await?;
            work.done(())
        })
        .await
        .unwrap();
    town.bot.prepare_menus().await.unwrap();
    assert_eq!(town.line.rich_menu(&submitter), Some(seen));
    assert!(!town.everything().await.contains("menu_link"));
}

#[tokio::test]
async fn a_menu_whose_picture_did_not_arrive_is_made_again() {
    let town = Town::new().await;
    town.line.fault(Fault::new("POST", "/v2/bot/richmenu/{id}/content").status(500));
    town.bot.prepare_menus().await.unwrap_err();
    let user = town.member("花").await;
    assert!(town.line.rich_menu(&user).is_none());
    town.bot.prepare_menus().await.unwrap();
    assert!(town.line.rich_menu(&user).is_some());
    let deleted = town.line.requests().iter().filter(|r| r.method == "DELETE").count();
    assert_eq!(deleted, 1);
}
