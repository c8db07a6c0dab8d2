//! 権限表: who may what, drawn from the table that the gate and core go by.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use lupinus_core::actor::{Permission, Role, Roles};

use crate::{
    access::{Asks, Needs},
    console::App,
    error::Problem,
    gate::Desk,
    routes,
    shell::{self, Shell},
    text::{Text, filters, say},
    words,
};

/// One line: what it is, and for each role whether it may.
struct Line {
    what: Text,
    more: Text,
    may: Vec<bool>,
}

#[derive(Template)]
#[template(path = "permissions.html")]
struct PermissionsPage {
    shell: Shell,
    roles: Vec<&'static str>,
    permissions: Vec<Line>,
    addresses: Vec<Line>,
    manages_staff: bool,
}

fn may(permits: impl Fn(&Roles) -> bool) -> Vec<bool> {
    Role::ALL.into_iter().map(|role| permits(&std::iter::once(role).collect())).collect()
}

/// What beside a role decides, in words.
fn condition(needs: Needs, asks: Asks) -> Text {
    let gate = match needs {
        Needs::Nobody => "ログイン前でも開けます",
        Needs::SignedIn => "ログインした全員",
        Needs::Permission(permission) => words::permission(permission),
    };
    let core = match asks {
        Asks::Nothing => return gate.into(),
        Asks::Permission(permission) => words::permission(permission).into(),
        Asks::Own => Text::from("本人だけ"),
        Asks::Step => Text::from("承認経路の担当"),
        Asks::OwnOr(permission) => {
            say!("本人、または{permission}", permission = words::permission(permission))
        }
    };
    say!("{gate}+{core}", gate, core)
}

fn addresses() -> Vec<Line> {
    let mut lines = Vec::new();
    for route in routes::list() {
        for (path, asks) in route.doings() {
            for method in [("GET", route.get), ("POST", route.post)].into_iter().filter(|(_, has)| *has) {
                lines.push(Line {
                    what: format!("{} {path}", method.0).into(),
                    more: condition(route.needs, asks),
                    may: may(|roles| route.needs.met_by(roles) && asks.met_by(roles)),
                });
            }
        }
    }
    lines
}

pub(crate) async fn page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let page = PermissionsPage {
        shell: Shell::inside(&app, &desk, "権限表", "/permissions"),
        roles: Role::ALL.into_iter().map(Role::label_ja).collect(),
        permissions: Permission::ALL
            .into_iter()
            .map(|permission| Line {
                what: words::permission(permission).into(),
                more: Text::default(),
                may: may(|roles| roles.permit(permission)),
            })
            .collect(),
        addresses: addresses(),
        manages_staff: desk.may(Permission::ManageStaff),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}
