//! Every address of the console, once, with what it needs.

use axum::{
    Router, middleware,
    routing::{MethodRouter, get, post},
};
use lupinus_core::{
    actor::{Permission as P, Roles},
    blob::MAX_BLOB_BYTES,
    post::MAX_ATTACHMENTS,
};
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

use crate::{assets, console::App, error::Problem, gate, headers, pages, session::Sessions};

/// What somebody needs to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: sign-in and the style sheet.
    Nobody,
    /// An account. What is shown goes by its permissions.
    SignedIn,
    /// This permission.
    Permission(P),
}

impl Needs {
    pub(crate) fn anybody(self) -> bool {
        self == Self::Nobody
    }

    /// Whether these roles suffice, once signed in.
    pub fn met_by(self, roles: &Roles) -> bool {
        match self {
            Self::Nobody | Self::SignedIn => true,
            Self::Permission(permission) => roles.permit(permission),
        }
    }
}

/// One address of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// Its path within the console, with `{…}` for ids.
    pub path: &'static str,
    /// What it needs. A command may ask for more: core decides.
    pub needs: Needs,
    /// Whether it answers GET.
    pub get: bool,
    /// Whether it answers POST.
    pub post: bool,
}

/// What the gate knows of an address.
#[derive(Clone, Copy)]
pub(crate) struct Door {
    pub(crate) needs: Needs,
    pub(crate) max_body_bytes: usize,
    /// Whether it is open to those who have still to set up the second factor that their role asks for.
    pub(crate) without_factor: bool,
}

/// What somebody reaches who has still to set up their second factor.
const WITHOUT_FACTOR: [&str; 3] = ["/sign-out", "/account/password", "/account/second-factor"];

/// Longest form without files, in bytes.
const MAX_FORM_BYTES: usize = 512 * 1024;
/// Longest form with files, in bytes.
const MAX_UPLOAD_BYTES: usize = MAX_ATTACHMENTS * MAX_BLOB_BYTES + MAX_FORM_BYTES;

struct Route {
    info: RouteInfo,
    uploads: bool,
    handlers: MethodRouter<App>,
}

fn page(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    Route { info: RouteInfo { path, needs, get: true, post: false }, uploads: false, handlers }
}

fn command(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    Route { info: RouteInfo { path, needs, get: false, post: true }, uploads: false, handlers }
}

fn form(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    Route { info: RouteInfo { path, needs, get: true, post: true }, uploads: false, handlers }
}

fn upload(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    Route { uploads: true, ..form(path, needs, handlers) }
}

