//! People in the list, and what they show of themselves.

use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use serde_json::{Value, json};

use crate::{
    phone,
    screen::{DESKTOP, NARROW, picture},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_another_name_a_picture_and_words_on_the_page() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    let profile = async || phone.api.get(&format!("/v2/bot/profile/{}", phone.user)).await.body;
    phone.screen.click("#profile").await;
    phone.screen.until("document.querySelector('#profileName')?.value === '山田 花子'").await;
    assert_eq!(phone.screen.js("document.activeElement.id").await, "profileName");
    let portrait = picture("8bc34a", 100, 100, "P");
    phone.screen.fill("#profileName", "佐藤 花子").await;
    phone.screen.fill("#profileWords", "訪問中です").await;
    phone.screen.fill("#profilePicture", &portrait).await;
    phone.screen.fill("#profileLanguage", "ko").await;
    phone.screen.until("document.querySelector('dialog .portrait img')?.naturalWidth === 100").await;
    phone.screen.shot("profile").await;
    phone.screen.click("dialog .main").await;
    phone.screen.until("document.querySelector('#subtitle').textContent === '佐藤 花子 さんの画面'").await;
    phone.screen.until(&format!("document.querySelector('#list .avatar img')?.src === '{portrait}'")).await;
    assert_eq!(
        profile().await,
        json!({"userId": phone.user, "displayName": "佐藤 花子", "pictureUrl": portrait, "statusMessage": "訪問中です", "language": "ko"})
    );

    // A picture of one's own is made small and served by the emulator.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.gif");
    std::fs::write(&file, crate::playing::GIF).unwrap();
    phone.screen.click("#profile").await;
    phone.screen.until("document.querySelector('#dialog').open").await;
    assert_eq!(phone.screen.js("document.querySelector('#profileWords').value").await, "訪問中です");
    let chooser = phone.screen.page.find_element("#profileFile").await.unwrap();
    let set = SetFileInputFilesParams::builder()
        .files([file.to_str().unwrap()])
        .backend_node_id(chooser.backend_node_id);
    phone.screen.page.execute(set.build().unwrap()).await.unwrap();
    phone.screen.fill("#profileLanguage", "").await;
    phone.screen.click("dialog .main").await;
    phone.screen.until("document.querySelector('#list .avatar img')?.src.includes('/_picture/')").await;
    phone.screen.until("document.querySelector('#list .avatar img')?.naturalWidth === 1").await;
    let now = profile().await;
    assert_eq!(now["language"], Value::Null);
    let bytes =
        phone.api.http.get(now["pictureUrl"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
    assert!(bytes.starts_with(b"\xff\xd8\xff"));

    phone.screen.click("#profile").await;
    phone.screen.until("document.querySelector('#dialog').open").await;
    phone.screen.click_text("dialog button", "写真なし").await;
    phone.screen.click("dialog .main").await;
    phone
        .screen
        .until("document.querySelector('#list .avatar') && !document.querySelector('#list .avatar img')")
        .await;
    assert_eq!(profile().await["pictureUrl"], Value::Null);
}

/// The contrast between the letters of every shown control of a kind and what is behind them.
const CONTRASTS: &str = "[...document.querySelectorAll('button, [role=tab], .top, .bar, .people, .desk, .asking')].filter((one) => \
    one.offsetParent && !one.closest('#chat, #quick, #menu')).map((one) => { \
    const parse = (text) => text.match(/[\\d.]+/g).map(Number); \
    const light = (rgb) => { const [r, g, b] = rgb.map((one) => one / 255).map((one) => (one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)); \
    return .2126 * r + .7152 * g + .0722 * b; }; \
    let node = one; let back = parse(getComputedStyle(node).backgroundColor); \
    while (back[3] === 0 && node.parentElement) { node = node.parentElement; back = parse(getComputedStyle(node).backgroundColor); } \
    const [a, b] = [light(parse(getComputedStyle(one).color).slice(0, 3)), light(back.slice(0, 3))]; \
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), one.id || one.className || one.textContent]; }).filter(([ratio]) => ratio < 4.5)";

#[tokio::test(flavor = "multi_thread")]
async fn every_control_of_the_page_is_read_easily() {
    for size in [DESKTOP, NARROW] {
        let Some(phone) = phone::open(size).await else { return };
        assert_eq!(phone.screen.js(CONTRASTS).await, json!([]));
        assert!(phone.screen.js("document.querySelector('#send').offsetParent !== null").await == true);
        phone.screen.click("#profile").await;
        phone.screen.until("document.querySelector('dialog .main')").await;
        assert_eq!(phone.screen.js(CONTRASTS).await, json!([]));
        phone.screen.shot(&format!("profile-{}", size.0)).await;
    }
}
