use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lupinus_core::{
    actor::{Actor, Permission as P},
    audit::Subject,
    calendar::find_dates,
    delivery::DeliveryState,
    hash::Sha256Hash,
    ids::{BodyId, PostId},
    post::{Command, Content, Context, Field, Post, PostState, Refusal, RemarkKind, Urgency},
    screening::Action,
    service::ServiceError,
    store::{Entity, Paged},
};

use super::{Asked, PAGE, when, written};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    phone::Phone,
    shell::{self, Shell},
    view::{Names, PostRow, Seg, TrailRow, When, describe, diff, field_texts, trail},
    words,
};

#[derive(Template)]
#[template(path = "posts.html")]
struct ListPage {
    shell: Shell,
    /// Name, label, count, whether it is shown.
    states: Vec<(&'static str, &'static str, u64, bool)>,
    rows: Vec<PostRow>,
    view: String,
    body: Option<(String, String)>,
    next: Option<String>,
}

const STATES: [(&str, &str); 11] = [
    ("submitted", "提出済み"),
    ("in_review", "確認中"),
    ("returned", "差戻し"),
    ("approved", "承認済み"),
    ("scheduled", "配信予約"),
    ("sending", "配信中"),
    ("sent", "配信済み"),
    ("failed", "配信失敗"),
    ("rejected", "却下"),
    ("withdrawn", "取下げ"),
    ("draft", "自分の下書き"),
];

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let view = asked.view.clone().unwrap_or_else(|| "submitted".to_owned());
    let body = match &asked.body {
        Some(id) => Some(id.parse::<BodyId>().map_err(|_| Problem::not_found())?),
        None => None,
    };
    let found: Paged<Post> = if let Some(body) = body {
        app.centre.posts_of_body(body, asked.cursor()?, PAGE).await?
    } else if view == "draft" {
        // Somebody else's draft is nobody's business before it is handed in.
        let me = lupinus_core::actor::Who::Staff(desk.staff.id);
        let mut own = app.centre.posts_of(me, asked.cursor()?, 200).await?;
        own.items.retain(|post| post.value.state == PostState::Draft);
        own
    } else if STATES.iter().any(|(name, _)| *name == view) {
        app.centre.posts(&view, asked.cursor()?, PAGE).await?
    } else {
        return Err(Problem::not_found());
    };
    let mut states = Vec::new();
    for (name, label) in STATES {
        let count = if name == "draft" { 0 } else { app.centre.post_count(name).await? };
        states.push((name, label, count, body.is_none() && name == view));
    }
    let shown = |post: &Post| post.state != PostState::Draft || is_own(post, &desk);
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "投稿", "/posts").having_done(asked.done.as_deref()),
        states,
        rows: found
            .items
            .iter()
            .filter(|post| shown(&post.value))
            .map(|post| PostRow::new(&post.value, &names, &when))
            .collect(),
        view,
        body: body.map(|id| (id.to_string(), names.body(Some(id)))),
        next: found.next.as_ref().map(written),
    };
    shell::page(StatusCode::OK, &page)
}

fn is_own(post: &Post, desk: &Desk) -> bool {
    post.author == lupinus_core::actor::Who::Staff(desk.staff.id)
}

/// A post that this one may see: a member's draft stays theirs until it is handed in.
pub(super) async fn visible(app: &Settings, desk: &Desk, id: PostId) -> Result<Post, Problem> {
    let post = app.centre.post(id).await?.value;
    if post.state == PostState::Draft && !is_own(&post, desk) {
        return Err(Problem::not_found());
    }
    Ok(post)
}

struct FieldRow {
    name: &'static str,
    label: &'static str,
    segs: Vec<Seg>,
    comments: Vec<String>,
    attachment: Option<String>,
}

