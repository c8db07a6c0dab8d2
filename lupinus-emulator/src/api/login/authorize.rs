//! The authorisation page: checks the address a web site sent its visitor to, asks for consent, and sends them back.

use std::collections::BTreeSet;

use http::StatusCode;
use url::Url;

use super::{
    super::{
        Call, Outcome,
        call::Expects,
        operation::{Admits, Operation, get, post},
    },
    page::{Form, choice, escaped, html_page, without_own},
};
use crate::{
    answer::Answer,
    clock::Millis,
    people,
    state::{Code, Grant, State},
};

const PATH: &str = "/oauth2/v2.1/authorize";
/// Remembers in the browser who logged in last.
const COOKIE: &str = "lupinus_emulator_login";

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("authorize", PATH, show).admits(Admits::Anyone),
        post("authorizeAnswer", PATH, answered).expects(Expects::Form).admits(Admits::Anyone),
    ]
}

/// What a web site asks for, once its address has been checked.
struct Asked {
    redirect_uri: Url,
    raw_redirect_uri: String,
    state: String,
    scopes: BTreeSet<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    prompt: Option<String>,
    bot_prompt: Option<String>,
    /// How long ago the visitor may have said who they are, in seconds.
    max_age: Option<i64>,
    by_post: bool,
}

/// A web site's mistake: shown to the visitor, or sent back.
enum Wrong {
    Shown(&'static str),
    SentBack(Box<Answer>),
}

type Field<'f> = &'f dyn Fn(&str) -> Option<String>;

impl Asked {
    /// Reads what is asked for. The visitor is sent back only to an address that is known to be right.
    fn read(settings: &crate::settings::Settings, call: &Call<'_>, field: Field<'_>) -> Result<Self, Wrong> {
        if field("client_id").as_deref() != Some(&call.keys.login_channel_id) {
            return Err(Wrong::Shown("client_id がLINEログインのチャネルIDではありません。"));
        }
        let raw_redirect_uri = field("redirect_uri").unwrap_or_default();
        let Ok(redirect_uri) = Url::parse(&raw_redirect_uri) else {
            return Err(Wrong::Shown("redirect_uri がURLではありません。"));
        };
        if !is_registered(&settings.callback_urls, &redirect_uri) {
            return Err(Wrong::Shown("redirect_uri が登録されていません（設定 callbackUrls）。"));
        }
        let asked = Self {
            redirect_uri,
            raw_redirect_uri,
            state: field("state").unwrap_or_default(),
            scopes: field("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            nonce: field("nonce"),
            challenge: field("code_challenge"),
            prompt: field("prompt"),
            bot_prompt: field("bot_prompt"),
            max_age: field("max_age").and_then(|age| age.parse().ok()),
            by_post: field("response_mode").as_deref() == Some("form_post"),
        };
        let back =
            |error: &str, description: &str| Wrong::SentBack(Box::new(asked.failed(error, description)));
        if field("response_type").as_deref() != Some("code") {
            return Err(back("UNSUPPORTED_RESPONSE_TYPE", "response_type must be code"));
        }
        if asked.state.is_empty() {
            return Err(back("INVALID_REQUEST", "state is required"));
        }
        let known = |scope: &String| matches!(scope.as_str(), "profile" | "openid" | "email");
        let email_alone = asked.scopes.contains("email") && !asked.scopes.contains("openid");
        if asked.scopes.is_empty() || !asked.scopes.iter().all(known) || email_alone {
            return Err(back("INVALID_SCOPE", "scope must be profile, openid, email with openid"));
        }
        let method = field("code_challenge_method");
        let right_length = asked.challenge.as_ref().is_none_or(|challenge| challenge.len() == 43);
        if (asked.challenge.is_some() || method.is_some())
            && (method.as_deref() != Some("S256") || !right_length)
        {
            return Err(back("INVALID_REQUEST", "code_challenge must be one of S256"));
        }
        if field("response_mode").is_some_and(|mode| mode != "query" && mode != "form_post") {
            return Err(back("INVALID_REQUEST", "response_mode must be query or form_post here"));
        }
        if field("max_age").is_some() && asked.max_age.is_none_or(|age| age < 0) {
            return Err(back("INVALID_REQUEST", "max_age must be a number of seconds"));
        }
        if field("prompt").is_some_and(|prompt| !matches!(prompt.as_str(), "consent" | "none" | "login")) {
            return Err(back("INVALID_REQUEST", "prompt must be consent, none or login"));
        }
        Ok(asked)
    }

    /// Sends the visitor back with these parameters.
    fn back(&self, parameters: &[(&str, &str)]) -> Answer {
        if self.by_post {
            let fields: Vec<String> = parameters
                .iter()
                .map(|(name, value)| {
                    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
                })
                .collect();
            let action = escaped(self.redirect_uri.as_str());
            let form = format!(
                "<form method=\"post\" action=\"{action}\">{}<button class=\"yes\">続ける</button></form>",
                fields.concat()
            );
            return Answer::html(html_page("LINEログイン", &form));
        }
        let mut url = self.redirect_uri.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        Answer::redirect(url.as_str())
    }

    fn failed(&self, error: &str, description: &str) -> Answer {
        let mut parameters = vec![("error", error), ("error_description", description)];
        if !self.state.is_empty() {
            parameters.push(("state", &self.state));
        }
        self.back(&parameters)
    }

    /// Lets the person in: a code, and what came of the friendship.
    fn granted(&self, state: &mut State, user_id: &str, logged_in_at: Millis, befriend: bool) -> Answer {
        let now = state.clock.now();
        let grant = Grant { user_id: user_id.to_owned(), scopes: self.scopes.clone(), chat: None };
        state.login.granted.entry(user_id.to_owned()).or_default().extend(self.scopes.iter().cloned());
        let code = state.login.issue_code(Code {
            grant,
            redirect_uri: self.raw_redirect_uri.clone(),
            nonce: self.nonce.clone(),
            challenge: self.challenge.clone(),
            auth_time: self.max_age.map(|_| logged_in_at),
            issued_at: now,
        });
        let mut parameters = vec![("code", code.as_str()), ("state", &self.state)];
        if self.bot_prompt.is_some() {
            let event = if befriend { people::befriend(state, user_id).ok().flatten() } else { None };
            let changed = if event.is_some() { "true" } else { "false" };
            state.to_send.extend(event);
            parameters.push(("friendship_status_changed", changed));
        }
        self.back(&parameters).with_header(
            "set-cookie",
            &format!("{COOKIE}={user_id}.{logged_in_at}; Path=/; HttpOnly; SameSite=Lax"),
        )
    }
}

/// Whether an address is one of the registered ones; extra query parameters are allowed. Without any registered, all are.
fn is_registered(registered: &[String], given: &Url) -> bool {
    let bare = |url: &Url| {
        let mut url = url.clone();
        url.set_query(None);
        url.set_fragment(None);
        url
    };
    registered.is_empty()
        || registered.iter().any(|known| Url::parse(known).is_ok_and(|known| bare(&known) == bare(given)))
}

fn shown(problem: &str) -> Answer {
    let page = html_page("ログインできません", &format!("<p>{}</p>", escaped(problem)));
    Answer::html(page).with_status(StatusCode::BAD_REQUEST)
}

/// Who logged in last in this browser, and when.
fn session(call: &Call<'_>) -> Option<(String, Millis)> {
    let cookies = call.header("cookie")?.split(';');
    let mut cookies = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    let (_, session) = cookies.find(|(name, _)| *name == COOKIE)?;
    let (id, at) = session.split_once('.')?;
    Some((id.to_owned(), at.parse().ok()?))
}

/// `GET /oauth2/v2.1/authorize`
fn show(state: &mut State, call: &Call<'_>) -> Outcome {
    let field = |name: &str| call.query(name).map(str::to_owned);
    let asked = match Asked::read(&state.settings, call, &field) {
        Ok(asked) => asked,
        Err(Wrong::Shown(problem)) => return Ok(shown(problem)),
        Err(Wrong::SentBack(answer)) => return Ok(*answer),
    };
    if asked.prompt.as_deref() == Some("none") {
        let oldest = asked.max_age.map(|age| state.clock.now().saturating_sub(age.saturating_mul(1_000)));
        let session = session(call)
            .filter(|(id, at)| state.people.contains_key(id) && oldest.is_none_or(|oldest| *at >= oldest));
        let Some((user_id, logged_in_at)) = session else {
            return Ok(asked.failed("LOGIN_REQUIRED", "nobody is logged in"));
        };
        let granted = state.login.granted.get(&user_id);
        if !granted.is_some_and(|granted| granted.is_superset(&asked.scopes)) {
            return Ok(asked.failed("INTERACTION_REQUIRED", "consent is needed"));
        }
        return Ok(asked.granted(state, &user_id, logged_in_at, false));
    }
    let scopes: Vec<&str> = asked.scopes.iter().map(String::as_str).collect();
    let mut more = format!("<p>次の情報の利用を許可します: <strong>{}</strong></p>", scopes.join(", "));
    if let Some(prompt) = &asked.bot_prompt {
        let checked = if prompt == "aggressive" { " checked" } else { "" };
        let name = escaped(&state.settings.bot_name);
        more = format!(
            "{more}<label><input type=\"checkbox\" name=\"befriend\" value=\"yes\"{checked}> {name} を友だち追加</label>"
        );
    }
    let answers = [("allow", "許可する"), ("deny", "キャンセル")];
    let hidden = without_own(&call.head.query);
    let form = Form { path: PATH, action: PATH, hidden: &hidden, more: &more, answers: &answers };
    let form = choice(state, call, &form);
    Ok(Answer::html(html_page("LINEログイン", &form)))
}

/// `POST /oauth2/v2.1/authorize`: what was chosen on the page.
fn answered(state: &mut State, call: &Call<'_>) -> Outcome {
    let field = |name: &str| call.form(name);
    let asked = match Asked::read(&state.settings, call, &field) {
        Ok(asked) => asked,
        Err(Wrong::Shown(problem)) => return Ok(shown(problem)),
        Err(Wrong::SentBack(answer)) => return Ok(*answer),
    };
    match call.form("answer").as_deref() {
        Some("allow") => {}
        Some("deny") => return Ok(asked.failed("ACCESS_DENIED", "The resource owner denied the request.")),
        _ => return Ok(shown("answer は allow か deny です。")),
    }
    let user_id = call.form("user_id").unwrap_or_default();
    if state.people.get(&user_id).is_none_or(|person| person.deleted) {
        return Ok(shown("この人はいません。"));
    }
    let befriend = call.form("befriend").is_some();
    let now = state.clock.now();
    Ok(asked.granted(state, &user_id, now, befriend))
}
