//! The texts that members read: changed at the console, said by the bot.

use lupinus_tests::{City, Desk, Kept};

/// What stands behind each of these in a page, up to the quote.
fn behind<'a>(page: &'a str, mark: &str) -> Vec<&'a str> {
    page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

async fn a_greeting_is_changed_and_said(kept: Kept) {
    let city = City::start(kept).await;
    let desk = Desk::sign_in(&city, "admin").await;
    let nurse = city.member("看護師").await;
    let before = city.had(&nurse).len();
    city.talk(&nurse, "使い方").await;
    assert!(city.said_since(&nurse, before).contains("・相談 … センターに相談する"));

    let words = "ご案内({センター名})\n・相談 … 何でもどうぞ";
    let typed = [("seen", "0"), ("text", "help"), ("words", words)];
    let page = desk.post("/settings/texts/preview", &typed).await;
    let shown = page.html.split("class=\"bubble\"><p>").nth(1).unwrap().split("</p>").next().unwrap();
    let saved = desk.post("/settings/texts/change", &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
    let before = city.had(&nurse).len();
    city.talk(&nurse, "使い方").await;
    let said = city.said_since(&nurse, before);
    let (first, second) = shown.split_once('\n').unwrap();
    assert!(said.contains(second), "{said}");
    assert!(first.starts_with("ご案内(") && said.contains("ご案内("), "{said}");

    let back = desk.post("/settings/texts/file", &[("seen", "1")]).await;
    assert_eq!(back.status, 303, "{}", back.html);
    let before = city.had(&nurse).len();
    city.talk(&nurse, "使い方").await;
    assert!(city.said_since(&nurse, before).contains("・相談 … センターに相談する"));
}

// R31, R43
#[tokio::test]
async fn what_an_administrator_writes_is_what_members_read_next() {
    a_greeting_is_changed_and_said(Kept::OnDisk).await;
    a_greeting_is_changed_and_said(Kept::InDatabase).await;
}

#[tokio::test]
async fn every_text_that_the_console_offers_is_one_of_the_bot_s_with_names_for_what_is_put_in() {
    // R31
    let city = City::start(Kept::InMemory).await;
    let desk = Desk::sign_in(&city, "admin").await;
    let all = desk.get("/settings/texts").await;
    let keys = behind(&all.html, "/settings/texts?text=");
    assert!(keys.len() > 30, "{keys:?}");
    for key in keys {
        let page = desk.get(&format!("/settings/texts?text={key}")).await;
        assert_eq!(page.status, 200, "{key}");
        let shown = behind(&page.html, "name=\"text\" value=\"");
        assert_eq!(shown, [key], "the bot says no such text");
        let words = page.html.split("name=\"words\"").nth(1).unwrap().split_once('>').unwrap().1;
        let words = words.split("</textarea>").next().unwrap();
        assert!(!words.contains('$'), "{key} has a place without a name: {words}");
        // As it stands it is one that could be saved.
        let typed = [("seen", "0"), ("text", key), ("words", &format!("{words}。"))];
        let page = desk.post("/settings/texts/preview", &typed).await;
        let personal = page.shows("個人情報と思われる記載");
        assert!(page.status == 200 && !personal, "{key}: {}", page.html);
    }
    let launch = desk.get("/launch/texts").await;
    assert_eq!(launch.html.matches("<section class=\"card\">").count(), 7, "{}", launch.html);
}
