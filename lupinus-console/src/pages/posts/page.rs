//! One post with everything that is known of it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Actor, Permission as P, Who},
    audit::Subject,
    calendar::find_dates,
    delivery::DeliveryState,
    ids::PostId,
    outbox::DeliveryKind,
    post::{
        Attachment, Clash, Command, Content, Field, FieldMark, FindingAt, Look, Post, PostState, Remark,
        RemarkKind, Urgency,
    },
    screening::{Action, AllowReason, Allowance},
    service::ServiceError,
    store::Entity,
};

use super::{
    actions::{ActionView, actions, context},
    visible,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    language::Language,
    pages::{Asked, testing::may_test, when},
    phone::Phone,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, PostRow, Seg, TrailRow, When, describe, diff, field_texts, trail},
    words,
};

/// A file of the post that can be opened.
struct FileView {
    hash: String,
    /// What stands for it, if it is a picture.
    picture: Option<String>,
}

struct FieldRow {
    name: &'static str,
    label: &'static str,
    segs: Vec<Seg>,
    comments: Vec<String>,
    attachment: Option<FileView>,
}

struct RevisionView {
    number: u32,
    at: Text,
    by: Text,
    hash: String,
    current: bool,
    changes: Vec<(&'static str, Vec<Seg>)>,
}

struct Finding {
    field: &'static str,
    kind: &'static str,
    words: String,
    verdict: &'static str,
    css: &'static str,
    sure: u8,
    /// Who let it pass, when, and why.
    allowed: Option<Text>,
    /// Where it is, for the form that lets it pass; `None` when that is not this one's to do.
    place: Option<Place>,
}

struct Place {
    field: &'static str,
    nth: usize,
    start: usize,
    end: usize,
}

struct RemarkView {
    kind: &'static str,
    field: Option<&'static str>,
    text: String,
    by: Text,
    at: Text,
    revision: u32,
}

struct ApprovalView {
    step: Text,
    by: Text,
    for_whom: Option<Text>,
    revision: u32,
    hash: String,
    at: Text,
}

struct DeliveryView {
    /// Whether it went to staff alone.
    test: bool,
    at: Text,
    ended: Option<Text>,
    state: &'static str,
    audience: Text,
    recipients: u32,
    chunks: u32,
    accepted: u32,
    failed: u32,
}

/// A post that this one stands beside.
struct BesideView {
    id: String,
    title: Text,
    sub: Text,
    why: Text,
    warns: bool,
}

/// What went wrong with a form on this page.
pub(super) struct Refused {
    pub(super) action: String,
    pub(super) sentence: Text,
    /// Who was first, kindly.
    pub(super) kindly: Option<Text>,
    pub(super) fields: Fields,
}

#[derive(Template)]
#[template(path = "post.html")]
struct PostPage {
    shell: Shell,
    /// Whether it went out, and something in it may have got through.
    may_report: bool,
    id: String,
    title: Text,
    state: &'static str,
    state_css: &'static str,
    more: Text,
    emergency: bool,
    needs_review: bool,
    signed: Option<Text>,
    later_sight: Vec<Text>,
    body: Text,
    author: Text,
    created: Text,
    submitted: Option<Text>,
    near: Option<(Text, &'static str)>,
    route: String,
    steps: Vec<(Text, &'static str)>,
    audience: Text,
    corrects: Option<String>,
    number: u32,
    hash: String,
    rows: Vec<FieldRow>,
    findings: Vec<Finding>,
    /// What is known of what stands in its pictures and files.
    looks: Vec<Text>,
    reasons: [(&'static str, &'static str); 5],
    must_confirm: bool,
    has_files: bool,
    dates: Vec<Text>,
    phone: Phone,
    beside: Vec<BesideView>,
    revisions: Vec<RevisionView>,
    remarks: Vec<RemarkView>,
    approvals: Vec<ApprovalView>,
    deliveries: Vec<DeliveryView>,
    trail: Vec<TrailRow>,
    reads_trail: bool,
    actions: Vec<ActionView>,
    may_test: bool,
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

pub(super) async fn drawn(
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
    let route = post.walks(&app.centre.policy().routes);
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
        (say!("{name}({given}/{required}人)", name = step.name, given, required = step.required), css)
    });
    let more = match &post.state {
        PostState::InReview { reviewer, .. } => say!("受付:{reviewer}", reviewer = names.staff(*reviewer)),
        PostState::Scheduled { at, .. } => say!("{at} に配信", at = when.at(*at)),
        PostState::Sent { at, .. } => say!("{at} に完了", at = when.at(*at)),
        _ => Text::default(),
    };
    let audience = match &post.state {
        PostState::Scheduled { audience, .. } => audience,
        _ => &post.audience,
    };
    let number = revision.number;
    let page = PostPage {
        shell: Shell::inside(app, desk, post.title().to_owned(), "/posts").having_done(done),
        may_report: desk.may(P::HandleIncidents)
            && matches!(
                post.state,
                PostState::Sending { .. } | PostState::Sent { .. } | PostState::Failed { .. }
            ),
        id: post.id.to_string(),
        title: Text::given(post.title()),
        state: post.state_label_ja(),
        state_css: post.state.name(),
        more,
        emergency: post.urgency == Urgency::Emergency,
        needs_review: post.needs_review,
        signed: post.signed.map(|(by, at)| say!("{by}({at})", by = names.staff(by), at = when.at(at))),
        later_sight: post.later_sight.iter().map(|id| names.staff(*id)).collect(),
        body: names.body(post.body),
        author: names.author(&post),
        created: when.at(post.created_at),
        submitted: post.submitted_at.map(|at| when.at(at)),
        near: PostRow::new(&post, &names, &when).near,
        route: route.name.clone(),
        steps: steps.collect(),
        audience: if post.corrects.is_some() {
            Text::from("元の配信が届いた方")
        } else {
            describe(audience, &app.centre.policy().professions)
        },
        corrects: post.corrects.map(|id| id.to_string()),
        number,
        hash: revision.hash.short(),
        rows: rows(&post, content, &revision.marks, app.blob.is_some()),
        findings: findings(app, desk, &post, &names, &when),
        looks: content.attachments.iter().map(looked).collect(),
        reasons: AllowReason::ALL.map(|reason| (reason.name(), reason.label_ja())),
        must_confirm: post.needs_confirmation(),
        has_files: !content.attachments.is_empty(),
        dates: date_hints(content, &when),
        phone: app.preview.preview(
            content,
            &names.body(post.body).to_string(),
            DeliveryKind::Production,
            post.corrects.is_some(),
        ),
        beside: beside(app, desk, &post, &names, &when).await?,
        revisions: revisions(&post, &names, &when, desk.language),
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
                step: route
                    .steps
                    .get(approval.step)
                    .map_or_else(Text::default, |step| Text::given(&step.name)),
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
        may_test: may_test(app, &post, desk),
        fields: Field::of(content.category).map(|field| (field.name(), field.label_ja())).collect(),
        refused,
    };
    shell::page(desk.language, status, &page)
}

pub(super) const fn remark_kind(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::Returned => "差戻し",
        RemarkKind::Rejected => "却下",
        RemarkKind::Withdrawn => "取下げ",
        RemarkKind::Expired => "期限切れ",
        RemarkKind::Altered => "内容不一致",
        RemarkKind::Cancelled => "配信中止",
    }
}

fn rows(post: &Post, content: &Content, marks: &[FieldMark], blobs: bool) -> Vec<FieldRow> {
    let number = post.revision().map_or(0, |revision| revision.number);
    let mut attachments = content.attachments.iter();
    let mut shown = Vec::new();
    for text in field_texts(content, marks) {
        let pinned = |remark: &&Remark| remark.field == Some(text.field) && remark.revision == number;
        let first = !shown.iter().any(|row: &FieldRow| row.name == text.field.name());
        let comments = if first {
            post.remarks.iter().filter(pinned).map(|remark| remark.text.clone()).collect()
        } else {
            Vec::new()
        };
        let is_name = text.field == Field::Attachment && !text.is_alt;
        let attachment = if is_name { attachments.next() } else { None };
        shown.push(FieldRow {
            name: text.field.name(),
            label: text.field.label_ja(),
            segs: text.segs,
            comments,
            attachment: attachment.filter(|_| blobs).map(|file| FileView {
                hash: file.sha256.to_hex(),
                picture: file.media_type.starts_with("image/").then(|| file.alt.clone()),
            }),
        });
    }
    shown
}

/// What is known of what stands in a picture or file (R11).
fn looked(attachment: &Attachment) -> Text {
    let known = match &attachment.look {
        Some(Look::Read { found }) if found.is_empty() => {
            Text::from("文字を確認し、個人情報と思われる記載は見つかりませんでした")
        }
        Some(Look::Read { found }) => {
            let kinds = Text::list("、", found.iter().map(|kind| kind.label_ja()));
            say!("文字に確認が必要な記載があります({kinds})", kinds)
        }
        Some(Look::Blind) | None if attachment.checked => Text::from(
            "文字として読み取れない部分(画像など)があります。提出した方が、人物や個人情報がないことを確認しています",
        ),
        Some(Look::Blind) | None => {
            Text::from("文字として読み取れない部分(画像など)があります。開いて確認してください")
        }
    };
    say!("{name}:{known}。", name = attachment.name, known)
}

/// What screening found in the present revision, and what this one can say to it.
fn findings(app: &Settings, desk: &Desk, post: &Post, names: &Names, when: &When<'_>) -> Vec<Finding> {
    let Some(revision) = post.revision() else { return Vec::new() };
    let actor = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let cx = context(app, post, &actor, app.centre.now());
    revision
        .marks
        .iter()
        .map(|found| {
            let FieldMark { field, nth, mark } = *found;
            let words = post.marked_text(found).unwrap_or_default().to_owned();
            let given = post.allowance_for(found);
            let at = FindingAt { revision: revision.number, field, nth, start: mark.start, end: mark.end };
            let allowance = Allowance {
                kind: mark.kind,
                text: words.clone(),
                reason: AllowReason::NotPersonal,
                comment: None,
            };
            let may = given.is_none() && post.decide(Command::Allow { at, allowance }, &cx).is_ok();
            let (verdict, css) = match (given.is_some(), mark.action) {
                (true, Action::Allow) => ("前の版で許可済み", "allow"),
                (true, Action::Block | Action::Warn) => ("許可済み", "allow"),
                (false, Action::Block) => ("掲載できません", "block"),
                (false, Action::Warn) => ("確認が必要", "warn"),
                (false, Action::Allow) => ("問題なし", "allow"),
            };
            Finding {
                field: field.label_ja(),
                kind: mark.kind.label_ja(),
                words,
                verdict,
                css,
                sure: mark.confidence.as_percent(),
                allowed: given.map(|given| {
                    let Allowance { reason, comment, .. } = &given.allowance;
                    let comment =
                        comment.as_ref().map_or_else(Text::default, |words| say!("。{words}", words));
                    say!(
                        "{reason}{comment}({by}・{at})",
                        reason = reason.label_ja(),
                        comment,
                        by = names.staff(given.by),
                        at = when.at(given.at)
                    )
                }),
                place: may.then(|| Place { field: field.name(), nth, start: mark.start, end: mark.end }),
            }
        })
        .collect()
}

/// What does not fit in the dates of the text.
fn date_hints(content: &Content, when: &When<'_>) -> Vec<Text> {
    find_dates(&content.body, when.today())
        .into_iter()
        .flat_map(|date| date.problems)
        .map(|problem| words::of_date(&problem))
        .collect()
}

fn revisions(post: &Post, names: &Names, when: &When<'_>, language: Language) -> Vec<RevisionView> {
    let mut views = Vec::new();
    let mut before: Option<&Content> = None;
    let current = post.revision().map_or(0, |revision| revision.number);
    for revision in &post.revisions {
        let changes = before.map_or_else(Vec::new, |before| changes(before, &revision.content, language));
        views.push(RevisionView {
            number: revision.number,
            at: when.at(revision.at),
            by: match revision.by {
                Who::Member(_) => names.author(post),
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

fn changes(before: &Content, after: &Content, language: Language) -> Vec<(&'static str, Vec<Seg>)> {
    let joined = |content: &Content, field: Field| {
        let texts = field_texts(content, &[]);
        let texts: Vec<String> = texts
            .into_iter()
            .filter(|text| text.field == field)
            .map(|text| text.text.within(language))
            .collect();
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

/// What it stands beside, while somebody has still to decide on it.
async fn beside(
    app: &Settings,
    desk: &Desk,
    post: &Post,
    names: &Names,
    when: &When<'_>,
) -> Result<Vec<BesideView>, ServiceError> {
    if post.state.is_final() {
        return Ok(Vec::new());
    }
    let found = app.centre.beside(desk.me(), post).await?;
    let view = |other: &Post, why: Text, warns| {
        let row = PostRow::new(other, names, when);
        let sub = say!(
            "{body}・{state}・{what} {at}",
            body = row.body,
            state = row.state,
            what = row.what,
            at = row.at
        );
        BesideView { id: row.id, title: row.title, sub, why, warns }
    };
    let clashes = found
        .clashes
        .iter()
        .map(|(other, near)| view(other, near.label_ja().into(), *near != Clash::SameDay));
    let similar = found
        .similar
        .iter()
        .map(|(other, likeness)| view(other, say!("似た内容(一致 {likeness}%)", likeness), true));
    Ok(clashes.chain(similar).collect())
}

async fn deliveries(app: &Settings, post: &Post, when: &When<'_>) -> Result<Vec<DeliveryView>, ServiceError> {
    let deliveries = app.centre.deliveries_of(post.id).await?;
    Ok(deliveries
        .into_iter()
        .map(|delivery| {
            let delivery = delivery.value;
            DeliveryView {
                test: delivery.kind == DeliveryKind::Test,
                at: when.at(delivery.started_at),
                ended: delivery.ended_at.map(|at| when.at(at)),
                state: match delivery.state {
                    DeliveryState::Running => "配信中",
                    DeliveryState::Complete => "完了",
                    DeliveryState::Partial => "一部または全部が未配信",
                },
                audience: if delivery.kind == DeliveryKind::Test {
                    Text::from("LINEを結び付けた職員")
                } else if post.corrects.is_some() {
                    Text::from("元の配信が届いた方")
                } else {
                    describe(&delivery.audience, &app.centre.policy().professions)
                },
                recipients: delivery.recipients,
                chunks: delivery.chunks,
                accepted: delivery.accepted,
                failed: delivery.failed,
            }
        })
        .collect())
}
