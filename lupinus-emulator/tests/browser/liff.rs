//! A web app that is opened through the LIFF stand-in, in a browser.

use axum::{Router, response::Html, routing::get};
use serde_json::{Value, json};

use crate::{
    phone::{self, Phone},
    screen::NARROW,
};

/// Serves a web app with this script in it, and registers it; gives its LIFF id.
async fn app(phone: &Phone, scopes: &[&str], script: &str) -> String {
    let line = phone.line.url();
    let page = format!(
        "<!doctype html><meta charset=utf-8><script src=\"{line}/liff/edge/2/sdk.js\"></script><script>\
         window.start = async (id) => {{ {script} }}; const id = new URLSearchParams(location.search).get('id'); \
         if (id) window.start(id);</script>"
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
    let app = json!({"view": {"type": "full", "url": format!("http://{address}/app")}, "scope": scopes});
    let made = phone.api.with_token(token.as_str().unwrap()).post("/liff/v1/apps", app).await;
    assert_eq!(made.status, 200, "{}", made.body);
    made.body["liffId"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_learns_who_opened_it_with_the_stand_in_for_the_sdk() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let line = phone.line.url();
    let script = "let ready = false; liff.ready.then(() => { ready = true; }); const before = liff.id; \
         const wrong = await liff.init({}).catch((error) => error.code); const early = ready; \
         await liff.init({ liffId: id }); \
         const profile = await liff.getProfile(); const { friendFlag } = await liff.getFriendship(); \
         const state = async (scope) => (await liff.permission.query(scope)).state; await liff.permission.requestAll(); \
         window.told = { in: liff.isLoggedIn(), token: liff.getIDToken(), sub: liff.getDecodedIDToken().sub, \
         profile, friendFlag, hash: location.hash, path: location.pathname, before, wrong, early, ready, id: liff.id, \
         version: liff.getVersion(), context: liff.getContext(), granted: await liff.permission.getGrantedAll(), \
         states: [await state('profile'), await state('chat_message.write')], \
         unknown: await liff.permission.query('everything').catch((error) => error.code), \
         link: await liff.permanentLink.createUrlBy(location.origin + '/app/hall?a=1'), \
         outside: await liff.permanentLink.createUrlBy(location.origin + '/other').catch((error) => error.code), \
         absent: await liff.scanCodeV2().catch((error) => error.code), \
         sent: await liff.sendMessages([{ type: 'text', text: 'x' }]).catch((error) => error.code) };";
    let id = app(&phone, &["openid", "profile"], script).await;
    phone.screen.page.goto(format!("{line}/liff/{id}/room?id={id}")).await.unwrap();
    phone.screen.click_text("button", "開く").await;
    let told: Value = phone.screen.until("window.told").await;
    assert_eq!(
        (&told["in"], &told["sub"], &told["friendFlag"], &told["path"]),
        (&json!(true), &json!(phone.user), &json!(true), &json!("/app/room"))
    );
    assert_eq!(told["profile"]["displayName"], "山田 花子");
    assert_eq!(told["hash"], "", "the tokens do not stay in the address");
    assert_eq!((&told["before"], &told["id"]), (&Value::Null, &json!(id)));
    assert_eq!(
        (&told["wrong"], &told["early"], &told["ready"]),
        (&json!("INVALID_CONFIG"), &json!(false), &json!(true))
    );
    assert!(told["version"].as_str().unwrap().starts_with("2."));
    let context = &told["context"];
    // It was not opened in a chat.
    assert_eq!(
        (&context["type"], &context["liffId"], &context["viewType"]),
        (&json!("none"), &json!(id), &json!("full"))
    );
    assert_eq!(context["availability"]["scanCodeV2"]["permission"], false);
    assert_eq!(told["granted"], json!(["profile", "openid"]));
    assert_eq!(told["states"], json!(["granted", "unavailable"]));
    assert_eq!(told["link"], format!("{line}/liff/{id}/hall?a=1"));
    assert_eq!(
        (&told["unknown"], &told["outside"], &told["absent"], &told["sent"]),
        (&json!("INVALID_ARGUMENT"), &json!("INVALID_CONFIG"), &json!("FORBIDDEN"), &json!("403"))
    );
    // The app's server has the token checked, as it would by LINE.
    let form = [("id_token", told["token"].as_str().unwrap()), ("client_id", phone.line.login_channel_id())];
    assert_eq!(phone.api.form("/oauth2/v2.1/verify", &form).await.body["sub"], phone.user);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_opened_in_the_chat_sends_messages_as_the_person() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let script = "await liff.init({ liffId: id }); window.type = liff.getContext().type; \
         const send = (messages) => liff.sendMessages(messages).then(() => 'sent', (error) => `${error.code} ${error.message}`); \
         window.send = send; window.ready = true;";
    let id = app(&phone, &["profile", "chat_message.write"], script).await;
    // The person taps the app's address in a message of the account.
    let address = format!("https://liff.line.me/{id}/room?id={id}");
    phone.push(json!([{"type": "text", "text": format!("お申し込みはこちら {address}")}])).await;
    let link = phone.screen.js("document.querySelector('.bubble a').href").await;
    assert_eq!(phone.screen.js("document.querySelector('.bubble a').textContent").await, address);
    phone.screen.page.goto(link.as_str().unwrap()).await.unwrap();
    phone.screen.click_text("button", "開く").await;
    phone.screen.until("window.ready").await;
    assert_eq!(phone.screen.js("[window.type, location.search]").await, json!(["utou", format!("?id={id}")]));
    let before = phone.heard();
    let flex = "{ type: 'flex', altText: '申込票', contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [\
         { type: 'button', action: { type: 'uri', label: '開く', uri: 'https://city.example/' } }] } } }";
    let sent = phone
        .screen
        .js(&format!(
            "await window.send([{{ type: 'text', text: '申し込みます' }}, {flex}, \
             {{ type: 'image', originalContentUrl: 'https://city.example/a.png', previewImageUrl: 'https://city.example/b.png' }}])"
        ))
        .await;
    assert_eq!(sent, "sent");
    // LINE tells the bot nothing of a Flex message that a person sends.
    phone.bot.until(before + 2).await;
    let mut events = [phone.next(before).await, phone.next(before + 1).await];
    events.sort_by_key(|event| event["message"]["type"] != "text");
    let [text, image] = events;
    assert_eq!(
        (&text["message"]["text"], &text["source"]["userId"]),
        (&json!("申し込みます"), &json!(phone.user))
    );
    assert_eq!(
        image["message"]["contentProvider"],
        json!({"type": "external", "originalContentUrl": "https://city.example/a.png", "previewImageUrl": "https://city.example/b.png"})
    );
    let one = "{ type: 'text', text: 'x' }";
    for (messages, expected) in [
        (format!("Array(6).fill({one})"), "INVALID_ARGUMENT Number of messages"),
        ("[]".to_owned(), "INVALID_ARGUMENT"),
        ("[{ type: 'text', text: '' }]".to_owned(), "400 "),
        (
            "[{ type: 'coupon', couponId: 'c' }]".to_owned(),
            "400 The request body has 1 error(s), messages[0].type",
        ),
        (
            format!(
                "[{one}, {}]",
                flex.replace("'uri',", "'message', text: 'x',").replace(", uri: 'https://city.example/'", "")
            ),
            "400 The request body has 1 error(s), messages[1]: May only have URI",
        ),
    ] {
        let told = phone.screen.js(&format!("await window.send({messages})")).await;
        assert!(told.as_str().unwrap().starts_with(expected), "{messages}: {told}");
    }
    assert_eq!(phone.heard(), before + 2, "what is refused is not sent in part");
    phone.screen.show(phone.line.url(), &phone.user).await;
    phone.screen.until("document.querySelectorAll('.row.own').length === 3").await;
    assert_eq!(phone.screen.js("document.querySelector('.row.own .fx-tap').textContent").await, "開く");
}
