//! Staff write a post in the centre's own name, or edit their own.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::Permission,
    audience::Audience,
    ids::{BodyId, PostId},
    post::{Attachment, Category, Content, Field, PostState, Refusal, Urgency},
    service::{Draft, ServiceError},
};

use super::{
    filling::{Wrong, attach, content_of, copied, filled, found},
    posts::visible,
    when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::Names,
    words,
};

pub(super) struct KeptFile {
    pub(super) hash: String,
    pub(super) name: String,
    pub(super) alt: String,
    pub(super) dropped: bool,
}

#[derive(Template)]
#[template(path = "write.html")]
pub(super) struct WritePage {
    pub(super) shell: Shell,
    pub(super) heading: &'static str,
    pub(super) explanation: Text,
    pub(super) action: String,
    /// Whether urgency and body are asked for: only of a new post.
    pub(super) is_new: bool,
    pub(super) may_submit: bool,
    pub(super) categories: Vec<(&'static str, &'static str, bool, bool)>,
    pub(super) bodies: Vec<(String, String)>,
    pub(super) fields: Fields,
    pub(super) wrong: Vec<Wrong>,
    pub(super) uploads: bool,
    pub(super) kept: Vec<KeptFile>,
    pub(super) stand_ins: Vec<(String, Text)>,
    pub(super) remarks: Vec<(Text, String)>,
}

impl WritePage {
    fn of(&self, field: &str) -> Vec<&Text> {
        self.wrong.iter().filter(|wrong| wrong.field == field).map(|wrong| &wrong.sentence).collect()
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.field == field)
    }
}

pub(super) fn categories(fields: &Fields) -> Vec<(&'static str, &'static str, bool, bool)> {
    Category::ALL
        .into_iter()
        .map(|category| {
            let chosen = fields.text("category") == category.name();
            (category.name(), category.label_ja(), category.is_event(), chosen)
        })
        .collect()
}

pub(super) fn kept_files(attachments: &[Attachment], fields: &Fields) -> Vec<KeptFile> {
    attachments
        .iter()
        .map(|attachment| {
            let hash = attachment.sha256.to_hex();
            KeptFile {
                alt: fields.some_owned(&format!("alt_{hash}")).unwrap_or_else(|| attachment.alt.clone()),
                dropped: fields.has("drop_attachment", &hash),
                name: attachment.name.clone(),
                hash,
            }
        })
        .collect()
}

