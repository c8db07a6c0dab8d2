//! The state as a document, and in a folder that survives a restart.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use lupinus_emulator::{Emulator, Quota, StartError};
use serde_json::{Value, json};
use support::{Api, Bot};

/// An emulator in which a bit of everything has happened; gives the person and the group.
async fn lived_in(line: &Emulator, bot: &Bot) -> (String, String) {
    let api = Api::of(line);
    let user = line.create_user("佐藤");
    line.follow(&user).await.unwrap();
    line.send_image(&user, b"picture", "image/png").await.unwrap();
    let said = line.say(&user, "消す").await.unwrap();
    line.unsend(&user, &said).await.unwrap();
    line.say(&user, "待っています").await.unwrap();
    let group = line.create_group("連絡会", &[&user]).unwrap();
    line.invite_account(&group).await.unwrap();
    line.send_to_group(&group, &user, json!({"type": "text", "text": "集まりました"})).await.unwrap();
    line.set_quota(Quota::limited(100, 7));
    line.advance(Duration::from_hours(1));
    let push = json!({"to": user, "messages": [{"type": "text", "text": "一度だけ"}]});
    let key = "11111111-2222-4333-8444-555555555555";
    assert_eq!(api.post_with_key("/v2/bot/message/push", push, key).await.status, 200);
    assert!(bot.got().len() >= 6);
    (user, group)
}

/// Holds what `lived_in` left against another emulator with the same keys.
async fn check_lived_in(line: &Emulator, bot: &Bot, (user, group): &(String, String)) {
    let api = Api::of(line);
    let texts: Vec<String> = line.messages(user).iter().map(|one| one.message["type"].to_string()).collect();
    assert_eq!(texts, ["\"image\"", "\"unsent\"", "\"text\"", "\"text\""]);
    let picture = line.messages(user)[0].message_id.clone();
    let bytes = api.request("GET", &format!("/v2/bot/message/{picture}/content")).send().await.unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), "picture");
    assert_eq!(line.messages(group)[0].user_id.as_ref(), Some(user));
    assert_eq!(line.quota_used(), 8);
    let push = json!({"to": user, "messages": [{"type": "text", "text": "一度だけ"}]});
    let key = "11111111-2222-4333-8444-555555555555";
    assert_eq!(api.post_with_key("/v2/bot/message/push", push, key).await.status, 409);
    let token = bot.got().iter().rev().find_map(|got| got.event(0)["replyToken"].as_str().map(str::to_owned));
    line.set_settings(lupinus_emulator::Settings {
        reply_token_life_ms: 10_000_000,
        reply_token_max_ms: 10_000_000,
        ..line.settings()
    });
    let reply = json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]});
    assert_eq!(api.post("/v2/bot/message/reply", reply).await.status, 200);
    assert_eq!(line.messages(group).last().unwrap().message["text"], "はい");
    let first = line.webhooks()[0].event_ids[0].clone();
    line.redeliver(&first).await.unwrap();
    let ids: Vec<String> = line.messages(user).iter().map(|one| one.message_id.clone()).collect();
    let next = line.say(user, "続き").await.unwrap();
    assert!(!ids.contains(&next));
    let ahead = line.now().as_second() - jiff::Timestamp::now().as_second();
    assert!((3590..=3610).contains(&ahead), "{ahead}");
}

fn with_keys(url: &str) -> lupinus_emulator::Builder {
    Emulator::builder().channel_secret("S").channel_access_token("T").webhook_url(url)
}

#[tokio::test]
async fn what_is_exported_can_be_imported_elsewhere() {
    let (bot, address) = Bot::start().await;
    let url = format!("http://{address}/webhook");
    let line = with_keys(&url).start().await.unwrap();
    let people = lived_in(&line, &bot).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let document =
        http.get(format!("{}/_emulator/export", line.url())).send().await.unwrap().text().await.unwrap();
    assert!(!document.contains("\"T\"") && !document.contains("\"S\""), "keys are not in it");
    let other = with_keys(&url).start().await.unwrap();
    let taken = http.post(format!("{}/_emulator/import", other.url())).body(document.clone()).send().await;
    let taken: Value = taken.unwrap().json().await.unwrap();
    assert_eq!(taken, json!({"people": 1, "groups": 1}));
    assert_eq!(other.export(), serde_json::from_str::<Value>(&document).unwrap());
    check_lived_in(&other, &bot, &people).await;
}

#[tokio::test]
async fn a_short_document_by_hand_is_enough_and_a_wrong_one_changes_nothing() {
    let line = Emulator::start().await.unwrap();
    let id = "U00112233445566778899aabbccddeeff";
    let by_hand =
        json!({"format": 1, "state": {"people": {id: {"displayName": "山田", "friendship": "friend"}}}});
    line.import(&by_hand).unwrap();
    assert_eq!(Api::of(&line).push(id, "こんにちは").await.status, 200);
    for (document, problem) in [
        (json!({}), "format must be 1"),
        (json!({"format": 2}), "format must be 1"),
        (json!({"format": 1, "state": {"peoples": {}}}), "unknown field `peoples`"),
        (json!({"format": 1, "state": {"people": {"U1": {"displayName": "a"}}}}), "U1 is not U and 32"),
        (json!({"format": 1, "state": {"people": {id: {}}}}), "has no displayName"),
        (
            json!({"format": 1, "state": {"groups": {"C00112233445566778899aabbccddeeff": {"members": [id]}}}}),
            "not among the people",
        ),
        (
            json!({"format": 1, "state": {"people": {id: {"displayName": "a", "chat": [{"from": "bot", "at": 0, "messageId": "1", "message": "x"}]}}}}),
            "message 1 is not",
        ),
    ] {
        let refused = line.import(&document).unwrap_err().to_string();
        assert!(refused.contains(problem), "{refused}");
    }
    assert_eq!(line.messages(id).len(), 1);
}

