//! The description of the control calls holds: requests that are good by it are taken, and answers are as it says.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::collections::BTreeSet;

use futures::StreamExt;
use lupinus_emulator::Emulator;
use serde_json::{Value, json};
use support::{Api, Bot};

struct Described {
    description: Value,
    http: reqwest::Client,
    base: String,
    called: BTreeSet<String>,
}

impl Described {
    async fn of(line: &Emulator) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let base = format!("{}/_emulator", line.url());
        let description =
            http.get(format!("{base}/openapi.json")).send().await.unwrap().json().await.unwrap();
        Self { description, http, base, called: BTreeSet::new() }
    }

    fn check(&self, schema: &Value, value: &Value, what: &str) {
        let mut whole = schema.clone();
        whole["components"] = self.description["components"].clone();
        let validator = jsonschema::validator_for(&whole).unwrap();
        let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{what}: {errors:?} in {value}");
    }

    /// Makes a call as described, with names in its path filled in, and checks what is sent and what is answered.
    async fn call(&mut self, method: &str, path: &str, names: &[(&str, &str)], body: Value) -> Value {
        let operation = self.description["paths"][path][method].clone();
        assert!(operation.is_object(), "{method} {path} is not described");
        let id = operation["operationId"].as_str().unwrap().to_owned();
        let sent = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(sent.is_null(), body.is_null(), "{id}");
        if !body.is_null() {
            self.check(sent, &body, &format!("the request of {id}"));
        }
        let filled = names
            .iter()
            .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        let url = format!("{}{filled}", self.base);
        let verb = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.http.request(verb, url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{id}: {}", answer.text().await.unwrap());
        self.called.insert(id.clone());
        let kind =
            operation["responses"]["200"]["content"].as_object().unwrap().keys().next().unwrap().clone();
        match kind.as_str() {
            "application/json" => {
                let value: Value = answer.json().await.unwrap();
                self.check(
                    &operation["responses"]["200"]["content"][&kind]["schema"],
                    &value,
                    &format!("the answer of {id}"),
                );
                value
            }
            "text/event-stream" => {
                let first = answer.bytes_stream().next().await.unwrap().unwrap();
                let first = String::from_utf8(first.to_vec()).unwrap();
                let value = serde_json::from_str(first.strip_prefix("data:").unwrap().trim()).unwrap();
                self.check(&operation["responses"]["200"]["content"][&kind]["schema"], &value, &id);
                value
            }
            _ => json!(answer.bytes().await.unwrap().len()),
        }
    }
}

