//! The gate in front of every page: who is there, may they, and did this form come from here.

use std::{collections::HashMap, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use lupinus_core::{
    actor::Permission,
    hash::Sha256Hash,
    ids::StaffId,
    service::{By, ServiceError, SignedInBy},
    staff::{ProviderIdentity, Staff},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use subtle::ConstantTimeEq;
use tower_cookies::Cookies;
use tower_sessions::Session;

use crate::{
    access::{Asks, RouteInfo},
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    language::Language,
    routes::Door,
    session::Seat,
    shell,
};

/// The session's one entry.
const ENTRY: &str = "desk";
/// The cookie that holds the sign-in form's token.
pub(crate) const SIGN_IN_COOKIE: &str = "lupinus_sign_in";
/// How old the note of the last click may grow before it is written anew.
const TOUCH: Duration = Duration::from_mins(1);

/// The query of what a page asks for by itself (`assets/console.js`), alone or before others.
const BY_ITSELF: &str = "reload";

fn is_by_itself(uri: &Uri) -> bool {
    let rest = uri.query().and_then(|query| query.strip_prefix(BY_ITSELF));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('&'))
}

/// What a session knows.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    staff: StaffId,
    csrf: String,
    /// The hash of what proves them: another password or second factor ends every session but the one that set it.
    #[serde(alias = "password")]
    proof: Sha256Hash,
    /// Whether the second factor is still to come: nothing is open but the page that asks for it.
    #[serde(default)]
    waits: bool,
    /// Who they are at the provider, for whoever came from there: the session ends with the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<ProviderIdentity>,
    signed_in_at: Timestamp,
    seen_at: Timestamp,
}

impl Entry {
    fn by(&self) -> SignedInBy {
        self.provider.clone().map_or(SignedInBy::Password, SignedInBy::Provider)
    }

    /// Whether the account is as they found it: open, with the password and the second factor of then, and still theirs at the
    /// provider, where they came from there.
    fn holds_for(&self, staff: &Staff) -> bool {
        let linked = self.provider.as_ref().is_none_or(|identity| staff.is_of(identity));
        staff.active && linked && self.proof == fingerprint(staff)
    }
}

/// Somebody of the staff at their desk.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) staff: Staff,
    pub(crate) csrf: String,
    pub(crate) session: Session,
    /// What they showed to sign in.
    pub(crate) signed_in_by: SignedInBy,
    /// In which language they read the console.
    pub(crate) language: Language,
    /// Whether staff alone are sent to.
    pub(crate) trial: bool,
}

impl Desk {
    /// Themselves, or somebody for whom the form says that they stand in. Core checks that they may.
    pub(crate) fn by(&self, fields: &Fields) -> Result<By, Problem> {
        Ok(match fields.stands_in_for()? {
            Some(replaced) if replaced != self.staff.id => By::Deputy { deputy: self.staff.id, replaced },
            _ => self.me(),
        })
    }

    pub(crate) fn me(&self) -> By {
        By::Staff(self.staff.id)
    }

    /// Whether their role asks for a second factor that they have not set up.
    pub(crate) fn lacks_factor(&self, app: &Settings) -> bool {
        self.staff.second_factor.is_none()
            && app.centre.needs_own_factor(&self.staff)
            && app.centre.asks_for_own_factor(&self.signed_in_by)
    }

    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.staff.roles.permit(permission)
    }
}

impl<S: Sync> FromRequestParts<S> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::forbidden)
    }
}

fn fingerprint(staff: &Staff) -> Sha256Hash {
    let password = staff.password.expose();
    match &staff.second_factor {
        None => Sha256Hash::of(password.as_bytes()),
        Some(factor) => Sha256Hash::of(format!("{password} {}", factor.secret.expose()).as_bytes()),
    }
}

/// What a session says of who sits there; `None` before the second factor, and for one in which nobody signed in.
pub(crate) fn seat(key: String, data: &HashMap<String, Value>) -> Option<Seat> {
    let entry: Entry = serde_json::from_value(data.get(ENTRY)?.clone()).ok()?;
    let Entry { staff, waits, signed_in_at, seen_at, .. } = entry;
    (!waits).then_some(Seat { key, staff, signed_in_at, seen_at })
}

/// A fresh token from the centre's source of secrets.
pub(crate) fn token(app: &Settings) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(app.centre.ids().secret())
}

