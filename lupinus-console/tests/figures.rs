//! The report of a month and of a year.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::{StatusCode, header};
use kit::{City, at, training};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    choices::Areas,
    consultation,
    delivery::{Delivery, DeliveryState},
    ids::{BodyId, ContactId, DeliveryId, MemberId, PostId},
    member::{Area, Profession},
    outbox::DeliveryKind,
    post::{Category, Command, Content, Urgency},
    service::{By, Draft, ProfileChange},
};
use uuid::Uuid;

/// A city with members of two professions, a body, and a console that knows their names.
async fn city() -> City {
    let areas = Areas::offering(vec![Area("北部".to_owned())]);
    let policy = lupinus_core::policy::Policy { areas, ..lupinus_core::policy::Policy::default() };
    City::with(policy, |console| console.kept_at("このサーバの data フォルダ(sled)")).await
}

async fn member(city: &City, address: &str, profession: Option<&str>, area: Option<&str>) -> MemberId {
    let id = city.member(address).await;
    let changes = [
        ProfileChange::Profession(profession.map(|key| Profession(key.to_owned()))),
        ProfileChange::Area(area.map(|name| Area(name.to_owned()))),
    ];
    let made = city.centre.transact(|mut work| {
        let changes = changes.clone();
        async move {
            work.update_profile(By::Member(id), &changes).await?;
            work.done(())
        }
    });
    made.await.unwrap();
    id
}

async fn sent(city: &City, post: PostId, number: u128, people: u32, kind: DeliveryKind) {
    let stored = city.centre.post(post).await.unwrap().value;
    let delivery = Delivery {
        id: DeliveryId::from_uuid(Uuid::from_u128(number)),
        post,
        revision: 1,
        content: stored.revisions[0].hash,
        kind,
        audience: Audience::Members,
        recipients: people,
        chunks: 1,
        accepted: 1,
        failed: 0,
        state: DeliveryState::Complete,
        started_at: city.centre.now(),
        ended_at: Some(city.centre.now()),
    };
    let made = city.centre.transact(|mut work| {
        let delivery = delivery.clone();
        async move {
            work.insert(&delivery)?;
            work.done(())
        }
    });
    made.await.unwrap();
}

async fn handed_in(city: &City, by: By, body: Option<BodyId>, content: Content) -> PostId {
    let made = city.centre.transact(|mut work| {
        let draft =
            Draft { content: content.clone(), urgency: Urgency::Normal, audience: Audience::Members, body };
        async move {
            let post = work.draft_and_submit(by, draft).await?;
            work.done(post.id)
        }
    });
    made.await.unwrap()
}

async fn consultation_command(
    city: &City,
    by: By,
    id: lupinus_core::ids::ConsultationId,
    command: consultation::Command,
) {
    let made = city.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            work.consultation_command(by, id, command).await?;
            work.done(())
        }
    });
    made.await.unwrap();
}

/// What happened in October 2026, and a little before and after it.
async fn october(city: &City) {
    let checker = By::Staff(city.staff("staff-a", "確認 一郎", &[Role::Checker]).await);
    let approver = By::Staff(city.staff("staff-b", "承認 次郎", &[Role::Approver, Role::Consultant]).await);
    let nurse = member(city, "Unurse", Some("HomeVisitNurse"), Some("北部")).await;
    let manager = member(city, "Umanager", Some("CareManager"), None).await;
    member(city, "Uown", Some("移動図書館の運転手"), None).await;
    let left = city.member("Uleft").await;
    let made = city.centre.transact(|mut work| async move {
        work.unfollow(&ContactId::new("Uleft")).await?;
        work.done(left)
    });
    made.await.unwrap();

    let post = handed_in(city, checker, None, training("口腔ケア研修")).await;
    city.post_command(checker, post, Command::Take).await.unwrap();
    city.post_command(approver, post, Command::Approve { revision: 1, confirmed: false }).await.unwrap();
    sent(city, post, 1, 211, DeliveryKind::Production).await;
    sent(city, post, 2, 2, DeliveryKind::Test).await; // no member saw it
    let notice =
        Content { category: Category::Notice, event: None, ..training("制度改正のお知らせ") };
    let notice = handed_in(city, approver, None, notice).await;
    sent(city, notice, 3, 350, DeliveryKind::Production).await;
    sent(city, notice, 4, 3, DeliveryKind::Production).await; // once more, to those whom it missed

    let asked =
        city.asks(nurse, "週末に使える輸液ポンプの業者を知りたいです。佐藤花子さん(82)の件です。").await;
    city.clock.advance(kit::MINUTE * 14);
    consultation_command(city, approver, asked, consultation::Command::Take).await;
    let answer = consultation::Command::Answer { text: "2社が対応しています。".to_owned() };
    consultation_command(city, approver, asked, answer).await;
    city.desk("staff-a").await;
    city.browser().sign_in("staff-a", "まちがったパスワード").await;

    city.clock.set(at("2026-11-02T10:00:00+09:00"));
    city.asks(manager, "在宅酸素の手続きを教えてください。").await;
}

fn text(bytes: &str) -> String {
    bytes.trim_start_matches('\u{FEFF}').replace("\r\n", "\n")
}

// R50, R3
#[tokio::test]
async fn the_month_as_csv_is_what_happened_in_it() {
    let city = city().await;
    october(&city).await;
    let mut desk = city.desk("staff-b").await;
    let page = desk.get("/figures/csv?period=2026-10").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(page.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"figures-2026-10.csv\"");
    assert!(
        page.text.starts_with('\u{FEFF}') && page.text.contains("\r\n"),
        "a spreadsheet reads it as it is"
    );
    let golden = include_str!("golden/figures-2026-10.csv");
    assert_eq!(text(&page.text), text(golden), "the golden file has the old figures, or these are wrong");
}

