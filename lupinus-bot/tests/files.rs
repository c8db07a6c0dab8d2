//! Pictures and files that belong to nothing any more.
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