struct RevisionView {
    number: u32,
    at: String,
    by: String,
    hash: String,
    current: bool,
    changes: Vec<(&'static str, Vec<Seg>)>,
}

struct Finding {
    field: &'static str,
    kind: &'static str,
    verdict: &'static str,
    css: &'static str,
    sure: u8,
}

struct RemarkView {
    kind: &'static str,
    field: Option<&'static str>,
    text: String,
    by: String,
    at: String,
    revision: u32,
}

struct ApprovalView {
    step: String,
    by: String,
    for_whom: Option<String>,
    revision: u32,
    hash: String,
    at: String,
}

struct DeliveryView {
    at: String,
    ended: Option<String>,
    state: &'static str,
    audience: String,
    recipients: u32,
    chunks: u32,
    accepted: u32,
    failed: u32,
}

/// Something that can be done with a post, by this person now.
pub(super) struct ActionView {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// What its form asks: `""`, `comment`, `reason`, `approve`, or `link` for a page of its own.
    pub(super) asks: &'static str,
    /// In whose name it may be done: nobody when it may not.
    pub(super) as_whom: Vec<(String, String)>,
    /// Why it may not be done.
    pub(super) why_not: String,
    pub(super) primary: bool,
}

/// What went wrong with a form on this page.
pub(super) struct Refused {
    action: String,
    sentence: String,
    /// Who was first, kindly.
    kindly: Option<String>,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "post.html")]
struct PostPage {
    shell: Shell,
    id: String,
    title: String,
    state: &'static str,
    state_css: &'static str,
    more: String,
    emergency: bool,
    needs_review: bool,
    signed: Option<String>,
    later_sight: Vec<String>,
    body: String,
    author: String,
    created: String,
    submitted: Option<String>,
    near: Option<(String, &'static str)>,
    route: String,
    steps: Vec<(String, &'static str)>,
    audience: String,
    corrects: Option<String>,
    number: u32,
    hash: String,
    rows: Vec<FieldRow>,
    findings: Vec<Finding>,
    must_confirm: bool,
    dates: Vec<String>,
    phone: Phone,
    revisions: Vec<RevisionView>,
    remarks: Vec<RemarkView>,
    approvals: Vec<ApprovalView>,
    deliveries: Vec<DeliveryView>,
    trail: Vec<TrailRow>,
    reads_trail: bool,
    actions: Vec<ActionView>,
    fields: Vec<(&'static str, &'static str)>,
    refused: Option<Refused>,
}

impl PostPage {
    /// What was typed into the form of this action, if it was refused.
    fn typed(&self, action: &str, field: &str) -> &str {
        self.refused
            .as_ref()
            .filter(|refused| refused.action == action)
            .map_or("", |refused| refused.fields.text(field))
    }

    fn is_refused(&self, action: &str) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.action == action)
    }
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), StatusCode::OK, None).await
}

/// An actor as core would make it, for asking what would be allowed.
fn actors(desk: &Desk, names: &Names) -> Vec<(String, String, Actor)> {
    let me = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let mut actors = vec![(String::new(), "自分の権限で".to_owned(), me.clone())];
    for absent in names.stand_ins_of(desk.staff.id) {
        let actor = Actor { on_behalf_of: Some((absent.id, absent.roles.clone())), ..me.clone() };
        actors.push((absent.id.to_string(), format!("{}さんの代わりに(代決)", absent.name), actor));
    }
    actors
}

