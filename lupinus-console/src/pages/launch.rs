//! From trial to live: the list with what was found, and the two administrators who say so.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use lupinus_core::{
    audit::Subject,
    hash::Sha256Hash,
    launch::{ChannelFinding, Check, Command, Launch, Seen, Stage},
    post::Post,
    store::{Entity, Scan},
};

use super::{Asked, settings, when};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, When, trail},
    words,
};

struct Line {
    title: &'static str,
    why: &'static str,
    passed: bool,
    /// Where it is done, if that is a page of the console, with the words of the link.
    place: Option<(String, &'static str)>,
    /// What somebody who has looked presses, what that is called in the form, and the hash of what they see.
    says: Option<(&'static str, &'static str, String)>,
    /// What is to be looked at, if it has a place here.
    shows: Vec<(Text, Text)>,
    /// Who looked when.
    looked: Option<Text>,
    /// Whether the channel can be looked at from here.
    examines: bool,
    findings: Vec<ChannelFinding>,
}

#[derive(Template)]
#[template(path = "launch.html")]
struct LaunchPage {
    shell: Shell,
    since: Option<Text>,
    lines: Vec<Line>,
    open: usize,
    /// Who proposed to go live, and when.
    proposed: Option<Text>,
    own: bool,
    /// How many of the staff posts go to in trial.
    reached: usize,
    /// How many posts are scheduled.
    scheduled: u64,
    trail: Vec<TrailRow>,
    refused: Option<Text>,
}

/// The hash of what is looked at, as a form carries it.
fn shown(app: &Settings, seen: Seen) -> String {
    app.centre.seen_now(seen, texts(app)).to_hex()
}

/// The hash of the texts that members read.
fn texts(app: &Settings) -> Sha256Hash {
    Sha256Hash::of_json(&settings::texts::met_by_all(app))
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, asked.done.as_deref(), StatusCode::OK, None).await
}

async fn drawn(
    app: &App,
    desk: &Desk,
    done: Option<&str>,
    status: StatusCode,
    refused: Option<Text>,
) -> Result<Response, Problem> {
    let launch = app.centre.launch().await?;
    let (names, when) = (Names::load(&app.centre).await?, when(app));
    let checks = app.centre.checks(&launch, texts(app)).await?;
    let waiting = match &launch.stage {
        Stage::Trial { proposed } => proposed.as_ref().filter(|proposal| proposal.counts(when.now)),
        Stage::Live => None,
    };
    let subject = Subject::new(&Launch::KIND, Launch::KEY);
    let page = LaunchPage {
        shell: Shell::inside(app, desk, "試行と本番", "/settings").having_done(done),
        since: (launch.since > Timestamp::UNIX_EPOCH).then(|| when.at(launch.since)),
        open: checks.iter().filter(|(_, passed)| !passed).count(),
        lines: checks.iter().map(|checked| line(app, &launch, *checked, &names, &when)).collect(),
        proposed: waiting
            .map(|proposal| say!("{by} {at}", by = names.staff(proposal.by), at = when.at(proposal.at))),
        own: waiting.is_some_and(|proposal| proposal.by == desk.staff.id),
        reached: app.centre.testing_members().await?.len(),
        scheduled: app.centre.store().count(&Scan::index(Post::KIND, "due")).await?,
        trail: trail(&app.centre, &subject, &names, &when).await?,
        refused,
    };
    shell::page(desk.language, status, &page)
}

