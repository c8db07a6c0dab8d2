//! Who one's own account is at the city's provider of identities: said by its owner, who signs in there once more and then shows again
//! what opens the account without it.

use std::time::Duration;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use lupinus_core::staff::{ProviderIdentity, Staff};
use serde::{Deserialize, Serialize};
use tower_cookies::Cookies;
use tower_sessions::Session;

use super::{
    account, proving,
    single_sign_on::{Turned, leave},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::{self, Desk, FACTOR_LIMIT},
    language::Language,
    oidc::{Provider, Purpose},
    shell::{self, Shell},
    text::{Text, filters},
    words,
};

/// The session's entry of who came back from the provider, until its owner says that it is them.
const PROPOSED: &str = "proposed_identity";

#[derive(Serialize, Deserialize)]
struct Proposed {
    identity: ProviderIdentity,
    at: Timestamp,
}

/// What an account is at the provider, for its owner and for administrators.
pub(super) struct ProviderRow {
    pub(super) label: String,
    /// Since when it is linked.
    pub(super) since: Option<Text>,
}

impl ProviderRow {
    /// `None` where the city has no provider.
    pub(super) fn of(app: &Settings, staff: &Staff) -> Option<Self> {
        let label = app.provider.as_ref()?.label.clone();
        let since = staff.provider.as_ref().map(|link| when(app).at(link.since));
        Some(Self { label, since })
    }
}

#[derive(Template)]
#[template(path = "provider_link.html")]
struct LinkPage {
    shell: Shell,
    label: String,
    login: String,
    asks_code: bool,
    refused: Option<Text>,
}

async fn refused(app: &App, desk: &Desk, status: StatusCode, sentence: Text) -> Result<Response, Problem> {
    account::drawn(app, desk, None, status, Some(("provider", sentence))).await
}

/// To the provider, to be linked.
pub(crate) async fn begin(State(app): State<App>, cookies: Cookies, desk: Desk) -> Result<Response, Problem> {
    let Some(provider) = app.provider.as_ref().filter(|_| desk.staff.provider.is_none()) else {
        return account::drawn(&app, &desk, None, StatusCode::OK, None).await;
    };
    match leave(&app, provider, &cookies, Purpose::Link, "/account").await {
        Ok(response) => Ok(response),
        Err(turned) => {
            let (status, sentence) = turned.said(&provider.label);
            refused(&app, &desk, status, sentence).await
        }
    }
}

/// Back from the provider. Nothing is linked yet.
pub(super) async fn came_back(
    app: &App,
    provider: &Provider,
    session: &Session,
    language: Language,
    identified: Result<ProviderIdentity, Turned>,
) -> Result<Response, Problem> {
    let Some(desk) = gate::signed_in(app, session, false, language).await? else {
        return Ok(Redirect::to(&format!("{}/sign-in?next=/account", app.base)).into_response());
    };
    match identified {
        Ok(identity) => {
            session.insert(PROPOSED, Proposed { identity, at: app.centre.now() }).await?;
            Ok(Redirect::to(&format!("{}/account/provider", app.base)).into_response())
        }
        Err(turned) => {
            let (status, sentence) = turned.said(&provider.label);
            refused(app, &desk, status, sentence).await
        }
    }
}

async fn proposed(app: &App, desk: &Desk) -> Result<Option<ProviderIdentity>, Problem> {
    let Some(Proposed { identity, at }) = desk.session.get(PROPOSED).await? else { return Ok(None) };
    let age = Duration::try_from(app.centre.now().duration_since(at)).unwrap_or_default();
    Ok((age < FACTOR_LIMIT).then_some(identity))
}

fn drawn(
    app: &App,
    desk: &Desk,
    label: &str,
    status: StatusCode,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let shell = Shell::inside(app, desk, "アカウントの結び付け", "/account");
    let (label, login) = (label.to_owned(), desk.staff.login.clone());
    let asks_code = desk.staff.second_factor.is_some();
    shell::page(desk.language, status, &LinkPage { shell, label, login, asks_code, refused })
}

/// What is asked before the link is made.
pub(crate) async fn form(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    match (&app.provider, proposed(&app, &desk).await?) {
        (Some(provider), Some(_)) => drawn(&app, &desk, &provider.label, StatusCode::OK, None),
        _ => account::drawn(&app, &desk, None, StatusCode::OK, None).await,
    }
}

/// Makes the link.
pub(crate) async fn link(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let (Some(provider), Some(identity)) = (&app.provider, proposed(&app, &desk).await?) else {
        let sentence = "時間が過ぎました。もう一度始めてください。".into();
        return refused(&app, &desk, StatusCode::UNPROCESSABLE_ENTITY, sentence).await;
    };
    if let Err(sentence) = proving::shown(&app, &desk, &fields, desk.staff.second_factor.as_ref()).await? {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return drawn(&app, &desk, &provider.label, status, Some(sentence.into()));
    }
    let (by, id) = (desk.me(), desk.staff.id);
    let linked = app.centre.transact(|mut work| {
        let identity = identity.clone();
        async move {
            work.link_provider(by, id, identity).await?;
            work.done(())
        }
    });
    let linked = linked.await;
    desk.session.remove::<Proposed>(PROPOSED).await?;
    match linked {
        Ok(()) => Ok(shell::go(&app, "/account", "provider")),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => refused(&app, &desk, words::status(&error), sentence).await,
            None => Err(error.into()),
        },
    }
}

/// Undoes one's own.
pub(crate) async fn unlink(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let (by, id) = (desk.me(), desk.staff.id);
    let undone = app.centre.transact(|mut work| async move {
        work.unlink_provider(by, id).await?;
        work.done(())
    });
    undone.await?;
    Ok(shell::go(&app, "/account", "provider_off"))
}
