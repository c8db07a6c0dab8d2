use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    hash::Sha256Hash,
    ids::{ConsultationId, PostId},
    post::Field,
    screening::PiiKind,
};

/// Something to say to people. The channel's side turns it into words and boxes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "say")]
pub enum Message {
    /// A post, exactly as it was approved.
    Post {
        /// Which.
        post: PostId,
        /// The approved revision.
        revision: u32,
        /// The approved content.
        hash: Sha256Hash,
        /// Whether it corrects an earlier one (訂正).
        correction: bool,
    },
    /// To a submitter: the centre took the post in.
    PostTaken {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
    },
    /// To a submitter: 差戻し, with what to mend.
    PostReturned {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// What to mend.
        comment: String,
        /// At which field.
        field: Option<Field>,
    },
    /// To a submitter: 却下.
    PostRejected {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// Why.
        reason: String,
    },
    /// To a submitter: 承認.
    PostApproved {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
    },
    /// To a submitter: 予約.
    PostScheduled {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// When it goes out.
        at: Timestamp,
    },
    /// To a submitter: the centre withdrew it (取下げ).
    PostWithdrawn {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// Why.
        reason: String,
    },
    /// To a submitter: 配信済.
    PostSent {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// How many people it went to.
        recipients: u32,
    },
    /// To a submitter: it did not go out, or not to everybody, after they had been told that it would.
    PostNotSent {
        /// Which.
        post: PostId,
        /// Its title.
        title: String,
        /// Why.
        why: NotSent,
    },
    /// To a member: their question arrived.
    ConsultationReceived {
        /// Which.
        consultation: ConsultationId,
        /// Whether the centre is closed now, and if so when it opens.
        closed_until: Option<Timestamp>,
        /// Whether it joined a consultation that was open already.
        joined: bool,
    },
    /// To a member: a picture or file of theirs showed somebody, and was not kept.
    ConsultationMediaRemoved {
        /// Which.
        consultation: ConsultationId,
    },
    /// To a member: something personal was in the message; it was masked.
    ConsultationMasked {
        /// Which.
        consultation: ConsultationId,
        /// What sort of thing it was.
        kinds: Vec<PiiKind>,
    },
    /// To a member: the centre's answer.
    ConsultationAnswer {
        /// Which.
        consultation: ConsultationId,
        /// The answer.
        text: String,
    },
    /// To a member: 完了.
    ConsultationResolved {
        /// Which.
        consultation: ConsultationId,
        /// Whether by silence, and not by a person.
        by_silence: bool,
    },
    /// To a member: a professional body was asked about their question, without their name.
    ConsultationReferredOn {
        /// Which.
        consultation: ConsultationId,
    },
    /// To a submitter of a body: the centre asks the body about somebody's question.
    ConsultationReferral {
        /// What the centre asks; it names nobody.
        summary: String,
    },
    /// To one of the staff: a post waits for them too long (督促). It says nothing of the post but its number.
    StepReminder {
        /// Which.
        post: PostId,
    },
    /// To one of the staff: this LINE account is linked to theirs no more.
    StaffUnlinked,
    /// Something the channel's side prepared itself, such as a step of a dialogue, in the channel's own form: one object.
    Native {
        /// The object.
        object: Value,
    },
}

/// Why a post did not go out as its submitter had been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// The centre took it off the schedule.
    Unscheduled,
    /// Its time was over before it could be sent.
    Expired,
    /// It does not match what was approved.
    Altered,
    /// Some of it could not be delivered; the centre knows.
    Incomplete,
    /// It could be delivered to nobody; the centre knows.
    Failed,
    /// Nobody is in its audience.
    Nobody,
    /// The centre called the sending off while it went.
    Cancelled,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Post { .. } => "Post(…)",
            Self::PostTaken { .. } => "PostTaken(…)",
            Self::PostReturned { .. } => "PostReturned(…)",
            Self::PostRejected { .. } => "PostRejected(…)",
            Self::PostApproved { .. } => "PostApproved(…)",
            Self::PostScheduled { .. } => "PostScheduled(…)",
            Self::PostWithdrawn { .. } => "PostWithdrawn(…)",
            Self::PostSent { .. } => "PostSent(…)",
            Self::PostNotSent { .. } => "PostNotSent(…)",
            Self::ConsultationReceived { .. } => "ConsultationReceived(…)",
            Self::ConsultationMasked { .. } => "ConsultationMasked(…)",
            Self::ConsultationMediaRemoved { .. } => "ConsultationMediaRemoved(…)",
            Self::ConsultationAnswer { .. } => "ConsultationAnswer(…)",
            Self::ConsultationResolved { .. } => "ConsultationResolved(…)",
            Self::ConsultationReferredOn { .. } => "ConsultationReferredOn(…)",
            Self::ConsultationReferral { .. } => "ConsultationReferral(…)",
            Self::StepReminder { .. } => "StepReminder(…)",
            Self::StaffUnlinked => "StaffUnlinked",
            Self::Native { .. } => "Native(…)",
        })
    }
}
