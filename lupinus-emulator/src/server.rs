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
    Router::new()
        .nest("/_emulator", control::router(shared))
        .merge(page::router(shared))
        .fallback_service(api::router(shared))
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
