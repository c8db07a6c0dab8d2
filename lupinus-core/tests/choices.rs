//! Professions and areas that a city changes while the program runs: nothing that is used loses its name.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lupinus_core::{
    actor::{Actor, Permission, Role},
    audience::{Audience, Expr},
    choices::{Areas, MAX_CHOICES, ProfessionChoice, ProfessionGroup, Professions, Unsound, Usage},
    disposal::Retention,
    ids::StaffId,
    member::{Area, Profession, Reach, Standing},
    policy::Policy,
    settings::{Command, Context, Part, Refusal, Setting, Value},
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn choice(number: u8, label: u8) -> ProfessionChoice {
    ProfessionChoice { profession: Profession(format!("id-{number}")), label: format!("職種{label}") }
}

/// The professions with these numbers, each called as `labels` says, in groups of eleven.
fn professions(numbers: &BTreeSet<u8>, named: u8) -> Professions {
    let all: Vec<_> = numbers.iter().map(|number| choice(*number, number.wrapping_add(named))).collect();
    let groups = all.chunks(MAX_CHOICES).enumerate();
    Professions::offering(
        groups
            .map(|(number, choices)| ProfessionGroup {
                label: format!("群{number}"),
                professions: choices.to_vec(),
            })
            .collect(),
    )
}

fn areas(numbers: &BTreeSet<u8>) -> Areas {
    Areas::offering(numbers.iter().map(|number| Area(format!("圏域{number}"))).collect())
}

/// Members and posts use these.
fn usage(numbers: &BTreeSet<u8>) -> Usage {
    let mut usage = Usage::default();
    for number in numbers {
        let (profession, area) = (Profession(format!("id-{number}")), Area(format!("圏域{number}")));
        if number % 2 == 0 {
            let standing = Standing {
                reach: Reach::Registered,
                profession: Some(profession),
                area: Some(area),
                topics: BTreeSet::new(),
            };
            usage.members(&standing, 1);
        } else {
            let named = Expr::And(vec![Expr::Not(Box::new(Expr::Profession(profession))), Expr::Area(area)]);
            usage.post(&[Audience::Where(named)]);
        }
    }
    usage
}

fn administrator() -> Actor {
    Actor::staff(StaffId::from_uuid(Uuid::from_u128(1)), [Role::Administrator].into_iter().collect())
}

#[derive(Clone, Debug)]
enum Step {
    Change(BTreeSet<u8>, u8),
    Revert(u32),
    ToFile,
}

fn numbers() -> impl Strategy<Value = BTreeSet<u8>> {
    proptest::collection::btree_set(0..14_u8, 1..8)
}

