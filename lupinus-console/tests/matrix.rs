//! Every role at every address (R24): what the table says is what happens, with real requests on things that exist.
//!
//! The table is the list that the router is built from, so no address is missing in it. It is published as
//! `docs/permissions.md`; after a change of the list run this test with `UPDATE_PERMISSIONS=1` and read the difference.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{fmt::Write, path::Path};

use axum::http::{Method, StatusCode, header};
use kit::{Browser, City, Page, world::World};
use lupinus_console::{Asks, Needs, RouteInfo};
use lupinus_core::actor::{Permission, Role, Roles};

/// What the table says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The page, 200.
    Shown,
    /// Taken: done (303), shown (200), or refused for what was filled in (400, 409, 422).
    Taken,
    /// To the sign-in page, 303.
    SignIn,
    /// 401: nobody is signed in, or nobody could be.
    Unknown,
    /// 403.
    Forbidden,
    /// 405.
    NoSuchMethod,
}

impl Expected {
    fn is_met_by(self, page: &Page) -> bool {
        match self {
            Self::Shown => page.status == StatusCode::OK,
            Self::Taken => matches!(page.status.as_u16(), 200 | 303 | 400 | 409 | 422),
            Self::SignIn => page.status == StatusCode::SEE_OTHER && page.location().contains("/sign-in"),
            Self::Unknown => page.status == StatusCode::UNAUTHORIZED,
            Self::Forbidden => page.status == StatusCode::FORBIDDEN,
            Self::NoSuchMethod => page.status == StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

/// What the table says of this request by this person: `None` for a visitor.
fn expected(route: &RouteInfo, asks: Asks, method: &Method, roles: Option<&Roles>) -> Expected {
    if !route.takes(method) {
        return Expected::NoSuchMethod;
    }
    let changes = method == Method::POST;
    if route.needs == Needs::Nobody {
        return match (route.path, changes) {
            // There is no half of a sign-in to go on with.
            ("/sign-in/code", false) => Expected::SignIn,
            // Nor a provider.
            ("/sign-in/provider" | "/sign-in/provider/back", false) => Expected::SignIn,
            ("/sign-in/language", true) => Expected::Taken,
            (_, true) => Expected::Unknown,
            (_, false) => Expected::Shown,
        };
    }
    let Some(roles) = roles else {
        return if changes { Expected::Unknown } else { Expected::SignIn };
    };
    match (route.needs.met_by(roles) && asks.met_by(roles), changes) {
        (false, _) => Expected::Forbidden,
        (true, true) => Expected::Taken,
        (true, false) => Expected::Shown,
    }
}

async fn request(browser: &mut Browser, method: &Method, path: &str) -> Page {
    let path = format!("/console{path}");
    if method != Method::POST {
        return browser.send(method.clone(), &path, "", Vec::new()).await;
    }
    let token = if path.starts_with("/console/sign-in") {
        browser.get("/sign-in").await.csrf()
    } else {
        browser.get("/account").await.csrf()
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let named =
        [("csrf", token.as_str()), ("reason", "中止"), ("comment", "直してください"), ("revision", "1")];
    let form = form.extend_pairs(named).finish().into_bytes();
    browser.send(Method::POST, &path, "application/x-www-form-urlencoded", form).await
}

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Walks through everything; signing out ends the walk, whatever its place in the list.
async fn walk(world: &mut World, mut browser: Browser, who: &str, roles: Option<&Roles>) -> usize {
    let mut requests = 0;
    let mut routes = world.city.console.routes();
    routes.sort_by_key(|route| route.path == "/sign-out");
    for route in routes {
        for (place, asks) in route.doings() {
            let mut path = world.real(&place).await;
            for method in METHODS {
                if method == Method::POST && place.contains('{') {
                    path = world.real(&place).await;
                }
                let says = expected(&route, asks, &method, roles);
                let page = request(&mut browser, &method, &path).await;
                assert!(
                    says.is_met_by(&page),
                    "{who} {method} {place}: {says:?} by the table, {} it is {}",
                    page.status,
                    page.location()
                );
                if says == Expected::NoSuchMethod {
                    let allow = page.headers[header::ALLOW].to_str().unwrap();
                    assert_eq!(allow.contains("GET"), route.get, "{place}");
                    assert_eq!(allow.contains("POST"), route.post, "{place}");
                }
                requests += 1;
            }
        }
    }
    requests
}

/// R24: each role, alone, at each address with each method.
#[tokio::test]
async fn what_each_role_meets_at_each_address_is_what_the_table_says() {
    let mut world = World::new().await;
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let login = format!("role-{number}");
        world.city.staff(&login, role.label_ja(), &[role]).await;
        let desk = world.city.desk(&login).await;
        let roles: Roles = std::iter::once(role).collect();
        let requests = walk(&mut world, desk, role.label_ja(), Some(&roles)).await;
        assert!(requests > 500, "only {requests} requests");
    }
}

/// R24: somebody without an account.
#[tokio::test]
async fn a_visitor_meets_the_sign_in_page_everywhere() {
    let mut world = World::new().await;
    let visitor = world.city.browser();
    walk(&mut world, visitor, "a visitor", None).await;
}

/// R24: what the table calls one's own can be done by its author, whatever roles they have left.
#[tokio::test]
async fn what_is_ones_own_can_be_done_by_its_author() {
    let city = City::new().await;
    let author = city.staff("own", "起案 花子", &[Role::Checker]).await;
    let mut desk = city.desk("own").await;
    for doing in ["recall", "withdraw"] {
        let post = city.submitted(author, kit::training("口腔ケア研修")).await;
        let page = desk.post(&format!("/posts/{post}/{doing}"), &[("reason", "中止のため")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{doing}: {}", page.text);
        if doing == "recall" {
            assert_eq!(desk.get(&format!("/posts/{post}/edit")).await.status, StatusCode::OK);
            let page = desk.post(&format!("/posts/{post}/submit"), &[]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        }
    }
}

/// R24: a permission that nothing asks for would be a promise without a door.
#[tokio::test]
async fn every_permission_is_asked_for_somewhere() {
    let routes = City::new().await.console.routes();
    for permission in Permission::ALL {
        let asked = routes.iter().any(|route| {
            route.needs == Needs::Permission(permission)
                || route
                    .doings()
                    .iter()
                    .any(|(_, asks)| matches!(asks, Asks::Permission(p) | Asks::OwnOr(p) if *p == permission))
        });
        assert!(asked, "{permission:?}");
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_there() {
    let mut world = World::new().await;
    let post = world.real("/posts/{id}").await;
    let mut desk = world.city.desk("helper").await;
    for path in ["/nothing".to_owned(), format!("{post}/nothing"), format!("{post}/%74ake")] {
        for method in METHODS {
            let page = request(&mut desk, &method, &path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
    }
}

fn asked(needs: Needs, asks: Asks) -> String {
    let gate = match needs {
        Needs::Nobody => "nobody".to_owned(),
        Needs::SignedIn => "an account".to_owned(),
        Needs::Permission(permission) => format!("{permission:?}"),
    };
    match asks {
        Asks::Nothing => gate,
        Asks::Permission(permission) => format!("{gate}, {permission:?}"),
        Asks::Own => format!("{gate}, one's own"),
        Asks::Step => format!("{gate}, the route's step"),
        Asks::OwnOr(permission) => format!("{gate}, one's own or {permission:?}"),
    }
}

fn published(routes: &[RouteInfo]) -> String {
    let yes = |may: bool| if may { "yes" } else { "–" };
    let alone = |role: Role| -> Roles { std::iter::once(role).collect() };
    let mut text = String::from(
        "# Who may what\n\nMade from the table that the router is built from, by `tests/matrix.rs`, which also tries each cell with a \
         real request.\nThe console shows it at `/permissions`. \"yes\" is said of what somebody else made, without standing in \
         for anybody: an author\nnever approves their own post, and a deputy decides with the permissions of the one replaced. \
         A visitor is led to the\nsign-in page; another method than those named is answered with 405.\n\n| permission |",
    );
    let head = |text: &mut String, columns: usize| {
        for role in Role::ALL {
            write!(text, " {role:?} |").unwrap();
        }
        writeln!(text, "\n|{}", "---|".repeat(columns + Role::ALL.len())).unwrap();
    };
    head(&mut text, 1);
    for permission in Permission::ALL {
        let cells = Role::ALL.map(|role| yes(role.permits(permission)));
        writeln!(text, "| {permission:?} | {} |", cells.join(" | ")).unwrap();
    }
    text.push_str("\n| method | address | asks for |");
    head(&mut text, 3);
    for route in routes {
        for (place, asks) in route.doings() {
            for method in [Method::GET, Method::POST].into_iter().filter(|method| route.takes(method)) {
                let may = |role| route.needs.met_by(&alone(role)) && asks.met_by(&alone(role));
                let cells = Role::ALL.map(|role| yes(may(role)));
                let asked = asked(route.needs, asks);
                writeln!(text, "| {method} | `{place}` | {asked} | {} |", cells.join(" | ")).unwrap();
            }
        }
    }
    text
}

/// R24: the published table is the one that is in force.
#[tokio::test]
async fn the_published_table_is_the_one_in_force() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/permissions.md");
    let text = published(&City::new().await.console.routes());
    if std::env::var_os("UPDATE_PERMISSIONS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(known, text, "run this test with UPDATE_PERMISSIONS=1 and read the difference");
}
