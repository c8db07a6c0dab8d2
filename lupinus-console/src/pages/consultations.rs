use std::time::Duration;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Actor, Permission as P},
    audit::Subject,
    consultation::{
        Command, Consultation, Context, Entry, MAX_ANSWER_CHARS, MAX_NOTE_CHARS, MAX_TAG_CHARS, Media,
        MediaState, Refusal, Verdict, Voice,
    },
    hash::Sha256Hash,
    ids::{ConsultationId, EntryId, StaffId},
    member::Member,
    screening::{self, Action, AllowReason, Allowance, Mark, PiiKind},
    service::{ConsultationFilter, ServiceError, Vetting},
    store::Entity,
};

use super::{Asked, PAGE, served, when, written};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    view::{Names, Seg, TrailRow, When, kept, marked, spent, trail},
    words,
};

/// A wait of more opening time than this is shown as long.
const LONG: Duration = Duration::from_hours(2);

/// One line of a list of consultations.
pub(super) struct ConsultationRow {
    pub(super) id: String,
    pub(super) who: String,
    pub(super) topic: &'static str,
    pub(super) state: &'static str,
    pub(super) state_css: &'static str,
    pub(super) handler: Option<String>,
    pub(super) opened: String,
    pub(super) waiting: Option<String>,
    pub(super) long: bool,
    pub(super) masked: bool,
    pub(super) reopened: bool,
    pub(super) tags: Vec<String>,
    pub(super) entries: usize,
}

impl ConsultationRow {
    pub(super) async fn new(
        app: &Settings,
        consultation: &Consultation,
        names: &Names,
    ) -> Result<Self, ServiceError> {
        let member = member_of(app, consultation).await?;
        let when = when(app);
        let waiting = consultation.waiting_time(&app.centre.policy().hours, when.now);
        Ok(Self {
            id: consultation.id.to_string(),
            who: Names::member(member.as_ref(), &app.professions),
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
        })
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
    oldest: Option<String>,
    closed_since: Option<String>,
}

/// Since when the channel takes no consultations; `None` while it does.
pub(super) async fn closed_since(app: &Settings) -> Result<Option<String>, ServiceError> {
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
    let mut rows = Vec::new();
    for consultation in &found.items {
        rows.push(ConsultationRow::new(&app, &consultation.value, &names).await?);
    }
    let figures = app.centre.consultation_figures().await?;
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "相談", "/consultations").having_done(asked.done.as_deref()),
        views: VIEWS.into_iter().map(|(name, label)| (name, label, name == view)).collect(),
        view,
        rows,
        next: found.next.as_ref().map(written),
        waiting: figures.waiting,
        unresolved: figures.unresolved,
        oldest: figures.oldest_waiting.map(spent),
        closed_since: closed_since(&app).await?,
    };
    shell::page(StatusCode::OK, &page)
}

struct EntryView {
    id: String,
    from_member: bool,
    who: String,
    at: String,
    text: Option<Vec<Seg>>,
    media: Option<MediaView>,
    /// Whether something in it may be personal, and a person should look.
    doubtful: bool,
    masked: Vec<&'static str>,
}

/// A picture or file that a member sent, as this one may see it.
struct MediaView {
    kind: &'static str,
    is_picture: bool,
    /// Whether it can be opened by this one now.
    is_visible: bool,
    /// Whether it waits for somebody to look.
    waits: bool,
    /// Whether this one looks, and is to say what they saw.
    mine: bool,
    /// Who else looks, from whom this one may take it over.
    others: Option<String>,
    state: String,
}

impl MediaView {
    fn new(media: &Media, desk: &Desk, names: &Names, when: &When<'_>) -> Self {
        let me = desk.staff.id;
        let state = match media.state {
            MediaState::Held { viewer: None, .. } => {
                "個人が写っていないことを一人が確認するまで、だれにも表示しません。".to_owned()
            }
            MediaState::Held { viewer: Some(viewer), .. } if viewer == me => {
                "あなただけに表示しています。中を確かめて、どちらかを選んでください。".to_owned()
            }
            MediaState::Held { viewer: Some(viewer), .. } => {
                format!("{}さんが確認しています。", names.staff(viewer))
            }
            MediaState::Checked { by, at, .. } => {
                format!("個人が写っていないことを確認済み({}・{})", names.staff(by), when.at(at))
            }
            MediaState::Removed { by, at } => {
                format!("個人が分かるため消去しました({}・{})", names.staff(by), when.at(at))
            }
        };
        let is_picture = media.media_type.starts_with("image/");
        Self {
            kind: if is_picture { "写真" } else { "PDFファイル" },
            is_picture,
            is_visible: media.is_visible_to(me),
            waits: matches!(media.state, MediaState::Held { viewer: None, .. }),
            others: match media.state {
                MediaState::Held { viewer: Some(viewer), .. } if viewer != me => Some(viewer.to_string()),
                _ => None,
            },
            mine: matches!(media.state, MediaState::Held { viewer: Some(viewer), .. } if viewer == me),
            state,
        }
    }
}

