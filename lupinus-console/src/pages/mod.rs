//! The pages. Each handler reads the request, calls core, and renders.

pub(crate) mod accessibility;
pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod bodies;
pub(crate) mod calendar;
pub(crate) mod canned;
pub(crate) mod consultations;
pub(crate) mod correcting;
pub(crate) mod data_flow;
pub(crate) mod disposals;
pub(crate) mod faq;
pub(crate) mod figures;
mod filling;
pub(crate) mod incidents;
pub(crate) mod launch;
pub(crate) mod line_link;
pub(crate) mod listed;
pub(crate) mod members;
pub(crate) mod outbox;
pub(crate) mod permissions;
pub(crate) mod posts;
pub(crate) mod provider_link;
mod proving;
pub(crate) mod queue;
pub(crate) mod screening;
pub(crate) mod second_factor;
pub(crate) mod sending;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod single_sign_on;
pub(crate) mod staff;
pub(crate) mod testing;
mod vetting;
pub(crate) mod writing;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lupinus_core::store::Cursor;
use serde::Deserialize;

use crate::{console::Settings, error::Problem, view::When};

/// How many lines a list shows at once.
const PAGE: usize = 30;

/// What stands behind the question mark of a page's address: never anything personal.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    /// What was just done.
    done: Option<String>,
    /// Which part of a list.
    view: Option<String>,
    /// Where the page before ended.
    after: Option<String>,
    /// A day.
    date: Option<String>,
    /// Which text that members read.
    text: Option<String>,
}

impl Asked {
    fn cursor(&self) -> Result<Option<Cursor>, Problem> {
        cursor_of(self.after.as_deref())
    }
}

/// A cursor as an address or a form wrote it.
fn cursor_of(written: Option<&str>) -> Result<Option<Cursor>, Problem> {
    let Some(written) = written else { return Ok(None) };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(written).map_err(|_| Problem::unreadable())?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| Problem::unreadable())
}

/// A cursor as it stands in an address.
fn written(cursor: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

/// A picture or file as what it is: pictures in the page, anything else to be saved.
fn served(media_type: &str, bytes: bytes::Bytes) -> Response {
    let (media_type, place) = match media_type {
        "image/jpeg" => ("image/jpeg", "inline"),
        "image/png" => ("image/png", "inline"),
        "application/pdf" => ("application/pdf", "attachment"),
        _ => ("application/octet-stream", "attachment"),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(place)),
    ];
    (headers, bytes).into_response()
}

/// The first words of a text, in one line.
fn start_of(text: &str, chars: usize) -> String {
    let line: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).take(chars).collect();
    if text.chars().nth(chars).is_some() { format!("{line}…") } else { line }
}

fn when(app: &Settings) -> When<'_> {
    When { zone: app.centre.policy().hours.time_zone(), now: app.centre.now() }
}
