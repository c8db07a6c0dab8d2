//! One disposal: its list, who decides on it, how far it is, and what became of it.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Permission as P, Role},
    audit::Subject,
    disposal::{Command, Disposal, Item, Refusal, State as Stage},
    ids::DisposalId,
    service::ServiceError,
    store::Entity,
};
use serde::Deserialize;

use super::{CountRow, YearLink, figure, why_not, years};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::when,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, When, place, trail},
    words,
};

/// How many records of a list are shown at once.
const ROWS: usize = 50;

#[derive(Default, Deserialize)]
pub(crate) struct AskedList {
    done: Option<String>,
    /// From 1.
    page: Option<String>,
    /// Which record somebody wants to keep longer: others may take some off the list meanwhile.
    hold: Option<String>,
}

struct ItemRow {
    /// From 1.
    number: usize,
    class: &'static str,
    id: String,
    href: Option<String>,
    closed: Text,
    due: Text,
    /// What became of it, and how that is shown.
    outcome: Option<(Text, &'static str)>,
}

/// A form to keep one record longer.
struct HoldForm {
    /// From 1.
    number: usize,
    subject: String,
    until: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "disposal.html")]
struct OnePage {
    shell: Shell,
    id: String,
    state: &'static str,
    state_css: &'static str,
    proposed: Text,
    /// Who said yes or no, and when.
    decided: Option<(&'static str, Text)>,
    /// Why it was refused.
    reason: Option<String>,
    ended: Option<Text>,
    is_proposed: bool,
    is_own: bool,
    is_alone: bool,
    /// Whether years changed since, and something on the list is not due any more.
    is_overtaken: bool,
    /// Why this one may not decide.
    why_not: Option<Text>,
    may_refuse: bool,
    may_withdraw: bool,
    /// How far it is: so many of so many.
    progress: Option<(Text, Text)>,
    /// How many are gone, and how many stayed.
    outcome: Option<(Text, usize)>,
    /// With how long those are kept.
    counts: Vec<(CountRow, Text)>,
    last_year: Option<Text>,
    figures: Vec<YearLink>,
    list: String,
    short: String,
    rows: Vec<ItemRow>,
    records: Text,
    before: Option<usize>,
    after: Option<usize>,
    page: usize,
    pages: usize,
    hold: Option<HoldForm>,
    typed: Fields,
    refused: Option<(Text, &'static str)>,
    trail: Vec<TrailRow>,
    reads_trail: bool,
}

impl OnePage {
    fn is_refused(&self, name: &str) -> bool {
        self.refused.as_ref().is_some_and(|(_, refused)| *refused == name)
    }

    fn holds(&self, row: &ItemRow) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.number == row.number)
    }
}

/// Its id without its kind.
fn id_of(item: &Item) -> &str {
    item.subject.as_str().split_once('/').map_or("", |(_, id)| id)
}

fn item_row(
    number: usize,
    item: &Item,
    disposal: &Disposal,
    there: &BTreeSet<&Subject>,
    desk: &Desk,
) -> ItemRow {
    let is_there = there.contains(&item.subject);
    let outcome = match &disposal.state {
        Stage::Done { spared, .. } => Some(match spared.get(&item.subject) {
            Some(kept) => (say!("残しました:{why}", why = kept.label_ja()), " chip-warn"),
            None => (Text::from("廃棄"), ""),
        }),
        Stage::Decided { .. } if is_there => Some((Text::from("これから"), "")),
        Stage::Decided { .. } => Some((Text::from("廃棄"), "")),
        Stage::Proposed | Stage::Refused { .. } | Stage::Withdrawn { .. } => None,
    };
    ItemRow {
        number,
        class: item.class.label_ja(),
        id: id_of(item).to_owned(),
        href: place(desk, &item.subject).filter(|_| is_there),
        closed: Text::DayOfYear(item.closed_on),
        due: Text::DayOfYear(item.due_on),
        outcome,
    }
}

