//! The frame around every page.

use std::any::Any;

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use lupinus_core::actor::Permission as P;

use crate::{
    assets::{CSS_NAME, JS_NAME},
    console::Settings,
    error::Problem,
    gate::Desk,
    language::Language,
    text::{LANGUAGE, Text, filters},
    words,
};

/// One entry of the navigation.
pub(crate) struct Nav {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    /// The letter that leads there behind a G (`assets/keys.js`).
    pub(crate) key: char,
    pub(crate) current: bool,
}

/// How many parts of the console stand first in the navigation, on a phone, too.
const DAILY: usize = 3;

/// What the layout shows around a page.
pub(crate) struct Shell {
    pub(crate) base: String,
    pub(crate) city: String,
    pub(crate) account: String,
    pub(crate) environment: &'static str,
    pub(crate) environment_css: &'static str,
    pub(crate) title: Text,
    pub(crate) css: &'static str,
    pub(crate) js: &'static str,
    pub(crate) me: Option<String>,
    pub(crate) roles: Text,
    pub(crate) csrf: String,
    pub(crate) nav: Vec<Nav>,
    pub(crate) notice: Option<&'static str>,
    /// Whether staff alone are sent to.
    pub(crate) trial: bool,
    /// Whether this one leads on from there.
    pub(crate) may_launch: bool,
}

impl Shell {
    /// For somebody who has not signed in.
    pub(crate) fn outside(app: &Settings, title: impl Into<Text>) -> Self {
        Self {
            base: app.base.clone(),
            city: app.city.clone(),
            account: app.account.clone(),
            environment: app.environment.label_ja(),
            environment_css: app.environment.css(),
            title: title.into(),
            css: &CSS_NAME,
            js: &JS_NAME,
            me: None,
            roles: Text::from(""),
            csrf: String::new(),
            nav: Vec::new(),
            notice: None,
            trial: false,
            may_launch: false,
        }
    }

    /// For somebody at their desk; `current` is the part of the console that they are in.
    pub(crate) fn inside(app: &Settings, desk: &Desk, title: impl Into<Text>, current: &str) -> Self {
        let parts: [(&str, &'static str, char, bool); 14] = [
            ("", "やること", 'h', true),
            ("/posts", "投稿", 'p', desk.may(P::ReadPosts)),
            ("/consultations", "相談", 's', desk.may(P::ReadConsultations)),
            ("/calendar", "配信の予定", 'k', desk.may(P::ReadPosts)),
            ("/posts/new", "投稿を作る", 'n', desk.may(P::WritePost)),
            ("/outbox", "配信の保留", 'o', desk.may(P::ReleaseHeld)),
            ("/incidents", "漏えい等の記録", 'i', desk.may(P::HandleIncidents)),
            ("/words", "許可する語", 'w', desk.may(P::ManageWords)),
            ("/members", "会員", 'm', desk.may(P::ReadFigures)),
            ("/bodies", "団体と招待", 'b', desk.may(P::ManageBodies)),
            ("/staff", "職員", 't', desk.may(P::ManageStaff)),
            ("/settings", "設定", 'e', desk.may(P::ManageSettings)),
            ("/figures", "集計", 'f', desk.may(P::ReadFigures)),
            ("/audit", "記録", 'r', desk.may(P::ReadAudit)),
        ];
        let nav = parts
            .into_iter()
            .filter(|(_, _, _, shown)| *shown)
            .map(|(path, label, key, _)| Nav {
                href: format!("{}{path}", app.base),
                label,
                key,
                current: path == current,
            })
            .collect();
        Self {
            me: Some(desk.staff.name.clone()),
            roles: words::roles(&desk.staff.roles),
            csrf: desk.csrf.clone(),
            trial: desk.trial,
            may_launch: desk.may(P::ManageSettings),
            nav,
            ..Self::outside(app, title)
        }
    }

    /// The parts that somebody opens many times a day.
    pub(crate) fn nav_daily(&self) -> &[Nav] {
        &self.nav[..self.nav.len().min(DAILY)]
    }

    /// The others; on a phone they are folded away.
    pub(crate) fn nav_rest(&self) -> &[Nav] {
        &self.nav[self.nav.len().min(DAILY)..]
    }

    /// Where somebody is, when it is one of the others.
    pub(crate) fn nav_elsewhere(&self) -> Option<&Nav> {
        self.nav_rest().iter().find(|item| item.current)
    }

    /// With what was just done, by the code in the address.
    pub(crate) fn having_done(mut self, code: Option<&str>) -> Self {
        self.notice = code.and_then(words::done);
        self
    }
}

/// A page as an answer, in a language.
pub(crate) fn page<T: Template>(
    language: Language,
    status: StatusCode,
    template: &T,
) -> Result<Response, Problem> {
    let html = template.render_with_values(&(LANGUAGE, &language as &dyn Any))?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// On to another page of the console, which says what was done.
pub(crate) fn go(app: &Settings, path: &str, done: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{}{path}{joint}done={done}", app.base)).into_response()
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    problem: &'a Problem,
}

/// The page of a problem. What the person cannot mend is logged here, once.
pub(crate) fn draw_problem(
    app: &Settings,
    language: Language,
    desk: Option<&Desk>,
    problem: &Problem,
) -> Response {
    if problem.status.is_server_error() {
        let source = problem.source.as_deref();
        let error = source.map(|error| error as &(dyn std::error::Error + 'static));
        tracing::error!(http.status = problem.status.as_u16(), error, "a console page failed");
    }
    let shell = match desk {
        Some(desk) => Shell::inside(app, desk, problem.title, "-"),
        None => Shell::outside(app, problem.title),
    };
    page(language, problem.status, &ProblemPage { shell, problem })
        .unwrap_or_else(|_| problem.status.into_response())
}
