use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Content, Field, PostAllowance, Route, Routes};
use crate::{
    actor::Who,
    audience::Audience,
    hash::Sha256Hash,
    ids::{BodyId, DeliveryId, PostId, StaffId},
    queue::Reminded,
    screening::{Action, Mark},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Most revisions of one post.
pub const MAX_REVISIONS: usize = 100;

/// Whether a post can wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It can.
    #[default]
    Normal,
    /// It cannot (緊急配信): one approval, no quiet hours, a second signature afterwards.
    Emergency,
}

/// Who wrote a post: a member for their body, or one of the staff for the centre.
pub type Author = Who;

/// Something that screening found in a field of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMark {
    /// In which field.
    pub field: Field,
    /// Which of the field's texts, from 0: a post may have several attachments.
    #[serde(default)]
    pub nth: usize,
    /// Where, what kind, and what the policy makes of it.
    pub mark: Mark,
}

/// One version of a post's content. Never changed once it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its number, from 1.
    pub number: u32,
    /// What members would see.
    pub content: Content,
    /// The SHA-256 of the content.
    pub hash: Sha256Hash,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: Who,
    /// What screening found in it.
    #[serde(default)]
    pub marks: Vec<FieldMark>,
}

impl Revision {
    /// Whether something in it blocks its being handed in.
    pub fn is_blocked(&self) -> bool {
        self.marks.iter().any(|found| found.mark.action == Action::Block)
    }
}

/// A yes to one revision at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The step, from 0.
    pub step: usize,
    /// Who said yes.
    pub by: StaffId,
    /// In whose stead (代決).
    pub on_behalf_of: Option<StaffId>,
    /// To which revision.
    pub revision: u32,
    /// To which content.
    pub hash: Sha256Hash,
    /// When.
    pub at: Timestamp,
}

/// What a remark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// 差戻し
    Returned,
    /// 却下
    Rejected,
    /// 取下げ
    Withdrawn,
    /// The time to send came after its expiry.
    Expired,
    /// When the time to send came, the content was not the approved one any more.
    Altered,
    /// 配信中止
    Cancelled,
}

/// Words that belong to a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Of which decision.
    pub kind: RemarkKind,
    /// The words.
    pub text: String,
    /// At which field.
    pub field: Option<Field>,
    /// About which revision.
    pub revision: u32,
    /// Whose.
    pub by: Who,
    /// When.
    pub at: Timestamp,
}

/// Where a post is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum PostState {
    /// 下書き
    Draft,
    /// 提出済み
    Submitted,
    /// 確認中
    InReview {
        /// The step it waits at, from 0.
        step: usize,
        /// Who took it in.
        reviewer: StaffId,
    },
    /// 差戻し
    Returned,
    /// 却下
    Rejected,
    /// 取下げ
    Withdrawn,
    /// 承認済み
    Approved,
    /// 配信予約
    Scheduled {
        /// When it goes out.
        at: Timestamp,
        /// To whom.
        audience: Audience,
        /// Whether it was confirmed in trial: it goes out at no other stage.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        trial: bool,
    },
    /// 配信中
    Sending {
        /// The delivery.
        delivery: DeliveryId,
    },
    /// 配信済み
    Sent {
        /// The delivery.
        delivery: DeliveryId,
        /// When it was through.
        at: Timestamp,
    },
    /// 配信失敗, wholly or for some
    Failed {
        /// The delivery, which says what was and was not delivered.
        delivery: DeliveryId,
        /// When.
        at: Timestamp,
    },
}

impl PostState {
    /// Its name in indexes and refusals.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::InReview { .. } => "in_review",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Approved => "approved",
            Self::Scheduled { .. } => "scheduled",
            Self::Sending { .. } => "sending",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
        }
    }

    /// The delivery that it speaks of, where it speaks of one.
    pub const fn delivery(&self) -> Option<DeliveryId> {
        match self {
            Self::Sending { delivery } | Self::Sent { delivery, .. } | Self::Failed { delivery, .. } => {
                Some(*delivery)
            }
            _ => None,
        }
    }

    /// Every name, in the order of the workflow.
    pub const NAMES: [&'static str; 11] = [
        "draft",
        "submitted",
        "in_review",
        "returned",
        "rejected",
        "withdrawn",
        "approved",
        "scheduled",
        "sending",
        "sent",
        "failed",
    ];

    /// The word that people read.
    pub const fn label_ja(&self) -> &'static str {
        match self {
            Self::Draft => "下書き",
            Self::Submitted => "提出済み",
            Self::InReview { .. } => "確認中",
            Self::Returned => "差戻し",
            Self::Rejected => "却下",
            Self::Withdrawn => "取下げ",
            Self::Approved => "承認済み",
            Self::Scheduled { .. } => "配信予約",
            Self::Sending { .. } => "配信中",
            Self::Sent { .. } => "配信済み",
            Self::Failed { .. } => "配信失敗",
        }
    }

    /// Whether the workflow is over for it, corrections aside.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn | Self::Sent { .. } | Self::Failed { .. })
    }
}

