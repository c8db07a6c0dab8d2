//! LINE's API: which operations there are, and what every call goes through.
#![allow(clippy::unnecessary_wraps, reason = "all operations share one signature")]

mod account_link;
mod audience;
mod bot;
mod call;
mod content;
mod coupon;
mod groups;
mod insight;
mod liff;
mod liff_share;
mod login;
mod membership;
mod messages;
mod module;
mod narrowcast;
mod notification;
mod numbers;
mod observe;
mod operation;
mod outgoing;
mod richmenu;
mod richmenu_batch;
mod richmenu_bulk;
mod token;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{FromRequest, Multipart, RawPathParams, State as Extract},
    http::Request,
    middleware,
    response::{IntoResponse, Response},
    routing::{on, options},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

pub(crate) use self::observe::Cut;
use self::{
    call::{Call, Expects, Head},
    observe::{RefusedBody, RequestId},
    operation::{Admits, Operation, Work},
};
use crate::{
    answer::{Answer, Refusal},
    shared::Shared,
    state::{Channel, State},
    webhook,
};

/// What an operation answers.
type Outcome = Result<Answer, Refusal>;

/// Every operation, named as in LINE's OpenAPI files.
fn operations() -> impl Iterator<Item = Operation> {
    [
        messages::operations(),
        content::operations(),
        numbers::operations(),
        users::operations(),
        bot::operations(),
        richmenu::operations(),
        richmenu_bulk::operations(),
        richmenu_batch::operations(),
        groups::operations(),
        narrowcast::operations(),
        notification::operations(),
        audience::operations(),
        insight::operations(),
        coupon::operations(),
        membership::operations(),
        module::operations(),
        token::operations(),
        login::operations(),
        liff::operations(),
        liff_share::operations(),
        account_link::operations(),
    ]
    .into_iter()
    .flatten()
}

/// LINE's API as a router. Unknown paths, and methods a path does not have, are 404 in LINE's form.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new();
    let mut asked_before = Vec::new();
    for operation in operations() {
        let serve = move |shared: Extract<Arc<Shared>>, params: RawPathParams, request: Request<Body>| {
            serve(shared, operation, params, request)
        };
        router = router.route(operation.path, on(operation.method, serve));
        if operation.cross_origin && !asked_before.contains(&operation.path) {
            asked_before.push(operation.path);
            router = router.route(operation.path, options(preflight));
        }
    }
    router
        .method_not_allowed_fallback(not_found)
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(Arc::clone(shared), observe::observe))
        .with_state(Arc::clone(shared))
}

/// What a browser asks before it lets a page of another origin call with a token.
async fn preflight() -> impl IntoResponse {
    let headers = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-allow-headers", "authorization, content-type"),
    ];
    (StatusCode::NO_CONTENT, headers)
}

async fn not_found() -> Refusal {
    Refusal::not_found()
}

async fn serve(
    Extract(shared): Extract<Arc<Shared>>,
    operation: Operation,
    params: RawPathParams,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut head = Head {
        params: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query: call::query(parts.uri.query().unwrap_or_default()),
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        parts: Vec::new(),
    };
    let Ok(body) = to_bytes(body, operation.max_body).await else {
        return Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large").into_response();
    };
    if operation.expects == Expects::Multipart {
        head.parts = parts_of(&head, &body).await;
    }
    let call = Call { head: &head, body: &body, keys: &shared.keys };
    let outcome = match operation.work {
        Work::Now(work) => {
            let (outcome, caused) = {
                let mut state = shared.state();
                let outcome = admit(&mut state, &operation, &call).and_then(|()| work(&mut state, &call));
                (outcome, std::mem::take(&mut state.to_send))
            };
            for event in caused {
                webhook::send(&shared, vec![event], false).await;
            }
            outcome
        }
        Work::WebhookTest => {
            let admitted = admit(&mut shared.state(), &operation, &call);
            match admitted {
                Ok(()) => test_webhook(&shared, &call).await,
                Err(refusal) => Err(refusal),
            }
        }
    };
    let refused = outcome.is_err() && matches!(operation.expects, Expects::Json | Expects::OptionalJson);
    let mut response = outcome.into_response();
    if refused {
        response.extensions_mut().insert(RefusedBody::of(&body));
    }
    if operation.cross_origin {
        response.headers_mut().insert("access-control-allow-origin", HeaderValue::from_static("*"));
    }
    response
}

