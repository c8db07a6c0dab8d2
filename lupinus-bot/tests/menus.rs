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

#[tokio::test]
async fn one_persons_trouble_keeps_nobody_elses_menu_back_and_no_address_of_one_who_left() {
    // R12
    let town = Town::new().await;
    let (first, leaver) = (town.submitter("葵").await, town.submitter("楓").await);
    town.bot.prepare_menus().await.unwrap();
    town.say(&leaver, "退会").await;
    town.say(&leaver, "すべて消して退会する").await;
    let third = town.submitter("蓮").await;
    let of = |user: &str| format!("/v2/bot/user/{user}/richmenu");
    town.line.fault(Fault::new("DELETE", of(&leaver)).status(404));
    town.line.fault(Fault::new("POST", format!("{}/{{id}}", of(&third))).status(400).times(9));
    let fourth = town.submitter("陽").await;
    town.bot.prepare_menus().await.unwrap_err();
    assert_eq!(town.line.rich_menu(&fourth), town.line.rich_menu(&first));
    assert_ne!(town.line.rich_menu(&third), town.line.rich_menu(&first));
    assert!(!town.everything().await.contains(&leaver), "the address of one who left is kept");
    town.line.clear_faults();
    town.bot.prepare_menus().await.unwrap();
    assert_eq!(town.line.rich_menu(&third), town.line.rich_menu(&first));
}
