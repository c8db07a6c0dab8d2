//! The certificate (廃棄簿) on a sheet for the printer: what went, who proposed it, who decided, when, and the hash that they decided on.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    disposal::{Disposal, Item, State as Stage},
    figures::Period,
    ids::DisposalId,
};

use super::years;
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    language::Language,
    pages::when,
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, When},
};

/// Records of one class and fiscal year.
struct SumRow {
    class: &'static str,
    year: Text,
    years: Text,
    due: Text,
    listed: usize,
    kept: usize,
}

struct ItemRow {
    number: usize,
    class: &'static str,
    id: String,
    closed: Text,
    outcome: String,
}

#[derive(Template)]
#[template(path = "disposal_register.html")]
struct RegisterPage {
    shell: Shell,
    id: String,
    title: &'static str,
    state: &'static str,
    day: Text,
    proposed: String,
    decided: Option<(&'static str, String)>,
    ended: Option<Text>,
    reason: Option<String>,
    sums: Vec<SumRow>,
    listed: usize,
    kept: usize,
    list: String,
    rows: Vec<ItemRow>,
    printed: Text,
}

fn outcome(disposal: &Disposal, item: &Item) -> String {
    match &disposal.state {
        Stage::Done { spared, .. } => spared
            .get(&item.subject)
            .map_or_else(|| "廃棄".to_owned(), |kept| format!("存置({})", kept.label_ja())),
        Stage::Decided { .. } => "廃棄中".to_owned(),
        Stage::Proposed | Stage::Refused { .. } | Stage::Withdrawn { .. } => String::new(),
    }
}

fn is_kept(disposal: &Disposal, item: &Item) -> bool {
    matches!(&disposal.state, Stage::Done { spared, .. } if spared.contains_key(&item.subject))
}

fn sums(disposal: &Disposal) -> Vec<SumRow> {
    let listed = disposal.listed().into_iter();
    listed
        .map(|((class, year), listed)| SumRow {
            class: class.label_ja(),
            year: Text::Period(year),
            years: years(disposal.retention.of(class)),
            due: disposal
                .retention
                .due_on(class, year.first_day())
                .map_or_else(Text::default, Text::DayOfYear),
            listed,
            kept: disposal
                .items
                .iter()
                .filter(|item| item.class == class && Period::fiscal_year_of(item.closed_on) == Ok(year))
                .filter(|item| is_kept(disposal, item))
                .count(),
        })
        .collect()
}

fn decided(disposal: &Disposal, names: &Names, when: &When<'_>) -> Option<(&'static str, String)> {
    let (what, by, at) = match &disposal.state {
        Stage::Proposed => return None,
        Stage::Refused { by, at, .. } => ("不承認", by, at),
        Stage::Withdrawn { by, at } => ("取下げ", by, at),
        Stage::Decided { by, at } | Stage::Done { by, decided_at: at, .. } => ("決定", by, at),
    };
    Some((what, format!("{} {}", names.staff(*by), when.on_paper(*at))))
}

pub(crate) async fn register(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<DisposalId>,
) -> Result<Response, Problem> {
    let disposal = app.centre.disposal(desk.me(), id).await?.value;
    let (names, when) = (Names::load(&app.centre).await?, when(&app));
    let page = RegisterPage {
        shell: Shell::inside(&app, &desk, "廃棄簿", "/audit"),
        id: id.to_string(),
        // What nobody has decided on is the list that they read.
        title: if matches!(disposal.state, Stage::Decided { .. } | Stage::Done { .. }) {
            "廃棄簿"
        } else {
            "廃棄する記録の一覧(案)"
        },
        state: disposal.state.label_ja(),
        day: Text::DayOfYear(disposal.day),
        proposed: format!("{} {}", names.staff(disposal.proposed_by), when.on_paper(disposal.proposed_at)),
        decided: decided(&disposal, &names, &when),
        ended: match &disposal.state {
            Stage::Done { at, .. } => Some(when.on_paper(*at)),
            _ => None,
        },
        reason: match &disposal.state {
            Stage::Refused { reason, .. } => Some(reason.clone()),
            _ => None,
        },
        sums: sums(&disposal),
        listed: disposal.items.len(),
        kept: disposal.items.iter().filter(|item| is_kept(&disposal, item)).count(),
        list: disposal.hash().to_hex(),
        rows: (1..)
            .zip(&disposal.items)
            .map(|(number, item)| ItemRow {
                number,
                class: item.class.label_ja(),
                id: item.subject.as_str().split_once('/').map_or("", |(_, id)| id).to_owned(),
                closed: Text::DayOfYear(item.closed_on),
                outcome: outcome(&disposal, item),
            })
            .collect(),
        printed: when.on_paper(when.now),
    };
    // A record, which is in Japanese for everybody.
    shell::page(Language::Japanese, StatusCode::OK, &page)
}