/// What each action's command would be, for asking whether it would be allowed.
fn actions(app: &Settings, post: &Post, desk: &Desk, names: &Names) -> Vec<ActionView> {
    let policy = app.centre.policy();
    let number = post.revision().map_or(0, |revision| revision.number);
    let now = app.centre.now();
    let word = || "確認".to_owned();
    let audience = post.audience.clone();
    let all: [(&str, &str, &str, &str, bool, Command); 12] = [
        ("take", "受け付ける", "確認を始めます。投稿者に受付を知らせます。", "", true, Command::Take),
        (
            "approve",
            "承認する",
            "この版の内容で承認します。承認後に内容が変わると、承認は取り消されます。",
            "approve",
            true,
            Command::Approve { revision: number, confirmed: true },
        ),
        (
            "send",
            "配信の準備へ",
            "配信先と日時を決めます。次の画面で内容を確かめてから配信します。",
            "link",
            true,
            Command::Schedule { at: now, audience },
        ),
        (
            "return",
            "差し戻す",
            "直してほしい点を書いて、投稿者に返します。",
            "comment",
            false,
            Command::Return { comment: word(), field: None },
        ),
        (
            "reject",
            "却下する",
            "この投稿を終わりにします。修正してほしいときは「差し戻す」を使ってください。",
            "reason",
            false,
            Command::Reject { reason: word() },
        ),
        ("submit", "提出する", "下書きを確認に回します。", "", true, Command::Submit),
        ("recall", "下書きに戻す", "提出を取りやめて、編集できるようにします。", "", false, Command::Recall),
        ("unschedule", "予約を取り消す", "配信を止めて、承認済みに戻します。", "", false, Command::Unschedule),
        (
            "sign",
            "確認の署名をする",
            "緊急配信の内容を、二人目として確認します。",
            "",
            true,
            Command::Sign,
        ),
        ("seen", "後閲した", "代わりに決裁された内容を確認したことを記録します。", "", true, Command::Seen),
        (
            "withdraw",
            "取り下げる",
            "この投稿を配信しないことにします。",
            "reason",
            false,
            Command::Withdraw { reason: word() },
        ),
        (
            "edit",
            "編集する",
            "内容を直します。新しい版になり、承認はやり直しになります。",
            "link",
            true,
            Command::Propose(post.audience.clone()),
        ),
    ];
    let actors = actors(desk, names);
    let mut views = Vec::new();
    for (name, label, hint, asks, primary, command) in all {
        let outcome = |actor: &Actor| {
            let cx = context(app, post, actor, policy.routes.for_urgency(post.urgency));
            post.decide(command.clone(), &cx).map(|_| ())
        };
        views.extend(offered(ActionView { name, label, hint, asks, as_whom: Vec::new(), why_not: String::new(), primary }, &actors, outcome));
    }
    if let Some(content) = post.revision().map(|revision| revision.content.clone()) {
        let correct = ActionView {
            name: "correct",
            label: "訂正を出す",
            hint: "元の配信が届いた方だけに届く、訂正の投稿を作ります。",
            asks: "link",
            as_whom: Vec::new(),
            why_not: String::new(),
            primary: false,
        };
        let outcome = |actor: &Actor| {
            let cx = context(app, post, actor, policy.routes.for_urgency(post.urgency));
            post.correction(post.id, content.clone(), Vec::new(), &cx).map(|_| ())
        };
        views.extend(offered(correct, &actors, outcome));
    }
    views
}

fn context<'a>(
    app: &'a Settings,
    _post: &Post,
    actor: &'a Actor,
    route: &'a lupinus_core::post::Route,
) -> Context<'a> {
    let policy = app.centre.policy();
    Context { actor, route, policy: &policy.posts, zone: policy.hours.time_zone(), now: app.centre.now() }
}

/// The action with those in whose name it may be done; grey with the reason when nobody's; nothing when it is not its time.
fn offered(
    mut view: ActionView,
    actors: &[(String, String, Actor)],
    outcome: impl Fn(&Actor) -> Result<(), Refusal>,
) -> Option<ActionView> {
    for (value, label, actor) in actors {
        match outcome(actor) {
            Ok(()) => view.as_whom.push((value.clone(), label.clone())),
            Err(Refusal::NotNow { .. }) => {}
            Err(refusal) if view.why_not.is_empty() => view.why_not = refusal.sentence_ja(),
            Err(_) => {}
        }
    }
    (!view.as_whom.is_empty() || !view.why_not.is_empty()).then_some(view)
}

