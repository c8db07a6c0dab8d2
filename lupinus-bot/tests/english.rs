//! A city whose members read English.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_bot::{Language, Texts, render::Marks};
use lupinus_core::post::{Category, Content};
use support::Town;

#[tokio::test]
async fn the_whole_of_joining_and_asking_can_be_read_and_typed_in_english_with_a_citys_own_words() {
    // R43, R44
    let own = "greeting = Hello from { $centre }, the Lupin city desk.\n";
    let town = Town::speaking(Texts::overridden(Language::English, own).unwrap()).await;
    let user = town.friend("Hana").await;
    assert!(town.last(&user, 2).contains("the Lupin city desk"));
    assert_eq!(town.offered(&user), ["Agree and join", "Later"]);
    town.say(&user, "Agree and join").await;
    town.say(&user, "The rest later").await;
    town.say(&user, "ask").await;
    assert!(town.last(&user, 2).contains("no names, addresses or telephone numbers"));
    town.say(&user, "Who lends wheelchairs at weekends?").await;
    assert!(town.last(&user, 1).contains("We have your question"));
    town.say(&user, "Resolved").await;
    assert!(town.last(&user, 1).contains("closed"));
    town.say(&user, "My page").await;
    assert!(town.last(&user, 1).contains("What we hold about you"));

    let content = Content {
        category: Category::Training,
        title: "Wound care".to_owned(),
        body: "An evening.".to_owned(),
        event: None,
        attachments: Vec::new(),
        link: None,
        expires_at: None,
        sender: None,
    };
    let marks = Marks { correction: true, ..Marks::default() };
    let shown = town.bot.renderer().post_json(&content, marks).unwrap();
    assert!(shown["altText"].as_str().unwrap().starts_with("[CORRECTION] 【Training】Wound care"), "{shown}");
}

#[tokio::test]
async fn a_refusal_is_in_the_words_of_the_catalogue_too() {
    // R43
    let own = "code-unknown = No such code in Lupin city.\n";
    let town = Town::speaking(Texts::overridden(Language::English, own).unwrap()).await;
    let user = town.submitter("Aoi").await;
    town.say(&user, "invitation code 22222-33333").await;
    assert!(town.last(&user, 1).starts_with("No such code in Lupin city."), "{}", town.last(&user, 1));
    let mut said = vec![town.last(&user, 1)];
    let japanese = |text: &str| text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '一'..='鿿'));
    town.say(&user, "post").await;
    town.tap(&user, "draft/category/training").await;
    for answer in ["Wound care", "An evening."] {
        town.say(&user, answer).await;
    }
    for wrong in ["2026-10-05(土)", "soon", "2月30日", "2025-10-05", "10月15日 20:00〜18:00"] {
        town.say(&user, wrong).await;
        said.push(town.last(&user, 2).split("\n----\n").next().unwrap().to_owned());
    }
    town.say(&user, "2026-10-05 18:30").await;
    for _ in 0..5 {
        town.say(&user, "skip").await;
    }
    town.tap(&user, "draft/edit/body").await;
    town.clock.advance(std::time::Duration::from_hours(24 * 10));
    town.tap(&user, "draft/preview").await;
    said.push(town.last(&user, 1));
    town.tap(&user, "draft/submit").await;
    said.push(town.last(&user, 1));
    town.say(&user, "ask").await;
    town.say(&user, "Call 090-8765-4321 about a wheelchair").await;
    said.push(town.last(&user, 2));
    town.say(&user, &"long ".repeat(900)).await;
    said.push(town.last(&user, 1));
    for words in said {
        let plain = words.replace("10月5日", "").replace(['█', '・'], "");
        assert!(!japanese(&plain), "{words}");
    }
    town.bot.prepare_menus().await.unwrap();
    let menus = reqwest::Client::new()
        .get(format!("{}/v2/bot/richmenu/list", town.line.url()))
        .bearer_auth(town.line.channel_access_token())
        .send()
        .await
        .unwrap();
    let menus = menus.text().await.unwrap();
    assert!(menus.contains("Ask the centre") && !japanese(&menus), "{menus}");
}
