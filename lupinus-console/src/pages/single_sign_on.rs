//! The city's provider of identities: there, and back to sign in. Who began it is known by a cookie of this browser alone; nothing of it
//! is stored.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lupinus_core::{service::SignedInBy, staff::ProviderIdentity};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use tower_cookies::{Cookie, Cookies, cookie::SameSite, cookie::time::Duration};
use tower_sessions::Session;

use super::{
    provider_link,
    sign_in::{self, Towards},
};
use crate::{
    address::From,
    console::{App, Settings},
    error::Problem,
    gate,
    language::Language,
    oidc::{Failure, Provider, Purpose, Seed},
    text::{Text, say},
};

/// The cookie of a way that has begun.
const COOKIE: &str = "lupinus_provider";
/// For how long somebody may be at the provider.
const LASTS: Duration = Duration::minutes(10);

/// The path that the provider leads back to.
fn path_back(app: &Settings) -> String {
    format!("{}/sign-in/provider/back", app.base)
}

fn cookie(app: &Settings, value: String) -> Cookie<'static> {
    // Lax, and not strict: whoever comes back comes from the provider's page.
    Cookie::build((COOKIE, value))
        .path(path_back(app))
        .max_age(LASTS)
        .http_only(true)
        .secure(app.https)
        .same_site(SameSite::Lax)
        .build()
}

fn no_provider(app: &Settings) -> Response {
    Redirect::to(&format!("{}/sign-in", app.base)).into_response()
}

/// A way to the provider and back that began in this browser. All of it stands in the cookie, and state, nonce and verifier follow from
/// the whole of it: none of it can be changed, nor its time be made longer.
struct Begun {
    cookie: String,
    purpose: Purpose,
    next: String,
}

impl Begun {
    fn new(app: &Settings, purpose: Purpose, next: &str) -> Self {
        let (random, at) = (gate::token(app), app.centre.now().as_second());
        let word = match purpose {
            Purpose::SignIn => "in",
            Purpose::Link => "link",
        };
        let cookie = format!("{random}.{word}.{at}.{}", BASE64_URL_SAFE_NO_PAD.encode(next));
        Self { cookie, purpose, next: next.to_owned() }
    }

    /// The one that this state belongs to, if it is not too long ago.
    fn known(app: &Settings, cookies: &Cookies, state: &str) -> Option<Self> {
        let cookie = cookies.get(COOKIE)?.value().to_owned();
        if !bool::from(state.as_bytes().ct_eq(Seed(&cookie).state().as_bytes())) {
            return None;
        }
        let [_, word, at, next] = *cookie.split('.').collect::<Vec<_>>() else { return None };
        let age = app.centre.now().as_second().checked_sub(at.parse().ok()?)?;
        let purpose = match word {
            "in" => Purpose::SignIn,
            "link" => Purpose::Link,
            _ => return None,
        };
        let next = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(next).ok()?).ok()?;
        let next = gate::inner_path(&next)?.to_owned();
        (age < LASTS.whole_seconds()).then_some(Self { cookie, purpose, next })
    }
}

/// To the provider, for this.
pub(super) async fn leave(
    app: &Settings,
    provider: &Provider,
    cookies: &Cookies,
    purpose: Purpose,
    next: &str,
) -> Result<Response, Turned> {
    let begun = Begun::new(app, purpose, next);
    let address = provider.address(&path_back(app), &Seed(&begun.cookie), purpose).await?;
    cookies.add(cookie(app, begun.cookie));
    Ok(Redirect::to(address.as_str()).into_response())
}

/// To the provider, to sign in.
pub(crate) async fn begin(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    Query(towards): Query<Towards>,
) -> Result<Response, Problem> {
    let Some(provider) = &app.provider else { return Ok(no_provider(&app)) };
    let next = towards.inner();
    match leave(&app, provider, &cookies, Purpose::SignIn, &next).await {
        Ok(response) => Ok(response),
        Err(turned) => refused(&app, provider, &cookies, language, next, turned),
    }
}

/// What the provider says in the address of the way back.
#[derive(Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// Why somebody gets no further.
#[derive(Clone, Copy)]
pub(super) enum Turned {
    /// The provider or its token says so.
    Failed(Failure),
    /// Nobody began this here, or it was too long ago.
    NotBegunHere,
    /// Somebody changed their mind, or the provider did.
    NotDone,
    /// No open account is linked to them.
    NoAccount,
}

