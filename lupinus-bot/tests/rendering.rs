//! A post as members see it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use jiff::civil::{date, time};
use lupinus_bot::render::Marks;
use lupinus_core::{
    hash::Sha256Hash,
    outbox::DeliveryKind,
    post::{Attachment, Category, Content, EventDetails, Venue},
};
use support::Town;

fn training() -> Content {
    Content {
        category: Category::Training,
        title: "褥瘡ケア研修会".to_owned(),
        body: "在宅での褥瘡の予防と評価について学びます。\n多職種でのグループワークがあります。".to_owned(),
        event: Some(EventDetails {
            date: date(2026, 10, 15),
            starts: Some(time(18, 30, 0, 0)),
            ends: Some(time(20, 0, 0, 0)),
            venue: Some(Venue::Place("市民会館 第2会議室".to_owned())),
            capacity: Some(30),
            apply_by: Some(date(2026, 10, 9)),
            fee: Some("無料".to_owned()),
            contact: Some("訪問看護連絡会事務局".to_owned()),
            hosts: None,
        }),
        attachments: vec![Attachment {
            name: "flyer.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size_bytes: 1_000,
            sha256: Sha256Hash::of(b"flyer"),
            alt: "研修の案内チラシ".to_owned(),
            look: None,
            checked: true,
        }],
        link: Some("https://www.example.jp/kensyu".to_owned()),
        expires_at: None,
        sender: None,
    }
}

#[tokio::test]
async fn a_training_looks_like_its_snapshot() {
    let town = Town::new().await;
    let shown = town.bot.renderer().post_json(&training(), Marks::default()).unwrap();
    let shown = serde_json::to_string_pretty(&shown).unwrap() + "\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/training.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &shown).unwrap();
    }
    assert_eq!(
        shown,
        std::fs::read_to_string(&path).unwrap(),
        "set UPDATE_SNAPSHOTS=1 and look at the difference"
    );
}

#[tokio::test]
async fn drills_tests_and_corrections_carry_their_marks_in_words_and_in_the_notification() {
    // R27, R42
    let town = Town::new().await;
    for (kind, correction, mark) in [
        (DeliveryKind::Test, false, "【テスト】"),
        (DeliveryKind::Drill, false, "【訓練】"),
        (DeliveryKind::Production, true, "【訂正】"),
        (DeliveryKind::Drill, true, "【訓練】【訂正】"),
    ] {
        let shown = town.bot.renderer().post_json(&training(), Marks { kind, correction }).unwrap();
        assert!(shown["altText"].as_str().unwrap().starts_with(mark), "{mark}");
        assert_eq!(shown["contents"]["header"]["contents"][0]["text"], mark);
    }
    let plain = town.bot.renderer().post_json(&training(), Marks::default()).unwrap();
    assert_eq!(plain["contents"]["header"]["contents"][0]["text"], "研修・講演会");
}

#[tokio::test]
async fn every_category_has_a_card_that_line_takes_and_the_longest_post_fits() {
    let town = Town::new().await;
    for category in Category::ALL {
        let mut content = Content { category, ..training() };
        content.title = "題".repeat(60);
        content.body = "本".repeat(2_000);
        let event = content.event.as_mut().unwrap();
        event.venue = Some(Venue::Online("会".repeat(200)));
        event.hosts = Some("共".repeat(200));
        let shown = town.bot.renderer().post_json(&content, Marks::default()).unwrap();
        assert!(shown["altText"].as_str().unwrap().encode_utf16().count() <= 400);
        assert_eq!(
            shown,
            town.bot.renderer().post_json(&content, Marks::default()).unwrap(),
            "deterministic"
        );
    }
}

#[tokio::test]
async fn the_first_picture_is_shown_and_every_other_file_has_a_button() {
    // R38, R42
    let town = Town::new().await;
    let file = |name: &str, media_type: &str| Attachment {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size_bytes: 1,
        sha256: Sha256Hash::of(name.as_bytes()),
        alt: format!("{name}の説明"),
        look: None,
        checked: true,
    };
    let mut content = training();
    content.attachments = vec![
        file("one.jpg", "image/jpeg"),
        file("two.png", "image/png"),
        file("three.pdf", "application/pdf"),
    ];
    let shown = town.bot.renderer().post_json(&content, Marks::default()).unwrap();
    let bubble = &shown["contents"];
    assert!(bubble["hero"]["url"].as_str().unwrap().starts_with("https://bot.example.jp/media/"));
    let labels: Vec<_> = bubble["footer"]["contents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["action"]["label"].clone())
        .collect();
    assert_eq!(labels, ["詳しいページを開く", "画像: two.png", "PDF: three.pdf"]);
    for words in ["one.jpgの説明", "two.pngの説明", "three.pdfの説明"] {
        assert!(shown["altText"].as_str().unwrap().contains(words), "{words}");
    }
}
