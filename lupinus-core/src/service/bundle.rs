//! What is held about one member, for somebody of the staff who has a reason to look.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{By, Centre, HeldAboutMember, ServiceError, Work, members};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, AuditEntry},
    ids::MemberId,
    member::Member,
    post::Post,
    store::{Entity, Kind, MAX_PAGE, Record, RecordKey, Scan, StoreExt},
};

/// Most posts of one member that a bundle holds.
const MAX_POSTS: usize = 20_000;

/// Why somebody looks. A closed list: the trail holds no person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookReason {
    /// The member asked to see what is held (開示請求).
    Disclosure,
    /// The member asked for something to be put right.
    Correction,
    /// The member asked to be erased.
    Erasure,
    /// The member has a question about their registration.
    Question,
    /// An incident is being looked into.
    Incident,
    /// An audit, or an order of the law.
    Audit,
}

impl LookReason {
    /// Every reason, for forms.
    pub const ALL: [Self; 6] =
        [Self::Disclosure, Self::Correction, Self::Erasure, Self::Question, Self::Incident, Self::Audit];

    /// Its name in forms and in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disclosure => "disclosure",
            Self::Correction => "correction",
            Self::Erasure => "erasure",
            Self::Question => "question",
            Self::Incident => "incident",
            Self::Audit => "audit",
        }
    }

    /// The reason of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Disclosure => "本人からの開示の求め",
            Self::Correction => "本人からの訂正の求め",
            Self::Erasure => "本人からの消去の求め",
            Self::Question => "登録についての本人からの問合せ",
            Self::Incident => "漏えい等の調査",
            Self::Audit => "監査・法令に基づく確認",
        }
    }
}

/// What becomes of a bundle that somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is shown once.
    Shown,
    /// It is taken away as a file.
    Exported,
}

/// Everything that is held about one member (R12).
#[derive(Clone, Debug)]
pub struct MemberBundle {
    /// What the member sees of it too.
    pub held: HeldAboutMember,
    /// The posts that they wrote, the latest first.
    pub posts: Vec<Post>,
    /// What the trail says of them, oldest first, this look included not yet.
    pub acts: Vec<AuditEntry>,
    /// Whatever else is kept under their id, such as their place in the dialogue.
    pub others: Vec<Record>,
}

impl Work {
    /// Opens what is held about a member, for a reason that the trail keeps.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageMembers`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn open_bundle(
        &mut self,
        by: By,
        id: MemberId,
        reason: LookReason,
        look: Look,
    ) -> Result<MemberBundle, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.keeper_of_members(by).await?;
        let bundle = centre.bundle(id).await?;
        let action = match look {
            Look::Shown => "member.looked_at",
            Look::Exported => "member.exported",
        };
        let act = Act::new(action).detail(json!({ "reason": reason }));
        self.audit(members::subject(id), &actor, act).await?;
        Ok(bundle)
    }
}

impl Centre {
    async fn bundle(&self, id: MemberId) -> Result<MemberBundle, ServiceError> {
        let held = self.held_about(id).await?;
        let scan = Scan::index(Post::KIND, "author").prefix(format!("member/{id} ")).backwards();
        let posts = self.store.all::<Post>(scan, MAX_POSTS).await?;
        Ok(MemberBundle {
            held,
            posts: posts.into_iter().map(|stored| stored.value).collect(),
            acts: self.audit_of(&members::subject(id)).await?,
            others: self.kept_under(id).await?,
        })
    }

    /// The records of whatever kind that have the member's id for a key, but for the member's own.
    async fn kept_under(&self, id: MemberId) -> Result<Vec<Record>, ServiceError> {
        let kinds = self.store.kinds().await?.into_iter().filter(|kind: &Kind| *kind != Member::KIND);
        let keys: Vec<RecordKey> = kinds.map(|kind| RecordKey::new(kind, id.to_string())).collect();
        Ok(self.store.get_many(&keys).await?.into_iter().flatten().collect())
    }

    /// The members whose number begins with what was typed, [`MemberId::MIN_NUMBER_DIGITS`] of its digits at least: two at most,
    /// since two are as good as none to somebody who looks for one.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageMembers`]; [`ServiceError::Store`].
    pub async fn members_by_number(&self, by: By, typed: &str) -> Result<Vec<MemberId>, ServiceError> {
        self.keeper_of_members(by).await?;
        let Some(prefix) = MemberId::key_prefix(typed) else { return Ok(Vec::new()) };
        let scan = Scan::keys(Member::KIND).prefix(prefix).limit(2.min(MAX_PAGE));
        let found = self.store.page::<Member>(&scan).await?;
        Ok(found.items.into_iter().map(|member| member.value.id).collect())
    }

    /// Who asks, if they themselves look after members. As with accounts, nobody does that in another's stead.
    pub(super) async fn keeper_of_members(&self, by: By) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        let keeps = actor.on_behalf_of.is_none() && actor.roles.permit(Permission::ManageMembers);
        if keeps { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }
}
