//! Each page of the table of addresses, asked for over and over.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    routing::get,
};
use comfy_table::{CellAlignment, Table};
use lupinus_console::Console;
use lupinus_core::{
    body::Body as Association,
    clock::ManualClock,
    consultation::Consultation,
    incident::Incident,
    post::Post,
    service::Centre,
    staff::Staff,
    store::{Entity as _, Kind, MAX_PAGE, Scan, Store, StoreExt as _},
};
use tower::ServiceExt as _;

use crate::filling::PASSWORD;

/// What the 99th percentile of each page is to stay below.
const AIM: Duration = Duration::from_millis(50);

/// Some ids of everything that has a page of its own, spread over the year.
pub(crate) struct Sample {
    posts: Vec<String>,
    approved: Vec<String>,
    /// Approved, and they correct what went to all.
    corrections: Vec<String>,
    sent: Vec<String>,
    drafts: Vec<String>,
    consultations: Vec<String>,
    incidents: Vec<String>,
    bodies: Vec<String>,
    staff: Vec<String>,
}

async fn keys(store: &dyn Store, scan: Scan) -> Result<Vec<String>, Box<dyn Error>> {
    let mut scan = scan.limit(1_000);
    let mut keys: Vec<String> = Vec::new();
    loop {
        let page = store.scan(&scan).await?;
        keys.extend(page.records.iter().map(|record| record.key.key.clone()));
        let Some(next) = page.next else { break };
        scan.after = Some(next);
    }
    let step = keys.len().div_ceil(50).max(1);
    Ok(keys.into_iter().step_by(step).collect())
}

impl Sample {
    pub(crate) async fn taken(store: &dyn Store) -> Result<Self, Box<dyn Error>> {
        let all = |kind: Kind| keys(store, Scan::keys(kind));
        let state = |name: &str| keys(store, Scan::index(Post::KIND, "state").prefix(format!("{name} ")));
        let approved = Scan::index(Post::KIND, "state").prefix("approved ").limit(MAX_PAGE);
        let approved = store.page::<Post>(&approved).await?.items.into_iter().map(|post| post.value);
        let (corrections, approved): (Vec<Post>, Vec<Post>) =
            approved.partition(|post| post.corrects.is_some());
        let ids = |posts: Vec<Post>| posts.iter().map(|post| post.id.to_string()).collect();
        Ok(Self {
            posts: all(Post::KIND).await?,
            approved: ids(approved),
            corrections: ids(corrections),
            sent: state("sent").await?,
            drafts: state("submitted").await?,
            consultations: all(Consultation::KIND).await?,
            incidents: all(Incident::KIND).await?,
            bodies: all(Association::KIND).await?,
            staff: all(Staff::KIND).await?,
        })
    }

    /// The ids that may stand in a path; `None` for a file of something, since nothing here has files.
    fn ids(&self, path: &str) -> Option<&[String]> {
        let ids = match (path.split('/').nth(1)?, path.rsplit('/').next()?) {
            (_, "{hash}" | "{entry}" | "{file}") => return None,
            ("posts", "send") => &self.approved,
            ("posts", "correct") => &self.sent,
            ("posts", "edit") => &self.drafts,
            ("posts", _) => &self.posts,
            ("consultations", _) => &self.consultations,
            ("incidents", _) => &self.incidents,
            ("bodies", _) => &self.bodies,
            ("staff", _) => &self.staff,
            _ => return None,
        };
        Some(ids)
    }
}

/// Somebody with every role, at their desk.
struct Desk {
    app: Router,
    cookies: Vec<String>,
}

impl Desk {
    async fn send(
        &mut self,
        method: &str,
        path: &str,
        form: String,
    ) -> Result<(StatusCode, String), Box<dyn Error>> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, self.cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let response = self.app.clone().oneshot(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.cookies.extend(cookie.to_str()?.split(';').next().map(str::to_owned));
        }
        let status = response.status();
        let media_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes().to_vec());
        if media_type.is_some_and(|media_type| media_type.starts_with(b"text/event-stream")) {
            return Ok((status, String::new())); // It does not end.
        }
        let text = String::from_utf8_lossy(&to_bytes(response.into_body(), usize::MAX).await?).into_owned();
        Ok((status, text))
    }

    async fn token(&mut self, path: &str) -> Result<String, Box<dyn Error>> {
        let (_, page) = self.send("GET", path, String::new()).await?;
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Ok(token.ok_or("a page without a token")?.to_owned())
    }

    async fn signed_in(app: Router) -> Result<Self, Box<dyn Error>> {
        let mut desk = Self { app, cookies: Vec::new() };
        let token = desk.token("/console/sign-in").await?;
        let form = format!("csrf={token}&login=all&password={PASSWORD}");
        let (status, _) = desk.send("POST", "/console/sign-in", form).await?;
        if status == StatusCode::SEE_OTHER { Ok(desk) } else { Err("nobody could sign in".into()) }
    }
}

