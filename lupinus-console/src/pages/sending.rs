use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use lupinus_core::{
    audience::Audience,
    ids::PostId,
    outbox::DeliveryKind,
    post::{Command, Post, Refusal, Urgency},
    service::ServiceError,
};

use super::{
    posts::{ActionView, actions, first, visible},
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    phone::Phone,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{AUDIENCE_FIELDS, AudienceChoice, Names, QuotaView, asked_for, audience_of, describe},
    words,
};

/// The fields that the confirmation carries on.
const TIME_FIELDS: [&str; 4] = ["when", "date", "time", "as"];

#[derive(Template)]
#[template(path = "send.html")]
struct PreparePage {
    shell: Shell,
    id: String,
    title: String,
    choice: AudienceChoice,
    correction: bool,
    later: bool,
    date: String,
    time: String,
    stand_in: String,
    stand_ins: Vec<(String, Text)>,
    /// To whom its author would send it.
    wish: Option<Text>,
    problem: Option<Text>,
    members: u64,
}

#[derive(Template)]
#[template(path = "send_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    id: String,
    title: String,
    emergency: bool,
    correction: bool,
    audience: Text,
    all_friends: bool,
    recipients: u64,
    at: Option<Text>,
    held_until: Option<Text>,
    quota: Option<QuotaView>,
    after: Option<u64>,
    too_few: bool,
    revision: u32,
    hash: String,
    approved_by: Vec<Text>,
    phone: Phone,
    carried: Vec<(String, String)>,
    problem: Option<Text>,
    kindly: Option<Text>,
    for_whom: Option<Text>,
}

/// When a form wants it sent: `None` for at once.
fn time_of(app: &Settings, fields: &Fields) -> Result<Option<Timestamp>, &'static str> {
    if fields.text("when") != "later" {
        let given = ["date", "time"].iter().any(|name| !fields.text(name).trim().is_empty());
        return if given {
            Err("日時が入力されています。「日時を決めて予約する」を選ぶか、日時を空にしてください。")
        } else {
            Ok(None)
        };
    }
    let date: Date = fields.text("date").trim().parse().map_err(|_| "配信日を入力してください。")?;
    let time: Time = fields.text("time").trim().parse().map_err(|_| "配信時刻を入力してください。")?;
    let zone = app.centre.policy().hours.time_zone();
    zone.to_timestamp(date.to_datetime(time)).map(Some).map_err(|_| "配信日時が正しくありません。")
}

pub(crate) async fn prepare(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let fields = asked_for(&post.audience);
    prepared(&app, &desk, &post, &fields, StatusCode::OK, None).await
}

/// How this person may send this post now.
fn may_send(app: &App, desk: &Desk, post: &Post, names: &Names) -> Result<ActionView, Problem> {
    let Some(send) = actions(app, post, desk, names).into_iter().find(|action| action.name == "send") else {
        return Err(ServiceError::Post(Refusal::NotNow { state: post.state.name() }).into());
    };
    if send.as_whom.is_empty() {
        return Err(Problem::refused(StatusCode::FORBIDDEN, send.why_not));
    }
    Ok(send)
}

async fn prepared(
    app: &App,
    desk: &Desk,
    post: &Post,
    fields: &Fields,
    status: StatusCode,
    problem: Option<Text>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let send = may_send(app, desk, post, &names)?;
    let page = PreparePage {
        shell: Shell::inside(app, desk, "配信の準備", "/posts"),
        id: post.id.to_string(),
        title: post.title().to_owned(),
        choice: AudienceChoice::new(app, fields),
        correction: post.corrects.is_some(),
        later: fields.text("when") == "later",
        date: fields.text("date").to_owned(),
        time: fields.text("time").to_owned(),
        stand_in: fields.text("as").to_owned(),
        stand_ins: if send.as_whom.iter().any(|(id, _)| !id.is_empty()) { send.as_whom } else { Vec::new() },
        wish: (post.audience != Audience::Members)
            .then(|| describe(&post.audience, &app.centre.policy().professions)),
        problem,
        members: app.centre.audience_size(&Audience::Members).await?,
    };
    shell::page(desk.language, status, &page)
}