async fn drawn(
    app: &App,
    desk: &Desk,
    id: PostId,
    done: Option<&str>,
    status: StatusCode,
    refused: Option<Refused>,
) -> Result<Response, Problem> {
    let post = visible(app, desk, id).await?;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let content = &revision.content;
    let reads_trail = desk.may(P::ReadAudit);
    let trail_rows = if reads_trail {
        trail(&app.centre, &Subject::new(&Post::KIND, post.id), &names, &when).await?
    } else {
        Vec::new()
    };
    let route = app.centre.policy().routes.for_urgency(post.urgency);
    let at_step = match post.state {
        PostState::InReview { step, .. } => Some(step),
        _ => None,
    };
    let approved = post.approved_revision().is_some();
    let steps = route.steps.iter().enumerate().map(|(number, step)| {
        let given = post.approvals.iter().filter(|approval| approval.step == number).count();
        let css = match at_step {
            Some(at) if at == number => "step-now",
            Some(at) if number < at => "step-done",
            _ if approved => "step-done",
            _ => "step-later",
        };
        (format!("{}({given}/{}人)", step.name, step.required), css)
    });
    let more = match &post.state {
        PostState::InReview { reviewer, .. } => format!("受付:{}", names.staff(*reviewer)),
        PostState::Scheduled { at, .. } => format!("{} に配信", when.at(*at)),
        PostState::Sent { at, .. } => format!("{} に完了", when.at(*at)),
        _ => String::new(),
    };
    let audience = match &post.state {
        PostState::Scheduled { audience, .. } => audience,
        _ => &post.audience,
    };
    let number = revision.number;
    let page = PostPage {
        shell: Shell::inside(app, desk, post.title().to_owned(), "/posts").having_done(done),
        id: post.id.to_string(),
        title: post.title().to_owned(),
        state: post.state.label_ja(),
        state_css: post.state.name(),
        more,
        emergency: post.urgency == Urgency::Emergency,
        needs_review: post.needs_review,
        signed: post.signed.map(|(by, at)| format!("{}({})", names.staff(by), when.at(at))),
        later_sight: post.later_sight.iter().map(|id| names.staff(*id)).collect(),
        body: names.body(post.body),
        author: names.author(&post),
        created: when.at(post.created_at),
        submitted: post.submitted_at.map(|at| when.at(at)),
        near: PostRow::new(&post, &names, &when).near,
        route: route.name.clone(),
        steps: steps.collect(),
        audience: if post.corrects.is_some() {
            "元の配信が届いた方".to_owned()
        } else {
            describe(audience, &app.professions)
        },
        corrects: post.corrects.map(|id| id.to_string()),
        number,
        hash: revision.hash.short(),
        rows: rows(&post, content, &revision.marks, app.blob.is_some()),
        findings: revision.marks.iter().map(finding).collect(),
        must_confirm: revision.needs_confirmation(),
        dates: date_hints(content, &when),
        phone: app.preview.preview(content, &names.body(post.body), post.corrects.is_some()),
        revisions: revisions(&post, &names, &when),
        remarks: post
            .remarks
            .iter()
            .rev()
            .map(|remark| RemarkView {
                kind: remark_kind(remark.kind),
                field: remark.field.map(Field::label_ja),
                text: remark.text.clone(),
                by: names.who(remark.by),
                at: when.at(remark.at),
                revision: remark.revision,
            })
            .collect(),
        approvals: post
            .approvals
            .iter()
            .map(|approval| ApprovalView {
                step: route.steps.get(approval.step).map_or_else(String::new, |step| step.name.clone()),
                by: names.staff(approval.by),
                for_whom: approval.on_behalf_of.map(|id| names.staff(id)),
                revision: approval.revision,
                hash: approval.hash.short(),
                at: when.at(approval.at),
            })
            .collect(),
        deliveries: deliveries(app, &post, &when).await?,
        trail: trail_rows,
        reads_trail,
        actions: actions(app, &post, desk, &names),
        fields: Field::ALL.into_iter().map(|field| (field.name(), field.label_ja())).collect(),
        refused,
    };
    shell::page(status, &page)
}

const fn remark_kind(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::Returned => "差戻し",
        RemarkKind::Rejected => "却下",
        RemarkKind::Withdrawn => "取下げ",
        RemarkKind::Expired => "期限切れ",
    }
}