fn same(a: &str, b: &str) -> bool {
    !a.is_empty() && bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

/// How long somebody has to show the rest, from the first thing that they showed on.
pub(crate) const FACTOR_LIMIT: Duration = Duration::from_mins(5);

/// Begins a session under a new id.
pub(crate) async fn begin(
    app: &Settings,
    session: &Session,
    staff: &Staff,
    by: &SignedInBy,
) -> Result<(), Problem> {
    begun(app, session, staff, by, false).await
}

/// Begins a session under a new id for somebody whose second factor is still to come.
pub(crate) async fn half_begin(
    app: &Settings,
    session: &Session,
    staff: &Staff,
    by: &SignedInBy,
) -> Result<(), Problem> {
    begun(app, session, staff, by, true).await
}

/// The token of the forms of a session that has just begun.
pub(crate) async fn csrf(session: &Session) -> Result<String, Problem> {
    Ok(session.get::<Entry>(ENTRY).await?.map(|entry| entry.csrf).unwrap_or_default())
}

/// Who has given the right password, or came from the provider, and not the second factor yet.
pub(crate) async fn half_in(
    app: &Settings,
    session: &Session,
) -> Result<Option<(Staff, SignedInBy)>, Problem> {
    let Some(entry) = session.get::<Entry>(ENTRY).await?.filter(|entry| entry.waits) else { return Ok(None) };
    let since = app.centre.now().duration_since(entry.signed_in_at);
    let staff = match app.centre.staff(entry.staff).await {
        Ok(staff) => staff.value,
        Err(ServiceError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let over = Duration::try_from(since).unwrap_or_default() >= FACTOR_LIMIT;
    if over || !entry.holds_for(&staff) {
        session.flush().await?;
        return Ok(None);
    }
    Ok(Some((staff, entry.by())))
}

async fn begun(
    app: &Settings,
    session: &Session,
    staff: &Staff,
    by: &SignedInBy,
    waits: bool,
) -> Result<(), Problem> {
    // Under a name that nobody knew before: a session that was planted here stays with whoever planted it, empty. `flush` alone
    // would keep the name.
    session.clear().await;
    session.cycle_id().await?;
    let now = app.centre.now();
    let entry = Entry {
        staff: staff.id,
        csrf: token(app),
        proof: fingerprint(staff),
        waits,
        provider: match by {
            SignedInBy::Password => None,
            SignedInBy::Provider(identity) => Some(identity.clone()),
        },
        signed_in_at: now,
        seen_at: now,
    };
    session.insert(ENTRY, entry).await?;
    session.save().await?;
    Ok(())
}

/// Whose session this is. Only what a person does keeps it alive: a page that reloads itself at an empty desk does not.
pub(crate) async fn signed_in(
    app: &Settings,
    session: &Session,
    by_itself: bool,
    language: Language,
) -> Result<Option<Desk>, Problem> {
    let Some(mut entry) = session.get::<Entry>(ENTRY).await?.filter(|entry| !entry.waits) else {
        return Ok(None);
    };
    let now = app.centre.now();
    let since = |at: Timestamp| Duration::try_from(now.duration_since(at)).unwrap_or_default();
    let staff = match app.centre.staff(entry.staff).await {
        Ok(staff) => staff.value,
        Err(ServiceError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let over = since(entry.seen_at) >= app.idle_limit || since(entry.signed_in_at) >= app.session_limit;
    if over || !entry.holds_for(&staff) {
        session.flush().await?;
        return Ok(None);
    }
    if !by_itself && since(entry.seen_at) >= TOUCH.min(app.idle_limit / 4) {
        entry.seen_at = now;
        session.insert(ENTRY, &entry).await?;
    }
    let trial = app.centre.launch().await?.is_trial();
    let signed_in_by = entry.by();
    Ok(Some(Desk { staff, csrf: entry.csrf, session: session.clone(), signed_in_by, language, trial }))
}

/// Whether a form comes from a page of ours, as far as the browser says.
fn comes_from_here(app: &Settings, headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = header(header::ORIGIN.as_str()) else { return true };
    if let Some(own) = &app.public_origin {
        return origin == own;
    }
    let host = header(header::HOST.as_str()).unwrap_or_default();
    let plain = if app.https { None } else { origin.strip_prefix("http://") };
    let from = origin.strip_prefix("https://").or(plain);
    !host.is_empty() && from == Some(host)
}

/// A path within the console to go on to after signing in; nothing else is followed.
pub(crate) fn inner_path(path: &str) -> Option<&str> {
    let clean = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 500
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    clean.then_some(path)
}

fn sign_in_address(app: &Settings, uri: &Uri) -> String {
    let here = uri.path_and_query().map_or("/", |path| path.as_str());
    let next = inner_path(here).filter(|path| *path != "/");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(next) = next {
        query.append_pair("next", next);
        return format!("{}/sign-in?{}", app.base, query.finish());
    }
    format!("{}/sign-in", app.base)
}

pub(crate) async fn gate(
    State((app, door)): State<(App, Door)>,
    session: Session,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let language = Language::of(&cookies, request.headers());
    request.extensions_mut().insert(language);
    let mut desk = None;
    let response = match pass(&app, &door, session, &cookies, request, &mut desk).await {
        Ok(Passed::On(request)) => next.run(request).await,
        Ok(Passed::Turned(response)) => response,
        Err(problem) => problem.into_response(),
    };
    let Some(problem) = problem_of(&response) else { return response };
    let mut response = shell::draw_problem(&app, language, desk.as_ref(), &problem);
    if problem.status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, door.allow());
    }
    if problem.status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("900"));
    }
    response
}

/// What a handler answered with, or what an extractor refused before it: an id that is none names nothing.
fn problem_of(response: &Response) -> Option<Problem> {
    let known = response.extensions().get::<Problem>().cloned();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let is_page = media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    known.or_else(|| (response.status().is_client_error() && !is_page).then(Problem::not_found))
}

impl Door {
    /// The address in the table, and what core asks for what is to be done there: for everybody the same.
    fn known(&self, parts: &Parts) -> Result<(&RouteInfo, Asks), Problem> {
        let info = self.info.as_ref().ok_or_else(Problem::not_found)?;
        let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
        let asks = info.asks_of(last).ok_or_else(Problem::not_found)?;
        if info.takes(&parts.method) { Ok((info, asks)) } else { Err(Problem::method_not_allowed()) }
    }

    /// What it answers, for whoever asks with another method.
    fn allow(&self) -> HeaderValue {
        HeaderValue::from_static(match &self.info {
            Some(RouteInfo { get: true, post: true, .. }) => "GET, HEAD, POST",
            Some(RouteInfo { get: true, post: false, .. }) => "GET, HEAD",
            Some(_) => "POST",
            None => "",
        })
    }
}

enum Passed {
    On(Request),
    Turned(Response),
}

async fn pass(
    app: &App,
    door: &Door,
    session: Session,
    cookies: &Cookies,
    request: Request,
    at_desk: &mut Option<Desk>,
) -> Result<Passed, Problem> {
    let (mut parts, body) = request.into_parts();
    let language = parts.extensions.get::<Language>().copied().unwrap_or_default();
    let (info, asks) = door.known(&parts)?;
    let changes = parts.method != Method::GET && parts.method != Method::HEAD;
    if changes && !comes_from_here(app, &parts.headers) {
        return Err(Problem::foreign_form());
    }
    if !info.needs.anybody() {
        let by_itself = !changes && is_by_itself(&parts.uri);
        let desk = signed_in(app, &session, by_itself, language).await?;
        let Some(desk) = desk else {
            if changes {
                let fields = begun_by_a_visitor(&parts, body).await;
                return Err(Problem::session_ended().with_words(fields.words()));
            }
            let address = sign_in_address(app, &parts.uri);
            return Ok(Passed::Turned(Redirect::to(&address).into_response()));
        };
        *at_desk = Some(desk.clone());
        if desk.lacks_factor(app) && !door.without_factor {
            let address = format!("{}/account/second-factor", app.base);
            if changes {
                return Err(Problem::factor_needed());
            }
            return Ok(Passed::Turned(Redirect::to(&address).into_response()));
        }
        if !info.needs.met_by(&desk.staff.roles) {
            return Err(Problem::forbidden());
        }
        if changes {
            let fields = read(door, &parts, body).await?;
            if !same(fields.text("csrf"), &desk.csrf) {
                return Err(Problem::form_expired().with_words(fields.words()));
            }
            // Core asks again. Whoever acts in another's stead is asked there alone: it knows the other's roles.
            if matches!(asks, Asks::Permission(_))
                && !asks.met_by(&desk.staff.roles)
                && fields.some("as").is_none()
            {
                return Err(Problem::forbidden().with_words(fields.words()));
            }
            parts.extensions.insert(fields);
        }
        parts.extensions.insert(desk);
    } else if changes {
        let fields = read(door, &parts, body).await?;
        let cookie = cookies.get(SIGN_IN_COOKIE);
        if !same(fields.text("csrf"), cookie.as_ref().map_or("", |cookie| cookie.value())) {
            return Err(Problem::form_expired());
        }
        parts.extensions.insert(fields);
    }
    Ok(Passed::On(Request::from_parts(parts, Body::empty())))
}

async fn read(door: &Door, parts: &Parts, body: Body) -> Result<Fields, Problem> {
    let bytes = to_bytes(body, door.max_body_bytes).await.map_err(|_| Problem::too_large())?;
    Fields::read(&parts.headers, bytes).await
}

/// Most bytes that are read of a form that nobody signed in sent.
const MAX_VISITORS_BYTES: usize = 512 * 1024;

/// What stands at the beginning of a form whose sender is signed in no more: their words, for them to keep. A file behind them is
/// not read, so that nobody fills our memory from outside.
async fn begun_by_a_visitor(parts: &Parts, mut body: Body) -> Fields {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        let room = MAX_VISITORS_BYTES - bytes.len();
        let Some(data) = frame.data_ref() else { break };
        bytes.extend(data.iter().take(room));
        if data.len() >= room {
            break;
        }
    }
    Fields::read_beginning(&parts.headers, bytes.into()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_within_the_console_are_followed() {
        for (path, followed) in [
            ("/posts?state=submitted", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil.example", false),
            ("/a b", false),
        ] {
            assert_eq!(inner_path(path).is_some(), followed, "{path}");
        }
    }

    #[test]
    fn an_empty_token_is_never_the_right_one() {
        assert!(!same("", ""));
        assert!(!same("a", "b"));
        assert!(same("ab", "ab"));
    }
}
