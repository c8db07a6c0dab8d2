//! A test of a post at the console: two clicks from its preview.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_core::actor::Role;

/// R26, R27: the page names city, account, environment, mark and cost, and says what is missing where nobody is linked.
#[tokio::test]
async fn a_test_is_two_clicks_away_and_says_whom_it_reaches() {
    let city = City::new().await;
    let author = city.staff("kakunin", "確認 一郎", &[Role::Checker]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let mut desk = city.desk("kakunin").await;
    let link = format!("/posts/{post}/test");
    assert!(desk.get(&format!("/posts/{post}")).await.has(&link));
    let page = desk.get(&link).await;
    assert!(page.has("LINEを結び付けた職員がいないため、送れません"), "{}", page.text);
    let refused = desk.post(&link, &[("revision", "1"), ("to", &author.to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("受け取る職員を選んでください"), "{}", refused.text);

    let consultant = city.staff("soudan", "相談 員子", &[Role::Consultant]).await;
    city.link(consultant, "Uconsultant").await;
    assert!(
        desk.get(&link).await.has("LINEを結び付けた職員がいないため"),
        "who reads no posts gets no test (R24)"
    );
    city.link(author, "Ustaff").await;
    let page = desk.get(&link).await;
    for words in ["ルピナス市", "ルピナスセンター", "試験", "【テスト】", "確認 一郎(自分)", "139通"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let token = page.csrf();
    let fields =
        [("csrf", token.as_str()), ("revision", &page.value_of("revision")), ("to", &author.to_string())];
    let done = desk.post_raw(&link, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("LINEを結び付けた職員") && page.has("テスト配信"), "{}", page.text);
}