fn rows(post: &Post, content: &Content, marks: &[lupinus_core::post::FieldMark], blobs: bool) -> Vec<FieldRow> {
    let number = post.revision().map_or(0, |revision| revision.number);
    let mut attachments = content.attachments.iter();
    let mut shown = Vec::new();
    for text in field_texts(content, marks) {
        let pinned = |remark: &&lupinus_core::post::Remark| remark.field == Some(text.field) && remark.revision == number;
        let first = !shown.iter().any(|row: &FieldRow| row.name == text.field.name());
        let comments = if first {
            post.remarks.iter().filter(pinned).map(|remark| remark.text.clone()).collect()
        } else {
            Vec::new()
        };
        let is_name = text.field == Field::Attachment && !text.text.starts_with("説明:");
        let attachment = if is_name { attachments.next() } else { None };
        shown.push(FieldRow {
            name: text.field.name(),
            label: text.field.label_ja(),
            segs: text.segs,
            comments,
            attachment: attachment.filter(|_| blobs).map(|attachment| attachment.sha256.to_hex()),
        });
    }
    shown
}

fn finding(found: &lupinus_core::post::FieldMark) -> Finding {
    let (verdict, css) = match found.mark.action {
        Action::Block => ("掲載できません", "block"),
        Action::Warn => ("確認が必要", "warn"),
        Action::Allow => ("問題なし", "allow"),
    };
    Finding {
        field: found.field.label_ja(),
        kind: found.mark.kind.label_ja(),
        verdict,
        css,
        sure: found.mark.confidence.as_percent(),
    }
}

/// What does not fit in the dates of the text.
fn date_hints(content: &Content, when: &When<'_>) -> Vec<String> {
    find_dates(&content.body, when.today())
        .into_iter()
        .flat_map(|date| date.problems)
        .map(|problem| problem.sentence_ja())
        .collect()
}

fn revisions(post: &Post, names: &Names, when: &When<'_>) -> Vec<RevisionView> {
    let mut views = Vec::new();
    let mut before: Option<&Content> = None;
    let current = post.revision().map_or(0, |revision| revision.number);
    for revision in &post.revisions {
        let changes = before.map_or_else(Vec::new, |before| changes(before, &revision.content));
        views.push(RevisionView {
            number: revision.number,
            at: when.at(revision.at),
            by: match revision.by {
                lupinus_core::actor::Who::Member(_) => names.author(post),
                other => names.who(other),
            },
            hash: revision.hash.short(),
            current: revision.number == current,
            changes,
        });
        before = Some(&revision.content);
    }
    views.reverse();
    views
}

fn changes(before: &Content, after: &Content) -> Vec<(&'static str, Vec<Seg>)> {
    let joined = |content: &Content, field: Field| {
        let texts = field_texts(content, &[]);
        let texts: Vec<String> = texts.into_iter().filter(|text| text.field == field).map(|text| text.text).collect();
        texts.join("\n")
    };
    Field::ALL
        .into_iter()
        .filter_map(|field| {
            let (old, new) = (joined(before, field), joined(after, field));
            (old != new).then(|| (field.label_ja(), diff(&old, &new)))
        })
        .collect()
}

async fn deliveries(app: &Settings, post: &Post, when: &When<'_>) -> Result<Vec<DeliveryView>, ServiceError> {
    let deliveries = app.centre.deliveries_of(post.id).await?;
    Ok(deliveries
        .into_iter()
        .map(|delivery| {
            let delivery = delivery.value;
            DeliveryView {
                at: when.at(delivery.started_at),
                ended: delivery.ended_at.map(|at| when.at(at)),
                state: match delivery.state {
                    DeliveryState::Running => "配信中",
                    DeliveryState::Complete => "完了",
                    DeliveryState::Partial => "一部または全部が未配信",
                },
                audience: if post.corrects.is_some() {
                    "元の配信が届いた方".to_owned()
                } else {
                    describe(&delivery.audience, &app.professions)
                },
                recipients: delivery.recipients,
                chunks: delivery.chunks,
                accepted: delivery.accepted,
                failed: delivery.failed,
            }
        })
        .collect())
}

