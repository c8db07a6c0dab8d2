//! Posts (投稿): what a professional body hands in and members receive.
//!
//! [`Post::decide`] is the whole workflow, a pure function. What was approved is what is sent: an approval names a revision and
//! the SHA-256 of its content, and every edit makes a new revision that nobody has approved yet.

mod allowing;
mod beside;
mod category;
mod content;
mod decide;
mod entity;
mod look;
mod query;
mod refusal;
mod route;
mod testing;
mod walking;

pub(crate) use self::entity::author_value;

pub use self::{
    allowing::{FindingAt, PostAllowance},
    beside::{Clash, Fingerprint, SIMILAR_PERCENT, clash},
    category::Category,
    content::{
        Attachment, Content, ContentProblem, EventDetails, Field, InvalidContent, MAX_ATTACHMENTS,
        MAX_BODY_CHARS, MAX_LINE_CHARS, MAX_TITLE_CHARS, Venue,
    },
    decide::{Command, Context, Decision},
    entity::{
        Approval, Author, FieldMark, MAX_REVISIONS, Post, PostState, Remark, RemarkKind, Revision, Urgency,
    },
    look::Look,
    query::{PostQuery, Whose},
    refusal::Refusal,
    route::{Approvers, MAX_STEP_NAME_CHARS, MAX_STEPS, PostPolicy, Route, RouteId, RouteStep, Routes},
    walking::{Lack, Obstacle},
};
