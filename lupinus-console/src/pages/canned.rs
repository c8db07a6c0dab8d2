//! Canned answers: the list, one with its wordings, and what can be done with it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    audit::Subject,
    canned::{CannedAnswer, Command, MAX_TEXT_CHARS, MAX_TITLE_CHARS, Placeholder, Values, Wording, fill},
    ids::CannedId,
    screening::{self, Action},
    service::ServiceError,
    store::Entity,
};

use super::{Asked, start_of, when};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, Seg, TrailRow, diff, marked, trail},
    words,
};

/// How much of a text stands in the list, in `char`s.
const SHOWN: usize = 60;

struct Row {
    id: String,
    title: String,
    start: String,
    changed: Text,
}

#[derive(Template)]
#[template(path = "canned_list.html")]
struct ListPage {
    shell: Shell,
    current: Vec<Row>,
    retired: Vec<Row>,
    may_write: bool,
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let row = |answer: &CannedAnswer| {
        let wording = answer.wording();
        Row {
            id: answer.id.to_string(),
            title: wording.map(|wording| wording.title.clone()).unwrap_or_default(),
            start: wording.map(|wording| start_of(&wording.text, SHOWN)).unwrap_or_default(),
            changed: wording
                .map(|wording| say!("{by} {at}", by = names.staff(wording.by), at = when.at(wording.at)))
                .unwrap_or_default(),
        }
    };
    let current = app.centre.canned_answers(desk.me(), false).await?;
    let retired = app.centre.canned_answers(desk.me(), true).await?;
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "定型文", "/consultations").having_done(asked.done.as_deref()),
        current: current.iter().map(|stored| row(&stored.value)).collect(),
        retired: retired.iter().map(|stored| row(&stored.value)).collect(),
        may_write: desk.may(P::AnswerConsultations),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

struct WordingView {
    number: u32,
    title: String,
    by: Text,
    at: Text,
    /// What is different from the one before.
    changes: Vec<Seg>,
}

/// What was refused, with what screening found where.
struct Refused {
    sentence: Text,
    segs: Vec<Seg>,
}

#[derive(Template)]
#[template(path = "canned.html")]
struct OnePage {
    shell: Shell,
    /// `None` for a new one.
    id: Option<String>,
    heading: Text,
    retired: bool,
    number: u32,
    title: String,
    text: String,
    example: String,
    placeholders: Vec<(String, String)>,
    /// The earlier ones, the latest first.
    earlier: Vec<WordingView>,
    may_write: bool,
    max_title: usize,
    max_text: usize,
    refused: Option<Refused>,
    trail: Vec<TrailRow>,
    reads_trail: bool,
}

/// What placeholders stand for at this desk, for somebody with a profession.
fn example(app: &Settings, desk: &Desk) -> Values {
    let policy = app.centre.policy();
    let profession = policy.professions.offered().next().map(|choice| choice.label.clone());
    Values::at(app.centre.now(), &policy.hours, profession, desk.staff.name.clone())
}

