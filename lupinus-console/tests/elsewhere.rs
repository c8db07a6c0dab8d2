//! A console that opens from certain networks only (R22): whoever comes from elsewhere meets one page, at every address, before anything
//! is looked at.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::sync::Arc;

use axum::http::{Method, StatusCode, header};
use kit::{Browser, City, PASSWORD, Page, world::World};
use lupinus_console::{Console, Networks};
use lupinus_core::{ids::SeededIds, policy::Policy, screening::Screen, service::Centre, testkit::Faulty};
use metrics_exporter_prometheus::PrometheusBuilder;

fn office() -> Networks {
    ["203.0.113.0/24", "2001:db8::/32"].map(str::to_owned).to_vec().try_into().unwrap()
}

async fn city(proxies: usize) -> City {
    City::with(Policy::default(), |console| console.behind_proxies(proxies).networks(office())).await
}

fn is_turned_away(page: &Page) -> bool {
    page.status == StatusCode::FORBIDDEN && page.has("この場所からは開けません")
}

#[tokio::test]
async fn a_visitor_is_who_the_proxies_say_and_nobody_else() {
    for (proxies, peer, forwarded, opens) in [
        // Without a proxy of the city's the peer counts, and nothing that it writes.
        (0, "203.0.113.9", &[][..], true),
        (0, "::ffff:203.0.113.9", &[], true),
        (0, "2001:db8:1::9", &[], true),
        (0, "198.51.100.1", &[], false),
        (0, "198.51.100.1", &["203.0.113.9"], false),
        (0, "203.0.113.9", &["198.51.100.1"], true),
        (0, "127.0.0.1", &[], false),
        // Behind one, what it wrote at the end; what a visitor wrote stands before that.
        (1, "10.0.0.2", &["203.0.113.9"], true),
        (1, "10.0.0.2", &["::ffff:203.0.113.9"], true),
        (1, "10.0.0.2", &["203.0.113.9:50211"], true),
        (1, "10.0.0.2", &["203.0.113.9, 198.51.100.1"], false),
        (1, "10.0.0.2", &["203.0.113.9", "198.51.100.1"], false),
        (1, "10.0.0.2", &["198.51.100.1, 203.0.113.9"], true),
        (1, "203.0.113.9", &[], false),
        (1, "203.0.113.9", &["unknown"], false),
        // Behind two, the last but one.
        (2, "10.0.0.2", &["203.0.113.9, 10.0.0.3"], true),
        (2, "10.0.0.2", &["203.0.113.9, 198.51.100.1, 10.0.0.3"], false),
        (2, "10.0.0.2", &["203.0.113.9"], false),
    ] {
        let city = city(proxies).await;
        let mut browser = city.browser();
        browser.peer = Some(peer.parse().unwrap());
        browser.headers.extend(forwarded.iter().map(|line| ("x-forwarded-for", (*line).to_owned())));
        let page = browser.get("/sign-in").await;
        let expected = if opens { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(page.status, expected, "{proxies} {peer} {forwarded:?}: {}", page.text);
        assert_ne!(is_turned_away(&page), opens, "{proxies} {peer} {forwarded:?}");
    }
    let nobody_knows = city(0).await.browser().get("/sign-in").await;
    assert!(is_turned_away(&nobody_knows) && nobody_knows.has("接続元を確かめられませんでした"));
}

/// With a session, without one, with a right password and a wrong one: the same page and no cookie, at every address of the table.
#[tokio::test]
async fn from_elsewhere_every_address_is_the_same_page_whoever_asks() {
    let mut world = World::new().await;
    let city = &mut world.city;
    city.console = Console::builder(city.centre.clone()).behind_proxies(1).networks(office()).build();
    let mut inside = city.browser();
    inside.headers.push(("x-forwarded-for", "203.0.113.9".to_owned()));
    assert_eq!(inside.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(inside.get("/staff").await.status, StatusCode::OK);

    // A store that does not answer: nothing is looked up.
    let down = Arc::new(Faulty::new(Arc::new(city.store.clone())));
    let ids = Arc::new(SeededIds::new(2));
    let centre = Centre::new(down.clone(), city.clock.clone(), ids, Screen::default(), Policy::default());
    let console = Console::builder(centre).behind_proxies(1).networks(office()).build();
    let calls = down.calls();
    down.set_down(true);

    let mut signed_in = Browser::at(&console);
    signed_in.cookies.clone_from(&inside.cookies);
    let mut routes: Vec<String> = Vec::new();
    for route in console.routes() {
        for (place, _) in route.doings() {
            routes.push(world.real(&place).await);
        }
    }
    assert!(routes.len() > 100, "only {} addresses", routes.len());
    routes.extend(["/nothing", "/"].map(str::to_owned));
    let mut pages = Vec::new();
    for browser in [signed_in, Browser::at(&console)] {
        for path in &routes {
            for method in [Method::GET, Method::POST, Method::PUT] {
                let mut browser = browser.clone();
                browser.headers.push(("x-forwarded-for", "198.51.100.1".to_owned()));
                let before = browser.cookies.clone();
                let form = "application/x-www-form-urlencoded";
                let body = format!("login=admin&password={PASSWORD}");
                let mut page =
                    browser.send(method.clone(), &format!("/console{path}"), form, body.into_bytes()).await;
                assert!(is_turned_away(&page), "{method} {path}: {} {}", page.status, page.text);
                assert_eq!(browser.cookies, before, "{method} {path}");
                // Which methods it takes, as the published table says; and what a server fills in for all.
                page.headers.remove(header::ALLOW);
                page.headers.remove(header::CONTENT_LENGTH);
                pages.push((page.headers, page.text));
            }
        }
    }
    pages.dedup();

    assert_eq!(pages.len(), 1, "one page for all");
    assert_eq!(down.calls(), calls, "nothing was asked of the store");
}

#[tokio::test]
async fn the_page_says_what_to_do_in_both_languages_and_is_counted_without_an_address() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let counted = metrics::set_default_local_recorder(&recorder);
    let city = city(1).await;
    let mut browser = city.browser();
    browser.headers.push(("x-forwarded-for", "198.51.100.1".to_owned()));
    let page = browser.get("/sign-in").await;
    assert!(page.has("<html lang=\"ja\">") && page.has("庁内LANやVPN") && page.has("接続元 198.51.100.1"));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(page.headers[header::X_FRAME_OPTIONS], "DENY");
    browser.headers.push(("accept-language", "en-GB".to_owned()));
    let page = browser.get("/sign-in").await;
    assert!(page.has("<html lang=\"en\">") && page.has("tell an administrator the address below"));
    drop(counted);
    let figures = figures.render();
    assert!(figures.contains("lupinus_console_refused_total 2"), "{figures}");
    assert!(!figures.contains("198.51"), "{figures}");
}

#[tokio::test]
async fn administrators_read_in_the_settings_from_where_the_console_opens() {
    let city = city(1).await;
    let mut browser = city.browser();
    browser.headers.push(("x-forwarded-for", "2001:db8::7".to_owned()));
    browser.sign_in("admin", PASSWORD).await;
    let page = browser.get("/settings").await;
    assert!(page.has("<td>203.0.113.0/24, 2001:db8::/32</td><td class=\"mono\">console_addresses</td>"));
    let anywhere = City::new().await.desk("admin").await.get("/settings").await;
    assert!(anywhere.has("<td>どこからでも</td><td class=\"mono\">console_addresses</td>"));
}
