//! The commands on a post, and what is said when core refuses one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use lupinus_core::{
    actor::Who,
    audit::Subject,
    ids::PostId,
    post::{Command, Field, FieldMark, FindingAt, Post, Refusal},
    screening::{AllowReason, Allowance},
    service::{By, ServiceError},
    store::Entity,
};

use super::{
    page::{Refused, drawn},
    visible,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::when,
    shell,
    text::{Text, say},
    view::Names,
    words,
};

/// What a form lets pass in a post, and where.
fn allowing(post: &Post, fields: &Fields) -> Result<Command, Problem> {
    let number = |name: &str| fields.text(name).parse::<usize>().map_err(|_| Problem::unreadable());
    let at = FindingAt {
        revision: fields.text("revision").parse().map_err(|_| Problem::unreadable())?,
        field: Field::from_name(fields.text("field")).ok_or_else(Problem::unreadable)?,
        nth: number("nth")?,
        start: number("start")?,
        end: number("end")?,
    };
    let stands_there = |found: &&FieldMark| {
        (found.field, found.nth, found.mark.start, found.mark.end) == (at.field, at.nth, at.start, at.end)
    };
    let marks = post.revision().map(|revision| revision.marks.as_slice()).unwrap_or_default();
    let found = marks.iter().find(stands_there);
    let text = found.and_then(|found| post.marked_text(found));
    let (Some(found), Some(text)) = (found, text) else {
        return Err(ServiceError::Post(Refusal::Edited).into());
    };
    // Without a reason core says that one is needed.
    let reason = AllowReason::from_name(fields.text("reason_kind")).unwrap_or(AllowReason::Other);
    let comment = fields.some_owned("comment");
    let allowance = Allowance { kind: found.mark.kind, text: text.to_owned(), reason, comment };
    Ok(Command::Allow { at, allowance })
}

/// The command that a form asks for.
fn command_of(name: &str, post: &Post, fields: &Fields) -> Result<Command, Problem> {
    Ok(match name {
        "take" => Command::Take,
        "return" => Command::Return {
            comment: fields.text("comment").trim().to_owned(),
            field: fields.some("field").and_then(Field::from_name),
        },
        "reject" => Command::Reject { reason: fields.text("reason").trim().to_owned() },
        "approve" => Command::Approve {
            revision: fields.text("revision").parse().map_err(|_| Problem::unreadable())?,
            confirmed: fields.ticked("confirmed"),
        },
        "allow" => allowing(post, fields)?,
        "withdraw" => Command::Withdraw { reason: fields.text("reason").trim().to_owned() },
        "submit" => Command::Submit,
        "recall" => Command::Recall,
        "unschedule" => Command::Unschedule,
        "sign" => Command::Sign,
        "seen" => Command::Seen,
        _ => return Err(Problem::not_found()),
    })
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(PostId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let by = desk.by(&fields)?;
    if name == "stop" {
        return stop(&app, &desk, id, by, fields).await;
    }
    if name == "resume" {
        return resume(&app, &desk, id, by, fields).await;
    }
    if name == "cancel" {
        return cancel(&app, &desk, id, by, fields).await;
    }
    if name == "resend" {
        return resend(&app, &desk, id, by, fields).await;
    }
    let command = command_of(&name, &post, &fields)?;
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            let post = work.post_command(by, id, command).await?;
            work.done(post)
        }
    });
    match outcome.await {
        Ok(_) => Ok(shell::go(&app, &format!("/posts/{id}"), &name)),
        Err(error) => refused(&app, &desk, id, name, fields, error).await,
    }
}

/// 再配信: a failed sending goes once more to those whom it missed.
async fn resend(app: &App, desk: &Desk, id: PostId, by: By, fields: Fields) -> Result<Response, Problem> {
    let sent = app.centre.transact(|mut work| async move {
        let post = work.resend(by, id).await?;
        work.done(post)
    });
    match sent.await {
        Ok(_) => Ok(shell::go(app, &format!("/posts/{id}"), "resend")),
        Err(error) => refused(app, desk, id, "resend".to_owned(), fields, error).await,
    }
}

/// 配信停止: what waits of a sending is held, and is released or dropped under 送信待ち.
async fn stop(app: &App, desk: &Desk, id: PostId, by: By, fields: Fields) -> Result<Response, Problem> {
    let stopped = app.centre.transact(|mut work| async move {
        let held = work.stop_sending(by, id).await?;
        work.done(held)
    });
    match stopped.await {
        Ok(_) => Ok(shell::go(app, &format!("/posts/{id}"), "stop")),
        Err(error) => refused(app, desk, id, "stop".to_owned(), fields, error).await,
    }
}

/// 配信中止: what was not sent yet is not sent any more.
async fn cancel(app: &App, desk: &Desk, id: PostId, by: By, fields: Fields) -> Result<Response, Problem> {
    let reason = fields.text("reason").trim();
    let cancelled = app.centre.transact(|mut work| async move {
        let dropped = work.cancel_sending(by, id, reason).await?;
        work.done(dropped)
    });
    match cancelled.await {
        Ok(_) => Ok(shell::go(app, &format!("/posts/{id}"), "cancel")),
        Err(error) => refused(app, desk, id, "cancel".to_owned(), fields, error).await,
    }
}

/// 再開: what was stopped goes on.
async fn resume(app: &App, desk: &Desk, id: PostId, by: By, fields: Fields) -> Result<Response, Problem> {
    let resumed = app.centre.transact(|mut work| async move {
        let resumed = work.resume_sending(by, id).await?;
        work.done(resumed)
    });
    match resumed.await {
        Ok(_) => Ok(shell::go(app, &format!("/posts/{id}"), "resume")),
        Err(error) => refused(app, desk, id, "resume".to_owned(), fields, error).await,
    }
}

/// The same page with what core answered, and with what was typed.
async fn refused(
    app: &App,
    desk: &Desk,
    id: PostId,
    action: String,
    fields: Fields,
    error: ServiceError,
) -> Result<Response, Problem> {
    let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
    let kindly = if words::somebody_was_first(&error) { first(app, desk, id).await? } else { None };
    let refused = Refused { action, sentence, kindly, fields };
    drawn(app, desk, id, None, words::status(&error), Some(refused)).await
}

/// Who was first, if it was somebody else.
pub(in crate::pages) async fn first(
    app: &Settings,
    desk: &Desk,
    id: PostId,
) -> Result<Option<Text>, ServiceError> {
    let entries = app.centre.audit_of(&Subject::new(&Post::KIND, id)).await?;
    let me = Who::Staff(desk.staff.id);
    let Some(last) = entries.last().filter(|entry| entry.who != me) else { return Ok(None) };
    let names = Names::load(&app.centre).await?;
    Ok(Some(say!(
        "画面を開いたあとに、{who}が先に操作しました({action}・{at})。",
        who = match last.who {
            Who::System => Text::from("システム"),
            who => say!("{who}さん", who = names.who(who)),
        },
        action = words::act(&last.action),
        at = when(app).at(last.at)
    )))
}
