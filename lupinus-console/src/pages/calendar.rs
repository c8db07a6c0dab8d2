//! A month of sendings: planned and sent, with the days and hours on which nothing that can wait goes out.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::{Timestamp, civil::Date};
use lupinus_core::{
    calendar::{MonthDay, QuietOnDay, month_weeks, time_ja},
    delivery::{Delivery, DeliveryState},
    post::{Post, PostState},
    service::Plan,
};
use serde::Deserialize;

use super::when;
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{When, describe},
};

/// Which month.
#[derive(Deserialize)]
pub(crate) struct Which {
    month: Option<String>,
}

/// One sending.
struct Sending {
    post: String,
    title: Text,
    at: Text,
    /// To whom, and how far it is.
    sub: Text,
    /// When it will go out although another time was set.
    held: Option<Text>,
    sent: bool,
}

struct DayView {
    number: i8,
    weekday: Text,
    css: &'static str,
    today: bool,
    closure: Option<&'static str>,
    sendings: Vec<Sending>,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    shell: Shell,
    label: Text,
    before: Option<String>,
    after: Option<String>,
    this: String,
    quiet: Option<Text>,
    weekdays: Vec<Text>,
    weeks: Vec<Vec<DayView>>,
    planned: usize,
    sent: usize,
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let when = when(&app);
    let today = when.today();
    let first = match &which.month {
        Some(month) => format!("{month}-01").parse::<Date>().map_err(|_| Problem::not_found())?,
        None => today.first_of_month(),
    };
    let policy = app.centre.policy();
    let weeks = month_weeks(first, &policy.hours, policy.quiet.as_ref());
    let (Some(begins), Some(ends)) = (
        weeks.first().and_then(|week| start_of(week[0].date, &when)),
        weeks.last().and_then(|week| week[6].date.tomorrow().ok()).and_then(|day| start_of(day, &when)),
    ) else {
        return Err(Problem::not_found());
    };
    let plan = app.centre.plan(desk.me(), begins, ends).await?;
    let (planned, sent) = (plan.scheduled.len(), plan.sent.len());
    let mut by_day = sendings(&app, &plan, &when);
    let weekdays =
        weeks.first().map(|week| week.iter().map(|day| Text::Weekday(day.date.weekday())).collect());
    let page = CalendarPage {
        shell: Shell::inside(&app, &desk, "配信の予定", "/calendar"),
        label: Text::Month(first),
        before: first.yesterday().ok().map(written),
        after: first.last_of_month().tomorrow().ok().map(written),
        this: written(today),
        quiet: quiet(&weeks),
        weekdays: weekdays.unwrap_or_default(),
        weeks: weeks
            .iter()
            .map(|week| week.iter().map(|day| view(day, today, &mut by_day)).collect())
            .collect(),
        planned,
        sent,
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

fn written(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn start_of(day: Date, when: &When<'_>) -> Option<Timestamp> {
    when.zone.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

/// When nothing that can wait is sent on the days on which the centre is open, and on the others.
fn quiet(weeks: &[[MonthDay; 7]]) -> Option<Text> {
    let days = || weeks.iter().flatten();
    let hours = days().find_map(|day| match day.quiet {
        QuietOnDay::Hours(from, until) => {
            Some(say!("{from}から{until}", from = time_ja(from), until = time_ja(until)))
        }
        QuietOnDay::Never | QuietOnDay::AllDay => None,
    });
    let all_day = days().any(|day| day.quiet == QuietOnDay::AllDay);
    match (hours, all_day) {
        (Some(hours), true) => Some(say!("{hours}まで、また閉庁日は終日", hours)),
        (Some(hours), false) => Some(say!("{hours}まで", hours)),
        (None, true) => Some(Text::from("閉庁日は終日")),
        (None, false) => None,
    }
}

fn view(day: &MonthDay, today: Date, by_day: &mut BTreeMap<Date, Vec<Sending>>) -> DayView {
    let sendings = by_day.remove(&day.date).unwrap_or_default();
    let css = match (day.in_month, day.closure, sendings.is_empty()) {
        (false, ..) => "day-other",
        (true, Some(_), true) => "day-closed day-plain",
        (true, Some(_), false) => "day-closed",
        (true, None, true) => "day-plain",
        (true, None, false) => "",
    };
    DayView {
        number: day.date.day(),
        weekday: Text::Weekday(day.date.weekday()),
        css,
        today: day.date == today,
        closure: day.closure.map(lupinus_core::calendar::Closure::label_ja),
        sendings,
    }
}

/// The sendings by the day on which they begin; what quiet hours will hold stands on the day that was set, and says so.
fn sendings(app: &Settings, plan: &Plan, when: &When<'_>) -> BTreeMap<Date, Vec<Sending>> {
    let mut all: Vec<(Timestamp, Sending)> = Vec::new();
    all.extend(plan.sent.iter().map(|(delivery, post)| (delivery.started_at, sent(delivery, post, when))));
    all.extend(plan.scheduled.iter().filter_map(|post| planned(app, post, when)));
    all.sort_by_key(|(at, _)| *at);
    let mut by_day: BTreeMap<Date, Vec<Sending>> = BTreeMap::new();
    for (at, sending) in all {
        by_day.entry(when.zone.to_datetime(at).date()).or_default().push(sending);
    }
    by_day
}

fn sent(delivery: &Delivery, post: &Post, when: &When<'_>) -> Sending {
    let state = match delivery.state {
        DeliveryState::Running => "配信中",
        DeliveryState::Complete => "配信済み",
        DeliveryState::Partial => "一部または全部が未配信",
    };
    Sending {
        post: post.id.to_string(),
        title: Text::given(post.title()),
        at: time_ja(when.zone.to_datetime(delivery.started_at).time()).into(),
        sub: say!("{state} {recipients}人", state, recipients = delivery.recipients),
        held: None,
        sent: true,
    }
}

fn planned(app: &Settings, post: &Post, when: &When<'_>) -> Option<(Timestamp, Sending)> {
    let PostState::Scheduled { at, audience, .. } = &post.state else { return None };
    let policy = app.centre.policy();
    let quiet = policy.quiet.as_ref().filter(|_| !post.is_urgent());
    let held = quiet.and_then(|quiet| quiet.holds_until(*at, &policy.hours));
    let whom = if post.corrects.is_some() {
        Text::from("元の配信が届いた方")
    } else {
        describe(audience, &app.centre.policy().professions)
    };
    let sending = Sending {
        post: post.id.to_string(),
        title: Text::given(post.title()),
        at: time_ja(when.zone.to_datetime(*at).time()).into(),
        sub: say!("予約 {whom}", whom),
        held: held.map(|until| when.at(until)),
        sent: false,
    };
    Some((*at, sending))
}
