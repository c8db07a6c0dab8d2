//! Professions and areas at the desk: changed, looked at, and named for good where they are used.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City, training};
use lupinus_core::{
    actor::Role,
    audience::{Audience, Expr},
    audit::Subject,
    choices::{Areas, ProfessionChoice, ProfessionGroup, Professions},
    member::{Area, Profession},
    policy::Policy,
    post::Urgency,
    service::{By, Draft, ProfileChange},
    settings::Setting,
    store::Entity,
};

fn choice(id: &str, label: &str) -> ProfessionChoice {
    ProfessionChoice { profession: Profession(id.to_owned()), label: label.to_owned() }
}

fn policy() -> Policy {
    let group = |label: &str, professions| ProfessionGroup { label: label.to_owned(), professions };
    let groups = vec![
        group(
            "医療",
            vec![choice("Physician", "医師"), choice("Nurse", "看護師"), choice("Midwife", "助産師")],
        ),
        group("介護", vec![choice("Helper", "ヘルパー")]),
    ];
    let areas = ["東部", "西部"].map(|area| Area(area.to_owned()));
    Policy {
        professions: Professions::offering(groups),
        areas: Areas::offering(areas.to_vec()),
        ..Policy::default()
    }
}

async fn says(city: &City, address: &str, profession: &str, area: &str) {
    let id = city.member(address).await;
    let changes = [
        ProfileChange::Profession(Some(Profession(profession.to_owned()))),
        ProfileChange::Area(Some(Area(area.to_owned()))),
    ];
    let made = city.centre.transact(|mut work| {
        let changes = changes.clone();
        async move {
            work.update_profile(By::Member(id), &changes).await?;
            work.done(())
        }
    });
    made.await.unwrap();
}

/// The form as it is filled in when nothing is changed, with these in the place of what it has.
fn form<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = [
        ("seen", "0"),
        ("g1.label", "医療"),
        ("label.Physician", "医師"),
        ("group.Physician", "g1"),
        ("order.Physician", "10"),
        ("label.Nurse", "看護師"),
        ("group.Nurse", "g1"),
        ("order.Nurse", "20"),
        ("label.Midwife", "助産師"),
        ("group.Midwife", "g1"),
        ("order.Midwife", "30"),
        ("g2.label", "介護"),
        ("label.Helper", "ヘルパー"),
        ("group.Helper", "g2"),
        ("order.Helper", "10"),
        ("g3.label", ""),
    ];
    let kept = shown.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    kept.chain(changed.iter().copied()).collect()
}

const CHANGES: [(&str, &str); 7] = [
    ("label.Nurse", "看護師・准看護師"),
    ("order.Nurse", "5"),
    ("group.Midwife", ""),
    ("group.Physician", ""),
    ("new.g1.2", "診療放射線技師"),
    ("g3.label", "行政"),
    ("new.g3.1", "市町村職員"),
];

async fn change(desk: &mut Browser, part: &str, fields: &[(&str, &str)]) -> kit::Page {
    desk.post(&format!("/settings/{part}/change"), fields).await
}

