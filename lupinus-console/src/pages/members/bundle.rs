//! Everything that is held about one member, to be read, and as a file for them.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use lupinus_core::{
    consultation::{Consultation, Topic, Voice},
    member::Member,
    post::{Category, Post},
    service::MemberBundle,
    store::Record,
};
use serde_json::{Value, json};

use crate::{
    console::Settings,
    error::Problem,
    text::{Text, say},
    view::{Names, TrailRow, When},
};

/// One thing that was said, by whom.
pub(super) struct SaidView {
    pub(super) who: Text,
    pub(super) at: Text,
    pub(super) text: Option<String>,
}

pub(super) struct ConsultationView {
    pub(super) topic: &'static str,
    pub(super) opened: Text,
    pub(super) thread: Vec<SaidView>,
    pub(super) notes: Vec<SaidView>,
}

pub(super) struct PostView {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) state: &'static str,
}

/// A bundle as staff read it.
pub(super) struct BundleView {
    pub(super) about: Vec<(&'static str, Text)>,
    pub(super) consultations: Vec<ConsultationView>,
    pub(super) posts: Vec<PostView>,
    pub(super) trail: Vec<TrailRow>,
    /// What else is kept under their id: the kind and what it holds.
    pub(super) others: Vec<(&'static str, String)>,
}

const NONE: &str = "なし";

impl BundleView {
    pub(super) fn new(app: &Settings, bundle: &MemberBundle, names: &Names, when: &When<'_>) -> Self {
        let held = &bundle.held;
        Self {
            about: about(app, &held.member, held.body.as_ref().map(|body| body.name.as_str()), when)
                .into_iter()
                .chain([("受け取った配信(最近のもの)", say!("{n}件", n = held.deliveries))])
                .collect(),
            consultations: held.consultations.iter().map(|said| consultation(said, names, when)).collect(),
            posts: bundle.posts.iter().map(post).collect(),
            trail: bundle.acts.iter().rev().map(|entry| TrailRow::new(entry, names, when)).collect(),
            others: bundle.others.iter().map(|record| (kept(record), readable(record))).collect(),
        }
    }
}

fn about(app: &Settings, member: &Member, body: Option<&str>, when: &When<'_>) -> Vec<(&'static str, Text)> {
    let none = || Text::from(NONE);
    let professions = &app.centre.policy().professions;
    let profession = member.profession.as_ref().map(|profession| professions.label(profession).to_owned());
    let topics = Text::list("、", member.topics.iter().copied().map(Category::label_ja));
    let consent = member.consent.as_ref();
    vec![
        ("会員番号", member.id.number().into()),
        ("友だち追加", when.at(member.joined_at)),
        (
            "ルールへの同意",
            consent.map_or_else(none, |consent| {
                say!("{at}(第{version}版)", at = when.at(consent.at), version = consent.rules_version)
            }),
        ),
        ("職種", profession.map_or_else(none, Text::from)),
        ("所属", member.organisation.clone().map_or_else(none, Text::from)),
        ("圏域", member.area.as_ref().map_or_else(none, |area| Text::given(&area.0))),
        ("受け取る情報", if topics.is_empty() { Text::from("すべて") } else { topics }),
        ("投稿できる団体", body.map_or_else(none, Text::given)),
        (
            "LINE上の宛先(LINEが付けた番号)",
            member.contact.as_ref().map_or_else(none, |contact| Text::given(contact.as_str())),
        ),
    ]
}

fn consultation(held: &Consultation, names: &Names, when: &When<'_>) -> ConsultationView {
    let thread = held.thread.iter().map(|entry| SaidView {
        who: match entry.from {
            Voice::Member => Text::from("会員#one"),
            Voice::Staff(id) => say!("{id}(センター)", id = names.staff(id)),
        },
        at: when.at(entry.at),
        text: entry.text.clone(),
    });
    let notes = held.notes.iter().map(|note| SaidView {
        who: names.staff(note.by),
        at: when.at(note.at),
        text: note.text.clone(),
    });
    ConsultationView {
        topic: held.topic.map_or("相談#one", Topic::label_ja),
        opened: when.at(held.opened_at),
        thread: thread.collect(),
        notes: notes.collect(),
    }
}

fn post(post: &Post) -> PostView {
    PostView { id: post.id.to_string(), title: Text::given(post.title()), state: post.state_label_ja() }
}

/// What staff read for a kind of record that is kept under a member's id.
fn kept(record: &Record) -> &'static str {
    match record.key.kind.as_str() {
        "dialogue" => "LINEでの対話の途中(書きかけの投稿など)",
        "code_failures" => "招待コードの誤り",
        "menu_link" => "LINEのメニューの割当て",
        _ => "そのほかの記録",
    }
}

fn value(record: &Record) -> Value {
    serde_json::from_str(&record.body).unwrap_or(Value::Null)
}

fn readable(record: &Record) -> String {
    serde_json::to_string_pretty(&value(record)).unwrap_or_default()
}

/// The bundle as JSON, to be handed over.
pub(super) fn file(app: &Settings, bundle: &MemberBundle) -> Result<Response, Problem> {
    let held = &bundle.held;
    let posts = bundle.posts.iter().map(|post| {
        let contents: Vec<_> = post.revisions.iter().map(|revision| &revision.content).collect();
        json!({ "id": post.id, "state": post.state_label_ja(), "revisions": contents })
    });
    let others = bundle
        .others
        .iter()
        .map(|record| json!({ "kind": record.key.kind.as_str(), "record": value(record) }));
    let whole = json!({
        "format": 1,
        "centre": app.account,
        "made_at": app.centre.now(),
        "number": held.member.id.number(),
        "member": held.member,
        "body": held.body.as_ref().map(|body| body.name.as_str()),
        "deliveries": held.deliveries,
        "consultations": held.consultations,
        "posts": posts.collect::<Vec<_>>(),
        "trail": bundle.acts,
        "others": others.collect::<Vec<_>>(),
    });
    let bytes = serde_json::to_vec_pretty(&whole).map_err(|_| Problem::broken(None))?;
    // A number is hexadecimal digits and hyphens.
    let name = format!("attachment; filename=\"member-{}.json\"", held.member.id.number());
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}
