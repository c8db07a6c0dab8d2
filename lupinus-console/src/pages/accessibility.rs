//! アクセシビリティ: what was examined, when and how, as the tests in a browser wrote it down (`tests/browser`).

use std::sync::LazyLock;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters},
};

/// The last examination.
#[derive(Clone, Debug, Deserialize)]
struct Examined {
    date: jiff::civil::Date,
    axe: String,
    chromium: String,
    /// How many pages and states of pages that differ in more than their words.
    states: usize,
    /// The success criteria that axe's rules looked at.
    criteria: Vec<String>,
}

static EXAMINED: LazyLock<Option<Examined>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../docs/accessibility.json")).ok());

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    shell: Shell,
    examined: &'static Examined,
    date: Text,
}

pub(crate) async fn page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let examined = EXAMINED.as_ref().ok_or_else(|| Problem::broken(None))?;
    let shell = Shell::inside(&app, &desk, "アクセシビリティ", "-");
    let date = Text::DayOfYear(examined.date);
    shell::page(desk.language, StatusCode::OK, &AccessibilityPage { shell, examined, date })
}
