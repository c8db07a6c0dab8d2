//! The main job: a body hands in, the centre checks, returns, approves, and the members receive what was approved.

use std::time::Duration;

use lupinus_bot::render::Marks;
use lupinus_core::{delivery::DeliveryState, hash::Sha256Hash, ids::PostId, post::Post};
use lupinus_tests::{City, Desk, Kept, hash_of};
use serde_json::Value;

async fn only_post(city: &City) -> Post {
    let mut posts = city.all::<Post>().await;
    assert_eq!(posts.len(), 1);
    posts.remove(0)
}

/// The cards (投稿 as members see them) in a chat.
fn cards(city: &City, user: &str) -> Vec<Value> {
    city.had(user).into_iter().filter(|message| message["type"] == "flex").collect()
}

/// A card without the answers that are offered below it: they are not a part of the post.
fn bare(card: &Value) -> Value {
    let mut card = card.clone();
    if let Some(card) = card.as_object_mut() {
        card.remove("quickReply");
    }
    card
}

/// A secretary hands in a training session, question by question.
async fn hand_in_a_training(city: &City, secretary: &str, title: &str) {
    city.talk(secretary, "投稿").await;
    city.tap(secretary, "draft/category/training").await;
    city.talk(secretary, title).await;
    city.talk(secretary, "在宅での口腔ケアについて、事例をもとに学びます。職種を問わずご参加ください。")
        .await;
    city.talk(secretary, "10月26日(月) 18:30〜20:00").await;
    city.talk(secretary, "ルピナス市民会館 2階").await;
    city.talk(secretary, "30名").await;
    city.talk(secretary, "10月20日(火)").await;
    city.tap(secretary, "draft/free").await;
    for _ in 0..3 {
        city.tap(secretary, "draft/skip").await;
    }
    let chat = city.said(secretary).join("\n");
    assert!(chat.contains("会員の皆さまには、次のように届きます。"), "no preview: {chat}");
    city.tap(secretary, "draft/submit").await;
    assert!(
        city.said(secretary).last().unwrap().contains("提出しました"),
        "{:?}",
        city.said(secretary).last()
    );
}

async fn main_job(kept: Kept) {
    // R7 R14 R15 R16 R26 R33 R38
    let city = City::start(kept).await;
    let members = city.members(7).await;
    let secretary = city.submitter("ルピナス市歯科衛生士会").await;
    let (checker, approver) = (Desk::sign_in(&city, "checker").await, Desk::sign_in(&city, "approver").await);

    // Submitted with the wrong title; in the queue.
    hand_in_a_training(&city, &secretary, "口腔ケア研修会(案)").await;
    let id: PostId = only_post(&city).await.id;
    let path = format!("/posts/{id}");
    let queue = checker.get("").await;
    assert!(queue.shows("口腔ケア研修会(案)"), "not in the queue: {}", queue.html);
    let page = checker.get(&path).await;
    assert!(page.status == 200 && page.shows("ルピナス市民会館"), "{}", page.html);

    // Returned with a comment at a field. A return without one is refused (R16).
    checker.does(&format!("{path}/take"), &[]).await;
    let wordless = checker.post(&format!("{path}/return"), &[("comment", " "), ("field", "title")]).await;
    assert_eq!(wordless.status, 422, "{}", wordless.html);
    let comment = "題名から「(案)」を外してください。";
    checker.does(&format!("{path}/return"), &[("comment", comment), ("field", "title")]).await;
    city.drain().await;
    let told = city.said(&secretary).join("\n");
    assert!(told.contains("差し戻されました") && told.contains(comment), "{told}");

    // The comment stands at its field; one answer mends it.
    city.tap(&secretary, &format!("post/edit/{id}")).await;
    let asked = city.said(&secretary).join("\n");
    assert!(asked.contains("センターからのコメント(タイトル)"), "{asked}");
    city.talk(&secretary, "口腔ケア研修会").await;
    let preview = cards(&city, &secretary).pop().unwrap();
    city.tap(&secretary, "draft/submit").await;
    let post = only_post(&city).await;
    assert_eq!((post.id, post.state.name(), post.revisions.len()), (id, "submitted", 2));

    // Taken again; a checker cannot approve, the approver can, and only the revision that they looked at.
    checker.does(&format!("{path}/take"), &[]).await;
    let not_theirs = checker.post(&format!("{path}/approve"), &[("revision", "2"), ("confirmed", "1")]).await;
    assert_eq!(not_theirs.status, 403, "{}", not_theirs.html);
    let outdated = approver.post(&format!("{path}/approve"), &[("revision", "1"), ("confirmed", "1")]).await;
    assert_eq!(outdated.status, 409, "{}", outdated.html);
    approver.does(&format!("{path}/approve"), &[("revision", "2"), ("confirmed", "1")]).await;
    city.drain().await;
    assert!(cards(&city, &members[0]).is_empty(), "sent without being told to");

    // The confirmation names size, cost and what remains, and changes nothing (R26, R33).
    city.line.set_quota(lupinus_emulator::Quota::limited(200, 50));
    let now = [("scope", "members"), ("when", "now")];
    let confirmation = approver.post(&format!("{path}/send/confirm"), &now).await;
    assert_eq!(confirmation.status, 200, "{}", confirmation.html);
    for word in
        ["ルピナス市", "ルピナスセンター", "試験", "口腔ケア研修会", "登録会員全員", ">8<", ">150<", "承認係"]
    {
        assert!(confirmation.shows(word), "the confirmation lacks {word}: {}", confirmation.html);
    }
    assert_eq!(city.state_of(id).await, "approved");
    approver.does(&format!("{path}/send"), &[now[0], now[1], ("revision", "2")]).await;
    city.drain().await;

    // Received: by each member once, and byte for byte what was approved and what the secretary was shown.
    let post = only_post(&city).await;
    let approved = post.approved_revision().unwrap().clone();
    assert_eq!((post.state.name(), approved.number), ("sent", 2));
    assert_eq!(approved.hash, approved.content.hash());
    let rendered = city.bot.renderer().post_json(&approved.content, Marks::default()).unwrap();
    let expected: Sha256Hash = hash_of(&rendered);
    assert_eq!(hash_of(&bare(&preview)), expected, "the preview was something else");
    for member in &members {
        let cards = cards(&city, member);
        assert_eq!(cards.len(), 1, "a member had {} cards", cards.len());
        assert_eq!(hash_of(&cards[0]), expected, "delivered is not what was approved");
    }
    for word in ["口腔ケア研修会", "10月26日(月)", "18:30〜20:00", "ルピナス市民会館 2階", "30名", "無料"]
    {
        assert!(rendered.to_string().contains(word), "{word} is missing: {rendered}");
    }
    assert!(city.said(&secretary).last().unwrap().contains("8名に配信しました"));
    let delivery = city.centre.deliveries_of(id).await.unwrap().remove(0).value;
    assert_eq!((delivery.content, delivery.recipients), (approved.hash, 8));
    assert_eq!(delivery.state, DeliveryState::Complete);
    assert_eq!(city.line.quota_used(), 50 + 8 + pushes(&city), "LINE counted something else");

    // The trail tells it all, and its chain holds (R19).
    let trail = approver.get(&path).await;
    assert!(trail.shows("確認係") && trail.shows("承認係"), "{}", trail.html);
    let report = city.centre.verify_audit(|_| {}).await.unwrap();
    assert!(report.faults.is_empty() && report.entries > 8, "{report:?}");
}