struct NoteView {
    by: String,
    at: String,
    text: Option<String>,
}

struct ActionView {
    name: &'static str,
    label: &'static str,
    allowed: bool,
    why_not: String,
}

struct Refused {
    action: String,
    sentence: String,
    kindly: Option<String>,
    /// The text with what was found in it.
    segs: Vec<Seg>,
    /// What may be let pass with a reason, and then be sent.
    findings: Vec<AnswerFinding>,
    /// Whether something is to be confirmed.
    must_confirm: bool,
    fields: Fields,
}

/// A finding in an answer, with what was said of it already.
struct AnswerFinding {
    number: usize,
    kind: &'static str,
    label: &'static str,
    words: String,
    reason: String,
    comment: String,
}

/// Most findings of one answer that are let pass.
const MAX_FINDINGS: usize = 20;

#[derive(Template)]
#[template(path = "consultation.html")]
struct ThreadPage {
    shell: Shell,
    row: ConsultationRow,
    entries: Vec<EntryView>,
    notes: Vec<NoteView>,
    reachable: bool,
    first_answer: Option<String>,
    resolution: Option<String>,
    resolved_by_silence: bool,
    colleagues: Vec<(String, String)>,
    actions: Vec<ActionView>,
    refused: Option<Refused>,
    reasons: [(&'static str, &'static str); 5],
    may_report: bool,
    may_answer: bool,
    max_answer: usize,
    max_note: usize,
    max_tag: usize,
    trail: Vec<TrailRow>,
    reads_trail: bool,
    opening: Option<String>,
}

impl ThreadPage {
    fn action(&self, name: &str) -> Option<&ActionView> {
        self.actions.iter().find(|action| action.name == name)
    }

    fn typed(&self, action: &str, field: &str) -> &str {
        self.refused_at(action).map_or("", |refused| refused.fields.text(field))
    }

    fn refused_at(&self, action: &str) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.action == action)
    }
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), StatusCode::OK, None).await
}

/// What core would answer to each action now.
fn actions(app: &Settings, desk: &Desk, consultation: &Consultation) -> Vec<ActionView> {
    let me = desk.staff.id;
    let text = || "確認".to_owned();
    let all = [
        ("take", "担当する", Command::Take),
        ("assign", "担当を決める", Command::Assign { to: me }),
        ("answer", "回答を送る", Command::Answer { text: text() }),
        ("transfer", "引き継ぐ", Command::Transfer { to: me }),
        ("note", "メモを残す", Command::Note { text: text() }),
        ("tag", "タグを付ける", Command::Tag { tag: text() }),
        ("resolve", "解決にする", Command::Resolve),
    ];
    let actor = Actor::staff(me, desk.staff.roles.clone());
    let policy = app.centre.policy();
    let cx = Context {
        actor: &actor,
        policy: &policy.consultations,
        hours: &policy.hours,
        entry: EntryId::from_uuid(consultation.id.uuid()),
        now: app.centre.now(),
    };
    all.into_iter()
        .map(|(name, label, command)| match consultation.decide(command, &cx) {
            Ok(_) => ActionView { name, label, allowed: true, why_not: String::new() },
            Err(refusal) => ActionView { name, label, allowed: false, why_not: why_not(name, &refusal) },
        })
        .collect()
}