fn steps() -> impl Strategy<Value = Vec<(Step, BTreeSet<u8>)>> {
    let step = prop_oneof![
        4 => (numbers(), 0..3_u8).prop_map(|(numbers, named)| Step::Change(numbers, named)),
        2 => (1..20_u32).prop_map(Step::Revert),
        1 => Just(Step::ToFile),
    ];
    vec((step, numbers()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is changed, taken back or left to the file again: what could be chosen and is used is known for good; what is
    /// in force is sound; and an id is never in two places.
    #[test]
    fn what_is_used_is_named_whatever_a_city_decides(steps in steps()) {
        let file = Policy {
            areas: areas(&(0..4).collect()),
            professions: professions(&(0..4).collect(), 0),
            ..Policy::default()
        };
        for part in [Part::Areas, Part::Professions] {
            let of_file = part.of(&file);
            let mut setting = Setting::untouched(part);
            // What somebody may hold: it was offered once, and has been used at each decision since.
            let mut held: BTreeSet<u8> = BTreeSet::new();
            for (step, used) in &steps {
                let known = |number: &u8| match setting.in_force(&of_file) {
                    Value::Areas(areas) => areas.all().any(|area| area.0 == format!("圏域{number}")),
                    Value::Professions(all) => all.all().any(|it| it.profession.0 == format!("id-{number}")),
                    _ => unreachable!(),
                };
                held.extend(used.iter().filter(|number| known(number)));
                let seen = setting.number();
                let command = match step {
                    Step::Change(numbers, named) => {
                        let value = match part {
                            Part::Areas => Value::Areas(areas(numbers)),
                            _ => Value::Professions(professions(numbers, *named)),
                        };
                        Command::Change { value: Box::new(value), seen }
                    }
                    Step::Revert(to) => Command::Revert { to: *to, seen },
                    Step::ToFile => Command::ToFile { seen },
                };
                let (usage, actor) = (usage(&held), administrator());
                let cx = Context {
                    actor: &actor, file: &of_file, staff: &[], usage: &usage, now: Timestamp::UNIX_EPOCH,
                };
                match setting.decide(command, &cx) {
                    Ok(decision) => setting = decision.next,
                    Err(Refusal::Unchanged | Refusal::NoSuchVersion) => {}
                    Err(other) => prop_assert!(false, "{other:?}"),
                }
                let in_force = Setting::applied(&file, [&setting]);
                prop_assert_eq!(in_force.areas.unsound(), None);
                prop_assert_eq!(in_force.professions.unsound(), None);
                for number in &held {
                    let (id, area) = (Profession(format!("id-{number}")), Area(format!("圏域{number}")));
                    match part {
                        Part::Areas => prop_assert!(in_force.areas.all().any(|known| *known == area)),
                        _ => prop_assert!(in_force.professions.label(&id) != id.0, "{id:?} has lost its name"),
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_offered_no_more_is_retired_and_goes_with_the_next_change_where_nobody_uses_it() {
    let of_file = Value::Professions(professions(&(0..3).collect(), 0));
    let usage = usage(&BTreeSet::from([1, 2]));
    let actor = administrator();
    assert!(actor.may(Permission::ManageSettings));
    let cx = Context { actor: &actor, file: &of_file, staff: &[], usage: &usage, now: Timestamp::UNIX_EPOCH };
    let value = Box::new(Value::Professions(professions(&BTreeSet::from([2, 3]), 5)));
    let next = Setting::untouched(Part::Professions)
        .decide(Command::Change { value, seen: 0 }, &cx)
        .unwrap_or_else(|refusal| panic!("{refusal}"))
        .next;
    let Value::Professions(now) = next.in_force(&of_file) else { panic!("another part") };
    assert_eq!(now.retired, [choice(0, 0), choice(1, 1)], "0 is nobody's, and may be on a form that is open");
    let id = Profession("id-2".to_owned());
    assert_eq!(now.label(&id), "職種7", "it is called otherwise, and the same");
    assert!(now.offers(&id) && !now.offers(&Profession("id-1".to_owned())));
    // The next change lets go of what nobody chose meanwhile.
    let value = Box::new(Value::Professions(professions(&BTreeSet::from([2]), 5)));
    let later =
        next.decide(Command::Change { value, seen: 1 }, &cx).unwrap_or_else(|refusal| panic!("{refusal}"));
    let Value::Professions(later) = later.next.in_force(&of_file) else { panic!("another part") };
    assert_eq!(later.retired, [choice(3, 8), choice(1, 1)]);
    // The file again: what was added meanwhile is known.
    let back = next.decide(Command::ToFile { seen: 1 }, &cx).unwrap_or_else(|refusal| panic!("{refusal}"));
    let Value::Professions(back) = back.next.in_force(&of_file) else { panic!("another part") };
    assert_eq!(back.offered().count(), 3);
    assert_eq!(back.retired, [choice(3, 8)]);
}

#[test]
fn a_list_that_line_cannot_show_or_that_names_two_alike_is_not_sound() {
    let many: BTreeSet<u8> = (0..12).collect();
    assert_eq!(areas(&many).unsound(), Some(Unsound::TooMany));
    assert_eq!(areas(&BTreeSet::new()).unsound(), None, "a city may have no areas");
    assert_eq!(professions(&BTreeSet::new(), 0).unsound(), Some(Unsound::Nothing));
    let with = |change: fn(&mut Professions)| {
        let mut list = professions(&(0..3).collect(), 0);
        change(&mut list);
        list.unsound()
    };
    let said = |word: &str| word.to_owned();
    assert_eq!(with(|_| {}), None);
    assert_eq!(with(|list| list.groups[0].professions.clear()), Some(Unsound::Nothing));
    assert_eq!(
        with(|list| list.groups[0].professions[1].label = "職種0".to_owned()),
        Some(Unsound::Twice(said("職種0")))
    );
    assert_eq!(
        with(|list| list.retired.push(choice(2, 9))),
        Some(Unsound::Twice(said("id-2"))),
        "an id is one thing"
    );
    let long = "長".repeat(21);
    let too_long = Areas::offering(vec![Area(long.clone())]);
    assert_eq!(too_long.unsound(), Some(Unsound::Length(long)));
    assert_eq!(with(|list| list.groups[0].label.clear()), Some(Unsound::Length(String::new())));
    assert_eq!(with(|list| list.groups = vec![list.groups[0].clone(); 12]), Some(Unsound::TooMany));
}

/// Stores hold these: whoever changes the form changes what a store of before says.
#[test]
fn a_setting_of_a_list_is_read_as_it_was_written() {
    let mut list = professions(&BTreeSet::from([1]), 0);
    list.retired.push(choice(2, 2));
    for (value, written) in [
        (
            Value::Professions(list),
            r#"{"professions":{"groups":[{"label":"群0","professions":[{"profession":"id-1","label":"職種1"}]}],"retired":[{"profession":"id-2","label":"職種2"}]}}"#,
        ),
        (Value::Areas(areas(&BTreeSet::from([1]))), r#"{"areas":{"offered":["圏域1"],"retired":[]}}"#),
        (
            Value::Retention(Retention::default()),
            r#"{"retention":{"sent_posts":{"of":5},"unsent_posts":{"of":1},"consultations":{"of":5},"incidents":{"of":10},"canned_answers":{"of":3}}}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&value).ok().as_deref(), Some(written));
        assert_eq!(serde_json::from_str::<Value>(written).ok(), Some(value));
    }
}

#[test]
fn an_area_that_is_offered_no_more_goes_with_the_next_change_where_nobody_uses_it() {
    let (of_file, actor) = (Value::Areas(areas(&(0..4).collect())), administrator());
    let usage = usage(&BTreeSet::from([1]));
    let cx = Context { actor: &actor, file: &of_file, staff: &[], usage: &usage, now: Timestamp::UNIX_EPOCH };
    let mut setting = Setting::untouched(Part::Areas);
    for (numbers, retired) in [(vec![2, 3], vec![0, 1]), (vec![3], vec![2, 1]), (vec![0, 3], vec![1])] {
        let value = Box::new(Value::Areas(areas(&numbers.into_iter().collect())));
        let command = Command::Change { value, seen: setting.number() };
        setting = setting.decide(command, &cx).unwrap_or_else(|refusal| panic!("{refusal}")).next;
        let Value::Areas(now) = setting.in_force(&of_file) else { panic!("another part") };
        let retired: Vec<_> = retired.into_iter().map(|number| Area(format!("圏域{number}"))).collect();
        assert_eq!(now.retired, retired);
    }
}
