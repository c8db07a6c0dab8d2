//! Who gets in, who may what, and which forms are believed.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::{StatusCode, header};
use kit::{City, PASSWORD, training};
use lupinus_core::{
    actor::Role,
    store::{Kind, Scan, Store},
};

// R22
#[tokio::test]
async fn an_account_signs_in_and_sees_what_is_to_be_done() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let page = desk.get("").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("やること") && page.has("確認 一郎") && page.has("ルピナス市") && page.has("試験"));
}

#[tokio::test]
async fn a_visitor_is_led_to_the_sign_in_page_and_back() {
    let city = City::new().await;
    let mut visitor = city.browser();
    let page = visitor.get("/posts?view=sent").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/console/sign-in?next=%2Fposts%3Fview%3Dsent");
    let token = visitor.get("/sign-in").await.csrf();
    let fields =
        [("csrf", token.as_str()), ("login", "ADMIN"), ("password", PASSWORD), ("next", "/posts?view=sent")];
    assert_eq!(visitor.post_raw("/sign-in", &fields).await.location(), "/console/posts?view=sent");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let city = City::new().await;
    let mut visitor = city.browser();
    let token = visitor.get("/sign-in").await.csrf();
    let fields =
        [("csrf", token.as_str()), ("login", "admin"), ("password", PASSWORD), ("next", "//evil.example")];
    assert_eq!(visitor.post_raw("/sign-in", &fields).await.location(), "/console");
}

// R22
#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_get_the_same_answer() {
    let city = City::new().await;
    let mut one = city.browser();
    let mut other = city.browser();
    let unknown = one.sign_in("nobody", PASSWORD).await;
    let wrong = other.sign_in("admin", "まちがったパスワード").await;
    assert_eq!((unknown.status, wrong.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let anonymous = |page: &kit::Page, login: &str| page.text.replace(&page.csrf(), "").replace(login, "");
    assert_eq!(anonymous(&unknown, "nobody"), anonymous(&wrong, "admin"));
}

// R22
#[tokio::test]
async fn five_wrong_passwords_lock_the_account_for_a_while() {
    let city = City::new().await;
    let mut guesser = city.browser();
    for _ in 0..5 {
        guesser.sign_in("admin", "まちがったパスワード").await;
    }
    let locked = guesser.sign_in("admin", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::UNAUTHORIZED);
    city.clock.advance(kit::MINUTE * 16);
    assert_eq!(guesser.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_session_cookie_is_for_the_browser_alone() {
    let city = City::new().await;
    let mut browser = city.browser();
    let page = browser.sign_in("admin", PASSWORD).await;
    let cookies: Vec<&str> =
        page.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("lupinus_console=")).unwrap();
    for word in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/console"] {
        assert!(session.contains(word), "{word} is missing in {session}");
    }
}

#[tokio::test]
async fn a_session_is_stored_under_a_hash_and_no_cookie_value_is_in_the_store() {
    let city = City::new().await;
    let desk = city.desk("admin").await;
    let value = &desk.cookies.iter().find(|(name, _)| name == "lupinus_console").unwrap().1;
    let page = city.store.scan(&Scan::keys(Kind::new("session"))).await.unwrap();
    assert_eq!(page.records.len(), 1);
    let record = serde_json::to_string(&page.records).unwrap();
    assert!(!record.contains(value.as_str()));
}

#[tokio::test]
async fn a_session_ends_when_its_owner_signs_out() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let mut stolen = desk.clone();
    assert_eq!(stolen.get("/staff").await.status, StatusCode::OK);
    assert_eq!(desk.post("/sign-out", &[]).await.location(), "/console/sign-in?done=signed-out");
    assert_eq!(stolen.get("/staff").await.status, StatusCode::SEE_OTHER);
}

// R22
#[tokio::test]
async fn a_session_ends_after_an_hour_without_a_click_and_lasts_with_clicks() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    for _ in 0..3 {
        city.clock.advance(kit::MINUTE * 50);
        assert_eq!(desk.get("/staff").await.status, StatusCode::OK);
    }
    city.clock.advance(kit::MINUTE * 61);
    assert_eq!(desk.get("/staff").await.status, StatusCode::SEE_OTHER);
}

