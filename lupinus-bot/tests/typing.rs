//! All of it without a single tap: PC LINE shows neither answers to tap nor a menu (R44). And the rule, wherever somebody writes
//! (R5).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    consultation::{Consultation, Topic},
    member::Profession,
    post::{Category, Post},
    store::{Entity, Scan, StoreExt},
};
use support::Town;

#[tokio::test]
async fn a_member_joins_chooses_by_number_and_asks_by_typing_alone() {
    // R44
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.say(&user, "同意する").await;
    let asked = town.last(&user, 1);
    assert!(asked.contains("1 医療") && asked.contains("「スキップ」"), "{asked}");
    town.say(&user, "１").await;
    let which = town.last(&user, 1);
    assert!(which.contains("1 医師"), "{which}");
    town.say(&user, "1").await;
    town.say(&user, "スキップ").await;
    let areas = town.last(&user, 1);
    assert!(areas.contains("1 北部圏域"), "{areas}");
    town.say(&user, "1").await;
    let topics = town.last(&user, 1);
    assert!(topics.contains("1 研修・講演会") && topics.contains("「完了」"), "{topics}");
    town.say(&user, "1").await;
    town.say(&user, "完了").await;
    let member = town.member_of(&user).await;
    assert_eq!(member.profession, Some(Profession("Physician".to_owned())));
    assert_eq!(member.area.unwrap().0, "北部圏域");
    assert_eq!(member.topics.into_iter().collect::<Vec<_>>(), [Category::Training]);

    town.say(&user, "相談").await;
    let topics = town.last(&user, 1);
    assert!(topics.contains("2 入退院連携") && topics.contains("「ほかの話題」"), "{topics}");
    town.say(&user, "2").await;
    town.say(&user, "退院前カンファレンスの進め方を教えてください").await;
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 9).await.unwrap();
    assert_eq!(all[0].value.topic, Some(Topic::Discharge));
}

#[tokio::test]
async fn a_secretary_hands_in_a_notice_by_typing_alone() {
    // R44
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    let categories = town.last(&user, 1);
    let number = categories
        .split(" / ")
        .find_map(|entry| entry.trim().strip_suffix("制度・通知")?.trim().rsplit(char::is_whitespace).next())
        .unwrap_or_else(|| panic!("{categories}"))
        .to_owned();
    town.say(&user, &number).await;
    town.say(&user, "様式の変更について").await;
    town.say(&user, "連携シートの様式が新しくなりました。").await;
    for _ in 0..4 {
        town.say(&user, "スキップ").await;
    }
    town.say(&user, "提出する").await;
    let posts = town.store.all::<Post>(Scan::keys(Post::KIND), 9).await.unwrap();
    let states: Vec<_> = posts.iter().map(|post| post.value.state.name()).collect();
    assert_eq!(states, ["submitted"], "{}", town.last(&user, 3));
}

#[tokio::test]
async fn the_rule_stands_wherever_somebody_is_asked_to_write() {
    // R5
    let town = Town::new().await;
    let user = town.member("花").await;
    let mut bare = Vec::new();
    let screens = [
        ("menu/consult", None),
        ("consult/topics/1", None),
        ("consult/topic/discharge", None),
        ("profile/change/profession", None),
        ("profile/change/organisation", None),
        ("profile/change/organisation", Some("あ".repeat(300))),
    ];
    for (tap, then) in screens {
        town.tap(&user, tap).await;
        if let Some(words) = &then {
            town.say(&user, words).await;
        }
        let shown = town.last(&user, 2);
        if !shown.contains("書かないでください") {
            bare.push(format!("{tap} {}: {shown}", then.is_some()));
        }
        town.say(&user, "やめる").await;
    }
    for sent in [
        serde_json::json!({"type": "image", "content": "AAAA", "contentType": "image/png"}),
        serde_json::json!({"type": "location", "title": "x", "address": "y", "latitude": 1.0, "longitude": 2.0}),
    ] {
        town.line.send_message(&user, sent.clone()).await.unwrap();
        town.bot.drain().await.unwrap();
        if !town.last(&user, 1).contains("書かないでください") {
            bare.push(sent["type"].to_string());
        }
    }
    assert!(bare.is_empty(), "without the rule:\n{}", bare.join("\n"));
}