/// Who said yes or no.
fn decided(disposal: &Disposal, names: &Names, when: &When<'_>) -> Option<(&'static str, Text)> {
    let (what, by, at) = match &disposal.state {
        Stage::Proposed => return None,
        Stage::Refused { by, at, .. } => ("不承認", by, at),
        Stage::Withdrawn { by, at } => ("取下げ", by, at),
        Stage::Decided { by, at } | Stage::Done { by, decided_at: at, .. } => ("決定", by, at),
    };
    Some((what, say!("{by} {at}", by = names.staff(*by), at = when.at(*at))))
}

/// What the page shows beside the disposal itself.
#[derive(Default)]
struct Shown<'a> {
    done: Option<&'a str>,
    /// From 1.
    page: Option<usize>,
    /// Which record, by its id.
    hold: Option<String>,
    typed: Option<Fields>,
    refused: Option<(StatusCode, Text, &'static str)>,
}

async fn drawn(app: &App, desk: &Desk, id: DisposalId, shown: Shown<'_>) -> Result<Response, Problem> {
    let disposal = app.centre.disposal(desk.me(), id).await?.value;
    let (names, when) = (Names::load(&app.centre).await?, when(app));
    let Shown { done, page, hold, typed, refused } = shown;
    let typed = typed.unwrap_or_default();
    let pages = disposal.items.len().div_ceil(ROWS).max(1);
    let is_proposed = disposal.state == Stage::Proposed;
    let held = hold.filter(|_| is_proposed);
    let held = held.and_then(|id| (1_usize..).zip(&disposal.items).find(|(_, item)| id_of(item) == id));
    let page = page.or(held.map(|(number, _)| number.div_ceil(ROWS))).unwrap_or(1).clamp(1, pages);
    let first = (page - 1) * ROWS;
    let is_going = matches!(disposal.state, Stage::Decided { .. });
    let part = disposal.items.get(first..disposal.items.len().min(first + ROWS)).unwrap_or_default();
    // How far it is, is asked of all of them.
    let asked = if is_going { &disposal.items } else { part };
    let asked: Vec<_> = asked.iter().map(|item| &item.subject).collect();
    let there = app.centre.still_there(&asked).await?;
    let is_own = disposal.proposed_by == desk.staff.id;
    let decide = Command::Decide { list: disposal.hash(), figures_are_kept: true };
    let gone: usize = disposal.counts().values().sum();
    let closed_in = disposal.years();
    let subject = Subject::new(&Disposal::KIND, id);
    let reads_trail = desk.may(P::ReadAudit);
    let kept_for = |class| years(disposal.retention.of(class));
    let page = OnePage {
        shell: Shell::inside(app, desk, "記録の廃棄", "/audit").having_done(done),
        id: id.to_string(),
        state: disposal.state.label_ja(),
        state_css: disposal.state.name(),
        proposed: say!(
            "{by} {at}",
            by = names.staff(disposal.proposed_by),
            at = when.at(disposal.proposed_at)
        ),
        decided: decided(&disposal, &names, &when),
        reason: match &disposal.state {
            Stage::Refused { reason, .. } => Some(reason.clone()),
            _ => None,
        },
        ended: match &disposal.state {
            Stage::Done { at, .. } => Some(when.at(*at)),
            _ => None,
        },
        is_overtaken: is_proposed && !disposal.is_due_by(&app.centre.policy().retention),
        is_proposed,
        is_own,
        is_alone: names
            .staff
            .iter()
            .filter(|staff| staff.active && staff.roles.has(Role::Administrator))
            .count()
            < 2,
        why_not: why_not(app, desk, &disposal, decide).map(Refusal::sentence_ja).map(Text::from),
        may_refuse: is_proposed && !is_own,
        may_withdraw: is_proposed && is_own,
        progress: is_going
            .then(|| (figure(disposal.items.len()), figure(disposal.items.len() - there.len()))),
        outcome: match &disposal.state {
            Stage::Done { spared, .. } => Some((figure(gone), spared.len())),
            _ => None,
        },
        counts: disposal
            .listed()
            .into_iter()
            .map(|((class, year), number)| (CountRow::new(class, year, number), kept_for(class)))
            .collect(),
        last_year: closed_in.last().copied().map(Text::Period),
        figures: YearLink::all(&closed_in),
        list: disposal.hash().to_hex(),
        short: disposal.hash().short(),
        rows: (first + 1..)
            .zip(part)
            .map(|(number, item)| item_row(number, item, &disposal, &there, desk))
            .collect(),
        records: figure(disposal.items.len()),
        before: (page > 1).then(|| page - 1),
        after: (page < pages).then_some(page + 1),
        page,
        pages,
        hold: held.map(|(number, item)| HoldForm {
            number,
            subject: item.subject.as_str().to_owned(),
            until: typed.text("until").to_owned(),
            reason: typed.text("reason").to_owned(),
        }),
        refused: refused.as_ref().map(|(_, sentence, name)| (sentence.clone(), *name)),
        typed,
        trail: if reads_trail { trail(&app.centre, &subject, &names, &when).await? } else { Vec::new() },
        reads_trail,
    };
    shell::page(desk.language, refused.map_or(StatusCode::OK, |(status, ..)| status), &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<DisposalId>,
    Query(asked): Query<AskedList>,
) -> Result<Response, Problem> {
    let page = asked.page.as_deref().and_then(|page| page.parse().ok());
    let shown = Shown { done: asked.done.as_deref(), page, hold: asked.hold, ..Shown::default() };
    drawn(&app, &desk, id, shown).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(DisposalId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let disposal = app.centre.disposal(desk.me(), id).await?.value;
    let reason = || fields.text("reason").trim().to_owned();
    let item = disposal.items.iter().find(|item| item.subject.as_str() == fields.text("subject"));
    let (command, done) = match name.as_str() {
        "decide" => {
            let list = fields.text("list").parse().map_err(|_| Problem::unreadable())?;
            (Command::Decide { list, figures_are_kept: fields.ticked("figures_are_kept") }, "disposal-decide")
        }
        "refuse" => (Command::Refuse { reason: reason() }, "disposal-refuse"),
        "withdraw" => (Command::Withdraw, "disposal-withdraw"),
        "hold" => {
            // What nobody can read is no day: core says which days there are.
            let until = fields.text("until").parse().unwrap_or(disposal.day);
            let Some(item) = item else {
                let error = ServiceError::Disposal(Refusal::NotListed);
                let sentence = words::refusal(&error).unwrap_or_default();
                let refused = Some((words::status(&error), sentence, "hold"));
                return drawn(&app, &desk, id, Shown { typed: Some(fields), refused, ..Shown::default() })
                    .await;
            };
            (Command::HoldBack { subject: item.subject.clone(), until, reason: reason() }, "disposal-hold")
        }
        _ => return Err(Problem::not_found()),
    };
    let (by, command) = (desk.me(), &command);
    let outcome = app.centre.transact(|mut work| async move {
        work.disposal_command(by, id, command.clone()).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/disposals/{id}"), done)),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => {
                let name = match name.as_str() {
                    // Nobody has read the list as it is now: its form stays closed.
                    _ if matches!(error, ServiceError::Disposal(Refusal::ListChanged)) => "list",
                    "hold" => "hold",
                    "refuse" => "refuse",
                    "decide" => "decide",
                    _ => "",
                };
                let shown = Shown {
                    hold: item.map(|item| id_of(item).to_owned()),
                    typed: Some(fields),
                    refused: Some((words::status(&error), sentence, name)),
                    ..Shown::default()
                };
                drawn(&app, &desk, id, shown).await
            }
            None => Err(error.into()),
        },
    }
}
