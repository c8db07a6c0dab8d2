//! Retention and disposal at the console.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City, Page};
use lupinus_core::{
    actor::Role,
    audit::Subject,
    consultation::Consultation,
    disposal::Years,
    service::{By, ServiceError},
    store::Entity,
};

/// What somebody wrote down to keep a record.
const REASON: &str = "訴訟の相手方から求めがあるため";

fn place_of(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned()
}

async fn proposed(desk: &mut Browser) -> String {
    place_of(&desk.post("/disposals", &[]).await)
}

async fn decide(desk: &mut Browser, place: &str, list: &str) -> Page {
    desk.post(&format!("{place}/decide"), &[("list", list), ("figures_are_kept", "1")]).await
}

// R20
#[tokio::test]
async fn two_administrators_go_from_what_is_due_to_the_certificate() {
    let city = City::new().await;
    city.staff("second", "管理 次子", &[Role::Administrator, Role::Consultant]).await;
    city.staff("auditor", "監査 四郎", &[Role::Auditor]).await;
    let (post, asked) = city.years_later().await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("second").await);

    // What is due, of which class and year, with the way to the figures that go with it.
    let page = one.get("/disposals").await;
    for words in [
        "配信しなかった投稿",
        "相談の記録",
        "令和8年度",
        "2032年4月1日(木)",
        "figures?period=2025",
        "figures?period=2026",
        "永年",
    ] {
        assert!(page.has(words) != (words == "永年"), "{words}: {}", page.text);
    }
    assert!(page.has("まだ一度も提案されていません"), "{}", page.text);
    assert!(one.get("/audit").await.has("保存年限と廃棄"));

    let place = proposed(&mut one).await;
    let list = one.get("/disposals").await;
    assert!(list.has("disabled") && list.has(&place), "one at a time: {}", list.text);
    let again = one.post("/disposals", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.has("次を提案してください"), "{}", again.text);

    // Whoever proposed it sees why they do not decide, and does not.
    let page = one.get(&place).await;
    for words in ["disabled", "提案した方とは別の管理者が必要です", "依頼してください", "提案を取り下げる"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert!(!page.has("name=\"list\"") && !page.has("承認しない"), "{}", page.text);
    assert!(!page.has(&format!("/consultations/{asked}")), "an administrator alone reads no consultations");
    assert!(page.has(&format!("/posts/{post}")));
    let page = other.get(&place).await;
    let read = page.value_of("list");
    assert!(page.has(&format!("/consultations/{asked}")) && page.has("元に戻せません"), "{}", page.text);
    let own = decide(&mut one, &place, &read).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.has("別の管理者が必要です"), "{}", own.text);

    for words in ["figures?period=2025", "相談の記録 1件", "保存年限 5年", "保存年限 1年"] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let mut auditor = city.desk("auditor").await;
    let trails = (one.get("/audit").await, auditor.get("/audit").await);
    assert!(trails.0.has(&place) && !trails.1.has(&place) && trails.1.has("廃棄の提案"), "{}", trails.1.text);

    // A record is held back with a reason; whoever read the list before is told to look again.
    assert!(page.has(&format!("?hold={asked}#")), "{}", page.text);
    let form = other.get(&format!("{place}?hold={asked}")).await;
    let subject = form.value_of("subject");
    assert_eq!(subject, format!("consultation/{asked}"));
    let hold = format!("{place}/hold");
    for (until, reason, said) in [
        ("2032-04-05", REASON, "あすから30年以内の日"),
        ("あした", REASON, "あすから30年以内の日"),
        ("2032-05-01", "", "理由を400文字以内で"),
        ("2032-05-01", "山本花子さん(82歳)の件で係争中", "個人情報と思われる記載"),
    ] {
        let fields = [("subject", subject.as_str()), ("until", until), ("reason", reason)];
        let page = one.post(&hold, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has(said) && page.has(reason), "{said}: {}", page.text);
    }
    let fields = [("subject", subject.as_str()), ("until", "2033-04-01"), ("reason", REASON)];
    assert_eq!(place_of(&one.post(&hold, &fields).await), place);
    assert_eq!(one.post(&hold, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it is on no list");
    let stale = decide(&mut other, &place, &read).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.has("もう一度開いて確かめてください") && !stale.has(&asked.to_string()), "{}", stale.text);
    assert!(!stale.has("<details class=\"action\" open>"), "nobody has read this list: {}", stale.text);
    assert!(stale.has("この提案を開き直す"), "{}", stale.text);
    let late = other.get(&format!("{place}?hold={asked}")).await;
    assert!(!late.has("name=\"until\""), "no other record is held back instead: {}", late.text);
    let list = one.get("/disposals").await;
    assert!(list.has("保存を延長した記録") && list.has(REASON) && list.has("2033年4月1日"), "{}", list.text);
    assert!(!list.has(&asked.to_string()) && !list.has("consultation/"), "not theirs to open: {}", list.text);
    assert!(other.get("/disposals").await.has(&format!("/consultations/{asked}")));

    // Figures first.
    let read = other.get(&place).await.value_of("list");
    let unkept = other.post(&format!("{place}/decide"), &[("list", &read)]).await;
    assert_eq!(unkept.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unkept.has("集計は数え直せません"), "{}", unkept.text);
    assert_eq!(place_of(&decide(&mut other, &place, &read).await), place);
    let going = one.get(&place).await;
    assert!(going.has("1件のうち 0件の廃棄が済みました") && going.has("廃棄中"), "{}", going.text);
    assert_eq!(decide(&mut other, &place, &read).await.status, StatusCode::CONFLICT);

    city.centre.carry_out_disposals(100).await.unwrap();
    let page = one.get(&place).await;
    assert!(page.has("1件を廃棄しました") && page.has("廃棄済み"), "{}", page.text);
    assert!(!page.has(&format!("/posts/{post}\"")), "nothing is behind it any more: {}", page.text);
    assert_eq!(other.get(&format!("/posts/{post}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(&format!("/consultations/{asked}")).await.status, StatusCode::OK);

    let register = one.get(&format!("{place}/register")).await;
    let post = post.to_string();
    for words in [
        "廃棄簿",
        "管理 花子 2032年4月5日",
        "管理 次子 2032年4月5日",
        "令和8年度",
        "1年",
        read.as_str(),
        &post,
    ] {
        assert!(register.has(words), "{words}: {}", register.text);
    }
    assert!(!register.has("取りやめる研修") && !register.has(REASON), "{}", register.text);
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
    let trail = city.centre.audit_of(&Subject::new(&Consultation::KIND, asked)).await.unwrap();
    assert!(trail.iter().all(|entry| entry.action != "record.disposed"));
}

// R20
#[tokio::test]
async fn what_stayed_says_why_and_a_proposal_is_refused_or_withdrawn() {
    let city = City::new().await;
    city.staff("second", "管理 次子", &[Role::Administrator]).await;
    let (_, asked) = city.years_later().await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("second").await);
    let place = proposed(&mut one).await;
    assert_eq!(other.post(&format!("{place}/withdraw"), &[]).await.status, StatusCode::FORBIDDEN);
    let unsaid = other.post(&format!("{place}/refuse"), &[]).await;
    assert!(unsaid.has("理由を400文字以内で"), "{}", unsaid.text);
    place_of(&other.post(&format!("{place}/refuse"), &[("reason", REASON)]).await);
    assert!(one.get(&place).await.has(REASON));
    let place = proposed(&mut one).await;
    place_of(&one.post(&format!("{place}/withdraw"), &[]).await);

    let place = proposed(&mut one).await;
    let read = other.get(&place).await.value_of("list");
    place_of(&decide(&mut other, &place, &read).await);
    let earlier = city.centre.staff_by_login("earlier").await.unwrap().unwrap().value.id;
    let noted = city.centre.transact(|mut work| async move {
        let text = "もう一度確かめる".to_owned();
        let note = lupinus_core::consultation::Command::Note { text };
        work.consultation_command(By::Staff(earlier), asked, note).await?;
        work.done(())
    });
    noted.await.unwrap();
    city.centre.carry_out_disposals(100).await.unwrap();
    let why = "提案のあとに動きがありました";
    let page = one.get(&place).await;
    assert!(page.has("1件を廃棄しました") && page.has("1件は残しました") && page.has(why), "{}", page.text);
    assert!(one.get(&format!("{place}/register")).await.has(&format!("存置({why})")));
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

// R20
#[tokio::test]
async fn years_are_changed_at_the_desk_after_a_look_at_what_that_does_and_taken_back() {
    let city = City::new().await;
    city.staff("second", "管理 次子", &[Role::Administrator]).await;
    city.years_later().await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("second").await);
    let years = |seen, unsent, consultations| {
        [
            ("seen", seen),
            ("sent_posts", "5"),
            ("unsent_posts", unsent),
            ("consultations", consultations),
            ("incidents", "10"),
            ("canned_answers", "3"),
        ]
    };
    for wrong in ["永年", "100", "300", "-1"] {
        let page = one.post("/settings/retention/change", &years("0", "1", wrong)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(page.has(&format!("value=\"{wrong}\"")), "{wrong}: {}", page.text);
    }
    let place = proposed(&mut one).await;
    let longer = years("0", "1", "10");
    let page = one.post("/settings/retention/preview", &longer).await;
    for words in ["<del>5年</del>", "<ins>10年</ins>", "廃棄できなくなる記録", "相談の記録 1件"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let saved = one.post("/settings/retention/change", &longer).await;
    assert_eq!(saved.location(), "/console/settings/retention?done=setting", "{}", saved.text);
    for desk in [&mut one, &mut other] {
        let page = desk.get(&place).await;
        assert!(page.has("提案のあとに保存年限が変わりました"), "{}", page.text);
    }
    let page = other.get(&place).await;
    assert!(page.has("disabled") && page.has("この提案を終わらせて"), "{}", page.text);
    let register = other.get(&format!("{place}/register")).await.text;
    let list = register.split_once("照合値</dt><dd class=\"mono\">").unwrap().1.get(..64).unwrap();
    let refused = decide(&mut other, &place, list).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    place_of(&one.post(&format!("{place}/withdraw"), &[]).await);
    assert!(!one.get("/disposals").await.has("2032年4月1日"), "consultations are kept ten years");

    let shorter = years("1", "1", "2");
    let page = one.post("/settings/retention/preview", &shorter).await;
    assert!(page.has("新しく廃棄できるようになる記録") && page.has("提案と決定が要ります"), "{}", page.text);
    assert_eq!(one.post("/settings/retention/change", &shorter).await.status, StatusCode::SEE_OTHER);
    assert!(one.get("/disposals").await.has("2029年4月1日"));
    for (command, fields, years) in
        [("revert", &[("seen", "2"), ("to", "1")][..], 10), ("file", &[("seen", "3")], 5)]
    {
        let page = one.post(&format!("/settings/retention/{command}"), fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        assert_eq!(city.centre.policy().retention.consultations, Years::of(years));
    }
    let for_ever = years("4", "0", "0");
    assert_eq!(one.post("/settings/retention/change", &for_ever).await.status, StatusCode::SEE_OTHER);
    assert!(one.get("/disposals").await.has("いま、することはありません"));
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

// R20
#[tokio::test]
async fn on_the_first_day_the_page_says_what_is_kept_for_how_long_and_that_nothing_is_to_be_done() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let page = desk.get("/disposals").await;
    assert!(page.has("いま、することはありません") && page.has("10年"), "{}", page.text);
    let nothing = desk.post("/disposals", &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.has("廃棄できる記録はありません"), "{}", nothing.text);
    city.years_later().await;
    city.clock.set(kit::at("2031-10-01T10:00:00+09:00"));
    let mut desk = city.desk("admin").await;
    let page = desk.get("/disposals").await;
    assert!(page.has("2032年4月1日(木) から廃棄できる記録") && page.has("相談の記録"), "{}", page.text);
    // R24
    city.staff("auditor", "監査 四郎", &[Role::Auditor]).await;
    let auditor = city.centre.staff_by_login("auditor").await.unwrap().unwrap().value.id;
    assert!(matches!(city.centre.extensions(By::Staff(auditor)).await, Err(ServiceError::NotAllowed)));
    let mut auditor = city.desk("auditor").await;
    assert_eq!(auditor.get("/disposals").await.status, StatusCode::FORBIDDEN);
    assert!(!auditor.get("/audit").await.has("保存年限と廃棄"));
}
