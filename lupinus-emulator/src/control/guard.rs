//! Who may make control calls: programs, and the page of the emulator itself; no other page that a browser shows.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State as Extract},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header, uri::Authority};

use super::ControlRefusal;
use crate::shared::Shared;

/// Ends of names that nobody can own on the internet.
const LOCAL: [&str; 5] = [".localhost", ".internal", ".local", ".test", ".home.arpa"];

/// Refuses calls that a foreign page makes, be it across origins or through a name that leads here.
pub(super) async fn guard(Extract(shared): Extract<Arc<Shared>>, request: Request, next: Next) -> Response {
    let host = request.uri().authority().cloned().or_else(|| host_of(request.headers()));
    let problem = problem(request.headers(), host.as_ref(), &shared.state().settings.hosts);
    match problem {
        Some(problem) => ControlRefusal::forbidden(problem).into_response(),
        None => next.run(request).await,
    }
}

fn host_of(headers: &HeaderMap) -> Option<Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}

fn problem(headers: &HeaderMap, host: Option<&Authority>, hosts: &[String]) -> Option<String> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Some("a page of another origin may not make control calls".to_owned());
    }
    let own = host.map(Authority::as_str);
    let foreign = |origin: &str| origin.split_once("://").map(|(_, authority)| authority) != own;
    if text("origin").is_some_and(foreign) {
        return Some("a page of another origin may not make control calls".to_owned());
    }
    let name = host.map_or("", Authority::host);
    let bare = name.trim_matches(['[', ']']);
    let known = bare.parse::<IpAddr>().is_ok()
        || !name.contains('.')
        || LOCAL.iter().any(|end| name.to_ascii_lowercase().ends_with(end))
        || hosts.iter().any(|host| host.eq_ignore_ascii_case(name));
    (!known).then(|| {
        format!("control calls are not served as {name}: use an address, or start with --host {name}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str, further: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in further {
            headers.insert(*name, value.parse().unwrap());
        }
        let host = host.parse().ok();
        problem(&headers, host.as_ref(), &["line.example.jp".to_owned()])
    }

    #[test]
    fn programs_and_the_page_itself_may_call() {
        for host in [
            "127.0.0.1:9090",
            "[::1]:9090",
            "192.168.1.7",
            "localhost:9090",
            "emulator:9090",
            "host.docker.internal:9090",
            "Line.Example.jp",
        ] {
            assert_eq!(asked(host, &[]), None, "{host}");
        }
        let own = [("origin", "http://127.0.0.1:9090"), ("sec-fetch-site", "same-origin")];
        assert_eq!(asked("127.0.0.1:9090", &own), None);
        assert_eq!(asked("127.0.0.1:9090", &[("sec-fetch-site", "none")]), None);
    }

    #[test]
    fn other_pages_and_names_that_lead_here_may_not() {
        for further in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:8080"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(asked("127.0.0.1:9090", &[further]).is_some(), "{further:?}");
        }
        assert!(
            asked("evil.example:9090", &[]).is_some_and(|problem| problem.contains("--host evil.example"))
        );
        let own = [("origin", "http://evil.example:9090")];
        assert!(asked("evil.example:9090", &own).is_some());
    }
}
