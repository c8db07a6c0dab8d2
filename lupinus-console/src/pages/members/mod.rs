//! The members: how many, and what is held about one of them, for somebody with a reason.

mod bundle;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    audit::Subject,
    figures::Period,
    ids::MemberId,
    member::{Member, MemberState},
    service::{HeldAboutMember, Look, LookReason},
    store::Entity,
};

use super::{
    Asked,
    figures::{AskedPeriod, TableView, counted, tables_of},
    when,
};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, trail},
};

/// What somebody did with one member, as opposed to what the member did.
const LOOKS: [&str; 3] = ["member.looked_at", "member.exported", "member.erased"];

#[derive(Template)]
#[template(path = "members.html")]
struct NumbersPage {
    shell: Shell,
    counted: Text,
    choices: Vec<(String, Text, bool)>,
    tables: Vec<TableView>,
    may_look: bool,
    typed: String,
    refused: Option<&'static str>,
}

async fn drawn(
    app: &App,
    desk: &Desk,
    asked: &AskedPeriod,
    refused: Option<(&'static str, &str)>,
) -> Result<Response, Problem> {
    let when = when(app);
    let period = asked.period(&when)?;
    let (sheet, at) = counted(app, desk, period).await?;
    let offered = [Period::month_of(when.today()), Period::fiscal_year_of(when.today())];
    let choice = |choice: Period| (choice.to_string(), Text::Period(choice), choice == period);
    let page = NumbersPage {
        shell: Shell::inside(app, desk, "会員", "/members"),
        counted: when.at(at),
        choices: offered.into_iter().flatten().map(choice).collect(),
        tables: sheet.sections.first().map(|section| tables_of(1, section)).unwrap_or_default(),
        may_look: desk.may(P::ManageMembers),
        typed: refused.map(|(_, typed)| typed.to_owned()).unwrap_or_default(),
        refused: refused.map(|(sentence, _)| sentence),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn numbers(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<AskedPeriod>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, &asked, None).await
}

/// From the number that a member tells to their page. Nothing is shown of anybody on the way.
pub(crate) async fn find(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let typed = fields.text("number");
    let refused = match app.centre.members_by_number(desk.me(), typed).await?.as_slice() {
        [found] => return Ok(shell::go(&app, &format!("/members/{found}"), "member-found")),
        [] => "この番号の会員は見つかりません。番号を確かめて、はじめの3組(12文字)以上を入力してください。",
        _ => "この番号で始まる会員が2人以上います。続きの組まで入力してください。",
    };
    drawn(&app, &desk, &AskedPeriod::default(), Some((refused, typed))).await
}

#[derive(Template)]
#[template(path = "member.html")]
struct OnePage {
    shell: Shell,
    id: MemberId,
    state: &'static str,
    erased: bool,
    joined: Text,
    /// Name, label, and whether it was said.
    reasons: [(&'static str, &'static str, bool); 6],
    refused: Option<&'static str>,
    bundle: Option<bundle::BundleView>,
    /// Who has looked, and why.
    trail: Vec<TrailRow>,
}

/// What the page shows beside the fact that there is somebody.
enum Shown {
    Nothing,
    Refused(&'static str),
    Bundle(bundle::BundleView, LookReason),
}

async fn one(
    app: &App,
    desk: &Desk,
    id: MemberId,
    done: Option<&str>,
    shown: Shown,
) -> Result<Response, Problem> {
    let member = app.centre.member(id).await?.value;
    let (names, when) = (Names::load(&app.centre).await?, when(app));
    let mut looks = trail(&app.centre, &Subject::new(&Member::KIND, id), &names, &when).await?;
    looks.retain(|row| LOOKS.contains(&row.action.as_str()));
    let (status, refused, bundle) = match shown {
        Shown::Nothing => (StatusCode::OK, None, None),
        Shown::Refused(sentence) => (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence), None),
        Shown::Bundle(bundle, reason) => (StatusCode::OK, None, Some((bundle, reason))),
    };
    let page = OnePage {
        shell: Shell::inside(app, desk, say!("会員 {number}", number = id.number()), "/members")
            .having_done(done),
        id,
        state: match member.state {
            MemberState::Following => "友だち",
            MemberState::Blocked => "ブロック中",
            MemberState::Left => "退会・消去済み",
        },
        erased: member.state == MemberState::Left,
        joined: when.at(member.joined_at),
        reasons: LookReason::ALL.map(|reason| {
            let said = bundle.as_ref().is_some_and(|(_, said)| *said == reason);
            (reason.name(), reason.label_ja(), said)
        }),
        bundle: bundle.map(|(bundle, _)| bundle),
        refused,
        trail: looks,
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<MemberId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    one(&app, &desk, id, asked.done.as_deref(), Shown::Nothing).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(MemberId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let look = match name.as_str() {
        "look" => Look::Shown,
        "export" => Look::Exported,
        "erase" => return erase(&app, &desk, id, &fields).await,
        _ => return Err(Problem::not_found()),
    };
    let Some(reason) = LookReason::of_name(fields.text("reason")) else {
        return one(&app, &desk, id, None, Shown::Refused("理由を選んでください。")).await;
    };
    let by = desk.me();
    let opened = app.centre.transact(|mut work| async move {
        let bundle = work.open_bundle(by, id, reason, look).await?;
        work.done(bundle)
    });
    let opened = opened.await?;
    if look == Look::Exported {
        return bundle::file(&app, &opened);
    }
    let names = Names::load(&app.centre).await?;
    let view = bundle::BundleView::new(&app, &opened, &names, &when(&app));
    one(&app, &desk, id, None, Shown::Bundle(view, reason)).await
}

#[derive(Template)]
#[template(path = "member_erase.html")]
struct ErasePage {
    shell: Shell,
    id: MemberId,
    body: Option<String>,
    consultations: usize,
    posts: u64,
    refused: Option<&'static str>,
}

/// Asks once more, with what will be gone, before it erases: by the end of the number, so that nobody erases the wrong one.
async fn erase(app: &App, desk: &Desk, id: MemberId, fields: &Fields) -> Result<Response, Problem> {
    let confirmed = fields.ticked("confirmed");
    let number = id.number();
    let named =
        number.rsplit('-').next().is_some_and(|end| fields.text("end").trim().eq_ignore_ascii_case(end));
    if confirmed && named {
        let by = desk.me();
        let erased = app.centre.transact(|mut work| async move {
            work.erase_member(by, id).await?;
            work.done(())
        });
        erased.await?;
        return Ok(shell::go(app, &format!("/members/{id}"), "member-erased"));
    }
    let HeldAboutMember { member, body, consultations, posts, .. } = app.centre.held_about(id).await?;
    if member.state == MemberState::Left {
        return one(app, desk, id, None, Shown::Refused("この会員の記録はすでに消去されています。")).await;
    }
    let page = ErasePage {
        shell: Shell::inside(app, desk, say!("会員 {number} の消去", number), "/members"),
        id,
        body: body.map(|body| body.name),
        consultations: consultations.len(),
        posts,
        refused: fields.ticked("asked").then_some(
            "消去していません。確認の欄にしるしを付け、会員番号の最後の4文字を正しく入力してください。",
        ),
    };
    let status = if page.refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    shell::page(desk.language, status, &page)
}
