//! Every address of the console, once, with what it needs: the router is built from this list, and so are the table of
//! permissions, its page and its test.

use axum::{
    Router, middleware,
    routing::{MethodRouter, get, post},
};
use lupinus_core::{actor::Permission as P, blob::MAX_BLOB_BYTES, post::MAX_ATTACHMENTS};
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

use crate::{
    access::{Asks, CommandInfo, Needs, RouteInfo},
    assets,
    console::App,
    error::Problem,
    gate, headers, live, networks, pages,
    session::Sessions,
};

/// What the gate knows of an address.
#[derive(Clone)]
pub(crate) struct Door {
    /// What stands in the table; `None` where there is no such address.
    pub(crate) info: Option<RouteInfo>,
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
    let info = RouteInfo { path, needs, asks: Asks::Nothing, get: true, post: false, commands: &[] };
    Route { info, uploads: false, handlers }
}

fn command(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    let info = RouteInfo { path, needs, asks: Asks::Nothing, get: false, post: true, commands: &[] };
    Route { info, uploads: false, handlers }
}

fn commands(
    path: &'static str,
    needs: Needs,
    commands: &'static [CommandInfo],
    handlers: MethodRouter<App>,
) -> Route {
    let info = RouteInfo { path, needs, asks: Asks::Nothing, get: false, post: true, commands };
    Route { info, uploads: false, handlers }
}

fn form(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    let info = RouteInfo { path, needs, asks: Asks::Nothing, get: true, post: true, commands: &[] };
    Route { info, uploads: false, handlers }
}

fn upload(path: &'static str, needs: Needs, handlers: MethodRouter<App>) -> Route {
    Route { uploads: true, ..form(path, needs, handlers) }
}

impl Route {
    /// With what core asks beyond the gate.
    fn asking(mut self, asks: Asks) -> Self {
        self.info.asks = asks;
        self
    }
}

const fn does(name: &'static str, asks: Asks) -> CommandInfo {
    CommandInfo { name, asks }
}

const POST: &[CommandInfo] = &[
    does("take", Asks::Permission(P::CheckPost)),
    does("return", Asks::Permission(P::CheckPost)),
    does("allow", Asks::Permission(P::CheckPost)),
    does("approve", Asks::Step),
    does("reject", Asks::Permission(P::DecidePost)),
    does("withdraw", Asks::OwnOr(P::DecidePost)),
    does("submit", Asks::Own),
    does("recall", Asks::Own),
    does("unschedule", Asks::Permission(P::DecidePost)),
    does("sign", Asks::Permission(P::DecidePost)),
    does("seen", Asks::Own),
    does("stop", Asks::Permission(P::ReleaseHeld)),
    does("resume", Asks::Permission(P::ReleaseHeld)),
    does("cancel", Asks::Permission(P::DecidePost)),
    does("resend", Asks::Permission(P::DecidePost)),
];

const QUEUE: &[CommandInfo] = &[does("claim", Asks::Nothing), does("unclaim", Asks::Nothing)];

const CONSULTATION: &[CommandInfo] = &[
    does("take", Asks::Nothing),
    does("assign", Asks::Nothing),
    does("answer", Asks::Nothing),
    does("transfer", Asks::Nothing),
    does("note", Asks::Nothing),
    does("tag", Asks::Nothing),
    does("untag", Asks::Nothing),
    does("resolve", Asks::Nothing),
    does("refer", Asks::Nothing),
    does("topic", Asks::Nothing),
    does("reopen", Asks::Nothing),
    does("merge", Asks::Nothing),
    does("canned", Asks::Nothing),
    does("media-open", Asks::Nothing),
    does("media-take", Asks::Nothing),
    does("media-keep", Asks::Nothing),
    does("media-remove", Asks::Nothing),
];

const FAQ: &[CommandInfo] = &[
    does("change", Asks::Nothing),
    does("revert", Asks::Nothing),
    does("publish", Asks::Nothing),
    does("withdraw", Asks::Nothing),
];

const ANSWER: &[CommandInfo] = &[
    does("change", Asks::Nothing),
    does("revert", Asks::Nothing),
    does("retire", Asks::Nothing),
    does("restore", Asks::Nothing),
];

const HELD: &[CommandInfo] = &[does("release", Asks::Nothing), does("drop", Asks::Nothing)];

const INCIDENT: &[CommandInfo] = &[
    does("save", Asks::Nothing),
    does("report_preliminary", Asks::Nothing),
    does("report_final", Asks::Nothing),
    does("close", Asks::Nothing),
    does("reopen", Asks::Nothing),
    does("export", Asks::Nothing),
];

const WORD: &[CommandInfo] =
    &[does("accept", Asks::Nothing), does("decline", Asks::Nothing), does("remove", Asks::Nothing)];

const MEMBER: &[CommandInfo] =
    &[does("look", Asks::Nothing), does("export", Asks::Nothing), does("erase", Asks::Nothing)];

