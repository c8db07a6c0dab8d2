//! Consultations that somebody looks for. What they type is posted, so that no word of it stands in an address or a log.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use lupinus_core::{
    actor::Permission as P,
    consultation::{Consultation, ConsultationQuery, Topic},
    search::{MAX_QUERY_CHARS, Words},
    service::MAX_CONSULTATIONS_LOOKED_AT,
};

use super::ConsultationRow;
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::{PAGE, cursor_of, written},
    shell::{self, Shell},
    text::{Text, filters},
    view::Names,
};

/// The states as they are chosen.
const STATES: [(&str, &str); 4] =
    [("open", "受付"), ("assigned", "対応中"), ("awaiting_member", "返信待ち"), ("resolved", "解決")];
/// Chosen for what nobody has said, and for what nobody has.
const NONE: &str = "none";

/// A choice of a form: its value, its words, whether it is chosen.
type Choice = (String, Text, bool);

#[derive(Template)]
#[template(path = "consultations_find.html")]
struct FindPage {
    shell: Shell,
    words: String,
    max_words: usize,
    states: Vec<Choice>,
    topics: Vec<Choice>,
    handlers: Vec<Choice>,
    /// `None` before anybody has asked.
    rows: Option<Vec<ConsultationRow>>,
    next: Option<String>,
    looked_at: usize,
}

pub(crate) async fn form(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    shell::page(desk.language, StatusCode::OK, &drawn(&app, &desk, &names, &Fields::default()))
}

fn drawn(app: &App, desk: &Desk, names: &Names, fields: &Fields) -> FindPage {
    let chosen = |field: &str, value: &str| fields.text(field) == value;
    let choice = |field: &str, value: &str, label: Text| (value.to_owned(), label, chosen(field, value));
    let mut topics: Vec<Choice> =
        Topic::ALL.iter().map(|topic| choice("topic", topic.name(), topic.label_ja().into())).collect();
    topics.push(choice("topic", NONE, "分類なし".into()));
    let answering = names.staff.iter().filter(|staff| staff.roles.permit(P::AnswerConsultations));
    let mut handlers: Vec<Choice> =
        answering.map(|staff| choice("handler", &staff.id.to_string(), Text::given(&staff.name))).collect();
    handlers.push(choice("handler", NONE, "担当なし".into()));
    FindPage {
        shell: Shell::inside(app, desk, "相談を探す", "/consultations"),
        words: fields.text("words").to_owned(),
        max_words: MAX_QUERY_CHARS,
        states: STATES.iter().map(|(value, label)| choice("state", value, (*label).into())).collect(),
        topics,
        handlers,
        rows: None,
        next: None,
        looked_at: MAX_CONSULTATIONS_LOOKED_AT,
    }
}

pub(crate) async fn find(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let query = ConsultationQuery {
        words: Words::new(fields.text("words")),
        state: fields.some_owned("state"),
        topic: match fields.some("topic") {
            None => None,
            Some(NONE) => Some(None),
            Some(name) => Some(Some(Topic::from_name(name).ok_or_else(Problem::unreadable)?)),
        },
        handler: match fields.some("handler") {
            None => None,
            Some(NONE) => Some(None),
            Some(id) => Some(Some(id.parse().map_err(|_| Problem::unreadable())?)),
        },
    };
    let after = cursor_of(fields.some("after"))?;
    let found = app.centre.find_consultations(desk.me(), &query, after, PAGE).await?;
    let names = Names::load(&app.centre).await?;
    let consultations: Vec<&Consultation> = found.items.iter().map(|found| &found.value).collect();
    let page = FindPage {
        rows: Some(ConsultationRow::all(&app, &consultations, &names).await?),
        next: found.next.as_ref().map(written),
        ..drawn(&app, &desk, &names, &fields)
    };
    shell::page(desk.language, StatusCode::OK, &page)
}
