use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use lupinus_core::{ids::StaffId, service::ServiceError, staff::FactorProof};
use serde::Deserialize;
use tower_cookies::{Cookie, Cookies, cookie::SameSite};
use tower_sessions::Session;

use crate::{
    accounts::is_password,
    address::{Attempt, From},
    console::{App, Settings},
    error::Problem,
    factor,
    fields::Fields,
    gate::{self, Desk, SIGN_IN_COOKIE},
    language::Language,
    shell::{self, Shell},
    text::filters,
};

/// Longest login that is looked up, in bytes.
const MAX_LOGIN_BYTES: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Towards {
    next: Option<String>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    next: String,
    failed: bool,
    /// The language that is offered.
    other: Language,
}

impl Framed for SignInPage {
    fn shell(&mut self) -> &mut Shell {
        &mut self.shell
    }
}

/// A page with a frame around it.
trait Framed: Template {
    fn shell(&mut self) -> &mut Shell;
}

/// The page with a fresh token, in the form and in a cookie that only it can read.
fn drawn<P: Framed>(
    app: &Settings,
    cookies: &Cookies,
    language: Language,
    status: StatusCode,
    mut page: P,
) -> Result<Response, Problem> {
    let token = gate::token(app);
    let path = format!("{}/sign-in", app.base);
    let cookie = Cookie::build((SIGN_IN_COOKIE, token.clone()))
        .path(path)
        .http_only(true)
        .secure(app.https)
        .same_site(SameSite::Strict);
    cookies.add(cookie.build());
    page.shell().csrf = token;
    shell::page(language, status, &page)
}

fn inner(next: Option<&str>) -> String {
    next.and_then(gate::inner_path).unwrap_or("/").to_owned()
}

pub(crate) async fn form(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    Query(towards): Query<Towards>,
) -> Result<Response, Problem> {
    let shell = Shell::outside(&app, "ログイン").having_done(towards.done.as_deref());
    let next = inner(towards.next.as_deref());
    drawn(
        &app,
        &cookies,
        language,
        StatusCode::OK,
        SignInPage { shell, login: String::new(), next, failed: false, other: language.other() },
    )
}

/// Keeps the language that somebody chose before they sign in.
pub(crate) async fn language(
    State(app): State<App>,
    cookies: Cookies,
    fields: Fields,
) -> Result<Response, Problem> {
    Language::from_tag(fields.text("language")).ok_or_else(Problem::unreadable)?.keep(&app, &cookies);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", &inner(fields.some("next")));
    Ok(Redirect::to(&format!("{}/sign-in?{}", app.base, query.finish())).into_response())
}

/// Whether the door is open to whoever comes from there: before a password or a code is looked at, and without saying which of the
/// two bounds was reached.
async fn heard(app: &App, From(address): From) -> Result<(), Problem> {
    if app.centre.sign_in_paused().await?.is_some() {
        return Err(Problem::too_many_attempts());
    }
    let Attempt::TooMany { tell } = app.attempts.count(address, app.centre.now()) else { return Ok(()) };
    if tell {
        tracing::warn!("too many attempts to sign in from one address");
        let noted = app.centre.transact(|mut work| async move {
            work.sign_in_slowed().await?;
            work.done(())
        });
        noted.await?;
    }
    Err(Problem::too_many_attempts())
}

pub(crate) async fn submit(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    session: Session,
    from: From,
    fields: Fields,
) -> Result<Response, Problem> {
    heard(&app, from).await?;
    let login = fields.text("login").trim().to_owned();
    let next = inner(fields.some("next"));
    match attempt(&app, &session, &login, fields.text("password")).await? {
        Outcome::In => return Ok(onward(&app, &next)),
        Outcome::Half => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let query = query.append_pair("next", &next).finish();
            return Ok(Redirect::to(&format!("{}/sign-in/code?{query}", app.base)).into_response());
        }
        Outcome::Out => {}
    }
    let shell = Shell::outside(&app, "ログイン");
    drawn(
        &app,
        &cookies,
        language,
        StatusCode::UNAUTHORIZED,
        SignInPage { shell, login, next, failed: true, other: language.other() },
    )
}