/// The parts of a multipart body; none if it is not one.
async fn parts_of(head: &Head, body: &Bytes) -> Vec<(String, Bytes)> {
    let mut request = Request::new(Body::from(body.clone()));
    request.headers_mut().clone_from(&head.headers);
    let mut parts = Vec::new();
    let Ok(mut multipart) = Multipart::from_request(request, &()).await else { return parts };
    while let Ok(Some(field)) = multipart.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else { break };
        parts.push((name, bytes));
    }
    parts
}

/// Whether it is the token that the platform started with, and it has not been revoked.
fn is_long_lived(state: &State, call: &Call<'_>, token: &str) -> bool {
    token == call.keys.channel_access_token && !state.channel_tokens.long_lived_revoked
}

/// The header that makes a sending repeatable.
const RETRY_KEY: &str = "X-Line-Retry-Key";

/// What every call must pass: token, rate, content type, retry key.
fn admit(state: &mut State, operation: &Operation, call: &Call<'_>) -> Result<(), Refusal> {
    let now = state.clock.now();
    let spoken_for = call.bearer().and_then(|token| {
        if is_long_lived(state, call, token) {
            Some(Channel::Account)
        } else {
            state.channel_tokens.channel(token, now)
        }
    });
    let admitted = match operation.admits {
        Admits::Channel => spoken_for == Some(Channel::Account),
        Admits::LoginChannel => spoken_for == Some(Channel::Login),
        Admits::Anyone => true,
    };
    if !admitted {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "Authentication failed. Confirm that the access token in the authorization header is valid.",
        ));
    }
    if state.settings.rate_limits && !state.buckets.take(operation.name, operation.rate, now) {
        return Err(Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "The API rate limit has been exceeded. Try again later.",
        ));
    }
    call.check_content_type(operation.expects)?;
    if !call.head.headers.contains_key(RETRY_KEY) {
        return Ok(());
    }
    if !operation.retry_key {
        return Err(Refusal::bad(format!("The request header '{RETRY_KEY}' is not supported by this API")));
    }
    let Some(key) = call.readable(RETRY_KEY)? else { return Ok(()) };
    if uuid::Uuid::try_parse(key).is_err() || key.len() != 36 {
        return Err(call::invalid_header(RETRY_KEY));
    }
    if let Some(accepted) = state.accepted(&key.to_ascii_lowercase()) {
        return Err(Refusal {
            accepted: Some(Box::new((accepted.request_id, accepted.sent_messages))),
            ..Refusal::new(StatusCode::CONFLICT, "The retry key is already accepted")
        });
    }
    Ok(())
}

async fn test_webhook(shared: &Shared, call: &Call<'_>) -> Outcome {
    let body = if call.body.is_empty() { json!({}) } else { call.json()? };
    let asked = match &body["endpoint"] {
        Value::Null => None,
        Value::String(endpoint) => Some(endpoint.clone()),
        _ => return Err(Refusal::property("endpoint")),
    };
    let (url, limit, at) = {
        let state = shared.state();
        let limit = std::time::Duration::from_millis(state.settings.webhook_timeout_ms);
        (asked.or_else(|| state.webhook_url.clone()), limit, state.clock.now())
    };
    let Some(url) = url else {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "Webhook endpoint not found"));
    };
    bot::check_endpoint(&url)?;
    let outcome = webhook::post(shared, &url, webhook::body_of(shared, &[]), limit).await;
    Ok(Answer::json(json!({
        "success": outcome.verdict == crate::log::Verdict::Ok,
        "timestamp": crate::clock::timestamp(at).to_string(),
        "statusCode": outcome.status.unwrap_or(0),
        "reason": outcome.verdict.reason(),
        "detail": outcome.status.map_or_else(|| outcome.verdict.reason().to_owned(), |status| status.to_string()),
    })))
}
