//! Frequently asked questions: the list, the form in which a consultation becomes a draft, one entry with its wordings, and what can be
//! done with it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    audit::Subject,
    consultation::Topic,
    faq::{
        self, Command, Faq, FaqQuery, MAX_ANSWER_CHARS, MAX_QUESTION_CHARS, Refusal, Seen, Why, Wording,
        Words,
    },
    hash::Sha256Hash,
    ids::{ConsultationId, FaqId},
    screening::{self, Action, AllowList, Allowance, Mark, OwnWords},
    search::{self, MAX_QUERY_CHARS},
    service::ServiceError,
    store::Entity,
};

use super::{
    Asked, start_of,
    vetting::{Finding, Reasons, findings, reasons, vetting},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, Seg, TrailRow, diff, kept, trail},
    words,
};

/// How much of an answer stands in the list, in `char`s.
const SHOWN: usize = 60;

/// The states as they are chosen.
const STATES: [(&str, &str); 3] = [("draft", "下書き"), ("published", "公開中"), ("withdrawn", "取下げ")];

/// A choice of a form: its value, its words, whether it is chosen.
type Choice = (&'static str, &'static str, bool);

fn topics(chosen: &str) -> Vec<Choice> {
    Topic::ALL.map(|topic| (topic.name(), topic.label_ja(), topic.name() == chosen)).to_vec()
}

struct Row {
    id: String,
    question: String,
    start: String,
    topic: &'static str,
    state: &'static str,
    state_css: &'static str,
    changed: Text,
}

#[derive(Template)]
#[template(path = "faq_list.html")]
struct ListPage {
    shell: Shell,
    words: String,
    max_words: usize,
    states: Vec<Choice>,
    topics: Vec<Choice>,
    rows: Vec<Row>,
}