#[tokio::test]
async fn every_call_takes_what_is_described_and_answers_as_described() {
    let (bot, address) = Bot::start().await;
    let line = Emulator::start().await.unwrap();
    let api = Api::of(&line);
    let mut control = Described::of(&line).await;
    let none = Value::Null;

    let url = json!({"url": format!("http://{address}/webhook")});
    control.call("put", "/webhook-url", &[], url).await;
    control.call("get", "/webhook-url", &[], none.clone()).await;
    let user = control.call("post", "/users", &[], json!({"displayName": "佐藤"})).await["userId"].clone();
    let id = user.as_str().unwrap().to_owned();
    let user_id = [("userId", id.as_str())];
    control.call("get", "/users", &[], none.clone()).await;
    control.call("post", "/users/{userId}/follow", &user_id, none.clone()).await;
    let image = json!({"type": "image", "content": "aGVsbG8=", "contentType": "image/png"});
    let said = control.call("post", "/users/{userId}/messages", &user_id, image).await;
    let message = said["messageId"].as_str().unwrap().to_owned();
    let bytes = control.call("get", "/contents/{messageId}", &[("messageId", &message)], none.clone()).await;
    assert_eq!(bytes, 5);
    api.push(&id, "お知らせ").await;
    control.call("get", "/users/{userId}/messages", &user_id, none.clone()).await;
    control.call("post", "/users/{userId}/postbacks", &user_id, json!({"data": "a=1"})).await;
    let beacon = json!({"hwid": "0c9e11aa22", "type": "stay", "dm": "10ff"});
    control.call("post", "/users/{userId}/beacons", &user_id, beacon).await;
    control.call("put", "/chats/{chatId}/control", &[("chatId", &id)], json!({"by": "other"})).await;
    let coupon = json!({"title": "夏祭り", "visibility": "PUBLIC", "timezone": "ASIA_TOKYO", "maxUseCountPerTicket": 1,
        "startTimestamp": 1_700_000_000, "endTimestamp": 4_000_000_000_u64, "acquisitionCondition": {"type": "normal"}, "reward": {"type": "gift"}});
    let coupon = api.post("/v2/bot/coupon", coupon).await.body["couponId"].as_str().unwrap().to_owned();
    control.call("get", "/coupons/{couponId}", &[("couponId", &coupon)], none.clone()).await;
    control.call("post", "/users/{userId}/unsend", &user_id, json!({"messageId": message})).await;
    control.call("get", "/users/{userId}", &user_id, none.clone()).await;

    let area = json!({"bounds": {"x": 0, "y": 0, "width": 2500, "height": 1686}, "action": {"type": "message", "text": "x"}});
    let menu = json!({"size": {"width": 2500, "height": 1686}, "selected": true, "name": "m", "chatBarText": "メニュー", "areas": [area]});
    let menu = api.post("/v2/bot/richmenu", menu).await.body["richMenuId"].as_str().unwrap().to_owned();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x09\xc4\0\0\x06\x96\x08\x06\0\0\0".to_vec();
    png.extend([0; 4]);
    let image = api
        .request("POST", &format!("/v2/bot/richmenu/{menu}/content"))
        .header("content-type", "image/png")
        .body(png);
    assert_eq!(api.send(image).await.status, 200);
    api.send(api.request("POST", &format!("/v2/bot/user/all/richmenu/{menu}"))).await;
    let seen = control.call("get", "/users/{userId}/richmenu", &user_id, none.clone()).await;
    assert_eq!(seen["richMenu"]["richMenuId"], menu);
    control.call("get", "/richmenus/{richMenuId}/image", &[("richMenuId", &menu)], none.clone()).await;

    let group =
        control.call("post", "/groups", &[], json!({"name": "連絡会", "members": [id]})).await["groupId"]
            .clone();
    let group_id = [("groupId", group.as_str().unwrap())];
    control.call("put", "/groups/{groupId}/account", &group_id, none.clone()).await;
    let text = json!({"userId": id, "type": "text", "text": "集合"});
    let said = control.call("post", "/groups/{groupId}/messages", &group_id, text).await;
    control.call("post", "/groups/{groupId}/postbacks", &group_id, json!({"userId": id, "data": "b"})).await;
    control.call("get", "/groups/{groupId}/messages", &group_id, none.clone()).await;
    let edit = json!({"userId": id, "messageId": said["messageId"], "text": "解散"});
    control.call("post", "/groups/{groupId}/edit", &group_id, edit).await;
    let taken_back = json!({"userId": id, "messageId": said["messageId"]});
    control.call("post", "/groups/{groupId}/unsend", &group_id, taken_back).await;
    let other = line.create_user("田中");
    control.call("post", "/groups/{groupId}/members", &group_id, json!({"userIds": [other]})).await;
    control.call("delete", "/groups/{groupId}/members", &group_id, json!({"userIds": [other]})).await;
    control.call("get", "/groups", &[], none.clone()).await;
    control.call("get", "/groups/{groupId}", &group_id, none.clone()).await;
    control.call("delete", "/groups/{groupId}/account", &group_id, none.clone()).await;

    let change = json!({"consents": true, "deleted": false, "phone": "+818000001234",
        "attributes": {"gender": "female", "age": "age_40", "area": "jp_13", "appType": "ios"}});
    control.call("put", "/users/{userId}", &user_id, change).await;
    let picture = json!({"content": "iVBORw0KGgo="});
    control.call("put", "/users/{userId}/picture", &user_id, picture).await;
    control.call("get", "/users/{userId}", &user_id, none.clone()).await;
    let sent =
        api.post("/v2/bot/message/broadcast", json!({"messages": [{"type": "text", "text": "x"}]})).await;
    let click = json!({"requestId": sent.request_id(), "url": "https://example.org/", "seq": 1});
    control.call("post", "/users/{userId}/clicks", &user_id, click).await;
    let figures = json!({"messages": {sent.request_id(): {"overview": {"uniqueClick": 30}}}, "units": {}, "richMenus": {}});
    control.call("put", "/insight", &[], figures).await;
    let plan = json!({"membershipId": 1, "title": "会員", "price": 500, "members": [id]});
    control.call("put", "/memberships", &[], json!({"memberships": [plan]})).await;
    let audience = json!({"description": "名", "audiences": [{"id": id}]});
    let audience =
        api.post("/v2/bot/audienceGroup/upload", audience).await.body["audienceGroupId"].to_string();
    let audience = [("audienceGroupId", audience.as_str())];
    control.call("put", "/audiences/{audienceGroupId}", &audience, json!({"shared": true})).await;
    let key = json!({"publicKey": support::key::AssertionKey::new().jwk(), "channel": "login"});
    control.call("post", "/assertion-keys", &[], key).await;
    control.call("post", "/module-codes", &[], json!({"scopes": ["message:send"]})).await;

    let event = json!({"type": "beacon", "source": {"type": "user", "userId": id}, "beacon": {"hwid": "0", "type": "enter"}});
    let sent = control.call("post", "/webhook", &[], json!({"events": [event]})).await;
    control.call("post", "/webhook", &[], json!({"redeliver": sent["webhookEventIds"][0]})).await;
    control.call("post", "/webhook", &[], json!({"repeat": sent["webhookEventIds"][0]})).await;
    control.call("get", "/webhooks", &[], none.clone()).await;
    let fault = json!({"method": "GET", "path": "/v2/bot/info", "times": 2, "respond": {"status": 503}});
    control.call("post", "/faults", &[], fault).await;
    api.get("/v2/bot/info").await;
    control.call("get", "/faults", &[], none.clone()).await;
    control.call("delete", "/faults", &[], none.clone()).await;
    control.call("get", "/requests", &[], none.clone()).await;
    control.call("post", "/quota", &[], json!({"type": "limited", "value": 10, "used": 1})).await;
    control.call("get", "/quota", &[], none.clone()).await;
    control.call("post", "/clock", &[], json!({"advanceMs": 1000, "frozen": true})).await;
    control.call("get", "/clock", &[], none.clone()).await;
    control.call("post", "/settings", &[], json!({"botName": "支援センター"})).await;
    control.call("get", "/settings", &[], none.clone()).await;
    control.call("get", "/bot", &[], none.clone()).await;
    control.call("get", "/live", &[], none.clone()).await;
    let steps = json!([{"do": "say", "who": "a", "text": "x", "after": "1h"}, {"do": "expect", "who": "a", "within": "20ms"}]);
    let report = control
        .call("post", "/scenario", &[], json!({"format": 1, "people": [{"as": "a"}], "steps": steps}))
        .await;
    assert_eq!(report["ok"], false);
    let document = control.call("get", "/export", &[], none.clone()).await;
    control.call("post", "/import", &[], document).await;
    control.call("post", "/users/{userId}/unfollow", &user_id, none.clone()).await;
    control.call("get", "/openapi.json", &[], none.clone()).await;
    control.call("post", "/reset", &[], none.clone()).await;
    assert!(bot.got().len() > 10);

    let all: BTreeSet<String> = control.description["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(all.difference(&control.called).collect::<Vec<_>>(), Vec::<&String>::new(), "not called");
    println!("{} control calls are as described", all.len());
}
