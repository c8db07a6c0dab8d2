//! The list of posts, one post, and what can be done with it.

mod actions;
mod commands;
mod list;
mod page;
mod sheet;

use axum::{
    extract::{Path, State},
    response::Response,
};
use lupinus_core::{
    actor::Who,
    hash::Sha256Hash,
    ids::PostId,
    post::{Post, PostState},
};

pub(super) use self::{
    actions::{ActionView, actions},
    commands::first,
};
pub(crate) use self::{
    commands::command,
    list::{list, search},
    page::page,
    sheet::sheet,
};
use super::served;
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
};

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
