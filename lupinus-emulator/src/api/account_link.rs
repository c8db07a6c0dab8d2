//! Linking a person of LINE with an account of the bot's own service.

use http::StatusCode;
use serde_json::json;

use super::{
    Call, Outcome,
    call::{Expects, invalid_parameter},
    login::{Form, choice, html_page, without_own},
    operation::{Admits, Operation, get, post},
};
use crate::{
    answer::{Answer, Refusal},
    ids, people,
    state::State,
    webhook,
};

const DIALOG: &str = "/dialog/bot/accountLink";

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("issueLinkToken", "/v2/bot/user/{userId}/linkToken", issue).expects(Expects::Nothing),
        get("accountLinkDialog", DIALOG, show).admits(Admits::Anyone),
        post("accountLinkAnswer", DIALOG, link).expects(Expects::Form).admits(Admits::Anyone),
    ]
}

/// `POST /v2/bot/user/{userId}/linkToken`
fn issue(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = call.param("userId");
    if !ids::is_user_id(user_id) {
        return Err(invalid_parameter("userId"));
    }
    if !state.people.contains_key(user_id) {
        return Err(Refusal::not_found());
    }
    let now = state.clock.now();
    let token = state.login.issue_link(user_id.to_owned(), now);
    Ok(Answer::json(json!({"linkToken": token})))
}

/// Whether a nonce has the form LINE asks for: 10 to 255 characters.
fn is_nonce(nonce: &str) -> bool {
    (10..=255).contains(&nonce.chars().count())
}

fn problem(text: &str) -> Outcome {
    let page = html_page("連携できません", &format!("<p>{text}</p>"));
    Ok(Answer::html(page).with_status(StatusCode::BAD_REQUEST))
}

/// `GET /dialog/bot/accountLink`: asks who opens it.
fn show(state: &mut State, call: &Call<'_>) -> Outcome {
    if !call.query("nonce").is_some_and(is_nonce) {
        return problem("nonce は10から255文字です。");
    }
    if call.query("linkToken").is_none_or(str::is_empty) {
        return problem("linkToken がありません。");
    }
    let hidden = without_own(&call.head.query);
    let answers = [("link", "連携する")];
    let form = Form { path: DIALOG, action: DIALOG, hidden: &hidden, more: "", answers: &answers };
    Ok(Answer::html(html_page("アカウント連携", &choice(state, call, &form))))
}

/// `POST /dialog/bot/accountLink`: tells the bot. A link token that has run out or was used brings no event at all.
fn link(state: &mut State, call: &Call<'_>) -> Outcome {
    let nonce = call.form("nonce").unwrap_or_default();
    let user_id = call.form("user_id").unwrap_or_default();
    if !is_nonce(&nonce) || !state.people.contains_key(&user_id) {
        return problem("nonce か、開いた人が正しくありません。");
    }
    if call.form("answer").as_deref() != Some("link") {
        return problem("answer は link です。");
    }
    let now = state.clock.now();
    let Some(token) = state.login.take_link(&call.form("linkToken").unwrap_or_default(), now) else {
        return problem("linkToken の期限が切れたか、使用済みです。");
    };
    let is_same = token.user_id == user_id;
    let event = if is_same {
        let source = json!({"type": "user", "userId": user_id});
        json!({"type": "accountLink", "source": source, "link": {"result": "ok", "nonce": nonce}})
    } else {
        json!({"type": "accountLink", "link": {"result": "failed", "nonce": nonce}})
    };
    let event = webhook::complete(state, people::object(event));
    state.to_send.push(event);
    let text = if is_same { "連携しました。" } else { "連携できませんでした。" };
    Ok(Answer::html(html_page("アカウント連携", &format!("<p>{text}</p>"))))
}
