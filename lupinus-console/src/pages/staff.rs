//! The staff's accounts.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Actor, Permission, Role, Roles},
    ids::StaffId,
    service::{NewStaff, ServiceError, SoleAdministrator, StaffingRefusal},
    staff::Staff,
};

use super::{
    Asked,
    account::{SeatRow, seats},
    line_link::LineLink,
    provider_link::ProviderRow,
    when,
};
use crate::{
    accounts::{MIN_PASSWORD_CHARS, hash_password},
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    session,
    shell::{self, Shell},
    text::{Text, filters},
    view::Names,
    words,
};

struct StaffRow {
    id: String,
    name: String,
    login: String,
    roles: Text,
    active: bool,
    locked: Option<Text>,
    /// 二段階認証: set up, missing though the role asks for it, or neither.
    factor: &'static str,
    has_factor: bool,
    me: bool,
}

fn factor_words(app: &App, staff: &Staff) -> &'static str {
    match (&staff.second_factor, app.centre.needs_own_factor(staff)) {
        (Some(_), _) => "二段階認証あり",
        (None, true) => "二段階認証が未設定(役割により必要)",
        (None, false) => "二段階認証なし",
    }
}

struct RoleChoice {
    name: &'static str,
    label: &'static str,
    allows: Text,
    ticked: bool,
}

pub(super) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "administrator",
        Role::Checker => "checker",
        Role::Approver => "approver",
        Role::Consultant => "consultant",
        Role::Auditor => "auditor",
    }
}

fn choices(ticked: impl Fn(Role) -> bool) -> Vec<RoleChoice> {
    Role::ALL
        .into_iter()
        .map(|role| {
            let allowed = Permission::ALL.into_iter().filter(|permission| role.permits(*permission));
            RoleChoice {
                name: role_name(role),
                label: role.label_ja(),
                allows: Text::list("、", allowed.map(words::permission)),
                ticked: ticked(role),
            }
        })
        .collect()
}

fn roles_of(fields: &Fields) -> Roles {
    Role::ALL.into_iter().filter(|role| fields.has("role", role_name(*role))).collect()
}

#[derive(Template)]
#[template(path = "staff_list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<StaffRow>,
    roles: Vec<RoleChoice>,
    fields: Fields,
    refused: Option<Text>,
    administrators: usize,
    min_password: usize,
}

async fn listed(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    status: StatusCode,
    fields: Fields,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let staff = app.centre.staff_list().await?;
    let when = when(app);
    let page = ListPage {
        shell: Shell::inside(app, desk, "職員", "/staff").having_done(done),
        administrators: staff
            .iter()
            .filter(|staff| staff.active && staff.roles.has(Role::Administrator))
            .count(),
        rows: staff
            .iter()
            .map(|staff| StaffRow {
                id: staff.id.to_string(),
                name: staff.name.clone(),
                login: staff.login.clone(),
                roles: words::roles(&staff.roles),
                active: staff.active,
                locked: app.centre.is_locked(staff).map(|until| when.at(until)),
                factor: factor_words(app, staff),
                has_factor: staff.second_factor.is_some(),
                me: staff.id == desk.staff.id,
            })
            .collect(),
        roles: choices(|role| fields.has("role", role_name(role))),
        fields,
        refused,
        min_password: MIN_PASSWORD_CHARS,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    listed(&app, &desk, asked.done.as_deref(), StatusCode::OK, Fields::default(), None).await
}

pub(crate) async fn create(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let password = match hash_password(fields.text("password")).await {
        Ok(password) => password,
        Err(error) => {
            let sentence = Some(error.sentence_ja().into());
            return listed(&app, &desk, None, StatusCode::UNPROCESSABLE_ENTITY, fields, sentence).await;
        }
    };
    let account = NewStaff {
        login: fields.text("login").trim().to_owned(),
        name: fields.text("name").trim().to_owned(),
        roles: roles_of(&fields),
        password,
    };
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| {
        let account = account.clone();
        async move {
            let staff = work.create_staff(by, account).await?;
            work.done(staff.id)
        }
    });
    match outcome.await {
        Ok(_) => Ok(shell::go(&app, "/staff", "staff")),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => listed(&app, &desk, None, words::status(&error), fields, Some(sentence)).await,
            None => Err(error.into()),
        },
    }
}

