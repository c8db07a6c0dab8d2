//! The HTTP side, the loops behind it, and the orderly stop.

use std::time::Duration;

use anyhow::Context as _;
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use lupinus_bot::Waker;
use lupinus_store_wrappers::STORE_SECONDS;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How often ended sessions are removed.
const SESSION_SWEEP: Duration = Duration::from_hours(1);
/// How often the words that are never personal are read again.
const WORDS_RELOAD: Duration = Duration::from_mins(1);
/// How often the figures are tidied.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);
/// How long the store may take to say that it is there: who asks `/readyz` waits seconds, too.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// How long requests under way are waited for at the stop.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

/// Which half is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Half {
    /// Webhook and console, and the sending.
    #[default]
    All,
    /// Webhook and media, and the sending: what faces the Internet.
    Webhook,
    /// The staff's console alone: what may stay inside the office.
    Console,
}

/// Installs the recorder of figures; once in a process.
///
/// # Errors
/// When there is one already.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    let (name, bounds) = STORE_SECONDS;
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(name.to_owned()), &bounds)
        .and_then(PrometheusBuilder::install_recorder)
        .context("cannot record figures")
}

/// Every address of this half. Once `leaving` is cancelled, `/readyz` says so, and everything else goes on.
pub fn router(
    app: &App,
    half: Half,
    figures: Option<PrometheusHandle>,
    leaving: CancellationToken,
) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .with_state((app.clone(), leaving));
    if let Some(figures) = figures {
        router = router.route("/metrics", get(move || std::future::ready(figures_page(&figures))));
    }
    if half != Half::Console {
        router = router.merge(app.bot.router());
    }
    if half != Half::Webhook {
        let console =
            app.console.mounted().layer(middleware::from_fn_with_state(app.bot.waker(), wake_after));
        router = router.merge(console).route("/", get(|| std::future::ready(Redirect::to("/console"))));
    }
    router
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State((app, leaving)): State<(App, CancellationToken)>) -> Response {
    if leaving.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match tokio::time::timeout(READY_WITHIN, app.centre.store().health()).await {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(error)) => tracing::error!(error = %error, "the store cannot be reached"),
        Err(_) => tracing::error!("the store does not answer"),
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be reached\n").into_response()
}

fn figures_page(figures: &PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], figures.render()).into_response()
}

/// What staff did goes out at once, and not at the next look.
async fn wake_after(State(waker): State<Waker>, request: Request, next: Next) -> Response {
    let changes = request.method() == Method::POST;
    let response = next.run(request).await;
    if changes {
        waker.wake();
    }
    response
}

/// Listens.
///
/// # Errors
/// When the address cannot be had; the message says what to do.
pub async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: is it taken? Choose another in LUPINUS_LISTEN"))
}

/// Answers requests until `stop`, then finishes those under way.
///
/// # Errors
/// When serving fails.
pub async fn requests(listener: TcpListener, router: Router, stop: CancellationToken) -> anyhow::Result<()> {
    // The console counts attempts to sign in by where they come from.
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let ended =
        axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned()).into_future();
    let limit = async {
        stop.cancelled().await;
        tokio::time::sleep(REQUEST_LIMIT).await;
    };
    tokio::select! {
        served = ended => served.context("serving failed"),
        () = limit => {
            tracing::warn!("requests were still under way at the stop");
            Ok(())
        }
    }
}

/// Runs this half's loops until `stop`, and finishes what is under way.
///
/// # Errors
/// When the store fails while finishing.
pub async fn loops(
    app: App,
    half: Half,
    figures: Option<PrometheusHandle>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let tidying = tidy(app.clone(), figures, stop.clone());
    if half == Half::Console {
        tidying.await;
        return Ok(());
    }
    let (worked, ()) = tokio::join!(app.bot.run(stop), tidying);
    worked.context("the store failed while the rest was worked off; it is kept and goes on at the next start")
}

async fn tidy(app: App, figures: Option<PrometheusHandle>, stop: CancellationToken) {
    let mut sessions = tokio::time::interval(SESSION_SWEEP);
    let mut words = tokio::time::interval(WORDS_RELOAD);
    let mut upkeep = tokio::time::interval(METRICS_UPKEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = sessions.tick() => {
                if let Err(error) = app.console.sweep_sessions().await {
                    tracing::warn!(error = %error, "ended sessions cannot be removed");
                }
                if let Err(error) = app.centre.sweep_claims().await {
                    tracing::warn!(error = %error, "lapsed claims cannot be removed");
                }
            }
            _ = words.tick() => {
                // Another process may have accepted a word.
                if let Err(error) = app.centre.reload_words().await {
                    tracing::warn!(error = %error, "the accepted words cannot be read");
                }
                if let Err(error) = app.centre.reload_settings().await {
                    tracing::warn!(error = %error, "the settings cannot be read; those of before stand");
                }
            }
            _ = upkeep.tick() => {
                if let Some(figures) = &figures {
                    figures.run_upkeep();
                }
            }
        }
    }
}

/// Serves until told to stop (SIGTERM, ctrl-c), then finishes what is under way and closes the store. For `notice` after it was
/// told, everything is still served and `/readyz` alone says no, so that a load balancer looks elsewhere; told again, it stops at once.
///
/// # Errors
/// When serving or the store fails.
pub async fn until_stopped(
    app: App,
    listener: TcpListener,
    half: Half,
    figures: Option<PrometheusHandle>,
    notice: Duration,
) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let leaving = stop.child_token();
    let router = router(&app, half, figures.clone(), leaving.clone());
    let serving = tokio::spawn(requests(listener, router, stop.clone()));
    let working = tokio::spawn(loops(app.clone(), half, figures, stop.clone()));
    tokio::select! {
        () = told_to_stop() => {
            tracing::info!("stopping");
            leaving.cancel();
            tokio::select! {
                () = tokio::time::sleep(notice) => {}
                () = told_to_stop() => {}
                () = stop.cancelled() => {}
            }
        }
        () = stop.cancelled() => tracing::error!("a loop ended; stopping"),
    }
    finish(&app, &stop, serving, working).await
}

/// The orderly stop: no new requests, then the loops finish, then the store is closed.
///
/// # Errors
/// The first failure on the way.
pub async fn finish(
    app: &App,
    stop: &CancellationToken,
    serving: tokio::task::JoinHandle<anyhow::Result<()>>,
    working: tokio::task::JoinHandle<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    stop.cancel();
    app.console.close();
    let served = serving.await.context("serving broke off");
    let worked = working.await.context("the loops broke off");
    app.centre.store().close().await.context("cannot close the store")?;
    served??;
    worked??;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for SIGTERM or ctrl-c.
pub async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
