//! Posts that somebody looks for, through the services.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use city::City;
use lupinus_core::{
    post::{PostQuery, Whose},
    search::Words,
    service::{By, ServiceError},
};

/// Every title that is found, page after page of so many.
async fn titles(city: &City, query: &PostQuery, limit: usize) -> Vec<String> {
    let (mut titles, mut after) = (Vec::new(), None);
    loop {
        let found = city.centre.find_posts(By::Staff(city.checker), query, after, limit).await.unwrap();
        assert!(found.items.len() <= limit);
        titles.extend(found.items.iter().map(|post| post.value.title().to_owned()));
        match found.next {
            Some(next) => after = Some(next),
            None => return titles,
        }
    }
}

#[tokio::test]
async fn every_post_that_fits_is_found_once_page_after_page() {
    let city = City::new().await;
    let mut expected = Vec::new();
    for number in 0..230 {
        let kind = if number % 3 == 0 { "嚥下" } else { "看取り" };
        let title = format!("{kind}の研修 第{number}回");
        city.submit(&title).await.unwrap();
        city.clock.advance(std::time::Duration::from_secs(1));
        if number % 3 == 0 {
            expected.insert(0, title);
        }
    }
    let body = city.centre.bodies().await.unwrap()[0].id;
    let words = Words::new("えんげ 嚥下");
    assert!(titles(&city, &PostQuery { words, ..PostQuery::default() }, 30).await.is_empty());
    let words = Words::new("嚥下 ケンシュウ");
    assert!(
        titles(&city, &PostQuery { words, ..PostQuery::default() }, 30).await.is_empty(),
        "no reading is known"
    );
    let state = Some("submitted".to_owned());
    for (state, whose) in [
        (None, Whose::Anybodys),
        (state.clone(), Whose::Anybodys),
        (None, Whose::Bodys(body)),
        (state, Whose::Bodys(body)),
    ] {
        let query = PostQuery { words: Words::new("嚥下"), state, whose, ..PostQuery::default() };
        for limit in [7, 150, 1_000] {
            assert_eq!(titles(&city, &query, limit).await, expected, "{query:?} by {limit}");
        }
    }
}

/// R24
#[tokio::test]
async fn who_may_not_see_posts_finds_none() {
    let city = City::new().await;
    city.submit("研修").await.unwrap();
    let found = city.centre.find_posts(By::Staff(city.consultant), &PostQuery::default(), None, 30).await;
    assert!(matches!(found, Err(ServiceError::NotAllowed)), "{found:?}");
}
