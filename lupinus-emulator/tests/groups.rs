//! Groups and rooms: who joins and leaves, and what the account hears of it.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use lupinus_emulator::{Author, Emulator};
use serde_json::{Value, json};
use support::{Api, Bot};

/// An emulator with a bot, and a group of two people.
async fn group_of_two() -> (Emulator, Bot, String, [String; 2]) {
    let (bot, address) = Bot::start().await;
    let line = Emulator::builder().webhook_url(format!("http://{address}/webhook")).start().await.unwrap();
    let people = [line.create_user("佐藤"), line.create_user("田中")];
    let group = line.create_group("連絡会", &[&people[0], &people[1]]).unwrap();
    (line, bot, group, people)
}

#[tokio::test]
async fn the_account_hears_of_a_group_from_when_it_joins_until_it_leaves() {
    let (line, bot, group, [sato, tanaka]) = group_of_two().await;
    let text = json!({"type": "text", "text": "まだいない"});
    line.send_to_group(&group, &sato, text).await.unwrap();
    assert!(bot.got().is_empty());

    line.invite_account(&group).await.unwrap();
    line.invite_account(&group).await.unwrap();
    let join = bot.last().event(0);
    assert_eq!((bot.got().len(), &join["type"]), (1, &json!("join")));
    assert_eq!(join["source"], json!({"type": "group", "groupId": group}));
    assert!(join["replyToken"].is_string());

    let new = line.create_user("鈴木");
    line.join_group(&group, &new).await.unwrap();
    line.join_group(&group, &new).await.unwrap();
    let joined = bot.last().event(0);
    assert_eq!(joined["joined"], json!({"members": [{"type": "user", "userId": new}]}));
    assert!(joined["replyToken"].is_string());
    assert_eq!(bot.got().len(), 2);

    line.send_to_group(&group, &tanaka, json!({"type": "text", "text": "ようこそ"})).await.unwrap();
    let source = json!({"type": "group", "groupId": group, "userId": tanaka});
    assert_eq!(bot.last().event(0)["source"], source);

    line.leave_group(&group, &new).await.unwrap();
    let left = bot.last().event(0);
    assert_eq!(left["left"], json!({"members": [{"type": "user", "userId": new}]}));
    assert!(left.get("replyToken").is_none());
    let gone = line.send_to_group(&group, &new, json!({"type": "text", "text": "?"})).await;
    assert!(gone.unwrap_err().to_string().contains("not in the group"));

    line.remove_account(&group).await.unwrap();
    let leave = bot.last().event(0);
    assert_eq!((&leave["type"], leave.get("replyToken")), (&json!("leave"), None));
    let heard = bot.got().len();
    line.join_group(&group, &new).await.unwrap();
    assert_eq!(bot.got().len(), heard);
}

#[tokio::test]
async fn a_reply_and_a_push_arrive_in_the_group_and_count_its_members() {
    let (line, bot, group, [sato, _]) = group_of_two().await;
    let api = Api::of(&line);
    assert_eq!(api.push(&group, "だれ?").await.status, 400);
    line.invite_account(&group).await.unwrap();
    line.send_to_group(&group, &sato, json!({"type": "text", "text": "いますか"})).await.unwrap();
    let token = bot.last().event(0)["replyToken"].clone();
    let reply = json!({"replyToken": token, "messages": [{"type": "text", "text": "います"}]});
    assert_eq!(api.post("/v2/bot/message/reply", reply).await.status, 200);
    assert_eq!(api.push(&group, "お知らせ").await.status, 200);
    let chat = line.messages(&group);
    let from: Vec<Author> = chat.iter().map(|message| message.from).collect();
    assert_eq!(from, [Author::User, Author::Bot, Author::Bot]);
    assert_eq!(chat[0].user_id.as_deref(), Some(sato.as_str()));
    assert!(line.messages(&sato).is_empty());
    assert_eq!(line.quota_used(), 2);
}

