//! How often a page asks the store, and for how much: as often for many as for few.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::sync::Arc;

use axum::http::StatusCode;
use kit::{Browser, City, PASSWORD, world::World};
use lupinus_console::Console;
use lupinus_core::{
    actor::Role, ids::SeededIds, policy::Policy, screening::Screen, service::Centre, testkit::Faulty,
};

/// The console of a city over a store that counts what it is asked, with somebody at the desk who may do everything.
async fn counted(city: &City) -> (Faulty, Browser) {
    let store = Faulty::new(Arc::new(city.store.clone()));
    let ids = Arc::new(SeededIds::new(2));
    let centre =
        Centre::new(Arc::new(store.clone()), city.clock.clone(), ids, Screen::default(), Policy::default());
    let console = Console::builder(centre).city("ルピナス市").account("ルピナスセンター").build();
    let mut browser = Browser::at(&console);
    assert_eq!(browser.sign_in("all", PASSWORD).await.status, StatusCode::SEE_OTHER);
    (store, browser)
}

/// Lists, with the parts of them that stand behind a question mark.
const LISTS: [&str; 21] = [
    "",
    "/queue/list",
    "/posts?view=all",
    "/posts?view=submitted",
    "/calendar",
    "/consultations",
    "/consultations?view=unresolved",
    "/consultations?view=all",
    "/answers",
    "/faq",
    "/outbox",
    "/incidents",
    "/words",
    "/members",
    "/bodies",
    "/staff",
    "/settings",
    "/figures",
    "/audit",
    "/disposals",
    "/account",
];

#[tokio::test]
async fn a_list_of_many_asks_as_often_as_a_list_of_few() {
    let mut world = World::new().await;
    world.city.staff("all", "何でも 係", &Role::ALL).await;
    let more = [
        "/posts/{id}/take",
        "/posts/{id}/approve",
        "/posts/{id}/send",
        "/posts/{id}/sign",
        "/posts/{id}/seen",
        "/posts/{id}/resend",
        "/posts/{id}/correct",
        "/consultations/{id}",
        "/answers/{id}",
        "/faq/{id}",
        "/incidents/{id}",
        "/words/{id}/accept",
        "/members/{id}",
        "/bodies/{id}",
        "/staff/{id}",
        "/disposals/{id}",
    ];
    let mut asked = Vec::new();
    for times in [1, 3] {
        for path in more.iter().cycle().take(more.len() * times) {
            world.real(path).await;
        }
        let (store, mut browser) = counted(&world.city).await;
        let mut calls = Vec::new();
        for list in LISTS {
            let before = store.calls();
            let page = browser.get(list).await;
            assert_eq!(page.status, StatusCode::OK, "{list}");
            calls.push((list, store.calls() - before));
        }
        asked.push(calls);
    }
    assert_eq!(asked[0], asked[1]);
}

#[tokio::test]
async fn whom_a_post_would_reach_is_asked_without_reading_them() {
    let city = City::new().await;
    let post = city.approved().await;
    city.staff("all", "何でも 係", &Role::ALL).await;
    let mut read = Vec::new();
    for number in 0..40 {
        city.member(&format!("U{number}")).await;
        if number != 1 && number != 39 {
            continue;
        }
        let (store, mut browser) = counted(&city).await;
        let token = browser.get("/account").await.csrf();
        let mut records = Vec::new();
        for form in [
            &[("scope", "members")][..],
            &[("scope", "where"), ("profession", "Nurse")],
            &[("scope", "where"), ("except", "Nurse")],
            &[("scope", "all_friends"), ("all_friends_ok", "1")],
        ] {
            let before = store.records();
            let fields = [&[("csrf", token.as_str()), ("when", "now")], form].concat();
            let page = browser.post_raw(&format!("/posts/{post}/send/confirm"), &fields).await;
            let reached = if form.iter().any(|(name, _)| *name == "profession") { 0 } else { number + 1 };
            assert!(page.has(&format!(">{reached}</strong>人")), "{form:?}: {}", page.text);
            records.push(store.records() - before);
        }
        read.push(records);
    }
    assert_eq!(read[0], read[1]);
}
