//! The page at `/`, where a visitor plays people. Nothing in it is loaded from outside.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State as Extract},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};

use crate::{shared::Shared, state::ContentKind};

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

const ASSETS: [(&str, &str, &str); 27] = assets![
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
    "profile.js": SCRIPT in "js",
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

/// The picture of a profile, wherever it is shown. Its address does not say whose it is.
async fn portrait(Extract(shared): Extract<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let state = shared.state();
    match state.contents.get(&id).filter(|content| content.kind == ContentKind::Portrait) {
        Some(content) => {
            let headers = [
                (header::CONTENT_TYPE, content.media_type.as_str()),
                (header::CACHE_CONTROL, "max-age=31536000, immutable"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, content.data.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page and its parts, and the pictures of people.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let page = get(async || ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(include_str!("page.html"))));
    let portraits = Router::new().route("/_picture/{id}", get(portrait)).with_state(Arc::clone(shared));
    ASSETS.into_iter().fold(portraits.route("/", page), |router, (path, kind, text)| {
        let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
        router.route(path, get(move || async move { (headers, text).into_response() }))
    })
}
