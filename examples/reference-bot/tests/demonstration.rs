//! The demonstration, with a small city.

use reference_bot::{
    demo::{Scenario, play_once},
    settings::StoreUrl,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_small_city_plays_six_months_and_every_message_is_the_approved_one() {
    let scenario = Scenario::load().unwrap();
    let played = play_once(&StoreUrl::Memory, 7, 20).await.unwrap();
    let figures = &played.figures;
    assert_eq!(figures.members.registered, 20);
    assert_eq!((figures.members.blocked, figures.members.left, figures.members.undecided), (1, 1, 1));
    assert_eq!(figures.sent, 41);
    assert_eq!(scenario.sent(), 41);
    assert_eq!(scenario.members(), 353);
    assert_eq!(played.proof.posts, 41);
    assert!(
        figures.returned_and_sent >= 3 && figures.corrections == 1 && figures.narrower == 1,
        "{figures:?}"
    );
    assert!(figures.consultations.masked >= 1 && figures.consultations.at_night >= 3, "{figures:?}");
    assert_eq!(figures.months.values().map(|month| month.posts).sum::<usize>(), 41);
    let of_posts: u64 = figures.months.values().map(|month| month.of_posts).sum();
    assert_eq!(of_posts, played.proof.messages as u64);
    let tables = figures.tables();
    assert!(tables.contains("配信済") && tables.contains("30,000通"), "{tables}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_plays_the_same_months() {
    let first = play_once(&StoreUrl::Memory, 3, 15).await.unwrap();
    let second = play_once(&StoreUrl::Memory, 3, 15).await.unwrap();
    assert_eq!(first.figures, second.figures);
    assert_eq!(first.proof, second.proof);
}
