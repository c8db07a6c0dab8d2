//! Consultations that somebody looks for.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod people;

use std::time::Duration;

use lupinus_core::{
    actor::Role,
    consultation::{Command, ConsultationQuery, Topic},
    ids::ConsultationId,
    search::Words,
    service::{By, ServiceError},
};
use people::Town;

async fn found(town: &Town, by: By, query: &ConsultationQuery, limit: usize) -> Vec<ConsultationId> {
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let page = town.centre.find_consultations(by, query, after, limit).await.unwrap();
        assert!(page.items.len() <= limit);
        ids.extend(page.items.into_iter().map(|stored| stored.value.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

#[tokio::test]
async fn a_consultation_is_found_by_masked_words_state_topic_and_whoever_has_it_on_any_page() {
    let town = Town::new();
    let admin = town.administrator().await;
    let kaori = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let by = By::Staff(kaori);
    let mut asked = Vec::new();
    for (number, text) in ["ｶﾃｰﾃﾙの在庫は", "吸引器の業者は", "カテーテルの交換は", "電話は090-1234-5678です"]
        .iter()
        .enumerate()
    {
        let member = town.member(&format!("U{number}")).await;
        asked.push(town.ask(member, text, &format!("m{number}")).await.unwrap().consultation);
        town.clock.advance(Duration::from_secs(1));
    }
    town.command(by, asked[1], Command::Classify { topic: Some(Topic::Oral) }).await.unwrap();
    town.command(by, asked[1], Command::Note { text: "かてーてるも要る".to_owned() }).await.unwrap();
    town.answer(kaori, asked[2], "月曜に入ります。").await;
    let words = |words: &str| ConsultationQuery { words: Words::new(words), ..Default::default() };
    let latest_first = |numbers: &[usize]| numbers.iter().map(|number| asked[*number]).collect::<Vec<_>>();
    for (name, query, expected) in [
        ("everything", ConsultationQuery::default(), latest_first(&[3, 2, 1, 0])),
        ("words in any width and kana", words("カテーテル"), latest_first(&[2, 1, 0])),
        ("all words", words("かてーてる 交換"), latest_first(&[2])),
        ("what was answered", words("月曜"), latest_first(&[2])),
        ("what was masked away", words("090-1234"), Vec::new()),
        (
            "a state",
            ConsultationQuery { state: Some("open".to_owned()), ..Default::default() },
            latest_first(&[3, 1, 0]),
        ),
        (
            "a topic",
            ConsultationQuery { topic: Some(Some(Topic::Oral)), ..Default::default() },
            latest_first(&[1]),
        ),
        (
            "no topic and a person",
            ConsultationQuery { topic: Some(None), handler: Some(Some(kaori)), ..Default::default() },
            latest_first(&[2]),
        ),
        ("nobody", ConsultationQuery { handler: Some(None), ..Default::default() }, latest_first(&[3, 1, 0])),
    ] {
        for limit in [1, 2, 50] {
            assert_eq!(found(&town, by, &query, limit).await, expected, "{name}, {limit} a page");
        }
    }
}

// R24
#[tokio::test]
async fn nobody_looks_for_consultations_who_may_not_read_them() {
    let town = Town::new();
    let admin = town.administrator().await;
    let checker = town.staff(admin, "check", &[Role::Checker]).await;
    let query = ConsultationQuery::default();
    let refused = town.centre.find_consultations(By::Staff(checker), &query, None, 10).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
}
