//! Narrowcasts: whom they reach, when they are refused, what they set aside; and the people who cannot be reached.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::time::Duration;

use lupinus_emulator::{Emulator, Quota, Settings};
use serde_json::{Value, json};
use support::Api;

const NARROWCAST: &str = "/v2/bot/message/narrowcast";

/// An account with so many friends, of whom every second is a woman.
async fn account(friends: usize, settings: Settings) -> (Emulator, Api, Vec<String>) {
    let line = Emulator::builder().settings(settings).start().await.unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    let mut ids = Vec::new();
    for number in 0..friends {
        let id = line.create_user(&number.to_string());
        line.follow(&id).await.unwrap();
        let gender = if number % 2 == 0 { "female" } else { "male" };
        change(&api, &id, json!({"attributes": {"gender": gender}})).await;
        ids.push(id);
    }
    (line, api, ids)
}

async fn change(api: &Api, user: &str, change: Value) {
    let request = api.request("PUT", &format!("/_emulator/users/{user}")).json(&change);
    assert_eq!(api.send(request).await.status, 200);
}

fn to_women() -> Value {
    json!({"messages": [{"type": "text", "text": "x"}],
           "filter": {"demographic": {"type": "gender", "oneOf": ["female"]}}})
}

async fn progress(api: &Api, request_id: &str) -> Value {
    api.get(&format!("/v2/bot/message/progress/narrowcast?requestId={request_id}")).await.body
}

#[tokio::test]
async fn attributes_need_a_hundred_friends_and_fifty_recipients() {
    let (line, api, ids) = account(99, Settings::default()).await;
    let early = api.post(NARROWCAST, to_women()).await;
    assert_eq!((early.status, early.message()), (403, "Your account does not have enough friends"));
    let one_more = line.create_user("一人");
    line.follow(&one_more).await.unwrap();
    let accepted = api.post(NARROWCAST, to_women()).await;
    assert_eq!(accepted.status, 202);
    let done = progress(&api, accepted.request_id()).await;
    assert_eq!((&done["phase"], &done["successCount"]), (&json!("succeeded"), &json!(50)));
    assert_eq!((line.messages(&ids[0]).len(), line.messages(&ids[1]).len()), (1, 0));
    change(&api, &ids[0], json!({"deleted": true})).await;
    line.follow(&line.create_user("もう一人")).await.unwrap();
    let few = api.post(NARROWCAST, to_women()).await;
    let failed = progress(&api, few.request_id()).await;
    assert_eq!((&failed["phase"], &failed["errorCode"]), (&json!("failed"), &json!(2)));
    assert_eq!(line.quota_used(), 50, "nothing is sent, nothing is counted");
    line.advance(Duration::from_hours(14 * 24));
    assert_eq!(progress(&api, few.request_id()).await["message"], "Not found");
}

#[tokio::test]
async fn what_is_set_aside_is_lacking_elsewhere_until_the_narrowcast_is_done() {
    let settings = Settings { background_ms: 60_000, ..Settings::default() };
    let (line, api, ids) = account(10, settings).await;
    line.set_quota(Quota::limited(15, 0));
    let all = json!({"messages": [{"type": "text", "text": "x"}], "limit": {"max": 8}});
    let first = api.post(NARROWCAST, all.clone()).await;
    assert_eq!(first.status, 202);
    let second = api.post(NARROWCAST, all.clone()).await;
    assert_eq!((second.status, second.message()), (429, "You have reached your monthly limit."));
    let to: Vec<&String> = ids.iter().take(8).collect();
    let multicast = json!({"to": to, "messages": [{"type": "text", "text": "x"}]});
    assert_eq!(api.post("/v2/bot/message/multicast", multicast).await.status, 429);
    assert_eq!(progress(&api, first.request_id()).await["phase"], "waiting");
    line.advance(Duration::from_mins(1));
    assert_eq!(progress(&api, first.request_id()).await["successCount"], 8);
    assert_eq!(line.quota_used(), 8);
    let rest = json!({"messages": [{"type": "text", "text": "x"}], "limit": {"upToRemainingQuota": true}});
    let rest = api.post(NARROWCAST, rest).await;
    let all_or_none = json!({"messages": [{"type": "text", "text": "x"}],
                             "limit": {"upToRemainingQuota": true, "forbidPartialDelivery": true}});
    line.advance(Duration::from_mins(1));
    assert_eq!(progress(&api, rest.request_id()).await["successCount"], 7);
    let cancelled = api.post(NARROWCAST, all_or_none).await;
    line.advance(Duration::from_mins(1));
    assert_eq!(progress(&api, cancelled.request_id()).await["errorCode"], 5);
}

