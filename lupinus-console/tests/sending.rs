//! Sending from the desk: what was filled in counts, and what failed is sent once more.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::sync::Arc;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_console::Console;
use lupinus_core::{
    actor::Role,
    audience::Audience,
    clock::{Clock, ManualClock},
    hash::Sha256Hash,
    outbox::SendOutcome,
    policy::Policy,
    post::{Attachment, Category, Command, PostState},
    screening::Screen,
    service::{By, Centre},
};

// R33
#[tokio::test]
async fn what_was_filled_in_and_not_chosen_is_asked_about_and_never_ignored() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let path = format!("/posts/{post}/send/confirm");
    for (fields, says) in [
        (vec![("scope", "members"), ("profession", "Nurse"), ("when", "now")], "条件にチェックがあります"),
        (vec![("scope", "members"), ("when", "now"), ("date", "2026-10-12")], "日時が入力されています"),
    ] {
        let page = desk.post(&path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has(says) && !page.has("この内容で配信します"), "{}", page.text);
    }
}

/// A clock that goes on by a millisecond whenever somebody looks at it.
#[derive(Debug)]
struct Ticking(Arc<ManualClock>);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        self.0.advance(std::time::Duration::from_millis(1));
        self.0.now()
    }
}

#[tokio::test]
async fn a_sending_can_be_prepared_and_begun_at_once_though_time_goes_on_meanwhile() {
    let mut city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let ids = Arc::new(lupinus_core::ids::SeededIds::new(2));
    let clock = Arc::new(Ticking(city.clock.clone()));
    let centre = Centre::new(Arc::new(city.store.clone()), clock, ids, Screen::default(), Policy::default());
    city.console = Console::builder(centre).city("ルピナス市").account("ルピナスセンター").build();
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has(&format!("/posts/{post}/send\"")), "{}", page.text);
    assert_eq!(desk.get(&format!("/posts/{post}/send")).await.status, StatusCode::OK);
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    let page = desk.post(&format!("/posts/{post}/send/confirm"), &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let page = desk.post(&format!("/posts/{post}/send"), &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

#[tokio::test]
async fn a_sending_to_nobody_says_so_and_has_no_button() {
    let city = City::new().await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let path = format!("/posts/{post}/send/confirm");
    let page = desk.post(&path, &[("scope", "members"), ("when", "now")]).await;
    assert!(page.has("届く方がいません") && page.has("class=\"primary\" disabled"), "{}", page.text);
    city.member("U1").await;
    let page = desk.post(&path, &[("scope", "members"), ("when", "now")]).await;
    assert!(!page.has("届く方がいません") && !page.has("class=\"primary\" disabled"), "{}", page.text);
}

#[tokio::test]
async fn what_line_refused_is_sent_once_more_from_the_posts_own_page() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let by = By::Staff(city.staff("staff-c", "決裁 三郎", &[Role::Approver]).await);
    let schedule = Command::Schedule { at: city.centre.now(), audience: Audience::Members };
    city.post_command(by, post, schedule).await.unwrap();
    city.centre.start_due_posts().await.unwrap();
    for item in city.centre.lease_due(10).await.unwrap() {
        let refused = SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None };
        city.centre.settle(&item, refused).await.unwrap();
    }
    let mut checker = city.desk("staff-a").await;
    let path = format!("/posts/{post}/resend");
    assert!(!checker.get(&format!("/posts/{post}")).await.has(&format!("{path}\"")));
    assert_eq!(checker.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("届いていない方に再配信する"), "{}", page.text);
    let page = desk.post(&path, &[]).await;
    assert_eq!(page.location(), format!("/console/posts/{post}?done=resend"));
    let state = city.centre.post(post).await.unwrap().value.state;
    assert!(matches!(state, PostState::Sending { .. }), "{state:?}");
    assert!(desk.get(&format!("/posts/{post}")).await.has("再配信"));
}

// R11
#[tokio::test]
async fn what_has_a_picture_is_approved_only_by_somebody_who_says_that_they_looked_at_it() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let mut content = training("口腔ケア研修");
    content.attachments.push(Attachment {
        sha256: Sha256Hash::of(b"flyer"),
        name: "flyer.png".to_owned(),
        media_type: "image/png".to_owned(),
        size_bytes: 5,
        alt: "研修のちらし".to_owned(),
        look: None,
        checked: true,
    });
    let post = city.submitted(author, content).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let mut desk = city.desk("staff-b").await;
    assert!(desk.get(&format!("/posts/{post}")).await.has("添付を開き"));
    let path = format!("/posts/{post}/approve");
    let page = desk.post(&path, &[("revision", "1")]).await;
    assert!(page.status.is_client_error() && page.has("添付があります"), "{}", page.text);
    let page = desk.post(&path, &[("revision", "1"), ("confirmed", "1")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

// R16
#[tokio::test]
async fn a_return_is_pinned_only_to_a_field_that_the_post_has() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Checker]).await;
    let mut content = training("取組の紹介");
    (content.category, content.event) = (Category::Initiative, None);
    let post = city.submitted(author, content).await;
    let event = city.submitted(author, training("口腔ケア研修")).await;
    let mut desk = city.desk("staff-b").await;
    for (post, has_contact) in [(post, false), (event, true)] {
        desk.post(&format!("/posts/{post}/take"), &[]).await;
        let page = desk.get(&format!("/posts/{post}")).await;
        assert!(page.has("<option value=\"title\""), "{}", page.text);
        assert_eq!(page.has("<option value=\"contact\""), has_contact);
    }
}

#[tokio::test]
async fn a_sending_that_was_stopped_goes_on_from_its_own_page() {
    let city = City::new().await;
    let post = city.approved().await;
    city.member("U1").await;
    let approver = By::Staff(city.centre.post(post).await.unwrap().value.approvals[0].by);
    let schedule = Command::Schedule { at: city.centre.now(), audience: Audience::Members };
    city.post_command(approver, post, schedule).await.unwrap();
    city.centre.start_due_posts().await.unwrap();
    let path = format!("/posts/{post}/resume");
    let (mut checker, mut desk) = (city.desk("staff-a").await, city.desk("staff-b").await);
    let page = desk.post(&path, &[]).await;
    assert!(page.status.is_client_error() && page.has("もう保留されていません"), "nothing was stopped");
    desk.post(&format!("/posts/{post}/stop"), &[]).await;
    let of_post = async || {
        let leased = city.centre.lease_due(10).await.unwrap();
        leased.into_iter().filter(|leased| leased.post.is_some()).count()
    };
    assert_eq!(of_post().await, 0);
    assert_eq!(checker.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    assert!(desk.get(&format!("/posts/{post}")).await.has("止めた配信を再開する"));
    assert_eq!(desk.post(&path, &[]).await.location(), format!("/console/posts/{post}?done=resume"));
    assert_eq!(of_post().await, 1);
    assert!(desk.get(&format!("/posts/{post}")).await.has("配信の再開"), "the trail says so");
}
