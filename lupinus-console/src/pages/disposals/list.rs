//! What may go now, what may go next, for how long things are kept, and every disposal.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Role,
    disposal::{Class, Disposal, MAX_ITEMS},
    figures::Period,
};

use super::{CountRow, YearLink, figure, years};
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    pages::{Asked, when},
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, place},
    words,
};

/// What may go now, of one class and year.
struct DueRow {
    of: CountRow,
    years: Text,
    due_on: Text,
}

struct DisposalRow {
    id: String,
    title: Text,
    proposed: Text,
    state: &'static str,
    state_css: &'static str,
}

struct ExtensionRow {
    href: Option<String>,
    subject: Text,
    until: Text,
    reason: String,
    by: Text,
}

#[derive(Template)]
#[template(path = "disposals.html")]
struct ListPage {
    shell: Shell,
    due: Vec<DueRow>,
    /// How many records that are.
    records: Text,
    /// Whether they are more than one list takes.
    takes_several: bool,
    /// The years whose figures go with them.
    figures: Vec<YearLink>,
    /// The disposal that waits or is under way.
    open: Option<String>,
    is_alone: bool,
    /// The day on which more may go, and what that is.
    next: Option<(Text, Vec<CountRow>)>,
    rows: Vec<DisposalRow>,
    kept: Vec<(&'static str, Text)>,
    extensions: Vec<ExtensionRow>,
    refused: Option<Text>,
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, asked.done.as_deref(), None).await
}

pub(crate) async fn propose(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let by = desk.me();
    let proposed = app.centre.transact(|mut work| async move {
        let disposal = work.propose_disposal(by).await?;
        work.done(disposal.id)
    });
    match proposed.await {
        Ok(id) => Ok(shell::go(&app, &format!("/disposals/{id}"), "disposal-propose")),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => drawn(&app, &desk, None, Some((words::status(&error), sentence))).await,
            None => Err(error.into()),
        },
    }
}

fn row(disposal: &Disposal, names: &Names, when: &crate::view::When<'_>) -> DisposalRow {
    let records = disposal.counts().values().sum::<usize>();
    DisposalRow {
        id: disposal.id.to_string(),
        title: say!(
            "{years}に終わった記録 {n}件",
            years = Text::list("、", disposal.years().into_iter().map(Text::Period)),
            n = records
        ),
        proposed: say!(
            "{by}が{at}に提案",
            by = names.staff(disposal.proposed_by),
            at = when.at(disposal.proposed_at)
        ),
        state: disposal.state.label_ja(),
        state_css: disposal.state.name(),
    }
}

async fn drawn(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    refused: Option<(StatusCode, Text)>,
) -> Result<Response, Problem> {
    let (names, when) = (Names::load(&app.centre).await?, when(app));
    let retention = app.centre.policy().retention;
    let next_day = Period::fiscal_year_of(when.today()).map_or(when.today(), Period::next_first_day);
    let all = app.centre.past_retention(desk.me(), &retention, next_day).await?;
    let is_due = |class, year: Period| {
        retention.due_on(class, year.first_day()).is_some_and(|due_on| due_on <= when.today())
    };
    let (now, then): (BTreeMap<_, _>, BTreeMap<_, _>) =
        all.into_iter().partition(|((class, year), _)| is_due(*class, *year));
    let rows = then.into_iter().map(|((class, year), records)| CountRow::new(class, year, records));
    let next =
        Some((Text::DayOfYear(next_day), rows.collect::<Vec<_>>())).filter(|(_, rows)| !rows.is_empty());
    let disposals = app.centre.disposals(desk.me()).await?;
    let records = now.values().sum::<usize>();
    let closed_in: BTreeSet<Period> = now.keys().map(|(_, year)| *year).collect();
    let administrators =
        names.staff.iter().filter(|staff| staff.active && staff.roles.has(Role::Administrator));
    let extensions = app.centre.extensions(desk.me()).await?;
    let subjects: Vec<_> = extensions.iter().map(|extension| &extension.subject).collect();
    let there = app.centre.still_there(&subjects).await?;
    let page = ListPage {
        shell: Shell::inside(app, desk, "保存年限と廃棄", "/audit").having_done(done),
        due: now
            .iter()
            .map(|((class, year), records)| DueRow {
                of: CountRow::new(*class, *year, *records),
                years: years(retention.of(*class)),
                due_on: retention
                    .due_on(*class, year.first_day())
                    .map_or_else(Text::default, Text::DayOfYear),
            })
            .collect(),
        records: figure(records),
        takes_several: records > MAX_ITEMS,
        figures: YearLink::all(&closed_in),
        open: disposals.iter().find(|disposal| disposal.is_open()).map(|open| open.id.to_string()),
        is_alone: administrators.count() < 2,
        next,
        rows: disposals.iter().map(|disposal| row(disposal, &names, &when)).collect(),
        kept: Class::ALL.map(|class| (class.label_ja(), years(retention.of(class)))).into(),
        extensions: extensions
            .iter()
            .map(|extension| ExtensionRow {
                href: place(desk, &extension.subject).filter(|_| there.contains(&extension.subject)),
                subject: words::subject(&extension.subject),
                until: Text::DayOfYear(extension.until),
                reason: extension.reason.clone(),
                by: names.staff(extension.by),
            })
            .collect(),
        refused: refused.as_ref().map(|(_, sentence)| sentence.clone()),
    };
    shell::page(desk.language, refused.map_or(StatusCode::OK, |(status, _)| status), &page)
}