const LAUNCH: &[CommandInfo] = &[
    does("examine", Asks::Nothing),
    does("seen", Asks::Nothing),
    does("propose", Asks::Nothing),
    does("confirm", Asks::Nothing),
    does("withdraw", Asks::Nothing),
    does("revert", Asks::Nothing),
];

const LINE_LINK: &[CommandInfo] =
    &[does("begin", Asks::Nothing), does("reminders", Asks::Nothing), does("unlink", Asks::Nothing)];

const SETTING: &[CommandInfo] = &[
    does("preview", Asks::Nothing),
    does("change", Asks::Nothing),
    does("revert", Asks::Nothing),
    does("file", Asks::Nothing),
];

const DISPOSAL: &[CommandInfo] = &[
    does("decide", Asks::Nothing),
    does("refuse", Asks::Nothing),
    does("withdraw", Asks::Own),
    does("hold", Asks::Nothing),
];

const STAFF: &[CommandInfo] = &[
    does("roles", Asks::Nothing),
    does("password", Asks::Nothing),
    does("deactivate", Asks::Nothing),
    does("reactivate", Asks::Nothing),
    does("factor_off", Asks::Nothing),
    does("unlink", Asks::Nothing),
    does("provider_off", Asks::Nothing),
    does("sessions", Asks::Nothing),
];

