//! The page at `/`, where a visitor plays a member. Nothing in it is loaded from outside.

use axum::{
    Router,
    response::{Html, IntoResponse},
    routing::get,
};
use http::header;

const HTML: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const FLEX: &str = include_str!("flex.js");

/// What the browser may load: this origin, and pictures of messages from wherever they are.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src * data: blob:; media-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and its parts.
pub(crate) fn router() -> Router {
    let asset = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text).into_response() })
    };
    Router::new()
        .route("/", get(async || ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(HTML))))
        .route("/_page/page.css", asset("text/css; charset=utf-8", STYLE))
        .route("/_page/page.js", asset("text/javascript; charset=utf-8", SCRIPT))
        .route("/_page/flex.js", asset("text/javascript; charset=utf-8", FLEX))
}
