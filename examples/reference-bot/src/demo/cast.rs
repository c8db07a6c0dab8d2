//! The people of the city, drawn by lot: who they are, when they join, what they answer.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use jiff::{
    ToSpan,
    civil::{Date, DateTime, date},
};
use lupinus_core::{calendar::OfficeHours, hash::Sha256Hash, post::Category};

use super::scenario::Scenario;

/// The first day.
pub(crate) const FIRST_DAY: Date = date(2026, 4, 1);
/// The last day.
pub(crate) const LAST_DAY: Date = date(2026, 9, 30);

/// What becomes of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A member to the end.
    Member,
    /// Blocks the account on this day.
    Blocks(Date),
    /// Leaves on this day, and is erased.
    Leaves(Date),
    /// Never accepts the rules.
    Undecided,
}

/// Somebody with the app.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their LINE user id.
    pub(crate) user: String,
    /// Their nickname.
    pub(crate) name: String,
    /// Their profession, whether or not they say it.
    pub(crate) profession: String,
    /// When they add the account.
    pub(crate) joins: DateTime,
    /// The body they submit for, by its place in the scenario.
    pub(crate) submits_for: Option<usize>,
    /// Whether they say their profession.
    pub(crate) says_profession: bool,
    /// Where they work, if they say it.
    pub(crate) organisation: Option<String>,
    /// Their area by its place in the settings, if they say it.
    pub(crate) area: Option<usize>,
    /// What they want to hear of; empty for everything.
    pub(crate) topics: BTreeSet<Category>,
    /// What becomes of them.
    pub(crate) fate: Fate,
}

/// Draws lots that the seed decides, each by its name: one more draw elsewhere changes none of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lots(u64);

impl Lots {
    /// The lots of this seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `below`.
    pub(crate) fn draw(self, what: &str, number: usize, below: u64) -> u64 {
        let hex = self.hex(what, number);
        u64::from_str_radix(hex.get(..15).unwrap_or("0"), 16).unwrap_or(0) % below.max(1)
    }

    fn index(self, what: &str, number: usize, length: usize) -> usize {
        usize::try_from(self.draw(what, number, length as u64)).unwrap_or(0)
    }

    fn hex(self, what: &str, number: usize) -> String {
        Sha256Hash::of(format!("{} {what} {number}", self.0).as_bytes()).to_hex()
    }
}

/// Everybody, in the order in which they were drawn: submitters first, then members, then the others.
///
/// # Errors
/// When there are fewer members than bodies need submitters.
pub(crate) fn cast(
    scenario: &Scenario,
    lots: Lots,
    members: usize,
    areas: usize,
    hours: &OfficeHours,
) -> anyhow::Result<Vec<Person>> {
    let people = &scenario.people;
    ensure!(
        members >= people.bodies.len(),
        "{members} members are too few: {} bodies need somebody each",
        people.bodies.len()
    );
    let mut left: Vec<usize> = people.groups.iter().map(|group| group.count).collect();
    let mut everybody = Vec::new();
    for (number, body) in people.bodies.iter().enumerate() {
        let group = people.groups.iter().position(|group| group.profession == body.profession);
        let group = group.with_context(|| format!("{}: no group of its profession", body.key))?;
        left[group] = left[group].saturating_sub(1);
        let mut person = drawn(scenario, lots, everybody.len(), group, areas);
        person.joins = FIRST_DAY.at(9, 30, 0, 0).checked_add((i64::try_from(number)? * 2).minutes())?;
        person.submits_for = Some(number);
        person.says_profession = true;
        everybody.push(person);
    }
    // One of each group in turn, so that a small city has every profession too.
    let mut first = vec![true; left.len()];
    while everybody.len() < members {
        let mut any = false;
        for group in 0..left.len() {
            if left[group] > 0 && everybody.len() < members {
                left[group] -= 1;
                any = true;
                let mut person = drawn(scenario, lots, everybody.len(), group, areas);
                if std::mem::take(&mut first[group]) {
                    // Early enough to ask the first questions, and known by profession.
                    person.joins = date(2026, 4, 6).at(12, 20, 0, 0);
                    person.says_profession = true;
                }
                everybody.push(person);
            }
        }
        ensure!(any, "the scenario has {} members, {members} were asked for", scenario.members());
    }
    let others = &people.others;
    let small = members < scenario.members();
    let of = |count: usize| if small { count.min(1) } else { count };
    for (count, fate) in [
        (of(others.blocked), Fate::Blocks(LAST_DAY)),
        (of(others.left), Fate::Leaves(LAST_DAY)),
        (of(others.undecided), Fate::Undecided),
    ] {
        for _ in 0..count {
            let number = everybody.len();
            let mut person = drawn(scenario, lots, number, lots.index("group", number, left.len()), areas);
            let later =
                person.joins.date().checked_add(i64::try_from(20 + lots.draw("fate", number, 40))?.days())?;
            let day = open_day(hours, later.min(date(2026, 9, 25)));
            person.fate = match fate {
                Fate::Blocks(_) => Fate::Blocks(day),
                Fate::Leaves(_) => Fate::Leaves(day),
                other => other,
            };
            everybody.push(person);
        }
    }
    for person in &mut everybody {
        if person.submits_for.is_none() {
            person.joins = open_day(hours, person.joins.date()).to_datetime(person.joins.time());
        }
    }
    Ok(everybody)
}

