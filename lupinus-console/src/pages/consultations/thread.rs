//! One consultation as it is read.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Actor, Permission as P},
    audit::Subject,
    consultation::{
        self, Command, Consultation, Context, Entry, MAX_ANSWER_CHARS, MAX_NOTE_CHARS, MAX_TAG_CHARS, Media,
        MediaState, Refusal, Topic, Voice,
    },
    faq::Words,
    ids::{BodyId, ConsultationId, EntryId},
    screening::{self, Action, Mark},
    service::ServiceError,
    store::Entity,
};

use super::{
    Asked, ConsultationRow, member_of,
    others::{Other, others},
    start_of, when,
};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::vetting::{Finding, Reasons, reasons},
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, Seg, TrailRow, When, kept, spent, trail},
    words,
};

/// How much of a question stands in a list to choose from, in `char`s.
const SHOWN_OF_QUESTION: usize = 40;

struct EntryView {
    id: String,
    from_member: bool,
    who: Text,
    at: Text,
    text: Option<Vec<Seg>>,
    media: Option<MediaView>,
    /// Whether something in it may be personal, and a person should look.
    doubtful: bool,
    masked: Vec<&'static str>,
}

/// A picture or file that a member sent, as this one may see it.
struct MediaView {
    kind: &'static str,
    is_picture: bool,
    /// Whether it can be opened by this one now.
    is_visible: bool,
    /// Whether it waits for somebody to look.
    waits: bool,
    /// Whether this one looks, and is to say what they saw.
    mine: bool,
    /// Who else looks, from whom this one may take it over.
    others: Option<String>,
    state: Text,
}

impl MediaView {
    fn new(media: &Media, desk: &Desk, names: &Names, when: &When<'_>) -> Self {
        let me = desk.staff.id;
        let state = match media.state {
            MediaState::Held { viewer: None, .. } => {
                Text::from("個人が写っていないことを一人が確認するまで、だれにも表示しません。")
            }
            MediaState::Held { viewer: Some(viewer), .. } if viewer == me => {
                Text::from("あなただけに表示しています。中を確かめて、どちらかを選んでください。")
            }
            MediaState::Held { viewer: Some(viewer), .. } => {
                say!("{viewer}さんが確認しています。", viewer = names.staff(viewer))
            }
            MediaState::Checked { by, at, .. } => {
                say!("個人が写っていないことを確認済み({by}・{at})", by = names.staff(by), at = when.at(at))
            }
            MediaState::Removed { by, at } => {
                say!("個人が分かるため消去しました({by}・{at})", by = names.staff(by), at = when.at(at))
            }
        };
        let is_picture = media.media_type.starts_with("image/");
        Self {
            kind: if is_picture { "写真" } else { "PDFファイル" },
            is_picture,
            is_visible: media.is_visible_to(me),
            waits: matches!(media.state, MediaState::Held { viewer: None, .. }),
            others: match media.state {
                MediaState::Held { viewer: Some(viewer), .. } if viewer != me => Some(viewer.to_string()),
                _ => None,
            },
            mine: matches!(media.state, MediaState::Held { viewer: Some(viewer), .. } if viewer == me),
            state,
        }
    }
}

struct NoteView {
    /// To whose desk the consultation was handed with it.
    handed_to: Option<Text>,
    by: Text,
    at: Text,
    text: Option<String>,
}

struct ActionView {
    name: &'static str,
    label: &'static str,
    allowed: bool,
    why_not: Text,
}

pub(super) struct Refused {
    pub(super) action: String,
    pub(super) sentence: Text,
    pub(super) kindly: Option<Text>,
    /// The text with what was found in it.
    pub(super) segs: Vec<Seg>,
    /// What may be let pass with a reason, and then be sent.
    pub(super) findings: Vec<Finding>,
    /// Whether something is to be confirmed.
    pub(super) must_confirm: bool,
    pub(super) fields: Fields,
}

/// An answer that is being written, as the form had it.
pub(super) struct Typed {
    pub(super) fields: Fields,
    /// What became of it.
    pub(super) notice: &'static str,
    /// Whether something was put in.
    pub(super) put_in: bool,
}

/// What a page shows beside the consultation itself.
pub(super) enum Shown {
    /// Nothing.
    Nothing,
    /// An answer that is being written.
    Typed(Typed),
    /// What was refused, and why.
    Refused(Refused),
}

