//! What helps to decide on a post: what it stands beside, the sheet of its decision, and an old one to begin from.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_core::{
    actor::{Role, Who},
    audience::Audience,
    audit::{AuditEntry, Subject},
    outbox::SendOutcome,
    post::{Command, Post},
    service::By,
    store::{Batch, Entity, EntityBatch, StoreExt},
};

#[tokio::test]
async fn a_copy_of_an_old_post_has_its_words_and_none_of_its_days() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut content = training("口腔ケア研修");
    content.body = "10月20日(火)に実技を交えて学びます。".to_owned();
    let old = city.submitted(author, content).await;
    let mut desk = city.desk("staff-a").await;
    assert!(desk.get(&format!("/posts/{old}")).await.has("もとにして新しく作る"));
    let page = desk.get(&format!("/posts/{old}/copy")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.value_of("title\" maxlength=\"60"), "口腔ケア研修");
    for (field, value) in
        [("date", ""), ("apply_by", ""), ("expires", ""), ("starts", "18:30"), ("capacity", "30")]
    {
        assert_eq!(page.value_of(field), value, "{field}");
    }
    assert!(page.has("本文に前の日付があります(10月20日(火))"), "{}", page.text);
    assert!(page.has("action=\"/console/posts/new\""));
}

#[tokio::test]
async fn what_says_the_same_and_what_is_the_same_evening_stands_beside_a_post() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut other = training("看取りの勉強会");
    other.body = "人生の最終段階の意思決定支援について、事例を通して考えます。".to_owned();
    let clashing = city.submitted(author, other).await;
    let mut same = training("口腔ケアの研修");
    same.event.as_mut().unwrap().date = "2026-11-20".parse().unwrap();
    let similar = city.submitted(author, same).await;
    let mut gone = training("口腔ケア研修");
    gone.event.as_mut().unwrap().capacity = Some(31);
    let gone = city.submitted(author, gone).await;
    let reason = "重複のため".to_owned();
    city.post_command(By::Staff(author), gone, Command::Withdraw { reason }).await.unwrap();
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let page = city.desk("staff-a").await.get(&format!("/posts/{post}")).await;
    let beside =
        page.text.split("近い投稿・同じ日の催し").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(beside.contains(&clashing.to_string()) && beside.contains("同じ時間帯の催し"), "{beside}");
    assert!(beside.contains(&similar.to_string()) && beside.contains("似た内容(一致"), "{beside}");
    assert!(!beside.contains(&gone.to_string()) && !beside.contains(&post.to_string()), "{beside}");
}

/// R19
#[tokio::test]
async fn the_decision_sheet_says_who_decided_what_and_shows_a_broken_chain() {
    let city = City::new().await;
    let post = city.approved().await;
    city.tested(post).await;
    city.member("U1").await;
    let approver = By::Staff(city.centre.post(post).await.unwrap().value.approvals[0].by);
    let schedule = Command::Schedule { at: city.centre.now(), audience: Audience::Members };
    city.post_command(approver, post, schedule).await.unwrap();
    city.centre.start_due_posts().await.unwrap();
    for leased in city.centre.lease_due(10).await.unwrap() {
        city.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
    }
    let path = format!("/posts/{post}/sheet");
    let mut desk = city.desk("staff-a").await;
    let page = desk.get(&path).await;
    let value = city.centre.post(post).await.unwrap().value;
    let subject = Subject::new(&Post::KIND, post);
    let entries = city.centre.audit_of(&subject).await.unwrap();
    let last = entries.last().unwrap();
    for words in
        ["起案", "確認 一郎", "承認 次郎", "第1版", "2人に配信", "職員1人に送信", "2026年10月5日(月) 10:00"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert!(page.has(&value.revision().unwrap().hash.to_hex()));
    assert!(page.has(&format!("記録番号 1–{}", entries.len())) && page.has(&last.hash.to_hex()));
    assert!(page.has("欠けや書き換えはありません"));
    // Somebody changes who it was, in the store itself.
    let stored = city.centre.store().load::<AuditEntry>(&last.key()).await.unwrap().unwrap();
    let mut batch = Batch::new();
    batch
        .update(
            &AuditEntry { who: Who::System, action: "post.taken".to_owned(), ..stored.value.clone() },
            stored.version,
        )
        .unwrap();
    city.centre.store().commit(batch).await.unwrap();
    let page = desk.get(&path).await;
    assert!(page.has("記録の連なりが一致しません"), "{}", page.text);
}