/// A post with all its revisions and decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Ours.
    pub id: PostId,
    /// Whose it is; `None` for the centre's own.
    pub body: Option<BodyId>,
    /// Who wrote it.
    pub author: Author,
    /// Where it is.
    pub state: PostState,
    /// Whether it can wait.
    #[serde(default)]
    pub urgency: Urgency,
    /// Its revisions, oldest first; at least one.
    pub revisions: Vec<Revision>,
    /// The route that it walks: the one in force when it was taken in, whatever the city has decided since. `None` before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// The approvals of the present revision. A return empties them, and what is not returned cannot be edited.
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// Words of decisions, oldest first.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// What screening found in it and one of the staff let pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<PostAllowance>,
    /// To whom its author would send it.
    #[serde(default)]
    pub audience: Audience,
    /// The post that it corrects (訂正).
    #[serde(default)]
    pub corrects: Option<PostId>,
    /// The deliveries whose recipients a correction must reach.
    #[serde(default)]
    pub corrects_deliveries: Vec<DeliveryId>,
    /// The deliveries before the present one: each reached a part, and the next went to the others.
    #[serde(default)]
    pub earlier_deliveries: Vec<DeliveryId>,
    /// The delivery that somebody called off (配信中止): nothing more of it goes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<DeliveryId>,
    /// Whether it went out on one approval and waits for a second signature.
    #[serde(default)]
    pub needs_review: bool,
    /// Who signed afterwards.
    #[serde(default)]
    pub signed: Option<(StaffId, Timestamp)>,
    /// Those for whom a deputy decided, and who have not looked at it yet (後閲).
    #[serde(default)]
    pub later_sight: Vec<StaffId>,
    /// That those of whom it is asked were reminded (督促).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Reminded>,
    /// Since when those are asked whose turn it is: when it came to its present state, or step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_since: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was handed in last.
    #[serde(default)]
    pub submitted_at: Option<Timestamp>,
    /// When it changed last.
    pub updated_at: Timestamp,
}

impl Post {
    /// A new draft.
    pub fn new(
        id: PostId,
        author: Author,
        body: Option<BodyId>,
        urgency: Urgency,
        content: Content,
        marks: Vec<FieldMark>,
        now: Timestamp,
    ) -> Self {
        let hash = content.hash();
        let first = Revision { number: 1, content, hash, at: now, by: author, marks };
        Self {
            id,
            body,
            author,
            state: PostState::Draft,
            urgency,
            revisions: vec![first],
            route: None,
            approvals: Vec::new(),
            remarks: Vec::new(),
            allowed: Vec::new(),
            audience: Audience::default(),
            corrects: None,
            corrects_deliveries: Vec::new(),
            earlier_deliveries: Vec::new(),
            cancelled: None,
            needs_review: false,
            signed: None,
            later_sight: Vec::new(),
            reminded: None,
            turn_since: None,
            created_at: now,
            submitted_at: None,
            updated_at: now,
        }
    }

    /// The present revision. `None` only for a record that no version of ours wrote.
    pub fn revision(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// The revision with this number.
    pub fn revision_number(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.number == number)
    }

    /// The route that it walks; as long as nobody has taken it in, the one that it would walk by these.
    pub fn walks<'a>(&'a self, in_force: &'a Routes) -> &'a Route {
        self.route.as_ref().unwrap_or_else(|| in_force.for_urgency(self.urgency))
    }

    /// The title of the present revision.
    pub fn title(&self) -> &str {
        self.revision().map_or("", |revision| revision.content.title.as_str())
    }

    /// The word that people read for where it is: a sending that was called off is no failure.
    pub fn state_label_ja(&self) -> &'static str {
        if self.was_called_off() { "配信中止" } else { self.state.label_ja() }
    }

    /// Whether its last sending ended because somebody called it off.
    pub fn was_called_off(&self) -> bool {
        matches!(self.state, PostState::Failed { delivery, .. } if self.cancelled == Some(delivery))
    }

    /// The revision that was approved, if the approvals of the last step name it. What may be sent, and nothing else.
    pub fn approved_revision(&self) -> Option<&Revision> {
        use PostState as S;
        let approved = matches!(
            self.state,
            S::Approved | S::Scheduled { .. } | S::Sending { .. } | S::Sent { .. } | S::Failed { .. }
        );
        let present = self.revision().filter(|_| approved)?;
        let last_step = self.approvals.iter().map(|approval| approval.step).max()?;
        let named = |approval: &Approval| {
            approval.step == last_step && approval.revision == present.number && approval.hash == present.hash
        };
        (self.approvals.iter().any(named) && present.content.hash() == present.hash).then_some(present)
    }
}

impl Entity for Post {
    const KIND: Kind = Kind::new("post");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Publication;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let stamp = |at: Timestamp| format!("{:015}", at.as_millisecond());
        let mut indexes = vec![
            IndexEntry::new("state", format!("{} {}", self.state.name(), stamp(self.updated_at))),
            IndexEntry::new("author", format!("{} {}", author_value(self.author), stamp(self.updated_at))),
        ];
        if let Some(body) = self.body {
            indexes.push(IndexEntry::new("body", format!("{body} {}", stamp(self.updated_at))));
        }
        if let PostState::Scheduled { at, .. } = &self.state {
            indexes.push(IndexEntry::new("due", stamp(*at)));
        }
        if self.needs_review || !self.later_sight.is_empty() {
            indexes.push(IndexEntry::new("attention", stamp(self.updated_at)));
        }
        if let Some(original) = self.corrects {
            indexes.push(IndexEntry::new("corrects", original.to_string()));
        }
        indexes
    }
}

/// The value of an author in the `author` index.
pub(crate) fn author_value(author: Author) -> String {
    match author {
        Who::Member(id) => format!("member/{id}"),
        Who::Staff(id) => format!("staff/{id}"),
        Who::System => "system".to_owned(),
    }
}
