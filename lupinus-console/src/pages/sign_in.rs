use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use lupinus_core::service::ServiceError;
use serde::Deserialize;
use tower_cookies::{Cookie, Cookies, cookie::SameSite};
use tower_sessions::Session;

use crate::{
    accounts::is_password,
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::{self, Desk, SIGN_IN_COOKIE},
    shell::{self, Shell},
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
}

/// The page with a fresh token, in the form and in a cookie that only it can read.
fn drawn(
    app: &Settings,
    cookies: &Cookies,
    status: StatusCode,
    mut page: SignInPage,
) -> Result<Response, Problem> {
    let token = gate::token(app);
    let path = format!("{}/sign-in", app.base);
    let cookie = Cookie::build((SIGN_IN_COOKIE, token.clone()))
        .path(path)
        .http_only(true)
        .secure(app.https)
        .same_site(SameSite::Strict);
    cookies.add(cookie.build());
    page.shell.csrf = token;
    shell::page(status, &page)
}

fn inner(next: Option<&str>) -> String {
    next.and_then(gate::inner_path).unwrap_or("/").to_owned()
}

pub(crate) async fn form(
    State(app): State<App>,
    cookies: Cookies,
    Query(towards): Query<Towards>,
) -> Result<Response, Problem> {
    let shell = Shell::outside(&app, "ログイン").having_done(towards.done.as_deref());
    let next = inner(towards.next.as_deref());
    drawn(&app, &cookies, StatusCode::OK, SignInPage { shell, login: String::new(), next, failed: false })
}

pub(crate) async fn submit(
    State(app): State<App>,
    cookies: Cookies,
    session: Session,
    fields: Fields,
) -> Result<Response, Problem> {
    let login = fields.text("login").trim().to_owned();
    let next = inner(fields.some("next"));
    if attempt(&app, &session, &login, fields.text("password")).await? {
        let to = if next == "/" { app.base.clone() } else { format!("{}{next}", app.base) };
        let to = if to.is_empty() { "/".to_owned() } else { to };
        return Ok(Redirect::to(&to).into_response());
    }
    let shell = Shell::outside(&app, "ログイン");
    drawn(&app, &cookies, StatusCode::UNAUTHORIZED, SignInPage { shell, login, next, failed: true })
}

/// One answer for an unknown login, a wrong password, a locked and a closed account, after the same time.
async fn attempt(app: &App, session: &Session, login: &str, password: &str) -> Result<bool, Problem> {
    let known = if login.len() > MAX_LOGIN_BYTES { None } else { app.centre.staff_by_login(login).await? };
    let right = is_password(password, known.as_ref().map(|staff| &staff.value.password)).await;
    let Some(known) = known else { return Ok(false) };
    if !right {
        let counted = app.centre.transact(|mut work| async move {
            let until = work.sign_in_failed(login).await?;
            work.done(until)
        });
        counted.await?;
        return Ok(false);
    }
    let id = known.value.id;
    let let_in = app.centre.transact(|mut work| async move {
        let staff = work.sign_in_succeeded(id).await?;
        work.done(staff)
    });
    match let_in.await {
        Ok(staff) => {
            gate::begin(app, session, &staff).await?;
            tracing::info!(staff.id = %staff.id, "signed in");
            Ok(true)
        }
        Err(ServiceError::NotAllowed) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn sign_out(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    desk.session.flush().await?;
    Ok(shell::go(&app, "/sign-in", "signed-out"))
}
