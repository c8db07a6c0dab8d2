//! LIFF apps as the API keeps them.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use lupinus_emulator::Emulator;
use serde_json::{Value, json};
use support::Api;

/// The API with a token of the login channel.
async fn channel(line: &Emulator) -> Api {
    let api = Api::of(line);
    let (id, secret) = (line.login_channel_id(), line.login_channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let token = api.form("/oauth2/v3/token", &form).await.body["access_token"].as_str().unwrap().to_owned();
    api.with_token(&token)
}

#[tokio::test]
async fn of_a_liff_app_null_counts_as_absent_and_what_line_does_not_know_is_not_kept() {
    let line = Emulator::start().await.unwrap();
    let api = channel(&line).await;
    let app = json!({"view": {"type": "full", "url": "https://city.example/app/", "moduleMode": null, "colour": "red"},
        "description": null, "features": {"ble": true, "qrCode": null, "nfc": true}, "scope": null,
        "botPrompt": null, "permanentLinkPattern": null, "liffId": "1-a", "owner": "x"});
    let made = api.post("/liff/v1/apps", app).await;
    let id = made.body["liffId"].as_str().unwrap();
    let kept = json!({"liffId": id, "view": {"type": "full", "url": "https://city.example/app/"},
        "features": {"ble": true, "qrCode": false}, "scope": ["profile", "chat_message.write"],
        "botPrompt": "none", "permanentLinkPattern": "concat"});
    let listed = async || api.get("/liff/v1/apps").await.body["apps"][0].clone();
    assert_eq!(listed().await, kept);

    let change = async |change: Value| {
        let request = api.request("PUT", &format!("/liff/v1/apps/{id}")).json(&change);
        assert_eq!(api.send(request).await.status, 200);
    };
    change(json!({"view": {"url": null, "type": null}, "features": null, "scope": null, "colour": "red"}))
        .await;
    assert_eq!(listed().await, kept, "nothing was given");
    change(json!({"view": {"type": "tall", "url": null}, "description": "受付", "scope": ["openid"]})).await;
    let changed = listed().await;
    assert_eq!(changed["view"], json!({"type": "tall", "url": "https://city.example/app/"}));
    assert_eq!((&changed["description"], &changed["scope"]), (&json!("受付"), &json!(["openid"])));
}
