//! The decision sheet (起案・決裁): who wanted what, who decided, and the trail that shows it; for the printer.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission as P,
    audit::{AuditEntry, AuditTip, Subject, verify_chain},
    ids::PostId,
    outbox::DeliveryKind,
    post::{Post, Urgency},
    store::{Entity, StoreExt},
};

use super::{page::remark_kind, visible};
use crate::{
    console::{App, Settings},
    error::Problem,
    gate::Desk,
    language::Language,
    pages::when,
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, When, describe, field_texts},
    words,
};

/// One line of the decision: what, who, when, and what more there is to say.
struct Decided {
    what: String,
    who: Text,
    at: Text,
    more: String,
}

/// One entry of the trail, as paper keeps it.
struct Link {
    number: u64,
    at: Text,
    who: String,
    what: String,
    hash: String,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    shell: Shell,
    id: String,
    title: String,
    state: &'static str,
    emergency: bool,
    body: Text,
    author: Text,
    route: String,
    audience: Text,
    revision: u32,
    hash: String,
    printed: Text,
    fields: Vec<(&'static str, Text)>,
    decided: Vec<Decided>,
    links: Vec<Link>,
    reads_trail: bool,
    /// The last number of the chain and its hash.
    tip: Option<(u64, String)>,
    sound: bool,
}

pub(crate) async fn sheet(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    let post = visible(&app, &desk, id).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let names = Names::load(&app.centre).await?;
    let when = when(&app);
    let reads_trail = desk.may(P::ReadAudit);
    let subject = Subject::new(&Post::KIND, id);
    let entries = app.centre.audit_of(&subject).await?;
    let tip = app.centre.store().load::<AuditTip>(subject.as_str()).await?.map(|tip| tip.value);
    let page = SheetPage {
        shell: Shell::inside(&app, &desk, "決裁票", "/posts"),
        id: id.to_string(),
        title: post.title().to_owned(),
        state: post.state_label_ja(),
        emergency: post.urgency == Urgency::Emergency,
        body: names.body(post.body),
        author: names.author(&post),
        route: post.walks(&app.centre.policy().routes).name.clone(),
        audience: if post.corrects.is_some() {
            "元の配信が届いた方".into()
        } else {
            describe(&post.audience, &app.centre.policy().professions)
        },
        revision: revision.number,
        hash: revision.hash.to_hex(),
        printed: when.on_paper(when.now),
        fields: field_texts(&revision.content, &[])
            .into_iter()
            .map(|text| (text.field.label_ja(), text.text))
            .collect(),
        decided: decided(&app, &post, &names, &when).await?,
        links: if reads_trail { links(&entries, &names, &when) } else { Vec::new() },
        reads_trail,
        sound: tip.as_ref().is_some_and(|tip| verify_chain(tip, &entries).is_ok()),
        tip: tip.map(|tip| (tip.number, tip.hash.to_hex())),
    };
    // A record, which is in Japanese for everybody.
    shell::page(Language::Japanese, StatusCode::OK, &page)
}

/// What was decided, oldest first: from the post itself, whose words the trail does not hold.
async fn decided(
    app: &Settings,
    post: &Post,
    names: &Names,
    when: &When<'_>,
) -> Result<Vec<Decided>, Problem> {
    let mut lines = Vec::new();
    let mut add = |at: jiff::Timestamp, what: String, who: Text, more: String| {
        lines.push((at, Decided { what, who, at: when.on_paper(at), more }));
    };
    add(post.created_at, "起案".to_owned(), names.author(post), String::new());
    if let Some(at) = post.submitted_at {
        add(at, "提出".to_owned(), names.author(post), String::new());
    }
    for remark in &post.remarks {
        let field = remark.field.map_or_else(String::new, |field| format!("({})", field.label_ja()));
        let what = format!("{}{field}", remark_kind(remark.kind));
        add(remark.at, what, names.who(remark.by), format!("第{}版:{}", remark.revision, remark.text));
    }
    let route = post.walks(&app.centre.policy().routes);
    for approval in &post.approvals {
        let step = route.steps.get(approval.step).map_or("承認", |step| step.name.as_str());
        let replaced = approval.on_behalf_of.map(|id| names.staff(id));
        let who = names.staff(approval.by);
        let who = replaced.map_or_else(|| who.clone(), |absent| format!("{who}({absent}の代決)").into());
        let more = format!("第{}版(照合番号 {})を承認", approval.revision, approval.hash.short());
        add(approval.at, step.to_owned(), who, more);
    }
    if let Some((by, at)) = post.signed {
        add(at, "事後の署名".to_owned(), names.staff(by), String::new());
    }
    for delivery in app.centre.deliveries_of(post.id).await? {
        let delivery = delivery.value;
        let (what, more) = if delivery.kind == DeliveryKind::Test {
            ("テスト配信", format!("職員{}人に送信。会員への配信ではない。", delivery.recipients))
        } else {
            let whom = describe(&delivery.audience, &app.centre.policy().professions);
            ("配信", format!("{}人に配信。{whom}", delivery.recipients))
        };
        add(delivery.started_at, what.to_owned(), "システム".into(), more);
    }
    lines.sort_by_key(|(at, _)| *at);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn links(entries: &[AuditEntry], names: &Names, when: &When<'_>) -> Vec<Link> {
    let link = |entry: &AuditEntry| {
        let absent = entry.on_behalf_of.map(|id| format!("({}の代わりに)", names.staff(id)));
        let revision = entry.revision.map(|number| format!("(第{number}版)"));
        Link {
            number: entry.number,
            at: when.on_paper(entry.at),
            who: format!("{}{}", names.who(entry.who), absent.unwrap_or_default()),
            what: format!("{}{}", words::act(&entry.action), revision.unwrap_or_default()),
            hash: entry.hash.short(),
        }
    };
    entries.iter().map(link).collect()
}