/// The command that a form asks for.
fn command_of(name: &str, fields: &Fields) -> Result<Command, Problem> {
    Ok(match name {
        "take" => Command::Take,
        "return" => Command::Return {
            comment: fields.text("comment").trim().to_owned(),
            field: fields.some("field").and_then(Field::from_name),
        },
        "reject" => Command::Reject { reason: fields.text("reason").trim().to_owned() },
        "approve" => Command::Approve {
            revision: fields.text("revision").parse().map_err(|_| Problem::unreadable())?,
            confirmed: fields.ticked("confirmed"),
        },
        "withdraw" => Command::Withdraw { reason: fields.text("reason").trim().to_owned() },
        "submit" => Command::Submit,
        "recall" => Command::Recall,
        "unschedule" => Command::Unschedule,
        "sign" => Command::Sign,
        "seen" => Command::Seen,
        _ => return Err(Problem::not_found()),
    })
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((id, name)): Path<(PostId, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    visible(&app, &desk, id).await?;
    let command = command_of(&name, &fields)?;
    let by = desk.by(&fields)?;
    let outcome = app.centre.transact(|mut work| {
        let command = command.clone();
        async move {
            let post = work.post_command(by, id, command).await?;
            work.done(post)
        }
    });
    match outcome.await {
        Ok(_) => Ok(shell::go(&app, &format!("/posts/{id}"), &name)),
        Err(error) => refused(&app, &desk, id, name, fields, error).await,
    }
}

/// The same page with what core answered, and with what was typed.
async fn refused(
    app: &App,
    desk: &Desk,
    id: PostId,
    action: String,
    fields: Fields,
    error: ServiceError,
) -> Result<Response, Problem> {
    let Some(sentence) = words::refusal(&error) else { return Err(error.into()) };
    let kindly = if words::somebody_was_first(&error) { first(app, desk, id).await? } else { None };
    let refused = Refused { action, sentence, kindly, fields };
    drawn(app, desk, id, None, words::status(&error), Some(refused)).await
}

/// Who was first, if it was somebody else.
pub(super) async fn first(app: &Settings, desk: &Desk, id: PostId) -> Result<Option<String>, ServiceError> {
    let entries = app.centre.audit_of(&Subject::new(&Post::KIND, id)).await?;
    let me = lupinus_core::actor::Who::Staff(desk.staff.id);
    let Some(last) = entries.last().filter(|entry| entry.who != me) else { return Ok(None) };
    let names = Names::load(&app.centre).await?;
    Ok(Some(format!(
        "画面を開いたあとに、{}さんが先に操作しました({}・{})。",
        names.who(last.who),
        words::act(&last.action),
        when(app).at(last.at),
    )))
}

/// A picture or file of a post, by its hash.
pub(crate) async fn attachment(
    State(app): State<App>,
    desk: Desk,
    Path((id, hash)): Path<(PostId, String)>,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let hash: Sha256Hash = hash.parse().map_err(|_| Problem::not_found())?;
    let attachments = post.revisions.iter().flat_map(|revision| &revision.content.attachments);
    let Some(attachment) = attachments.clone().find(|attachment| attachment.sha256 == hash) else {
        return Err(Problem::not_found());
    };
    let Some(blob) = &app.blob else { return Err(Problem::not_found()) };
    let bytes = blob.get(hash).await.map_err(|_| Problem::broken(None))?.ok_or_else(Problem::not_found)?;
    let (media_type, place) = match attachment.media_type.as_str() {
        "image/jpeg" => ("image/jpeg", "inline"),
        "image/png" => ("image/png", "inline"),
        "application/pdf" => ("application/pdf", "attachment"),
        _ => ("application/octet-stream", "attachment"),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(place)),
    ];
    Ok((headers, bytes).into_response())
}
