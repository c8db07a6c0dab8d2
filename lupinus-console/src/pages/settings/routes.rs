//! Approval routes: each step with whom it asks, as people read it and as a form has it.

use std::{collections::BTreeSet, num::NonZeroU8};

use lupinus_core::{
    actor::{Permission, Role},
    ids::StaffId,
    post::{Approvers, MAX_STEPS, Route, RouteId, RouteStep, Routes, Urgency},
    settings::Value,
};

use crate::{
    fields::Fields,
    pages::staff::role_name,
    text::{Text, say},
    view::Names,
};

const ROUTES: [(Urgency, &str); 2] = [(Urgency::Normal, "normal"), (Urgency::Emergency, "emergency")];
/// What a step says that asks for people instead of a role.
const PEOPLE: &str = "people";

/// What staff call the route of these posts.
pub(crate) const fn label(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "承認経路",
        Urgency::Emergency => "緊急配信の承認経路",
    }
}

/// One route of the form.
pub(super) struct RouteForm {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    /// What it is, where the form has no place for it: then it stays, unless it is to be replaced.
    pub(super) kept: Option<Text>,
    pub(super) is_replaced: bool,
    pub(super) name: String,
    pub(super) steps: Vec<StepForm>,
}

/// One step of the form; without anybody whom it asks, there is none.
pub(super) struct StepForm {
    pub(super) number: usize,
    pub(super) field: String,
    pub(super) name: String,
    pub(super) required: String,
    pub(super) whom: Vec<Choice>,
    pub(super) names_people: bool,
    pub(super) people: Vec<Person>,
}

/// Whom a step asks.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) is_chosen: bool,
}

/// Somebody who can be named.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: Text,
    pub(super) is_named: bool,
}

/// An emergency waits for one yes: more steps are the file's to have.
const fn places(urgency: Urgency) -> usize {
    match urgency {
        Urgency::Normal => MAX_STEPS,
        Urgency::Emergency => 1,
    }
}

/// The roles that see posts.
fn offered() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| role.permits(Permission::ReadPosts))
}

/// Whether the form has a place for all of it.
fn has_place(route: &Route, urgency: Urgency) -> bool {
    let is_offered = |step: &RouteStep| match &step.approvers {
        Approvers::Role(role) => offered().any(|offered| offered == *role),
        Approvers::Staff(_) => true,
    };
    route.steps.len() <= places(urgency) && route.steps.iter().all(is_offered)
}

/// Each route in words.
pub(super) fn words(routes: &Routes, names: &Names) -> Vec<(Text, Text)> {
    ROUTES
        .into_iter()
        .map(|(urgency, _)| (Text::from(label(urgency)), in_words(routes.for_urgency(urgency), names)))
        .collect()
}

fn in_words(route: &Route, names: &Names) -> Text {
    let whom = |approvers: &Approvers| match approvers {
        Approvers::Role(role) => Text::from(role.label_ja()),
        Approvers::Staff(people) => Text::list("・", people.iter().map(|id| names.staff(*id))),
    };
    let steps = route.steps.iter().map(|step| {
        let whom = whom(&step.approvers);
        say!("{name}({whom}のうち{required}人)", name = step.name, whom, required = step.required)
    });
    say!("{name}:{steps}", name = route.name, steps = Text::list(" → ", steps))
}

/// The form, filled with what is in force, or with what was typed.
pub(super) fn forms(routes: &Routes, names: &Names, typed: Option<&Fields>) -> Vec<RouteForm> {
    ROUTES
        .into_iter()
        .map(|(urgency, key)| {
            let route = routes.for_urgency(urgency);
            let is_shown = has_place(route, urgency);
            let text = |field: &str, known: &str| match typed {
                Some(typed) => typed.text(field).to_owned(),
                None if is_shown => known.to_owned(),
                None => String::new(),
            };
            let shown = |number: usize| {
                let step = route.steps.get(number - 1).filter(|_| is_shown);
                step_form(format!("{key}.{number}"), number, step, names, typed)
            };
            RouteForm {
                key,
                label: label(urgency),
                kept: (!is_shown).then(|| in_words(route, names)),
                is_replaced: typed.is_some_and(|typed| typed.ticked(&format!("{key}.shown"))),
                name: text(&format!("{key}.name"), &route.name),
                steps: (1..=places(urgency)).map(shown).collect(),
            }
        })
        .collect()
}