fn why_not(action: &str, refusal: &Refusal) -> String {
    match (action, refusal) {
        ("answer", Refusal::NotNow { state: lupinus_core::consultation::State::Open }) => {
            "先に「担当する」を押してください。".to_owned()
        }
        _ => refusal.sentence_ja(),
    }
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: ConsultationId,
    done: Option<&str>,
    status: StatusCode,
    refused: Option<Refused>,
) -> Result<Response, Problem> {
    let consultation = app.centre.consultation(desk.me(), id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let hours = &app.centre.policy().hours;
    let member = member_of(app, &consultation).await?;
    let row = ConsultationRow::new(app, &consultation, &names).await?;
    let reads_trail = desk.may(P::ReadAudit);
    let doubts = |entry: &Entry| -> Vec<Mark> {
        let Some(text) = entry.text.as_deref().filter(|_| entry.from == Voice::Member) else {
            return Vec::new();
        };
        let marks = app.centre.screen().check(text, screening::Context::Consultation).marks;
        marks.into_iter().filter(|mark| mark.action != Action::Allow).collect()
    };
    let entries =
        consultation.thread.iter().map(|entry| (entry, doubts(entry))).map(|(entry, doubts)| EntryView {
            id: entry.id.to_string(),
            media: entry.media.as_ref().map(|media| MediaView::new(media, desk, &names, &when)),
            doubtful: !doubts.is_empty(),
            from_member: entry.from == Voice::Member,
            who: match entry.from {
                Voice::Member => row.who.clone(),
                Voice::Staff(id) => names.staff(id),
            },
            at: when.at(entry.at),
            text: entry.text.as_deref().map(|text| kept(text, doubts.iter())),
            masked: entry.masked.iter().map(|kind| kind.label_ja()).collect(),
        });
    let page = ThreadPage {
        shell: Shell::inside(app, desk, format!("相談:{}", row.topic), "/consultations").having_done(done),
        entries: entries.collect(),
        notes: consultation
            .notes
            .iter()
            .map(|note| NoteView { by: names.staff(note.by), at: when.at(note.at), text: note.text.clone() })
            .collect(),
        reachable: member
            .as_ref()
            .is_some_and(|member| member.state == lupinus_core::member::MemberState::Following),
        first_answer: consultation.time_to_first_answer(hours).map(spent),
        resolution: consultation.time_to_resolution(hours).map(spent),
        resolved_by_silence: matches!(
            consultation.state,
            lupinus_core::consultation::State::Resolved { by_silence: true, .. }
        ),
        colleagues: names
            .staff
            .iter()
            .filter(|staff| staff.active && staff.roles.permit(P::AnswerConsultations))
            .map(|staff| (staff.id.to_string(), staff.name.clone()))
            .collect(),
        actions: actions(app, desk, &consultation),
        refused,
        reasons: AllowReason::ALL.map(|reason| (reason.name(), reason.label_ja())),
        may_report: desk.may(P::HandleIncidents),
        may_answer: desk.may(P::AnswerConsultations),
        max_answer: MAX_ANSWER_CHARS,
        max_note: MAX_NOTE_CHARS,
        max_tag: MAX_TAG_CHARS,
        trail: if reads_trail {
            trail(&app.centre, &Subject::new(&Consultation::KIND, id), &names, &when).await?
        } else {
            Vec::new()
        },
        reads_trail,
        opening: hours.next_opening(when.now).filter(|at| *at > when.now).map(|at| when.at(at)),
        row,
    };
    shell::page(status, &page)
}

fn command_of(name: &str, fields: &Fields) -> Result<Command, Problem> {
    let to = || -> Result<StaffId, Problem> { fields.text("to").parse().map_err(|_| Problem::unreadable()) };
    let entry =
        || -> Result<EntryId, Problem> { fields.text("entry").parse().map_err(|_| Problem::unreadable()) };
    Ok(match name {
        "take" => Command::Take,
        "assign" => Command::Assign { to: to()? },
        "answer" => Command::Answer { text: fields.text("text").trim().to_owned() },
        "transfer" => Command::Transfer { to: to()? },
        "note" => Command::Note { text: fields.text("text").trim().to_owned() },
        "tag" => Command::Tag { tag: fields.text("tag").trim().to_owned() },
        "untag" => Command::Untag { tag: fields.text("tag").to_owned() },
        "resolve" => Command::Resolve,
        "media-open" => Command::Look { entry: entry()?, instead_of: None },
        "media-take" => Command::Look { entry: entry()?, instead_of: Some(to()?) },
        "media-keep" => Command::Settle {
            entry: entry()?,
            verdict: Verdict::Keep { confirmed: fields.ticked("checked") },
        },
        "media-remove" => Command::Settle { entry: entry()?, verdict: Verdict::Remove },
        _ => return Err(Problem::not_found()),
    })
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(ConsultationId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let command = command_of(&name, &fields)?;
    let by = desk.me();
    let vetting = &vetting(&fields);
    // What is to go from the disk once the record says that it is gone.
    let doomed = match &command {
        Command::Settle { entry, verdict: Verdict::Remove } => {
            let consultation = app.centre.consultation(by, id).await?.value;
            consultation
                .thread
                .iter()
                .find(|known| known.id == *entry)
                .and_then(|known| known.media.as_ref()?.file())
        }
        _ => None,
    };
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            let handled = work.vetted_consultation_command(by, id, command, vetting).await?;
            work.done(handled)
        }
    });
    match outcome.await {
        Ok(handled) => {
            forget(&app, doomed).await?;
            let done = if name == "answer" && !handled.told { "kept" } else { name.as_str() };
            Ok(shell::go(&app, &format!("/consultations/{id}"), &format!("consultation-{done}")))
        }
        Err(error) => refused(&app, &desk, id, name, fields, error).await,
    }
}

/// Removes a picture or file that no consultation and no post keeps any more; what fails here the bot's sweeper does.
async fn forget(app: &Settings, file: Option<Sha256Hash>) -> Result<(), Problem> {
    let (Some(file), Some(blob)) = (file, &app.blob) else { return Ok(()) };
    for file in app.centre.not_kept(vec![file]).await? {
        if let Err(error) = blob.delete(file).await {
            tracing::warn!(%error, "a file that nothing refers to cannot be removed");
        }
    }
    Ok(())
}

