//! One's own account: the password, and who may decide in one's stead.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{actor::Actor, ids::StaffId};
use tower_cookies::Cookies;

use super::{Asked, line_link::LineLink, provider_link::ProviderRow, proving};
use crate::{
    accounts::{MIN_PASSWORD_CHARS, hash_password},
    console::App,
    error::Problem,
    fields::Fields,
    gate::{self, Desk},
    language::Language,
    session,
    shell::{self, Shell},
    text::{Text, filters, say},
    words,
};

struct Colleague {
    id: String,
    name: String,
    roles: Text,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    roles: Text,
    factor: Text,
    has_factor: bool,
    /// Whether a change of the password asks for a code.
    asks_code: bool,
    colleagues: Vec<Colleague>,
    stands_in_for: Vec<String>,
    seats: Vec<SeatRow>,
    line: LineLink,
    provider: Option<ProviderRow>,
    refused: Option<(&'static str, Text)>,
    min_password: usize,
    /// The language that is offered.
    other: Language,
}

impl AccountPage {
    fn refused_at(&self, form: &str) -> Option<&Text> {
        self.refused.as_ref().filter(|(at, _)| *at == form).map(|(_, sentence)| sentence)
    }
}

pub(super) async fn drawn(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    status: StatusCode,
    refused: Option<(&'static str, Text)>,
) -> Result<Response, Problem> {
    let staff = app.centre.staff_list().await?;
    let me = desk.staff.id;
    let page = AccountPage {
        shell: Shell::inside(app, desk, "自分の設定", "/account").having_done(done),
        login: desk.staff.login.clone(),
        roles: words::roles(&desk.staff.roles),
        factor: desk.staff.second_factor.as_ref().map_or_else(
            || Text::from("設定していません。"),
            |factor| {
                let since = super::when(app).at(factor.since);
                say!(
                    "{since} に設定しました。未使用の回復コードは{recovery}個です。",
                    since,
                    recovery = factor.recovery.len()
                )
            },
        ),
        has_factor: desk.staff.second_factor.is_some(),
        asks_code: proving::factor_not_shown(desk).is_some(),
        colleagues: staff
            .iter()
            .filter(|staff| staff.active && staff.id != me)
            .map(|staff| Colleague {
                id: staff.id.to_string(),
                name: staff.name.clone(),
                roles: words::roles(&staff.roles),
                ticked: desk.staff.deputies.contains(&staff.id),
            })
            .collect(),
        stands_in_for: staff
            .iter()
            .filter(|staff| staff.active && staff.deputies.contains(&me))
            .map(|staff| staff.name.clone())
            .collect(),
        seats: seats(app, desk, me).await?,
        line: LineLink::of(app, me).await?,
        provider: ProviderRow::of(app, &desk.staff),
        refused,
        min_password: MIN_PASSWORD_CHARS,
        other: desk.language.other(),
    };
    shell::page(desk.language, status, &page)
}

/// An open session.
pub(super) struct SeatRow {
    pub(super) key: String,
    pub(super) signed_in: Text,
    pub(super) seen: Text,
    /// Whether it is the one that is looking.
    pub(super) this: bool,
}

/// Somebody's open sessions.
pub(super) async fn seats(app: &App, desk: &Desk, of: StaffId) -> Result<Vec<SeatRow>, Problem> {
    let this = session::name_of(desk.session.id());
    let when = super::when(app);
    let seats = session::seats(&app.centre).await?.into_iter().filter(|seat| seat.staff == of);
    let row = |seat: session::Seat| SeatRow {
        this: seat.key == this,
        key: seat.key,
        signed_in: when.at(seat.signed_in_at),
        seen: when.at(seat.seen_at),
    };
    Ok(seats.map(row).collect())
}

/// Ends one of one's own sessions, or all but the one at hand.
pub(crate) async fn end_sessions(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Response, Problem> {
    let this = session::name_of(desk.session.id());
    let (all, key) = (fields.ticked("all"), fields.text("session"));
    if !all && key.is_empty() {
        return Err(Problem::unreadable());
    }
    let me = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let which = |seat: &session::Seat| if all { seat.key != this } else { seat.key == key };
    session::end(&app.centre, &me, desk.staff.id, which).await?;
    Ok(shell::go(&app, "/account", "sessions"))
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, asked.done.as_deref(), StatusCode::OK, None).await
}

/// Keeps the language that somebody chose.
pub(crate) async fn language(
    State(app): State<App>,
    cookies: Cookies,
    fields: Fields,
) -> Result<Response, Problem> {
    Language::from_tag(fields.text("language")).ok_or_else(Problem::unreadable)?.keep(&app, &cookies);
    Ok(shell::go(&app, "/account", "language"))
}

pub(crate) async fn password(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Response, Problem> {
    let wrong = |sentence: &'static str| Some(("password", Text::from(sentence)));
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if fields.text("new") != fields.text("again") {
        let refused = wrong("新しいパスワードが一致しません。2回とも同じものを入力してください。");
        return drawn(&app, &desk, None, status, refused).await;
    }
    let hash = match hash_password(fields.text("new")).await {
        Ok(hash) => hash,
        Err(error) => return drawn(&app, &desk, None, status, wrong(error.sentence_ja())).await,
    };
    if let Err(sentence) = proving::shown(&app, &desk, &fields, proving::factor_not_shown(&desk)).await? {
        return drawn(&app, &desk, None, status, wrong(sentence)).await;
    }
    let (by, id) = (desk.me(), desk.staff.id);
    let outcome = app.centre.transact(|mut work| {
        let hash = hash.clone();
        async move {
            work.set_password(by, id, hash).await?;
            work.done(())
        }
    });
    outcome.await?;
    // Every other session of this account ends with the old password; this one begins anew.
    let staff = app.centre.staff(id).await?.value;
    gate::begin(&app, &desk.session, &staff, &desk.signed_in_by).await?;
    Ok(shell::go(&app, "/account", "password"))
}

pub(crate) async fn deputies(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Response, Problem> {
    let deputies: Result<BTreeSet<StaffId>, _> = fields.all("deputy").map(str::parse).collect();
    let deputies = deputies.map_err(|_| Problem::unreadable())?;
    let (by, id) = (desk.me(), desk.staff.id);
    let outcome = app.centre.transact(|mut work| {
        let deputies = deputies.clone();
        async move {
            work.set_deputies(by, id, deputies).await?;
            work.done(())
        }
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, "/account", "deputies")),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => {
                drawn(&app, &desk, None, words::status(&error), Some(("deputies", sentence))).await
            }
            None => Err(error.into()),
        },
    }
}
