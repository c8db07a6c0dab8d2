//! What members read is what the settings say at that moment.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    service::By,
    settings::{CityTexts, Command, Part, Value},
};
use support::Town;

async fn change(town: &Town, command: Command) {
    town.centre.change_setting(By::Staff(town.administrator), Part::Texts, &command).await.unwrap();
}

async fn set(town: &Town, texts: &[(&str, &str)], seen: u32) {
    let texts = texts.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect();
    let value = Box::new(Value::Texts(Box::new(CityTexts(texts))));
    change(town, Command::Change { value, seen }).await;
}

// R31, R43
#[tokio::test]
async fn a_text_that_the_city_changes_is_said_from_the_next_answer_on_by_every_bot() {
    let town = Town::new().await;
    let user = town.member("花").await;
    let other = town.another_bot(town.centre.store().clone()).await;
    town.say(&user, "使い方").await;
    assert!(town.last(&user, 1).contains("【使い方】(試験センター)"));

    let changed =
        [("help", "[案内] { $centre }\n\n.相談はいつでも。"), ("button-consult", "話を聞いてもらう")];
    set(&town, &changed, 0).await;
    town.say(&user, "使い方").await;
    assert_eq!(town.last(&user, 1).lines().next(), Some("[案内] 試験センター"), "{}", town.last(&user, 1));
    assert!(town.last(&user, 1).contains("\n\n.相談はいつでも。"));
    assert!(town.offered(&user).contains(&"話を聞いてもらう".to_owned()));
    // Whatever else is changed, and what nobody changed, stays.
    town.say(&user, "ルール").await;
    assert!(town.last(&user, 1).contains("【利用ルール】"));

    // Another program reads the settings within a minute.
    let say = |bot: &lupinus_bot::Bot| bot.texts().get("button-consult");
    assert_eq!(say(&other), "相談する");
    other.centre().reload_settings().await.unwrap();
    assert_eq!(say(&other), "話を聞いてもらう");

    change(&town, Command::ToFile { seen: 1 }).await;
    town.say(&user, "使い方").await;
    assert!(town.last(&user, 1).contains("【使い方】(試験センター)"));
    change(&town, Command::Revert { to: 1, seen: 2 }).await;
    town.say(&user, "使い方").await;
    assert!(town.last(&user, 1).starts_with("[案内] 試験センター"));
}

#[tokio::test]
async fn a_text_that_cannot_be_said_any_more_is_said_as_it_is_shipped() {
    let town = Town::new().await;
    let user = town.member("花").await;
    for (place, words) in ["{ $nobody }", "{ $centre", "センターです"].iter().enumerate() {
        set(&town, &[("help", words), ("no-such-key", "どこにもない")], u32::try_from(place).unwrap()).await;
        town.say(&user, "使い方").await;
        assert!(town.last(&user, 1).contains("【使い方】(試験センター)"), "{words}");
    }
}
