use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{Class, Item, Retention};
use crate::{
    audit::Subject,
    canned::CannedAnswer,
    consultation::Consultation,
    faq::{Faq, State},
    incident::Incident,
    post::{Post, PostState},
};

/// A record in which nothing is to be done any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How long such records are kept.
    pub class: Class,
    /// When the last thing happened to it.
    pub at: Timestamp,
}

impl Closed {
    /// A post whose way is over; `None` while somebody is still asked for something.
    pub fn post(post: &Post) -> Option<Self> {
        let class = match post.state {
            PostState::Sent { .. } | PostState::Failed { .. } => Class::SentPosts,
            PostState::Rejected | PostState::Withdrawn => Class::UnsentPosts,
            _ => return None,
        };
        let asks = post.needs_review || !post.later_sight.is_empty();
        let ended = match post.state {
            PostState::Sent { at, .. } | PostState::Failed { at, .. } => at,
            _ => post.updated_at,
        };
        (!asks).then_some(Self { class, at: ended.max(post.updated_at) })
    }

    /// A consultation that is resolved.
    pub fn consultation(consultation: &Consultation) -> Option<Self> {
        let resolved = consultation.resolved_at.filter(|_| consultation.is_resolved())?;
        let said = consultation.last_answer_at.unwrap_or(resolved).max(consultation.last_member_at);
        Some(Self { class: Class::Consultations, at: resolved.max(said) })
    }

    /// An incident that is closed.
    pub fn incident(incident: &Incident) -> Option<Self> {
        let closed = Self { class: Class::Incidents, at: incident.updated_at };
        incident.is_closed().then_some(closed)
    }

    /// A canned answer that is offered no more; when the last thing happened to it says its trail.
    pub fn canned(answer: &CannedAnswer, last: Timestamp) -> Option<Self> {
        answer.retired.then_some(Self { class: Class::CannedAnswers, at: last })
    }

    /// An entry of the frequently asked questions that was withdrawn.
    pub fn faq(entry: &Faq) -> Option<Self> {
        match entry.state {
            State::Withdrawn { at, .. } => Some(Self { class: Class::CannedAnswers, at }),
            State::Draft | State::Published { .. } => None,
        }
    }
}

/// What keeps a record, whatever its years say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// An incident that is not closed began in it.
    pub has_incident: bool,
    /// Something of it waits to be sent, or for a person to look at it in the outbox.
    pub is_being_sent: bool,
    /// Another record of its matter is not closed, not due, or kept itself: a correction of a post, what a consultation was merged with.
    pub goes_on: bool,
    /// Up to and including this day somebody keeps it longer (延長).
    pub kept_until: Option<Date>,
}

impl Ties {
    /// What keeps it that day, if anything does.
    pub fn keep(&self, today: Date) -> Option<Kept> {
        [
            (self.has_incident, Kept::Incident),
            (self.is_being_sent, Kept::BeingSent),
            (self.goes_on, Kept::GoesOn),
            (self.kept_until.is_some_and(|until| until >= today), Kept::Extended),
        ]
        .into_iter()
        .find_map(|(keeps, kept)| keeps.then_some(kept))
    }

    /// `item` as it stands in a list of that day, or why it stays though its years are over.
    ///
    /// # Errors
    /// What keeps it.
    pub fn let_go(&self, item: Item, today: Date) -> Result<Item, Kept> {
        self.keep(today).map_or(Ok(item), Err)
    }
}

/// Why a record stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Something happened to it after it was listed.
    Touched,
    /// It is closed no more.
    Running,
    /// Its years are not over.
    Years,
    /// An incident that is not closed began in it.
    Incident,
    /// Something of it waits to be sent, or for a person.
    BeingSent,
    /// Another record goes on from it.
    GoesOn,
    /// Somebody keeps it longer.
    Extended,
}

impl Kept {
    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Touched => "提案のあとに動きがありました",
            Self::Running => "また対応中になりました",
            Self::Years => "保存年限がまだ過ぎていません",
            Self::Incident => "終了していない漏えい等の記録があります",
            Self::BeingSent => "送信待ちか、職員の判断待ちのものがあります",
            Self::GoesOn => "訂正や統合先など、続きの記録がまだ残ります",
            Self::Extended => "保存を延長しています",
        }
    }
}

/// The record as it stands in a list of what goes today by its years, or why it stays. [`Ties::let_go`] has the rest.
///
/// # Errors
/// [`Kept::Years`].
pub fn due(
    subject: Subject,
    closed: Closed,
    retention: &Retention,
    zone: &TimeZone,
    today: Date,
) -> Result<Item, Kept> {
    let closed_on = zone.to_datetime(closed.at).date();
    let due_on = retention.due_on(closed.class, closed_on).filter(|due_on| *due_on <= today);
    let due_on = due_on.ok_or(Kept::Years)?;
    Ok(Item { subject, class: closed.class, closed_on, due_on })
}
