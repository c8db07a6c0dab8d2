//! Professional bodies, the invitations for their submitters, and the submitters.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    body::Body,
    ids::{BodyId, InvitationId, MemberId},
    service::ServiceError,
};

use super::{Asked, when};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters},
    view::Names,
    words,
};

struct BodyRow {
    id: String,
    name: String,
    active: bool,
    submitters: u64,
    open_invitations: u64,
}

#[derive(Template)]
#[template(path = "bodies.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<BodyRow>,
    name: String,
    refused: Option<Text>,
}

async fn listed(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    status: StatusCode,
    name: String,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let figures = app.centre.body_figures().await?;
    let row = |body: Body| {
        let figures = figures.get(&body.id).copied().unwrap_or_default();
        BodyRow {
            id: body.id.to_string(),
            submitters: figures.submitters,
            open_invitations: figures.open_invitations,
            name: body.name,
            active: body.active,
        }
    };
    let rows = app.centre.bodies().await?.into_iter().map(row).collect();
    let shell = Shell::inside(app, desk, "団体と招待", "/bodies").having_done(done);
    shell::page(desk.language, status, &ListPage { shell, rows, name, refused })
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    listed(&app, &desk, asked.done.as_deref(), StatusCode::OK, String::new(), None).await
}

pub(crate) async fn create(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let (by, name) = (desk.me(), fields.text("name").trim());
    let outcome = app.centre.transact(|mut work| async move {
        let body = work.create_body(by, name).await?;
        work.done(body)
    });
    match outcome.await {
        Ok(body) => Ok(shell::go(&app, &format!("/bodies/{}", body.id), "body")),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => {
                listed(&app, &desk, None, words::status(&error), name.to_owned(), Some(sentence)).await
            }
            None => Err(error.into()),
        },
    }
}

struct InvitationRow {
    id: String,
    made: Text,
    by: Text,
    expires: Text,
    state: &'static str,
    open: bool,
}

struct SubmitterRow {
    id: String,
    who: Text,
    joined: Text,
}

#[derive(Template)]
#[template(path = "body.html")]
struct BodyPage {
    shell: Shell,
    body: Body,
    invitations: Vec<InvitationRow>,
    submitters: Vec<SubmitterRow>,
    may_look: bool,
    /// The code, on the one page that ever shows it.
    code: Option<(String, Text)>,
    refused: Option<Text>,
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: BodyId,
    done: Option<&str>,
    status: StatusCode,
    code: Option<(String, Text)>,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let body = app.centre.body(id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let invitations = app.centre.invitations(id).await?;
    let page = BodyPage {
        shell: Shell::inside(app, desk, body.name.clone(), "/bodies").having_done(done),
        invitations: invitations
            .iter()
            .map(|invitation| InvitationRow {
                id: invitation.id.to_string(),
                made: when.at(invitation.created_at),
                by: names.staff(invitation.created_by),
                expires: when.at(invitation.expires_at),
                state: match (invitation.used, invitation.revoked_at) {
                    (Some(_), _) => "使用済み",
                    (None, Some(_)) => "取消し済み",
                    (None, None) if invitation.is_open(when.now) => "有効",
                    (None, None) => "期限切れ",
                },
                open: invitation.is_open(when.now),
            })
            .collect(),
        submitters: app
            .centre
            .submitters(id)
            .await?
            .iter()
            .map(|member| SubmitterRow {
                id: member.id.to_string(),
                who: Names::member(Some(member), &app.centre.policy().professions),
                joined: when.at(member.joined_at),
            })
            .collect(),
        may_look: desk.may(P::ManageMembers),
        body,
        code,
        refused,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<BodyId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), StatusCode::OK, None, None).await
}

async fn told(app: &App, desk: &Desk, id: BodyId, error: ServiceError) -> Result<Response, Problem> {
    match words::refusal(&error) {
        Some(sentence) if !matches!(error, ServiceError::NotFound(_)) => {
            drawn(app, desk, id, None, words::status(&error), None, Some(sentence)).await
        }
        _ => Err(error.into()),
    }
}

/// The one page that shows the code: it is kept as a hash, so no other can.
pub(crate) async fn invite(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<BodyId>,
) -> Result<Response, Problem> {
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| async move {
        let made = work.invite(by, id).await?;
        work.done(made)
    });
    match outcome.await {
        Ok((invitation, code)) => {
            let expires = when(&app).at(invitation.expires_at);
            drawn(&app, &desk, id, None, StatusCode::OK, Some((code.reveal(), expires)), None).await
        }
        Err(error) => told(&app, &desk, id, error).await,
    }
}

pub(crate) async fn set_active(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<BodyId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (by, active) = (desk.me(), fields.text("active") == "1");
    let outcome = app.centre.transact(|mut work| async move {
        work.set_body_active(by, id, active).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => {
            let done = if active { "body-active" } else { "body-inactive" };
            Ok(shell::go(&app, &format!("/bodies/{id}"), done))
        }
        Err(error) => told(&app, &desk, id, error).await,
    }
}

pub(crate) async fn revoke(
    State(app): State<App>,
    desk: Desk,
    Path((id, invitation)): Path<(BodyId, InvitationId)>,
) -> Result<Response, Problem> {
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| async move {
        work.revoke_invitation(by, invitation).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/bodies/{id}"), "revoked")),
        Err(error) => told(&app, &desk, id, error).await,
    }
}

pub(crate) async fn remove_submitter(
    State(app): State<App>,
    desk: Desk,
    Path((id, member)): Path<(BodyId, MemberId)>,
) -> Result<Response, Problem> {
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| async move {
        work.remove_submitter(by, member).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/bodies/{id}"), "submitter-removed")),
        Err(error) => told(&app, &desk, id, error).await,
    }
}
