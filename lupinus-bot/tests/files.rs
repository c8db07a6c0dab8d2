//! Pictures and files: what is in them, and those that belong to nothing any more.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{blob::Blob, service::By};
use support::Town;

#[tokio::test]
async fn a_file_that_belongs_to_nothing_is_removed_and_one_of_a_draft_or_post_stays() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    let picture = b"\xff\xd8\xff\xe0 a flyer".to_vec();
    let held = lupinus_core::hash::Sha256Hash::of(&picture);
    town.line.send_image(&user, picture, "image/jpeg").await.unwrap();
    town.bot.drain().await.unwrap();
    let orphan = town.blobs.put(bytes::Bytes::from_static(b"kept right before a crash")).await.unwrap();
    town.bot.sweep_files(std::time::Duration::from_hours(24)).await;
    assert!(town.blobs.get(orphan).await.unwrap().is_some(), "its form may come yet");
    town.bot.sweep_files(std::time::Duration::ZERO).await;
    assert!(town.blobs.get(orphan).await.unwrap().is_none());
    assert!(town.blobs.get(held).await.unwrap().is_some(), "a draft has it");
}

#[tokio::test]
async fn a_draft_that_is_forgotten_takes_its_pictures_with_it() {
    let town = Town::new().await;
    let (user, leaver) = (town.submitter("葵").await, town.submitter("楓").await);
    let mut hashes = Vec::new();
    for (user, fill) in [(&user, 1), (&leaver, 2)] {
        town.say(user, "投稿").await;
        town.tap(user, "draft/category/notice").await;
        town.say(user, "お知らせ").await;
        town.say(user, "本文です。").await;
        let mut picture = b"\xff\xd8\xff\xe0".to_vec();
        picture.extend_from_slice(&[fill; 500]);
        hashes.push(lupinus_core::hash::Sha256Hash::of(&picture));
        town.line.send_image(user, picture, "image/jpeg").await.unwrap();
        town.bot.drain().await.unwrap();
    }
    let by = By::Member(town.member_of(&leaver).await.id);
    town.centre
        .transact(|mut work| async move {
            work.leave(by).await?;
            work.done(())
        })
        .await
        .unwrap();
    town.bot.sweep().await.unwrap();
    assert!(town.blobs.get(hashes[1]).await.unwrap().is_none(), "of one who left");
    assert!(town.blobs.get(hashes[0]).await.unwrap().is_some());
    town.clock.advance(std::time::Duration::from_hours(24 * 31));
    town.bot.sweep().await.unwrap();
    assert!(town.blobs.get(hashes[0]).await.unwrap().is_none(), "of a draft that nobody went on with");
}

async fn posts(town: &Town) -> Vec<lupinus_core::post::Post> {
    let scan =
        lupinus_core::store::Scan::keys(<lupinus_core::post::Post as lupinus_core::store::Entity>::KIND);
    let all = lupinus_core::store::StoreExt::all(town.store.as_ref(), scan, 1_000).await.unwrap();
    all.into_iter().map(|stored| stored.value).collect()
}

#[tokio::test]
async fn the_text_of_a_pdf_is_screened_and_of_a_picture_its_sender_says_that_nobody_is_in_it() {
    // R11
    let town = Town::reading(std::sync::Arc::new(lupinus_core::testkit::PlainReader)).await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    let personal = "%PDF-1.7\n利用者の山田花子さん 090-1234-5678".as_bytes();
    town.send(&user, "file", "flyer.pdf", personal).await;
    let told = town.last(&user, 2);
    assert!(told.contains("PDFの中に") && told.contains("氏名") && told.contains("送信取消"), "{told}");
    assert!(town.blobs.get(lupinus_core::hash::Sha256Hash::of(personal)).await.unwrap().is_none());

    town.send(&user, "file", "flyer.pdf", "%PDF-1.7\n褥瘡の研修のご案内".as_bytes()).await;
    town.say(&user, "案内チラシ").await;
    town.tap(&user, "draft/preview").await;
    assert!(town.offered(&user).contains(&"提出する".to_owned()), "{}", town.last(&user, 1));

    town.send(&user, "image", "photo.jpg", b"\xff\xd8\xff\xe0 people").await;
    town.say(&user, "会場の写真").await;
    town.tap(&user, "draft/preview").await;
    assert!(town.last(&user, 1).contains("写っていないことを確かめて"), "{}", town.last(&user, 1));
    assert!(!town.offered(&user).contains(&"提出する".to_owned()));
    town.tap(&user, "draft/submit").await;
    assert!(posts(&town).await.is_empty(), "the tick is demanded, not only offered");
    town.say(&user, "写っていないと確認した").await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    let attachments = &post.revision().unwrap().content.attachments;
    assert!(attachments.iter().all(|attachment| !attachment.is_unchecked()));
    assert!(post.needs_confirmation(), "whoever approves looks, too");
}