/// Pushes since the quota was set: the word to the secretary that it was sent.
fn pushes(city: &City) -> u64 {
    let requests = city.line.requests();
    let multicast = requests.iter().position(|request| request.path.ends_with("/multicast")).unwrap();
    requests[multicast..].iter().filter(|request| request.path.ends_with("/push")).count() as u64
}

#[tokio::test]
async fn a_body_hands_in_the_centre_returns_and_approves_and_the_members_receive() {
    main_job(Kept::InMemory).await;
}

#[tokio::test]
async fn the_main_job_is_the_same_on_the_embedded_store() {
    main_job(Kept::OnDisk).await;
}

#[tokio::test]
async fn the_main_job_is_the_same_in_a_database() {
    main_job(Kept::InDatabase).await;
}

#[tokio::test]
async fn a_change_after_the_approval_is_never_sent() {
    // R14: the record is changed behind the services' back, between the approval and the dispatch.
    use lupinus_core::store::{Batch, EntityBatch as _, StoreExt as _};

    let city = City::start(Kept::InMemory).await;
    let members = city.members(3).await;
    let id = city.scheduled("臨時休業のお知らせ").await;
    let store = city.centre.store();
    let read = store.load::<Post>(&id.to_string()).await.unwrap().unwrap();
    let mut changed = read.value.clone();
    changed.revisions[0].content.body.push_str("(書き換え)");
    let mut batch = Batch::new();
    batch.update(&changed, read.version).unwrap();
    store.commit(batch).await.unwrap();
    city.drain_for(5, Duration::from_mins(1)).await;
    for member in &members {
        assert_eq!(city.copies(member, "臨時休業のお知らせ"), 0);
    }
    assert!(!city.line.requests().iter().any(|request| request.path.ends_with("/multicast")));
}

#[tokio::test]
async fn personal_information_keeps_a_post_from_being_handed_in() {
    // R7
    let city = City::start(Kept::InMemory).await;
    let secretary = city.submitter("ルピナス市訪問看護連絡会").await;
    city.talk(&secretary, "投稿").await;
    city.tap(&secretary, "draft/category/notice").await;
    city.talk(&secretary, "お知らせ").await;
    let before = city.had(&secretary).len();
    city.talk(&secretary, "患者の佐藤花子様(被保険者番号 0004827163)の件で連絡をお願いします。").await;
    let told = city.said_since(&secretary, before);
    assert!(told.contains("受け取っていません") && !told.contains("4827163"), "{told}");
    assert!(city.all::<Post>().await.is_empty());
}
