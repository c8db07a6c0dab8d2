//! The list of consultations, one thread, and what can be done with it.

mod commands;
mod finding;
mod others;
mod thread;

use std::time::Duration;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    consultation::Consultation,
    member::Member,
    service::{ConsultationFilter, ServiceError},
};

pub(crate) use self::{
    commands::{command, media},
    finding::{find, form},
    thread::page,
};
use super::{Asked, PAGE, served, start_of, when, written};
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, spent},
};

/// A wait of more opening time than this is shown as long.
const LONG: Duration = Duration::from_hours(2);

/// One line of a list of consultations.
pub(super) struct ConsultationRow {
    pub(super) id: String,
    pub(super) who: Text,
    pub(super) topic: &'static str,
    pub(super) state: &'static str,
    pub(super) state_css: &'static str,
    pub(super) handler: Option<Text>,
    pub(super) opened: Text,
    pub(super) waiting: Option<Text>,
    pub(super) long: bool,
    pub(super) masked: bool,
    pub(super) reopened: bool,
    pub(super) tags: Vec<String>,
    pub(super) entries: usize,
}

impl ConsultationRow {
    /// A line for each, in their order; whoever asked is read once for all of them.
    pub(super) async fn all(
        app: &Settings,
        consultations: &[&Consultation],
        names: &Names,
    ) -> Result<Vec<Self>, ServiceError> {
        let members = app.centre.members(consultations.iter().map(|one| one.member)).await?;
        let lines = consultations.iter().zip(&members);
        Ok(lines.map(|(one, member)| Self::new(app, one, member.as_ref(), names)).collect())
    }

    pub(super) fn new(
        app: &Settings,
        consultation: &Consultation,
        member: Option<&Member>,
        names: &Names,
    ) -> Self {
        let when = when(app);
        let waiting = consultation.waiting_time(&app.centre.policy().hours, when.now);
        Self {
            id: consultation.id.to_string(),
            who: Names::member(member, &app.centre.policy().professions),
            topic: consultation.topic.map_or("分類なし", lupinus_core::consultation::Topic::label_ja),
            state: consultation.state.label_ja(),
            state_css: consultation.state.name(),
            handler: names.handler(consultation),
            opened: when.at(consultation.opened_at),
            waiting: waiting.map(spent),
            long: waiting.is_some_and(|waiting| waiting >= LONG),
            masked: consultation.thread.iter().any(|entry| !entry.masked.is_empty()),
            reopened: consultation.reopened > 0,
            tags: consultation.tags.iter().cloned().collect(),
            entries: consultation.thread.len(),
        }
    }
}

async fn member_of(app: &Settings, consultation: &Consultation) -> Result<Option<Member>, ServiceError> {
    match app.centre.member(consultation.member).await {
        Ok(member) => Ok(Some(member.value)),
        Err(ServiceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "consultations.html")]
struct ListPage {
    shell: Shell,
    views: Vec<(&'static str, &'static str, bool)>,
    view: String,
    rows: Vec<ConsultationRow>,
    next: Option<String>,
    waiting: u64,
    unresolved: u64,
    oldest: Option<Text>,
    closed_since: Option<Text>,
}

/// Since when the channel takes no consultations; `None` while it does.
pub(super) async fn closed_since(app: &Settings) -> Result<Option<Text>, ServiceError> {
    let reception = app.centre.reception().await?;
    Ok(reception.filter(|reception| !reception.is_open).map(|reception| when(app).at(reception.since)))
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    const VIEWS: [(&str, &str); 5] = [
        ("waiting", "回答待ち"),
        ("mine", "自分の担当"),
        ("unresolved", "未解決"),
        ("resolved", "解決済み"),
        ("all", "すべて"),
    ];
    let names = Names::load(&app.centre).await?;
    let view = asked.view.clone().unwrap_or_else(|| "waiting".to_owned());
    let filter = match view.as_str() {
        "waiting" => ConsultationFilter::Waiting,
        "mine" => ConsultationFilter::Mine(desk.staff.id),
        "unresolved" => ConsultationFilter::Unresolved,
        "resolved" => ConsultationFilter::Resolved,
        "all" => ConsultationFilter::All,
        _ => return Err(Problem::not_found()),
    };
    let found = app.centre.consultations(desk.me(), filter, asked.cursor()?, PAGE).await?;
    let consultations: Vec<&Consultation> = found.items.iter().map(|found| &found.value).collect();
    let figures = app.centre.consultation_figures().await?;
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "相談", "/consultations").having_done(asked.done.as_deref()),
        views: VIEWS.into_iter().map(|(name, label)| (name, label, name == view)).collect(),
        view,
        rows: ConsultationRow::all(&app, &consultations, &names).await?,
        next: found.next.as_ref().map(written),
        waiting: figures.waiting,
        unresolved: figures.unresolved,
        oldest: figures.oldest_waiting.map(spent),
        closed_since: closed_since(&app).await?,
    };
    shell::page(desk.language, StatusCode::OK, &page)
}