// R50
#[tokio::test]
async fn the_year_holds_its_twelve_months() {
    let city = city().await;
    october(&city).await;
    let mut desk = city.desk("staff-b").await;
    let year = text(&desk.get("/figures/csv?period=2026").await.text);
    let row = |name: &str| year.lines().filter(|line| line.contains(name)).collect::<Vec<_>>();
    assert_eq!(row("月別の相談").len(), 12, "{year}");
    for (words, value) in [
        ("月別の相談,令和8年10月,件", 1),
        ("月別の相談,令和8年11月,件", 1),
        ("月別の相談,令和9年3月,件", 0),
        ("月別の配信,令和8年10月,延べ配信人数", 564),
        ("相談の件数,受付,件", 2),
        ("相談の件数,未回答,件", 1),
        ("相談の件数,相談した会員(人),件", 2),
    ] {
        assert_eq!(row(words), [format!("2026,{}", row(words)[0].split_once(',').unwrap().1)]);
        assert!(row(words)[0].ends_with(&format!(",{value}")), "{words}: {:?}", row(words));
    }
}

// R50
#[tokio::test]
async fn the_page_has_six_headings_with_charts_and_no_word_of_a_member() {
    let city = city().await;
    october(&city).await;
    let mut desk = city.desk("staff-b").await;
    let page = desk.get("/figures?period=2026-10").await;
    assert_eq!(page.status, StatusCode::OK);
    let headings =
        ["1. 会員", "2. 情報発信", "3. 配信の到達と通数", "4. 相談", "5. 個人情報の保護", "6. 運用と体制"];
    for heading in headings {
        assert!(page.has(&format!("<h2>{heading}</h2>")), "{heading}");
    }
    assert_eq!(page.text.matches("<h2>").count(), headings.len());
    assert!(page.has("令和8年10月の集計") && page.has("<svg") && page.has("564"));
    assert!(!page.has("移動図書館"), "a profession in a member's own words is nobody's to read here");
    assert!(page.has("その他(自由記述)"));
    assert!(!page.text.contains("style=\""), "the policy of the page allows none");
    assert!(!page.has("期間の途中です") && desk.get("/figures").await.has("期間の途中です"));
}

#[tokio::test]
async fn the_present_month_is_shown_unless_another_is_asked_for_and_nonsense_is_refused() {
    let city = city().await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/figures").await;
    assert!(page.has("令和8年10月の集計") && page.has("period=2026-09") && !page.has("period=2026-11"));
    assert!(desk.get("/figures?period=2026").await.has("令和8年度の集計"));
    for nonsense in ["2026-13", "1999", "x", "2026-10-01", "9999", "-2026", "２０２６"] {
        let page = desk.get(&format!("/figures?period={nonsense}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{nonsense}");
        assert_eq!(
            desk.get(&format!("/figures/csv?period={nonsense}")).await.status,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn no_name_in_the_csv_is_a_formula() {
    let city = city().await;
    let approver = By::Staff(city.staff("staff-b", "承認 次郎", &[Role::Approver]).await);
    for (number, name) in ["=HYPERLINK(1)", "+1", "-1", "@SUM", "訪問\"看護\",協会"].into_iter().enumerate()
    {
        let body = city.body(name).await;
        let post = handed_in(&city, approver, Some(body), training("研修")).await;
        sent(&city, post, number as u128 + 1, 1, DeliveryKind::Production).await;
    }
    let csv = text(&city.desk("admin").await.get("/figures/csv?period=2026-10").await.text);
    for name in ["'=HYPERLINK(1)", "'+1", "'-1", "'@SUM", "\"訪問\"\"看護\"\",協会\""] {
        assert!(csv.contains(&format!("団体別の配信,{name},投稿(件),1")), "{name}: {csv}");
    }
}

// R24
#[tokio::test]
async fn core_itself_shows_figures_to_the_staff_and_to_the_program_alone() {
    let city = city().await;
    let nurse = member(&city, "Unurse", None, None).await;
    let period = "2026-10".parse().unwrap();
    let refused = city.centre.figures(By::Member(nurse), period).await.unwrap_err();
    assert!(matches!(refused, lupinus_core::service::ServiceError::NotAllowed), "{refused:?}");
    for by in [By::System, By::Staff(city.administrator)] {
        assert_eq!(city.centre.figures(by, period).await.unwrap().members.registered, 1);
    }
}

/// R50: figures are counted once a minute at most, and the page says when; whoever may not see them does not see what was kept either.
#[tokio::test]
async fn figures_of_the_last_minute_are_shown_as_they_were_counted() {
    let city = city().await;
    let mut desk = city.desk("admin").await;
    let registered = |page: &kit::Page| {
        let rest = page.text.split("<th scope=\"row\">会員(規約に同意)</th>").nth(1).map(str::to_owned);
        rest.unwrap_or_else(|| page.text.clone()).split("</td>").next().unwrap_or_default().to_owned()
    };
    let before = registered(&desk.get("/figures").await);
    member(&city, "Unew", None, None).await;
    let kept = desk.get("/figures").await;
    assert_eq!(registered(&kept), before, "a minute has not passed");
    city.clock.advance(kit::MINUTE);
    let anew = desk.get("/figures").await;
    assert_ne!(registered(&anew), before, "{}", anew.text);
}
