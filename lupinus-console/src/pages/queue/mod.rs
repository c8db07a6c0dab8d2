//! やること: everything that waits, in one list.

mod row;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    audit::Subject,
    ids::{OutboxId, PostId, StaffId},
    outbox::OutboxItem,
    post::Post,
    queue::{Matter, Pressing},
    service::{Queue, Queued, ServiceError},
    store::Entity,
};
use serde::Deserialize;

use self::row::QueueRow;
use super::{
    consultations::closed_since,
    incidents::{IncidentRow, running},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, QuotaView},
    words,
};

/// Most lines that are shown.
const SHOWN: usize = 200;

/// What stands behind the question mark: which part of the list, and what was done.
#[derive(Deserialize)]
pub(crate) struct Which {
    view: Option<String>,
    done: Option<String>,
}

/// A number over the list that leads to its part.
struct Tile {
    number: usize,
    label: &'static str,
    sub: Option<Text>,
    href: String,
    alert: bool,
}

/// The list, and what changes with it.
struct List {
    base: String,
    csrf: String,
    /// Where it leads back to.
    view: &'static str,
    views: Vec<(&'static str, &'static str, usize, bool)>,
    tiles: Vec<Tile>,
    quota: Option<QuotaView>,
    quota_asked: bool,
    rows: Vec<QueueRow>,
    incidents: Vec<IncidentRow>,
    /// Everything that waits, whatever part is shown.
    total: usize,
    /// How many are not shown.
    hidden: usize,
    more: bool,
    /// What waits for others: name of the state, label, how many.
    elsewhere: Vec<(&'static str, &'static str, u64)>,
    backlog: u64,
    has_part: bool,
}

impl List {
    fn title(&self) -> Text {
        if self.total == 0 {
            Text::from("やること")
        } else {
            say!("({total}) やること", total = self.total)
        }
    }
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    shell: Shell,
    today: Text,
    opening: Text,
    closed_since: Option<Text>,
    refused: Option<Text>,
    list: List,
}

#[derive(Template)]
#[template(path = "queue_list.html")]
struct Part {
    list: List,
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, &asked, StatusCode::OK, None).await
}

/// The list alone, for the page that is open.
pub(crate) async fn part(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    let list = list(&app, &desk, asked.view.as_deref()).await?;
    shell::page(desk.language, StatusCode::OK, &Part { list })
}

async fn drawn(
    app: &App,
    desk: &Desk,
    asked: &Which,
    status: StatusCode,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let when = when(app);
    let list = list(app, desk, asked.view.as_deref()).await?;
    let hours = &app.centre.policy().hours;
    let opening = if hours.is_open(when.now) {
        Text::from("受付時間内")
    } else {
        hours.next_opening(when.now).map_or_else(
            || Text::from("受付時間外"),
            |at| say!("受付時間外(次の受付開始 {at})", at = when.at(at)),
        )
    };
    let page = QueuePage {
        shell: Shell::inside(app, desk, list.title(), "").having_done(asked.done.as_deref()),
        today: Text::DayOfYear(when.today()),
        opening,
        closed_since: if desk.may(P::ReadConsultations) { closed_since(app).await? } else { None },
        refused,
        list,
    };
    shell::page(desk.language, status, &page)
}

async fn list(app: &Settings, desk: &Desk, view: Option<&str>) -> Result<List, Problem> {
    const VIEWS: [(&str, &str); 4] =
        [("", "すべて"), ("mine", "自分の担当"), ("free", "担当者なし"), ("late", "急ぎ・遅れ")];
    let view = view.unwrap_or_default();
    let view = VIEWS.iter().find(|(name, _)| *name == view).ok_or_else(Problem::not_found)?.0;
    let names = Names::load(&app.centre).await?;
    let queue = app.centre.queue(desk.me()).await?;
    let reads_posts = desk.may(P::ReadPosts);
    let quota = QuotaView::recent(app).await;
    // What the month still allows is part of what waits for whoever decides on sendings.
    let short = quota.filter(|quota| quota.is_short() && desk.may(P::DecidePost));
    let shown_in = |name: &str, queued: &Queued| match name {
        "mine" => queued.waiting.on_it == Some(desk.staff.id),
        "free" => queued.waiting.on_it.is_none(),
        "late" => queued.waiting.pressing != Pressing::InTime,
        _ => true,
    };
    let views = VIEWS.map(|(name, label)| {
        let of_quota = usize::from(short.is_some() && matches!(name, "" | "late"));
        let count = queue.list.iter().filter(|queued| shown_in(name, queued)).count() + of_quota;
        (name, label, count, name == view)
    });
    let total = queue.list.len() + usize::from(short.is_some());
    let mut rows: Vec<QueueRow> =
        short.filter(|_| matches!(view, "" | "late")).map(QueueRow::of_quota).into_iter().collect();
    let chosen: Vec<&Queued> = queue.list.iter().filter(|queued| shown_in(view, queued)).collect();
    let hidden = chosen.len().saturating_sub(SHOWN);
    let shown = chosen.len().min(SHOWN);
    rows.extend(QueueRow::all(app, desk, &names, &chosen[..shown]).await?);
    let mut elsewhere = Vec::new();
    if reads_posts {
        for (state, label) in [("returned", "差戻し中"), ("scheduled", "配信予約"), ("sending", "配信中")]
        {
            elsewhere.push((state, label, app.centre.post_count(state).await?));
        }
    }
    Ok(List {
        base: app.base.clone(),
        csrf: desk.csrf.clone(),
        view,
        views: views.to_vec(),
        tiles: tiles(app, desk, &queue).await?,
        quota,
        quota_asked: app.channel.is_some(),
        rows,
        incidents: if desk.may(P::HandleIncidents) { running(app, desk).await? } else { Vec::new() },
        total,
        hidden,
        more: queue.more,
        elsewhere,
        backlog: app.centre.outbox_backlog().await?,
        has_part: reads_posts || desk.may(P::ReadConsultations) || desk.may(P::ReleaseHeld),
    })
}

