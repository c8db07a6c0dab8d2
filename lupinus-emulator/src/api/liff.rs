//! LIFF apps: kept by the API, opened by a page that hands the app its tokens.

use serde_json::{Value, json};
use url::Url;

use super::{
    Call, Outcome,
    call::Expects,
    login::{CHAT, Form, choice, claims, html_page, without_own},
    operation::{Admits, Operation, delete, get, post, put},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    state::{APP_LIFE_MS, Grant, GroupKind, State},
    validate::{self, Findings, Object},
};

/// How many apps a channel may have.
const MAX_APPS: usize = 30;

/// Stands in for LINE's SDK in apps that are opened here.
const SDK: &str = include_str!("liff_sdk.js");

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let login = |operation: Operation| operation.admits(Admits::LoginChannel);
    let open = |operation: Operation| operation.expects(Expects::Nothing).admits(Admits::Anyone);
    let form = |operation: Operation| operation.expects(Expects::Form).admits(Admits::Anyone);
    vec![
        login(get("getAllLIFFApps", "/liff/v1/apps", list)),
        login(post("addLIFFApp", "/liff/v1/apps", add)),
        login(put("updateLIFFApp", "/liff/v1/apps/{liffId}", update)),
        login(delete("deleteLIFFApp", "/liff/v1/apps/{liffId}", remove)),
        open(get("liffSdk", "/liff/edge/2/sdk.js", sdk)),
        open(get("openLIFFApp", "/liff/{liffId}", show)),
        open(get("openLIFFAppAt", "/liff/{liffId}/{*rest}", show)),
        form(post("enterLIFFApp", "/liff/{liffId}", enter)),
        form(post("enterLIFFAppAt", "/liff/{liffId}/{*rest}", enter)),
    ]
}

/// Checks an app; of a change only what is given.
fn check(body: &Value, is_new: bool) -> Result<(), Refusal> {
    validate::body(body, |findings, body| {
        let view = if is_new { body.needed(findings, "view") } else { body.value("view") };
        if let Some(value) = view {
            let path = body.path.key("view");
            if let Some(view) = Object::of(value, &path, findings) {
                self::view(findings, &view, is_new);
            }
        }
        if let Some(name) = body.string(findings, "description")
            && name.to_ascii_lowercase().contains("line")
        {
            body.note(findings, "description", "The name must not contain LINE");
        }
        let path = body.path.key("scope");
        for (index, scope) in body.array(findings, "scope").unwrap_or_default().iter().enumerate() {
            let scopes = ["openid", "email", "profile", "chat_message.write"];
            if !scope.as_str().is_some_and(|scope| scopes.contains(&scope)) {
                findings.note(
                    &path.index(index),
                    format!("Must be one of the following values: [{}]", scopes.join(", ")),
                );
            }
        }
        body.one_of(findings, "botPrompt", &["normal", "aggressive", "none"]);
        body.one_of(findings, "permanentLinkPattern", &["concat"]);
        if let Some(value) = body.value("features") {
            let path = body.path.key("features");
            if let Some(features) = Object::of(value, &path, findings) {
                features.boolean(findings, "ble");
                features.boolean(findings, "qrCode");
            }
        }
    })
}

/// LINE takes https alone; here http is taken too, since apps under test have no certificate.
fn view(findings: &mut Findings, view: &Object<'_, '_>, is_new: bool) {
    if is_new {
        view.needed_string(findings, "type");
        view.needed_string(findings, "url");
    }
    view.one_of(findings, "type", &["compact", "tall", "full"]);
    view.boolean(findings, "moduleMode");
    if let Some(url) = view.string(findings, "url") {
        let right = Url::parse(url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none()
        });
        if !right {
            view.note(findings, "url", "Must be a valid HTTPS URL without fragment");
        }
    }
}

/// `POST /liff/v1/apps`
fn add(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    check(&body, true)?;
    if state.login.apps.len() >= MAX_APPS {
        return Err(Refusal::bad("The maximum number of LIFF apps has been reached"));
    }
    let mut app = json!({
        "features": {"ble": false, "qrCode": false},
        "permanentLinkPattern": "concat",
        "scope": ["profile", "chat_message.write"],
        "botPrompt": "none",
    });
    merge(&mut app, known(&body));
    let tail: String = ids::hex32().chars().take(8).collect();
    let id = format!("{}-{tail}", call.keys.login_channel_id);
    state.login.apps.insert(id.clone(), app);
    Ok(Answer::json(json!({"liffId": id})))
}

/// What is kept of a body: the properties that LINE knows, as far as they are given.
fn known(body: &Value) -> Value {
    const KNOWN: [(&str, &[&str]); 6] = [
        ("view", &["type", "url", "moduleMode"]),
        ("description", &[]),
        ("features", &["ble", "qrCode"]),
        ("permanentLinkPattern", &[]),
        ("scope", &[]),
        ("botPrompt", &[]),
    ];
    let given = |holder: &Value, key: &str| holder.get(key).filter(|value| !value.is_null()).cloned();
    let kept = KNOWN.into_iter().filter_map(|(key, inner)| {
        let value = given(body, key)?;
        if inner.is_empty() {
            return Some((key.to_owned(), value));
        }
        let parts = inner.iter().filter_map(|part| Some(((*part).to_owned(), given(&value, part)?)));
        Some((key.to_owned(), parts.collect()))
    });
    kept.collect()
}

