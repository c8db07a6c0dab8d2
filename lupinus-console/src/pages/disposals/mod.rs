//! Retention and disposal (保存年限と廃棄): what may go when, what was proposed, and one list with what becomes of it.

mod list;
mod one;
mod register;

use std::collections::BTreeSet;

use lupinus_core::{
    actor::Actor,
    disposal::{Class, Command, Context, Disposal, Refusal, Years},
    figures::Period,
};

pub(crate) use self::{
    list::{list, propose},
    one::{command, page},
    register::register,
};
use super::when;
use crate::{
    console::Settings,
    gate::Desk,
    text::{Text, say},
};

/// For how long something is kept.
pub(in crate::pages) fn years(years: Years) -> Text {
    match years {
        Years::Of(years) => say!("{n}年", n = years),
        Years::Permanent => Text::from("永年"),
    }
}

/// So many records of a class that were closed in one fiscal year.
pub(in crate::pages) struct CountRow {
    pub(in crate::pages) class: &'static str,
    pub(in crate::pages) year: Text,
    pub(in crate::pages) records: Text,
}

impl CountRow {
    pub(in crate::pages) fn new(class: Class, year: Period, records: usize) -> Self {
        Self { class: class.label_ja(), year: Text::Period(year), records: figure(records) }
    }
}

fn figure(number: usize) -> Text {
    crate::view::figure(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A fiscal year whose figures are counted from records that go: its sheet, and what it is called.
struct YearLink {
    period: String,
    label: Text,
}

impl YearLink {
    fn new(year: Period) -> Self {
        Self { period: year.to_string(), label: Text::Period(year) }
    }

    /// Of what was closed in these years: some of it counts in the year in which it began, the one before.
    fn all(closed_in: &BTreeSet<Period>) -> Vec<Self> {
        let years = closed_in.iter().flat_map(|year| year.before().into_iter().chain([*year]));
        years.collect::<BTreeSet<_>>().into_iter().map(Self::new).collect()
    }
}

/// Why core would not let this one do it now.
fn why_not(app: &Settings, desk: &Desk, disposal: &Disposal, command: Command) -> Option<Refusal> {
    let actor = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let when = when(app);
    let retention = app.centre.policy().retention;
    let cx = Context { actor: &actor, retention: &retention, today: when.today(), now: when.now };
    disposal.decide(command, &cx).err()
}