#[tokio::test]
async fn audiences_are_joined_cut_and_turned_round() {
    let (line, api, ids) = account(6, Settings { min_recipients: 1, ..Settings::default() }).await;
    let mut audiences = Vec::new();
    for (name, range) in [("前", 0..4), ("後", 2..6)] {
        let people: Vec<Value> = ids[range].iter().map(|id| json!({"id": id})).collect();
        let body = json!({"description": name, "audiences": people});
        let made = api.post("/v2/bot/audienceGroup/upload", body).await;
        audiences.push(json!({"type": "audience", "audienceGroupId": made.body["audienceGroupId"]}));
    }
    let not = json!({"type": "operator", "not": audiences[0]});
    for (recipient, reached) in [
        (audiences[0].clone(), vec![0, 1, 2, 3]),
        (json!({"type": "operator", "and": audiences}), vec![2, 3]),
        (json!({"type": "operator", "or": audiences}), vec![0, 1, 2, 3, 4, 5]),
        (not.clone(), vec![4, 5]),
        (json!({"type": "operator", "and": [not, audiences[1]]}), vec![4, 5]),
    ] {
        let before: Vec<usize> = ids.iter().map(|id| line.messages(id).len()).collect();
        let body = json!({"messages": [{"type": "text", "text": "x"}], "recipient": recipient});
        assert_eq!(api.post(NARROWCAST, body).await.status, 202);
        let got = |index: usize| line.messages(&ids[index]).len() > before[index];
        let got: Vec<usize> = (0..6).filter(|index| got(*index)).collect();
        assert_eq!(got, reached, "{recipient}");
    }
    let unknown = json!({"messages": [{"type": "text", "text": "x"}],
                         "recipient": {"type": "audience", "audienceGroupId": 7}});
    assert_eq!(api.post(NARROWCAST, unknown).await.message(), "Invalid audience group id: 7");
}

#[tokio::test]
async fn an_accepted_narrowcast_is_not_sent_again_under_its_key() {
    let (line, api, ids) = account(1, Settings::default()).await;
    let body = json!({"messages": [{"type": "text", "text": "x"}]});
    let key = "5f0c8c1e-9d7b-4f43-9a55-0a4c8d0f2b61";
    assert_eq!(api.post_with_key(NARROWCAST, body.clone(), key).await.status, 202);
    assert_eq!(api.post_with_key(NARROWCAST, body, key).await.status, 409);
    assert_eq!(line.messages(&ids[0]).len(), 1);
}

#[tokio::test]
async fn who_deleted_line_or_hides_their_profile_is_neither_listed_nor_shown() {
    let (line, api, ids) = account(3, Settings::default()).await;
    change(&api, &ids[0], json!({"deleted": true})).await;
    change(&api, &ids[1], json!({"consents": false})).await;
    assert_eq!(api.get("/v2/bot/followers/ids").await.body["userIds"], json!([ids[2]]));
    for id in &ids[..2] {
        assert_eq!(api.get(&format!("/v2/bot/profile/{id}")).await.status, 404);
    }
    assert_eq!(api.push(&ids[0], "x").await.status, 200);
    assert!(line.messages(&ids[0]).is_empty(), "accepted, and not delivered");
    let gone = line.say(&ids[0], "x").await.unwrap_err().to_string();
    assert!(gone.contains("deleted LINE"), "{gone}");
    assert_eq!(api.push(&ids[1], "x").await.status, 200);
    assert_eq!(line.messages(&ids[1]).len(), 1);
    let group = line.create_group("組", &[&ids[1], &ids[2]]).unwrap();
    line.invite_account(&group).await.unwrap();
    assert_eq!(
        api.get(&format!("/v2/bot/group/{group}/members/ids")).await.body["memberIds"],
        json!([ids[2]])
    );
    line.send_to_group(&group, &ids[1], json!({"type": "text", "text": "x"})).await.unwrap();
    let webhook: Value = serde_json::from_str(&line.webhooks().last().unwrap().body).unwrap();
    assert_eq!(webhook["events"][0]["source"], json!({"type": "group", "groupId": group}));
    assert_eq!(api.push("U00000000000000000000000000000000", "x").await.message(), "Failed to send messages");
}

