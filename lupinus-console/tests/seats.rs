//! Open sessions, seen and ended by their owner and by an administrator; and the check of all chains.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City, MINUTE, Page};
use lupinus_core::{
    actor::Role,
    audit::{AuditEntry, Subject},
    staff::Staff,
    store::{Batch, Entity, Op, RecordKey, Store},
};

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

fn sessions(page: &Page) -> usize {
    page.text.matches("にログイン<").count() + page.text.matches("にログイン <").count()
}

async fn ended(city: &City, of: lupinus_core::ids::StaffId) -> Vec<u64> {
    let trail = city.centre.audit_of(&Subject::new(&Staff::KIND, of)).await.unwrap();
    let ended = trail.iter().filter(|entry| entry.action == "staff.sessions_ended");
    ended.map(|entry| entry.detail["sessions"].as_u64().unwrap()).collect()
}

// R22
#[tokio::test]
async fn somebody_sees_their_own_open_sessions_and_ends_one_or_all_others() {
    let city = City::new().await;
    let me = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut elsewhere = city.desk("staff-a").await;
    city.clock.advance(MINUTE);
    let mut third = city.desk("staff-a").await;
    city.clock.advance(MINUTE);
    let mut other = city.desk("admin").await;
    let mut desk = city.desk("staff-a").await;
    let page = desk.get("/account").await;
    assert_eq!(sessions(&page), 3, "{}", page.text);
    assert_eq!(page.text.matches("この画面</span>").count(), 1);
    assert!(page.has("10:00 にログイン") && page.has("10:01 にログイン"), "{}", page.text);

    // The oldest, by its button.
    let key =
        page.text.rsplit("name=\"session\" value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(key.len(), 64, "a hash, which opens nothing");
    let page = desk.post("/account/sessions", &[("session", &key)]).await;
    assert_eq!(page.location(), "/console/account?done=sessions");
    assert!(!is_in(&mut elsewhere).await && is_in(&mut third).await && is_in(&mut desk).await);
    desk.post("/account/sessions", &[("all", "1")]).await;
    assert!(!is_in(&mut third).await && is_in(&mut desk).await && is_in(&mut other).await);
    assert_eq!(ended(&city, me).await, [1, 1]);
    // What names a colleague's session ends nothing.
    let admins = other.get("/account").await;
    assert_eq!(sessions(&admins), 1);
    assert_eq!(desk.post("/account/sessions", &[]).await.status, StatusCode::BAD_REQUEST);
}

// R22
#[tokio::test]
async fn an_administrator_ends_the_sessions_of_a_colleague_and_nobody_ends_anothers_otherwise() {
    let city = City::new().await;
    let lost = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let (mut phone, mut colleague, mut admin) =
        (city.desk("staff-a").await, city.desk("staff-b").await, city.desk("admin").await);
    let key = phone.get("/account").await;
    assert_eq!(sessions(&key), 1);
    // By its name, from another account: it is not theirs.
    let mut second = city.desk("staff-a").await;
    let page = second.get("/account").await;
    let key =
        page.text.rsplit("name=\"session\" value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    colleague.post("/account/sessions", &[("session", &key)]).await;
    assert!(is_in(&mut phone).await && is_in(&mut second).await);
    let path = format!("/staff/{lost}");
    assert!(admin.get(&path).await.has("最後の操作"), "the administrator sees that there are some");
    let page = admin.post(&format!("{path}/sessions"), &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(!is_in(&mut phone).await && !is_in(&mut second).await);
    assert!(is_in(&mut colleague).await && is_in(&mut admin).await);
    assert_eq!(ended(&city, lost).await, [2]);
    assert!(admin.get(&path).await.has("ログインしている画面はありません"));
}

// R19
#[tokio::test]
async fn the_chains_are_checked_from_the_console_and_a_change_behind_its_back_is_named() {
    let city = City::new().await;
    let staff = city.staff("reader", "監査 四郎", &[Role::Auditor]).await;
    let mut desk = city.desk("reader").await;
    let page = desk.get("/audit/check").await;
    assert!(page.has("いま検査する") && !page.has("欠けや書き換え"), "{}", page.text);
    let page = desk.post("/audit/check", &[]).await;
    assert!(page.has("欠けや書き換えはありません"), "{}", page.text);
    assert!(desk.get("/audit/check").await.has("欠けや書き換えはありません"), "what was found last is shown");

    let subject = Subject::new(&Staff::KIND, staff);
    let key = RecordKey::new(AuditEntry::KIND, AuditEntry::key_of(&subject, 1));
    let mut record = city.store.get(&key).await.unwrap().unwrap();
    let expected = record.version;
    record.body = record.body.replace("staff.created", "staff.creates").into();
    let mut batch = Batch::new();
    batch.push(Op::Update { record, expected });
    city.store.commit(batch).await.unwrap();
    let page = desk.post("/audit/check", &[]).await;
    // By what it is called, and with no link to a page that is not theirs to open.
    let about: String = staff.to_string().chars().take(8).collect();
    assert!(page.has(&format!("職員 {about}:1番の記録が書き換えられています")), "{}", page.text);
    let link = format!("/staff/{staff}");
    assert!(!page.has(&link), "{}", page.text);
    let mut admin = city.desk("admin").await;
    assert!(admin.post("/audit/check", &[]).await.has(&link), "whoever may open it is led there");
}