/// A picture or file of a consultation: held for the one who looks, and for all once they have.
pub(crate) async fn media(
    State(app): State<App>,
    desk: Desk,
    Path((id, entry)): Path<(ConsultationId, EntryId)>,
) -> Result<Response, Problem> {
    let consultation = app.centre.consultation(desk.me(), id).await?.value;
    let media =
        consultation.thread.iter().find(|known| known.id == entry).and_then(|known| known.media.as_ref());
    let Some(media) = media.filter(|media| media.is_visible_to(desk.staff.id)) else {
        return Err(Problem::not_found());
    };
    let (Some(hash), Some(blob)) = (media.file(), &app.blob) else { return Err(Problem::not_found()) };
    let bytes = blob.get(hash).await.map_err(|_| Problem::broken(None))?.ok_or_else(Problem::not_found)?;
    Ok(served(&media.media_type, bytes))
}

/// What a form says of what screening found in the answer.
fn vetting(fields: &Fields) -> Vetting {
    let given = |number: usize| -> Option<Allowance> {
        let field = |name: &str| format!("{name}_{number}");
        Some(Allowance {
            kind: PiiKind::from_name(fields.text(&field("found_kind")))?,
            text: fields.text(&field("found_text")).to_owned(),
            reason: AllowReason::from_name(fields.text(&field("reason_kind")))?,
            comment: fields.some_owned(&field("comment")),
        })
    };
    Vetting { allowed: (0..MAX_FINDINGS).filter_map(given).collect(), confirmed: fields.ticked("confirmed") }
}

/// What stands in the way of an answer and may be let pass, each once.
fn answer_findings(text: &str, marks: &[Mark], fields: &Fields) -> Vec<AnswerFinding> {
    let before = vetting(fields).allowed;
    let mut findings: Vec<AnswerFinding> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.action == Action::Block && mark.kind.can_be_allowed()) {
        let Some(words) = text.get(mark.start..mark.end) else { continue };
        let kind = mark.kind.as_str();
        let is_known = findings.iter().any(|known| known.kind == kind && known.words == words);
        if is_known || findings.len() >= MAX_FINDINGS {
            continue;
        }
        let given = before.iter().find(|given| given.kind == mark.kind && given.text == words);
        findings.push(AnswerFinding {
            number: findings.len(),
            kind,
            label: mark.kind.label_ja(),
            words: words.to_owned(),
            reason: given.map_or_else(String::new, |given| given.reason.name().to_owned()),
            comment: given.and_then(|given| given.comment.clone()).unwrap_or_default(),
        });
    }
    findings
}

async fn refused(
    app: &App,
    desk: &Desk,
    id: ConsultationId,
    action: String,
    fields: Fields,
    error: ServiceError,
) -> Result<Response, Problem> {
    let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
    if matches!(error, ServiceError::NotFound(_)) {
        return Err(error.into());
    }
    let text = match action.as_str() {
        "tag" => fields.text("tag").trim(),
        _ => fields.text("text").trim(),
    };
    // With what was let pass already: each finding keeps its reason until the answer goes.
    let all = app.centre.screen().check(text, screening::Context::StaffAnswer).marks;
    let segs = match &error {
        ServiceError::PersonalInformation(marks) => {
            marked(text, marks.iter().filter(|mark| mark.action == Action::Block))
        }
        ServiceError::ConfirmationNeeded(marks) => {
            marked(text, marks.iter().filter(|mark| mark.action != Action::Allow))
        }
        _ => Vec::new(),
    };
    let is_answer = action == "answer";
    let findings = if is_answer { answer_findings(text, &all, &fields) } else { Vec::new() };
    let must_confirm = is_answer && all.iter().any(|mark| mark.action == Action::Warn);
    let kindly = if words::somebody_was_first(&error) { first(app, desk, id).await? } else { None };
    let refused = Refused { action, sentence, kindly, segs, findings, must_confirm, fields };
    drawn(app, desk, id, None, words::status(&error), Some(refused)).await
}

async fn first(app: &Settings, desk: &Desk, id: ConsultationId) -> Result<Option<String>, ServiceError> {
    let entries = app.centre.audit_of(&Subject::new(&Consultation::KIND, id)).await?;
    let me = lupinus_core::actor::Who::Staff(desk.staff.id);
    let Some(last) = entries.last().filter(|entry| entry.who != me) else { return Ok(None) };
    let names = Names::load(&app.centre).await?;
    Ok(Some(format!(
        "画面を開いたあとに、{}さんが先に操作しました({}・{})。",
        names.who(last.who),
        words::act(&last.action),
        when(app).at(last.at),
    )))
}
