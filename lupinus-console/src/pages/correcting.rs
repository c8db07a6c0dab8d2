//! A correction (訂正): a new post, filled in with the one it corrects.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{ids::PostId, post::Post};

use super::{
    filling::{Wrong, attach, content_of, filled},
    posts::{actions, visible},
    writing::{WritePage, categories, kept_files, wrongs},
};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::say,
    view::Names,
    words,
};

async fn drawn(
    app: &App,
    desk: &Desk,
    post: &Post,
    fields: Fields,
    wrong: Vec<Wrong>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let kept = post.revision().map(|revision| revision.content.attachments.clone()).unwrap_or_default();
    let page = WritePage {
        shell: Shell::inside(app, desk, "訂正を出す", "/posts"),
        heading: "訂正を出す",
        explanation: "正しい内容に書き換えてください。元の配信が届いた方だけに、【訂正】として届きます。保存のあと提出し、ほかの方の承認を受けて配信します。"
            .into(),
        action: format!("/posts/{}/correct", post.id),
        is_new: false,
        may_submit: false,
        categories: categories(&fields),
        bodies: Vec::new(),
        kept: kept_files(&kept, &fields),
        fields,
        wrong,
        uploads: app.blob.is_some(),
        stand_ins: names
            .stand_ins_of(desk.staff.id)
            .map(|staff| (staff.id.to_string(), say!("{name}さんの代わりに(代決)", name = staff.name)))
            .collect(),
        remarks: Vec::new(),
    };
    shell::page(desk.language, status, &page)
}

/// Refuses whoever may begin no correction of this post, before anything is read or shown.
async fn may_correct(app: &App, desk: &Desk, post: &Post) -> Result<(), Problem> {
    let names = Names::load(&app.centre).await?;
    match actions(app, post, desk, &names).into_iter().find(|action| action.name == "correct") {
        Some(correct) if correct.as_whom.is_empty() => {
            Err(Problem::refused(StatusCode::FORBIDDEN, correct.why_not))
        }
        _ => Ok(()), // Too early or too late is core's to say, on the page with what was typed.
    }
}

pub(crate) async fn form(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    may_correct(&app, &desk, &post).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let fields = filled(&revision.content, app.centre.policy().hours.time_zone());
    drawn(&app, &desk, &post, fields, Vec::new(), StatusCode::OK).await
}

pub(crate) async fn correct(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    may_correct(&app, &desk, &post).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let zone = app.centre.policy().hours.time_zone();
    let (mut content, mut wrong) = content_of(&fields, &revision.content.attachments, zone);
    if wrong.is_empty() {
        attach(&app, &fields, &mut content, &mut wrong).await?;
    }
    if !wrong.is_empty() {
        return drawn(&app, &desk, &post, fields, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let by = desk.by(&fields)?;
    let outcome = app.centre.transact(|mut work| {
        let content = content.clone();
        async move {
            let correction = work.correct_post(by, id, content).await?;
            work.done(correction.id)
        }
    });
    match outcome.await {
        Ok(correction) => Ok(shell::go(&app, &format!("/posts/{correction}"), "corrected")),
        Err(error) => match wrongs(&app, &content, &error) {
            Some(wrong) => drawn(&app, &desk, &post, fields, wrong, words::status(&error)).await,
            None => Err(error.into()),
        },
    }
}