#[derive(Template)]
#[template(path = "consultation.html")]
struct ThreadPage {
    shell: Shell,
    row: ConsultationRow,
    entries: Vec<EntryView>,
    notes: Vec<NoteView>,
    reachable: bool,
    /// The member's page, for those who look after members.
    member_page: Option<String>,
    first_answer: Option<Text>,
    resolution: Option<Text>,
    resolved_by_silence: bool,
    colleagues: Vec<(String, String)>,
    actions: Vec<ActionView>,
    refused: Option<Refused>,
    writing: Option<Typed>,
    /// The canned answers that can be put in: value and title.
    canned: Vec<(String, String)>,
    /// The frequently asked questions whose answers can be put in: value and question.
    faqs: Vec<(String, String)>,
    /// The entry that came from this consultation: id and state.
    offered: Option<(String, &'static str)>,
    /// Whether one can be made of it.
    may_offer: bool,
    /// The bodies that can be asked: id and name.
    bodies: Vec<(String, String)>,
    /// Name, label, whether it is this one's.
    topics: Vec<(&'static str, &'static str, bool)>,
    rated: Option<&'static str>,
    merged_into: Option<String>,
    /// The same member's other consultations.
    others: Vec<Other>,
    reasons: Reasons,
    may_report: bool,
    may_answer: bool,
    max_answer: usize,
    max_note: usize,
    max_tag: usize,
    trail: Vec<TrailRow>,
    reads_trail: bool,
    opening: Option<Text>,
}

impl ThreadPage {
    fn action(&self, name: &str) -> Option<&ActionView> {
        self.actions.iter().find(|action| action.name == name)
    }

    fn typed(&self, action: &str, field: &str) -> &str {
        let writing = self.writing.as_ref().filter(|_| action == "answer").map(|writing| &writing.fields);
        let refused = self.refused_at(action).map(|refused| &refused.fields);
        refused.or(writing).map_or("", |fields| fields.text(field))
    }

    fn refused_at(&self, action: &str) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.action == action)
    }
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, id, asked.done.as_deref(), StatusCode::OK, Shown::Nothing).await
}

/// What core would answer to each action now.
fn actions(app: &Settings, desk: &Desk, consultation: &Consultation) -> Vec<ActionView> {
    let me = desk.staff.id;
    let text = || "確認".to_owned();
    let all = [
        ("take", "担当する", Command::Take),
        ("assign", "担当を決める", Command::Assign { to: me }),
        ("answer", "回答を送る", Command::Answer { text: text() }),
        ("transfer", "引き継ぐ", Command::Transfer { to: me, summary: None }),
        (
            "refer",
            "団体に問い合わせる",
            Command::Refer { to: BodyId::from_uuid(consultation.id.uuid()), summary: text() },
        ),
        ("reopen", "再開する", Command::Reopen),
        ("note", "メモを残す", Command::Note { text: text() }),
        ("tag", "タグを付ける", Command::Tag { tag: text() }),
        ("resolve", "解決にする", Command::Resolve),
    ];
    let actor = Actor::staff(me, desk.staff.roles.clone());
    let policy = app.centre.policy();
    let cx = Context {
        actor: &actor,
        policy: &policy.consultations,
        hours: &policy.hours,
        entry: EntryId::from_uuid(consultation.id.uuid()),
        now: app.centre.now(),
    };
    all.into_iter()
        .map(|(name, label, command)| match consultation.decide(command, &cx) {
            Ok(_) => ActionView { name, label, allowed: true, why_not: Text::from("") },
            Err(refusal) => ActionView { name, label, allowed: false, why_not: why_not(name, &refusal) },
        })
        .collect()
}

fn why_not(action: &str, refusal: &Refusal) -> Text {
    match (action, refusal) {
        ("answer", Refusal::NotNow { state: lupinus_core::consultation::State::Open }) => {
            Text::from("先に「担当する」を押してください。")
        }
        _ => words::of_consultation(refusal),
    }
}

