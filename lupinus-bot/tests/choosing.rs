//! What members choose from is what the city offers at that moment.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    choices::{Areas, MAX_CHOICES, ProfessionChoice, ProfessionGroup, Professions},
    member::{Area, Profession},
    service::By,
    settings::{Command, Value},
};
use support::Town;

async fn set(town: &Town, value: Value, seen: u32) {
    let part = value.part();
    let command = Command::Change { value: Box::new(value), seen };
    town.centre.change_setting(By::Staff(town.administrator), part, &command).await.unwrap();
}

fn group(label: &str, choices: &[(&str, &str)]) -> ProfessionGroup {
    let choice = |(id, label): &(&str, &str)| ProfessionChoice {
        profession: Profession((*id).to_owned()),
        label: (*label).to_owned(),
    };
    ProfessionGroup { label: label.to_owned(), professions: choices.iter().map(choice).collect() }
}

// R31
#[tokio::test]
async fn a_list_that_the_city_changes_is_offered_at_once_and_what_is_retired_is_refused() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.tap(&user, "profile/change/profession").await;
    town.tap(&user, "profile/group/医療").await;
    town.tap(&user, "profile/profession/HomeVisitNurse").await;
    let nurse = Some(Profession("HomeVisitNurse".to_owned()));
    assert_eq!(town.member_of(&user).await.profession, nurse);

    let groups = vec![group("医療", &[("Physician", "医師"), ("own-1-1", "診療放射線技師")])];
    set(&town, Value::Professions(Professions::offering(groups)), 0).await;
    town.say(&user, "マイページ").await;
    assert!(town.last(&user, 1).contains("訪問看護師"), "it is still named");
    // An answer of before names what is offered no more.
    town.tap(&user, "profile/profession/Pharmacist").await;
    town.tap(&user, "profile/group/介護").await;
    assert_eq!(town.member_of(&user).await.profession, nurse);
    town.tap(&user, "profile/change/profession").await;
    assert_eq!(town.offered(&user)[0], "医療");
    town.say(&user, "医療").await;
    assert_eq!(town.offered(&user)[..2], ["医師", "診療放射線技師"]);
    town.say(&user, "2").await;
    assert_eq!(town.member_of(&user).await.profession, Some(Profession("own-1-1".to_owned())));

    // A button of before says which group it means, wherever that stands by now.
    let groups =
        vec![group("介護", &[("CareWorker", "介護福祉士")]), group("医療", &[("Physician", "医師")])];
    set(&town, Value::Professions(Professions::offering(groups)), 1).await;
    town.tap(&user, "profile/group/医療").await;
    assert_eq!(town.offered(&user)[0], "医師");

    // A button of before says which area it means, wherever that stands by now.
    town.tap(&user, "profile/change/area").await;
    assert_eq!(town.offered(&user)[..2], ["北部圏域", "南部圏域"]);
    let area = |name: &str| Area(name.to_owned());
    set(&town, Value::Areas(Areas::offering(vec![area("佐藤町/駅前"), area("北部圏域")])), 0).await;
    town.tap(&user, "profile/area/南部圏域").await;
    assert_eq!(town.member_of(&user).await.area, None, "it is offered no more");
    town.tap(&user, "profile/area/北部圏域").await;
    assert_eq!(town.member_of(&user).await.area, Some(area("北部圏域")));
    town.tap(&user, "profile/change/area").await;
    town.say(&user, "佐藤町/駅前").await;
    assert_eq!(
        town.member_of(&user).await.area,
        Some(area("佐藤町/駅前")),
        "the city's own names are nobody's"
    );

    // Two bots over one store.
    let another = town.another_bot(town.centre.store().clone()).await;
    another.centre().reload_settings().await.unwrap();
    assert!(another.centre().policy().areas.offers(&area("佐藤町/駅前")));
}

#[tokio::test]
async fn eleven_groups_of_eleven_are_all_to_be_tapped() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    let labels: Vec<String> = (0..MAX_CHOICES).map(|number| format!("群{number}")).collect();
    let groups = labels.iter().map(|label| {
        let choices: Vec<(String, String)> = (0..MAX_CHOICES)
            .map(|number| (format!("{label}-{number}"), format!("{label}の{number}")))
            .collect();
        let choices: Vec<(&str, &str)> = choices.iter().map(|(id, label)| (&**id, &**label)).collect();
        group(label, &choices)
    });
    set(&town, Value::Professions(Professions::offering(groups.collect())), 0).await;
    let areas = labels.iter().map(|label| Area(label.clone())).collect();
    set(&town, Value::Areas(Areas::offering(areas)), 0).await;
    // While they join there are two ways out.
    town.tap(&user, "rules/accept").await;
    let offered = town.offered(&user);
    assert_eq!((&offered[..MAX_CHOICES], offered.len()), (&labels[..], MAX_CHOICES + 2));
    town.tap(&user, "profile/group/群10").await;
    assert_eq!(town.offered(&user)[MAX_CHOICES - 1], "群10の10");
    town.tap(&user, "profile/profession/群10-10").await;
    town.tap(&user, "profile/skip").await;
    let offered = town.offered(&user);
    assert_eq!((&offered[..MAX_CHOICES], offered.len()), (&labels[..], MAX_CHOICES + 2));
}
