//! The figures of a month or a fiscal year, to look at, to print, and as CSV.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lupinus_core::figures::Period;
use serde::Deserialize;

use super::when;
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    report::{self, Cell, Chart, Section, Sheet, Table},
    shell::{self, Shell},
    text::{Text, filters},
    view::When,
};

#[derive(Default, Deserialize)]
pub(crate) struct AskedPeriod {
    period: Option<String>,
}

impl AskedPeriod {
    /// What was asked for; the present month when nothing was.
    pub(super) fn period(&self, when: &When<'_>) -> Result<Period, Problem> {
        let asked = self.period.as_deref().map(str::trim).filter(|period| !period.is_empty());
        let period = asked.map_or_else(|| Period::month_of(when.today()), str::parse);
        period.map_err(|_| Problem::unreadable())
    }
}

pub(super) struct TableView {
    /// Of its title in the page.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<(String, Vec<String>)>,
    pub(super) chart: Option<Chart>,
}

impl TableView {
    pub(super) fn new(id: String, table: &Table) -> Self {
        let drawn = table.rows.iter().filter_map(|(name, cells)| match cells.first() {
            Some(Cell::Number(number)) => Some((name.as_str(), *number)),
            _ => None,
        });
        let chart = if table.drawn { report::bars(&drawn.collect::<Vec<_>>()) } else { None };
        let rows = table
            .rows
            .iter()
            .map(|(name, cells)| (name.clone(), cells.iter().map(Cell::to_string).collect()));
        Self { id, title: table.title.clone(), columns: table.columns.clone(), rows: rows.collect(), chart }
    }
}

struct SectionView {
    number: usize,
    heading: &'static str,
    tables: Vec<TableView>,
}

/// The tables of a section; its number makes their ids.
pub(super) fn tables_of(section_number: usize, section: &Section) -> Vec<TableView> {
    let id = |number| format!("t{section_number}-{number}");
    (1..).zip(&section.tables).map(|(number, table)| TableView::new(id(number), table)).collect()
}

struct Choice {
    period: String,
    label: Text,
    current: bool,
}

impl Choice {
    fn new(period: Period, shown: Period) -> Self {
        Self { period: period.to_string(), label: Text::Period(period), current: period == shown }
    }
}

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    shell: Shell,
    period: String,
    label: Text,
    counted: Text,
    unfinished: bool,
    choices: Vec<Choice>,
    before: Option<String>,
    after: Option<String>,
    sections: Vec<SectionView>,
}

/// The sheet of a period, with when it was counted.
pub(super) async fn counted(
    app: &App,
    desk: &Desk,
    period: Period,
) -> Result<(Sheet, jiff::Timestamp), Problem> {
    let counted = app.counts.of(&app.centre, desk.me(), period).await?;
    let labels = report::Labels {
        professions: app.centre.policy().professions.clone(),
        areas: app.centre.policy().areas.clone(),
        bodies: app.centre.bodies().await?.into_iter().map(|body| (body.id, body.name)).collect(),
        kept_at: app.kept_at.clone(),
    };
    Ok((report::sheet(&counted.figures, &labels), counted.at))
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<AskedPeriod>,
) -> Result<Response, Problem> {
    let when = when(&app);
    let period = asked.period(&when)?;
    let (sheet, at) = counted(&app, &desk, period).await?;
    let month = Period::month_of(if period.is_year() { when.today() } else { period.first_day() });
    let year = Period::fiscal_year_of(period.first_day());
    let begun = |period: &Period| period.first_day() <= when.today();
    let page = FiguresPage {
        shell: Shell::inside(&app, &desk, "集計", "/figures"),
        period: period.to_string(),
        label: Text::Period(period),
        counted: when.at(at),
        unfinished: period.next_first_day() > when.today(),
        choices: [month, year].into_iter().flatten().map(|choice| Choice::new(choice, period)).collect(),
        before: period.before().map(|period| period.to_string()),
        after: period.after().filter(begun).map(|period| period.to_string()),
        sections: sheet
            .sections
            .iter()
            .enumerate()
            .map(|(place, section)| SectionView {
                number: place + 1,
                heading: section.heading,
                tables: tables_of(place + 1, section),
            })
            .collect(),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

pub(crate) async fn csv(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<AskedPeriod>,
) -> Result<Response, Problem> {
    let period = asked.period(&when(&app))?;
    let (sheet, _) = counted(&app, &desk, period).await?;
    let bytes = report::csv(&sheet).map_err(|_| Problem::broken(None))?;
    // A period is digits and a hyphen.
    let name = HeaderValue::from_str(&format!("attachment; filename=\"figures-{period}.csv\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    Ok((headers, bytes).into_response())
}
