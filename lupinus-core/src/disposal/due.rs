use jiff::{Timestamp, civil::Date, tz::TimeZone};

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
    /// Another record that goes on from it is not closed, or not due itself: a correction of a post, what a consultation was merged into.
    pub goes_on: bool,
    /// Until this day somebody keeps it longer (延長).
    pub kept_until: Option<Date>,
}

/// The record as it stands in a list of what goes today; `None` when it stays.
pub fn due(
    subject: Subject,
    closed: Closed,
    ties: Ties,
    retention: &Retention,
    zone: &TimeZone,
    today: Date,
) -> Option<Item> {
    let closed_on = zone.to_datetime(closed.at).date();
    let due_on = retention.due_on(closed.class, closed_on)?;
    let is_kept = ties.kept_until.is_some_and(|until| until > today);
    let stays = ties.has_incident || ties.is_being_sent || ties.goes_on || is_kept;
    (due_on <= today && !stays).then_some(Item { subject, class: closed.class, closed_on, due_on })
}
