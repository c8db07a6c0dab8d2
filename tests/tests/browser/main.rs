//! A person plays on the emulator's page, by clicking and typing, against the assembled bot; the staff work at their desks.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

#[path = "../../../lupinus-emulator/tests/browser/screen.rs"]
mod screen;

use lupinus_core::post::Post;
use lupinus_tests::{City, Desk, Kept, Plan, eventually, unhindered};
use screen::{DESKTOP, NARROW, PATIENCE, Screen, screen};
use serde_json::json;

/// The city, and the phone of somebody who has just been added on the page.
async fn phone(city: &City, size: (u32, u32), name: &str) -> Option<Screen> {
    let phone = screen(size).await?;
    phone.show(city.line.url(), "").await;
    phone.click("#name").await;
    phone.type_text(name).await;
    phone.click("#add button").await;
    phone.click_text("#friend", "友だち追加").await;
    sees(&phone, "友だち追加ありがとうございます").await;
    taps(&phone, "同意して参加する").await;
    sees(&phone, "登録しました").await;
    Some(phone)
}

/// Waits until the newest messages of the account say this.
async fn sees(phone: &Screen, words: &str) {
    phone.until(&format!("[...document.querySelectorAll('.row.other')].slice(-5).some((one) => one.textContent.includes({}))", json!(words))).await;
}

/// Taps the newest thing with this label.
async fn taps(phone: &Screen, label: &str) {
    phone.click_last("#quick button, #chat button, #chat [role=button], #menu [role=button]", label).await;
}

async fn writes(phone: &Screen, text: &str) {
    let own = "document.querySelectorAll('.row.own').length";
    let before = phone.js(own).await;
    phone.click("#words").await;
    phone.type_text(text).await;
    phone.click("#send").await;
    phone.until(&format!("{own} > {before}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_is_played_by_clicking() {
    let city = City::running(Kept::InMemory).await;
    let Some(phone) = phone(&city, NARROW, "訪問看護師").await else { return };
    phone.shot("city-registered").await;
    writes(&phone, "相談").await;
    sees(&phone, "書かないでください").await;
    phone.shot("city-consult").await;
    taps(&phone, "入退院連携").await;
    writes(&phone, "退院前カンファレンスの日程調整は、どこに連絡すればよいですか。").await;
    sees(&phone, "ご相談を受け付けました").await;
    phone.shot("city-asked").await;
    let user = phone.js("location.hash.slice(1)").await;
    let user = user.as_str().unwrap();
    let consultation = city.consultations(user).await.remove(0);
    let consultant = Desk::sign_in(&city, "consultant").await;
    let path = format!("/consultations/{}", consultation.id);
    consultant.does(&format!("{path}/take"), &[]).await;
    consultant.does(&format!("{path}/answer"), &[("text", "地域連携室の代表窓口にお電話ください。")]).await;
    sees(&phone, "地域連携室の代表窓口にお電話ください").await;
    phone.shot("city-answered").await;
    writes(&phone, "解決した").await;
    sees(&phone, "「解決」にしました").await;
    eventually("it is resolved", PATIENCE, async || {
        city.consultations(user).await[0].is_resolved().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_played_by_clicking_until_it_arrives() {
    let city = City::planned(Plan { at: None, policy: unhindered(), ..Plan::default() }).await;
    let Some(phone) = phone(&city, DESKTOP, "事務局").await else { return };
    let code = city.invitation("ルピナス市歯科衛生士会").await;
    writes(&phone, &format!("招待コード {code}")).await;
    sees(&phone, "投稿者として登録しました").await;
    writes(&phone, "投稿").await;
    sees(&phone, "カテゴリをお選びください").await;
    taps(&phone, "制度・通知").await;
    sees(&phone, "タイトル").await;
    writes(&phone, "様式の変更について").await;
    sees(&phone, "本文").await;
    writes(&phone, "連携シートの様式が変わりました。新しい様式は各事業所にお配りした資料をご覧ください。")
        .await;
    // What may be left out is skipped, until there is something to hand in.
    let offered = "['提出する', 'スキップ'].find((label) => [...document.querySelectorAll('#quick button')]\
                   .some((one) => one.textContent === label))";
    while phone.until(offered).await == "スキップ" {
        let asked = phone.js("document.querySelectorAll('.row').length").await;
        taps(&phone, "スキップ").await;
        phone.until(&format!("document.querySelectorAll('.row').length > {asked}")).await;
    }
    let preview = "[...document.querySelectorAll('.fx-bubble')].filter((one) => one.textContent.includes('様式の変更について'))";
    assert_eq!(phone.js(&format!("{preview}.length")).await, 1);
    phone.shot("city-preview").await;
    taps(&phone, "提出する").await;
    sees(&phone, "提出しました").await;

    let id = city.all::<Post>().await.remove(0).id;
    let path = format!("/posts/{id}");
    let approver = Desk::sign_in(&city, "approver").await;
    approver.does(&format!("{path}/take"), &[]).await;
    approver.does(&format!("{path}/approve"), &[("revision", "1"), ("confirmed", "1")]).await;
    let now = [("scope", "members"), ("when", "now"), ("revision", "1")];
    approver.does(&format!("{path}/send"), &now).await;
    phone.until(&format!("{preview}.length === 2")).await;
    sees(&phone, "1名に配信しました").await;
    phone.shot("city-published").await;
    let same = format!("new Set({preview}.map((one) => one.innerText)).size");
    assert_eq!(phone.js(&same).await, 1, "what arrived looks as the preview did");
}