pub(super) async fn drawn(
    app: &App,
    desk: &Desk,
    id: ConsultationId,
    done: Option<&str>,
    status: StatusCode,
    shown: Shown,
) -> Result<Response, Problem> {
    let (refused, writing) = match shown {
        Shown::Nothing => (None, None),
        Shown::Typed(typed) => (None, Some(typed)),
        Shown::Refused(refused) => (Some(refused), None),
    };
    let may_answer = desk.may(P::AnswerConsultations);
    let consultation = app.centre.consultation(desk.me(), id).await?.value;
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let hours = &app.centre.policy().hours;
    let member = member_of(app, &consultation).await?;
    let row = ConsultationRow::new(app, &consultation, member.as_ref(), &names);
    let reads_trail = desk.may(P::ReadAudit);
    let offered = app.centre.faq_of(desk.me(), id).await?;
    let doubts = |entry: &Entry| -> Vec<Mark> {
        let Some(text) = entry.text.as_deref().filter(|_| entry.from == Voice::Member) else {
            return Vec::new();
        };
        let marks = app.centre.screen().check(text, screening::Context::Consultation).marks;
        marks.into_iter().filter(|mark| mark.action != Action::Allow).collect()
    };
    let entries =
        consultation.thread.iter().map(|entry| (entry, doubts(entry))).map(|(entry, doubts)| EntryView {
            id: entry.id.to_string(),
            media: entry.media.as_ref().map(|media| MediaView::new(media, desk, &names, &when)),
            doubtful: !doubts.is_empty(),
            from_member: entry.from == Voice::Member,
            who: match entry.from {
                Voice::Member => row.who.clone(),
                Voice::Staff(id) => names.staff(id),
            },
            at: when.at(entry.at),
            text: entry.text.as_deref().map(|text| kept(text, doubts.iter())),
            masked: entry.masked.iter().map(|kind| kind.label_ja()).collect(),
        });
    let page = ThreadPage {
        shell: Shell::inside(app, desk, say!("相談:{topic}", topic = row.topic), "/consultations")
            .having_done(done),
        entries: entries.collect(),
        notes: consultation
            .notes
            .iter()
            .map(|note| NoteView {
                handed_to: note.handed_to.map(|desk| match desk {
                    consultation::Desk::Staff(id) => say!("{id}さんへ引継ぎ", id = names.staff(id)),
                    consultation::Desk::Body(id) => say!("{id}へ問合せ", id = names.body(Some(id))),
                }),
                by: names.staff(note.by),
                at: when.at(note.at),
                text: note.text.clone(),
            })
            .collect(),
        member_page: desk.may(P::ManageMembers).then(|| consultation.member.to_string()),
        reachable: member
            .as_ref()
            .is_some_and(|member| member.state == lupinus_core::member::MemberState::Following),
        first_answer: consultation.time_to_first_answer(hours).map(spent),
        resolution: consultation.time_to_resolution(hours).map(spent),
        resolved_by_silence: matches!(
            consultation.state,
            lupinus_core::consultation::State::Resolved { by_silence: true, .. }
        ),
        colleagues: names
            .staff
            .iter()
            .filter(|staff| staff.active && staff.roles.permit(P::AnswerConsultations))
            .map(|staff| (staff.id.to_string(), staff.name.clone()))
            .collect(),
        actions: actions(app, desk, &consultation),
        refused,
        writing,
        bodies: names.bodies().map(|(id, name)| (id.to_string(), name.to_owned())).collect(),
        topics: Topic::ALL
            .map(|topic| (topic.name(), topic.label_ja(), consultation.topic == Some(topic)))
            .to_vec(),
        rated: consultation.rated.map(|rated| rated.rating.label_ja()),
        merged_into: consultation.merged_into.map(|earlier| earlier.to_string()),
        others: others(app, desk, &consultation).await?,
        canned: if may_answer { canned(app, desk).await? } else { Vec::new() },
        faqs: if may_answer { faqs(app, consultation.topic).await? } else { Vec::new() },
        may_offer: may_answer && offered.is_none() && Words::suggested_by(&consultation).is_some(),
        offered: offered.map(|entry| (entry.value.id.to_string(), entry.value.state.label_ja())),
        reasons: reasons(),
        may_report: desk.may(P::HandleIncidents),
        may_answer,
        max_answer: MAX_ANSWER_CHARS,
        max_note: MAX_NOTE_CHARS,
        max_tag: MAX_TAG_CHARS,
        trail: if reads_trail {
            trail(&app.centre, &Subject::new(&Consultation::KIND, id), &names, &when).await?
        } else {
            Vec::new()
        },
        reads_trail,
        opening: hours.next_opening(when.now).filter(|at| *at > when.now).map(|at| when.at(at)),
        row,
    };
    shell::page(desk.language, status, &page)
}

/// The canned answers that can be put in, by their titles.
async fn canned(app: &Settings, desk: &Desk) -> Result<Vec<(String, String)>, ServiceError> {
    let answers = app.centre.canned_answers(desk.me(), false).await?;
    let named = answers.iter().filter_map(|answer| {
        Some((format!("answers/{}", answer.value.id), answer.value.wording()?.title.clone()))
    });
    Ok(named.collect())
}

/// How many frequently asked questions are offered to be put in; all of them stand on a page of their own.
const MOST_FAQS: usize = 50;

/// What members read of frequently asked questions, of the consultation's topic where it has one, the latest first.
async fn faqs(app: &Settings, topic: Option<Topic>) -> Result<Vec<(String, String)>, ServiceError> {
    let entries = app.centre.published_faqs(topic, MOST_FAQS).await?;
    let named = entries.iter().filter_map(|entry| {
        let question = &entry.published()?.question;
        Some((format!("faq/{}", entry.id), start_of(question, SHOWN_OF_QUESTION)))
    });
    Ok(named.collect())
}
