//! Lets people log in with LINE: an address to visit, the way back, and who it was.
//!
//! Run with: `LINE_LOGIN_CHANNEL_ID=… LINE_LOGIN_CHANNEL_SECRET=… cargo run -p lupinus-line --example 09_log_in_with_line`, then
//! visit `http://127.0.0.1:8080/login`. `https://…/return` must be registered in LINE's console and lead here; give it as
//! `LINE_LOGIN_REDIRECT`. For another server instead of LINE: `LINE_API_BASE=http://127.0.0.1:9090`. (The emulator of this workspace
//! knows no LINE Login.)

use std::env;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use lupinus_line::login::{Expected, IdTokenVerifier, LoginRequest, PendingLogin, RedirectUri, Scope};
use lupinus_line::token::ChannelCredentials;
use lupinus_line::{ChannelId, ChannelSecret, Client};

struct Site {
    client: Client,
    channel: ChannelCredentials,
    redirect: RedirectUri,
    verifier: IdTokenVerifier,
    /// One visitor at a time. A real site keeps this in the visitor's session.
    pending: Mutex<Option<PendingLogin>>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let channel = ChannelCredentials::new(
        ChannelId::new(env::var("LINE_LOGIN_CHANNEL_ID")?)?,
        ChannelSecret::from(env::var("LINE_LOGIN_CHANNEL_SECRET")?),
    );
    let redirect =
        env::var("LINE_LOGIN_REDIRECT").unwrap_or_else(|_| "https://example.org/return".to_owned());
    let builder = Client::builder_without_token();
    let client = match env::var("LINE_API_BASE") {
        Ok(base) => builder.all_bases(&base),
        Err(_) => builder,
    };
    let site = Arc::new(Site {
        client: client.build()?,
        redirect: RedirectUri::new(redirect)?,
        verifier: IdTokenVerifier::web(channel.clone()),
        channel,
        pending: Mutex::default(),
    });
    let app = Router::new().route("/login", get(login)).route("/return", get(came_back)).with_state(site);
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// Sends the visitor to LINE, with a state, a nonce and a verifier that only this session knows.
async fn login(State(site): State<Arc<Site>>) -> Response {
    let channel = site.channel.channel().clone();
    let scopes = [Scope::OpenId, Scope::Profile];
    let (Ok(request), Ok(pending)) =
        (LoginRequest::new(channel, site.redirect.clone(), scopes), PendingLogin::random())
    else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(address) = site.client.login_url(&request, &pending) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    *site.pending.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
    Redirect::to(&address).into_response()
}

/// Whoever comes back must bring the state; the code is good for one exchange; the ID token must have the nonce.
async fn came_back(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    let pending = site.pending.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some(pending), Some(query)) = (pending, query) else {
        return (StatusCode::BAD_REQUEST, "no login is under way").into_response();
    };
    match who(&site, &pending, &query).await {
        Ok(name) => format!("ようこそ、{}さん", name.as_deref().unwrap_or("名無し")).into_response(),
        Err(error) => {
            eprintln!("no login: {error}"); // texts of errors hold nothing personal and no secret
            (StatusCode::FORBIDDEN, "the login did not succeed").into_response()
        }
    }
}

async fn who(
    site: &Site,
    pending: &PendingLogin,
    query: &str,
) -> Result<Option<String>, Box<dyn std::error::Error + Send + Sync>> {
    let returned = pending.read_return(query)?;
    let tokens =
        site.client.exchange_code(&site.channel, &returned.code, &site.redirect, pending).await?.value;
    let id_token = tokens.id_token.ok_or("the scope has openid")?;
    let claims = site.verifier.verify(&id_token, &Expected::nonce(pending.nonce())).await?;
    Ok(claims.name) // `claims.sub` is the id to keep: with the provider, for ids of another one differ
}