async fn listed(app: &App, desk: &Desk, asked: &Asked, fields: &Fields) -> Result<Response, Problem> {
    let state = fields.text("state");
    let query = FaqQuery {
        words: search::Words::new(fields.text("words")),
        state: STATES.iter().map(|(name, _)| *name).find(|name| *name == state),
        topic: Topic::from_name(fields.text("topic")),
    };
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let entries = app.centre.faqs(desk.me(), &query).await?;
    let rows = entries.iter().filter_map(|read| {
        let wording = read.value.wording()?;
        Some(Row {
            id: read.value.id.to_string(),
            question: wording.question.clone(),
            start: start_of(&wording.answer, SHOWN),
            topic: wording.topic.label_ja(),
            state: read.value.state.label_ja(),
            state_css: state_css(&read.value),
            changed: say!("{by} {at}", by = names.staff(wording.by), at = when.at(wording.at)),
        })
    });
    let page = ListPage {
        shell: Shell::inside(app, desk, "よくある質問", "/consultations").having_done(asked.done.as_deref()),
        words: fields.text("words").to_owned(),
        max_words: MAX_QUERY_CHARS,
        states: STATES.map(|(name, label)| (name, label, name == state)).to_vec(),
        topics: topics(fields.text("topic")),
        rows: rows.collect(),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

/// How the state looks: what waits, what members read, what is over.
fn state_css(entry: &Faq) -> &'static str {
    match entry.state {
        faq::State::Draft => "open",
        faq::State::Published { .. } => "approved",
        faq::State::Withdrawn { .. } => "withdrawn",
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    listed(&app, &desk, &asked, &Fields::default()).await
}

/// What somebody types is posted, so that no word of it stands in an address or a log.
pub(crate) async fn find(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    listed(&app, &desk, &Asked::default(), &fields).await
}

/// What was refused, with what screening found where.
struct Refused {
    status: StatusCode,
    sentence: Text,
    segs: Vec<Seg>,
}

/// Question, answer and topic as a form has them, with what is to be said of them.
struct Form {
    question: String,
    answer: String,
    topics: Vec<Choice>,
    findings: Vec<Finding>,
    must_confirm: bool,
    max_question: usize,
    max_answer: usize,
}

impl Form {
    fn of(app: &Settings, words: &Words, allowed: &[Allowance]) -> Self {
        let (question, answer) = (marks(app, &words.question, &[]), marks(app, &words.answer, &[]));
        let is_open = |mark: &Mark| mark.action == Action::Warn;
        Self {
            findings: findings(&[(&words.question, &question), (&words.answer, &answer)], allowed),
            must_confirm: question.iter().chain(&answer).any(is_open),
            question: words.question.clone(),
            answer: words.answer.clone(),
            topics: topics(words.topic.name()),
            max_question: MAX_QUESTION_CHARS,
            max_answer: MAX_ANSWER_CHARS,
        }
    }
}

/// What screening finds in what many read, where this was let pass.
fn marks(app: &Settings, text: &str, allowed: &[Allowance]) -> Vec<Mark> {
    let allowed = allowed.iter().map(|allowance| allowance.text.as_str());
    let own = OwnWords { allowed: AllowList::new(allowed).unwrap_or_default(), ..OwnWords::default() };
    app.centre.screen().check_within(text, screening::Context::Post, &own).marks
}

/// A text with its masked places and with what somebody should look at; what was let pass is marked as that.
fn looked_at(app: &Settings, text: &str, allowed: &[Allowance]) -> Vec<Seg> {
    let found = marks(app, text, allowed);
    let let_pass = |mark: &&Mark| {
        let words = text.get(mark.start..mark.end);
        mark.action != Action::Allow || allowed.iter().any(|given| words == Some(given.text.as_str()))
    };
    kept(text, found.iter().filter(let_pass))
}

fn typed(fields: &Fields) -> Words {
    Words {
        question: fields.text("question").trim().to_owned(),
        answer: fields.text("answer").trim().to_owned(),
        topic: Topic::from_name(fields.text("topic")).unwrap_or(Topic::Other),
    }
}

/// What to say of a refusal; an error where there is nothing to say.
fn refused(app: &Settings, words: &Words, error: ServiceError) -> Result<Refused, Problem> {
    if matches!(error, ServiceError::NotFound(_) | ServiceError::NotAllowed) {
        return Err(error.into());
    }
    let sentence = match &error {
        ServiceError::PersonalInformation(_) => {
            Some(Text::from("個人情報と思われる記載があります。だれのことか分からない言葉に直してください。"))
        }
        ServiceError::ConfirmationNeeded(_) => Some(Text::from(
            "氏名などと思われる記載があります。残して差し支えないか確認し、「確認しました」を選んでから保存してください。",
        )),
        _ => words::refusal(&error),
    };
    let Some(sentence) = sentence else { return Err(error.into()) };
    let found = matches!(error, ServiceError::PersonalInformation(_) | ServiceError::ConfirmationNeeded(_));
    let segs = if found {
        let text = format!("{}\n\n{}", words.question, words.answer);
        looked_at(app, &text, &[])
    } else {
        Vec::new()
    };
    Ok(Refused { status: words::status(&error), sentence, segs })
}

#[derive(Template)]
#[template(path = "faq_new.html")]
struct NewPage {
    shell: Shell,
    consultation: String,
    /// By what it is told that what the consultation says was read.
    seen: String,
    form: Form,
    refused: Option<Refused>,
    reasons: Reasons,
}

fn new_page(
    app: &App,
    desk: &Desk,
    consultation: ConsultationId,
    seen: Sha256Hash,
    form: Form,
    refused: Option<Refused>,
) -> Result<Response, Problem> {
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = NewPage {
        shell: Shell::inside(app, desk, "よくある質問にする", "/consultations"),
        consultation: consultation.to_string(),
        seen: seen.to_string(),
        form,
        refused,
        reasons: reasons(),
    };
    shell::page(desk.language, status, &page)
}

/// The form of a draft, with what the consultation says: nothing is stored before it is saved.
pub(crate) async fn new_form(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response, Problem> {
    if let Some(entry) = app.centre.faq_of(desk.me(), id).await? {
        return Ok(shell::go(&app, &format!("/faq/{}", entry.value.id), ""));
    }
    let (words, seen) = app.centre.suggested_faq(desk.me(), id).await?;
    new_page(&app, &desk, id, seen, Form::of(&app, &words, &[]), None)
}

pub(crate) async fn create(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (by, words, vetting) = (desk.me(), &typed(&fields), &vetting(&fields));
    let seen: Sha256Hash = fields.text("seen").parse().map_err(|_| Problem::unreadable())?;
    let outcome = app.centre.transact(|mut work| async move {
        let made = work.draft_faq(by, id, words, seen, vetting).await?;
        work.done(made.id)
    });
    match outcome.await {
        Ok(made) => Ok(shell::go(&app, &format!("/faq/{made}"), "faq")),
        Err(error) => {
            // Of words that changed whoever reads this sentence is told; what they send next is about those that stand there now.
            let seen = match app.centre.suggested_faq(by, id).await {
                Ok((_, now)) => now,
                Err(_) => seen,
            };
            let refused = refused(&app, words, error)?;
            new_page(&app, &desk, id, seen, Form::of(&app, words, &vetting.allowed), Some(refused))
        }
    }
}

struct WordingView {
    number: u32,
    by: Text,
    at: Text,
    /// What is different from the one before.
    changes: Vec<Seg>,
}

#[derive(Template)]
#[template(path = "faq.html")]
struct EntryPage {
    shell: Shell,
    id: String,
    state: faq::State,
    state_css: &'static str,
    number: u32,
    question: Vec<Seg>,
    answer: Vec<Seg>,
    topic: &'static str,
    /// The earlier ones, the latest first.
    earlier: Vec<WordingView>,
    drafted_by: Text,
    changed: Text,
    confirmed: Option<Text>,
    withdrawn: Option<(Text, &'static str)>,
    /// The consultation that it came from, while there is one.
    consultation: Option<String>,
    form: Form,
    refused: Option<Refused>,
    /// Whether what was refused is a change of the words.
    in_form: bool,
    ticked: Seen,
    reasons: Reasons,
    /// For what it can be withdrawn as it stands.
    whys: Vec<(&'static str, &'static str)>,
    may_write: bool,
    may_report: bool,
    /// Whether this one wrote it, and somebody else is to look.
    is_own: bool,
    trail: Vec<TrailRow>,
    reads_trail: bool,
}

fn seen(fields: &Fields) -> Seen {
    Seen {
        nobody_named: fields.ticked("nobody_named"),
        nobody_told_by_all_together: fields.ticked("nobody_told_by_all_together"),
    }
}

fn as_one(wording: &Wording) -> String {
    format!("{}\n\n{}", wording.question, wording.answer)
}

/// What became of a form.
#[derive(Default)]
struct Answered {
    refused: Option<Refused>,
    fields: Fields,
    /// Whether it was the form of the words.
    is_change: bool,
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: FaqId,
    done: Option<&str>,
    answered: Answered,
) -> Result<Response, Problem> {
    let entry = app.centre.faq(desk.me(), id).await?.value;
    let Some(wording) = entry.wording() else { return Err(Problem::not_found()) };
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let before = std::iter::once(None).chain(entry.wordings.iter().map(Some));
    let views = entry.wordings.iter().zip(before).map(|(wording, before)| WordingView {
        number: wording.number,
        by: names.staff(wording.by),
        at: when.at(wording.at),
        changes: diff(&before.map(as_one).unwrap_or_default(), &as_one(wording)),
    });
    let mut earlier: Vec<WordingView> = views.collect();
    earlier.reverse();
    let form = if answered.is_change {
        Form::of(app, &typed(&answered.fields), &vetting(&answered.fields).allowed)
    } else {
        let Wording { question, answer, topic, allowed, .. } = wording.clone();
        Form::of(app, &Words { question, answer, topic }, &allowed)
    };
    let consultation = match app.centre.consultation(desk.me(), entry.consultation).await {
        Ok(read) => Some(read.value.id.to_string()),
        Err(ServiceError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let said = |by, at| say!("{by} {at}", by = names.staff(by), at = when.at(at));
    let reads_trail = desk.may(P::ReadAudit);
    let whys = Why::ALL.into_iter().filter(|why| entry.may_be_withdrawn(*why));
    let page = EntryPage {
        shell: Shell::inside(app, desk, "よくある質問", "/consultations").having_done(done),
        id: id.to_string(),
        state: entry.state,
        state_css: state_css(&entry),
        number: wording.number,
        question: looked_at(app, &wording.question, &wording.allowed),
        answer: looked_at(app, &wording.answer, &wording.allowed),
        topic: wording.topic.label_ja(),
        earlier,
        drafted_by: names.staff(entry.drafted_by),
        changed: said(wording.by, wording.at),
        confirmed: match entry.state {
            faq::State::Published { at } => wording.confirmed_by.map(|by| said(by, at)),
            faq::State::Draft | faq::State::Withdrawn { .. } => None,
        },
        withdrawn: match entry.state {
            faq::State::Withdrawn { by, at, why } => Some((said(by, at), why.label_ja())),
            faq::State::Draft | faq::State::Published { .. } => None,
        },
        consultation,
        form,
        in_form: answered.is_change,
        ticked: seen(&answered.fields),
        reasons: reasons(),
        whys: whys.map(|why| (why.name(), why.label_ja())).collect(),
        may_write: desk.may(P::AnswerConsultations),
        may_report: desk.may(P::HandleIncidents),
        is_own: entry.is_by(desk.staff.id),
        trail: if reads_trail {
            trail(&app.centre, &Subject::new(&Faq::KIND, id), &names, &when).await?
        } else {
            Vec::new()
        },
        reads_trail,
        refused: answered.refused,
    };
    let status = page.refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<FaqId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), Answered::default()).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(FaqId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let number = |field: &str| fields.text(field).parse::<u32>().map_err(|_| Problem::unreadable());
    let is_change = name == "change";
    let command = match name.as_str() {
        "change" => Command::Change { words: typed(&fields), allowed: Vec::new(), seen: number("seen")? },
        "revert" => Command::Revert { to: number("to")?, seen: number("seen")? },
        "publish" => Command::Publish { seen: number("seen")?, confirmed: seen(&fields) },
        "withdraw" => {
            Command::Withdraw { why: Why::from_name(fields.text("why")).ok_or_else(Problem::unreadable)? }
        }
        _ => return Err(Problem::not_found()),
    };
    let (by, vetting) = (desk.me(), &vetting(&fields));
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            work.faq_command(by, id, command, vetting).await?;
            work.done(())
        }
    });
    let Err(error) = outcome.await else {
        let done = format!("faq-{name}");
        return match app.centre.faq(by, id).await {
            Err(ServiceError::NotFound(_)) => Ok(shell::go(&app, "/faq", &done)),
            _ => Ok(shell::go(&app, &format!("/faq/{id}"), &done)),
        };
    };
    let words = if is_change {
        typed(&fields)
    } else {
        let wording = app.centre.faq(by, id).await?.value.wording().cloned();
        let Some(Wording { question, answer, topic, .. }) = wording else { return Err(error.into()) };
        Words { question, answer, topic }
    };
    // What nobody said that they have seen is what is missing: the marks stay as they were set.
    let keeps = is_change || matches!(error, ServiceError::Faq(Refusal::NotConfirmed));
    let refused = Some(refused(&app, &words, error)?);
    let fields = if keeps { fields } else { Fields::default() };
    drawn(&app, &desk, id, None, Answered { refused, fields, is_change }).await
}