fn open_day(hours: &OfficeHours, mut day: Date) -> Date {
    while hours.closes_on(day) && day < LAST_DAY {
        day = day.tomorrow().unwrap_or(LAST_DAY);
    }
    day
}

fn drawn(scenario: &Scenario, lots: Lots, number: usize, group: usize, areas: usize) -> Person {
    let people = &scenario.people;
    let skips = |what: &str, of_hundred: u64| lots.draw(what, number, 100) < of_hundred;
    let pick = |what: &str, from: &[String]| from.get(lots.index(what, number, from.len())).cloned();
    let group = people.groups.get(group);
    let name = format!(
        "{}{}",
        pick("first name", &people.names.first).unwrap_or_default(),
        pick("last name", &people.names.tail).unwrap_or_default()
    );
    let organisations = group.map_or(&[][..], |group| group.organisations.as_slice());
    let mut topics = BTreeSet::new();
    if !skips("no topics", people.skips.topics) {
        for place in 0..2 + lots.draw("how many topics", number, 3) {
            let topic = lots.index("topic", number * 10 + usize::try_from(place).unwrap_or(0), 8);
            topics.extend(Category::ALL.get(topic));
        }
    }
    let user: String = lots.hex("user", number).chars().take(32).collect();
    Person {
        user: format!("U{user}"),
        name,
        profession: group.map(|group| group.profession.clone()).unwrap_or_default(),
        joins: joins(lots, number),
        submits_for: None,
        says_profession: !skips("skips profession", people.skips.profession),
        organisation: pick("organisation", organisations)
            .filter(|_| !skips("skips organisation", people.skips.organisation)),
        area: (areas > 0 && !skips("skips area", people.skips.area))
            .then(|| lots.index("area", number, areas)),
        topics,
        fate: Fate::Member,
    }
}

/// Most come in the first weeks, when the bodies tell their members; then a few every week.
fn joins(lots: Lots, number: usize) -> DateTime {
    let day = match lots.draw("wave", number, 100) {
        0..45 => 1 + lots.draw("day", number, 16),
        45..70 => 17 + lots.draw("day", number, 24),
        70..85 => 41 + lots.draw("day", number, 40),
        _ => 81 + lots.draw("day", number, 96),
    };
    let day = FIRST_DAY.checked_add(i64::try_from(day).unwrap_or(1).days()).unwrap_or(LAST_DAY);
    match lots.draw("hour", number, 3) {
        0 => day.at(8, 15, 0, 0),
        1 => day.at(12, 35, 0, 0),
        _ => day.at(18, 50, 0, 0),
    }
}
