//! Staff who link their LINE account: R26.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    post::Post,
    service::By,
    store::{Entity, Scan},
};
use support::Town;

/// A code for the checker.
async fn offered(town: &Town) -> String {
    let checker = town.checker;
    let offered = town.centre.transact(|mut work| async move {
        let (_, code) = work.offer_link(By::Staff(checker)).await?;
        work.done(code.reveal())
    });
    offered.await.unwrap()
}

/// R26: a code in one's own chat links; nothing that is written there afterwards is more than any member's.
#[tokio::test]
async fn staff_link_by_their_own_chat_and_stay_members_in_it() {
    let town = Town::new().await;
    let user = town.member("職員").await;
    let checker = town.checker;
    let code = offered(&town).await;
    town.say(&user, &code.to_lowercase()).await;
    let answer = town.last(&user, 1);
    assert!(answer.contains("職員2 さんの職員アカウントに結び付けました"), "{answer}");
    assert!(answer.contains("会員としての相談や投稿"), "{answer}");
    assert!(town.centre.link_of(checker).await.unwrap().is_some());

    town.say(&user, &code).await;
    assert!(town.last(&user, 1).contains("確認できませんでした"), "{}", town.last(&user, 1));
    for said in ["投稿する", "承認", "配信"] {
        town.say(&user, said).await;
    }
    let posts = town.store.count(&Scan::keys(Post::KIND)).await.unwrap();
    assert_eq!(posts, 0, "nothing was begun as staff");

    let undone = town.centre.transact(|mut work| async move {
        work.unlink(By::Staff(checker), checker).await?;
        work.done(())
    });
    undone.await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.last(&user, 1).contains("解除しました"), "{}", town.last(&user, 1));
}

/// A reminder leads to the console and says nothing of its post but the number.
#[tokio::test]
async fn a_reminder_of_staff_holds_a_number_and_the_way_to_the_console() {
    use lupinus_core::{
        ids::PostId,
        outbox::{Addressee, Message, Recipient, Sort},
    };
    let town = Town::new().await;
    let user = town.member("職員").await;
    // Whoever is none of the staff is not reminded.
    town.say(&user, &offered(&town).await).await;
    let member = town.member_of(&user).await;
    let post = PostId::from_uuid(uuid::Uuid::from_u128(0x0199_b2c3_d4e5_7001_8a3f_0123_4567_89ab));
    let to = &Recipient::Person(Addressee { member: member.id, contact: member.contact.clone() });
    let told = town.centre.transact(|mut work| async move {
        work.send(to.clone(), vec![Message::StepReminder { post }], Sort::Personal, None, None)?;
        work.done(())
    });
    told.await.unwrap();
    town.bot.drain().await.unwrap();
    let said = town.last(&user, 1);
    assert!(said.contains("番号 0199b2c3"), "{said}");
    assert!(
        said.ends_with("https://console.example.jp/console/posts/0199b2c3-d4e5-7001-8a3f-0123456789ab"),
        "{said}"
    );
}
