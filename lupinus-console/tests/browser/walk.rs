//! Everything that the table of addresses leads to: each page, and what each command answers.

use axum::http::{Method, StatusCode};
use lupinus_core::actor::Role;

use super::{
    Seen,
    kit::{Browser, City, Page, world::World},
};

/// What of the table is no page: files, and what the script of a page fetches.
const NO_PAGES: [&str; 8] = [
    "/assets/{file}",
    "/queue/list",
    "/queue/events",
    "/posts/{id}/attachments/{hash}",
    "/consultations/{id}/media/{entry}",
    "/figures/csv",
    "/incidents/{id}/export",
    "/members/{id}/export",
];

/// The pages of the table.
fn routes(city: &City) -> Vec<String> {
    let routes = city.console.routes().into_iter().filter(|route| route.get);
    routes.map(|route| route.path.to_owned()).filter(|path| !NO_PAGES.contains(&path.as_str())).collect()
}

/// Follows where an answer leads, as a browser does.
pub(crate) async fn followed(desk: &mut Browser, mut page: Page) -> Page {
    while page.status == StatusCode::SEE_OTHER {
        page = desk.get(page.location().trim_start_matches("/console")).await;
    }
    page
}

/// Adds a page, unless the same one was seen already.
pub(crate) fn add(seen: &mut Vec<Seen>, name: impl Into<String>, page: Page) {
    let name = name.into();
    assert!(page.text.starts_with("<!DOCTYPE html>"), "{name} is no page: {}", page.text);
    if !seen.iter().any(|(_, before)| before.text == page.text) {
        seen.push((name, page));
    }
}

/// Every page of the table with nothing in it, as on the first day; those without a thing in their address.
async fn empty(seen: &mut Vec<Seen>) {
    let city = City::new().await;
    city.staff("all", "何でも 係", &Role::ALL).await;
    let mut desk = city.desk("all").await;
    for path in routes(&city).into_iter().filter(|path| !path.contains('{')) {
        let page = desk.get(path.trim_end_matches('/')).await;
        let page = followed(&mut desk, page).await;
        add(seen, format!("empty {path}"), page);
    }
}

/// Every page as somebody with these roles sees it.
async fn pages(world: &mut World, login: &str, roles: &[Role], seen: &mut Vec<Seen>) {
    world.city.staff(login, "職員 花子", roles).await;
    let mut desk = world.city.desk(login).await;
    for route in routes(&world.city) {
        let path = world.real(&route).await;
        let page = desk.get(&path).await;
        let page = followed(&mut desk, page).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        add(seen, format!("{login} {route}"), page);
    }
}

/// What each command answers: to an empty form, and to one that is filled in.
async fn commands(world: &mut World, seen: &mut Vec<Seen>) {
    world.city.staff("does", "何でも 係", &Role::ALL).await;
    let mut routes = world.city.console.routes();
    // Whoever changes their password or signs out is at no desk afterwards.
    routes.retain(|route| route.post && route.path != "/sign-out" && !route.path.starts_with("/sign-in"));
    routes.sort_by_key(|route| route.path.starts_with("/account"));
    let mut desk = world.city.desk("does").await;
    let filled = [
        ("reason", "中止のため"),
        ("comment", "直してください"),
        ("revision", "1"),
        ("text", "代表窓口へお電話ください。"),
        ("title", "案内"),
        ("name", "栄養士会"),
        ("scope", "members"),
        ("confirmed", "1"),
    ];
    for route in routes {
        for (place, _) in route.doings().into_iter().filter(|(place, _)| !NO_PAGES.contains(&place.as_str()))
        {
            for (how, fields) in [("left empty", &[][..]), ("filled in", &filled[..])] {
                let path = world.real(&place).await;
                let page = desk.post(&path, fields).await;
                assert!(!page.status.is_server_error(), "{path}: {}", page.status);
                let page = followed(&mut desk, page).await;
                add(seen, format!("{place} {how}"), page);
            }
        }
    }
    let page = desk.send(Method::DELETE, "/console/posts", "", Vec::new()).await;
    add(seen, "another method", page);
}

/// All of it.
pub(crate) async fn everywhere(world: &mut World) -> Vec<Seen> {
    let mut seen = Vec::new();
    empty(&mut seen).await;
    pages(world, "all", &Role::ALL, &mut seen).await;
    for role in Role::ALL {
        let name = format!("{role:?}").to_lowercase();
        pages(world, &name, &[role], &mut seen).await;
    }
    commands(world, &mut seen).await;
    seen
}