/// Shows what would be sent, to whom and at what cost. Changes nothing.
pub(crate) async fn confirm(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let asked = audience_of(&fields).and_then(|audience| Ok((audience, time_of(&app, &fields)?)));
    may_send(&app, &desk, &post, &Names::load(&app.centre).await?)?;
    match asked {
        Ok((audience, at)) => {
            confirming(&app, &desk, &post, &fields, &audience, at, StatusCode::OK, None, None).await
        }
        Err(sentence) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            prepared(&app, &desk, &post, &fields, status, Some(sentence.into())).await
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one page, asked for from two places")]
async fn confirming(
    app: &App,
    desk: &Desk,
    post: &Post,
    fields: &Fields,
    audience: &Audience,
    at: Option<Timestamp>,
    status: StatusCode,
    problem: Option<Text>,
    kindly: Option<Text>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let recipients = if desk.trial {
        app.centre.testing_members().await?.len() as u64
    } else {
        app.centre.sending_preview(post.id, audience).await?.recipients
    };
    let quota = QuotaView::fresh(app).await;
    let remaining = quota.and_then(|quota| quota.remaining());
    let policy = app.centre.policy();
    let quiet = policy.quiet.as_ref().filter(|_| post.urgency == Urgency::Normal);
    let starts = at.unwrap_or(when.now);
    let held_until = quiet.and_then(|quiet| quiet.holds_until(starts, &policy.hours));
    let correction = post.corrects.is_some();
    let all_friends = *audience == Audience::AllFriends && !correction && !desk.trial;
    let kind = if desk.trial { DeliveryKind::Test } else { DeliveryKind::Production };
    let audience = if desk.trial {
        Text::from("LINEを結び付けた職員だけ(試行中)")
    } else if correction {
        Text::from("元の配信が届いた方(現在も友だちの方)")
    } else {
        describe(audience, &app.centre.policy().professions)
    };
    let names_of_fields: Vec<&str> = AUDIENCE_FIELDS.into_iter().chain(TIME_FIELDS).collect();
    let page = ConfirmPage {
        shell: Shell::inside(app, desk, "配信内容の確認", "/posts"),
        id: post.id.to_string(),
        title: post.title().to_owned(),
        emergency: post.urgency == Urgency::Emergency,
        correction,
        all_friends,
        audience,
        recipients,
        at: at.map(|at| when.at(at)),
        held_until: held_until.map(|at| when.at(at)),
        quota,
        after: remaining.map(|remaining| remaining.saturating_sub(recipients)),
        too_few: remaining.is_some_and(|remaining| remaining < recipients),
        revision: revision.number,
        hash: revision.hash.short(),
        approved_by: post
            .approvals
            .iter()
            .map(|approval| match approval.on_behalf_of {
                Some(absent) => {
                    say!("{by}({absent}の代決)", by = names.staff(approval.by), absent = names.staff(absent))
                }
                None => names.staff(approval.by),
            })
            .collect(),
        phone: app.preview.preview(&revision.content, &names.body(post.body).to_string(), kind, correction),
        carried: fields.carried(&names_of_fields),
        problem,
        kindly,
        for_whom: fields.stands_in_for()?.map(|id| names.staff(id)),
    };
    shell::page(desk.language, status, &page)
}

/// Sends, or schedules: the confirmation's own button.
pub(crate) async fn send(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let by = desk.by(&fields)?;
    let asked = audience_of(&fields).and_then(|audience| Ok((audience, time_of(&app, &fields)?)));
    let (audience, at) = match asked {
        Ok(asked) => asked,
        Err(sentence) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return prepared(&app, &desk, &post, &fields, status, Some(sentence.into())).await;
        }
    };
    let seen = fields.text("revision");
    if post.revision().is_none_or(|revision| revision.number.to_string() != seen) {
        let refusal = ServiceError::Post(lupinus_core::post::Refusal::Edited);
        let sentence = words::refusal(&refusal);
        let status = words::status(&refusal);
        return confirming(&app, &desk, &post, &fields, &audience, at, status, sentence, None).await;
    }
    // Whoever was shown staff as those whom it goes to sends it to no member, nor the other way round.
    if (fields.text("trial") == "1") != desk.trial {
        let sentence = Some(Text::from("試行と本番が切り替わりました。配信先をもう一度確かめてください。"));
        let status = StatusCode::CONFLICT;
        return confirming(&app, &desk, &post, &fields, &audience, at, status, sentence, None).await;
    }
    let outcome = app.centre.transact(|mut work| {
        let audience = audience.clone();
        async move {
            let at = at.unwrap_or(work.now());
            let post = work.post_command(by, id, Command::Schedule { at, audience }).await?;
            work.done(post)
        }
    });
    match outcome.await {
        Ok(_) => {
            let done = if at.is_some() { "scheduled" } else { "sent" };
            Ok(shell::go(&app, &format!("/posts/{id}"), done))
        }
        Err(error) => {
            let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
            let kindly = if words::somebody_was_first(&error) { first(&app, &desk, id).await? } else { None };
            let post = visible(&app, &desk, id).await?;
            let status = words::status(&error);
            confirming(&app, &desk, &post, &fields, &audience, at, status, Some(sentence), kindly).await
        }
    }
}
