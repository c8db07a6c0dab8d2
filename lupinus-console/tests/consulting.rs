//! Handing a consultation on, merging, reopening, and what the thread shows of it.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City, MINUTE};
use lupinus_core::{actor::Role, consultation::Rating, ids::MemberId, service::By};

async fn desk(city: &City) -> (Browser, String, MemberId) {
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let other = city.staff("staff-d", "応対 太郎", &[Role::Consultant]).await.to_string();
    let member = city.member("U1").await;
    (city.desk("staff-c").await, other, member)
}

#[tokio::test]
async fn a_consultation_is_handed_to_a_colleague_with_a_summary_and_kept_when_that_is_refused() {
    let city = City::new().await;
    let (mut desk, other, member) = desk(&city).await;
    let id = city.asks(member, "質問です。").await;
    let path = |command: &str| format!("/consultations/{id}/{command}");
    let named = "患者の電話は090-1234-5678です。";
    let page = desk.post(&path("transfer"), &[("to", &other), ("summary", named)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.has("mark-block\">090-1234-5678") && page.has(&format!("{named}</textarea>")),
        "{}",
        page.text
    );
    let page = desk.post(&path("transfer"), &[("to", &other), ("summary", "在庫の返事待ちです。")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("応対 太郎さんへ引継ぎ") && page.has("在庫の返事待ちです。"), "{}", page.text);
}

#[tokio::test]
async fn staff_say_what_a_consultation_is_about_and_take_it_back() {
    let city = City::new().await;
    let (mut desk, _, member) = desk(&city).await;
    let id = city.asks(member, "質問です。").await;
    let topic = format!("/consultations/{id}/topic");
    desk.post(&topic, &[("topic", "oral")]).await;
    let page = desk.get("/consultations").await;
    assert!(page.has("row-title\">口腔"), "{}", page.text);
    desk.post(&topic, &[("topic", "")]).await;
    assert!(desk.get("/consultations").await.has("row-title\">分類なし"));
}

#[tokio::test]
async fn two_threads_of_one_member_become_one_and_both_can_be_read() {
    let city = City::new().await;
    let (mut desk, _, member) = desk(&city).await;
    let first = city.asks(member, "前の質問です。").await;
    desk.post(&format!("/consultations/{first}/resolve"), &[]).await;
    city.clock.advance(MINUTE * 60 * 24 * 30);
    let mut desk = city.desk("staff-c").await;
    let second = city.asks(member, "後の質問です。").await;
    assert!(desk.get(&format!("/consultations/{second}")).await.has("この相談に統合する"));
    let merge = format!("/consultations/{second}/merge");
    let earlier = first.to_string();
    let page = desk.post(&merge, &[("earlier", &earlier)]).await;
    assert_eq!(page.location(), format!("/console/consultations/{first}?done=consultation-merge"));
    let page = desk.get(&format!("/consultations/{second}")).await;
    assert!(page.has("後の質問です。") && page.has("統合先の相談"), "{}", page.text);
    let page = desk.get(&format!("/consultations/{first}")).await;
    assert!(
        page.has("前の質問です。") && page.has("この相談に統合</span>") && page.has("対応中"),
        "{}",
        page.text
    );
    let mut other = city.desk("staff-d").await;
    let page = other.post(&merge, &[("earlier", &earlier)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("相談 員子さんが先に操作しました"), "{}", page.text);
    let nowhere = desk.post(&merge, &[("earlier", "x")]).await;
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_resolved_consultation_is_reopened_and_shows_what_its_member_said_of_it() {
    let city = City::new().await;
    let (mut desk, _, member) = desk(&city).await;
    let id = city.asks(member, "質問です。").await;
    let path = |command: &str| format!("/consultations/{id}/{command}");
    desk.post(&path("resolve"), &[]).await;
    let rated = city.centre.transact(|mut work| async move {
        work.rate_consultation(By::Member(member), id, Rating::Fair).await?;
        work.done(())
    });
    rated.await.unwrap();
    assert!(desk.get(&format!("/consultations/{id}")).await.has("どちらともいえない"));
    assert!(city.desk("staff-d").await.get("/figures").await.has("1(20件未満のため参考値)"));
    assert_eq!(desk.post(&path("reopen"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = desk.post(&path("reopen"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(desk.get(&format!("/consultations/{id}")).await.has("担当 相談 員子"));
}

#[tokio::test]
async fn a_consultation_is_found_by_its_words_and_they_stand_in_no_address() {
    let city = City::new().await;
    let (mut desk, _, member) = desk(&city).await;
    let id = city.asks(member, "輸液ﾎﾟﾝﾌﾟの業者は。").await;
    assert!(desk.get("/consultations").await.has("/console/consultations/search"));
    let search = "/consultations/search";
    let form = desk.get(&format!("{search}?words=%E3%83%9D%E3%83%B3%E3%83%97")).await;
    assert!(!form.has("見つかった相談"), "an address asks nothing");
    let page = desk.post(search, &[("words", "ぽんぷ 業者"), ("state", "open"), ("handler", "none")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.has(&format!("/console/consultations/{id}\"")) && page.has("value=\"ぽんぷ 業者\""),
        "{}",
        page.text
    );
    assert!(!page.text.split("<a ").any(|link| link.contains("%E3") && link.contains("words")));
    let none = desk.post(search, &[("words", "ポンプ"), ("state", "resolved")]).await;
    assert!(none.has("該当する相談はありません"), "{}", none.text);
    for field in ["topic", "handler", "after"] {
        assert_eq!(desk.post(search, &[(field, "x")]).await.status, StatusCode::BAD_REQUEST, "{field}");
    }
}
