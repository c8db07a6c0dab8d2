//! The server: accepts connections, and cuts those that a fault says to cut.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, body::Body, response::Response};
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, task::JoinSet};
use tower::{Service, ServiceExt};

use crate::{api, control, page, shared::Shared};

/// Everything the platform serves, on one origin.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let router = Router::new()
        .nest("/_emulator", control::router(shared))
        .merge(page::router(shared))
        .fallback_service(api::router(shared));
    Router::new().fallback_service(router.map_request(readable))
}

/// Puts U+FFFD in place of what is no UTF-8 between two slashes of the path, so that it is refused as any other word that
/// does not belong there, in the form of the call.
fn readable(mut request: Request<Body>) -> Request<Body> {
    let path = request.uri().path();
    if !path.contains('%') || path.split('/').all(is_utf8) {
        return request;
    }
    let words: Vec<&str> =
        path.split('/').map(|word| if is_utf8(word) { word } else { "%EF%BF%BD" }).collect();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = format!("{}{query}", words.join("/")).parse().ok();
    if let Ok(uri) = parts.try_into() {
        *request.uri_mut() = uri;
    }
    request
}

/// Whether a word of a path is UTF-8 once its percent signs are decoded.
fn is_utf8(word: &str) -> bool {
    let hex = |digits: &str| {
        let right = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| u8::from_str_radix(digits, 16).ok())?
    };
    let mut pieces = word.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(hex) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(piece.bytes().skip(2));
            }
            None => bytes.extend(piece.bytes()),
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// Serves until the platform is stopped. Connections end with it.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let service = Cutting(router(&shared));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: give others time to close theirs.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(service.clone());
        connections.spawn(async move {
            // An error here is a connection that the peer or a fault has cut.
            let _ = Builder::new(TokioExecutor::new())
                .serve_connection_with_upgrades(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// The router, except that a response marked [`api::Cut`] becomes an error, upon which the connection is closed
/// without an answer.
#[derive(Clone)]
struct Cutting(Router);

#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct CutOnPurpose;

impl Service<Request<Incoming>> for Cutting {
    type Response = Response;
    type Error = CutOnPurpose;
    type Future = Pin<Box<dyn Future<Output = Result<Response, CutOnPurpose>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CutOnPurpose>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let answer = self.0.clone().oneshot(request.map(Body::new));
        Box::pin(async move {
            let response = answer.await.unwrap_or_else(|never: Infallible| match never {});
            if response.extensions().get::<api::Cut>().is_some() { Err(CutOnPurpose) } else { Ok(response) }
        })
    }
}
