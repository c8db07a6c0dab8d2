//! The texts that members read, changed at the desk.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City};
use lupinus_core::{
    audit::Subject,
    launch::Launch,
    service::By,
    settings::{CityTexts, Command, Part, Setting, Value},
    store::Entity,
};

async fn post(desk: &mut Browser, command: &str, seen: &str, text: &str, words: &str) -> kit::Page {
    let fields = [("seen", seen), ("text", text), ("words", words)];
    desk.post(&format!("/settings/texts/{command}"), &fields).await
}

fn said(city: &City) -> Vec<(String, String)> {
    city.centre.policy().texts.0.clone().into_iter().collect()
}

fn text(key: &str, words: &str) -> (String, String) {
    (key.to_owned(), words.to_owned())
}

/// Pasted out of a table.
const TABBED: &str = "退会\tしました。";

const GREETING: &str = "{センター名}の窓口です。\r\n\r\nお気軽にどうぞ。";

// R31
#[tokio::test]
async fn a_text_is_looked_at_as_the_phone_shows_it_changed_audited_and_taken_back() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/settings/texts").await;
    for words in [
        "友だち追加のあいさつ",
        "{センター名}です。\nようこそ。",
        "<p>ルピナスセンターです。\nようこそ。</p>",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let page = post(&mut desk, "preview", "0", "greeting", GREETING).await;
    for words in [
        "保存すると変わるところ",
        "もとの文のとおり",
        "<p>ルピナスセンターの窓口です。\n\nお気軽にどうぞ。</p>",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert_eq!(said(&city), [], "it was looked at and not saved");

    let page = post(&mut desk, "change", "0", "greeting", GREETING).await;
    assert_eq!(page.location(), "/console/settings/texts?text=greeting&done=setting", "{}", page.text);
    let greeting = text("greeting", "{ $centre }の窓口です。\n\nお気軽にどうぞ。");
    assert_eq!(said(&city), std::slice::from_ref(&greeting));
    // The others stay as they are, whichever is changed.
    assert_eq!(post(&mut desk, "change", "1", "left", "はい").await.status, StatusCode::SEE_OTHER);
    assert_eq!(said(&city), [greeting.clone(), text("left", "はい")]);
    let page = desk.get("/settings/texts?text=left").await;
    assert!(page.has("<p>はい</p>") && page.has("退会しました。") && page.has("変更あり"), "{}", page.text);
    let page = desk.get("/settings").await;
    assert!(page.has("{センター名}の窓口です。") && page.has("退会したとき"), "{}", page.text);

    // As shipped: by the button, by nothing, by the same words.
    let fields = [("seen", "2"), ("text", "greeting"), ("words", GREETING), ("shipped", "1")];
    assert_eq!(desk.post("/settings/texts/change", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(said(&city), [text("left", "はい")]);
    let same = post(&mut desk, "change", "3", "left", "退会しました。").await;
    assert_eq!(same.status, StatusCode::SEE_OTHER);
    assert_eq!(said(&city), []);
    let page = desk.post("/settings/texts/revert", &[("seen", "4"), ("to", "1")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(said(&city), [greeting]);
    assert_eq!(post(&mut desk, "change", "5", "greeting", " ").await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.post("/settings/texts/file", &[("seen", "6")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(said(&city), []);

    let trail = city.centre.audit_of(&Subject::new(&Setting::KIND, "texts")).await.unwrap();
    assert_eq!(trail.len(), 7);
    let changed = trail.iter().map(|entry| entry.detail["texts"].clone());
    let [greeting, left] = [["greeting"], ["left"]].map(|keys| serde_json::json!(keys));
    let expected = [&greeting, &left, &greeting, &left, &greeting, &greeting, &serde_json::json!([])];
    assert_eq!(changed.collect::<Vec<_>>().iter().collect::<Vec<_>>(), expected, "it says which");
    assert!(!format!("{trail:?}").contains("窓口"), "no words of the text");
}

// R31
#[tokio::test]
async fn a_text_that_cannot_be_said_is_refused_with_what_to_do_and_stays_typed() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let long = "長".repeat(5_001);
    for (key, words, sentence) in [
        ("greeting", "ようこそ。", "「{センター名}」がありません"),
        ("greeting", "{センター名}。{次に開く日時}から。", "この文に「{次に開く日時}」は差し込めません"),
        ("greeting", "{センター名}{", "決まった差し込みにだけ使えます"),
        ("greeting", "{センター名}の{ $nobody }", "この文に「{nobody}」は差し込めません"),
        ("help", &long, "5001文字あります。5000文字までにしてください"),
        // What hangs together with something else is no text of theirs.
        ("rules", "こんにちは", "一覧から選び直してください"),
        ("button-accept", "はい", "一覧から選び直してください"),
        ("help", "担当は佐藤花子、090-1234-5678です。", "個人情報と思われる記載があります(電話番号"),
        ("no-such-key", "こんにちは", "一覧から選び直してください"),
        ("consult-ask", "こんにちは", "一覧から選び直してください"),
    ] {
        for command in ["preview", "change"] {
            let page = post(&mut desk, command, "0", key, words).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            assert!(page.has(sentence), "{sentence}: {}", page.text);
            assert!(
                !["greeting", "help"].contains(&key) || page.has(words),
                "{words} is lost: {}",
                page.text
            );
        }
    }
    assert_eq!(said(&city), []);
    // Together they are bounded, too.
    let large = (0..4).map(|number| (format!("other-{number}"), "長".repeat(4_990))).collect();
    let value = Box::new(Value::Texts(Box::new(CityTexts(large))));
    let command = Command::Change { value, seen: 0 };
    city.centre.change_setting(By::Staff(city.administrator), Part::Texts, &command).await.unwrap();
    let page = post(&mut desk, "change", "1", "help", &"長".repeat(41)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("すべて合わせて20000文字までです"), "{}", page.text);
    assert_eq!(post(&mut desk, "change", "1", "help", &"長".repeat(40)).await.status, StatusCode::SEE_OTHER);
}

// R31
#[tokio::test]
async fn of_two_who_change_texts_the_second_is_told_loses_nothing_and_undoes_nothing() {
    let city = City::new().await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("admin").await);
    assert_eq!(post(&mut one, "change", "0", "help", "【きまり】").await.status, StatusCode::SEE_OTHER);
    let page = post(&mut other, "change", "0", "greeting", GREETING).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    for words in ["ほかの方が変更しました", "お気軽にどうぞ。", "name=\"seen\" value=\"1\""]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert_eq!(post(&mut other, "change", "1", "greeting", GREETING).await.status, StatusCode::SEE_OTHER);
    assert_eq!(said(&city).len(), 2, "what the first changed stays");
    assert_eq!(post(&mut one, "change", "2", "left", TABBED).await.status, StatusCode::SEE_OTHER);
    assert!(said(&city).contains(&text("left", "退会 しました。")), "nobody sees a tab");
    // Where both changed the same, the second sees both.
    let page = post(&mut one, "change", "1", "greeting", "{センター名}です。").await;
    for words in ["現在の文", "{センター名}です。", "{センター名}の窓口です。"] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
}

// R26
#[tokio::test]
async fn a_text_that_was_changed_is_looked_at_again_before_going_live() {
    let city = City::new().await;
    city.put(&Launch::trial(city.centre.now())).await;
    let mut desk = city.desk("admin").await;
    let of = desk.get("/launch/texts").await.value_of("of");
    let seen = desk.post("/launch/seen", &[("what", "texts"), ("of", &of)]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    assert_eq!(post(&mut desk, "change", "0", "greeting", GREETING).await.status, StatusCode::SEE_OTHER);
    let page = desk.get("/launch/texts").await;
    assert!(page.has("ルピナスセンターの窓口です。"), "{}", page.text);
    assert_ne!(page.value_of("of"), of);
    let late = desk.post("/launch/seen", &[("what", "texts"), ("of", &of)]).await;
    assert_ne!(late.status, StatusCode::SEE_OTHER, "what they saw is not what is said");
}