/// `GET /liff/v1/apps`: 404 without any.
fn list(state: &mut State, _: &Call<'_>) -> Outcome {
    if state.login.apps.is_empty() {
        return Err(Refusal::not_found());
    }
    let apps = state.login.apps.iter().map(|(id, app)| {
        let mut app = app.clone();
        app["liffId"] = json!(id);
        app
    });
    Ok(Answer::json(json!({"apps": apps.collect::<Vec<_>>()})))
}

fn find<'s>(state: &'s mut State, call: &Call<'_>) -> Result<&'s mut Value, Refusal> {
    state.login.apps.get_mut(call.param("liffId")).ok_or_else(Refusal::not_found)
}

/// `PUT /liff/v1/apps/{liffId}`: changes what is given.
fn update(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    check(&body, false)?;
    merge(find(state, call)?, known(&body));
    Ok(Answer::empty())
}

fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                merge(old.entry(key).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new,
    }
}

/// `DELETE /liff/v1/apps/{liffId}`
fn remove(state: &mut State, call: &Call<'_>) -> Outcome {
    state.login.apps.shift_remove(call.param("liffId")).ok_or_else(Refusal::not_found)?;
    Ok(Answer::empty())
}

/// `GET /liff/edge/2/sdk.js`
fn sdk(_: &mut State, _: &Call<'_>) -> Outcome {
    Ok(Answer::bytes("text/javascript; charset=utf-8", SDK.into()))
}

/// The address of what is opened: the app's own, the path below it, and the query.
///
/// A path that leads out of the app's address, be it in whatever form browsers take for `..`, is refused.
fn address(app: &Value, call: &Call<'_>) -> Result<Url, Refusal> {
    let endpoint = app["view"]["url"].as_str().unwrap_or_default();
    let mut url = Url::parse(endpoint).map_err(|_| Refusal::bad("The app has no address"))?;
    let below = call.param("rest");
    if !below.is_empty() {
        let top = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&format!("{top}{below}"));
        let leads_out = |path: &str| path.split(['/', '\\']).any(|part| part == "..");
        if leads_out(below) || !url.path().starts_with(&top) {
            return Err(Refusal::bad("The path leads out of the app's address"));
        }
    }
    let query = without_own(&call.head.query);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(&query);
    }
    Ok(url)
}

/// `GET /liff/{liffId}`, in place of `https://liff.line.me/{liffId}`: asks who opens it.
fn show(state: &mut State, call: &Call<'_>) -> Outcome {
    let app = find(state, call)?.clone();
    address(&app, call)?;
    let scopes: Vec<&str> = app["scope"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let more = format!("<p>アプリが使う情報: <strong>{}</strong></p>", scopes.join(", "));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(without_own(&call.head.query))
        .finish();
    let path = call.head.path.as_str();
    let action = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let chat: Vec<(String, String)> =
        call.query(CHAT).map(|chat| ("chat".to_owned(), chat.to_owned())).into_iter().collect();
    let form = Form { path, action: &action, hidden: &chat, more: &more, answers: &[("open", "開く")] };
    Ok(Answer::html(html_page("LIFFアプリを開く", &choice(state, call, &form))))
}

/// The chat from which an app is opened, in the words of `liff.getContext()`.
fn opened_in(state: &State, user_id: &str, chat: Option<&str>) -> Result<&'static str, Refusal> {
    match chat {
        None => Ok("none"),
        Some(chat) if chat == user_id => Ok("utou"),
        Some(chat) => match state.groups.get(chat).filter(|group| group.members.contains(user_id)) {
            Some(group) if group.kind == GroupKind::Room => Ok("room"),
            Some(_) => Ok("group"),
            None => Err(Refusal::bad("chat must be the person's own id, or a group they are in")),
        },
    }
}

/// `POST /liff/{liffId}`: on to the app, with its tokens behind the `#`.
fn enter(state: &mut State, call: &Call<'_>) -> Outcome {
    let id = call.param("liffId").to_owned();
    let app = find(state, call)?.clone();
    let mut url = address(&app, call)?;
    if call.form("answer").as_deref() != Some("open") {
        return Err(Refusal::bad("answer must be open"));
    }
    let user_id = call.form("user_id").unwrap_or_default();
    if state.people.get(&user_id).is_none_or(|person| person.deleted) {
        return Err(Refusal::bad("user_id must be somebody of this emulator"));
    }
    let chat = call.form("chat");
    let opened_in = opened_in(state, &user_id, chat.as_deref())?;
    let scopes = app["scope"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let grant = Grant { user_id, scopes: scopes.collect(), chat };
    let now = state.clock.now();
    let mut fragment = url::form_urlencoded::Serializer::new(String::new());
    let context = json!({
        "type": opened_in,
        "userId": grant.user_id,
        "liffId": id,
        "viewType": app["view"]["type"],
        "endpointUrl": app["view"]["url"],
        "permanentLinkPattern": app["permanentLinkPattern"],
        "scope": app["scope"],
    });
    fragment.append_pair("context", &context.to_string());
    if grant.scopes.contains("openid") {
        let claims = claims(state, &grant, &call.keys.login_channel_id, now);
        let token =
            call.keys.signing_key.sign(&claims).ok_or_else(|| Refusal::bad("Cannot sign an ID token"))?;
        fragment.append_pair("id_token", &token);
    }
    fragment.append_pair("access_token", &state.login.issue(grant, now, APP_LIFE_MS));
    url.set_fragment(Some(&fragment.finish()));
    Ok(Answer::redirect(url.as_str()))
}