#[tokio::test]
async fn a_message_of_the_group_can_be_read_quoted_and_taken_back_by_its_author_only() {
    let (line, bot, group, [sato, tanaka]) = group_of_two().await;
    let api = Api::of(&line);
    line.invite_account(&group).await.unwrap();
    let said = line.send_to_group(&group, &sato, json!({"type": "text", "text": "議題"})).await.unwrap();
    let message = bot.last().event(0)["message"].clone();
    let read = json!({"markAsReadToken": message["markAsReadToken"]});
    assert_eq!(api.post("/v2/bot/chat/markAsRead", read).await.status, 200);
    let quote = json!({"type": "text", "text": "これですね", "quoteToken": message["quoteToken"]});
    let push = json!({"to": group, "messages": [quote]});
    assert_eq!(api.post("/v2/bot/message/push", push).await.status, 200);
    let base = format!("{}/_emulator/groups/{group}", line.url());
    let seen: Value = api.http.get(&base).send().await.unwrap().json().await.unwrap();
    assert_eq!((&seen["readUpTo"], &seen["messages"]), (&json!(1), &json!(2)));
    let chat: Value = api.http.get(format!("{base}/messages")).send().await.unwrap().json().await.unwrap();
    assert_eq!(chat["messages"][1]["quotedMessageId"], said);
    let unsend = async |user: &str| {
        let body = json!({"userId": user, "messageId": said}).to_string();
        api.http.post(format!("{base}/unsend")).body(body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(unsend(&tanaka).await, 404);
    assert_eq!(unsend(&sato).await, 200);
    assert_eq!(bot.last().event(0)["unsend"]["messageId"], said);
    assert_eq!(line.messages(&group)[0].message["type"], "unsent");
}

#[tokio::test]
async fn a_room_has_its_own_kind_of_source() {
    let (line, bot, _, [sato, _]) = group_of_two().await;
    let api = Api::of(&line);
    let control = format!("{}/_emulator", line.url());
    let call = async |method: &str, path: &str, body: Value| -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = api.http.request(method, format!("{control}{path}")).body(body.to_string());
        request.send().await.unwrap().json().await.unwrap()
    };
    let room = call("POST", "/groups", json!({"type": "room", "members": [sato]})).await;
    let room = room["groupId"].as_str().unwrap();
    assert!(room.starts_with('R'));
    call("PUT", &format!("/groups/{room}/account"), Value::Null).await;
    let tap = json!({"userId": sato, "data": "a=1", "displayText": "はい"});
    call("POST", &format!("/groups/{room}/postbacks"), tap).await;
    let event = bot.last().event(0);
    assert_eq!(event["source"], json!({"type": "room", "roomId": room, "userId": sato}));
    assert_eq!(event["postback"], json!({"data": "a=1"}));
    let refused = call("POST", "/groups", json!({"groupId": "C1"})).await;
    assert!(refused["message"].as_str().unwrap().starts_with("groupId must be C"));
}

#[tokio::test]
async fn a_text_of_a_group_is_edited_under_its_id_and_no_other_message_is() {
    let (line, bot, group, [sato, tanaka]) = group_of_two().await;
    line.invite_account(&group).await.unwrap();
    let text = |words: &str| json!({"type": "text", "text": words});
    let said = line.send_to_group(&group, &sato, text("明日の開館は?")).await.unwrap();
    let said_with = bot.last().event(0);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let edit = async |group: &str, user: &str, message: &str, words: &str| {
        let body = json!({"userId": user, "messageId": message, "text": words});
        let url = format!("{}/_emulator/groups/{group}/edit", line.url());
        http.post(url).json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(edit(&group, &sato, &said, "明後日の開館は?").await, 200);
    let event = bot.last().event(0);
    let token = event["message"]["quoteToken"].clone();
    assert_eq!(event["type"], "messageEdited");
    assert_eq!(
        event["message"],
        json!({"id": said, "type": "text", "text": "明後日の開館は?", "quoteToken": token})
    );
    assert_ne!(token, said_with["message"]["quoteToken"]);
    assert!(event["replyToken"].is_string() && event["replyToken"] != said_with["replyToken"]);
    assert_eq!(line.messages(&group)[0].message["text"], "明後日の開館は?");
    // The old quote token and the new one both work.
    for token in [&token, &said_with["message"]["quoteToken"]] {
        let quote = json!({"to": group, "messages": [{"type": "text", "text": "はい", "quoteToken": token}]});
        assert_eq!(Api::of(&line).post("/v2/bot/message/push", quote).await.status, 200);
    }

    let heard = bot.got().len();
    assert_eq!(edit(&group, &tanaka, &said, "x").await, 404, "another's message");
    assert_eq!(edit(&group, &sato, &said, "").await, 400);
    let sticker = line.send_to_group(&group, &sato, json!({"type": "sticker"})).await.unwrap();
    assert_eq!(edit(&group, &sato, &sticker, "x").await, 400, "no text");
    let room = json!({"type": "room", "members": [sato]});
    let room = http.post(format!("{}/_emulator/groups", line.url())).json(&room).send().await.unwrap();
    let room: Value = room.json().await.unwrap();
    let room = room["groupId"].as_str().unwrap();
    let said = line.send_to_group(room, &sato, text("部屋")).await.unwrap();
    assert_eq!(edit(room, &sato, &said, "x").await, 400, "rooms know no editing");
    assert_eq!(bot.got().len(), heard + 1, "only the sticker was heard");
}
