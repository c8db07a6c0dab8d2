//! やること: the one list, live.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::time::Duration;

use axum::http::StatusCode;
use kit::{City, MINUTE, training};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    outbox::SendOutcome,
    policy::Policy,
    post::{Command, Urgency},
    service::By,
};

/// Where these words stand, one behind the other.
fn in_this_order(text: &str, words: &[&str]) -> bool {
    let places: Vec<Option<usize>> = words.iter().map(|word| text.find(word)).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

/// A city whose pages listen as long as a real one's.
async fn listening() -> City {
    City::with(Policy::default(), |console| console.stream_life(Duration::from_secs(25))).await
}

/// R17
#[tokio::test]
async fn everything_that_waits_stands_in_one_list_with_age_and_who_is_on_it() {
    let city = City::new().await;
    let approved = city.approved().await;
    let author = city.staff("staff-c", "起案 三郎", &[Role::Checker]).await;
    let storm = city.submitted_as(author, training("大雨の連絡"), Urgency::Emergency).await;
    city.post_command(By::Staff(author), storm, Command::Take).await.unwrap();
    let approver = city.staff("staff-d", "決裁 四郎", &[Role::Approver, Role::Consultant]).await;
    let approve = Command::Approve { revision: 1, confirmed: false };
    city.post_command(By::Staff(approver), storm, approve).await.unwrap();
    let member = city.member("U1").await;
    let at = city.centre.now();
    let schedule = Command::Schedule { at, audience: Audience::Members };
    city.post_command(By::Staff(approver), storm, schedule).await.unwrap();
    city.centre.start_due_posts().await.unwrap();
    for leased in city.centre.lease_due(10).await.unwrap() {
        city.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
    }
    city.asks(member, "週末に対応できる業者を知りたいです。").await;
    city.clock.advance(14 * MINUTE);
    city.submitted(author, training("嚥下の研修")).await;
    let page = city.desk("staff-d").await.get("").await;
    let order = ["今月の配信数が足り", "【緊急】大雨の連絡", "口腔ケア研修", "分類なし", "嚥下の研修"];
    assert!(in_this_order(&page.text, &order), "{}", page.text);
    assert!(page.has("もう一人の署名が必要です") && page.has(">14分<") && page.has("担当者なし"));
    assert!(page.has("<title>(5) やること | "), "{}", page.text);
    let mut desk = city.desk("staff-b").await;
    let subject = format!("post/{approved}");
    let page = desk.post("/queue/claim", &[("subject", &subject)]).await;
    assert_eq!(page.location(), "/console?done=claim");
    let mine = desk.get("?view=mine").await;
    assert!(
        mine.has("口腔ケア研修") && mine.has("担当 承認 次郎") && !mine.has("嚥下の研修"),
        "{}",
        mine.text
    );
    let free = desk.get("?view=free").await;
    assert!(!free.has("口腔ケア研修") && free.has("嚥下の研修"));
    desk.post("/queue/unclaim", &[("subject", &subject)]).await;
    assert!(desk.get("?view=free").await.has("口腔ケア研修"));
}

#[tokio::test]
async fn a_colleagues_claim_is_taken_over_only_by_whoever_has_seen_whose_it_is() {
    let city = City::new().await;
    let post = city.approved().await;
    let subject = format!("post/{post}");
    let (mut a, mut b) = (city.desk("staff-a").await, city.desk("staff-b").await);
    // Both see it free; one is faster.
    a.post("/queue/claim", &[("subject", &subject)]).await;
    let page = b.post("/queue/claim", &[("subject", &subject)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("ほかの方が先に担当になりました") && page.has("担当 確認 一郎"), "{}", page.text);
    let holder = page.value_of("instead_of");
    let page = b.post("/queue/claim", &[("subject", &subject), ("instead_of", &holder)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(b.get("").await.has("担当 承認 次郎"));
}

#[tokio::test]
async fn what_the_month_will_not_suffice_for_is_shown_to_whoever_decides_on_sendings() {
    let city = City::with(Policy::default(), |console| {
        let quota = lupinus_core::outbox::Quota { limit: Some(200), used: 150 };
        console.channel(std::sync::Arc::new(kit::QuotaOnly(quota)))
    })
    .await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    assert!(city.desk("staff-b").await.get("").await.has("今月の配信数が足りなくなる見込みです"));
    assert!(!city.desk("staff-a").await.get("").await.has("足りなくなる見込み"));
}

#[tokio::test(start_paused = true)]
async fn an_open_page_hears_that_something_changed_and_nothing_of_what() {
    let city = listening().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-e", "相談 五郎", &[Role::Consultant]).await;
    let (mut desk, mut consultant) = (city.desk("staff-a").await, city.desk("staff-e").await);
    let change = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        city.submitted(author, training("嚥下の研修")).await;
    };
    let (heard, other, ()) =
        tokio::join!(desk.get("/queue/events?reload"), consultant.get("/queue/events?reload"), change);
    assert_eq!(heard.headers["content-type"], "text/event-stream");
    assert_eq!(heard.text.matches("event: changed").count(), 1, "{}", heard.text);
    assert!(!heard.has("嚥下") && heard.text.len() < 200, "{}", heard.text);
    assert!(!other.has("changed"), "who may not see posts hears nothing of them");
    // What happened between two streams is heard with the next.
    let id = heard.text.rsplit("id: ").next().unwrap().split('\n').next().unwrap().to_owned();
    desk.headers.push(("last-event-id", id));
    assert!(!desk.get("/queue/events?reload").await.has("changed"));
    city.submitted(author, training("看取りの研修")).await;
    assert!(desk.get("/queue/events?reload").await.has("event: changed"));
}

#[tokio::test(start_paused = true)]
async fn streams_are_bounded_end_with_the_program_and_need_a_session() {
    let city = listening().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let desk = city.desk("staff-a").await;
    let path = "/queue/events?reload";
    assert_eq!(city.browser().get(path).await.status, StatusCode::SEE_OTHER);
    let mut tabs = [desk.clone(), desk.clone(), desk.clone(), desk.clone(), desk.clone()];
    let [one, two, three, four, five] = &mut tabs;
    let pages = tokio::join!(one.get(path), two.get(path), three.get(path), four.get(path), five.get(path));
    let statuses = <[kit::Page; 5]>::from(pages).map(|page| page.status);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 4, "{statuses:?}");
    assert!(statuses.contains(&StatusCode::NO_CONTENT));
    assert_eq!(one.get(path).await.status, StatusCode::OK, "a place is free again");
    let begun = tokio::time::Instant::now();
    let close = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        city.console.close();
    };
    let (page, ()) = tokio::join!(one.get(path), close);
    assert_eq!(page.status, StatusCode::OK);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_a_page_asks_for_by_itself_keeps_no_session_alive() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    for _ in 0..5 {
        city.clock.advance(11 * MINUTE);
        let part = desk.get("/queue/list?reload&view=late").await;
        assert_eq!(part.status, StatusCode::OK);
        assert!(part.has("data-title=") && !part.has("<html"), "{}", part.text);
    }
    city.clock.advance(6 * MINUTE);
    assert_eq!(desk.get("/queue/list?reload&view=late").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn those_whose_turn_it_is_are_reminded_in_opening_time_of_what_is_late() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker, Role::Approver]).await;
    let approver = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.post_command(By::Staff(approver), post, Command::Take).await.unwrap();
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0, "it is in its time");
    city.clock.set(kit::at("2026-10-06T20:00:00+09:00"));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0, "the centre is closed");
    for (time, reminded) in
        [("2026-10-07T10:00:00+09:00", 1), ("2026-10-07T10:01:00+09:00", 0), ("2026-10-08T10:00:00+09:00", 1)]
    {
        city.clock.set(kit::at(time));
        assert_eq!(city.centre.remind_overdue().await.unwrap(), reminded, "{time}");
    }
    let about = lupinus_core::audit::Subject::new(&lupinus_core::store::Kind::new("post"), post);
    let trail = city.centre.audit_of(&about).await.unwrap();
    let last = trail.last().unwrap();
    assert_eq!((last.action.as_str(), &last.detail["times"]), ("post.reminded", &2.into()));
    assert_eq!(last.detail["to"], serde_json::json!([approver]), "not its author");
    let page = city.desk("staff-b").await.get("").await;
    assert!(page.has("督促 2回目") && page.has("あなたの番です"), "{}", page.text);
    let page = city.desk("staff-a").await.get("").await;
    assert!(page.has("督促 2回目") && !page.has("あなたの番です"), "{}", page.text);
}
