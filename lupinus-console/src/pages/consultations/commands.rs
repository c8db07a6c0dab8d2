//! What can be done with a consultation.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    audit::Subject,
    canned::{Values, fill},
    consultation::{Command, Consultation, Topic, Verdict},
    hash::Sha256Hash,
    ids::{CannedId, ConsultationId, EntryId, FaqId, StaffId},
    screening::{self, Action},
    service::ServiceError,
    store::Entity,
};

use super::{
    member_of, served,
    thread::{Refused, Shown, Typed, drawn},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::vetting::{findings, vetting},
    shell,
    text::{Text, say},
    view::{Names, marked},
    words,
};

fn command_of(name: &str, fields: &Fields) -> Result<Command, Problem> {
    let to = || -> Result<StaffId, Problem> { fields.text("to").parse().map_err(|_| Problem::unreadable()) };
    let entry =
        || -> Result<EntryId, Problem> { fields.text("entry").parse().map_err(|_| Problem::unreadable()) };
    Ok(match name {
        "take" => Command::Take,
        "assign" => Command::Assign { to: to()? },
        "answer" => Command::Answer { text: fields.text("text").trim().to_owned() },
        "transfer" => Command::Transfer { to: to()?, summary: fields.some_owned("summary") },
        "refer" => Command::Refer {
            to: fields.text("body").parse().map_err(|_| Problem::unreadable())?,
            summary: fields.text("summary").trim().to_owned(),
        },
        "topic" => Command::Classify { topic: Topic::from_name(fields.text("topic")) },
        "reopen" => Command::Reopen,
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
    if name == "canned" {
        return filled(&app, &desk, id, fields).await;
    }
    if name == "merge" {
        return merged(&app, &desk, id, fields).await;
    }
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

/// This one goes on in an earlier one of the same member.
async fn merged(app: &App, desk: &Desk, later: ConsultationId, fields: Fields) -> Result<Response, Problem> {
    let earlier: ConsultationId = fields.text("earlier").parse().map_err(|_| Problem::unreadable())?;
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| async move {
        work.merge_consultations(by, earlier, later).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(app, &format!("/consultations/{earlier}"), "consultation-merge")),
        Err(error) => refused(app, desk, later, "merge".to_owned(), fields, error).await,
    }
}

/// Puts a canned answer, or the answer of a frequently asked question, below what was typed already. Nothing is stored: the page comes back with the longer text in its form.
async fn filled(app: &App, desk: &Desk, id: ConsultationId, fields: Fields) -> Result<Response, Problem> {
    let typed = fields.text("text").trim_end().to_owned();
    let chosen = match fields.text("canned").split_once('/') {
        Some(("faq", id)) => id.parse().ok().map(Chosen::Faq),
        Some(("answers", id)) => id.parse().ok().map(Chosen::Canned),
        _ => None,
    };
    let Some(chosen) = chosen else {
        let notice = "入れるものを選んでから「入れる」を押してください。";
        let typed = Typed { fields, notice, put_in: false };
        return drawn(app, desk, id, None, StatusCode::OK, Shown::Typed(typed)).await;
    };
    let member = member_of(app, &app.centre.consultation(desk.me(), id).await?.value).await?;
    let policy = app.centre.policy();
    let profession = member.and_then(|member| member.profession);
    let profession = profession.map(|profession| policy.professions.label(&profession).to_owned());
    let values = Values::at(app.centre.now(), &policy.hours, profession, desk.staff.name.clone());
    let text = match chosen {
        Chosen::Faq(id) => {
            app.centre.published_faq(id).await?.and_then(|entry| Some(entry.published()?.answer.clone()))
        }
        Chosen::Canned(id) => match app.centre.canned_answer(desk.me(), id).await {
            Ok(answer) => answer.value.wording().map(|wording| fill(&wording.text, &values)),
            Err(ServiceError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        },
    };
    let text = text.unwrap_or_default();
    let joint = if typed.is_empty() || text.is_empty() { "" } else { "\n\n" };
    let notice = if text.is_empty() {
        "選んだものは、いまは使えません。"
    } else {
        "定型文を入れました。内容を確かめ、必要なら直してから送ってください。"
    };
    let fields = fields.with("text", format!("{typed}{joint}{text}"));
    drawn(
        app,
        desk,
        id,
        None,
        StatusCode::OK,
        Shown::Typed(Typed { fields, notice, put_in: !text.is_empty() }),
    )
    .await
}

/// What is put into an answer.
enum Chosen {
    Canned(CannedId),
    Faq(FaqId),
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
        "transfer" | "refer" => fields.text("summary").trim(),
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
    let said = vetting(&fields).allowed;
    let findings = if is_answer { findings(&[(text, &all)], &said) } else { Vec::new() };
    let must_confirm = is_answer && all.iter().any(|mark| mark.action == Action::Warn);
    let kindly = if words::somebody_was_first(&error) { first(app, desk, id).await? } else { None };
    let refused = Refused { action, sentence, kindly, segs, findings, must_confirm, fields };
    drawn(app, desk, id, None, words::status(&error), Shown::Refused(refused)).await
}

async fn first(app: &Settings, desk: &Desk, id: ConsultationId) -> Result<Option<Text>, ServiceError> {
    let entries = app.centre.audit_of(&Subject::new(&Consultation::KIND, id)).await?;
    let me = lupinus_core::actor::Who::Staff(desk.staff.id);
    let Some(last) = entries.last().filter(|entry| entry.who != me) else { return Ok(None) };
    let names = Names::load(&app.centre).await?;
    Ok(Some(say!(
        "画面を開いたあとに、{who}さんが先に操作しました({action}・{at})。",
        who = names.who(last.who),
        action = words::act(&last.action),
        at = when(app).at(last.at)
    )))
}
