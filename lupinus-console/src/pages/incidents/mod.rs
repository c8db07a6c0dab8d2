//! Incidents (漏えい等): the list, a record with its clocks, the printed report and the export.

mod form;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use lupinus_core::{
    audit::Subject,
    consultation::{Consultation, Voice},
    faq::{self, Faq},
    ids::{ConsultationId, EntryId, FaqId, IncidentId, PostId},
    incident::{
        Command, Facts, Ground, Incident, IncidentState, Item, MAX_ITEM_CHARS, Refusal, Report, Reported,
        Source,
    },
    outbox::DeliveryKind,
    post::Post,
    service::ServiceError,
    store::Entity,
};
use serde::Deserialize;

use self::form::{Differing, FactsForm, facts_of, merged};
use super::{Asked, PAGE, when, written};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    language::Language,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, When, place, trail},
    words,
};

/// The clock of the report that is due next.
pub(super) struct DueView {
    pub(super) words: Text,
    pub(super) css: &'static str,
}

pub(super) struct IncidentRow {
    pub(super) id: String,
    pub(super) summary: Text,
    pub(super) state: &'static str,
    pub(super) state_css: &'static str,
    pub(super) learned: Text,
    pub(super) due: Option<DueView>,
}

fn due(incident: &Incident, when: &When<'_>) -> Option<DueView> {
    let due = incident.due(when.now, when.zone)?;
    let (words, css) = when.until(say!("{report}の期限", report = due.report.label_ja()), due.by);
    Some(DueView { words, css })
}

impl IncidentRow {
    fn new(incident: &Incident, when: &When<'_>) -> Self {
        let summary = incident.facts.item(Item::Summary);
        Self {
            id: incident.id.to_string(),
            summary: if summary.is_empty() {
                Text::from("(概要は未入力)")
            } else {
                summary.chars().take(60).collect::<String>().into()
            },
            state: incident.state.label_ja(),
            state_css: incident.state.name(),
            learned: when.at(incident.facts.learned_at),
            due: due(incident, when),
        }
    }
}