async fn new_page(
    app: &App,
    desk: &Desk,
    fields: Fields,
    wrong: Vec<Wrong>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let bodies = app.centre.bodies().await?;
    let page = WritePage {
        shell: Shell::inside(app, desk, "投稿を作る", "/posts/new"),
        heading: "投稿を作る",
        explanation: Text::from(
            "センターの名前で投稿を作ります。ご自身が作った投稿は、ほかの方が承認します。",
        ),
        action: "/posts/new".to_owned(),
        is_new: true,
        may_submit: true,
        categories: categories(&fields),
        bodies: bodies
            .into_iter()
            .filter(|body| body.active)
            .map(|body| (body.id.to_string(), body.name))
            .collect(),
        fields,
        wrong,
        uploads: app.blob.is_some(),
        kept: Vec::new(),
        stand_ins: Vec::new(),
        remarks: Vec::new(),
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn new_form(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    new_page(&app, &desk, Fields::default(), Vec::new(), StatusCode::OK).await
}

/// The form of a new post, filled in with an old one: without its days, its files and its urgency.
pub(crate) async fn copy_form(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    if !desk.may(Permission::WritePost) {
        return Err(Problem::forbidden());
    }
    let post = visible(&app, &desk, id).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let zone = app.centre.policy().hours.time_zone();
    let (mut fields, mut hints) = copied(&revision.content, zone, when(&app).today());
    fields.set("body_id", post.body.map(|id| id.to_string()).unwrap_or_default());
    if !revision.content.attachments.is_empty() {
        let sentence = "添付は写していません。必要なら、もう一度選んでください。";
        hints.push(Wrong { field: Field::Attachment.name(), sentence: sentence.into() });
    }
    new_page(&app, &desk, fields, hints, StatusCode::OK).await
}

/// What core found wrong, at its fields. `None` for what no person can mend.
pub(super) fn wrongs(app: &Settings, content: &Content, error: &ServiceError) -> Option<Vec<Wrong>> {
    match error {
        ServiceError::Post(Refusal::Invalid(problems)) => Some(problems.iter().map(Wrong::from).collect()),
        ServiceError::Post(Refusal::PersonalInformation) => {
            let mut wrong = found(&app.centre.check_content(content).marks);
            wrong.insert(0, Wrong::whole(words::refusal(error)?));
            Some(wrong)
        }
        error => words::refusal(error).map(|sentence| vec![Wrong::whole(sentence)]),
    }
}

pub(crate) async fn create(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let zone = app.centre.policy().hours.time_zone();
    let (mut content, mut wrong) = content_of(&fields, &[], zone);
    if wrong.is_empty() {
        attach(&app, &fields, &mut content, &mut wrong).await?;
    }
    let body: Option<BodyId> =
        fields.some("body_id").map(str::parse).transpose().map_err(|_| Problem::unreadable())?;
    if !wrong.is_empty() {
        return new_page(&app, &desk, fields, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let urgency = if fields.text("urgency") == "emergency" { Urgency::Emergency } else { Urgency::Normal };
    let submits = fields.text("then") != "draft";
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| {
        let draft = Draft { content: content.clone(), urgency, audience: Audience::Members, body };
        async move {
            let post = if submits {
                work.draft_and_submit(by, draft).await?
            } else {
                work.draft_post(by, draft).await?
            };
            work.done(post.id)
        }
    });
    match outcome.await {
        Ok(id) => Ok(shell::go(&app, &format!("/posts/{id}"), if submits { "submit" } else { "draft" })),
        Err(error) => match wrongs(&app, &content, &error) {
            Some(wrong) => new_page(&app, &desk, fields, wrong, words::status(&error)).await,
            None => Err(error.into()),
        },
    }
}

async fn own_post(app: &App, desk: &Desk, id: PostId) -> Result<lupinus_core::post::Post, Problem> {
    let post = visible(app, desk, id).await?;
    let own = post.author == lupinus_core::actor::Who::Staff(desk.staff.id);
    if !own {
        return Err(Problem::forbidden());
    }
    if !matches!(post.state, PostState::Draft | PostState::Returned) {
        let refusal = ServiceError::Post(Refusal::NotNow { state: post.state.name() });
        return Err(refusal.into());
    }
    Ok(post)
}

async fn edit_page(
    app: &App,
    desk: &Desk,
    post: &lupinus_core::post::Post,
    fields: Fields,
    wrong: Vec<Wrong>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let kept = post.revision().map(|revision| revision.content.attachments.clone()).unwrap_or_default();
    let page = WritePage {
        shell: Shell::inside(app, desk, "投稿の編集", "/posts"),
        heading: "投稿の編集",
        explanation: Text::from("保存すると新しい版になります。これまでの承認は取り消されます。"),
        action: format!("/posts/{}/edit", post.id),
        is_new: false,
        may_submit: true,
        categories: categories(&fields),
        bodies: Vec::new(),
        kept: kept_files(&kept, &fields),
        fields,
        wrong,
        uploads: app.blob.is_some(),
        stand_ins: Vec::new(),
        remarks: post
            .remarks
            .iter()
            .rev()
            .take(3)
            .map(|remark| {
                let field = remark.field.map_or("全体", lupinus_core::post::Field::label_ja);
                (
                    say!("{field}({by} {at})", field, by = names.who(remark.by), at = when.at(remark.at)),
                    remark.text.clone(),
                )
            })
            .collect(),
    };
    shell::page(desk.language, status, &page)
}

pub(crate) async fn edit_form(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
) -> Result<Response, Problem> {
    let post = own_post(&app, &desk, id).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let fields = filled(&revision.content, app.centre.policy().hours.time_zone());
    edit_page(&app, &desk, &post, fields, Vec::new(), StatusCode::OK).await
}

pub(crate) async fn edit(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<PostId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let post = own_post(&app, &desk, id).await?;
    let Some(revision) = post.revision() else { return Err(Problem::broken(None)) };
    let zone = app.centre.policy().hours.time_zone();
    let (mut content, mut wrong) = content_of(&fields, &revision.content.attachments, zone);
    if wrong.is_empty() {
        attach(&app, &fields, &mut content, &mut wrong).await?;
    }
    if !wrong.is_empty() {
        return edit_page(&app, &desk, &post, fields, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let submits = fields.text("then") != "draft";
    let by = desk.me();
    let outcome = app.centre.transact(|mut work| {
        let content = content.clone();
        async move {
            if submits {
                work.edit_and_submit(by, id, content).await?;
            } else {
                work.edit_post(by, id, content).await?;
            }
            work.done(())
        }
    });
    match outcome.await {
        Ok(()) => Ok(shell::go(&app, &format!("/posts/{id}"), if submits { "submit" } else { "draft" })),
        Err(error) => match wrongs(&app, &content, &error) {
            Some(wrong) => edit_page(&app, &desk, &post, fields, wrong, words::status(&error)).await,
            None => Err(error.into()),
        },
    }
}
