//! What the gate holds back, and what the channel refused.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    ids::OutboxId,
    outbox::{DeliveryKind, HoldReason, OutboxItem, OutboxState, PauseReason, Sort},
};

use super::{Asked, when};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{When, place},
    words,
};

/// Most items that are shown at once.
const SHOWN: usize = 200;

pub(super) struct ItemRow {
    id: String,
    pub(super) what: &'static str,
    pub(super) recipients: Text,
    state: &'static str,
    pub(super) why: Text,
    at: Text,
    made: Text,
    /// Within the console, what it belongs to.
    href: Option<String>,
    may_release: bool,
    may_drop: bool,
    ceiling: bool,
    /// Held because it is for members: while the trial lasts nobody lets it go.
    trial: bool,
}

impl ItemRow {
    pub(super) fn new(item: &OutboxItem, desk: &Desk, when: &When<'_>) -> Self {
        let (state, why, at) = match &item.state {
            OutboxState::Held { at, reason } => ("保留", reason.label_ja().into(), *at),
            OutboxState::Failed { at, status, property, message } => {
                ("失敗", failure(*status, property.as_deref(), message), *at)
            }
            OutboxState::Unknown { at } => (
                "不明",
                Text::from("返信が届いたか確認できませんでした。必要なら改めて連絡してください。"),
                *at,
            ),
            OutboxState::Waiting { at } | OutboxState::Done { at, .. } | OutboxState::Dropped { at } => {
                ("その他", Text::default(), *at)
            }
            OutboxState::Leased { until } => ("その他", Text::default(), *until),
            OutboxState::Paused { reason, until } => {
                let (why, next) = match reason {
                    PauseReason::Quota => {
                        ("今月の通数の上限に達しました", "プランを見直すか、来月を待ってください")
                    }
                    PauseReason::Unauthorised => {
                        ("LINEのアクセストークンが無効です", "管理者にトークンの再発行を依頼してください")
                    }
                };
                (
                    "一時停止",
                    say!("{why}。{next}。次の再試行 {until}", why, next, until = when.at(*until)),
                    item.created_at,
                )
            }
        };
        let hold = match &item.state {
            OutboxState::Held { reason, .. } => Some(*reason),
            _ => None,
        };
        let href = item.subject.as_ref().and_then(|subject| place(desk, subject));
        let people = item.recipients();
        Self {
            id: item.id.to_string(),
            what: match &item.sort {
                Sort::Delivery { kind: DeliveryKind::Test, .. } => "テスト配信",
                Sort::Delivery { correction: true, .. } => "訂正の配信",
                Sort::Delivery { .. } => "投稿の配信",
                Sort::Personal | Sort::Farewell => "個別の連絡",
            },
            recipients: if people == 0 { Text::from("友だち全員") } else { say!("{n}人", n = people) },
            state,
            why,
            at: when.at(at),
            made: when.at(item.created_at),
            href,
            may_release: hold.is_some_and(|reason| {
                !matches!(reason, HoldReason::Expired | HoldReason::ContentChanged | HoldReason::WrongKind)
            }),
            may_drop: hold.is_some()
                || matches!(item.state, OutboxState::Failed { .. } | OutboxState::Unknown { .. }),
            ceiling: matches!(hold, Some(HoldReason::AccountCeiling | HoldReason::PersonCeiling)),
            trial: hold == Some(HoldReason::Trial),
        }
    }
}

/// Why a sending failed, with LINE's own words: staff and LINE's support need them.
fn failure(status: u16, property: Option<&str>, message: &str) -> Text {
    let mut why = match status {
        0 => Text::from("LINEに送れる形になりませんでした"),
        _ => say!("LINEに受け付けられませんでした(応答 {status})", status),
    };
    if let Some(property) = property {
        why = say!("{why}。項目: {property}", why, property = property.to_owned());
    }
    if !message.trim().is_empty() {
        let whose = if status == 0 { "理由" } else { "LINEの説明" };
        why = say!("{why}。{whose}: {words}", why, whose, words = message.trim().to_owned());
    }
    why
}

#[derive(Template)]
#[template(path = "outbox.html")]
struct OutboxPage {
    shell: Shell,
    rows: Vec<ItemRow>,
    backlog: u64,
    refused: Option<Text>,
}

async fn drawn(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    status: StatusCode,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let when = when(app);
    let items = app.centre.outbox_attention(SHOWN).await?;
    let page = OutboxPage {
        shell: Shell::inside(app, desk, "配信の保留", "/outbox").having_done(done),
        rows: items.iter().map(|item| ItemRow::new(&item.value, desk, &when)).collect(),
        backlog: app.centre.outbox_backlog().await?,
        refused,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, asked.done.as_deref(), StatusCode::OK, None).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(OutboxId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let by = desk.me();
    if !fields.ticked("sure") {
        let sentence = Text::from("確認の欄にチェックを入れてから押してください。");
        return drawn(&app, &desk, None, StatusCode::UNPROCESSABLE_ENTITY, Some(sentence)).await;
    }
    let name = name.as_str();
    if !matches!(name, "release" | "drop") {
        return Err(Problem::not_found());
    }
    let outcome = app.centre.transact(|mut work| async move {
        if name == "release" {
            work.release_held(by, id).await?;
        } else {
            work.drop_held(by, id).await?;
        }
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, "/outbox", name)),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => drawn(&app, &desk, None, words::status(&error), Some(sentence)).await,
            None => Err(error.into()),
        },
    }
}