async fn drawn(
    app: &App,
    desk: &Desk,
    answer: Option<&CannedAnswer>,
    done: Option<&str>,
    refused: Option<(StatusCode, Refused, Fields)>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let reads_trail = desk.may(P::ReadAudit);
    let wording = answer.and_then(CannedAnswer::wording);
    let stands =
        |part: fn(&Wording) -> &String| wording.map(|wording| part(wording).clone()).unwrap_or_default();
    let (status, refused, fields) = match refused {
        Some((status, refused, fields)) => (status, Some(refused), Some(fields)),
        None => (StatusCode::OK, None, None),
    };
    let typed = |name: &str| fields.as_ref().map(|fields| fields.text(name).to_owned());
    let text = typed("text").unwrap_or_else(|| stands(|wording| &wording.text));
    let values = example(app, desk);
    let wordings = answer.map(|answer| answer.wordings.as_slice()).unwrap_or_default();
    let before = std::iter::once(None).chain(wordings.iter().map(Some));
    let views = wordings.iter().zip(before).map(|(wording, before)| WordingView {
        number: wording.number,
        title: wording.title.clone(),
        by: names.staff(wording.by),
        at: when.at(wording.at),
        changes: diff(before.map_or("", |before| before.text.as_str()), &wording.text),
    });
    let mut earlier: Vec<WordingView> = views.collect();
    earlier.reverse();
    let title = typed("title").unwrap_or_else(|| stands(|wording| &wording.title));
    let heading = match answer {
        Some(_) => say!("定型文:{title}", title = stands(|wording| &wording.title)),
        None => Text::from("定型文を作る"),
    };
    let page = OnePage {
        shell: Shell::inside(app, desk, heading.clone(), "/consultations").having_done(done),
        id: answer.map(|answer| answer.id.to_string()),
        heading,
        retired: answer.is_some_and(|answer| answer.retired),
        // Of somebody else's change meanwhile the page shows what it changed, beside what was typed.
        number: answer.map_or(0, CannedAnswer::number),
        title,
        example: fill(&text, &values),
        text,
        placeholders: Placeholder::ALL
            .map(|placeholder| {
                let written = format!("{{{}}}", placeholder.name_ja());
                let stands_for = fill(&written, &values);
                (written, stands_for)
            })
            .to_vec(),
        earlier,
        may_write: desk.may(P::AnswerConsultations),
        max_title: MAX_TITLE_CHARS,
        max_text: MAX_TEXT_CHARS,
        refused,
        trail: match answer {
            Some(answer) if reads_trail => {
                trail(&app.centre, &Subject::new(&CannedAnswer::KIND, answer.id), &names, &when).await?
            }
            _ => Vec::new(),
        },
        reads_trail: reads_trail && answer.is_some(),
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn new_form(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    drawn(&app, &desk, None, None, None).await
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<CannedId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let answer = app.centre.canned_answer(desk.me(), id).await?.value;
    drawn(&app, &desk, Some(&answer), asked.done.as_deref(), None).await
}

pub(crate) async fn create(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let (by, title, text) = (desk.me(), fields.text("title"), fields.text("text"));
    let outcome = app.centre.transact(|mut work| async move {
        let made = work.write_canned(by, title, text).await?;
        work.done(made)
    });
    match outcome.await {
        Ok(made) => Ok(shell::go(&app, &format!("/answers/{}", made.id), "canned")),
        Err(error) => refused(&app, &desk, None, fields, error).await,
    }
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(CannedId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let number = |field: &str| fields.text(field).parse::<u32>().map_err(|_| Problem::unreadable());
    let command = match name.as_str() {
        "change" => Command::Change {
            title: fields.text("title").to_owned(),
            text: fields.text("text").to_owned(),
            seen: number("seen")?,
        },
        "revert" => Command::Revert { to: number("to")?, seen: number("seen")? },
        "retire" => Command::Retire,
        "restore" => Command::Restore,
        _ => return Err(Problem::not_found()),
    };
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            work.canned_command(by, id, command).await?;
            work.done(())
        }
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/answers/{id}"), &format!("canned-{name}"))),
        Err(error) => {
            // Only what was typed into the form is shown there again.
            let fields = if name == "change" { fields } else { Fields::default() };
            refused(&app, &desk, Some(id), fields, error).await
        }
    }
}

async fn refused(
    app: &App,
    desk: &Desk,
    id: Option<CannedId>,
    fields: Fields,
    error: ServiceError,
) -> Result<Response, Problem> {
    if matches!(error, ServiceError::NotFound(_) | ServiceError::NotAllowed) {
        return Err(error.into());
    }
    let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
    let mut segs = Vec::new();
    if matches!(error, ServiceError::PersonalInformation(_)) {
        let text = [fields.text("title"), fields.text("text")].join("\n");
        let marks = app.centre.screen().check(&text, screening::Context::StaffAnswer).marks;
        segs = marked(&text, marks.iter().filter(|mark| mark.action == Action::Block));
    }
    let answer = match id {
        Some(id) => Some(app.centre.canned_answer(desk.me(), id).await?.value),
        None => None,
    };
    let typed = if fields.text("text").is_empty() && fields.text("title").is_empty() {
        answer.as_ref().and_then(CannedAnswer::wording).map_or_else(Fields::default, |wording| {
            Fields::default().with("title", wording.title.as_str()).with("text", wording.text.as_str())
        })
    } else {
        fields
    };
    let refused = (words::status(&error), Refused { sentence, segs }, typed);
    drawn(app, desk, answer.as_ref(), None, Some(refused)).await
}
