use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use lupinus_core::{
    ids::StaffId,
    policy::Passwords,
    service::{ServiceError, SignedInBy},
    staff::FactorProof,
};
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
    text::{Text, filters},
};

/// Longest login that is looked up, in bytes.
const MAX_LOGIN_BYTES: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Towards {
    next: Option<String>,
    done: Option<String>,
}

impl Towards {
    /// Where to go on to, within the console.
    pub(super) fn inner(&self) -> String {
        inner(self.next.as_deref())
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    next: String,
    failed: bool,
    /// What staff call an account at the city's provider.
    provider: Option<String>,
    /// Why the provider did not let somebody in.
    refused: Option<Text>,
    /// Whether administrators alone have a password.
    for_administrators: bool,
    /// The language that is offered.
    other: Language,
}

impl SignInPage {
    fn new(app: &Settings, language: Language, next: String) -> Self {
        Self {
            shell: Shell::outside(app, "ログイン"),
            login: String::new(),
            next,
            failed: false,
            provider: app.provider.as_ref().map(|provider| provider.label.clone()),
            refused: None,
            for_administrators: app.provider.is_some()
                && app.centre.policy().single_sign_on.passwords == Passwords::Administrators,
            other: language.other(),
        }
    }
}

/// The page again, with why the provider did not let somebody in.
pub(super) fn refused(
    app: &Settings,
    cookies: &Cookies,
    language: Language,
    status: StatusCode,
    next: String,
    sentence: Text,
) -> Result<Response, Problem> {
    let page = SignInPage { refused: Some(sentence), ..SignInPage::new(app, language, next) };
    drawn(app, cookies, language, status, page)
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
    let mut page = SignInPage::new(&app, language, towards.inner());
    page.shell = page.shell.having_done(towards.done.as_deref());
    drawn(&app, &cookies, language, StatusCode::OK, page)
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

/// Whether the door is open to passwords, and to codes behind one. Whoever comes from the provider guesses nothing, and others' guesses
/// do not keep them out.
async fn not_paused(app: &App) -> Result<(), Problem> {
    if app.centre.sign_in_paused().await?.is_some() {
        return Err(Problem::too_many_attempts());
    }
    Ok(())
}

/// Counts an attempt of whoever comes from there, before anything is looked at; the answer does not say which bound was reached.
pub(super) async fn counted(app: &App, From(address): From) -> Result<(), Problem> {
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
    not_paused(&app).await?;
    counted(&app, from).await?;
    let login = fields.text("login").trim().to_owned();
    let next = inner(fields.some("next"));
    match attempt(&app, &session, &login, fields.text("password")).await? {
        Outcome::In => return Ok(onward(&app, &next)),
        Outcome::Half => return Ok(to_the_code(&app, &next)),
        Outcome::Out => {}
    }
    let page = SignInPage { login, failed: true, ..SignInPage::new(&app, language, next) };
    drawn(&app, &cookies, language, StatusCode::UNAUTHORIZED, page)
}

/// To the second factor, and on from there.
pub(super) fn to_the_code(app: &Settings, next: &str) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("next", next).finish();
    Redirect::to(&format!("{}/sign-in/code?{query}", app.base)).into_response()
}

pub(super) fn onward(app: &Settings, next: &str) -> Response {
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
    let known = known.filter(|known| app.centre.may_use_password(&known.value));
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
        gate::half_begin(app, session, staff, &SignedInBy::Password).await?;
        return Ok(Outcome::Half);
    }
    if let_in(app, session, staff.id, &SignedInBy::Password, None).await? {
        return Ok(Outcome::In);
    }
    failed(app, login).await?;
    Ok(Outcome::Out)
}

/// Counts a wrong password.
pub(super) async fn failed(app: &App, login: &str) -> Result<(), Problem> {
    let counted = app.centre.transact(|mut work| async move {
        let until = work.sign_in_failed(login).await?;
        work.done(until)
    });
    counted.await?;
    Ok(())
}

/// Counts a wrong code.
pub(super) async fn code_failed(app: &App, id: StaffId) -> Result<(), Problem> {
    let counted = app.centre.transact(|mut work| async move {
        let until = work.second_factor_failed(id).await?;
        work.done(until)
    });
    counted.await?;
    Ok(())
}

/// Lets somebody in, if core agrees: by a password, or from the provider.
pub(super) async fn let_in(
    app: &App,
    session: &Session,
    id: StaffId,
    by: &SignedInBy,
    proof: Option<FactorProof>,
) -> Result<bool, Problem> {
    let entered = app.centre.transact(|mut work| async move {
        let staff = work.sign_in_succeeded(id, by, proof).await?;
        work.done(staff)
    });
    match entered.await {
        Ok(staff) => {
            gate::begin(app, session, &staff, by).await?;
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
    let next = towards.inner();
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
    counted(&app, from).await?;
    let next = inner(fields.some("next"));
    let Some((staff, by)) = gate::half_in(&app, &session).await? else {
        return Err(Problem::session_ended());
    };
    if by == SignedInBy::Password {
        not_paused(&app).await?;
    }
    let proof = staff
        .second_factor
        .as_ref()
        .and_then(|factor| factor::proof(factor, fields.text("code"), app.centre.now()));
    if let Some(proof) = proof
        && let_in(&app, &session, staff.id, &by, Some(proof)).await?
    {
        return Ok(onward(&app, &next));
    }
    code_failed(&app, staff.id).await?;
    let shell = Shell::outside(&app, "二段階認証");
    drawn(&app, &cookies, language, StatusCode::UNAUTHORIZED, CodePage { shell, next, failed: true })
}

pub(crate) async fn sign_out(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    desk.session.flush().await?;
    Ok(shell::go(&app, "/sign-in", "signed-out"))
}
