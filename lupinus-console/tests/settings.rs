//! The settings: changed while the console runs, with their versions, and taken back.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::time::Duration;

use axum::http::StatusCode;
use kit::{Browser, City, at};
use lupinus_core::{
    actor::Role,
    audit::Subject,
    ids::PostId,
    policy::Policy,
    post::{Approvers, MAX_STEPS, PostState, Route, RouteStep, Routes},
    screening::{Action, Context},
    service::{By, Centre, ServiceError},
    settings::{Command, Part, Refusal, Setting, Value},
    store::Entity,
};

async fn change(desk: &mut Browser, part: &str, fields: &[(&str, &str)]) -> kit::Page {
    desk.post(&format!("/settings/{part}/change"), fields).await
}

const HOURS: [(&str, &str); 3] =
    [("mon", "9:00-12:00, 13:00-16:00"), ("tue", "9:00-16:00"), ("new_year", "12-28/01-04")];

// R31
#[tokio::test]
async fn opening_hours_are_changed_in_force_at_once_and_reverted_in_one_click() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let open = |time: &str| city.centre.policy().hours.is_open(at(time));
    assert!(open("2026-10-05T08:45:00+09:00") && open("2026-10-07T10:00:00+09:00"));
    let fields = [&HOURS[..], &[("seen", "0"), ("closing_days", "2026-10-06\n2026-11-02")]].concat();
    let page = change(&mut desk, "hours", &fields).await;
    assert_eq!(page.location(), "/console/settings/hours?done=setting", "{}", page.text);
    assert!(!open("2026-10-05T08:45:00+09:00") && open("2026-10-05T09:00:00+09:00"));
    assert!(!open("2026-10-05T12:30:00+09:00"), "there is a break");
    assert!(!open("2026-10-06T10:00:00+09:00"), "a closing day of the city");
    assert!(!open("2026-10-07T10:00:00+09:00"), "no hours on Wednesdays");

    let page = desk.get("/settings/hours").await;
    for words in ["第1版", "09:00-12:00", "2026-11-02", "設定ファイルの内容に戻す", "<ins>", "<del>"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let page = change(&mut desk, "hours", &[("seen", "1"), ("mon", "08:00-20:00")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(open("2026-10-05T19:00:00+09:00"));
    let page = desk.post("/settings/hours/revert", &[("seen", "2"), ("to", "1")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(!open("2026-10-05T19:00:00+09:00") && !open("2026-10-06T10:00:00+09:00"));
    let page = desk.post("/settings/hours/file", &[("seen", "3")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(open("2026-10-05T08:45:00+09:00") && open("2026-10-07T10:00:00+09:00"));

    let trail = city.centre.audit_of(&Subject::new(&Setting::KIND, "hours")).await.unwrap();
    let changes: Vec<_> = trail.iter().map(|entry| (entry.revision.unwrap(), &entry.detail["as"])).collect();
    let null = serde_json::Value::Null;
    assert_eq!(changes, [(1, &null), (2, &null), (3, &1.into()), (4, &null)]);
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn what_makes_no_sense_is_not_saved_and_what_was_typed_is_still_there() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    for (part, fields, said) in [
        ("hours", &[("mon", "9時から")][..], "月曜日の時刻を読み取れません"),
        ("hours", &[("mon", "18:00-09:00")], "月曜日の時刻を読み取れません"),
        ("hours", &[("mon", "")], "少なくとも1つの曜日"),
        ("hours", &[("mon", "9:00-17:00"), ("closing_days", "11月2日")], "閉庁日は"),
        ("hours", &[("mon", "9:00-17:00"), ("new_year", "正月")], "年末年始の休みは"),
        ("quiet", &[("hours", "18:00-18:00")], "配信しない時間帯の時刻"),
        ("ceilings", &[("repeat_days", "たくさん")], "半角の数で入力してください"),
        (
            "ceilings",
            &[("repeat_days", "0"), ("per_person_per_hour", "4"), ("per_account_per_hour", "9")],
            "この内容にはできません",
        ),
        (
            "ceilings",
            &[("repeat_days", "30"), ("per_person_per_hour", "0"), ("per_account_per_hour", "9")],
            "この内容にはできません",
        ),
        ("deadlines", &[("take_hours", "半日")], "半角の数で入力してください"),
        (
            "deadlines",
            &[
                ("take_hours", "4"),
                ("decide_hours", "8"),
                ("mend_hours", "40"),
                ("schedule_hours", "8"),
                ("answer_hours", "0"),
                ("days_before", "1"),
                ("failed_days", "7"),
            ],
            "この内容にはできません",
        ),
        ("routes", &[("normal.shown", "1"), ("normal.1.whom", "approver")], "承認経路の名前を"),
        ("routes", &[("normal.shown", "1"), ("normal.name", "市の経路")], "少なくとも1つの段階"),
        (
            "routes",
            &[("normal.shown", "1"), ("normal.name", "市の経路"), ("normal.1.name", "課長")],
            "第1段階:承認する職員を選んで",
        ),
        (
            "routes",
            &[("normal.shown", "1"), ("normal.name", "市の経路"), ("normal.1.whom", "approver")],
            "第1段階:名前を",
        ),
        (
            "routes",
            &[
                ("normal.shown", "1"),
                ("normal.name", "市の経路"),
                ("normal.1.name", "課長"),
                ("normal.1.whom", "people"),
                ("normal.1.required", "1"),
            ],
            "第1段階:指名する職員に印を",
        ),
        (
            "routes",
            &[
                ("normal.shown", "1"),
                ("normal.name", "市の経路"),
                ("normal.1.name", "課長"),
                ("normal.1.whom", "approver"),
                ("normal.1.required", "0"),
            ],
            "第1段階:人数は",
        ),
    ] {
        let page = change(&mut desk, part, &[fields, &[("seen", "0")]].concat()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.has(said), "{fields:?}: {}", page.text);
        let typed = fields.iter().all(|(_, text)| page.has(text));
        assert!(typed, "{fields:?} is lost: {}", page.text);
    }
    assert!(city.centre.settings().await.unwrap().iter().all(|setting| setting.versions.is_empty()));
}

// R30, R31
#[tokio::test]
async fn quiet_hours_and_ceilings_are_what_the_gate_goes_by() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let page = change(&mut desk, "quiet", &[("seen", "0"), ("hours", "")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let policy = city.centre.policy();
    let night = at("2026-10-05T23:00:00+09:00");
    assert_eq!(policy.quiet.as_ref().unwrap().holds_until(night, &policy.hours), None);
    let fields =
        [("seen", "0"), ("repeat_days", "10"), ("per_person_per_hour", "2"), ("per_account_per_hour", "500")];
    assert_eq!(change(&mut desk, "ceilings", &fields).await.status, StatusCode::SEE_OTHER);
    let gate = &city.centre.policy().gate;
    assert_eq!(gate.repeat_window, Duration::from_hours(240));
    assert_eq!((gate.per_person_per_hour, gate.per_account_per_hour), (2, 500));
}

/// Two steps: a checker, and then an approver.
const TWO_STEPS: [(&str, &str); 8] = [
    ("normal.shown", "1"),
    ("normal.name", "確認と決裁"),
    ("normal.1.name", "確認"),
    ("normal.1.whom", "checker"),
    ("normal.1.required", "1"),
    ("normal.3.name", "決裁"),
    ("normal.3.whom", "approver"),
    ("normal.3.required", "1"),
];

// R15
#[tokio::test]
async fn a_route_is_changed_for_posts_to_come_and_not_under_a_post_in_review() {
    let city = City::new().await;
    let author = city.staff("author", "起案 一郎", &[Role::Checker]).await;
    for (login, roles) in
        [("checker", &[Role::Checker][..]), ("approver", &[Role::Approver]), ("second", &[Role::Approver])]
    {
        city.staff(login, "職員", roles).await;
    }
    let (mut desk, mut checker, mut approver) =
        (city.desk("admin").await, city.desk("checker").await, city.desk("approver").await);
    let before = city.submitted(author, kit::training("変更前の研修")).await;
    let path = |post: PostId, what: &str| format!("/posts/{post}/{what}");
    assert_eq!(checker.post(&path(before, "take"), &[]).await.status, StatusCode::SEE_OTHER);

    let fields = [&TWO_STEPS[..], &[("seen", "0")]].concat();
    let page = desk.post("/settings/routes/preview", &fields).await;
    for words in [
        "確認と決裁:確認(確認者のうち1人) → 決裁(承認者のうち1人)",
        "まだ保存していません",
        "受け付けたときの経路",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let page = change(&mut desk, "routes", &fields).await;
    assert_eq!(page.location(), "/console/settings/routes?done=setting", "{}", page.text);

    // R14: the one goes on as it began, the other walks two steps.
    let yes = [("revision", "1")];
    assert_eq!(approver.post(&path(before, "approve"), &yes).await.status, StatusCode::SEE_OTHER);
    assert_eq!(city.centre.post(before).await.unwrap().value.state, PostState::Approved);
    let after = city.submitted(author, kit::training("変更後の研修")).await;
    checker.post(&path(after, "take"), &[]).await;
    assert_eq!(approver.post(&path(after, "approve"), &yes).await.status, StatusCode::FORBIDDEN);
    assert_eq!(checker.post(&path(after, "approve"), &yes).await.status, StatusCode::SEE_OTHER);
    let back = desk.post("/settings/routes/file", &[("seen", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(approver.post(&path(after, "approve"), &yes).await.status, StatusCode::SEE_OTHER);
    assert_eq!(city.centre.post(after).await.unwrap().value.state, PostState::Approved);

    let trail = city.centre.audit_of(&Subject::new(&Setting::KIND, "routes")).await.unwrap();
    assert_eq!(trail.len(), 2);
    assert!(!format!("{trail:?}").contains("決裁"), "no words of the form");
}

// R15
#[tokio::test]
async fn a_route_that_nobody_can_walk_is_neither_set_nor_reverted_to() {
    let city = City::new().await;
    let both = [Role::Checker, Role::Approver];
    city.staff("one", "職員", &both).await;
    let mut desk = city.desk("admin").await;
    let fields = |seen| [&TWO_STEPS[..], &[("seen", seen)]].concat();
    let page = change(&mut desk, "routes", &fields("0")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "承認経路の第2段階を承認できる職員が足りません";
    assert!(page.has(said) && page.has("確認と決裁"), "{}", page.text);
    assert!(desk.post("/settings/routes/preview", &fields("0")).await.has(said));

    let second = city.staff("two", "職員", &both).await;
    assert_eq!(change(&mut desk, "routes", &fields("0")).await.status, StatusCode::SEE_OTHER);
    let back = desk.post("/settings/routes/file", &[("seen", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let page = desk.post(&format!("/staff/{second}/deactivate"), &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let page = desk.post("/settings/routes/revert", &[("seen", "2"), ("to", "1")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has(said), "{}", page.text);
    assert_eq!(city.centre.policy().routes, Routes::default());
}

#[tokio::test]
async fn a_route_that_the_form_has_no_place_for_stays_until_it_is_replaced() {
    let step = |name: &str, role| RouteStep {
        name: name.to_owned(),
        approvers: Approvers::Role(role),
        required: std::num::NonZeroU8::MIN,
    };
    let long = Route { steps: vec![step("承認", Role::Approver); MAX_STEPS + 1], ..Route::one_step() };
    let routes = Routes { normal: long.clone(), ..Routes::default() };
    let city = City::with(Policy { routes, ..Policy::default() }, |console| console).await;
    for login in ["no-1", "no-2", "no-3", "no-4", "no-5", "no-6", "no-7"] {
        city.staff(login, "職員", &[Role::Approver]).await;
    }
    let named = city.staff("named", "指名 花子", &[Role::Approver]).await;
    let other = city.staff("other", "指名 次子", &[Role::Approver]).await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/settings/routes").await;
    assert!(page.has("この画面の欄では表せない経路です"), "{}", page.text);

    let (named, other) = (&named.to_string()[..], &other.to_string()[..]);
    let emergency = [
        ("emergency.shown", "1"),
        ("emergency.name", "緊急配信"),
        ("emergency.1.name", "緊急承認"),
        ("emergency.1.whom", "people"),
        ("emergency.1.people", named),
        ("emergency.1.people", other),
        ("emergency.1.required", "1"),
    ];
    let page = change(&mut desk, "routes", &[&emergency[..], &[("seen", "0")]].concat()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let routes = &city.centre.policy().routes;
    assert_eq!(routes.normal, long, "it is as it was");
    assert!(matches!(&routes.emergency.steps[0].approvers, Approvers::Staff(people) if people.len() == 2));
    assert!(routes.emergency.review_afterwards, "R17");
    assert!(desk.get("/settings/routes").await.has("緊急承認(指名 花子・指名 次子のうち1人)"));

    // As many steps, typed, are refused; so are they where somebody hands them to core.
    let over = [("normal.shown", "1"), ("normal.name", "長い"), ("normal.6.whom", "approver"), ("seen", "1")];
    let page = change(&mut desk, "routes", &over).await;
    assert!(page.has("承認経路の段階は5までです"), "{}", page.text);
    let mut longer = routes.clone();
    longer.normal.steps.push(step("承認", Role::Approver));
    let value = Box::new(Value::Routes(Box::new(longer)));
    let too_long = Command::Change { value, seen: 1 };
    let refused = city.centre.change_setting(By::Staff(city.administrator), Part::Routes, &too_long).await;
    assert!(matches!(refused, Err(ServiceError::Setting(Refusal::Unsound))));

    let replaced = [
        ("normal.shown", "1"),
        ("normal.name", "一段階"),
        ("normal.1.name", "承認"),
        ("normal.1.whom", "approver"),
        ("normal.1.required", "2"),
        ("seen", "1"),
    ];
    assert_eq!(change(&mut desk, "routes", &replaced).await.status, StatusCode::SEE_OTHER);
    let routes = &city.centre.policy().routes;
    assert_eq!((routes.normal.steps.len(), routes.normal.steps[0].required.get()), (1, 2));
    assert!(matches!(&routes.emergency.steps[0].approvers, Approvers::Staff(_)), "the other one stays");
}

// R19
#[tokio::test]
async fn deadlines_are_what_lateness_and_reminders_go_by() {
    let city = City::new().await;
    let author = city.staff("author", "起案 一郎", &[Role::Checker]).await;
    let post = city.submitted(author, kit::training("口腔ケア研修")).await;
    city.clock.advance(Duration::from_hours(2));
    let mut desk = city.desk("admin").await;
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 0);
    let fields = [
        ("seen", "0"),
        ("take_hours", "1"),
        ("decide_hours", "9"),
        ("mend_hours", "41"),
        ("schedule_hours", "10"),
        ("answer_hours", "3"),
        ("days_before", "2"),
        ("failed_days", "8"),
    ];
    let page = desk.post("/settings/deadlines/preview", &fields).await;
    assert!(page.has("<ins>1</ins>") && page.has("<del>4</del>"), "{}", page.text);
    assert_eq!(change(&mut desk, "deadlines", &fields).await.status, StatusCode::SEE_OTHER);
    let patience = &city.centre.policy().patience;
    assert_eq!((patience.take, patience.days_before, patience.failed_days), (Duration::from_hours(1), 2, 8));
    assert_eq!(city.centre.remind_overdue().await.unwrap(), 1);
    assert!(city.centre.post(post).await.unwrap().value.reminded.is_some());
    let back = desk.post("/settings/deadlines/file", &[("seen", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(city.centre.policy().patience, Policy::default().patience);
}

// R7, R8
#[tokio::test]
async fn what_follows_from_findings_is_decided_at_the_desk_and_not_milder_than_the_rule() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let strictest = |text: &str, context| city.centre.screen().check(text, context).strictest();
    let (lecturer, name) = ("講師：佐藤一郎先生", "山本花子さんの件です");
    assert_eq!(strictest(lecturer, Context::Post), Action::Warn);
    let milder = [("post.professional_name", "allow"), ("post.person_name", "confirm")];
    let page = desk.post("/settings/screening/preview", &[&milder[..], &[("seen", "0")]].concat()).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["保存すると変わるところ", "投稿ではそのまま", "投稿では確認する"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert_eq!(strictest(lecturer, Context::Post), Action::Warn, "it was looked at and not saved");

    let page = change(&mut desk, "screening", &[&milder[..], &[("seen", "0")]].concat()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(strictest(lecturer, Context::Post), Action::Allow);
    assert_eq!(strictest(name, Context::Post), Action::Warn);
    assert_eq!(strictest(name, Context::Consultation), Action::Block);
    let rules = desk.get("/screening").await;
    assert!(rules.has("このきまりを変える"), "{}", rules.text);

    for (field, action) in [
        ("consultation.person_name", "confirm"),
        ("post.person_name", "allow"),
        ("post.my_number", "confirm"),
        ("staff_answer.phone", "allow"),
    ] {
        let page = change(&mut desk, "screening", &[("seen", "1"), (field, action)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.has("これより緩くできません"), "{field}: {}", page.text);
    }
    let back = desk.post("/settings/screening/file", &[("seen", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(strictest(name, Context::Post), Action::Block);
}

#[tokio::test]
async fn what_a_change_would_do_is_shown_before_it_is_saved() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let fields = [("seen", "0"), ("hours", "20:00-07:00"), ("closing_days", "1")];
    let page = desk.post("/settings/quiet/preview", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["保存すると変わるところ", "20:00-07:00", "<ins>", "まだ保存していません"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let same = [("seen", "0"), ("hours", "18:00-08:00"), ("closing_days", "1")];
    let page = desk.post("/settings/quiet/preview", &same).await;
    assert!(page.has("現在の内容と同じです"), "{}", page.text);
    let page = desk.post("/settings/quiet/preview", &[("seen", "0"), ("hours", "夜")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(city.centre.settings().await.unwrap().iter().all(|setting| setting.versions.is_empty()));
}

#[tokio::test]
async fn of_two_who_change_a_part_the_second_is_told_and_nobody_else_may() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let (first, second) = ([("seen", "0"), ("mon", "09:00-16:00")], [("seen", "0"), ("mon", "10:00-16:00")]);
    assert_eq!(change(&mut desk, "hours", &first).await.status, StatusCode::SEE_OTHER);
    let page = change(&mut desk, "hours", &second).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("ほかの方が変更しました") && page.has("10:00-16:00"), "{}", page.text);
    let page = change(&mut desk, "hours", &[("seen", "1"), ("mon", "09:00-16:00"), ("new_year", "")]).await;
    assert!(page.has("現在の設定と同じ内容です"), "{}", page.text);
    let approver = city.staff("staff-b", "承認 次郎", &[Role::Approver, Role::Checker]).await;
    let back = Command::ToFile { seen: 1 };
    let refused = city.centre.change_setting(By::Staff(approver), Part::Hours, &back).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Setting(Refusal::NotAllowed)), "{refused:?}");
}

#[tokio::test]
async fn another_program_hears_of_a_change_when_it_reads_the_settings_again() {
    let city = City::new().await;
    let ids = std::sync::Arc::new(lupinus_core::ids::SeededIds::new(9));
    let other = Centre::new(
        std::sync::Arc::new(city.store.clone()),
        city.clock.clone(),
        ids,
        lupinus_core::screening::Screen::default(),
        lupinus_core::policy::Policy::default(),
    );
    let mut desk = city.desk("admin").await;
    let fields = [("seen", "0"), ("mon", "09:00-16:00")];
    assert_eq!(change(&mut desk, "hours", &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("seen", "0"), ("post.professional_name", "block")];
    assert_eq!(change(&mut desk, "screening", &fields).await.status, StatusCode::SEE_OTHER);
    let lecturer = "講師：佐藤一郎先生";
    assert!(!other.screen().check(lecturer, Context::Post).blocks());
    let early = at("2026-10-05T08:45:00+09:00");
    assert!(other.policy().hours.is_open(early));
    other.reload_settings().await.unwrap();
    assert!(!other.policy().hours.is_open(early));
    assert!(other.screen().check(lecturer, Context::Post).blocks());
}

// R23
#[tokio::test]
async fn a_single_administrator_is_warned_on_the_page_of_settings() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/settings").await;
    assert!(page.has("管理者が1人だけです") && page.has("[sign_in] attempts"), "{}", page.text);
    city.staff("second", "管理 次子", &[Role::Administrator]).await;
    assert!(!desk.get("/settings").await.has("人だけです"));
}