#[derive(Template)]
#[template(path = "staff.html")]
struct StaffPage {
    shell: Shell,
    row: StaffRow,
    created: Text,
    roles: Vec<RoleChoice>,
    deputies: Vec<Text>,
    seats: Vec<SeatRow>,
    line: LineLink,
    provider: Option<ProviderRow>,
    /// What was refused: which form, why, and whether it would pass when confirmed.
    refused: Option<(String, Text, bool)>,
    min_password: usize,
}

impl StaffPage {
    fn refused_at(&self, form: &str) -> Option<&(String, Text, bool)> {
        self.refused.as_ref().filter(|(at, _, _)| at == form)
    }
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: StaffId,
    done: Option<&str>,
    status: StatusCode,
    roles: Option<Roles>,
    refused: Option<(String, Text, bool)>,
) -> Result<Response, Problem> {
    let staff = app.centre.staff(id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let ticked = roles.unwrap_or_else(|| staff.roles.clone());
    let page = StaffPage {
        shell: Shell::inside(app, desk, staff.name.clone(), "/staff").having_done(done),
        created: when.at(staff.created_at),
        roles: choices(|role| ticked.has(role)),
        deputies: staff.deputies.iter().map(|id| names.staff(*id)).collect(),
        row: StaffRow {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            login: staff.login.clone(),
            roles: words::roles(&staff.roles),
            active: staff.active,
            locked: app.centre.is_locked(&staff).map(|until| when.at(until)),
            factor: factor_words(app, &staff),
            has_factor: staff.second_factor.is_some(),
            me: staff.id == desk.staff.id,
        },
        seats: seats(app, desk, id).await?,
        line: LineLink::of(app, id).await?,
        provider: ProviderRow::of(app, &staff),
        refused,
        min_password: MIN_PASSWORD_CHARS,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<StaffId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), StatusCode::OK, None, None).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(StaffId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let by = desk.me();
    let name = name.as_str();
    if name == "sessions" {
        // The gate has asked for the permission. Whoever sits here stays.
        let this = session::name_of(desk.session.id());
        let me = Actor::staff(desk.staff.id, desk.staff.roles.clone());
        session::end(&app.centre, &me, id, |seat| seat.key != this).await?;
        return Ok(shell::go(&app, &format!("/staff/{id}"), name));
    }
    let sole = if fields.ticked("sole_ok") { SoleAdministrator::Accept } else { SoleAdministrator::Refuse };
    let roles = roles_of(&fields);
    let password = if name == "password" {
        match hash_password(fields.text("password")).await {
            Ok(password) => Some(password),
            Err(error) => {
                let refused = Some((name.to_owned(), error.sentence_ja().into(), false));
                return drawn(&app, &desk, id, None, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await;
            }
        }
    } else {
        None
    };
    if !matches!(
        name,
        "roles" | "password" | "deactivate" | "reactivate" | "factor_off" | "unlink" | "provider_off"
    ) {
        return Err(Problem::not_found());
    }
    // What opens one's own account is changed where it is shown once more.
    if id == desk.staff.id && matches!(name, "password" | "factor_off") {
        return Err(Problem::forbidden());
    }
    let outcome = app.centre.transact(|mut work| {
        let (roles, password) = (roles.clone(), password.clone());
        async move {
            match (name, password) {
                ("roles", _) => drop(work.change_roles(by, id, roles, sole).await?),
                ("deactivate", _) => drop(work.deactivate_staff(by, id, sole).await?),
                ("reactivate", _) => drop(work.reactivate_staff(by, id).await?),
                ("unlink", _) => work.unlink(by, id).await?,
                ("provider_off", _) => work.unlink_provider(by, id).await?,
                ("factor_off", _) => work.remove_second_factor(by, id).await?,
                (_, Some(password)) => work.set_password(by, id, password).await?,
                (_, None) => {}
            }
            work.done(())
        }
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/staff/{id}"), name)),
        Err(error) => {
            let one_left = matches!(error, ServiceError::Staffing(StaffingRefusal::OneAdministratorLeft));
            match words::refusal(&error) {
                Some(sentence) if !matches!(error, ServiceError::NotFound(_)) => {
                    let refused = Some((name.to_owned(), sentence, one_left));
                    let ticked = (name == "roles").then_some(roles);
                    drawn(&app, &desk, id, None, words::status(&error), ticked, refused).await
                }
                _ => Err(error.into()),
            }
        }
    }
}
