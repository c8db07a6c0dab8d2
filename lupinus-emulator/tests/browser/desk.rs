//! Beside the phone: what came in, what went out, and what can be arranged.

use std::time::Duration;

use lupinus_emulator::Emulator;
use serde_json::json;

use crate::{
    phone,
    screen::{self, DESKTOP, NARROW},
};

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_webhooks_are_shown_as_they_happen() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    let bad = json!({"to": phone.user, "messages": [{"type": "text", "text": ""}]});
    assert_eq!(phone.api.post("/v2/bot/message/push", bad).await.status, 400);
    phone
        .screen
        .until("document.querySelector('#requests .bad .wrong')?.textContent.includes('messages[0].text')")
        .await;
    assert_eq!(phone.screen.js("document.querySelector('#requests .verdict').textContent").await, "400");
    phone.api.push(&phone.user, "よい").await;
    phone.screen.until("document.querySelector('#requests li').className === 'good'").await;

    phone.screen.click("#tabWebhooks").await;
    phone.bot.will_answer(503, Duration::ZERO);
    phone.line.say(&phone.user, "失敗する").await.unwrap();
    phone
        .screen
        .until("document.querySelector('#webhooks li')?.textContent.includes('503 エラー応答')")
        .await;
    phone.screen.until("document.querySelectorAll('#webhooks li:first-child .fine').length === 2").await;
    phone.screen.until("document.querySelector('#webhooks li:first-child').className === 'good'").await;
    phone.screen.click("#webhooks summary").await;
    phone.screen.until("document.querySelector('#webhooks pre').textContent.includes('失敗する')").await;
    phone.screen.shot("webhooks").await;
    let before = phone.heard();
    phone.screen.click_text("#webhooks details button", "再配信する").await;
    assert_eq!(phone.next(before).await["deliveryContext"], json!({"isRedelivery": true}));
    phone.line.reset();
    phone
        .screen
        .until("document.querySelector('#webhooks').textContent === 'まだ Webhook は送られていません。'")
        .await;
    phone
        .screen
        .until("document.querySelector('#requests').textContent === 'まだ API は呼ばれていません。'")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quota_faults_clock_and_account_are_arranged_in_forms() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    phone.screen.click("#tabPlatform").await;
    phone.screen.until("document.querySelectorAll('#platform form').length === 5").await;
    phone.screen.shot("platform").await;
    phone.screen.click_text("#platform button", "＋1日").await;
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 + 9);
    let tomorrow = tomorrow.strftime("%Y/%m/%d");
    phone.screen.until(&format!("document.querySelector('#facts').textContent.includes('{tomorrow}')")).await;

    let form = |number: usize, rest: &str| format!("#platform form:nth-of-type({number}) {rest}");
    phone.screen.fill(&form(2, "select"), "limited").await;
    phone.screen.fill(&form(2, "label:nth-of-type(2) input"), "10").await;
    phone.screen.fill(&form(2, "label:nth-of-type(3) input"), "9").await;
    phone.screen.click(&form(2, ".main")).await;
    phone.screen.until("document.querySelector('#facts').textContent.includes('9 / 10')").await;
    assert_eq!(phone.api.push(&phone.user, "十通目").await.status, 200);
    assert_eq!(phone.api.push(&phone.user, "十一通目").await.status, 429);
    phone.screen.until("document.querySelector('#facts').textContent.includes('10 / 10')").await;

    phone.screen.fill(&form(3, "label:nth-of-type(2) input"), "/v2/bot/info").await;
    phone.screen.fill(&form(3, "select"), "GET").await;
    phone.screen.click(&form(3, ".main")).await;
    phone.screen.until("document.querySelector('.faults').textContent.includes('GET /v2/bot/info')").await;
    assert_eq!(phone.api.get("/v2/bot/info").await.status, 500);
    phone.screen.until("document.querySelector('.faults').textContent === '故障はありません。'").await;
    phone
        .screen
        .until("document.querySelector('#requests li').textContent.includes('故障: respond 500')")
        .await;

    phone.screen.fill(&form(4, "input"), "在宅支援センター").await;
    phone.screen.click(&form(4, ".main")).await;
    phone.screen.until("document.querySelector('#title').textContent === '在宅支援センター'").await;

    phone.screen.click(&form(1, "input[type=checkbox]")).await;
    phone.screen.until("document.querySelector('#facts').textContent.includes('停止')").await;
    let frozen = phone.line.now();
    assert_eq!(phone.line.now(), frozen);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_goes_on_when_the_emulator_comes_back() {
    let Some(mut phone) = phone::open(NARROW).await else { return };
    let address = phone.line.address();
    phone.api.get("/v2/bot/info").await;
    phone.screen.until("document.querySelector('#requests').textContent.includes('/v2/bot/info')").await;
    phone.line = Emulator::start().await.unwrap();
    phone.screen.until("!document.querySelector('#offline').hidden").await;
    let again = tokio::time::timeout(screen::PATIENCE, async {
        loop {
            if let Ok(line) = Emulator::builder().listen(address).start().await {
                return line;
            }
            tokio::task::yield_now().await;
        }
    });
    phone.line = again.await.unwrap();
    phone.line.create_user_with_id("山田 花子", &phone.user).unwrap();
    phone.line.say(&phone.user, "ただいま").await.unwrap();
    // It has the place in the log that the one before the restart had.
    let profile = format!("{}/v2/bot/profile/{}", phone.line.url(), phone.user);
    assert_eq!(phone.api.http.get(profile).send().await.unwrap().status(), 401);
    phone.screen.until("document.querySelector('.row.own .bubble')?.textContent === 'ただいま'").await;
    phone.screen.until("document.querySelector('#offline').hidden").await;
    phone.screen.until("document.querySelector('#requests').textContent.includes('/v2/bot/profile')").await;
    phone.screen.until("!document.querySelector('#requests').textContent.includes('/v2/bot/info')").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_used_in_english_by_keyboard_and_on_a_narrow_screen() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let shown = "[...document.querySelectorAll('main > *')].filter((one) => one.offsetParent).map((one) => one.classList[0]).join()";
    assert_eq!(phone.screen.js(shown).await, "phone");
    phone.screen.click("#toDesk").await;
    assert_eq!(phone.screen.js(shown).await, "desk");
    phone.screen.click("#fromDesk").await;
    phone.screen.click("#back").await;
    assert_eq!(phone.screen.js(shown).await, "people");
    phone.screen.shot("narrow-people").await;
    phone.screen.click("#language").await;
    phone.screen.until("document.documentElement.lang === 'en' && document.querySelector('#newGroup')?.textContent === 'New group'").await;
    let without = phone.screen.js("[...document.querySelectorAll('button, input, select, textarea, [tabindex], [role=button]')].filter((one) => \
             one.offsetParent && !one.textContent.trim() && !one.getAttribute('aria-label') && !one.labels?.length && !one.getAttribute('aria-labelledby'))\
             .map((one) => one.outerHTML)")
        .await;
    assert_eq!(without, json!([]), "everything that takes the focus says what it is");
    phone.screen.js("document.body.focus()").await;
    for _ in 0..3 {
        phone.screen.page.find_element("body").await.unwrap().press_key("Tab").await.unwrap();
    }
    let outline = phone
        .screen
        .js("[document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]")
        .await;
    assert_eq!(outline[1], "solid", "{outline}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_people_the_newest_are_listed_and_a_search_finds_the_others() {
    let Some(phone) = phone::open(DESKTOP).await else { return };
    let listed = "document.querySelectorAll('#list [data-chat]').length";
    for number in 0..320 {
        phone.line.create_user(&format!("会員{number:03}"));
    }
    phone
        .screen
        .until(&format!(
            "{listed} === 300 && document.querySelector('#facts').textContent.includes('321 人')"
        ))
        .await;
    let last = phone.line.create_user("最後の人");
    phone.screen.until("document.querySelector('#list').textContent.includes('最後の人')").await;
    phone.screen.fill("#filter", "会員000").await;
    phone
        .screen
        .until(&format!("{listed} === 1 && document.querySelector('#list').textContent.includes('会員000')"))
        .await;
    phone.screen.click("#list [data-chat]").await;
    phone.screen.until("document.querySelector('#subtitle').textContent.includes('会員000')").await;
    // Whoever is on the phone stays there, whatever is looked for.
    phone.screen.fill("#filter", "最後").await;
    phone
        .screen
        .until(&format!("document.querySelector('#list [data-chat]').dataset.chat === '{last}'"))
        .await;
    phone.screen.until("document.querySelector('#subtitle').textContent.includes('会員000')").await;
    assert_eq!(phone.screen.js(listed).await, 1);
}
