//! Codes of an authenticator beside the password.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City, PASSWORD, Page, authenticator::Authenticator};
use lupinus_core::{
    actor::{Role, Roles},
    policy::Policy,
    service::By,
};

/// Somebody who has set their second factor up, with their recovery codes.
async fn set_up(city: &City, desk: &mut Browser) -> (Authenticator, Vec<String>) {
    let page = desk.get("/account/second-factor").await;
    assert!(page.has("<svg"), "{}", page.text);
    let authenticator = Authenticator::scanning(&page);
    let fields = [
        ("csrf", page.csrf()),
        ("code", authenticator.code(&city.centre)),
        ("password", PASSWORD.to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = desk.post_raw("/account/second-factor", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let codes = page.text.split("<li class=\"mono\">").skip(1);
    let codes: Vec<String> = codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    (authenticator, codes)
}

async fn half_in(city: &City) -> Browser {
    let mut browser = city.browser();
    let page = browser.sign_in("admin", PASSWORD).await;
    assert_eq!(page.location(), "/console/sign-in/code?next=%2F");
    browser
}

async fn give(browser: &mut Browser, code: &str) -> Page {
    let token = browser.get("/sign-in/code").await.csrf();
    browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", code), ("next", "/audit")]).await
}

// R22
#[tokio::test]
async fn the_password_alone_opens_nothing_once_there_is_a_second_factor() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (authenticator, _) = set_up(&city, &mut desk).await;
    assert_eq!(desk.get("/staff").await.status, StatusCode::OK, "whoever sets it up stays signed in");
    let mut browser = half_in(&city).await;
    for path in ["", "/staff", "/account", "/account/second-factor"] {
        assert_eq!(browser.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    city.clock.advance(kit::MINUTE);
    let page = give(&mut browser, &authenticator.code(&city.centre)).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/console/audit"));
    let page = browser.get("/audit").await;
    assert!(page.has("二段階認証の設定") && page.has("ログイン"));
    assert!(browser.get("/account").await.has("未使用の回復コードは10個"));
}

// R22
#[tokio::test]
async fn a_code_serves_once_and_neither_an_old_one_nor_the_one_of_setting_up_serves_again() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (authenticator, _) = set_up(&city, &mut desk).await;
    let at_set_up = authenticator.code(&city.centre);
    assert_eq!(give(&mut half_in(&city).await, &at_set_up).await.status, StatusCode::UNAUTHORIZED);
    city.clock.advance(kit::MINUTE);
    let fresh = authenticator.code(&city.centre);
    assert_eq!(give(&mut half_in(&city).await, &fresh).await.status, StatusCode::SEE_OTHER);
    assert_eq!(give(&mut half_in(&city).await, &fresh).await.status, StatusCode::UNAUTHORIZED);
}

// R22
#[tokio::test]
async fn a_recovery_code_serves_once() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (_, codes) = set_up(&city, &mut desk).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    let mut browser = half_in(&city).await;
    assert_eq!(give(&mut browser, &typed).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/account").await.has("未使用の回復コードは9個"));
    assert_eq!(give(&mut half_in(&city).await, &codes[3]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(give(&mut half_in(&city).await, &codes[4]).await.status, StatusCode::SEE_OTHER);
}

// R22
#[tokio::test]
async fn wrong_codes_lock_the_account_though_the_password_is_right_each_time() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (authenticator, _) = set_up(&city, &mut desk).await;
    for _ in 0..5 {
        let page = give(&mut half_in(&city).await, "000000").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.has("コードが違います"));
    }
    let mut locked = city.browser();
    assert_eq!(locked.sign_in("admin", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    city.clock.advance(kit::MINUTE * 16);
    let page = give(&mut half_in(&city).await, &authenticator.code(&city.centre)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_was_half_in_when_the_account_was_locked_gets_no_further() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (authenticator, _) = set_up(&city, &mut desk).await;
    let mut waiting = half_in(&city).await;
    for _ in 0..5 {
        city.browser().sign_in("admin", "まちがったパスワード").await;
    }
    city.clock.advance(kit::MINUTE);
    let page = give(&mut waiting, &authenticator.code(&city.centre)).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn there_are_five_minutes_for_the_code() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (authenticator, _) = set_up(&city, &mut desk).await;
    let mut browser = half_in(&city).await;
    let token = browser.get("/sign-in/code").await.csrf();
    city.clock.advance(kit::MINUTE * 5);
    let code = authenticator.code(&city.centre);
    let page = browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.has("ログインし直してください"));
    assert_eq!(browser.get("/sign-in/code").await.location(), "/console/sign-in");
    assert_eq!(city.browser().get("/sign-in/code").await.location(), "/console/sign-in");
}

// R22
#[tokio::test]
async fn a_role_that_needs_it_reaches_nothing_before_it_is_set_up() {
    let second_factor: Roles = [Role::Administrator].into_iter().collect();
    let policy = Policy { second_factor, ..Policy::default() };
    let city = City::with(policy, |console| console).await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    assert_eq!(city.desk("staff-a").await.get("").await.status, StatusCode::OK, "a checker does not need it");
    let mut desk = city.desk("admin").await;
    for route in city.console.routes() {
        let open = [
            "/assets/{file}",
            "/sign-in",
            "/sign-in/code",
            "/sign-in/provider",
            "/sign-in/provider/back",
            "/sign-out",
            "/account/password",
            "/account/second-factor",
        ];
        if !route.get || open.contains(&route.path) || route.path.contains('{') {
            continue;
        }
        let page = desk.get(route.path.trim_end_matches('/')).await;
        assert_eq!(page.location(), "/console/account/second-factor", "{}", route.path);
    }
    let page = desk.get("/account/second-factor").await;
    assert!(page.has("二段階認証が必要です"));
    let refused = desk.post_raw("/bodies", &[("csrf", &page.csrf()), ("name", "看護協会")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("二段階認証の設定が必要です"));
    set_up(&city, &mut desk).await;
    assert_eq!(desk.get("/staff").await.status, StatusCode::OK);
    assert!(desk.get("/staff").await.has("admin"));
}

#[tokio::test]
async fn an_administrator_takes_it_off_for_somebody_who_has_lost_everything() {
    let city = City::new().await;
    let id = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut theirs = city.desk("staff-a").await;
    set_up(&city, &mut theirs).await;
    let mut administrator = city.desk("admin").await;
    assert!(administrator.get(&format!("/staff/{id}")).await.has("二段階認証あり"));
    let page = administrator.post(&format!("/staff/{id}/factor_off"), &[]).await;
    assert_eq!(page.location(), format!("/console/staff/{id}?done=factor_off"));
    assert_eq!(theirs.get("").await.status, StatusCode::SEE_OTHER, "open sessions end");
    assert_eq!(city.desk("staff-a").await.get("").await.status, StatusCode::OK);
    let factor = city.centre.staff(id).await.unwrap().value.second_factor;
    assert!(factor.is_none());
}

#[tokio::test]
async fn it_is_set_up_by_its_owner_alone_with_password_and_code_and_ends_their_other_sessions() {
    let city = City::new().await;
    let mut here = city.desk("admin").await;
    let mut there = city.desk("admin").await;
    let page = here.get("/account/second-factor").await;
    let authenticator = Authenticator::scanning(&page);
    let again = Authenticator::scanning(&here.get("/account/second-factor").await);
    assert_eq!(authenticator.key(), again.key(), "a page loaded anew shows the same key");
    let code = authenticator.code(&city.centre);
    for (code, password) in [("000000", PASSWORD), (code.as_str(), "まちがったパスワード"), ("", "")]
    {
        let fields = [("csrf", page.csrf()), ("code", code.to_owned()), ("password", password.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = here.post_raw("/account/second-factor", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code} {password}");
    }
    assert_eq!(there.get("/staff").await.status, StatusCode::OK);
    set_up(&city, &mut here).await;
    assert_eq!(there.get("/staff").await.status, StatusCode::SEE_OTHER);

    let factor = city.centre.staff(city.administrator).await.unwrap().value.second_factor.unwrap();
    let other = city.staff("staff-a", "確認 一郎", &[Role::Administrator]).await;
    let made = city.centre.transact(|mut work| {
        let factor = factor.clone();
        async move {
            work.set_second_factor(By::Staff(city.administrator), other, factor).await?;
            work.done(())
        }
    });
    assert!(made.await.is_err(), "nobody sets up another's");
    let shown = format!("{:?}", city.centre.staff(city.administrator).await.unwrap());
    assert!(!shown.contains(authenticator.key()), "no secret in a Debug");
}