fn routes() -> Vec<Route> {
    use Needs::{Nobody, Permission as May, SignedIn};
    use pages::{
        accessibility, account, audit, bodies, calendar, canned, consultations, correcting, data_flow,
        disposals, faq, figures, incidents, launch, line_link, listed, members, outbox, permissions, posts,
        provider_link, queue, screening, second_factor, sending, settings, sign_in, single_sign_on, staff,
        testing, writing,
    };
    vec![
        page("/assets/{file}", Nobody, get(assets::file)),
        form("/sign-in", Nobody, get(sign_in::form).post(sign_in::submit)),
        form("/sign-in/code", Nobody, get(sign_in::code_form).post(sign_in::code)),
        page("/sign-in/provider", Nobody, get(single_sign_on::begin)),
        page("/sign-in/provider/back", Nobody, get(single_sign_on::back)),
        command("/sign-in/language", Nobody, post(sign_in::language)),
        command("/sign-out", SignedIn, post(sign_in::sign_out)),
        page("/", SignedIn, get(queue::page)),
        page("/queue/list", SignedIn, get(queue::part)),
        page("/queue/events", SignedIn, get(live::events)),
        commands("/queue/{command}", May(P::CheckPost), QUEUE, post(queue::command)),
        page("/account", SignedIn, get(account::page)),
        command("/account/password", SignedIn, post(account::password)),
        form("/account/second-factor", SignedIn, get(second_factor::form).post(second_factor::set)),
        command("/account/language", SignedIn, post(account::language)),
        command("/account/sessions", SignedIn, post(account::end_sessions)),
        form("/account/provider", SignedIn, get(provider_link::form).post(provider_link::link)),
        page("/account/provider/begin", SignedIn, get(provider_link::begin)),
        command("/account/provider/undo", SignedIn, post(provider_link::unlink)),
        commands("/account/line/{command}", SignedIn, LINE_LINK, post(line_link::command)),
        command("/account/deputies", SignedIn, post(account::deputies)),
        form("/posts", May(P::ReadPosts), get(posts::list).post(posts::search)),
        upload("/posts/new", May(P::WritePost), get(writing::new_form).post(writing::create)),
        page("/calendar", May(P::ReadPosts), get(calendar::page)),
        page("/posts/{id}", May(P::ReadPosts), get(posts::page)),
        upload("/posts/{id}/edit", May(P::WritePost), get(writing::edit_form).post(writing::edit))
            .asking(Asks::Own),
        upload("/posts/{id}/correct", May(P::ReadPosts), get(correcting::form).post(correcting::correct))
            .asking(Asks::Permission(P::WritePost)),
        page("/posts/{id}/copy", May(P::ReadPosts), get(writing::copy_form))
            .asking(Asks::Permission(P::WritePost)),
        page("/posts/{id}/sheet", May(P::ReadPosts), get(posts::sheet)),
        form("/posts/{id}/send", May(P::ReadPosts), get(sending::prepare).post(sending::send))
            .asking(Asks::Permission(P::DecidePost)),
        command("/posts/{id}/send/confirm", May(P::ReadPosts), post(sending::confirm))
            .asking(Asks::Permission(P::DecidePost)),
        form("/posts/{id}/test", May(P::ReadPosts), get(testing::prepare).post(testing::send))
            .asking(Asks::Permission(P::CheckPost)),
        page("/posts/{id}/attachments/{hash}", May(P::ReadPosts), get(posts::attachment)),
        commands("/posts/{id}/{command}", May(P::ReadPosts), POST, post(posts::command)),
        page("/consultations", May(P::ReadConsultations), get(consultations::list)),
        form(
            "/consultations/search",
            May(P::ReadConsultations),
            get(consultations::form).post(consultations::find),
        ),
        page("/consultations/{id}", May(P::ReadConsultations), get(consultations::page)),
        page("/consultations/{id}/media/{entry}", May(P::ReadConsultations), get(consultations::media)),
        form("/consultations/{id}/faq", May(P::AnswerConsultations), get(faq::new_form).post(faq::create)),
        commands(
            "/consultations/{id}/{command}",
            May(P::AnswerConsultations),
            CONSULTATION,
            post(consultations::command),
        ),
        page("/answers", May(P::ReadConsultations), get(canned::list)),
        form("/answers/new", May(P::AnswerConsultations), get(canned::new_form).post(canned::create)),
        page("/answers/{id}", May(P::ReadConsultations), get(canned::page)),
        commands("/answers/{id}/{command}", May(P::AnswerConsultations), ANSWER, post(canned::command)),
        form("/faq", May(P::ReadConsultations), get(faq::list).post(faq::find)),
        page("/faq/{id}", May(P::ReadConsultations), get(faq::page)),
        commands("/faq/{id}/{command}", May(P::AnswerConsultations), FAQ, post(faq::command)),
        page("/outbox", May(P::ReleaseHeld), get(outbox::page)),
        commands("/outbox/{id}/{command}", May(P::ReleaseHeld), HELD, post(outbox::command)),
        page("/incidents", May(P::HandleIncidents), get(incidents::list)),
        form("/incidents/new", May(P::HandleIncidents), get(incidents::new_form).post(incidents::create)),
        page("/incidents/{id}", May(P::HandleIncidents), get(incidents::page)),
        page("/incidents/{id}/report", May(P::HandleIncidents), get(incidents::report)),
        commands("/incidents/{id}/{command}", May(P::HandleIncidents), INCIDENT, post(incidents::command)),
        form("/words", May(P::ManageWords), get(listed::list).post(listed::add)),
        commands("/words/{id}/{command}", May(P::ManageWords), WORD, post(listed::command)),
        page("/screening", SignedIn, get(screening::page)),
        page("/members", May(P::ReadFigures), get(members::numbers)),
        command("/members/find", May(P::ManageMembers), post(members::find)),
        page("/members/{id}", May(P::ManageMembers), get(members::page)),
        commands("/members/{id}/{command}", May(P::ManageMembers), MEMBER, post(members::command)),
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
        commands("/staff/{id}/{command}", May(P::ManageStaff), STAFF, post(staff::command)),
        page("/settings", May(P::ManageSettings), get(settings::list)),
        page("/settings/{id}", May(P::ManageSettings), get(settings::page)),
        commands("/settings/{id}/{command}", May(P::ManageSettings), SETTING, post(settings::command)),
        page("/launch", May(P::ManageSettings), get(launch::page)),
        page("/launch/texts", May(P::ManageSettings), get(launch::texts_page)),
        commands("/launch/{command}", May(P::ManageSettings), LAUNCH, post(launch::command)),
        page("/figures", May(P::ReadFigures), get(figures::page)),
        page("/figures/csv", May(P::ReadFigures), get(figures::csv)),
        page("/audit", May(P::ReadAudit), get(audit::page)),
        form("/audit/check", May(P::ReadAudit), get(audit::check_page).post(audit::check)),
        page("/data-flow", May(P::ReadAudit), get(data_flow::page)),
        form("/disposals", May(P::ManageSettings), get(disposals::list).post(disposals::propose)),
        page("/disposals/{id}", May(P::ManageSettings), get(disposals::page)),
        page("/disposals/{id}/register", May(P::ManageSettings), get(disposals::register)),
        commands("/disposals/{id}/{command}", May(P::ManageSettings), DISPOSAL, post(disposals::command)),
        page("/accessibility", SignedIn, get(accessibility::page)),
        page("/permissions", SignedIn, get(permissions::page)),
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
        let path = info.path;
        let door = Door { info: Some(info), max_body_bytes, without_factor };
        let gate = middleware::from_fn_with_state((app.clone(), door), gate::gate);
        router = router.route(path, handlers.layer(gate));
    }
    let nowhere = Door { info: None, max_body_bytes: MAX_FORM_BYTES, without_factor: true };
    let gate = middleware::from_fn_with_state((app.clone(), nowhere), gate::gate);
    let sessions = SessionManagerLayer::new(Sessions::new(app.centre.clone(), app.idle_limit))
        .with_name("lupinus_console")
        .with_same_site(SameSite::Lax)
        .with_secure(app.https)
        .with_path(if app.base.is_empty() { "/".to_owned() } else { app.base.clone() });
    let router = router
        .fallback_service(
            get(async || Problem::not_found()).fallback(async || Problem::not_found()).layer(gate),
        )
        .layer(sessions)
        .with_state(app.clone());
    guarded(app, router)
}

/// With what stands in front of everything: where a visitor comes from, and what every answer carries.
pub(crate) fn guarded(app: &App, router: Router) -> Router {
    router
        .layer(middleware::from_fn_with_state(app.clone(), networks::door))
        .layer(middleware::from_fn(headers::guarded))
}
