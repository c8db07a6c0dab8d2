//! Every page of the console in a browser: what axe-core finds, what a phone's width does to it, what a dark screen shows.
//!
//! Needs Chromium, Node and what `npm ci` installs in this folder. Without them the tests say `skipped:` and pass, unless
//! `LUPINUS_REQUIRE_BROWSER` is set. With `LUPINUS_SCREENSHOTS=FOLDER` they leave pictures there.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

#[path = "../kit/mod.rs"]
mod kit;
mod node;
mod states;
mod walk;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use kit::{Browser, City, Page, world::World};
use lupinus_core::actor::Role;

/// A page that somebody saw, and how they came there.
type Seen = (String, Page);

/// What somebody saw, seen again: with its own status and headers, below the address that its style sheet has.
async fn again(
    State(pages): State<Arc<Vec<Seen>>>,
    Path(number): Path<usize>,
) -> (StatusCode, HeaderMap, String) {
    let (_, page) = &pages[number];
    let mut headers = page.headers.clone();
    headers.remove("set-cookie");
    (page.status, headers, page.text.clone())
}

/// Serves pages beside the console that they are of; answers the address.
async fn serve(world: &World, pages: Vec<Seen>) -> String {
    let seen = Router::new().route("/seen/{number}", get(again)).with_state(Arc::new(pages));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = world.city.console.mounted().merge(seen);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

fn cookies(desk: &Browser, address: &str) -> serde_json::Value {
    desk.cookies
        .iter()
        .map(|(name, value)| serde_json::json!({ "name": name, "value": value, "url": address }))
        .collect()
}

// R41
#[tokio::test(flavor = "multi_thread")]
async fn no_page_and_no_state_of_a_page_has_a_fault_that_axe_knows() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if !node::is_there(&folder) {
        return;
    }
    let mut world = World::new().await;
    let mut pages = walk::everywhere(&mut world).await;
    pages.extend(states::others(&mut world).await);
    world.city.staff("looker", "何でも 係", &Role::ALL).await;
    let desk = world.city.desk("looker").await;
    let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
    let address = serve(&world, pages).await;
    // While something is mended: the pages with this in their name alone.
    let only = std::env::var("LUPINUS_PAGES").unwrap_or_default();
    let list: Vec<(String, String)> = names
        .into_iter()
        .enumerate()
        .map(|(number, name)| (format!("{number:03} {name}"), format!("{address}/seen/{number}")))
        .filter(|(name, _)| name.contains(&only))
        .collect();
    assert!(list.len() > 200 || !only.is_empty(), "only {} pages", list.len());
    let input = serde_json::json!({ "cookies": cookies(&desk, &address), "pages": list });
    let found = node::run(&folder.join("pages.mjs"), &input).await;
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    if !only.is_empty() {
        return;
    }
    if std::env::var_os("UPDATE_ACCESSIBILITY").is_some() {
        std::fs::write(statement_file(), format!("{found:#}\n")).unwrap();
    } else {
        let stated = stated();
        assert_eq!(stated["axe"], found["axe"], "{RENEW}");
        let looked_at = found["criteria"].as_array().unwrap();
        let missing = |criterion: &&serde_json::Value| !looked_at.contains(criterion);
        let claimed = stated["criteria"].as_array().unwrap();
        assert_eq!(claimed.iter().find(missing), None, "no rule looked at it: {RENEW}");
    }
}

const RENEW: &str =
    "run the test of all pages with UPDATE_ACCESSIBILITY=1, which writes docs/accessibility.json";

fn statement_file() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/accessibility.json")
}

/// What the statement says.
fn stated() -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(statement_file()).unwrap()).unwrap()
}

// R41
#[tokio::test]
async fn the_statement_names_scope_date_and_method() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let page = city.desk("staff-a").await.get("/accessibility").await;
    for words in ["範囲", "確かめた日", "方法", stated()["axe"].as_str().unwrap()] {
        assert!(page.has(words), "{words} is missing: {}", page.text);
    }
}
