//! Consultations (相談): a member asks in chat, the centre answers from its desk.
//!
//! [`Consultation::decide`] is the whole workflow, a pure function; [`Consultation::open`] begins one. A member has one
//! unresolved consultation at most: what they say next joins it. Texts are screened and masked before they come here.

mod afterwards;
mod decide;
mod entity;
mod handing;
mod media;
mod policy;
mod query;
mod reception;
mod refusal;
mod thanks;
mod topic;

pub use self::{
    afterwards::{Merged, Rated, Rating},
    decide::{Command, Context, Decision},
    entity::{
        Consultation, Desk, Entry, MAX_ANSWER_CHARS, MAX_ENTRIES, MAX_MESSAGE_CHARS, MAX_NOTE_CHARS,
        MAX_NOTES, MAX_TAG_CHARS, MAX_TAGS, MAX_THREAD_BYTES, Note, Said, State, Voice,
    },
    media::{Media, MediaState, Verdict},
    policy::ConsultationPolicy,
    query::ConsultationQuery,
    reception::Reception,
    refusal::Refusal,
    topic::Topic,
};