/// How much waits of each sort.
async fn tiles(app: &Settings, desk: &Desk, queue: &Queue) -> Result<Vec<Tile>, ServiceError> {
    let count = |is: fn(Matter) -> bool| queue.list.iter().filter(|queued| is(queued.waiting.matter)).count();
    let mut tiles = Vec::new();
    let mut add = |number, label, sub, href: String, alert| {
        tiles.push(Tile { number, label, sub, href, alert });
    };
    let posts = |view: &str| format!("/posts?view={view}");
    if desk.may(P::ReadPosts) {
        let submitted = count(|matter| matches!(matter, Matter::Submitted(_)));
        add(submitted, "提出された投稿", None, posts("submitted"), false);
        add(count(|m| matches!(m, Matter::InReview(_))), "確認中の投稿", None, posts("in_review"), false);
        add(
            count(|m| matches!(m, Matter::Approved(_))),
            "承認済み・配信待ち",
            None,
            posts("approved"),
            false,
        );
        let sight = count(|m| matches!(m, Matter::SecondSignature(_) | Matter::LaterSight(_)));
        if sight > 0 {
            add(sight, "署名・後閲待ち", None, "?view=late".to_owned(), true);
        }
    }
    if desk.may(P::ReadConsultations) {
        let consultation = |m| matches!(m, Matter::Consultation(_));
        let ages = queue.list.iter().filter(|queued| consultation(queued.waiting.matter));
        let oldest = ages.map(|queued| queued.waiting.age).max();
        let sub = oldest.map(|age| say!("最長 {age}(受付時間で)", age = crate::view::spent(age)));
        add(count(consultation), "回答待ちの相談", sub, "/consultations".to_owned(), false);
    }
    if desk.may(P::ReleaseHeld) || desk.may(P::DecidePost) {
        let stuck = count(|m| matches!(m, Matter::Delivery(_) | Matter::SendingFailed(_)));
        add(stuck, "配信の保留・失敗", None, "/outbox".to_owned(), stuck > 0);
    }
    if desk.may(P::ManageWords) {
        let words = usize::try_from(app.centre.suggested_words().await?).unwrap_or(usize::MAX);
        if words > 0 {
            add(words, "許可する語の候補", None, "/words".to_owned(), false);
        }
    }
    Ok(tiles)
}

/// The subject that a form names, and nothing that it does not.
fn subject_of(fields: &Fields) -> Result<Subject, Problem> {
    let (kind, id) = fields.text("subject").split_once('/').ok_or_else(Problem::unreadable)?;
    match kind {
        "post" => id.parse::<PostId>().map(|id| Subject::new(&Post::KIND, id)),
        "outbox" => id.parse::<OutboxId>().map(|id| Subject::new(&OutboxItem::KIND, id)),
        _ => return Err(Problem::not_found()),
    }
    .map_err(|_| Problem::not_found())
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let by = desk.me();
    let subject = &subject_of(&fields)?;
    let instead_of = fields.some("instead_of").map(str::parse::<StaffId>).transpose();
    let instead_of = instead_of.map_err(|_| Problem::unreadable())?;
    let claims = match name.as_str() {
        "claim" => true,
        "unclaim" => false,
        _ => return Err(Problem::not_found()),
    };
    let outcome = app.centre.transact(|mut work| async move {
        if claims {
            work.claim(by, subject, instead_of).await?;
        } else {
            work.unclaim(by, subject).await?;
        }
        work.done(())
    });
    let view = fields.text("view");
    match outcome.await {
        Ok(()) if view.is_empty() => Ok(shell::go(&app, "", &name)),
        Ok(()) => Ok(shell::go(&app, &format!("?view={}", known_view(view)), &name)),
        Err(error) => {
            let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
            let asked = Which { view: None, done: None };
            drawn(&app, &desk, &asked, words::status(&error), Some(sentence)).await
        }
    }
}

fn known_view(view: &str) -> &'static str {
    match view {
        "mine" => "mine",
        "free" => "free",
        _ => "late",
    }
}
