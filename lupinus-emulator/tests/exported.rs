//! What the account has beside its chats is exported and taken in: audiences, coupons, plans, tokens, logins, what is
//! under way.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::{Emulator, Settings};
use serde_json::{Value, json};
use support::{
    Api,
    key::{AssertionKey, claims},
    make_menu,
};

async fn control(api: &Api, method: &str, path: &str, body: &Value) -> Value {
    let answer = api.send(api.request(method, &format!("/_emulator{path}")).json(body)).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    answer.body
}

#[tokio::test]
async fn what_the_account_has_beside_its_chats_is_taken_along() {
    let settings = Settings { background_ms: 60_000, ..Settings::default() };
    let line = Emulator::builder().settings(settings).start().await.unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    let user = line.create_user("佐藤");
    line.follow(&user).await.unwrap();
    control(
        &api,
        "PUT",
        &format!("/users/{user}"),
        &json!({"consents": false, "attributes": {"age": "age_40"}}),
    )
    .await;
    let plan = json!({"membershipId": 1, "title": "会員", "price": 500, "members": [user]});
    control(&api, "PUT", "/memberships", &json!({"memberships": [plan]})).await;
    let key = AssertionKey::new();
    let kid = line.register_assertion_key(&key.jwk()).unwrap();
    let (id, secret) = (line.channel_id(), line.channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let token = api.form("/v2/oauth/accessToken", &form).await.body["access_token"].clone();
    let text = json!([{"type": "text", "text": "x"}]);
    let tagged = json!({"to": user, "messages": text, "customAggregationUnits": ["a"]});
    assert_eq!(api.post("/v2/bot/message/push", tagged).await.status, 200);
    let sent = api.post("/v2/bot/message/broadcast", json!({"messages": text})).await.request_id().to_owned();
    let click = json!({"requestId": sent, "url": "https://example.org/"});
    control(&api, "POST", &format!("/users/{user}/clicks"), &click).await;
    let audience = json!({"description": "届いた人", "requestId": sent});
    let audience = api.post("/v2/bot/audienceGroup/imp", audience).await.body["audienceGroupId"].to_string();
    let narrowcast =
        api.post("/v2/bot/message/narrowcast", json!({"messages": text})).await.request_id().to_owned();
    let menus = [make_menu(&api).await, make_menu(&api).await];
    api.send(api.request("POST", &format!("/v2/bot/user/{user}/richmenu/{}", menus[0]))).await;
    let swap = json!({"operations": [{"type": "link", "from": menus[0], "to": menus[1]}]});
    assert_eq!(api.post("/v2/bot/richmenu/batch", swap).await.status, 202);
    let path = format!("/v2/bot/user/{user}/linkToken");
    assert_eq!(api.send(api.request("POST", &path)).await.status, 200);
    let document = control(&api, "GET", "/export", &Value::Null).await;

    let other = Emulator::start().await.unwrap();
    let there = Api::of(&other);
    control(&there, "POST", "/import", &document).await;
    assert_eq!(
        control(&there, "GET", "/export", &Value::Null).await["state"]["login"],
        document["state"]["login"]
    );
    let token = token.as_str().unwrap();
    assert_eq!(there.get_as("/v2/bot/info", token).await.status, 200);
    let assertion = key.sign(&kid, &claims(other.channel_id(), other.now().as_second()));
    let by_jwt = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    assert_eq!(there.form("/oauth2/v3/token", &by_jwt).await.status, 200);
    assert_eq!(there.get(&format!("/v2/bot/profile/{user}")).await.status, 404, "still hidden");
    assert_eq!(there.get("/v2/bot/membership/1/users/ids").await.body["userIds"], json!([user]));
    assert_eq!(there.get("/v2/bot/message/aggregation/info").await.body["numOfCustomAggregationUnits"], 1);
    let group = there.get(&format!("/v2/bot/audienceGroup/{audience}")).await.body["audienceGroup"].clone();
    assert_eq!((&group["type"], &group["requestId"]), (&json!("IMP"), &json!(sent)));
    let event = there.get(&format!("/v2/bot/insight/message/event?requestId={sent}")).await.body;
    assert_eq!(event["clicks"][0]["url"], "https://example.org/");
    let before = other.messages(&user).len();
    other.advance(Duration::from_mins(1));
    let progress =
        there.get(&format!("/v2/bot/message/progress/narrowcast?requestId={narrowcast}")).await.body;
    assert_eq!((&progress["phase"], &progress["successCount"]), (&json!("succeeded"), &json!(1)));
    assert_eq!(other.messages(&user).len(), before + 1);
    assert_eq!(other.rich_menu(&user).as_ref(), Some(&menus[1]));
}
