//! Trial and live at the console.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::sync::Arc;

use axum::http::StatusCode;
use kit::{Browser, City, Page, training};
use lupinus_console::Examiner;
use lupinus_core::{
    actor::Role,
    launch::{ChannelFinding, Launch},
    outbox::SendOutcome,
    policy::Policy,
};

/// An examiner that finds one thing, bad or good.
#[derive(Debug)]
struct Finds {
    bad: bool,
}

#[async_trait::async_trait]
impl Examiner for Finds {
    async fn examine(&self) -> Vec<ChannelFinding> {
        vec![ChannelFinding {
            what: "応答方法".to_owned(),
            bad: self.bad,
            found: "チャットがオンです".to_owned(),
            to_do: "オフにしてください".to_owned(),
        }]
    }
}

async fn city(bad: bool) -> City {
    City::with(Policy::default(), |console| console.examiner(Arc::new(Finds { bad }))).await
}

/// The hash of what a page shows to be answered for.
fn shown(page: &Page, what: &str) -> String {
    let behind = page.text.split_once(&format!("name=\"what\" value=\"{what}\"")).unwrap().1;
    behind.split_once("name=\"of\" value=\"").unwrap().1.get(..64).unwrap().to_owned()
}

async fn done(desk: &mut Browser, command: &str, fields: &[(&str, &str)]) {
    let page = desk.post(&format!("/launch/{command}"), fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{command}: {}", page.text);
}

/// R26: every page of the console says that staff alone are sent to, and to nobody who is not at a desk.
#[tokio::test]
async fn every_page_says_that_it_is_a_trial() {
    let city = city(true).await;
    city.staff("kakunin", "確認 一郎", &[Role::Checker]).await;
    let (mut desk, mut administrator) = (city.desk("kakunin").await, city.desk("admin").await);
    assert!(!desk.get("").await.has("試行中"));
    city.put(&Launch::trial(city.centre.now())).await;
    for path in ["", "/posts", "/account", "/staff"] {
        let page = desk.get(path).await;
        assert!(page.has("試行中") && !page.has("本番の準備へ"), "{path}: {}", page.text);
    }
    assert!(administrator.get("/posts").await.has("本番の準備へ"));
    assert!(!city.browser().get("/sign-in").await.has("試行中"));
}

/// R23: what stands in the way is said with what to do; once nothing does, two administrators go live, and one goes back.
#[tokio::test]
async fn two_administrators_go_through_the_list_and_go_live() {
    let bad = city(true).await;
    bad.put(&Launch::trial(bad.centre.now())).await;
    let mut desk = bad.desk("admin").await;
    done(&mut desk, "examine", &[]).await;
    let page = desk.get("/launch").await;
    for words in ["要対応", "チャットがオンです", "オフにしてください", "残り"] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let refused = desk.post("/launch/propose", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("確認が済んでいない項目があります"), "{}", refused.text);

    let city = city(false).await;
    city.put(&Launch::trial(city.centre.now())).await;
    city.staff("shunin", "主任 次郎", &[Role::Administrator]).await;
    let author = city.staff("kakunin", "確認 一郎", &[Role::Checker]).await;
    for login in ["shounin", "kachou"] {
        city.staff(login, "承認 三郎", &[Role::Approver]).await;
    }
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.tested(post).await;
    for leased in city.centre.lease_due(10).await.unwrap() {
        city.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
    }
    let (mut one, mut other) = (city.desk("admin").await, city.desk("shunin").await);
    done(&mut one, "examine", &[]).await;
    assert!(one.get("/launch/texts").await.has("ようこそ"));
    for what in ["line_responses", "hours", "texts", "backup"] {
        assert!(!one.get("/launch").await.has("本番の開始を提案する"));
        let of = shown(&one.get(if what == "texts" { "/launch/texts" } else { "/launch" }).await, what);
        done(&mut one, "seen", &[("what", what), ("of", &of)]).await;
    }
    let page = one.get("/launch").await;
    assert!(page.has("本番の開始を提案する") && page.has("管理 花子"), "{}", page.text);
    done(&mut one, "propose", &[]).await;
    let page = one.get("/launch").await;
    assert!(!page.has("承認して本番を始める") && page.has("別の管理者が承認すると"), "{}", page.text);
    let refused = one.post("/launch/confirm", &[]).await;
    assert!(refused.has("提案した方とは別の管理者の承認が必要です"), "{}", refused.text);
    assert!(other.get("/launch").await.has("承認して本番を始める"));
    done(&mut other, "confirm", &[]).await;
    let page = other.get("/launch").await;
    assert!(page.has("いまは本番です") && !page.has("試行中です"), "{}", page.text);
    done(&mut one, "revert", &[]).await;
    assert!(city.centre.launch().await.unwrap().is_trial());
}

/// What somebody answers for is what their page showed them: hours that were changed meanwhile are to be looked at again.
#[tokio::test]
async fn nobody_answers_for_what_changed_since_they_looked() {
    let city = city(false).await;
    city.put(&Launch::trial(city.centre.now())).await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/launch").await;
    assert!(page.has("土曜日: 休み"), "the hours themselves are there: {}", page.text);
    let of = shown(&page, "hours");
    let page = desk.post("/launch/seen", &[("what", "hours"), ("of", &"0".repeat(64))]).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
    assert!(page.has("内容が変わりました") && !page.has("最後に確かめたのは"), "{}", page.text);
    assert_eq!(desk.post("/launch/seen", &[("what", "hours")]).await.status, StatusCode::BAD_REQUEST);
    done(&mut desk, "seen", &[("what", "hours"), ("of", &of)]).await;
    assert!(desk.get("/launch").await.has("最後に確かめたのは"));
}

/// R33: in trial the confirmation names staff and the mark; whoever was shown that sends nothing to members, nor the other way round.
#[tokio::test]
async fn a_confirmation_from_before_the_centre_went_live_sends_nothing() {
    let city = city(false).await;
    city.member("U1").await;
    let post = city.approved().await;
    city.put(&Launch::trial(city.centre.now())).await;
    let mut desk = city.desk("staff-b").await;
    let (confirm, send) = (format!("/posts/{post}/send/confirm"), format!("/posts/{post}/send"));
    let page = desk.post(&confirm, &[("scope", "members"), ("when", "now")]).await;
    assert!(page.has("届く方がいません") && page.has("class=\"primary\" disabled"), "{}", page.text);
    let author = city.centre.staff_list().await.unwrap().into_iter().find(|staff| staff.login == "staff-a");
    city.link(author.unwrap().id, "Ustaff").await;
    let later = [("scope", "members"), ("when", "later"), ("date", "2026-10-12"), ("time", "12:00")];
    let page = desk.post(&confirm, &later).await;
    for words in ["LINEを結び付けた職員だけ", "【テスト】", "この日時までに本番が始まると"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    for (in_trial, shown) in [(true, ""), (false, "1")] {
        city.put(&if in_trial { Launch::trial(city.centre.now()) } else { Launch::live() }).await;
        let fields = [("scope", "members"), ("when", "now"), ("revision", "1"), ("trial", shown)];
        let page = desk.post(&send, &fields).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
        assert!(page.has("試行と本番が切り替わりました"), "{}", page.text);
        assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "approved");
    }
}

/// R27: nobody is offered to let go what is held because it is for members, before the centre is live again.
#[tokio::test]
async fn what_is_held_by_the_trial_is_let_go_once_it_is_over() {
    let city = city(false).await;
    city.member("U1").await;
    let post = city.approved().await;
    let approver = city.staff("shounin", "承認 三郎", &[Role::Approver]).await;
    let mut desk = city.desk("shounin").await;
    let schedule = lupinus_core::post::Command::Schedule {
        at: city.centre.now(),
        audience: lupinus_core::audience::Audience::Members,
    };
    city.post_command(lupinus_core::service::By::Staff(approver), post, schedule).await.unwrap();
    city.centre.start_due_posts().await.unwrap();
    city.put(&Launch::trial(city.centre.now())).await;
    assert!(city.centre.lease_due(10).await.unwrap().iter().all(|leased| leased.post.is_none()));
    let page = desk.get("/outbox").await;
    assert!(page.has("試行中のため") && !page.has("保留を解除して送る"), "{}", page.text);
    city.put(&Launch::live()).await;
    assert!(desk.get("/outbox").await.has("保留を解除して送る"));
}
