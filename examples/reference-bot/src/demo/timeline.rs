//! When what happens: the scenario and the people, laid out in time.

use std::collections::{BTreeMap, HashSet};

use anyhow::Context as _;
use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use lupinus_core::calendar::OfficeHours;

use super::{
    cast::{FIRST_DAY, Fate, LAST_DAY, Lots, Person},
    scenario::{End, Scenario, instant},
};

/// The hour at which the play ends and the visitor's time begins.
pub(crate) const CURTAIN: DateTime = LAST_DAY.at(15, 0, 0, 0);

/// What is done with a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// 提出
    Submit,
    /// 受付
    Take,
    /// 差戻し
    Return,
    /// Mended and handed in again.
    Mend,
    /// The first yes: 確認.
    Check,
    /// The last yes: 承認.
    Approve,
    /// 予約
    Schedule,
    /// It goes out.
    Send,
    /// 却下
    Reject,
    /// 取下げ
    Withdraw,
    /// The second signature under an emergency.
    Sign,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// The centre opens its console for the first time.
    Opening,
    /// These people add the account and answer what it asks.
    Join(Vec<usize>),
    /// This person becomes the submitter of their body.
    Invite(usize),
    /// This person blocks the account.
    Block(usize),
    /// This person leaves.
    Leave(usize),
    /// A post, by its place in the scenario; corrections come after the posts.
    Post(usize, Step),
    /// A consultation begins, asked by this person.
    Ask(usize, usize),
    /// It goes on.
    Turn(usize, usize),
    /// The month is over.
    MonthEnd,
}

/// The hours of the centre, for laying out what staff do.
struct Office<'a> {
    hours: &'a OfficeHours,
    zone: &'a TimeZone,
}

impl Office<'_> {
    /// `minutes` after `at`, or after the next opening when that falls outside opening hours.
    fn after(&self, at: Timestamp, minutes: i64) -> anyhow::Result<Timestamp> {
        let then = at.checked_add(minutes.minutes())?;
        if self.hours.is_open(then) {
            return Ok(then);
        }
        let open = self.hours.next_opening(then).context("the centre never opens again")?;
        Ok(open.checked_add(minutes.min(20).minutes())?)
    }

    fn local(&self, at: DateTime) -> anyhow::Result<Timestamp> {
        instant(at, self.zone)
    }
}

/// Everything in order.
///
/// # Errors
/// When the scenario leaves staff no time between handing in and sending.
pub(crate) fn timeline(
    scenario: &Scenario,
    cast: &[Person],
    lots: Lots,
    hours: &OfficeHours,
) -> anyhow::Result<Vec<(Timestamp, Scene)>> {
    let office = Office { hours, zone: hours.time_zone() };
    let mut scenes = vec![(office.local(FIRST_DAY.at(8, 40, 0, 0))?, Scene::Opening)];
    people(&office, cast, &mut scenes)?;
    for (number, post) in scenario.posts.iter().enumerate() {
        let steps = post_steps(&office, post).with_context(|| format!("the post {}", post.key))?;
        scenes.extend(steps.into_iter().map(|(at, step)| (at, Scene::Post(number, step))));
    }
    for (number, correction) in scenario.corrections.iter().enumerate() {
        let number = scenario.posts.len() + number;
        let (begun, send) = (office.local(correction.submitted)?, office.local(correction.send)?);
        let mut at = begun;
        for (minutes, step) in
            [(0, Step::Submit), (10, Step::Take), (15, Step::Check), (20, Step::Approve), (3, Step::Schedule)]
        {
            at = at.checked_add(minutes.minutes())?;
            scenes.push((at, Scene::Post(number, step)));
        }
        scenes.push((send, Scene::Post(number, Step::Send)));
    }
    consultations(&office, scenario, cast, lots, &mut scenes)?;
    for month in FIRST_DAY.month()..LAST_DAY.month() {
        let last = jiff::civil::date(FIRST_DAY.year(), month, 1).last_of_month();
        scenes.push((office.local(last.at(23, 59, 0, 0))?, Scene::MonthEnd));
    }
    scenes.push((office.local(CURTAIN)?, Scene::MonthEnd));
    scenes.sort_by_key(|(at, _)| *at);
    Ok(scenes)
}