impl std::convert::From<Failure> for Turned {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Turned {
    /// What to say, and what to do now.
    pub(super) fn said(self, label: &str) -> (StatusCode, Text) {
        let label = || Text::given(label);
        let (status, why, sentence) = match self {
            Self::Failed(Failure::Unreachable(why)) => (
                StatusCode::SERVICE_UNAVAILABLE,
                why,
                say!("「{label}」が応答しません。少し待って、もう一度お試しください。", label = label()),
            ),
            Self::Failed(Failure::Misconfigured) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the provider does not know the console by this id and secret",
                say!(
                    "「{label}」との接続の設定が合っていません。管理者に知らせてください。",
                    label = label()
                ),
            ),
            Self::Failed(Failure::Refused) => (
                StatusCode::UNAUTHORIZED,
                "the provider refused the code",
                "手続きが途中で切れたか、すでに使われています。もう一度お試しください。".into(),
            ),
            Self::Failed(Failure::Untrusted(why)) => (
                StatusCode::UNAUTHORIZED,
                why,
                say!(
                    "「{label}」から届いた内容を確かめられませんでした。もう一度お試しください。続くときは、管理者に知らせてください。",
                    label = label()
                ),
            ),
            Self::NotBegunHere => (
                StatusCode::UNAUTHORIZED,
                "not begun in this browser",
                "このブラウザーで始めた手続きではないか、時間が過ぎました。もう一度お試しください。".into(),
            ),
            Self::NotDone => (
                StatusCode::UNAUTHORIZED,
                "not done at the provider",
                say!(
                    "「{label}」でのログインが終わりませんでした。もう一度お試しください。",
                    label = label()
                ),
            ),
            Self::NoAccount => (
                StatusCode::UNAUTHORIZED,
                "linked to no open account",
                say!(
                    "「{label}」のこのアカウントは、この管理画面のどの職員とも結び付いていません。はじめての方は、パスワードでログインして「自分の設定」で結び付けてください。",
                    label = label()
                ),
            ),
        };
        tracing::warn!(why, "nobody was let in by the provider");
        (status, sentence)
    }
}

/// Back from the provider. Whatever leads here that nobody began in this browser, such as a picture on any page, changes and counts
/// nothing.
pub(crate) async fn back(
    State(app): State<App>,
    cookies: Cookies,
    language: Language,
    session: Session,
    from: From,
    Query(answer): Query<Answer>,
) -> Result<Response, Problem> {
    let Some(provider) = &app.provider else { return Ok(no_provider(&app)) };
    let state = answer.state.as_deref().unwrap_or_default();
    let Some(begun) = Begun::known(&app, &cookies, state) else {
        return refused(&app, provider, &cookies, language, "/".to_owned(), Turned::NotBegunHere);
    };
    sign_in::counted(&app, from).await?;
    // Whatever comes of it, it serves once.
    cookies.remove(cookie(&app, String::new()));
    let identified = identified(&app, provider, &begun, answer).await;
    if begun.purpose == Purpose::Link {
        return provider_link::came_back(&app, provider, &session, language, identified).await;
    }
    let entered = match identified {
        Ok(identity) => entered(&app, &session, identity).await?,
        Err(turned) => Entered::Out(turned),
    };
    match entered {
        Entered::In => Ok(sign_in::onward(&app, &begun.next)),
        Entered::Half => Ok(sign_in::to_the_code(&app, &begun.next)),
        Entered::Out(turned) => refused(&app, provider, &cookies, language, begun.next, turned),
    }
}

/// Who came back.
async fn identified(
    app: &Settings,
    provider: &Provider,
    begun: &Begun,
    answer: Answer,
) -> Result<ProviderIdentity, Turned> {
    if answer.iss.is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(Turned::NotBegunHere);
    }
    let code = answer.code.ok_or(Turned::NotDone)?;
    let (back, seed) = (path_back(app), Seed(&begun.cookie));
    Ok(provider.identified(&back, &code, &seed, app.centre.now()).await?)
}

enum Entered {
    In,
    /// Our second factor is still to come.
    Half,
    Out(Turned),
}

async fn entered(app: &App, session: &Session, identity: ProviderIdentity) -> Result<Entered, Problem> {
    let known = app.centre.staff_at_provider(&identity).await?;
    let by = &SignedInBy::Provider(identity);
    let Some(known) = known.filter(|known| app.centre.is_open(&known.value, by)) else {
        return Ok(Entered::Out(Turned::NoAccount));
    };
    if app.centre.asks_for_factor(&known.value, by) {
        gate::half_begin(app, session, &known.value, by).await?;
        return Ok(Entered::Half);
    }
    let is_in = sign_in::let_in(app, session, known.value.id, by, None).await?;
    Ok(if is_in { Entered::In } else { Entered::Out(Turned::NoAccount) })
}

/// The sign-in page with what to do now.
fn refused(
    app: &Settings,
    provider: &Provider,
    cookies: &Cookies,
    language: Language,
    next: String,
    turned: Turned,
) -> Result<Response, Problem> {
    let (status, sentence) = turned.said(&provider.label);
    sign_in::refused(app, cookies, language, status, next, sentence)
}
