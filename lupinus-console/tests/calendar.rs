//! The calendar of sendings.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, at, training};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    ids::{PostId, StaffId},
    outbox::SendOutcome,
    post::Command,
    service::By,
};

async fn scheduled(city: &City, author: StaffId, approver: StaffId, title: &str, when: &str) -> PostId {
    let post = city.submitted(author, training(title)).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let approve = Command::Approve { revision: 1, confirmed: false };
    city.post_command(By::Staff(approver), post, approve).await.unwrap();
    let schedule = Command::Schedule { at: at(when), audience: Audience::Members };
    city.post_command(By::Staff(approver), post, schedule).await.unwrap();
    post
}

/// What stands in the cell of this day of the month.
fn cell(text: &str, day: u8) -> &str {
    let number = format!("<p class=\"day-number\">{day}<");
    let of_month = |cell: &&str| cell.contains(&number) && !cell.starts_with(" class=\"day-other");
    text.split("<td").find(of_month).unwrap().split("</td>").next().unwrap()
}

/// R31
#[tokio::test]
async fn a_month_shows_what_is_planned_and_sent_with_closing_days_and_quiet_hours() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let approver = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    city.member("U1").await;
    let sent = scheduled(&city, author, approver, "届いた研修", "2026-10-05T10:00:00+09:00").await;
    city.centre.start_due_posts().await.unwrap();
    for leased in city.centre.lease_due(10).await.unwrap() {
        city.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
    }
    let noon = scheduled(&city, author, approver, "昼の研修", "2026-10-08T12:00:00+09:00").await;
    scheduled(&city, author, approver, "夜の研修", "2026-10-09T19:00:00+09:00").await;
    city.submitted(author, training("まだの研修")).await;
    let page = city.desk("staff-a").await.get("/calendar").await;
    let (fifth, eighth, ninth) = (cell(&page.text, 5), cell(&page.text, 8), cell(&page.text, 9));
    assert!(fifth.contains(&format!("/posts/{sent}")) && fifth.contains("配信済み 1人"), "{fifth}");
    assert!(fifth.contains("aria-current=\"date\""));
    assert!(eighth.contains(&format!("/posts/{noon}")) && eighth.contains("12:00"), "{eighth}");
    assert!(!eighth.contains("まで待ちます"));
    // Friday evening, then a weekend and a holiday.
    assert!(ninth.contains("夜の研修") && ninth.contains("10月13日(火) 8:00 まで待ちます"), "{ninth}");
    assert!(cell(&page.text, 12).contains("スポーツの日"));
    assert!(page.has("18:00から8:00まで、また閉庁日は終日") && !page.has("まだの研修"), "{}", page.text);
}

#[tokio::test]
async fn one_goes_from_month_to_month_and_what_is_none_names_nothing() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let page = desk.get("/calendar?month=2027-01").await;
    assert!(page.has("2027年1月") && page.has("month=2026-12\"") && page.has("month=2027-02\""));
    assert!(cell(&page.text, 2).contains("年末年始") && page.has("この月の配信はありません"));
    for month in ["2026-13", "x", "9999-12-01", ""] {
        assert_eq!(
            desk.get(&format!("/calendar?month={month}")).await.status,
            StatusCode::NOT_FOUND,
            "{month}"
        );
    }
    assert_eq!(desk.get("/calendar?month=9999-12").await.status, StatusCode::NOT_FOUND);
}
