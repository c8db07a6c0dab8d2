//! What the page draws of every kind of message.

use serde_json::json;

use crate::{
    gallery::{self, flex, quick_replies},
    phone,
    screen::{DESKTOP, NARROW, picture},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_message_fits_a_phone_and_a_desk() {
    for (name, size) in [("desktop", DESKTOP), ("narrow", NARROW)] {
        let Some(phone) = phone::open(size).await else { return };
        phone.line.say(&phone.user, "相談したいことがあります").await.unwrap();
        let replies = quick_replies(&picture("ffd54f", 48, 48, "q"));
        for (part, messages) in [
            ("texts", gallery::texts()),
            ("media", gallery::media()),
            ("templates", gallery::templates()),
            ("receipt", flex(&gallery::receipt())),
            ("shop", flex(&gallery::shop())),
            ("boxes", flex(&gallery::boxes())),
            ("carousel", flex(&gallery::carousel())),
            ("rtl", flex(&gallery::rtl())),
            ("quick", json!([{"type": "text", "text": "どうしますか?", "quickReply": replies}])),
        ] {
            phone.push(messages).await;
            phone.screen.settled().await;
            phone.screen.shot(&format!("{name}-{part}")).await;
            let seen = phone.screen.js("[document.body.scrollWidth, (({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop)\
                     (document.querySelector('#chat'))]")
                .await;
            assert_eq!(seen[0], size.0, "{part} makes the page wider than the screen");
            assert!(seen[1].as_f64().unwrap() < 2.0, "the end of {part} is not in sight: {seen}");
        }
        let errors = phone.screen.js("[...document.images].filter((one) => one.classList.contains('missing')).map((one) => one.title)").await;
        assert_eq!(errors, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_show_emoji_senders_links_and_braces() {
    let Some(phone) = phone::open(NARROW).await else { return };
    phone.push(gallery::texts()).await;
    let tiles = phone
        .screen
        .js("[...document.querySelectorAll('.bubble .emoji')].map((one) => one.getAttribute('aria-label'))")
        .await;
    let tile = |id: &str| format!("LINE絵文字 5ac1bfd5040ab15980c9b435 / {id}");
    assert_eq!(tiles, json!([tile("001"), tile("002"), tile("003")]));
    let bubbles =
        phone.screen.js("[...document.querySelectorAll('.bubble')].map((one) => one.textContent)").await;
    assert_eq!(bubbles[1], "001 本日の受付は終わりました 002");
    assert_eq!(bubbles[2], "003 相談を受け付けました。{番号} は 12 です。");
    let link = phone
        .screen
        .js("(({ href, target, rel }) => [href, target, rel])(document.querySelector('.bubble a'))")
        .await;
    assert_eq!(link, json!(["https://example.org/k?id=1", "_blank", "noopener noreferrer"]));
    assert_eq!(
        phone.screen.js("document.querySelector('.row .name').textContent").await,
        "相談窓口 from 公式アカウント"
    );
    assert_eq!(
        phone.screen.js("document.querySelector('.row.other .sticker').getAttribute('aria-label')").await,
        "スタンプ 446 / 1990"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_loaded_from_elsewhere_and_nothing_of_a_message_is_run() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let evil = "<img src=x onerror=document.title='run'><script>document.title='run'</script>";
    phone.push(json!([{"type": "text", "text": evil}])).await;
    phone.push(flex(&json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": evil}]}}))).await;
    phone.line.say(&phone.user, evil).await.unwrap();
    phone.screen.until("document.querySelectorAll('.row').length === 3").await;
    assert_eq!(
        phone.screen.js("[document.title, document.querySelectorAll('#chat img').length]").await,
        json!(["LINE エミュレーター", 0])
    );
    let elsewhere = phone.screen.js("performance.getEntriesByType('resource').map((one) => one.name).filter((one) => !one.startsWith(location.origin))")
        .await;
    assert_eq!(elsewhere, json!([]));
    // What the browser refused to do because of the policy would be an error in its console; inline code is refused.
    let inline = "(() => { const script = document.createElement('script'); script.textContent = \"document.title = 'run'\"; \
                  document.body.append(script); return document.title; })()";
    assert_eq!(phone.screen.js(inline).await, "LINE エミュレーター");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_shows_what_it_is_for_and_until_when() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let coupon = json!({"title": "夏祭り 100円引き", "description": "一枚につき一回", "usageCondition": "ご本人のみ",
        "imageUrl": picture("ffcc80", 480, 240, "coupon"), "visibility": "PUBLIC", "timezone": "ASIA_TOKYO",
        "maxUseCountPerTicket": 1, "startTimestamp": 1_700_000_000, "endTimestamp": 4_000_000_000_u64,
        "acquisitionCondition": {"type": "normal"}, "reward": {"type": "gift"}});
    let made = phone.api.post("/v2/bot/coupon", coupon).await;
    assert_eq!(made.status, 200, "{}", made.body);
    phone.push(json!([{"type": "coupon", "couponId": made.body["couponId"]}])).await;
    phone.screen.until("document.querySelector('.coupon .end')").await;
    phone.screen.until("document.querySelector('.coupon img').naturalWidth === 480").await;
    phone.screen.shot("coupon").await;
    let shown = phone
        .screen
        .js("[...document.querySelectorAll('.coupon > :not(img)')].map((one) => one.textContent)")
        .await;
    assert_eq!(
        shown,
        json!(["クーポン", "夏祭り 100円引き", "一枚につき一回", "ご本人のみ", "2096/10/2(火) まで"])
    );
}
