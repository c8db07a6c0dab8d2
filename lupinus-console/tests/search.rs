//! The list of posts: filters and words.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_core::{actor::Role, post::Category};

#[tokio::test]
async fn posts_are_found_by_words_whatever_their_width_and_kana() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.submitted(author, training("嚥下のケア研修")).await;
    city.submitted(author, training("看取りの勉強会")).await;
    let mut desk = city.desk("staff-a").await;
    for (words, found, other) in
        [("ｹｱ 嚥下", true, false), ("べんきょうかい", false, false), ("勉強会", false, true)]
    {
        let page = desk.post("/posts", &[("words", words)]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            (page.has("嚥下のケア研修</span>"), page.has("看取りの勉強会</span>")),
            (found, other),
            "{words}"
        );
    }
    let page = desk.post("/posts", &[("words", "<b>ない</b>")]).await;
    assert!(page.has("該当する投稿はありません") && !page.has("<b>"), "{}", page.text);
}

#[tokio::test]
async fn words_that_somebody_looks_for_stand_in_no_address() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    for number in 0..31 {
        city.submitted(author, training(&format!("嚥下の研修 {number}"))).await;
    }
    let mut desk = city.desk("staff-a").await;
    let page = desk.post("/posts", &[("words", "嚥下"), ("category", "training")]).await;
    for part in page.text.split("href=\"").skip(1) {
        let address = part.split('"').next().unwrap();
        assert!(
            !address.contains("words") && !address.contains("%E5%9A%A5") && !address.contains('嚥'),
            "{address}"
        );
    }
    let after = page.value_of("after");
    let next = desk.post("/posts", &[("words", "嚥下"), ("category", "training"), ("after", &after)]).await;
    assert_eq!(next.text.matches("嚥下の研修 ").count(), 1, "the thirty-first");
    // Without words the question has an address, and an address cannot ask for words.
    let page = desk.post("/posts", &[("words", " "), ("category", "training")]).await;
    assert_eq!(page.location(), "/console/posts?view=all&category=training");
    assert!(desk.get("/posts?view=all&words=%E3%81%AA%E3%81%97").await.has("嚥下の研修"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_what_is_none_names_nothing() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut notice = training("様式の変更");
    (notice.category, notice.event) = (Category::FormUpdate, None);
    city.submitted(author, notice).await;
    city.submitted(author, training("嚥下の研修")).await;
    let mut desk = city.desk("staff-a").await;
    for (query, form, event) in [
        ("category=form_update", true, false),
        ("body=centre", true, true),
        ("month=2026-10", true, true),
        ("month=2026-09", false, false),
        ("view=sent&body=centre", false, false),
        ("view=submitted&category=training", false, true),
    ] {
        let page = desk.get(&format!("/posts?{query}")).await;
        assert_eq!((page.has("様式の変更"), page.has("嚥下の研修")), (form, event), "{query}");
    }
    for query in ["view=none", "category=none", "month=2026-13", "body=none"] {
        assert_eq!(desk.get(&format!("/posts?{query}")).await.status, StatusCode::NOT_FOUND, "{query}");
    }
}
