//! Writing, sending, taking back; groups.

use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use serde_json::json;

use crate::{
    phone::{self, Phone},
    screen::{DESKTOP, NARROW},
};

async fn type_and_send(phone: &Phone, text: &str) -> serde_json::Value {
    let before = phone.heard();
    let field = phone.screen.page.find_element("#words").await.unwrap();
    field.click().await.unwrap();
    phone.screen.type_text(text).await;
    field.press_key("Enter").await.unwrap();
    phone.next(before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_writes_is_read_answered_and_takes_back() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let event = type_and_send(&phone, "hello").await;
    assert_eq!(event["message"]["text"], "hello");
    phone.screen.until("document.querySelector('.row.own .bubble')?.textContent === 'hello'").await;
    assert_eq!(phone.screen.js("document.querySelector('#words').value").await, "");

    let loading = json!({"chatId": phone.user, "loadingSeconds": 60});
    assert_eq!(phone.api.post("/v2/bot/chat/loading/start", loading).await.status, 202);
    phone.screen.until("document.querySelector('.typing')").await;
    phone.screen.shot("typing").await;
    let read = json!({"markAsReadToken": event["message"]["markAsReadToken"]});
    phone.api.post("/v2/bot/chat/markAsRead", read).await;
    phone.screen.until("document.querySelector('.row.own .meta span')?.textContent === '既読'").await;
    let quote =
        json!([{"type": "text", "text": "こちらですね", "quoteToken": event["message"]["quoteToken"]}]);
    phone.push(quote).await;
    phone.screen.until("!document.querySelector('.typing')").await;
    phone.screen.until("document.querySelector('.row.other .quoted')?.textContent === 'あなたhello'").await;

    phone.screen.js("document.querySelector('.row.other .tools button').click()").await;
    let event = type_and_send(&phone, "yes").await;
    let answered = phone.line.messages(&phone.user)[1].message_id.clone();
    assert_eq!(event["message"]["quotedMessageId"], answered);

    let before = phone.heard();
    phone.screen.js("document.querySelector('.row.own .tools button:last-child').click()").await;
    assert_eq!(phone.next(before).await["type"], "unsend");
    phone.screen.until("document.querySelector('.note:not(.day)')?.textContent.includes('あなたがメッセージの送信を取り消しました')").await;
    phone
        .screen
        .until("document.querySelector('.row.other .quoted')?.textContent === 'メッセージがありません'")
        .await;

    let before = phone.heard();
    phone.screen.click("#friend").await;
    assert_eq!(phone.next(before).await["type"], "unfollow");
    phone.screen.until("document.querySelector('#talk').hidden && document.querySelector('#friend').textContent === 'ブロック解除'").await;
    phone.screen.click("#friend").await;
    assert_eq!(phone.next(before + 1).await["follow"], json!({"isUnblocked": true}));
}

async fn choose(phone: &Phone, thing: &str, files: &[(&str, &[u8])]) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, data) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, data).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    phone.screen.click("#plus").await;
    phone.screen.click(&format!(".tray .{thing}")).await;
    phone.screen.until("document.querySelector('input.chooser')").await;
    let chooser = phone.screen.page.find_element("input.chooser").await.unwrap();
    let set =
        SetFileInputFilesParams::builder().files(paths).backend_node_id(chooser.backend_node_id).build();
    let before = phone.heard();
    phone.screen.page.execute(set.unwrap()).await.unwrap();
    // The browser has read them once they were sent.
    phone.bot.until(before + files.len()).await;
}

