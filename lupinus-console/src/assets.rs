//! The one style sheet and the one script, each under a name that changes with its content.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use lupinus_core::hash::Sha256Hash;

use crate::error::Problem;

const CSS: &str = include_str!("../assets/console.css");
const JS: &str = concat!(include_str!("../assets/console.js"), include_str!("../assets/keys.js"));
const ICON: &str = include_str!("../assets/icon.svg");

/// The style sheet's file name.
pub(crate) static CSS_NAME: LazyLock<String> =
    LazyLock::new(|| format!("console-{}.css", Sha256Hash::of(CSS.as_bytes()).short()));
/// The script's file name.
pub(crate) static JS_NAME: LazyLock<String> =
    LazyLock::new(|| format!("console-{}.js", Sha256Hash::of(JS.as_bytes()).short()));

pub(crate) async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    let (media_type, content) = if name == *CSS_NAME {
        ("text/css; charset=utf-8", CSS)
    } else if name == *JS_NAME {
        ("text/javascript; charset=utf-8", JS)
    } else if name == "icon.svg" {
        ("image/svg+xml", ICON)
    } else {
        return Err(Problem::not_found());
    };
    let lasting = if name == "icon.svg" { "max-age=86400" } else { "max-age=31536000, immutable" };
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, lasting)], content).into_response())
}
