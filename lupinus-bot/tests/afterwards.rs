//! What comes after a consultation's answer: thanks, the end, and whether it helped.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    consultation::{Command, Consultation, Rating, State},
    service::By,
    store::{Entity, Scan, StoreExt},
};
use support::Town;

async fn only(town: &Town) -> Consultation {
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 10).await.unwrap();
    assert_eq!(all.len(), 1, "one consultation and no more");
    all.into_iter().next().unwrap().value
}

async fn staff(town: &Town, command: Command) {
    let (by, id, command) = (By::Staff(town.consultant), only(town).await.id, &command);
    let handled = town.centre.transact(|mut work| async move {
        let handled = work.consultation_command(by, id, command.clone()).await?;
        work.done(handled)
    });
    handled.await.unwrap();
    town.bot.drain().await.unwrap();
}

/// Somebody whose question was answered.
async fn answered(town: &Town) -> String {
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    town.say(&user, "退院前カンファレンスの進め方を教えてください").await;
    staff(town, Command::Take).await;
    staff(town, Command::Answer { text: "様式をお送りします。".to_owned() }).await;
    user
}

#[tokio::test]
async fn thanks_for_an_answer_bring_nobody_back_to_the_desk() {
    let town = Town::new().await;
    let user = answered(&town).await;
    let told = town.told(&user).len();
    town.say(&user, "ありがとうございました😊").await;
    let kept = only(&town).await;
    assert!(matches!(kept.state, State::AwaitingMember { .. }), "{kept:?}");
    assert_eq!((kept.thread.len(), town.told(&user).len()), (3, told));
    town.say(&user, "ありがとうございます。もう1枚いただけますか").await;
    assert!(matches!(only(&town).await.state, State::Assigned { .. }));
}

#[tokio::test]
async fn whether_it_helped_is_asked_at_the_end_and_answered_with_one_tap_or_typed() {
    let town = Town::new().await;
    let user = answered(&town).await;
    staff(&town, Command::Resolve).await;
    let asked = town.last(&user, 1);
    assert!(asked.contains("お役に立ちましたか"), "{asked}");
    let id = only(&town).await.id;
    town.tap(&user, &format!("consult/rate/{id}/poor")).await;
    assert!(town.last(&user, 1).contains("参考にします"));
    assert_eq!(only(&town).await.rated.map(|rated| rated.rating), Some(Rating::Poor));
    // R44: typed as well; and nothing of it is a new question.
    town.say(&user, "役に立った").await;
    let kept = only(&town).await;
    assert_eq!(kept.rated.map(|rated| rated.rating), Some(Rating::Good));
    assert!(kept.is_resolved() && kept.thread.len() == 2);
}

#[tokio::test]
async fn the_rating_of_somebody_else_or_of_an_open_question_is_refused() {
    let town = Town::new().await;
    let user = answered(&town).await;
    let id = only(&town).await.id;
    town.tap(&user, &format!("consult/rate/{id}/good")).await;
    let other = town.member("海").await;
    staff(&town, Command::Resolve).await;
    town.tap(&other, &format!("consult/rate/{id}/poor")).await;
    assert!(town.last(&other, 1).contains("見つかりませんでした"));
    town.tap(&user, "consult/rate/nothing/good").await;
    town.tap(&user, &format!("consult/rate/{id}/stars")).await;
    assert_eq!(only(&town).await.rated, None);
}