/// A GIF of one pixel, which any browser can show.
pub(crate) const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\x99\x00\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A tenth of a second of silence.
fn wav() -> Vec<u8> {
    let mut bytes =
        b"RIFF\x44\x03\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x20\x03\0\0"
            .to_vec();
    bytes.resize(bytes.len() + 800, 128);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_voice_files_and_stickers_are_sent() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let start = phone.heard();
    choose(&phone, "photo", &[("a.gif", GIF), ("b.gif", GIF)]).await;
    let events = phone.bot.until(start + 2).await;
    let set = |index: usize| events[start + index].event(0)["message"]["imageSet"].clone();
    assert_eq!((&set(0)["index"], &set(1)["index"], &set(0)["total"]), (&json!(1), &json!(2), &json!(2)));
    assert_eq!(set(0)["id"], set(1)["id"]);
    phone.screen.until("document.querySelectorAll('.row.own .photo img').length === 2").await;
    phone
        .screen
        .until("[...document.querySelectorAll('.photo img')].every((one) => one.naturalWidth === 1)")
        .await;

    choose(&phone, "voice", &[("v.wav", &wav())]).await;
    assert_eq!(phone.next(start + 2).await["message"]["duration"], 100);
    choose(&phone, "file", &[("案内.txt", b"text")]).await;
    let file = phone.next(start + 3).await["message"].clone();
    assert_eq!((&file["fileName"], &file["fileSize"]), (&json!("案内.txt"), &json!(4)));
    phone.screen.until("document.querySelector('.row.own .file .name')?.textContent === '案内.txt'").await;

    phone.screen.click("#plus").await;
    phone.screen.click(".tray .stickers-open").await;
    phone.screen.click(".stickers .sticker:nth-child(3)").await;
    let sticker = phone.next(start + 4).await["message"].clone();
    assert_eq!((&sticker["packageId"], &sticker["stickerId"]), (&json!("446"), &json!("1990")));
    phone.screen.until("document.querySelector('.row.own .sticker')?.getAttribute('aria-label') === 'スタンプ 446 / 1990'").await;
    phone.screen.shot("sent").await;

    phone.screen.click("#plus").await;
    phone.screen.click(".tray .beacon").await;
    phone.screen.fill("dialog input", "0c9e11aa22").await;
    phone.screen.click("dialog .main").await;
    let beacon = phone.next(start + 5).await;
    assert_eq!(beacon["beacon"], json!({"hwid": "0c9e11aa22", "type": "enter"}));
    // Nobody edits a message between two.
    assert_eq!(
        phone.screen.js("document.querySelectorAll('.row.own .sticker ~ * .tools button').length").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_made_written_in_and_left() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    phone.screen.click("#name").await;
    phone.screen.type_text("Tanaka").await;
    phone.screen.click("#add button").await;
    phone.screen.until("document.querySelector('#subtitle').textContent === 'Tanaka さんの画面'").await;
    let before = phone.heard();
    phone.screen.click("#newGroup").await;
    phone.screen.fill("dialog input[type=text]", "連絡会").await;
    phone.screen.click("dialog .boxes label:first-child").await;
    phone.screen.click("dialog .boxes label:last-child").await;
    phone.screen.click("dialog .main").await;
    let join = phone.next(before).await;
    assert_eq!((&join["type"], &join["source"]["type"]), (&json!("join"), &json!("group")));
    let group = join["source"]["groupId"].as_str().unwrap().to_owned();
    phone.screen.until("document.querySelector('#title').textContent === '連絡会 (3)'").await;

    let event = type_and_send(&phone, "@Tanaka 確認してください").await;
    let tanaka = event["message"]["mention"]["mentionees"][0].clone();
    assert_eq!(
        (&tanaka["index"], &tanaka["length"], &tanaka["type"]),
        (&json!(0), &json!(7), &json!("user"))
    );
    assert_eq!(event["source"], json!({"type": "group", "groupId": group, "userId": phone.user}));
    phone.screen.until("document.querySelector('.row.own .mention')?.textContent === '@Tanaka'").await;
    let heard = phone.heard();
    phone.screen.js("document.querySelector('.row.own .tools button:nth-child(2)').click()").await;
    phone.screen.fill("dialog textarea", "@Tanaka 見てください").await;
    phone.screen.click("dialog .main").await;
    let edited = phone.next(heard).await;
    assert_eq!(
        (&edited["type"], &edited["message"]["id"]),
        (&json!("messageEdited"), &event["message"]["id"])
    );
    assert_eq!(edited["message"]["text"], "@Tanaka 見てください");
    assert_eq!(edited["message"]["mention"]["mentionees"][0]["userId"], tanaka["userId"]);
    phone
        .screen
        .until("document.querySelector('.row.own .bubble')?.textContent === '@Tanaka 見てください'")
        .await;
    phone.screen.until("document.querySelector('.row.own .edited')?.textContent === '編集済み'").await;

    let mention = json!({"type": "mention", "mentionee": {"type": "user", "userId": tanaka["userId"]}});
    let text =
        json!({"type": "textV2", "text": "{who} さん、お願いします", "substitution": {"who": mention}});
    let reply = json!({"replyToken": event["replyToken"], "messages": [text]});
    assert_eq!(phone.api.post("/v2/bot/message/reply", reply).await.status, 200);
    phone.screen.until("document.querySelector('.row.other .mention')?.textContent === '@Tanaka'").await;
    phone.screen.until("document.querySelector('.row.other .name')?.textContent === '公式アカウント'").await;
    phone
        .screen
        .until("document.querySelector('#list .preview').textContent === '@Tanaka さん、お願いします'")
        .await;

    phone.screen.fill("#member", tanaka["userId"].as_str().unwrap()).await;
    phone.screen.until("document.querySelectorAll('.row.other').length === 2").await;
    let event = type_and_send(&phone, "ok").await;
    assert_eq!(event["source"]["userId"], tanaka["userId"]);
    phone.screen.shot("group").await;

    let before = phone.heard();
    phone.screen.click("#groupMenu").await;
    phone.screen.click("dialog .boxes label:last-child").await;
    phone.screen.click("dialog form > .check").await;
    phone.screen.click("dialog .main").await;
    assert_eq!(phone.next(before).await["left"]["members"][0]["userId"], tanaka["userId"]);
    assert_eq!(phone.next(before + 1).await["type"], "leave");
}
