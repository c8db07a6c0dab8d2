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
