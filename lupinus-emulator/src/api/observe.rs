//! Around every request: its id, the faults that hit it, and the log.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State as Extract},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::{
    answer::Wrong,
    fault::{self, Fault, FaultDrop, FaultResponse},
    ids,
    log::{MAX_BODIES, MAX_REQUESTS, RequestEntry},
    shared::Shared,
};

/// The id of a request, put beside it for the operations.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// The JSON of a request that was refused, for whoever looks into the log for what was wrong with it.
#[derive(Clone)]
pub(super) struct RefusedBody(String);

impl RefusedBody {
    /// How many characters are kept.
    const MAX: usize = 4_000;

    pub(super) fn of(body: &[u8]) -> Self {
        Self(String::from_utf8_lossy(body).chars().take(Self::MAX).collect())
    }
}

/// Marks a response that must not be sent: the server cuts the connection instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut;

/// Gives the request an id, lets faults happen, and writes the log.
pub(super) async fn observe(
    Extract(shared): Extract<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let request_id = ids::request_id();
    let fault = fault::take(&mut shared.state().faults, request.method().as_str(), request.uri().path());
    let note = Note {
        method: request.method().to_string(),
        path: shown(request.uri()),
        retry_key: text(request.headers(), "x-line-retry-key"),
        request_id: request_id.clone(),
        fault: fault.as_ref().map(Fault::label),
    };
    request.extensions_mut().insert(RequestId(request_id));
    let Some(fault) = fault else {
        let response = next.run(request).await;
        return note.write(&shared, response);
    };
    // What a fault delays is carried out even if the caller goes away, as it would be on a slow platform.
    let task = tokio::spawn(async move { hit(&shared, &fault, note, request, next).await });
    task.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn hit(shared: &Arc<Shared>, fault: &Fault, note: Note, request: Request, next: Next) -> Response {
    if let Some(delay) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if fault.drop == Some(FaultDrop::Before) {
        note.write_cut(shared);
        return cut();
    }
    let response = match &fault.respond {
        Some(respond) => made_up(respond),
        None => next.run(request).await,
    };
    let response = note.write(shared, response);
    if fault.drop == Some(FaultDrop::After) { cut() } else { response }
}

/// A response that our own server never sends. Where the router is mounted elsewhere its body breaks off.
fn cut() -> Response {
    let broken = Body::from_stream(Broken);
    let mut response = Response::new(broken);
    response.extensions_mut().insert(Cut);
    response
}

/// A stream that breaks off at once.
struct Broken;

impl futures_core::Stream for Broken {
    type Item = Result<bytes::Bytes, std::io::Error>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionAborted.into())))
    }
}

fn made_up(respond: &FaultResponse) -> Response {
    let status = StatusCode::from_u16(respond.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = respond.body.clone().unwrap_or_else(|| {
        let message = match respond.status {
            429 => "The API rate limit has been exceeded. Try again later.",
            401 => {
                "Authentication failed. Confirm that the access token in the authorization header is valid."
            }
            500..=599 => "Internal server error",
            _ => status.canonical_reason().unwrap_or("Fault"),
        };
        json!({"message": message})
    });
    let wrong = Wrong(body["message"].as_str().unwrap_or("fault").to_owned());
    let mut response = (status, axum::Json(body)).into_response();
    if !status.is_success() {
        response.extensions_mut().insert(wrong);
    }
    for (name, value) in &respond.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Parameters of a query that the log keeps to itself.
const SECRETS: [&str; 4] = ["access_token", "client_assertion", "linkToken", "nonce"];

/// The path and query for the log, without secrets.
fn shown(uri: &http::Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if SECRETS.contains(&name) => format!("{name}=…"),
        _ => part.to_owned(),
    });
    format!("{}?{}", uri.path(), parts.collect::<Vec<_>>().join("&"))
}

/// What the log will say of a request.
struct Note {
    method: String,
    path: String,
    retry_key: Option<String>,
    request_id: String,
    fault: Option<String>,
}

impl Note {
    /// Writes the log entry and puts the request id on the response.
    fn write(self, shared: &Shared, mut response: Response) -> Response {
        if let Ok(value) = HeaderValue::from_str(&self.request_id) {
            response.headers_mut().entry("x-line-request-id").or_insert(value);
        }
        let wrong = response.extensions().get::<Wrong>().map(|wrong| wrong.0.clone());
        let body = response.extensions_mut().remove::<RefusedBody>().map(|body| body.0);
        self.push(shared, Some(response.status().as_u16()), wrong, body);
        response
    }

    /// Writes the log entry of a request that was never looked at.
    fn write_cut(self, shared: &Shared) {
        self.push(shared, None, Some("the connection was cut".to_owned()), None);
    }

    fn push(self, shared: &Shared, status: Option<u16>, wrong: Option<String>, body: Option<String>) {
        let mut state = shared.state();
        let (seq, at) = (state.new_seq(), state.clock.now());
        if state.requests.len() >= MAX_REQUESTS {
            state.requests.pop_front();
        }
        let older = state.requests.len().checked_sub(MAX_BODIES);
        if let Some(entry) = older.and_then(|older| state.requests.get_mut(older)) {
            entry.body = None;
        }
        let Self { method, path, retry_key, request_id, fault } = self;
        state.requests.push_back(RequestEntry {
            seq,
            method,
            path,
            status,
            request_id,
            retry_key,
            wrong,
            body,
            fault,
            at,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_no_token() {
        let log = |uri: &'static str| shown(&http::Uri::from_static(uri));
        assert_eq!(log("/oauth2/v2.1/verify?access_token=secret"), "/oauth2/v2.1/verify?access_token=…");
        assert_eq!(
            log("/dialog/bot/accountLink?linkToken=a&nonce=b&x=1"),
            "/dialog/bot/accountLink?linkToken=…&nonce=…&x=1"
        );
        assert_eq!(log("/v2/bot/followers/ids?limit=5"), "/v2/bot/followers/ids?limit=5");
        assert_eq!(log("/v2/bot/info"), "/v2/bot/info");
    }
}