fn step_form(
    field: String,
    number: usize,
    step: Option<&RouteStep>,
    names: &Names,
    typed: Option<&Fields>,
) -> StepForm {
    let nobody = BTreeSet::new();
    let (whom, named) = match step.map(|step| &step.approvers) {
        None => ("", &nobody),
        Some(Approvers::Role(role)) => (role_name(*role), &nobody),
        Some(Approvers::Staff(people)) => (PEOPLE, people),
    };
    let of = |part: &str| format!("{field}.{part}");
    let whom = typed.map_or(whom, |typed| typed.text(&of("whom")));
    let is_named = |id: StaffId| match typed {
        Some(typed) => typed.has(&of(PEOPLE), &id.to_string()),
        None => named.contains(&id),
    };
    let choice = |value, label| Choice { value, label, is_chosen: value == whom };
    let roles = offered().map(|role| choice(role_name(role), role.label_ja()));
    // Who was named stays to be seen after they have gone.
    let there = names.staff.iter().filter(|staff| staff.active || named.contains(&staff.id));
    let gone = named.iter().filter(|id| names.staff.iter().all(|staff| staff.id != **id));
    let people = there.map(|staff| staff.id).chain(gone.copied());
    StepForm {
        number,
        name: typed.map_or_else(
            || step.map(|step| step.name.clone()).unwrap_or_default(),
            |typed| typed.text(&of("name")).to_owned(),
        ),
        required: typed.map_or_else(
            || step.map_or(NonZeroU8::MIN, |step| step.required).to_string(),
            |typed| typed.text(&of("required")).to_owned(),
        ),
        names_people: whom == PEOPLE,
        whom: std::iter::once(choice("", "(この段階は使わない)"))
            .chain(roles)
            .chain(std::iter::once(choice(PEOPLE, "指名した職員")))
            .collect(),
        people: people
            .map(|id| Person { id: id.to_string(), name: names.staff(id), is_named: is_named(id) })
            .collect(),
        field,
    }
}

/// The routes that a form describes: of those in force whatever it says nothing of.
pub(super) fn read(fields: &Fields, present: &Routes) -> Result<Value, Text> {
    let mut routes = present.clone();
    for (urgency, key) in ROUTES {
        if !fields.ticked(&format!("{key}.shown")) {
            continue;
        }
        let route = match urgency {
            Urgency::Normal => &mut routes.normal,
            Urgency::Emergency => &mut routes.emergency,
        };
        let what = label(urgency);
        let name = fields.some(&format!("{key}.name"));
        let name = name.ok_or_else(|| say!("{route}の名前を入力してください。", route = what))?;
        if fields.some(&format!("{key}.{}.whom", places(urgency) + 1)).is_some() {
            return Err(say!("{route}の段階は{max}までです。", route = what, max = places(urgency)));
        }
        let mut steps = Vec::new();
        for number in 1..=places(urgency) {
            let step = step(fields, &format!("{key}.{number}"), |said| {
                say!("{route}の第{step}段階:{said}", route = what, step = number, said)
            })?;
            steps.extend(step);
        }
        if steps.is_empty() {
            return Err(say!("{route}には、少なくとも1つの段階が必要です。", route = what));
        }
        if steps != route.steps {
            route.id = RouteId("own".to_owned());
        }
        name.clone_into(&mut route.name);
        route.steps = steps;
    }
    Ok(Value::Routes(Box::new(routes)))
}

fn step(
    fields: &Fields,
    field: &str,
    wrong: impl Fn(&'static str) -> Text,
) -> Result<Option<RouteStep>, Text> {
    let of = |part: &str| format!("{field}.{part}");
    let (name, whom) = (fields.some(&of("name")), fields.text(&of("whom")));
    if whom.is_empty() {
        return match name {
            None => Ok(None),
            Some(_) => Err(wrong("承認する職員を選んでください。使わない段階は、名前を空にしてください。")),
        };
    }
    let approvers = if whom == PEOPLE {
        let people: Result<BTreeSet<StaffId>, _> = fields.all(&of(PEOPLE)).map(str::parse).collect();
        people.ok().filter(|people| !people.is_empty()).map(Approvers::Staff)
    } else {
        offered().find(|role| role_name(*role) == whom).map(Approvers::Role)
    };
    Ok(Some(RouteStep {
        name: name.ok_or_else(|| wrong("名前を入力してください。"))?.to_owned(),
        approvers: approvers.ok_or_else(|| wrong("指名する職員に印を付けてください。"))?,
        required: fields
            .text(&of("required"))
            .trim()
            .parse()
            .map_err(|_| wrong("人数は1以上の半角の数で入力してください。"))?,
    }))
}
