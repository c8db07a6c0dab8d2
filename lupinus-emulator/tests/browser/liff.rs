//! A web app that is opened through the LIFF stand-in, in a browser.

use axum::{Router, response::Html, routing::get};
use serde_json::{Value, json};

use crate::{phone, screen::NARROW};

#[tokio::test(flavor = "multi_thread")]
async fn an_app_learns_who_opened_it_with_the_stand_in_for_the_sdk() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let line = phone.line.url();
    let page = format!(
        "<!doctype html><meta charset=utf-8><script src=\"{line}/liff/edge/2/sdk.js\"></script><script>\
         (async () => {{ await liff.init({{ liffId: new URLSearchParams(location.search).get('id') }}); \
         const profile = await liff.getProfile(); const {{ friendFlag }} = await liff.getFriendship(); \
         window.told = {{ in: liff.isLoggedIn(), token: liff.getIDToken(), sub: liff.getDecodedIDToken().sub, \
         profile, friendFlag, hash: location.hash, path: location.pathname }}; }})();</script>"
    );
    let app = Router::new().route("/app/room", get(async || Html(page)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });

    let channel = [
        ("grant_type", "client_credentials"),
        ("client_id", phone.line.login_channel_id()),
        ("client_secret", phone.line.login_channel_secret()),
    ];
    let token = phone.api.form("/oauth2/v3/token", &channel).await.body["access_token"].clone();
    let app = json!({"view": {"type": "full", "url": format!("http://{address}/app")}, "scope": ["openid", "profile"]});
    let made = phone.api.with_token(token.as_str().unwrap()).post("/liff/v1/apps", app).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let id = made.body["liffId"].as_str().unwrap();

    phone.screen.page.goto(format!("{line}/liff/{id}/room?id={id}")).await.unwrap();
    phone.screen.click_text("button", "開く").await;
    let told: Value = phone.screen.until("window.told").await;
    assert_eq!(
        (&told["in"], &told["sub"], &told["friendFlag"], &told["path"]),
        (&json!(true), &json!(phone.user), &json!(true), &json!("/app/room"))
    );
    assert_eq!(told["profile"]["displayName"], "山田 花子");
    assert_eq!(told["hash"], "", "the tokens do not stay in the address");
    // The app's server has the token checked, as it would by LINE.
    let form = [("id_token", told["token"].as_str().unwrap()), ("client_id", phone.line.login_channel_id())];
    assert_eq!(phone.api.form("/oauth2/v2.1/verify", &form).await.body["sub"], phone.user);
}
