//! Where data is and goes in this deployment, to look at and to print.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::when;
use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    report::{DataFlow, FlowTable},
    shell::{self, Shell},
    text::{Text, filters},
};

#[derive(Template)]
#[template(path = "data_flow.html")]
struct DataFlowPage {
    shell: Shell,
    printed: Text,
    picture: Option<String>,
    tables: Vec<FlowTable>,
}

pub(crate) async fn page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let when = when(&app);
    let sheet = app.data_flow.as_ref();
    let page = DataFlowPage {
        shell: Shell::inside(&app, &desk, "データの流れ", "/audit"),
        printed: when.at(when.now),
        picture: sheet.and_then(DataFlow::picture),
        tables: sheet.map(DataFlow::tables).unwrap_or_default(),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}