// R31
#[tokio::test]
async fn professions_are_renamed_moved_added_and_retired_at_the_desk() {
    let city = City::with(policy(), |console| console).await;
    let author = city.staff("author", "起案 一郎", &[Role::Checker]).await;
    says(&city, "one", "Nurse", "東部").await;
    says(&city, "two", "Physician", "西部").await;
    says(&city, "three", "Physician", "西部").await;
    let draft = Draft {
        content: training("医師向け研修"),
        urgency: Urgency::Normal,
        audience: Audience::Where(Expr::Or(vec![Expr::Profession(Profession("Physician".to_owned()))])),
        body: None,
    };
    let written = city.centre.transact(|mut work| {
        let draft = draft.clone();
        async move {
            let post = work.draft_and_submit(By::Staff(author), draft).await?.id;
            work.done(post)
        }
    });
    let post = written.await.unwrap();

    let mut desk = city.desk("admin").await;
    let page = desk.get("/settings/professions").await;
    for words in ["value=\"看護師\"", "スマートフォンでの見え方", "「医療」のうち、どれに当たりますか。"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let page = desk.post("/settings/professions/preview", &form(&CHANGES)).await;
    for words in [
        "「医師」は新しく選べなくなります。選んでいる会員2人と、配信先にした投稿1件では",
        "「助産師」は新しく選べなくなります。選んでいる会員も、配信先にした投稿もないため",
        "「看護師」は「看護師・准看護師」と表示されます(会員1人、投稿0件)",
        "<li>診療放射線技師</li>",
        "value=\"診療放射線技師\"",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert_eq!(city.centre.policy().professions, policy().professions, "it was looked at and not saved");

    let page = change(&mut desk, "professions", &form(&CHANGES)).await;
    assert_eq!(page.location(), "/console/settings/professions?done=setting", "{}", page.text);
    let now = &city.centre.policy().professions;
    let groups: Vec<_> =
        now.groups.iter().map(|group| (group.label.as_str(), group.professions.clone())).collect();
    assert_eq!(
        groups,
        [
            ("医療", vec![choice("Nurse", "看護師・准看護師"), choice("own-1-1", "診療放射線技師")]),
            ("介護", vec![choice("Helper", "ヘルパー")]),
            ("行政", vec![choice("own-1-2", "市町村職員")]),
        ]
    );
    assert_eq!(now.retired, [choice("Physician", "医師"), choice("Midwife", "助産師")]);

    // Whoever looks at the audience or at the figures reads its name.
    let page = city.desk("author").await.get(&format!("/posts/{post}")).await;
    assert!(page.has("職種「医師」"), "{}", page.text);
    let figures = desk.get("/figures").await;
    for words in ["医師", "看護師・准看護師", "西部"] {
        assert!(figures.has(words), "{words}: {}", figures.text);
    }
    assert!(!figures.has("助産師"), "{}", figures.text);

    // It comes back, and another number never makes the same id.
    let page = desk.get("/settings/professions").await;
    assert!(page.has("廃止した職種") && page.has("label.Physician"), "{}", page.text);
    let back = desk.post("/settings/professions/file", &[("seen", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let now = &city.centre.policy().professions;
    assert_eq!(now.groups, policy().professions.groups);
    assert_eq!(now.retired, [choice("own-1-1", "診療放射線技師"), choice("own-1-2", "市町村職員")]);
    let page = desk.post("/settings/professions/revert", &[("seen", "2"), ("to", "1")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(city.centre.policy().professions.offers(&Profession("own-1-1".to_owned())));

    let trail = city.centre.audit_of(&Subject::new(&Setting::KIND, "professions")).await.unwrap();
    assert_eq!(trail.len(), 3);
    assert!(!format!("{trail:?}").contains("放射線"), "no words of the form");
}

// R31
#[tokio::test]
async fn what_a_file_of_its_own_leaves_out_of_the_shipped_list_is_named_still() {
    let city = City::with(policy(), |console| console).await;
    says(&city, "one", "Police", "東部").await;
    let police = Profession("Police".to_owned());
    assert!(!city.centre.policy().professions.offers(&police));
    assert_eq!(city.centre.policy().professions.label(&police), "警察");
    let figures = city.desk("admin").await.get("/figures").await;
    assert!(figures.has("警察"), "{}", figures.text);
}

// R31
#[tokio::test]
async fn areas_are_a_line_each_and_what_a_member_chose_stays() {
    let city = City::with(policy(), |console| console).await;
    says(&city, "one", "Nurse", "東部").await;
    let mut desk = city.desk("admin").await;
    let fields = [("seen", "0"), ("areas", "中央 圏域\r\n\r\n 西部 ")];
    let page = desk.post("/settings/areas/preview", &fields).await;
    for words in
        ["「東部」は新しく選べなくなります。選んでいる会員1人と", "<li>中央 圏域</li>", "廃止した圏域"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert_eq!(change(&mut desk, "areas", &fields).await.status, StatusCode::SEE_OTHER);
    let area = |name: &str| Area(name.to_owned());
    let now = &city.centre.policy().areas;
    assert_eq!(
        (&now.offered[..], &now.retired[..]),
        (&[area("中央 圏域"), area("西部")][..], &[area("東部")][..])
    );
    let page = change(&mut desk, "areas", &[("seen", "1"), ("areas", "")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "a city may have none: {}", page.text);
    assert!(city.centre.policy().areas.offered.is_empty());
    assert!(desk.get("/figures").await.has("東部"));
}

#[tokio::test]
async fn a_list_that_makes_no_sense_is_refused_with_what_was_typed() {
    let city = City::with(policy(), |console| console).await;
    let mut desk = city.desk("admin").await;
    let twelve = (0..12).map(|number| format!("圏域{number}")).collect::<Vec<_>>().join("\n");
    for (part, fields, said) in [
        ("areas", vec![("areas", &twelve[..])], "LINEに並べられるのは11までです"),
        ("areas", vec![("areas", "東部\n東部")], "「東部」が2回あります"),
        ("areas", vec![("areas", "東部東部東部東部東部東部東部東部東部東部東")], "1〜20文字で"),
        ("professions", form(&[("label.Nurse", "医師")]), "「医師」が2回あります"),
        ("professions", form(&[("label.Nurse", "")]), "「」は1〜20文字で"),
        ("professions", form(&[("order.Nurse", "上")]), "「看護師」の順番は半角の数で"),
        ("professions", form(&[("g1.label", "")]), "グループ1の名前を"),
        ("professions", form(&[("group.Helper", "g1")]), "グループ「介護」に職種がありません"),
        ("professions", form(&[("new.g3.1", "新職種")]), "グループ3の名前を"),
        ("professions", form(&[("g2.label", "医療")]), "「医療」が2回あります"),
        // A page that did not arrive whole takes nothing off the list.
        ("professions", vec![("g1.label", "医療")], "読み取れません"),
    ] {
        let fields = [&fields[..], &[("seen", "0")]].concat();
        let page = change(&mut desk, part, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}: {}", page.text);
        assert!(page.has(said), "{said}: {}", page.text);
    }
    assert!(city.centre.settings().await.unwrap().iter().all(|setting| setting.versions.is_empty()));
}

#[tokio::test]
async fn of_two_who_change_the_professions_the_second_is_told_to_look_again() {
    let city = City::with(policy(), |console| console).await;
    let mut desk = city.desk("admin").await;
    let first = form(&[("label.Nurse", "看護職")]);
    assert_eq!(change(&mut desk, "professions", &first).await.status, StatusCode::SEE_OTHER);
    let second = form(&[("label.Helper", "訪問介護員")]);
    let page = change(&mut desk, "professions", &second).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("ほかの方が変更しました") && page.has("訪問介護員"), "{}", page.text);
    assert_eq!(city.centre.policy().professions.label(&Profession("Helper".to_owned())), "ヘルパー");
}

#[tokio::test]
async fn what_somebody_added_meanwhile_is_not_retired_by_a_form_that_has_no_row_for_it() {
    let city = City::with(policy(), |console| console).await;
    let mut desk = city.desk("admin").await;
    let added = form(&[("new.g1.2", "診療放射線技師"), ("g3.label", "行政"), ("new.g3.1", "市町村職員")]);
    assert_eq!(change(&mut desk, "professions", &added).await.status, StatusCode::SEE_OTHER);
    let own = [Profession("own-1-1".to_owned()), Profession("own-1-2".to_owned())];
    let second = form(&[("label.Helper", "訪問介護員")]);
    for what in ["preview", "change"] {
        let page = desk.post(&format!("/settings/professions/{what}"), &second).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{what}: {}", page.text);
        assert!(page.has("ほかの方が変更しました") && page.has("訪問介護員"), "{}", page.text);
        assert!(page.has("value=\"診療放射線技師\""), "it has the row by now: {}", page.text);
        let (_, row) = page.text.split_once("group.own-1-1").unwrap();
        let (row, _) = row.split_once("</select>").unwrap();
        assert!(row.contains("<option value=\"g1\" selected>"), "where it stands: {row}");
    }
    // What that page has: its fields and those of what came meanwhile.
    let again = form(&[
        ("seen", "1"),
        ("label.Helper", "訪問介護員"),
        ("label.own-1-1", "診療放射線技師"),
        ("group.own-1-1", "g1"),
        ("order.own-1-1", "40"),
        ("g3.label", "行政"),
        ("label.own-1-2", "市町村職員"),
        ("group.own-1-2", "g3"),
        ("order.own-1-2", "10"),
    ]);
    assert_eq!(change(&mut desk, "professions", &again).await.status, StatusCode::SEE_OTHER);
    let now = &city.centre.policy().professions;
    assert!(own.iter().all(|own| now.offers(own)) && now.retired.is_empty());
    assert_eq!(now.label(&Profession("Helper".to_owned())), "訪問介護員");
}
