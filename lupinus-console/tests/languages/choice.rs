//! In which language somebody reads the console.

use axum::http::StatusCode;
use lupinus_core::actor::Role;

use super::kit::{Browser, City, PASSWORD};

const IN_ENGLISH: &str = "<html lang=\"en\">";
const IN_JAPANESE: &str = "<html lang=\"ja\">";

fn asking(city: &City, languages: &str) -> Browser {
    let mut browser = city.browser();
    browser.headers.push(("accept-language", languages.to_owned()));
    browser
}

// R43
#[tokio::test]
async fn whoever_chose_nothing_reads_what_their_browser_asks_for_and_japanese_in_doubt() {
    let city = City::new().await;
    for (asked, lang, words) in [
        ("ja,en;q=0.5", IN_JAPANESE, "ログイン名"),
        ("en-GB,en;q=0.9,ja;q=0.2", IN_ENGLISH, "Sign-in name"),
        ("fr", IN_JAPANESE, "ログイン名"),
    ] {
        let page = asking(&city, asked).get("/sign-in").await;
        assert!(page.has(lang) && page.has(words), "{asked}: {}", page.text);
    }
    let page = city.browser().get("/sign-in").await;
    assert!(page.has(IN_JAPANESE), "{}", page.text);
    // A problem is told in the same language as a page.
    let page = asking(&city, "en").post_raw("/bodies", &[]).await;
    assert!(page.has(IN_ENGLISH) && page.has("Please sign in again"), "{}", page.text);
}

// R43
#[tokio::test]
async fn a_choice_at_the_door_lasts_through_signing_in_and_beats_the_browser() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut browser = asking(&city, "ja");
    let page = browser.get("/sign-in?next=%2Fposts").await;
    let token = page.csrf();
    let fields = [("csrf", token.as_str()), ("language", "en"), ("next", "/posts")];
    let page = browser.post_raw("/sign-in/language", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/console/sign-in?next=%2Fposts");
    let page = browser.get("/sign-in?next=%2Fposts").await;
    assert!(page.has(IN_ENGLISH) && page.has(r#"name="next" value="/posts""#), "{}", page.text);
    browser.sign_in("staff-a", PASSWORD).await;
    let page = browser.get("").await;
    assert!(page.has(IN_ENGLISH) && page.has("What waits"), "{}", page.text);
}

// R43
#[tokio::test]
async fn a_choice_on_the_account_page_says_that_it_was_made_and_can_be_taken_back() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    for (tag, lang, done) in
        [("en", IN_ENGLISH, "The language was changed."), ("ja", IN_JAPANESE, "表示の言語を変えました。")]
    {
        let page = desk.post("/account/language", &[("language", tag)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let page = desk.get(page.location().trim_start_matches("/console")).await;
        assert!(page.has(lang) && page.has(done), "{}", page.text);
    }
    let page = desk.post("/account/language", &[("language", "tlh")]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

// R43, R50
#[tokio::test]
async fn what_is_a_record_is_in_japanese_for_everybody() {
    let city = City::new().await;
    let post = city.approved().await;
    city.staff("all", "何でも 係", &Role::ALL).await;
    let mut desk = city.desk("all").await;
    desk.post("/account/language", &[("language", "en")]).await;
    let page = desk.get(&format!("/posts/{post}/sheet")).await;
    assert!(page.has(IN_JAPANESE) && page.has("決裁票"), "{}", page.text);
    let page = desk.get("/figures").await;
    assert!(page.has(IN_ENGLISH) && page.has("lang=ja><h2>") || page.has("lang=ja>\n<h2>"), "{}", page.text);
    let csv = desk.get("/figures/csv").await;
    assert!(csv.text.contains("会員"), "{}", csv.text);
    // What was said to a colleague of somebody else's language stays what they wrote.
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has(IN_ENGLISH) && page.has("口腔ケア研修") && page.has("Approved"), "{}", page.text);
}
