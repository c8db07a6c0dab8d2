//! The page at `/`, where a visitor plays people. Nothing in it is loaded from outside.

use axum::{
    Router,
    response::{Html, IntoResponse},
    routing::get,
};
use http::header;

/// What the browser may load: this origin, and pictures of messages from wherever they are.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src * data: blob:; media-src * blob:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The parts of the page: path, type, text.
macro_rules! assets {
    ($($name:literal: $kind:ident in $folder:literal),* $(,)?) => {
        [$((concat!("/_page/", $name), $kind, include_str!(concat!($folder, "/", $name)))),*]
    };
}

const ASSETS: [(&str, &str, &str); 26] = assets![
    "page.css": STYLE in "css",
    "chat.css": STYLE in "css",
    "flex.css": STYLE in "css",
    "desk.css": STYLE in "css",
    "main.js": SCRIPT in "js",
    "words.js": SCRIPT in "js",
    "time.js": SCRIPT in "js",
    "dom.js": SCRIPT in "js",
    "api.js": SCRIPT in "js",
    "store.js": SCRIPT in "js",
    "people.js": SCRIPT in "js",
    "chat.js": SCRIPT in "js",
    "message.js": SCRIPT in "js",
    "text.js": SCRIPT in "js",
    "template.js": SCRIPT in "js",
    "imagemap.js": SCRIPT in "js",
    "flex.js": SCRIPT in "js",
    "flex_parts.js": SCRIPT in "js",
    "flex_scale.js": SCRIPT in "js",
    "actions.js": SCRIPT in "js",
    "compose.js": SCRIPT in "js",
    "places.js": SCRIPT in "js",
    "menu.js": SCRIPT in "js",
    "requests.js": SCRIPT in "js",
    "webhooks.js": SCRIPT in "js",
    "platform.js": SCRIPT in "js",
];

/// The page and its parts.
pub(crate) fn router() -> Router {
    let page = get(async || ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(include_str!("page.html"))));
    ASSETS.into_iter().fold(Router::new().route("/", page), |router, (path, kind, text)| {
        let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
        router.route(path, get(move || async move { (headers, text).into_response() }))
    })
}
