//! The trail of one day, and the check of all chains.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use lupinus_core::{
    actor::Permission as P,
    audit::{AuditEntry, ChainFault, Subject},
    service::AuditReport,
    store::{Entity, Scan, StoreExt},
};

use super::{Asked, when, written};
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, figure, place},
    words,
};

/// Entries on one page.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    date: String,
    date_words: Text,
    before: Option<String>,
    after: Option<String>,
    rows: Vec<TrailRow>,
    next: Option<String>,
    /// Whether this one may look at what is kept for how long.
    may_dispose: bool,
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
        may_dispose: desk.may(P::ManageSettings),
        shell: Shell::inside(&app, &desk, "記録", "/audit"),
        date: date.to_string(),
        date_words: Text::DayOfYear(date),
        before: date.yesterday().ok().map(|day| day.to_string()),
        after: (date < when.today()).then(|| next_day.to_string()),
        rows: found
            .items
            .iter()
            .map(|entry| TrailRow {
                href: place(&desk, &entry.value.subject),
                ..TrailRow::new(&entry.value, &names, &when)
            })
            .collect(),
        next: found.next.as_ref().map(written),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

/// The last check of the chains, while this program runs. It reads every entry there is, so that one runs at a time.
pub(crate) type LastCheck = tokio::sync::Mutex<Option<(AuditReport, jiff::Timestamp)>>;

/// Most faults that are named.
const MAX_FAULTS: usize = 200;

struct FaultRow {
    what: Text,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "audit_check.html")]
struct CheckPage {
    shell: Shell,
    /// When it was checked last, how many chains and entries, and whether they are whole.
    checked: Option<(Text, Text, Text)>,
    faults: Vec<FaultRow>,
    /// How many faults there are beside those named.
    more: usize,
    busy: bool,
}

fn fault(desk: &Desk, fault: &ChainFault) -> FaultRow {
    let about = |subject: &Subject, what: Text| FaultRow {
        what: say!("{about}:{what}", about = words::subject(subject), what),
        href: place(desk, subject),
    };
    match fault {
        ChainFault::Missing { subject, number } => {
            about(subject, say!("{number}番の記録がありません。", number))
        }
        ChainFault::Altered { subject, number } => {
            about(subject, say!("{number}番の記録が書き換えられています。", number))
        }
        ChainFault::Unlinked { subject, number } => {
            about(subject, say!("{number}番の記録が前の記録とつながりません。", number))
        }
        ChainFault::Cut { subject, expected, found } => about(
            subject,
            say!("{expected}番まであるはずの記録が{found}番で終わっています。", expected, found),
        ),
        ChainFault::Uncertified { subject } => {
            about(subject, Text::from("記録がなくなっています。廃棄簿にもありません。"))
        }
        ChainFault::Absent { subject } => about(subject, Text::from("記録がひとつもありません。")),
        ChainFault::Differs { subject, revision } => {
            about(subject, say!("第{revision}版の内容が記録と一致しません。", revision))
        }
        ChainFault::Ownerless { entries } => FaultRow {
            what: say!("どこにもつながらない記録が{entries}件あります。", entries),
            href: None,
        },
    }
}

fn checked(
    app: &App,
    desk: &Desk,
    last: Option<&(AuditReport, jiff::Timestamp)>,
    busy: bool,
) -> Result<Response, Problem> {
    let faults = last.map(|(report, _)| report.faults.as_slice()).unwrap_or_default();
    let page = CheckPage {
        shell: Shell::inside(app, desk, "記録の検査", "/audit"),
        checked: last
            .map(|(report, at)| (when(app).at(*at), figure(report.subjects), figure(report.entries))),
        faults: faults.iter().take(MAX_FAULTS).map(|found| fault(desk, found)).collect(),
        more: faults.len().saturating_sub(MAX_FAULTS),
        busy,
    };
    shell::page(desk.language, if busy { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

pub(crate) async fn check_page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    match app.checked.try_lock() {
        Ok(last) => checked(&app, &desk, last.as_ref(), false),
        // Somebody checks just now.
        Err(_) => checked(&app, &desk, None, true),
    }
}

/// Checks every chain, as `audit verify` does on the command line.
pub(crate) async fn check(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let Ok(mut last) = app.checked.try_lock() else { return checked(&app, &desk, None, true) };
    let report = app.centre.verify_audit(|_| {}).await?;
    let found = last.insert((report, app.centre.now()));
    checked(&app, &desk, Some(found), false)
}
