//! The list of posts, one post, and what can be done with it.

mod actions;
mod commands;
mod page;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Who,
    hash::Sha256Hash,
    ids::{BodyId, PostId},
    post::{Post, PostState},
    store::Paged,
};

pub(super) use self::{
    actions::{ActionView, actions},
    commands::first,
};
pub(crate) use self::{commands::command, page::page};
use super::{Asked, PAGE, served, when, written};
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    view::{Names, PostRow},
};

#[derive(Template)]
#[template(path = "posts.html")]
struct ListPage {
    shell: Shell,
    /// Name, label, count, whether it is shown.
    states: Vec<(&'static str, &'static str, u64, bool)>,
    rows: Vec<PostRow>,
    view: String,
    body: Option<(String, String)>,
    next: Option<String>,
}

const STATES: [(&str, &str); 11] = [
    ("submitted", "提出済み"),
    ("in_review", "確認中"),
    ("returned", "差戻し"),
    ("approved", "承認済み"),
    ("scheduled", "配信予約"),
    ("sending", "配信中"),
    ("sent", "配信済み"),
    ("failed", "配信失敗"),
    ("rejected", "却下"),
    ("withdrawn", "取下げ"),
    ("draft", "自分の下書き"),
];

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let view = asked.view.clone().unwrap_or_else(|| "submitted".to_owned());
    let body = match &asked.body {
        Some(id) => Some(id.parse::<BodyId>().map_err(|_| Problem::not_found())?),
        None => None,
    };
    let found: Paged<Post> = if let Some(body) = body {
        app.centre.posts_of_body(body, asked.cursor()?, PAGE).await?
    } else if view == "draft" {
        // Somebody else's draft is nobody's business before it is handed in.
        let me = Who::Staff(desk.staff.id);
        let mut own = app.centre.posts_of(me, asked.cursor()?, 200).await?;
        own.items.retain(|post| post.value.state == PostState::Draft);
        own
    } else if STATES.iter().any(|(name, _)| *name == view) {
        app.centre.posts(&view, asked.cursor()?, PAGE).await?
    } else {
        return Err(Problem::not_found());
    };
    let mut states = Vec::new();
    for (name, label) in STATES {
        let count = if name == "draft" { 0 } else { app.centre.post_count(name).await? };
        states.push((name, label, count, body.is_none() && name == view));
    }
    let shown = |post: &Post| post.state != PostState::Draft || is_own(post, &desk);
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "投稿", "/posts").having_done(asked.done.as_deref()),
        states,
        rows: found
            .items
            .iter()
            .filter(|post| shown(&post.value))
            .map(|post| PostRow::new(&post.value, &names, &when))
            .collect(),
        view,
        body: body.map(|id| (id.to_string(), names.body(Some(id)))),
        next: found.next.as_ref().map(written),
    };
    shell::page(StatusCode::OK, &page)
}

fn is_own(post: &Post, desk: &Desk) -> bool {
    post.author == Who::Staff(desk.staff.id)
}

/// A post that this one may see: a member's draft stays theirs until it is handed in.
pub(in crate::pages) async fn visible(app: &Settings, desk: &Desk, id: PostId) -> Result<Post, Problem> {
    let post = app.centre.post(id).await?.value;
    if post.state == PostState::Draft && !is_own(&post, desk) {
        return Err(Problem::not_found());
    }
    Ok(post)
}

/// A picture or file of a post, by its hash.
pub(crate) async fn attachment(
    State(app): State<App>,
    desk: Desk,
    Path((id, hash)): Path<(PostId, String)>,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let hash: Sha256Hash = hash.parse().map_err(|_| Problem::not_found())?;
    let attachments = post.revisions.iter().flat_map(|revision| &revision.content.attachments);
    let Some(attachment) = attachments.clone().find(|attachment| attachment.sha256 == hash) else {
        return Err(Problem::not_found());
    };
    let Some(blob) = &app.blob else { return Err(Problem::not_found()) };
    let bytes = blob.get(hash).await.map_err(|_| Problem::broken(None))?.ok_or_else(Problem::not_found)?;
    Ok(served(&attachment.media_type, bytes))
}