fn routes() -> Vec<Route> {
    use Needs::{Nobody, Permission as May, SignedIn};
    use pages::{
        account, audit, bodies, consultations, correcting, figures, incidents, listed, outbox, posts, queue,
        screening, second_factor, sending, sign_in, staff, writing,
    };
    vec![
        page("/assets/{file}", Nobody, get(assets::file)),
        form("/sign-in", Nobody, get(sign_in::form).post(sign_in::submit)),
        form("/sign-in/code", Nobody, get(sign_in::code_form).post(sign_in::code)),
        command("/sign-out", SignedIn, post(sign_in::sign_out)),
        page("/", SignedIn, get(queue::page)),
        page("/account", SignedIn, get(account::page)),
        command("/account/password", SignedIn, post(account::password)),
        form("/account/second-factor", SignedIn, get(second_factor::form).post(second_factor::set)),
        command("/account/deputies", SignedIn, post(account::deputies)),
        page("/posts", May(P::ReadPosts), get(posts::list)),
        upload("/posts/new", May(P::WritePost), get(writing::new_form).post(writing::create)),
        page("/posts/{id}", May(P::ReadPosts), get(posts::page)),
        upload("/posts/{id}/edit", May(P::WritePost), get(writing::edit_form).post(writing::edit)),
        upload("/posts/{id}/correct", May(P::ReadPosts), get(correcting::form).post(correcting::correct)),
        form("/posts/{id}/send", May(P::ReadPosts), get(sending::prepare).post(sending::send)),
        command("/posts/{id}/send/confirm", May(P::ReadPosts), post(sending::confirm)),
        page("/posts/{id}/attachments/{hash}", May(P::ReadPosts), get(posts::attachment)),
        command("/posts/{id}/{command}", May(P::ReadPosts), post(posts::command)),
        page("/consultations", May(P::ReadConsultations), get(consultations::list)),
        page("/consultations/{id}", May(P::ReadConsultations), get(consultations::page)),
        page("/consultations/{id}/media/{entry}", May(P::ReadConsultations), get(consultations::media)),
        command("/consultations/{id}/{command}", May(P::AnswerConsultations), post(consultations::command)),
        page("/outbox", May(P::ReleaseHeld), get(outbox::page)),
        command("/outbox/{id}/{command}", May(P::ReleaseHeld), post(outbox::command)),
        page("/incidents", May(P::HandleIncidents), get(incidents::list)),
        form("/incidents/new", May(P::HandleIncidents), get(incidents::new_form).post(incidents::create)),
        page("/incidents/{id}", May(P::HandleIncidents), get(incidents::page)),
        page("/incidents/{id}/report", May(P::HandleIncidents), get(incidents::report)),
        command("/incidents/{id}/{command}", May(P::HandleIncidents), post(incidents::command)),
        form("/words", May(P::ManageWords), get(listed::list).post(listed::add)),
        command("/words/{id}/{command}", May(P::ManageWords), post(listed::command)),
        page("/screening", SignedIn, get(screening::page)),
        form("/bodies", May(P::ManageBodies), get(bodies::list).post(bodies::create)),
        page("/bodies/{id}", May(P::ManageBodies), get(bodies::page)),
        command("/bodies/{id}/invite", May(P::ManageBodies), post(bodies::invite)),
        command("/bodies/{id}/active", May(P::ManageBodies), post(bodies::set_active)),
        command("/bodies/{id}/invitations/{invitation}/revoke", May(P::ManageBodies), post(bodies::revoke)),
        command(
            "/bodies/{id}/submitters/{member}/remove",
            May(P::ManageBodies),
            post(bodies::remove_submitter),
        ),
        form("/staff", May(P::ManageStaff), get(staff::list).post(staff::create)),
        page("/staff/{id}", May(P::ManageStaff), get(staff::page)),
        command("/staff/{id}/{command}", May(P::ManageStaff), post(staff::command)),
        page("/figures", May(P::ReadFigures), get(figures::page)),
        page("/figures/csv", May(P::ReadFigures), get(figures::csv)),
        page("/audit", May(P::ReadAudit), get(audit::page)),
    ]
}

pub(crate) fn list() -> Vec<RouteInfo> {
    routes().into_iter().map(|route| route.info).collect()
}

pub(crate) fn router(app: &App) -> Router {
    let mut router = Router::new();
    for Route { info, uploads, handlers } in routes() {
        let max_body_bytes = if uploads { MAX_UPLOAD_BYTES } else { MAX_FORM_BYTES };
        let without_factor = WITHOUT_FACTOR.contains(&info.path);
        let door = Door { needs: info.needs, max_body_bytes, without_factor };
        let gate = middleware::from_fn_with_state((app.clone(), door), gate::gate);
        let handlers = handlers.fallback(async || Problem::not_found());
        router = router.route(info.path, handlers.layer(gate));
    }
    let nowhere = Door { needs: Needs::Nobody, max_body_bytes: MAX_FORM_BYTES, without_factor: true };
    let gate = middleware::from_fn_with_state((app.clone(), nowhere), gate::gate);
    let sessions = SessionManagerLayer::new(Sessions::new(app.centre.clone(), app.idle_limit))
        .with_name("lupinus_console")
        .with_same_site(SameSite::Lax)
        .with_secure(app.https)
        .with_path(if app.base.is_empty() { "/".to_owned() } else { app.base.clone() });
    router
        .fallback_service(
            get(async || Problem::not_found()).fallback(async || Problem::not_found()).layer(gate),
        )
        .layer(sessions)
        .layer(middleware::from_fn(headers::guarded))
        .with_state(app.clone())
}