fn onward(app: &Settings, next: &str) -> Response {
    let to = if next == "/" { app.base.clone() } else { format!("{}{next}", app.base) };
    let to = if to.is_empty() { "/" } else { &to };
    Redirect::to(to).into_response()
}

/// What became of login and password.
enum Outcome {
    In,
    /// The second factor is still to come.
    Half,
    Out,
}

/// One answer for an unknown login, a wrong password, a locked and a closed account, after the same time.
async fn attempt(app: &App, session: &Session, login: &str, password: &str) -> Result<Outcome, Problem> {
    let known = if login.len() > MAX_LOGIN_BYTES { None } else { app.centre.staff_by_login(login).await? };
    let right = is_password(password, known.as_ref().map(|staff| &staff.value.password)).await;
    let Some(known) = known.filter(|_| right) else {
        // One change in every case: writing to the disk takes longer than all the rest.
        failed(app, login).await?;
        return Ok(Outcome::Out);
    };
    let staff = &known.value;
    if staff.second_factor.is_some() {
        // Failures are counted on: whoever knows the password must not guess codes for ever.
        if !staff.active || app.centre.is_locked(staff).is_some() {
            failed(app, login).await?;
            return Ok(Outcome::Out);
        }
        gate::half_begin(app, session, staff).await?;
        return Ok(Outcome::Half);
    }
    if let_in(app, session, staff.id, None).await? {
        return Ok(Outcome::In);
    }
    failed(app, login).await?;
    Ok(Outcome::Out)
}

async fn failed(app: &App, login: &str) -> Result<(), Problem> {
    let counted = app.centre.transact(|mut work| async move {
        let until = work.sign_in_failed(login).await?;
        work.done(until)
    });
    counted.await?;
    Ok(())
}

async fn let_in(
    app: &App,
    session: &Session,
    id: StaffId,
    proof: Option<FactorProof>,
) -> Result<bool, Problem> {
    let entered = app.centre.transact(|mut work| async move {
        let staff = work.sign_in_succeeded(id, proof).await?;
        work.done(staff)
    });
    match entered.await {
        Ok(staff) => {
            gate::begin(app, session, &staff).await?;
            tracing::info!(staff.id = %staff.id, "signed in");
            Ok(true)
        }
        Err(ServiceError::NotAllowed) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    failed: bool,
}

impl Framed for CodePage {
    fn shell(&mut self) -> &mut Shell {
        &mut self.shell
    }
}

pub(crate) async fn code_form(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    session: Session,
    Query(towards): Query<Towards>,
) -> Result<Response, Problem> {
    if gate::half_in(&app, &session).await?.is_none() {
        return Ok(Redirect::to(&format!("{}/sign-in", app.base)).into_response());
    }
    let shell = Shell::outside(&app, "二段階認証");
    let next = inner(towards.next.as_deref());
    drawn(&app, &cookies, language, StatusCode::OK, CodePage { shell, next, failed: false })
}

/// The second factor. A wrong code counts as a failed attempt, and locks the account as a wrong password does.
pub(crate) async fn code(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    session: Session,
    from: From,
    fields: Fields,
) -> Result<Response, Problem> {
    heard(&app, from).await?;
    let next = inner(fields.some("next"));
    let Some(staff) = gate::half_in(&app, &session).await? else {
        return Err(Problem::session_ended());
    };
    let proof = staff
        .second_factor
        .as_ref()
        .and_then(|factor| factor::proof(factor, fields.text("code"), app.centre.now()));
    if let Some(proof) = proof
        && let_in(&app, &session, staff.id, Some(proof)).await?
    {
        return Ok(onward(&app, &next));
    }
    failed(&app, &staff.login).await?;
    let shell = Shell::outside(&app, "二段階認証");
    drawn(&app, &cookies, language, StatusCode::UNAUTHORIZED, CodePage { shell, next, failed: true })
}

pub(crate) async fn sign_out(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    desk.session.flush().await?;
    Ok(shell::go(&app, "/sign-in", "signed-out"))
}