// R22
#[tokio::test]
async fn a_page_that_reloads_itself_at_an_empty_desk_keeps_no_session_alive() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    for minute in 1..60 {
        city.clock.advance(kit::MINUTE);
        assert_eq!(desk.get("/staff?reload").await.status, StatusCode::OK, "minute {minute}");
    }
    city.clock.advance(kit::MINUTE);
    assert_eq!(desk.get("/staff?reload").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_lasts_half_a_day_at_most() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let mut open = 0;
    while desk.get("/staff").await.status == StatusCode::OK {
        city.clock.advance(kit::MINUTE * 30);
        open += 30;
        assert!(open < 2_000, "the session never ends");
    }
    assert_eq!(open, 12 * 60);
}

#[tokio::test]
async fn sessions_that_nobody_came_back_to_are_swept() {
    let city = City::new().await;
    city.desk("admin").await;
    assert_eq!(city.console.sweep_sessions().await.unwrap(), 0);
    city.clock.advance(kit::MINUTE * 61);
    assert_eq!(city.console.sweep_sessions().await.unwrap(), 1);
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let city = City::new().await;
    let mut here = city.desk("admin").await;
    let mut there = city.desk("admin").await;
    let new = "あたらしい長いパスワード";
    let fields = [("password", PASSWORD), ("new", new), ("again", new)];
    assert_eq!(here.post("/account/password", &fields).await.location(), "/console/account?done=password");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(city.browser().sign_in("admin", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(city.browser().sign_in("admin", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_account_that_is_closed_is_out_at_once() {
    let city = City::new().await;
    let id = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut theirs = city.desk("staff-a").await;
    let mut administrator = city.desk("admin").await;
    let page = administrator.post(&format!("/staff/{id}/deactivate"), &[]).await;
    assert_eq!(page.location(), format!("/console/staff/{id}?done=deactivate"));
    assert_eq!(theirs.get("").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_without_its_token_or_with_another_is_refused_and_its_words_are_kept() {
    let city = City::new().await;
    let approver = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let post = city.submitted(approver, training("口腔ケア研修")).await;
    let mut desk = city.desk("staff-b").await;
    let other = city.desk("admin").await.get("/account").await.csrf();
    for token in [None, Some(String::new()), Some("0".repeat(43)), Some(other)] {
        let mut fields = vec![("reason", "日程が変わったため")];
        if let Some(token) = &token {
            fields.push(("csrf", token));
        }
        let page = desk.post_raw(&format!("/posts/{post}/withdraw"), &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token:?}");
        assert!(page.has("画面の有効期限が切れました") && page.has("日程が変わったため"));
    }
    assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "submitted");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_even_with_the_right_token() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let token = desk.get("/account").await.csrf();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "https://console.test.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        desk.headers = vec![(name, value.to_owned())];
        let page = desk.post_raw("/bodies", &[("csrf", &token), ("name", "医師会")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    desk.headers =
        vec![("origin", "https://console.test".to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
    let page = desk.post_raw("/bodies", &[("csrf", &token), ("name", "医師会")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_typed_survives_the_end_of_the_session() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let token = desk.get("/account").await.csrf();
    city.clock.advance(kit::MINUTE * 120);
    let page = desk.post_raw("/bodies", &[("csrf", &token), ("name", "看護協会")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.has("看護協会") && page.has("ログインし直してください"));
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_a_japanese_page() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    for path in ["/nothing", "/posts/not-an-id", "/posts?after=???", "/posts/a/b/c/d", "/posts?view=x"] {
        let page = desk.get(path).await;
        assert!(
            page.status.is_client_error() && page.has("lang=\"ja\""),
            "{path}: {} {}",
            page.status,
            page.text
        );
    }
    assert_eq!(desk.get("/").await.location(), "/console");
    let page = desk.get("/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.has("ページが見つかりません"));
}
