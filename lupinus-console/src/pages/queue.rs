use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    post::Post,
    service::{ConsultationFilter, ServiceError},
    store::Stored,
};

use super::{
    Asked,
    consultations::{ConsultationRow, closed_since},
    incidents::{IncidentRow, running},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    view::{Names, PostRow, QuotaView, spent},
};

/// Most posts of one state that the list of things to do shows.
const SHOWN: usize = 20;
/// Most posts of one state that are sorted to find the oldest.
const SORTED: usize = 300;

/// One part of the list.
struct Section {
    id: &'static str,
    title: &'static str,
    hint: &'static str,
    rows: Vec<PostRow>,
    count: u64,
    state: &'static str,
}

struct Consulting {
    waiting: u64,
    unresolved: u64,
    oldest: Option<String>,
    rows: Vec<ConsultationRow>,
    mine: usize,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    shell: Shell,
    today: String,
    opening: String,
    sections: Vec<Section>,
    sight: Vec<(PostRow, String)>,
    consulting: Option<Consulting>,
    attention: Option<usize>,
    incidents: Vec<IncidentRow>,
    /// How many words wait for an administrator.
    words: u64,
    backlog: u64,
    quota: Option<QuotaView>,
    quota_asked: bool,
    reads_posts: bool,
    closed_since: Option<String>,
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let reads_posts = desk.may(P::ReadPosts);
    let mut sections = Vec::new();
    let mut sight = Vec::new();
    if reads_posts {
        let parts = [
            ("submitted", "提出された投稿", "受付を待っています。古い順です。"),
            ("in_review", "確認中の投稿", "差戻しか承認を待っています。"),
            ("approved", "承認済み・配信待ち", "配信の日時と配信先を決めてください。"),
            ("scheduled", "配信予約", "時刻になると自動で配信されます。"),
            ("returned", "差戻し中", "投稿者の修正を待っています。"),
        ];
        for (state, title, hint) in parts {
            sections.push(section(&app, &names, state, title, hint).await?);
        }
        for post in app.centre.posts_needing_sight().await? {
            let why = sight_needed(&post.value, &desk, &names);
            sight.push((PostRow::new(&post.value, &names, &when), why));
        }
    }
    let consulting =
        if desk.may(P::ReadConsultations) { Some(consulting(&app, &desk, &names).await?) } else { None };
    let attention = if desk.may(P::ReleaseHeld) || desk.may(P::DecidePost) {
        Some(app.centre.outbox_attention(100).await?.len())
    } else {
        None
    };
    let hours = &app.centre.policy().hours;
    let opening = if hours.is_open(when.now) {
        "受付時間内".to_owned()
    } else {
        hours
            .next_opening(when.now)
            .map_or_else(|| "受付時間外".to_owned(), |at| format!("受付時間外(次の受付開始 {})", when.at(at)))
    };
    let mut shell = Shell::inside(&app, &desk, "やること", "").having_done(asked.done.as_deref());
    shell.refresh = true;
    let page = QueuePage {
        shell,
        today: lupinus_core::calendar::date_year_ja(when.today()),
        opening,
        sections,
        sight,
        consulting,
        attention,
        incidents: if desk.may(P::HandleIncidents) { running(&app, &desk).await? } else { Vec::new() },
        words: if desk.may(P::ManageWords) { app.centre.suggested_words().await? } else { 0 },
        backlog: app.centre.outbox_backlog().await?,
        quota: QuotaView::recent(&app).await,
        quota_asked: app.channel.is_some(),
        reads_posts,
        closed_since: if desk.may(P::ReadConsultations) { closed_since(&app).await? } else { None },
    };
    shell::page(StatusCode::OK, &page)
}

async fn section(
    app: &Settings,
    names: &Names,
    state: &'static str,
    title: &'static str,
    hint: &'static str,
) -> Result<Section, ServiceError> {
    let mut posts = latest(app, state).await?;
    posts.sort_by_key(|post| (post.value.submitted_at.unwrap_or(post.value.updated_at), post.value.id));
    let when = when(app);
    let rows = posts.iter().take(SHOWN).map(|post| PostRow::new(&post.value, names, &when)).collect();
    Ok(Section { id: state, title, hint, rows, count: app.centre.post_count(state).await?, state })
}

async fn latest(app: &Settings, state: &str) -> Result<Vec<Stored<Post>>, ServiceError> {
    Ok(app.centre.posts(state, None, SORTED).await?.items)
}

fn sight_needed(post: &Post, desk: &Desk, names: &Names) -> String {
    if post.needs_review {
        return "緊急配信のため、もう一人の署名が必要です。".to_owned();
    }
    if post.later_sight.contains(&desk.staff.id) {
        return "あなたの代わりに決裁されました。内容を確認してください(後閲)。".to_owned();
    }
    let who: Vec<String> = post.later_sight.iter().map(|id| names.staff(*id)).collect();
    format!("後閲待ち:{}", who.join("、"))
}

async fn consulting(app: &Settings, desk: &Desk, names: &Names) -> Result<Consulting, Problem> {
    let figures = app.centre.consultation_figures().await?;
    let waiting = app.centre.consultations(desk.me(), ConsultationFilter::Waiting, None, SHOWN).await?;
    let mine = ConsultationFilter::Mine(desk.staff.id);
    let mine = app.centre.consultations(desk.me(), mine, None, 100).await?.items.len();
    let mut rows = Vec::new();
    for consultation in &waiting.items {
        rows.push(ConsultationRow::new(app, &consultation.value, names).await?);
    }
    Ok(Consulting {
        waiting: figures.waiting,
        unresolved: figures.unresolved,
        oldest: figures.oldest_waiting.map(spent),
        rows,
        mine,
    })
}