fn people(office: &Office<'_>, cast: &[Person], scenes: &mut Vec<(Timestamp, Scene)>) -> anyhow::Result<()> {
    let mut cohorts: BTreeMap<DateTime, Vec<usize>> = BTreeMap::new();
    for (number, person) in cast.iter().enumerate() {
        cohorts.entry(person.joins).or_default().push(number);
        match person.fate {
            Fate::Blocks(day) => scenes.push((office.local(day.at(21, 15, 0, 0))?, Scene::Block(number))),
            Fate::Leaves(day) => scenes.push((office.local(day.at(13, 5, 0, 0))?, Scene::Leave(number))),
            Fate::Member | Fate::Undecided => {}
        }
        if person.submits_for.is_some() {
            let at = office.local(FIRST_DAY.at(13, 30, 0, 0))?;
            scenes.push((at.checked_add((i64::try_from(number)? * 3).minutes())?, Scene::Invite(number)));
        }
    }
    for (at, who) in cohorts {
        scenes.push((office.local(at)?, Scene::Join(who)));
    }
    Ok(())
}

fn post_steps(
    office: &Office<'_>,
    post: &super::scenario::PostScript,
) -> anyhow::Result<Vec<(Timestamp, Step)>> {
    let mut at = office.local(post.submitted)?;
    let mut steps = vec![(at, Step::Submit)];
    let mut then = |minutes: i64, step: Step| -> anyhow::Result<()> {
        at = office.after(at, minutes)?;
        steps.push((at, step));
        Ok(())
    };
    if post.end == End::Submitted {
        return Ok(steps);
    }
    if post.emergency {
        // Minutes count: one yes now, the second signature when it is out.
        then(3, Step::Take)?;
        then(4, Step::Approve)?;
        then(1, Step::Schedule)?;
        let send = office.local(post.send.context("an emergency goes out")?)?;
        anyhow::ensure!(at <= send, "approved only at {at}");
        steps.push((send, Step::Send));
        steps.push((send.checked_add(40.minutes())?, Step::Sign));
        return Ok(steps);
    }
    then(35, Step::Take)?;
    if post.returned.is_some() {
        then(20, Step::Return)?;
        if post.end == End::Returned {
            return Ok(steps);
        }
        then(70, Step::Mend)?;
        then(25, Step::Take)?;
    }
    if post.end == End::Rejected {
        then(55, Step::Reject)?;
        return Ok(steps);
    }
    then(12, Step::Check)?;
    if post.end == End::InReview {
        return Ok(steps);
    }
    then(50, Step::Approve)?;
    if post.end == End::Withdrawn {
        then(18 * 60, Step::Withdraw)?;
        return Ok(steps);
    }
    then(4, Step::Schedule)?;
    let send = office.local(post.send.context("no time to send")?)?;
    anyhow::ensure!(at < send, "it is to go out at {send} and is approved only at {at}");
    if post.end == End::Sent {
        steps.push((send, Step::Send));
    }
    Ok(steps)
}

/// Each consultation is one person's, and nobody has two: somebody of the profession that the scenario names, or somebody
/// else in a city too small for that. A very small city has fewer consultations.
fn consultations(
    office: &Office<'_>,
    scenario: &Scenario,
    cast: &[Person],
    lots: Lots,
    scenes: &mut Vec<(Timestamp, Scene)>,
) -> anyhow::Result<()> {
    let mut busy: HashSet<usize> = HashSet::new();
    for (number, script) in scenario.consultations.iter().enumerate() {
        let joined = script.at.checked_sub(1.day())?;
        let free = |person: &&(usize, &Person)| {
            person.1.fate == Fate::Member && person.1.joins < joined && !busy.contains(&person.0)
        };
        let everybody: Vec<(usize, &Person)> = cast.iter().enumerate().collect();
        let of_profession: Vec<&(usize, &Person)> = everybody
            .iter()
            .filter(free)
            .filter(|(_, person)| person.profession == script.by && person.submits_for.is_none())
            .collect();
        let candidates =
            if of_profession.is_empty() { everybody.iter().filter(free).collect() } else { of_profession };
        let place = lots.draw("asks", number, candidates.len() as u64);
        let Some((who, _)) = candidates.get(usize::try_from(place)?) else { continue };
        busy.insert(*who);
        scenes.push((office.local(script.at)?, Scene::Ask(number, *who)));
        for (turn, what) in script.turn.iter().enumerate() {
            scenes.push((office.local(what.at)?, Scene::Turn(number, turn)));
        }
    }
    Ok(())
}