/// The incidents in which something is to be done.
pub(super) async fn running(app: &Settings, desk: &Desk) -> Result<Vec<IncidentRow>, ServiceError> {
    let when = when(app);
    let running = app.centre.incidents(desk.me(), false, None, PAGE).await?;
    Ok(running.items.iter().map(|incident| IncidentRow::new(&incident.value, &when)).collect())
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct ListPage {
    shell: Shell,
    closed: bool,
    rows: Vec<IncidentRow>,
    next: Option<String>,
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let when = when(&app);
    let closed = asked.view.as_deref() == Some("closed");
    let found = app.centre.incidents(desk.me(), closed, asked.cursor()?, PAGE).await?;
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "漏えい等の記録", "/incidents").having_done(asked.done.as_deref()),
        closed,
        rows: found.items.iter().map(|incident| IncidentRow::new(&incident.value, &when)).collect(),
        next: found.next.as_ref().map(written),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

/// From where a record is begun.
#[derive(Default, Deserialize)]
pub(crate) struct From {
    /// `post/…`, `consultation/…` or `faq/…`.
    from: Option<String>,
    /// Which message or answer.
    entry: Option<String>,
}

impl From {
    fn source(&self) -> Result<Option<Source>, Problem> {
        let Some(from) = self.from.as_deref().filter(|from| !from.is_empty()) else { return Ok(None) };
        let subject = match from.split_once('/') {
            Some(("post", id)) => {
                Subject::new(&Post::KIND, id.parse::<PostId>().map_err(|_| Problem::not_found())?)
            }
            Some(("consultation", id)) => Subject::new(
                &Consultation::KIND,
                id.parse::<ConsultationId>().map_err(|_| Problem::not_found())?,
            ),
            Some(("faq", id)) => {
                Subject::new(&Faq::KIND, id.parse::<FaqId>().map_err(|_| Problem::not_found())?)
            }
            _ => return Err(Problem::not_found()),
        };
        let entry = self.entry.as_deref().filter(|entry| !entry.is_empty());
        let entry = entry.map(str::parse::<EntryId>).transpose().map_err(|_| Problem::not_found())?;
        Ok(Some(Source { subject, entry }))
    }
}

/// What is known already of what got through there.
async fn proposed(app: &Settings, desk: &Desk, source: Option<&Source>) -> Result<Facts, Problem> {
    let when = when(app);
    // Where care is what everything is about, one name makes all of it special-care information.
    let mut facts = Facts { special_care: true, ..Facts::new(when.now) };
    let Some(source) = source else { return Ok(facts) };
    let mut kinds: Vec<&str> = Vec::new();
    let summary = if let Some(id) = source.subject.id_of(&Post::KIND) {
        let id = id.parse::<PostId>().map_err(|_| Problem::not_found())?;
        let post = app.centre.post(id).await?.value;
        let deliveries = app.centre.deliveries_of(id).await?;
        let first = deliveries.iter().find(|delivery| delivery.value.kind == DeliveryKind::Production);
        kinds.extend(
            post.revision()
                .into_iter()
                .flat_map(|revision| &revision.marks)
                .map(|found| found.mark.kind.label_ja()),
        );
        match first {
            Some(first) => {
                let (sent, reached) = (when.at(first.value.started_at), app.centre.people_sent_to(id).await?);
                format!("{sent} から配信した投稿に、個人情報が含まれていた。配信先 {reached}人。")
            }
            None => "投稿に、個人情報が含まれていた。会員には配信していない。".to_owned(),
        }
    } else if let Some(id) = source.subject.id_of(&Faq::KIND) {
        let id = id.parse::<FaqId>().map_err(|_| Problem::not_found())?;
        match app.centre.faq(desk.me(), id).await?.value.state {
            faq::State::Published { at } => {
                format!("{} から会員に公開しているよくある質問に、個人情報が含まれていた。", when.at(at))
            }
            faq::State::Draft | faq::State::Withdrawn { .. } => {
                "よくある質問の文面に、個人情報が含まれていた。".to_owned()
            }
        }
    } else {
        let id = source.subject.id_of(&Consultation::KIND).unwrap_or_default();
        let id = id.parse::<ConsultationId>().map_err(|_| Problem::not_found())?;
        let consultation = app.centre.consultation(desk.me(), id).await?.value;
        let entry = consultation.thread.iter().find(|entry| Some(entry.id) == source.entry);
        match entry {
            Some(entry) if entry.from != Voice::Member => {
                format!("{} に会員へ送った相談の回答に、個人情報が含まれていた。", when.at(entry.at))
            }
            Some(entry) => {
                format!("{} に届いた相談の文章に、個人情報が伏せられずに残っていた。", when.at(entry.at))
            }
            None => "相談の中に、個人情報が伏せられずに残っていた。".to_owned(),
        }
    };
    kinds.sort_unstable();
    kinds.dedup();
    facts.items.insert(Item::Summary, summary);
    if !kinds.is_empty() {
        facts.items.insert(Item::Data, kinds.join("、"));
    }
    Ok(facts)
}

#[derive(Template)]
#[template(path = "incident_new.html")]
struct NewPage {
    shell: Shell,
    from: String,
    entry: String,
    href: Option<String>,
    form: FactsForm,
    max_item: usize,
    refused: Option<Text>,
}

fn new_page(
    app: &App,
    desk: &Desk,
    from: &From,
    form: FactsForm,
    refused: Option<(StatusCode, Text)>,
) -> Result<Response, Problem> {
    let (status, refused) = match refused {
        Some((status, sentence)) => (status, Some(sentence)),
        None => (StatusCode::OK, None),
    };
    let page = NewPage {
        shell: Shell::inside(app, desk, "漏えい等の記録を始める", "/incidents"),
        from: from.from.clone().unwrap_or_default(),
        entry: from.entry.clone().unwrap_or_default(),
        href: from.source()?.and_then(|source| place(desk, &source.subject)),
        form,
        max_item: MAX_ITEM_CHARS,
        refused,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn new_form(
    State(app): State<App>,
    desk: Desk,
    Query(from): Query<From>,
) -> Result<Response, Problem> {
    let source = from.source()?;
    if let Some(source) = &source
        && let Some(known) = app.centre.incident_from(desk.me(), source).await?
    {
        // It is known: one record is kept.
        return Ok(Redirect::to(&format!("{}/incidents/{}", app.base, known.value.id)).into_response());
    }
    let facts = proposed(&app, &desk, source.as_ref()).await?;
    new_page(&app, &desk, &from, FactsForm::of(&facts, &when(&app)), None)
}

pub(crate) async fn create(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let from = From { from: fields.some_owned("from"), entry: fields.some_owned("entry") };
    let source = from.source()?;
    let facts = match facts_of(&fields, &when(&app)) {
        Ok(facts) => facts,
        Err(sentence) => {
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, sentence.into());
            return new_page(&app, &desk, &from, FactsForm::typed(&fields), Some(refused));
        }
    };
    let by = desk.me();
    let opened = app.centre.transact(|mut work| {
        let (source, facts) = (source.clone(), facts.clone());
        async move {
            let incident = work.open_incident(by, source, facts).await?;
            work.done(incident.id)
        }
    });
    match opened.await {
        Ok(id) => Ok(shell::go(&app, &format!("/incidents/{id}"), "incident")),
        Err(ServiceError::Incident(Refusal::Known(id))) => {
            Ok(Redirect::to(&format!("{}/incidents/{id}", app.base)).into_response())
        }
        Err(error @ (ServiceError::Incident(_) | ServiceError::PersonalInformation(_))) => {
            let sentence = words::refusal(&error).unwrap_or_default();
            let refused = (words::status(&error), sentence);
            new_page(&app, &desk, &from, FactsForm::typed(&fields), Some(refused))
        }
        Err(error) => Err(error.into()),
    }
}

struct ReportView {
    label: &'static str,
    deadline: Text,
    done: Option<Text>,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    shell: Shell,
    id: String,
    state: &'static str,
    state_css: &'static str,
    due: Option<DueView>,
    grounds: Vec<&'static str>,
    reports: Vec<ReportView>,
    href: Option<String>,
    opened: Text,
    closed_because: Option<String>,
    form: FactsForm,
    /// Which saved state of the record the form was filled from.
    seen: u32,
    /// What somebody else saved meanwhile, where this one typed something else.
    differing: Vec<Differing>,
    max_item: usize,
    is_closed: bool,
    may_report_preliminary: bool,
    may_report_final: bool,
    needs_reason: bool,
    may_close: bool,
    reason: String,
    refused: Option<Text>,
    trail: Vec<TrailRow>,
}

fn said(reported: Option<Reported>, names: &Names, when: &When<'_>) -> Option<Text> {
    reported
        .map(|reported| say!("{at}({by})", at = when.on_paper(reported.at), by = names.staff(reported.by)))
}

fn reports(incident: &Incident, names: &Names, when: &When<'_>) -> Vec<ReportView> {
    let deadlines = incident.facts.deadlines(when.zone);
    vec![
        ReportView {
            label: Report::Preliminary.label_ja(),
            deadline: say!(
                "{preliminary_from}〜{preliminary_by}(知った日を1日目として3〜5日目)",
                preliminary_from = Text::DayOfYear(deadlines.preliminary_from),
                preliminary_by = Text::Day(deadlines.preliminary_by)
            ),
            done: said(incident.preliminary, names, when),
        },
        ReportView {
            label: Report::Final.label_ja(),
            deadline: say!(
                "{final_by}まで({days}日以内)",
                final_by = Text::DayOfYear(deadlines.final_by),
                days = if incident.facts.malicious { 60_u8 } else { 30 }
            ),
            done: said(incident.final_report, names, when),
        },
    ]
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: IncidentId,
    done: Option<&str>,
    refused: Option<(StatusCode, Text, Fields)>,
) -> Result<Response, Problem> {
    use IncidentState as S;
    let incident = app.centre.incident(desk.me(), id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let (status, refused, fields) = match refused {
        Some((status, sentence, fields)) => (status, Some(sentence), Some(fields)),
        None => (StatusCode::OK, None, None),
    };
    let kept = FactsForm::of(&incident.facts, &when);
    let typed = fields.as_ref().filter(|fields| fields.some("learned_date").is_some());
    let (form, differing) = match typed {
        Some(fields) if fields.text("seen") != incident.saved.to_string() => merged(fields, &kept),
        Some(fields) => (FactsForm::typed(fields), Vec::new()),
        None => (kept, Vec::new()),
    };
    let grounds = incident.facts.grounds();
    let page = IncidentPage {
        shell: Shell::inside(app, desk, "漏えい等の記録", "/incidents").having_done(done),
        id: id.to_string(),
        state: incident.state.label_ja(),
        state_css: incident.state.name(),
        due: due(&incident, &when),
        reports: reports(&incident, &names, &when),
        href: incident.source.as_ref().and_then(|source| place(desk, &source.subject)),
        opened: say!("{at}({by})", at = when.at(incident.opened_at), by = names.staff(incident.opened_by)),
        closed_because: incident.closed_because.clone(),
        form,
        seen: incident.saved,
        differing,
        max_item: MAX_ITEM_CHARS,
        is_closed: incident.is_closed(),
        may_report_preliminary: incident.state == S::Open,
        may_report_final: matches!(incident.state, S::Open | S::PreliminaryReported),
        needs_reason: incident.final_report.is_none(),
        may_close: !incident.is_closed() && (incident.final_report.is_some() || grounds.is_empty()),
        grounds: grounds.into_iter().map(Ground::label_ja).collect(),
        reason: fields.map_or_else(String::new, |fields| fields.text("reason").to_owned()),
        refused,
        trail: trail(&app.centre, &Subject::new(&Incident::KIND, id), &names, &when).await?,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<IncidentId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), None).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(IncidentId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let by = desk.me();
    let (command, done) = match name.as_str() {
        "save" => match facts_of(&fields, &when(&app)) {
            Ok(facts) => {
                let seen = fields.text("seen").parse().map_err(|_| Problem::unreadable())?;
                (Command::Save { facts: Box::new(facts), seen }, "incident-saved")
            }
            Err(sentence) => {
                let refused = (StatusCode::UNPROCESSABLE_ENTITY, sentence.into(), fields);
                return drawn(&app, &desk, id, None, Some(refused)).await;
            }
        },
        "report_preliminary" => (Command::Report(Report::Preliminary), "incident-report_preliminary"),
        "report_final" => (Command::Report(Report::Final), "incident-report_final"),
        "close" => (Command::Close { reason: fields.text("reason").trim().to_owned() }, "incident-close"),
        "reopen" => (Command::Reopen, "incident-reopen"),
        "export" => return export(&app, &desk, id).await,
        _ => return Err(Problem::not_found()),
    };
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            work.incident_command(by, id, command).await?;
            work.done(())
        }
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/incidents/{id}"), done)),
        Err(error @ (ServiceError::Incident(_) | ServiceError::PersonalInformation(_))) => {
            let mut sentence = words::refusal(&error).unwrap_or_default();
            if words::somebody_was_first(&error)
                && let Some(first) = first(&app, &desk, id).await?
            {
                sentence = Text::list("", [sentence, first]);
            }
            drawn(&app, &desk, id, None, Some((words::status(&error), sentence, fields))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Who was first, if it was somebody else.
async fn first(app: &Settings, desk: &Desk, id: IncidentId) -> Result<Option<Text>, ServiceError> {
    let entries = app.centre.audit_of(&Subject::new(&Incident::KIND, id)).await?;
    let me = lupinus_core::actor::Who::Staff(desk.staff.id);
    let Some(last) = entries.last().filter(|entry| entry.who != me) else { return Ok(None) };
    let names = Names::load(&app.centre).await?;
    Ok(Some(say!(
        "({who}さん・{action}・{at})",
        who = names.who(last.who),
        action = words::act(&last.action),
        at = when(app).at(last.at)
    )))
}

/// The record as a JSON file. A command, since the trail says who took it.
async fn export(app: &App, desk: &Desk, id: IncidentId) -> Result<Response, Problem> {
    let by = desk.me();
    let exported = app.centre.transact(|mut work| async move {
        let value = work.export_incident(by, id).await?;
        work.done(value)
    });
    let value = exported.await?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"incident-{id}.json\""));
    let name = name.map_err(|_| Problem::broken(None))?;
    Ok(([(header::CONTENT_DISPOSITION, name)], Json(value)).into_response())
}

#[derive(Template)]
#[template(path = "incident_report.html")]
struct PrintedPage {
    shell: Shell,
    id: String,
    state: &'static str,
    printed: Text,
    learned: Text,
    grounds: Vec<&'static str>,
    reports: Vec<ReportView>,
    form: FactsForm,
}

/// The nine items on a sheet for the printer.
pub(crate) async fn report(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<IncidentId>,
) -> Result<Response, Problem> {
    let incident = app.centre.incident(desk.me(), id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let page = PrintedPage {
        shell: Shell::inside(&app, &desk, "漏えい等の報告書", "/incidents"),
        id: id.to_string(),
        state: incident.state.label_ja(),
        printed: when.on_paper(when.now),
        learned: when.on_paper(incident.facts.learned_at),
        grounds: incident.facts.grounds().into_iter().map(Ground::label_ja).collect(),
        reports: reports(&incident, &names, &when),
        form: FactsForm::of(&incident.facts, &when),
    };
    // A record, which is in Japanese for everybody.
    shell::page(Language::Japanese, StatusCode::OK, &page)
}