fn line(app: &Settings, launch: &Launch, checked: (Check, bool), names: &Names, when: &When<'_>) -> Line {
    let (check, passed) = checked;
    let (title, why, place) = match check {
        Check::Channel => (
            "LINEとの接続",
            "アクセストークン・応答方法・Webhookとその試験に問題がないこと。確かめた結果は24時間有効です。",
            None,
        ),
        Check::Seen(Seen::LineResponses) => (
            "LINE側のあいさつと自動応答",
            "LINE Official Account Managerの「応答設定」で、あいさつメッセージと応答メッセージがオフであること。自動では確かめられないので、画面で見てください。",
            None,
        ),
        Check::Administrators => {
            ("管理者が2人以上", "一人が不在でも、職員と設定を管理できること。", Some(("/staff", "職員")))
        }
        Check::SecondFactor => {
            ("二段階認証", "二段階認証を求める役割の職員が、全員設定していること。", Some(("/staff", "職員")))
        }
        Check::Route => (
            "承認できる職員",
            "どの承認経路でも、すべての段階を別々の職員が承認できること。書いた方は承認できないため、職員が書く投稿には、ほかにもう一人要ります。",
            Some(("/staff", "職員")),
        ),
        Check::Seen(Seen::Hours) => (
            "受付時間と閉庁日",
            "いま使われている受付時間を、管理者が見て確かめてあること。",
            Some(("/settings/hours", "受付時間を見る")),
        ),
        Check::Seen(Seen::Texts) => (
            "会員が読む文言",
            "あいさつ・利用ルールなどの文言を、管理者が見て確かめてあること。",
            Some(("/launch/texts", "文言を見る")),
        ),
        Check::Seen(Seen::Backup) => (
            "控えと復元",
            "控えを取り、別の場所に戻して開けることを、90日以内に確かめてあること。手順は運用手順書の「控えと復元」にあります。",
            None,
        ),
        Check::Test => (
            "テスト配信",
            "職員のLINEに、投稿が一度は届いていること。投稿の画面の「テスト配信へ」から送れます。",
            Some(("/posts", "投稿")),
        ),
        Check::Rules => (
            "利用ルールへの同意",
            "LINEを結び付けた職員が、会員と同じように、いまの版の利用ルールに同意していること。",
            Some(("/account#line", "自分のLINE")),
        ),
    };
    let says = match check {
        Check::Seen(Seen::LineResponses) => Some("オフになっているのを見ました"),
        Check::Seen(Seen::Hours) => Some("いまの受付時間で合っています"),
        Check::Seen(Seen::Backup) => Some("取って、戻せることを確かめました"),
        _ => None,
    };
    let (seen, examined) = match check {
        Check::Seen(seen) => (Some(seen), None),
        Check::Channel => (None, launch.examined.as_ref()),
        _ => (None, None),
    };
    let known = seen.and_then(|seen| launch.seen.get(&seen));
    Line {
        title,
        why,
        passed,
        place: place.map(|(path, words)| (format!("{}{path}", app.base), words)),
        says: seen.zip(says).map(|(seen, says)| (seen.name(), says, shown(app, seen))),
        shows: if seen == Some(Seen::Hours) { settings::hours(app, names) } else { Vec::new() },
        looked: known
            .map(|known| say!("{by} {at}", by = names.staff(known.by), at = when.at(known.at)))
            .or(examined.map(|examined| when.at(examined.at))),
        examines: check == Check::Channel && app.examiner.is_some(),
        findings: examined.map(|examined| examined.findings.clone()).unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "launch_texts.html")]
struct TextsPage {
    shell: Shell,
    texts: Vec<(&'static str, String)>,
    /// Their hash.
    of: String,
}

/// The texts that members read, to be looked at.
pub(crate) async fn texts_page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let shell = Shell::inside(&app, &desk, "会員が読む文言", "/settings");
    shell::page(
        desk.language,
        StatusCode::OK,
        &TextsPage { shell, texts: settings::texts::met_by_all(&app), of: shown(&app, Seen::Texts) },
    )
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let texts = texts(&app);
    let command = match name.as_str() {
        "examine" => {
            let Some(examiner) = &app.examiner else {
                let sentence = Some(Text::from("この管理画面からはLINEを確かめられません。"));
                return drawn(&app, &desk, None, StatusCode::UNPROCESSABLE_ENTITY, sentence).await;
            };
            Command::Examine(examiner.examine().await)
        }
        "seen" => {
            let seen = Seen::of_name(fields.text("what")).ok_or_else(Problem::unreadable)?;
            if seen == Seen::Texts && app.texts.is_none() {
                return Err(Problem::unreadable());
            }
            Command::See { seen, of: fields.text("of").parse().map_err(|_| Problem::unreadable())? }
        }
        "propose" => Command::Propose,
        "confirm" => Command::Confirm,
        "withdraw" => Command::Withdraw,
        "revert" => Command::Revert,
        _ => return Err(Problem::not_found()),
    };
    let (by, command) = (desk.me(), &command);
    let outcome = app.centre.transact(|mut work| async move {
        work.launch_command(by, command.clone(), texts).await?;
        work.done(())
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, "/launch", &format!("launch-{name}"))),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => drawn(&app, &desk, None, words::status(&error), Some(sentence)).await,
            None => Err(error.into()),
        },
    }
}