#[tokio::test]
async fn a_folder_brings_everything_back_and_is_for_one_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let (bot, address) = Bot::start().await;
    let line = with_keys(&format!("http://{address}/webhook")).data(folder.path()).start().await.unwrap();
    let people = lived_in(&line, &bot).await;
    let second = Emulator::builder().data(folder.path()).start().await.unwrap_err();
    assert!(matches!(second, StartError::Data(..)), "{second:?}");
    assert!(std::error::Error::source(&second).unwrap().to_string().contains("in use by another emulator"));
    drop(line);
    let stored = std::fs::read_dir(folder.path().join("blobs")).unwrap().count();
    assert_eq!(stored, 1, "one picture");
    // Until the old one's tasks are gone, the folder may still be taken.
    let line = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            let again = Emulator::builder().channel_secret("S").channel_access_token("T").data(folder.path());
            match again.start().await {
                Ok(line) => return line,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    });
    let line = line.await.unwrap();
    check_lived_in(&line, &bot, &people).await;
}

#[tokio::test]
async fn a_broken_file_is_named_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.json"), "{\"format\":1,").unwrap();
    let error = Emulator::builder().data(folder.path()).start().await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("state.json") && source.contains("repair it"), "{source}");
    assert_eq!(std::fs::read_to_string(folder.path().join("state.json")).unwrap(), "{\"format\":1,");
}

fn program(folder: &Path) -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_lupinus-emulator"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.by_ref().take(3).collect();
    let url = said[0].rsplit(' ').next().unwrap().to_owned();
    (program, format!("{url}\n{}\n{}", said[1], said[2]))
}

#[tokio::test]
async fn what_was_said_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut known: Vec<String> = Vec::new();
    let mut keys = String::new();
    for round in 0..4_usize {
        let (mut emulator, said) = program(folder.path());
        let (url, made_up) = said.split_once('\n').unwrap();
        assert!(round == 0 || keys == made_up, "made-up keys stay");
        made_up.clone_into(&mut keys);
        let names = async || -> Vec<String> {
            let users: Value =
                http.get(format!("{url}/_emulator/users")).send().await.unwrap().json().await.unwrap();
            let users = users["users"].as_array().unwrap().clone();
            users.iter().map(|user| user["displayName"].as_str().unwrap().to_owned()).collect()
        };
        let there = names().await;
        assert!(known.iter().all(|name| there.contains(name)), "{known:?} are not all in {there:?}");
        let create = async |name: String| {
            let body = json!({"displayName": name}).to_string();
            assert_eq!(
                http.post(format!("{url}/_emulator/users")).body(body).send().await.unwrap().status(),
                200
            );
        };
        let name = format!("round {round}");
        create(name.clone()).await;
        let saved = async {
            while !std::fs::read_to_string(folder.path().join("state.json"))
                .unwrap_or_default()
                .contains(&name)
            {
                create("another".to_owned()).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), saved).await.unwrap();
        known.push(name);
        // While it is saving again.
        for number in 0..(round * 37) {
            create(format!("more {number}")).await;
        }
        emulator.kill().unwrap();
        emulator.wait().unwrap();
    }
}

/// Starts once the emulator before has let go of the folder: the task that saves ends after it was dropped.
async fn free<F: Future<Output = Result<Emulator, StartError>>>(
    start: impl Fn() -> F,
) -> Result<Emulator, StartError> {
    let started = async {
        loop {
            match start().await {
                Err(error) if format!("{error:?}").contains("InUse") => tokio::task::yield_now().await,
                started => return started,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), started).await.unwrap()
}

#[tokio::test]
async fn the_key_of_id_tokens_is_kept_and_made_where_a_folder_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let key = async || {
        let line = free(|| Emulator::builder().data(folder.path()).start()).await.unwrap();
        let certs = Api::of(&line).get("/oauth2/v2.1/certs").await.body;
        certs["keys"][0]["kid"].as_str().unwrap().to_owned()
    };
    let first = key().await;
    assert_eq!(key().await, first);
    // A folder of before the key was kept.
    let path = folder.path().join("keys.json");
    let mut keys: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    keys.as_object_mut().unwrap().remove("signingKey").unwrap();
    std::fs::write(&path, keys.to_string()).unwrap();
    let second = key().await;
    assert_ne!(second, first);
    assert_eq!(key().await, second);
    keys["signingKey"] = json!("AAAA");
    std::fs::write(&path, keys.to_string()).unwrap();
    let refused = free(|| Emulator::builder().data(folder.path()).start()).await.unwrap_err();
    assert!(format!("{:?}", std::error::Error::source(&refused)).contains("signingKey"), "{refused:?}");
}
