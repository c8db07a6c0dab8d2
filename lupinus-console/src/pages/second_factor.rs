//! Setting up one's second factor: a picture for the authenticator, a code that proves it, recovery codes shown once.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use lupinus_core::staff::FactorSecret;

use super::proving;
use crate::{
    console::App,
    error::Problem,
    factor,
    fields::Fields,
    gate::{self, Desk},
    shell::{self, Shell},
    text::filters,
};

/// The session's entry that holds a secret until a code has proved it.
const PROPOSED: &str = "proposed_factor";

#[derive(Template)]
#[template(path = "second_factor.html")]
struct SetUpPage {
    shell: Shell,
    needed: bool,
    /// Whether a code of the one before is asked for.
    asks_code: bool,
    failed: bool,
    picture: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
}

fn drawn(
    app: &App,
    desk: &Desk,
    secret: &FactorSecret,
    status: StatusCode,
    failed: bool,
) -> Result<Response, Problem> {
    let issuer = format!("{} {}", app.city, app.account);
    let (picture, typed) =
        factor::shown(secret, issuer.trim(), &desk.staff.login).ok_or_else(|| Problem::broken(None))?;
    let shell = Shell::inside(app, desk, "二段階認証の設定", "/account");
    shell::page(
        desk.language,
        status,
        &SetUpPage {
            shell,
            needed: desk.lacks_factor(app),
            asks_code: proving::factor_not_shown(desk).is_some(),
            failed,
            picture,
            typed,
        },
    )
}

pub(crate) async fn form(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    // Reloading the page shows the same picture: what somebody scanned a moment ago stays right.
    let secret = if let Some(secret) = desk.session.get::<FactorSecret>(PROPOSED).await? {
        secret
    } else {
        let fresh = factor::secret(app.centre.ids().as_ref());
        desk.session.insert(PROPOSED, fresh.clone()).await?;
        fresh
    };
    drawn(&app, &desk, &secret, StatusCode::OK, false)
}

pub(crate) async fn set(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let Some(secret) = desk.session.get::<FactorSecret>(PROPOSED).await? else {
        return Err(Problem::form_expired());
    };
    let proved =
        factor::set_up(secret.clone(), fields.text("code"), app.centre.now(), app.centre.ids().as_ref());
    let proved = match proved {
        // What is there already comes last: it serves once.
        Some(proved) => {
            let shown = proving::shown(&app, &desk, &fields, proving::factor_not_shown(&desk)).await?;
            shown.is_ok().then_some(proved)
        }
        None => None,
    };
    let Some((factor, codes)) = proved else {
        return drawn(&app, &desk, &secret, StatusCode::UNPROCESSABLE_ENTITY, true);
    };
    let (by, id) = (desk.me(), desk.staff.id);
    let outcome = app.centre.transact(|mut work| {
        let factor = factor.clone();
        async move {
            work.set_second_factor(by, id, factor).await?;
            work.done(())
        }
    });
    outcome.await?;
    // Every other session of this account ends; this one begins anew, without the proposed secret.
    let staff = app.centre.staff(id).await?.value;
    gate::begin(&app, &desk.session, &staff, &desk.signed_in_by).await?;
    let csrf = gate::csrf(&desk.session).await?;
    let desk = Desk { staff, csrf, ..desk };
    let shell = Shell::inside(&app, &desk, "回復コード", "/account");
    shell::page(desk.language, StatusCode::OK, &CodesPage { shell, codes })
}