#[tokio::test]
async fn a_batch_acts_on_the_links_as_they_were() {
    let settings = Settings { background_ms: 5_000, ..Settings::default() };
    let (line, api, ids) = account(3, settings).await;
    let menus = [support::make_menu(&api).await, support::make_menu(&api).await];
    for (id, menu) in [(&ids[0], &menus[0]), (&ids[1], &menus[1])] {
        api.send(api.request("POST", &format!("/v2/bot/user/{id}/richmenu/{menu}"))).await;
    }
    let swap = json!({"operations": [{"type": "link", "from": menus[0], "to": menus[1]},
                                     {"type": "link", "from": menus[1], "to": menus[0]}]});
    let accepted = api.post("/v2/bot/richmenu/batch", swap).await;
    assert_eq!(accepted.status, 202);
    assert_eq!(line.rich_menu(&ids[0]).as_ref(), Some(&menus[0]), "not yet");
    line.advance(Duration::from_secs(5));
    let seen = |index: usize| line.rich_menu(&ids[index]);
    assert_eq!((seen(0).as_ref(), seen(1).as_ref(), seen(2)), (Some(&menus[1]), Some(&menus[0]), None));
    let twice =
        json!({"operations": [{"type": "unlink", "from": menus[0]}, {"type": "unlink", "from": menus[0]}]});
    assert_eq!(api.post("/v2/bot/richmenu/batch", twice).await.property(), "operations[1].from");
    let unknown = json!({"operations": [{"type": "unlink", "from": "richmenu-0"}]});
    assert_eq!(api.post("/v2/bot/richmenu/batch", unknown.clone()).await.status, 400);
    assert_eq!(api.post("/v2/bot/richmenu/validate/batch", unknown).await.status, 404);
    let all = json!({"operations": [{"type": "unlinkAll"}]});
    api.post("/v2/bot/richmenu/batch", all).await;
    line.advance(Duration::from_secs(5));
    assert_eq!((seen(0), seen(1)), (None, None));
}

async fn upload(api: &Api, name: &str, ids: &[String]) -> Value {
    let ids: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
    let made = api.post("/v2/bot/audienceGroup/upload", json!({"description": name, "audiences": ids})).await;
    assert_eq!(made.status, 202, "{}", made.body);
    made.body["audienceGroupId"].clone()
}

#[tokio::test]
async fn the_accounts_own_uploads_may_be_small_beside_others() {
    let (line, api, ids) = account(60, Settings::default()).await;
    let sent =
        api.post("/v2/bot/message/broadcast", json!({"messages": [{"type": "text", "text": "x"}]})).await;
    let imp = json!({"description": "届いた人", "requestId": sent.request_id()});
    let reached = api.post("/v2/bot/audienceGroup/imp", imp).await.body["audienceGroupId"].clone();
    let small = upload(&api, "二人", &ids[..2]).await;
    let outcome = async |operator: &str, audiences: [&Value; 2]| {
        let audiences = audiences.map(|id| json!({"type": "audience", "audienceGroupId": id}));
        let recipient = json!({"type": "operator", operator: audiences});
        let body = json!({"messages": [{"type": "text", "text": "x"}], "recipient": recipient});
        let accepted = api.post(NARROWCAST, body).await;
        assert_eq!(accepted.status, 202, "{}", accepted.body);
        let done = progress(&api, accepted.request_id()).await;
        (done["phase"].clone(), done["errorCode"].clone())
    };
    assert_eq!(outcome("or", [&reached, &small]).await, (json!("succeeded"), Value::Null));
    assert_eq!(
        outcome("and", [&reached, &small]).await,
        (json!("failed"), json!(2)),
        "two recipients are too few"
    );
    let other = upload(&api, "三人", &ids[..3]).await;
    assert_eq!(outcome("or", [&other, &small]).await, (json!("succeeded"), Value::Null));
    let shared = api.request("PUT", &format!("/_emulator/audiences/{other}")).json(&json!({"shared": true}));
    assert_eq!(api.send(shared).await.status, 200);
    assert_eq!(
        outcome("or", [&other, &reached]).await,
        (json!("failed"), json!(4)),
        "what another account shares"
    );
    assert_eq!(line.messages(&ids[0]).len(), 3);
}

#[tokio::test]
async fn of_one_request_there_is_one_audience_of_a_kind() {
    let (_line, api, _) = account(1, Settings::default()).await;
    let sent =
        api.post("/v2/bot/message/broadcast", json!({"messages": [{"type": "text", "text": "x"}]})).await;
    let make = async |name: &str, kind: &str, url: Value| {
        let body = json!({"description": name, "requestId": sent.request_id(), "clickUrl": url});
        api.post(&format!("/v2/bot/audienceGroup/{kind}"), body).await
    };
    let url = json!("https://city.example/");
    for (name, kind, url) in
        [("一", "imp", &Value::Null), ("二", "click", &Value::Null), ("三", "click", &url)]
    {
        assert_eq!(make(name, kind, url.clone()).await.status, 202);
        let again = make(&format!("{name}の二"), kind, url.clone()).await;
        assert_eq!((again.status, again.property()), (400, "requestId"), "{name}");
        assert_eq!(again.body["details"][0]["message"], "AUDIENCE_GROUP_REQUESTID_DUPLICATE");
    }
    let left = api.get("/v2/bot/audienceGroup/list?page=1").await.body["audienceGroups"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(3));
    let first =
        left.as_array().unwrap().iter().find(|one| one["type"] == "IMP").unwrap()["audienceGroupId"].clone();
    assert_eq!(api.delete(&format!("/v2/bot/audienceGroup/{first}")).await.status, 202);
    assert_eq!(make("四", "imp", Value::Null).await.status, 202, "it is gone");
}
