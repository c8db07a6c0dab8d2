//! Guessing at the door: who has an account is not told, by word or by work, and many guesses are counted wherever they go (R22).
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::sync::Arc;

use axum::http::StatusCode;
use kit::{Browser, City, PASSWORD, Page};
use lupinus_console::Console;
use lupinus_core::{
    actor::Role,
    ids::SeededIds,
    policy::Policy,
    screening::Screen,
    service::{By, Centre, SoleAdministrator},
    store::{Scan, StoreExt},
    testkit::Faulty,
};

const WRONG: &str = "まちがったパスワード";

/// The page without what differs in any case: the token, and the login that was typed.
fn plain(page: &Page, login: &str) -> String {
    page.text.replace(&page.csrf(), "").replace(login, "")
}

/// R22: an unknown login, a wrong password, a locked and a closed account get the same answer after the same work.
#[tokio::test]
async fn nobody_learns_from_the_door_who_has_an_account() {
    let mut city = City::new().await;
    let closed = city.staff("closed", "退職 済", &[Role::Checker]).await;
    city.staff("locked", "忘れ ん坊", &[Role::Checker]).await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let by = By::Staff(city.administrator);
    let ended = city.centre.transact(|mut work| async move {
        work.deactivate_staff(by, closed, SoleAdministrator::Refuse).await?;
        work.done(())
    });
    ended.await.unwrap();
    for _ in 0..5 {
        city.browser().sign_in("locked", WRONG).await;
    }

    let counted = Arc::new(Faulty::new(Arc::new(city.store.clone())));
    let ids = Arc::new(SeededIds::new(2));
    let centre = Centre::new(counted.clone(), city.clock.clone(), ids, Screen::default(), Policy::default());
    city.console = Console::builder(centre).city("ルピナス市").account("ルピナスセンター").build();
    let long = "a".repeat(300);
    let mut answers = Vec::new();
    for (login, password) in [
        ("nobody", WRONG),
        ("staff-a", WRONG),
        ("locked", WRONG),
        ("locked", PASSWORD),
        ("closed", WRONG),
        ("closed", PASSWORD),
        ("", WRONG),
        (&long, WRONG),
        ("staff-a", &"長".repeat(300)),
        ("nobody", &"長".repeat(300)),
    ] {
        let before = counted.commits();
        let page = city.browser().sign_in(login, password).await;
        let commits = counted.commits() - before;
        let headers: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
        let login = if login.is_empty() { "\0" } else { login };
        answers.push((login.to_owned(), page.status, headers, plain(&page, login), commits));
    }
    let (_, status, headers, text, commits) = answers[0].clone();
    assert_eq!((status, commits), (StatusCode::UNAUTHORIZED, 1));
    for answer in answers {
        let login = answer.0.clone();
        assert_eq!((answer.1, answer.2, answer.4), (status, headers.clone(), commits), "{login}");
        assert_eq!(answer.3, text, "{login}");
    }
}

fn from(mut browser: Browser, address: &str) -> Browser {
    browser.headers = vec![("x-forwarded-for", address.to_owned())];
    browser
}

async fn trail(city: &City, action: &str) -> usize {
    let scan = Scan::keys(lupinus_core::store::Kind::new("audit"));
    let entries = city.centre.store().all::<lupinus_core::audit::AuditEntry>(scan, 10_000).await.unwrap();
    let told: Vec<_> = entries.into_iter().filter(|entry| entry.value.action == action).collect();
    for entry in &told {
        let text = serde_json::to_string(&entry.value).unwrap();
        assert!(!text.contains("203.0.113") && !text.contains("victim"), "{text}");
    }
    told.len()
}

/// R22: one password tried on many accounts locks none of them; it is counted by where it comes from.
#[tokio::test]
async fn one_address_that_tries_many_accounts_is_not_heard_any_more() {
    let city = City::with(Policy::default(), |console| console.behind_proxies(1)).await;
    let mut guesser = from(city.browser(), "203.0.113.7");
    for number in 0..30 {
        let page = guesser.sign_in(&format!("victim-{number}"), WRONG).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{number}");
    }
    for _ in 0..3 {
        let page = guesser.sign_in("admin", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "even the right password is not looked at");
        assert!(
            page.has("しばらくログインできません") && page.headers.contains_key("retry-after"),
            "{}",
            page.text
        );
    }
    assert_eq!(trail(&city, "staff.sign_in_slowed").await, 1, "said once, and not from where");
    // A name that the guesser writes in front of the proxy's own changes nothing; others sign in meanwhile.
    let mut guesser = from(city.browser(), "198.51.100.1, 203.0.113.7");
    assert_eq!(guesser.sign_in("admin", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut office = from(city.browser(), "198.51.100.1");
    assert_eq!(office.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert!(office.get("/audit?date=2026-10-05").await.has("同じ接続元からの試行が多いため"));
    city.clock.advance(kit::MINUTE);
    assert_eq!(guesser.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

/// R22: many addresses that try many accounts are counted together, and whoever is at work stays at work.
#[tokio::test]
async fn many_addresses_that_try_many_accounts_close_the_door_for_a_while() {
    let policy = Policy { sign_in_ceiling: (20, kit::MINUTE * 15), ..Policy::default() };
    let city = City::with(policy, |console| console.behind_proxies(1)).await;
    let mut desk = from(city.desk("admin").await, "198.51.100.1");
    for number in 0..20 {
        let mut guesser = from(city.browser(), &format!("203.0.113.{number}"));
        let page = guesser.sign_in(&format!("victim-{number}"), WRONG).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{number}");
    }
    let mut late = from(city.browser(), "203.0.113.99");
    assert_eq!(late.sign_in("admin", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(trail(&city, "staff.sign_in_paused").await, 1);
    assert!(desk.get("/audit?date=2026-10-05").await.has("全員のログインを一時停止"));
    city.clock.advance(kit::MINUTE * 15);
    assert_eq!(late.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
}