struct Times(Vec<Duration>);

impl Times {
    fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }
}

/// Asks for these, one after the other and over again.
async fn asked(
    desk: &mut Desk,
    method: &str,
    paths: &[String],
    form: &str,
    requests: usize,
) -> Result<Times, Box<dyn Error>> {
    let mut times = Vec::with_capacity(requests);
    for number in 0..requests {
        let path = paths.get(number % paths.len().max(1)).ok_or("nothing to ask for")?;
        let begun = Instant::now();
        let (status, _) = desk.send(method, path, form.to_owned()).await?;
        times.push(begun.elapsed());
        if status.is_server_error() || status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN {
            return Err(format!("{path} answers {status}").into());
        }
    }
    times.sort_unstable();
    Ok(Times(times))
}

/// What is asked for beside the plain addresses: parts of lists, periods, pages that a form leads to.
const MORE: [&str; 10] = [
    "/posts?view=sent",
    "/posts?view=approved",
    "/consultations?view=all",
    "/consultations?view=resolved",
    "/audit?date=2026-03-02",
    "/figures?period=2026",
    "/figures?period=2026-03",
    "/figures/csv?period=2026",
    "/incidents?view=closed",
    "/account?done=password",
];

/// Median and 99th percentile of each page of the table, as a table.
pub(crate) async fn measured(
    centre: &Centre,
    clock: &ManualClock,
    console: &Console,
    sample: &Sample,
    requests: usize,
) -> Result<Table, Box<dyn Error>> {
    let mut desk = Desk::signed_in(console.mounted()).await?;
    let mut table = Table::new();
    table.set_header(["page", "median (ms)", "p99 (ms)", "slowest (ms)", ""]);
    for column in 1..=3 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1_000.0);
    let mut add = |name: &str, times: &Times| {
        let over = if times.at(99) > AIM { "over the aim" } else { "" };
        table.add_row([name, &ms(times.at(50)), &ms(times.at(99)), &ms(times.at(100)), over]);
    };
    let fixed =
        Router::new().route("/console", get(|| std::future::ready("<!DOCTYPE html><title>static</title>")));
    let mut nobody = Desk { app: fixed, cookies: Vec::new() };
    add(
        "a static page, no console",
        &asked(&mut nobody, "GET", &["/console".to_owned()], "", requests).await?,
    );

    let pages = console.routes().into_iter().filter(|route| route.get);
    let mut asked_for: Vec<(String, Vec<String>)> = Vec::new();
    for route in pages {
        let paths = match sample.ids(route.path) {
            _ if !route.path.contains('{') => vec![route.path.trim_end_matches('/').to_owned()],
            Some(ids) => ids.iter().map(|id| route.path.replace("{id}", id)).collect(),
            None => continue,
        };
        asked_for.push((route.path.to_owned(), paths));
    }
    asked_for.extend(MORE.map(|path| (path.to_owned(), vec![path.to_owned()])));
    for (name, paths) in asked_for {
        let paths: Vec<String> = paths.into_iter().map(|path| format!("/console{path}")).collect();
        match asked(&mut desk, "GET", &paths, "", requests).await {
            Ok(times) => add(&format!("GET {name}"), &times),
            // What belongs to its author alone, or has no example, is said and not measured.
            Err(error) => println!("GET {name} was not measured: {error}"),
        }
    }
    let token = desk.token("/console/account").await?;
    for (name, posts, form) in [
        ("to all", &sample.approved, "scope=members&when=now"),
        ("to a profession", &sample.approved, "scope=where&profession=Pharmacist&when=now"),
        ("to all friends", &sample.approved, "scope=all_friends&all_friends_ok=1&when=now"),
        ("a correction to all", &sample.corrections, "scope=members&when=now"),
    ] {
        let paths: Vec<String> = posts.iter().map(|id| format!("/console/posts/{id}/send/confirm")).collect();
        match asked(&mut desk, "POST", &paths, &format!("csrf={token}&{form}"), requests).await {
            Ok(times) => add(&format!("POST /posts/{{id}}/send/confirm, {name}"), &times),
            Err(error) => println!("the confirmation {name} was not measured: {error}"),
        }
    }
    for period in ["", "?period=2026"] {
        let path = [format!("/console/figures{period}")];
        let mut times = Vec::new();
        for _ in 0..requests.div_ceil(10) {
            clock.advance(Duration::from_mins(2));
            times.extend(asked(&mut desk, "GET", &path, "", 1).await?.0);
        }
        times.sort_unstable();
        add(&format!("GET /figures{period}, counted anew"), &Times(times));
    }
    let backlog = centre.outbox_backlog().await?;
    println!("{backlog} items wait in the outbox");
    Ok(table)
}
