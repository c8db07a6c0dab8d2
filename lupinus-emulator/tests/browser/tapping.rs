//! Tapping every kind of action, and what the bot hears of it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    gallery::{self, flex, quick_replies},
    phone::{self, Phone},
    screen::{DESKTOP, NARROW, picture},
};

const LAST_OWN: &str =
    "[...document.querySelectorAll('.row.own')].at(-1)?.querySelector('.bubble')?.textContent";

/// Clicks what has this text, and gives the event that follows.
async fn tapped(phone: &Phone, selector: &str, text: &str) -> Value {
    let before = phone.heard();
    phone.screen.click_text(selector, text).await;
    phone.next(before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_and_imagemaps_answer_to_every_tap() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    phone.push(gallery::templates()).await;
    let event = tapped(&phone, ".tap", "あとで").await;
    assert_eq!(event["message"]["text"], "あとで決めます");
    phone.screen.until(&format!("{LAST_OWN} === 'あとで決めます'")).await;

    let event = tapped(&phone, ".tap", "はい").await;
    assert_eq!(event["postback"], json!({"data": "cancel=1"}));
    phone.screen.until(&format!("{LAST_OWN} === '取り消します'")).await;
    let own = phone.screen.js("document.querySelectorAll('.row.own').length").await;
    assert_eq!(tapped(&phone, ".tap", "いいえ").await["postback"]["data"], "cancel=0");
    assert_eq!(phone.screen.js("document.querySelectorAll('.row.own').length").await, own, "nothing is said");

    phone.screen.click_text(".tap", "電話する").await;
    phone.screen.until("document.querySelector('#toast').textContent.includes('tel:0312345678')").await;

    let event = tapped(&phone, ".tap", "書いて送る").await;
    assert_eq!(event["postback"]["data"], "write");
    phone.screen.until("document.querySelector('#words').value === '氏名:\\n用件:'").await;
    assert_eq!(phone.screen.js("document.activeElement.id").await, "words");

    phone.screen.click_text(".tap", "日時").await;
    phone.screen.until("document.querySelector('#moment')").await;
    let bounds = phone
        .screen
        .js("(({ type, min, max, value }) => [type, min, max, value])(document.querySelector('#moment'))")
        .await;
    assert_eq!(bounds, json!(["datetime-local", "2026-09-01T09:00", "2026-09-30T17:00", "2026-09-10T10:00"]));
    phone.screen.fill("#moment", "2026-09-03T10:30").await;
    let event = tapped(&phone, "dialog .main", "決定").await;
    assert_eq!(event["postback"], json!({"data": "slot", "params": {"datetime": "2026-09-03T10:30"}}));

    let before = phone.heard();
    phone.screen.click(".image-column:last-child").await;
    assert_eq!(phone.next(before).await["postback"]["data"], "two");

    phone.push(gallery::media()).await;
    let before = phone.heard();
    phone.screen.click(".imagemap .area").await;
    assert_eq!(phone.next(before).await["message"]["text"], "1階");
    phone.screen.until(&format!("{LAST_OWN} === '1階'")).await;
    let picture = phone.screen.bounds(".imagemap").await;
    let area = phone.screen.bounds(".imagemap .area:last-child").await;
    assert_eq!((area[0] - picture[0], area[2], area[3]), (150.0, 150.0, 150.0));
    phone.screen.click(".imagemap .area:last-child").await;
    phone.screen.until("document.querySelector('#toast').textContent.includes('tel:')").await;

    phone.screen.click(".photo").await;
    phone.screen.until("document.querySelector('dialog[open] img')?.src.endsWith('/large')").await;
    phone.screen.click_text("dialog button", "閉じる").await;

    let before = phone.heard();
    phone.screen.js("document.querySelector('video').dispatchEvent(new Event('ended'))").await;
    let event = phone.next(before).await;
    assert_eq!(
        (&event["type"], &event["videoPlayComplete"]["trackingId"]),
        (&json!("videoPlayComplete"), &json!("intro-01"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn flex_boxes_pictures_and_buttons_are_tapped() {
    let Some(phone) = phone::open(NARROW).await else { return };
    phone.push(flex(&gallery::shop())).await;
    let event = tapped(&phone, ".fx-tap", "予約する").await;
    assert_eq!(event["postback"]["data"], "book");
    phone.screen.until(&format!("{LAST_OWN} === '予約します'")).await;
    phone.screen.click_text(".fx-tap", "番号をコピー").await;
    phone.screen.until("document.querySelector('#toast').textContent === 'コピーしました: 12'").await;
    let before = phone.heard();
    // With the keyboard, too.
    phone.screen.js("document.querySelector('.hero .tappable').focus()").await;
    phone.screen.page.find_element(".hero .tappable").await.unwrap().press_key("Enter").await.unwrap();
    assert_eq!(phone.next(before).await["postback"]["data"], "hero");
}

#[tokio::test(flavor = "multi_thread")]
async fn quick_replies_do_what_they_say_and_vanish() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let ask = async || {
        let replies = quick_replies(&picture("ffd54f", 48, 48, "q"));
        phone.push(json!([{"type": "text", "text": "どうしますか?", "quickReply": replies}])).await;
        phone.screen.until("document.querySelectorAll('.quick .reply').length === 9").await;
    };
    let vanished = "document.querySelectorAll('.quick .reply').length === 0";
    ask().await;
    phone.screen.shot("quick-replies").await;
    assert_eq!(tapped(&phone, ".reply", "はい").await["message"]["text"], "はい、お願いします");
    phone.screen.until(vanished).await;

    ask().await;
    assert_eq!(tapped(&phone, ".reply", "いいえ").await["postback"]["data"], "no=1");
    phone.screen.until(vanished).await;

    ask().await;
    phone.screen.click_text(".reply", "日付").await;
    phone.screen.until("document.querySelector('#moment')?.max === '2026-12-31'").await;
    phone.screen.click_text("dialog button", "キャンセル").await;
    assert_eq!(phone.screen.js(vanished).await, false, "it stays until a date is sent");
    phone.screen.click_text(".reply", "時刻").await;
    phone.screen.until("document.querySelector('#moment')?.type === 'time'").await;
    let event = tapped(&phone, "dialog .main", "決定").await;
    assert_eq!(event["postback"]["params"], json!({"time": "09:30"}));

    phone.screen.click_text(".reply", "場所").await;
    let event = tapped(&phone, "dialog .main", "送信").await;
    assert_eq!(
        (&event["message"]["type"], &event["message"]["title"]),
        (&json!("location"), &json!("市役所"))
    );
    phone.screen.until("document.querySelector('.row.own .location')").await;
    phone.screen.until(vanished).await;

    ask().await;
    phone.screen.click_text(".reply", "カメラ").await;
    phone.screen.until("document.querySelector('input.chooser')?.getAttribute('capture')").await;
    phone.screen.click_text(".reply", "写真").await;
    phone.screen.until("document.querySelector('input.chooser')?.multiple").await;
    phone.screen.click_text(".reply", "コピー").await;
    phone.screen.until("document.querySelector('#toast').textContent.includes('03-1234-5678')").await;
    phone.screen.until(vanished).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rich_menu_is_tapped_switched_opened_and_closed() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let menu = async |alias: &str, other: &str| {
        let half = |x: u32| json!({"x": x, "y": 0, "width": 1250, "height": 843});
        let object = json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": alias, "chatBarText": format!("メニュー {alias}"),
            "areas": [{"bounds": half(0), "action": {"type": "postback", "label": "相談する", "data": format!("consult={alias}"), "displayText": "相談する"}},
                      {"bounds": half(1250), "action": {"type": "richmenuswitch", "richMenuAliasId": other, "data": format!("to={other}")}}]});
        let made = phone.api.post("/v2/bot/richmenu", object).await;
        let id = made.body["richMenuId"].as_str().unwrap().to_owned();
        let image = phone.api.request("POST", &format!("/v2/bot/richmenu/{id}/content"));
        let image = image.header("content-type", "image/png").body(png(&phone, 2500, 843).await);
        assert_eq!(phone.api.send(image).await.status, 200);
        let made = phone
            .api
            .post("/v2/bot/richmenu/alias", json!({"richMenuAliasId": alias, "richMenuId": id}))
            .await;
        assert_eq!(made.status, 200, "{}", made.body);
        id
    };
    let (first, _) = (menu("a", "b").await, menu("b", "a").await);
    phone.api.send(phone.api.request("POST", &format!("/v2/bot/user/all/richmenu/{first}"))).await;
    phone.screen.until("document.querySelectorAll('#menu .area').length === 2 && !document.querySelector('#menu').hidden").await;
    phone.screen.until("document.querySelector('#menu img').naturalWidth === 2500").await;
    phone.screen.shot("rich-menu").await;
    let face = phone.screen.bounds("#menu .face").await;
    assert!((face[2] / face[3] - 2500.0 / 843.0).abs() < 0.02);
    assert!(phone.screen.js("document.querySelector('#talk').hidden").await.as_bool().unwrap());

    let before = phone.heard();
    phone.screen.click("#menu .area").await;
    assert_eq!(phone.next(before).await["postback"]["data"], "consult=a");
    let before = phone.heard();
    phone.screen.click("#menu .area:last-child").await;
    let switched = phone.next(before).await;
    assert_eq!(switched["postback"]["params"], json!({"newRichMenuAliasId": "b", "status": "SUCCESS"}));
    phone.screen.until("document.querySelector('#menuToggle').textContent.startsWith('メニュー b')").await;

    phone.screen.click("#menuToggle").await;
    phone
        .screen
        .until("document.querySelector('#menu').hidden && !document.querySelector('#menuBar').hidden")
        .await;
    phone.screen.click("#menuToggle").await;
    phone.screen.until("!document.querySelector('#menu').hidden").await;
    phone.screen.click("#toKeyboard").await;
    phone
        .screen
        .until("!document.querySelector('#talk').hidden && document.querySelector('#menu').hidden")
        .await;
    let open = json!({"type": "postback", "label": "ひらく", "data": "open", "inputOption": "openRichMenu"});
    let close =
        json!({"type": "postback", "label": "とじる", "data": "close", "inputOption": "closeRichMenu"});
    let voice = json!({"type": "postback", "label": "声", "data": "voice", "inputOption": "openVoice"});
    let template = json!({"type": "buttons", "text": "メニュー", "actions": [open, close, voice]});
    phone.push(json!([{"type": "template", "altText": "x", "template": template}])).await;
    assert_eq!(tapped(&phone, ".tap", "ひらく").await["postback"]["data"], "open");
    phone.screen.until("!document.querySelector('#menu').hidden").await;
    assert_eq!(tapped(&phone, ".tap", "とじる").await["postback"]["data"], "close");
    phone.screen.until("document.querySelector('#menu').hidden").await;
    assert_eq!(tapped(&phone, ".tap", "声").await["postback"]["data"], "voice");
    phone.screen.until("document.activeElement.className === 'voice'").await;
}

/// A PNG of this size with two halves, as the browser makes it.
async fn png(phone: &Phone, width: u32, height: u32) -> Vec<u8> {
    let draw = format!(
        "(() => {{ const canvas = document.createElement('canvas'); canvas.width = {width}; canvas.height = {height}; \
         const context = canvas.getContext('2d'); context.fillStyle = '#5c6bc0'; context.fillRect(0, 0, {width}, {height}); \
         context.fillStyle = '#26a69a'; context.fillRect({width} / 2, 0, {width}, {height}); \
         return canvas.toDataURL('image/png').split(',')[1]; }})()"
    );
    STANDARD.decode(phone.screen.js(&draw).await.as_str().unwrap()).unwrap()
}
