//! The trail of one day.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use lupinus_core::{
    audit::AuditEntry,
    store::{Entity, Scan, StoreExt},
};

use super::{Asked, when, written};
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    view::{Names, TrailRow},
};

/// Entries on one page.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    date: String,
    date_words: String,
    before: Option<String>,
    after: Option<String>,
    rows: Vec<TrailRow>,
    next: Option<String>,
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let when = when(&app);
    let date: Date = match asked.date.as_deref().map(str::trim).filter(|date| !date.is_empty()) {
        Some(date) => date.parse().map_err(|_| Problem::unreadable())?,
        None => when.today(),
    };
    let start = |day: Date| when.zone.to_timestamp(day.at(0, 0, 0, 0)).map_err(|_| Problem::unreadable());
    let next_day = date.tomorrow().map_err(|_| Problem::unreadable())?;
    let stamp = |at: jiff::Timestamp| format!("{:015}", at.as_millisecond());
    let scan = Scan::index(AuditEntry::KIND, "at")
        .between(stamp(start(date)?), stamp(start(next_day)?))
        .backwards()
        .after(asked.cursor()?)
        .limit(SHOWN);
    let found = app.centre.store().page::<AuditEntry>(&scan).await?;
    let names = Names::load(&app.centre).await?;
    let page = AuditPage {
        shell: Shell::inside(&app, &desk, "記録", "/audit"),
        date: date.to_string(),
        date_words: lupinus_core::calendar::date_year_ja(date),
        before: date.yesterday().ok().map(|day| day.to_string()),
        after: (date < when.today()).then(|| next_day.to_string()),
        rows: found.items.iter().map(|entry| TrailRow::new(&entry.value, &names, &when)).collect(),
        next: found.next.as_ref().map(written),
    };
    shell::page(StatusCode::OK, &page)
}
