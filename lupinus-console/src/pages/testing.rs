//! A test of a post: to named staff, marked, in two clicks from its preview (R27).

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Actor,
    ids::{PostId, StaffId},
    outbox::DeliveryKind,
    post::{Post, Refusal, Revision},
    service::{LinkedStaff, ServiceError},
};

use super::{posts::visible, when};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    phone::Phone,
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, QuotaView},
    words,
};

struct Tester {
    id: String,
    name: String,
    me: bool,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "post_test.html")]
struct TestPage {
    shell: Shell,
    id: String,
    title: String,
    revision: u32,
    hash: String,
    testers: Vec<Tester>,
    me_linked: bool,
    remaining: Option<u64>,
    held_until: Option<Text>,
    phone: Phone,
    problem: Option<Text>,
}

/// The revision that this one would test now.
fn tested<'a>(app: &Settings, post: &'a Post, desk: &Desk) -> Result<&'a Revision, Refusal> {
    let me = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let seen = post.revision().map_or(0, |revision| revision.number);
    post.tested_revision(seen, &me, app.centre.policy().hours.time_zone(), app.centre.now())
}

/// Whether this one may test the post as it is now.
pub(super) fn may_test(app: &Settings, post: &Post, desk: &Desk) -> bool {
    tested(app, post, desk).is_ok()
}

pub(crate) async fn prepare(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    let mine = std::iter::once(desk.staff.id).collect();
    drawn(&app, &desk, id, &mine, StatusCode::OK, None).await
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: PostId,
    chosen: &BTreeSet<StaffId>,
    status: StatusCode,
    problem: Option<Text>,
) -> Result<Response, Problem> {
    let post = visible(app, desk, id).await?;
    let revision = tested(app, &post, desk).map_err(ServiceError::Post)?;
    let names = Names::load(&app.centre).await?;
    let (when, policy) = (when(app), app.centre.policy());
    let quiet = policy.quiet.as_ref().filter(|_| !post.is_urgent());
    let sender = names.body(post.body).to_string();
    let phone = app.preview.preview(&revision.content, &sender, DeliveryKind::Test, post.corrects.is_some());
    let linked = app.centre.linked_staff().await?;
    let testers: Vec<Tester> = linked
        .iter()
        .filter(|linked| linked.receives_tests())
        .map(|LinkedStaff { staff, .. }| Tester {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            me: staff.id == desk.staff.id,
            ticked: chosen.contains(&staff.id),
        })
        .collect();
    let page = TestPage {
        shell: Shell::inside(app, desk, "テスト配信", "/posts"),
        id: post.id.to_string(),
        title: post.title().to_owned(),
        revision: revision.number,
        hash: revision.hash.short(),
        me_linked: testers.iter().any(|tester| tester.me),
        testers,
        remaining: QuotaView::recent(app).await.and_then(|quota| quota.remaining()),
        held_until: quiet.and_then(|quiet| quiet.holds_until(when.now, &policy.hours)).map(|at| when.at(at)),
        phone,
        problem,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn send(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    fields: Fields,
) -> Result<Response, Problem> {
    visible(&app, &desk, id).await?;
    let chosen: Result<BTreeSet<StaffId>, _> = fields.all("to").map(str::parse).collect();
    let chosen = chosen.map_err(|_| Problem::unreadable())?;
    let seen = fields.text("revision").parse().unwrap_or(0);
    let (by, to) = (desk.me(), &chosen);
    let sent = app.centre.transact(|mut work| async move {
        work.send_test(by, id, seen, to).await?;
        work.done(())
    });
    match sent.await {
        Ok(()) => Ok(shell::go(&app, &format!("/posts/{id}"), "tested")),
        Err(error @ ServiceError::Post(Refusal::NobodyTests | Refusal::Edited)) => {
            drawn(&app, &desk, id, &chosen, words::status(&error), words::refusal(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
