//! The words that are never personal: suggestions to decide on, the list, and a form for more.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    ids::WordId,
    screening::{AllowReason, Allowance, ListedWord, PiiKind},
    service::{ServiceError, WordDecision},
};

use super::{Asked, PAGE, when, written};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, When, place},
    words,
};

struct WordRow {
    id: String,
    word: String,
    kind: &'static str,
    reason: &'static str,
    comment: Option<String>,
    by: Text,
    at: Text,
    /// Within the console, where it was found.
    found_in: Option<String>,
}

impl WordRow {
    fn new(word: &ListedWord, desk: &Desk, names: &Names, when: &When<'_>) -> Self {
        let Allowance { kind, text, reason, comment } = &word.allowance;
        Self {
            id: word.id.to_string(),
            word: text.clone(),
            kind: kind.label_ja(),
            reason: reason.label_ja(),
            comment: comment.clone(),
            by: names.staff(word.by),
            at: when.at(word.at),
            found_in: word.found_in.as_ref().and_then(|subject| place(desk, subject)),
        }
    }
}

#[derive(Template)]
#[template(path = "listed.html")]
struct ListPage {
    shell: Shell,
    suggested: Vec<WordRow>,
    /// How many there are in all.
    suggestions: u64,
    next_suggested: Option<String>,
    accepted: Vec<WordRow>,
    next: Option<String>,
    sorts: [(&'static str, &'static str); 3],
    refused: Option<Text>,
    fields: Fields,
}

/// What a word can be written down as: its heading on the list, no more.
const SORTS: [(&str, &str, PiiKind, AllowReason); 3] = [
    ("organisation", "団体・施設の名称や連絡先", PiiKind::OrgName, AllowReason::Organisation),
    ("venue", "会場", PiiKind::OrgAddress, AllowReason::Organisation),
    ("lecturer", "講師・公表されている方", PiiKind::ProfessionalName, AllowReason::Published),
];

async fn drawn(
    app: &App,
    desk: &Desk,
    asked: &Asked,
    status: StatusCode,
    refused: Option<(Text, Fields)>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let by = desk.me();
    // One of the two lists goes on, the other begins.
    let (of_suggested, of_accepted) = match asked.view.as_deref() {
        Some("suggested") => (asked.cursor()?, None),
        _ => (None, asked.cursor()?),
    };
    let suggested = app.centre.listed_words(by, false, of_suggested, PAGE).await?;
    let accepted = app.centre.listed_words(by, true, of_accepted, PAGE).await?;
    let row = |word: &lupinus_core::store::Stored<ListedWord>| WordRow::new(&word.value, desk, &names, &when);
    let (refused, fields) = match refused {
        Some((sentence, fields)) => (Some(sentence), fields),
        None => (None, Fields::default()),
    };
    let page = ListPage {
        shell: Shell::inside(app, desk, "許可する語", "/words").having_done(asked.done.as_deref()),
        suggested: suggested.items.iter().map(row).collect(),
        suggestions: app.centre.suggested_words().await?,
        next_suggested: suggested.next.as_ref().map(written),
        accepted: accepted.items.iter().map(row).collect(),
        next: accepted.next.as_ref().map(written),
        sorts: SORTS.map(|(name, label, ..)| (name, label)),
        refused,
        fields,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, &asked, StatusCode::OK, None).await
}

async fn refused(app: &App, desk: &Desk, fields: Fields, error: ServiceError) -> Result<Response, Problem> {
    let sentence = match &error {
        ServiceError::WordList => {
            Text::from("2文字以上100文字以内の語を入力してください。登録できる数には限りがあります。")
        }
        error => match words::refusal(error) {
            Some(sentence) => sentence,
            None => return Err(Problem::broken(None)),
        },
    };
    drawn(app, desk, &Asked::default(), words::status(&error), Some((sentence, fields))).await
}

pub(crate) async fn add(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let sort = SORTS.iter().find(|(name, ..)| *name == fields.text("sort"));
    let Some((.., kind, reason)) = sort else { return Err(Problem::unreadable()) };
    let text = fields.text("word").trim().to_owned();
    let allowance = Allowance { kind: *kind, text, reason: *reason, comment: None };
    match app.centre.add_word(desk.me(), &allowance).await {
        Ok(()) => Ok(shell::go(&app, "/words", "word-add")),
        Err(error @ (ServiceError::Busy | ServiceError::Store(_) | ServiceError::NotAllowed)) => {
            Err(error.into())
        }
        Err(error) => refused(&app, &desk, fields, error).await,
    }
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(WordId, String)>,
) -> Result<Response, Problem> {
    let (decision, done) = match name.as_str() {
        "accept" => (WordDecision::Accept, "word-accept"),
        "decline" => (WordDecision::Decline, "word-decline"),
        "remove" => (WordDecision::Remove, "word-remove"),
        _ => return Err(Problem::not_found()),
    };
    app.centre.decide_word(desk.me(), id, decision).await?;
    Ok(shell::go(&app, "/words", done))
}
